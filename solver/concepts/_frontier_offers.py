"""Offers in turn between two players on a frontier, with or without outside options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._feasible import Pair, improved, pair, settled
from solver.concepts._offers import refusing
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@final
@dataclass(frozen=True, eq=False)
class FrontierOffers:
    """Offers (G, 2, 2) in gains over refusing for ever: who proposes, who gets.

    ``leaving`` (G, 2) is what an outside option is worth, zero if there is none.
    """

    s: Pair
    never: Floats
    rates: Floats
    leaving: Floats
    offers: Floats
    gap: Floats

    def division(self, proposer: int) -> tuple[Floats, Floats]:
        """Payoffs and gaps (G, 2) where this player begins; apart, what each has alone."""
        gains, gaps = settled(self.s, self.offers[:, proposer], self.gap)
        alone = apart(self.s, self.leaving)[:, None]
        left_out = np.maximum(self.s.spare(self.leaving), 0.0)[:, None]
        gains = np.where(alone, self.leaving, gains)
        return self.never + gains, np.where(alone, left_out, gaps)


def apart(s: Pair, leaving: Floats) -> Mask:
    """(G,): whether nothing feasible gives both what they have by leaving."""
    x, y = leaving.T
    found: Mask = (x > s.right) | (y > s.height(x)) | ~s.inside
    return found


def offers_on(form: FrontierProblem, *, leaving: bool) -> FrontierOffers:
    """The pair of stationary offers; on each the other is no better off by refusing."""
    never, rates = refusing(form, np.stack((form.spread("disagreement"), form.spread("discounts"))))
    s = pair(form, never)
    options = np.zeros_like(never)
    if leaving:
        options = np.maximum(form.spread("outside") - never, 0.0)
    offers = s.answers(rates, options)
    return FrontierOffers(s, never, rates, options, offers, _gap(s, rates, options, offers))


def _gap(s: Pair, rates: Floats, options: Floats, offers: Floats) -> Floats:
    """The best one-shot deviation of anybody in any round (G,), in sizes.

    A responder may refuse or leave. A proposer may ask for more, where the responder gets more
    than refusing is worth and the frontier gives way; or be refused.
    """
    worst = np.zeros(len(rates))
    for i in (0, 1):
        j = 1 - i
        mine, other = offers[:, i], offers[:, j]
        refusal = np.maximum(rates[:, j] * other[:, j], options[:, j])
        short = (refusal - mine[:, j]) / s.size[:, j]
        # What the proposer gets at the least that the responder would take.
        asked = mine.copy()
        asked[:, j] = np.minimum(mine[:, j], refusal)
        more = s.spare(asked)
        waiting = (rates[:, i] * other[:, i] - mine[:, i]) / s.size[:, i]
        for miss in (short, more, waiting, np.abs(s.spare(mine))):
            worst = np.maximum(worst, miss)
    return worst


def between(s: Pair, gains: Floats, leaving: Floats) -> tuple[Floats, Floats]:
    """Gains on the frontier (G, 2) moved just so far that nobody would leave, and their gap.

    The gap (G,) is by how much somebody gets less than leaving, or an option that does not bind
    has moved the division, in sizes.
    """
    moved = improved(s, gains)
    low = improved(s, np.stack((leaving[:, 0], moved[:, 1]), axis=-1))
    moved = np.where((moved[:, 0] < leaving[:, 0])[:, None], low, moved)
    short = moved[:, 1] < leaving[:, 1]
    step = np.stack((np.ones_like(short, float), np.zeros_like(short, float)), axis=-1)
    start = np.stack((np.zeros_like(short, float), leaving[:, 1]), axis=-1)
    high = s.along(start, step * s.size, np.zeros(len(short)))
    moved = np.where(short[:, None], high, moved)
    unmoved = np.abs(moved - gains) / s.size
    binds = np.abs(moved - leaving) / s.size
    why = np.minimum(unmoved.max(axis=1), binds.min(axis=1))
    below = ((leaving - moved) / s.size).max(axis=1)
    return moved, np.maximum(np.maximum(why, below), np.abs(s.spare(moved)))
