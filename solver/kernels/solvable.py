"""What proves that a game of any number of players has one equilibrium, and no other."""

from __future__ import annotations

import numpy as np

from solver._jit import kernel
from solver.kernels.scaling import TIE


@kernel
def mark_solvable(P, sizes, low: int, high: int, one) -> None:  # type: ignore[no-untyped-def]
    """Mark the games in which dominated actions go one by one until one profile is left.

    P (N, G, M) with profiles in row-major order, sizes (N,), one (G,). An action goes if another
    pays more against all that is left of the others' by more than a tie. Then that profile is the
    only equilibrium, in mixed strategies too.
    """
    N, M = P.shape[0], P.shape[2]
    step = np.ones(N, np.int64)
    for i in range(N - 2, -1, -1):
        step[i] = step[i + 1] * sizes[i + 1]
    widest = 0
    for i in range(N):
        widest = max(widest, sizes[i])
    left = np.empty((N, widest), np.bool_)
    tie = np.empty(N)
    for g in range(low, high):
        many = 0
        for i in range(N):
            least = most = P[i, g, 0]
            for k in range(M):
                least, most = min(least, P[i, g, k]), max(most, P[i, g, k])
            tie[i] = TIE * (most - least)
            many += sizes[i] - 1
            for a in range(sizes[i]):
                left[i, a] = True
        going = True
        while going and many > 0:
            going = False
            for i in range(N):
                for a in range(sizes[i]):
                    for b in range(sizes[i]):
                        if (
                            a != b
                            and left[i, a]
                            and left[i, b]
                            and beats(P[i, g], step, sizes, left, i, b, a, tie[i])
                        ):
                            left[i, a] = False
                            many -= 1
                            going = True
        one[g] = many == 0


@kernel
def beats(  # type: ignore[no-untyped-def]
    p, step, sizes, left, player: int, b: int, a: int, tie: float
) -> bool:
    """Whether action b pays the player more than a against all that is left."""
    for k in range(len(p)):
        if (k // step[player]) % sizes[player] == a:
            here = True
            for j in range(len(sizes)):
                here = here and left[j, (k // step[j]) % sizes[j]]
            if here and not p[k + (b - a) * step[player]] - p[k] > tie:
                return False
    return True
