"""Lemke and Howson's path of a small game, on two whole tableaux.

Where a game is small, a pivot on all of a tableau costs less than finding out what may be left
out (`complementary`). A tableau (rows, cols + 1) says what the basic variables are, given those
that are not: basic = last column - the others times the nonbasic ones. Both stand in one flat
array, x's first, so that a pivot is the same few loops on either; all is inlined into one kernel,
since handing over an array costs as much as a pivot on three rows.

Variables, labels and the lexicographic rule are those of `complementary`.
"""

from __future__ import annotations

from solver._jit import inlined, kernel
from solver.kernels.scaling import TIE

#: Most actions of both players together for which this is the faster way.
SMALL = 32
#: What a path returns where it was cut short, or rounding left it nowhere to go.
CUT, STUCK = 0, -1
#: Lexicographic differences below this are rounding errors.
SAME = 1e-9


@inlined
def short_path(  # type: ignore[no-untyped-def]
    on_x, on_y, t, names, label: int, most: int, row
) -> int:
    """Follow the path of a label from nothing played; write the equilibrium (m+n,) it ends at.

    on_x (m, n) and on_y (n, m) are positive payoffs, those of the other player for each action;
    t (n (m+1) + m (n+1),) and names (2 (m+n),) are for work. Returns the pivots, CUT after `most`
    of them, or STUCK.
    """
    m, n = on_x.shape
    fill(on_x, t, names, 0, 0)
    fill(on_y, t, names, n * (m + 1), m + n)
    in_x = label < m
    entering = label if in_x else label - m
    code = entering if in_x else ~entering  # the label as a variable of x; it is ~code as one of y
    length = result = 0
    while length < most and result == CUT:
        length += 1
        rows, cols, at, first = n, m, 0, 0
        if not in_x:
            rows, cols, at, first = m, n, n * (m + 1), m + n
        c = 0
        while names[first + rows + c] != entering:
            c += 1
        r = leaving_row(t, names, at, first, rows, cols, c)
        if r < 0:
            result = STUCK
        else:
            leaving = names[first + r]
            names[first + r], names[first + rows + c] = entering, leaving
            exchange(t, at, rows, cols, r, c)
            result = length if leaving == (code if in_x else ~code) else CUT
            in_x, entering = not in_x, ~leaving
    if result > 0:
        weights(t, names, 0, 0, n, m, row, 0)
        weights(t, names, n * (m + 1), m + n, m, n, row, m)
    return result


@inlined
def fill(payoffs, t, names, at: int, first: int) -> None:  # type: ignore[no-untyped-def]
    """Write the tableau of one player where nothing is played, from payoffs (cols, rows)."""
    cols, rows = payoffs.shape
    for r in range(rows):
        start = at + r * (cols + 1)
        for c in range(cols):
            t[start + c] = payoffs[c, r]
        t[start + cols] = 1.0
        names[first + r] = ~r
    for c in range(cols):
        names[first + rows + c] = c


@inlined
def leaving_row(  # type: ignore[no-untyped-def]
    t, names, at: int, first: int, rows: int, cols: int, c: int
) -> int:
    """The row whose variable is first to reach zero as column c enters; -1 if none does."""
    width = cols + 1
    top = 1.0
    for r in range(rows):
        top = max(top, abs(t[at + r * width + c]))
    least = TIE * top
    value, speed, best = 1.0, 0.0, -1
    for r in range(rows):
        one, left = t[at + r * width + c], max(t[at + r * width + cols], 0.0)
        if one > least and left * speed < value * one:
            value, speed, best = left, one, r
    if best < 0:
        return best
    length = value / speed
    ties = 0
    for r in range(rows):
        one, left = t[at + r * width + c], t[at + r * width + cols]
        ties += (one > least) & (left - length * one <= TIE)
    if ties > 1:
        return first_in_order(t, names, at, first, rows, cols, c, length, least)  # type: ignore[no-any-return]
    return best


@kernel
def first_in_order(  # type: ignore[no-untyped-def]
    t, names, at: int, first: int, rows: int, cols: int, c: int, length: float, least: float
) -> int:
    """Among rows that reach zero together, the one that is least in lexicographic order."""
    width = cols + 1
    best = -1
    for r in range(rows):
        one, left = t[at + r * width + c], t[at + r * width + cols]
        if one > least and left - length * one <= TIE:
            smaller = best < 0
            if not smaller:
                other = t[at + best * width + c]
                for k in range(rows):
                    mine = entry(t, names, at, first, rows, cols, r, k) / one
                    its = entry(t, names, at, first, rows, cols, best, k) / other
                    if abs(mine - its) > SAME * (1.0 + abs(its)):
                        smaller = mine < its
                        break
            if smaller:
                best = r
    return best


@kernel
def entry(  # type: ignore[no-untyped-def]
    t, names, at: int, first: int, rows: int, cols: int, r: int, k: int
) -> float:
    """How the basic variable of row r depends on the perturbation of row k."""
    if names[first + r] == ~k:
        return 1.0
    for c in range(cols):
        if names[first + rows + c] == ~k:
            return t[at + r * (cols + 1) + c]  # type: ignore[no-any-return]
    return 0.0


@inlined
def exchange(t, at: int, rows: int, cols: int, row: int, column: int) -> None:  # type: ignore[no-untyped-def]
    """Make the variable of a column basic in place of that of a row."""
    width = cols + 1
    chosen = at + row * width
    unit = 1.0 / t[chosen + column]
    t[chosen + column] = 1.0
    for c in range(width):
        t[chosen + c] *= unit
    for r in range(rows):
        start = at + r * width
        by = t[start + column]
        if r != row and by != 0.0:
            t[start + column] = 0.0
            for c in range(width):
                t[start + c] -= by * t[chosen + c]


@inlined
def weights(  # type: ignore[no-untyped-def]
    t, names, at: int, first: int, rows: int, cols: int, out, to: int
) -> None:
    """Write the mixture of one tableau, from place `to` on."""
    total = 0.0
    for c in range(cols):
        out[to + c] = 0.0
    for r in range(rows):
        if names[first + r] >= 0:
            weight = t[at + r * (cols + 1) + cols]
            weight = weight if weight > TIE else 0.0
            out[to + names[first + r]] = weight
            total += weight
    for c in range(cols):
        out[to + c] /= total
