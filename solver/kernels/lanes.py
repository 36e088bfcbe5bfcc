"""Games of one tree side by side: the numbers of a few games in a row, a row per leaf and player.

Loops over such a row become vector instructions. Arrays of a batch come as a flat window with the
place of the first number and the steps between games, leaves and players, so that one compiled
variant reads them however they lie in memory, and none is copied.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver._jit import inlined, kernel

#: Games side by side: enough to hide what a step costs, few enough for the cache.
LANES = 64
#: Leaves brought near at a time, unless one node has more; and steps done with them.
NEAR, STEPS = 32, 64
#: Games whose payoffs are read at a time where they are apart.
FEW = 8
#: Who moves where no player does; anything else is bargaining.
CHANCE = -1


@kernel
def stretch(steps, start: int) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    """Where to stop so that at most NEAR leaves are needed, and how many those are."""
    leaves = steps[start, 1]
    stop, end = start + 1, min(start + STEPS, len(steps))
    while stop < end and leaves + steps[stop, 1] <= NEAR:
        leaves += steps[stop, 1]
        stop += 1
    return stop, leaves


@kernel
def widest(steps, leaves: int) -> int:  # type: ignore[no-untyped-def]
    """Count the leaves that are needed at a time, at most."""
    most = min(leaves, NEAR)
    for t in range(len(steps)):
        most = max(most, steps[t, 1])
    return most


@kernel
def aligned(rows: int, wide: int) -> NDArray[np.float64]:
    """Make space (rows, wide) that begins with a cache line: vectors that straddle two are slow."""
    space = np.empty(rows * wide + 8)
    skip = (64 - space.ctypes.data % 64) % 64 // 8
    return space[skip : skip + rows * wide].reshape(rows, wide)


@kernel
def fetch(  # type: ignore[no-untyped-def]
    payoffs, at, games, first: int, last: int, players: int, near
) -> None:
    """Bring the payoffs at leaves first to last - 1 into near, a row per leaf and player.

    at is (where the first payoff is, step between games, leaves, players); games (LANES,) the
    number of the game in each lane.
    """
    leaf, player = at[2], at[3]
    start = at[0] + games[0] * at[1]
    side_by_side = at[1] == 1
    for g in range(1, len(games)):
        side_by_side &= games[g] == games[0] + g
    if side_by_side:
        # Backwards, as the leaves are needed: then memory is read in one direction throughout.
        for k in range(last - 1, first - 1, -1):
            for i in range(players - 1, -1, -1):
                begin = start + k * leaf + i * player
                source = payoffs[begin : begin + len(games)]
                row = near[(k - first) * players + i]
                for g in range(len(games)):
                    row[g] = source[g]
        return
    # A few games at a time: those of many would not be in the cache side by side.
    for begin in range(0, len(games), FEW):
        end = min(begin + FEW, len(games))
        for k in range(first, last):
            for i in range(players):
                shift = at[0] + k * leaf + i * player
                row = near[(k - first) * players + i]
                for g in range(begin, end):
                    row[g] = payoffs[shift + games[g] * at[1]]


@kernel
def widen(near, count: int, players: int, least, most, nothing) -> None:  # type: ignore[no-untyped-def]
    """Have least and most (players, lanes) bound the payoffs at `count` leaves as well.

    nothing (lanes,) stays zero where all of them are finite, and not too large to be added up.
    """
    for i in range(players):
        low, high = least[i], most[i]
        k = 0
        while k < count:  # four at a time, so that bounds are read and written less often
            p, q = near[k * players + i], near[min(k + 1, count - 1) * players + i]
            r = near[min(k + 2, count - 1) * players + i]
            s = near[min(k + 3, count - 1) * players + i]
            for g in range(len(nothing)):
                low[g] = min(low[g], min(min(p[g], q[g]), min(r[g], s[g])))
            for g in range(len(nothing)):
                high[g] = max(high[g], max(max(p[g], q[g]), max(r[g], s[g])))
            for g in range(len(nothing)):
                total = (p[g] + q[g]) + (r[g] + s[g])
                nothing[g] += total - total
            k += 4


@kernel
def bound(payoffs, at, lanes, leaves: int, near, least, most, nothing) -> None:  # type: ignore[no-untyped-def]
    """Write the least and most payoff (players, lanes) over all leaves."""
    players = len(least)
    least[:] = np.inf
    most[:] = -np.inf
    for first in range(0, leaves, NEAR):
        last = min(first + NEAR, leaves)
        fetch(payoffs, at, lanes, first, last, players, near)
        widen(near, last - first, players, least, most, nothing)


@kernel
def lower(near, count: int, players: int, base) -> None:  # type: ignore[no-untyped-def]
    """Read the payoffs at `count` leaves relative to base (players, LANES)."""
    for k in range(count):
        for i in range(players):
            row, origin = near[k * players + i], base[i]
            for g in range(base.shape[1]):
                row[g] -= origin[g]


@kernel
def origins(least, most, base) -> None:  # type: ignore[no-untyped-def]
    """Write what payoffs are read relative to: their least where that rounds nothing, else zero.

    It rounds nothing where all are of one sign and none is more than twice as large as another
    (Sterbenz 1974). Elsewhere payoffs are small already, up to twice their range.
    """
    for i in range(len(base)):
        for g in range(base.shape[1]):
            low, high = least[i, g], most[i, g]
            far = min(abs(low), abs(high)) >= high - low
            base[i, g] = low if far else 0.0


@inlined
def push(  # type: ignore[no-untyped-def]
    space, near: int, first: int, some: int, players: int, height: int
) -> int:
    """Put leaves first to first + some - 1 on the stack, the last one lowest; return its height."""
    for k in range(first + some - 1, first - 1, -1):
        copy(space, near + k * players, height * players, players)
        height += 1
    return height


@inlined
def copy(space, source: int, to: int, count: int) -> None:  # type: ignore[no-untyped-def]
    """Copy `count` rows of space."""
    for i in range(count):
        row, new = space[source + i], space[to + i]
        for g in range(space.shape[1]):
            new[g] = row[g]


@inlined
def odds_of(chance, at, games, k: int, odds) -> None:  # type: ignore[no-untyped-def]
    """Write the k-th probability of chance of each lane."""
    for g in range(len(odds)):
        odds[g] = chance[at[0] + games[g] * at[1] + k * at[2]]


@kernel
def settle(  # type: ignore[no-untyped-def]
    agreed, failed, weights, outside, bound, found
) -> None:
    """Write what bargaining gives the players (N,), by the rule of `solver.forms.stages.settled`.

    A party gets its value of `failed` plus its weight of the surplus, unless it gets more outside:
    then just that, and the others share the rest, equally if they have no weight. Without a surplus
    they do not agree. Who does not bargain has a negative weight. bound (N,) is space.
    """
    players = len(found)
    total = alone = 0.0
    for i in range(players):
        bound[i] = False
        if weights[i] >= 0.0:
            total += agreed[i]
            alone += max(failed[i], outside[i])
    for _ in range(players):
        taken = kept = weight = free = 0.0
        for i in range(players):
            if bound[i]:
                taken += outside[i]
            elif weights[i] >= 0.0:
                kept += failed[i]
                weight += weights[i]
                free += 1.0
        left = total - taken - kept
        more = False
        for i in range(players):
            if bound[i]:
                found[i] = outside[i]
            elif weights[i] >= 0.0:
                share = weights[i] / weight if weight > 0.0 else 1.0 / free
                found[i] = failed[i] + share * left
            else:
                found[i] = agreed[i]
        for i in range(players):
            if weights[i] >= 0.0 and not bound[i] and outside[i] > found[i]:
                bound[i] = more = True
        if not more:
            break
    if not total >= alone:
        for i in range(players):
            found[i] = max(failed[i], outside[i]) if weights[i] >= 0.0 else failed[i]


@kernel
def settle_lanes(  # type: ignore[no-untyped-def]
    stack, to: int, stage: int, given, games, base, near
) -> None:
    """Replace the values after failure, in the rows of stack from `to` on, by those of the stage.

    The values after an agreement follow in the rows after them; base (N, LANES) is what they are
    relative to, and near (6, N) is space.
    """
    weights, weights_at, outside, outside_at = given
    players = len(base)
    bound = near[5] > 0.0
    for g in range(base.shape[1]):
        at_weights = weights_at[0] + games[g] * weights_at[1] + stage * weights_at[2]
        at_outside = outside_at[0] + games[g] * outside_at[1] + stage * outside_at[2]
        for i in range(players):
            near[0, i] = stack[to + players + i, g]
            near[1, i] = stack[to + i, g]
            near[2, i] = weights[at_weights + i * weights_at[3]]
            near[3, i] = outside[at_outside + i * outside_at[3]] - base[i, g]
        settle(near[0], near[1], near[2], near[3], bound, near[4])
        for i in range(players):
            stack[to + i, g] = near[4, i]
