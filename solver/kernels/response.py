"""Best responses and regret of any number of players, straight from the payoffs.

This is the code that certifies: it finds nothing, and shares no line with what does. Payoffs are
read relative to their least value per game and player, so that a common shift of 1e12 costs no
digit of a difference.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

TIE = 1e-12
#: Games looked at together, profile by profile: loops over games become vector instructions.
BLOCK = 128
#: Payoffs of a player in a block: more would leave the cache.
SPACE = 32_768


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
    size = before * m * after
    games = max(1, min(min(BLOCK, SPACE // size), high - low))
    payoffs, marks = P.reshape(P.size), mask.reshape(mask.size)
    near, by_profile = np.empty(games * size), np.empty((size, games))
    slack, top = np.empty(games), np.empty(games)
    for start in range(low, high, games):
        stop = min(start + games, high)
        transpose(payoffs[start * size : stop * size], near, by_profile, stop - start)
        margins(by_profile, slack, top, valid[start:stop])
        block = marks[start * size : stop * size]
        for i in range(before):
            for j in range(after):
                one = i * m * after + j
                highest(by_profile, one, m, after, stop - start, top)
                for k in range(one, one + m * after, after):
                    keep(by_profile[k], top, slack, first, block[k:], size, stop - start)


@kernel
def transpose(source, near, by_profile, games: int) -> None:  # type: ignore[no-untyped-def]
    """Bring payoffs (games, profiles) into the cache, in order; then write a row per profile."""
    size = by_profile.shape[0]
    for k in range(len(source)):
        near[k] = source[k]
    for k in range(size):
        row = by_profile[k]
        for g in range(games):
            row[g] = near[g * size + k]


@kernel
def margins(by_profile, slack, top, valid) -> None:  # type: ignore[no-untyped-def]
    """Write how much is a tie in each game; clear valid where a payoff is not finite."""
    games = len(valid)
    first = by_profile[0]
    for g in range(games):
        slack[g] = top[g] = first[g]
    for k in range(by_profile.shape[0]):
        row = by_profile[k]
        for g in range(games):
            slack[g], top[g] = min(slack[g], row[g]), max(top[g], row[g])
    for g in range(games):
        slack[g] = TIE * (top[g] - slack[g])
        top[g] = 0.0
    for k in range(by_profile.shape[0]):
        row = by_profile[k]
        for g in range(games):
            top[g] += row[g] - row[g]
    for g in range(games):
        valid[g] = valid[g] & (top[g] == 0.0) & (slack[g] < np.inf)


@kernel
def highest(  # type: ignore[no-untyped-def]
    by_profile, one: int, m: int, after: int, games: int, top
) -> None:
    """Write the payoff of the best of m actions, whose profiles are `after` apart from `one` on."""
    row = by_profile[one]
    for g in range(games):
        top[g] = row[g]
    for a in range(1, m):
        row = by_profile[one + a * after]
        for g in range(games):
            top[g] = max(top[g], row[g])


@kernel
def keep(  # type: ignore[no-untyped-def]
    row, top, slack, first: bool, marks, size: int, games: int
) -> None:
    """Keep the mark of one profile, `size` apart from game to game, where its payoff is best."""
    for g in range(games):
        marks[g * size] = (row[g] >= top[g] - slack[g]) & (first | marks[g * size])


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


@kernel
def regrets_of_two(A, B, X, owner, low: int, high: int, payoffs, gaps) -> None:  # type: ignore[no-untyped-def]
    """Do what `regret_of` does, for both players of games A, B (G, m, n)."""
    m, n = A.shape[1], A.shape[2]
    columns = np.empty(n)
    for e in range(low, high):
        g = owner[e]
        base_a = top_a = A[g, 0, 0]
        base_b = top_b = B[g, 0, 0]
        for i in range(m):
            for j in range(n):
                base_a, top_a = min(base_a, A[g, i, j]), max(top_a, A[g, i, j])
                base_b, top_b = min(base_b, B[g, i, j]), max(top_b, B[g, i, j])
        columns[:] = 0.0
        best_a, mean_a, best_b, mean_b = -np.inf, 0.0, -np.inf, 0.0
        for i in range(m):
            row = 0.0
            for j in range(n):
                row += X[e, m + j] * (A[g, i, j] - base_a)
                columns[j] += X[e, i] * (B[g, i, j] - base_b)
            best_a = max(best_a, row)
            mean_a += X[e, i] * row
        for j in range(n):
            best_b = max(best_b, columns[j])
            mean_b += X[e, m + j] * columns[j]
        payoffs[e, 0], payoffs[e, 1] = base_a + mean_a, base_b + mean_b
        gaps[e, 0] = max(best_a - mean_a, 0.0) / (top_a - base_a) if top_a > base_a else 0.0
        gaps[e, 1] = max(best_b - mean_b, 0.0) / (top_b - base_b) if top_b > base_b else 0.0
