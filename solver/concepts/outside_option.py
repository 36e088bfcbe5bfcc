"""Bargaining when a player may leave: the outside-option principle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._division import Divisions, packed, require_pair, spread, stakes
from solver.concepts._feasible import pair
from solver.concepts._frontier_offers import apart, between, offers_on
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._offers import Discounted, exit_gaps, options, rounds_with_exit
from solver.equilibria import Equilibria
from solver.errors import ConceptError
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MEASURE = "one-shot deviation"
#: An option binds if without it a player would get less by more than this share of the stakes.
BINDS = 1e-12


@final
@dataclass(frozen=True)
class Frequent:
    """The limit of ever more frequent offers: shares by the weights of the form."""

    name: ClassVar[str] = "frequent-offers"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@concept("outside-option", BargainingProblem, [Frequent, Discounted])
def outside_option(form: BargainingProblem, method: Frequent | Discounted) -> Equilibria:
    """Offers in turn in which a responder may leave: an option matters only if it binds.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible, ``outside``, and ``weights`` (frequent-offers) or ``discounts`` and
        ``breakdown`` (discounted). Nothing accrues during talks, so that ``disagreement`` plays no
        part unless talks may break down.
    method : Frequent or Discounted, optional
        The limit of frequent offers, or rounds with the given discount factors.

    Returns
    -------
    Equilibria
        The division agreed on at once. Where leaving, or never agreeing, which pays zero, is
        worth more to all together than what is feasible, they do that. The gap is the best
        one-shot deviation, relative to the stakes. `binding` says whose option binds.

    Raises
    ------
    ConceptError
        For the discounted method, or a frontier, and more than two players.

    Notes
    -----
    With frequent offers a player gets its share w_i/Σw of the surplus, or its outside option if
    that is more, and the others share what is left: an option below the share does not move the
    outcome at all, one above it moves it one for one. On a frontier the share is what the
    weighted Nash solution over zero gives. With discounting the responder gets max(δ_2 V_2, o_2).
    Unique among stationary equilibria; with options for both players others may exist (Ponsatí
    and Sákovics 1998), so the claim of a whole set is about stationary ones.

    References
    ----------
    K. Binmore, A. Shaked, J. Sutton (1989), An outside option experiment, QJE 104. C. Ponsatí,
    J. Sákovics (1998), Rubinstein bargaining with two-sided outside options, Economic Theory 11.

    Examples
    --------
    >>> form = BargainingProblem(players=("a", "b"), surplus=10, outside=(0, [4, 6]))
    >>> eq = outside_option(form)
    >>> eq.payoffs[:, 0].tolist(), binding(eq).tolist()
    ([[5.0, 5.0], [4.0, 6.0]], [[False, False], [False, True]])
    """
    if isinstance(method, Discounted):
        require_pair(form, "outside-option", "by the method discounted")
        method.require(2)
        found, leaving = rounds_with_exit(form)
        gains = found.offers[:, method.proposer]
        gaps = exit_gaps(found, leaving)
        alone, total = found.never + leaving, found.total + found.never.sum(axis=1)
        division = found.never + gains
        own = np.stack((found.offers[:, 0, 0], found.offers[:, 1, 1]), axis=-1)
        refusal = found.rates * own
        binds = leaving > refusal + BINDS * stakes(form)
    else:
        alone, total = options(form), form.total.ravel()
        division, gaps, binds = _frequent(total, alone, spread(form, "weights"), stakes(form))
    leave = (alone.sum(axis=1) > total)[:, None]
    payoffs = np.where(leave, alone, division)
    gaps = np.where(leave, 0.0, gaps / stakes(form))
    return packed(form, "outside-option", method, MEASURE, payoffs, gaps, binding=binds | leave)


def binding(equilibria: Equilibria) -> Mask:
    """Whose outside option binds: who would get less if it could not leave.

    Parameters
    ----------
    equilibria : Equilibria
        As `outside_option` returned them.

    Returns
    -------
    (*B, N) bool
        All True where the players are better off apart. False where nothing was found.

    Raises
    ------
    ConceptError
        For the answer of another concept.
    """
    values = equilibria.rows.values
    if not isinstance(values, Divisions) or values.binding is None:
        raise ConceptError(f"binding takes what outside_option returned, not {equilibria.concept}")
    mask = np.zeros((equilibria.count.size, values.binding.shape[1]), np.bool_)
    mask[equilibria.owner] = values.binding
    found: Mask = mask.reshape(*equilibria.count.shape, mask.shape[1])
    return found


def _frequent(
    total: Floats, alone: Floats, weights: Floats, scale: Floats
) -> tuple[Floats, Floats, Mask]:
    """The limit division, gaps in payoff, and whose options bind, (G, N) each.

    Who would get less than alone is paid that, and the others share what is left; it may then be
    the turn of another, at most as often as there are players.
    """
    held = np.zeros(alone.shape, np.bool_)
    division = np.zeros_like(alone)
    for _ in range(alone.shape[1] + 1):
        free = np.where(held, 0.0, weights)
        left = total - np.where(held, alone, 0.0).sum(axis=1)
        power = free.sum(axis=1)
        rate = left / np.where(power > 0.0, power, 1.0)
        division = np.where(held, alone, free * rate[:, None])
        held |= division < alone - BINDS * scale
    # Where all but those without weight are held, what is left goes to the last of them.
    idle = total - division.sum(axis=1)
    slack = np.argmax(np.where(held, -1.0, weights), axis=1)
    division[np.arange(len(total)), slack] += idle
    return division, _misses(total, division, alone, weights), held


def _misses(total: Floats, division: Floats, alone: Floats, weights: Floats) -> Floats:
    """How far a division is from the principle, player by player.

    Each gets at least what it has alone, and more only at the common rate per weight.
    """
    rates = np.where(weights > 0.0, division / weights, -np.inf)
    extra = np.where(division > alone, rates, -np.inf)
    common = extra.max(axis=1, keepdims=True)
    shared = np.where(np.isfinite(common), common * weights, division)
    off = np.minimum(np.abs(division - shared), np.abs(division - alone))
    wasted = np.abs(total - division.sum(axis=1))[:, None]
    greedy = np.where(division > alone, 0.0, np.maximum(shared - alone, 0.0))
    worst: Floats = np.maximum(np.maximum(off, greedy), np.maximum(alone - division, wasted))
    return worst


@outside_option.on(FrontierProblem, [Frequent, Discounted])
def _on_frontier(form: FrontierProblem, method: Frequent | Discounted) -> Equilibria:
    require_pair(form, "outside-option", "on a frontier")
    if isinstance(method, Discounted):
        method.require(2)
        found = offers_on(form, leaving=True)
        payoffs, gaps = found.division(method.proposer)
        s, leaving = found.s, found.leaving
        refusal = found.rates * np.stack((found.offers[:, 0, 0], found.offers[:, 1, 1]), axis=-1)
        binds = leaving > refusal + BINDS * s.size
        alone = apart(s, leaving)
    else:
        leaving = np.maximum(form.spread("outside"), 0.0)
        s = pair(form, np.zeros_like(leaving))
        free = s.product(form.spread("weights"))
        payoffs, gap = between(s, free, leaving)
        alone = apart(s, leaving)
        held = np.maximum(s.spare(leaving), 0.0)
        payoffs = np.where(alone[:, None], leaving, payoffs)
        gaps = np.where(alone, held, gap)[:, None] + np.zeros_like(payoffs)
        binds = leaving > free + BINDS * s.size
    return packed(
        form, "outside-option", method, MEASURE, payoffs, gaps, binding=binds | alone[:, None]
    )
