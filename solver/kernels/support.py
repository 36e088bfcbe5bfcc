"""All equilibria of m×n games on supports of equal size, with a flag for ties.

For rows S and columns T of equal size, y on T must make S indifferent and x on S must make T
indifferent; both must be positive, and nothing outside may pay more. In a non-degenerate game every
equilibrium has such supports (von Stengel 2002, §3), so the list is complete. A game is degenerate
when some x has more best responses than actions it plays, or some y has: then equilibria on
supports of unequal size may exist, and the game is solved again by pairing vertices (`vertices`).

Supports of one to three actions are solved in closed form (the y orthogonal to two payoff
differences is their cross product), larger ones by Gaussian elimination. Payoffs are first centred
and scaled per game and player, by a power of two, so that one tolerance means the same for every
game.

A half (y against the rows, or x against the columns) is one of: NO solution; a TIED one that is no
equilibrium here but shows the game degenerate; GOOD; or LOOSE, good with a tie outside.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from solver._jit import kernel
from solver.kernels.vertices import EPS, GOOD, LOOSE, TIE, TIED, extreme_equilibria, mixture

#: Bits of a float that make up its exponent.
EXPONENT = 0x7FF << 52
SOLVED, DEGENERATE, NOT_CONVERGED, INVALID_INPUT = 0, 2, 4, 5


@kernel
def solve_supports(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, rsets, csets, most: int,
    rows, count, status, whole,
) -> tuple[int, int]:  # fmt: skip
    """Write (x, y) per equilibrium into rows (R, m+n); return rows used and the next game.

    A, B (G, m, n); rsets, csets list the supports by size (`support_table`); of a game with a tie
    at most `most` vertices per player are looked at; count, status, whole (G,) are written for the
    games done.
    """
    m, n = A.shape[1], A.shape[2]
    a, bt = np.empty((m, n)), np.empty((n, m))
    best_row, best_col = np.empty((m, n), np.bool_), np.empty((m, n), np.bool_)
    largest = min(m, n)
    x, y = np.empty(largest), np.empty(largest)
    work = np.empty((largest + 1, largest + 1))
    used = 0
    for g in range(low, high):
        start = used
        if not normalise(A, B, g, a, bt):
            count[g] = 0
            status[g] = INVALID_INPUT
            continue
        tied = best_responses(a, bt, best_row, best_col)
        full = missed = False
        for i in range(m):
            for j in range(n):
                if best_row[i, j] and best_col[i, j]:
                    if used >= rows.shape[0]:
                        full = True
                        break
                    clear(rows, used, m + n)
                    rows[used, i] = rows[used, m + j] = 1.0
                    used += 1
        if largest > 1 and not full:
            used, full, t, e = pairs(a, bt, tol, rows, used)
            tied, missed = tied or t, missed or e
        if largest > 2 and not full:
            used, full, t, e = triples(a, bt, x, y, tol, rows, used)
            tied, missed = tied or t, missed or e
        if largest > 3 and not full:
            used, full, t, e = larger(a, bt, rsets, csets, x, y, work, tol, rows, used)
            tied, missed = tied or t, missed or e
        if full:
            return start, g
        whole[g] = not tied and not missed
        if tied:
            used, full, whole[g] = all_vertices(a, bt, rsets, csets, most, work, rows, start)
            if full:
                return start, g
            missed = False
            for e in range(start, used):
                missed = missed or not certified(a, bt, rows, e, tol)
            whole[g] = whole[g] and not missed
        count[g] = used - start
        status[g] = NOT_CONVERGED if missed else (DEGENERATE if tied else SOLVED)
    return used, high


@kernel
def all_vertices(  # type: ignore[no-untyped-def]
    a, bt, rsets, csets, most: int, work, rows, used: int
) -> tuple[int, bool, bool]:
    """Solve a game with ties; room is made here, where it does not slow the loop over games."""
    m, n = a.shape
    x_at, y_at = np.empty((most, m)), np.empty((most, n))
    x_keys, y_keys = np.empty((most, 2), np.int64), np.empty((most, 2), np.int64)
    result: tuple[int, bool, bool] = extreme_equilibria(
        a, bt, rsets, csets, x_at, y_at, x_keys, y_keys, work, rows, used
    )
    return result


@kernel
def normalise(A, B, g: int, a, bt) -> bool:  # type: ignore[no-untyped-def]
    """Write game g centred and scaled into a (m, n) and bt (n, m); False if it is not finite."""
    m, n = a.shape
    base_a, base_b = A[g, 0, 0], B[g, 0, 0]
    top_a, top_b = base_a, base_b
    total = 0.0
    for i in range(m):
        for j in range(n):
            u, v = A[g, i, j], B[g, i, j]
            total += (u - u) + (v - v)
            base_a, base_b = min(base_a, u), min(base_b, v)
            top_a, top_b = max(top_a, u), max(top_b, v)
    spread_a, spread_b = top_a - base_a, top_b - base_b
    if not (total == 0.0 and spread_a < np.inf and spread_b < np.inf):
        return False
    lift_a, scale_a = power_scale(spread_a)
    lift_b, scale_b = power_scale(spread_b)
    for i in range(m):
        for j in range(n):
            a[i, j] = (A[g, i, j] - base_a) * lift_a * scale_a
            bt[j, i] = (B[g, i, j] - base_b) * lift_b * scale_b
    return True


@kernel
def power_scale(spread: float) -> tuple[float, float]:
    """Two powers of two that bring a spread to [1, 2); multiplying by them rounds nothing.

    One is enough but for the very smallest spreads, whose inverse is no float.
    """
    if spread == 0.0:
        return 1.0, 1.0
    lift = 1.0 if spread > 1e-290 else 2.0**600
    exponent = np.float64(spread * lift).view(np.int64) & EXPONENT
    return lift, 1.0 / np.int64(exponent).view(np.float64)


@kernel
def best_responses(a, bt, best_row, best_col) -> bool:  # type: ignore[no-untyped-def]
    """Mark the best rows against each column and the best columns against each row.

    Returns whether some pure action has two best responses.
    """
    m, n = a.shape
    tied = False
    for j in range(n):
        top = a[0, j]
        for i in range(1, m):
            top = max(top, a[i, j])
        ties = 0
        for i in range(m):
            best_row[i, j] = a[i, j] >= top - TIE
            ties += best_row[i, j]
        tied = tied or ties > 1
    for i in range(m):
        top = bt[0, i]
        for j in range(1, n):
            top = max(top, bt[j, i])
        ties = 0
        for j in range(n):
            best_col[i, j] = bt[j, i] >= top - TIE
            ties += best_col[i, j]
        tied = tied or ties > 1
    return tied


@kernel
def pairs(  # type: ignore[no-untyped-def]
    a, bt, tol: float, rows, used: int
) -> tuple[int, bool, bool, bool]:
    """Equilibria on two rows and two columns; rows used, full, tied, missed."""
    m, n = a.shape
    tied = missed = False
    for i in range(m - 1):
        for k in range(i + 1, m):
            for j in range(n - 1):
                for h in range(j + 1, n):
                    on_y = pair(a, m, i, k, j, h)
                    on_x = pair(bt, n, j, h, i, k)
                    tied |= (on_y == LOOSE) | (on_x == LOOSE)
                    if min(on_y, on_x) >= GOOD:
                        if used >= rows.shape[0]:
                            return used, True, tied, missed
                        clear(rows, used, m + n)
                        d0, d1 = a[i, j] - a[k, j], a[i, h] - a[k, h]
                        e0, e1 = bt[j, i] - bt[h, i], bt[j, k] - bt[h, k]
                        rows[used, i], rows[used, k] = e1 / (e1 - e0), e0 / (e0 - e1)
                        rows[used, m + j], rows[used, m + h] = d1 / (d1 - d0), d0 / (d0 - d1)
                        if certified(a, bt, rows, used, tol):
                            used += 1
                        else:
                            missed = True
    return used, False, tied, missed


@kernel
def pair(a, m: int, i: int, k: int, j: int, h: int) -> int:  # type: ignore[no-untyped-def]
    """How the y on columns j, h that makes rows i, k indifferent stands: a half.

    Without a branch on random signs, and with y times its sum instead of a division.
    """
    d0, d1 = a[i, j] - a[k, j], a[i, h] - a[k, h]
    # Of one sign: no mixture. A zero puts y on one column: `best_responses` sees that tie.
    mixes = (min(d0, d1) < -TIE) & (max(d0, d1) > TIE)
    y0, y1 = abs(d1), abs(d0)
    slack = TIE * (y0 + y1)
    outside = -np.inf
    for r in range(m):
        if r not in (i, k):
            outside = max(outside, (a[r, j] - a[i, j]) * y0 + (a[r, h] - a[i, h]) * y1)
    half: int = (GOOD + (outside >= -slack)) * (mixes & (outside <= slack))
    return half


@kernel
def triples(  # type: ignore[no-untyped-def]
    a, bt, x, y, tol: float, rows, used: int
) -> tuple[int, bool, bool, bool]:
    """Equilibria on three rows and three columns; rows used, full, tied, missed."""
    m, n = a.shape
    tied = missed = False
    for i in range(m - 2):
        for k in range(i + 1, m - 1):
            for q in range(k + 1, m):
                for j in range(n - 2):
                    for h in range(j + 1, n - 1):
                        for p in range(h + 1, n):
                            on_y = triple(a, m, i, k, q, j, h, p, y)
                            on_x = triple(bt, n, j, h, p, i, k, q, x)
                            tied |= (on_y % 2 == 1) | (on_x % 2 == 1)
                            if min(on_y, on_x) >= GOOD:
                                if used >= rows.shape[0]:
                                    return used, True, tied, missed
                                clear(rows, used, m + n)
                                total = x[0] + x[1] + x[2]
                                rows[used, i] = x[0] / total
                                rows[used, k] = x[1] / total
                                rows[used, q] = x[2] / total
                                total = y[0] + y[1] + y[2]
                                rows[used, m + j] = y[0] / total
                                rows[used, m + h] = y[1] / total
                                rows[used, m + p] = y[2] / total
                                if certified(a, bt, rows, used, tol):
                                    used += 1
                                else:
                                    missed = True
    return used, False, tied, missed


@kernel
def triple(  # type: ignore[no-untyped-def]
    a, m: int, i: int, k: int, q: int, j: int, h: int, p: int, y
) -> int:
    """How the y on columns j, h, p that makes rows i, k, q indifferent stands: a half.

    Writes y times its sum.
    """
    u0, u1, u2 = a[i, j] - a[k, j], a[i, h] - a[k, h], a[i, p] - a[k, p]
    v0, v1, v2 = a[i, j] - a[q, j], a[i, h] - a[q, h], a[i, p] - a[q, p]
    y0, y1, y2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
    size = abs(u1 * v2) + abs(u2 * v1) + abs(u2 * v0)
    size += abs(u0 * v2) + abs(u0 * v1) + abs(u1 * v0)
    total = y0 + y1 + y2
    sign = 1.0 if total > 0.0 else -1.0
    y0, y1, y2, total = y0 * sign, y1 * sign, y2 * sign, total * sign
    noise = 8.0 * EPS * size  # what rounding can make of a total of zero
    slack = TIE * total + noise
    least = min(y0, min(y1, y2))
    y[0], y[1], y[2] = y0, y1, y2
    outside = -np.inf
    for r in range(m):
        if r not in (i, k, q):
            outside = max(
                outside,
                (a[r, j] - a[i, j]) * y0 + (a[r, h] - a[i, h]) * y1 + (a[r, p] - a[i, p]) * y2,
            )
    half = TIED if least <= slack else (LOOSE if outside >= -slack else GOOD)
    holds: bool = (total > noise) & (least >= -slack) & (outside <= slack)
    return half * holds


@kernel
def larger(  # type: ignore[no-untyped-def]
    a, bt, rsets, csets, x, y, work, tol: float, rows, used: int
) -> tuple[int, bool, bool, bool]:
    """Equilibria on four and more actions each; rows used, full, tied, missed."""
    m, n = a.shape
    tied = missed = False
    r_lists, r_first = rsets
    c_lists, c_first = csets
    for size in range(4, len(r_first)):
        for i in range(r_first[size - 1], r_first[size]):
            s = r_lists[i]
            for j in range(c_first[size - 1], c_first[size]):
                t = c_lists[j]
                on_y, _ = mixture(a, m, s, t, size, y, work)
                on_x, _ = mixture(bt, n, t, s, size, x, work)
                tied = tied or on_y % 2 == 1 or on_x % 2 == 1
                if on_y >= GOOD and on_x >= GOOD:
                    if used >= rows.shape[0]:
                        return used, True, tied, missed
                    clear(rows, used, m + n)
                    for k in range(size):
                        rows[used, s[k]] = x[k]
                        rows[used, m + t[k]] = y[k]
                    if certified(a, bt, rows, used, tol):
                        used += 1
                    else:
                        missed = True
    return used, False, tied, missed


@kernel
def clear(rows, used: int, width: int) -> None:  # type: ignore[no-untyped-def]
    """Zero one row."""
    for k in range(width):
        rows[used, k] = 0.0


@kernel
def certified(  # type: ignore[no-untyped-def]
    a, bt, rows, used: int, tol: float
) -> bool:
    """Whether neither player gains more than `tol` of the payoff range by any deviation.

    Reads only the payoffs and the row that was written, by the definition of an equilibrium.
    """
    m, n = a.shape
    best, mean = -np.inf, 0.0
    for i in range(m):
        value = 0.0
        for j in range(n):
            value += a[i, j] * rows[used, m + j]
        best = max(best, value)
        mean += value * rows[used, i]
    regret = best - mean
    best, mean = -np.inf, 0.0
    for j in range(n):
        value = 0.0
        for i in range(m):
            value += bt[j, i] * rows[used, i]
        best = max(best, value)
        mean += value * rows[used, m + j]
    return max(regret, best - mean) <= tol  # a range lies in [1, 2) after scaling


def support_table(actions: int, largest: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Supports of 1 to `largest` actions, (supports, largest), and where each size begins.

    The supports of `size` actions are the rows ``first[size - 1]`` to ``first[size]``; what lies
    beyond their size in a row is zero.
    """
    sizes = range(1, largest + 1)
    first = np.cumsum([0, *(comb(actions, size) for size in sizes)])
    lists = np.zeros((first[-1], largest), np.int64)
    for size in sizes:
        lists[first[size - 1] : first[size], :size] = list(combinations(range(actions), size))
    return lists, first


def support_pairs(m: int, n: int) -> int:
    """How many pairs of equal-size supports an m×n game has."""
    return comb(m + n, m) - 1
