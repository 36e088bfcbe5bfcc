"""Backward induction in trees of perfect information: every pure subgame-perfect equilibrium.

Nodes are worked on from the last to the first, so that what is below a node is known when its turn
comes. `LANES` games go side by side through the tree, their values on a stack that stays in the
cache: at a decision the rows on top are the branches, and the best of them takes their place. The
smallest margin by which anything was best is kept. A game is settled by this one pass if all
margins are wide; `solver.kernels.ties` lists the equilibria of the others.

A tree is told by steps (T, 4), one per node that is no leaf, the last node first: the player that
moves (or CHANCE, BARGAINING), how many leaves stand between the step before and this one, how many
branches it has, and where it is found (information set, first probability, bargaining stage).
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.deviation import certify_rows, follow
from solver.kernels.lanes import (
    CHANCE, LANES, NEAR, STEPS, fetch, lower, odds_of, origins, settle_lanes, stretch, widen,
    widest,
)  # fmt: skip
from solver.kernels.scaling import TIE
from solver.kernels.ties import list_equilibria

#: Games left at the end, below which they are not worth a pass side by side.
FEW = 4
SOLVED, DEGENERATE, TRUNCATED, NOT_CONVERGED, INVALID_INPUT = 0, 2, 3, 4, 5


@kernel
def solve_backward(  # type: ignore[no-untyped-def]
    games, tree, sizes, low: int, high: int, tol: float, most: int, rows, count, status, whole
) -> tuple[int, int]:
    """Write the choices of each equilibrium into rows (R, H); return rows used, the next game.

    Parameters
    ----------
    games : (payoffs, at, chance, at, weights, at, outside, at)
        Windows on the arrays of the batch, and how to find a number in them.
    tree : (steps, first, below, column, under)
        Steps (T, 4). For listing ties: first (T + 1,) is where the branches of a step begin in
        below, which names the step of each branch or ~k for leaf k; column (H + 1,) where the
        actions of an information set begin; under (T,) whether a bargaining node is above.
    sizes : (players, leaves, height, centred)
        Height is the most values on the stack; centred, whether payoffs are read relative to
        their least, as they must be where they are added up.
    most : int
        Equilibria listed per game at most.
    count, status, whole : (G,)
        Written for the games done: equilibria, how the game ended, whether the set is whole.
    """
    players, leaves, height, _ = sizes
    near = np.empty((widest(tree[0], leaves) * players, LANES))
    stacks = np.empty((2, height * players, LANES))
    # Least and most payoff, what both are relative to, margin, regret.
    marks = np.empty((5, players, LANES))
    lanes = np.empty(LANES, np.int64)
    spare = np.empty((LANES, rows.shape[1]), rows.dtype)
    used = 0
    for start in range(low, high, LANES):
        size = min(LANES, high - start)
        clear = 0
        if size >= FEW and used + size <= rows.shape[0]:
            for g in range(LANES):
                lanes[g] = start + min(g, size - 1)
            clear = pass_tree(
                games, tree[0], sizes, lanes, size, tol, near, stacks, marks,
                rows[used : used + size], status[start : start + size],
            )  # fmt: skip
        if clear == (1 << size) - 1:
            count[start : start + size] = 1
            whole[start : start + size] = status[start : start + size] == SOLVED
            used += size
            continue
        if clear:
            spare[:size] = rows[used : used + size]
        for g in range(size):
            if (clear >> g) & 1:
                if used == rows.shape[0]:
                    return used, start + g
                rows[used] = spare[g]
                count[start + g] = 1
                whole[start + g] = status[start + g] == SOLVED
                used += 1
                continue
            found = list_equilibria(
                games, tree, sizes, start + g, most, rows[used:], status, whole
            )
            if found < 0:
                return used, start + g
            if found:
                lanes[:] = start + g
                good = certify_rows(
                    games, tree[0], sizes, lanes, tol, near, stacks[1], marks,
                    rows[used : used + found],
                )  # fmt: skip
                if not good:
                    status[start + g] = NOT_CONVERGED
                    whole[start + g] = False
            count[start + g] = found
            used += found
    return used, high


@kernel
def pass_tree(  # type: ignore[no-untyped-def]
    games, steps, sizes, lanes, size: int, tol: float, near, stacks, marks, rows, status
) -> int:
    """Solve a game in each lane, and certify it, if it has no ties; the bits of those that do.

    Writes rows (size, H) and status (size,); what it writes of other games is void.
    """
    payoffs, at = games[0], games[1]
    players, leaves, _, centred = sizes
    least, top, base, margin, worst = marks[0], marks[1], marks[2], marks[3], marks[4]
    least[:] = margin[:] = np.inf
    top[:] = -np.inf
    base[:] = worst[:] = 0.0
    nothing = np.zeros(LANES)
    codes = np.empty((STEPS, LANES), rows.dtype)
    if centred or len(steps) == 0:
        for first in range(0, leaves, NEAR):
            last = min(first + NEAR, leaves)
            fetch(payoffs, at, lanes, first, last, players, near)
            widen(near, last - first, players, least, top, nothing)
        origins(least, top, base)
    last, start, height, other = leaves, 0, 0, 0
    while start < len(steps):
        stop, some = stretch(steps, start)
        first = last - some
        fetch(payoffs, at, lanes, first, last, players, near)
        if centred:
            lower(near, some, players, base)
        else:
            widen(near, some, players, least, top, nothing)
        part, made = steps[start:stop], codes[: stop - start]
        height = choose(games, part, lanes, some, base, near, stacks[0], height, margin, made)
        other = follow(games, part, lanes, some, base, near, stacks[1], other, worst, made)
        for t in range(stop - start):
            if part[t, 0] >= 0:
                for g in range(size):
                    rows[g, part[t, 3]] = made[t, g]
        last, start = first, stop
    return settled_lanes(marks, nothing, tol, size, status)


@kernel
def settled_lanes(marks, nothing, tol: float, size: int, status) -> int:  # type: ignore[no-untyped-def]
    """Write the status of games without ties; return their bits."""
    clear = 0
    for g in range(size):
        wide, good = nothing[g] == 0.0, True
        for i in range(marks.shape[1]):
            spread = marks[1, i, g] - marks[0, i, g]
            wide &= (spread < np.inf) & (marks[3, i, g] > TIE * spread)
            good &= marks[4, i, g] <= tol * spread
        status[g] = SOLVED if good else NOT_CONVERGED
        clear |= wide << g
    return clear


@kernel
def choose(  # type: ignore[no-untyped-def]
    games, steps, lanes, leaves: int, base, near, stack, height: int, margin, codes
) -> int:
    """Take the best branch at some steps, whose leaves are near; return what is on the stack.

    Writes codes (t, LANES), and to margin (N, LANES) how close a player was to another choice.
    """
    players = len(margin)
    gain = np.empty(LANES)
    small = np.empty((6, players))
    for t in range(len(steps)):
        mover, run, width, where = steps[t, 0], steps[t, 1], steps[t, 2], steps[t, 3]
        for _ in range(run):
            leaves -= 1
            for i in range(players):
                row, value = stack[height * players + i], near[leaves * players + i]
                for g in range(LANES):
                    row[g] = value[g]
            height += 1
        height -= width - 1
        best = (height - 1) * players  # the last branch; those before it lie on top
        if mover >= 0:
            code = codes[t]
            code[:] = width - 1
            for k in range(width - 2, -1, -1):
                here = best + (width - 1 - k) * players
                compare(stack[here + mover], stack[best + mover], gain, margin[mover], code, k)
                for i in range(players):
                    replace(stack[best + i], stack[here + i], gain)
        elif mover == CHANCE:
            odds_of(games[2], games[3], lanes, where + width - 1, gain)
            for i in range(players):
                row = stack[best + i]
                for g in range(LANES):
                    row[g] *= gain[g]
            for k in range(width - 2, -1, -1):
                odds_of(games[2], games[3], lanes, where + k, gain)
                for i in range(players):
                    row, value = stack[best + i], stack[best + (width - 1 - k) * players + i]
                    for g in range(LANES):
                        row[g] += gain[g] * value[g]
        else:
            settle_lanes(stack, best, where, games[4:], lanes, base, small)
    return height


@kernel
def compare(here, best, gain, margin, code, k: int) -> None:  # type: ignore[no-untyped-def]
    """Write what branch k gains over the best so far; note where it is better, and by how much."""
    for g in range(LANES):
        gain[g] = here[g] - best[g]
    for g in range(LANES):
        margin[g] = min(margin[g], abs(gain[g]))
    for g in range(LANES):
        code[g] = k if gain[g] >= 0.0 else code[g]


@kernel
def replace(best, here, gain) -> None:  # type: ignore[no-untyped-def]
    """Put the values of a branch in place of the best so far where it gains."""
    for g in range(LANES):
        best[g] = here[g] if gain[g] >= 0.0 else best[g]
