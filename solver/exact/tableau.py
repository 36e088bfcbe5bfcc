"""A basis of a best-response polytope, its ratio test and its pivot, in whole numbers.

Let A > 0 have integer entries. The polytope ``{z >= 0, A z <= 1}`` is ``A z + s = 1`` with z and s
non-negative. A basis makes one variable per equation basic; times the determinant of their columns,
the equations solved for them have integer entries (Cramer), and a pivot is one exact division
per entry (Edmonds 1967; Bareiss 1968; von Stengel 2002, §3).

Ties in the ratio test are broken as if equation i had the right-hand side 1 + eps^(i + 1): this
is row i divided by a number near one, so a generic polytope of the same kind. The columns of the
slacks hold the perturbation (Dantzig, Orden and Wolfe 1955).

References
----------
E. H. Bareiss (1968), Sylvester's identity and multistep integer-preserving Gaussian elimination,
Math. Comput. 22.
B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game Theory 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, final

Integer = Any  # int or flint.fmpz: the same code runs on both
Row = list[Integer]


@final
class Tableau(NamedTuple):
    """One basis: a row per basic variable, a column per other one, the right-hand side last.

    Variables go by their labels. ``determinant`` is positive: that of the columns of the basic
    variables in the order of the rows. ``key`` has a bit for each label in ``nonbasic``.
    """

    rows: list[Row]
    determinant: Integer
    basic: list[int]
    nonbasic: list[int]
    key: int


def leaving(tableau: Tableau, column: int, bounds: Row, slacks: Sequence[int]) -> int:
    """Find the row that leaves the basis when the variable of `column` enters it.

    Parameters
    ----------
    tableau : Tableau
    column : int
    bounds : list
        The right-hand side: the last column.
    slacks : sequence of int
        Label of the slack of each equation.

    """
    pivots = [row[column] for row in tableau.rows]
    tied = _least([i for i, pivot in enumerate(pivots) if pivot > 0], bounds, pivots)
    for slack in slacks:
        if len(tied) == 1:
            break
        tied = _least(tied, _column(tableau, slack), pivots)
    return tied[0]


def _least(rows: list[int], values: Row, pivots: Row) -> list[int]:
    """Which of `rows` have the least ratio of value to pivot."""
    best = rows[:1]
    value, pivot = values[best[0]], pivots[best[0]]
    for i in rows[1:]:
        excess = values[i] * pivot - value * pivots[i]
        if excess < 0:
            best, value, pivot = [i], values[i], pivots[i]
        elif not excess:
            best.append(i)
    return best


def _column(tableau: Tableau, label: int) -> Row:
    """Column of a variable, whether basic or not."""
    if label in tableau.nonbasic:
        column = tableau.nonbasic.index(label)
        return [row[column] for row in tableau.rows]
    return [tableau.determinant if other == label else 0 for other in tableau.basic]


def pivoted(tableau: Tableau, r: int, c: int) -> Tableau:
    """Exchange the basic variable of row r and the other one of column c."""
    rows, determinant, basic, nonbasic, key = tableau
    top = rows[r]
    pivot = top[c]
    swapped = [_reduced(row, top, pivot, row[c], determinant, c) for row in rows]
    swapped[r] = top.copy()
    swapped[r][c] = determinant
    basic, nonbasic = basic.copy(), nonbasic.copy()
    basic[r], nonbasic[c] = nonbasic[c], basic[r]
    key ^= 1 << basic[r] | 1 << nonbasic[c]
    return Tableau(swapped, pivot, basic, nonbasic, key)


def _reduced(  # noqa: PLR0913, PLR0917
    row: Row, top: Row, pivot: Integer, factor: Integer, determinant: Integer, c: int
) -> Row:
    if not factor:
        return [value * pivot // determinant for value in row]
    reduced = [
        (value * pivot - factor * other) // determinant
        for value, other in zip(row, top, strict=True)
    ]
    reduced[c] = -factor
    return reduced
