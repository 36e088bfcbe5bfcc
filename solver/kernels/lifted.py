"""One game as Lemke and Howson's paths want it: scaled, positive, and by action of the other.

on_x (m, ·) holds the column player's payoffs against each row, on_y (n, ·) the row player's against
each column. Rows may be longer than the game is, by zeros, which are less than any payoff.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined
from solver.kernels.scaling import power_scale

#: Payoffs this many times as large are still finite, or the game is not looked at as it is.
HEADROOM = 256.0


@inlined
def lifted(A, B, g: int, on_x, on_y, work) -> bool:  # type: ignore[no-untyped-def]
    """Write game g, scaled so that the least payoff is 1 and the largest below 3.

    False if it is not finite; work (3, n at least). Differences of payoffs are exact up to rounding
    of their range.
    """
    m, n = A.shape[1], A.shape[2]
    base_a, spread_a = extent(A, g, work)
    base_b, spread_b = extent(B, g, work)
    if not (spread_a < np.inf and spread_b < np.inf):
        return False
    lift_a, scale_a = power_scale(spread_a)
    lift_b, scale_b = power_scale(spread_b)
    for i in range(m):
        given, new = B[g, i], on_x[i]
        for j in range(n):
            new[j] = (given[j] - base_b) * lift_b * scale_b + 1.0
    for i in range(m):
        given = A[g, i]
        for j in range(n):
            on_y[j, i] = (given[j] - base_a) * lift_a * scale_a + 1.0
    return True


@inlined
def extent(A, g: int, work) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """The least payoff, and how far they are spread: infinite if one is not finite.

    Column by column at first, which takes vector instructions.
    """
    m, n = A.shape[1], A.shape[2]
    low, high, rest = work[0], work[1], work[2]
    given = A[g, 0]
    for j in range(n):
        low[j] = high[j] = given[j]
        rest[j] = given[j] - given[j]
    for i in range(1, m):
        given = A[g, i]
        for j in range(n):
            p = given[j]
            low[j] = p if p < low[j] else low[j]
            high[j] = p if p > high[j] else high[j]
            rest[j] += p - p
    base, top, total = low[0], high[0], rest[0]
    for j in range(1, n):
        base = low[j] if low[j] < base else base
        top = high[j] if high[j] > top else top
        total += rest[j]
    return base, top - base if total == 0.0 else np.inf


@inlined
def pure(A, B, g: int, work, row) -> bool:  # type: ignore[no-untyped-def]
    """Write the first pure equilibrium, which a path of two pivots leads to, if there is one.

    Payoffs are compared as they are: an equilibrium without any regret. One that is not seen for
    the sake of a tie is left to paths, as are payoffs that are not finite or very large.
    """
    m, n = A.shape[1], A.shape[2]
    top, rest = work[0], work[1]
    for j in range(n):
        top[j], rest[j] = -np.inf, 0.0
    for i in range(m):
        given, other = A[g, i], B[g, i]
        for j in range(n):
            p, q = HEADROOM * given[j], HEADROOM * other[j]
            top[j] = given[j] if given[j] > top[j] else top[j]
            rest[j] += (p - p) + (q - q)
    total = 0.0
    for j in range(n):
        total += rest[j]
    if total != 0.0:
        return False
    for i in range(m):
        given, other = A[g, i], B[g, i]
        best = other[0]
        for j in range(1, n):
            best = other[j] if other[j] > best else best
        hits = where = 0
        for j in range(n):
            hits += (other[j] == best) & (given[j] == top[j])
        if hits > 0:
            while other[where] != best or given[where] != top[where]:
                where += 1
            for k in range(m + n):
                row[k] = 0.0
            row[i] = row[m + where] = 1.0
            return True
    return False


@inlined
def regret(on_x, on_y, row, values) -> float:  # type: ignore[no-untyped-def]
    """What either player gains at most by a deviation, by the definition of an equilibrium."""
    m, n = on_x.shape[0], on_y.shape[0]
    return max(gain(on_x, n, row, 0, m, values), gain(on_y, m, row, m, 0, values))  # type: ignore[no-any-return]


@inlined
def gain(payoffs, actions: int, row, mix: int, own: int, values) -> float:  # type: ignore[no-untyped-def]
    """What a player gains, from payoffs (actions of the other, own); places in row of either."""
    others, wide = payoffs.shape
    for k in range(wide):
        values[k] = 0.0
    for c in range(others):
        p, given = row[mix + c], payoffs[c]
        if p != 0.0:
            for k in range(wide):
                values[k] += p * given[k]
    best, mean = values[0], 0.0
    for k in range(actions):
        best = max(best, values[k])
        mean += row[own + k] * values[k]
    return best - mean if mean == mean else np.inf  # noqa: PLR0124  NaN
