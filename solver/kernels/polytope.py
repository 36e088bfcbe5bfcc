"""All vertices of a best-response polyhedron, with what is tight at each: double description.

Against mixtures y of `cols` columns, the payoffs `a` (rows, cols) of the other player and its best
payoff v span the polyhedron ``{(y, v): y >= 0, sum y = 1, a y <= v}``. At a vertex as many of the
inequalities y[j] >= 0 and (a y)[i] <= v are tight as there are columns, and at a degenerate one
more. The rows are added one after the other: a vertex at which row i pays more than v goes, and on
every edge from it to one that stays there is a new vertex, where row i pays v (Motzkin, Raiffa,
Thompson and Thrall 1953). Two vertices share an edge if all but one of their tight inequalities
are common, or, where a tie has been seen, if no third one has all that they have in common
(Fukuda and Prodon 1996, Proposition 7).

New vertices are convex combinations of old ones: nothing is subtracted, errors are averaged rather
than amplified, and ties need no perturbation. Vertex 0 stands for the direction in which v grows;
it is what the vertices with unbounded edges are next to, and no mixture.

An inequality has a label, and the labels that are tight at a vertex are bits of whole numbers,
WORD bits each.
"""

from __future__ import annotations

from solver._jit import inlined, kernel
from solver.kernels.polish import WORD, polish
from solver.kernels.scaling import EPS, TIE

#: Instead of a count.
NO_ROOM = -1
#: Slacks above this are no tie, however rough the mixture.
NEAR = 1e-6
#: A bound on the error of a mixture above which it is computed again.
ROUGH = 2e-13
#: Slacks between this and TIE are ties of payoffs that were rounded, or none.
BLUR = 64.0 * EPS
#: Slacks up to so many times the error of the mixture may be ties.
LEEWAY = 4.0


@kernel
def vertices(  # type: ignore[no-untyped-def]
    a, first_row: int, first_col: int, points, tight, slack, lists, work, order
) -> tuple[int, bool, bool]:
    """Write all vertices; return their number or NO_ROOM, whether one is degenerate, and blurred.

    Rows have labels from `first_row` on, columns from `first_col`. Vertex k has the mixture and
    payoff points[:-1, k], points[-1, k] as a bound on what rounding did to the mixture, and the
    labels tight[:, k]; number 0 is no mixture. slack (room,), lists (4, room + 1) and
    what `polish` wants are for work.
    """
    rows, cols = a.shape
    simplex(a, first_row, first_col, points, tight)
    count = cols + 1
    tied = blurred = False
    for i in range(1, rows):
        slacks(a, i, points, count, slack)
        word, bit = (first_row + i) // WORD, 1 << (first_row + i) % WORD
        leaving, staying, unsure = split(slack, points, tight, count, lists)
        blurred |= unsure
        if leaving + staying < count:
            tied = True
            for k in range(count):
                if abs(slack[k]) <= TIE:
                    tight[word, k] |= bit
        if leaving > 0:
            end = cut(points, tight, slack, lists, count, leaving, staying, word, bit, tied)
            if end == NO_ROOM:
                return NO_ROOM, tied, blurred
            for k in range(count, end):
                if points[cols + 1, k] > ROUGH:
                    polish(a, first_row, first_col, points, tight, k, work, order)
                    blurred |= points[cols + 1, k] > NEAR / LEEWAY
            for p in range(leaving - 1, -1, -1):
                end -= 1
                move(points, tight, end, lists[0, p])
            count = end
    degenerate = False
    if tied:
        for k in range(1, count):
            held = 0
            for w in range(tight.shape[0]):
                held += ones(tight[w, k])
            degenerate = degenerate or held > cols
    return count, degenerate, blurred


@inlined
def simplex(a, first_row: int, first_col: int, points, tight) -> None:  # type: ignore[no-untyped-def]
    """Write the polyhedron of one row: its vertices are the columns."""
    cols = a.shape[1]
    for j in range(cols + 2):
        for k in range(cols + 1):
            points[j, k] = 0.0
    points[cols, 0] = 1.0
    for j in range(cols):
        points[j, j + 1] = 1.0
        points[cols, j + 1] = a[0, j]
    for w in range(tight.shape[0]):
        start = first_col - w * WORD
        low, high = max(start, 0), min(start + cols, WORD)
        labels = (1 << high) - (1 << low) if high > low else 0
        row = first_row - w * WORD
        best = 1 << row if 0 <= row < WORD else 0
        tight[w, 0] = labels
        for j in range(cols):
            own = 1 << (start + j) if low <= start + j < high else 0
            tight[w, j + 1] = (labels ^ own) | best


@inlined
def slacks(a, i: int, points, count: int, slack) -> None:  # type: ignore[no-untyped-def]
    """Write by how much row i pays less than the best so far, at each vertex."""
    cols = a.shape[1]
    for k in range(count):
        slack[k] = points[cols, k]
    for j in range(cols):
        payoff = a[i, j]
        for k in range(count):
            slack[k] -= payoff * points[j, k]


@inlined
def split(slack, points, tight, count: int, lists) -> tuple[int, int, bool]:  # type: ignore[no-untyped-def]
    """List the vertices that leave in lists[0], those that stay with room to spare in lists[1].

    The first labels of the latter go to lists[3], where they are read one after the other. Returns
    how many they are, and whether rounding may have made a tie of one, or undone it.
    """
    last = points.shape[0] - 1
    leaving = staying = 0
    unsure = False
    for k in range(count):
        lists[0, leaving] = lists[1, staying] = k
        lists[3, staying] = tight[0, k]
        leaving += slack[k] < -TIE
        staying += slack[k] > TIE
        if abs(slack[k]) <= NEAR:
            margin = max(TIE, LEEWAY * points[last, k])
            unsure |= (abs(slack[k]) > BLUR) & (abs(slack[k]) <= margin)
    return leaving, staying, unsure


@kernel
def cut(  # type: ignore[no-untyped-def]
    points, tight, slack, lists, count: int, leaving: int, staying: int,
    word: int, bit: int, tied: bool,
) -> int:  # fmt: skip
    """Add the vertices on the edges of those that leave; where they end, or NO_ROOM."""
    cols = points.shape[0] - 2
    end = count
    for p in range(leaving):
        g = lists[0, p]
        if tied:
            found = near_by_size(tight, g, lists, staying, cols)
        else:
            found = near(tight, g, lists, staying)
        if end + found > points.shape[1]:
            return NO_ROOM
        gain = -slack[g]
        for q in range(found):
            h = lists[2, q]
            if tied and between(tight, g, h, count):
                continue
            tight[0, end] = tight[0, g] & tight[0, h]
            for w in range(1, tight.shape[0]):
                tight[w, end] = tight[w, g] & tight[w, h]
            tight[word, end] |= bit
            on_g, on_h, share = 1.0, gain, 0.0
            if h > 0:
                share = 1.0 / (gain + slack[h])
                on_g, on_h = slack[h] * share, gain * share
            span = 0.0
            for j in range(cols + 1):
                span = max(span, abs(points[j, g] - points[j, h]))
                points[j, end] = on_g * points[j, g] + on_h * points[j, h]
            error = max(points[cols + 1, g], points[cols + 1, h])
            points[cols + 1, end] = (error + EPS) * max(1.0, span * share)
            end += 1
    return end


@inlined
def near(tight, g: int, lists, staying: int) -> int:  # type: ignore[no-untyped-def]
    """List in lists[2] those of lists[1] that have all but one label of g; their number.

    Without a branch: what is written is kept only if the list grows.
    """
    found = 0
    labels = tight[0, g]
    for q in range(staying):
        lost = labels & ~lists[3, q]
        lists[2, found] = lists[1, q]
        found += (lost & (lost - 1)) == 0
    if tight.shape[0] > 1:
        likely, found = found, 0
        for q in range(likely):
            h = lists[2, q]
            lost = 0
            for w in range(tight.shape[0]):
                lost += ones(tight[w, g] & ~tight[w, h])
            lists[2, found] = h
            found += lost == 1
    return found


@inlined
def near_by_size(tight, g: int, lists, staying: int, cols: int) -> int:  # type: ignore[no-untyped-def]
    """List in lists[2] those of lists[1] with as many labels in common with g as an edge has."""
    found = 0
    labels = tight[0, g]
    for q in range(staying):
        shared = ones(labels & lists[3, q])
        for w in range(1, tight.shape[0]):
            shared += ones(tight[w, g] & tight[w, lists[1, q]])
        lists[2, found] = lists[1, q]
        found += shared >= cols - 1
    return found


@inlined
def between(tight, g: int, h: int, count: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether a third vertex has all labels that g and h have in common."""
    labels = tight[0, g] & tight[0, h]
    for k in range(count):
        if (labels & ~tight[0, k]) == 0 and k not in (g, h):
            lost = 0
            for w in range(1, tight.shape[0]):
                lost |= tight[w, g] & tight[w, h] & ~tight[w, k]
            if lost == 0:
                return True
    return False


@inlined
def move(points, tight, source: int, target: int) -> None:  # type: ignore[no-untyped-def]
    """Copy a vertex."""
    for j in range(points.shape[0]):
        points[j, target] = points[j, source]
    tight[0, target] = tight[0, source]
    for w in range(1, tight.shape[0]):
        tight[w, target] = tight[w, source]


@inlined
def ones(word: int) -> int:
    """Count the bits of a word; the loop is compiled to one instruction."""
    found = 0
    while word != 0:
        word &= word - 1
        found += 1
    return found
