"""A mixture from its support and its best responses, as exactly as the payoffs determine it."""

from __future__ import annotations

from solver._jit import kernel

#: Pivots below this may be rounding errors: the mixture is not determined.
LEAST_PIVOT = 1e-7


@kernel
def polish(  # type: ignore[no-untyped-def]
    a, best, n_best: int, played, n_played: int, y, work, order
) -> bool:
    """Write the mixture of the columns `played` that makes the rows `best` indifferent into y.

    Differences of payoffs are exact where payoffs are close, so the mixture is good to all digits
    also where the rows differ by a millionth of the payoff range. Gaussian elimination with
    complete pivoting on differences scaled to one takes what is independent of the rows. y (cols,)
    changes at the columns played, and only if the result is a mixture and determined, which is
    returned; work (rows, cols + 1) and order (cols,) are for work.
    """
    if n_best < n_played:
        return False
    last = n_played - 1
    for k in range(n_best - 1):
        largest = 0.0
        for c in range(n_played):
            work[k, c] = a[best[0], played[c]] - a[best[k + 1], played[c]]
            largest = max(largest, abs(work[k, c]))
        for c in range(n_played):
            work[k, c] /= largest if largest > 0.0 else 1.0
    if not eliminate(work, n_best - 1, n_played, order):
        return False
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
            return False
    for c in range(n_played):
        y[played[c]] = value[c] / total
    return True


@kernel
def eliminate(work, rows: int, cols: int, order) -> bool:  # type: ignore[no-untyped-def]
    """Bring the rows to echelon form, their pivots in the columns order[0], order[1], ...

    False if there are not as many pivots as columns less one.
    """
    for c in range(cols):
        order[c] = c
    for k in range(cols - 1):
        at_row, at_col, pivot = k, k, 0.0
        for r in range(k, rows):
            for c in range(k, cols):
                if abs(work[r, order[c]]) > pivot:
                    at_row, at_col, pivot = r, c, abs(work[r, order[c]])
        if pivot <= LEAST_PIVOT:
            return False
        order[k], order[at_col] = order[at_col], order[k]
        for c in range(cols):
            work[k, c], work[at_row, c] = work[at_row, c], work[k, c]
        for r in range(k + 1, rows):
            factor = work[r, order[k]] / work[k, order[k]]
            for c in range(k + 1, cols):
                work[r, order[c]] -= factor * work[k, order[c]]
    return True
