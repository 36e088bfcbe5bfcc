"""All pure subgame-perfect equilibria of one game, by backward induction with backtracking.

Where several branches are best, all of them are tried, in the order in which they are listed; what
comes later in the order of the steps - nodes above, and others that are not below - is decided
anew for each. So the first equilibrium is that in which indifferent players take what is listed
first, and every pure equilibrium is found once: it picks one of the best branches at each node,
given its picks below.

Whether that is all: suppose that in all these equilibria the best branches B(v) of each node v were
the same, and no node with several of them is below a bargaining node. Then the equilibria in
behavior strategies are exactly those that mix over B(v) at each v, of which the corners are listed.
Go up the tree. Below v let players mix over B. What a branch of v is worth is multilinear in these
mixtures: the mean, over the pure plans that they mix, of what it is worth under each (below
bargaining nodes, whose outcome is not linear in what follows, nothing is mixed). Under every such
plan the branches in B(v) are equally good and better than the others, so they are under the mean:
the best branches of v are B(v) again, whatever is mixed below.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.lanes import CHANCE, settle
from solver.kernels.scaling import TIE

SOLVED, DEGENERATE, TRUNCATED, INVALID_INPUT = 0, 2, 3, 5


@kernel
def list_equilibria(  # type: ignore[no-untyped-def]
    games, tree, sizes, g: int, most: int, rows, status, whole
) -> int:
    """Write the choices of each equilibrium of game g into rows (H, R); return how many.

    The arguments are those of `solve_backward`. Returns -1 if the rows do not suffice; writes
    status[g] and whole[g].
    """
    steps, _, _, column, under = tree
    players, leaves, _, centred = sizes
    count = len(steps)
    bounds = np.zeros((2, players))  # what payoffs are relative to, what counts as a tie
    status[g], whole[g] = INVALID_INPUT, False
    if not measured(games[0], games[1], g, leaves, centred, bounds):
        return 0
    if rows.shape[1] == 0:
        return -1
    value = np.empty((count, players))
    tied = np.zeros((2, column[-1]), np.bool_)  # best branches: now, and in the first equilibrium
    trail = np.empty(count, np.int64)  # steps at which there was a choice
    space = np.empty((6, players))
    marked = found = begin = 0
    same = True
    while True:
        for t in range(begin, count):
            if steps[t, 0] < 0:
                by_others(games, tree, g, t, value, bounds, space)
                continue
            where = steps[t, 3]
            now = tied[0, column[where] : column[where + 1]]
            before = tied[1, column[where] : column[where + 1]]
            pick, several = best_branches(games, tree, g, t, value, bounds, now)
            rows[where, found] = pick
            take(games, tree, g, t, pick, value, bounds[0])
            if several:
                trail[marked] = t
                marked += 1
                same &= not under[t]
            for k in range(len(now)):
                same &= found == 0 or now[k] == before[k]
                before[k] = now[k]
        found += 1
        pick = -1
        while marked > 0 and pick < 0:
            t = trail[marked - 1]
            where = steps[t, 3]
            now = tied[0, column[where] : column[where + 1]]
            pick = following(now, rows[where, found - 1])
            marked -= pick < 0
        if pick < 0 or found == most:
            break
        if found == rows.shape[1]:
            return -1
        rows[:, found] = rows[:, found - 1]
        rows[where, found] = pick
        take(games, tree, g, t, pick, value, bounds[0])
        begin = t + 1
    status[g] = SOLVED if found == 1 else DEGENERATE
    if pick >= 0:
        status[g] = TRUNCATED
    whole[g] = same and pick < 0
    return found


@kernel
def measured(payoffs, at, g: int, leaves: int, centred: bool, bounds) -> bool:  # type: ignore[no-untyped-def]
    """Write what payoffs are relative to and what counts as a tie; False if one is not finite."""
    nothing = 0.0
    for i in range(bounds.shape[1]):
        start = at[0] + g * at[1] + i * at[3]
        least = most = payoffs[start]
        for k in range(leaves):
            u = payoffs[start + k * at[2]]
            least, most = min(least, u), max(most, u)
            nothing += u - u
        spread = most - least
        nothing += spread - spread
        if centred and min(abs(least), abs(most)) >= spread:
            bounds[0, i] = least
        bounds[1, i] = TIE * spread
    return nothing == 0.0


@kernel
def worth(games, at: int, g: int, i: int, value, base):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """What branch `at` gives player i: the value of a step, or the payoff at a leaf."""
    if at >= 0:
        return value[at, i]
    payoffs, where = games[0], games[1]
    return payoffs[where[0] + g * where[1] + ~at * where[2] + i * where[3]] - base[i]


@kernel
def best_branches(  # type: ignore[no-untyped-def]
    games, tree, g: int, t: int, value, bounds, now
) -> tuple[int, bool]:
    """Mark in now the best branches at step t; return the first, and whether there are others."""
    steps, first, below, _, _ = tree
    player, start = steps[t, 0], first[t]
    best = -np.inf
    for k in range(len(now)):
        best = max(best, worth(games, below[start + k], g, player, value, bounds[0]))
    pick, several = -1, False
    for k in range(len(now)):
        short = best - worth(games, below[start + k], g, player, value, bounds[0])
        now[k] = short <= bounds[1, player]
        if now[k]:
            several |= pick >= 0
            pick = k if pick < 0 else pick
    return max(pick, 0), several


@kernel
def following(now, pick: int) -> int:  # type: ignore[no-untyped-def]
    """The next best branch after `pick`; -1 if there is none."""
    for k in range(pick + 1, len(now)):
        if now[k]:
            return k
    return -1


@kernel
def take(games, tree, g: int, t: int, pick: int, value, base) -> None:  # type: ignore[no-untyped-def]
    """Write the values of step t when branch `pick` is taken."""
    at = tree[2][tree[1][t] + pick]
    for i in range(len(base)):
        value[t, i] = worth(games, at, g, i, value, base)


@kernel
def by_others(games, tree, g: int, t: int, value, bounds, space) -> None:  # type: ignore[no-untyped-def]
    """Write the values of step t where chance or bargaining decides."""
    steps, first, below, _, _ = tree
    start, where = first[t], steps[t, 3]
    if steps[t, 0] == CHANCE:
        chance, at = games[2], games[3]
        for i in range(bounds.shape[1]):
            total = 0.0
            for k in range(steps[t, 2] - 1, -1, -1):  # in the order of `backward.choose`
                odds = chance[at[0] + g * at[1] + (where + k) * at[2]]
                total += odds * worth(games, below[start + k], g, i, value, bounds[0])
            value[t, i] = total
        return
    weights, weights_at, outside, outside_at = games[4], games[5], games[6], games[7]
    for i in range(bounds.shape[1]):
        at_weights = weights_at[0] + g * weights_at[1] + where * weights_at[2]
        at_outside = outside_at[0] + g * outside_at[1] + where * outside_at[2]
        space[0, i] = worth(games, below[start], g, i, value, bounds[0])
        space[1, i] = worth(games, below[start + 1], g, i, value, bounds[0])
        space[2, i] = weights[at_weights + i * weights_at[3]]
        space[3, i] = outside[at_outside + i * outside_at[3]] - bounds[0, i]
    settle(space[0], space[1], space[2], space[3], space[5] > 0.0, value[t])
