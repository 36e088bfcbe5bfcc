"""The Kalai–Smorodinsky solution: equal shares of what each could gain at most."""

from __future__ import annotations

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._division import ClosedForm, OnFrontier, by_weights, packed
from solver.concepts._feasible import feasible, misjudged, proportional, settled
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

MEASURE = "proportions and frontier"


@concept("kalai-smorodinsky", BargainingProblem, [ClosedForm])
def kalai_smorodinsky(form: BargainingProblem, method: ClosedForm) -> Equilibria:
    """The Kalai–Smorodinsky solution: gains in proportion to the most that each could gain.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible and ``disagreement``; not ``weights``.
    method : ClosedForm, or OnFrontier for a FrontierProblem, optional

    Returns
    -------
    Equilibria
        One division per problem, no strategies; the disagreement payoffs where nothing feasible
        gives them to everybody. The gap says how far it is from the line to the ideal point and
        from the frontier, relative to the stakes.

    Notes
    -----
    The ideal point gives each player the most it could get while nobody else gets less than its
    disagreement payoff. The solution is the last feasible point on the line to it. In money all
    could gain the same, W - Σd, and so all gain an equal share. Among the solutions that treat
    players alike it is the one by which nobody loses when its possibilities grow while the
    others' ideal payoffs stay. Unique; efficient for two players, with more only weakly so: some
    could gain where the others would not lose (Roth 1979).

    References
    ----------
    E. Kalai, M. Smorodinsky (1975), Other solutions to Nash's bargaining problem, Econometrica 43.

    Examples
    --------
    >>> form = FrontierProblem(players=("a", "b"), function=lambda x: 1 - x**2)
    >>> kalai_smorodinsky(form).payoffs.round(6).tolist()
    [[0.618034, 0.618034]]
    """
    base = form.columns("disagreement")
    weights = (np.ones(1),) * len(base)
    return by_weights(
        form, "kalai-smorodinsky", method, MEASURE, base, weights, ("weights", "discounts")
    )


@kalai_smorodinsky.on(FrontierProblem, [OnFrontier])
def _on_frontier(form: FrontierProblem, method: OnFrontier) -> Equilibria:
    base = form.spread("disagreement")
    s = feasible(form, base)
    start = np.zeros_like(base)
    gains = s.along(start, s.ideal, np.zeros(len(base)))
    gap = np.maximum(proportional(s, gains, start, s.ideal), misjudged(s))
    gains, gaps = settled(s, gains, gap)
    return packed(form, "kalai-smorodinsky", method, MEASURE, base + gains, gaps)
