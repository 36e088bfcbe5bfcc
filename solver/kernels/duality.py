"""What a pair of strategies proves about the value of a matrix game, straight from the payoffs.

This is the code that certifies: it finds nothing, and shares no line with what does. Payoffs are
read relative to their least value per game, so that a common shift costs no digit of a difference.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel


@kernel
def duality_gaps(P, X, low: int, high: int, value, gap) -> None:  # type: ignore[no-untyped-def]
    """Write what x guarantees against every column, and by how much y concedes more.

    P (G, m, n) is what the row player gets; X (G, m+n) holds x and y; value, gap (G,). No strategy
    guarantees more than y concedes at most, so the gap, relative to the range of the payoffs,
    bounds the error of the value. A gap is 1 where strategies are none or payoffs not finite.
    """
    m, n = P.shape[1], P.shape[2]
    columns, least, most = np.empty(n), np.empty(n), np.empty(n)
    for g in range(low, high):
        for j in range(n):
            least[j] = most[j] = P[g, 0, j]
        for i in range(1, m):
            for j in range(n):
                u = P[g, i, j]
                least[j] = u if u < least[j] else least[j]
                most[j] = u if u > most[j] else most[j]
        base, top = least[0], most[0]
        for j in range(1, n):
            base, top = min(base, least[j]), max(top, most[j])
        columns[:] = 0.0
        conceded = -np.inf
        for i in range(m):
            x = X[g, i]
            for j in range(n):
                most[j] = X[g, m + j] * (P[g, i, j] - base)
                columns[j] += x * (P[g, i, j] - base)
            conceded = max(conceded, total(most))
        guaranteed = np.inf
        for j in range(n):
            guaranteed = min(guaranteed, columns[j])
        value[g] = base + guaranteed
        gap[g] = max(conceded - guaranteed, 0.0) / (top - base) if top > base else 0.0
        in_x, in_y = total(X[g, :m]), total(X[g, m:])
        proper = (abs(in_x - 1.0) <= 1e-9) & (abs(in_y - 1.0) <= 1e-9)
        for k in range(m + n):
            proper = proper & (X[g, k] >= 0.0)
        if not (proper and gap[g] < np.inf):
            gap[g] = 1.0


@kernel
def total(u) -> float:  # type: ignore[no-untyped-def]
    """The sum, of every fourth at a time: four sums do not wait for each other."""
    s0 = s1 = s2 = s3 = 0.0
    whole = len(u) - len(u) % 4
    for j in range(0, whole, 4):
        s0 += u[j]
        s1 += u[j + 1]
        s2 += u[j + 2]
        s3 += u[j + 3]
    for j in range(whole, len(u)):
        s0 += u[j]
    return (s0 + s1) + (s2 + s3)


@kernel
def constant_sum(A, B, low: int, high: int, tie: float, constant) -> None:  # type: ignore[no-untyped-def]
    """Mark in constant (G,) the games A, B (G, m, n) whose payoffs add up to the same everywhere.

    Up to `tie` times the ranges of the payoffs, and to the rounding of the payoffs themselves.
    """
    m, n = A.shape[1], A.shape[2]
    for g in range(low, high):
        base_a = top_a = A[g, 0, 0]
        base_b = top_b = B[g, 0, 0]
        lowest = highest = 0.0
        for i in range(m):
            for j in range(n):
                u, v = A[g, i, j], B[g, i, j]
                base_a, top_a = min(base_a, u), max(top_a, u)
                base_b, top_b = min(base_b, v), max(top_b, v)
                total = (u - A[g, 0, 0]) + (v - B[g, 0, 0])
                lowest, highest = min(lowest, total), max(highest, total)
        size = max(abs(base_a), abs(top_a)) + max(abs(base_b), abs(top_b))
        slack = tie * ((top_a - base_a) + (top_b - base_b)) + 2.0**-51 * size
        constant[g] = highest - lowest <= slack


@kernel
def differences(A, B, low: int, high: int, team, place, base, D) -> None:  # type: ignore[no-untyped-def]
    """Split games A, B (G, m, n) into what is common and what is contested.

    Writes the largest A + B into team (G,), the first profile that attains it up to a tie into
    place (G,), and A - B into D (G, m, n) less its first entry, which goes into base (G,). Payoffs
    are read relative to their first, so that a shift costs no digit of a difference.
    """
    m, n = A.shape[1], A.shape[2]
    for g in range(low, high):
        first_a, first_b = A[g, 0, 0], B[g, 0, 0]
        most, least = -np.inf, np.inf
        for i in range(m):
            for j in range(n):
                u, v = A[g, i, j] - first_a, B[g, i, j] - first_b
                D[g, i, j] = u - v
                most, least = max(most, u + v), min(least, u + v)
        slack = 1e-12 * (most - least)
        place[g] = 0
        for k in range(m * n - 1, -1, -1):
            i, j = k // n, k % n
            if (A[g, i, j] - first_a) + (B[g, i, j] - first_b) >= most - slack:
                place[g] = k
        team[g] = (first_a + first_b) + most
        base[g] = first_a - first_b
