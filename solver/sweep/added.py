"""The table of columns that a sweep can add to its answers: a name and where it is computed.

Each set is a function of Equilibria over (*B) that returns named `Column` arrays. It raises
ConceptError for answers that it has no columns for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from solver.columns import Column
from solver.equilibria import Equilibria
from solver.errors import ConceptError, FormError, ParameterError, unknown
from solver.game import RESERVED, Game

ADDED = {
    "panel": "solver.selection.columns:panel_columns",
    "logit": "solver.selection.columns:logit_columns",
    "basins": "solver.selection.columns:basin_columns",
    "survivors": "solver.selection.columns:survivor_columns",
    "joint": "solver.concepts.obedience:joint_columns",
    "coco": "solver.concepts.coco:coco_columns",
    "coopetition": "solver.coopetition.columns:coopetition_columns",
    "coalition": "solver.coalitions.columns:coalition_columns",
}


def chosen(names: str | Iterable[str]) -> tuple[str, ...]:
    """The sets of those names, each once and in the order of the table, or ConceptError."""
    wanted = {names} if isinstance(names, str) else set(names)
    for name in sorted(wanted, key=str):
        if name not in ADDED:
            raise ConceptError(unknown("set of columns", str(name), ADDED))
    return tuple(name for name in ADDED if name in wanted)


def find(name: str) -> Callable[[Equilibria], Mapping[str, Column]]:
    """The function behind a set."""
    module, _, attribute = ADDED[name].partition(":")
    found: Callable[[Equilibria], Mapping[str, Column]] = getattr(import_module(module), attribute)
    return found


def columns(
    game: Game, equilibria: Equilibria, names: Iterable[str], outcomes: Iterable[str]
) -> dict[str, Column]:
    """All columns of the sets named, checked against the answer and against each other.

    Raises
    ------
    ConceptError
        For a set that does not apply to the answer.
    ParameterError
        For a column that has the name of a parameter or an outcome of the game.
    FormError
        For a set that returns what is no column, or one that another set has.
    """
    parameters = [parameter.name for parameter in game.parameters]
    found: dict[str, Column] = {}
    for name in names:
        for key, column in find(name)(equilibria).items():
            column.require(key, equilibria)
            if key in found or key in RESERVED:
                raise FormError(f"column {key!r} of {name!r} is there already, or reserved")
            for taken, what in ((outcomes, "an outcome"), (parameters, "a parameter")):
                if not {key, *column.labels}.isdisjoint(taken):
                    raise ParameterError(
                        f"game {game.name}: {what} is named {key!r}, as is a column of --add {name}"
                    )
            found[key] = column
    return found
