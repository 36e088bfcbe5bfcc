"""What each reply of a follower is worth to a leader who commits to a mixture: linear programs.

See `solver.kernels.commitment` for the programs. All payoffs are scaled to ranges from 1 to 2:
a (m, n) those of the leader, bt (n, m) those of the follower.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.matrix_game import matrix_game
from solver.kernels.scaling import TIE
from solver.kernels.simplex import OPTIMAL, UNBOUNDED, climb, only, start

#: How far below the best value a reply is bounded, where it can be.
MARGIN = 1e-8


@inlined
def copies(bt, j: int, weak: bool, same) -> int:  # type: ignore[no-untyped-def]
    """Mark in same (n,) the replies that always pay the follower what j does; the first of them.

    Only j itself if the follower is not weak.
    """
    n, m = bt.shape
    first = j
    for k in range(n):
        same[k] = weak or k == j
        for i in range(m):
            same[k] = same[k] & (abs(bt[k, i] - bt[j, i]) <= TIE)
        first = min(first, k) if same[k] else first
    return first


@inlined
def bound_without(a, j: int, same) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    """What the leader could get at most whatever the follower wants, and the copy that says so."""
    m, n = a.shape
    least, by = np.inf, j
    for k in range(n):
        if same[k]:
            top = a[0, k]
            for i in range(1, m):
                top = max(top, a[i, k])
            if top < least:
                least, by = top, k
    return least, by


@kernel
def ever_alone(bt, j: int, same, weight, spare, numbers, lines) -> bool:  # type: ignore[no-untyped-def]
    """Whether some mixture makes j, and its copies, the only best replies.

    It is the sign of the value of the game x·(b_j - b_k) over k that are no copies. If not, weight
    (n,) gets a mixture of those that is never worse to the follower than j.
    """
    n, m = bt.shape
    others = 0
    for k in range(n):
        others += not same[k]
    if others == 0:
        return True
    for i in range(m):
        gain = np.inf
        for k in range(n):
            gain = min(gain, bt[j, i] - bt[k, i]) if not same[k] else gain
        if gain > TIE:
            return True
    M = spare[0].reshape(m * n)[: m * others].reshape(m, others)
    T = spare[1][: (m + 1) * (others + 1)].reshape(m + 1, others + 1)
    at = 0
    for k in range(n):
        if not same[k]:
            for i in range(m):
                M[i, at] = 3.0 + (bt[j, i] - bt[k, i])  # from 1 to 5
            at += 1
    row = spare[2][: m + others]
    matrix_game(
        M, T, numbers[0], numbers[1, :m], numbers[2, :others],
        lines[0, : others + 1], lines[1, : others + 1], lines[2, :m], row,
    )  # fmt: skip
    guaranteed = np.inf
    for k in range(others):
        column = 0.0
        for i in range(m):
            column += row[i] * (M[i, k] - 3.0)
        guaranteed = min(guaranteed, column)
    if guaranteed > TIE:
        return True
    at = 0
    for k in range(n):
        if not same[k]:
            weight[k] = row[m + at]
            at += 1
    return False


@kernel
def improve(  # type: ignore[no-untyped-def]
    a, bt, j: int, same, value: float, reply: int, alone: bool, x, weight, memory, numbers, lines
) -> tuple[float, int, bool]:
    """Find the best mixture with reply j, if it is worth more than `value`.

    Returns the value, the reply and whether the mixture is the only one for it, as they are after;
    writes the mixture into x (m,), and into weight (n,) what bounds the reply.
    """
    m, n = a.shape
    top = 0
    for i in range(1, m):
        top = i if a[i, j] > a[top, j] else top
    T, mixes = program(a, bt, j, same, top, memory)
    h = m if mixes else m - 1
    place, inside, outside = numbers[0], numbers[1, :h], numbers[2, :n]
    source, edge, ratios = lines[0, : n + 1], lines[1, : n + 1], lines[2, :h]
    start(T, place, inside, outside, edge)
    end, column = climb(T, place, inside, outside, source, edge, ratios, MARGIN - value)
    ray = 0.0
    if end == UNBOUNDED:
        ray = max((value - MARGIN + T[h, n]) / T[h, column], 0.0)
    # Columns but the last are the replies other than j, in order.
    for i in range(h):
        if inside[i] < n - 1:
            size = T[i, n] - ray * T[i, column] if end == UNBOUNDED else T[i, n]
            weight[inside[i] + (inside[i] >= j)] = max(size, 0.0)
    if end == UNBOUNDED and outside[column] < n - 1:
        weight[outside[column] + (outside[column] >= j)] = ray
    if end != OPTIMAL:
        return value, reply, alone
    _, sole = only(T, n)
    if -T[h, n] <= value + TIE:
        return value, reply, sole if j == reply and -T[h, n] >= value - TIE else alone
    x[:] = 0.0
    total = 0.0
    for c in range(n):
        label = outside[c]
        if label >= n - 1 and label < n + m - 1:
            # The column before the slacks is that of row `top`, the slacks are the other rows.
            i = label - n
            i = top if i < 0 else (i + 1 if i >= top else i)
            x[i] = max(T[h, c], 0.0)
            total += x[i]
    for i in range(m):
        x[i] /= total
    return -T[h, n], j, sole


@inlined
def program(a, bt, j: int, same, top: int, memory):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """The tableau for reply j, from the row `top` that pays the leader most; whether it mixes.

    t = a_top,j + sum_k w_k d_top,k + s_top is put into the other rows, where d_ik is b_ij - b_ik,
    or a_ik - a_ij for copies; the weights of copies add up to one at most.
    """
    m, n = a.shape
    mixes = False
    for k in range(n):
        mixes = mixes or (same[k] and k != j)
    h = m if mixes else m - 1
    T = memory[: (h + 1) * (n + 1)].reshape(h + 1, n + 1)
    for k in range(n):
        if k == j:
            continue
        c = k - (k > j)
        first = a[top, k] - a[top, j] if same[k] else bt[j, top] - bt[k, top]
        at = 0
        for i in range(m):
            if i != top:
                entry = a[i, k] - a[i, j] if same[k] else bt[j, i] - bt[k, i]
                T[at, c] = entry - first
                at += 1
        if mixes:
            T[at, c] = 1.0 if same[k] else 0.0
        T[h, c] = first
    at = 0
    for i in range(m):
        if i != top:
            T[at, n - 1], T[at, n] = -1.0, a[top, j] - a[i, j]
            at += 1
    if mixes:
        T[at, n - 1], T[at, n] = 0.0, 1.0
    T[h, n - 1], T[h, n] = 1.0, -a[top, j]
    return T, mixes
