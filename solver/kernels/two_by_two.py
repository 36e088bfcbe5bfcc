"""All extreme equilibria of 2×2 games in closed form, ties included.

Write x for the probability of the first row and y for that of the first column. The column player
is indifferent at x* = e1/(e1 - e0), where e0, e1 are what the first column gains over the second
against row 1 and row 2; the row player at y* likewise from d0, d1. Without ties the equilibria are
the pure profiles that are mutual best responses and, where both x* and y* lie strictly inside
(0, 1), the pair (x*, y*): one or three in all (odd number, Wilson 1971).

With ties the candidates are still only x in {0, x*, 1} and y in {0, y*, 1}, the vertices of the
two best-response polytopes, and an extreme equilibrium is a pair of them in which every action
that is played is a best response (Mangasarian 1964; von Stengel 2002, §2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver._jit import kernel
from solver.kernels.scaling import TIE

#: Games solved at a time: their payoffs and answers stay in the first-level cache.
BLOCK = 128
#: Games below which a block is not worth it.
FEW = 8
#: Rows that one game may need.
MOST = 9
#: More than any number of rows.
FAR = (1 << 60) - 1
SOLVED, DEGENERATE, NOT_CONVERGED, INVALID_INPUT = 0, 2, 4, 5


@kernel
def solve_two_by_two(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, rows, count, status
) -> tuple[int, int]:
    """Write (x, y) per equilibrium into rows (R, 2); return rows used and the next game.

    A, B (G, 2, 2); count, status (G,) are written for the games done. A block of games without
    ties is solved at once and then written; any other block game by game.
    """
    found = np.empty(4 * BLOCK)
    used = 0
    for start in range(low, high, BLOCK):
        stop = min(start + BLOCK, high)
        size = stop - start
        if size >= FEW and used + 3 * size <= rows.shape[0]:
            a, b = A[start:stop].reshape(4 * size), B[start:stop].reshape(4 * size)
            counts = count[start:stop]
            if plain_block(a, b, tol, found, counts):
                used = write_block(found, counts, status[start:stop], rows, used)
                continue
        used, reached = one_by_one(A, B, start, stop, tol, rows, used, count, status)
        if reached < stop:
            return used, reached
    return used, high


@kernel
def plain_block(a, b, tol: float, found, count) -> bool:  # type: ignore[no-untyped-def]
    """Solve games without ties, in code that LLVM turns into vector instructions.

    a, b (4 G,) are the payoffs; flat, so that strides are constants. Such a game has one
    equilibrium or three. Writes to found (4 G,) per game the first of them and the mixture, as
    (x, y); the first is the mixture where there is no other. Returns False if some game has a
    tie, a payoff that is not finite, or fails its certificate: then what was written is void.
    """
    good = 0
    for g in range(len(count)):
        a00, a01, a10, a11 = a[4 * g], a[4 * g + 1], a[4 * g + 2], a[4 * g + 3]
        b00, b01, b10, b11 = b[4 * g], b[4 * g + 1], b[4 * g + 2], b[4 * g + 3]
        spread_a = max(max(a00, a01), max(a10, a11)) - min(min(a00, a01), min(a10, a11))
        spread_b = max(max(b00, b01), max(b10, b11)) - min(min(b00, b01), min(b10, b11))
        d0, d1 = a00 - a10, a01 - a11
        e0, e1 = b00 - b01, b10 - b11
        # Each comparison is false for a NaN, wherever it is.
        clear_a = (abs(d0) > TIE * spread_a) & (abs(d1) > TIE * spread_a) & (spread_a < np.inf)
        clear_b = (abs(e0) > TIE * spread_b) & (abs(e1) > TIE * spread_b) & (spread_b < np.inf)
        up_a, up_b = d0 > 0.0, e0 > 0.0
        mixed = (up_a != (d1 > 0.0)) & (up_b != (e1 > 0.0))
        x = e1 / (e1 - e0)
        y = d1 / (d1 - d0)
        # The certificate: at a mixture, both actions must pay the same. Pure profiles are
        # certified by the comparisons, which are the definition.
        miss_a = abs(d0 * y + d1 * (1.0 - y))
        miss_b = abs(e0 * x + e1 * (1.0 - x))
        hit = (miss_a <= tol * spread_a) & (miss_b <= tol * spread_b)
        good += clear_a & clear_b & (hit | (not mixed))
        top_left = up_a & up_b
        top_right = (d1 > 0.0) & (e0 < 0.0)
        bottom_left = (d0 < 0.0) & (e1 > 0.0)
        alone = mixed & (up_a != up_b)
        first_x = 1.0 if top_left | top_right else 0.0
        first_y = 1.0 if top_left | (bottom_left & (not top_right)) else 0.0
        found[4 * g] = x if alone else first_x
        found[4 * g + 1] = y if alone else first_y
        found[4 * g + 2] = x
        found[4 * g + 3] = y
        count[g] = 3 if mixed & (up_a == up_b) else 1
    return good == len(count)


@kernel
def write_block(  # type: ignore[no-untyped-def]
    found, count, status, rows, used: int
) -> int:
    """Write the rows of a solved block; three a game, of which those that count are kept."""
    for g in range(len(count)):
        to = used & FAR  # LLVM sees that it is not negative
        rows[to, 0], rows[to, 1] = found[4 * g], found[4 * g + 1]
        # Of two pure equilibria the second is in the other row and the other column.
        rows[to + 1, 0], rows[to + 1, 1] = 0.0, 1.0 - found[4 * g + 1]
        rows[to + 2, 0], rows[to + 2, 1] = found[4 * g + 2], found[4 * g + 3]
        used += count[g]
    for g in range(len(count)):
        status[g] = SOLVED
    return used


@kernel
def one_by_one(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, rows, used: int, count, status
) -> tuple[int, int]:
    """Solve any games, from row `used` on; return rows used and the next game."""
    for g in range(low, high):
        if used + MOST > rows.shape[0]:
            return used, g
        d0, d1, tie_a = gains(A[g, 0, 0], A[g, 1, 0], A[g, 0, 1], A[g, 1, 1])
        e0, e1, tie_b = gains(B[g, 0, 0], B[g, 0, 1], B[g, 1, 0], B[g, 1, 1])
        count[g] = 0
        status[g] = INVALID_INPUT
        if tie_a < np.inf and tie_b < np.inf:
            clear = (d0 != 0.0) & (d1 != 0.0) & (e0 != 0.0) & (e1 != 0.0)
            status[g] = SOLVED if clear else DEGENERATE
            count[g] = vertex_pairs(d0, d1, e0, e1, rows, used)
            for k in range(used, used + count[g]):
                x, y = rows[k, 0], rows[k, 1]
                # The certificate: where a player mixes, both actions must pay the same.
                miss_a = abs(d0 * y + d1 * (1.0 - y)) * (0.0 < x < 1.0)
                miss_b = abs(e0 * x + e1 * (1.0 - x)) * (0.0 < y < 1.0)
                if miss_a * TIE > tol * tie_a or miss_b * TIE > tol * tie_b:
                    status[g] = NOT_CONVERGED
            used += count[g]
    return used, high


@kernel
def gains(mine0: float, other0: float, mine1: float, other1: float) -> tuple[float, float, float]:
    """What an action gains over the other against each answer, zero where it is a tie.

    Third, the size of a tie: a share of the payoff range, infinite where a payoff is not finite.
    """
    spread = max(max(mine0, other0), max(mine1, other1))
    spread -= min(min(mine0, other0), min(mine1, other1))
    nothing = (mine0 - mine0) + (other0 - other0) + (mine1 - mine1) + (other1 - other1)
    if not (nothing == 0.0 and spread < np.inf):
        return 0.0, 0.0, np.inf
    tie = TIE * spread
    gain0, gain1 = mine0 - other0, mine1 - other1
    return (
        0.0 if abs(gain0) <= tie else gain0,
        0.0 if abs(gain1) <= tie else gain1,
        tie,
    )


@kernel
def vertex_pairs(  # type: ignore[no-untyped-def]
    d0: float, d1: float, e0: float, e1: float, rows, used: int
) -> int:
    """Extreme equilibria of one 2×2 game, from its gains; return how many were written."""
    found = 0
    for i in range(3):
        if i == 2 and not min(e0, e1) < 0.0 < max(e0, e1):
            break
        x = 1.0 - i if i < 2 else e1 / (e1 - e0)
        left = e0 if i == 0 else (e1 if i == 1 else 0.0)  # what column 1 gains over column 2
        for j in range(3):
            if j == 2 and not min(d0, d1) < 0.0 < max(d0, d1):
                break
            y = 1.0 - j if j < 2 else d1 / (d1 - d0)
            top = d0 if j == 0 else (d1 if j == 1 else 0.0)  # what row 1 gains over row 2
            if (
                (x == 0.0 or top >= 0.0)
                and (x == 1.0 or top <= 0.0)
                and (y == 0.0 or left >= 0.0)
                and (y == 1.0 or left <= 0.0)
            ):
                rows[used + found, 0], rows[used + found, 1] = x, y
                found += 1
    return found


def unpack(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pairs (x, y) to rows (x, 1-x, y, 1-y)."""
    x, y = pairs.T
    return np.stack((x, 1.0 - x, y, 1.0 - y), axis=-1)
