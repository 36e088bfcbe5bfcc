"""Lemke and Howson's paths: one equilibrium of m×n games, or all that paths lead to.

The players' best-response systems (`complementary`) are C'x + s = 1 for x, with the column
player's payoffs, and the same for y with the row player's. A label is an action: k < m the row k,
whose variables are x_k and the slack of row k; k >= m the column k - m. At an equilibrium every
label has a variable that is not basic. A path drops label k: its variable enters, the label of the
one that leaves enters the other system, and so on until label k leaves (Lemke and Howson 1964).
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.complementary import (
    COL_AT,
    LOST,
    PLAYED,
    ROW_AT,
    SIZE,
    TIGHT,
    basis,
    clear,
    fresh,
    mixture,
    pivot,
)
from solver.kernels.lifted import lifted, pure, regret
from solver.kernels.tableau import CUT, SMALL, STUCK, padded, short_path, tableaux

SOLVED, TRUNCATED, NOT_CONVERGED, INVALID_INPUT = 0, 3, 4, 5
#: A label of its own: whichever is fast.
ANY = -1
#: Pivots after which the first attempts give up, of small games and of others; and by how much
#: later ones have more.
PATIENCE, IMPATIENCE, GROWTH = 32, 16, 4
#: Regret above which a mixture from the tableaux is computed again.
EXACT = 1e-14
#: Rows closer than this are the same equilibrium.
CLOSE = 1e-9


@kernel
def solve_lemke_howson(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, label: int, tol: float, most: int, rows, count, status, pivots
) -> tuple[int, int]:
    """Write (x, y) of one equilibrium per game into rows (R, m+n); rows used and the next game.

    A, B (G, m, n); `label` is the one to drop, or ANY; count, status, pivots (G,) are written for
    the games done: pivots of the path that found it, 0 for a pure equilibrium that was seen.
    """
    m, n = A.shape[1], A.shape[2]
    small = m + n <= SMALL
    wide_x, wide_y = (padded(n), padded(m)) if small else (n, m)
    on_x, on_y = np.zeros((m, wide_x)), np.zeros((n, wide_y))
    x_state, y_state = basis(n, m), basis(m, n)
    t, work, basic, column = tableaux(m, n) if small else tableaux(1, 1)
    space = np.empty((3, padded(max(m, n))))
    values = space[0]
    used = 0
    for g in range(low, high):
        if used == rows.shape[0]:
            return used, g
        count[g], pivots[g] = 0, 0
        row = rows[used]
        found = label == ANY and pure(A, B, g, space, row)
        if not found and not lifted(A, B, g, on_x, on_y, space):
            status[g] = INVALID_INPUT
            continue
        spent, cap, turn = 0, most, 0
        if label == ANY:
            cap = PATIENCE if small else IMPATIENCE
        while not found and spent < most:
            k = label if label != ANY else turn % (m + n)
            length, left = STUCK, min(cap, most - spent)
            if small:
                length = short_path(on_x, on_y, t, work, basic, column, k, left, row)
                found = length > 0 and regret(on_x, on_y, row, values) <= min(tol, EXACT)
            if not found and length != CUT:
                length = long_path(on_x, x_state, on_y, y_state, k, left, row)
                found = length > 0 and regret(on_x, on_y, row, values) <= tol
            spent += length if length > 0 else cap
            pivots[g] = length if found else 0
            if label != ANY:
                break
            turn += 1
            cap = cap * GROWTH if turn % (m + n) == 0 else cap
        status[g] = SOLVED if found else NOT_CONVERGED
        count[g] = int(found)
        used += int(found)
    return used, high


@kernel
def long_path(  # type: ignore[no-untyped-def]
    on_x, x_state, on_y, y_state, label: int, most: int, row
) -> int:
    """Do what `short_path` does, on small inverses; the states are from `basis`."""
    m, n = on_x.shape[0], on_y.shape[0]
    lean_x = on_x if on_x.shape[1] == n else on_x[:, :n].copy()
    lean_y = on_y if on_y.shape[1] == m else on_y[:, :m].copy()
    x_inverse, x_place, x_vec = x_state
    y_inverse, y_place, y_vec = y_state
    clear(x_place)
    clear(y_place)
    length = path(lean_x, x_inverse, x_place, x_vec, lean_y, y_inverse, y_place, y_vec, label, most)
    if length > 0:
        mixture(lean_x, x_inverse, x_place, x_vec, row[:m])
        mixture(lean_y, y_inverse, y_place, y_vec, row[m:])
    return length  # type: ignore[no-any-return]


@kernel
def follow_all_labels(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, rows, count, status, lengths
) -> tuple[int, int]:
    """Do what `solve_lemke_howson` does for all equilibria that paths lead to, from any label.

    Paths start where nothing is played, and then from each equilibrium found. lengths (G, m+n) has
    the pivots of the paths from the start, -1 where one did not end. With no room in rows, only
    those are written.
    """
    m, n = A.shape[1], A.shape[2]
    on_x, on_y = np.empty((m, n)), np.empty((n, m))
    x_inverse, x_place, x_vec = basis(n, m)
    y_inverse, y_place, y_vec = basis(m, n)
    known = np.empty((8, m + n), np.bool_)
    here, space = np.empty(m + n, np.bool_), np.empty((3, max(m, n)))
    values = space[0]
    lengths_only = rows.shape[0] == 0
    used = 0
    for g in range(low, high):
        start = used
        count[g] = 0
        lengths[g] = -1
        if not lifted(A, B, g, on_x, on_y, space):
            status[g] = INVALID_INPUT
            continue
        status[g] = SOLVED
        for k in range(m + n):
            known[0, k] = k < m
        ends, done, spent = 1, 0, 0
        while done < ends and not (lengths_only and done == 1):
            for k in range(m + n):
                length = STUCK
                if spent < most and restored(
                    known[done], on_x, x_inverse, x_place, on_y, y_inverse, y_place
                ):
                    length = path(
                        on_x, x_inverse, x_place, x_vec, on_y, y_inverse, y_place, y_vec,
                        k, most - spent,
                    )  # fmt: skip
                spent += length if length > 0 else 0
                if done == 0:
                    lengths[g, k] = length if length > 0 else -1
                if length <= 0:
                    status[g] = TRUNCATED
                    continue
                nonbasic(x_place, here, m)
                if lengths_only or listed(known, ends, here):
                    continue
                if ends == known.shape[0]:
                    more = np.empty((2 * ends, m + n), np.bool_)
                    more[:ends] = known
                    known = more
                known[ends] = here
                ends += 1
                if used == rows.shape[0]:
                    return start, g
                mixture(on_x, x_inverse, x_place, x_vec, rows[used, :m])
                mixture(on_y, y_inverse, y_place, y_vec, rows[used, m:])
                if regret(on_x, on_y, rows[used], values) > tol:
                    status[g] = NOT_CONVERGED
                elif not repeated(rows, start, used):
                    used += 1
            done += 1
        count[g] = used - start
    return used, high


@kernel
def path(  # type: ignore[no-untyped-def]
    on_x, x_inverse, x_place, x_vec, on_y, y_inverse, y_place, y_vec, label: int, most: int
) -> int:
    """Follow the path from an equilibrium, or from nothing played, that drops a label.

    Returns its pivots, CUT after `most` of them, or STUCK.
    """
    m = on_x.shape[0]
    code = label if label < m else ~(label - m)  # as a variable of x; it is ~code as one of y
    is_out = x_place[COL_AT, label] < 0 if label < m else x_place[ROW_AT, label - m] >= 0
    in_x, entering = is_out, code if is_out else ~code
    for length in range(1, most + 1):
        if in_x:
            leaving = pivot(on_x, x_inverse, x_place, x_vec, entering)
        else:
            leaving = pivot(on_y, y_inverse, y_place, y_vec, entering)
        if leaving == LOST:
            return STUCK
        if leaving == (code if in_x else ~code):
            return length
        in_x, entering = not in_x, ~leaving
    return CUT


@inlined
def nonbasic(x_place, here, m: int) -> None:  # type: ignore[no-untyped-def]
    """Write which labels have their variable of x not in the basis: the others that of y."""
    for k in range(len(here)):
        here[k] = x_place[COL_AT, k] < 0 if k < m else x_place[ROW_AT, k - m] >= 0


@kernel
def listed(known, ends: int, here) -> bool:  # type: ignore[no-untyped-def]
    """Whether an end of a path is among the first `ends`."""
    for e in range(ends):
        same = True
        for k in range(len(here)):
            same = same and known[e, k] == here[k]
        if same:
            return True
    return False


@kernel
def restored(  # type: ignore[no-untyped-def]
    out_of_x, on_x, x_inverse, x_place, on_y, y_inverse, y_place
) -> bool:
    """Make the bases of both systems from the labels that are not basic in that of x."""
    m, n = on_x.shape
    clear(x_place)
    clear(y_place)
    for k in range(m + n):
        if out_of_x[k] != (k < m):
            # Played, and tight for the other player.
            place, other, c = (x_place, y_place, k) if k < m else (y_place, x_place, k - m)
            p, q = place[SIZE, 0], other[SIZE, 1]
            place[PLAYED, p], place[COL_AT, c] = c, p
            other[TIGHT, q], other[ROW_AT, c] = c, q
            place[SIZE, 0], other[SIZE, 1] = p + 1, q + 1
    return fresh(on_x, x_inverse, x_place) and fresh(on_y, y_inverse, y_place)  # type: ignore[no-any-return]


@kernel
def repeated(rows, start: int, used: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether row `used` is one of those from `start` on."""
    for e in range(start, used):
        apart = 0.0
        for c in range(rows.shape[1]):
            apart = max(apart, abs(rows[e, c] - rows[used, c]))
        if apart <= CLOSE:
            return True
    return False
