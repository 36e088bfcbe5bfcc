"""What players get and could gain in trees of perfect information, straight from the payoffs.

This is the code that certifies: it chooses nothing, and shares with what does only how payoffs are
read and the rule of bargaining. A profile is subgame-perfect if and only if nobody gains at any
node by another choice there alone (one-shot deviation principle).

Values stand on a stack like that of `solver.kernels.backward`: the last branch lies lowest.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
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
    widest,
)  # fmt: skip


@kernel
def follow(  # type: ignore[no-untyped-def]
    games, steps, lanes, leaves: int, base, space, near: int, height: int, worst, codes
) -> int:
    """Follow choices (t, lanes) at some steps, whose leaves are near; return the stack's height.

    The stack and the leaves are those of `backward.choose`. Keeps in worst (N, lanes) the most
    that a player could gain by another choice at one node.
    """
    players = len(worst)
    top = aligned(1, len(lanes))[0]
    small = np.empty((6, players))
    for t in range(len(steps)):
        mover, run, width, where = steps[t, 0], steps[t, 1], steps[t, 2], steps[t, 3]
        leaves -= run
        direct = min(run, width) if mover >= 0 else 0
        height = push(space, near, leaves + direct, run - direct, players, height)
        height -= width - direct - 1
        low = (height - 1) * players
        if mover < 0:
            by_others(games, lanes, mover, where, width, base, space, low, small, top)
            continue
        highest(space, near + leaves * players, direct, low, width, players, mover, top)
        last = low if direct < width else near + (leaves + width - 1) * players
        code = codes[t]
        if width == 1:
            copy(space, last, low, players)
        for k in range(width - 1):
            other = low + (width - 1 - k) * players
            other = near + (leaves + k) * players if k < direct else other
            for i in range(players):
                if last == low:
                    amend(space[other + i], code, k, space[low + i])
                else:
                    select(space[other + i], space[last + i], code, k, space[low + i])
            last = low
        miss(top, space[low + mover], worst[mover])
    return height


@inlined
def highest(  # type: ignore[no-untyped-def]
    space, near: int, direct: int, low: int, width: int, players: int, mover: int, top
) -> None:
    """Write the most that any branch is worth to the one that moves."""
    for k in range(width):
        at = near + k * players if k < direct else low + (width - 1 - k) * players
        row = space[at + mover]
        if k == 0:
            for g in range(len(top)):
                top[g] = row[g]
        else:
            for g in range(len(top)):
                top[g] = max(top[g], row[g])


@inlined
def select(here, else_, code, k: int, to) -> None:  # type: ignore[no-untyped-def]
    """Write the values of branch k where it is taken."""
    for g in range(len(to)):
        this, that = here[g], else_[g]
        to[g] = this if code[g] == k else that


@inlined
def amend(here, code, k: int, to) -> None:  # type: ignore[no-untyped-def]
    """Do what `select` does in place: rows that overlap are not written as vectors."""
    for g in range(len(to)):
        this, that = here[g], to[g]
        to[g] = this if code[g] == k else that


@inlined
def miss(top, got, worst) -> None:  # type: ignore[no-untyped-def]
    """Keep the most that was missed; not by max, for a NaN must not be lost."""
    for g in range(len(top)):
        short, before = top[g] - got[g], worst[g]
        worst[g] = before if short <= before else short


@kernel
def by_others(  # type: ignore[no-untyped-def]
    games, lanes, mover: int, where: int, width: int, base, space, low: int, small, odds
) -> None:
    """Leave on the stack what chance or bargaining makes of the values of the branches."""
    players = len(base)
    if mover != CHANCE:
        settle_lanes(space, low, where, games[4:], lanes, base, small)
        return
    for k in range(width):  # the branch that is listed last is the lowest
        odds_of(games[2], games[3], lanes, where + width - 1 - k, odds)
        for i in range(players):
            add(odds, space, low + k * players + i, low + i)


@inlined
def add(odds, space, row: int, to: int) -> None:  # type: ignore[no-untyped-def]
    """Add what a branch is worth, times how likely it is, to the row of the last branch."""
    mean, value = space[to], space[row]
    if row == to:
        for g in range(len(odds)):
            mean[g] *= odds[g]
        return
    for g in range(len(odds)):
        mean[g] += odds[g] * value[g]


@kernel
def certify_rows(  # type: ignore[no-untyped-def]
    games, steps, sizes, lanes, tol: float, space, marks, rows
) -> bool:
    """Whether nobody gains more than tol of its payoff range from rows (H, E) of one game.

    lanes all name that game. space and marks are those of `backward.solve_backward`.
    """
    payoffs, at = games[0], games[1]
    players, leaves, deep, _ = sizes
    least, most, base, worst = marks[0], marks[1], marks[2], marks[3]
    near = 2 * deep * players
    codes = np.zeros((STEPS, len(lanes)), rows.dtype)
    nothing = np.zeros(len(lanes))
    bound(payoffs, at, lanes, leaves, space[near:], least, most, nothing)
    origins(least, most, base)
    good = True
    for begin in range(0, rows.shape[1], len(lanes)):
        some = min(len(lanes), rows.shape[1] - begin)
        worst[:] = 0.0
        last, start, height = leaves, 0, 0
        while start < len(steps):
            stop, few = stretch(steps, start)
            fetch(payoffs, at, lanes, last - few, last, players, space[near:])
            lower(space[near:], few, players, base)
            for t in range(start, stop):
                if steps[t, 0] >= 0:
                    codes[t - start, :some] = rows[steps[t, 3], begin : begin + some]
            height = follow(
                games, steps[start:stop], lanes, few, base, space, near, height, worst, codes
            )
            last, start = last - few, stop
        for i in range(players):
            for g in range(some):
                good &= worst[i, g] <= tol * (most[i, g] - least[i, g])
    return good


@kernel
def play_values(  # type: ignore[no-untyped-def]
    games, steps, sizes, column, X, owner, low: int, high: int, payoffs, gaps
) -> None:
    """Payoffs and gaps (E, N) of rows X (E, W) of behavior strategies.

    owner (E,) names the game of each row, column (H + 1,) says where the actions of an information
    set begin. A gap is the most that a player gains at any node by another choice there, divided by
    the range of its payoffs.
    """
    players, leaves, deep, _ = sizes
    wide = min(LANES, max(1, high - low))
    near = deep * players
    space = aligned((deep + widest(steps, leaves)) * players, wide)
    marks = aligned(4 * players, wide).reshape(4, players, wide)
    least, most, base, worst = marks[0], marks[1], marks[2], marks[3]
    nothing = np.zeros(wide)
    lanes, rows = np.empty(wide, np.int64), np.empty(wide, np.int64)
    for begin in range(low, high, wide):
        size = min(wide, high - begin)
        for g in range(wide):
            rows[g] = begin + min(g, size - 1)
            lanes[g] = owner[rows[g]]
        worst[:] = 0.0
        bound(games[0], games[1], lanes, leaves, space[near:], least, most, nothing)
        origins(least, most, base)
        last, start, on = leaves, 0, 0
        while start < len(steps):
            stop, some = stretch(steps, start)
            fetch(games[0], games[1], lanes, last - some, last, players, space[near:])
            lower(space[near:], some, players, base)
            on = mix(
                games, steps[start:stop], lanes, some, base, space, near, on, column, X, rows,
                worst,
            )  # fmt: skip
            last, start = last - some, stop
        if len(steps) == 0:
            space[:players] = least - base
        for i in range(players):
            for g in range(size):
                spread = most[i, g] - least[i, g]
                payoffs[rows[g], i] = base[i, g] + space[i, g]
                gaps[rows[g], i] = worst[i, g] / spread if spread > 0.0 else worst[i, g]


@kernel
def mix(  # type: ignore[no-untyped-def]
    games, steps, lanes, leaves: int, base, space, near: int, height: int, column, X, rows, worst
) -> int:
    """Play behavior strategies at some steps, whose leaves are near; return the stack's height."""
    players = len(worst)
    top, odds = np.empty(len(lanes)), np.empty(len(lanes))
    small = np.empty((6, players))
    for t in range(len(steps)):
        mover, run, width, where = steps[t, 0], steps[t, 1], steps[t, 2], steps[t, 3]
        leaves -= run
        height = push(space, near, leaves, run, players, height)
        height -= width - 1
        low = (height - 1) * players
        if mover < 0:
            by_others(games, lanes, mover, where, width, base, space, low, small, odds)
            continue
        highest(space, near, 0, low, width, players, mover, top)
        for k in range(width):
            action = column[where] + width - 1 - k
            for g in range(len(lanes)):
                odds[g] = X[rows[g], action]
            for i in range(players):
                add(odds, space, low + k * players + i, low + i)
        miss(top, space[low + mover], worst[mover])
    return height


@kernel
def unpack(rows, column, low: int, high: int, X) -> None:  # type: ignore[no-untyped-def]
    """Write choices rows (H, E) as behavior strategies X (E, W)."""
    for e in range(low, high):
        X[e] = 0.0
        for h in range(rows.shape[0]):
            X[e, column[h] + rows[h, e]] = 1.0
