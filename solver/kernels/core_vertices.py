"""All vertices of the core of a game with few players: imputations, cut by one coalition at a time.

The imputations of a zero-normalised game are a simplex with a vertex for each player. A coalition
that could earn more alone cuts vertices off; on every edge from one that is cut off to one that
stays with room to spare is a new vertex (Motzkin, Raiffa, Thompson and Thrall 1953). Two vertices
share an edge if no third one has all the coalitions tight that are tight at both, which holds for
degenerate and flat polytopes too (Fukuda and Prodon 1996). Coalitions tight at a vertex are bits of
one whole number, so there are five players at most.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.coalition import tie_size, zero_normalised

CORE, EMPTY, INVALID = 0, 1, 5
#: Players at most, and vertices that a polytope of their coalitions may have while it is cut.
PLAYERS, ROOM = 5, 1024
#: Rows that one game may need.
MOST = 512


@kernel
def core_vertices(  # type: ignore[no-untyped-def]
    V, low: int, high: int, n: int, tie: float, rows, count, status
) -> tuple[int, int]:
    """Write the vertices of cores into rows (R, n); return rows used and the next game.

    V (G, 2**n); count, status (G,) are written for the games done.
    """
    size = 1 << n
    z, singles = np.empty(size), np.empty(n)
    points, tight = np.empty((ROOM, n)), np.empty(ROOM, np.int64)
    slack = np.empty(ROOM)
    used = 0
    for g in range(low, high):
        if used + MOST > rows.shape[0]:
            return used, g
        zero_normalised(V[g], n, singles, z)
        near = tie_size(V[g], z, n, tie)
        count[g] = 0
        status[g] = INVALID
        if near != near:  # noqa: PLR0124  NaN
            continue
        found = imputations(z, n, near, points, tight)
        for s in range(1, size - 1):
            if s & (s - 1) != 0:
                found = cut(z, n, s, near, points, tight, slack, found)
        status[g] = CORE if found > 0 else EMPTY
        found = distinct(n, 100.0 * near, points, found)
        count[g] = found
        for k in range(found):
            for i in range(n):
                rows[used + k, i] = singles[i] + points[k, i]
        used += found
    return used, high


@kernel
def imputations(z, n: int, near: float, points, tight) -> int:  # type: ignore[no-untyped-def]
    """Write the vertices of the imputations; their number."""
    total = z[(1 << n) - 1]
    everybody = 0
    for i in range(n):
        everybody |= 1 << (1 << i)
    if total < -near:
        return 0
    if total <= near or n == 1:
        for i in range(n):
            points[0, i] = total / n
        tight[0] = everybody
        return 1
    for k in range(n):
        for i in range(n):
            points[k, i] = total if i == k else 0.0
        tight[k] = everybody ^ (1 << (1 << k))
    return n


@kernel
def cut(z, n: int, s: int, near: float, points, tight, slack, count: int) -> int:  # type: ignore[no-untyped-def]
    """Demand that coalition s gets its worth; the number of vertices then."""
    bit = 1 << s
    leaving = 0
    for k in range(count):
        slack[k] = -z[s]
        for i in range(n):
            if s >> i & 1:
                slack[k] += points[k, i]
        if abs(slack[k]) <= near:
            slack[k] = 0.0
            tight[k] |= bit
        leaving += slack[k] < 0.0
    if leaving == 0:
        return count
    end = count
    for g in range(count):
        if slack[g] >= 0.0:
            continue
        for h in range(count):
            if slack[h] <= 0.0 or between(tight, g, h, count) or end == ROOM:
                continue
            share = -slack[g] / (slack[h] - slack[g])
            for i in range(n):
                points[end, i] = (1.0 - share) * points[g, i] + share * points[h, i]
            tight[end] = (tight[g] & tight[h]) | bit
            slack[end] = 0.0
            end += 1
    kept = 0
    for k in range(end):
        if slack[k] >= 0.0:
            for i in range(n):
                points[kept, i] = points[k, i]
            tight[kept] = tight[k]
            kept += 1
    return kept


@kernel
def between(tight, g: int, h: int, count: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether a third vertex has all coalitions tight that g and h have in common."""
    common = tight[g] & tight[h]
    third = False
    for k in range(count):
        third |= ((common & ~tight[k]) == 0) & (k != g) & (k != h)
    return third


@kernel
def distinct(n: int, near: float, points, count: int) -> int:  # type: ignore[no-untyped-def]
    """Drop vertices that rounding made of one; the number of those left."""
    kept = 0
    for k in range(count):
        new = True
        for other in range(kept):
            apart = 0.0
            for i in range(n):
                apart = max(apart, abs(points[k, i] - points[other, i]))
            new &= apart > near
        if new:
            for i in range(n):
                points[kept, i] = points[k, i]
            kept += 1
    return kept
