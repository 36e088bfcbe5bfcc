"""Rubinstein's alternating offers, in money and on a frontier."""

from __future__ import annotations

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._division import packed, require_pair
from solver.concepts._frontier_offers import offers_on
from solver.concepts._offers import Discounted, refusal_gaps, rounds
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

MEASURE = "one-shot deviation"


@concept("alternating-offers", BargainingProblem, [Discounted])
def alternating_offers(form: BargainingProblem, method: Discounted) -> Equilibria:
    """Rubinstein's bargaining game: offers in turn until one is taken; the first player begins.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible, ``discounts`` and ``breakdown``; with a risk of breakdown, also
        ``disagreement``, which is what a breakdown pays. Otherwise nothing accrues during talks.
        Nobody can leave, so that ``outside`` plays no part (`outside_option` lets players leave).
    method : Discounted, optional
        Names who begins; the others follow in turn.

    Returns
    -------
    Equilibria
        The division agreed on at once. Where refusing for ever is worth more than there is to
        divide, all get that: zero without a risk of breakdown. The gap of a player is its best
        one-shot deviation: for the proposer a worse offer or a refused one, for the responder a
        refusal; in any round, relative to the stakes.

    Raises
    ------
    ParameterError
        Where the one who begins is not a player.
    ConceptError
        For a frontier and more than two players.

    Notes
    -----
    Two players in money: the proposer gets (1 - δ_2)/(1 - δ_1 δ_2) of the surplus. A refusal ends
    talks with probability q, and delays them otherwise: gains over refusing for ever shrink to
    (1 - q) δ of themselves. With δ = 1 and q towards 0 this is the Nash solution with equal
    weights and d the payoffs after a breakdown (Binmore, Rubinstein and Wolinsky 1986). On a
    frontier the two offers (x, f(x)) and (y, f(y)) solve f(x) = δ_2 f(y), y = δ_1 x.

    For two players the subgame-perfect equilibrium is unique. Three or more take turns and all
    must agree: what is given is the stationary equilibrium, by a linear system. Patient players
    can also sustain any other division by strategies that look back (Herrero 1985; Sutton 1986),
    so ``complete`` is False for them.

    References
    ----------
    A. Rubinstein (1982), Perfect equilibrium in a bargaining model, Econometrica 50. K. Binmore,
    A. Rubinstein, A. Wolinsky (1986), The Nash bargaining solution in economic modelling, RAND
    J. Economics 17. J. Sutton (1986), Non-cooperative bargaining theory: an introduction, Review
    of Economic Studies 53.

    Examples
    --------
    >>> form = BargainingProblem(players=("a", "b"), surplus=1, discounts=(0.9, 0.8))
    >>> alternating_offers(form).payoffs.round(6).tolist()
    [[0.714286, 0.285714]]
    """
    method.require(len(form.players))
    found = rounds(form)
    division = np.where(found.together, found.offers[:, method.proposer], 0.0)
    gaps = np.where(found.together, refusal_gaps(form, found), 0.0)
    return packed(
        form,
        "alternating-offers",
        method,
        MEASURE,
        found.never + division,
        gaps,
        unique=len(form.players) == 2,
    )


@alternating_offers.on(FrontierProblem, [Discounted])
def _on_frontier(form: FrontierProblem, method: Discounted) -> Equilibria:
    require_pair(form, "alternating-offers", "on a frontier")
    method.require(2)
    found = offers_on(form, leaving=False)
    payoffs, gaps = found.division(method.proposer)
    return packed(form, "alternating-offers", method, MEASURE, payoffs, gaps)
