"""All terms of a network at once, by Newton's method on what each pair's best term satisfies.

The best term of a pair is where the slope of its worth vanishes, where gains per weight are equal,
where a player gets the least it accepts, or an end of the interval. Which of these it is, is
decided anew in every step: the first of them that the step of Newton's method would cross.
"""

from __future__ import annotations

from typing import final

import numpy as np

from solver.concepts._network import Pairs
from solver.forms.network import Floats

#: Step of finite differences, as a share of the distance over which the worth of a term varies.
STEP = 5e-4
#: Steps at most, and the relative size of the last one.
STEPS, LAST = 12, 1e-9
#: Central differences of fourth order.
STENCIL = np.array([[1.0, -8.0, 8.0, -1.0]]).T / 12.0
PLACES = np.array([[-2.0, -1.0, 1.0, 2.0]]).T


@final
class Conditions:
    """What decides about the terms (L, C): gains, their slopes, and what is above the least."""

    def __init__(self, pairs: Pairs, terms: Floats, h: Floats) -> None:
        links = len(terms)
        flat = pairs.flat
        self.gains, self.slopes, self.above = (np.empty((2, *terms.shape)) for _ in range(3))
        self.bound = np.empty((2, *terms.shape), np.bool_)
        for link in range(links):
            apart, least = pairs.fallback(link, list(terms))
            t, step = terms[link], h[link]
            inside = np.clip(t, flat.low[link] + 2.0 * step, flat.high[link] - 2.0 * step)
            x = np.concatenate((t[None], inside + PLACES * step))
            given = [x if m == link else term for m, term in enumerate(terms)]
            gains = pairs.gains(link, given, apart)
            self.gains[:, link] = gains[:, 0]
            self.slopes[:, link] = (gains[:, 1:] * STENCIL).sum(axis=1) / step
            self.above[:, link] = gains[:, 0] - least
            self.bound[:, link] = (least > 0.0) | (flat.weights[:, link] == 0.0)

    def candidates(self, pairs: Pairs) -> Floats:
        """(5, L, C): functions whose roots are best terms.

        The slope of the Nash product, or else the two slopes of the gains and the difference of
        gains per weight; then what each is above the least.
        """
        w = pairs.flat.weights
        (first, second), (slope1, slope2) = self.gains, self.slopes
        if pairs.rule == "nash":
            product = w[0] * slope1 * second + w[1] * slope2 * first
            return np.stack((product, product, product, *self.above))
        return np.stack((slope1, slope2, w[1] * first - w[0] * second, *self.above))


def newton(pairs: Pairs, terms: Floats, scale: Floats) -> Floats:
    """Terms (L, C) at which every pair's condition holds, from terms near by.

    ``scale`` (L, C) is the distance over which the worth of each term varies. Columns that do not
    converge stay where they got to; the certificate tells.
    """
    terms = terms.copy()
    left = np.arange(terms.shape[1])
    for _ in range(STEPS):
        part = pairs.part(left)
        moved = _step(part, terms[:, left], scale[:, left] * STEP)
        flat, links = part.flat, len(terms)
        after = np.clip(terms[:, left] + moved, flat.low[:links], flat.high[:links])
        size = np.abs(after - terms[:, left]) / np.maximum(scale[:, left], 1e-300)
        terms[:, left] = after
        left = left[(size > LAST).any(axis=0)]
        if len(left) == 0:
            break
    return terms


def _step(pairs: Pairs, terms: Floats, h: Floats) -> Floats:
    """The step (L, C) of Newton's method."""
    links, columns = terms.shape
    flat = pairs.flat
    here = Conditions(pairs, terms, h)
    value = here.candidates(pairs)
    change = np.empty((5, links, links, columns))
    for m in range(links):
        step = np.where(terms[m] + h[m] <= flat.high[m], h[m], -h[m])
        there = terms.copy()
        there[m] += step
        change[:, :, m] = (Conditions(pairs, there, h).candidates(pairs) - value) / step
    own = np.einsum("kllc->klc", change)
    residual, rows = _chosen(pairs, terms, here, value, change, own)
    size = np.abs(rows).max(axis=1, keepdims=True)
    good = np.isfinite(residual) & np.isfinite(size[:, 0]) & (size[:, 0] > 0.0)
    rows = np.where(good[:, None], rows / size, np.eye(links)[:, :, None])
    residual = np.where(good, residual / size[:, 0], 0.0)
    matrix = np.moveaxis(rows, -1, 0)
    single = np.abs(np.linalg.det(matrix)) < 1e-12
    matrix = np.where(single[:, None, None], np.eye(links), matrix)
    solved = -np.linalg.solve(matrix, residual.T[..., None])[..., 0].T
    width = pairs.width
    return np.where(single, 0.0, np.clip(solved, -0.5 * width, 0.5 * width))


def _chosen(  # noqa: PLR0913, PLR0917
    pairs: Pairs, terms: Floats, here: Conditions, value: Floats, change: Floats, own: Floats
) -> tuple[Floats, Floats]:
    """Residuals (L, C) and their rows (L, L, C): per link, the condition met first going up."""
    w = pairs.flat.weights
    if pairs.rule == "nash":
        which = np.zeros(terms.shape, np.intp)
        kink = np.full(terms.shape, np.inf)
    else:
        which = np.where(value[2] > 0.0, 1, 0)  # the one that has less per weight
        other = np.take_along_axis(here.slopes, 1 - which[None], axis=0)[0]
        mine = np.take_along_axis(here.slopes, which[None], axis=0)[0]
        closing = np.abs(own[2])
        kink = np.where(mine * other < 0.0, np.abs(value[2]) / closing, np.inf)
        kink = np.where(w.min(axis=0) == 0.0, np.inf, kink)
    slope = np.take_along_axis(value, which[None], axis=0)[0]
    bend = np.take_along_axis(own, which[None], axis=0)[0]
    towards = np.sign(slope)
    reach = np.where(bend < 0.0, np.abs(slope / bend), np.inf)
    which = np.where(kink <= reach, 2, which)
    reach = np.minimum(reach, kink)
    for side in (0, 1):
        down = -own[3 + side] * towards
        away = here.above[side] / np.where(down > 0.0, down, np.nan)
        hit = here.bound[side] & (away <= reach)
        which, reach = np.where(hit, 3 + side, which), np.where(hit, away, reach)
    residual = np.take_along_axis(value, which[None], axis=0)[0]
    rows = np.take_along_axis(change, which[None, :, None], axis=0)[0]
    links = len(terms)
    unit = np.eye(links)[:, :, None]
    for edge, sign in ((pairs.flat.low[:links], -1.0), (pairs.flat.high[:links], 1.0)):
        hit = (towards == sign) & (np.abs(edge - terms) <= reach)
        residual = np.where(hit, terms - edge, residual)
        rows = np.where(hit[:, None], unit, rows)
    return residual, rows
