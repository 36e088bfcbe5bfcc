"""Feasible gains of two players below a frontier of straight lines."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._rows import SMALLEST_RANGE
from solver.concepts._sizes import over_base, sizes
from solver.kernels.frontier import (
    efficient,
    farthest,
    heights,
    largest_product,
    spare,
    stationary,
    support_above,
)
from solver.kernels.scaling import TIE

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@final
class Polyline:
    """Gains over a base (G, 2), with the efficient frontier above it."""

    def __init__(self, points: Floats, base: Floats) -> None:
        self.points, self.base = points, np.ascontiguousarray(base)
        games, m = self.points.shape[:2]
        self.line = np.zeros((games, m + 2, 2))
        self.count = np.zeros(games, np.int64)
        self._run(efficient, 20.0 * m, self.points, self.base, out=(self.line, self.count))
        self.inside = self.count > 0
        size = np.zeros_like(self.base)
        for k in range(m):
            np.maximum(size, np.abs(over_base(self.points[:, k], self.base)), out=size)
        self.size = sizes(size)
        self.margin = np.zeros(games)
        end = np.maximum(self.count - 1, 0)
        right = np.take_along_axis(self.line, end[:, None, None], axis=1)[:, 0, 0]
        self.ideal = np.stack((right, self.line[:, 0, 1]), axis=-1)
        self.top, self.right = self.line[:, 0, 0], right

    def _run(self, kernel: Any, each: float, *given: Any, out: tuple[Any, ...]) -> None:
        def work(low: int, high: int) -> None:
            run(kernel, (high - low) * each, *given, low, high, *out)

        over_ranges(len(self.base), SMALLEST_RANGE, work)

    def _found(self, kernel: Any, each: float, *given: Any) -> Floats:
        found = np.zeros_like(self.base)
        arrays = [np.ascontiguousarray(a) for a in given]
        self._run(kernel, each, self.line, self.count, *arrays, out=(found,))
        return found

    def product(self, weights: Floats) -> Floats:
        """Gains with the largest product of powers by weight: exact, line by line."""
        return self._found(largest_product, 10.0 * self.line.shape[1], weights)

    def along(self, start: Floats, step: Floats, back: Floats) -> Floats:
        """The last feasible point of start + t step: the nearest of all edges."""
        del back
        return self._found(farthest, 10.0 * self.line.shape[1], start, step)

    def sums(self, weights: Floats) -> tuple[Floats, Mask]:
        """The first and the last vertex of the frontier with the largest weighted sum."""
        slots = np.arange(self.line.shape[1])
        real = slots < np.maximum(self.count, 1)[:, None]
        worth = (self.line * weights[:, None]).sum(axis=2)
        worth = np.where(real, worth, -np.inf)
        most = worth.max(axis=1, keepdims=True)
        tie = TIE * (self.size * weights).sum(axis=1, keepdims=True)
        best = worth >= most - tie
        ends = np.stack((best.argmax(axis=1), best.shape[1] - 1 - best[:, ::-1].argmax(axis=1)))
        found = np.take_along_axis(self.line, ends.T[..., None], axis=1)
        return found, np.stack((np.ones(len(worth), np.bool_), ends[0] != ends[1]), axis=-1)

    def spare(self, gains: Floats) -> Floats:
        """What both could gain beyond them, from the points by trying every pair."""
        found = np.zeros(len(gains))
        payoffs = np.ascontiguousarray(gains)
        shifted = over_base(self.points, self.base[:, None])
        self._run(spare, 5.0 * self.points.shape[1] ** 2, shifted, payoffs, self.size, out=(found,))
        return found

    def excess(self, gains: Floats, prices: Floats) -> Floats:
        """By how much prices value a feasible point above these gains: every pair is tried."""
        most = np.zeros(len(gains))
        each = 5.0 * self.points.shape[1] ** 2
        told = self.points, self.base, np.ascontiguousarray(prices)
        self._run(support_above, each, *told, out=(most,))
        found: Floats = most - (prices * gains).sum(axis=1)
        return found

    def able_to(self, i: int) -> Floats:
        """No more than this (G,) can player i gain while nobody gets less than the base."""
        zero = np.zeros_like(self.base)
        return self.excess(zero, np.eye(2)[[i]] + zero)

    def height(self, x: Floats) -> Floats:
        """The most that the second player gains while the first gains x (G,)."""
        found = np.zeros(len(x))
        given = self.line, self.count, np.ascontiguousarray(x)
        self._run(heights, 3.0 * self.line.shape[1], *given, out=(found,))
        return found

    def answers(self, rates: Floats, options: Floats) -> Floats:
        """Offers (G, 2, 2): who proposes, who gets."""
        found = np.zeros((len(rates), 2, 2))
        given = self.line, self.count, np.ascontiguousarray(rates), np.ascontiguousarray(options)
        self._run(stationary, 300.0 * self.line.shape[1], *given, out=(found,))
        return found
