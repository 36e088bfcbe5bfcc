"""Lemke and Howson's paths of many small games side by side, a game per lane.

What `tableau` does to one game is done to all lanes at once, in loops over lanes that become vector
instructions. The tableau that pivots is the same in all lanes; where a path ends, the next game
takes its lane, and drops the first label whose path starts in the tableau that is next. Games whose
ratios tie, whose path is long or which fail their certificate are left to `solve_lemke_howson`.
"""

from __future__ import annotations

import numpy as np

from solver._jit import apart, inlined, kernel
from solver.kernels.lanes import aligned
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

#: Games side by side, always so many: loops over them are written out, as vectors. Two vectors per
#: number of a tableau; those of 10×10 games are in the first-level cache.
LANES = 16
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
    """Do what `solve_lemke_howson` does for any label.

    A game that is left to it begins anew: up to LONG pivots come on top of `most`.
    """
    m, n = A.shape[1], A.shape[2]
    high = min(high, low + rows.shape[0])
    kept_x, kept_y = np.zeros((LANES, m, padded(n))), np.zeros((LANES, n, padded(m)))
    space, longest = np.empty((3, padded(max(m, n)))), max(m, n)
    t = aligned(2 * (longest + 1) * longest, LANES).reshape(2, longest + 1, longest, LANES)
    t[:] = 0.0
    basic = np.zeros((2, longest, LANES), np.int64)
    column = np.zeros((2, m + n, LANES), np.int64)
    state = np.full((5, LANES), FREE)
    near = aligned(longest + 4, LANES)
    near[:] = 0.0
    following, p = low, 0
    while True:
        busy = 0
        for lane in range(LANES):
            while state[GAME, lane] == FREE and following < high:
                g = following
                following += 1
                row, on_x, on_y = rows[g - low], kept_x[lane], kept_y[lane]
                count[g] = pivots[g] = 0
                if pure(A, B, g, space, row):
                    count[g], status[g] = 1, SOLVED
                elif not lifted(A, B, g, on_x, on_y, space):
                    status[g] = INVALID_INPUT
                else:
                    load(on_x, on_y, t, basic, column, lane)
                    state[GAME, lane], state[LENGTH, lane] = g, 0
                    state[LABEL, lane] = state[ENTERING, lane] = 0 if p == 0 else m
            busy += state[GAME, lane] != FREE
        if busy == 0:
            break
        rows_of, cols_of = (n, m) if p == 0 else (m, n)
        pivot_lanes(t[p], basic[p], column[p], state, near, rows_of, cols_of)
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


@kernel
def pivot_lanes(  # type: ignore[no-untyped-def]
    t, basic, column, state, near, rows: int, cols: int
) -> None:
    """Have the entering variable of each lane enter its tableau; what leaves it enters next.

    Writes LEFT as the length where more than one row, or none, is first to reach zero.
    """
    busy, entering, length, at = state[GAME], state[ENTERING], state[LENGTH], state[ROW]
    space = near.shape[0] - 4
    for g in range(LANES):
        at[g] = column[entering[g], g] if busy[g] != FREE else 0
    bring(t, at, rows, near)
    least, shortest, ties = near[space + 1], near[space + 2], near[space + 3]
    margins(near, rows, near[space], least)
    first_rows(near, t[cols], rows, least, shortest, at)
    count_ties(near, t[cols], rows, least, shortest, ties)
    unit = near[space]
    for g in range(len(at)):
        unit[g] = 0.0
        if busy[g] != FREE:
            single = ties[g] == 1.0
            unit[g] = 1.0 / near[at[g], g] if single else 0.0
            length[g] = length[g] + 1 if single else LEFT
    exchange(t, near, rows, cols, at, unit, near[space + 1])
    for g in range(len(at)):
        if unit[g] != 0.0:
            name, r = entering[g], at[g]
            c, leaving = column[name, g], basic[r, g]
            for k in range(rows):
                t[c, k, g] = -unit[g] * near[k, g]
            t[c, r, g] = unit[g]
            basic[r, g], column[leaving, g] = name, c
            entering[g] = leaving


@apart
def bring(t, at, rows: int, near) -> None:  # type: ignore[no-untyped-def]
    """Copy the column that enters of each lane."""
    for r in range(rows):
        for g in range(LANES):
            near[r, g] = t[at[g], r, g]


@apart
def margins(near, rows: int, top, least) -> None:  # type: ignore[no-untyped-def]
    """Write how fast a variable must fall, at least, in each lane."""
    for g in range(LANES):
        top[g] = 1.0
    for r in range(rows):
        falls = near[r]
        for g in range(LANES):
            top[g] = max(top[g], abs(falls[g]))
    for g in range(LANES):
        least[g] = TIE * top[g]


@apart
def first_rows(near, left, rows: int, least, shortest, at) -> None:  # type: ignore[no-untyped-def]
    """Write the row that is first to reach zero in each lane, and how far that is."""
    for g in range(LANES):
        shortest[g], at[g] = np.inf, 0
    for r in range(rows):
        falls, value = near[r], left[r]
        for g in range(LANES):
            ratio = (value[g] if value[g] > 0.0 else 0.0) / falls[g]
            first = (falls[g] > least[g]) & (ratio < shortest[g])
            shortest[g] = ratio if first else shortest[g]
            at[g] = r if first else at[g]


@apart
def count_ties(near, left, rows: int, least, shortest, ties) -> None:  # type: ignore[no-untyped-def]
    """Write how many rows reach zero there: none where no variable falls."""
    for g in range(LANES):
        ties[g] = 0.0
    for r in range(rows):
        falls, value = near[r], left[r]
        for g in range(LANES):
            tied = (falls[g] > least[g]) & (value[g] - shortest[g] * falls[g] <= TIE)
            ties[g] += 1.0 if tied else 0.0


@apart
def exchange(t, near, rows: int, cols: int, at, unit, by) -> None:  # type: ignore[no-untyped-def]
    """Take the entering column out of the others; lanes with unit 0 stay as they are."""
    for c in range(cols + 1):
        one = t[c]
        for g in range(LANES):
            by[g] = one[at[g], g] * unit[g]
        for r in range(rows):
            falls, other = near[r], one[r]
            for g in range(LANES):
                other[g] -= by[g] * falls[g]
        for g in range(LANES):
            one[at[g], g] = by[g] if unit[g] != 0.0 else one[at[g], g]
