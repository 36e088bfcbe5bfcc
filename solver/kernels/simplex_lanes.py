"""Matrix games of a few actions by the simplex method, several side by side.

On a small tableau most of a pivot's time goes into finding its row and column, one comparison
after another. So the tableaus of LANES games stand side by side: every step is done in all of them
at once, each with its own row and column, by vector instructions. A game that is solved makes room
for the next one. The method is that of `matrix_game`, but for ties of the ratio test, of which the
first row is taken, and for repairs: who calls does with `matrix_game` again what cycled, or lost
its digits, by the gap of the strategies that are written.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.lanes import aligned
from solver.kernels.scaling import power_scale
from solver.kernels.simplex import CLEAR, COST, PATIENCE, PIVOT

SOLVED, INVALID_INPUT = 0, 5
#: Games side by side: what a step reads of 10×10 games is in the first-level cache.
LANES = 32
#: Of the integers of 64 bits.
LARGEST = 2**63 - 1


@kernel
def solve_in_lanes(P, low: int, high: int, rows, status, unique) -> None:  # type: ignore[no-untyped-def]
    """Do what `solve_zero_sum` does, for games of at least two actions each."""
    m, n = P.shape[1], P.shape[2]
    lanes = min(LANES, high - low)
    cells = P.reshape(len(P), m * n)
    bits = cells.view(np.int64)
    T = aligned((m + 1) * (n + 1), lanes).reshape(m + 1, n + 1, lanes)
    factor, source, weight = aligned(m + 1, lanes), aligned(n + 1, lanes), aligned(n + 1, lanes)
    spare = aligned(2, lanes)
    best, own, near = spare[0], spare[1], np.empty(m * n)
    names = np.zeros((n + m, lanes), np.uint64)
    row, column = np.zeros(lanes, np.uint64), np.zeros(lanes, np.uint64)
    game, age = np.full(lanes, -1), np.zeros(lanes, np.int64)
    T[:] = 0.0
    weight[:] = 1.0
    g, active = low, 0
    while g < high or active > 0:
        price(T, weight, best, column)
        for k in range(lanes):
            age[k] += 1
            if best[k] > 0.0 and age[k] < PATIENCE * (m + n):
                continue
            if game[k] >= 0:
                unique[game[k]] = read_off(T, names, k, rows[game[k]])
                game[k] = -1
                active -= 1
            while g < high and game[k] < 0:
                if fetch(cells, bits, g, near, T, weight, names, k):
                    status[g], game[k], age[k] = SOLVED, g, 0
                    active += 1
                    column[k] = lightest(weight, k)
                else:
                    status[g], unique[g] = INVALID_INPUT, False
                    rows[g, :] = 0.0
                g += 1
        bound(T, column, factor, best, row)
        exchange(T, names, weight, factor, source, best, own, row, column)


@inlined
def fetch(  # type: ignore[no-untyped-def]
    cells, bits, g: int, near, T, weight, names, k: int
) -> bool:
    """Write the tableau of game g, payoffs from 1 to 3, into lane k; False if it is not finite."""
    m, n = T.shape[0] - 1, T.shape[1] - 1
    base, top = extremes(bits, g)
    spread = top - base
    if not spread < np.inf:
        return False
    lift, unit = power_scale(spread)
    for h in range(m * n):
        near[h] = 1.0 + (cells[g, h] - base) * lift * unit
    for j in range(n):
        squares = 1.0
        for i in range(m):
            u = near[i * n + j]
            T[i, j, k] = u
            squares += u * u
        T[m, j, k] = -1.0
        weight[j, k] = squares
        names[j, k] = m + j
    for i in range(m):
        T[i, n, k] = 1.0
        names[n + i, k] = i
    T[m, n, k] = 0.0
    return True


@inlined
def extremes(bits, g: int) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Return the least and the largest payoff of game g, by their bits (G, cells).

    If a payoff is NaN, so is one of the two.

    Floats are in the order of their bits as integers, but for the sign: and integers, unlike
    floats, are compared by vector instructions.
    """
    least, most = LARGEST, -LARGEST
    for h in range(bits.shape[1]):
        place = bits[g, h] ^ ((bits[g, h] >> 63) & LARGEST)
        least, most = min(least, place), max(most, place)
    low, high = least ^ ((least >> 63) & LARGEST), most ^ ((most >> 63) & LARGEST)
    return np.int64(low).view(np.float64), np.int64(high).view(np.float64)


@inlined
def lightest(weight, k: int) -> int:  # type: ignore[no-untyped-def]
    """The column that enters first in lane k, since all gain the same."""
    column = 0
    for j in range(1, weight.shape[0] - 1):
        column = j if weight[j, k] < weight[column, k] else column
    return column


@inlined
def price(T, weight, best, column) -> None:  # type: ignore[no-untyped-def]
    """Choose the columns of steepest gain by their weights, as `simplex.climb`; 0 if none gains."""
    m, n, lanes = T.shape[0] - 1, T.shape[1] - 1, T.shape[2]
    for k in range(lanes):
        best[k] = 0.0
    for j in range(n):
        for k in range(lanes):
            cost = T[m, j, k]
            gain = cost * cost / weight[j, k] if cost < -COST else 0.0
            column[k] = j if gain > best[k] else column[k]
            best[k] = gain if gain > best[k] else best[k]


@inlined
def bound(T, column, factor, best, row) -> None:  # type: ignore[no-untyped-def]
    """Take the columns out of the tableaus into factor, and choose the rows that bound them.

    Leaves the least ratios in best (lanes,), infinite where no row bounds the column.
    """
    m, n, lanes = T.shape[0] - 1, T.shape[1] - 1, T.shape[2]
    for i in range(m + 1):
        for k in range(lanes):
            factor[i, k] = T[i, column[k], k]
            T[i, column[k], k] = 0.0
    for k in range(lanes):
        best[k] = np.inf
    for i in range(m):
        for k in range(lanes):
            entry = factor[i, k]
            ratio = max(T[i, n, k], 0.0) / entry if entry > PIVOT else np.inf
            row[k] = i if ratio < best[k] else row[k]
            best[k] = ratio if ratio < best[k] else best[k]


@inlined
def exchange(  # type: ignore[no-untyped-def]
    T, names, weight, factor, source, best, own, row, column
) -> None:
    """Bring the variables of the columns into the basis for those of the rows.

    What stands in a row or column that has been taken out is computed as everything else, from
    zero. A column that no row bounds turns its tableau into NaN.
    """
    m, n, lanes = T.shape[0] - 1, T.shape[1] - 1, T.shape[2]
    for k in range(lanes):
        i, j = row[k], column[k]
        best[k] = 1.0 / factor[i, k] if best[k] < np.inf else np.nan
        own[k] = weight[j, k]
        factor[i, k], weight[j, k] = -1.0, 1.0
        h = i + np.uint64(n)
        names[j, k], names[h, k] = names[h, k], names[j, k]
    for j in range(n + 1):
        for k in range(lanes):
            source[j, k] = T[row[k], j, k] * best[k]
            T[row[k], j, k] = 0.0
    for k in range(lanes):
        source[column[k], k] = best[k]
    for j in range(n):
        for k in range(lanes):
            weight[j, k] = max(weight[j, k], source[j, k] * source[j, k] * own[k])
    for i in range(m + 1):
        for j in range(n + 1):
            for k in range(lanes):
                T[i, j, k] -= factor[i, k] * source[j, k]


@inlined
def read_off(T, names, k: int, row) -> bool:  # type: ignore[no-untyped-def]
    """Write the strategies (m+n,) that lane k stands for; whether they are proven the only ones."""
    m, n = T.shape[0] - 1, T.shape[1] - 1
    total_x = total_y = 0.0
    least = np.inf
    for j in range(n):
        cost, h = T[m, j, k], names[j, k]
        least = min(least, cost)
        row[h] = max(cost, 0.0) if h < m else 0.0
        total_x += row[h]
    for i in range(m):
        right, h = T[i, n, k], names[n + i, k]
        least = min(least, right)
        row[h] = max(right, 0.0) if h >= m else 0.0
        total_y += row[h]
    for i in range(m):
        row[i] /= total_x
    for j in range(n):
        row[m + j] /= total_y
    return bool(least > CLEAR)
