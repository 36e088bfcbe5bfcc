"""What each player gets in the core: the least and the most, and whether there is a core.

An allocation is in the core if no coalition could earn more alone than its members get. For two
players that is an interval. For three, what a pair could earn is a bound from above on the third,
so the core is a box cut by the plane of allocations, and bounds of sums are sums of bounds. For
four, what one player gets leaves such a game to the other three, with bounds linear in it. Beyond,
each bound is a linear program (`solver.kernels.ascent`); all of them start where every player gets
what it is worth alone, or what it adds to the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver._jit import kernel
from solver.kernels.ascent import OPTIMAL, UNBOUNDED, ascend
from solver.kernels.coalition import tie_size, zero_normalised
from solver.kernels.scaling import EPS

CORE, EMPTY, STUCK, INVALID = 0, 1, 4, 5


@kernel
def bounds_of_two(V, low: int, high: int, tie: float, least, most, status) -> None:  # type: ignore[no-untyped-def]
    """Core intervals of two-player games V (G, 4): least, most (G, 2) and status (G,)."""
    for g in range(low, high):
        a, b, total = V[g, 1], V[g, 2], V[g, 3]
        rest = total - a - b
        near = 8.0 * EPS * max(abs(a), max(abs(b), abs(total))) + tie * abs(rest)
        rest = 0.0 if abs(rest) <= near else rest
        status[g] = CORE if rest >= 0.0 else EMPTY
        if (rest - rest) + (a - a) + (b - b) + (V[g, 0] - V[g, 0]) != 0.0:
            status[g] = INVALID
        least[g, 0], most[g, 0] = a, a + rest
        least[g, 1], most[g, 1] = b, b + rest


@kernel
def bounds_of_three(V, low: int, high: int, tie: float, least, most, status) -> None:  # type: ignore[no-untyped-def]
    """Core intervals of three-player games V (G, 8): least, most (G, 3) and status (G,)."""
    for g in range(low, high):
        a, b, c = V[g, 1], V[g, 2], V[g, 4]
        ab, ac, bc = V[g, 3] - a - b, V[g, 5] - a - c, V[g, 6] - b - c
        total = V[g, 7] - a - b - c
        # What a player can get at most: what it adds to the other two.
        top_a, top_b, top_c = total - bc, total - ac, total - ab
        spread = max(max(abs(ab), abs(ac)), max(abs(bc), abs(total)))
        largest = max(max(abs(a), abs(b)), max(abs(c), abs(V[g, 7])))
        largest = max(max(largest, abs(V[g, 3])), max(abs(V[g, 5]), abs(V[g, 6])))
        near = tie * spread + 12.0 * EPS * largest
        enough = (total >= -near) & (top_a + top_b + top_c - total >= -near)
        enough &= (top_a >= -near) & (top_b >= -near) & (top_c >= -near)
        status[g] = CORE if enough else EMPTY
        nothing = (a - a) + (b - b) + (c - c) + (ab - ab) + (ac - ac) + (bc - bc)
        if nothing + (total - total) + (V[g, 0] - V[g, 0]) != 0.0:
            status[g] = INVALID
        low_a, low_b, low_c = total - top_b - top_c, total - top_a - top_c, total - top_a - top_b
        least[g, 0], most[g, 0] = a + max(0.0, low_a), a + max(max(0.0, low_a), min(top_a, total))
        least[g, 1], most[g, 1] = b + max(0.0, low_b), b + max(max(0.0, low_b), min(top_b, total))
        least[g, 2], most[g, 2] = c + max(0.0, low_c), c + max(max(0.0, low_c), min(top_c, total))


@kernel
def bounds_of_four(V, low: int, high: int, tie: float, least, most, status) -> None:  # type: ignore[no-untyped-def]
    """Core intervals of four-player games V (G, 16): least, most (G, 4) and status (G,)."""
    singles, z = np.empty(4), np.empty(16)
    pairs, top, other = np.empty(3), np.empty(3), np.empty(3)
    for g in range(low, high):
        zero_normalised(V[g], 4, singles, z)
        near = tie_size(V[g], z, 4, 4.0 * tie)
        status[g] = CORE
        if near != near:  # noqa: PLR0124  NaN
            status[g] = INVALID
            continue
        for i in range(4):
            floor, ceiling, room = bounds_of_one(z, i, pairs, top, other)
            if room < -near or floor > ceiling + near:
                status[g] = EMPTY
            least[g, i] = singles[i] + floor
            most[g, i] = singles[i] + max(floor, ceiling)


@kernel
def bounds_of_one(z, i: int, pairs, top, other) -> tuple[float, float, float]:  # type: ignore[no-untyped-def]
    """Bounds on player i of a zero-normalised game, and a slack that is negative if none holds.

    If it gets t, each j of the others gets at least 0 and pairs[j] - t, and at most top[j] and
    other[j] - t; they share total - t. The bounds are those of the sums, for every choice.
    """
    total = z[15]
    j = 0
    for player in range(4):
        if player != i:
            both = (1 << i) | (1 << player)
            pairs[j], top[j] = z[both], total - z[15 - (1 << player)]
            other[j] = total - z[15 - both]
            j += 1
    floor, ceiling = 0.0, min(total, total - z[15 - (1 << i)])
    room = np.inf
    for j in range(3):
        k, m = (j + 1) % 3, (j + 2) % 3
        room = min(room, min(min(top[j], other[j] - pairs[j]), total - pairs[j]))
        room = min(room, other[j] + top[k] + top[m] - total)
        floor = max(floor, max(pairs[j] - top[j], pairs[k] + pairs[m] - total))
        ceiling = min(ceiling, min(other[j], other[k] + other[m] + top[j] - total))
    floor = max(floor, 0.5 * (pairs[0] + pairs[1] + pairs[2] - total))
    floor = max(floor, total - top[0] - top[1] - top[2])
    ceiling = min(ceiling, 0.5 * (other[0] + other[1] + other[2] - total))
    return floor, ceiling, room


@kernel
def bounds_of_many(V, low: int, high: int, n: int, tie: float, least, most, status, points) -> None:  # type: ignore[no-untyped-def]
    """Core intervals for n >= 2 players, by linear programs, and allocations that attain them.

    V (G, 2**n); writes least, most (G, n), status (G,) and, unless it has no rows, points
    (G, 2 n, n): a vertex of the core for each bound.
    """
    size, m = 1 << n, n - 1
    z, w, slack, singles = np.empty(size), np.empty(size), np.empty(size), np.empty(n)
    inverse, basis = np.empty((m, m)), np.empty(m, np.int64)
    weight, y, alpha, point = np.empty(m), np.empty(m), np.empty(m), np.empty(n)
    a = without_last(n)
    for g in range(low, high):
        zero_normalised(V[g], n, singles, z)
        total = z[size - 1]
        near = tie_size(V[g], z, n, tie)
        for s in range(size):
            w[s] = z[s] - (total if s >> m & 1 else 0.0)
        status[g] = INVALID if near != near else CORE  # noqa: PLR0124  NaN
        if total < -near:
            status[g] = EMPTY
        for goal in range(2 * n):
            if status[g] != CORE:
                break
            i, up = goal // 2, goal % 2
            first_basis(n, i, up == 1, inverse, basis, weight)
            ended = ascend(a, w, m, size, basis, inverse, weight, y, slack, alpha, near)
            if ended != OPTIMAL:
                status[g] = EMPTY if ended == UNBOUNDED else STUCK
                break
            point[m] = total
            for j in range(m):
                point[j] = y[j]
                point[m] -= y[j]
            for j in range(n):
                if points.shape[0] > 0:
                    points[g, goal, j] = singles[j] + point[j]
            if up == 1:
                most[g, i] = singles[i] + point[i]
            else:
                least[g, i] = singles[i] + point[i]


@kernel
def without_last(n: int) -> NDArray[np.float64]:
    """What coalitions get, (n - 1, 2**n) per payoff of the others: the last player has the rest."""
    size, m = 1 << n, n - 1
    a = np.zeros((m, size))
    for s in range(1, size - 1):
        for j in range(m):
            inside = s >> j & 1
            a[j, s] = inside - 1.0 if s >> m & 1 else float(inside)
    return a


@kernel
def first_basis(n: int, i: int, up: bool, inverse, basis, weight) -> None:  # type: ignore[no-untyped-def]
    """The start for the bound on player i: what others are worth alone, or add to the rest."""
    m = n - 1
    for j in range(m):
        goal = 0.0
        if i == m:
            goal = 1.0 if up else -1.0
        elif i == j:
            goal = -1.0 if up else 1.0
        for b in range(m):
            inverse[b, j] = 0.0
        inverse[j, j] = -1.0 if goal < 0.0 else 1.0
        basis[j] = (1 << n) - 1 - (1 << j) if goal < 0.0 else 1 << j
        weight[j] = abs(goal)
