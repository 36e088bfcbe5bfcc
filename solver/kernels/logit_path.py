"""The branch of logit equilibria of a normal form that begins at uniform play.

Unknown are the log-odds x of every action to a reference action of its player, and the precision t:

    x[a] = t (worth[a] - worth[r]),   r the reference, worth what an action pays on average

which is one equation fewer than unknowns, so a curve (McKelvey and Palfrey 1995; Turocy 2005).
Kernels here hand on three tuples. A game is u (N, C) payoffs by profile, sizes (N,), first (N,) and
player (W,): the first action of a player, the player of an action. A place is x (W + 1,) with t
last, its tangent (W + 1,), ref (N,) and free (K,): the reference actions and all others. A room is
memory: odds (W,), worth (W,), pairs (W, W), matrix (K + 1, K + 1), sides (K + 1, 2), weight (N, N).
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.agent_worth import eliminate

#: First corrections more than so many times as large as wanted are refused.
REFUSED = 10.0
#: Corrections below the first end the iteration on the way, below the second where it matters.
ON_THE_WAY, LANDED = 1e-5, 1e-9
#: Equations off by less hold, even where the solution is not isolated.
STILL = 1e-15
#: Steps, relative to 1 + precision, short enough to take a change of sign for crossing branches.
CROSSING = 1e-4
#: Corrections tried at a step.
CORRECTIONS = 6
#: Log-odds to the reference action above this make another one the reference.
REBASE = 1.0
#: What `advance` may answer.
LOST, REFUSED_STEP, STEPPED, ARRIVED = -1, 0, 1, 2


@inlined
def begin(place) -> None:  # type: ignore[no-untyped-def]
    """Uniform play, at precision 0."""
    x, tangent, _, _ = place
    x[:] = 0.0
    tangent[:] = 0.0
    tangent[-1] = 1.0


@kernel
def refer(game, place) -> None:  # type: ignore[no-untyped-def]
    """Make the likeliest action of each player its reference, where the old one is far from it."""
    _, sizes, first, _ = game
    x, tangent, ref, free = place
    k = 0
    for i in range(sizes.shape[0]):
        best = ref[i]
        for a in range(first[i], first[i] + sizes[i]):
            best = a if x[a] > x[best] else best
        if x[best] > REBASE:
            height, slope = x[best], tangent[best]
            for a in range(first[i], first[i] + sizes[i]):
                x[a] -= height
                tangent[a] -= slope
            x[best] = tangent[best] = 0.0
            ref[i] = best
        for a in range(first[i], first[i] + sizes[i]):
            if a != ref[i]:
                free[k] = a
                k += 1
    unit_length(tangent)


@inlined
def unit_length(tangent) -> None:  # type: ignore[no-untyped-def]
    """Divide by the Euclidean norm."""
    norm = 0.0
    for k in range(tangent.shape[0]):
        norm += tangent[k] * tangent[k]
    norm = np.sqrt(norm)
    for k in range(tangent.shape[0]):
        tangent[k] /= norm


@inlined
def respond(sizes, first, x, odds) -> None:  # type: ignore[no-untyped-def]
    """Write the probabilities that log-odds stand for."""
    for i in range(sizes.shape[0]):
        top, total = x[first[i]], 0.0
        for a in range(first[i], first[i] + sizes[i]):
            top = max(top, x[a])
        for a in range(first[i], first[i] + sizes[i]):
            odds[a] = np.exp(x[a] - top)
            total += odds[a]
        for a in range(first[i], first[i] + sizes[i]):
            odds[a] /= total


@inlined
def evaluate(u, sizes, first, odds, worth, pairs, weight) -> None:  # type: ignore[no-untyped-def]
    """Write what each action is worth, alone and against each action of another player."""
    players = sizes.shape[0]
    if players == 2:
        m, n = sizes[0], sizes[1]
        for b in range(n):
            worth[m + b] = 0.0
        for a in range(m):
            worth[a] = 0.0
            for b in range(n):
                p, q = u[0, a * n + b], u[1, a * n + b]
                pairs[a, m + b], pairs[m + b, a] = p, q
                worth[a] += odds[m + b] * p
                worth[m + b] += odds[a] * q
    elif players == 1:
        for a in range(sizes[0]):
            worth[a] = u[0, a]
    else:
        average(u, sizes, first, odds, pairs, weight)
        for i in range(players):
            j = 1 if i == 0 else 0
            for a in range(first[i], first[i] + sizes[i]):
                worth[a] = 0.0
                for b in range(first[j], first[j] + sizes[j]):
                    worth[a] += odds[b] * pairs[a, b]


@kernel
def average(u, sizes, first, odds, pairs, weight) -> None:  # type: ignore[no-untyped-def]
    """Write into pairs[a, b] what a pays against b, on average over all who choose neither."""
    players, profiles = u.shape
    digit = np.zeros(players, np.int64)
    pairs[:] = 0.0
    for k in range(profiles):
        for i in range(players):
            for j in range(i):
                weight[i, j] = 1.0
        for c in range(players):
            p = odds[first[c] + digit[c]]
            for i in range(players):
                for j in range(i):
                    weight[i, j] *= p if (c != i) & (c != j) else 1.0
        for i in range(players):
            for j in range(i):
                a, b = first[i] + digit[i], first[j] + digit[j]
                pairs[a, b] += weight[i, j] * u[i, k]
                pairs[b, a] += weight[i, j] * u[j, k]
        for i in range(players - 1, -1, -1):
            digit[i] += 1
            if digit[i] < sizes[i]:
                break
            digit[i] = 0


@inlined
def system(  # type: ignore[no-untyped-def]
    player, x, ref, free, odds, worth, pairs, matrix, sides
) -> None:
    """Write the derivatives of all equations, minus their values, and the side of the tangent."""
    size = free.shape[0]
    t = x[-1]
    for r in range(size):
        a = free[r]
        base = ref[player[a]]
        gain = worth[a] - worth[base]
        for c in range(size):
            b = free[c]
            if player[b] == player[a]:
                matrix[r, c] = 1.0 if r == c else 0.0
            else:
                matrix[r, c] = -t * odds[b] * (pairs[a, b] - pairs[base, b] - gain)
        matrix[r, size] = -gain
        sides[r, 0] = t * gain - x[a]
        sides[r, 1] = 0.0
    sides[size, 0], sides[size, 1] = 0.0, 1.0


@inlined
def correct(game, place, room, fixed: bool, fine: float) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Newton's method back to the curve, at fixed precision or across the tangent.

    The last correction is below `fine`. Returns the size of the first one, inf if it does not
    converge, and the sign of the determinant. Leaves the new tangent, of no particular length, in
    sides[:, 1]. Where branches cross at the very precision that is fixed, both numbers are 0, and
    there is no tangent.
    """
    found: tuple[float, float] = newton(*game, *place, *room, fixed, fine)
    return found


@kernel
def newton(  # type: ignore[no-untyped-def]
    u, sizes, first, player, x, tangent, ref, free, odds, worth, pairs, matrix, sides, weight,
    fixed: bool, fine: float,
) -> tuple[float, float]:  # fmt: skip
    """Do the work of `correct`: arrays one by one, since handing on tuples counts references."""
    size = free.shape[0]
    start = last = np.inf
    sign = 0.0
    for attempt in range(CORRECTIONS + 4 * fixed):
        respond(sizes, first, x, odds)
        evaluate(u, sizes, first, odds, worth, pairs, weight)
        system(player, x, ref, free, odds, worth, pairs, matrix, sides)
        for c in range(size):
            matrix[size, c] = 0.0 if fixed else tangent[free[c]]
        matrix[size, size] = 1.0 if fixed else tangent[-1]
        rest, moved = 0.0, 0.0
        for r in range(size):
            rest = max(rest, abs(sides[r, 0]))
        sign = eliminate(matrix, sides)
        for r in range(size):
            moved = max(moved, abs(sides[r, 0]))
        if fixed and rest <= STILL and not (sign != 0.0 and moved <= LANDED):
            return 0.0, 0.0
        if sign == 0.0:
            return np.inf, sign
        moved = 0.0
        for r in range(size + 1):
            k = free[r] if r < size else x.shape[0] - 1
            d = sides[r, 0]
            if not abs(d) < 1e300:
                return np.inf, sign
            moved = max(moved, abs(d) / (1.0 + 0.01 * abs(x[k])))
            x[k] += d
        start = moved if attempt == 0 else start
        if start > 4.0 or moved > 2.0 * last:
            return np.inf, sign
        # What is left below the way's bound may be rounding, which grows with the precision.
        if moved <= fine or (attempt > 1 and moved <= ON_THE_WAY and moved > 0.1 * last):
            return start, sign
        last = moved
    return np.inf, sign


@inlined
def turn(place, room) -> None:  # type: ignore[no-untyped-def]
    """Take the tangent that `correct` left."""
    _, tangent, _, free = place
    sides = room[4]
    tangent[:] = 0.0
    for r in range(free.shape[0]):
        tangent[free[r]] = sides[r, 1]
    tangent[-1] = sides[free.shape[0], 1]
    unit_length(tangent)


@kernel
def advance(game, place, room, goal: float, aim: float, growth: float, pace, start) -> int:  # type: ignore[no-untyped-def]
    """One step along the curve; says whether it was made, refused, or arrived at the goal.

    pace (2,): length of the next step, and sign of the determinant.
    start (2, W + 1) is given the place and tangent that the step begins with. Steps are such that
    the first correction is about `aim`, and none is more than `growth` times as long as the last.
    """
    refer(game, place)
    x, tangent = place[0], place[1]
    start[0], start[1] = x, tangent
    length = pace[0]
    # Land on the goal where the tangent says that the step would cross it.
    ends = x[-1] + length * tangent[-1] >= goal
    if ends:
        length = (goal - x[-1]) / tangent[-1]
    for k in range(x.shape[0]):
        x[k] += length * tangent[k]
    if ends:
        x[-1] = goal
    size, side = correct(game, place, room, ends, LANDED if ends else ON_THE_WAY)
    if size <= REFUSED * aim and x[-1] > goal:
        # Only the correction crossed the goal: land between the two points.
        share = (goal - start[0, -1]) / (x[-1] - start[0, -1])
        for k in range(x.shape[0]):
            x[k] = start[0, k] + share * (x[k] - start[0, k])
        x[-1] = goal
        ends = True
        size, side = correct(game, place, room, True, LANDED)
    # The determinant keeps its sign along a branch: another one means that the step jumped to
    # another part of it, or, if short steps see the same, that two branches cross here.
    crossing = size == side == 0.0
    if side != pace[1] and not crossing and length > CROSSING * (1.0 + start[0, -1]):
        size = np.inf
    if not size <= REFUSED * aim:
        x[:] = start[0]
        pace[0] = length * (0.5 if size < np.inf else 0.25)
        return REFUSED_STEP if pace[0] >= 1e-11 * (1.0 + x[-1]) else LOST
    if not crossing:
        pace[1] = side
        turn(place, room)
    if x[-1] < 0.0:
        return LOST
    if not ends:
        pace[0] = length * max(0.3, min(growth, np.sqrt(aim / (size + 1e-300))))
    return ARRIVED if ends else STEPPED
