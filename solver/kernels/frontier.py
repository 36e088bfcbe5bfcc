"""Two players choose a point of a frontier made of straight lines.

Points (G, M, 2) span what is feasible, with all that is less. Everything is told in gains over a
base (G, 2), so that a common shift of payoffs costs no digit.
"""

from __future__ import annotations

import numpy as np

from solver._jit import inlined, kernel
from solver.kernels.scaling import EPS


@kernel
def efficient(points, base, low: int, high: int, line, count) -> None:  # type: ignore[no-untyped-def]
    """Write the efficient frontier above the base into line (G, M + 2, 2), left to right.

    It begins where the second player gets most and ends where the first does; count (G,) is the
    number of its points, 0 where nothing gives both at least the base.
    """
    m = points.shape[1]
    hull, x, y = np.empty((m, 2)), np.empty(m), np.empty(m)
    for g in range(low, high):
        count[g] = 0
        for k in range(m):
            x[k] = gain(points[g, k, 0], base[g, 0])
            y[k] = gain(points[g, k, 1], base[g, 1])
        order = np.argsort(x, kind="mergesort")
        size = 0
        for k in range(m):
            u, v = x[order[k]], y[order[k]]
            while size > 0 and (v >= hull[size - 1, 1] or (size > 1 and below(hull, size, u, v))):
                size -= 1
            if size == 0 or u > hull[size - 1, 0]:
                hull[size, 0], hull[size, 1] = u, v
                size += 1
        # From the right, the last point in the base's corner: what comes before it is cut off.
        first, last = 0, size - 1
        while first < size and hull[first, 0] < 0.0:
            first += 1
        while last >= 0 and hull[last, 1] < 0.0:
            last -= 1
        if first == size or last < 0:
            continue
        used = 0
        wide = max(max(abs(hull[0, 0]), abs(hull[size - 1, 0])), abs(base[g, 0]))
        high = max(max(abs(hull[0, 1]), abs(hull[size - 1, 1])), abs(base[g, 1]))
        if first > 0:
            cut = across(hull, first - 1, 0)
            if cut < 0.0:
                continue
            used = put(line, g, used, 0.0, cut, wide, high)
        for k in range(first, last + 1):
            used = put(line, g, used, hull[k, 0], hull[k, 1], wide, high)
        if last < size - 1:
            used = put(line, g, used, max(across(hull, last, 1), 0.0), 0.0, wide, high)
        count[g] = used


@inlined
def gain(payoff: float, base: float) -> float:
    """Of a payoff over the base; none where rounding of the two alone would make it."""
    more = payoff - base
    return more if abs(more) > 2.0 * EPS * max(abs(payoff), abs(base)) else 0.0


@inlined
def below(hull, size: int, u: float, v: float) -> bool:  # type: ignore[no-untyped-def]
    """Whether the last point of the hull is on or below the line to (u, v)."""
    a, b = hull[size - 2, 0], hull[size - 2, 1]
    c, d = hull[size - 1, 0], hull[size - 1, 1]
    return bool((c - a) * (v - b) - (d - b) * (u - a) >= 0.0)


@inlined
def across(hull, k: int, axis: int) -> float:  # type: ignore[no-untyped-def]
    """The other coordinate where the segment from k to k + 1 crosses zero in `axis`."""
    p, q = hull[k, axis], hull[k + 1, axis]
    u, v = hull[k, 1 - axis], hull[k + 1, 1 - axis]
    return float((u * q - v * p) / (q - p))


@inlined
def put(line, g: int, used: int, x: float, y: float, wide: float, high: float) -> int:  # type: ignore[no-untyped-def]
    """Add a point unless it is there already; return the number of points.

    Between points that only rounding tells apart the line could have any direction.
    """
    if used > 0:
        u, v = line[g, used - 1, 0], line[g, used - 1, 1]
        if abs(x - u) <= 8.0 * EPS * wide and abs(y - v) <= 8.0 * EPS * high:
            return used
    line[g, used, 0], line[g, used, 1] = x, y
    return used + 1


@kernel
def largest_product(line, count, weights, low: int, high: int, gains) -> None:  # type: ignore[no-untyped-def]
    """Write the point that maximises x^w_1 y^w_2 on the line into gains (G, 2)."""
    for g in range(low, high):
        w1, w2 = weights[g, 0], weights[g, 1]
        x, y = line[g, 0, 0], line[g, 0, 1]
        for k in range(1, count[g]):
            run = line[g, k, 0] - line[g, k - 1, 0]
            drop = line[g, k - 1, 1] - line[g, k, 1]
            if not w1 * y * run > w2 * x * drop:
                break  # moving on along this segment, and all later ones, would lose
            if w1 * line[g, k, 1] * run >= w2 * line[g, k, 0] * drop:
                x, y = line[g, k, 0], line[g, k, 1]
                continue
            # On the line x drop + y run = c both get their share of c.
            c = (x * drop + y * run) / (w1 + w2)
            x, y = w1 * c / drop, w2 * c / run
            break
        gains[g, 0], gains[g, 1] = x, y


@kernel
def farthest(line, count, start, step, low: int, high: int, gains) -> None:  # type: ignore[no-untyped-def]
    """Write the last feasible point of start + t step, for any t, into gains (G, 2).

    The step is not negative; what is feasible is below every edge, so the least t counts.
    """
    for g in range(low, high):
        a, b, da, db = start[g, 0], start[g, 1], step[g, 0], step[g, 1]
        last = count[g] - 1
        t = np.inf
        if da > 0.0:
            t = min(t, (line[g, last, 0] - a) / da)
        if db > 0.0:
            t = min(t, (line[g, 0, 1] - b) / db)
        for k in range(last):
            run = line[g, k + 1, 0] - line[g, k, 0]
            drop = line[g, k, 1] - line[g, k + 1, 1]
            t = min(
                t, ((line[g, k, 0] - a) * drop + (line[g, k, 1] - b) * run) / (da * drop + db * run)
            )
        t = t if t < np.inf else 0.0
        gains[g, 0], gains[g, 1] = a + t * da, b + t * db


@inlined
def height(line, g: int, size: int, x: float) -> float:  # type: ignore[no-untyped-def]
    """What the second player gets at most while the first gets x, or more."""
    if x <= line[g, 0, 0]:
        return float(line[g, 0, 1])
    if x >= line[g, size - 1, 0]:
        return float(line[g, size - 1, 1])
    k, last = 1, size - 1
    while k < last:  # the first point at x or beyond it
        middle = (k + last) // 2
        if line[g, middle, 0] < x:
            k = middle + 1
        else:
            last = middle
    share = (x - line[g, k - 1, 0]) / (line[g, k, 0] - line[g, k - 1, 0])
    return float(line[g, k - 1, 1] + share * (line[g, k, 1] - line[g, k - 1, 1]))


@kernel
def heights(line, count, x, low: int, high: int, y) -> None:  # type: ignore[no-untyped-def]
    """Write `height` of x (G,) into y (G,)."""
    for g in range(low, high):
        y[g] = height(line, g, count[g], x[g])


@kernel
def stationary(line, count, rates, options, low: int, high: int, offers) -> None:  # type: ignore[no-untyped-def]
    """Write the pair of stationary offers into offers (G, 2, 2): who proposes, who gets.

    The first player's x solves f(x) = max(r_2 f(max(r_1 x, o_1)), o_2), left less right side
    falling in x: by bisection down to neighbouring floats.
    """
    for g in range(low, high):
        size = count[g]
        r1, r2, o1, o2 = rates[g, 0], rates[g, 1], options[g, 0], options[g, 1]
        left, right = min(line[g, 0, 0], line[g, size - 1, 0]), line[g, size - 1, 0]
        for _ in range(1100):
            x = 0.5 * (left + right)
            if not left < x < right:
                break
            answer = height(line, g, size, max(r1 * x, o1))
            if height(line, g, size, x) > max(r2 * answer, o2):
                left = x
            else:
                right = x
        for x in (right, left):  # the right end only where the second player accepts it
            y1 = max(r1 * x, o1, line[g, 0, 0])
            y2 = height(line, g, size, y1)
            offers[g, 0, 0], offers[g, 0, 1] = x, height(line, g, size, x)
            offers[g, 1, 0], offers[g, 1, 1] = y1, y2
            if offers[g, 0, 1] >= max(r2 * y2, o2):
                break


@kernel
def spare(points, payoffs, scale, low: int, high: int, left) -> None:  # type: ignore[no-untyped-def]
    """Write into left (G,) the most that both could gain over payoffs (G, 2) at the same time.

    In units of scale (G, 2). Zero on the frontier, negative beyond it: tries the lotteries over
    every pair of points, which is where that maximum is.
    """
    m = points.shape[1]
    a, b = np.empty(m), np.empty(m)
    for g in range(low, high):
        for k in range(m):
            a[k] = (points[g, k, 0] - payoffs[g, 0]) / scale[g, 0]
            b[k] = (points[g, k, 1] - payoffs[g, 1]) / scale[g, 1]
        best = -np.inf
        for k in range(m):
            best = max(best, min(a[k], b[k]))
            for j in range(k):
                d, e = a[k] - b[k], a[j] - b[j]
                if min(d, e) < 0.0 < max(d, e):
                    best = max(best, (a[k] * e - a[j] * d) / (e - d))
        left[g] = best


@kernel
def support_above(points, base, prices, low: int, high: int, most) -> None:  # type: ignore[no-untyped-def]
    """Write into most (G,) the largest price'gain over feasible gains of at least zero to both.

    That is at a point, or where the line through two of them crosses zero for one player.
    """
    m = points.shape[1]
    x, y = np.empty(m), np.empty(m)
    for g in range(low, high):
        p, q = prices[g, 0], prices[g, 1]
        best = -np.inf
        for k in range(m):
            x[k], y[k] = gain(points[g, k, 0], base[g, 0]), gain(points[g, k, 1], base[g, 1])
            if x[k] >= 0.0 and y[k] >= 0.0:
                best = max(best, p * x[k] + q * y[k])
            for j in range(k):
                if min(x[k], x[j]) < 0.0 < max(x[k], x[j]):
                    cut = (y[k] * x[j] - y[j] * x[k]) / (x[j] - x[k])
                    best = max(best, q * cut) if cut >= 0.0 else best
                if min(y[k], y[j]) < 0.0 < max(y[k], y[j]):
                    cut = (x[k] * y[j] - x[j] * y[k]) / (y[j] - y[k])
                    best = max(best, p * cut) if cut >= 0.0 else best
        most[g] = best
