"""What a picture says about its sweep: a title, the fixed parameters, how much is certified."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from solver.views._ticks import plain

if TYPE_CHECKING:
    from solver.views._grid import Grid

#: Concepts that name a kind of equilibrium; the others are called by their name alone.
EQUILIBRIA = {
    "nash": "Nash equilibrium",
    "pure-nash": "pure Nash equilibrium",
    "subgame-perfect": "subgame-perfect equilibrium",
    "sequential": "sequential equilibrium",
    "logit": "logit equilibrium",
    "correlated": "correlated equilibrium",
    "coarse-correlated": "coarse correlated equilibrium",
    "stackelberg": "Stackelberg equilibrium",
    "markov-perfect": "Markov-perfect equilibrium",
    "nash-bargaining": "Nash bargaining solution",
}


def heading(attrs: Mapping[Any, Any]) -> tuple[str, str]:
    """Title and subtitle: game and concept, and what the game is about."""
    concept = str(attrs.get("concept", ""))
    named = (str(attrs.get("game", "")), EQUILIBRIA.get(concept, concept.replace("-", " ")))
    return " · ".join(filter(None, named)) or "regimes", str(attrs.get("summary", ""))


def footer(attrs: Mapping[Any, Any], grid: Grid) -> list[str]:
    """Fixed parameters, and the share of cells that is certified."""
    swept = {axis.name for axis in grid.axes}
    units = _table(attrs.get("parameter_units"))
    held = [
        _value(name, value, str(units.get(name, "")))
        for name, value in _table(attrs.get("parameters")).items()
        if name not in swept
    ]
    how = [f"{word} {attrs[word]}" for word in ("concept", "method") if attrs.get(word)]
    return [" · ".join(held) and "fixed: " + " · ".join(held), " · ".join([*how, _share(grid)])]


def _share(grid: Grid) -> str:
    total = grid.codes.size
    if not grid.troubles:
        return f"{total:,} cells, all certified"
    bad = sum(grid.troubles.values())
    why = ", ".join(
        f"{cells:,} {name.lower().replace('_', ' ')}" for name, cells in grid.troubles.items()
    )
    return f"{bad:,} of {total:,} cells not certified ({why})"


def _value(name: str, value: object, unit: str) -> str:
    number = plain(float(value)) if isinstance(value, (int, float)) else str(value)
    return f"{name} {number}" if unit in {"", "1"} else f"{name} {number} {unit}"


def _table(value: object) -> dict[str, Any]:
    """An attribute that is a mapping, or the JSON text of one."""
    found = json.loads(value) if isinstance(value, str) else value
    return dict(found) if isinstance(found, Mapping) else {}
