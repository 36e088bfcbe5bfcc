"""A rectangle of two parameters, cut into small squares, with the regimes at their corners."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.sweep.axes import Axis
from solver.sweep.labels import Codes, Labeller

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNKNOWN = -1
#: Inner positions are moved by up to this part of a smallest square, so that ties at round values
#: fall between the corners and not on them.
ASIDE = 1.0 / np.pi
CORNERS = np.array(((0, 0), (1, 0), (1, 1), (0, 1)))


@final
class Plane:
    """Positions are counted in smallest squares, from 0 to `squares` along each axis."""

    def __init__(self, label: Labeller, axes: tuple[Axis, Axis], squares: int) -> None:
        self.label = label
        self.axes = axes
        self.squares = squares
        self._codes = np.full((squares + 1, squares + 1), UNKNOWN, np.int32)

    def key(self, squares: Integers) -> Integers:
        """One number per lower corner (S, 2)."""
        found: Integers = squares @ np.array((self.squares + 1, 1))
        return found

    def corners(self, squares: Integers, size: int) -> Codes:
        """Regimes (S, 4) at the corners of squares, in the order of `CORNERS`."""
        places = squares[:, None, :] + size * CORNERS
        i, j = places[..., 0], places[..., 1]
        new = np.unique(places[self._codes[i, j] == UNKNOWN], axis=0)
        if len(new):
            self._codes[new[:, 0], new[:, 1]] = self.at(new.astype(np.float64))
        found: Codes = self._codes[i, j].astype(np.int64)
        return found

    def coarse(self, size: int) -> Codes:
        """Regimes (·, ·) at the corners of squares of this size, which have been looked at."""
        found: Codes = self._codes[::size, ::size].astype(np.int64)
        return found

    def at(self, positions: Floats) -> Codes:
        """Regimes at positions (P, 2)."""
        values = self.values(positions)
        return self.label({axis.name: v for axis, v in zip(self.axes, values.T, strict=True)})

    def values(self, positions: Floats) -> Floats:
        """Parameter values (P, 2) at positions (P, 2)."""
        columns = []
        for axis, position in zip(self.axes, positions.T, strict=True):
            low, high = axis.values[0], axis.values[-1]
            share = position / self.squares
            share = share + ASIDE / self.squares * np.sin(np.pi * share)
            if axis.scale == "log":
                value = low * (high / low) ** share
            else:
                value = low + (high - low) * share
            columns.append(np.clip(value, low, high))
        return np.stack(columns, axis=-1)
