"""Feasible gains of two players below a concave function.

The function may be anything that NumPy evaluates, so the searches are array operations over the
batch. Maxima are found twice: as the zero of a first-order condition, which is precise where the
function is smooth, and by zooming in on the largest value, which is precise at kinks. The larger
value wins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._sizes import sizes
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: value(x, y) of points (G, samples).
Value = Callable[[Floats, Floats], Floats]

#: Samples of one look, and looks: 8 times closer each, down to the last bit.
SAMPLES, LOOKS, HALVINGS = 17, 19, 70
#: Step of a difference, relative to the distance from the ends, and its seven-point weights.
STEP = 0.005
DIFFERENCE = np.array([-1.0, 9.0, -45.0, 0.0, 45.0, -9.0, 1.0]) / 60.0
#: Width, relative to the interval, above which a set of equally good points is a continuum.
WIDE = 1e-2


@final
class Curve:
    """Gains over a base (G, 2) below ``form.function``."""

    def __init__(self, form: FrontierProblem, base: Floats) -> None:
        self.form, self.base = form, base
        low, high = form.ends()
        self.low, self.high = low - base[:, 0], high - base[:, 0]
        sampled = self.f(self.low[:, None] + np.linspace(0, 1, 9) * (high - low)[:, None])
        ends = np.maximum(np.abs(self.low), np.abs(self.high))
        size = np.stack((ends, np.abs(sampled).max(axis=1)), axis=-1)
        self.size = sizes(size)
        self.margin = np.zeros(len(base))
        flat = np.zeros_like(base) + np.array([0.0, 1.0])
        top = np.maximum(self._best(flat, self.low, self.high), 0.0)
        self.inside = (self.high >= 0.0) & (top <= self.high) & (self._one(top) >= 0.0)
        self.top = np.where(self.inside, top, 0.0)
        self.right = self._last(lambda x: self._one(x) >= 0.0, self.top, self.high)
        self.ideal = np.stack((self.right, self._one(self.top)), axis=-1)

    def f(self, x: Floats) -> Floats:
        """What the second player gains while the first gains x (G, samples)."""
        y = self.form.at(x + self.base[:, :1]) - self.base[:, 1:]
        return np.where(np.isnan(y), -np.inf, y)

    def _one(self, x: Floats) -> Floats:
        return self.f(x[:, None])[:, 0]

    def able_to(self, i: int) -> Floats:
        """No more than this (G,) can player i gain while nobody gets less than the base."""
        zero = np.zeros_like(self.base)
        return self.excess(zero, np.eye(2)[[i]] + zero)

    def height(self, x: Floats) -> Floats:
        """The most that the second player gains while the first gains x (G,) or more."""
        return self._one(np.clip(x, self.top, self.right))

    def _slope(self, x: Floats) -> Floats:
        if self.form.slope is not None:
            found: Floats = self.form.at((x + self.base[:, 0])[:, None], slope=True)[:, 0]
            return found
        room = np.minimum(x - self.low, self.high - x)
        step = STEP * np.maximum(room, 1e-12 * (self.high - self.low))
        around = x[:, None] + step[:, None] * np.arange(-3, 4)
        inside = np.clip(around, self.low[:, None], self.high[:, None])
        slope: Floats = (self.f(inside) * DIFFERENCE).sum(axis=1) / step
        return slope

    def _last(self, holds: Callable[[Floats], Mask], low: Floats, high: Floats) -> Floats:
        """The last x of [low, high] at which a condition holds that is lost for good."""
        return np.where(holds(high), high, self._change(holds, low, high))

    @staticmethod
    def _change(holds: Callable[[Floats], Mask], low: Floats, high: Floats) -> Floats:
        """The same short of the end, where a slope need not exist."""
        left, right = low, high
        for _ in range(HALVINGS):
            middle = 0.5 * (left + right)
            good = holds(middle)
            left, right = np.where(good, middle, left), np.where(good, right, middle)
        return left

    def _zoom(self, value: Value, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Where a concave value is largest, and that value, (G,) both."""
        share = np.linspace(0.0, 1.0, SAMPLES)
        rows = np.arange(len(low))
        best, most = low, np.full(len(low), -np.inf)
        for _ in range(LOOKS):
            x = low[:, None] + share * (high - low)[:, None]
            x[:, -1] = high
            v = value(x, self.f(x))
            v = np.where(np.isnan(v), -np.inf, v)
            k = v.argmax(axis=1)
            better = v[rows, k] > most
            best = np.where(better, x[rows, k], best)
            most = np.where(better, v[rows, k], most)
            low, high = x[rows, np.maximum(k - 1, 0)], x[rows, np.minimum(k + 1, SAMPLES - 1)]
        return best, most

    def _peak(
        self, value: Value, rising: Callable[[Floats], Floats], low: Floats, high: Floats
    ) -> Floats:
        """Where a concave value is largest: `rising` (G,) is positive before it."""
        near, most = self._zoom(value, low, high)
        smooth = self._change(lambda x: rising(x) > 0.0, low, high)
        at = smooth[:, None]
        as_good = value(at, self.f(at))[:, 0] >= most - 1e-13 * (1.0 + np.abs(most))
        return np.where(as_good, smooth, near)

    def _best(self, weights: Floats, low: Floats, high: Floats) -> Floats:
        """Where the weighted sum is largest."""
        w1, w2 = weights.T
        scale = (self.size * weights).sum(axis=1)[:, None]
        scale = np.where(scale > 0.0, scale, 1.0)

        def value(x: Floats, y: Floats) -> Floats:
            found: Floats = (w1[:, None] * x + w2[:, None] * y) / scale
            return found

        return self._peak(value, lambda x: w1 + w2 * self._slope(x), low, high)

    def product(self, weights: Floats) -> Floats:
        """Gains with the largest product of powers by weight."""
        w1, w2 = weights.T / weights.sum(axis=1)

        def value(x: Floats, y: Floats) -> Floats:
            one = np.where(w1[:, None] > 0.0, w1[:, None] * np.log(np.maximum(x, 0.0)), 0.0)
            two = np.where(w2[:, None] > 0.0, w2[:, None] * np.log(np.maximum(y, 0.0)), 0.0)
            both: Floats = one + two
            return both

        x = self._peak(
            value, lambda x: w1 * self._one(x) + w2 * x * self._slope(x), self.top, self.right
        )
        x = np.where(w1 == 0.0, self.top, np.where(w2 == 0.0, self.right, x))
        return np.stack((x, self._one(x)), axis=-1)

    def along(self, start: Floats, step: Floats, back: Floats) -> Floats:
        """The last feasible point of start + t step, by bisection."""
        box = np.where(step > 0.0, (self.ideal - start) / step, np.inf).min(axis=1)
        box = np.where(np.isfinite(box), box, 0.0)

        def holds(t: Floats) -> Mask:
            x, y = (start + t[:, None] * step).T
            found: Mask = (y <= self.height(x)) & (x <= self.right)
            return found

        t = self._last(holds, -back, np.maximum(box, -back))
        return start + t[:, None] * step

    def sums(self, weights: Floats) -> tuple[Floats, Mask]:
        """Ends of where the weighted sum is largest; a continuum if they are far apart."""
        w1, w2 = weights.T
        x = np.clip(self._best(weights, self.top, self.right), self.top, self.right)
        most = w1 * x + w2 * self._one(x)
        enough = most - 1e-12 * (self.size * weights).sum(axis=1)

        def good(u: Floats) -> Mask:
            found: Mask = w1 * u + w2 * self._one(u) >= enough
            return found

        right = self._last(good, x, self.right)
        left = (
            self.right
            + self.top
            - self._last(
                lambda u: good(self.right + self.top - u), self.right + self.top - x, self.right
            )
        )
        wide = right - left > WIDE * (self.high - self.low)
        first, last = np.where(wide, left, x), np.where(wide, right, x)
        ends = [np.stack((u, self._one(u)), axis=-1) for u in (first, last)]
        return np.stack(ends, axis=1), np.stack((np.ones_like(wide), wide), axis=-1)

    def spare(self, gains: Floats) -> Floats:
        """What both could gain beyond them: a concave function of x."""
        g, s = gains[..., None], self.size[..., None]

        def least(x: Floats, y: Floats) -> Floats:
            return np.minimum((x - g[:, 0]) / s[:, 0], (y - g[:, 1]) / s[:, 1])

        return self._zoom(least, self.low, self.high)[1]

    def excess(self, gains: Floats, prices: Floats) -> Floats:
        """By how much prices value a feasible point above these gains."""
        p1, p2 = prices[:, :1], prices[:, 1:]
        low = np.maximum(self.low, 0.0)
        most = self._zoom(lambda x, y: np.where(y >= 0.0, p1 * x + p2 * y, y), low, self.high)[1]
        corner = p1[:, 0] * self.right  # the frontier may end in a cliff
        found: Floats = np.maximum(most, corner) - (prices * gains).sum(axis=1)
        return found

    def answers(self, rates: Floats, options: Floats) -> Floats:
        """Offers (G, 2, 2), by bisection: who proposes, who gets."""
        (r1, r2), (o1, o2) = rates.T, options.T

        def reply(x: Floats) -> tuple[Floats, Floats]:
            y1 = np.clip(np.maximum(r1 * x, o1), self.top, self.right)
            return y1, self._one(y1)

        x = self._last(
            lambda x: self._one(x) >= np.maximum(r2 * reply(x)[1], o2), self.top, self.right
        )
        own = np.stack((x, self._one(x)), axis=-1)
        return np.stack((own, np.stack(reply(x), axis=-1)), axis=1)
