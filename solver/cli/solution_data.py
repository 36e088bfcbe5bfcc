"""An answer as the JSON object that outside programs read."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.cli.solution import alone, has_panel, known, labels, row, strategies
from solver.cli.tree_text import behavior
from solver.concepts.coco import coco_parts
from solver.concepts.nash_sets import nash_subsets
from solver.concepts.obedience import joint
from solver.concepts.self_enforcing import critical_discount
from solver.equilibria import Equilibria, Status
from solver.forms import Form
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm
from solver.game import Game
from solver.parameters import Bound
from solver.sweep.cells import Cells


def as_data(game: Game, bound: Bound, cells: Cells) -> dict[str, Any]:
    """The JSON object that outside programs read."""
    equilibria = cells.equilibria
    form = equilibria.form
    return {
        "game": {
            "name": game.name,
            "form": form.kind,
            "players": form.players,
            "actions": form.actions,
            **_infosets(form),
        },
        "parameters": {name: float(value) for name, value in bound.values.items()},
        "concept": equilibria.concept,
        "method": equilibria.method,
        "status": Status(int(equilibria.status)).name,
        "complete": bool(equilibria.complete),
        "equilibria": [_equilibrium(equilibria, k) for k in range(int(equilibria.count))],
        "regime": cells.labels[int(cells.regime)],
        "outcomes": {name: float(value) for name, value in cells.outcomes.items()},
        **({"columns": _columns(cells)} if cells.columns else {}),
        **_sets(equilibria),
        **_parts(equilibria),
    }


def _infosets(form: Form) -> dict[str, Any]:
    """Per player of a tree, the information sets in the order in which behavior lists them."""
    if not isinstance(form, ExtensiveForm):
        return {}
    sets: list[list[dict[str, Any]]] = [[] for _ in form.players]
    for h in form.tree.infosets:
        sets[h.player].append({"label": h.label, "actions": h.actions})
    return {"infosets": sets}


def _columns(cells: Cells) -> dict[str, dict[str, Any]]:
    """The columns that were added: what they run over, and their values."""
    return {
        name: {"over": column.over, "unit": column.unit, "values": column.values}
        for name, column in cells.columns.items()
    }


def _parts(equilibria: Equilibria) -> dict[str, Any]:
    """What the coco value is made of; how patient players must be."""
    form = equilibria.form
    if equilibria.concept == "self-enforcing" and isinstance(form, NormalForm):
        needed = critical_discount(form, punishment=equilibria.method)
        return {
            "critical_discount": needed.discount,  # null where no patience is enough
            "critical_discounts": needed.by_player,
        }
    if equilibria.concept != "coco":
        return {}
    parts = coco_parts(equilibria)
    return {
        "team": float(parts.team),
        "advantage": float(parts.advantage),
        "advantage_strategies": list(parts.advantage_strategies),
    }


def _equilibrium(equilibria: Equilibria, k: int) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    form = equilibria.form
    if isinstance(form, ExtensiveForm):
        entry["behavior"] = behavior(form.tree, row(equilibria, k))
    elif equilibria.profiles.shape[1]:
        entry["strategies"] = strategies(equilibria, k)
    if equilibria.leader_action is not None:
        entry["leader_action"] = equilibria.leader_action[k]
    if equilibria.terms is not None:
        entry["terms"] = equilibria.terms[k]
    entry["payoffs"] = equilibria.payoffs[k]
    if equilibria.rows.joint is not None:
        entry["joint"] = joint(equilibria)[k]
    if has_panel(equilibria):
        entry["labels"] = labels(equilibria, k)
    if equilibria.rows.exact is not None:
        entry["exact_payoffs"] = list(map(str, equilibria.rows.exact.payoffs[k]))
    entry["gap"] = float(equilibria.gap[k].max())
    entry["index"] = None
    if equilibria.index is not None and equilibria.complete and alone(equilibria)[k]:
        entry["index"] = known(equilibria.index[k])
    return entry


def _sets(equilibria: Equilibria) -> dict[str, Any]:
    """Which equilibria form one component, and the index of each component."""
    component, index = equilibria.component, equilibria.index
    if component is None or index is None or not equilibria.complete:
        return {"components": None}
    order = np.argsort(component, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(component))[:-1]) if len(order) else []
    return {
        "components": members,
        "component_index": [known(index[group[0]]) for group in members],
        "subsets": nash_subsets(equilibria),
    }
