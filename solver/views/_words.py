"""What a picture says about its sweep: a title, the fixed parameters, how much is certified."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

from solver.views._ticks import plain

if TYPE_CHECKING:
    import xarray as xr

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


@final
@dataclass(frozen=True)
class Words:
    """Title, what the game is about, and the paragraphs below the picture."""

    title: str
    subtitle: str
    notes: tuple[str, ...]


def words(attrs: Mapping[Any, Any], grid: Grid) -> Words:
    """Game and concept, the game's summary, and what was held fixed and how much is certified."""
    how = [f"{word} {attrs[word]}" for word in ("concept", "method") if attrs.get(word)]
    return Words(
        title=titled_by(attrs) or "regimes",
        subtitle=str(attrs.get("summary", "")),
        notes=(
            fixed_values(attrs, {axis.name for axis in grid.axes}),
            " · ".join([*how, _share(grid)]),
        ),
    )


def about_point(dataset: xr.Dataset, slot: int) -> Words:
    """Game and concept, the game's summary, and which of its equilibria is shown."""
    attrs = dataset.attrs
    count, status = int(dataset["count"]), str(dataset["status"].item()).lower().replace("_", " ")
    shown = status
    if count:
        payoffs = dataset["payoff"].values[slot].tolist()
        values = ", ".join(
            f"{player} {value:.6g}"
            for player, value in zip(dataset["player"].values.tolist(), payoffs, strict=True)
        )
        shown = f"equilibrium {slot + 1} of {count}, {status}; expected payoffs: {values}"
    return Words(
        title=titled_by(attrs),
        subtitle=str(attrs.get("summary", "")),
        notes=(shown, fixed_values(attrs, set())),
    )


def titled_by(attrs: Mapping[Any, Any]) -> str:
    """The game and the concept."""
    concept = str(attrs.get("concept", ""))
    named = str(attrs.get("game", "")), EQUILIBRIA.get(concept, concept.replace("-", " "))
    return " · ".join(filter(None, named))


def fixed_values(attrs: Mapping[Any, Any], swept: set[str]) -> str:
    """The parameters that were held fixed, with their units."""
    units = _table(attrs.get("parameter_units"))
    held = _table(attrs.get("parameters"))
    items = [_value(n, v, str(units.get(n, ""))) for n, v in held.items() if n not in swept]
    return "fixed: " + " · ".join(items) if items else ""


def _share(grid: Grid) -> str:
    total = grid.codes.size
    if grid.troubles is None:
        return f"{total:,} cells"
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
