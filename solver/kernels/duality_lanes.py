"""What strategies prove about the values of small matrix games, several games side by side.

As `duality`, whose rules these are: payoffs of LANES games stand in rows, one per cell, so that
every step is done in all of them by vector instructions. It shares no line with what finds.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.lanes import aligned

#: Games side by side.
LANES = 32
#: Most cells of a game for which this is the faster way.
FEW = 256


@kernel
def gaps_in_lanes(P, X, low: int, high: int, value, gap) -> None:  # type: ignore[no-untyped-def]
    """Do what `duality.duality_gaps` does."""
    m, n = P.shape[1], P.shape[2]
    lanes = min(LANES, high - low)
    near, mixed, columns = aligned(m * n, lanes), aligned(m + n, lanes), aligned(n, lanes)
    found = aligned(6, lanes)
    near[:] = 0.0
    mixed[:] = 0.0
    for first in range(low, high, LANES):
        size = min(LANES, high - first)
        for k in range(size):
            for i in range(m):
                for j in range(n):
                    near[i * n + j, k] = P[first + k, i, j]
            for h in range(m + n):
                mixed[h, k] = X[first + k, h]
        bounds(near, mixed, columns, found)
        for k in range(size):
            base, spread, conceded = found[0, k], found[1, k] - found[0, k], found[2, k]
            guaranteed = np.inf
            for j in range(n):
                guaranteed = min(guaranteed, columns[j, k])
            excess = max(conceded - guaranteed, 0.0) / spread if spread > 0.0 else 0.0
            proper = abs(found[3, k] - 1.0) <= 1e-9 and abs(found[4, k] - 1.0) <= 1e-9
            proper = proper and found[5, k] == 0.0 and excess < np.inf
            value[first + k] = base + guaranteed
            gap[first + k] = excess if proper else 1.0


@inlined
def bounds(near, mixed, columns, found) -> None:  # type: ignore[no-untyped-def]
    """Write what x guarantees against each column, less the least payoff, into columns (n, lanes).

    And into found: least and largest payoff, what y concedes at most, sums of x and of y, and how
    many weights are negative or NaN. near is (m n, lanes), mixed (m+n, lanes).
    """
    n, lanes = columns.shape
    m = mixed.shape[0] - n
    found[0] = near[0]
    found[1] = near[0]
    found[2:] = 0.0
    columns[:] = 0.0
    for h in range(m * n):
        for k in range(lanes):
            u = near[h, k]
            found[0, k] = u if u < found[0, k] else found[0, k]
            found[1, k] = u if u > found[1, k] else found[1, k]
    for h in range(m + n):
        side = 3 if h < m else 4
        for k in range(lanes):
            found[side, k] += mixed[h, k]
            found[5, k] += 0.0 if mixed[h, k] >= 0.0 else 1.0
    row = np.empty(lanes)
    for i in range(m):
        row[:] = 0.0
        for j in range(n):
            for k in range(lanes):
                payoff = near[i * n + j, k] - found[0, k]
                row[k] += mixed[m + j, k] * payoff
                columns[j, k] += mixed[i, k] * payoff
        for k in range(lanes):
            found[2, k] = max(found[2, k], row[k])
