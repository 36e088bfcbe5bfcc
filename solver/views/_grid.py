"""What a map of regimes needs of a sweep's Dataset: axes, a category per cell, one outcome."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Status
from solver.errors import TargetError
from solver.views._axis import Axis, read_axis, unit
from solver.views._palette import Kind, categories

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

SETTLED = {status.name for status in Status if status.settled}
#: Variables over the axes that every sweep has; any other is an outcome of the game.
BOOKKEEPING = {"regime", "status", "count", "complete", "gap", "payoff", "leader_action"}


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """A number per cell."""

    name: str
    unit: str
    values: Floats


@final
@dataclass(frozen=True, eq=False)
class Grid:
    """A sweep over one or two axes; arrays have one dimension per axis, coordinates ascend.

    ``codes`` index ``kinds``; ``uncertified`` marks the cells whose status is not settled, and
    ``troubles`` counts those statuses; it is None if the sweep does not say.
    """

    axes: tuple[Axis, ...]
    codes: Codes
    kinds: tuple[Kind, ...]
    uncertified: Mask
    troubles: dict[str, int] | None
    outcome: Outcome | None


def read(dataset: xr.Dataset, axes: Sequence[str] | None = None, view: str = "regimes") -> Grid:
    """Read a sweep over one or two axes, or raise TargetError saying what it has instead."""
    if "regime" not in dataset:
        raise TargetError(f"view {view} needs the variable regime, which this dataset lacks")
    names = _axis_names(tuple(map(str, dataset["regime"].dims)), axes, view)
    swept = tuple(read_axis(dataset, name, view) for name in names)
    ascending = np.ix_(*(np.argsort(dataset[name].values, kind="stable") for name in names))

    def values(name: str) -> NDArray[Any]:
        found: NDArray[Any] = dataset[name].transpose(*names).values[ascending]
        return found

    uncertified, troubles = _uncertified(values, dataset)
    listed = json.loads(dataset["regime"].attrs.get("labels", "[]"))
    codes, kinds = categories(*encode(values("regime")), list(map(str, listed)), uncertified)
    outcome = _outcome(values, dataset, names)
    return Grid(swept, codes, kinds, uncertified, troubles, outcome)


def encode(values: NDArray[Any]) -> tuple[Codes, list[str]]:
    """Codes of an array of strings and what they stand for, in order of first appearance."""
    seen: defaultdict[Any, int] = defaultdict(count().__next__)
    flat = values.ravel().tolist()
    codes = np.fromiter(map(seen.__getitem__, flat), np.int32, len(flat))
    return codes.reshape(values.shape), list(map(str, seen))


def read_values(dataset: xr.Dataset, name: str, grid: Grid) -> Outcome:
    """A variable over the axes of a sweep, in their order."""
    names = [axis.name for axis in grid.axes]
    ascending = np.ix_(*(np.argsort(dataset[axis].values, kind="stable") for axis in names))
    values = dataset[name].transpose(*names).values[ascending].astype(np.float64)
    return Outcome(name, unit(dataset[name]), values)


def outcome_names(dataset: xr.Dataset, axes: Iterable[str]) -> list[str]:
    """The numbers per cell that a game tells of its own."""
    return [
        str(name)
        for name, variable in dataset.data_vars.items()
        if name not in BOOKKEEPING
        and set(variable.dims) == set(axes)
        and variable.dtype.kind == "f"
    ]


def _axis_names(swept: tuple[str, ...], wanted: Sequence[str] | None, view: str) -> tuple[str, ...]:
    if len(swept) not in {1, 2}:
        has = f"{len(swept)}: {', '.join(swept)}" if swept else "none"
        raise TargetError(f"view {view} draws one or two axes, and this sweep has {has}")
    if wanted is not None and sorted(wanted) != sorted(swept):
        given, allowed = ", ".join(wanted), " and ".join(swept)
        raise TargetError(f"axes {given} are not those of the sweep: give {allowed} in any order")
    return tuple(wanted or swept)


def _uncertified(
    values: Callable[[str], NDArray[Any]], dataset: xr.Dataset
) -> tuple[Mask, dict[str, int] | None]:
    if "status" not in dataset:
        return np.zeros(values("regime").shape, np.bool_), None
    codes, names = encode(values("status"))
    cells = np.bincount(codes.ravel()).tolist()
    troubles = {n: cells[k] for k, n in enumerate(names) if n not in SETTLED}
    return np.array([name in troubles for name in names])[codes], troubles


def _outcome(
    values: Callable[[str], NDArray[Any]], dataset: xr.Dataset, axes: tuple[str, ...]
) -> Outcome | None:
    """The price if the sweep has one, else the first outcome of the game."""
    names = outcome_names(dataset, axes)
    if not names:
        return None
    name = "price" if "price" in names else names[0]
    made = Outcome(name, unit(dataset[name]), values(name).astype(np.float64))
    return made if np.isfinite(made.values).any() else None
