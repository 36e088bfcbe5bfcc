"""Shares of regimes and means within them, taken from a store part by part.

Whatever the number of cells, one part is held at a time. Means and squared deviations of parts are
merged by the formulas of Chan, Golub and LeVeque (1979), which do not cancel as sums of squares do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.sweep.parts import Part
from solver.sweep.stored import read_parts

Floats = NDArray[np.float64]


@final
@dataclass
class Moments:
    """Of finite numbers, added a batch at a time: count, mean, deviation and extremes."""

    count: int = 0
    mean: float = np.nan
    squares: float = 0.0
    low: float = np.nan
    high: float = np.nan

    @property
    def sd(self) -> float:
        """Standard deviation, as of a whole population; NaN of no number."""
        return float(np.sqrt(self.squares / self.count)) if self.count else np.nan

    def add(self, values: Floats) -> None:
        """Take in a batch; what is not finite is left out."""
        finite = values[np.isfinite(values)]
        if not finite.size:
            return
        mean = float(finite.mean())
        squares = float(np.square(finite - mean).sum())
        if not self.count:
            self.count, self.mean, self.squares = finite.size, mean, squares
            self.low, self.high = float(finite.min()), float(finite.max())
            return
        total = self.count + finite.size
        apart = mean - self.mean
        self.squares += squares + apart * apart * self.count * finite.size / total
        self.mean += apart * finite.size / total
        self.count = total
        self.low = min(self.low, float(finite.min()))
        self.high = max(self.high, float(finite.max()))


@final
@dataclass
class Regime:
    """Cells of one regime, and the outcomes in them."""

    cells: int = 0
    outcomes: dict[str, Moments] = field(default_factory=dict)


@final
@dataclass
class Summary:
    """Of all finished cells: how many there are, and each regime, the most frequent first."""

    cells: int = 0
    regimes: dict[str, Regime] = field(default_factory=dict)

    def share(self, regime: str) -> float:
        """The part of the finished cells that are of a regime."""
        return self.regimes[regime].cells / self.cells

    def add(self, part: Part) -> None:
        """Take in the cells of one part."""
        self.cells += len(part.count)
        for code in np.unique(part.regime).tolist():
            chosen = part.regime == code
            regime = self.regimes.setdefault(part.labels[code], Regime())
            regime.cells += int(chosen.sum())
            for name, values in part.outcomes.items():
                regime.outcomes.setdefault(name, Moments()).add(values[chosen])

    def ordered(self) -> Summary:
        """The same with the most frequent regime first, ties by name."""
        ranked = sorted(self.regimes.items(), key=lambda entry: (-entry[1].cells, entry[0]))
        return Summary(self.cells, dict(ranked))


def summarise(store: str | os.PathLike[str]) -> Summary:
    """Regime shares and conditional means of the outcomes of a stored sweep.

    Parameters
    ----------
    store : path-like
        A directory that `coopet sweep` wrote, finished or not: what is finished counts.

    Returns
    -------
    Summary
        ``cells``; ``regimes[name].cells`` and ``.outcomes[name]`` with ``count`` (of finite
        values), ``mean``, ``sd``, ``low`` and ``high``.

    Raises
    ------
    StoreError
        When the path is no sweep, or a part of it is damaged.

    Notes
    -----
    Reads only what there is per cell, one part at a time: the memory needed is that of one chunk.
    """
    return of_parts(read_parts(Path(store), rows=False))


def of_parts(parts: Iterable[Part]) -> Summary:
    """The summary of parts, which are taken in one by one."""
    summary = Summary()
    for part in parts:
        summary.add(part)
    return summary.ordered()
