"""All extreme equilibria of m×n games, ties or not.

An extreme equilibrium is a pair of vertices (x, y) of the best-response polyhedra of the two
players in which every action is unplayed or a best response (Mangasarian 1964; von Stengel 2002,
§2). So the vertices of both are listed (`polytope`) and paired.

Labels are the actions: 0 to m-1 the rows, m to m+n-1 the columns. At a vertex y the columns that
are not played and the rows that are best responses are tight.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.polish import WORD
from solver.kernels.polytope import NO_ROOM, vertices
from solver.kernels.scaling import TIE, normalise

SOLVED, DEGENERATE, TRUNCATED, NOT_CONVERGED, INVALID_INPUT = 0, 2, 3, 4, 5
#: Room for vertices to begin with; it grows by itself.
ROOM = 56
#: Vertices up to which a loop with a branch is faster.
FEW = 48
#: A bound on the error of a mixture above which the game is in doubt.
DOUBTED = 1e-8


@kernel
def solve_bimatrix(  # type: ignore[no-untyped-def]
    A, B, low: int, high: int, tol: float, most: int, rows, count, status, whole
) -> tuple[int, int]:
    """Write (x, y) per equilibrium into rows (R, m+n); return rows used and the next game.

    A, B (G, m, n); at most `most` vertices per player are looked at; count, status, whole (G,) are
    written for the games done. `whole` is False where rounding may hide or displace one.
    """
    m, n = A.shape[1], A.shape[2]
    a, bt = np.empty((m, n)), np.empty((n, m))
    work, order = np.empty((max(m, n), max(m, n) + 1)), np.empty((3, max(m, n)), np.int64)
    most = max(most, max(m, n) + 1)  # a polyhedron has more vertices than columns
    room = min(most, max(ROOM, max(m, n) + 1))
    y_at, y_tight, x_at, x_tight, slack, lists = space(m, n, room)
    used = 0
    for g in range(low, high):
        start = used
        count[g], whole[g] = 0, False
        if not normalise(A, B, g, a, bt):
            status[g] = INVALID_INPUT
            continue
        while True:  # until there is room
            n_y, tied_y, blurred_y = vertices(a, 0, m, y_at, y_tight, slack, lists, work, order)
            n_x, tied_x, blurred_x = n_y, False, False
            if n_y != NO_ROOM:
                n_x, tied_x, blurred_x = vertices(
                    bt, m, 0, x_at, x_tight, slack, lists, work, order
                )
            if n_x != NO_ROOM or room == most:
                break
            room = min(most, 2 * room + 8)  # no power of two, for the sake of the cache
            y_at, y_tight, x_at, x_tight, slack, lists = space(m, n, room)
        tied = tied_x or tied_y
        if n_x == NO_ROOM:
            used, full = pure(a, bt, rows, start)
        else:
            used, full = pairs(x_tight, n_x, y_tight, n_y, m + n, rows, start)
        if full:
            return start, g
        good, sure = True, not (blurred_x or blurred_y)
        if n_x != NO_ROOM:
            for e in range(start, used):
                h, k = int(rows[e, 0]), int(rows[e, 1])
                sure = sure and max(x_at[m + 1, h], y_at[n + 1, k]) <= DOUBTED
                for i in range(m):
                    rows[e, i] = x_at[i, h]
                for j in range(n):
                    rows[e, m + j] = y_at[j, k]
                good = good and certified(a, bt, rows, e, tol)
            sort(rows, start, used)
        count[g] = used - start
        whole[g] = good and sure and n_x != NO_ROOM
        status[g] = DEGENERATE if tied else SOLVED
        if n_x == NO_ROOM or not good:
            status[g] = TRUNCATED if good else NOT_CONVERGED
    return used, high


@kernel
def space(m: int, n: int, room: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Room for the vertices of both players, as `vertices` wants it."""
    words = (m + n - 1) // WORD + 1
    return (
        np.empty((n + 2, room)),
        np.empty((words, room), np.int64),
        np.empty((m + 2, room)),
        np.empty((words, room), np.int64),
        np.empty(room),
        np.empty((4, room + 1), np.int64),
    )


@kernel
def pure(a, bt, rows, used: int) -> tuple[int, bool]:  # type: ignore[no-untyped-def]
    """Write the pure equilibria; rows used, and whether there was too little room."""
    m, n = a.shape
    for i in range(m):
        for j in range(n):
            if a[i, j] >= a[:, j].max() - TIE and bt[j, i] >= bt[:, i].max() - TIE:
                if used == rows.shape[0]:
                    return used, True
                rows[used] = 0.0
                rows[used, i] = rows[used, m + j] = 1.0
                used += 1
    return used, False


@kernel
def pairs(  # type: ignore[no-untyped-def]
    x_tight, n_x: int, y_tight, n_y: int, labels: int, rows, used: int
) -> tuple[int, bool]:
    """Write the pairs of vertices that have every label, as their two numbers.

    Where they are many, those of y without a partner are passed over by a loop without a branch,
    which is compiled to vector instructions; a table would be slower up to hundreds of vertices.
    """
    everything = every(labels, 0)
    for k in range(1, n_y):
        held = y_tight[0, k]
        found = 1
        if n_x > FEW:
            found = 0
            for h in range(1, n_x):
                found += (x_tight[0, h] | held) == everything
        if found > 0:
            for h in range(1, n_x):
                if (x_tight[0, h] | held) == everything and all_others(
                    x_tight, h, y_tight, k, labels
                ):
                    if used == rows.shape[0]:
                        return used, True
                    rows[used, 0], rows[used, 1] = h, k
                    used += 1
    return used, False


@inlined
def all_others(x_tight, h: int, y_tight, k: int, labels: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether two vertices have every label beyond the first word."""
    missing = 0
    for w in range(1, x_tight.shape[0]):
        missing |= (x_tight[w, h] | y_tight[w, k]) ^ every(labels, w)
    return missing == 0


@inlined
def every(labels: int, w: int) -> int:
    """All labels in word w of a set of `labels` of them."""
    return (1 << min(WORD, labels - w * WORD)) - 1


@inlined
def certified(a, bt, rows, e: int, tol: float) -> bool:  # type: ignore[no-untyped-def]
    """Whether neither player gains more than `tol` of the payoff range by any deviation.

    Reads only the payoffs and the row that was written, by the definition of an equilibrium.
    """
    m, n = a.shape
    best, mean = -np.inf, 0.0
    for i in range(m):
        value = 0.0
        for j in range(n):
            value += a[i, j] * rows[e, m + j]
        best = max(best, value)
        mean += value * rows[e, i]
    regret = best - mean
    best, mean = -np.inf, 0.0
    for j in range(n):
        value = 0.0
        for i in range(m):
            value += bt[j, i] * rows[e, i]
        best = max(best, value)
        mean += value * rows[e, m + j]
    return max(regret, best - mean) <= tol  # a range lies in [1, 2) after scaling


@inlined
def sort(rows, start: int, end: int) -> None:  # type: ignore[no-untyped-def]
    """Sort rows by the number of actions played, then by which: Shell's method, in place."""
    gap = 1
    while gap < (end - start) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for e in range(start + gap, end):
            k = e
            while k >= start + gap and precedes(rows, k, k - gap):
                for c in range(rows.shape[1]):
                    rows[k, c], rows[k - gap, c] = rows[k - gap, c], rows[k, c]
                k -= gap
        gap //= 3


@inlined
def precedes(rows, e: int, f: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether row e has the smaller support, or plays an earlier action, or plays it more."""
    balance = first = 0
    more = False
    for c in range(rows.shape[1]):
        plays = int(rows[e, c] > 0.0) - int(rows[f, c] > 0.0)
        balance += plays
        first = plays if first == 0 else first
    if balance != 0 or first != 0:
        return balance < 0 or (balance == 0 and first > 0)
    for c in range(rows.shape[1]):
        if rows[e, c] != rows[f, c]:
            more = rows[e, c] > rows[f, c]
            break
    return more
