"""What tells the equilibria of a two-player game apart, straight from the payoffs.

Payoffs are read relative to the least of their game and player, and compared in units of the range:
a common shift of 1e12 costs no digit. Differences below 1e-12 of the range are ties; where a
mixture is involved, which has rounding errors of its own, those below 1e-10.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.scaling import TIE

#: Differences that the rounding of mixtures may make.
ROUGH = 1e-10
#: Marks of a row.
PURE, STRICT, QUASI_STRICT, PAYOFF, WELFARE, RISK = 0, 1, 2, 3, 4, 5
MARKS = 6


@kernel
def mark_rows(A, B, X, owner, low: int, high: int, marks, worth) -> None:  # type: ignore[no-untyped-def]
    """Mark which rows X (E, m + n) of games A, B (G, m, n) are pure, strict and quasi-strict.

    marks (E, MARKS) of bool; worth (E, 3) gets the players' payoffs and their sum, each from the
    least on and in units of its range, that of the sum being the sum of the ranges.
    """
    m, n = A.shape[1], A.shape[2]
    rows, columns = np.empty(m), np.empty(n)
    for e in range(low, high):
        a, b = A[owner[e]], B[owner[e]]
        base_a, range_a = extent(a)
        base_b, range_b = extent(b)
        rows[:] = 0.0
        columns[:] = 0.0
        mean_a, mean_b, played = 0.0, 0.0, 0
        for i in range(m):
            for j in range(n):
                rows[i] += X[e, m + j] * (a[i, j] - base_a)
                columns[j] += X[e, i] * (b[i, j] - base_b)
        for i in range(m):
            played += X[e, i] > 0.0
            mean_a += X[e, i] * rows[i]
        for j in range(n):
            played += X[e, m + j] > 0.0
            mean_b += X[e, m + j] * columns[j]
        pure = played == 2
        slack = TIE if pure else ROUGH
        quasi = True
        for i in range(m):
            quasi &= X[e, i] > 0.0 or mean_a - rows[i] > slack * range_a
        for j in range(n):
            quasi &= X[e, m + j] > 0.0 or mean_b - columns[j] > slack * range_b
        marks[e, PURE], marks[e, STRICT], marks[e, QUASI_STRICT] = pure, pure and quasi, quasi
        worth[e, 0], worth[e, 1] = share(mean_a, range_a), share(mean_b, range_b)
        worth[e, 2] = share(mean_a + mean_b, range_a + range_b)


@kernel
def compare_rows(A, B, X, first, low: int, high: int, worth, marks) -> None:  # type: ignore[no-untyped-def]
    """Mark which rows are payoff-dominant, welfare-maximal and risk-dominant in their games.

    Rows first[g] to first[g + 1] are those of game g; marks and worth are those of `mark_rows`.
    """
    for g in range(low, high):
        start, stop = first[g], first[g + 1]
        for e in range(start, stop):
            by_payoff, by_welfare, by_risk = True, True, marks[e, STRICT]
            for f in range(start, stop):
                slack = TIE if marks[e, PURE] and marks[f, PURE] else ROUGH
                for i in range(2):
                    by_payoff &= worth[e, i] >= worth[f, i] - slack
                by_welfare &= worth[e, 2] >= worth[f, 2] - slack
                if by_risk and f != e and marks[f, STRICT]:
                    by_risk = less_risky(A[g], B[g], X[e], X[f])
            marks[e, PAYOFF], marks[e, WELFARE], marks[e, RISK] = by_payoff, by_welfare, by_risk


@kernel
def less_risky(a, b, one, other) -> bool:  # type: ignore[no-untyped-def]
    """Whether the players lose more, in product, by leaving the first equilibrium for the second.

    Both are strict and so differ in both actions: the game between them is 2×2.
    """
    m = len(a)
    i, j = played_alone(one[:m]), played_alone(one[m:])
    k, h = played_alone(other[:m]), played_alone(other[m:])
    range_a, range_b = extent(a)[1], extent(b)[1]
    here_a, here_b = (a[i, j] - a[k, j]) / range_a, (b[i, j] - b[i, h]) / range_b
    there_a, there_b = (a[k, h] - a[i, h]) / range_a, (b[k, h] - b[k, j]) / range_b
    slack = TIE * (here_a + here_b + there_a + there_b)
    found: bool = here_a * here_b - there_a * there_b > slack
    return found


@inlined
def played_alone(x) -> int:  # type: ignore[no-untyped-def]
    """The action that a pure strategy plays."""
    where = 0
    for i in range(len(x)):
        if x[i] > 0.0:
            where = i
    return where


@inlined
def extent(U) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """The least payoff and the range."""
    least = most = U[0, 0]
    for i in range(U.shape[0]):
        for j in range(U.shape[1]):
            least, most = min(least, U[i, j]), max(most, U[i, j])
    return least, most - least


@inlined
def share(value: float, spread: float) -> float:
    """Of the range; zero where there is none."""
    return value / spread if spread > 0.0 else 0.0
