"""A swept axis on paper: its name and unit, its scale, and the edges of its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import TargetError

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Axis:
    """A swept parameter with ascending values; `log` says how it is spread on paper."""

    name: str
    unit: str
    doc: str
    values: Floats
    log: bool

    @property
    def edges(self) -> Floats:
        """Edges of the cells (n + 1,): half-way between values as seen on paper.

        The outer cells end at the first and last value, for nothing was solved beyond.
        """
        places = np.log(self.values) if self.log else self.values
        middles = 0.5 * (places[1:] + places[:-1])
        inner = np.exp(middles) if self.log else middles
        return np.concatenate((self.values[:1], inner, self.values[-1:]))

    def raster(self, count: int) -> NDArray[np.intp]:
        """The cell under the middle of each of `count` equally wide columns of paper."""
        places = np.log(self.edges) if self.log else self.edges
        middles = (np.arange(count) + 0.5) / count
        points = places[0] + middles * (places[-1] - places[0])
        found: NDArray[np.intp] = np.searchsorted(places[1:-1], points, side="right")
        return found


def read_axis(dataset: xr.Dataset, name: str, view: str = "regimes") -> Axis:
    """The axis of that name, or TargetError if nothing can be drawn along it."""
    if name not in dataset.coords:
        raise TargetError(f"view {view} needs a grid: dimension {name} has no coordinate values")
    coordinate = dataset.coords[name]
    if coordinate.dtype.kind not in "iuf":
        raise TargetError(f"view {view} needs numbers on axis {name}, not {coordinate.dtype}")
    values = np.sort(coordinate.values.astype(np.float64))
    if values.size < 2:
        raise TargetError(
            f"view {view} needs two values or more on each axis, and {name} has {values.size}"
        )
    log = coordinate.attrs.get("scale") == "log" and values[0] > 0.0
    return Axis(name, unit(coordinate), str(coordinate.attrs.get("long_name", "")), values, log)


def unit(variable: xr.DataArray) -> str:
    """The unit for people: nothing for a pure number."""
    units = str(variable.attrs.get("units", ""))
    return "" if units == "1" else units
