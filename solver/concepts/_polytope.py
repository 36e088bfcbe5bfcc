"""Feasible gains of three players or more: lotteries over points, and whatever is less."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._matrix_games import matrix_games, smallest_range
from solver.kernels.polar import cheapest, support

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: How far beyond the points the base may be, by size, before it counts as out of reach.
OUTSIDE = 1e-10
#: Share of the longest step below which a player's is left to the interior-point method.
COUNTS = 1e-6


@final
class Polytope:
    """Gains over a base (G, N), N > 2."""

    def __init__(self, points: Floats, base: Floats) -> None:
        A = points - base[:, None]
        size = np.abs(A).max(axis=1)
        self.size = np.where(size > 0.0, size, 1.0)
        # A problem that is not valid is solved as if it were the trivial one, and not reported.
        bad: Mask = np.logical_not(np.isfinite(A).all(axis=(1, 2)))
        A = np.where(bad[:, None, None], 1.0, A)
        self.size[bad] = 1.0
        self.A = A / self.size[:, None]
        games, _, players = self.A.shape
        ones, zero = np.ones((games, players)), np.zeros((games, players))
        self.prices = zero
        # Everybody is brought two sizes below the base, where all points are gains.
        reached = self._gains(self._lotteries(self.A + 2.0, zero, ones))
        self.inside = reached.min(axis=1) >= -OUTSIDE
        self.ideal = np.empty((games, players))
        for i in range(players):
            goal = zero.copy()
            goal[:, i] = 1.0
            self.ideal[:, i] = self._gains(self._lotteries(self.A, zero, goal))[:, i]
        self.ideal = np.maximum(self.ideal, 0.0) * self.size

    def _lotteries(self, A: Floats, weights: Floats, goal: Floats) -> Floats:
        games, m, k = A.shape
        prices, lotteries = np.zeros((games, k)), np.zeros((games, m))
        given = [np.ascontiguousarray(a) for a in (A, weights, goal)]
        effort = 30.0 * (m * k * k + k**3)

        def work(low: int, high: int) -> None:
            run(cheapest, (high - low) * effort, *given, low, high, prices, lotteries)

        over_ranges(games, smallest_range(effort), work)
        self.prices = prices
        return lotteries

    def _gains(self, lotteries: Floats) -> Floats:
        found: Floats = np.einsum("gk,gki->gi", lotteries, self.A)
        return found

    def product(self, weights: Floats) -> Floats:
        """Gains with the largest product of powers by weight."""
        shares = weights / weights.sum(axis=1, keepdims=True)
        shares = np.where(np.isfinite(shares), shares, 1.0)
        gains = self._gains(self._lotteries(self.A, shares, np.zeros_like(shares)))
        return gains * self.size

    def multipliers(self) -> Floats:
        """Prices (G, N) of the last solution, in units of the gains."""
        found: Floats = self.prices / self.size
        return found

    def along(self, start: Floats, step: Floats, back: Floats) -> Floats:
        """The last feasible point of start + t step, from t = -back on."""
        begin = (start - back[:, None] * step) / self.size
        stride = step / self.size
        scale = stride.max(axis=1, keepdims=True)
        stride /= np.where(scale > 0.0, scale, 1.0)
        reached = self._gains(
            self._lotteries(self.A - begin[:, None], np.zeros_like(stride), stride)
        )
        # Where every player counts this is the value of a matrix game, which simplex gives exactly.
        all_count = stride.min(axis=1) > COUNTS
        table = np.where(
            all_count[:, None, None],
            (self.A - begin[:, None]) / np.where(stride > COUNTS, stride, 1.0)[:, None],
            0.0,
        )
        table = np.where(np.isfinite(table), table, 0.0)
        table.flags.writeable = False
        exact = self._gains(matrix_games(table, 1.0).strategies[:, : table.shape[1]])
        reached = np.where(all_count[:, None], exact, reached)
        ratios = np.where(stride > 0.0, (reached - begin) / stride, np.inf)
        t = ratios.min(axis=1, keepdims=True)
        return (begin + np.where(np.isfinite(t), t, 0.0) * stride) * self.size

    def sums(self, weights: Floats) -> tuple[Floats, Mask]:
        """A point with the largest weighted sum: a price for the sum, and one for each bound."""
        w = weights * self.size
        scale = w.sum(axis=1, keepdims=True)
        w /= np.where(scale > 0.0, scale, 1.0)
        worth = np.einsum("gki,gi->gk", self.A, w)[..., None]
        goal = np.zeros((len(w), 1 + w.shape[1]))
        goal[:, 0] = 1.0
        found = self._lotteries(np.concatenate((worth, self.A), axis=2), np.zeros_like(goal), goal)
        # p' = (w + q)/ν at the value ν: the prices of the points, of which w is a part.
        rate = np.where(self.prices[:, :1] > 0.0, self.prices[:, :1], 1.0)
        self.prices = w + self.prices[:, 1:] / rate
        slots = (self._gains(found) * self.size)[:, None]
        return slots, np.ones((len(w), 1), np.bool_)

    def spare(self, gains: Floats) -> Floats:
        """What everybody could gain beyond them: the value of a matrix game, by simplex."""
        payoffs = self.A - (gains / self.size)[:, None]
        payoffs = np.where(np.isfinite(payoffs), payoffs, 0.0)
        payoffs.flags.writeable = False
        found = matrix_games(payoffs, 1.0)
        # What no lottery can exceed: the simplex method cannot hide a gain by stopping early.
        most: Floats = found.value + found.gap * np.ptp(payoffs, axis=(1, 2))
        return most

    def excess(self, gains: Floats, prices: Floats) -> Floats:
        """By how much prices value a feasible point above these gains."""
        most = np.zeros(len(gains))
        scaled = np.ascontiguousarray(prices * self.size)

        def work(low: int, high: int) -> None:
            steps = (high - low) * 3.0 * self.A.shape[1] * self.A.shape[2]
            run(support, steps, self.A, scaled, low, high, most)

        over_ranges(len(gains), 2_000, work)
        found: Floats = most - (prices * gains).sum(axis=1)
        return found
