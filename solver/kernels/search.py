"""Roots and peaks of many functions of one variable at once.

``f(x, index)`` evaluates the functions numbered `index` at the points x. Finished elements drop
out, as in scipy's elementwise solvers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats, NDArray[np.intp]], Floats]

GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
EPS = np.finfo(float).eps


def roots(f: Function, a: Floats, b: Floats, fa: Floats, fb: Floats) -> Floats:
    """A zero of each f between a and b, where fa and fb differ in sign, to the last digits.

    Chandrupatla (1997): inverse quadratic interpolation where it is safe, bisection elsewhere.
    """
    answer = np.where(fa == 0.0, a, b)
    index = np.flatnonzero((fa != 0.0) & (fb != 0.0))
    x1, x2, f1, f2 = (v[index] for v in (a, b, fa, fb))
    x3, f3 = x1.copy(), f1.copy()
    t = np.full(len(index), 0.5)
    for _ in range(200):
        if len(index) == 0:
            break
        x = x1 + t * (x2 - x1)
        fx = f(x, index)
        same = np.sign(fx) == np.sign(f1)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same, x2, x1), np.where(same, f2, f1)
        x1, f1 = x, fx
        best = np.where(np.abs(f1) < np.abs(f2), x1, x2)
        tol = 2.0 * EPS * np.abs(best) + 1e-300
        width = np.abs(x2 - x1)
        done = (width <= 2.0 * tol) | (fx == 0.0)
        answer[index[done]] = np.where(fx == 0.0, x, best)[done]
        t = _chandrupatla_step(x1, x2, x3, f1, f2, f3)
        least = np.minimum(tol / np.maximum(width, 1e-300), 0.5)
        t = np.clip(t, least, 1.0 - least)
        keep = ~done
        index = index[keep]
        x1, x2, x3, f1, f2, f3, t = (v[keep] for v in (x1, x2, x3, f1, f2, f3, t))
    return answer


def _chandrupatla_step(
    x1: Floats, x2: Floats, x3: Floats, f1: Floats, f2: Floats, f3: Floats
) -> Floats:
    """Where between x1 and x2 to look next, as a fraction."""
    with np.errstate(all="ignore"):
        xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
        safe = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        alpha = (x3 - x1) / (x2 - x1)
        t = f1 / (f2 - f1) * f3 / (f2 - f3) + alpha * f1 / (f3 - f1) * f2 / (f3 - f2)
    return np.where(safe & np.isfinite(t), t, 0.5)


def peaks(f: Function, a: Floats, b: Floats) -> Floats:
    """The maximiser of each f on [a, b], where f has one peak inside.

    Golden section finds a kink to the last digits but a smooth top only to the square root of
    rounding, since f is flat there; two Newton steps on a sixth-order derivative finish the latter.
    """
    index = np.arange(len(a))
    low, high = a.copy(), b.copy()
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    f_left, f_right = f(left, index), f(right, index)
    for _ in range(58):
        up = f_right > f_left
        low, high = np.where(up, left, low), np.where(up, high, right)
        fresh = np.where(up, low + GOLDEN * (high - low), high - GOLDEN * (high - low))
        f_fresh = f(fresh, index)
        left, f_left, right, f_right = (
            np.where(up, right, fresh),
            np.where(up, f_right, f_fresh),
            np.where(up, fresh, left),
            np.where(up, f_fresh, f_left),
        )
    x = np.where(f_right > f_left, right, left)
    return _polish(f, x, a, b, index)


def _polish(f: Function, x: Floats, a: Floats, b: Floats, index: NDArray[np.intp]) -> Floats:
    """Newton steps towards f' = 0, kept where they stay close and lose nothing."""
    start, value = x, f(x, index)
    size = np.abs(value)
    for _ in range(2):
        h = np.minimum(np.minimum(x - a, b - x), (b - a) / 2.0) / 3.0
        slope, curvature = _derivatives(f, x, h, index)
        with np.errstate(all="ignore"):
            moved = x - slope / curvature
        near = (np.abs(moved - start) <= 1e-5 * (b - a)) & (h > 1e-6 * (b - a)) & (curvature < 0.0)
        moved = np.where(near, moved, x)
        x = np.where(f(moved, index) >= value - 4.0 * EPS * size, moved, x)
    return x


def _derivatives(
    f: Function, x: Floats, h: Floats, index: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """First and second derivative by central differences of sixth order."""
    f0 = f(x, index)
    slope, curvature = np.zeros_like(x), -490.0 * f0
    for k, (odd, even) in enumerate(((45.0, 270.0), (-9.0, -27.0), (1.0, 2.0)), start=1):
        ahead, behind = f(x + k * h, index), f(x - k * h, index)
        slope += odd * (ahead - behind)
        curvature += even * (ahead + behind)
    with np.errstate(all="ignore"):
        return slope / (60.0 * h), curvature / (180.0 * h * h)
