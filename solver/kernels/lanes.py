"""Games of one tree side by side: the numbers of a few games in a row, a row per leaf and player.

Loops over such a row become vector instructions. Arrays of a batch come as a flat window with the
place of the first number and the steps between games, leaves and players, so that one compiled
variant reads them however they lie in memory, and none is copied.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

#: Games side by side: two cache lines of numbers.
LANES = 16
#: Leaves brought near at a time, unless one node has more; and steps done with them.
NEAR, STEPS = 64, 128
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
    for g in range(1, LANES):
        side_by_side &= games[g] == games[0] + g
    if side_by_side:
        for k in range(first, last):
            for i in range(players):
                begin = start + k * leaf + i * player
                source = payoffs[begin : begin + LANES]
                row = near[(k - first) * players + i]
                for g in range(LANES):
                    row[g] = source[g]
        return
    for g in range(LANES):
        start = at[0] + games[g] * at[1]
        for k in range(first, last):
            for i in range(players):
                near[(k - first) * players + i, g] = payoffs[start + k * leaf + i * player]


@kernel
def widen(near, count: int, players: int, least, most, nothing) -> None:  # type: ignore[no-untyped-def]
    """Have least and most (players, LANES) bound the payoffs at `count` leaves as well.

    nothing (LANES,) stays zero where all of them are finite.
    """
    for k in range(count):
        for i in range(players):
            row, low, high = near[k * players + i], least[i], most[i]
            for g in range(LANES):
                low[g] = min(low[g], row[g])
            for g in range(LANES):
                high[g] = max(high[g], row[g])
            for g in range(LANES):
                nothing[g] += row[g] - row[g]


@kernel
def lower(near, count: int, players: int, base) -> None:  # type: ignore[no-untyped-def]
    """Read the payoffs at `count` leaves relative to base (players, LANES)."""
    for k in range(count):
        for i in range(players):
            row, origin = near[k * players + i], base[i]
            for g in range(LANES):
                row[g] -= origin[g]


@kernel
def origins(least, most, base) -> None:  # type: ignore[no-untyped-def]
    """Write what payoffs are read relative to: their least where that rounds nothing, else zero.

    It rounds nothing where all are of one sign and none is more than twice as large as another
    (Sterbenz 1974). Elsewhere payoffs are small already, up to twice their range.
    """
    for i in range(len(base)):
        for g in range(LANES):
            low, high = least[i, g], most[i, g]
            far = min(abs(low), abs(high)) >= high - low
            base[i, g] = low if far else 0.0


@kernel
def odds_of(chance, at, games, k: int, odds) -> None:  # type: ignore[no-untyped-def]
    """Write the k-th probability of chance of each lane."""
    for g in range(LANES):
        odds[g] = chance[at[0] + games[g] * at[1] + k * at[2]]


@kernel
def settle(  # type: ignore[no-untyped-def]
    agreed, failed, weights, outside, bound, found
) -> None:
    """Write what bargaining gives the players (N,), by the rule of `solver.forms.stages.settled`.

    A party gets its value of `failed` plus its weight of the surplus, unless it gets more outside:
    then just that, and the others share the rest. Without a surplus they do not agree. bound (N,)
    is space.
    """
    players = len(found)
    total = alone = 0.0
    for i in range(players):
        bound[i] = False
        if weights[i] > 0.0:
            total += agreed[i]
            alone += max(failed[i], outside[i])
    for _ in range(players):
        taken = kept = weight = 0.0
        for i in range(players):
            if bound[i]:
                taken += outside[i]
            elif weights[i] > 0.0:
                kept += failed[i]
                weight += weights[i]
        left = total - taken - kept
        more = False
        for i in range(players):
            if bound[i]:
                found[i] = outside[i]
            elif weights[i] > 0.0:
                found[i] = failed[i] + weights[i] / weight * left
            else:
                found[i] = agreed[i]
        for i in range(players):
            if weights[i] > 0.0 and not bound[i] and outside[i] > found[i]:
                bound[i] = more = True
        if not more:
            break
    if not total >= alone:
        for i in range(players):
            found[i] = max(failed[i], outside[i]) if weights[i] > 0.0 else failed[i]


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
    for g in range(LANES):
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
