"""All extreme equilibria of one m×n game, however degenerate.

A vertex of a player's best-response polytope is a mixture y on columns T, |T| = k, that makes some
k rows S indifferent and best, with a nonsingular system; it is known by its support T and by the
set of all rows that are best against it. The pairs (S, T) of equal size visit every vertex. An
extreme equilibrium is a pair of vertices (x, y) in which every action that is played is a best
response (Mangasarian 1964; von Stengel 2002, §2), so pairing the vertices misses none, ties or not.

Payoffs come normalised, `a` (m, n) for the rows and `bt` (n, m) for the columns.
"""

from __future__ import annotations

from solver._jit import kernel

TIE = 1e-12
EPS = 2.0**-52
UNSURE, NO, TIED, GOOD, LOOSE = -1, 0, 1, 2, 3


@kernel
def extreme_equilibria(  # type: ignore[no-untyped-def]
    a, bt, rsets, csets, x_at, y_at, x_keys, y_keys, work, rows, used: int
) -> tuple[int, bool, bool]:
    """Write every extreme equilibrium into rows from `used` on; rows used, full, whole.

    x_at (V, m) and y_at (V, n) hold vertices, x_keys and y_keys (V, 2) their support and best
    responses as bits; `whole` is False if there were more than V, or rounding hides one.
    """
    m, n = a.shape
    n_y, sure_y = vertices(a, m, n, rsets, csets, y_at, y_keys, work)
    n_x, sure_x = vertices(bt, n, m, csets, rsets, x_at, x_keys, work)
    whole = sure_x and sure_y
    for i in range(n_x):
        for j in range(n_y):
            if (x_keys[i, 0] & ~y_keys[j, 1]) == 0 and (y_keys[j, 0] & ~x_keys[i, 1]) == 0:
                if used >= rows.shape[0]:
                    return used, True, whole
                for k in range(m):
                    rows[used, k] = x_at[i, k]
                for k in range(n):
                    rows[used, m + k] = y_at[j, k]
                used += 1
    return used, False, whole


@kernel
def vertices(  # type: ignore[no-untyped-def]
    a, m: int, n: int, rsets, csets, at, keys, work
) -> tuple[int, bool]:
    """Collect the distinct vertices y against the rows of a (m, n); their number, and if all."""
    sure = True
    r_lists, r_first = rsets
    c_lists, c_first = csets
    count = 0
    for size in range(1, len(c_first)):
        for j in range(c_first[size - 1], c_first[size]):
            t = c_lists[j]
            played = 0
            for c in range(size):
                played |= 1 << t[c]
            for i in range(r_first[size - 1], r_first[size]):
                half, best = mixture(a, m, r_lists[i], t, size, at[count], work)
                sure = sure and half != UNSURE
                if half < GOOD:
                    continue
                known = False
                for k in range(count):
                    known = known or (keys[k, 0] == played and keys[k, 1] == best)
                if known:
                    continue
                spread_out(at[count], n, t, size)
                keys[count, 0], keys[count, 1] = played, best
                count += 1
                if count == at.shape[0]:
                    return count, False
    return count, sure


@kernel
def spread_out(y, n: int, t, size: int) -> None:  # type: ignore[no-untyped-def]
    """Move the `size` leading entries of y to their columns t, zero elsewhere."""
    for c in range(size, n):
        y[c] = 0.0
    for c in range(size - 1, -1, -1):  # t is ascending, t[c] >= c
        value = y[c]
        y[c] = 0.0
        y[t[c]] = value


@kernel
def mixture(  # type: ignore[no-untyped-def]  # noqa: PLR0911
    a, m: int, s, t, size: int, y, work
) -> tuple[int, int]:
    """Write the y on columns t that makes rows s indifferent; the half, and the best rows as bits.

    Elimination with partial pivoting on the differences of the rows, each scaled to one, and the
    sum of y as the last equation. So a pivot is small only where the system is nearly singular,
    not where two rows differ by little, and `noise` is what rounding can do to y.
    """
    for k in range(size - 1):
        largest = 0.0
        for c in range(size):
            work[k, c] = a[s[0], t[c]] - a[s[k + 1], t[c]]
            largest = max(largest, abs(work[k, c]))
        if largest == 0.0:
            return NO, 0
        for c in range(size):
            work[k, c] /= largest
        work[k, size] = 0.0
    # Columns likewise: what is solved for is z = y times the size of its column.
    columns = work[size]
    largest = 0.0
    for c in range(size):
        columns[c] = 0.0
        for k in range(size - 1):
            columns[c] = max(columns[c], abs(work[k, c]))
        if columns[c] == 0.0:
            columns[c] = 1.0
        for k in range(size - 1):
            work[k, c] /= columns[c]
        largest = max(largest, 1.0 / columns[c])
    for c in range(size):
        work[size - 1, c] = 1.0 / (columns[c] * largest)
    work[size - 1, size] = 1.0 / largest
    least_pivot = 1.0
    for c in range(size):
        pivot = c
        for k in range(c + 1, size):
            if abs(work[k, c]) > abs(work[pivot, c]):
                pivot = k
        least_pivot = min(least_pivot, abs(work[pivot, c]))
        if least_pivot <= 64.0 * EPS:
            return NO, 0
        for h in range(c, size + 1):
            work[c, h], work[pivot, h] = work[pivot, h], work[c, h]
        for k in range(c + 1, size):
            factor = work[k, c] / work[c, c]
            for h in range(c + 1, size + 1):
                work[k, h] -= factor * work[c, h]
    largest = 0.0
    for k in range(size - 1, -1, -1):
        value = work[k, size]
        for h in range(k + 1, size):
            value -= work[k, h] * y[h]
        y[k] = value / work[k, k]
        largest = max(largest, abs(y[k]))
    boundary = unsure = False
    noise = 0.0
    for c in range(size):
        own = 16.0 * EPS / least_pivot * largest / columns[c]
        noise = max(noise, own)
        y[c] /= columns[c]
        if y[c] < -TIE - own:
            return NO, 0
        boundary = boundary or y[c] <= TIE + own
        unsure = unsure or TIE < abs(y[c]) <= TIE + own
    best, chosen = 0, 0
    tie = False
    for r in range(m):
        if chosen < size and s[chosen] == r:
            chosen += 1
            best |= 1 << r
            continue
        gain, largest = 0.0, 0.0
        for c in range(size):
            difference = a[r, t[c]] - a[s[0], t[c]]
            gain += difference * y[c]
            largest = max(largest, abs(difference))
        slack = TIE + noise * largest
        if gain > slack:
            return NO, 0
        if gain >= -slack:
            tie = True
            best |= 1 << r
    if unsure:
        return UNSURE, best
    if boundary:
        return TIED, best
    return (LOOSE if tie else GOOD), best
