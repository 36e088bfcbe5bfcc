"""What is on the branch of logit equilibria: points, turning points, the likeliest one for data.

Games, places and rooms are those of `solver.kernels.logit_path`.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.logit_games import FIRST_STEP, fetch, furnish
from solver.kernels.logit_path import (
    ARRIVED,
    LANDED,
    LOST,
    REFUSED_STEP,
    advance,
    begin,
    correct,
    respond,
    turn,
)

SOLVED, DEGENERATE, TRUNCATED, NOT_CONVERGED, INVALID_INPUT = 0, 2, 3, 4, 5
#: Points tried to locate one between two steps.
ATTEMPTS = 60
#: Changes of the log-likelihood per observation below this are rounding.
FLAT = 1e-12


@kernel
def slope(game, place, room, weights) -> float:  # type: ignore[no-untyped-def]
    """Change along the tangent; weights (W + 1,): of log-probabilities, last of precision."""
    _, sizes, first, _ = game
    x, tangent, _, _ = place
    odds = room[0]
    respond(sizes, first, x, odds)
    change: float = weights[-1] * tangent[-1]
    for i in range(sizes.shape[0]):
        mean = 0.0
        for a in range(first[i], first[i] + sizes[i]):
            mean += odds[a] * tangent[a]
        for a in range(first[i], first[i] + sizes[i]):
            change += weights[a] * (tangent[a] - mean)
    return change


@kernel
def locate(game, place, room, weights, start, before: float, after: float) -> bool:  # type: ignore[no-untyped-def]
    """Move to the point between the start and the end of a step where a slope changes its sign.

    `before` and `after` are the slopes there. False if Newton's method fails.
    """
    x, tangent, _, _ = place
    low, high = 0.0, 0.0
    for k in range(x.shape[0]):
        high += (x[k] - start[0, k]) * start[1, k]
    reach, side = high, 0
    at, value = high, after
    for _ in range(ATTEMPTS):
        at = (low * after - high * before) / (after - before)
        if not low < at < high:
            at = 0.5 * (low + high)
        for k in range(x.shape[0]):
            x[k] = start[0, k] + at * start[1, k]
        tangent[:] = start[1]
        if correct(game, place, room, False, LANDED)[0] == np.inf:
            return False
        turn(place, room)
        value = slope(game, place, room, weights)
        if value == 0.0 or high - low <= 1e-15 * reach:
            break
        # Regula falsi; the value that stays is halved, so that both ends move (Illinois).
        if (value > 0.0) == (before > 0.0):
            if at - low <= 1e-14 * (1.0 + abs(at)) and side == 1:
                break
            low, before = at, value
            after *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            if high - at <= 1e-14 * (1.0 + abs(at)) and side == -1:
                break
            high, after = at, value
            before *= 0.5 if side == -1 else 1.0
            side = -1
    return True


@inlined
def depart(game, place, room, pace) -> None:  # type: ignore[no-untyped-def]
    """Stand at uniform play, with the tangent there."""
    begin(place)
    x, _, ref, free = place
    _, sizes, first, _ = game
    k = 0
    for i in range(sizes.shape[0]):
        for a in range(first[i], first[i] + sizes[i]):
            if a != ref[i]:
                free[k] = a
                k += 1
    correct(game, place, room, True, LANDED)
    x[:] = 0.0
    turn(place, room)
    pace[0], pace[1] = FIRST_STEP, 1.0


@kernel
def list_logit(  # type: ignore[no-untyped-def]
    payoffs, sizes, goals, low: int, high: int, aim: float, growth: float, most: int,
    precisions, rows, turning, count, status,
) -> None:  # fmt: skip
    """Write points of the branch, from uniform play to the precision wanted.

    payoffs (G, N, C), goals (G,). Written: precisions (G, S), rows (G, S, W) probabilities,
    turning (G, S) marks, count (G,) of the points, status (G,). Where there are more steps than
    room, every other point is left out, but for turning points.
    """
    game, place, room = furnish(sizes, payoffs.shape[2])
    u, x = game[0], place[0]
    pace, start = np.empty(2), np.empty((2, x.shape[0]))
    end = np.empty((2, x.shape[0]))
    weights = np.zeros(x.shape[0])
    weights[-1] = 1.0
    space = precisions.shape[1]
    for g in range(low, high):
        unit = fetch(payoffs, g, u)
        goal = goals[g] * unit
        count[g], status[g] = 0, INVALID_INPUT
        if not (unit > 0.0 and 0.0 <= goals[g] < np.inf):
            continue
        depart(game, place, room, pace)
        note(game, x, room, g, 0.0, False, precisions, rows, turning, count)
        status[g] = SOLVED if goal == 0.0 else NOT_CONVERGED
        stride, made, steps = 1, 0, 0
        while x[-1] < goal and steps < most:
            steps += 1
            rising = place[1][-1] > 0.0
            outcome = advance(game, place, room, goal, aim, growth, pace, start)
            if outcome == LOST:
                break
            if outcome == REFUSED_STEP:
                continue
            made += 1
            if count[g] > space - 2:
                # Room for a turning point, and for the step itself.
                if not thin(g, precisions, rows, turning, count):
                    status[g] = TRUNCATED
                    break
                stride *= 2
            if (place[1][-1] > 0.0) != rising:
                end[0], end[1] = x, place[1]
                locate(game, place, room, weights, start, start[1, -1], place[1][-1])
                note(game, x, room, g, x[-1] / unit, True, precisions, rows, turning, count)
                x[:], place[1][:] = end[0], end[1]
            if outcome == ARRIVED:
                status[g] = SOLVED
            if outcome == ARRIVED or made % stride == 0:
                t = goals[g] if outcome == ARRIVED else x[-1] / unit
                if outcome != ARRIVED:
                    sharpen(game, place, room, end)
                note(game, x, room, g, t, False, precisions, rows, turning, count)


@kernel
def sharpen(game, place, room, spare) -> None:  # type: ignore[no-untyped-def]
    """Correct across the tangent as far as rounding allows; stay where that fails."""
    x = place[0]
    spare[0] = x
    if correct(game, place, room, False, LANDED)[0] == np.inf:
        x[:] = spare[0]


@kernel
def note(  # type: ignore[no-untyped-def]
    game, x, room, g: int, precision: float, turns: bool, precisions, rows, turning, count
) -> None:
    """Write down a point."""
    k = count[g]
    respond(game[1], game[2], x, room[0])
    precisions[g, k], rows[g, k], turning[g, k] = precision, room[0], turns
    count[g] = k + 1


@kernel
def thin(g: int, precisions, rows, turning, count) -> bool:  # type: ignore[no-untyped-def]
    """Leave out every other point that is no turning point; False if that makes no room."""
    kept = 0
    for k in range(count[g]):
        if k % 2 == 0 or turning[g, k]:
            precisions[g, kept], turning[g, kept] = precisions[g, k], turning[g, k]
            rows[g, kept] = rows[g, k]
            kept += 1
    found: bool = kept < count[g] - 2
    count[g] = kept
    return found


@kernel
def log_likelihood(game, x, counts) -> float:  # type: ignore[no-untyped-def]
    """Sum of counts (W,) times log-probabilities."""
    _, sizes, first, _ = game
    result = 0.0
    for i in range(sizes.shape[0]):
        top, total = x[first[i]], 0.0
        for a in range(first[i], first[i] + sizes[i]):
            top = max(top, x[a])
        for a in range(first[i], first[i] + sizes[i]):
            total += np.exp(x[a] - top)
        for a in range(first[i], first[i] + sizes[i]):
            result += counts[a] * (x[a] - top - np.log(total)) if counts[a] > 0.0 else 0.0
    return result


@kernel
def fit_to_counts(  # type: ignore[no-untyped-def]
    payoffs, sizes, counts, goals, low: int, high: int, aim: float, growth: float, most: int,
    precisions, rows, likelihood, status,
) -> None:  # fmt: skip
    """Write the likeliest point of the branch, up to the precision goals, given counts of play.

    payoffs (G, N, C), counts (G, W), goals (G,). Written: precisions (G,), rows (G, W)
    probabilities, likelihood (G,) logarithms, status (G,): TRUNCATED where the end is likeliest.
    """
    game, place, room = furnish(sizes, payoffs.shape[2])
    u, x = game[0], place[0]
    pace, start = np.empty(2), np.empty((2, x.shape[0]))
    end = np.empty((2, x.shape[0]))
    weights = np.zeros(x.shape[0])
    for g in range(low, high):
        unit = fetch(payoffs, g, u)
        total, bad = 0.0, not (unit > 0.0 and 0.0 <= goals[g] < np.inf)
        for a in range(counts.shape[1]):
            weights[a] = counts[g, a]
            total += counts[g, a]
            bad |= not counts[g, a] >= 0.0
        status[g] = INVALID_INPUT
        precisions[g] = likelihood[g] = np.nan
        rows[g] = np.nan
        if bad or not 0.0 < total < np.inf:
            continue
        goal = goals[g] * unit
        depart(game, place, room, pace)
        origin = log_likelihood(game, x, weights)
        keep(game, x, room, g, 0.0, origin, precisions, rows, likelihood)
        now, change, widest = origin, slope(game, place, room, weights), 0.0
        best, steps = SOLVED, 0
        status[g] = SOLVED if goal == 0.0 else NOT_CONVERGED
        while x[-1] < goal and steps < most:
            steps += 1
            outcome = advance(game, place, room, goal, aim, growth, pace, start)
            if outcome == LOST:
                break
            if outcome == REFUSED_STEP:
                continue
            before, change = change, slope(game, place, room, weights)
            now = log_likelihood(game, x, weights)
            widest = max(widest, abs(now - origin))
            if before > 0.0 and change <= 0.0:
                end[0], end[1] = x, place[1]
                located = locate(game, place, room, weights, start, before, change)
                peak = log_likelihood(game, x, weights)
                if peak > likelihood[g]:
                    keep(game, x, room, g, x[-1] / unit, peak, precisions, rows, likelihood)
                    best = SOLVED if located else NOT_CONVERGED
                x[:], place[1][:] = end[0], end[1]
            if outcome == ARRIVED:
                if now > likelihood[g]:
                    keep(game, x, room, g, goals[g], now, precisions, rows, likelihood)
                    best = TRUNCATED
                status[g] = best
        if status[g] != NOT_CONVERGED and widest <= FLAT * total:
            status[g] = DEGENERATE


@kernel
def keep(  # type: ignore[no-untyped-def]
    game, x, room, g: int, precision: float, peak: float, precisions, rows, likelihood
) -> None:
    """Write down the likeliest point so far."""
    respond(game[1], game[2], x, room[0])
    precisions[g], rows[g], likelihood[g] = precision, room[0], peak
