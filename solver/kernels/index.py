"""The index of equilibria whose supports are of equal size and regular."""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel

#: Of an equilibrium that has none: its supports differ in size, or a system is singular.
NO_INDEX = -128
#: A pivot below this, of rows scaled to one, may be a rounding error.
LEAST_PIVOT = 1e-10


@kernel
def index_of(A, B, profiles, owner, low: int, high: int, index) -> None:  # type: ignore[no-untyped-def]
    """Write the index of rows `low` to `high` of profiles (E, m+n) of games A, B (G, m, n).

    With supports of k rows and k columns it is (-1)^(k+1) times the signs of the determinants of
    either player's payoffs there, made positive (Shapley 1974). The sign of such a determinant is
    that of its derivative in a constant added to all payoffs: the determinant with the first row
    replaced by ones and subtracted from the others, which no such constant changes.
    """
    m, n = A.shape[1], A.shape[2]
    most = min(m, n)
    rows, cols = np.empty(m, np.int64), np.empty(n, np.int64)
    matrix = np.empty((most, most))
    for e in range(low, high):
        size = others = 0
        for i in range(m):
            rows[size] = i
            size += profiles[e, i] > 0.0
        for j in range(n):
            cols[others] = j
            others += profiles[e, m + j] > 0.0
        index[e] = NO_INDEX
        if size == others:
            g = owner[e]
            for k in range(size):
                for h in range(size):
                    matrix[k, h] = A[g, rows[k], cols[h]] - A[g, rows[0], cols[h]]
            sign = determinant_sign(matrix, size)
            for k in range(size):
                for h in range(size):
                    matrix[h, k] = B[g, rows[k], cols[h]] - B[g, rows[k], cols[0]]
            sign *= determinant_sign(matrix, size)
            if sign != 0:
                index[e] = sign if size % 2 == 1 else -sign


@inlined
def determinant_sign(matrix, size: int) -> int:  # type: ignore[no-untyped-def]
    """The sign of the determinant with ones for its first row; 0 if it cannot be told."""
    for k in range(size):
        largest = 0.0
        for h in range(size):
            if k == 0:
                matrix[k, h] = 1.0
            largest = max(largest, abs(matrix[k, h]))
        if largest == 0.0:
            return 0
        for h in range(size):
            matrix[k, h] /= largest
    sign = 1
    for c in range(size):
        pivot = c
        for k in range(c + 1, size):
            if abs(matrix[k, c]) > abs(matrix[pivot, c]):
                pivot = k
        if abs(matrix[pivot, c]) <= LEAST_PIVOT:
            return 0
        if pivot != c:
            sign = -sign
            for h in range(size):
                matrix[c, h], matrix[pivot, h] = matrix[pivot, h], matrix[c, h]
        if matrix[c, c] < 0.0:
            sign = -sign
        for k in range(c + 1, size):
            factor = matrix[k, c] / matrix[c, c]
            for h in range(c + 1, size):
                matrix[k, h] -= factor * matrix[c, h]
    return sign
