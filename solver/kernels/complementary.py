"""One complementary pivot, on the inverse of the small system that determines a mixture.

A player's mixture z and the slack s of the other's best responses satisfy C'z + s = 1, z, s >= 0,
where row c of C (cols, rows) holds the payoffs, all positive, against action c. At a basis the
mixture plays k of the columns and k of the rows are tight, and a k by k system S of payoffs
determines it. So a pivot takes O(k (rows + k)) steps with the inverse of S at hand, where one on
the whole tableau takes rows × cols: random games have equilibria and paths with few actions, and
the columns that are read stay in the cache.

Variables: c >= 0 is the weight of column c, ~i < 0 the slack of row i.

Ties are broken as if the right-hand side were 1 + (e, e², ...) with e small: the lexicographic
rule, under which no basis comes twice (Charnes 1952). It is applied to numbers rounded to TIE.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.inverse import grow, invert, remove, replace_column, replace_row
from solver.kernels.scaling import TIE

#: Returned where no variable leaves: rounding has made the basis worthless.
LOST = 1 << 40
#: Rows of `place` and of `vec`.
TIGHT, PLAYED, ROW_AT, COL_AT, SIZE = 0, 1, 2, 3, 4
WEIGHT, FALL, ENTRY, SLACK, DROP = 0, 1, 2, 3, 4
#: Error of a tight slack at which the inverse is computed again.
DRIFT = 1e-11
#: The same from which on a fresh inverse is of no use either.
WORTHLESS = 1e-6
#: Solutions of the small system, each for what the last one left over.
REFINEMENTS = 3
#: A weight below this is zero, and no more than that for rounding.
NOTHING = 1e-13
#: Lexicographic differences below this are rounding errors.
SAME = 1e-9


@kernel
def basis(rows: int, cols: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Room for the state of one system: inverse, place, vec."""
    longest, room = max(rows, cols, 2), min(rows, cols) + 1
    return np.empty((room, room)), np.empty((5, longest), np.int64), np.empty((5, longest))


@inlined
def clear(place) -> None:  # type: ignore[no-untyped-def]
    """Make all slacks basic: nothing is played."""
    place[SIZE, 0] = place[SIZE, 1] = 0
    for c in range(place.shape[1]):
        place[ROW_AT, c] = place[COL_AT, c] = -1


@kernel
def pivot(C, inverse, place, vec, entering: int) -> int:  # type: ignore[no-untyped-def]
    """Let a variable enter the basis; return the one that leaves, or LOST.

    inverse (·, ·) has a row per tight row and a column per column played: the transposed inverse.
    """
    if not step(C, inverse, place, vec, entering) <= DRIFT:
        # Errors have piled up: once more, from a fresh inverse.
        if not fresh(C, inverse, place):
            return LOST
        if not step(C, inverse, place, vec, entering) <= WORTHLESS:
            return LOST
    leaving = leave(C, inverse, place, vec)
    if leaving == LOST:
        return LOST
    size = place[SIZE, 0]
    if leaving >= 0:
        p = place[COL_AT, leaving]
        if entering >= 0:
            replace_column(inverse, vec[FALL], size, p)
            place[PLAYED, p], place[COL_AT, entering] = entering, p
            place[COL_AT, leaving] = -1
        else:
            forget(inverse, place, place[ROW_AT, ~entering], p)
        return leaving  # type: ignore[no-any-return]
    i = ~leaving
    row_of_inverse(C, inverse, place, i, vec[ENTRY])
    if entering >= 0:
        place[TIGHT, size], place[ROW_AT, i] = i, size
        place[PLAYED, size], place[COL_AT, entering] = entering, size
        grow(inverse, vec[FALL], vec[ENTRY], size, vec[DROP, i])
        place[SIZE, 0] = size + 1
    else:
        q = place[ROW_AT, ~entering]
        replace_row(inverse, vec[ENTRY], size, q)
        place[TIGHT, q], place[ROW_AT, i] = i, q
        place[ROW_AT, ~entering] = -1
    return leaving  # type: ignore[no-any-return]


@inlined
def step(C, inverse, place, vec, entering: int) -> float:  # type: ignore[no-untyped-def]
    """Write weights and slacks, and how fast they fall as a variable enters; the error."""
    rows, size = C.shape[1], place[SIZE, 0]
    weight, fall, entry = vec[WEIGHT], vec[FALL], vec[ENTRY]
    slack, drop = vec[SLACK], vec[DROP]
    for q in range(size):
        entry[q] = 0.0
    if entering >= 0:
        column = C[entering]
        for q in range(size):
            entry[q] = column[place[TIGHT, q]]
        for i in range(rows):
            slack[i], drop[i] = 1.0, column[i]
    else:
        entry[place[ROW_AT, ~entering]] = 1.0
        for i in range(rows):
            slack[i], drop[i] = 1.0, 0.0
    for p in range(size):
        weight[p] = fall[p] = 0.0
    for q in range(size):
        by, row = entry[q], inverse[q]
        for p in range(size):
            weight[p] += row[p]
            fall[p] += by * row[p]
    for p in range(size):
        w, f, column = weight[p], fall[p], C[place[PLAYED, p]]
        for i in range(rows):
            slack[i] -= w * column[i]
            drop[i] -= f * column[i]
    error = 0.0
    for q in range(size):
        i = place[TIGHT, q]
        error = max(error, abs(slack[i]))
        drop[i] = 0.0  # it is nonbasic, or enters
    return error


@inlined
def leave(C, inverse, place, vec) -> int:  # type: ignore[no-untyped-def]
    """The variable that is first to reach zero, up to ties."""
    rows, size = C.shape[1], place[SIZE, 0]
    weight, fall, slack, drop = vec[WEIGHT], vec[FALL], vec[SLACK], vec[DROP]
    total = 1.0
    for p in range(size):
        total += abs(fall[p])
    least = TIE * total
    # The least of value / speed, without a division for each.
    value, speed, leaving = 1.0, 0.0, LOST
    for p in range(size):
        if fall[p] > least and max(weight[p], 0.0) * speed < value * fall[p]:
            value, speed, leaving = max(weight[p], 0.0), fall[p], place[PLAYED, p]
    for i in range(rows):
        if drop[i] > least and max(slack[i], 0.0) * speed < value * drop[i]:
            value, speed, leaving = max(slack[i], 0.0), drop[i], ~i
    if leaving == LOST:
        return LOST
    length = value / speed
    ties = 0
    for p in range(size):
        ties += (fall[p] > least) & (weight[p] - length * fall[p] <= TIE)
    for i in range(rows):
        ties += (drop[i] > least) & (slack[i] - length * drop[i] <= TIE)
    if ties > 1:
        return lexicographic(C, inverse, place, vec, length, least)  # type: ignore[no-any-return]
    return leaving


@kernel
def lexicographic(C, inverse, place, vec, length: float, least: float) -> int:  # type: ignore[no-untyped-def]
    """Among variables that reach zero together, the one whose row of the inverse basis is least.

    That row, divided by its speed, is compared entry by entry: those of tight rows, from the
    first row on, and one for its own slack.
    """
    rows, size = C.shape[1], place[SIZE, 0]
    weight, fall, slack, drop = vec[WEIGHT], vec[FALL], vec[SLACK], vec[DROP]
    one, other = np.empty(rows), np.empty(rows)
    best = LOST
    for k in range(size + rows):
        variable = place[PLAYED, k] if k < size else ~(k - size)
        speed = fall[k] if k < size else drop[k - size]
        value = weight[k] if k < size else slack[k - size]
        if speed > least and value - length * speed <= TIE:
            perturbed(C, inverse, place, variable, speed, other)
            smaller = best == LOST
            if not smaller:
                for i in range(rows):
                    if abs(other[i] - one[i]) > SAME * (1.0 + abs(one[i])):
                        smaller = other[i] < one[i]
                        break
            if smaller:
                best = variable
                one, other = other, one
    return best


@kernel
def perturbed(C, inverse, place, variable: int, speed: float, out) -> None:  # type: ignore[no-untyped-def]
    """Write how a basic variable depends on the perturbation of each row, over its speed."""
    size = place[SIZE, 0]
    out[:] = 0.0
    if variable >= 0:
        p = place[COL_AT, variable]
        for q in range(size):
            out[place[TIGHT, q]] = inverse[q, p] / speed
        return
    out[~variable] = 1.0 / speed
    for q in range(size):
        total = 0.0
        for p in range(size):
            total += C[place[PLAYED, p], ~variable] * inverse[q, p]
        out[place[TIGHT, q]] = -total / speed


@inlined
def row_of_inverse(C, inverse, place, i: int, out) -> None:  # type: ignore[no-untyped-def]
    """Write row i of the payoffs played times the inverse: four sums at a time, for speed."""
    size, played = place[SIZE, 0], place[PLAYED]
    whole = size - size % 4
    for q in range(0, whole, 4):
        s0 = s1 = s2 = s3 = 0.0
        for p in range(size):
            u = C[played[p], i]
            s0 += u * inverse[q, p]
            s1 += u * inverse[q + 1, p]
            s2 += u * inverse[q + 2, p]
            s3 += u * inverse[q + 3, p]
        out[q], out[q + 1], out[q + 2], out[q + 3] = s0, s1, s2, s3
    for q in range(whole, size):
        total = 0.0
        for p in range(size):
            total += C[played[p], i] * inverse[q, p]
        out[q] = total


@inlined
def forget(inverse, place, q: int, p: int) -> None:  # type: ignore[no-untyped-def]
    """Take tight row q and played column p out of the system; the last ones take their places."""
    last = place[SIZE, 0] - 1
    remove(inverse, last + 1, q, p)
    place[ROW_AT, place[TIGHT, q]] = place[COL_AT, place[PLAYED, p]] = -1
    if q < last:
        i = place[TIGHT, last]
        place[TIGHT, q], place[ROW_AT, i] = i, q
    if p < last:
        j = place[PLAYED, last]
        place[PLAYED, p], place[COL_AT, j] = j, p
    place[SIZE, 0] = last


@kernel
def fresh(C, inverse, place) -> bool:  # type: ignore[no-untyped-def]
    """Compute the inverse from the payoffs; False if the system is singular."""
    size = place[SIZE, 0]
    system = np.empty((size, size))
    for p in range(size):
        for q in range(size):
            system[p, q] = C[place[PLAYED, p], place[TIGHT, q]]
    return invert(system, inverse)  # type: ignore[no-any-return]


@kernel
def mixture(C, inverse, place, vec, out) -> None:  # type: ignore[no-untyped-def]
    """Write the mixture at the basis, refined, with probabilities that sum to one."""
    size = place[SIZE, 0]
    weight, entry, played = vec[WEIGHT], vec[ENTRY], place[PLAYED]
    for p in range(size):
        weight[p] = 0.0
    for _ in range(REFINEMENTS):
        for q in range(size):
            entry[q] = 1.0
        for p in range(size):
            w, column = weight[p], C[played[p]]
            for q in range(size):
                entry[q] -= w * column[place[TIGHT, q]]
        for q in range(size):
            by, row = entry[q], inverse[q]
            for p in range(size):
                weight[p] += by * row[p]
    total = 0.0
    for p in range(size):
        weight[p] = weight[p] if weight[p] > NOTHING else 0.0
        total += weight[p]
    for c in range(C.shape[0]):
        out[c] = 0.0
    for p in range(size):
        out[played[p]] = weight[p] / total
