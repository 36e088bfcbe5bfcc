"""Logit equilibria of normal forms at given precisions, and how far they are from that.

Up to some precision a logit response is a contraction and there is one equilibrium only; it is
found at once. From there on the branch is followed (`solver.kernels.logit_path`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.logit_path import ARRIVED, LOST, advance, begin, refer, respond
from solver.kernels.logit_unique import certain, descend, roughly
from solver.kernels.scaling import power_scale

SOLVED, NOT_CONVERGED, INVALID_INPUT = 0, 4, 5
#: Length of the first step along the branch, relative to 1 + precision.
FIRST_STEP = 0.05


@kernel
def furnish(sizes, cells: int) -> Any:  # type: ignore[no-untyped-def]
    """Make a game, a place and a room (see `solver.kernels.logit_path`)."""
    players = sizes.shape[0]
    first = np.zeros(players, np.int64)
    for i in range(1, players):
        first[i] = first[i - 1] + sizes[i - 1]
    width = first[players - 1] + sizes[players - 1]
    player = np.empty(width, np.int64)
    for i in range(players):
        player[first[i] : first[i] + sizes[i]] = i
    size = width - players
    game = (np.empty((players, cells)), sizes, first, player)
    place = (np.empty(width + 1), np.empty(width + 1), first.copy(), np.empty(size, np.int64))
    room = (
        np.empty(width), np.empty(width), np.empty((width, width)),
        np.empty((size + 1, size + 1)), np.empty((size + 1, 2)), np.empty((players, players)),
    )  # fmt: skip
    return game, place, room


@kernel
def fetch(payoffs, g: int, u) -> float:  # type: ignore[no-untyped-def]
    """Write payoffs (N, C) with least value 0 and largest range in [1, 2); the unit taken out.

    It is a power of two; -1 if a payoff is not finite.
    """
    players, cells = u.shape
    widest = 0.0
    for i in range(players):
        least = most = payoffs[g, i, 0]
        total = 0.0
        for k in range(cells):
            value = payoffs[g, i, k]
            total += value - value
            least, most = min(least, value), max(most, value)
        if not (total == 0.0 and most - least < np.inf):
            return -1.0
        widest = max(widest, most - least)
        for k in range(cells):
            u[i, k] = payoffs[g, i, k] - least
    lift, scale = power_scale(widest)
    for i in range(players):
        for k in range(cells):
            u[i, k] *= lift * scale
    unit: float = 1.0 / (lift * scale)
    return unit


@kernel
def trace_logit(  # type: ignore[no-untyped-def]
    payoffs, sizes, targets, low: int, high: int, aim: float, growth: float, most: int,
    rows, proven, status,
) -> None:  # fmt: skip
    """Write the equilibria of games low to high at each of their targets, which ascend.

    payoffs (G, N, C); targets (G, P) in units of the payoffs. Written: rows (G, P, W)
    probabilities, proven (G, P) whether there is no other equilibrium, status (G, P). Where the
    branch is lost, rows have the last point that was found.
    """
    game, place, room = furnish(sizes, payoffs.shape[2])
    u, x = game[0], place[0]
    pace, start = np.empty(2), np.empty((2, x.shape[0]))
    for g in range(low, high):
        unit = fetch(payoffs, g, u)
        begin(place)
        refer(game, place)
        sure, exact = roughly(u) if unit > 0.0 else 0.0, False
        steps = most
        for p in range(targets.shape[1]):
            goal = targets[g, p] * unit
            if not (unit > 0.0 and 0.0 <= targets[g, p] < np.inf):
                status[g, p] = INVALID_INPUT
                proven[g, p] = False
                rows[g, p] = np.nan
                continue
            if goal > sure and not exact:
                sure, exact = certain(u, sizes), True
            proven[g, p] = goal <= sure
            status[g, p] = SOLVED
            if x[-1] < goal and not (goal <= sure and descend(*game, *place, *room, goal)):
                if steps == most:
                    nearly = min(sure, 0.5 * goal)
                    if nearly > x[-1]:
                        descend(*game, *place, *room, nearly)
                    pace[0], pace[1] = FIRST_STEP * (1.0 + x[-1]), 1.0
                steps = follow(game, place, room, goal, aim, growth, steps, pace, start)
                status[g, p] = SOLVED if x[-1] >= goal else NOT_CONVERGED
            respond(sizes, game[2], x, room[0])
            rows[g, p] = room[0]


@inlined
def follow(  # type: ignore[no-untyped-def]
    game, place, room, goal: float, aim: float, growth: float, steps: int, pace, start
) -> int:
    """Follow the branch to a precision in so many steps at most; return those left, 0 if lost."""
    while steps > 0:
        steps -= 1
        outcome = advance(game, place, room, goal, aim, growth, pace, start)
        if outcome == LOST:
            return 0
        if outcome == ARRIVED:
            break
    return steps


@kernel
def responses(  # type: ignore[no-untyped-def]
    payoffs, sizes, X, owner, precisions, low: int, high: int, values, gaps
) -> None:
    """Payoffs at strategy profiles, and how far each is from the logit response.

    payoffs (G, N, C) with profiles in row-major order; X (E, W); owner, precisions (E,): the game
    and precision of each row. Writes rows low to high of values and gaps (E, N); the gap is the
    largest difference of a probability of the player from the logit response to the others.
    """
    players, cells = payoffs.shape[1], payoffs.shape[2]
    digit = np.zeros(players, np.int64)
    first = np.zeros(players, np.int64)
    for i in range(1, players):
        first[i] = first[i - 1] + sizes[i - 1]
    pays = np.zeros(X.shape[1])
    for e in range(low, high):
        P, row = payoffs[owner[e]], X[e]
        pays[:] = 0.0
        digit[:] = 0
        for k in range(cells):
            for i in range(players):
                weight = 1.0
                for j in range(players):
                    if j != i:
                        weight *= row[first[j] + digit[j]]
                pays[first[i] + digit[i]] += weight * (P[i, k] - P[i, 0])
            for i in range(players - 1, -1, -1):
                digit[i] += 1
                if digit[i] < sizes[i]:
                    break
                digit[i] = 0
        for i in range(players):
            end = first[i] + sizes[i]
            best, mean, total = -np.inf, 0.0, 0.0
            for a in range(first[i], end):
                best = max(best, pays[a])
                mean += row[a] * pays[a]
            for a in range(first[i], end):
                total += np.exp(precisions[e] * (pays[a] - best))
            values[e, i], gaps[e, i] = P[i, 0] + mean, 0.0
            for a in range(first[i], end):
                share = np.exp(precisions[e] * (pays[a] - best)) / total
                gaps[e, i] = max(gaps[e, i], abs(share - row[a]))
