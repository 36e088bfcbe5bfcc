"""The inverse of a small matrix as its rows and columns come, go and change.

Each change is a correction of rank one (Sherman and Morrison 1950): k² steps instead of k³. The
inverse is kept transposed: inverse[q, p] belongs to row q and column p of the matrix.
"""

from __future__ import annotations

from solver._jit import inlined, kernel

#: A pivot below this, with entries of order one, is a rounding error.
SINGULAR = 1e-14


@inlined
def grow(inverse, fall, entry, size: int, speed: float) -> None:  # type: ignore[no-untyped-def]
    """Add a row and a column; `entry` and `fall` are its products with them, `speed` the pivot."""
    for q in range(size):
        by, row = entry[q] / speed, inverse[q]
        for p in range(size):
            row[p] += by * fall[p]
        row[size] = -by
    for p in range(size):
        inverse[size, p] = -fall[p] / speed
    inverse[size, size] = 1.0 / speed


@inlined
def replace_column(inverse, fall, size: int, p: int) -> None:  # type: ignore[no-untyped-def]
    """Put a column in place p, of which `fall` is the product with the inverse."""
    for q in range(size):
        row = inverse[q]
        by = row[p] / fall[p]
        for s in range(size):
            row[s] -= by * fall[s]
        row[p] = by


@inlined
def replace_row(inverse, entry, size: int, q: int) -> None:  # type: ignore[no-untyped-def]
    """Put a row in place q, of which `entry` is the product with the inverse."""
    new = inverse[q]
    for p in range(size):
        new[p] /= entry[q]
    for s in range(size):
        if s != q:
            row, by = inverse[s], entry[s]
            for p in range(size):
                row[p] -= by * new[p]


@inlined
def remove(inverse, size: int, q: int, p: int) -> None:  # type: ignore[no-untyped-def]
    """Remove row q and column p; the last ones move to their places."""
    last = size - 1
    gone = inverse[q]
    for s in range(size):
        if s != q:
            row = inverse[s]
            by = row[p] / gone[p]
            for c in range(size):
                row[c] -= by * gone[c]
            row[p] = row[last]
    for c in range(last):
        inverse[q, c] = inverse[last, c]


@kernel
def invert(system, inverse) -> bool:  # type: ignore[no-untyped-def]
    """Write the inverse of system[p, q] as inverse[q, p]; False if it is singular.

    Gauss and Jordan's elimination with row pivoting; overwrites the system.
    """
    size = system.shape[0]
    for q in range(size):
        for p in range(size):
            inverse[q, p] = 1.0 if q == p else 0.0
    for c in range(size):
        best = c
        for k in range(c + 1, size):
            best = k if abs(system[k, c]) > abs(system[best, c]) else best
        if not abs(system[best, c]) > SINGULAR:
            return False
        for h in range(size):
            system[c, h], system[best, h] = system[best, h], system[c, h]
            inverse[c, h], inverse[best, h] = inverse[best, h], inverse[c, h]
        unit = 1.0 / system[c, c]
        for h in range(size):
            system[c, h] *= unit
            inverse[c, h] *= unit
        for k in range(size):
            by = system[k, c]
            if k != c and by != 0.0:
                for h in range(size):
                    system[k, h] -= by * system[c, h]
                    inverse[k, h] -= by * inverse[c, h]
    return True
