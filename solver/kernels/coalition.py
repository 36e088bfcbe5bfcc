"""Tables of coalitions: sums over the members of each, values of players, and τ.

A table has 2**n entries; entry S belongs to the players whose bits are set in S. What is summed
over all coalitions with a player is found by folding: the upper half of the table holds the
coalitions with the last player; adding it to the lower half leaves a table for the other players.
So n sums over 2**(n - 1) coalitions each cost 2**(n + 1) additions in all.
"""

from __future__ import annotations

from solver._jit import kernel
from solver.kernels.scaling import EPS

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
def tie_size(v, z, n: int, tie) -> float:  # type: ignore[no-untyped-def]
    """What counts as nothing: a share of the largest synergy, and what rounding makes of worths.

    v (2**n,) are the worths, z the same zero-normalised. NaN if a worth is not finite.
    """
    spread = largest = nothing = 0.0
    for s in range(1 << n):
        spread = max(spread, abs(z[s]))
        largest = max(largest, abs(v[s]))
        nothing += v[s] - v[s]
    return float(tie * spread + 4.0 * n * EPS * largest + nothing)


@kernel
def linear_values(  # type: ignore[no-untyped-def]
    V, low: int, high: int, without, both, n: int, table, singles, values, largest
) -> None:
    """Values that weigh marginal contributions by the size of the coalition that is joined.

    V (G, 2**n). A worth v(S) counts -without[S] for players outside S; the difference between that
    and what it counts for members is both[S], which is folded. table (2**n,) and singles (n,) are
    for work. Writes values (G, n) and the largest worth (G,), NaN if one is not finite.
    """
    size = 1 << n
    for g in range(low, high):
        largest[g] = largest_of(V[g], size)
        zero_normalised(V[g], n, singles, table)
        rest = product(table, without, size)
        for s in range(size):
            table[s] *= both[s]
        for i in range(n - 1, -1, -1):
            half = 1 << i
            values[g, i] = singles[i] + (total_of(table, half, 2 * half) - rest)
            for s in range(half):
                table[s] += table[half + s]


@kernel
def largest_of(v, size: int) -> float:  # type: ignore[no-untyped-def]
    """Find the largest of v (size,) without its signs; NaN if one is not finite."""
    a = b = odd = even = 0.0
    for s in range(0, size, 2):
        u, w = v[s], v[s + 1]
        even += u - u
        odd += w - w
        a = max(a, abs(u))
        b = max(b, abs(w))
    return float(max(a, b) + even + odd)


@kernel
def product(table, weights, size: int) -> float:  # type: ignore[no-untyped-def]
    """Sum a table with weights, two numbers at a time."""
    a = b = 0.0
    for s in range(0, size, 2):
        a += table[s] * weights[s]
        b += table[s + 1] * weights[s + 1]
    return float(a + b)


@kernel
def total_of(table, low: int, high: int) -> float:  # type: ignore[no-untyped-def]
    """Sum a part of a table, four numbers at a time."""
    a = b = c = d = 0.0
    whole = low + (high - low) // 4 * 4
    for s in range(low, whole, 4):
        a += table[s]
        b += table[s + 1]
        c += table[s + 2]
        d += table[s + 3]
    for s in range(whole, high):
        a += table[s]
    return (a + b) + (c + d)


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
        near = tie_size(V[g], table, n, tie)
        status[g] = SOLVED
        if near != near:  # noqa: PLR0124  NaN
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
        between(g, n, total, near, top, least, singles, values, status)


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
