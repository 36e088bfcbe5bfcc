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

TIE = 1e-12
SOLVED, DEGENERATE, NOT_CONVERGED, INVALID_INPUT = 0, 2, 4, 5


@kernel
def solve_two_by_two(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, rows, count, status
) -> tuple[int, int]:
    """Write (x, y) per equilibrium into rows (R, 2); return rows used and the next game.

    A, B (G, 2, 2); count, status (G,) are written for the games done.
    """
    used = 0
    for g in range(low, high):
        if used + 5 > rows.shape[0]:
            return used, g
        a00, a01, a10, a11 = A[g, 0, 0], A[g, 0, 1], A[g, 1, 0], A[g, 1, 1]
        b00, b01, b10, b11 = B[g, 0, 0], B[g, 0, 1], B[g, 1, 0], B[g, 1, 1]
        spread_a = max(max(a00, a01), max(a10, a11)) - min(min(a00, a01), min(a10, a11))
        spread_b = max(max(b00, b01), max(b10, b11)) - min(min(b00, b01), min(b10, b11))
        d0, d1 = a00 - a10, a01 - a11
        e0, e1 = b00 - b01, b10 - b11
        # NaN compares False, in any place: such a game is never clear.
        clear_a = (abs(d0) > TIE * spread_a) & (abs(d1) > TIE * spread_a)
        clear_b = (abs(e0) > TIE * spread_b) & (abs(e1) > TIE * spread_b)
        if clear_a and clear_b and spread_a < np.inf and spread_b < np.inf:
            start = used
            # Written always, kept where it holds: no branch on random signs.
            rows[used, 0], rows[used, 1] = 1.0, 1.0
            used += (d0 > 0) & (e0 > 0)
            rows[used, 0], rows[used, 1] = 1.0, 0.0
            used += (d1 > 0) & (e0 < 0)
            rows[used, 0], rows[used, 1] = 0.0, 1.0
            used += (d0 < 0) & (e1 > 0)
            rows[used, 0], rows[used, 1] = 0.0, 0.0
            used += (d1 < 0) & (e1 < 0)
            x = e1 / (e1 - e0)
            y = d1 / (d1 - d0)
            mixed = ((d0 < 0) != (d1 < 0)) & ((e0 < 0) != (e1 < 0))
            rows[used, 0], rows[used, 1] = x, y
            used += mixed
            # The certificate: at a mixture, both actions must pay the same. Pure profiles are
            # certified by the comparisons above, which are the definition.
            miss_a = abs((a00 - a10) * y + (a01 - a11) * (1.0 - y))
            miss_b = abs((b00 - b01) * x + (b10 - b11) * (1.0 - x))
            missed = mixed & ((miss_a > tol * spread_a) | (miss_b > tol * spread_b))
            count[g] = used - start
            status[g] = NOT_CONVERGED if missed else SOLVED
        elif finite(A, g) and finite(B, g) and spread_a < np.inf and spread_b < np.inf:
            found = tied(d0, d1, e0, e1, TIE * spread_a, TIE * spread_b, rows, used)
            used += found
            count[g] = found
            status[g] = DEGENERATE
        else:
            count[g] = 0
            status[g] = INVALID_INPUT
    return used, high


@kernel
def tied(  # type: ignore[no-untyped-def]
    d0: float, d1: float, e0: float, e1: float, tie_a: float, tie_b: float, rows, used: int
) -> int:
    """Extreme equilibria of one 2×2 game with ties; return how many were written."""
    d0, d1 = snap(d0, tie_a), snap(d1, tie_a)
    e0, e1 = snap(e0, tie_b), snap(e1, tie_b)
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


@kernel
def finite(P, g: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether no payoff of game g is NaN or infinite."""
    total = 0.0
    for i in range(2):
        for j in range(2):
            total += P[g, i, j] - P[g, i, j]
    return total == 0.0


@kernel
def snap(value: float, tie: float) -> float:
    """The value, or zero where it is a tie."""
    return 0.0 if abs(value) <= tie else value


def unpack(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pairs (x, y) to rows (x, 1-x, y, 1-y)."""
    x, y = pairs.T
    return np.stack((x, 1.0 - x, y, 1.0 - y), axis=-1)
