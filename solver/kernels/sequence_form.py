"""One Nash equilibrium of two-player trees, from the linear complementarity of their plans.

A realisation plan of a player satisfies E r = e. In every information set one action is the
*reference*; its share follows from those of the others, so E is eliminated, the dual variables
with it, and a linear complementarity problem with a row per action remains. For a reference action
w is its realisation probability and z the cost of taking it; for any other action z is the
probability and w the cost. M is the same for all games of a batch but for the payoffs.

The covering vector is 1 for the actions that are no reference and 0 for others. So every point of
the path is a pair of plans, which are bounded, and far out it is the reference plans alone: the
path cannot end in a second ray, whatever the payoffs are, and ends in an equilibrium.

References
----------
D. Koller, N. Megiddo, B. von Stengel (1996), Efficient computation of equilibria for extensive
two-person games, Games Econ. Behav. 14.
B. von Stengel, A. van den Elzen, D. Talman (2002), Computing normal form perfect equilibria for
extensive two-person games, Econometrica 70.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.lemke import NOTHING, at_basis, follow
from solver.kernels.scaling import power_scale

SOLVED, NOT_CONVERGED, INVALID_INPUT = 0, 4, 5
#: A warm start begins anew at every so many games, so that answers are the same on any threads.
BLOCK = 256


@kernel
def solve_sequence_form(  # type: ignore[no-untyped-def]
    payoffs, weight, layout, low: int, high: int, tol: float, most: int, warm: bool,
    rows, status, pivots,
) -> None:  # fmt: skip
    """Write a behavior strategy per game into rows (G, W), its status (G,) and pivots (G,).

    payoffs (G, L, 2), weight (G, L): the probability of chance at each leaf. `layout` describes the
    tree, part by part as where it is made. A game of more than `most` pivots, or whose answer has
    a gap above `tol`, is NOT_CONVERGED. `warm` tries the basis of the game before; its pivots are
    none.
    """
    ends, sets, at, second, frame, start, rising, first, number, sign = layout
    n = len(at)
    cost = np.empty((2, payoffs.shape[1]))
    M, q, table = np.empty((n, n)), np.empty(n), np.empty((n, n + 2))
    z, w, plan, gain = np.empty(n), np.empty(n), np.empty(n + 2), np.empty(n + 2)
    label, where = np.empty(2 * n + 1, np.int64), np.empty(2 * n + 1, np.int64)
    inside, tied = np.zeros(n, np.bool_), np.empty(n, np.int64)
    work, order, spare = np.empty((n, n)), np.empty((2, n), np.int64), np.empty((2, n))
    known = False
    for g in range(low - low % BLOCK if warm else low, high):
        known = known and warm and g % BLOCK > 0
        good, done = False, 0
        valid = costs(payoffs, weight, g, cost)
        if valid:
            fill(cost, ends, at, frame, start, first, number, sign, M, q)
        if valid and known and at_basis(M, q, inside, z, w, work, order, spare):
            behave(sets, at, rising, z, w, plan, rows, g, g >= low)
            good = gap(cost, ends, sets, second, plan, gain) <= tol
        if valid and not good:
            good, done = follow(M, q, rising, table, label, where, tied, most)
            for k in range(n):
                inside[k] = where[n + k] < 0
            good = good and at_basis(M, q, inside, z, w, work, order, spare)
            if good:
                behave(sets, at, rising, z, w, plan, rows, g, g >= low)
                good = gap(cost, ends, sets, second, plan, gain) <= tol
        known = good
        if g >= low:
            pivots[g] = done
            status[g] = SOLVED if good else NOT_CONVERGED
            if not valid:
                status[g] = INVALID_INPUT


@kernel
def costs(payoffs, weight, g: int, cost) -> bool:  # type: ignore[no-untyped-def]
    """Write what each leaf costs both players, (2, L): its distance from the best, times chance.

    Without chance the range becomes one to two, by a power of two, which rounds nothing. False if
    a payoff is not finite.
    """
    leaves = payoffs.shape[1]
    for i in range(2):
        top = base = payoffs[g, 0, i]
        total = 0.0
        for leaf in range(leaves):
            u = payoffs[g, leaf, i]
            total += u - u
            top = u if u > top else top
            base = u if u < base else base
        if not (total == 0.0 and top - base < np.inf):
            return False
        lift, scale = power_scale(top - base)
        for leaf in range(leaves):
            cost[i, leaf] = weight[g, leaf] * ((top - payoffs[g, leaf, i]) * lift * scale)
    return True


@kernel
def fill(  # type: ignore[no-untyped-def]
    cost, ends, at, frame, start, first, number, sign, M, q
) -> None:
    """Write M (W, W) and q (W,) of one game."""
    M[:] = frame
    for k in range(len(q)):
        q[k] = start[at[k]]
    for leaf in range(ends.shape[1]):
        mine, yours = start[ends[0, leaf]], start[ends[1, leaf]]
        for i in range(first[0, leaf], first[0, leaf + 1]):
            k = number[0, i]
            q[k] += sign[0, i] * cost[0, leaf] * yours
            for j in range(first[1, leaf], first[1, leaf + 1]):
                both = sign[0, i] * sign[1, j]
                M[k, number[1, j]] += both * cost[0, leaf]
                M[number[1, j], k] += both * cost[1, leaf]
        for j in range(first[1, leaf], first[1, leaf + 1]):
            q[number[1, j]] += sign[1, j] * cost[1, leaf] * mine


@kernel
def behave(  # type: ignore[no-untyped-def]
    sets, at, rising, z, w, plan, rows, g: int, write: bool
) -> None:  # fmt: skip
    """Write the plans of a solution, their rounding errors cut off, and the behavior they mean.

    Where a plan never comes the behavior is uniform.
    """
    plan[:] = 1.0
    for k in range(len(at)):
        plan[at[k]] = z[k] if rising[k] > 0.0 else w[k]
    for s in range(sets.shape[0]):
        before, low, high, column = sets[s, 0], sets[s, 1], sets[s, 2], sets[s, 3]
        total = 0.0
        for a in range(low, high):
            plan[a] = plan[a] if plan[a] > NOTHING else 0.0
            total += plan[a]
        for a in range(low, high):
            share = 1.0 / (high - low)
            if plan[before] > 0.0 and total > 0.0:
                share = plan[a] / total
            plan[a] = plan[before] * share
            if write:
                rows[g, column + a - low] = share


@inlined
def gap(cost, ends, sets, second, plan, gain) -> float:  # type: ignore[no-untyped-def]
    """How much a player could gain by another plan, in payoffs of range one to two."""
    gain[:] = 0.0
    paid = paid_other = 0.0
    for leaf in range(ends.shape[1]):
        mine, yours = ends[0, leaf], ends[1, leaf]
        gain[mine] += cost[0, leaf] * plan[yours]
        gain[yours] += cost[1, leaf] * plan[mine]
        both = plan[mine] * plan[yours]
        paid += cost[0, leaf] * both
        paid_other += cost[1, leaf] * both
    for s in range(sets.shape[0] - 1, -1, -1):
        before, low, high = sets[s, 0], sets[s, 1], sets[s, 2]
        best = gain[low]
        for a in range(low + 1, high):
            best = min(best, gain[a])
        gain[before] += best
    worst: float = max(paid - gain[0], paid_other - gain[second])
    return worst
