"""Certificates of correlated equilibria, from the payoffs and the distribution alone.

What players gain by disobeying is told by its definition, the distance from the optimum by weak
duality: whatever prices the ways of disobeying have, no equilibrium is worth more than the best
cell is after paying them. The names of the arrays are those of `solver.kernels.correlated`.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel

#: Splits a number into two of half as many digits.
SPLIT = 2.0**27 + 1.0


@kernel
def distance(  # type: ignore[no-untyped-def]
    u, c, ref: int, least, cell, other, row, player, unit, p, prices, fine, share, worth
) -> float:
    """How far p is from the optimum at most: no prices of the rows can bound it from below.

    Reads the payoffs, the distribution and the prices; weak duality makes any prices do.
    """
    players, cells = c.shape
    ways = prices.shape[1] - (players - 1 if least else 0)
    share[:] = 1.0
    value = 0.0
    if least:
        total, r = 0.0, ways
        for k in range(players):
            if k != ref:
                share[k] = prices[0, r] + prices[1, r]
                total += share[k]
                r += 1
        share[ref] = max(1.0 - total, 0.0)
        share /= share.sum()
        value = np.inf
    for i in range(players):
        mean = 0.0
        for j in range(cells):
            mean += c[i, j] * p[j]
        value = min(value, mean) if least else value + mean
    reduce_costs(u, c, cell, other, row, player, unit, prices, fine, share, worth)
    bound = -np.inf
    for j in range(cells):
        bound = max(bound, worth[j])
    return max(bound - value, 0.0)


@kernel
def reduce_costs(  # type: ignore[no-untyped-def]
    u, c, cell, other, row, player, unit, prices, fine, share, worth
) -> None:
    """Write what each cell is worth (cells,) where disobedience has its price.

    Prices (2, rows) are sums of two numbers. If `fine`, products and sums carry what they round
    (Dekker 1971): prices of a million and more would drown the difference.
    """
    players, cells = c.shape
    e, rest = 0, 0.0
    for j in range(cells):
        reduced = 0.0
        for i in range(players):
            reduced += share[i] * c[i, j]
        rest = 0.0
        while e < len(cell) and cell[e] == j:
            i = player[e]
            gain = (u[i, other[e]] - u[i, j]) * unit[i, 0] * unit[i, 1]
            price = prices[0, row[e]]
            if fine:
                product, lost = two_product(-price, gain)
                total = reduced + product
                part = total - reduced
                rest += lost + ((reduced - (total - part)) + (product - part))
                rest -= prices[1, row[e]] * gain
                reduced = total
            else:
                reduced -= price * gain
            e += 1
        worth[j] = reduced + rest


@inlined
def two_product(a: float, b: float) -> tuple[float, float]:
    """A product and what it rounds."""
    product = a * b
    t = SPLIT * a
    a1 = t - (t - a)
    t = SPLIT * b
    b1 = t - (t - b)
    a2, b2 = a - a1, b - b1
    return product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


@kernel
def disobedience(  # type: ignore[no-untyped-def]
    u, p, cell, other, row, player, ends, owners, unit, gains, gap
) -> None:
    """Write what each player (N,) gains at most by disobeying p, in units of `unit`."""
    gains[:] = 0.0
    for e in range(len(cell)):
        i, j = player[e], cell[e]
        if p[j] != 0.0:
            gains[row[e]] += (u[i, other[e]] - u[i, j]) * unit[i, 0] * unit[i, 1] * p[j]
    gap[:] = 0.0
    start = 0
    for k in range(len(ends)):
        most = 0.0
        for r in range(start, ends[k]):
            most = max(most, gains[r])
        gap[owners[k]] += most
        start = ends[k]


@kernel
def obedience_of(  # type: ignore[no-untyped-def]
    U, joint, owner, cell, other, row, player, ends, owners, low: int, high: int, payoffs, gaps
) -> None:
    """Write payoffs and gaps (E, N) of distributions joint (E, cells) of games U (G, N, cells).

    A gap is what the player gains at most by disobeying, divided by the range of its payoffs.
    """
    players, cells = U.shape[1], U.shape[2]
    unit, gains = np.ones((players, 2)), np.empty(max(ends[-1], 1))
    for e in range(low, high):
        u, p = U[owner[e]], joint[e]
        disobedience(u, p, cell, other, row, player, ends, owners, unit, gains, gaps[e])
        for i in range(players):
            base = top = u[i, 0]
            for j in range(cells):
                base, top = min(base, u[i, j]), max(top, u[i, j])
            mean = 0.0
            for j in range(cells):
                mean += (u[i, j] - base) * p[j]
            payoffs[e, i] = min(base + mean, top)
            if top > base:
                gaps[e, i] /= top - base
