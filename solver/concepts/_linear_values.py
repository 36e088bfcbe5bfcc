"""Values that weigh a player's marginal contributions by the size of what it joins."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._allocations import Floats, smallest_range
from solver.equilibria import Status
from solver.forms.coalition import CoalitionGame
from solver.kernels.coalition import by_definition, linear_values


def shapley_weights(players: int) -> Floats:
    """The share (N,) of all orders in which so many given players are the ones that come before."""
    return np.array([1.0 / (players * comb(players - 1, size)) for size in range(players)])


def banzhaf_weights(players: int) -> Floats:
    """The same share (N,) for every coalition of the others."""
    return np.full(players, 0.5 ** (players - 1))


def weighted_values(form: CoalitionGame, factor: Floats) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Values and gaps (G, N) and status (G,); the gaps come from the definition."""
    V, n = form.flat(), len(form.players)
    values, gaps = np.empty((len(V), n)), np.empty((len(V), n))

    def work(low: int, high: int) -> None:
        table, singles, steps = np.empty(1 << n), np.empty(n), (high - low) * (1 << n)
        run(linear_values, 12.0 * steps, V, low, high, factor, n, table, singles, values)
        run(by_definition, 3.0 * n * steps, V, low, high, factor, n, values, gaps)

    over_ranges(len(V), smallest_range(10.0 * n * (1 << n)), work)
    invalid = ~form.valid.ravel()
    status = np.where(invalid, Status.INVALID_INPUT, Status.SOLVED).astype(np.int8)
    return values, gaps, status
