"""All vertices of a best-response polytope, by a walk over its lexicographically feasible bases.

These bases are the vertices of the polytope with every bound perturbed (see `tableau`), which is
bounded and generic: its edges connect them, each has as many neighbours as the polytope has
dimensions, and every vertex of the polytope itself is the limit of at least one. The order is
breadth first.

The walk keeps what it has seen instead of reversing the pivots as lrs does (Avis 2000): a ratio
test then tells whether a neighbour is new before any number is computed, and each edge is looked
at once only.

References
----------
D. Avis (2000), lrs: a revised implementation of the reverse search vertex enumeration algorithm,
in Polytopes: combinatorics and computation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, final

from solver.exact.tableau import Integer, Tableau, leaving, pivoted

Matrix = Sequence[Sequence[int]]

#: Payoffs of more bits than this are worth the import of flint and its slower small numbers:
#: int and fmpz took 2.6 and 2.6 ms at 100 bits for 6×6, 205 and 209 for 10×10; at 60 bits 1.6 and
#: 1.9, 111 and 126; at 400 bits 10.3 and 3.3, 926 and 271 (python-flint 0.9, CPython 3.11).
BITS = 100
#: Entries of waiting tableaux at which a walk ends: a gigabyte of integers of some hundred bits.
MOST_NUMBERS = 16_000_000


@final
class Basis(NamedTuple):
    """A lexicographically feasible basis: the vertex it belongs to, and its label in each row."""

    vertex: int
    basic: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True)
class Polytope:
    """What was found of ``{z >= 0, payoffs z <= 1}``.

    Labels name inequalities: the variables from `first` on, then the rows, around the end of
    all labels back to zero. Sets of labels are bit masks.

    Attributes
    ----------
    variables, slacks : tuple of int
        Labels.
    vertices : dict of int to list of int
        By the labels tight there: integers in the proportions of the point, and a last one in
        the place of 1.
    bases : dict of int to Basis
        By the labels of the variables that are not basic.
    complete : bool
        Whether these are all.

    """

    variables: tuple[int, ...]
    slacks: tuple[int, ...]
    vertices: dict[int, list[int]] = field(default_factory=dict)
    bases: dict[int, Basis] = field(default_factory=dict)
    complete: bool = True

    @property
    def origin(self) -> int:
        """The labels tight at zero."""
        return sum(1 << label for label in self.variables)

    @property
    def is_degenerate(self) -> bool:
        """Whether a vertex has more tight inequalities than dimensions, among those found."""
        return any(mask.bit_count() > len(self.variables) for mask in self.vertices)


def enumerate_vertices(payoffs: Matrix, first: int, most: int) -> Polytope:
    """Enumerate the vertices of ``{z >= 0, payoffs z <= 1}``.

    Parameters
    ----------
    payoffs : (m, n) sequence of sequences of int
        Positive.
    first : int
        Label of the first variable.
    most : int
        Bases to find at most.

    Notes
    -----
    One pivot, m (n + 1) exact divisions, per basis and half a ratio test per basis and column.
    Memory is that of the tableaux that wait for their turn, at most MOST_NUMBERS integers.
    """
    m, n = len(payoffs), len(payoffs[0])
    labels = [(first + k) % (m + n) for k in range(m + n)]
    polytope = Polytope(tuple(labels[:n]), tuple(labels[n:]))
    number = _number(payoffs)
    rows = [[*map(number, row), number(1)] for row in payoffs]
    queue = deque([Tableau(rows, number(1), labels[n:], labels[:n], polytope.origin)])
    followed = {polytope.origin: 0}
    waiting = max(1, MOST_NUMBERS // (m * (n + 1)))
    complete = True
    while queue:
        tableau = queue.popleft()
        bounds = [row[-1] for row in tableau.rows]
        _record(polytope, tableau, bounds)
        if complete:
            queue.extend(_new_neighbours(tableau, bounds, polytope.slacks, followed))
            complete = len(followed) <= most and len(queue) <= waiting
    return replace(polytope, complete=complete)


def _new_neighbours(
    tableau: Tableau, bounds: list[Integer], slacks: Sequence[int], followed: dict[int, int]
) -> list[Tableau]:
    """Bases that nothing led to before.

    `followed` tells of every basis known by its key, through which variables, entering its basis,
    one would come to another basis already looked at.
    """
    found = []
    for c, entering in enumerate(tableau.nonbasic):
        if followed[tableau.key] >> entering & 1:
            continue
        r = leaving(tableau, c, bounds, slacks)
        label = tableau.basic[r]
        other = tableau.key ^ (1 << entering | 1 << label)
        if other not in followed:
            followed[other] = 0
            found.append(pivoted(tableau, r, c))
        followed[other] |= 1 << label
    return found


def _record(polytope: Polytope, tableau: Tableau, bounds: list[Integer]) -> None:
    """Note a basis, and its vertex if it is new."""
    mask = tableau.key
    for label, value in zip(tableau.basic, bounds, strict=True):
        if not value:
            mask |= 1 << label
    if mask not in polytope.vertices:
        at = dict(zip(tableau.basic, bounds, strict=True))
        point = [int(at.get(label, 0)) for label in polytope.variables]
        polytope.vertices[mask] = [*point, int(tableau.determinant)]
    polytope.bases[tableau.key] = Basis(mask, tuple(tableau.basic))


def _number(payoffs: Matrix) -> Callable[[int], Integer]:
    """Whole numbers of the faster kind."""
    if max(map(max, payoffs)).bit_length() <= BITS:
        return int
    from flint import fmpz  # noqa: PLC0415 - 50 ms, and not needed for most games

    return fmpz
