"""A mixture from its support and its best responses, as exactly as the payoffs determine it."""

from __future__ import annotations

from solver._jit import inlined, kernel
from solver.kernels.scaling import EPS

#: Pivots below this may be rounding errors: the mixture is not determined.
LEAST_PIVOT = 1e-7
#: Labels to a number: less than its bits, so that none is negative.
WORD = 62


@kernel
def polish(  # type: ignore[no-untyped-def]
    a, first_row: int, first_col: int, points, tight, k: int, work, order
) -> None:
    """Compute vertex k again from the labels that are tight there, and the bound on its error.

    Differences of payoffs are exact where payoffs are close, so the mixture is good to all digits
    also where two rows differ by a billionth of the payoff range. Gaussian elimination with
    complete pivoting on differences scaled to one takes what is independent of the rows. The
    vertex stays as it is if that does not determine a mixture. work (rows, cols + 1) and order
    (3, rows or cols) are for work.
    """
    rows, cols = a.shape
    best, played = order[0], order[1]
    n_best = n_played = 0
    for i in range(rows):
        best[n_best] = i
        n_best += has(tight, k, first_row + i)
    for j in range(cols):
        played[n_played] = j
        n_played += not has(tight, k, first_col + j)
    if n_best < n_played:
        return
    least = solve(a, best, n_best, played, n_played, work, order[2])
    if least <= LEAST_PIVOT:
        return
    mixture = work[n_best - 1]
    payoff = 0.0
    for c in range(n_played):
        points[played[c], k] = mixture[c]
        payoff += mixture[c] * a[best[0], played[c]]
    points[cols, k] = payoff
    points[cols + 1, k] = EPS / least


@inlined
def has(tight, k: int, label: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether vertex k has a label."""
    found: bool = (tight[label // WORD, k] >> (label % WORD)) & 1 == 1
    return found


@kernel
def solve(  # type: ignore[no-untyped-def]
    a, best, n_best: int, played, n_played: int, work, order
) -> float:
    """Write the mixture of the columns `played` into work[n_best - 1]; the least pivot, or 0."""
    last = n_played - 1
    for k in range(n_best - 1):
        largest = 0.0
        for c in range(n_played):
            work[k, c] = a[best[0], played[c]] - a[best[k + 1], played[c]]
            largest = max(largest, abs(work[k, c]))
        for c in range(n_played):
            work[k, c] /= largest if largest > 0.0 else 1.0
    least: float = eliminate(work, n_best - 1, n_played, order)
    if least <= LEAST_PIVOT:
        return 0.0
    # One column is free: it gets 1, the others follow from the last to the first.
    value = work[n_best - 1]
    value[order[last]] = 1.0
    total = 1.0
    for k in range(last - 1, -1, -1):
        found = 0.0
        for h in range(k + 1, n_played):
            found -= work[k, order[h]] * value[order[h]]
        value[order[k]] = found / work[k, order[k]]
        total += value[order[k]]
        if value[order[k]] <= 0.0:
            return 0.0
    for c in range(n_played):
        value[c] /= total
    return least


@kernel
def eliminate(work, rows: int, cols: int, order) -> float:  # type: ignore[no-untyped-def]
    """Bring the rows to echelon form, their pivots in the columns order[0], order[1], ...

    Returns the least pivot; 0 if there are not as many as columns less one.
    """
    least = 1.0
    for c in range(cols):
        order[c] = c
    for k in range(cols - 1):
        at_row, at_col, pivot = k, k, 0.0
        for r in range(k, rows):
            for c in range(k, cols):
                if abs(work[r, order[c]]) > pivot:
                    at_row, at_col, pivot = r, c, abs(work[r, order[c]])
        if pivot <= LEAST_PIVOT:
            return 0.0
        least = min(least, pivot)
        order[k], order[at_col] = order[at_col], order[k]
        for c in range(cols):
            work[k, c], work[at_row, c] = work[at_row, c], work[k, c]
        for r in range(k + 1, rows):
            factor = work[r, order[k]] / work[k, order[k]]
            for c in range(k + 1, cols):
                work[r, order[c]] -= factor * work[k, order[c]]
    return least
