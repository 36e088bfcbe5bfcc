"""The most that mixtures of actions gain over a strategy: small linear programs.

Each is solved by the simplex method and its answer is recomputed from the gains, as a bound from
either side: by the mixture that was found, and by what it is worth to the opponents to prevent it.
The two are equal if and only if both are right, by duality. Nothing here but the tolerance says
that numbers are floats: with fractions, and a tolerance of zero, the bounds are exact and equal.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel


@kernel
def most_gain(M, strict: bool, tie, one, most: int, T, z, labels):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Bounds, from below and from above, on the most that a mixture of rows gains.

    M (k, n) is what action k gains, over the strategy that is judged, against column j. A mixture
    gains its least of any column if `strict`; otherwise the sum over the columns, provided that it
    loses in none more than `tie`. Not to move gains zero, so no bound is less.

    ``one`` is the number 1 of the arithmetic used, T (n + 2, k + 2), z (k + n,) and labels
    (k + n + 2,) are room for it; at most `most` pivots are made.
    """
    k, n = M.shape
    width = k + 1 if strict else k
    zero = one - one
    fill(M, strict, one, T)
    pivot_to_optimum(T, n + 1, width, tie, one, most, labels)
    for i in range(k + n):
        z[i] = zero
    for r in range(n + 1):
        if labels[width + r] < k:
            z[labels[width + r]] = max(T[r, width], zero)
    for c in range(width):
        if width <= labels[c] < width + n:
            z[k + labels[c] - width] = max(T[n + 1, c], zero)
    return from_below(M, strict, tie, zero, z[:k]), from_above(M, strict, one, z[k:])


@kernel
def fill(M, strict: bool, one, T) -> None:  # type: ignore[no-untyped-def]
    """Write the tableau: a row per column of M, one for the mass of the mixture, the objective."""
    k, n = M.shape
    width = k + 1 if strict else k
    zero = one - one
    for i in range(k):
        T[n, i], T[n + 1, i] = one, zero
        for j in range(n):
            T[j, i] = -M[i, j]
            if not strict:
                T[n + 1, i] -= M[i, j]
    for j in range(n + 2):
        T[j, width] = zero
        if strict:
            T[j, k] = one
    if strict:
        T[n, k], T[n + 1, k] = zero, -one
    T[n, width] = one


@kernel
def pivot_to_optimum(  # type: ignore[no-untyped-def]
    T, rows: int, width: int, tie, one, most: int, labels
) -> None:
    """Exchange rows and columns until no column of the last row is negative.

    At first the column of most promise enters. After so many pivots as there are labels, four times
    over, it is the rule of Bland (1977), which does not cycle: the least label enters, and of the
    rows that bind first the least label leaves. labels are those of the columns, then of the rows.
    """
    for i in range(width + rows):
        labels[i] = i
    for done in range(most):
        enter = -1
        for c in range(width):
            if T[rows, c] < -tie:
                first = enter < 0 or labels[c] < labels[enter]
                if done < 4 * (width + rows):
                    first = enter < 0 or T[rows, c] < T[rows, enter]
                enter = c if first else enter
        if enter < 0:
            return
        leave = -1
        for r in range(rows):
            if T[r, enter] > tie:
                if leave < 0:
                    leave = r
                    continue
                # T[r, width] / T[r, enter] against that of the row chosen so far
                this, that = T[r, width] * T[leave, enter], T[leave, width] * T[r, enter]
                first = labels[width + r] < labels[width + leave]
                if this < that or (this == that and first):
                    leave = r
        if leave < 0:
            return
        exchange(T, rows, width, leave, enter, one)
        labels[enter], labels[width + leave] = labels[width + leave], labels[enter]


@kernel
def exchange(T, rows: int, width: int, leave: int, enter: int, one) -> None:  # type: ignore[no-untyped-def]
    """Make the variable of a row that of a column, and the other way round."""
    inverse = one / T[leave, enter]
    for c in range(width + 1):
        T[leave, c] = T[leave, c] * inverse
    T[leave, enter] = inverse
    for r in range(rows + 1):
        factor = T[r, enter]
        if r == leave or factor == 0:
            continue
        for c in range(width + 1):
            T[r, c] -= factor * T[leave, c]
        T[r, enter] = -factor * inverse


@kernel
def from_below(M, strict: bool, tie, zero, x):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """What the mixture x (k,) of the rows gains; zero if it is none, or loses somewhere."""
    k, n = M.shape
    mass, total = zero, zero
    for i in range(k):
        mass += x[i]
    if mass == 0:
        return zero
    for j in range(n):
        gain = zero
        for i in range(k):
            gain += x[i] * M[i, j]
        gain /= mass
        if gain < -tie or (strict and gain < 0):
            return zero
        total = min(total, gain) if strict and j > 0 else gain if strict else total + gain
    return max(total, zero)


@kernel
def from_above(M, strict: bool, one, u):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """What no mixture exceeds: it gains less than the best row against any play of the columns.

    u (n,) are weights of the columns; to sum gains over the columns none may weigh less than one.
    """
    k, n = M.shape
    mass = one - one
    for j in range(n):
        u[j] = u[j] if strict else u[j] + one
        mass += u[j]
    if mass == 0:
        return one * n  # nothing is known: no gain is more than the payoff range
    best = one - one
    for i in range(k):
        gain = one - one
        for j in range(n):
            gain += u[j] * M[i, j]
        best = max(best, gain / mass if strict else gain)
    return best


def room(k: int, n: int, dtype: type) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make the T, z and labels of `most_gain`."""
    return np.empty((n + 2, k + 2), dtype), np.empty(k + n, dtype), np.empty(k + n + 2, np.int64)
