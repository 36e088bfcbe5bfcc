"""The logit equilibrium of a normal form where the precision is so low that there is one only.

Games and rooms are those of `solver.kernels.logit_path`.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.logit_path import evaluate, respond, system

#: Share of the precision of a contraction that is used.
SURE = 1.0 - 1e-9
#: Corrections of log-odds below this are the last: the next would be about its square.
LAST = 1e-8
#: Corrections tried.
CORRECTIONS = 12


@kernel
def certain(u, sizes) -> float:  # type: ignore[no-untyped-def]
    """The precision below which a logit response is a contraction, so that there is one only.

    Let d be how much the advantage of one action over another may vary with what others do. The
    total variation of a logit response varies by at most c = t d / 4 times that of any other
    player. With the same c for all others, the spectral radius of these bounds is below one if and
    only if the sum of c / (1 + c) is.
    """
    players, cells = u.shape
    varies = np.zeros(players)
    after = 1
    for i in range(players - 1, -1, -1):
        m = sizes[i]
        for a in range(m):
            for b in range(a):
                least, most = np.inf, -np.inf
                for start in range(0, cells, m * after):
                    for k in range(start, start + after):
                        gain = u[i, k + a * after] - u[i, k + b * after]
                        least, most = min(least, gain), max(most, gain)
                varies[i] = max(varies[i], most - least)
        after *= m
    bound: float = contracts(varies)
    return bound


@kernel
def roughly(u) -> float:  # type: ignore[no-untyped-def]
    """A lower bound on `certain`: advantages vary by at most twice the range, least payoffs 0."""
    players, cells = u.shape
    varies = np.zeros(players)
    for i in range(players):
        for k in range(cells):
            varies[i] = max(varies[i], 2.0 * u[i, k])
    bound: float = contracts(varies)
    return bound


@kernel
def contracts(varies) -> float:  # type: ignore[no-untyped-def]
    """The precision where the sum of c / (1 + c) reaches one, c = precision varies / 4."""
    players = varies.shape[0]
    if players == 2:
        product = varies[0] * varies[1]
        bound: float = 4.0 * SURE / np.sqrt(product) if product > 0.0 else np.inf
        return bound
    second, largest = 0.0, 0.0
    for v in varies:
        second, largest = max(second, min(v, largest)), max(v, largest)
    if second == 0.0:
        return np.inf
    # The sum is at most that of all alike, and at least that of the two largest.
    low, high = 4.0 / largest / players, 4.0 / np.sqrt(second * largest)
    while high > low * 1.001:
        middle = np.sqrt(low * high)
        total = 0.0
        for v in varies:
            c = 0.25 * middle * v
            total += c / (1.0 + c)
        low, high = (middle, high) if total < SURE else (low, middle)
    sure: float = low
    return sure


@kernel
def descend(  # type: ignore[no-untyped-def]
    u, sizes, first, player, x, tangent, ref, free, odds, worth, pairs, matrix, sides, weight,
    goal: float,
) -> bool:  # fmt: skip
    """Go from a solution to that at a higher precision; False, unmoved, if Newton's method fails.

    There is one only, so that any solution is the one on the branch. Leaves the tangent at the last
    iterate.
    """
    size, last, t = free.shape[0], np.inf, x[-1]
    if t == 0.0:
        respond(sizes, first, x, odds)
        evaluate(u, sizes, first, odds, worth, pairs, weight)
    for r in range(size):
        a = free[r]
        tangent[a] = x[a]
        # The log-odds are about in proportion to the precision.
        x[a] = goal * (worth[a] - worth[ref[player[a]]]) if t == 0.0 else x[a] * (goal / t)
    x[-1] = goal
    for _ in range(CORRECTIONS):
        respond(sizes, first, x, odds)
        evaluate(u, sizes, first, odds, worth, pairs, weight)
        system(player, x, ref, free, odds, worth, pairs, matrix, sides)
        if not solve(size, matrix, sides):
            break
        moved = 0.0
        for r in range(size):
            moved = max(moved, abs(sides[r, 0]))
            x[free[r]] += sides[r, 0]
        if moved <= LAST:
            tangent[:] = 0.0
            tangent[-1] = 1.0
            for r in range(size):
                tangent[free[r]] = sides[r, 1]
            return True
        if not moved < 2.0 * last:
            break
        last = moved
    for r in range(size):
        x[free[r]] = tangent[free[r]]
    tangent[:] = 0.0
    tangent[-1] = 1.0
    x[-1] = t
    return False


@inlined
def solve(size: int, matrix, sides) -> bool:  # type: ignore[no-untyped-def]
    """Solve for sides[:, 0], and for the last column into sides[:, 1]; False if singular.

    Entries are of the order of one here, rows need no scaling.
    """
    for k in range(size):
        sides[k, 1] = -matrix[k, size]
    for k in range(size):
        at = k
        for r in range(k + 1, size):
            at = r if abs(matrix[r, k]) > abs(matrix[at, k]) else at
        if not abs(matrix[at, k]) > 1e-300:
            return False
        if at != k:
            for c in range(k, size):
                matrix[k, c], matrix[at, c] = matrix[at, c], matrix[k, c]
            for c in range(2):
                sides[k, c], sides[at, c] = sides[at, c], sides[k, c]
        inverse = 1.0 / matrix[k, k]
        for r in range(k + 1, size):
            factor = matrix[r, k] * inverse
            if factor != 0.0:
                for c in range(k + 1, size):
                    matrix[r, c] -= factor * matrix[k, c]
                sides[r, 0] -= factor * sides[k, 0]
                sides[r, 1] -= factor * sides[k, 1]
    for k in range(size - 1, -1, -1):
        one, two = sides[k, 0], sides[k, 1]
        for c in range(k + 1, size):
            one -= matrix[k, c] * sides[c, 0]
            two -= matrix[k, c] * sides[c, 1]
        sides[k, 0], sides[k, 1] = one / matrix[k, k], two / matrix[k, k]
    return True
