"""The (weighted) Nash bargaining solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._division import ClosedForm, OnFrontier, by_weights, packed
from solver.concepts._feasible import Feasible, feasible, settled, supporting
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._polytope import Polytope
from solver.equilibria import Equilibria
from solver.errors import ConceptError
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True)
class ConvexProgram:
    """Without transfers: a convex program per problem, as cvxpy states it; points only.

    Slow, and of six to nine digits: a second route. ``tol`` bounds the gap of what is solved.
    """

    name: ClassVar[str] = "convex-program"
    tol: float = 1e-6

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@concept("nash-bargaining", BargainingProblem, [ClosedForm])
def nash_bargaining(form: BargainingProblem, method: ClosedForm) -> Equilibria:
    """The Nash bargaining solution: each gets the disagreement payoff and a share of the gains.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible, ``disagreement`` and ``weights``; not ``outside``, ``discounts`` or
        ``breakdown``.
    method : ClosedForm, or for a FrontierProblem OnFrontier or ConvexProgram, optional

    Returns
    -------
    Equilibria
        One division per problem, no strategies. Where nothing feasible gives everybody the
        disagreement payoff, they get that. The gap of a player is by how much its marginal gain
        in the weighted Nash product differs from the others', in payoff, relative to the stakes;
        without transfers, by how much the prices that support the solution value another feasible
        point above it, which bounds what is missing from the logarithm of the product.

    Raises
    ------
    ConceptError
        For a convex program over a function, or without cvxpy.

    Notes
    -----
    Maximises Σ w_i log(u_i - d_i) over what is feasible. In money this is u_i = d_i + w_i/Σw
    (W - Σd), at memory speed. Below straight lines two players' solution is exact, at a cost of
    the points times their logarithm; below a function it takes some 400 evaluations; of more
    players it is a program in as many prices as players, some twenty steps of points times
    players². The whole set: the solution is unique. Who cannot gain while nobody loses counts in
    no product.

    References
    ----------
    J. F. Nash (1950), The bargaining problem, Econometrica 18. E. Kalai (1977), Nonsymmetric Nash
    solutions, Int. J. Game Theory 6. E. Eisenberg, D. Gale (1959), Consensus of subjective
    probabilities, Annals of Mathematical Statistics 30.

    Examples
    --------
    >>> form = FrontierProblem(players=("a", "b"), function=lambda x: 1 - x**2)
    >>> nash_bargaining(form).payoffs.round(6).tolist()
    [[0.57735, 0.666667]]
    """
    base, weights = form.columns("disagreement"), form.columns("weights")
    return by_weights(form, "nash-bargaining", method, "first-order condition", base, weights)


@nash_bargaining.on(FrontierProblem, [OnFrontier, ConvexProgram])
def _on_frontier(form: FrontierProblem, method: OnFrontier | ConvexProgram) -> Equilibria:
    base, weights = form.spread("disagreement"), form.spread("weights")
    s = feasible(form, base)
    gains = s.product(weights)
    # Of two players, `excess` looks only at points that give both their disagreement payoffs.
    extra, counts = np.zeros_like(base), np.ones(base.shape, np.bool_)
    if isinstance(s, Polytope):  # a price for those without weight, and for those who cannot gain
        extra, counts = s.multipliers(), s.able
    if isinstance(method, ConvexProgram):
        gains = _by_cvxpy(form, s, base, weights)
    gap = supporting(s, gains, np.where(counts, weights, 0.0), extra)
    for i in np.flatnonzero(~counts.all(axis=0)).tolist():
        idle = s.inside & ~counts[:, i]
        gap = np.where(idle, np.maximum(gap, s.able_to(i) / s.size[:, i]), gap)
    gains, gaps = settled(s, gains, gap)
    measure = "supporting hyperplane"
    return packed(form, "nash-bargaining", method, measure, base + gains, gaps)


def _by_cvxpy(form: FrontierProblem, s: Feasible, base: Floats, weights: Floats) -> Floats:
    from solver.programs.convex import largest_product  # noqa: PLC0415  the second route only

    if form.points is None:
        raise ConceptError("convex-program takes vertices or a curve, not a function")
    gains, good = np.full_like(base, np.nan), s.inside & form.valid.ravel()
    for g in np.flatnonzero(good):
        gains[g] = largest_product(form.points[g] - base[g], weights[g])
    return gains
