"""Value and optimal strategies of a batch of matrix games: rows maximise, columns minimise.

Without ties a game has one pair of optimal strategies, on supports of equal size (Shapley and Snow
1950). So 3×3 games are done in blocks, by the one of 19 supports that holds. Other games of a few
actions go through the simplex method side by side; `matrix_game` takes all others, one at a time.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.duality import duality_gaps
from solver.kernels.lanes import aligned
from solver.kernels.matrix_game import one_game
from solver.kernels.simplex import wide
from solver.kernels.simplex_lanes import solve_in_lanes
from solver.kernels.three_by_three import (
    BLOCK,
    LOGARITHM,
    PAIRS,
    TRIPLE,
    fetch,
    scale,
    supports,
    write_pair,
    write_triple,
)

SOLVED, INVALID_INPUT = 0, 5
#: Payoffs of the games that are solved before they are certified: they stay in the cache.
CACHED = 50_000
#: Most actions of a player for which games are solved side by side.
FEW = 16
#: A gap above which a game that was solved with others is solved anew, alone.
ROUGH = 1e-12


@kernel
def solve_certified(  # type: ignore[no-untyped-def]
    P, low: int, high: int, rows, status, unique, value, gap
) -> None:
    """Do what `solve_zero_sum` and then `duality_gaps` do; a game with too large a gap is redone.

    P (G, m, n), rows (G, m+n), status, unique, value and gap (G,).
    """
    m, n = P.shape[1], P.shape[2]
    few = max(m, n) <= FEW
    for first in range(low, high, 1 + CACHED // (m * n)):
        last = min(first + 1 + CACHED // (m * n), high)
        solve_zero_sum(P, first, last, rows, status, unique)
        duality_gaps(P, rows, first, last, value, gap)
        if few and solve_anew(P, gap, first, last, rows, status, unique) > 0:
            duality_gaps(P, rows, first, last, value, gap)


@kernel
def solve_zero_sum(P, low: int, high: int, rows, status, unique) -> None:  # type: ignore[no-untyped-def]
    """Write optimal x and y of each game P (G, m, n) into rows (G, m+n).

    status, unique (G,): whether payoffs are finite, and whether the strategies are proven the only
    optimal ones. Rows of games that are not finite are zero.
    """
    m, n = P.shape[1], P.shape[2]
    M, T = np.empty((m, n)), aligned(m + 1, wide(n + 1))
    numbers, lines = np.empty((3, m + n), np.int64), aligned(4, wide(max(m, n) + 1))
    if m == 3 and n == 3 and high - low > 1:
        three_by_three(P, low, high, M, T, numbers, lines, rows, status, unique)
    elif max(m, n) > 2 and max(m, n) <= FEW:
        solve_in_lanes(P, low, high, rows, status, unique)
    else:
        for g in range(low, high):
            one_game(P, g, M, T, numbers, lines, rows[g], status, unique)


@kernel
def solve_anew(P, gap, low: int, high: int, rows, status, unique) -> int:  # type: ignore[no-untyped-def]
    """Solve games alone whose gap (G,) is not that of a good answer; return how many they are."""
    m, n = P.shape[1], P.shape[2]
    M, T = np.empty((m, n)), aligned(m + 1, wide(n + 1))
    numbers, lines = np.empty((3, m + n), np.int64), aligned(4, wide(max(m, n) + 1))
    found = 0
    for g in range(low, high):
        if gap[g] > ROUGH and status[g] != INVALID_INPUT:
            one_game(P, g, M, T, numbers, lines, rows[g], status, unique)
            found += 1
    return found


@kernel
def three_by_three(  # type: ignore[no-untyped-def]
    P, low: int, high: int, M, T, numbers, lines, rows, status, unique
) -> None:
    """Solve games (G, 3, 3): those without ties by the one support that holds, in blocks."""
    near, p, q = np.empty(9 * BLOCK), np.empty(9 * BLOCK), np.empty(9 * BLOCK)
    marks = np.empty(BLOCK, np.int64)
    for first in range(low, high, BLOCK):
        size = min(BLOCK, high - first)
        found = marks[:size]
        found[:] = 0
        fetch(P[first : first + size].reshape(9 * size), near)
        scale(near, p, found)
        for k in range(9 * BLOCK):
            q[k] = -p[k]
        supports(p, q, found)
        for k in range(size):
            g = first + k
            support = alone(found[k])
            if support < 0:
                one_game(P, g, M, T, numbers, lines, rows[g], status, unique)
                continue
            row = rows[g]
            row[:] = 0.0
            if support < PAIRS:
                row[support // 3] = row[3 + support % 3] = 1.0
            elif support < TRIPLE:
                without = TRIPLE - 1 - support
                write_pair(p, q, k, without // 3, without % 3, row)
            else:
                write_triple(p, q, k, row)
            status[g] = SOLVED
            unique[g] = True


@inlined
def alone(bits: int) -> int:
    """The number of the only bit that is set; -1 if there is none or another."""
    if bits == 0 or bits & (bits - 1) != 0:
        return -1
    return int(LOGARITHM[bits % 29])
