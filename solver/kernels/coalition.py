"""Tables of coalitions: sums over the members of each, values of players, and τ.

A table has 2**n entries; entry S belongs to the players whose bits are set in S. What is summed
over all coalitions with a player is found by folding: the upper half of the table holds the
coalitions with the last player; adding it to the lower half leaves a table for the other players.
So n sums over 2**(n - 1) coalitions each cost 2**(n + 1) additions in all.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel

SOLVED, NONE_EXIST, INVALID_INPUT = 0, 1, 5


@kernel
def additive(x, n: int, table) -> None:  # type: ignore[no-untyped-def]
    """Write into table (2**n,) the sum of x (n,) over the members of each coalition."""
    table[0] = 0
    for i in range(n):
        half = 1 << i
        own = x[i]
        for s in range(half):
            table[half + s] = table[s] + own


@kernel
def zero_normalised(v, n: int, singles, z) -> None:  # type: ignore[no-untyped-def]
    """Write into z (2**n,) the worths v less what the members are worth alone; those too (n,).

    Values of players move along with what they are worth alone, so nothing is lost, and synergies
    keep their digits where stand-alone worths are large.
    """
    for i in range(n):
        singles[i] = v[1 << i]
    additive(singles, n, z)
    for s in range(1 << n):
        z[s] = v[s] - z[s]
    for i in range(n):
        z[1 << i] = 0


@kernel
def linear_values(V, low: int, high: int, factor, n: int, table, singles, values) -> None:  # type: ignore[no-untyped-def]
    """Values that weigh marginal contributions by the size of the coalition that is joined.

    V (G, 2**n); factor (n,) are the weights, of sum one over all coalitions without the player;
    table (2**n,) and singles (n,) are for work. Writes values (G, n).
    """
    size = 1 << n
    for g in range(low, high):
        zero_normalised(V[g], n, singles, table)
        # A worth v(S) counts factor[s - 1] for members and -factor[s] for the others: the
        # difference between them is what is folded, the rest is the same for all.
        without = 0.0
        for s in range(size):
            members = ones(s)
            joined = factor[members - 1] if members > 0 else 0.0
            left = factor[members] if members < n else 0.0
            without += left * table[s]
            table[s] *= joined + left
        for i in range(n - 1, -1, -1):
            half = 1 << i
            share = 0.0
            for s in range(half):
                share += table[half + s]
                table[s] += table[half + s]
            values[g, i] = singles[i] + (share - without)


@kernel
def by_definition(V, low: int, high: int, factor, n: int, values, gap) -> None:  # type: ignore[no-untyped-def]
    """Write by how much values (G, n) miss the weighted sums of marginal contributions.

    gap (G, n) is relative to the largest worth; infinite where a worth is not finite.
    """
    for g in range(low, high):
        largest = 0.0
        nothing = 0.0
        for s in range(1 << n):
            largest = max(largest, abs(V[g, s]))
            nothing += V[g, s] - V[g, s]
        for i in range(n):
            bit = 1 << i
            total = 0.0
            for s in range(1 << n):
                if s & bit == 0:
                    total += factor[ones(s)] * (V[g, s | bit] - V[g, s])
            gap[g, i] = abs(total - values[g, i]) / (largest if largest > 0.0 else 1.0)
            if nothing != 0.0:
                gap[g, i] = np.inf


@kernel
def tau_values(V, low: int, high: int, n: int, tie: float, work, most, values, status) -> None:  # type: ignore[no-untyped-def]
    """The τ-value: between what a player can claim at least and at most, where the sum is right.

    V (G, 2**n); work (2, 2**n) and most (3, n) are for work. Writes values (G, n), status (G,).
    """
    size = 1 << n
    table, sums = work[0], work[1]
    singles, top, least = most[0], most[1], most[2]
    for g in range(low, high):
        zero_normalised(V[g], n, singles, table)
        total = table[size - 1]
        largest = 0.0
        nothing = 0.0
        for s in range(size):
            largest = max(largest, abs(table[s]))
            nothing += V[g, s] - V[g, s]
        status[g] = SOLVED
        if nothing != 0.0:
            status[g] = INVALID_INPUT
            continue
        for i in range(n):
            top[i] = total - table[size - 1 - (1 << i)]
        additive(top, n, sums)
        for s in range(size):
            sums[s] -= table[s]  # what S lacks of what its members can claim at most
        for i in range(n - 1, -1, -1):
            half = 1 << i
            lack = sums[half]
            for s in range(half):
                lack = min(lack, sums[half + s])
                sums[s] = min(sums[s], sums[half + s])
            least[i] = top[i] - lack
        between(g, n, total, tie * largest, top, least, singles, values, status)


@kernel
def between(  # type: ignore[no-untyped-def]
    g: int, n: int, total: float, tie: float, top, least, singles, values, status
) -> None:
    """Write the point between `least` and `top` (n,) that sums to the total, if there is one."""
    low = high = 0.0
    for i in range(n):
        if least[i] > top[i] + tie:
            status[g] = NONE_EXIST
        low += least[i]
        high += top[i]
    if low > total + n * tie or high < total - n * tie:
        status[g] = NONE_EXIST
    share = (total - low) / (high - low) if high - low > n * tie else 0.0
    rest = (total - low - share * (high - low)) / n
    for i in range(n):
        values[g, i] = singles[i] + least[i] + share * (top[i] - least[i]) + rest


@inlined
def ones(word: int) -> int:
    """Count the bits of a word; the loop is compiled to one instruction."""
    found = 0
    while word != 0:
        word &= word - 1
        found += 1
    return found
