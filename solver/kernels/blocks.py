"""All equilibria of small games without ties, a block of games at a time: up to four actions each.

Such a game has equilibria on supports of equal size only (von Stengel 2002, Theorem 2.10): 19 pairs
of supports for 3×3, 69 for 4×4. For each pair one pass over the games of a block tells in which of
them the pair holds, in loops without a branch that LLVM turns into vector instructions; then what
was found is written and certified game by game. `solver.kernels.bimatrix` takes each game that has
a tie, a payoff that is not finite, or a system close to singular.

A block lies in memory cell by cell: number (i n + j) BLOCK + g is the payoff of game g at (i, j),
scaled. A half looks at one player's support only: the mixture of the other player that makes its
actions indifferent must be positive, and none of its other actions may pay more.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from solver._jit import inlined, kernel
from solver.kernels.bimatrix import SOLVED, certified, solve_bimatrix
from solver.kernels.polish import WORD, solve
from solver.kernels.polytope import ones
from solver.kernels.scaling import EPS, EXPONENT, TIE

#: Games solved at a time: their payoffs stay in the first-level cache.
BLOCK = 128
#: Most actions of a player.
LARGEST = 4
#: Less is left of the terms of a determinant, and a mixture has lost too many digits.
ROUGH = 1e-5
#: Rows of `near`: the mixture times its sum, what counts as a tie there, the best that another
#: action pays more, and (as 0 or 1) whether the half holds, and whether it does so by a hair.
SLACK, OUTSIDE, HOLDS, EDGE = LARGEST, LARGEST + 1, LARGEST + 2, LARGEST + 3
#: Where differences of payoffs begin, and how many rows there are in all.
DIFFERENCES, ROWS = LARGEST + 4, LARGEST + 4 + (LARGEST - 1) * LARGEST
D0, D1, D2, D3, D4, D5, D6, D7, D8, D9, D10, D11 = (row * BLOCK for row in range(DIFFERENCES, ROWS))


def support_pairs(m: int, n: int) -> NDArray[np.int64]:
    """Each pair of supports of equal size, as size, rows and columns (pairs, 1 + 2 LARGEST).

    By size, then in lexicographic order; the actions that are not played come behind those played.
    """
    pairs = [
        [size, *_padded(m, rows), *_padded(n, cols)]
        for size in range(1, min(m, n) + 1)
        for rows in combinations(range(m), size)
        for cols in combinations(range(n), size)
    ]
    return np.array(pairs, np.int64)


def _padded(actions: int, played: tuple[int, ...]) -> list[int]:
    others = [i for i in range(actions) if i not in played]
    return [*played, *others, *[0] * (LARGEST - actions)]


@kernel
def solve_blocks(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, pairs, rows, count, status, whole
) -> tuple[int, int]:
    """Do what `solve_bimatrix` does, for games with at most LARGEST actions and `support_pairs`."""
    m, n = A.shape[1], A.shape[2]
    p, q = np.empty((m * n, BLOCK)), np.empty((m * n, BLOCK))
    near_y, near_x = np.empty(ROWS * BLOCK), np.empty(ROWS * BLOCK)
    marks = np.empty((3, BLOCK), np.int64)
    a, bt = np.empty((m, n)), np.empty((n, m))
    work, order = np.empty((LARGEST, LARGEST + 1)), np.empty(LARGEST, np.int64)
    used = 0
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        screen(A, B, start, size, pairs, p, q, near_y, near_x, marks)
        g = 0
        while g < size:
            found, good = 0, marks[2, g] == 0
            if good:
                found = ones(marks[0, g]) + ones(marks[1, g])
                if used + found > rows.shape[0]:
                    return used, start + g
                good = written(p, q, a, bt, pairs, marks, g, tol, rows, used, work, order)
            if good:
                count[start + g], status[start + g], whole[start + g] = found, SOLVED, True
                used += found
                g += 1
                continue
            end = g + 1
            while end < size and marks[2, end] != 0:
                end += 1
            more, reached = solve_bimatrix(
                A, B, start + g, start + end, tol, most, rows[used:], count, status, whole
            )
            used += more
            if reached < start + end:
                return used, reached
            g = end
    return used, high


@kernel
def screen(  # type: ignore[no-untyped-def]
    A, B, start: int, size: int, pairs, p, q, near_y, near_x, marks
) -> None:
    """Mark the pairs of supports that hold: bit s of marks[:2, g], WORD to a number.

    marks[2, g] is not zero where game g has to be solved otherwise.
    """
    m, n = A.shape[1], A.shape[2]
    marks[:] = 0
    scaled(A, start, size, p, near_y, marks)
    scaled(B, start, size, q, near_y, marks)
    for s in range(len(pairs)):
        k, own, other = pairs[s, 0], pairs[s, 1 : LARGEST + 1], pairs[s, LARGEST + 1 :]
        half(p, own, other, k, m, n, 1, size, near_y, marks)
        half(q, other, own, k, n, 1, n, size, near_x, marks)
        word, bit = s // WORD, s % WORD
        for g in range(size):
            both = near_y[HOLDS * BLOCK + g] * near_x[HOLDS * BLOCK + g] > 0.0
            marks[word, g] |= both << bit


@kernel
def scaled(A, start: int, size: int, p, near, marks) -> None:  # type: ignore[no-untyped-def]
    """Write the payoffs of one player centred and scaled, cell by cell; mark what is not finite."""
    m, n = A.shape[1], A.shape[2]
    base, top, total = near[:BLOCK], near[BLOCK : 2 * BLOCK], near[2 * BLOCK : 3 * BLOCK]
    for i in range(m):
        for j in range(n):
            for g in range(size):
                p[i * n + j, g] = A[start + g, i, j]
    for g in range(size):
        base[g] = top[g] = p[0, g]
        total[g] = 0.0
    for cell in range(m * n):
        for g in range(size):
            u = p[cell, g]
            base[g] = min(base[g], u)
            top[g] = max(top[g], u)
            total[g] += u - u
    for g in range(size):
        spread = top[g] - base[g]
        # As in `scaling.normalise`: only where nothing is rounded.
        base[g] = base[g] if min(abs(base[g]), abs(top[g])) >= spread else 0.0
        fine = (total[g] == 0.0) & (spread < np.inf) & (spread > 1e-290)
        marks[2, g] |= 0 if fine else 1
        top[g] = 1.0 / np.int64(np.float64(spread).view(np.int64) & EXPONENT).view(np.float64)
    for cell in range(m * n):
        for g in range(size):
            p[cell, g] = (p[cell, g] - base[g]) * top[g]


@kernel
def half(  # type: ignore[no-untyped-def]
    p, own, other, k: int, actions: int, own_step: int, other_step: int, size: int, near, marks
) -> None:
    """Whether the mixture of `other` that makes the first k of `own` indifferent is a half."""
    s = own[0] * own_step
    t0, t1 = other[0] * other_step, other[1] * other_step
    t2 = other[2] * other_step
    if k == 1:
        for g in range(size):
            near[g], near[SLACK * BLOCK + g], near[OUTSIDE * BLOCK + g] = 1.0, TIE, -np.inf
            near[HOLDS * BLOCK + g], near[EDGE * BLOCK + g] = 1.0, 0.0
    elif k == 2:
        two(p, s, own[1] * own_step, t0, t1, size, near)
    else:
        for i in range(1, k):
            r = own[i] * own_step
            for c in range(k):
                t = other[c] * other_step
                row = (DIFFERENCES + (i - 1) * k + c) * BLOCK
                for g in range(size):
                    near[row + g] = p[s + t, g] - p[r + t, g]
        if k == 3:
            three(size, near)
        else:
            four(size, near)
    for i in range(k, actions):
        r = own[i] * own_step
        r0, s0, r1, s1 = r + t0, s + t0, r + t1, s + t1
        r2, s2 = r + t2, s + t2
        if k == 1:
            for g in range(size):
                near[OUTSIDE * BLOCK + g] = max(near[OUTSIDE * BLOCK + g], p[r0, g] - p[s0, g])
        elif k == 2:
            for g in range(size):
                gain = (p[r0, g] - p[s0, g]) * near[g] + (p[r1, g] - p[s1, g]) * near[BLOCK + g]
                near[OUTSIDE * BLOCK + g] = max(near[OUTSIDE * BLOCK + g], gain)
        else:
            for g in range(size):
                gain = (p[r0, g] - p[s0, g]) * near[g] + (p[r1, g] - p[s1, g]) * near[BLOCK + g]
                gain += (p[r2, g] - p[s2, g]) * near[2 * BLOCK + g]
                near[OUTSIDE * BLOCK + g] = max(near[OUTSIDE * BLOCK + g], gain)
    for g in range(size):
        holds = (near[HOLDS * BLOCK + g] > 0.0) & (
            near[OUTSIDE * BLOCK + g] <= near[SLACK * BLOCK + g]
        )
        hair = holds & (
            (near[EDGE * BLOCK + g] > 0.0) | (near[OUTSIDE * BLOCK + g] >= -near[SLACK * BLOCK + g])
        )
        near[HOLDS * BLOCK + g] = 1.0 if holds else 0.0
        marks[2, g] |= 1 if hair else 0


@inlined
def two(p, s: int, r: int, t0: int, t1: int, size: int, near) -> None:  # type: ignore[no-untyped-def]
    """Two actions: the mixture is opposite to their differences, which must have two signs."""
    s0, r0, s1, r1 = s + t0, r + t0, s + t1, r + t1
    for g in range(size):
        d0, d1 = p[s0, g] - p[r0, g], p[s1, g] - p[r1, g]
        mixes = (min(d0, d1) < -TIE) & (max(d0, d1) > TIE)
        near[g], near[BLOCK + g] = abs(d1), abs(d0)
        near[SLACK * BLOCK + g] = TIE * (abs(d0) + abs(d1))
        near[HOLDS * BLOCK + g] = 1.0 if mixes else 0.0
        near[OUTSIDE * BLOCK + g] = -np.inf
        near[EDGE * BLOCK + g] = 0.0  # a difference of zero is a tie of two pure actions


@inlined
def three(size: int, near) -> None:  # type: ignore[no-untyped-def]
    """Three actions: the mixture is the cross product of two differences."""
    for g in range(size):
        u0, u1, u2 = near[D0 + g], near[D1 + g], near[D2 + g]
        v0, v1, v2 = near[D3 + g], near[D4 + g], near[D5 + g]
        y0, y1, y2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
        terms = abs(u1 * v2) + abs(u2 * v1) + abs(u2 * v0)
        terms += abs(u0 * v2) + abs(u0 * v1) + abs(u1 * v0)
        total = y0 + y1 + y2
        sign = 1.0 if total > 0.0 else -1.0
        y0, y1, y2, total = y0 * sign, y1 * sign, y2 * sign, total * sign
        noise = 8.0 * EPS * terms
        slack = TIE * total + noise
        least = min(min(y0, y1), y2)
        near[OUTSIDE * BLOCK + g] = -np.inf
        near[g], near[BLOCK + g], near[2 * BLOCK + g], near[SLACK * BLOCK + g] = y0, y1, y2, slack
        near[HOLDS * BLOCK + g] = 1.0 if (total > noise) & (least >= -slack) else 0.0
        near[EDGE * BLOCK + g] = 1.0 if (least <= slack) | (total <= ROUGH * terms) else 0.0


@inlined
def four(size: int, near) -> None:  # type: ignore[no-untyped-def]
    """Four actions: the mixture is the vector orthogonal to three differences, by 2×2 minors."""
    for g in range(size):
        u0, u1, u2, u3 = near[D0 + g], near[D1 + g], near[D2 + g], near[D3 + g]
        v0, v1, v2, v3 = near[D4 + g], near[D5 + g], near[D6 + g], near[D7 + g]
        x0, x1, x2, x3 = near[D8 + g], near[D9 + g], near[D10 + g], near[D11 + g]
        m01, m02, m03 = v0 * x1 - v1 * x0, v0 * x2 - v2 * x0, v0 * x3 - v3 * x0
        m12, m13, m23 = v1 * x2 - v2 * x1, v1 * x3 - v3 * x1, v2 * x3 - v3 * x2
        y0, y1 = u1 * m23 - u2 * m13 + u3 * m12, -(u0 * m23 - u2 * m03 + u3 * m02)
        y2, y3 = u0 * m13 - u1 * m03 + u3 * m01, -(u0 * m12 - u1 * m02 + u2 * m01)
        h0, h1, h2, h3 = abs(u0), abs(u1), abs(u2), abs(u3)
        b0, b1, b2, b3 = abs(v0), abs(v1), abs(v2), abs(v3)
        c0, c1, c2, c3 = abs(x0), abs(x1), abs(x2), abs(x3)
        terms = (h2 + h3) * (b0 * c1 + b1 * c0) + (h1 + h3) * (b0 * c2 + b2 * c0)
        terms += (h1 + h2) * (b0 * c3 + b3 * c0) + (h0 + h3) * (b1 * c2 + b2 * c1)
        terms += (h0 + h2) * (b1 * c3 + b3 * c1) + (h0 + h1) * (b2 * c3 + b3 * c2)
        total = y0 + y1 + y2 + y3
        sign = 1.0 if total > 0.0 else -1.0
        y0, y1, y2, y3, total = y0 * sign, y1 * sign, y2 * sign, y3 * sign, total * sign
        noise = 16.0 * EPS * terms
        slack = TIE * total + noise
        least = min(min(y0, y1), min(y2, y3))
        near[OUTSIDE * BLOCK + g] = -np.inf
        near[SLACK * BLOCK + g] = slack
        near[HOLDS * BLOCK + g] = 1.0 if (total > noise) & (least >= -slack) else 0.0
        near[EDGE * BLOCK + g] = 1.0 if (least <= slack) | (total <= ROUGH * terms) else 0.0


@inlined
def gather(p, q, g: int, a, bt) -> None:  # type: ignore[no-untyped-def]
    """Write the payoffs of one game into a (m, n) and bt (n, m)."""
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            a[i, j] = p[i * n + j, g]
            bt[j, i] = q[i * n + j, g]


@inlined
def written(  # type: ignore[no-untyped-def]
    p, q, a, bt, pairs, marks, g: int, tol: float, rows, used: int, work, order
) -> bool:
    """Write a row for each pair of supports that holds; False if one fails its certificate."""
    m, n = a.shape
    near = False
    for w in range(2):
        bits = marks[w, g]
        while bits != 0:
            lowest = bits & -bits
            bits ^= lowest
            s = w * WORD + ones(lowest - 1)
            k = pairs[s, 0]
            for c in range(m + n):
                rows[used, c] = 0.0
            if k == 1:  # what marked it is its certificate
                rows[used, pairs[s, 1]] = rows[used, m + pairs[s, LARGEST + 1]] = 1.0
            else:
                if not near:
                    gather(p, q, g, a, bt)
                    near = True
                mixed = mix(a, bt, pairs, s, k, rows, used, work, order)
                if not (mixed and certified(a, bt, rows, used, tol)):
                    return False
            used += 1
    return True


@inlined
def mix(  # type: ignore[no-untyped-def]
    a, bt, pairs, s: int, k: int, rows, used: int, work, order
) -> bool:
    """Write the mixtures on one pair of supports; False if they are not determined."""
    m = a.shape[0]
    i, h = pairs[s, 1], pairs[s, 2]
    j, c = pairs[s, LARGEST + 1], pairs[s, LARGEST + 2]
    if k == 2:
        d0, d1 = a[i, j] - a[h, j], a[i, c] - a[h, c]
        e0, e1 = bt[j, i] - bt[c, i], bt[j, h] - bt[c, h]
        rows[used, i], rows[used, h] = e1 / (e1 - e0), e0 / (e0 - e1)
        rows[used, m + j], rows[used, m + c] = d1 / (d1 - d0), d0 / (d0 - d1)
        return True
    own, other = pairs[s, 1 : LARGEST + 1], pairs[s, LARGEST + 1 :]
    if solve(a, own, k, other, k, work, order) == 0.0:
        return False
    for e in range(k):
        rows[used, m + other[e]] = work[k - 1, e]
    if solve(bt, other, k, own, k, work, order) == 0.0:
        return False
    for e in range(k):
        rows[used, own[e]] = work[k - 1, e]
    return True
