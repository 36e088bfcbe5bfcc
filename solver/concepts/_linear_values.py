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
from solver.kernels.coalition import linear_values


def shapley_weights(players: int) -> Floats:
    """The share (N,) of all orders in which so many given players are the ones that come before."""
    return np.array([1.0 / (players * comb(players - 1, size)) for size in range(players)])


def banzhaf_weights(players: int) -> Floats:
    """The same share (N,) for every coalition of the others."""
    return np.full(players, 0.5 ** (players - 1))


def weighted_values(form: CoalitionGame, factor: Floats) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Values and gaps (G, N) and status (G,); the gaps come from the definition."""
    V, n = form.flat(), len(form.players)
    values, gaps, largest = np.empty((len(V), n)), np.empty((len(V), n)), np.empty(len(V))
    sizes = np.array([s.bit_count() for s in range(1 << n)])
    without, joined = np.append(factor, 0.0)[sizes], np.append(0.0, factor)[sizes]
    definition = _definition(factor, sizes, n)

    def work(low: int, high: int) -> None:
        table, singles, steps = np.empty(1 << n), np.empty(n), (high - low) * (1 << n)
        both = without + joined
        scratch = table, singles, values, largest
        run(linear_values, 15.0 * steps, V, low, high, without, both, n, *scratch)
        part = slice(low, high)
        gaps[part] = abs(V[part] @ definition - values[part])
        gaps[part] /= np.where(largest[part] > 0.0, largest[part], 1.0)[:, None]

    over_ranges(len(V), smallest_range(10.0 * (1 << n)), work)
    status = np.where(np.isnan(largest), Status.INVALID_INPUT, Status.SOLVED).astype(np.int8)
    return values, gaps, status


def _definition(factor: Floats, sizes: NDArray[np.int64], n: int) -> Floats:
    """What each worth counts for each player, (2**N, N): the sum of marginal contributions."""
    matrix, every = np.zeros((1 << n, n)), np.arange(1 << n)
    for i in range(n):
        others = every[every >> i & 1 == 0]
        matrix[others | 1 << i, i] = factor[sizes[others]]
        matrix[others, i] = -factor[sizes[others]]
    return matrix
