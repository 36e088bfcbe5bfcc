"""Kalai's proportional solution, the egalitarian one where weights are equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._division import ClosedForm, OnFrontier, by_weights, packed, require_pair
from solver.concepts._feasible import feasible, improved, pair, proportional, settled
from solver.concepts._matrix_games import require_tolerance
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]
MEASURE = "proportions and frontier"


@final
@dataclass(frozen=True)
class Lexicographic:
    """Without transfers, two players: what harms nobody is added to the proportional point.

    Where the frontier falls straight off, one player can gain more and the other loses nothing:
    it then does. ``tol`` bounds the gap of what is reported as solved.
    """

    name: ClassVar[str] = "lexicographic"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@concept("egalitarian", BargainingProblem, [ClosedForm])
def egalitarian(form: BargainingProblem, method: ClosedForm) -> Equilibria:
    """Kalai's proportional solution: gains in proportion to the weights; equal by default.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible, ``disagreement`` and ``weights``.
    method : ClosedForm, or for a FrontierProblem OnFrontier or Lexicographic, optional

    Returns
    -------
    Equilibria
        One division per problem, no strategies; the disagreement payoffs where nothing feasible
        gives them to everybody. The gap says how far it is from the line of proportional gains
        and from the frontier, relative to the stakes.

    Raises
    ------
    ConceptError
        For the lexicographic method and more than two players.

    Notes
    -----
    The last feasible point of d + t w. It compares gains between players, unlike the solutions of
    Nash and of Kalai and Smorodinsky, and in money it is the Nash solution with the same weights.
    Nobody loses when more becomes feasible (strong monotonicity). Unique; only weakly efficient:
    with the method ``lexicographic`` it is efficient, but no longer monotone.

    References
    ----------
    E. Kalai (1977), Proportional solutions to bargaining situations, Econometrica 45.
    Y. Chun, H. Peters (1988), The lexicographic egalitarian solution, Cahiers du CERO 30.

    Examples
    --------
    >>> points = [[0, 2], [1, 2], [4, 0]]
    >>> egalitarian(FrontierProblem(players=("a", "b"), vertices=points)).payoffs.tolist()
    [[1.6, 1.6]]
    """
    base, weights = form.columns("disagreement"), form.columns("weights")
    return by_weights(form, "egalitarian", method, MEASURE, base, weights)


@egalitarian.on(FrontierProblem, [OnFrontier, Lexicographic])
def _on_frontier(form: FrontierProblem, method: OnFrontier | Lexicographic) -> Equilibria:
    base, step = form.spread("disagreement"), form.spread("weights")
    s = feasible(form, base)
    start = np.zeros_like(base)
    # The length of the step does not matter; as long as the payoffs, none is lost in rounding.
    step = step / step.max(axis=1, keepdims=True) * s.size.max(axis=1, keepdims=True)
    gains = s.along(start, step, np.zeros(len(base)))
    gap = proportional(s, gains, start, step)
    if isinstance(method, Lexicographic):
        require_pair(form, "egalitarian", "by the method lexicographic")
        two = pair(form, base)
        gains = improved(two, gains)
        gap = np.maximum(gap, np.abs(two.spare(gains)))
    gains, gaps = settled(s, gains, gap)
    return packed(form, "egalitarian", method, MEASURE, base + gains, gaps)
