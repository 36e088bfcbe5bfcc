"""Measures of co-opetition as columns of a sweep."""

from __future__ import annotations

from solver.columns import Column
from solver.coopetition.measures import coopetition
from solver.equilibria import Equilibria


def coopetition_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``team``, ``welfare_best``, ``gap_worst`` and so on (*B): `coopetition` as columns.

    Raises
    ------
    ConceptError
        For answers that are no equilibria of nash or pure-nash of a normal form.
    """
    found = coopetition(equilibria)
    columns = {
        "team": Column(found.team, doc="The most that all earn together.", unit="payoff"),
        "welfare_best": Column(
            found.welfare_best, doc="What all earn in the best equilibrium.", unit="payoff"
        ),
        "welfare_worst": Column(
            found.welfare_worst, doc="What all earn in the worst equilibrium.", unit="payoff"
        ),
        "gap_best": Column(
            found.gap_best, doc="The team's maximum less the best equilibrium.", unit="payoff"
        ),
        "gap_worst": Column(
            found.gap_worst, doc="The team's maximum less the worst equilibrium.", unit="payoff"
        ),
        "critical_discount": Column(
            found.discount, doc="Patience from which the team's best profile enforces itself."
        ),
    }
    if found.advantage is not None:
        doc = "Half the value of A - B: what the first player gets beyond half of the team's."
        columns["advantage"] = Column(found.advantage, doc=doc, unit="payoff")
    return columns
