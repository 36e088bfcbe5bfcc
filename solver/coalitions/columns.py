"""Properties of coalition games as columns of a sweep."""

from __future__ import annotations

from solver.coalitions.contributions import added_values
from solver.coalitions.intervals import core_interval
from solver.coalitions.properties import properties
from solver.columns import Column
from solver.equilibria import Equilibria
from solver.errors import ConceptError
from solver.forms.coalition import CoalitionGame


def coalition_columns(equilibria: Equilibria) -> dict[str, Column]:
    """``convex`` and so on (*B), ``core_low`` and so on (*B, N): properties as columns.

    Raises
    ------
    ConceptError
        For answers to another form.
    """
    game = equilibria.form
    if not isinstance(game, CoalitionGame):
        raise ConceptError(f"coalition columns are of coalition games, not of {game.kind} ones")
    found, core = properties(game), core_interval(game)
    each = ("player",)
    return {
        "monotone": Column(found.monotone, doc="No player takes from a coalition."),
        "superadditive": Column(found.superadditive, doc="Coalitions lose nothing by joining."),
        "convex": Column(found.convex, doc="A player adds the more, the larger the coalition."),
        "essential": Column(found.essential, doc="All together are worth more than one by one."),
        "balanced": Column(found.balanced, doc="The core is not empty."),
        "added_value": Column(
            added_values(game), each, "What all are worth less what the others are.", "payoff"
        ),
        "core_low": Column(core.low, each, "The least the player gets in the core.", "payoff"),
        "core_high": Column(core.high, each, "The most the player gets in the core.", "payoff"),
    }
