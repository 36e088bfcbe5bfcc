"""The nucleolus: complaints of coalitions are lowered, the largest first.

The excess of a coalition is what it could earn alone less what its members get. Among allocations
of v(N) the largest excess is made as small as can be, a linear program; the coalitions with
positive weight in its dual have that excess at every solution. They are fixed, with all coalitions
that depend on them linearly, and the largest excess of the others is lowered next, until nothing
is left to choose (Maschler, Peleg and Shapley 1979; Solymosi 1993). Each program takes at least one
dimension, so there are at most n - 1.

Coalitions are columns of 2**n zeros and ones; behind them stand n columns for the demands
x_i >= v(i) of imputations, which have no excess to lower. Which coalitions depend on others, and
which weights are positive, is decided by zeros and ones alone and not by the worths.
"""

from __future__ import annotations

from solver._jit import kernel
from solver.kernels.ascent import CUT, OPTIMAL, OWN, ascend
from solver.kernels.coalition import additive, zero_normalised

SOLVED, NONE_EXIST, NOT_CONVERGED = 0, 1, 4


@kernel
def nucleolus_of(  # type: ignore[no-untyped-def]
    v, n: int, imputations: bool, tie, rounding, x, column, level, weight, places, work, wide
) -> tuple[int, int]:
    """Write the nucleolus x (n,) of one game; return its status and how many columns were fixed.

    v (2**n,) are the worths; without `imputations` it is the prenucleolus. column, level, weight
    (n * n,) say which were fixed, when, and their weights. Excesses are ties if they differ by
    up to `tie` of the largest synergy or `rounding` of the largest worth. places (2, n),
    work (2 n + 6, n + 1), wide (n + 4, 2**n + n) are for work.
    """
    size = 1 << n
    z, table = wide[n], wide[n + 1]
    singles, rows = work[n + 1], work[n + 6 :]
    zero_normalised(v, n, singles, z)
    total = z[size - 1]
    spread = largest = abs(total)
    for s in range(size):
        spread = max(spread, abs(z[s]))
        largest = max(largest, abs(v[s]))
    near = tie * spread + rounding * largest
    if imputations and total < -near:
        return NONE_EXIST, 0
    for i in range(n):
        x[i] = total / n
    unit = total * 0 + 1  # a float or a fraction, as the worths are
    rank = insert(rows, places[1], 0, n, size - 1, unit)
    used = done = 0
    if imputations and n > 1 and total <= near:
        for i in range(n):
            column[i], level[i], weight[i] = size + i, 0, 1
        used, rank = n, n
    while rank < n:
        free = n - rank
        directions(rows, places[1], rank, n, wide)
        additive(x, n, table)
        programme(wide, free, n, imputations, x)
        start(wide, free, n, places[0], work, unit)
        a, w, slack = wide[:n], wide[n + 2], wide[n + 3]
        inverse, multipliers, y, alpha = work[:n], work[n + 2], work[n + 3], work[n + 4]
        ended = ascend(
            a, w, free + 1, size + n, places[0], inverse, multipliers, y, slack, alpha,
            near,
        )  # fmt: skip
        if ended != OPTIMAL:
            return NOT_CONVERGED, used
        for j in range(free):
            for i in range(n):
                x[i] += y[j] * a[j, 1 << i]
        before = rank
        for b in range(free + 1):
            if places[0, b] != OWN and multipliers[b] > CUT:
                column[used], level[used], weight[used] = places[0, b], done, multipliers[b]
                used += 1
                members = places[0, b] if places[0, b] < size else 1 << (places[0, b] - size)
                rank = insert(rows, places[1], rank, n, members, unit)
        if rank == before:
            return NOT_CONVERGED, used
        done += 1
    for i in range(n):
        x[i] += singles[i]
    return SOLVED, used


@kernel
def insert(rows, pivots, rank: int, n: int, members: int, unit) -> int:  # type: ignore[no-untyped-def]
    """Add a coalition to the reduced rows (n, n) of those that are fixed; the rank then."""
    if rank == n:
        return rank
    new = rows[rank]
    for i in range(n):
        new[i] = unit * (members >> i & 1)
    for r in range(rank):
        factor = new[pivots[r]]
        if factor != 0:
            for i in range(n):
                new[i] -= factor * rows[r, i]
    best = 0
    for i in range(n):
        if abs(new[i]) > abs(new[best]):
            best = i
    if abs(new[best]) <= CUT:
        return rank
    pivot = new[best]
    for i in range(n):
        new[i] = new[i] / pivot
        if abs(new[i]) <= CUT:
            new[i] = 0
    for r in range(rank):
        factor = rows[r, best]
        if factor != 0:
            for i in range(n):
                rows[r, i] -= factor * new[i]
                if abs(rows[r, i]) <= CUT:
                    rows[r, i] = 0
    pivots[rank] = best
    return rank + 1


@kernel
def directions(rows, pivots, rank: int, n: int, wide) -> None:  # type: ignore[no-untyped-def]
    """Write the ways in which an allocation may still move, summed over each coalition.

    One row of `wide` for each player who is no pivot: it gets one more, the pivots make up for it.
    """
    found = 0
    for f in range(n):
        pivot = False
        for r in range(rank):
            pivot |= pivots[r] == f
        if pivot:
            continue
        own = wide[found]
        own[0] = 0
        for i in range(n):
            step = own[0]  # zero, of the type at hand
            if i == f:
                step = step + 1
            for r in range(rank):
                if pivots[r] == i:
                    step = step - rows[r, f]
            half = 1 << i
            for s in range(half):
                own[half + s] = own[s] + step
        found += 1


@kernel
def programme(wide, free: int, n: int, imputations: bool, x) -> None:  # type: ignore[no-untyped-def]
    """Write the excesses at x and the columns' last row: one for what is to be lowered.

    A coalition that depends on fixed ones becomes a column of zeros, which is never owed anything.
    """
    size = 1 << n
    z, table, w, last = wide[n], wide[n + 1], wide[n + 2], wide[free]
    for s in range(size):
        moves = False
        for j in range(free):
            if abs(wide[j, s]) > CUT:
                moves = True
            else:
                wide[j, s] = 0
        last[s] = 1 if moves else 0
        w[s] = z[s] - table[s] if moves else 0
    for i in range(n):
        demand = imputations and last[1 << i] != 0
        for j in range(free):
            wide[j, size + i] = wide[j, 1 << i] if demand else 0
        last[size + i] = 0
        w[size + i] = -x[i] if demand else 0


@kernel
def start(wide, free: int, n: int, basis, work, unit) -> None:  # type: ignore[no-untyped-def]
    """Write a feasible basis: half a coalition and half of those outside it, the pair owed most.

    The other rows have their own unit columns in the basis, at weight zero.
    """
    size = 1 << n
    w, last = wide[n + 2], wide[free]
    inverse, weight = work, work[n + 2]
    pair = -1
    for s in range(1, size // 2):
        if last[s] != 0 and (pair < 0 or w[s] + w[size - 1 - s] > w[pair] + w[size - 1 - pair]):
            pair = s
    at = 0
    for j in range(free):
        if abs(wide[j, pair]) > abs(wide[at, pair]):
            at = j
    # The pair's weights p, q solve p + q = r[free] and (p - q) d[at] = r[at].
    d = unit * wide[at, pair]
    for b in range(free + 1):
        for j in range(free + 1):
            inverse[b, j] = unit * 0
        weight[b] = 0
        basis[b] = OWN
    for b in range(free):
        if b != at:
            inverse[b, b] = unit
            inverse[b, at] = -wide[b, pair] / d
    inverse[at, free] = inverse[free, free] = unit / 2
    inverse[at, at] = unit / 2 / d
    inverse[free, at] = -unit / 2 / d
    weight[at] = weight[free] = unit / 2
    basis[at], basis[free] = pair, size - 1 - pair
