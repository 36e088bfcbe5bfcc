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

from solver._jit import inlined, kernel
from solver.kernels.deviation import certify_rows, follow
from solver.kernels.lanes import (
    CHANCE,
    LANES,
    STEPS,
    aligned,
    bound,
    copy,
    fetch,
    lower,
    odds_of,
    origins,
    push,
    settle_lanes,
    stretch,
    widen,
    widest,
)  # fmt: skip
from solver.kernels.scaling import TIE
from solver.kernels.ties import list_equilibria

#: A pass with fewer than this share of its lanes in use is not worth it.
FEW = 8
SOLVED, DEGENERATE, TRUNCATED, NOT_CONVERGED, INVALID_INPUT = 0, 2, 3, 4, 5


@kernel
def solve_backward(  # type: ignore[no-untyped-def]
    games, tree, sizes, low: int, high: int, tol: float, most: int, rows, count, status, whole
) -> tuple[int, int]:
    """Write the choices of each equilibrium into rows (H, R); return rows used, the next game.

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
    rows : (H, R)
        Equilibria side by side as games are, so that choices are written as vectors too.
    count, status, whole : (G,)
        Written for the games done: equilibria, how the game ended, whether the set is whole.
    """
    players, leaves, height, _ = sizes
    wide = min(LANES, max(1, high - low))
    space = aligned((2 * height + widest(tree[0], leaves)) * players, wide)
    # Least and most payoff, what both are relative to, margin, regret.
    marks = aligned(5 * players, wide).reshape(5, players, wide)
    lanes = np.empty(wide, np.int64)
    clear = np.zeros(wide, np.bool_)
    spare = np.empty((rows.shape[0], wide), rows.dtype)
    used = 0
    for start in range(low, high, wide):
        size = min(wide, high - start)
        clear[:] = False
        if size * FEW >= wide and used + size <= rows.shape[1]:
            for g in range(wide):
                lanes[g] = start + min(g, size - 1)
            pass_tree(
                games, tree[0], sizes, lanes, tol, space, marks, rows, used,
                status[start : start + size], clear,
            )  # fmt: skip
        some = clear[:size].sum()
        if some == size:
            count[start : start + size] = 1
            whole[start : start + size] = status[start : start + size] == SOLVED
            used += size
            continue
        if some:
            spare[:, :size] = rows[:, used : used + size]
        for g in range(size):
            if clear[g]:
                if used == rows.shape[1]:
                    return used, start + g
                rows[:, used] = spare[:, g]
                count[start + g] = 1
                whole[start + g] = status[start + g] == SOLVED
                used += 1
                continue
            found = list_equilibria(
                games, tree, sizes, start + g, most, rows[:, used:], status, whole
            )
            if found < 0:
                return used, start + g
            if found:
                lanes[:] = start + g
                good = certify_rows(
                    games, tree[0], sizes, lanes, tol, space, marks, rows[:, used : used + found]
                )
                if not good:
                    status[start + g] = NOT_CONVERGED
                    whole[start + g] = False
            count[start + g] = found
            used += found
    return used, high


@kernel
def pass_tree(  # type: ignore[no-untyped-def]
    games, steps, sizes, lanes, tol: float, space, marks, rows, used: int, status, clear
) -> None:
    """Solve a game in each lane, and certify it; only those without ties are clear (lanes,).

    Writes columns of rows (H, R) from `used` on, and status (size,); what it writes of other games
    is void.
    """
    payoffs, at = games[0], games[1]
    players, leaves, deep, centred = sizes
    size, near = len(status), 2 * deep * players
    least, top, base, margin, worst = marks[0], marks[1], marks[2], marks[3], marks[4]
    least[:] = margin[:] = np.inf
    top[:] = -np.inf
    base[:] = worst[:] = 0.0
    nothing = np.zeros(len(lanes))
    codes = np.empty((STEPS, len(lanes)), rows.dtype)
    if centred or len(steps) == 0:
        bound(payoffs, at, lanes, leaves, space[near:], least, top, nothing)
        origins(least, top, base)
    last, start, height, other = leaves, 0, 0, deep
    while start < len(steps):
        stop, some = stretch(steps, start)
        fetch(payoffs, at, lanes, last - some, last, players, space[near:])
        if centred:
            lower(space[near:], some, players, base)
        else:
            widen(space[near:], some, players, least, top, nothing)
        part = steps[start:stop]
        height = choose(games, part, lanes, some, base, space, near, height, margin, codes)
        other = follow(games, part, lanes, some, base, space, near, other, worst, codes)
        for t in range(stop - start):
            if part[t, 0] >= 0:
                row, code = rows[part[t, 3], used : used + size], codes[t]
                for g in range(size):
                    row[g] = code[g]
        last, start = last - some, stop
    for g in range(size):
        fine, good = nothing[g] == 0.0, True
        for i in range(players):
            spread = top[i, g] - least[i, g]
            fine &= (spread < np.inf) & (margin[i, g] > TIE * spread)
            good &= worst[i, g] <= tol * spread
        status[g] = SOLVED if good else NOT_CONVERGED
        clear[g] = fine


@kernel
def choose(  # type: ignore[no-untyped-def]
    games, steps, lanes, leaves: int, base, space, near: int, height: int, margin, codes
) -> int:
    """Take the best branch at some steps, whose leaves are near; return the stack's height.

    space (rows, lanes) holds the stack, and from row `near` on the payoffs at `leaves` leaves.
    Writes codes (t, lanes), and to margin (N, lanes) how close a player was to another choice.
    """
    players = len(margin)
    gain = aligned(1, len(lanes))[0]
    small = np.empty((6, players))
    for t in range(len(steps)):
        mover, width, where = steps[t, 0], steps[t, 2], steps[t, 3]
        leaves -= steps[t, 1]
        if mover < 0:
            height = push(space, near, leaves, steps[t, 1], players, height)
            height -= width - 1
            average(games, lanes, mover, where, width, base, space, height - 1, small, gain)
            continue
        # Branches that are leaves just come near are read there, the others on the stack.
        direct = min(steps[t, 1], width)
        height = push(space, near, leaves + direct, steps[t, 1] - direct, players, height)
        height -= width - direct - 1
        to = (height - 1) * players
        best = to if direct < width else near + (leaves + width - 1) * players
        code = codes[t]
        if width == 1:
            code[:] = 0
            copy(space, best, to, players)
        for k in range(width - 2, -1, -1):
            here = to + (width - 1 - k) * players
            here = near + (leaves + k) * players if k < direct else here
            compare(space[here + mover], space[best + mover], gain, margin[mover])
            if k == width - 2:
                first_code(gain, code, k)
            else:
                next_code(gain, code, k)
            for i in range(players):
                if best == to:
                    improve(space[here + i], gain, space[to + i])
                else:
                    better(space[here + i], space[best + i], gain, space[to + i])
            best = to
    return height


@inlined
def compare(here, best, gain, margin) -> None:  # type: ignore[no-untyped-def]
    """Write what a branch gains over the best so far, and keep the least such difference."""
    for g in range(len(gain)):
        more, before = here[g] - best[g], margin[g]
        gain[g] = more
        margin[g] = min(before, abs(more))


@inlined
def first_code(gain, code, k: int) -> None:  # type: ignore[no-untyped-def]
    """Note the better of branches k and k + 1."""
    for g in range(len(gain)):
        code[g] = k + (gain[g] < 0.0)


@inlined
def next_code(gain, code, k: int) -> None:  # type: ignore[no-untyped-def]
    """Note branch k where it gains."""
    for g in range(len(gain)):
        before = code[g]
        code[g] = k if gain[g] >= 0.0 else before


@inlined
def better(here, best, gain, to) -> None:  # type: ignore[no-untyped-def]
    """Write the values of a branch where it gains, else those of the best so far."""
    for g in range(len(gain)):
        new, old = here[g], best[g]
        to[g] = new if gain[g] >= 0.0 else old


@inlined
def improve(here, gain, to) -> None:  # type: ignore[no-untyped-def]
    """Do what `better` does in place: rows that overlap are not written as vectors."""
    for g in range(len(gain)):
        new, old = here[g], to[g]
        to[g] = new if gain[g] >= 0.0 else old


@kernel
def average(  # type: ignore[no-untyped-def]
    games, lanes, mover: int, where: int, width: int, base, space, low: int, small, odds
) -> None:
    """Put what chance or bargaining makes of the branches in place of the last one."""
    players = len(base)
    if mover != CHANCE:
        settle_lanes(space, low * players, where, games[4:], lanes, base, small)
        return
    odds_of(games[2], games[3], lanes, where + width - 1, odds)
    for i in range(players):
        to = space[low * players + i]
        for g in range(len(lanes)):
            to[g] *= odds[g]
    for k in range(width - 2, -1, -1):
        odds_of(games[2], games[3], lanes, where + k, odds)
        for i in range(players):
            to, row = space[low * players + i], space[(low + width - 1 - k) * players + i]
            for g in range(len(lanes)):
                to[g] += odds[g] * row[g]
