"""Feasible gains of three players or more: lotteries over points, and whatever is less."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._matrix_games import matrix_games, smallest_range
from solver.concepts._sizes import over_base, sizes
from solver.kernels.polar import cheapest, support
from solver.kernels.reach import reach
from solver.kernels.scaling import EPS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: How far beyond the points the base may be, by size, before it counts as out of reach.
OUTSIDE = 1e-10
#: Gains below this share of the largest payoff of a player are none.
NO_GAIN = 1e-11
#: By how much the logarithm of a product may fall short before it is looked for another way, the
#: rounds of that, and how little a round may add.
SHORT, ROUNDS, ADDED = 1e-11, 60, 1e-13
EVERY = slice(None)
#: Weight in a lottery below which a point is left out when it is polished.
HARDLY = 1e-5


@final
class Polytope:
    """Gains over a base (G, N), N > 2."""

    def __init__(self, points: Floats, base: Floats) -> None:
        A = over_base(points, base[:, None])
        largest = np.maximum(np.abs(points), np.abs(base)[:, None])
        size = np.abs(A).max(axis=1)
        self.size = sizes(size)
        # A problem that is not valid is solved as if it were the trivial one, and not reported.
        bad: Mask = np.logical_not(np.isfinite(A).all(axis=(1, 2)))
        A = np.where(bad[:, None, None], 1.0, A)
        self.size[bad] = 1.0
        self.A = A / self.size[:, None]
        games, _, players = self.A.shape
        ones, zero = np.ones((games, players)), np.zeros((games, players))
        self.prices, self.room, self.home = zero, np.zeros(games), zero
        # Everybody is brought two sizes below the base, where all points are gains.
        home, most, _ = _reached(self.A + 2.0, zero, ones, 1.0, self.room)
        # Rounding of the payoffs themselves, where they are large beside what is at stake.
        noise = np.where(bad, 0.0, (4.0 * EPS * largest.max(axis=1) / self.size).max(axis=1))
        self.inside = most - 2.0 >= -np.maximum(OUTSIDE, noise)
        self.margin, self.nothing = 0.5 * np.maximum(OUTSIDE, noise), np.maximum(NO_GAIN, noise)
        self.room = np.where(self.inside, np.maximum(2.0 - most, 0.0), 0.0)
        #: What everybody has where nothing else is chosen.
        self.home = np.where(self.inside[:, None], _gains(home, self.A), 0.0)
        self.corners = np.zeros((games, players, players))
        self.limits = np.zeros((games, players, players))
        for i in range(players):
            self.corners[:, i], self.limits[:, i] = self._best(np.eye(players)[[i]] + zero)
        self.ideal = np.maximum(np.einsum("gii->gi", self.corners), 0.0) * self.size

    def _best(self, goal: Floats, which: NDArray[np.intp] | slice = EVERY) -> tuple[Floats, Floats]:
        """Gains (G, N), in sizes, with the largest goal'g that leave nobody short of the base.

        And prices: no point is worth more than those gains at goal + prices, and nobody who gains
        has one.
        """
        A = self.A[which]
        lotteries, _, prices = _reached(A, goal, np.zeros_like(goal), 0.0, self.room[which])
        left = np.maximum(1.0 - lotteries.sum(axis=1), 0.0)
        return _gains(lotteries, A) + left[:, None] * self.home[which], prices

    @property
    def able(self) -> Mask:
        """(G, N): whether a player can gain anything while nobody loses."""
        found: Mask = self.ideal > self.nothing[:, None] * self.size
        return found

    def product(self, weights: Floats) -> Floats:
        """Gains with the largest product of powers by weight, of those who can gain."""
        power = np.where(self.able, weights, 0.0)
        total = power.sum(axis=1, keepdims=True)
        shares = np.where(total > 0.0, power / np.where(total > 0.0, total, 1.0), 0.0)
        some = np.where(total > 0.0, shares, 1.0)
        lotteries, self.prices = _lotteries(self.A, some)
        gains = _gains(lotteries, self.A)
        bad = np.flatnonzero(self.inside & ~(_shortfall(self.A, gains, shares) <= SHORT))
        if len(bad):
            again = _gains(_polished(self.A[bad], some[bad], lotteries[bad]), self.A[bad])
            gains[bad] = again
        with np.errstate(divide="ignore", invalid="ignore"):
            self.prices = np.where(shares > 0.0, shares / gains, self.prices)
        good = _shortfall(self.A, gains, shares) <= SHORT
        good = np.logical_and(good, (shares > 0.0).all(axis=1))
        thin = np.flatnonzero(self.inside & ~good)
        if len(thin):
            gains[thin], self.prices[thin] = self._by_corners(thin, shares[thin])
        return gains * self.size

    def _by_corners(self, thin: NDArray[np.intp], shares: Floats) -> tuple[Floats, Floats]:
        """The same where some cannot gain: over corners, of which each round adds the best one.

        The corners are gains of everybody; those who cannot gain, or have no weight, count in none
        of the products. (Simplicial decomposition; von Hohenbalken 1977.)
        """
        counts = shares > 0.0
        any_share = shares.max(axis=1, keepdims=True) > 0.0
        corners = self.corners[thin]
        for _ in range(ROUNDS):
            shown = np.where(counts[:, None], np.maximum(corners, 0.0), 1.0)
            some = np.where(any_share, shares, 1.0)
            chosen = _polished(shown, some, _lotteries(shown, some)[0])
            chosen = np.where(np.isfinite(chosen), chosen, 1.0 / corners.shape[1])
            gains = _gains(chosen, corners)
            goal = np.where(counts, shares / np.where(gains > 0.0, gains, 1e-12), 0.0)
            scale = np.maximum(goal.max(axis=1, keepdims=True), 1e-300)
            corner, prices = self._best(goal / scale, thin)
            added = ((corner - gains) * goal).sum(axis=1)
            if not (added > ADDED).any():
                break
            corners = np.concatenate((corners, corner[:, None]), axis=1)
        return gains, np.where(counts, goal, 0.0) + prices * scale

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
        begin, stride = (np.where(np.isfinite(a), a, 0.0) for a in (begin, stride))
        A, zero = self.A - begin[:, None], np.zeros_like(stride)
        # Where sizes differ a start may be many of one player's sizes away.
        row = np.maximum(np.abs(A).max(axis=1), 1.0)
        _, t, _ = _reached(A / row[:, None], zero, stride / row, 1.0, self.room)
        return (begin + t[:, None] * stride) * self.size

    def sums(self, weights: Floats) -> tuple[Floats, Mask]:
        """A point with the largest weighted sum."""
        w = weights * self.size
        scale = w.max(axis=1, keepdims=True)
        w /= np.where(scale > 0.0, scale, 1.0)
        w = np.where(np.isfinite(w), w, 0.0)
        gains, prices = self._best(w)
        self.prices = weights * self.size + prices * scale
        return (gains * self.size)[:, None], np.ones((len(w), 1), np.bool_)

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

    def able_to(self, i: int) -> Floats:
        """No more than this (G,) can player i gain: what the prices of its ideal payoff prove."""
        prices = self.limits[:, i] + np.eye(self.A.shape[2])[i]
        zero = np.zeros_like(prices)
        beyond = (prices.sum(axis=1) - 1.0) * self.room
        most: Floats = (self.excess(zero, prices / self.size) + beyond) * self.size[:, i]
        return most


def _reached(
    A: Floats, goal: Floats, step: Floats, rate: float, room: Floats
) -> tuple[Floats, Floats, Floats]:
    """Lotteries, lengths and prices of `solver.kernels.reach`."""
    games, m, n = A.shape
    found = np.zeros((games, m)), np.zeros(games), np.zeros((games, n))
    given = [np.ascontiguousarray(a) for a in (A, goal, step)]
    effort = 10.0 * (m + n) * n * n

    def work(low: int, high: int) -> None:
        run(reach, (high - low) * effort, *given, rate, room, low, high, *found)

    over_ranges(games, smallest_range(effort), work)
    return found


def _lotteries(A: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Lotteries with the largest product of gains by weight, and the prices that support them."""
    games, m, k = A.shape
    prices, lotteries = np.zeros((games, k)), np.zeros((games, m))
    given = [np.ascontiguousarray(a) for a in (A, weights)]
    effort = 30.0 * (m * k * k + k**3)

    def work(low: int, high: int) -> None:
        run(cheapest, (high - low) * effort, *given, low, high, prices, lotteries)

    over_ranges(games, smallest_range(effort), work)
    return lotteries, prices


def _polished(A: Floats, weights: Floats, lotteries: Floats) -> Floats:
    """Lotteries of the largest product again, without the points that hardly count in them.

    Where a point is as good as others and not needed, interior points tell half of the digits.
    """
    counts = lotteries > HARDLY * lotteries.max(axis=1, keepdims=True)
    fewer, _ = _lotteries(np.where(counts[..., None], A, 0.0), weights)
    fewer = np.where(counts, fewer, 0.0)
    fewer /= np.maximum(fewer.sum(axis=1, keepdims=True), 1e-300)
    short = [_shortfall(A, _gains(found, A), weights) for found in (fewer, lotteries)]
    found: Floats = np.where((short[0] < short[1])[:, None], fewer, lotteries)
    return found


def _shortfall(A: Floats, gains: Floats, shares: Floats) -> Floats:
    """By how much the logarithm of the product may fall short of the largest (G,), or not a number.

    Those without a share do not count; where there are some, that is a bound in one direction.
    """
    with np.errstate(all="ignore"):
        prices = np.where(shares > 0.0, shares / shares.sum(axis=1, keepdims=True) / gains, 0.0)
        most: Floats = np.einsum("gki,gi->gk", A, prices).max(axis=1) - 1.0
    return np.where((gains > 0.0).all(axis=1), most, np.nan)


def _gains(lotteries: Floats, points: Floats) -> Floats:
    found: Floats = np.einsum("gk,gki->gi", lotteries, points)
    return found
