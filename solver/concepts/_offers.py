"""The stationary equilibrium of offers in turn, with or without outside options, in money.

Whoever refuses an offer loses: with probability q talks break down at once, which pays the
disagreement payoff d, and otherwise the next player proposes a round later, worth δ times as
much. Refusing for ever pays e = q d / (1 - (1 - q) δ). In gains over e, refusing is worth (1 - q) δ
times what the next proposer offers, or leaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._division import spread, stakes
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._rows import SMALLEST_RANGE
from solver.errors import ParameterError
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem
from solver.kernels.division import pair_of_offers, refusals, rotating_offers

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True)
class Discounted:
    """Rounds of offers with the discount factors and the risk of breakdown of the form.

    ``proposer`` is who begins, 0 for the first player; the others follow in turn. ``tol`` bounds
    the gap of what is reported as solved.
    """

    name: ClassVar[str] = "discounted"
    proposer: int = 0
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no player or no tolerance."""
        if isinstance(self.proposer, bool) or not isinstance(self.proposer, int):
            raise ParameterError(f"proposer = {self.proposer!r} is no whole number")
        require_tolerance(self.tol)

    def require(self, players: int) -> None:
        """Raise ParameterError unless the proposer is one of so many players."""
        if not 0 <= self.proposer < players:
            raise ParameterError(
                f"proposer = {self.proposer} is no player: 0 to {players - 1} are allowed"
            )


@final
@dataclass(frozen=True, eq=False)
class Rounds:
    """Offers of every player and what they come from, all in gains over refusing for ever.

    ``never``, ``rates`` (G, N) and ``total`` (G,); ``offers`` (G, N, N): who proposes, who gets.
    """

    never: Floats
    rates: Floats
    total: Floats
    offers: Floats

    @property
    def together(self) -> NDArray[np.bool_]:
        """(G, 1): whether agreeing is worth as much as refusing for ever."""
        return self.total[:, None] >= 0.0


def options(form: BargainingProblem) -> Floats:
    """What each gets alone, (G, N): the outside option, or zero by refusing for ever."""
    return np.maximum(spread(form, "outside"), 0.0)


def refusing(form: BargainingProblem | FrontierProblem, given: Floats) -> tuple[Floats, Floats]:
    """What refusing for ever pays and how gains over it shrink by a refusal, (G, N) both.

    ``given`` (2, G, N): disagreement payoffs and discount factors.
    """
    risk = np.broadcast_to(form.risk, form.batch_shape).ravel()[:, None]
    rates = given[1] * (1.0 - risk)
    never = np.where(risk > 0.0, given[0] * (risk / (1.0 - rates)), 0.0)
    return never, rates


def rounds(form: BargainingProblem) -> Rounds:
    """The offers on which all agree at once, of any number of players who cannot leave."""
    never, rates = _terms(form)
    total = form.total.ravel() - never.sum(axis=1)
    games, n = rates.shape
    proposals = np.zeros((games, n))

    def work(low: int, high: int) -> None:
        room = np.empty((n, n + 1))
        run(rotating_offers, (high - low) * 8.0 * n**3, total, rates, low, high, room, proposals)

    over_ranges(games, SMALLEST_RANGE, work)
    offers = np.empty((games, n, n))
    for i in range(n):
        for j in range(n):
            offers[:, i, j] = rates[:, j] ** ((j - i) % n) * proposals[:, j]
    return Rounds(never, rates, total, offers)


def rounds_with_exit(form: BargainingProblem) -> tuple[Rounds, Floats]:
    """The same of two players who may leave instead of refusing, and their options in gains."""
    never, rates = _terms(form)
    total = form.total.ravel() - never.sum(axis=1)
    leaving = np.maximum(spread(form, "outside") - never, 0.0)
    offers = np.zeros((len(total), 2, 2))

    def work(low: int, high: int) -> None:
        run(pair_of_offers, (high - low) * 60.0, total, rates, leaving, low, high, offers)

    over_ranges(len(total), SMALLEST_RANGE, work)
    return Rounds(never, rates, total, offers), leaving


def refusal_gaps(form: BargainingProblem, found: Rounds) -> Floats:
    """The best one-shot deviation of each player (G, N), relative to the stakes."""
    gaps = np.zeros_like(found.rates)

    def work(low: int, high: int) -> None:
        steps = (high - low) * 10.0 * found.rates.shape[1] ** 2
        run(refusals, steps, found.total, found.rates, found.offers, low, high, gaps)

    over_ranges(len(gaps), SMALLEST_RANGE, work)
    return gaps / stakes(form)


def exit_gaps(found: Rounds, leaving: Floats) -> Floats:
    """The best one-shot deviation of two players who may leave (G, 2), in payoff.

    The responder could refuse and propose next, or leave. The proposer could claim what the
    responder would concede beyond that, or be refused and answer next round.
    """
    gaps = np.zeros_like(leaving)
    for i in (0, 1):
        j = 1 - i
        mine, other = found.offers[:, i], found.offers[:, j]
        refusal = np.maximum(found.rates[:, j] * other[:, j], leaving[:, j])
        gaps[:, j] = np.maximum(gaps[:, j], np.abs(mine[:, j] - refusal))
        wasted = np.abs(found.total - mine.sum(axis=1))
        waiting = found.rates[:, i] * other[:, i] - mine[:, i]
        gaps[:, i] = np.maximum(gaps[:, i], np.maximum(wasted, waiting))
    return gaps


def _terms(form: BargainingProblem) -> tuple[Floats, Floats]:
    given = np.stack((spread(form, "disagreement"), spread(form, "discounts")))
    return refusing(form, given)
