"""The core by brute force in fractions, for small games: nothing of the solver's own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

Row = tuple[Fraction, ...]


def core_vertices(worths: Sequence[Any]) -> frozenset[Row]:
    """All vertices of the core of one game (2**N,): every N - 1 coalitions that may be tight.

    C(2**N - 2, N - 1) systems of equations, so for up to four players, five with patience.

    Examples
    --------
    >>> sorted(tuple(map(int, x)) for x in core_vertices([0, 1, 2, 9]))
    [(1, 8), (7, 2)]
    """
    v = [Fraction(worth) for worth in worths]
    n = len(v).bit_length() - 1
    everybody = len(v) - 1
    if n == 1:
        return frozenset({(v[1],)})
    found = set()
    for tight in combinations(range(1, everybody), n - 1):
        x = _solved([(s, v[s]) for s in (*tight, everybody)], n)
        if x is not None and x not in found and _stable(v, x):
            found.add(x)
    return frozenset(found)


def _stable(v: Sequence[Fraction], x: Row) -> bool:
    sums = [Fraction(0)]
    for share in x:
        sums += [value + share for value in sums]
    return all(sums[s] >= v[s] for s in range(len(v)))


def _solved(equations: list[tuple[int, Fraction]], n: int) -> Row | None:
    """The x with x(S) as told for each coalition; None unless there is one only."""
    rows = [[Fraction(s >> i & 1) for i in range(n)] + [value] for s, value in equations]
    for column in range(n):
        pivot = next((r for r in range(column, n) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        own = rows[column][column]
        rows[column] = [entry / own for entry in rows[column]]
        for r in range(n):
            factor = rows[r][column]
            if r != column and factor:
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[column], strict=True)]
    return tuple(row[n] for row in rows)
