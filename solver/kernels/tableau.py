"""Lemke and Howson's path, on two whole tableaux.

Up to sixty actions, a pivot on all of a tableau costs less than finding out what may be left
out (`complementary`). A tableau says what the basic variables are, given those that are not:
basic = last column - the others times the nonbasic ones. It is kept by column, so that all that a
pivot does runs along a column, and a column has room for a multiple of eight rows, the last of
them zero: such loops become vector instructions without a remainder.

Both tableaux stand in one array t (2, columns, rows), x's first, so that a pivot is the same loops
on either; all is inlined into one kernel. Variables are named by label: each label has one in
either tableau, and the one that leaves names the one that enters the other.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.lanes import aligned
from solver.kernels.scaling import TIE

#: Most actions of both players together for which this is the faster way.
SMALL = 128
#: Rows that a column has room for are a multiple of this.
STRIDE = 8
#: What a path returns where it was cut short, or rounding left it nowhere to go.
CUT, STUCK = 0, -1
#: Bits of the floats 1 and infinity, and of all but the sign.
ONE, INFINITE, ABSOLUTE = 1023 << 52, 2047 << 52, (1 << 63) - 1
#: Lexicographic differences below this are rounding errors.
SAME = 1e-9


@inlined
def padded(actions: int) -> int:
    """Room for so many rows."""
    return -(-actions // STRIDE) * STRIDE


@kernel
def tableaux(m: int, n: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Room for tableaux, for a column and ratios, labels basic by row, and columns by label."""
    longest = max(m, n)
    wide = padded(longest)
    basic, column = np.empty((2, longest), np.int64), np.empty((2, m + n), np.int64)
    both = aligned(2 * (longest + 1), wide).reshape(2, longest + 1, wide)
    return both, aligned(2, wide), basic, column


@inlined
def short_path(  # type: ignore[no-untyped-def]
    on_x, on_y, t, work, basic, column, label: int, most: int, row
) -> int:
    """Follow the path of a label from nothing played; write the equilibrium (m+n,) it ends at.

    on_x (m, ·) and on_y (n, ·) are positive payoffs, those of the other player for each action,
    and zero where the rows are padded; the rest is from `tableaux`. Returns the pivots, CUT after
    `most` of them, or STUCK.
    """
    m, n = on_x.shape[0], on_y.shape[0]
    fill(on_x, n, t[0], basic[0], column[0], 0, m)
    fill(on_y, m, t[1], basic[1], column[1], m, 0)
    entering, p = label, 0 if label < m else 1
    length = result = 0
    while length < most and result == CUT:
        length += 1
        rows, cols, wide = (n, m, on_x.shape[1]) if p == 0 else (m, n, on_y.shape[1])
        c = column[p, entering]
        r = leaving_row(t, work, basic, column, p, rows, cols, wide, c)
        if r < 0:
            result = STUCK
        else:
            leaving = basic[p, r]
            basic[p, r], column[p, leaving] = entering, c
            exchange(t, work, p, cols, wide, r, c)
            result = length if leaving == label else CUT
            entering, p = leaving, 1 - p
    if result > 0:
        weights(t[0, m], basic[0], n, 0, m, row)
        weights(t[1, n], basic[1], m, m, n, row)
    return result


@inlined
def fill(payoffs, rows: int, t, basic, column, own: int, slacks: int) -> None:  # type: ignore[no-untyped-def]
    """Write the tableau of one player where nothing is played.

    own and slacks are the first labels of its actions, and of those of the other player.
    """
    cols, wide = payoffs.shape
    for c in range(cols):
        new, given = t[c], payoffs[c]
        for r in range(wide):
            new[r] = given[r]
        column[own + c] = c
    last = t[cols]
    for r in range(wide):
        last[r] = 1.0
    for r in range(rows):
        basic[r] = slacks + r


@inlined
def leaving_row(  # type: ignore[no-untyped-def]
    t, work, basic, column, p: int, rows: int, cols: int, wide: int, c: int
) -> int:
    """The row whose variable is first to reach zero as column c enters; -1 if none does."""
    # The column is copied: LLVM then knows that no other overlaps it.
    falls, ratio, left, given = work[0], work[1], t[p, cols], t[p, c]
    bits = work.view(np.int64)
    for r in range(wide):
        falls[r] = given[r]
    # Floats of one sign are in the order of their bits, whose least a vector instruction finds.
    size, top = bits[0], ONE
    for r in range(wide):
        top = max(top, size[r] & ABSOLUTE)
    least = TIE * np.int64(top).view(np.float64)
    for r in range(wide):
        one = falls[r]
        ratio[r] = (left[r] if left[r] > 0.0 else 0.0) / one if one > least else np.inf
    size, top = bits[1], INFINITE
    for r in range(wide):
        top = min(top, size[r])
    length = np.int64(top).view(np.float64)
    if top == INFINITE:
        return -1
    ties = best = 0
    for r in range(wide):
        tied = (falls[r] > least) & (left[r] - length * falls[r] <= TIE)
        ties += tied
        best += r * tied
    if ties != 1:
        return first_in_order(t, basic, column, p, rows, cols, c, length, least)  # type: ignore[no-any-return]
    return best


@kernel
def first_in_order(  # type: ignore[no-untyped-def]
    t, basic, column, p: int, rows: int, cols: int, c: int, length: float, least: float
) -> int:
    """Among rows that reach zero together, the one that is least in lexicographic order."""
    best = -1
    slacks = cols if p == 0 else 0
    for r in range(rows):
        one, left = t[p, c, r], t[p, cols, r]
        if one > least and left - length * one <= TIE:
            smaller = best < 0
            if not smaller:
                for k in range(rows):
                    mine = entry(t, basic, column, p, r, slacks + k) / one
                    its = entry(t, basic, column, p, best, slacks + k) / t[p, c, best]
                    if abs(mine - its) > SAME * (1.0 + abs(its)):
                        smaller = mine < its
                        break
            if smaller:
                best = r
    return best


@kernel
def entry(t, basic, column, p: int, r: int, label: int) -> float:  # type: ignore[no-untyped-def]
    """How the basic variable of row r depends on the perturbation of the row of a label."""
    if basic[p, r] == label:
        return 1.0
    for k in range(basic.shape[1]):
        if basic[p, k] == label:
            return 0.0
    return t[p, column[p, label], r]  # type: ignore[no-any-return]


@inlined
def exchange(t, work, p: int, cols: int, wide: int, row: int, column: int) -> None:  # type: ignore[no-untyped-def]
    """Make the variable of a column basic in place of that of a row."""
    falls, new = work[0], t[p, column]
    unit = 1.0 / falls[row]
    for c in range(cols + 1):
        other = t[p, c]
        by = other[row] * unit
        for r in range(wide):
            other[r] -= by * falls[r]
        other[row] = by
    for r in range(wide):
        new[r] = -unit * falls[r]
    new[row] = unit


@inlined
def weights(values, basic, rows: int, own: int, actions: int, out) -> None:  # type: ignore[no-untyped-def]
    """Write the mixture of one tableau, from the place of its first action on."""
    total = 0.0
    for c in range(own, own + actions):
        out[c] = 0.0
    for r in range(rows):
        if own <= basic[r] < own + actions:
            weight = values[r] if values[r] > TIE else 0.0
            out[basic[r]] = weight
            total += weight
    unit = 1.0 / total
    for c in range(own, own + actions):
        out[c] *= unit
