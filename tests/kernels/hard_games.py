"""Games whose Lemke–Howson paths are long (Savani and von Stengel 2006), from the definition."""

from __future__ import annotations

from fractions import Fraction

import numpy as np


def labels_of_facets(d):
    """Labels 1 to 2d of the facets of both polytopes, in the order along the moment curve."""
    first = list(range(1, 2 * d + 1))
    second = [
        k if k in {1, d} else k + (-1) ** k if k < d else k - (-1) ** k for k in range(1, 2 * d + 1)
    ]
    return first, second


def solved(matrix, right):
    """Gauss and Jordan's elimination in fractions: the solution for each column of `right`."""
    rows = [[*a, *b] for a, b in zip(matrix, right, strict=True)]
    size = len(rows)
    for c in range(size):
        pivot = next(r for r in range(c, size) if rows[r][c])
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [value / rows[c][c] for value in rows[c]]
        for r in range(size):
            if r != c:
                by = rows[r][c]
                rows[r] = [u - by * v for u, v in zip(rows[r], rows[c], strict=True)]
    return [row[size:] for row in rows]


def system(d, labels, tight):
    """The polytope dual to a cyclic one as {z >= 0: C z <= 1}: z the slacks of facets `tight`.

    Facets are c_k z <= 1, with c_k points of the moment curve around zero. Rows and columns of C
    are by label.
    """
    curve = [[Fraction(2 * k - 2 * d - 1, 2 * d) ** (e + 1) for e in range(d)]
             for k in range(1, 2 * d + 1)]  # fmt: skip
    middle = [sum(column) / (2 * d) for column in zip(*curve, strict=True)]
    points = {
        label: [u - v for u, v in zip(row, middle, strict=True)]
        for label, row in zip(labels, curve, strict=True)
    }
    ours = [points[label] for label in tight]
    others = [points[label] for label in sorted(set(labels) - set(tight))]
    # points = ours^-1 (1 - z), and so others ours^-1 (1 - z) <= 1
    by_slack = list(zip(*solved(list(zip(*ours, strict=True)), list(zip(*others, strict=True))),
                        strict=True))  # fmt: skip
    return [[-u / (1 - sum(row)) for u in row] for row in by_slack]


def hard_game(d):
    """Payoffs (d, d) as floats: labels 1 to d are the rows, d+1 to 2d the columns."""
    first, second = labels_of_facets(d)
    rows, columns = list(range(1, d + 1)), list(range(d + 1, 2 * d + 1))
    B = np.array(system(d, first, rows), float).T
    A = np.array(system(d, second, columns), float)
    return A, B


def path_length(d, label):
    """Steps of the path of a label on the two dual cyclic polytopes, by Gale's evenness alone.

    A vertex is a string of 2d bits with d ones, of which every run of ones that neither begins nor
    ends the string is even (Gale 1963); an edge leaves a one and finds the only other vertex.
    """
    orders = labels_of_facets(d)
    bits = [[1] * d + [0] * d, [0] * d + [1] * d]
    player, dropped = (0 if label <= d else 1), label
    for length in range(1, 10**6):
        facets = bits[player]
        k = orders[player].index(dropped)
        facets[k] = 0
        for other in range(2 * d):
            if not facets[other] and other != k:
                facets[other] = 1
                if even(facets):
                    break
                facets[other] = 0
        found = orders[player][other]
        if found == label:
            return length
        player, dropped = 1 - player, found
    raise AssertionError("no end of the path")


def even(bits):
    """Gale's evenness condition, where the string is read as a circle (d is even)."""
    turn = next(k for k, bit in enumerate(bits) if not bit)
    runs = "".join(map(str, bits[turn:] + bits[:turn])).split("0")
    return all(len(run) % 2 == 0 for run in runs)
