"""The limit of a branch of agent logit equilibria: what is played no more, and exact mixtures."""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.agent_worth import eliminate, evaluate, scaled, weigh

#: A log-probability below SMALL that still falls by FALLING per unit of log precision, or below
#: GONE, belongs to an action that is not played in the limit.
SMALL, FALLING, GONE = -7.0, -0.1, -40.0
#: Log-probability of what is not played; a set is off the path if reached by less than half.
NEVER = -1e30
#: Newton steps; the largest that is believed; the size of the last one.
STEPS, TRUSTED, SETTLED = 12, 0.3, 1e-14


@kernel
def settle_supports(  # type: ignore[no-untyped-def]
    payoffs, chance, topology, owner, mover, low: int, high: int, logs, trend, profiles
) -> None:
    """Write profiles (G, W): the limit of the branch, from its end (logs, trend; both (G, W)).

    Actions on their way to zero are dropped. On the path of play the others are made exactly
    indifferent by Newton's method, unless ties leave their mixture open; off the path they stay.
    """
    nodes, players = topology.shape[1], payoffs.shape[2]
    width, sets = owner.shape[0], mover.shape[0]
    u = np.empty((payoffs.shape[1], players))
    values, reach = np.empty((nodes, players)), np.empty((4, nodes))
    x, start = np.empty(width + 1), np.empty(width)
    worth, top, slopes = np.empty(width), np.empty((3, sets)), np.empty((width, width))
    matrix, sides = np.empty((width + 1, width + 1)), np.empty((width + 1, 2))
    for g in range(low, high):
        if not scaled(payoffs, g, False, u) > 0.0:
            profiles[g] = np.exp(logs[g])
            continue
        weigh(chance, g, topology, reach)
        for k in range(width):
            fades = logs[g, k] < SMALL and trend[g, k] < FALLING
            x[k] = NEVER if fades or logs[g, k] < GONE else logs[g, k]
        normalise(owner, x)
        start[:] = x[:width]
        for _ in range(STEPS):
            evaluate(u, topology, owner, mover, reach, x, values, worth, top, slopes)
            indifference(owner, top, x, worth, slopes, matrix, sides)
            size = 0.0 if eliminate(matrix, sides) != 0.0 else np.inf
            for k in range(width):
                size = max(size, abs(sides[k, 0]))
            if not size <= TRUSTED:
                x[:width] = start
                break
            for k in range(width):
                x[k] += sides[k, 0]
            if size <= SETTLED:
                break
        normalise(owner, x)
        for k in range(width):
            profiles[g, k] = np.exp(x[k]) if x[k] > 0.5 * NEVER else 0.0


@inlined
def normalise(owner, x) -> None:  # type: ignore[no-untyped-def]
    """Make the probabilities of every information set add up to one."""
    k, width = 0, owner.shape[0]
    while k < width:
        end, total = k, 0.0
        while end < width and owner[end] == owner[k]:
            total += np.exp(x[end])
            end += 1
        for a in range(k, end):
            x[a] -= np.log(total) if x[a] > 0.5 * NEVER else 0.0
        k = end


@kernel
def indifference(  # type: ignore[no-untyped-def]
    owner, top, x, worth, slopes, matrix, sides
) -> None:
    """Write the equations of what is mixed on the path: as likely in all as 1, and worth the same.

    Whatever else there is stays as it is.
    """
    width = owner.shape[0]
    matrix[:] = 0.0
    sides[:] = 0.0
    matrix[width, width] = 1.0
    k = 0
    while k < width:
        end, best, played = k, k, 0
        while end < width and owner[end] == owner[k]:
            best = end if x[end] > x[best] else best
            played += x[end] > 0.5 * NEVER
            end += 1
        open_set = played > 1 and top[0, owner[k]] > 0.5 * NEVER
        total = 0.0
        for a in range(k, end):
            if x[a] < 0.5 * NEVER or not open_set:
                matrix[a, a] = 1.0
                continue
            p = np.exp(x[a])
            matrix[best, a] = p
            total += p
            if a != best:
                sides[a, 0] = worth[best] - worth[a]
                for m in range(width):
                    matrix[a, m] = slopes[a, m] - slopes[best, m]
        if open_set:
            sides[best, 0] = 1.0 - total
        k = end
