"""One equilibrium of 3×3 games: the first of the supports that hold, a block of games at a time.

`three_by_three` finds which supports hold without a branch, in less time than a path takes. Games
with a tie or a payoff that is not finite are left to `solve_lemke_howson`.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.lemke_howson import ANY, SOLVED, solve_lemke_howson
from solver.kernels.three_by_three import BLOCK, listed, screen, written


@kernel
def solve_one_of_three_by_three(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, rows, count, status, pivots
) -> tuple[int, int]:
    """Do what `solve_lemke_howson` does for any label, for games (G, 3, 3)."""
    space = np.empty((3, 9 * BLOCK))
    marks, hits = np.empty(BLOCK, np.int64), np.empty((2, BLOCK), np.int64)
    used = 0
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        screen(A[start : start + size], B[start : start + size], space, marks[:size])
        end = 0
        while end < size:
            # A stretch of games that are settled, or one that are not.
            begin, settled = end, marks[end] > 0
            while end < size and (marks[end] > 0) == settled:
                if settled:
                    listed(marks[end] & -marks[end], end, hits, end - begin)
                end += 1
            first, last = start + begin, start + end
            if used + end - begin > rows.shape[0]:
                return used, first
            block = rows[used : used + end - begin].reshape(6 * (end - begin))
            if settled and written(hits, space[1], space[2], tol, block):
                used += end - begin
                for g in range(first, last):
                    count[g], status[g], pivots[g] = 1, SOLVED, 0
                continue
            more, reached = solve_lemke_howson(
                A, B, first, last, ANY, tol, most, rows[used:], count, status, pivots
            )
            used += more
            if reached < last:
                return used, reached
    return used, high
