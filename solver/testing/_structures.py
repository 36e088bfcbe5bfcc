"""Families of `solver.testing.families` that are odd in how payoffs hang together."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from solver.forms.normal import Floats
from solver.testing._numbers import HAIR, Shape, parts, ties, whole


@st.composite
def duplicates(draw: st.DrawFn, shape: Shape) -> Floats:
    """An action listed twice."""
    payoffs = draw(ties(shape))
    _, axis, one, other = _two_actions(draw, shape)
    source = np.arange(shape[axis])
    source[other] = one
    return payoffs.take(source, axis)


@st.composite
def irrelevant(draw: st.DrawFn, shape: Shape) -> Floats:
    """A player who cannot influence its own payoff."""
    payoffs = draw(ties(shape))
    player, axis, _, _ = _two_actions(draw, shape)
    payoffs[player] = payoffs[player].take([0], axis)
    return payoffs


@st.composite
def dominated(draw: st.DrawFn, shape: Shape) -> Floats:
    """An action worse than another by 0 or 1."""
    return _worsened(draw, shape, [0.0, 1.0])


@st.composite
def nearly_dominated(draw: st.DrawFn, shape: Shape) -> Floats:
    """An action that differs from another by a hair, to the player who takes it."""
    return _worsened(draw, shape, [0.0, HAIR, -HAIR])


def constant_sum(shape: Shape) -> st.SearchStrategy[Floats]:
    """Payoffs of all players add up to 3."""

    def last_takes_the_rest(payoffs: Floats) -> Floats:
        payoffs[-1] = 3.0 - payoffs[:-1].sum(axis=0)
        return payoffs

    return ties(shape).map(last_takes_the_rest)


def symmetric(shape: Shape) -> st.SearchStrategy[Floats]:
    """Payoffs do not depend on the names of the players."""
    players, _, core = parts(shape)
    cells = np.indices(core)

    def from_the_first(payoffs: Floats) -> Floats:
        """Payoffs depend on one's own action, and on which others there are in any order."""
        seen = [[cells[i], *np.sort(np.delete(cells, i, 0), axis=0)] for i in range(players)]
        return np.stack([payoffs[0][..., *own] for own in seen])

    return ties(shape).map(from_the_first)


def common_interest(shape: Shape) -> st.SearchStrategy[Floats]:
    """The same payoffs for all."""
    return ties(shape).map(lambda payoffs: payoffs[:1].repeat(shape[0], axis=0))


@st.composite
def coordination(draw: st.DrawFn, shape: Shape) -> Floats:
    """Gains where the labels of all actions match."""
    players, batch, core = parts(shape)
    names = [np.array(draw(st.permutations(range(m)))) for m in core]
    labels = np.stack(np.meshgrid(*names, indexing="ij"))
    gains = draw(whole((players, *batch, max(core)), 1, 3))
    return np.where((labels == labels[0]).all(axis=0), gains[..., labels[0]], 0.0)


@st.composite
def cyclic(draw: st.DrawFn, shape: Shape) -> Floats:
    """Payoffs depend on the sum of the actions modulo their number."""
    players, batch, core = parts(shape)
    wheel = draw(whole((players, *batch, max(core))))
    payoffs: Floats = wheel[..., np.indices(core).sum(axis=0) % max(core)]
    return payoffs


def _worsened(draw: st.DrawFn, shape: Shape, losses: list[float]) -> Floats:
    """Payoffs in which one action is another one less some loss, to the player who takes it."""
    payoffs = draw(ties(shape))
    player, axis, one, other = _two_actions(draw, shape)
    if one != other:
        own = np.moveaxis(payoffs[player], axis, 0)
        loss = arrays(np.float64, own[one].shape, elements=st.sampled_from(losses))
        own[other] = own[one] - draw(loss)
    return payoffs


def _two_actions(draw: st.DrawFn, shape: Shape) -> tuple[int, int, int, int]:
    """A player, its axis from the end, and two actions: the same one if nobody has two."""
    players, _, core = parts(shape)
    able = [i for i in range(players) if core[i] > 1]
    player = draw(st.sampled_from(able)) if able else 0
    pair = draw(st.permutations(range(core[player])))[:2]
    return player, player - players, pair[0], pair[-1]
