"""A stored sweep as plain tables, one part at a time.

- ``points``: one row per finished cell.
- ``equilibria``: one row per equilibrium, in the order of the cells.

Both begin with the number of the cell and the varied parameters, which are made again from the
design. What the sweep fixed does not vary and is left out. Cells not computed yet have no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.errors import StoreError
from solver.sweep.dataset import NAMES
from solver.sweep.design import Design
from solver.sweep.parts import Part

if TYPE_CHECKING:
    import pyarrow as pa

Schema = dict[str, Any]
Columns = dict[str, Any]


def points(part: Part, schema: Schema, design: Design) -> Columns:
    """Columns of the cells of a part: parameters, answer, outcomes, first payoffs, added ones."""
    found = _parameters(part, design)
    _put(found, "regime", np.array(part.labels, dtype=object)[part.regime])
    _put(found, "status", NAMES[part.status])
    _put(found, "count", part.count)
    _put(found, "complete", part.complete)
    for name, values in part.outcomes.items():
        if name not in design.names:  # an outcome that repeats a parameter is that column
            _put(found, name, values)
    if part.rows_kept:
        first, filled = np.cumsum(part.count) - part.count, part.count > 0
        for k, player in enumerate(schema["players"]):
            values = np.full(len(part.count), np.nan)
            values[filled] = part.payoff[first[filled], k]
            _put(found, f"payoff_{player}", values)
    _put_added(found, part.per_cell, schema)
    return found


def equilibria(part: Part, schema: Schema, design: Design) -> Columns:
    """Columns of the equilibria of a part: parameters, slot, payoffs, gaps, strategies.

    Raises
    ------
    StoreError
        When the sweep kept nothing per equilibrium.
    """
    if not part.rows_kept:
        raise StoreError(
            "this sweep kept points only (--keep points): there is no table of equilibria"
        )
    owner = np.repeat(np.arange(len(part.count)), part.count)
    found = {name: values[owner] for name, values in _parameters(part, design).items()}
    slot = np.arange(len(owner)) - (np.cumsum(part.count) - part.count)[owner]
    _put(found, "slot", slot)
    _put(found, "regime", np.array(part.labels, dtype=object)[part.regime][owner])
    _put(found, "status", NAMES[part.status][owner])
    for word, values in (("payoff", part.payoff), ("gap", part.gap)):
        for k, player in enumerate(schema["players"]):
            _put(found, f"{word}_{player}", values[:, k])
    actions = zip(schema["players"], schema["actions"], strict=True)
    names = [f"strategy_{player}_{action}" for player, own in actions for action in own]
    for k, name in enumerate(names[: part.profiles.shape[1]]):
        _put(found, name, part.profiles[:, k])
    if part.leader_action is not None:
        _put(found, "leader_action", part.leader_action)
    _put_added(found, part.per_slot, schema)
    return found


#: What can be exported as a table.
TABLES: dict[str, Callable[[Part, Schema, Design], Columns]] = {
    "points": points,
    "equilibria": equilibria,
}


def arrow(
    parts: Iterator[Part], kind: str, schema: Schema, design: Design
) -> Iterator[pa.RecordBatch]:
    """One record batch per part, all of one schema."""
    import pyarrow as pa  # noqa: PLC0415

    for part in parts:
        yield pa.RecordBatch.from_pydict(
            {name: _array(values) for name, values in TABLES[kind](part, schema, design).items()}
        )


def _array(values: NDArray[Any]) -> pa.Array:
    """An array of one type whatever it holds; NaN, which marks what is not there, as null."""
    import pyarrow as pa  # noqa: PLC0415

    if values.dtype == object:
        return pa.array(values, pa.string())
    return pa.array(values, from_pandas=values.dtype.kind == "f")


def _parameters(part: Part, design: Design) -> Columns:
    stop = part.start + len(part.count)
    return {"cell": np.arange(part.start, stop), **design.values(part.start, stop)}


def _put(found: Columns, name: str, values: Any) -> None:
    """Add a column, under another name if that one is taken."""
    free, k = name, 2
    while free in found:
        free, k = f"{name}_{k}", k + 1
    found[free] = values


def _put_added(found: Columns, columns: dict[str, NDArray[Any]], schema: Schema) -> None:
    """Added columns, those with entries per player or action as one column each."""
    for column in schema.get("added", ()):
        if column["name"] not in columns:
            continue
        values = columns[column["name"]]
        if values.ndim == 1:
            _put(found, column["name"], values)
            continue
        axes = [axis for axis in column["over"] if axis != "slot"]
        for k, labels in enumerate(product(*(_labels(axis, column, schema) for axis in axes))):
            _put(found, "_".join((column["name"], *labels)), values[:, k])


def _labels(axis: str, column: dict[str, Any], schema: Schema) -> list[str]:
    """The names along an axis of an added column."""
    if axis in column["labels"]:
        return list(column["labels"][axis])
    if axis == "player":
        return list(schema["players"])
    named = {f"action_{p}": a for p, a in zip(schema["players"], schema["actions"], strict=True)}
    return list(named[axis])


def summary_rows(cells: int, regimes: dict[str, Any]) -> list[dict[str, Any]]:
    """One row per regime and outcome, for a table of `reductions.summarise`."""
    rows = []
    for name, regime in regimes.items():
        head = {"regime": name, "cells": regime.cells, "share": regime.cells / cells}
        for outcome, m in regime.outcomes.items():
            found = {"count": m.count, "mean": m.mean, "sd": m.sd, "min": m.low, "max": m.high}
            rows.append({**head, "outcome": outcome, **found})
        if not regime.outcomes:
            rows.append({**head, "outcome": "", "count": 0} | dict.fromkeys(_MOMENTS, np.nan))
    return rows


_MOMENTS = ("mean", "sd", "min", "max")
