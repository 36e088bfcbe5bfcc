"""How far lotteries over many points reach, each a linear program with a row per player.

A player may not be left behind: the simplex method starts where nobody moves, which every row
allows, so that there is one phase only. Ties are the rule there; Bland's rule ends them.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.gains import pivot_to_optimum
from solver.kernels.scaling import TIE

#: Pivots after which a program is given up.
MOST_PIVOTS = 10_000


@kernel
def reach(  # type: ignore[no-untyped-def]
    A, goal, step, rate: float, room, low: int, high: int, lotteries, lengths, prices
) -> None:
    """Maximise goal'g + rate t over gains g = A'λ with g >= t step - room, t >= 0 and Σλ <= 1.

    A (G, M, N); goal, step (G, N), room (G,) at least zero. Writes λ into lotteries (G, M), t into
    lengths (G,) and the multipliers of the rows of g into prices (G, N). With goal'A_k + prices'A_k
    no point exceeds the maximum, if room is zero and the program was solved.
    """
    m, n = A.shape[1], A.shape[2]
    T, labels = np.empty((n + 2, m + 2)), np.empty(m + n + 2, np.int64)
    for g in range(low, high):
        for i in range(n):
            for k in range(m):
                T[i, k] = -A[g, k, i]
            T[i, m], T[i, m + 1] = step[g, i], room[g]
        for k in range(m):
            T[n, k], T[n + 1, k] = 1.0, 0.0
            for i in range(n):
                T[n + 1, k] -= goal[g, i] * A[g, k, i]
        T[n, m], T[n, m + 1] = 0.0, 1.0
        T[n + 1, m], T[n + 1, m + 1] = -rate, 0.0
        pivot_to_optimum(T, n + 1, m + 1, TIE, 1.0, MOST_PIVOTS, labels)
        lengths[g] = 0.0
        for k in range(m):
            lotteries[g, k] = 0.0
        for i in range(n):
            prices[g, i] = 0.0
        for r in range(n + 1):
            name = labels[m + 1 + r]
            if name < m:
                lotteries[g, name] = max(T[r, m + 1], 0.0)
            elif name == m:
                lengths[g] = T[r, m + 1]
        for c in range(m + 1):
            name = labels[c] - (m + 1)
            if 0 <= name < n:
                prices[g, name] = max(T[n + 1, c], 0.0)
