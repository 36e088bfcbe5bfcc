"""What actions are worth where they are chosen, and how that depends on every probability.

A topology is five rows (V,): parent; edge, the action that leads to a node, or -1; draw, the
probability of nature that does, or -1; infoset, or -1; leaf, or -1. Two more arrays say to which
information set each action belongs, and which player owns each set. Probabilities are logarithms
throughout, so that beliefs stay exact where they are far below the smallest float.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.scaling import power_scale


@kernel
def scaled(payoffs, g: int, common: bool, u) -> float:  # type: ignore[no-untyped-def]
    """Write payoffs with least value 0 and range in [1, 2); the unit taken out, -1 if not finite.

    In common units only the largest range lies there. Otherwise the unit is 1.
    """
    leaves, players = u.shape
    widest = 0.0
    for i in range(players):
        least = most = payoffs[g, 0, i]
        total = 0.0
        for v in range(leaves):
            value = payoffs[g, v, i]
            total += value - value
            least, most = min(least, value), max(most, value)
        if not (total == 0.0 and most - least < np.inf):
            return -1.0
        widest = max(widest, most - least)
        lift, scale = power_scale(most - least)
        for v in range(leaves):
            u[v, i] = payoffs[g, v, i] - least
            if not common:
                u[v, i] *= lift * scale
    if not common or widest == 0.0:
        return 1.0
    lift, scale = power_scale(widest)
    for v in range(leaves):
        for i in range(players):
            u[v, i] *= lift * scale
    unit: float = 1.0 / (lift * scale)
    return unit


@kernel
def weigh(chance, g: int, topology, reach) -> None:  # type: ignore[no-untyped-def]
    """Write into reach[2:] what nature adds to log reach, and how often it had probability 0.

    A draw of probability 0 is a tremble of a higher order than any of the players'.
    """
    parent, draw = topology[0], topology[2]
    reach[2, 0] = reach[3, 0] = 0.0
    for v in range(1, parent.shape[0]):
        reach[2, v], reach[3, v] = 0.0, reach[3, parent[v]]
        if draw[v] >= 0:
            p = chance[g, draw[v]]
            reach[2, v] = p
            reach[3, v] += 1.0 if p <= 0.0 else 0.0


@kernel
def evaluate(  # type: ignore[no-untyped-def]
    u, topology, owner, mover, reach, x, values, worth, top, slopes
) -> None:
    """Write what each action is worth, and its derivatives by the log-probabilities.

    reach[0] holds log reach and then beliefs, reach[1] the probability of the edge to each node;
    top (3, H): the likeliest log reach, the sum relative to it, the fewest draws of probability 0.
    """
    parent, edge, draw, infoset, leaf = topology
    nodes, players = values.shape
    top[0], top[1], top[2] = -np.inf, 0.0, np.inf
    reach[0, 0], reach[1, 0] = 0.0, 1.0
    for v in range(nodes):
        if v > 0:
            reach[0, v] = reach[0, parent[v]]
            if draw[v] >= 0:
                reach[1, v] = reach[2, v]
                reach[0, v] += np.log(reach[2, v]) if reach[2, v] > 0.0 else 0.0
            else:
                reach[1, v] = np.exp(x[edge[v]])
                reach[0, v] += x[edge[v]]
        h = infoset[v]
        if h >= 0 and reach[3, v] <= top[2, h]:
            if reach[3, v] < top[2, h]:
                top[2, h], top[0, h] = reach[3, v], -np.inf
            top[0, h] = max(top[0, h], reach[0, v])
    for v in range(nodes):
        h = infoset[v]
        for i in range(players):
            values[v, i] = u[leaf[v], i] if leaf[v] >= 0 else 0.0
        if h >= 0:
            above = reach[0, v] - top[0, h]
            # Descendants have their log reach already: the belief may take its place.
            reach[0, v] = np.exp(above) if reach[3, v] == top[2, h] else 0.0
            top[1, h] += reach[0, v]
    worth[:] = 0.0
    for v in range(nodes - 1, 0, -1):
        h = infoset[parent[v]]
        for i in range(players):
            values[parent[v], i] += reach[1, v] * values[v, i]
        if h >= 0:
            worth[edge[v]] += reach[0, parent[v]] / top[1, h] * values[v, mover[h]]
    differentiate(topology, owner, mover, reach, values, worth, top, slopes)


@kernel
def differentiate(  # type: ignore[no-untyped-def]
    topology, owner, mover, reach, values, worth, top, slopes
) -> None:
    """Write slopes[k, m]: the derivative of the worth of action k by the log-probability of m."""
    parent, edge, _, infoset, _ = topology
    slopes[:] = 0.0
    for w in range(1, parent.shape[0]):
        m = edge[w]
        if m < 0:
            continue
        above = parent[w]
        h = infoset[above]
        # Beliefs: m, and the choices before it, make the nodes of this set more or less likely.
        c, belief = above, reach[0, above] / top[1, h]
        surplus = belief * (values[w, mover[h]] - worth[m])
        while c > 0 and surplus != 0.0:
            if edge[c] >= 0 and mover[owner[edge[c]]] != mover[h]:  # its own are known to it
                slopes[m, edge[c]] += surplus
            c = parent[c]
        # Continuation: m, chosen more often, changes what choices above it are worth.
        c, odds = above, reach[1, w]
        while c > 0 and odds > 0.0:
            k = edge[c]
            if k >= 0:
                h = owner[k]
                slopes[k, m] += reach[0, parent[c]] / top[1, h] * odds * values[w, mover[h]]
            odds *= reach[1, c]
            c = parent[c]


@kernel
def eliminate(matrix, sides) -> float:  # type: ignore[no-untyped-def]
    """Solve for both sides in place; the sign of the determinant, 0 if the matrix is singular.

    Elimination, pivots chosen relative to their rows.
    """
    size, sign = matrix.shape[0], 1.0
    for r in range(size):
        largest = 0.0
        for c in range(size):
            largest = max(largest, abs(matrix[r, c]))
        if not 0.0 < largest < np.inf:
            return 0.0
        for c in range(size):
            matrix[r, c] /= largest
        sides[r, 0] /= largest
        sides[r, 1] /= largest
    for k in range(size):
        at = k
        for r in range(k + 1, size):
            at = r if abs(matrix[r, k]) > abs(matrix[at, k]) else at
        if not abs(matrix[at, k]) > 1e-300:
            return 0.0
        sign = sign if matrix[at, k] > 0.0 else -sign
        if at != k:
            sign = -sign
            for c in range(k, size):
                matrix[k, c], matrix[at, c] = matrix[at, c], matrix[k, c]
            for c in range(2):
                sides[k, c], sides[at, c] = sides[at, c], sides[k, c]
        for r in range(k + 1, size):
            factor = matrix[r, k] / matrix[k, k]
            if factor != 0.0:
                for c in range(k + 1, size):
                    matrix[r, c] -= factor * matrix[k, c]
                sides[r, 0] -= factor * sides[k, 0]
                sides[r, 1] -= factor * sides[k, 1]
    for k in range(size - 1, -1, -1):
        for s in range(2):
            found = sides[k, s]
            for c in range(k + 1, size):
                found -= matrix[k, c] * sides[c, s]
            sides[k, s] = found / matrix[k, k]
    return sign
