"""Bargaining when a player may leave: the outside-option principle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._division import Floats, packed, separately
from solver.concepts._offers import Discounted, offers, one_shot_gaps, options
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem


@final
@dataclass(frozen=True)
class Frequent:
    """The limit of ever more frequent offers: shares by the weights of the form."""

    name: ClassVar[str] = "frequent-offers"
    tol: float = 1e-9


@concept("outside-option", BargainingProblem, [Frequent, Discounted])
def outside_option(form: BargainingProblem, method: Frequent | Discounted) -> Equilibria:
    """Alternating offers in which a responder may leave: an option matters only if it binds.

    Parameters
    ----------
    form : BargainingProblem over (*B)
        Uses ``surplus``, ``outside``, and ``weights`` (frequent-offers) or ``discounts``
        (discounted); nothing accrues during talks, so ``disagreement`` plays no part.
    method : Frequent or Discounted, optional
        The limit of frequent offers, or rounds with the given discount factors.

    Returns
    -------
    Equilibria
        The division agreed on at once. Where leaving, or never agreeing, which pays zero, is
        worth more to the two together than the surplus, they do that. The gap is the best
        one-shot deviation, relative to the stakes.

    Notes
    -----
    With frequent offers a player gets its share w_i/(w_1 + w_2) of the surplus, or its outside
    option if that is more: an option below the share does not move the outcome at all, one above
    it moves it one for one. With discounting the responder gets max(δ_2 V_2, o_2). Unique among
    stationary equilibria; with options for both players others may exist (Ponsatí and Sákovics
    1998), so the claim of a whole set is about stationary ones.

    References
    ----------
    K. Binmore, A. Shaked, J. Sutton (1989), An outside option experiment, QJE 104.
    """
    if isinstance(method, Discounted):
        first, second = offers(form, with_outside=True)
        division = first, form.total - first
        gaps = one_shot_gaps(form, division, second, with_outside=True)
    else:
        division, gaps = _frequent(form)
    together = sum(options(form)) <= form.total
    return packed(
        form,
        concept="outside-option",
        method=method.name,
        measure="one-shot deviation",
        tol=method.tol,
        division=separately(form.total, options(form), division),
        gaps=(np.where(together, gaps[0], 0.0), np.where(together, gaps[1], 0.0)),
    )


def _frequent(form: BargainingProblem) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """The limit division, and what each could still gain by leaving or by the other's slack."""
    (w1, w2), (out1, out2) = form.pair("weights"), options(form)
    share = w1 / (w1 + w2) * form.total
    first = np.minimum(np.maximum(share, out1), form.total - out2)
    division = first, form.total - first
    # Each is held to its share, or one of them to an option that binds; whichever is nearest.
    off = np.minimum(
        np.abs(division[0] - share),
        np.minimum(np.abs(division[0] - out1), np.abs(division[1] - out2)),
    )
    return division, (
        np.maximum(off, out1 - division[0]),
        np.maximum(out2 - division[1], 0.0),
    )
