"""The simplex method on a condensed tableau, for linear programs that start feasible.

Maximise c·u over u >= 0 with T u <= b, where b >= 0. The tableau (rows + 1, columns + 1) holds the
constraints, their right sides in the last column, and -c in the last row, whose last entry is the
value; columns of zeros may follow (`wide`). Columns of basic variables, which are unit vectors, are
not stored: a pivot exchanges a row and a column in place (Tucker 1956) and costs one pass. The dual
solution stands in the last row under the slacks. Ties of the ratio test are broken
lexicographically (Dantzig, Orden and Wolfe 1955), so that no basis comes twice.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel

OPTIMAL, UNBOUNDED, STOPPED, CAPPED = 0, 1, 2, 3
#: A reduced cost closer to zero counts as zero, where coefficients are of order one.
COST = 1e-12
#: An entry closer to zero is no pivot.
PIVOT = 1e-11
#: Ratios closer than this are tied.
SAME = 1e-13
#: Margin by which a basis must be regular and prices non-zero to call a solution the only one.
CLEAR = 1e-8
#: Pivots allowed per row and column.
PATIENCE = 40
#: Entries of a tableau above which exact weights repay the time of summing them.
LARGE = 1_500
#: Floats of the widest vector in use.
BESIDE = 8
#: The bits of the float that is infinite, as an integer.
INFINITE = 0x7FF0000000000000


@inlined
def wide(columns: int) -> int:
    """Columns of a tableau that vector instructions cover whole, for so many that are needed."""
    return columns + (-columns) % BESIDE


@inlined
def start(T, place, inside, outside, weight) -> None:  # type: ignore[no-untyped-def]
    """Number the variables: u are 0 to n-1 and outside the basis, slacks n to n+m-1 inside.

    place (n+m,) says where a variable is: its column, or -1 - its row. weight (n+1,) is set to one
    plus the squares of each column: the squared length of the edge along it.
    """
    m, n = len(inside), len(outside)
    for j in range(n):
        outside[j] = place[j] = j
    for i in range(m):
        inside[i] = n + i
        place[n + i] = -1 - i
    weight[:] = 1.0
    for i in range(m):
        for j in range(n):
            weight[j] += T[i, j] * T[i, j]


@kernel
def climb(  # type: ignore[no-untyped-def]
    T, place, inside, outside, source, weight, ratios, stop: float
) -> tuple[int, int]:
    """Pivot until the value is greatest or above `stop`; return how it ended and the last column.

    UNBOUNDED comes with the column along which the value grows for ever. The column that enters
    has the steepest gain by its weight, the squared length of the edge (Goldfarb and Reid 1977) or
    a bound on it (Harris 1973).
    """
    m, n = len(inside), len(outside)
    # Floats from zero on are in the order of their bits, and integers, unlike floats, are compared
    # by vector instructions.
    gains, lengths = source.view(np.int64), ratios.view(np.int64)
    for _ in range(PATIENCE * (m + n)):
        if T[m, n] > stop:
            return STOPPED, 0
        for j in range(n):
            cost = T[m, j]
            source[j] = cost * cost / weight[j] if cost < -COST else 0.0
        steepest = 0
        for j in range(n):
            steepest = max(steepest, gains[j])
        if steepest == 0:
            return OPTIMAL, 0
        column = 0
        while gains[column] < steepest:
            column += 1
        row = leaving(T, place, n, column, ratios, lengths)
        if row < 0:
            return UNBOUNDED, column
        exchange(T, place, inside, outside, source, weight, row, column)
    return CAPPED, 0


@inlined
def leaving(  # type: ignore[no-untyped-def]
    T, place, n: int, column: int, ratios, lengths
) -> int:
    """The row that bounds the growth of a column first, the lexicographically least of ties.

    -1 if there is none. ratios (m,) is space, lengths (m,) the same bits as integers; no branch
    depends on them until the least is known.
    """
    m = len(ratios)
    for i in range(m):
        entry = T[i, column]
        ratios[i] = max(T[i, n], 0.0) / entry if entry > PIVOT else np.inf
    shortest = INFINITE
    for i in range(m):
        shortest = min(shortest, lengths[i])
    least = np.int64(shortest).view(np.float64)
    row = -1
    if least < np.inf:
        least += SAME * (1.0 + least)
        for i in range(m):
            if ratios[i] <= least and (row < 0 or precedes(T, place, n, column, i, row)):
                row = i
    return row


@kernel
def precedes(T, place, n: int, column: int, i: int, h: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether row i over its pivot comes lexicographically before row h, slack by slack."""
    p, q = T[i, column], T[h, column]
    for k in range(n, len(place)):
        at = place[k]
        if at >= 0:
            u, v = T[i, at] / p, T[h, at] / q
        else:
            u = 1.0 / p if at == -1 - i else 0.0
            v = 1.0 / q if at == -1 - h else 0.0
        if abs(u - v) > SAME * (1.0 + abs(u)):
            return bool(u < v)
    return False


@inlined
def exchange(  # type: ignore[no-untyped-def]
    T, place, inside, outside, source, weight, row: int, column: int
) -> None:
    """Bring the variable of a column into the basis, for that of a row.

    source (n+1,) is space for a copy of the row: LLVM then sees that it is not what is written.
    Weights are bounded from below in small tableaus, and summed in large ones, where memory is
    what takes the time.
    """
    m, width = T.shape[0] - 1, T.shape[1]
    inverse = 1.0 / T[row, column]
    own = weight[column]
    for j in range(width):
        source[j] = T[row, j] * inverse
        T[row, j] = 0.0
    # What stands in the column is written after its row: a vector read of what was just written
    # alone would wait.
    if m * width > LARGE:
        for j in range(width):
            weight[j] = 1.0 + source[j] * source[j]
        length = 1.0 + inverse * inverse
        # Two rows at a time: weights are then read and written half as often.
        for i in range(0, m, 2):
            h = min(i + 1, m)  # the last row, of costs, adds nothing to weights
            p, q = T[i, column], T[h, column] if h < m else 0.0
            counts = 1.0 if h < m else 0.0
            for j in range(width):
                upper, lower = T[i, j] - p * source[j], T[h, j] - q * source[j]
                T[i, j], T[h, j] = upper, lower
                weight[j] += upper * upper + counts * (lower * lower)
            p *= -inverse
            T[i, column] = p
            length += p * p
            if h < m:
                q *= -inverse
                T[h, column] = q
                length += q * q
        weight[column] = length
    else:
        for j in range(width):
            weight[j] = max(weight[j], source[j] * source[j] * own)
        weight[column] = max(own * inverse * inverse, 1.0)
        for i in range(m):
            factor = T[i, column]
            for j in range(width):
                T[i, j] -= factor * source[j]
            T[i, column] = -factor * inverse
    factor = T[m, column]
    for j in range(width):
        T[m, j] -= factor * source[j]
    T[m, column] = -factor * inverse
    for j in range(width):
        T[row, j] = source[j]
    T[row, column] = inverse
    enters, leaves = outside[column], inside[row]
    inside[row], outside[column] = enters, leaves
    place[enters], place[leaves] = -1 - row, column


@inlined
def only(T, n: int) -> tuple[bool, bool]:  # type: ignore[no-untyped-def]
    """Whether the solution is proven the only one, and whether that of the dual is."""
    m = T.shape[0] - 1
    cost = right = np.inf
    for j in range(n):
        cost = min(cost, T[m, j])
    for i in range(m):
        right = min(right, T[i, n])
    return cost > CLEAR, right > CLEAR
