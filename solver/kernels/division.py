"""Dividing what players create together, in money: the division and what certifies it.

Arguments are one array per player, of one entry per problem, or of a single entry for all.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel

SOLVED, NOT_CONVERGED = 0, 4


@kernel
def shares(total, base, weights, low: int, high: int, payoffs) -> None:  # type: ignore[no-untyped-def]
    """Write base payoffs and a share of the gains by weight into payoffs (G, N).

    Where the base payoffs are worth more than the total, they are the payoffs.
    """
    players = len(base)
    for g in range(low, high):
        weight, gains = 0.0, total[g if len(total) > 1 else 0]
        for i in range(players):
            b, w = base[i], weights[i]
            payoffs[g, i] = b[g if len(b) > 1 else 0]
            gains -= payoffs[g, i]
            weight += w[g if len(w) > 1 else 0]
        for i in range(players):
            w = weights[i]
            if gains > 0.0:
                payoffs[g, i] += w[g if len(w) > 1 else 0] / weight * gains


@kernel
def certify_shares(  # type: ignore[no-untyped-def]
    total, base, weights, others, payoffs, tol: float, low: int, high: int, gap, status
) -> None:
    """Write by how much payoffs (G, N) miss the conditions of a division by weights.

    gap (G, N) is relative to the largest of the payoffs at stake, which are those of total, base
    and `others`: w_j (u_i - b_i) = w_i (u_j - b_j) summed over j, and nothing wasted.
    """
    players = len(base)
    for g in range(low, high):
        stake, weight, gained, apart, wrong = 0.0, 0.0, 0.0, 0.0, 0.0
        for k in range(len(others)):
            o = others[k]
            stake = max(stake, abs(o[g if len(o) > 1 else 0]))
        whole = total[g if len(total) > 1 else 0]
        spent = whole
        for i in range(players):
            b, w = base[i], weights[i]
            own = b[g if len(b) > 1 else 0]
            stake = max(stake, abs(own))
            gained += payoffs[g, i] - own
            spent -= payoffs[g, i]
            apart += own
            weight += w[g if len(w) > 1 else 0]
        stake = max(stake, abs(whole))
        stake = stake if stake > 0.0 else 1.0
        for i in range(players):
            b, w = base[i], weights[i]
            gain = payoffs[g, i] - b[g if len(b) > 1 else 0]
            share = w[g if len(w) > 1 else 0]
            miss = abs(gain)
            if apart < whole:
                miss = max(abs(gain - share * gained / weight), abs(spent))
            gap[g, i] = miss / stake
            wrong += not gap[g, i] <= tol
            wrong += not share >= 0.0
        wrong += not 0.0 < weight < np.inf
        wrong += not np.isfinite(whole)
        status[g] = SOLVED if wrong == 0.0 else NOT_CONVERGED


@kernel
def rotating_offers(total, rates, low: int, high: int, M, proposals) -> None:  # type: ignore[no-untyped-def]
    """Write what each player gets when it proposes, V (G, N), if all must agree.

    total (G,) and rates (G, N) as arrays; M (N, N + 1) is room. Offers go round. Whoever refuses
    proposes k rounds later and is offered rate^k V in the meantime: Σ_j rate_j^((j - i) mod N) V_j
    = total for each proposer i, by elimination with pivots.
    """
    n = rates.shape[1]
    for g in range(low, high):
        for i in range(n):
            for j in range(n):
                M[i, j] = rates[g, j] ** ((j - i) % n)
            M[i, n] = total[g]
        for c in range(n):
            best = c
            for i in range(c + 1, n):
                best = i if abs(M[i, c]) > abs(M[best, c]) else best
            for j in range(n + 1):
                M[c, j], M[best, j] = M[best, j], M[c, j]
            for i in range(n):
                if i != c:
                    factor = M[i, c] / M[c, c]
                    for j in range(c, n + 1):
                        M[i, j] -= factor * M[c, j]
        for c in range(n):
            proposals[g, c] = M[c, n] / M[c, c]


@kernel
def refusals(total, rates, offers, low: int, high: int, gap) -> None:  # type: ignore[no-untyped-def]
    """Write the best one-shot deviation of each player into gap (G, N), in payoff.

    offers (G, N, N): what player j gets when i proposes. As a responder j could refuse and take
    rate_j times what the next proposer offers it; as a proposer i could ask for what the others
    would concede beyond that, or be refused. Each offer must use up the total.
    """
    n = rates.shape[1]
    for g in range(low, high):
        gap[g, :] = 0.0
        for i in range(n):
            spent = total[g]
            for j in range(n):
                spent -= offers[g, i, j]
                later = rates[g, j] * offers[g, (i + 1) % n, j]
                miss = later - offers[g, i, j]
                miss = abs(miss) if i != j else max(miss, 0.0)
                gap[g, j] = max(gap[g, j], miss)
            gap[g, i] = max(gap[g, i], abs(spent))


@kernel
def pair_of_offers(total, rates, options, low: int, high: int, offers) -> None:  # type: ignore[no-untyped-def]
    """Write the offers of two players who may also leave, into offers (G, 2, 2).

    options (G, 2) is what leaving is worth. The map V_1 -> W - max(r_2 (W - max(r_1 V_1, o_1)),
    o_2) is piecewise linear with slope r_1 r_2 or zero; each piece gives a candidate, and the
    fixed point is the only candidate that reproduces itself.
    """
    candidates = np.empty(3)
    for g in range(low, high):
        W, r1, r2 = total[g], rates[g, 0], rates[g, 1]
        o1, o2 = options[g, 0], options[g, 1]
        candidates[0] = W * (1.0 - r2) / (1.0 - r1 * r2)
        candidates[1] = W - o2
        candidates[2] = W - r2 * (W - o1)
        least, first = np.inf, 0.0
        for k in range(3):
            second = W - max(r1 * candidates[k], o1)
            miss = abs(candidates[k] - (W - max(r2 * second, o2)))
            if miss < least:
                least, first = miss, candidates[k]
        answer = max(r1 * first, o1)
        offers[g, 0, 0], offers[g, 0, 1] = first, W - first
        offers[g, 1, 0], offers[g, 1, 1] = answer, W - answer
