"""Dividing what two players create, as fast as memory delivers the problems.

The same as `solver.kernels.division`, with the players written out. Arguments hold an entry per
problem, or a single one for all.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel

SOLVED, NOT_CONVERGED = 0, 4
#: Problems that are divided before they are certified: their payoffs are still in the cache.
BLOCK = 1024


@kernel
def divide_two(  # type: ignore[no-untyped-def]
    total, d1, d2, w1, w2, o1, o2, tol: float, low: int, high: int, payoffs, gap, status
) -> None:
    """Write divisions by weight, their gaps (G, 2) and status (G,), as `certify_shares` does."""
    for start in range(low, high, BLOCK):
        end = min(start + BLOCK, high)
        split(total, d1, d2, w1, w2, start, end, payoffs)
        certify(total, d1, d2, w1, w2, o1, o2, tol, start, end, payoffs, gap, status)


@inlined
def stride(entry) -> int:  # type: ignore[no-untyped-def]
    """How far apart the entries of consecutive problems are."""
    return 1 if len(entry) > 1 else 0


@kernel
def split(total, d1, d2, w1, w2, low: int, high: int, payoffs) -> None:  # type: ignore[no-untyped-def]
    """Write what each gets; what it has alone where that is worth more together."""
    t, a, b = stride(total), stride(d1), stride(d2)
    v, w = stride(w1), stride(w2)
    for g in range(low, high):
        first, second = d1[g * a], d2[g * b]
        gains = total[g * t] - first - second
        gains = gains if gains > 0.0 else 0.0
        rate = gains / (w1[g * v] + w2[g * w])
        payoffs[g, 0] = first + w1[g * v] * rate
        payoffs[g, 1] = second + w2[g * w] * rate


@kernel
def certify(  # type: ignore[no-untyped-def]
    total, d1, d2, w1, w2, o1, o2, tol: float, low: int, high: int, payoffs, gap, status
) -> None:
    """Write by how much the payoffs miss the conditions, relative to the largest at stake."""
    t, a, b = stride(total), stride(d1), stride(d2)
    v, w, c, d = stride(w1), stride(w2), stride(o1), stride(o2)
    for g in range(low, high):
        whole, one, two = total[g * t], d1[g * a], d2[g * b]
        power, other = w1[g * v], w2[g * w]
        first, second = payoffs[g, 0] - one, payoffs[g, 1] - two
        stake = max(max(abs(whole), max(abs(one), abs(two))), max(abs(o1[g * c]), abs(o2[g * d])))
        per = 1.0 / (stake if stake > 0.0 else 1.0)
        uneven = abs(other * first - power * second) / (power + other)
        spent = abs(whole - payoffs[g, 0] - payoffs[g, 1])
        together = one + two < whole
        miss = max(uneven, spent)
        gap[g, 0] = (miss if together else abs(first)) * per
        gap[g, 1] = (miss if together else abs(second)) * per
        # Each comparison is false for a NaN; what is infinite leaves one in a difference.
        good = (gap[g, 0] <= tol) & (gap[g, 1] <= tol) & (power >= 0.0) & (other >= 0.0)
        good &= (power + other > 0.0) & (power + other < np.inf)
        good &= (whole - whole == 0.0) & (one - one == 0.0) & (two - two == 0.0)
        status[g] = SOLVED if good else NOT_CONVERGED
