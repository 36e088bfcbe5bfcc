"""The best mixture to commit to, one linear program per reply of the follower.

Given the reply j, the leader's best mixture x maximises x·a_j where x·(b_j - b_k) >= 0 for all k
(Conitzer and Sandholm 2006). The dual is solved: minimise t over weights w >= 0 with
t >= a_ij + sum_k w_k (b_ij - b_ik) for every row i. It starts feasible from w = 0, any w bounds
what the reply j can be worth, so that most programs end early, and x is read off the prices.

A weak follower picks, of replies that are equally good to it, the worst for the leader. The
supremum over mixtures is then the largest over replies j that are the only best ones, up to copies
E(j) with the same payoffs to the follower, at some mixture, of max min over k in E(j) of x·a_k
subject to the same constraints (von Stengel and Zamir 2010). Copies other than j get weights too,
which add up to one at most and multiply a_ik - a_ij.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.duality import commitment_gaps, pure_gaps
from solver.kernels.replies import MARGIN, bound_without, copies, ever_alone, improve
from solver.kernels.scaling import TIE, normalise

SOLVED, DEGENERATE, NOT_CONVERGED, INVALID_INPUT = 0, 2, 4, 5
#: What is claimed of a reply: a bound by weights, that it is never the only best one, or that it
#: is a copy of another.
BOUND, NEVER, COPY = 0, 1, 2
#: Margin by which other replies must be worse for a mixture to be proven the only one.
CLEAR = 1e-9


@kernel
def solve_commitment(  # type: ignore[no-untyped-def]
    A, B, weak: bool, low: int, high: int, tol: float, rows, payoffs, gaps, status, unique
) -> None:
    """Write the mixture of the row player and the reply into rows (G, m+n).

    A, B (G, m, n) are the payoffs of the leader and the follower; payoffs, gaps (G, 2) theirs.
    status, unique (G,). Games whose payoffs are not finite get zeros.
    """
    m, n = A.shape[1], A.shape[2]
    a, bt = np.empty((m, n)), np.empty((n, m))
    weights, claim = np.empty((n, n)), np.empty((2, n), np.int64)
    x, same = np.empty(m), np.empty(n, np.bool_)
    # One row and one column more than a program needs.
    memory = np.empty((m + 1) * (n + 1))
    spare = np.empty((m, n)), np.empty((m + 1) * (n + 1)), np.empty(m + n)
    numbers, lines = np.empty((3, m + n), np.int64), np.empty((3, max(m, n) + 1))
    for g in range(low, high):
        rows[g] = 0.0
        payoffs[g] = 0.0
        gaps[g] = 0.0
        unique[g] = False
        if not normalise(A, B, g, a, bt):
            status[g] = INVALID_INPUT
            continue
        value, reply, alone = pure_start(a, bt, weak, x)
        for j in range(n):
            weights[j] = 0.0
            claim[0, j], claim[1, j] = BOUND, j
            first = copies(bt, j, weak, same)
            if first < j:
                claim[0, j], claim[1, j] = COPY, first
                continue
            worth, by = bound_without(a, j, same)
            if worth < value - MARGIN:
                if by != j:
                    weights[j, by] = 1.0
                continue
            if weak and not ever_alone(bt, j, same, weights[j], spare, numbers, lines):
                claim[0, j] = NEVER
                continue
            value, reply, alone = improve(
                a, bt, j, same, value, reply, alone, x, weights[j], memory, numbers, lines
            )
        if weak:
            reply = worst_copy(a, bt, reply, x, same)
        for i in range(m):
            rows[g, i] = x[i]
        rows[g, m + reply] = 1.0
        rescale(a, bt, weights, claim)
        rest, attained = commitment_gaps(
            A, B, g, weak, x, reply, weights, claim, payoffs[g], gaps[g]
        )
        status[g] = SOLVED if attained else DEGENERATE
        unique[g] = alone and attained and rest < -CLEAR
        if not (gaps[g, 0] <= tol and gaps[g, 1] <= tol):
            status[g] = NOT_CONVERGED
            unique[g] = False


@inlined
def pure_start(a, bt, weak: bool, x) -> tuple[float, int, bool]:  # type: ignore[no-untyped-def]
    """The best pure commitment: its value to the leader, the reply, and that it is not alone."""
    m, n = a.shape
    value, row, reply = -np.inf, 0, 0
    for i in range(m):
        best = bt[0, i]
        for k in range(1, n):
            best = max(best, bt[k, i])
        own, answer = 0.0, -1
        for k in range(n):
            better = a[i, k] < own if weak else a[i, k] > own
            if bt[k, i] >= best - TIE and (answer < 0 or better):
                own, answer = a[i, k], k
        if own > value:
            value, row, reply = own, i, answer
    x[:] = 0.0
    x[row] = 1.0
    return value, reply, False


@inlined
def worst_copy(a, bt, reply: int, x, same) -> int:  # type: ignore[no-untyped-def]
    """The copy of a reply that pays the leader least at x."""
    m, n = a.shape
    copies(bt, reply, True, same)
    worst, least = reply, np.inf
    for k in range(n):
        pays = 0.0
        for i in range(m):
            pays += x[i] * a[i, k]
        if same[k] and pays < least - TIE:
            worst, least = k, pays
    return worst


@inlined
def rescale(a, bt, weights, claim) -> None:  # type: ignore[no-untyped-def]
    """Turn weights of the scaled payoffs into those of payoffs as shares of their range.

    Weights of copies multiply payoffs of the leader and need no change.
    """
    m, n = a.shape
    low_a, high_a, low_b, high_b = a[0, 0], a[0, 0], bt[0, 0], bt[0, 0]
    for i in range(m):
        for k in range(n):
            low_a, high_a = min(low_a, a[i, k]), max(high_a, a[i, k])
            low_b, high_b = min(low_b, bt[k, i]), max(high_b, bt[k, i])
    spread_a, spread_b = high_a - low_a, high_b - low_b
    factor = spread_b / spread_a if spread_a > 0.0 else 0.0
    for j in range(n):
        for k in range(n):
            copy = True
            for i in range(m):
                copy = copy & (abs(bt[k, i] - bt[j, i]) <= TIE)
            weights[j, k] *= 1.0 if copy or claim[0, j] == NEVER else factor


@kernel
def solve_pure_commitment(  # type: ignore[no-untyped-def]
    A, B, weak: bool, low: int, high: int, tol: float, rows, payoffs, gaps, status, unique
) -> None:
    """Do what `solve_commitment` does, for commitment to one row; the first of several best."""
    m, n = A.shape[1], A.shape[2]
    a, bt, x = np.empty((m, n)), np.empty((n, m)), np.empty(m)
    for g in range(low, high):
        rows[g] = 0.0
        payoffs[g] = 0.0
        gaps[g] = 0.0
        unique[g] = False
        status[g] = INVALID_INPUT
        if normalise(A, B, g, a, bt):
            _, reply, _ = pure_start(a, bt, weak, x)
            for i in range(m):
                rows[g, i] = x[i]
            rows[g, m + reply] = 1.0
            unique[g] = pure_gaps(A, B, g, weak, rows[g], payoffs[g], gaps[g])
            good = gaps[g, 0] <= tol and gaps[g, 1] <= tol
            status[g] = SOLVED if good else NOT_CONVERGED
            unique[g] = unique[g] and good
