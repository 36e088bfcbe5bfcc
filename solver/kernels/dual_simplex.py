"""The dual simplex method on one small dense tableau, ties broken lexicographically.

A tableau holds ``basic + T nonbasic = b`` for variables that are not negative, and below it two
rows of reduced costs. The first is that of the objective, the second that of a generic one, which
decides where the first has ties: the pair falls lexicographically with every pivot, so that no
basis comes back (Dantzig, Orden and Wolfe 1955).
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

#: A variable above minus this is not negative.
FEASIBLE = 1e-12
#: Coefficients below this are no pivots, and ratios as close as the other are ties.
LEAST_PIVOT, TIED = 1e-9, 1e-13
#: What `dual_simplex` returns where it found no optimum.
FAILED = -1


@kernel
def dual_simplex(T, b, basis, columns, count: int, row, most: int) -> int:  # type: ignore[no-untyped-def]
    """Pivot until no basic variable is negative; return the number of pivots, or FAILED.

    T (count + 2, width), b (count + 2,): reduced costs, of which none is lexicographically
    negative, are in the last two rows. basis (count,) and columns (width,) name the variables of
    rows and columns. row (width,) is room to work.
    """
    for step in range(most):
        p, least = -1, -FEASIBLE
        for r in range(count):
            if b[r] < least:
                p, least = r, b[r]
        if p < 0:
            return step
        q = entering(T, p, count)
        if q < 0:
            return FAILED
        pivot(T, b, p, q, row)
        basis[p], columns[q] = columns[q], basis[p]
    return FAILED


@kernel
def into_basis(T, b, basis, columns, count: int, wanted, row) -> None:  # type: ignore[no-untyped-def]
    """Exchange variables until the basis is that of the mask `wanted`, or a pivot is too small.

    The largest pivot first: fewer digits are lost than on the way of the simplex method.
    """
    while True:
        p, q, largest = -1, -1, LEAST_PIVOT
        for r in range(count):
            if not wanted[basis[r]]:
                for j in range(T.shape[1]):
                    if wanted[columns[j]] and abs(T[r, j]) > largest:
                        p, q, largest = r, j, abs(T[r, j])
        if p < 0:
            return
        pivot(T, b, p, q, row)
        basis[p], columns[q] = columns[q], basis[p]


@kernel
def entering(T, p: int, count: int) -> int:  # type: ignore[no-untyped-def]
    """The column that enters for row p, which keeps all reduced costs positive; -1 for none."""
    width = T.shape[1]
    q, least, second = -1, np.inf, np.inf
    for j in range(width):
        a = -T[p, j]
        if a > LEAST_PIVOT and T[count, j] < least * a:
            q, least, second = j, max(T[count, j], 0.0) / a, T[count + 1, j] / a
    for j in range(width):
        a = -T[p, j]
        if a > LEAST_PIVOT and T[count, j] <= (least + TIED) * a and T[count + 1, j] < second * a:
            q, second = j, T[count + 1, j] / a
    return q


@kernel
def pivot(T, b, p: int, q: int, row) -> None:  # type: ignore[no-untyped-def]
    """Exchange the variable of row p with that of column q."""
    rows, width = T.shape
    inverse = 1.0 / T[p, q]
    for j in range(width):
        row[j] = T[p, j] * inverse
    row[q] = inverse
    at = b[p] * inverse
    for r in range(rows):
        f = T[r, q]
        if f != 0.0:
            T[r, q] = 0.0
            for j in range(width):
                T[r, j] -= f * row[j]
            b[r] -= f * at
    for j in range(width):
        T[p, j] = row[j]
    b[p] = at
