"""The equal-loss solution: everybody concedes as much from the best it could have had."""

from __future__ import annotations

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._division import ClosedForm, OnFrontier, by_weights, packed
from solver.concepts._feasible import feasible, misjudged, proportional, settled
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

MEASURE = "equal losses and frontier"


@concept("equal-loss", BargainingProblem, [ClosedForm])
def equal_loss(form: BargainingProblem, method: ClosedForm) -> Equilibria:
    """Chun's equal-loss solution: all lose the same from their ideal payoffs.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible and ``disagreement``; not ``weights``.
    method : ClosedForm, or OnFrontier for a FrontierProblem, optional

    Returns
    -------
    Equilibria
        One division per problem, no strategies; the disagreement payoffs where nothing feasible
        gives them to everybody. The gap says how far it is from the line of equal losses and from
        the frontier, relative to the stakes.

    Notes
    -----
    Ideal payoffs are the most that each can get while nobody else gets less than its disagreement
    payoff; the solution is the first feasible point below them with equal losses. It compares
    losses between players. In money all ideal gains are W - Σd, so that it divides gains equally.
    Two players never get less than their disagreement payoffs. Three or more may: the solution
    does not look at them again, and this is not corrected.

    References
    ----------
    Y. Chun (1988), The equal-loss principle for bargaining problems, Economics Letters 26.

    Examples
    --------
    >>> form = FrontierProblem(players=("a", "b"), vertices=[[0, 2], [4, 0]])
    >>> equal_loss(form).payoffs.round(6).tolist()
    [[2.666667, 0.666667]]
    """
    base = form.columns("disagreement")
    weights = (np.ones(1),) * len(base)
    return by_weights(form, "equal-loss", method, MEASURE, base, weights, ("weights", "discounts"))


@equal_loss.on(FrontierProblem, [OnFrontier])
def _on_frontier(form: FrontierProblem, method: OnFrontier) -> Equilibria:
    base = form.spread("disagreement")
    s = feasible(form, base)
    ones = np.ones_like(base)
    # Two players' losses end inside their ideal payoffs; beyond two, far enough below all points.
    two = len(form.players) == 2
    back = s.ideal.min(axis=1) if two else 2.0 * s.size.max(axis=1)
    gains = s.along(s.ideal, ones, back)
    gap = np.maximum(proportional(s, gains, s.ideal, ones), misjudged(s))
    gains, gaps = settled(s, gains, gap)
    return packed(form, "equal-loss", method, MEASURE, base + gains, gaps)
