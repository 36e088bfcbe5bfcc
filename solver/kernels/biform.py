"""Divisions of small coalition games, and what proves that a first stage has one equilibrium.

Up to three players the core is a box cut by a plane: l_i ≤ x_i ≤ u_i and Σ x = V, where l_i is what
i earns alone, V what all earn, and u_i = V less what the others earn without i. It is empty unless
l ≤ u and Σ l ≤ V ≤ Σ u; otherwise x_i runs from max(l_i, V - Σ_{j≠i} u_j) to
min(u_i, V - Σ_{j≠i} l_j).
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.scaling import EPS, TIE


@kernel
def core_payoffs(  # type: ignore[no-untyped-def]
    W, confidence, low: int, high: int, payoffs, empty
) -> None:
    """Payoffs of up to three players who expect a part of their core interval.

    W (G, M, 2**N) and confidence (G, N) give payoffs (N, G, M), NaN where the core is empty, which
    empty (G, M) marks; a worth that is not finite gives NaN and no mark.
    """
    N, M = confidence.shape[1], W.shape[1]
    least, most = np.empty(N), np.empty(N)
    for g in range(low, high):
        for k in range(M):
            verdict = core_box(W[g, k], least, most)
            empty[g, k] = verdict == 0
            for i in range(N):
                c = confidence[g, i]
                if verdict == 1:
                    payoffs[i, g, k] = least[i] + c * (most[i] - least[i])
                else:
                    payoffs[i, g, k] = np.nan


@kernel
def core_box(w, least, most) -> int:  # type: ignore[no-untyped-def]
    """Write the core interval of each of up to three players; return 1, or 0 if the core is empty.

    w (2**N,); least, most (N,). Returns -1 where a worth is not finite.
    """
    N, grand = len(least), len(w) - 1
    V = w[grand]
    below, above = 0.0, 0.0
    narrow = np.inf
    for i in range(N):
        least[i], most[i] = w[1 << i], V - w[grand - (1 << i)]
        below += least[i]
        above += most[i]
        narrow = min(narrow, most[i] - least[i])
    slack = slack_of(w)
    if not slack < np.inf:
        return -1
    if narrow < -slack or V - below < -slack or above - V < -slack:
        return 0
    for i in range(N):
        bottom = max(least[i], V - (above - most[i]))
        top = min(most[i], V - (below - least[i]))
        if top < bottom:  # by rounding
            bottom = top = 0.5 * (bottom + top)
        least[i], most[i] = bottom, top
    return 1


@inlined
def slack_of(w) -> float:  # type: ignore[no-untyped-def]
    """What is rounding in the worths w (2**N,): a share of the gains, and some digits of w."""
    largest, gain, total = 0.0, 0.0, 0.0
    for s in range(1, len(w)):
        alone = 0.0
        i = 1
        while i <= s:
            if s & i:
                alone += w[i]
            i <<= 1
        total += w[s] - w[s]
        largest = max(largest, abs(w[s]))
        gain = max(gain, abs(w[s] - alone))
    return TIE * gain + 8.0 * EPS * largest if total == 0.0 else np.inf


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
