"""The distribution of the largest entropy that obeys linear rows: Newton's method on the dual.

Prices y of the rows G p <= 0 give the distribution p = exp(-y G) / sum, and the dual function
log(sum) bounds the entropy of all that obey. It is minimised with a barrier of weight mu on y > 0,
and rows relaxed by mu, since few games have a distribution that obeys them all strictly. At its
minimum the gain in row r is mu (1 - 1 / y_r), so that gains and the distance from the optimum fall
with mu.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

#: The weight of the barrier falls by this factor, from one to the last.
FALL, LAST = 0.2, 3e-12
#: Corrections of a weight; how near to centred is enough, relative to it.
MOST_STEPS, CENTRED = 25, 0.2
#: Of the way to the boundary, at most.
SHORT = 0.9


@kernel
def most_entropy(  # type: ignore[no-untyped-def]
    entries, cell, row, low: int, high: int, joint, prices
) -> None:
    """Write distributions (G, cells) and prices (G, rows) of games with entries (G, entries)."""
    cells, rows = joint.shape[1], prices.shape[1]
    G, charged = np.zeros((rows, cells)), np.empty(cells)
    H, move = np.empty((rows, rows)), np.empty(rows)
    slack, mean, trial = np.empty(rows), np.empty(rows), np.empty(rows)
    for g in range(low, high):
        for e in range(len(cell)):
            G[row[e], cell[e]] = entries[g, e]
        p, y = joint[g], prices[g]
        y[:] = 1.0
        mu = 1.0
        while mu > LAST:
            mu = max(FALL * mu, LAST)
            height = respond(G, y, mu, charged, p)
            for _ in range(MOST_STEPS):
                off = 0.0
                for r in range(rows):
                    mean[r] = 0.0
                    for j in range(cells):
                        mean[r] += G[r, j] * p[j]
                    slack[r] = mu - mean[r]
                    off = max(off, abs(slack[r] * y[r] - mu))
                if off <= CENTRED * mu:
                    break
                curve(G, p, mean, slack, y, mu, H)
                for r in range(rows):
                    move[r] = mu / y[r] - slack[r]
                descend(H, move)
                height, done = advance(G, y, mu, move, slack, trial, charged, p, height)
                if done:
                    break


@kernel
def respond(G, y, mu: float, charged, p) -> float:  # type: ignore[no-untyped-def]
    """Write the distribution at prices y; return what is minimised."""
    rows, cells = G.shape
    top, total, barrier = -np.inf, 0.0, 0.0
    for j in range(cells):
        charged[j] = 0.0
    for r in range(rows):
        for j in range(cells):
            charged[j] -= y[r] * G[r, j]
        barrier += mu * (y[r] - np.log(y[r]))
    for j in range(cells):
        top = max(top, charged[j])
    for j in range(cells):
        p[j] = np.exp(charged[j] - top)
        total += p[j]
    for j in range(cells):
        p[j] /= total
    height: float = top + np.log(total) + barrier
    return height


@kernel
def curve(G, p, mean, slack, y, mu: float, H) -> None:  # type: ignore[no-untyped-def]
    """Write the covariance of the rows under p, and what the barrier adds to its diagonal."""
    rows, cells = G.shape
    for r in range(rows):
        for q in range(r + 1):
            total = 0.0
            for j in range(cells):
                total += p[j] * (G[r, j] - mean[r]) * (G[q, j] - mean[q])
            H[r, q] = total
        H[r, r] += max(slack[r], 0.1 * mu / y[r]) / y[r]


@kernel
def descend(H, move) -> None:  # type: ignore[no-untyped-def]
    """Solve for the move in place, by Cholesky; the lower half of H is overwritten."""
    rows = len(move)
    for r in range(rows):
        for q in range(r + 1):
            total = H[r, q]
            for k in range(q):
                total -= H[r, k] * H[q, k]
            if q < r:
                H[r, q] = total / H[q, q]
            else:
                H[r, r] = np.sqrt(max(total, 1e-300))
        total = move[r]
        for k in range(r):
            total -= H[r, k] * move[k]
        move[r] = total / H[r, r]
    for r in range(rows - 1, -1, -1):
        total = move[r]
        for k in range(r + 1, rows):
            total -= H[k, r] * move[k]
        move[r] = total / H[r, r]


@kernel
def advance(  # type: ignore[no-untyped-def]
    G, y, mu: float, move, slack, trial, charged, p, height: float
) -> tuple[float, bool]:
    """Move the prices as far as that lowers what is minimised; whether they stay instead."""
    rows, step, slope = len(y), 1.0, 0.0
    for r in range(rows):
        slope += move[r] * (slack[r] - mu / y[r])
        if move[r] < 0.0:
            step = min(step, -SHORT * y[r] / move[r])
    for _ in range(40):
        for r in range(rows):
            trial[r] = y[r] + step * move[r]
        reached = respond(G, trial, mu, charged, p)
        if reached <= height + 1e-4 * step * slope + 1e-14 * (1.0 + abs(height)):
            y[:] = trial
            return reached, False
        step *= 0.5
    return respond(G, y, mu, charged, p), True
