"""Value and optimal strategies of one matrix game: the rows maximise, the columns minimise.

With payoffs M > 0, the program max sum(q) over q >= 0 with M q <= 1 has the value 1/v; y = v q is
optimal for the columns and the dual prices p of its constraints give x = v p (Dantzig 1951). Saddle
points are tested first, and 2×2 games have a closed form.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.scaling import TIE, power_scale
from solver.kernels.simplex import OPTIMAL, climb, exchange, only, start

SOLVED, INVALID_INPUT = 0, 5
#: A gap in the scaled game above which the tableau is computed anew from its basis.
ROUGH = 1e-12
#: How often that is done.
REPAIRS = 3


@kernel
def one_game(  # type: ignore[no-untyped-def]
    P, g: int, M, T, numbers, lines, row, status, unique
) -> None:
    """Solve game g. M (m, n), T (m+1, w), numbers (3, m+n), lines (4, max(m, w)) are space."""
    m, n = M.shape
    row[:] = 0.0
    unique[g] = False
    most = lines[0, :n]
    if not positive(P, g, M, most, lines[1, :n], lines[2, :n]):
        status[g] = INVALID_INPUT
        return
    status[g] = SOLVED
    i, j = saddle_point(M, most)
    if i >= 0:
        row[i] = row[m + j] = 1.0
        unique[g] = strict(M, i, j)
    elif m == 2 and n == 2:
        unique[g] = mixed_pair(M, row)
    else:
        place, inside, outside = numbers[0], numbers[1, :m], numbers[2, :n]
        source, weight, ratios = lines[1, : T.shape[1]], lines[2, : T.shape[1]], lines[3, :m]
        unique[g] = matrix_game(M, T, place, inside, outside, source, weight, ratios, row)


@inlined
def positive(P, g: int, M, most, least, total) -> bool:  # type: ignore[no-untyped-def]
    """Write game g into M, from 1 to less than 3; False if it is not finite.

    Leaves what each column concedes in most (n,). Sums and extremes are kept by column, so that
    LLVM may use vector instructions.
    """
    m, n = M.shape
    for j in range(n):
        most[j] = least[j] = P[g, 0, j]
        total[j] = 0.0
    for i in range(m):
        for j in range(n):
            u = P[g, i, j]
            total[j] += u - u
            least[j] = u if u < least[j] else least[j]
            most[j] = u if u > most[j] else most[j]
    base, top, nothing = least[0], most[0], total[0]
    for j in range(1, n):
        base, top = min(base, least[j]), max(top, most[j])
        nothing += total[j]
    spread = top - base
    if not (nothing == 0.0 and spread < np.inf):
        return False
    lift, unit = power_scale(spread)
    for i in range(m):
        for j in range(n):
            M[i, j] = 1.0 + (P[g, i, j] - base) * lift * unit
    for j in range(n):
        most[j] = 1.0 + (most[j] - base) * lift * unit
    return True


@inlined
def saddle_point(M, most) -> tuple[int, int]:  # type: ignore[no-untyped-def]
    """Row and column of a pure saddle point, -1 for the row if there is none.

    The column is the one that concedes least; no other can be part of one, but for ties.
    """
    m, n = M.shape
    column = 0
    for j in range(1, n):
        column = j if most[j] < most[column] else column
    for i in range(m):
        if M[i, column] == most[column]:
            j = 0
            while j < n and M[i, j] >= most[column]:
                j += 1
            if j == n:
                return i, column
    return -1, column


@kernel
def strict(M, row: int, column: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether a saddle point is the only one, mixtures included."""
    clear = True
    for i in range(M.shape[0]):
        clear = clear & ((i == row) | (M[i, column] < M[row, column] - TIE))
    for j in range(M.shape[1]):
        clear = clear & ((j == column) | (M[row, j] > M[row, column] + TIE))
    return bool(clear)


@inlined
def mixed_pair(M, row) -> bool:  # type: ignore[no-untyped-def]
    """Write the mixtures of a 2×2 game without a saddle point, which are the only ones."""
    d0, d1 = M[0, 0] - M[1, 0], M[0, 1] - M[1, 1]
    e0, e1 = M[0, 0] - M[0, 1], M[1, 0] - M[1, 1]
    row[0], row[1] = e1 / (e1 - e0), e0 / (e0 - e1)
    row[2], row[3] = d1 / (d1 - d0), d0 / (d0 - d1)
    return bool(min(min(abs(d0), abs(d1)), min(abs(e0), abs(e1))) > TIE)


@kernel
def matrix_game(  # type: ignore[no-untyped-def]
    M, T, place, inside, outside, source, weight, ratios, row
) -> bool:
    """Solve M >= 1 by the simplex method into row (m+n,); whether the answer is unique."""
    fill(M, T)
    start(T, place, inside, outside, weight)
    for attempt in range(REPAIRS + 1):
        end, _ = climb(T, place, inside, outside, source, weight, ratios, np.inf)
        read_off(T, inside, outside, row)
        if end == OPTIMAL and (attempt == REPAIRS or scaled_gap(M, row, source) <= ROUGH):
            break
        if attempt < REPAIRS:
            again(M, T, place, inside, outside, source, weight)
    alone_y, alone_x = only(T, M.shape[1])
    return bool(end == OPTIMAL and alone_x and alone_y)


@inlined
def fill(M, T) -> None:  # type: ignore[no-untyped-def]
    """Write the tableau of max sum(q), M q <= 1."""
    m, n = M.shape
    for i in range(m):
        for j in range(n):
            T[i, j] = M[i, j]
        T[i, n] = 1.0
    T[m, :n] = -1.0
    T[m, n] = 0.0
    T[:, n + 1 :] = 0.0


@inlined
def read_off(T, inside, outside, row) -> None:  # type: ignore[no-untyped-def]
    """Write the strategies of both players that a tableau stands for."""
    m, n = len(inside), len(outside)
    row[:] = 0.0
    total_x = total_y = 0.0
    for i in range(m):
        if inside[i] < n:
            row[m + inside[i]] = max(T[i, n], 0.0)
            total_y += row[m + inside[i]]
    for j in range(n):
        if outside[j] >= n:
            row[outside[j] - n] = max(T[m, j], 0.0)
            total_x += row[outside[j] - n]
    for k in range(m + n):
        row[k] /= total_x if k < m else total_y


@inlined
def scaled_gap(M, row, columns) -> float:  # type: ignore[no-untyped-def]
    """How much more y concedes than x guarantees; columns (n,) is space."""
    m, n = M.shape
    y = row[m:]
    columns[:n] = 0.0
    ceiling = -np.inf
    for i in range(m):
        x = row[i]
        if x > 0.0:
            for j in range(n):
                columns[j] += x * M[i, j]
        ceiling = max(ceiling, dot(M[i], y))
    floor = np.inf
    for j in range(n):
        floor = min(floor, columns[j])
    return ceiling - floor


@inlined
def dot(u, y) -> float:  # type: ignore[no-untyped-def]
    """The sum of products, of every fourth at a time: four sums do not wait for each other."""
    n = len(y)
    s0 = s1 = s2 = s3 = 0.0
    whole = n - n % 4
    for j in range(0, whole, 4):
        s0 += u[j] * y[j]
        s1 += u[j + 1] * y[j + 1]
        s2 += u[j + 2] * y[j + 2]
        s3 += u[j + 3] * y[j + 3]
    for j in range(whole, n):
        s0 += u[j] * y[j]
    return (s0 + s1) + (s2 + s3)


@kernel
def again(  # type: ignore[no-untyped-def]
    M, T, place, inside, outside, source, weight
) -> None:
    """Compute the tableau of a basis anew: its columns come in by the largest pivots first."""
    m, n = M.shape
    enters, leaves = np.zeros(n, np.bool_), np.zeros(m, np.bool_)
    for i in range(m):
        if inside[i] < n:
            enters[inside[i]] = True
    for j in range(n):
        if outside[j] >= n:
            leaves[outside[j] - n] = True
    fill(M, T)
    start(T, place, inside, outside, weight)
    while True:
        row = column = -1
        largest = 0.0
        for i in range(m):
            for j in range(n):
                if leaves[i] and enters[j] and abs(T[i, j]) > largest:
                    row, column, largest = i, j, abs(T[i, j])
        if row < 0:
            return
        exchange(T, place, inside, outside, source, weight, row, column)
        leaves[row] = enters[column] = False
