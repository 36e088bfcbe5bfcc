"""Random coalition games of every kind, most of them degenerate: tables (G, 2**N)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _members(players: int) -> NDArray[np.int64]:
    return np.arange(1 << players)[:, None] >> np.arange(players) & 1


def few_integers(random: np.random.Generator, games: int, players: int) -> Floats:
    """Worths of 0 to 3."""
    return random.integers(0, 4, (games, 1 << players)).astype(float)


def signed(random: np.random.Generator, games: int, players: int) -> Floats:
    """Worths of -6 to 6."""
    return random.integers(-6, 7, (games, 1 << players)).astype(float)


def normal(random: np.random.Generator, games: int, players: int) -> Floats:
    """No ties."""
    return random.normal(size=(games, 1 << players))


def roomy(random: np.random.Generator, games: int, players: int) -> Floats:
    """Large cores: worths grow with the square of the size."""
    size = _members(players).sum(axis=1)
    return size**2 + random.integers(-1, 2, (games, 1 << players)).astype(float)


def convex(random: np.random.Generator, games: int, players: int) -> Floats:
    """Sums of what unanimous coalitions earn."""
    every = np.arange(1 << players)
    inside = (every[:, None] & every) == every
    dividends = random.integers(0, 2, (games, 1 << players)).astype(float)
    dividends[:, 0] = 0.0
    return dividends @ inside.T


def voting(random: np.random.Generator, games: int, players: int) -> Floats:
    """Weighted majorities."""
    weights = random.integers(0, 4, (games, players))
    quota = 1 + (weights.sum(axis=1) * random.uniform(0.3, 0.9, games)).astype(int)
    return (weights @ _members(players).T >= quota[:, None]).astype(float)


def gloves(random: np.random.Generator, games: int, players: int) -> Floats:
    """Pairs of left and right gloves."""
    held = random.integers(0, 3, (games, players, 2))
    sums = np.einsum("gpk,sp->gsk", held, _members(players))
    return sums.min(axis=-1).astype(float)


def bankruptcy(random: np.random.Generator, games: int, players: int) -> Floats:
    """What is left of an estate when the others have their claims."""
    claims = random.integers(1, 10, (games, players))
    estate = (claims.sum(axis=1) * random.uniform(0.1, 0.9, games)).astype(int)
    left = estate[:, None] - claims @ (1 - _members(players)).T
    return np.maximum(left, 0).astype(float)


FAMILIES: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "few integers": few_integers,
    "signed": signed,
    "normal": normal,
    "roomy": roomy,
    "convex": convex,
    "voting": voting,
    "gloves": gloves,
    "bankruptcy": bankruptcy,
}


def draw(family: str, games: int, players: int, seed: int) -> Floats:
    """The same games for the same seed."""
    random = np.random.default_rng([seed, players, list(FAMILIES).index(family)])
    table = FAMILIES[family](random, games, players)
    table[:, 0] = 0.0
    return table
