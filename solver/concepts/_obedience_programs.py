"""Correlated equilibria as programs for HiGHS and cvxpy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._obedience import Integers, Pattern
from solver.concepts._objectives import Aim
from solver.forms.normal import Floats
from solver.kernels.correlated import state_correlated
from solver.kernels.entropy import most_entropy
from solver.programs.convex import best_distribution
from solver.programs.linear import LinearPrograms

#: Rows are told in a unit so much smaller: HiGHS allows absolute infeasibilities of 1e-10.
FINER = 2.0**10


class Stated:
    """Games (G, N, cells) in numbers: c (G, K, cells) is maximised, or the smallest of the K.

    ``entries`` (G, entries) are those of the rows of the pattern, and player ``ref`` (G,) is the
    one whose share of c has no price of its own.
    """

    def __init__(self, U: Floats, aim: Aim, ways: Pattern) -> None:
        games, players, cells = U.shape
        c, unit = np.empty((games, players, cells)), np.empty((games, players, 2))
        self.ref = np.empty(games, np.int64)
        steps = games * players * cells * 10.0
        run(state_correlated, steps, U, aim.weights, aim.least, 0, games, c, unit, self.ref)
        self.c: Floats = c if aim.least else c.sum(axis=1, keepdims=True)
        gains = U[:, ways.player, ways.other] - U[:, ways.player, ways.cell]
        self.entries: Floats = gains * unit[:, ways.player, 0] * unit[:, ways.player, 1]


def by_highs(
    U: Floats, aim: Aim, ways: Pattern
) -> tuple[Floats, Floats, NDArray[np.bool_]]:  # fmt: skip
    """Distributions (G, cells), prices (G, rows) of all rows, and which were found."""
    stated = Stated(U, aim, ways)
    games, worths, cells = stated.c.shape
    program, source = _program(worths, cells, ways.ways, _Key(ways))
    constants = np.ones((games, cells + worths))
    constants[:, cells:] = FINER
    flat = -FINER * stated.c.reshape(games, worths * cells)
    given = np.concatenate([constants, FINER * stated.entries, flat], axis=1)[:, source]
    points, multipliers, found = program.solve(given)
    joint = _distribution(points[:, :cells])
    multipliers *= -FINER
    shares = multipliers[:, 1 + ways.ways :]
    return joint, _prices(multipliers[:, 1 : 1 + ways.ways], shares, stated.ref), found


def by_cvxpy(
    U: Floats, aim: Aim, ways: Pattern
) -> tuple[Floats, Floats, NDArray[np.bool_]]:  # fmt: skip
    """What `by_highs` gives, a game at a time; it can maximise entropy."""
    stated = Stated(U, aim, ways)
    games, worths, cells = stated.c.shape
    joint, prices = np.zeros((games, cells)), np.zeros((games, ways.ways))
    shares = np.zeros((games, 0 if aim.entropy else worths))
    G = np.zeros((ways.ways, cells))
    for g in range(games):
        G[ways.row, ways.cell] = stated.entries[g]
        c = None if aim.entropy else stated.c[g]
        joint[g], prices[g], shares[g] = best_distribution(c, G)
    found: NDArray[np.bool_] = np.isfinite(np.concatenate([joint, prices], axis=1)).all(axis=1)
    joint[~found] = 1.0 / cells
    every = _prices(np.nan_to_num(prices), np.nan_to_num(shares), stated.ref)
    return _distribution(joint), every, found


def by_newton(
    U: Floats, aim: Aim, ways: Pattern
) -> tuple[Floats, Floats, NDArray[np.bool_]]:  # fmt: skip
    """Distributions of the largest entropy, and the prices of the rows."""
    stated = Stated(U, aim, ways)
    games, cells = len(U), U.shape[2]
    joint, prices = np.empty((games, cells)), np.empty((games, ways.ways))
    steps = 60.0 * ways.ways**2 * (cells + ways.ways)

    def work(low: int, high: int) -> None:
        run(
            most_entropy, (high - low) * steps, stated.entries, ways.cell, ways.row, low, high,
            joint, prices,
        )  # fmt: skip

    over_ranges(games, 16, work)
    found: NDArray[np.bool_] = np.asarray(np.isfinite(joint).all(axis=1))
    joint[~found] = 1.0 / cells
    prices[~found] = 0.0
    return _distribution(joint), prices, found


def entropy_away(U: Floats, joint: Floats, prices: Floats, aim: Aim, ways: Pattern) -> Floats:
    """How far distributions (G, cells) are from the largest entropy, as a share of log(cells).

    No distribution that obeys the rows has more entropy than log Σ exp(-prices·G), whatever the
    prices are: it is the dual function.
    """
    stated = Stated(U, aim, ways)
    games, cells = joint.shape
    charged = np.zeros((cells, games))
    np.subtract.at(charged, ways.cell, (prices[:, ways.row] * stated.entries).T)
    charged = charged.T
    top = charged.max(axis=1)
    bound = top + np.log(np.exp(charged - top[:, None]).sum(axis=1))
    entropy = -(joint * np.log(np.where(joint > 0.0, joint, 1.0))).sum(axis=1)
    away: Floats = np.maximum(bound - entropy, 0.0) / np.log(max(cells, 2))
    return away


def _distribution(points: Floats) -> Floats:
    """Without what solvers leave below zero, and with the sum 1."""
    points = np.maximum(points, 0.0)
    total = points.sum(axis=1, keepdims=True)
    none = total <= 0.0
    shares: Floats = points / np.where(none, 1.0, total) + none / points.shape[1]
    return shares


def _prices(ways: Floats, shares: Floats, ref: Integers) -> Floats:
    """Prices of all rows as the kernel orders them: of shares, those of all players but ref."""
    games, worths = shares.shape
    if worths < 2:
        return np.maximum(ways, 0.0)
    others = np.arange(worths) != ref[:, None]
    rest = shares[others].reshape(games, worths - 1)
    every: Floats = np.maximum(np.concatenate([ways, rest], axis=1), 0.0)
    return every


class _Key:
    """A pattern, compared by identity: `pattern` makes each once."""

    def __init__(self, ways: Pattern) -> None:
        self.ways = ways

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.ways is self.ways

    def __hash__(self) -> int:
        return id(self.ways)


@lru_cache(maxsize=32)
def _program(worths: int, cells: int, rows: int, key: _Key) -> tuple[LinearPrograms, Integers]:
    """The programs of a pattern, and where their entries come from.

    Columns are the cells and what is maximised, t; rows say that probabilities add up to one, that
    nobody gains, and that t is no more than any of the worths. Sources count the constants first,
    then the entries of the pattern, then the worths.
    """
    ways, every = key.ways, np.arange(cells)
    last = 1 + rows + np.arange(worths)
    row = np.concatenate([np.zeros(cells, int), last, 1 + ways.row, np.repeat(last, cells)])
    col = np.concatenate([every, np.full(worths, cells), ways.cell, np.tile(every, worths)])
    source = np.lexsort((row, col))
    cost, low = np.zeros(cells + 1), np.zeros(cells + 1)
    cost[cells], low[cells] = -1.0, -np.inf
    high = np.zeros(1 + rows + worths)
    high[0] = 1.0
    floor = np.full(len(high), -np.inf)
    floor[0] = 1.0
    start = np.searchsorted(col[source], np.arange(cells + 2))
    return LinearPrograms(cost, low, floor, high, start, row[source]), source
