"""The branch of agent logit equilibria that begins at uniform play, followed by arclength.

Unknown are the logarithms x of all action probabilities and the precision t. With u(x)[k] what
action k is worth to its player where it is chosen, given beliefs by Bayes' rule,

    sum of exp(x[k]) over the actions of an information set = 1,   x[k] - x[r] = t (u[k] - u[r])

with r the likeliest action of the set: one equation fewer than unknowns, so a curve (McKelvey and
Palfrey 1998; Turocy 2005, 2010). Beliefs come from sums of logarithms, so they stay exact where
probabilities are far below the smallest float.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.agent_worth import eliminate, evaluate, scaled, weigh

SOLVED, NOT_CONVERGED, INVALID_INPUT = 0, 4, 5
#: First corrections more than so many times as large as wanted are refused.
REFUSED = 10.0
#: Length of the first step.
FIRST_STEP = 0.05
#: Corrections below this end the iteration on the way; the last one is below its square.
ON_THE_WAY = 1e-5
#: Steps, relative to 1 + precision, short enough to take a change of sign for crossing branches.
CROSSING = 1e-4
#: Corrections tried at a step.
CORRECTIONS = 6


@kernel
def trace_agent_logit(  # type: ignore[no-untyped-def]
    payoffs, chance, topology, owner, mover, low: int, high: int, target: float, common: bool,
    aim: float, growth: float,
    most: int, logs, reached, trend, status,
) -> None:  # fmt: skip
    """Follow the branch of games low to high until `target`; write where it got.

    payoffs (G, L, N), chance (G, C); topology (5, V), owner (W,) infoset of each action, mover (H,)
    player of each infoset. With `common`, `target` is in units of the payoffs; otherwise each
    player's payoffs are first divided by about their range. Written per game: logs (G, W), reached
    (G,) the precision in the units of target, trend (G, W) the derivative of the logs by log
    precision, status (G,). Steps are such that the first correction is about `aim`, in units of a
    log-probability, and none is more than `growth` times as long as the last.
    """
    nodes, players = topology.shape[1], payoffs.shape[2]
    width, sets = owner.shape[0], mover.shape[0]
    u = np.empty((payoffs.shape[1], players))
    values, reach = np.empty((nodes, players)), np.empty((4, nodes))
    x, start, tangent = np.empty(width + 1), np.empty(width + 1), np.empty(width + 1)
    worth, top, slopes = np.empty(width), np.empty((3, sets)), np.empty((width, width))
    matrix, sides = np.empty((width + 1, width + 1)), np.empty((width + 1, 2))
    for g in range(low, high):
        uniform(owner, x, top)
        logs[g], reached[g], trend[g] = x[:width], 0.0, 0.0
        unit = scaled(payoffs, g, common, u)
        status[g] = NOT_CONVERGED if unit > 0.0 else INVALID_INPUT
        if not unit > 0.0:
            continue
        weigh(chance, g, topology, reach)
        goal = target * unit
        tangent[:] = 0.0
        tangent[width] = 1.0
        length, steps, heading = FIRST_STEP, 0, 1.0
        while x[width] < goal and steps < most:
            steps += 1
            # Land on the goal where the tangent says that the step would cross it.
            ends = common and x[width] + length * tangent[width] >= goal
            if ends:
                length = (goal - x[width]) / tangent[width]
            start[:] = x
            for k in range(width + 1):
                x[k] += length * tangent[k]
            if ends:
                x[width] = goal
            size, side = correct(
                u, topology, owner, mover, reach, values, worth, top, slopes, matrix, sides, x,
                tangent, ends,
            )  # fmt: skip
            if common and size <= REFUSED * aim and x[width] > goal:
                # Only the correction crossed the goal: land between the two points.
                share = (goal - start[width]) / (x[width] - start[width])
                for k in range(width):
                    x[k] = start[k] + share * (x[k] - start[k])
                x[width] = goal
                size, side = correct(
                    u, topology, owner, mover, reach, values, worth, top, slopes, matrix, sides,
                    x, tangent, True,
                )  # fmt: skip
            # The determinant keeps its sign along a branch: another one means that the step jumped
            # to another part of it, or, if short steps see the same, that two branches cross here.
            if side != heading and length > CROSSING * (1.0 + start[width]):
                size = np.inf
            if not size <= REFUSED * aim:
                x[:] = start
                length *= 0.5 if size < np.inf else 0.25
                if length < 1e-11 * (1.0 + x[width]):
                    break
                continue
            heading, norm = side, 0.0
            for k in range(width + 1):
                norm += sides[k, 1] * sides[k, 1]
            for k in range(width + 1):
                tangent[k] = sides[k, 1] / np.sqrt(norm)
            length *= max(0.3, min(growth, np.sqrt(aim / (size + 1e-300))))
            if x[width] < 0.0:
                break
            if x[width] > reached[g] and tangent[width] > 0.0:
                # The furthest point so far: rounding may turn the branch back in the end.
                reached[g] = x[width]
                for k in range(width):
                    logs[g, k] = x[k]
                    trend[g, k] = x[width] * tangent[k] / tangent[width]
        reached[g] /= unit
        if x[width] >= goal:
            reached[g], status[g] = target, SOLVED
            logs[g] = x[:width]


@inlined
def uniform(owner, x, top) -> None:  # type: ignore[no-untyped-def]
    """Every action of a set alike, at precision 0."""
    top[0] = 0.0
    for h in owner:
        top[0, h] += 1.0
    for k in range(owner.shape[0]):
        x[k] = -np.log(top[0, owner[k]])
    x[owner.shape[0]] = 0.0


@kernel
def correct(  # type: ignore[no-untyped-def]
    u, topology, owner, mover, reach, values, worth, top, slopes, matrix, sides, x, tangent,
    ends: bool,
) -> tuple[float, float]:  # fmt: skip
    """Newton's method back to the curve, at fixed precision or across the tangent.

    Returns the size of the first correction, inf if it does not converge, and the sign of the
    determinant. The new tangent, of no particular length, is left in sides[:, 1]: its product with
    the old one is 1.
    """
    width = owner.shape[0]
    first = last = np.inf
    sign = 0.0
    for attempt in range(CORRECTIONS + 2 * ends):
        evaluate(u, topology, owner, mover, reach, x, values, worth, top, slopes)
        system(owner, x, worth, slopes, matrix, sides)
        if ends:
            matrix[width] = 0.0
            matrix[width, width] = 1.0
        else:
            matrix[width] = tangent
        sign = eliminate(matrix, sides)
        if sign == 0.0:
            return np.inf, sign
        size = 0.0
        for k in range(width + 1):
            d = sides[k, 0]
            if not abs(d) < 1e300:
                return np.inf, sign
            size = max(size, abs(d) / (1.0 + 0.01 * abs(x[k])))
            x[k] += d
        first = size if attempt == 0 else first
        if first > 4.0 or size > 2.0 * last:
            return np.inf, sign
        if size <= (1e-13 if ends else ON_THE_WAY) or (
            # What is left is rounding, which grows with the precision.
            attempt > 1 and size <= ON_THE_WAY and size > 0.1 * last
        ):
            return first, sign
        last = size
    return first if ends and last <= ON_THE_WAY else np.inf, sign


@kernel
def system(owner, x, worth, slopes, matrix, sides) -> None:  # type: ignore[no-untyped-def]
    """Write the derivatives of all equations, minus their values, and the side of the tangent."""
    width = owner.shape[0]
    t = x[width]
    matrix[:] = 0.0
    sides[:] = 0.0
    sides[width, 1] = 1.0
    k = 0
    while k < width:
        end, best = k, k
        while end < width and owner[end] == owner[k]:
            best = end if x[end] > x[best] else best
            end += 1
        total = 0.0
        for a in range(k, end):
            p = np.exp(x[a])
            matrix[best, a] = p
            total += p
        sides[best, 0] = 1.0 - total
        for a in range(k, end):
            if a == best:
                continue
            gain = worth[a] - worth[best]
            sides[a, 0] = t * gain - (x[a] - x[best])
            for m in range(width):
                matrix[a, m] = -t * (slopes[a, m] - slopes[best, m])
            matrix[a, a] += 1.0
            matrix[a, best] -= 1.0
            matrix[a, width] = -gain
        k = end
