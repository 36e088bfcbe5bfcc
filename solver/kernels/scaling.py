"""Payoffs brought to one scale, so that one tolerance means the same for every game."""

from __future__ import annotations

import numpy as np

from solver._jit import inlined

#: Differences of payoffs below this share of their range are ties.
TIE = 1e-12
#: The distance of 1 from the next float.
EPS = 2.0**-52
#: Bits of a float that make up its exponent.
EXPONENT = 0x7FF << 52


@inlined
def normalise(A, B, g: int, a, bt) -> bool:  # type: ignore[no-untyped-def]
    """Write game g centred and scaled into a (m, n) and bt (n, m); False if it is not finite.

    Payoffs are centred only where that rounds nothing: all of one sign and none more than twice as
    large as another (Sterbenz 1974). Otherwise they are small already, up to twice their range.
    Either way differences of payoffs are as exact as those of the payoffs given.
    """
    m, n = a.shape
    base_a = top_a = A[g, 0, 0]
    base_b = top_b = B[g, 0, 0]
    total = 0.0
    for i in range(m):
        for j in range(n):
            u, v = A[g, i, j], B[g, i, j]
            total += (u - u) + (v - v)
            base_a = u if u < base_a else base_a
            base_b = v if v < base_b else base_b
            top_a = u if u > top_a else top_a
            top_b = v if v > top_b else top_b
    spread_a, spread_b = top_a - base_a, top_b - base_b
    if not (total == 0.0 and spread_a < np.inf and spread_b < np.inf):
        return False
    base_a = base_a if min(abs(base_a), abs(top_a)) >= spread_a else 0.0
    base_b = base_b if min(abs(base_b), abs(top_b)) >= spread_b else 0.0
    lift_a, scale_a = power_scale(spread_a)
    lift_b, scale_b = power_scale(spread_b)
    for i in range(m):
        for j in range(n):
            a[i, j] = (A[g, i, j] - base_a) * lift_a * scale_a
            bt[j, i] = (B[g, i, j] - base_b) * lift_b * scale_b
    return True


@inlined
def power_scale(spread: float) -> tuple[float, float]:
    """Two powers of two that bring a spread to [1, 2); multiplying by them rounds nothing.

    One is enough but for the very smallest spreads, whose inverse is no float.
    """
    if spread == 0.0:
        return 1.0, 1.0
    lift = 1.0 if spread > 1e-290 else 2.0**600
    exponent = np.float64(spread * lift).view(np.int64) & EXPONENT
    return lift, 1.0 / np.int64(exponent).view(np.float64)
