"""Lemke and Howson's paths of many small games side by side, a game per lane.

What `tableau` does to one game is done to all lanes at once, in loops over lanes that become vector
instructions. The tableau that pivots is the same in all lanes; where a path ends, the next game
takes its lane, and drops the first label whose path starts in the tableau that is next. Games whose
ratios tie, whose path is long or which fail their certificate are left to `solve_lemke_howson`.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.lemke_howson import (
    ANY,
    EXACT,
    INVALID_INPUT,
    SOLVED,
    solve_lemke_howson,
)
from solver.kernels.lifted import lifted, pure, regret
from solver.kernels.scaling import TIE
from solver.kernels.tableau import padded

#: Games side by side: as many as LLVM takes at a time.
LANES = 32
#: Most actions of either player for which lanes are faster.
NARROW = 16
#: Pivots after which a game is left to the other kernel.
LONG = 100
#: Marks a game that is left to it.
LEFT = -1
#: What a lane holds: no game.
FREE = -1
#: Rows of `state`.
GAME, ENTERING, LABEL, LENGTH, ROW = 0, 1, 2, 3, 4


@kernel
def solve_side_by_side(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, rows, count, status, pivots
) -> tuple[int, int]:
    """Do what `solve_lemke_howson` does for any label."""
    m, n = A.shape[1], A.shape[2]
    high = min(high, low + rows.shape[0])
    kept_x, kept_y = np.zeros((LANES, m, padded(n))), np.zeros((LANES, n, padded(m)))
    space, longest = np.empty((3, padded(max(m, n)))), max(m, n)
    t = np.zeros((2, longest + 1, longest, LANES))
    basic = np.zeros((2, longest, LANES), np.int64)
    column = np.zeros((2, m + n, LANES), np.int64)
    state = np.full((5, LANES), FREE)
    near = np.zeros((longest + 4, LANES))
    following, p = low, 0
    while True:
        busy = 0
        for lane in range(LANES):
            while state[GAME, lane] == FREE and following < high:
                g = following
                following += 1
                row, on_x, on_y = rows[g - low], kept_x[lane], kept_y[lane]
                count[g] = pivots[g] = 0
                if not lifted(A, B, g, on_x, on_y, space):
                    status[g] = INVALID_INPUT
                elif pure(on_x, on_y, space[0], row):
                    count[g], status[g] = 1, SOLVED
                else:
                    load(on_x, on_y, t, basic, column, lane)
                    state[GAME, lane], state[LENGTH, lane] = g, 0
                    state[LABEL, lane] = state[ENTERING, lane] = 0 if p == 0 else m
            busy += state[GAME, lane] != FREE
        if busy == 0:
            break
        pivot_lanes(t, basic, column, state, near, p, m if p == 1 else n, n if p == 1 else m)
        for lane in range(LANES):
            g, length = state[GAME, lane], state[LENGTH, lane]
            if g == FREE or (
                length != LEFT
                and length < min(most, LONG)
                and state[ENTERING, lane] != state[LABEL, lane]
            ):
                continue
            row = rows[g - low]
            good = length != LEFT and state[ENTERING, lane] == state[LABEL, lane]
            if good:
                unload(t[0, m], basic[0], lane, n, 0, m, row)
                unload(t[1, n], basic[1], lane, m, m, n, row)
                good = regret(kept_x[lane], kept_y[lane], row, space[0]) <= min(tol, EXACT)
            status[g] = SOLVED if good else LEFT
            count[g], pivots[g] = int(good), length
            state[GAME, lane] = FREE
        p = 1 - p
    return leftovers(A, B, low, high, tol, most, rows, count, status, pivots), high


@kernel
def leftovers(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, rows, count, status, pivots
) -> int:
    """Solve the games that are left, and close the gaps in rows; return how many are used."""
    used = 0
    for g in range(low, high):
        k = g - low
        if status[g] == LEFT:
            solve_lemke_howson(
                A, B, g, g + 1, ANY, tol, most, rows[k : k + 1], count, status, pivots
            )
        if count[g] == 1:
            if used < k:
                for c in range(rows.shape[1]):
                    rows[used, c] = rows[k, c]
            used += 1
    return used


@inlined
def load(on_x, on_y, t, basic, column, lane: int) -> None:  # type: ignore[no-untyped-def]
    """Write both tableaux of a game, where nothing is played, into a lane."""
    m, n = on_x.shape[0], on_y.shape[0]
    for i in range(m):
        for j in range(n):
            t[0, i, j, lane] = on_x[i, j]
            t[1, j, i, lane] = on_y[j, i]
    for i in range(m):
        t[1, n, i, lane] = 1.0
        basic[1, i, lane] = column[0, i, lane] = i
    for j in range(n):
        t[0, m, j, lane] = 1.0
        basic[0, j, lane] = m + j
        column[1, m + j, lane] = j


@inlined
def unload(  # type: ignore[no-untyped-def]
    values, basic, lane: int, rows: int, own: int, actions: int, out
) -> None:
    """Write the mixture of one tableau of a lane, from the place of its first action on."""
    total = 0.0
    for c in range(own, own + actions):
        out[c] = 0.0
    for r in range(rows):
        label, weight = basic[r, lane], values[r, lane]
        if own <= label < own + actions and weight > TIE:
            out[label] = weight
            total += weight
    unit = 1.0 / total
    for c in range(own, own + actions):
        out[c] *= unit


@inlined
def pivot_lanes(  # type: ignore[no-untyped-def]
    t, basic, column, state, near, p: int, rows: int, cols: int
) -> None:
    """Have the entering variable of each lane enter tableau p; what leaves it enters next.

    Writes LEFT as the length where more than one row, or none, is first to reach zero.
    """
    lanes = t.shape[3]
    space = near.shape[0] - 4
    top, least, length, unit = near[space], near[space + 1], near[space + 2], near[space + 3]
    entering, at = state[ENTERING], state[ROW]
    for g in range(lanes):
        c = column[p, entering[g], g] if state[GAME, g] != FREE else 0
        for r in range(rows):
            near[r, g] = t[p, c, r, g]
    for g in range(lanes):
        top[g] = 1.0
    for r in range(rows):
        falls = near[r]
        for g in range(lanes):
            top[g] = max(top[g], abs(falls[g]))
    for g in range(lanes):
        least[g], length[g], at[g] = TIE * top[g], np.inf, 0
    for r in range(rows):
        falls, left = near[r], t[p, cols, r]
        for g in range(lanes):
            ratio = (left[g] if left[g] > 0.0 else 0.0) / falls[g]
            first = (falls[g] > least[g]) & (ratio < length[g])
            length[g] = ratio if first else length[g]
            at[g] = r if first else at[g]
    for g in range(lanes):
        top[g] = 0.0
    for r in range(rows):
        falls, left = near[r], t[p, cols, r]
        for g in range(lanes):
            tied = (falls[g] > least[g]) & (left[g] - length[g] * falls[g] <= TIE)
            top[g] += 1.0 if tied else 0.0
    for g in range(lanes):
        unit[g] = 0.0
        if state[GAME, g] != FREE:
            if top[g] == 1.0 and length[g] < np.inf:
                unit[g] = 1.0 / near[at[g], g]
                state[LENGTH, g] += 1
            else:
                state[LENGTH, g] = LEFT
    by = top
    for c in range(cols + 1):
        for g in range(lanes):
            by[g] = t[p, c, at[g], g] * unit[g]
        for r in range(rows):
            falls, other = near[r], t[p, c, r]
            for g in range(lanes):
                other[g] -= by[g] * falls[g]
        for g in range(lanes):
            if unit[g] != 0.0:
                t[p, c, at[g], g] = by[g]
    for g in range(lanes):
        if unit[g] != 0.0:
            name, r = entering[g], at[g]
            c, leaving = column[p, name, g], basic[p, r, g]
            for k in range(rows):
                t[p, c, k, g] = -unit[g] * near[k, g]
            t[p, c, r, g] = unit[g]
            basic[p, r, g], column[p, leaving, g] = name, c
            entering[g] = leaving
