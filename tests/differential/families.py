"""Games with integer payoffs, drawn at random in families, and the units they are solved in.

A family is a function of a random generator, a number of games and a shape (m, n) to integer
payoffs A, B, each (games, m, n). Units are affine maps that change no equilibrium: the truth is
computed from the integers, the solver sees floating-point payoffs in those units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Pair = tuple[Integers, Integers]
Family = Callable[[np.random.Generator, int, tuple[int, int]], Pair]


class Units(NamedTuple):
    """Payoffs are solved as ``scale * payoff + shift``; the scales of A and of B."""

    scales: tuple[float, float] = (1.0, 1.0)
    shifts: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Games:
    """Games of one family and shape: integers A, B (games, m, n) and what the solver is given."""

    family: str
    shape: tuple[int, int]
    A: Integers
    B: Integers
    units: Units

    def payoffs(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        (a, b), (c, d) = self.units
        return self.A * a + c, self.B * b + d


def draw(seed: int, family: str, shape: tuple[int, int], games: int) -> Games:
    """The same for the same arguments, whatever else is drawn."""
    key = [seed, *family.encode(), *shape]
    build, units = FAMILIES[family]
    A, B = build(np.random.default_rng(key), games, shape)
    return Games(family, shape, A, B, units)


def among(high: int) -> Family:
    """Payoffs 0 to `high`, each as likely."""

    def whole(rng, games, shape):
        return tuple(rng.integers(0, high + 1, (2, games, *shape)))

    return whole


def sparse(rng, games, shape):
    """Three quarters are zero."""
    payoffs = rng.integers(-2, 3, (2, games, *shape))
    return tuple(np.where(rng.random(payoffs.shape) < 0.7, 0, payoffs))


def duplicated(rng, games, shape):
    """Each player with two actions or more has one that is listed twice."""
    A, B = rng.integers(0, 4, (2, games, *shape))
    for axis in (1, 2):
        source = np.broadcast_to(np.arange(shape[axis - 1]), (games, shape[axis - 1])).copy()
        one, other = rng.integers(0, shape[axis - 1], (2, games))
        source[np.arange(games), other] = one
        index = np.expand_dims(source, 3 - axis)
        A, B = (np.take_along_axis(P, index, axis) for P in (A, B))
    return A, B


def dominated(rng, games, shape, unit=1, losses=(0, 1)):
    """Each player has an action that is another one less a loss in every cell."""
    A, B = unit * rng.integers(0, 4, (2, games, *shape))
    loss = rng.choice(losses, (2, games, *shape))
    for g in range(games):
        for own, P, m in ((loss[0, g], A[g], shape[0]), (loss[1, g].T, B[g].T, shape[1])):
            if m > 1:
                one, other = rng.choice(m, 2, replace=False)
                P[other] = P[one] - own[other]
    return A, B


def by_a_hair(rng, games, shape):
    """The same, by a millionth of the payoffs or less, of either sign."""
    return dominated(rng, games, shape, unit=2**20, losses=(-1, 0, 1))


def constant_sum(rng, games, shape):
    """What one gains the other loses."""
    A = rng.integers(0, 6, (games, *shape))
    return A, 5 - A


def symmetric(rng, games, shape):
    """Square: each player sees the same matrix; otherwise as much of it as there is."""
    n = max(shape)
    C = rng.integers(0, 5, (games, n, n))
    return C[:, : shape[0], : shape[1]], C.swapaxes(1, 2)[:, : shape[0], : shape[1]]


def common_interest(rng, games, shape):
    """The same payoffs for both."""
    A = rng.integers(0, 6, (games, *shape))
    return A, A.copy()


def coordination(rng, games, shape):
    """Gains where labels match, which a permutation of the columns hides."""
    labels = rng.permuted(np.broadcast_to(np.arange(shape[1]), (games, shape[1])), axis=1)
    meeting = np.arange(shape[0])[:, None] == labels[:, None, :]
    gains = rng.integers(1, 4, (2, games, *shape))
    return tuple(np.where(meeting, gains, 0))


def cyclic(rng, games, shape):
    """Payoffs depend on the sum of the two actions modulo their number."""
    n = max(shape)
    wheel = rng.integers(0, 3, (2, games, n))
    return tuple(wheel[..., np.indices(shape).sum(axis=0) % n])


def irrelevant(rng, games, shape):
    """What the first player does changes only what the second gets."""
    A, B = rng.integers(0, 4, (2, games, *shape))
    return np.repeat(A[:, :1], shape[0], axis=1), B


def forbidden(rng, games, shape):
    """One cell in eight costs a thousand."""
    payoffs = rng.integers(0, 10, (2, games, *shape))
    return tuple(np.where(rng.random(payoffs.shape) < 0.125, -1000, payoffs))


def mixture(rng, games, shape):
    """For the units: an equal share of several families."""
    parts = [among(3), among(9), duplicated, constant_sum, coordination]
    sizes = [len(part) for part in np.array_split(np.arange(games), len(parts))]
    drawn = [part(rng, size, shape) for part, size in zip(parts, sizes, strict=True)]
    return tuple(np.concatenate(side) for side in zip(*drawn, strict=True))


#: Families by name, each with the units that it is solved in.
FAMILIES: dict[str, tuple[Family, Units]] = {
    "0..1": (among(1), Units()),
    "0..2": (among(2), Units()),
    "0..3": (among(3), Units()),
    "0..9": (among(9), Units()),
    "0..100": (among(100), Units()),
    "sparse": (sparse, Units()),
    "duplicated": (duplicated, Units()),
    "dominated": (dominated, Units()),
    "by a hair": (by_a_hair, Units()),
    "irrelevant": (irrelevant, Units()),
    "constant sum": (constant_sum, Units()),
    "symmetric": (symmetric, Units()),
    "common": (common_interest, Units()),
    "coordination": (coordination, Units()),
    "cyclic": (cyclic, Units()),
    "forbidden": (forbidden, Units()),
    "x1e9": (mixture, Units((1e9, 1e9))),
    "x1e12": (mixture, Units((1e12, 1e12))),
    "x1e-9": (mixture, Units((1e-9, 1e-9))),
    "+1e12": (mixture, Units(shifts=(1e12, 1e12))),
    "unlike units": (mixture, Units((1e-9, 3e12), (0.0, -1e12))),
}

SHAPES = (
    *[(1, 1), (1, 3), (3, 1), (1, 5), (2, 2), (2, 3), (3, 2), (2, 5), (5, 2), (3, 3)],
    *[(3, 4), (4, 3), (3, 5), (5, 3), (4, 4), (4, 5), (5, 4), (5, 5)],
)
