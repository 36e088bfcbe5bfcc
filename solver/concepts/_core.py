"""What each player gets in the core, least and most, for a batch of games at once."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._allocations import smallest_range
from solver.kernels.core import (
    CORE,
    EMPTY,
    INVALID,
    STUCK,
    bounds_of_four,
    bounds_of_many,
    bounds_of_three,
    bounds_of_two,
)
from solver.kernels.scaling import EPS, TIE

Floats = NDArray[np.float64]

_CLOSED = {2: (bounds_of_two, 20.0), 3: (bounds_of_three, 60.0), 4: (bounds_of_four, 400.0)}


class CoreIntervals(NamedTuple):
    """Bounds of the payoffs in the core.

    ``low``, ``high`` (*B, N) are NaN where there is no core or a worth is not finite; ``empty``
    (*B) marks the former; ``settled`` (*B) is False only where a linear program was given up.
    """

    low: Floats
    high: Floats
    empty: NDArray[np.bool_]
    settled: NDArray[np.bool_]


def core_intervals(worths: Floats, players: int) -> CoreIntervals:
    """The least and the most that each player gets in the core.

    Parameters
    ----------
    worths : (*B, 2**players) float
    players : int

    Notes
    -----
    Closed forms up to four players, about 10, 15 and 80 nanoseconds a game; beyond, 2 N linear
    programs each. What coalitions lack by up to 1e-12 of the largest synergy is a tie: a core that
    is a single point is not lost to rounding.
    """
    shape, size = worths.shape[:-1], 1 << players
    V = np.ascontiguousarray(worths).reshape(prod(shape), size).view()
    V.flags.writeable = False
    low, high = np.empty((len(V), players)), np.empty((len(V), players))
    status = np.zeros(len(V), np.int8)
    if players == 1:
        low[:], high[:] = V[:, 1:], V[:, 1:]
        status[~np.isfinite(V).all(axis=1)] = INVALID
    else:
        _bounds(V, players, low, high, status, np.empty((0, 0, 0)))
    without = status != CORE
    if without.any():
        low[without] = high[without] = np.nan
    return CoreIntervals(
        low.reshape(*shape, players),
        high.reshape(*shape, players),
        (status == EMPTY).reshape(shape),
        (status != STUCK).reshape(shape),
    )


def core_witnesses(V: Floats, players: int) -> tuple[Floats, NDArray[np.int8]]:
    """Vertices of the core (G, 2 N, N) at which each player in turn gets least and most; status."""
    low, high = np.empty((len(V), players)), np.empty((len(V), players))
    status, points = np.zeros(len(V), np.int8), np.empty((len(V), 2 * players, players))
    _bounds(V, players, low, high, status, points)
    return points, status


def ties(V: Floats, players: int) -> Floats:
    """What counts as nothing in each game (G,): see `solver.kernels.coalition.tie_size`."""
    largest, spread = abs(V).max(axis=1), np.zeros(len(V))
    alone = np.zeros_like(V)
    for i in range(players):
        half = 1 << i
        alone[:, half : 2 * half] = alone[:, :half] + V[:, [half]]
    with np.errstate(invalid="ignore"):
        np.max(abs(V - alone), axis=1, out=spread)
    found: Floats = TIE * spread + 4.0 * players * EPS * largest
    return found


def _bounds(  # noqa: PLR0913, PLR0917
    V: Floats, n: int, low: Floats, high: Floats, status: NDArray[np.int8], points: Floats
) -> None:
    closed, steps = _CLOSED.get(n, (None, 200.0 * n * n * (1 << n)))

    def work(first: int, last: int) -> None:
        if closed is not None and not len(points):
            run(closed, (last - first) * steps, V, first, last, TIE, low, high, status)
        else:
            work = (last - first) * steps
            run(bounds_of_many, work, V, first, last, n, TIE, low, high, status, points)

    over_ranges(len(V), smallest_range(steps), work)
