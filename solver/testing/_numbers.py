"""Families of `solver.testing.families` that are odd in their numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from solver.forms.normal import Floats

Shape = tuple[int, ...]

#: Difference of payoffs that is small, and exact in binary.
HAIR = 2.0**-20


def whole(shape: Shape, low: int = 0, high: int = 3) -> st.SearchStrategy[Floats]:
    """Draw each cell by itself: hypothesis would fill most with one value, and nearly all tie."""
    return arrays(np.float64, shape, elements=st.integers(low, high), fill=st.nothing())


def ties(shape: Shape) -> st.SearchStrategy[Floats]:
    """Whole payoffs 0 to 3."""
    return whole(shape)


def generic(shape: Shape) -> st.SearchStrategy[Floats]:
    """No ties."""
    noise = st.integers(0, 9999).map(lambda seed: np.random.default_rng(seed).random(shape))
    return st.tuples(whole(shape, -9, 9), noise).map(lambda p: p[0] + p[1])


def close(shape: Shape) -> st.SearchStrategy[Floats]:
    """`ties` and multiples of a hair."""
    return st.tuples(ties(shape), ties(shape)).map(lambda p: p[0] + p[1] * HAIR)


def huge(shape: Shape) -> st.SearchStrategy[Floats]:
    """`ties` in large units."""
    return st.tuples(ties(shape), st.sampled_from([1e9, 1e12])).map(lambda p: p[0] * p[1])


def tiny(shape: Shape) -> st.SearchStrategy[Floats]:
    """`ties` in small units."""
    return ties(shape).map(lambda payoffs: payoffs * 1e-9)


def shifted(shape: Shape) -> st.SearchStrategy[Floats]:
    """`ties` far from zero."""
    return ties(shape).map(lambda payoffs: payoffs + 1e12)


@st.composite
def affine(draw: st.DrawFn, shape: Shape) -> Floats:
    """The same `ties` in units of each player and game."""
    players, batch, core = parts(shape)
    payoffs = draw(ties((players, *[1] * len(batch), *core)))
    each = (players, *batch, *[1] * len(core))
    scale = draw(arrays(np.float64, each, elements=st.sampled_from([1.0, 2.0**30, 0.3, 1e9, 1e-9])))
    shift = draw(arrays(np.float64, each, elements=st.sampled_from([0.0, 1.0, -0.1, 100.0])))
    # The shift is in units of the scale: a hundred ranges away nothing but the last bits is lost.
    images: Floats = scale * (payoffs + shift)
    return images


@st.composite
def forbidden(draw: st.DrawFn, shape: Shape) -> Floats:
    """`ties` with a few cells that nobody wants."""
    payoffs = draw(ties(shape))
    penalty = draw(st.sampled_from([1e3, 1e6]))
    return np.where(draw(sparse(shape)) == 1.0, -penalty, payoffs)


def sparse(shape: Shape) -> st.SearchStrategy[Floats]:
    """Mostly zeros."""
    return arrays(np.float64, shape, elements=st.sampled_from([0, 0, 0, 0, 1, -1]))


@st.composite
def constant(draw: st.DrawFn, shape: Shape) -> Floats:
    """The same everywhere."""
    players, batch, core = parts(shape)
    level = draw(whole((players, *batch, *[1] * len(core))))
    return np.broadcast_to(level, shape).copy()


def parts(shape: Shape) -> tuple[int, Shape, Shape]:
    """Split (N, *B, m_1, ..., m_N) into N, B and m."""
    return shape[0], shape[1 : -shape[0]], shape[-shape[0] :]
