"""Where replicator dynamics of two populations lead in 2×2 games: areas of basins.

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
