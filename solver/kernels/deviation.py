"""What players get and could gain in trees of perfect information, straight from the payoffs.

This is the code that certifies: it chooses nothing, and shares with what does only how payoffs are
read and the rule of bargaining. A profile is subgame-perfect if and only if nobody gains at any
node by another choice there alone (one-shot deviation principle).

Values stand on a stack like that of `solver.kernels.backward`: the rows of the last branch of a
node lie lowest.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.lanes import (
    CHANCE, LANES, NEAR, STEPS, fetch, lower, odds_of, origins, settle_lanes, stretch, widen,
    widest,
)  # fmt: skip


@kernel
def follow(  # type: ignore[no-untyped-def]
    games, steps, lanes, leaves: int, base, near, stack, height: int, worst, codes
) -> int:
    """Follow choices (t, LANES) at some steps, whose leaves are near; return the stack's height.

    Keeps in worst (N, LANES) the most that a player could gain by another choice at one node.
    """
    players = len(worst)
    top = np.empty(LANES)
    small = np.empty((6, players))
    for t in range(len(steps)):
        mover, width, where = steps[t, 0], steps[t, 2], steps[t, 3]
        leaves, height = push(near, leaves, steps[t, 1], players, stack, height)
        height -= width - 1
        low = (height - 1) * players
        if mover < 0:
            by_others(games, lanes, mover, where, width, base, stack, low, small)
            continue
        highest(stack, low + mover, width, players, top)
        for i in range(players):
            to = stack[low + i]
            for k in range(width - 1):
                other = stack[low + i + (width - 1 - k) * players]
                code = codes[t]
                for g in range(LANES):
                    to[g] = other[g] if code[g] == k else to[g]
        chosen, gain = stack[low + mover], worst[mover]
        for g in range(LANES):
            # Not max: a NaN must not be lost.
            gain[g] = gain[g] if top[g] - chosen[g] <= gain[g] else top[g] - chosen[g]
    return height


@kernel
def push(  # type: ignore[no-untyped-def]
    near, leaves: int, some: int, players: int, stack, height: int
) -> tuple[int, int]:
    """Put some leaves, the last first, on the stack; return leaves left and the new height."""
    for _ in range(some):
        leaves -= 1
        for i in range(players):
            to, row = stack[height * players + i], near[leaves * players + i]
            for g in range(LANES):
                to[g] = row[g]
        height += 1
    return leaves, height


@kernel
def highest(stack, low: int, width: int, players: int, top) -> None:  # type: ignore[no-untyped-def]
    """Write the largest of the rows of one player over all branches."""
    first = stack[low]
    for g in range(LANES):
        top[g] = first[g]
    for k in range(1, width):
        row = stack[low + k * players]
        for g in range(LANES):
            top[g] = max(top[g], row[g])


@kernel
def by_others(  # type: ignore[no-untyped-def]
    games, lanes, mover: int, where: int, width: int, base, stack, low: int, small
) -> None:
    """Leave on the stack what chance or bargaining makes of the values of the branches."""
    players = len(base)
    if mover != CHANCE:
        settle_lanes(stack, low, where, games[4:], lanes, base, small)
        return
    odds = np.empty(LANES)
    for k in range(width):  # the branch that is listed last is the lowest
        odds_of(games[2], games[3], lanes, where + width - 1 - k, odds)
        for i in range(players):
            to, row = stack[low + i], stack[low + k * players + i]
            for g in range(LANES):
                to[g] = odds[g] * row[g] + (to[g] if k > 0 else 0.0)


@kernel
def certify_rows(  # type: ignore[no-untyped-def]
    games, steps, sizes, lanes, tol: float, near, stack, marks, rows
) -> bool:
    """Whether nobody gains more than tol of its payoff range from rows (E, H) of one game.

    lanes (LANES,) all name that game. near, stack and marks are space as in `solve_backward`.
    """
    payoffs, at = games[0], games[1]
    players, leaves = sizes[0], sizes[1]
    least, most, base, worst = marks[0], marks[1], marks[2], marks[3]
    codes = np.empty((STEPS, LANES), rows.dtype)
    nothing = np.zeros(LANES)
    least[:] = np.inf
    most[:] = -np.inf
    bound(payoffs, at, lanes, leaves, near, least, most, nothing)
    origins(least, most, base)
    good = True
    for begin in range(0, len(rows), LANES):
        some = min(LANES, len(rows) - begin)
        worst[:] = 0.0
        last, start, height = leaves, 0, 0
        while start < len(steps):
            stop, few = stretch(steps, start)
            fetch(payoffs, at, lanes, last - few, last, players, near)
            lower(near, few, players, base)
            for t in range(start, stop):
                for g in range(LANES):
                    k = begin + min(g, some - 1)
                    codes[t - start, g] = rows[k, steps[t, 3]] if steps[t, 0] >= 0 else 0
            height = follow(
                games, steps[start:stop], lanes, few, base, near, stack, height, worst, codes
            )
            last, start = last - few, stop
        for i in range(players):
            for g in range(some):
                good &= worst[i, g] <= tol * (most[i, g] - least[i, g])
    return good


@kernel
def bound(payoffs, at, lanes, leaves: int, near, least, most, nothing) -> None:  # type: ignore[no-untyped-def]
    """Write the least and most payoff (N, LANES) over all leaves."""
    players = len(least)
    for first in range(0, leaves, NEAR):
        last = min(first + NEAR, leaves)
        fetch(payoffs, at, lanes, first, last, players, near)
        widen(near, last - first, players, least, most, nothing)


@kernel
def play_values(  # type: ignore[no-untyped-def]
    games, steps, sizes, column, X, owner, low: int, high: int, payoffs, gaps
) -> None:
    """Payoffs and gaps (E, N) of rows X (E, W) of behavior strategies.

    owner (E,) names the game of each row, column (H + 1,) says where the actions of an information
    set begin. A gap is the most that a player gains at any node by another choice there, divided by
    the range of its payoffs.
    """
    players, leaves, height, _ = sizes
    near = np.empty((widest(steps, leaves) * players, LANES))
    stack = np.empty((height * players, LANES))
    least, most = np.empty((players, LANES)), np.empty((players, LANES))
    base, worst = np.empty((players, LANES)), np.empty((players, LANES))
    nothing = np.zeros(LANES)
    lanes, rows = np.empty(LANES, np.int64), np.empty(LANES, np.int64)
    for begin in range(low, high, LANES):
        size = min(LANES, high - begin)
        for g in range(LANES):
            rows[g] = begin + min(g, size - 1)
            lanes[g] = owner[rows[g]]
        least[:] = np.inf
        most[:] = -np.inf
        worst[:] = 0.0
        bound(games[0], games[1], lanes, leaves, near, least, most, nothing)
        origins(least, most, base)
        last, start, on = leaves, 0, 0
        while start < len(steps):
            stop, some = stretch(steps, start)
            fetch(games[0], games[1], lanes, last - some, last, players, near)
            lower(near, some, players, base)
            on = mix(
                games, steps[start:stop], lanes, some, base, near, stack, on, column, X, rows,
                worst,
            )  # fmt: skip
            last, start = last - some, stop
        if len(steps) == 0:
            stack[:players] = least - base
        for i in range(players):
            for g in range(size):
                spread = most[i, g] - least[i, g]
                payoffs[rows[g], i] = base[i, g] + stack[i, g]
                gaps[rows[g], i] = worst[i, g] / spread if spread > 0.0 else worst[i, g]


@kernel
def mix(  # type: ignore[no-untyped-def]
    games, steps, lanes, leaves: int, base, near, stack, height: int, column, X, rows, worst
) -> int:
    """Play behavior strategies at some steps, whose leaves are near; return the stack's height."""
    players = len(worst)
    top, odds = np.empty(LANES), np.empty(LANES)
    small = np.empty((6, players))
    for t in range(len(steps)):
        mover, width, where = steps[t, 0], steps[t, 2], steps[t, 3]
        leaves, height = push(near, leaves, steps[t, 1], players, stack, height)
        height -= width - 1
        low = (height - 1) * players
        if mover < 0:
            by_others(games, lanes, mover, where, width, base, stack, low, small)
            continue
        highest(stack, low + mover, width, players, top)
        for k in range(width):
            action = column[where] + width - 1 - k
            for g in range(LANES):
                odds[g] = X[rows[g], action]
            for i in range(players):
                to, row = stack[low + i], stack[low + k * players + i]
                for g in range(LANES):
                    to[g] = odds[g] * row[g] + (to[g] if k > 0 else 0.0)
        mean, gain = stack[low + mover], worst[mover]
        for g in range(LANES):
            gain[g] = gain[g] if top[g] - mean[g] <= gain[g] else top[g] - mean[g]
    return height


@kernel
def unpack(rows, column, low: int, high: int, X) -> None:  # type: ignore[no-untyped-def]
    """Write choices rows (E, H) as behavior strategies X (E, W)."""
    for e in range(low, high):
        X[e] = 0.0
        for h in range(rows.shape[1]):
            X[e, column[h] + rows[e, h]] = 1.0
