"""How far competition is from cooperation, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._triggers import trigger
from solver.concepts.coco import coco, coco_parts
from solver.concepts.nash import nash
from solver.concepts.pure_nash import pure_nash
from solver.concepts.self_enforcing import CriticalDiscount, critical
from solver.equilibria import Equilibria, Status
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm

STAGE = ("nash", "pure-nash")


@final
@dataclass(frozen=True, eq=False)
class Coopetition:
    """What `coopetition` measures. NaN where the input is invalid, or no equilibrium was found.

    Attributes
    ----------
    equilibria : Equilibria
        Of the game as it is played once: its ``status`` and ``complete`` say how far the welfare
        of the best and the worst of them can be relied on.
    team : (*B) float
        The most that the players can earn together.
    welfare_best, welfare_worst : (*B) float
        What they earn together in the best and in the worst equilibrium.
    gap_best, gap_worst : (*B) float
        The co-opetition gap: by how much either falls short of the team.
    advantage : (*B) float or None
        Half the value of A - B: what player 1 gets beyond half of the team's payoff in the coco
        value, and player 2 less. None unless two play.
    patience : CriticalDiscount
        The discount factor δ* from which on the team's best profile enforces itself, if who
        deviates is punished by its worst equilibrium.
    """

    equilibria: Equilibria
    team: Floats
    welfare_best: Floats
    welfare_worst: Floats
    advantage: Floats | None
    patience: CriticalDiscount

    @property
    def gap_best(self) -> Floats:
        """(*B): what even the best equilibrium leaves unearned."""
        short: Floats = np.maximum(self.team - self.welfare_best, 0.0)
        return short

    @property
    def gap_worst(self) -> Floats:
        """(*B): what the worst equilibrium leaves unearned."""
        short: Floats = np.maximum(self.team - self.welfare_worst, 0.0)
        return short

    @property
    def discount(self) -> Floats:
        """(*B): δ*, infinite where no patience is enough."""
        return self.patience.discount


def coopetition(given: NormalForm | Equilibria) -> Coopetition:
    """Measure what the players of each game lose by competing, and what cooperation needs.

    Parameters
    ----------
    given : NormalForm over (*B), or its Equilibria by nash or pure-nash
        Payoffs must be in units that can be added up. A form is solved by `nash` for two players
        and by `pure_nash` for more.

    Raises
    ------
    ConceptError
        For another form, and for equilibria of another concept.

    Notes
    -----
    The sum of payoffs is bilinear in the strategies of two players, so that on a continuum of
    equilibria it is largest and smallest at the corners that are listed. With more players the
    welfare is that of the pure equilibria, NaN where there is none. It costs the equilibria and
    one zero-sum game per cell.

    Examples
    --------
    >>> pd = NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))
    >>> cell = coopetition(pd)
    >>> [float(x) for x in (cell.team, cell.gap_best, cell.advantage, cell.discount)]
    [4.0, 2.0, 0.0, 0.5]
    """
    equilibria = given if isinstance(given, Equilibria) else _solved(given)
    form = equilibria.form
    if equilibria.concept not in STAGE or not isinstance(form, NormalForm):
        raise ConceptError(
            "coopetition takes equilibria of nash or pure-nash of a normal form, not of"
            f" {equilibria.concept} of {form.kind} games"
        )
    # Pure equilibria of two players may leave out the worst punishment.
    two = len(form.players) == 2
    stage = None if two and equilibria.concept != "nash" else equilibria
    shape = form.batch_shape
    with np.errstate(all="ignore"):
        found = trigger(form, "nash-reversion", stage)
        best, worst = _welfare(equilibria)
        team = np.where(found.valid, found.total.max(axis=1, initial=-np.inf), np.nan)
        patience = critical(form, found, None)
    return Coopetition(
        equilibria=equilibria,
        team=team.reshape(shape),
        welfare_best=best.reshape(shape),
        welfare_worst=worst.reshape(shape),
        advantage=coco_parts(coco(form)).advantage if two else None,
        patience=patience,
    )


def _solved(form: NormalForm) -> Equilibria:
    pure_nash.require(form)
    return nash(form) if len(form.players) == 2 else pure_nash(form)


def _welfare(equilibria: Equilibria) -> tuple[Floats, Floats]:
    """The largest and smallest sum of payoffs (G,) in any equilibrium."""
    count = equilibria.count.ravel()
    best, worst = np.full((2, len(count)), np.nan)
    some: NDArray[np.bool_] = count > 0
    if some.any():
        total = equilibria.row_values[0].sum(axis=1)
        first = (np.cumsum(count) - count)[some]
        best[some] = np.maximum.reduceat(total, first)
        worst[some] = np.minimum.reduceat(total, first)
    invalid = equilibria.status.ravel() == int(Status.INVALID_INPUT)
    best[invalid] = worst[invalid] = np.nan
    return best, worst
