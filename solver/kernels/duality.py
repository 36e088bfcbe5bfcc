"""What a pair of strategies proves about the value of a matrix game, straight from the payoffs.

This is the code that certifies: it finds nothing, and shares no line with what does. Payoffs are
read relative to their least value per game, so that a common shift costs no digit of a difference.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.duality_lanes import FEW, gaps_in_lanes


@kernel
def duality_gaps(P, X, low: int, high: int, value, gap) -> None:  # type: ignore[no-untyped-def]
    """Write what x guarantees against every column, and by how much y concedes more.

    P (G, m, n) is what the row player gets; X (G, m+n) holds x and y; value, gap (G,). No strategy
    guarantees more than y concedes at most, so the gap, relative to the range of the payoffs,
    bounds the error of the value. A gap is 1 where strategies are none or payoffs not finite.
    """
    m, n = P.shape[1], P.shape[2]
    if m * n <= FEW:
        gaps_in_lanes(P, X, low, high, value, gap)
        return
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
def column_floor(B, X, low: int, high: int, value) -> None:  # type: ignore[no-untyped-def]
    """Write what y guarantees the column player, whose payoffs are B (G, m, n)."""
    m, n = B.shape[1], B.shape[2]
    for g in range(low, high):
        floor = np.inf
        for i in range(m):
            base, row = B[g, i, 0], 0.0
            for j in range(1, n):
                row += X[g, m + j] * (B[g, i, j] - base)
            floor = min(floor, base + row)
        value[g] = floor


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
    cells = m * n
    a, b = A.reshape(len(A), cells), B.reshape(len(A), cells)
    for g in range(low, high):
        first_a, first_b = a[g, 0], b[g, 0]
        different = 0
        for k in range(cells):
            different += (a[g, k] - first_a) + (b[g, k] - first_b) != 0.0
        if different == 0:  # the usual case, by vector instructions
            constant[g] = True
            continue
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


@kernel
def commitment_gaps(  # type: ignore[no-untyped-def]
    A, B, g: int, weak: bool, x, reply: int, weights, claim, payoffs, gaps
) -> tuple[float, bool]:
    """Write payoffs and gaps (2,) of the leader and the follower of game g at a commitment x (m,).

    The follower's gap is its regret. The leader's is what any mixture could pay more, by weak
    duality: with reply j no more than max_i a_ij + sum_k w_jk (b_ij - b_ik), payoffs as shares of
    their ranges. claim (2, n) says of each reply whether to believe the weights (0), that they are
    a mixture of other replies which is never worse to the follower, so that j is never the only
    best reply (1), or that it is a copy of another (2); the last two count for weak followers only
    and are checked. Also returns the largest bound of other replies less the payoff, and whether
    every best reply at x pays the leader as much (within 1e-9 of the range).
    """
    m, n = A.shape[1], A.shape[2]
    base_a = top_a = A[g, 0, 0]
    base_b = top_b = B[g, 0, 0]
    for i in range(m):
        for k in range(n):
            base_a, top_a = min(base_a, A[g, i, k]), max(top_a, A[g, i, k])
            base_b, top_b = min(base_b, B[g, i, k]), max(top_b, B[g, i, k])
    range_a = top_a - base_a if top_a > base_a else 1.0
    range_b = top_b - base_b if top_b > base_b else 1.0
    paid, given, best = 0.0, 0.0, 0.0
    for k in range(n):
        mine = his = 0.0
        for i in range(m):
            mine += x[i] * ((A[g, i, k] - base_a) / range_a)
            his += x[i] * ((B[g, i, k] - base_b) / range_b)
        best = max(best, his)
        if k == reply:
            paid, given = mine, his
    attained = True
    for k in range(n):
        mine = his = 0.0
        for i in range(m):
            mine += x[i] * ((A[g, i, k] - base_a) / range_a)
            his += x[i] * ((B[g, i, k] - base_b) / range_b)
        attained = attained and not (weak and his >= best - 1e-11 and mine < paid - 1e-9)
    worth = rest = -np.inf
    for j in range(n):
        copied = claim[0, j] == 2
        if copied and weak and claim[1, j] < j and equal(B, g, j, claim[1, j], range_b):
            continue
        bound, never = -np.inf, 0.0
        for i in range(m):
            payoff, loss, mixed = (A[g, i, j] - base_a) / range_a, 0.0, 0.0
            for k in range(n):
                w = weights[j, k]
                if w > 0.0 and k != j:
                    if weak and claim[0, j] == 0 and equal(B, g, j, k, range_b):
                        payoff += w * ((A[g, i, k] - A[g, i, j]) / range_a)
                        mixed += w
                    else:
                        loss += w * ((B[g, i, j] - B[g, i, k]) / range_b)
            bound = max(bound, payoff + loss if claim[0, j] == 0 and mixed < 1.0 + 1e-9 else 1.0)
            never = loss if i == 0 else max(never, loss)
        if claim[0, j] == 1 and weak and never <= 4e-12:
            continue
        worth = max(worth, bound)
        rest = max(rest, bound) if j != reply else rest
    payoffs[0], payoffs[1] = base_a + range_a * paid, base_b + range_b * given
    gaps[0], gaps[1] = max(worth - paid, 0.0) * (top_a > base_a), max(best - given, 0.0)
    return rest - paid, attained


@kernel
def equal(B, g: int, j: int, k: int, spread: float) -> bool:  # type: ignore[no-untyped-def]
    """Whether two replies always pay the follower the same, up to a tie."""
    same = True
    for i in range(B.shape[1]):
        same = same & (abs(B[g, i, j] - B[g, i, k]) <= 2e-12 * spread)
    return same


@kernel
def pure_gaps(A, B, g: int, weak: bool, row, payoffs, gaps) -> bool:  # type: ignore[no-untyped-def]
    """Write payoffs and gaps (2,) at a pure commitment, row (m+n,), by comparing all others.

    Returns whether every other row, and every other reply to this one, is worse by 1e-9.
    """
    m, n = A.shape[1], A.shape[2]
    base_a = top_a = A[g, 0, 0]
    base_b = top_b = B[g, 0, 0]
    own = reply = 0
    for i in range(m):
        own = i if row[i] == 1.0 else own
        for k in range(n):
            reply = k if row[m + k] == 1.0 else reply
            base_a, top_a = min(base_a, A[g, i, k]), max(top_a, A[g, i, k])
            base_b, top_b = min(base_b, B[g, i, k]), max(top_b, B[g, i, k])
    range_a, range_b = top_a - base_a, top_b - base_b
    worth = rest = -np.inf
    alone = True
    for i in range(m):
        best = B[g, i, 0]
        for k in range(1, n):
            best = max(best, B[g, i, k])
        pays = np.inf if weak else -np.inf
        for k in range(n):
            if best - B[g, i, k] <= 1e-12 * range_b:
                pays = min(pays, A[g, i, k]) if weak else max(pays, A[g, i, k])
            alone = alone and (i != own or k == reply or best - B[g, i, k] > 1e-9 * range_b)
        worth = max(worth, pays)
        if i != own:
            rest = max(rest, pays)
        else:
            gaps[1] = (best - B[g, i, reply]) / range_b if range_b > 0.0 else 0.0
    payoffs[0], payoffs[1] = A[g, own, reply], B[g, own, reply]
    gaps[0] = max(worth - payoffs[0], 0.0) / range_a if range_a > 0.0 else 0.0
    return alone and (payoffs[0] - rest > 1e-9 * range_a)
