"""Parts of a sweep put together as one labelled xarray Dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.columns import filler
from solver.equilibria import Status
from solver.sweep.design import Design, Grid, cells, restore
from solver.sweep.parts import Part

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
NAMES = np.array([status.name for status in Status], dtype=object)


def assemble(
    description: Mapping[str, Any], parts: Iterable[Part], design: Design | None = None
) -> xr.Dataset:
    """Label the parts of a sweep.

    Parameters
    ----------
    description : mapping
        The plan (`Plan.describe`) under ``plan``, the layout (`parts.schema_of`) under ``schema``,
        units and documentation under ``about``, and ``versions``.
    parts : iterable of Part
        In any order. Cells that no part covers have status PENDING.
    design : Design, optional
        By default what the plan describes.

    Returns
    -------
    xarray.Dataset
        One dimension per axis, or the dimension ``sample`` along which the varied parameters are
        coordinates; then ``slot``, ``player`` and ``action_<player>``, and those of added columns.
    """
    import xarray as xr  # noqa: PLC0415  0.9 s, paid by those who read a sweep

    plan, schema, about = (description[key] for key in ("plan", "schema", "about"))
    held = sorted(parts, key=lambda part: part.start)
    design = design or restore(plan)
    axes, shape = list(design.dimensions), design.shape
    coordinates = {**_coordinates(design, about["parameters"]), "player": schema["players"]}
    variables = {
        **_cell_variables(held, axes, shape, about, design.names),
        **(_slot_variables(held, axes, shape, schema) if schema["keep"] == "all" else {}),
        **_added_variables(held, axes, shape, schema),
    }
    for player, actions in zip(schema["players"], schema["actions"], strict=True):
        if actions:
            coordinates[f"action_{player}"] = actions
    for column in schema.get("added", ()):
        coordinates.update(column["labels"])
    return xr.Dataset(variables, coordinates, _attributes(description))


def _coordinates(design: Design, about: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the axes, or those of the sampled parameters in every point."""
    if isinstance(design, Grid):
        return {
            axis.name: (axis.name, axis.values, {**about.get(axis.name, {}), "scale": axis.scale})
            for axis in design.axes
        }
    (along,) = design.dimensions
    values = design.values(0, cells(design))
    return {name: (along, values[name], about.get(name, {})) for name in design.names}


def _attributes(description: Mapping[str, Any]) -> dict[str, Any]:
    plan, schema, about = (description[key] for key in ("plan", "schema", "about"))
    return {
        "game": plan["game"],
        "summary": about["summary"],
        "form": schema["form"],
        "concept": plan["concept"],
        "method": plan["method"]["name"],
        "measure": schema["measure"],
        "tol": schema["tol"],
        "parameters": json.dumps(plan["parameters"]),
        "parameter_units": json.dumps(
            {name: entry["units"] for name, entry in about["parameters"].items()}
        ),
        "versions": json.dumps(description["versions"]),
        "calibration_digest": plan["calibration_digest"],
    }


def _cell_variables(
    parts: list[Part],
    axes: list[str],
    shape: tuple[int, ...],
    about: Mapping[str, Any],
    taken: Iterable[str],
) -> dict[str, Any]:
    size = int(np.prod(shape))
    count, status = np.zeros(size, np.int64), np.full(size, Status.PENDING, np.int8)
    complete, regime = np.zeros(size, np.bool_), np.full(size, "", dtype=object)
    outcomes: dict[str, Floats] = {}
    declared, others = about["regimes"], set[str]()
    for part in parts:
        cells = slice(part.start, part.start + len(part.count))
        count[cells], status[cells], complete[cells] = part.count, part.status, part.complete
        regime[cells] = np.array(part.labels, dtype=object)[part.regime]
        others.update(part.labels[k] for k in np.unique(part.regime))
        for name, values in part.outcomes.items():
            outcomes.setdefault(name, np.full(size, np.nan))[cells] = values
    undeclared = sorted(others - set(declared), key=lambda label: (label == "none", label))
    made = {
        "regime": (axes, regime.reshape(shape), {"labels": json.dumps([*declared, *undeclared])}),
        "count": (axes, count.reshape(shape)),
        "status": (axes, NAMES[status].reshape(shape)),
        "complete": (axes, complete.reshape(shape)),
    }
    for name, values in outcomes.items():
        if name in taken:  # an outcome that repeats a parameter is that axis
            continue
        made[name] = (axes, values.reshape(shape), {"units": about["units"].get(name, "1")})
    return made


def _slot_variables(
    parts: list[Part], axes: list[str], shape: tuple[int, ...], schema: Mapping[str, Any]
) -> dict[str, Any]:
    slots = _slots(parts)
    players, actions = schema["players"], schema["actions"]
    ends = np.cumsum([len(names) for names in actions])
    made: dict[str, Any] = {}
    for name in ("payoff", "gap"):
        dense = _dense(parts, name, slice(None), len(players), slots, shape)
        made[name] = ([*axes, "slot", "player"], dense)
    for player, end, names in zip(players, ends, actions, strict=True):
        if names:
            columns = slice(int(end) - len(names), int(end))
            dense = _dense(parts, "profiles", columns, len(names), slots, shape)
            made[f"strategy_{player}"] = ([*axes, "slot", f"action_{player}"], dense)
    if schema["leader_action"]:
        dense = _dense(parts, "leader_action", slice(None), 1, slots, shape)
        made["leader_action"] = ([*axes, "slot"], dense[..., 0])
    return made


def _slots(parts: list[Part]) -> int:
    return max((int(part.count.max(initial=0)) for part in parts), default=0)


def _added_variables(
    parts: list[Part], axes: list[str], shape: tuple[int, ...], schema: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns that were added, with what they say about themselves."""
    made: dict[str, Any] = {}
    for column in schema.get("added", ()):
        name, over, kind = column["name"], column["over"], column["kind"]
        per_slot = over[:1] == ["slot"]
        if per_slot and schema["keep"] != "all":
            continue
        lead = (int(np.prod(shape)), *([_slots(parts)] if per_slot else []))
        width = [int(np.prod(column["sizes"]))] if column["sizes"] else []
        dense = np.full(
            (*lead, *width),
            filler(kind, column["empty"]),
            np.dtype(f"{kind}8") if kind != "b" else np.bool_,
        )
        for part in parts:
            if per_slot:
                dense[_places(part)] = part.per_slot[name]
            else:
                dense[part.start : part.start + len(part.count)] = part.per_cell[name]
        dense = dense.reshape((*shape, *lead[1:], *column["sizes"]))
        made[name] = ([*axes, *over], dense, {"units": column["unit"], "long_name": column["doc"]})
    return made


def _places(part: Part) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The cell and the slot of each row."""
    owner = np.repeat(np.arange(len(part.count)), part.count)
    slot = np.arange(len(owner)) - (np.cumsum(part.count) - part.count)[owner]
    return part.start + owner, slot


def _dense(  # noqa: PLR0913, PLR0917
    parts: list[Part], name: str, columns: slice, width: int, slots: int, shape: tuple[int, ...]
) -> Floats:
    """Rows of all parts into (cells, slots, width), NaN in empty slots."""
    dense = np.full((int(np.prod(shape)), slots, width), np.nan)
    for part in parts:
        rows = getattr(part, name)
        rows = rows[:, None] if rows.ndim == 1 else rows
        dense[_places(part)] = rows[:, columns]
    return dense.reshape(*shape, slots, width)
