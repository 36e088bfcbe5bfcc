"""The (weighted) Nash bargaining solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._division import Floats, packed, separately
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem


@final
@dataclass(frozen=True)
class ClosedForm:
    """The formula for transferable utility."""

    name: ClassVar[str] = "closed-form"
    tol: float = 1e-9


@concept("nash-bargaining", BargainingProblem, [ClosedForm])
def nash_bargaining(form: BargainingProblem, method: ClosedForm) -> Equilibria:
    """The Nash bargaining solution: each gets the disagreement payoff and a share of the gains.

    Parameters
    ----------
    form : BargainingProblem over (*B)
        Uses ``surplus``, ``disagreement`` and ``weights``; not ``outside`` or ``discounts``.
    method : ClosedForm, optional

    Returns
    -------
    Equilibria
        One division per problem, no strategies. Where disagreement is worth more than the surplus
        both get their disagreement payoffs. The gap of a player is by how much its marginal gain
        in the weighted Nash product differs from the other's, in payoff, relative to the stakes.

    Notes
    -----
    Maximises w_1 log(u_1 - d_1) + w_2 log(u_2 - d_2) subject to u_1 + u_2 = W, so that
    u_i = d_i + w_i/(w_1 + w_2) (W - d_1 - d_2). The whole set: the solution is unique.

    References
    ----------
    J. F. Nash (1950), The bargaining problem, Econometrica 18. E. Kalai (1977), Nonsymmetric Nash
    solutions, Int. J. Game Theory 6.
    """
    (d1, d2), (w1, w2) = form.pair("disagreement"), form.pair("weights")
    gains = form.total - d1 - d2
    division = d1 + w1 / (w1 + w2) * gains, d2 + w2 / (w1 + w2) * gains
    division = separately(form.total, (d1, d2), division)
    return packed(
        form,
        concept="nash-bargaining",
        method=method.name,
        measure="first-order condition",
        tol=method.tol,
        division=division,
        gaps=_gaps(form, division),
    )


def _gaps(form: BargainingProblem, division: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """How far the division is from the first-order and feasibility conditions, in payoff."""
    (d1, d2), (w1, w2) = form.pair("disagreement"), form.pair("weights")
    gain1, gain2 = division[0] - d1, division[1] - d2
    together = form.total >= d1 + d2
    # w_1/(u_1 - d_1) = w_2/(u_2 - d_2), cleared of fractions and scaled to payoff.
    first_order = np.where(together, (w2 * gain1 - w1 * gain2) / (w1 + w2), gain1)
    wasted = np.where(together, form.total - division[0] - division[1], gain2)
    return first_order, wasted
