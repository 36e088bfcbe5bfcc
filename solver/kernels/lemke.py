"""Lemke's complementary pivoting: w = q + M z with w, z >= 0 and w z = 0.

A multiple of a covering vector d >= 0 makes q feasible; it is then driven out again, complementary
pairs taking turns in the basis (Lemke 1965; Cottle, Pang and Stone 1992, chapter 4). Ties of the
ratio test are broken lexicographically, so that no basis comes twice.

The tableau (n, n + 2) has a row per basic variable and a column per other one; the last column is
what the basic variables are. Variables are w_0, ..., w_{n-1}, z_0, ..., z_{n-1} and the multiple
of d. ``where`` has the column of each variable, or -1 less the row of a basic one.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel

#: Entries of the tableau below this may be rounding errors: nothing is divided by them.
LEAST_PIVOT = 1e-10
#: Ratios that differ less, relative to their size if that is above one, are ties.
NEAR = 1e-11
#: Values below this are zero, or rounding errors of it.
NOTHING = 1e-12
#: How far the solution of a basis may be below zero.
BELOW = 1e-9


@kernel
def follow(  # type: ignore[no-untyped-def]
    M, q, d, table, label, where, tied, most: int
) -> tuple[bool, int]:
    """Go to a complementary basis; whether there is one, and how many pivots it took.

    It is left in `where`: z_k is basic where ``where[n + k] < 0``. False after `most` pivots, or
    where the path ends in a ray. label (2n + 1,): variables of the rows, then of the columns;
    tied (n,) is for work.
    """
    n = len(q)
    begin(M, q, d, table, label, where)
    row = most_negative(q, d)
    if row < 0:
        return True, 0
    column = n
    for done in range(most):
        leaving = label[row]
        pivot(table, label, where, row, column)
        if leaving == 2 * n:
            return True, done + 1
        column = where[leaving + n if leaving < n else leaving - n]
        row = lexicographic(table, label, where, column, tied)
        if row < 0:
            return False, done + 1
    return False, most


@kernel
def begin(M, q, d, table, label, where) -> None:  # type: ignore[no-untyped-def]
    """Write the tableau in which all w are basic."""
    n = len(q)
    for i in range(n):
        for k in range(n):
            table[i, k] = -M[i, k]
        table[i, n], table[i, n + 1] = -d[i], q[i]
        label[i], label[n + i] = i, n + i
        where[i], where[n + i] = -1 - i, i
    label[2 * n] = 2 * n
    where[2 * n] = n


@inlined
def most_negative(q, d) -> int:  # type: ignore[no-untyped-def]
    """The last of the rows that need the greatest multiple of d, or -1 if none is negative."""
    row, least = -1, -NOTHING
    for i in range(len(q)):
        if d[i] > 0.0 and q[i] / d[i] <= least + NEAR and q[i] < -NOTHING:
            row = i
            least = min(least, q[i] / d[i])
    return row


@kernel
def pivot(table, label, where, row: int, column: int) -> None:  # type: ignore[no-untyped-def]
    """Let the variables of a row and a column change places."""
    n = table.shape[0]
    inverse = 1.0 / table[row, column]
    table[row, column] = 1.0
    for j in range(n + 2):
        table[row, j] *= inverse
    for i in range(n):
        factor = table[i, column]
        if i == row or factor == 0.0:
            continue
        table[i, column] = 0.0
        for j in range(n + 2):
            table[i, j] -= factor * table[row, j]
        if abs(table[i, n + 1]) < NOTHING:
            table[i, n + 1] = 0.0
    leaving, entering = label[row], label[n + column]
    label[row], label[n + column] = entering, leaving
    where[entering], where[leaving] = -1 - row, column


@kernel
def lexicographic(table, label, where, column: int, tied) -> int:  # type: ignore[no-untyped-def]
    """The row that limits the variable of a column, or -1 if none does.

    Of rows that tie, the one in which the multiple of d is basic, which ends the path, or else the
    one whose row of the inverse basis, divided by the pivot, is the least.
    """
    n = table.shape[0]
    least = np.inf
    for i in range(n):
        if table[i, column] > LEAST_PIVOT:
            least = min(least, max(table[i, n + 1], 0.0) / table[i, column])
    if least == np.inf:
        return -1
    count, bound = 0, least + NEAR * max(1.0, least)
    for i in range(n):
        if table[i, column] > LEAST_PIVOT and table[i, n + 1] / table[i, column] <= bound:
            if label[i] == 2 * n:
                return i
            tied[count] = i
            count += 1
    k = 0
    while count > 1 and k < n:
        count = least_of(table, where, column, k, tied, count)
        k += 1
    row: int = tied[0]
    return row


@inlined
def least_of(  # type: ignore[no-untyped-def]
    table, where, column: int, k: int, tied, count: int
) -> int:
    """Keep those of the tied rows that are least in the column of w_k of the inverse basis."""
    at = where[k]
    least = np.inf
    for c in range(count):
        least = min(least, inverse_entry(table, at, tied[c]) / table[tied[c], column])
    kept, bound = 0, least + NEAR * max(1.0, abs(least))
    for c in range(count):
        i = tied[c]
        if inverse_entry(table, at, i) / table[i, column] <= bound:
            tied[kept] = i
            kept += 1
    return kept


@inlined
def inverse_entry(table, at: int, i: int) -> float:  # type: ignore[no-untyped-def]
    """Row i of a column of the inverse basis: that of a w which is at column `at`, or basic."""
    if at >= 0:
        entry: float = table[i, at]
        return entry
    return 1.0 if at == -1 - i else 0.0


@kernel
def at_basis(  # type: ignore[no-untyped-def]
    M, q, inside, z, w, work, order, spare
) -> bool:
    """Write z and w of the basis with the z_k that are `inside`; False if it is not feasible.

    From M and q themselves, once refined, so that nothing is left of the rounding of the pivots.
    work (n, n), order (2, n) and spare (2, n) are for work.
    """
    n, size = len(q), 0
    for k in range(n):
        z[k] = 0.0
        if inside[k]:
            order[0, size] = k
            size += 1
    for r in range(size):
        for c in range(size):
            work[r, c] = M[order[0, r], order[0, c]]
    if not factor(work, size, order[1]):
        return False
    for _ in range(2):  # the second time what the first one left
        products(M, q, order[0], size, z, w)
        for r in range(size):
            spare[0, r] = -w[order[0, r]]
        substitute(work, size, order[1], spare)
        for r in range(size):
            z[order[0, r]] += spare[1, r]
    products(M, q, order[0], size, z, w)
    good = True
    for k in range(n):
        if inside[k]:
            w[k] = 0.0
        good = good and z[k] >= -BELOW and w[k] >= -BELOW
    return good


@inlined
def products(M, q, basic, size: int, z, w) -> None:  # type: ignore[no-untyped-def]
    """Write w = q + M z, where only the first `size` of `basic` are not zero."""
    for k in range(len(q)):
        value = q[k]
        for c in range(size):
            value += M[k, basic[c]] * z[basic[c]]
        w[k] = value


@kernel
def factor(work, size: int, order) -> bool:  # type: ignore[no-untyped-def]
    """Replace a matrix (size, size) by its triangular factors; False if it is singular.

    order[k] is the row that step k exchanged with row k.
    """
    for k in range(size):
        at = k
        for r in range(k + 1, size):
            if abs(work[r, k]) > abs(work[at, k]):
                at = r
        order[k] = at
        if abs(work[at, k]) < NOTHING:
            return False
        if at != k:
            for c in range(size):
                work[k, c], work[at, c] = work[at, c], work[k, c]
        for r in range(k + 1, size):
            ratio = work[r, k] / work[k, k]
            work[r, k] = ratio
            if ratio != 0.0:
                for c in range(k + 1, size):
                    work[r, c] -= ratio * work[k, c]
    return True


@kernel
def substitute(work, size: int, order, spare) -> None:  # type: ignore[no-untyped-def]
    """Solve for the right side spare[0], which is spoilt; the solution goes to spare[1]."""
    for k in range(size):
        at = order[k]
        spare[0, k], spare[0, at] = spare[0, at], spare[0, k]
    for r in range(size):
        value = spare[0, r]
        for c in range(r):
            value -= work[r, c] * spare[1, c]
        spare[1, r] = value
    for r in range(size - 1, -1, -1):
        value = spare[1, r]
        for c in range(r + 1, size):
            value -= work[r, c] * spare[1, c]
        spare[1, r] = value / work[r, r]
