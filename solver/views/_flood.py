"""Regions between lines: what is known at some places, spread over a raster up to the lines."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

UNKNOWN = -1
#: Distance of the points by which a line is drawn on the raster, in dots.
STEP = 0.4


def regions(shape: tuple[int, int], lines: Iterable[Floats], seeds: Floats, codes: Codes) -> Codes:
    """Codes on a raster of this shape.

    Parameters
    ----------
    lines : iterable of (P, 2) float
        Lines through points, in fractions of the two sides.
    seeds : (S, 2) float
        Places whose code is known, in the same fractions.
    codes : (S,) int
    """
    blocked = np.zeros(shape, np.bool_)
    for line in lines:
        blocked[_dots(_dense(line, shape), shape)] = True
    raster = np.full(shape, UNKNOWN, np.int32)
    raster[_dots(seeds, shape)] = codes
    raster[blocked] = UNKNOWN
    _spread(raster, ~blocked)
    _spread(raster, np.ones_like(blocked))  # and below the lines themselves
    return raster


def _dots(places: Floats, shape: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The dots in which places lie."""
    at = np.clip((places * shape).astype(np.intp), 0, np.array(shape) - 1)
    return at[:, 0], at[:, 1]


def _dense(line: Floats, shape: tuple[int, int]) -> Floats:
    """Points of a line so close that the dots they lie in hang together."""
    lengths = np.abs(np.diff(line, axis=0) * shape).max(axis=1, initial=0.0)
    counts = np.maximum(np.ceil(lengths / STEP).astype(np.intp), 1)
    start = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(start)) - (np.cumsum(counts) - counts)[start]) / counts[start]
    inner = line[start] + share[:, None] * (line[start + 1] - line[start])
    return np.concatenate((inner, line[-1:]))


def _spread(raster: Codes, allowed: Mask) -> None:
    """Give each unknown dot the code of a neighbour above, below, left or right of it."""
    while True:
        before = raster.copy()
        for here, there in (
            ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
            ((slice(None), slice(1, None)), (slice(None), slice(None, -1))),
        ):
            for target, source in ((here, there), (there, here)):
                take = (raster[target] == UNKNOWN) & allowed[target]
                raster[target] = np.where(take, before[source], raster[target])
        if np.array_equal(before, raster):
            return
