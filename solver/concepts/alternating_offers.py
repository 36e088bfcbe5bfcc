"""Rubinstein's alternating offers."""

from __future__ import annotations

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._division import packed
from solver.concepts._offers import Discounted, offers, one_shot_gaps
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem


@concept("alternating-offers", BargainingProblem, [Discounted])
def alternating_offers(form: BargainingProblem, method: Discounted) -> Equilibria:
    """Rubinstein's bargaining game: offers in turn until one is taken; the first player begins.

    Parameters
    ----------
    form : BargainingProblem over (*B)
        Uses ``surplus`` and ``discounts``. Nothing accrues during talks and nobody can leave:
        ``disagreement`` and ``outside`` play no part (`outside_option` lets players leave).
    method : Discounted, optional

    Returns
    -------
    Equilibria
        The division agreed on at once; both get zero where there is no surplus. The gap of a
        player is its best one-shot deviation: for the proposer a worse offer or a refused one,
        for the responder a refusal.

    Notes
    -----
    The proposer gets (1 - δ_2)/(1 - δ_1 δ_2) of the surplus. The subgame-perfect equilibrium is
    unique, so the set is whole.

    References
    ----------
    A. Rubinstein (1982), Perfect equilibrium in a bargaining model, Econometrica 50.
    """
    first, second = offers(form, with_outside=False)
    together = form.total >= 0.0
    division = np.where(together, first, 0.0), np.where(together, form.total - first, 0.0)
    gaps = one_shot_gaps(form, division, second, with_outside=False)
    return packed(
        form,
        concept="alternating-offers",
        method=method.name,
        measure="one-shot deviation",
        tol=method.tol,
        division=division,
        gaps=(np.where(together, gaps[0], 0.0), np.where(together, gaps[1], 0.0)),
    )
