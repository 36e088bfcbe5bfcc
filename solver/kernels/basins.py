"""Where replicator dynamics of two populations end: shares of the starting points.

``x' = x ((A y) - x A y)`` and ``y' = y ((x B) - x B y)``. A pure state attracts its neighbourhood
if and only if it is a strict equilibrium (Ritzberger and Weibull 1995).
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.scaling import TIE

#: Log-odds beyond which a probability is no float from 0 or 1.
FAR = 40.0
#: Steps of the quadrature are halved until it changes by less.
SETTLED = 1e-10
HALVINGS = 10
#: Of time, in units of one over the larger payoff range: errors of 1e-6 in the paths.
STEP = 0.1


@kernel
def basins_of_two(A, B, low: int, high: int, shares, open_) -> None:  # type: ignore[no-untyped-def]
    """Write the basin (G, 2, 2) of each pure state of games (G, 2, 2); open_ (G,) where it is hard.

    That is where a player is indifferent between its actions at a pure strategy of the other.
    """
    for g in range(low, high):
        a, b = A[g], B[g]
        slack = TIE * max(extent(a), extent(b))
        # What each player gains by its first action if the other plays the first, and the second.
        u, v = a[0, 0] - a[1, 0], a[0, 1] - a[1, 1]
        p, q = b[0, 0] - b[0, 1], b[1, 0] - b[1, 1]
        shares[g] = 0.0
        open_[g] = min(min(abs(u), abs(v)), min(abs(p), abs(q))) <= slack
        if open_[g]:
            continue
        if u * v < 0.0 and p * q < 0.0:
            if u > 0.0 and p > 0.0:
                split = separated(u, -v, p, -q)
                shares[g, 0, 0], shares[g, 1, 1] = split, 1.0 - split
            elif u < 0.0 and p < 0.0:  # the same with the columns exchanged
                split = separated(v, -u, -p, q)
                shares[g, 0, 1], shares[g, 1, 0] = split, 1.0 - split
            continue
        if u * v > 0.0:
            i = 0 if u > 0.0 else 1
            j = 0 if (p if i == 0 else q) > 0.0 else 1
        else:
            j = 0 if p > 0.0 else 1
            i = 0 if (u if j == 0 else v) > 0.0 else 1
        shares[g, i, j] = 1.0


@kernel
def separated(u: float, v: float, p: float, q: float) -> float:
    """The share of the unit square, of play (x, y), from which both first actions are reached.

    In coordination games, where by its first action a player gains u and p if the other plays its
    first, and loses v and q if not. Along a path ``u s(l) + v s(-l) - p s(k) - q s(-k)`` does not
    change, with s(l) = log(1 + exp(l)) and k, l the log-odds of x and y. The basins meet where it
    is what it is at the mixed equilibrium and k, l lie on opposite sides of that. The area is the
    mean of 1 - y over x, by the trapezoidal rule over k, which converges exponentially.
    """
    if max(q / u, p / v) > max(u / q, v / p):  # where l runs faster than k
        u, v, p, q = p, q, u, v
    top = max(max(u, v), max(p, q))
    u, v, p, q = u / top, v / top, p / top, q / top
    centre_k, centre_l = np.log(q / p), np.log(v / u)
    least = p * softplus(centre_k) + q * softplus(-centre_k)
    base = u * softplus(centre_l) + v * softplus(-centre_l)
    step, area, before = 1.0, 0.0, -1.0
    for halving in range(HALVINGS):
        stride = 1 if halving == 0 else 2  # the others are there already
        for side in (-1.0, 1.0):
            count = int((FAR - side * centre_k) / step) + 1
            for t in range(0 if side > 0.0 and halving == 0 else 1, count, stride):
                k = centre_k + side * t * step
                rise = max(p * softplus(k) + q * softplus(-k) - least, 0.0)
                at = across(u, v, base + rise, -side, centre_l) if t > 0 else centre_l
                area += logistic(-at) * logistic(k) * logistic(-k)
        if abs(area * step - before) <= SETTLED:
            return area * step
        before = area * step
        step *= 0.5
    return before


@kernel
def across(u: float, v: float, height: float, side: float, centre: float) -> float:
    """Where ``u s(l) + v s(-l)`` is `height`, on one side of its least: Newton from outside."""
    at = height / u if side > 0.0 else -height / v
    for _ in range(100):
        slope = u * logistic(at) - v * logistic(-at)
        if slope * side <= 0.0:
            return centre
        move = (u * softplus(at) + v * softplus(-at) - height) / slope
        at -= move
        if abs(move) <= 1e-14 * max(1.0, abs(at)):
            break
    return at


@kernel
def basins_of_many(  # type: ignore[no-untyped-def]
    A, B, games, X, low: int, high: int, steps: int, shares, rest
) -> None:
    """Write the share of starting points X (S, m + n) from which each pure state is reached.

    For the games (L,), numbers of A, B (G, m, n): shares (G, m, n), and rest (G,) of the points
    that are nowhere after `steps` steps. A path is at a strict equilibrium when it cannot leave its
    neighbourhood any more: when, whatever else they play, both actions are best there.
    """
    m, n = A.shape[1], A.shape[2]
    a, b, trap = np.empty((m, n)), np.empty((m, n)), np.empty((m, n))
    z, moved, slope, total = np.empty(m + n), np.empty(m + n), np.empty(m + n), np.empty(m + n)
    for e in range(low, high):
        g = games[e]
        shares[g] = 0.0
        rest[g] = 0.0
        scaled(A[g], B[g], a, b)
        traps(a, b, trap)
        for s in range(len(X)):
            z[:] = X[s]
            for _ in range(steps):
                i, j = largest(z[:m]), largest(z[m:])
                if min(z[i], z[m + j]) > 1.0 - trap[i, j]:
                    shares[g, i, j] += 1.0
                    break
                advance(a, b, z, moved, slope, total)
            else:
                rest[g] += 1.0
        shares[g] /= len(X)
        rest[g] /= len(X)


@kernel
def scaled(A, B, a, b) -> None:  # type: ignore[no-untyped-def]
    """Write payoffs from their least on, in units of the larger range."""
    top = max(extent(A), extent(B))
    top = top if top > 0.0 else 1.0
    least_a, least_b = A.min(), B.min()
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            a[i, j], b[i, j] = (A[i, j] - least_a) / top, (B[i, j] - least_b) / top


@kernel
def traps(a, b, trap) -> None:  # type: ignore[no-untyped-def]
    """Write the most of other play at which both actions are best for sure; 0 if not strict."""
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            loss_a = loss_b = np.inf
            for k in range(m):
                if k != i:
                    loss_a = min(loss_a, a[i, j] - a[k, j])
            for h in range(n):
                if h != j:
                    loss_b = min(loss_b, b[i, j] - b[i, h])
            loss = min(min(loss_a, loss_b), 1.0)
            # Other play, of weight w, brings the rest at most 1 more: (1 - w) loss > w.
            trap[i, j] = loss / (1.0 + loss) if loss > TIE else 0.0


@kernel
def advance(a, b, z, moved, slope, total) -> None:  # type: ignore[no-untyped-def]
    """One step of the classical Runge-Kutta method of order four."""
    flow(a, b, z, total)
    go(z, 0.5 * STEP, total, moved)
    for half in range(2):
        flow(a, b, moved, slope)
        go(total, 2.0, slope, total)
        go(z, STEP if half else 0.5 * STEP, slope, moved)
    flow(a, b, moved, slope)
    go(total, 1.0, slope, total)
    go(z, STEP / 6.0, total, z)


@inlined
def go(z, step: float, slope, to) -> None:  # type: ignore[no-untyped-def]
    """Write ``z + step * slope``."""
    for i in range(len(z)):
        to[i] = z[i] + step * slope[i]


@kernel
def flow(a, b, z, slope) -> None:  # type: ignore[no-untyped-def]
    """Write how fast each probability grows."""
    m, n = a.shape
    slope[:] = 0.0
    for i in range(m):
        for j in range(n):
            slope[i] += a[i, j] * z[m + j]
            slope[m + j] += b[i, j] * z[i]
    mean_a = mean_b = 0.0
    for i in range(m):
        mean_a += z[i] * slope[i]
    for j in range(n):
        mean_b += z[m + j] * slope[m + j]
    for i in range(m):
        slope[i] = z[i] * (slope[i] - mean_a)
    for j in range(n):
        slope[m + j] = z[m + j] * (slope[m + j] - mean_b)


@inlined
def largest(x) -> int:  # type: ignore[no-untyped-def]
    """The action that is played most."""
    where = 0
    for i in range(len(x)):
        where = i if x[i] > x[where] else where
    return where


@inlined
def extent(U) -> float:  # type: ignore[no-untyped-def]
    """The payoff range."""
    least = most = U[0, 0]
    for i in range(U.shape[0]):
        for j in range(U.shape[1]):
            least, most = min(least, U[i, j]), max(most, U[i, j])
    spread: float = most - least
    return spread


@inlined
def softplus(t: float) -> float:
    """log(1 + exp(t))."""
    value: float = max(t, 0.0) + np.log1p(np.exp(-abs(t)))
    return value


@inlined
def logistic(t: float) -> float:
    """1 / (1 + exp(-t))."""
    value: float = 1.0 / (1.0 + np.exp(-t))
    return value
