"""Whether an allocation is the nucleolus, by Kohlberg's criterion.

Coalitions are told in steps. At each step the coalitions named must have one excess, and nobody
else may have a larger one but those whose payoff is settled by earlier steps; and positive weights
must balance them: their weighted sum is a combination of the players' total and of earlier
coalitions. Then no allocation with the earlier excesses has a lower one at this step, and all that
reach it agree on the coalitions named (linear programming duality; Kohlberg 1971). Once they settle
everybody's payoff, there is no other allocation.

What is named comes from the solver; everything that is said of it is computed here, from the
worths, and orthogonal projection takes the place of elimination.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from solver._jit import kernel
from solver.kernels.nucleolus import NOT_CONVERGED, SOLVED, nucleolus_of
from solver.kernels.scaling import EPS

INVALID_INPUT = 5
#: Distances of zero-one vectors from a subspace below this are none.
NEAR = 1e-7


@kernel
def certified_nucleoli(  # type: ignore[no-untyped-def]
    V, low: int, high: int, n: int, imputations: bool, tie: float, tol: float,
    values, gap, status, alone,
) -> None:  # fmt: skip
    """Solve and certify games: writes values (G, n), gap, status and alone (G,).

    V (G, 2**n); `alone` says that the first step settled everything: the least core is a point.
    """
    size = 1 << n
    column, level, weight = np.empty(n * n, np.int64), np.empty(n * n, np.int64), np.empty(n * n)
    places, work = np.empty((2, n), np.int64), np.empty((2 * n + 6, n + 1))
    wide = np.empty((n + 4, size + n))
    basis, excess = np.empty((n + 1, n)), np.empty(size)
    for g in range(low, high):
        nothing = 0.0
        for s in range(size):
            nothing += V[g, s] - V[g, s]
        status[g], gap[g], alone[g] = INVALID_INPUT, 0.0, False
        if nothing != 0.0:
            continue
        ended, used = nucleolus_of(
            V[g],
            n,
            imputations,
            tie,
            4.0 * n * EPS,
            values[g],
            column,
            level,
            weight,
            places,
            work,
            wide,
        )
        status[g] = ended
        if ended == SOLVED:
            gap[g] = criterion(
                V[g], n, imputations, values[g], used, column, level, weight, basis, excess
            )
            alone[g] = used == 0 or level[used - 1] == 0
            if not gap[g] <= tol:
                status[g] = NOT_CONVERGED


@kernel
def criterion(  # type: ignore[no-untyped-def]
    v, n: int, imputations: bool, x, used: int, column, level, weight, basis, excess
) -> float:
    """By how much x (n,) misses the criterion, relative to the spread of the synergies.

    Infinite where the weights do not balance. basis (n + 1, n), excess (2**n,) are for work.
    """
    size = 1 << n
    largest = spread = worst = 0.0
    for s in range(size):
        alone = paid = 0.0
        for i in range(n):
            if s >> i & 1:
                alone += v[1 << i]
                paid += x[i]
        excess[s] = v[s] - paid
        spread = max(spread, abs(v[s] - alone))
        largest = max(max(largest, abs(v[s])), abs(paid))
    worst = abs(excess[size - 1])
    if imputations:
        for i in range(n):
            worst = max(worst, excess[1 << i])
    excess[0] = -np.inf
    excess[size - 1] = -np.inf
    rank = extend(basis, 0, n, size - 1)
    first = 0
    while first < used:
        last = first
        while last < used and level[last] == level[first]:
            last += 1
        if not balanced(basis, rank, n, first, last, column, weight):
            return np.inf
        worst = max(worst, above(basis, rank, n, first, last, column, excess))
        for k in range(first, last):
            rank = extend(basis, rank, n, members_of(column[k], n))
        first = last
    if rank < n:
        return np.inf
    # What rounding the payoffs alone may do is no miss.
    worst = max(0.0, worst - 8.0 * n * EPS * largest)
    size_of_all = spread if spread > 0.0 else max(largest, 1e-300)
    return float(worst / size_of_all)


@kernel
def members_of(column: int, n: int) -> int:
    """The coalition of a column; one player for the columns behind those of coalitions."""
    return column if column < 1 << n else 1 << (column - (1 << n))


@kernel
def balanced(basis, rank: int, n: int, first: int, last: int, column, weight) -> bool:  # type: ignore[no-untyped-def]
    """Whether the weights are positive and their sum lies in what is settled."""
    rest = basis[n]
    counted = 0.0
    for i in range(n):
        rest[i] = 0.0
    for k in range(first, last):
        if not weight[k] > 0.0:
            return False
        if column[k] < 1 << n:
            counted += weight[k]
        for i in range(n):
            if members_of(column[k], n) >> i & 1:
                rest[i] += weight[k]
    # A step that lowers no excess says that demands x_i >= v(i) bind.
    return (abs(counted - 1.0) <= NEAR or counted == 0.0) and beyond(basis, rank, n) <= NEAR


@kernel
def above(basis, rank: int, n: int, first: int, last: int, column, excess) -> float:  # type: ignore[no-untyped-def]
    """How far the named coalitions are from one excess, and others from none above it."""
    worst: float = 0.0
    lowest, highest = np.inf, -np.inf
    for k in range(first, last):
        own = excess[members_of(column[k], n)]
        if column[k] < 1 << n:
            lowest, highest = min(lowest, own), max(highest, own)
        else:
            worst = max(worst, abs(own))
    if highest == -np.inf:
        return worst
    worst = max(worst, highest - lowest)
    for s in range(1 << n):
        if excess[s] > lowest + worst:
            for i in range(n):
                basis[n, i] = float(s >> i & 1)
            if beyond(basis, rank, n) > NEAR:
                worst = float(excess[s] - lowest)
    return worst


@kernel
def beyond(basis, rank: int, n: int) -> float:  # type: ignore[no-untyped-def]
    """Project the vector basis[n] off the settled ones; its length then."""
    vector = basis[n]
    for _ in range(2):  # twice is enough (Parlett 1980)
        for r in range(rank):
            product = 0.0
            for i in range(n):
                product += basis[r, i] * vector[i]
            for i in range(n):
                vector[i] -= product * basis[r, i]
    length = 0.0
    for i in range(n):
        length += vector[i] * vector[i]
    return sqrt(length)


@kernel
def extend(basis, rank: int, n: int, members: int) -> int:  # type: ignore[no-untyped-def]
    """Add a coalition to the orthonormal vectors of what is settled; their number then."""
    for i in range(n):
        basis[n, i] = float(members >> i & 1)
    length = beyond(basis, rank, n)
    if length <= NEAR or rank == n:
        return rank
    for i in range(n):
        basis[rank, i] = basis[n, i] / length
    return rank + 1
