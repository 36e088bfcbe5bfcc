"""Which actions, and which strategies of an equilibrium, are dominated.

Differences of payoffs below 1e-12 of the range of the game are ties, and so are gains of mixtures
that sum up to 1e-10 over the columns. What neither bound of `solver.kernels.gains` settles is
left in doubt, for exact arithmetic.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.gains import most_gain
from solver.kernels.scaling import TIE

DOUBT, NO, YES = -1, 0, 1
#: Sums of gains of mixtures that rounding may make, and those that it does not.
ROUGH, LARGE = 1e-10, 1e-9
#: Pivots per row and column, beyond which a program is left in doubt.
PIVOTS = 20


@kernel
def mark_dominated(  # type: ignore[no-untyped-def]
    P, games, own, others, strict: bool, mixtures: bool, low: int, high: int, codes
) -> None:
    """Write which actions of one player are dominated among those that are left.

    P (G, m, C) is what the player gets by its action and the profile of the others; own (L, m) and
    others (L, C) mark what is left in each of the games (L,), numbers of the first axis of P.
    codes (L, m) gets YES, NO or DOUBT; NO for actions that are gone.
    """
    m, n = P.shape[1], P.shape[2]
    row, column = np.empty(m, np.int64), np.empty(n, np.int64)
    M, T = np.empty((m, n)), np.empty((n + 2, m + 2))
    z, labels = np.empty(m + n), np.empty(m + n + 2, np.int64)
    for e in range(low, high):
        U = P[games[e]]
        scale = inverse_range(U)
        k = listed(own[e], row)
        c = listed(others[e], column)
        for a in range(k):
            r = row[a]
            width = 0
            for b in range(k):
                if b != a:
                    for j in range(c):
                        M[width, j] = clean((U[row[b], column[j]] - U[r, column[j]]) * scale)
                    width += 1
            code = by_pure(M[:width, :c], strict)
            if code == DOUBT and (width < 2 or not mixtures):
                code = NO
            if code == DOUBT:
                code = by_mixtures(M[:width, :c], strict, T, z, labels)
            codes[e, r] = code


@kernel
def mark_undominated(A, B, X, owner, low: int, high: int, codes) -> None:  # type: ignore[no-untyped-def]
    """Write whether the strategies of rows X (E, m + n) of games A, B (G, m, n) are dominated.

    Weakly, by any mixture: codes (E, 2) gets YES, NO or DOUBT for each player.
    """
    m, n = A.shape[1], A.shape[2]
    most = max(m, n)
    M, T = np.empty((most, most)), np.empty((most + 2, most + 2))
    z, labels = np.empty(2 * most), np.empty(2 * most + 2, np.int64)
    for e in range(low, high):
        a, b = A[owner[e]], B[owner[e]]
        x, y = X[e, :m], X[e, m:]
        # A best response to what plays everything is not dominated: who dominates is better there.
        codes[e, 0] = codes[e, 1] = NO
        if not plays_all(y):
            k = gains_over(a, x, M)
            codes[e, 0] = judged(M[:k, :n], T, z, labels)
        if not plays_all(x):
            k = gains_over(b.T, y, M)
            codes[e, 1] = judged(M[:k, :m], T, z, labels)


@kernel
def judged(M, T, z, labels) -> int:  # type: ignore[no-untyped-def]
    """Whether some mixture of the gains M (k, n) dominates weakly."""
    code: int = by_pure(M, False)
    if code == DOUBT:
        code = NO if len(M) < 2 else by_mixtures(M, False, T, z, labels)
    return code


@kernel
def gains_over(U, x, M) -> int:  # type: ignore[no-untyped-def]
    """Write what each action gains over even play of those in x; return how many are written.

    All strategies with the same actions are dominated together: so are these. An action that is
    played alone gains nothing over itself and is left out.
    """
    m, n = U.shape
    scale = inverse_range(U)
    size = 0
    for i in range(m):
        size += x[i] > 0.0
    width = 0
    for i in range(m):
        if size == 1 and x[i] > 0.0:
            continue
        for j in range(n):
            gain = 0.0
            for h in range(m):
                if x[h] > 0.0:
                    gain += U[i, j] - U[h, j]
            M[width, j] = clean(gain * scale / size)
        width += 1
    return width


@kernel
def by_pure(M, strict: bool) -> int:  # type: ignore[no-untyped-def]
    """Whether a row of M (k, n) dominates; DOUBT where only a mixture of several might.

    What no other action reaches in some column is not dominated (by more than ties, if strict).
    """
    k, n = M.shape
    for j in range(n):
        best = -np.inf
        for i in range(k):
            best = max(best, M[i, j])
        if best < 0.0 or (strict and best == 0.0):
            return NO
    for i in range(k):
        least, gain = np.inf, 0.0
        for j in range(n):
            least, gain = min(least, M[i, j]), max(gain, M[i, j])
        if least > 0.0 or (least == 0.0 and gain > 0.0 and not strict):
            return YES
    return DOUBT


@kernel
def by_mixtures(M, strict: bool, T, z, labels) -> int:  # type: ignore[no-untyped-def]
    """Whether a mixture of the rows of M (k, n) dominates, where the bounds agree."""
    pivots = PIVOTS * (M.shape[0] + M.shape[1] + 2)
    lower, upper = most_gain(M, strict, TIE, 1.0, pivots, T, z, labels)
    code: int = decided(lower, upper, strict)
    return code


@inlined
def decided(lower: float, upper: float, strict: bool) -> int:
    """What the bounds on the most that a mixture gains say."""
    if upper <= (TIE if strict else ROUGH):
        return NO
    if lower > (TIE if strict else LARGE):
        return YES
    return DOUBT


@inlined
def plays_all(x) -> bool:  # type: ignore[no-untyped-def]
    """Whether every action is played."""
    every = True
    for i in range(len(x)):
        every &= x[i] > 0.0
    return every


@inlined
def listed(mask, where) -> int:  # type: ignore[no-untyped-def]
    """Write the numbers of what is marked; return how many."""
    count = 0
    for i in range(len(mask)):
        if mask[i]:
            where[count] = i
            count += 1
    return count


@inlined
def clean(gain: float) -> float:
    """A gain in payoff ranges, zero where it is a tie."""
    return gain if abs(gain) > TIE else 0.0


@kernel
def inverse_range(U) -> float:  # type: ignore[no-untyped-def]
    """One over the difference between the largest and the least payoff; 0 if all are equal."""
    least = most = U[0, 0]
    for i in range(U.shape[0]):
        for j in range(U.shape[1]):
            least, most = min(least, U[i, j]), max(most, U[i, j])
    return 1.0 / (most - least) if most > least else 0.0
