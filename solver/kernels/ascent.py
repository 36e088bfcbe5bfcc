"""A simplex method for programs with few rows and a column for each coalition.

Maximise ``w @ weights`` over ``a @ weights == r`` and ``weights >= 0``. The multipliers y of the
rows are the other side of it: they minimise ``r @ y`` over ``y @ a >= w``, an allocation that owes
each coalition its due. The columns are made of zeros and ones alone, so weights are ratios of small
determinants, and what is zero among them is told from what is not by a wide margin: only which
coalition is owed most depends on the worths.

The method starts from weights that satisfy the rows. The coalition owed most enters; after some
steps the first one owed does, and the first of ties leaves, which cannot cycle (Bland 1977).
No constant here is a float that would spoil fractions: the same code, interpreted, is exact.
"""

from __future__ import annotations

from solver._jit import kernel

OPTIMAL, UNBOUNDED, STUCK = 0, 1, 4
#: What counts as zero among weights and pivots, and ties among ratios.
CUT, TINY = 1e-9, 1e-12
#: Steps at all; steps before the rule that cannot cycle.
MOST, PATIENCE = 4000, 40
#: In the basis instead of a column: a row's own unit column, with weight zero.
OWN = -1


@kernel
def ascend(  # type: ignore[no-untyped-def]
    a, w, m: int, columns: int, basis, inverse, weight, y, slack, alpha, tol
) -> int:
    """Solve from a feasible basis; return OPTIMAL, UNBOUNDED or STUCK.

    a (m, columns), w (columns,); basis (m,) names columns, `inverse` (m, m) is the inverse of
    them and weight (m,) is feasible; all three are changed. y (m,) is written. slack (columns,)
    and alpha (m,) are for work. A column is owed something above `tol` only.
    """
    for step in range(MOST):
        patient = step < PATIENCE + 8 * m
        for j in range(m):
            y[j] = 0
            for b in range(m):
                if basis[b] >= 0:
                    y[j] += w[basis[b]] * inverse[b, j]
        enter = most_owed(a, w, m, columns, y, slack, tol, patient)
        if enter < 0:
            return OPTIMAL
        leave = -1
        for b in range(m):
            alpha[b] = 0
            for j in range(m):
                alpha[b] += inverse[b, j] * a[j, enter]
            if basis[b] < 0 and abs(alpha[b]) > CUT:
                leave = b
        if leave < 0:
            leave = first_at_zero(m, basis, weight, alpha, patient)
        if leave < 0:
            return UNBOUNDED
        exchange(m, leave, enter, basis, inverse, weight, alpha)
    return STUCK


@kernel
def most_owed(a, w, m: int, columns: int, y, slack, tol, patient: bool) -> int:  # type: ignore[no-untyped-def]
    """The column owed most, or the first that is owed something; -1 if none is."""
    for c in range(columns):
        slack[c] = w[c]
    for j in range(m):
        price = y[j]
        if price != 0:
            for c in range(columns):
                slack[c] -= price * a[j, c]
    enter = -1
    best = tol
    for c in range(columns):
        if slack[c] > best:
            enter = c
            if not patient:
                break
            best = slack[c]
    return enter


@kernel
def first_at_zero(m: int, basis, weight, alpha, patient: bool) -> int:  # type: ignore[no-untyped-def]
    """The basic column whose weight is the first to vanish as the new one grows; -1 if none."""
    leave = -1
    for b in range(m):
        if alpha[b] > CUT:
            if leave < 0:
                leave = b
                continue
            # Compared without dividing: weight[b]/alpha[b] against the least so far.
            ahead = weight[b] * alpha[leave] - weight[leave] * alpha[b]
            if ahead < -TINY:
                leave = b
            elif ahead <= TINY:
                better = alpha[b] > alpha[leave] if patient else basis[b] < basis[leave]
                leave = b if better else leave
    return leave


@kernel
def exchange(m: int, leave: int, enter: int, basis, inverse, weight, alpha) -> None:  # type: ignore[no-untyped-def]
    """Replace a basic column."""
    pivot = alpha[leave]
    for j in range(m):
        inverse[leave, j] = inverse[leave, j] / pivot
    weight[leave] = weight[leave] / pivot
    for b in range(m):
        factor = alpha[b]
        if b != leave and factor != 0:
            for j in range(m):
                inverse[b, j] -= factor * inverse[leave, j]
            weight[b] -= factor * weight[leave]
            if abs(weight[b]) <= TINY:
                weight[b] = 0
    if abs(weight[leave]) <= TINY:
        weight[leave] = 0
    basis[leave] = enter
