"""Best responses and regret of any number of players, straight from the payoffs.

This is the code that certifies: it finds nothing, and shares no line with what does. Payoffs are
read relative to their least value per game and player, so that a common shift of 1e12 costs no
digit of a difference.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

TIE = 1e-12


@kernel
def mark_best(  # type: ignore[no-untyped-def]
    P, low: int, high: int, first: bool, mask, valid
) -> None:
    """Keep in mask the profiles in which one player plays a best response.

    P (G, before, m, after) is that player's payoff, its own action in the middle; mask of the same
    shape is set by the first player and narrowed by the others; valid (G,) turns False where a
    payoff is not finite.
    """
    before, m, after = P.shape[1], P.shape[2], P.shape[3]
    for g in range(low, high):
        least, most, total = P[g, 0, 0, 0], P[g, 0, 0, 0], 0.0
        for i in range(before):
            for a in range(m):
                for j in range(after):
                    u = P[g, i, a, j]
                    total += u - u
                    least, most = min(least, u), max(most, u)
        slack = TIE * (most - least)
        valid[g] = valid[g] & (total == 0.0) & (slack < np.inf)
        for i in range(before):
            for j in range(after):
                top = P[g, i, 0, j]
                for a in range(1, m):
                    top = max(top, P[g, i, a, j])
                for a in range(m):
                    best = P[g, i, a, j] >= top - slack
                    mask[g, i, a, j] = best & (first | mask[g, i, a, j])


@kernel
def collect(  # type: ignore[no-untyped-def]
    mask, valid, low: int, high: int, rows, count
) -> tuple[int, int]:
    """Write the flat index of every marked profile into rows (R,); rows used, next game.

    mask (G, M); count (G,) is written for the games done.
    """
    size = mask.shape[1]
    used = 0
    for g in range(low, high):
        if used + size > rows.shape[0]:
            return used, g
        start = used
        if valid[g]:
            for k in range(size):
                rows[used] = k
                used += mask[g, k]
        count[g] = used - start
    return used, high


@kernel
def regret_of(  # type: ignore[no-untyped-def]
    P, player: int, sizes, X, owner, low: int, high: int, payoffs, gaps
) -> None:
    """Payoff and regret of one player at each strategy profile.

    P (G, M) with profiles in row-major order; sizes (N,); X (E, m_1 + ... + m_N); owner (E,) names
    the game of each row. Writes column `player` of payoffs and gaps (E, N); the gap is the largest
    gain from a deviation divided by the range of the player's payoffs.
    """
    players, profiles = sizes.shape[0], P.shape[1]
    digit = np.zeros(players, np.int64)
    offset = np.zeros(players, np.int64)
    for i in range(1, players):
        offset[i] = offset[i - 1] + sizes[i - 1]
    deviation = np.zeros(sizes[player])
    for e in range(low, high):
        g = owner[e]
        base = top = P[g, 0]
        for k in range(profiles):
            base, top = min(base, P[g, k]), max(top, P[g, k])
        digit[:] = 0
        deviation[:] = 0.0
        for k in range(profiles):
            weight = 1.0
            for i in range(players):
                if i != player:
                    weight *= X[e, offset[i] + digit[i]]
            if weight != 0.0:
                deviation[digit[player]] += weight * (P[g, k] - base)
            for i in range(players - 1, -1, -1):
                digit[i] += 1
                if digit[i] < sizes[i]:
                    break
                digit[i] = 0
        best, mean = deviation[0], 0.0
        for a in range(sizes[player]):
            best = max(best, deviation[a])
            mean += X[e, offset[player] + a] * deviation[a]
        payoffs[e, player] = base + mean
        gaps[e, player] = max(best - mean, 0.0) / (top - base) if top > base else 0.0
