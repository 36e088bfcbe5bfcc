"""All equilibria of 3×3 games without ties, a block at a time.

Such a game has equilibria on supports of equal size only (von Stengel 2002, Theorem 2.10): 9 pure
profiles, 9 pairs of two rows and two columns, and all of both. One pass over a block, in code
without a loop or a branch that LLVM turns into vector instructions, finds which of the 19 hold in
each game; a second one writes and certifies those. `solver.kernels.bimatrix` takes each game that
has a tie or a payoff that is not finite, and where an equilibrium fails its certificate.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.bimatrix import SOLVED, solve_bimatrix
from solver.kernels.scaling import EPS, EXPONENT, TIE

#: Games solved at a time: their payoffs and answers stay in the first-level cache.
BLOCK = 128
#: Of the answers of `screen`.
UNSETTLED, PAIRS, TRIPLE, SUPPORTS = -1, 9, 18, 19
#: Less is left of the terms of a determinant, and a mixture has lost too many digits.
ROUGH = 1e-5
#: The exponent of a power of two up to 2**27, by its remainder modulo 29.
LOGARITHM = np.array([next((k for k in range(28) if 2**k % 29 == r), 0) for r in range(29)])
#: Two of 0, 1, 2, by the third.
OTHERS = np.array([(1, 2), (0, 2), (0, 1)])


@kernel
def solve_three_by_three(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, rows, count, status, whole
) -> tuple[int, int]:
    """Do what `solve_bimatrix` does, for games (G, 3, 3)."""
    space = np.empty((3, 9 * BLOCK))
    marks = np.empty(BLOCK, np.int64)
    hits = np.empty((2, SUPPORTS * BLOCK), np.int64)
    used = 0
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        screen(A[start : start + size], B[start : start + size], space, marks[:size])
        end = 0
        while end < size:
            # A stretch of games that are settled, or one that are not.
            first, settled = start + end, marks[end] != UNSETTLED
            found = 0
            while end < size and (marks[end] != UNSETTLED) == settled:
                count[start + end] = listed(marks[end], end, hits, found) if settled else 0
                found += count[start + end]
                end += 1
            if used + found > rows.shape[0]:
                return used, first
            if settled:
                block = rows[used : used + found].reshape(6 * found)
                if written(hits, space[1], space[2], tol, block):
                    used += found
                    status[first : start + end] = SOLVED
                    whole[first : start + end] = True
                    continue
            more, reached = solve_bimatrix(
                A, B, first, start + end, tol, most, rows[used:], count, status, whole
            )
            used += more
            if reached < start + end:
                return used, reached
    return used, high


@kernel
def screen(A, B, space, marks) -> None:  # type: ignore[no-untyped-def]
    """Write the supports that hold in each game (G, 3, 3), or UNSETTLED.

    Bits of marks (G,): the pure profile (i, j) is 3 i + j, two rows without i and two columns
    without j are 17 - 3 i - j, all rows and columns are 18. Leaves the payoffs, scaled, in
    space[1] and space[2] (9 BLOCK,), a stretch of BLOCK for each profile.
    """
    near, p, q = space[0], space[1], space[2]
    size = 9 * len(marks)
    marks[:] = 0
    fetch(A.reshape(size), near)
    scale(near, p, marks)
    fetch(B.reshape(size), near)
    scale(near, q, marks)
    supports(p, q, marks)


@kernel
def fetch(source, near) -> None:  # type: ignore[no-untyped-def]
    """Copy into the cache, in the order of memory: `scale` reads in strides."""
    for k in range(len(source)):
        near[k] = source[k]


@kernel
def scale(a, p, marks) -> None:  # type: ignore[no-untyped-def]
    """Centre and scale the payoffs of one player; mark games where that cannot be done."""
    for g in range(len(marks)):
        p0, p1, p2 = a[9 * g], a[9 * g + 1], a[9 * g + 2]
        p3, p4, p5 = a[9 * g + 3], a[9 * g + 4], a[9 * g + 5]
        p6, p7, p8 = a[9 * g + 6], a[9 * g + 7], a[9 * g + 8]
        base = min(min(min(min(min(min(min(min(p0, p1), p2), p3), p4), p5), p6), p7), p8)
        top = max(max(max(max(max(max(max(max(p0, p1), p2), p3), p4), p5), p6), p7), p8)
        total = (p0 - p0) + (p1 - p1) + (p2 - p2) + (p3 - p3) + (p4 - p4)
        total += (p5 - p5) + (p6 - p6) + (p7 - p7) + (p8 - p8)
        spread = top - base
        # As in `scaling.normalise`: only where nothing is rounded.
        base = base if min(abs(base), abs(top)) >= spread else 0.0
        unit = 1.0 / np.int64(np.float64(spread).view(np.int64) & EXPONENT).view(np.float64)
        p[g] = (p0 - base) * unit
        p[BLOCK + g] = (p1 - base) * unit
        p[2 * BLOCK + g] = (p2 - base) * unit
        p[3 * BLOCK + g] = (p3 - base) * unit
        p[4 * BLOCK + g] = (p4 - base) * unit
        p[5 * BLOCK + g] = (p5 - base) * unit
        p[6 * BLOCK + g] = (p6 - base) * unit
        p[7 * BLOCK + g] = (p7 - base) * unit
        p[8 * BLOCK + g] = (p8 - base) * unit
        fine = (total == 0.0) & (spread < np.inf) & (spread > 1e-290)
        marks[g] |= 0 if fine else UNSETTLED


@kernel
def supports(p, q, marks) -> None:  # type: ignore[no-untyped-def]
    """Mark the supports that hold, from scaled payoffs."""
    for g in range(len(marks)):
        a0, a1, a2 = p[g], p[BLOCK + g], p[2 * BLOCK + g]
        a3, a4, a5 = p[3 * BLOCK + g], p[4 * BLOCK + g], p[5 * BLOCK + g]
        a6, a7, a8 = p[6 * BLOCK + g], p[7 * BLOCK + g], p[8 * BLOCK + g]
        b0, b1, b2 = q[g], q[BLOCK + g], q[2 * BLOCK + g]
        b3, b4, b5 = q[3 * BLOCK + g], q[4 * BLOCK + g], q[5 * BLOCK + g]
        b6, b7, b8 = q[6 * BLOCK + g], q[7 * BLOCK + g], q[8 * BLOCK + g]
        # Best rows against each column, best columns against each row.
        r0, r3, r6, s0 = best(a0, a3, a6)
        r1, r4, r7, s1 = best(a1, a4, a7)
        r2, r5, r8, s2 = best(a2, a5, a8)
        c0, c1, c2, s3 = best(b0, b1, b2)
        c3, c4, c5, s4 = best(b3, b4, b5)
        c6, c7, c8, s5 = best(b6, b7, b8)
        tied = s0 | s1 | s2 | s3 | s4 | s5
        bits = (r0 & c0) | (r1 & c1) << 1 | (r2 & c2) << 2
        bits |= (r3 & c3) << 3 | (r4 & c4) << 4 | (r5 & c5) << 5
        bits |= (r6 & c6) << 6 | (r7 & c7) << 7 | (r8 & c8) << 8
        # Two rows and two columns; the others come last.
        h0, t0 = pair(a0, a1, a3, a4, a6, a7, b0, b1, b3, b4, b2, b5)
        h1, t1 = pair(a0, a2, a3, a5, a6, a8, b0, b2, b3, b5, b1, b4)
        h2, t2 = pair(a1, a2, a4, a5, a7, a8, b1, b2, b4, b5, b0, b3)
        h3, t3 = pair(a0, a1, a6, a7, a3, a4, b0, b1, b6, b7, b2, b8)
        h4, t4 = pair(a0, a2, a6, a8, a3, a5, b0, b2, b6, b8, b1, b7)
        h5, t5 = pair(a1, a2, a7, a8, a4, a5, b1, b2, b7, b8, b0, b6)
        h6, t6 = pair(a3, a4, a6, a7, a0, a1, b3, b4, b6, b7, b5, b8)
        h7, t7 = pair(a3, a5, a6, a8, a0, a2, b3, b5, b6, b8, b4, b7)
        h8, t8 = pair(a4, a5, a7, a8, a1, a2, b4, b5, b7, b8, b3, b6)
        bits |= h0 << 9 | h1 << 10 | h2 << 11 | h3 << 12 | h4 << 13
        bits |= h5 << 14 | h6 << 15 | h7 << 16 | h8 << 17
        tied |= t0 | t1 | t2 | t3 | t4 | t5 | t6 | t7 | t8
        on_y, t0, _, _, _ = triple(a0, a1, a2, a3, a4, a5, a6, a7, a8)
        on_x, t1, _, _, _ = triple(b0, b3, b6, b1, b4, b7, b2, b5, b8)
        bits |= (on_y & on_x) << 18
        marks[g] |= UNSETTLED if tied | t0 | t1 else bits


@kernel
def best(p: float, q: float, r: float) -> tuple[bool, bool, bool, bool]:
    """Which of three are the largest, up to a tie; and whether several are."""
    least = max(max(p, q), r) - TIE
    i, j, k = p >= least, q >= least, r >= least
    return i, j, k, (i & j) | (i & k) | (j & k)


@kernel
def pair(  # type: ignore[no-untyped-def]
    a00, a01, a10, a11, a20, a21, b00, b01, b10, b11, b02, b12
) -> tuple[bool, bool]:
    """Whether two rows and two columns carry an equilibrium, and whether a tie was seen."""
    on_y, loose_y = half(a00, a01, a10, a11, a20, a21)
    on_x, loose_x = half(b00, b10, b01, b11, b02, b12)
    return on_y & on_x, loose_y | loose_x


@kernel
def half(  # type: ignore[no-untyped-def]
    p0, p1, q0, q1, r0, r1
) -> tuple[bool, bool]:
    """Whether a mixture makes p and q indifferent and r no better; whether r is as good."""
    d0, d1 = p0 - q0, p1 - q1
    mixes = (min(d0, d1) < -TIE) & (max(d0, d1) > TIE)
    y0, y1 = abs(d1), abs(d0)
    slack = TIE * (y0 + y1)
    outside = (r0 - p0) * y0 + (r1 - p1) * y1
    good = mixes & (outside <= slack)
    return good, good & (outside >= -slack)


@kernel
def triple(  # type: ignore[no-untyped-def]
    p0, p1, p2, q0, q1, q2, r0, r1, r2
) -> tuple[bool, bool, float, float, float]:
    """Whether a mixture makes all three indifferent; whether it is tied or rough; it, unscaled."""
    u0, u1, u2 = p0 - q0, p1 - q1, p2 - q2
    v0, v1, v2 = p0 - r0, p1 - r1, p2 - r2
    y0, y1, y2 = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
    size = abs(u1 * v2) + abs(u2 * v1) + abs(u2 * v0)
    size += abs(u0 * v2) + abs(u0 * v1) + abs(u1 * v0)
    total = y0 + y1 + y2
    sign = 1.0 if total > 0.0 else -1.0
    y0, y1, y2, total = y0 * sign, y1 * sign, y2 * sign, total * sign
    noise = 8.0 * EPS * size
    slack = TIE * total + noise
    least = min(y0, min(y1, y2))
    holds = (total > noise) & (least >= -slack)
    clear = (least > slack) & (total > ROUGH * size)
    return holds & clear, holds & ~clear, y0, y1, y2


@kernel
def listed(bits: int, g: int, hits, found: int) -> int:  # type: ignore[no-untyped-def]
    """List the supports that hold in game g after `found` others; return how many they are."""
    end = found
    while bits != 0:
        lowest = bits & -bits
        hits[0, end] = g
        hits[1, end] = LOGARITHM[lowest % 29]
        bits ^= lowest
        end += 1
    return end - found


@kernel
def written(hits, p, q, tol: float, rows) -> bool:  # type: ignore[no-untyped-def]
    """Write a row (6,) for each support that holds; False if one fails its certificate."""
    found = len(rows) // 6
    good = 0
    for e in range(found):
        g, support = hits[0, e], hits[1, e]
        row = rows[6 * e : 6 * e + 6]
        row[:] = 0.0
        if support < PAIRS:
            row[support // 3] = 1.0
            row[3 + support % 3] = 1.0
            good += 1
        else:
            if support < TRIPLE:
                without = TRIPLE - 1 - support
                write_pair(p, q, g, without // 3, without % 3, row)
            else:
                write_triple(p, q, g, row)
            good += certified(p, q, g, row, tol)
    return good == found


@kernel
def write_pair(p, q, g: int, row: int, column: int, out) -> None:  # type: ignore[no-untyped-def]
    """Write the mixtures on all rows but one and all columns but one."""
    i, k = OTHERS[row, 0], OTHERS[row, 1]
    j, h = OTHERS[column, 0], OTHERS[column, 1]
    ij, ih = (3 * i + j) * BLOCK + g, (3 * i + h) * BLOCK + g
    kj, kh = (3 * k + j) * BLOCK + g, (3 * k + h) * BLOCK + g
    d0, d1 = p[ij] - p[kj], p[ih] - p[kh]
    e0, e1 = q[ij] - q[ih], q[kj] - q[kh]
    out[i], out[k] = e1 / (e1 - e0), e0 / (e0 - e1)
    out[3 + j], out[3 + h] = d1 / (d1 - d0), d0 / (d0 - d1)


@kernel
def write_triple(p, q, g: int, out) -> None:  # type: ignore[no-untyped-def]
    """Write the mixtures on all rows and all columns."""
    _, _, x0, x1, x2 = triple(
        q[g], q[3 * BLOCK + g], q[6 * BLOCK + g],
        q[BLOCK + g], q[4 * BLOCK + g], q[7 * BLOCK + g],
        q[2 * BLOCK + g], q[5 * BLOCK + g], q[8 * BLOCK + g],
    )  # fmt: skip
    _, _, y0, y1, y2 = triple(
        p[g], p[BLOCK + g], p[2 * BLOCK + g],
        p[3 * BLOCK + g], p[4 * BLOCK + g], p[5 * BLOCK + g],
        p[6 * BLOCK + g], p[7 * BLOCK + g], p[8 * BLOCK + g],
    )  # fmt: skip
    total = x0 + x1 + x2
    out[0], out[1], out[2] = x0 / total, x1 / total, x2 / total
    total = y0 + y1 + y2
    out[3], out[4], out[5] = y0 / total, y1 / total, y2 / total


@kernel
def certified(p, q, g: int, row, tol: float) -> bool:  # type: ignore[no-untyped-def]
    """Whether neither player gains more than `tol` of the payoff range by any deviation.

    Reads only the payoffs and the row that was written, by the definition of an equilibrium.
    """
    best_a, mean_a, best_b, mean_b = -np.inf, 0.0, -np.inf, 0.0
    for k in range(3):
        on_row = on_column = 0.0
        for h in range(3):
            on_row += p[(3 * k + h) * BLOCK + g] * row[3 + h]
            on_column += q[(3 * h + k) * BLOCK + g] * row[h]
        best_a, best_b = max(best_a, on_row), max(best_b, on_column)
        mean_a += on_row * row[k]
        mean_b += on_column * row[3 + k]
    return max(best_a - mean_a, best_b - mean_b) <= tol
