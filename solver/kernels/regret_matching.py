"""Regret matching in zero-sum trees, over sequences: the tree is only its payoff matrix.

A player is given by three arrays: ``parent`` (H,) the sequence that leads to each of its
information sets, ``start`` (H + 1,) where their actions begin among its sequences, and ``order``
(H,), earlier sets first. Each has a payoff matrix of its own, player 1 by rows and player 2 by
columns: ``value[g, first[s] : first[s + 1]]`` are its entries at the player's sequence s, and
``other`` the opponent's sequences there.
"""

from __future__ import annotations

import numpy as np

from solver._jit import kernel


@kernel
def against(first, other, value, plan, gain) -> None:  # type: ignore[no-untyped-def]
    """Write what each sequence of a player earns at leaves, the other one playing `plan`."""
    for s in range(len(gain)):
        total = 0.0
        for k in range(first[s], first[s + 1]):
            total += value[k] * plan[other[k]]
        gain[s] = total


@kernel
def most(parent, start, order, gain) -> float:  # type: ignore[no-untyped-def]
    """Return what the best plan earns; adds up in gain what follows each sequence."""
    for k in range(len(order) - 1, -1, -1):
        h = order[k]
        best = gain[start[h]]
        for s in range(start[h] + 1, start[h + 1]):
            best = max(best, gain[s])
        gain[parent[h]] += best
    found: float = gain[0]
    return found


@kernel
def gap_of(  # type: ignore[no-untyped-def]
    parent1, start1, order1, first1, other1, value1,
    parent2, start2, order2, first2, other2, value2,
    plan1, plan2, gain1, gain2,
) -> float:  # fmt: skip
    """Return the larger of what both players could gain by deviating from their plans."""
    against(first1, other1, value1, plan2, gain1)
    against(first2, other2, value2, plan1, gain2)
    one: float = 0.0
    two: float = 0.0
    for s in range(len(gain1)):
        one -= plan1[s] * gain1[s]
    for s in range(len(gain2)):
        two -= plan2[s] * gain2[s]
    one += most(parent1, start1, order1, gain1)
    two += most(parent2, start2, order2, gain2)
    return max(one, two)


@kernel
def gaps(  # type: ignore[no-untyped-def]
    parent1, start1, order1, first1, other1, values1,
    parent2, start2, order2, first2, other2, values2,
    plans1, plans2, low: int, high: int, gap,
) -> None:  # fmt: skip
    """Write the larger gap of each pair of plans, in the unit of the payoffs, into gap (G,)."""
    gain1, gain2 = np.empty(plans1.shape[1]), np.empty(plans2.shape[1])
    for g in range(low, high):
        gap[g] = gap_of(
            parent1, start1, order1, first1, other1, values1[g],
            parent2, start2, order2, first2, other2, values2[g],
            plans1[g], plans2[g], gain1, gain2,
        )  # fmt: skip


@kernel
def learn(  # type: ignore[no-untyped-def]
    parent, start, order, gain, regret, weight, foresight: float, plan
) -> None:
    """Add the regrets of one iteration, none below zero, and write the plan that they suggest.

    Actions are played in proportion to weight: the regrets, and `foresight` times those of the
    last iteration once more, in the belief that the next one will be like it.
    """
    for k in range(len(order) - 1, -1, -1):
        h = order[k]
        low, high = start[h], start[h + 1]
        total = value = 0.0
        for s in range(low, high):
            total += weight[s]
            value += weight[s] * gain[s]
        if total > 0.0:
            value /= total
        else:
            for s in range(low, high):
                value += gain[s]
            value /= high - low
        for s in range(low, high):
            more = gain[s] - value
            regret[s] = max(0.0, regret[s] + more)
            weight[s] = max(0.0, regret[s] + foresight * more)
        gain[parent[h]] += value
    for h in order:
        low, high = start[h], start[h + 1]
        total = 0.0
        for s in range(low, high):
            total += weight[s]
        for s in range(low, high):
            share = weight[s] / total if total > 0.0 else 1.0 / (high - low)
            plan[s] = plan[parent[h]] * share


@kernel
def match_regrets(  # type: ignore[no-untyped-def]
    parent1, start1, order1, first1, other1, values1,
    parent2, start2, order2, first2, other2, values2,
    low: int, high: int, begin: int, end: int, last: int, foresight: float, bound,
    regrets1, regrets2, weights1, weights2, plans1, plans2, sums1, sums2, look, gap,
) -> None:  # fmt: skip
    """Iterations `begin` + 1 to `end` of CFR+ in every game that is not yet within its bound.

    Players learn in turn, the second from what the first has just learnt, and iteration t weighs
    t² in the averages; the second player's average is of the plans that the first one answered
    (Burch, Moravčík and Schmid 2019). The arrays (G, S) hold the state of each, so that a call
    goes on where the last one ended. gap (G,) is that of the averages when last looked at, look
    (G,) the iteration of the next look, after one in sixteen more, in any case after the `last`.
    """
    gain1, gain2 = np.empty(plans1.shape[1]), np.empty(plans2.shape[1])
    mean1, mean2 = np.empty(plans1.shape[1]), np.empty(plans2.shape[1])
    for g in range(low, high):
        if gap[g] <= bound[g]:
            continue
        one, two, sum1, sum2 = plans1[g], plans2[g], sums1[g], sums2[g]
        for t in range(begin + 1, end + 1):
            share = float(t) * t
            against(first1, other1, values1[g], two, gain1)
            learn(parent1, start1, order1, gain1, regrets1[g], weights1[g], foresight, one)
            for s in range(len(sum1)):
                sum1[s] += share * one[s]
            for s in range(len(sum2)):
                sum2[s] += share * two[s]
            against(first2, other2, values2[g], one, gain2)
            learn(parent2, start2, order2, gain2, regrets2[g], weights2[g], foresight, two)
            if t != look[g] and t != last:
                continue
            look[g] = t + 1 + (t >> 4)
            for s in range(len(sum1)):
                mean1[s] = sum1[s] / sum1[0]
            for s in range(len(sum2)):
                mean2[s] = sum2[s] / sum2[0]
            gap[g] = gap_of(
                parent1, start1, order1, first1, other1, values1[g],
                parent2, start2, order2, first2, other2, values2[g],
                mean1, mean2, gain1, gain2,
            )  # fmt: skip
            if gap[g] <= bound[g]:
                break
