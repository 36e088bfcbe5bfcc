"""Which points a sweep solves: a grid, a sample or a table, made again from their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import AxisError
from solver.sweep import axes, samples
from solver.sweep.axes import Axis
from solver.sweep.listing import Listing

Floats = NDArray[np.float64]


class Design(Protocol):
    """The cells of a sweep, numbered from 0."""

    @property
    def names(self) -> tuple[str, ...]:
        """The varied parameters."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells along each dimension; the last one varies fastest."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions."""

    def values(self, start: int, stop: int) -> dict[str, Floats]:
        """Values of the varied parameters in the cells ``start ... stop - 1``."""

    def extremes(self) -> dict[str, Floats]:
        """Values among which are the smallest and the largest that each parameter takes."""

    def describe(self) -> dict[str, Any]:
        """The design as plain data, which `restore` reads."""


@final
@dataclass(frozen=True, eq=False)
class Grid:
    """Every combination of the values of some axes, the first of which varies slowest."""

    axes: tuple[Axis, ...]

    def __post_init__(self) -> None:
        for name in self.names:
            if self.names.count(name) > 1:
                raise AxisError(f"axis {name} is given twice")

    @property
    def names(self) -> tuple[str, ...]:
        """The axes."""
        return tuple(axis.name for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Values along each axis."""
        return tuple(axis.values.size for axis in self.axes)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The axes."""
        return self.names

    def values(self, start: int, stop: int) -> dict[str, Floats]:
        """Values of the axes in the cells ``start ... stop - 1``."""
        if not self.axes:
            return {}
        points = np.unravel_index(np.arange(start, stop), self.shape)
        return {axis.name: axis.values[k] for axis, k in zip(self.axes, points, strict=True)}

    def extremes(self) -> dict[str, Floats]:
        """All values of each axis."""
        return {axis.name: axis.values for axis in self.axes}

    def describe(self) -> dict[str, Any]:
        """The axes as plain data."""
        return {"axes": [axis.describe() for axis in self.axes]}


def restore(plain: Mapping[str, Any], store: Path | None = None) -> Design:
    """The design that ``describe`` wrote down in the plan of a sweep."""
    if "sample" in plain:
        return samples.restore(plain["sample"])
    if "table" in plain:
        assert store is not None  # noqa: S101  only stores hold such a plan
        return Listing.stored(store, plain["table"])
    return Grid(tuple(axes.restore(axis) for axis in plain["axes"]))


def cells(design: Design) -> int:
    """Number of cells."""
    return prod(design.shape)
