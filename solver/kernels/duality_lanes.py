"""What strategies prove about the values of small matrix games, several games side by side.

As `duality`, whose rules these are: payoffs of LANES games stand in rows, one per cell, so that
every step is done in all of them by vector instructions. It shares no line with what finds.
"""

from __future__ import annotations

import numpy as np

from solver._jit import apart, kernel
from solver.kernels.lanes import aligned

#: Games side by side.
LANES = 16
#: Most cells of a game for which this is the faster way.
FEW = 256
#: Rows of what is found: least and largest payoff, what x guarantees and y concedes at most, less
#: the least payoff, the sums of x and y, how many weights are negative or NaN, and the gap.
LEAST, MOST, FLOOR, CEILING, IN_X, IN_Y, WRONG, GAP = range(8)


@kernel
def gaps_in_lanes(P, X, low: int, high: int, value, gap) -> None:  # type: ignore[no-untyped-def]
    """Do what `duality.duality_gaps` does."""
    m, n = P.shape[1], P.shape[2]
    cells = P.reshape(len(P), m * n)
    near, mixed, columns = aligned(m * n, LANES), aligned(m + n, LANES), aligned(n + 1, LANES)
    found, games = aligned(8, LANES), np.empty(LANES, np.uint64)
    for first in range(low, high, LANES):
        for k in range(LANES):  # the last game fills the lanes that are left
            games[k] = np.uint64(min(first + k, high - 1))
        side_by_side(cells, games, near)
        side_by_side(X, games, mixed)
        extremes(near, found[LEAST], found[MOST])
        found[WRONG] = 0.0
        weights(mixed[:m], found[IN_X], found[WRONG])
        weights(mixed[m:], found[IN_Y], found[WRONG])
        payoffs(near, found[LEAST], mixed[:m], mixed[m:], columns[:n], columns[n], found[CEILING])
        gaps(columns[:n], found)
        for k in range(min(LANES, high - first)):
            value[first + k] = found[LEAST, k] + found[FLOOR, k]
            gap[first + k] = found[GAP, k]


@apart
def side_by_side(given, games, near) -> None:  # type: ignore[no-untyped-def]
    """Write the rows of some games side by side."""
    for h in range(given.shape[1]):
        for k in range(LANES):
            near[h, k] = given[games[k], h]


@apart
def extremes(near, least, most) -> None:  # type: ignore[no-untyped-def]
    """Write the least and the largest payoff of near (m n, LANES)."""
    for k in range(LANES):
        least[k] = most[k] = near[0, k]
    for h in range(near.shape[0]):
        for k in range(LANES):
            u = near[h, k]
            least[k] = u if u < least[k] else least[k]
            most[k] = u if u > most[k] else most[k]


@apart
def weights(mixed, total, wrong) -> None:  # type: ignore[no-untyped-def]
    """Write the sum of a player's weights (actions, LANES); add how many are negative or NaN."""
    for k in range(LANES):
        total[k] = 0.0
    for h in range(mixed.shape[0]):
        for k in range(LANES):
            weight = mixed[h, k]
            total[k] += weight
            wrong[k] += 0.0 if weight >= 0.0 else 1.0


@apart
def payoffs(near, least, x, y, columns, row, ceiling) -> None:  # type: ignore[no-untyped-def]
    """Write what x guarantees against each column (n, LANES), and what y concedes at most.

    Both less the least payoff; row (LANES,) is space.
    """
    m, n = x.shape[0], y.shape[0]
    for k in range(LANES):
        ceiling[k] = 0.0
    for j in range(n):
        for k in range(LANES):
            columns[j, k] = 0.0
    for i in range(m):
        for k in range(LANES):
            row[k] = 0.0
        for j in range(n):
            for k in range(LANES):
                payoff = near[i * n + j, k] - least[k]
                row[k] += y[j, k] * payoff
                columns[j, k] += x[i, k] * payoff
        for k in range(LANES):
            ceiling[k] = max(ceiling[k], row[k])


@apart
def gaps(columns, found) -> None:  # type: ignore[no-untyped-def]
    """Write the least of the columns, and the gap: 1 where strategies are none."""
    for k in range(LANES):
        found[FLOOR, k] = columns[0, k]
    for j in range(1, columns.shape[0]):
        for k in range(LANES):
            found[FLOOR, k] = min(found[FLOOR, k], columns[j, k])
    for k in range(LANES):
        spread = found[MOST, k] - found[LEAST, k]
        excess = max(found[CEILING, k] - found[FLOOR, k], 0.0)
        excess = excess / spread if spread > 0.0 else 0.0
        proper = (abs(found[IN_X, k] - 1.0) <= 1e-9) & (abs(found[IN_Y, k] - 1.0) <= 1e-9)
        proper = proper & (found[WRONG, k] == 0.0) & (excess < np.inf)
        found[GAP, k] = excess if proper else 1.0
