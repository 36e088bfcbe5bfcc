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
from numpy.typing import NDArray

from solver._jit import apart, inlined, kernel
from solver.kernels.lanes import aligned
from solver.kernels.scaling import power_scale
from solver.kernels.simplex import CLEAR, COST, PATIENCE, PIVOT

SOLVED, INVALID_INPUT = 0, 5
#: Games side by side, always so many: loops over them are written out, as vectors. Two vectors
#: per number of a tableau; those of 10×10 games are in the first-level cache.
LANES = 16
#: Rows that are read at a time.
FOUR = 4
#: Of the integers of 64 bits.
LARGEST = 2**63 - 1


@kernel
def solve_in_lanes(P, low: int, high: int, rows, status, unique) -> None:  # type: ignore[no-untyped-def]
    """Do what `solve_zero_sum` does, for games of at least two actions each."""
    m, n = P.shape[1], P.shape[2]
    cells = P.reshape(len(P), m * n)
    bits = cells.view(np.int64)
    T = aligned((m + 1) * (n + 1), LANES).reshape(m + 1, n + 1, LANES)
    factor, source, weight = aligned(m + 1, LANES), aligned(n + 1, LANES), aligned(n + 1, LANES)
    spare = aligned(4, LANES)
    best, per, inverse, own = spare[0], spare[1], spare[2], spare[3]
    flat, places = T.reshape(T.size), layout(m, n)
    near, squares = np.zeros((m + FOUR, n)), np.empty(n)
    linear = near.reshape(near.size)
    names = np.zeros((LANES, n + m), np.uint64)
    row, column = np.zeros(LANES, np.uint64), np.zeros(LANES, np.uint64)
    game, age = np.full(LANES, -1), np.zeros(LANES, np.int64)
    T[:] = 0.0
    weight[:] = 1.0
    g, active = low, 0
    while g < high or active > 0:
        price(T, weight, best, per, column)
        for k in range(LANES):
            age[k] += 1
            if best[k] > 0.0 and age[k] < PATIENCE * (m + n):
                continue
            if game[k] >= 0:
                unique[game[k]] = read_off(T, names[k], k, rows[game[k]])
                game[k] = -1
                active -= 1
            while g < high and game[k] < 0:
                if fetch(
                    cells, bits, g, near, linear, squares, T, flat, places, weight, names[k], k
                ):
                    status[g], game[k], age[k] = SOLVED, g, 0
                    active += 1
                    column[k] = np.uint64(lightest(squares))
                else:
                    status[g], unique[g] = INVALID_INPUT, False
                    rows[g, :] = 0.0
                g += 1
        bound(T, column, factor, best, per, row)
        exchange(T, names, weight, factor, source, best, inverse, own, row, column)


@kernel
def layout(m: int, n: int) -> NDArray[np.uint64]:
    """Where tableaus have the payoffs, then the right sides; and the variables at the start."""
    places = np.empty(m * (n + 2) + n, np.uint64)
    for i in range(m):
        for j in range(n):
            places[i * n + j] = (i * (n + 1) + j) * LANES
        places[m * n + i] = (i * (n + 1) + n) * LANES
        places[m * (n + 1) + n + i] = i
    for j in range(n):
        places[m * (n + 1) + j] = m + j
    return places


@inlined
def fetch(  # type: ignore[no-untyped-def]
    cells, bits, g: int, near, linear, squares, T, flat, places, weight, names, k: int
) -> bool:
    """Write the tableau of game g, payoffs from 1 to 3, into lane k; False if it is not finite.

    near (m n and FOUR rows of zeros) is space; squares (n,) is left with the weights of columns.
    """
    m, n = T.shape[0] - 1, T.shape[1] - 1
    base, top = extremes(bits, g)
    spread = top - base
    if not spread < np.inf:
        return False
    lift, unit = power_scale(spread)
    bring(cells[g], base, lift, unit, linear)
    add_squares(near, m, squares)
    lane = np.uint64(k)
    # The places are read, not counted: else LLVM takes scattering instructions, which are slow.
    for h in range(m * n):
        flat[places[h] + lane] = linear[h]
    for i in range(m):
        flat[places[m * n + i] + lane] = 1.0
    for j in range(n):
        T[m, j, k] = -1.0
        weight[j, k] = squares[j]
    T[m, n, k] = 0.0
    for h in range(n + m):
        names[h] = places[m * (n + 1) + h]
    return True


@apart
def bring(given, base: float, lift: float, unit: float, near) -> None:  # type: ignore[no-untyped-def]
    """Write a game's payoffs from 1 to 3."""
    for h in range(len(given)):
        near[h] = 1.0 + (given[h] - base) * lift * unit


@apart
def add_squares(near, m: int, squares) -> None:  # type: ignore[no-untyped-def]
    """Write one more than the sum of squares by column; zeros follow the m rows of near.

    Four rows at a time: sums are then read and written less often.
    """
    n = len(squares)
    for j in range(n):
        squares[j] = 1.0
    for i in range(0, m, FOUR):
        for j in range(n):
            p, q, r, s = near[i, j], near[i + 1, j], near[i + 2, j], near[i + 3, j]
            squares[j] += (p * p + q * q) + (r * r + s * s)


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
def lightest(squares) -> int:  # type: ignore[no-untyped-def]
    """The column that enters first, since all gain the same."""
    column = 0
    for j in range(1, len(squares)):
        column = j if squares[j] < squares[column] else column
    return column


@apart
def price(T, weight, best, per, column) -> None:  # type: ignore[no-untyped-def]
    """Choose the columns of steepest gain by their weights, as `simplex.climb`; 0 if none gains.

    Gains are compared as fractions, of best over per: a division takes as long as ten products.
    """
    m, n = T.shape[0] - 1, T.shape[1] - 1
    for k in range(LANES):
        best[k], per[k] = 0.0, 1.0
    for j in range(n):
        for k in range(LANES):
            cost, length = T[m, j, k], weight[j, k]
            gain = cost * cost if cost < -COST else 0.0
            more = gain * per[k] > best[k] * length
            column[k] = np.uint64(j) if more else column[k]
            best[k] = gain if more else best[k]
            per[k] = length if more else per[k]


@apart
def bound(T, column, factor, best, per, row) -> None:  # type: ignore[no-untyped-def]
    """Copy the columns into factor, and choose the rows that bound them.

    Leaves the least ratios as best over per (lanes,), infinite where no row bounds the column.
    """
    m, n = T.shape[0] - 1, T.shape[1] - 1
    for i in range(m + 1):
        for k in range(LANES):
            factor[i, k] = T[i, column[k], k]
    for k in range(LANES):
        best[k], per[k] = np.inf, 1.0
    for i in range(m):
        for k in range(LANES):
            entry, right = factor[i, k], max(T[i, n, k], 0.0)
            entry = entry if entry > PIVOT else 0.0
            less = right * per[k] < best[k] * entry
            row[k] = np.uint64(i) if less else row[k]
            best[k] = right if less else best[k]
            per[k] = entry if less else per[k]


@apart
def exchange(  # type: ignore[no-untyped-def]
    T, names, weight, factor, source, best, inverse, own, row, column
) -> None:
    """Bring the variables of the columns into the basis for those of the rows.

    What stands in the row r and the column c of a pivot p is not taken out: with p - 1 for the
    factor of r and 1 + 1/p for the source of c, what is computed of all others comes out right for
    them too. A column that no row bounds turns its tableau into NaN.
    """
    m, n = T.shape[0] - 1, T.shape[1] - 1
    for k in range(LANES):
        inverse[k], own[k] = factor[row[k], k], weight[column[k], k]
        i, h = column[k], row[k] + np.uint64(n)
        names[k, i], names[k, h] = names[k, h], names[k, i]
    for j in range(n + 1):
        for k in range(LANES):
            source[j, k] = T[row[k], j, k]
    for k in range(LANES):
        p = inverse[k] if best[k] < np.inf else np.nan
        factor[row[k], k] = p - 1.0
        inverse[k] = 1.0 / p
    for j in range(n):
        for k in range(LANES):
            entry = source[j, k] * inverse[k]
            weight[j, k] = max(weight[j, k], entry * entry * own[k])
            source[j, k] = entry
    for k in range(LANES):
        source[n, k] *= inverse[k]
        own[k] = max(own[k] * inverse[k] * inverse[k], 1.0)
    for k in range(LANES):
        weight[column[k], k] = own[k]
        source[column[k], k] = 1.0 + inverse[k]
    for i in range(m + 1):
        for j in range(n + 1):
            for k in range(LANES):
                T[i, j, k] -= factor[i, k] * source[j, k]


@inlined
def read_off(T, names, k: int, row) -> bool:  # type: ignore[no-untyped-def]
    """Write the strategies (m+n,) that lane k stands for; whether they are proven the only ones."""
    m, n = T.shape[0] - 1, T.shape[1] - 1
    total_x = total_y = 0.0
    first = np.uint64(m)
    least = np.inf
    for j in range(n):
        cost, h = T[m, j, k], names[j]
        least = min(least, cost)
        row[h] = max(cost, 0.0) if h < first else 0.0
        total_x += row[h]
    for i in range(m):
        right, h = T[i, n, k], names[n + i]
        least = min(least, right)
        row[h] = max(right, 0.0) if h >= first else 0.0
        total_y += row[h]
    unit_x, unit_y = 1.0 / total_x, 1.0 / total_y
    for i in range(m):
        row[i] *= unit_x
    for j in range(m, m + n):
        row[j] *= unit_y
    return bool(least > CLEAR)
