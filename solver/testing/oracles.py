"""Brute force in exact arithmetic: slow, short, and sharing no line with the kernels.

Let the payoffs A of one player be positive, with one row per action of that player and one column
per action of the other. The mixtures y of the columns, scaled so that a best row pays one, fill the
polytope ``{y >= 0, A y <= 1}``. At each of its vertices other than zero some square subsystem
``A[S, T] y[T] = 1`` is regular; trying all of them therefore finds every vertex. A pair of
vertices (x, y), one of each player's polytope, in which every action is unplayed or a best
response is an extreme equilibrium, and there are no others; the set of all equilibria is made of
convex combinations of them (Mangasarian 1964; von Stengel 2002, §2).

A game is degenerate when some mixture has more best responses than actions that it plays; then
this is so at a vertex, hence it is enough to look there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations, product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

Exact = tuple[Fraction, ...]
Matrix = tuple[Exact, ...]
Payoffs = ArrayLike | Matrix

#: A payoff within this share of the range from a simple fraction of the range is taken to be that.
ROUNDING = Fraction(1, 10**12)


class Vertex(NamedTuple):
    """A mixture that an extreme equilibrium may contain.

    ``margin`` is how far the nearest further tie is: the least probability that is played, or the
    least regret of a response that is not best, relative to the payoff range.
    """

    mixture: Exact
    unplayed: frozenset[int]
    best: frozenset[int]
    margin: Fraction

    @property
    def is_tied(self) -> bool:
        """Whether more responses are best than actions are played."""
        return len(self.best) + len(self.unplayed) > len(self.mixture)


def extreme_equilibria(A: Payoffs, B: Payoffs) -> list[tuple[Exact, Exact]]:
    """List all extreme equilibria of one bimatrix game, degenerate ones included.

    Parameters
    ----------
    A, B : (m, n) array-like
        Payoffs; floats are taken at their exact binary value.

    Returns
    -------
    list of (x, y)
        Mixtures of the rows and of the columns, sorted. In a non-degenerate game these are all
        equilibria, in a degenerate one the others are convex combinations of them.

    Notes
    -----
    Solves binom(m + n, m) - 1 linear systems for each player: for games of up to six actions.

    References
    ----------
    O. L. Mangasarian (1964), Equilibrium points of bimatrix games, J. SIAM 12.
    B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game Theory 3.

    Examples
    --------
    >>> extreme_equilibria([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    [((Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2)))]

    """
    xs, ys = _both(A, B)
    rows = range(len(xs[0].mixture))
    columns = range(len(ys[0].mixture))
    return sorted(
        (x.mixture, y.mixture)
        for x, y in product(xs, ys)
        if all(i in x.unplayed or i in y.best for i in rows)
        and all(j in y.unplayed or j in x.best for j in columns)
    )


def margin(A: Payoffs, B: Payoffs) -> Fraction:
    """Measure how far the ties of one bimatrix game (m, n) are from one more tie.

    The least `Vertex.margin` of both players, always positive: when it is of the order of rounding
    errors, floating point cannot tell the game from a more degenerate one.
    """
    return min(vertex.margin for vertex in chain(*_both(A, B)))


def is_degenerate(A: Payoffs, B: Payoffs) -> bool:
    """Tell whether some mixture has more best responses than actions it plays, exactly."""
    return any(vertex.is_tied for vertex in chain(*_both(A, B)))


def pure_equilibria(payoffs: Sequence[ArrayLike], slack: float = 0.0) -> list[tuple[int, ...]]:
    """List the profiles (a_1, ..., a_N) of one game from which nobody gains by deviating.

    Parameters
    ----------
    payoffs : sequence of (m_1, ..., m_N) array-like
        One per player; floats are taken at their exact binary value.
    slack : float
        Gains of up to this share of the player's payoff range do not count.

    """
    tables = [_cells(payoff) for payoff in payoffs]
    shape = np.shape(payoffs[0])
    spreads = [max(table.values()) - min(table.values()) for table in tables]
    return [
        profile
        for profile in product(*map(range, shape))
        if all(
            tables[i][*profile[:i], a, *profile[i + 1 :]] - tables[i][profile]
            <= Fraction(slack) * spreads[i]
            for i in range(len(shape))
            for a in range(shape[i])
        )
    ]


def exact(payoff: Payoffs) -> Matrix:
    """Convert payoffs (m, n) to fractions, without rounding."""
    rows = np.asarray(payoff, object).tolist()
    return tuple(tuple(map(Fraction, row)) for row in rows)


def simplest(payoff: Payoffs) -> Matrix:
    """Undo the rounding of payoffs (m, n), up to a positive affine map.

    Each is replaced by the simplest fraction of the range that is within rounding errors of it, if
    there is one: 3e-9 less 2e-9 is a hair off 1e-9, yet such payoffs are meant to tie.
    """
    rows = exact(payoff)
    least, spread = _extent(rows)
    return tuple(tuple(_simple((u - least) / (spread or 1)) for u in row) for row in rows)


def _simple(share: Fraction) -> Fraction:
    near = share.limit_denominator(1000)
    return near if abs(near - share) <= ROUNDING else share


def _both(A: Payoffs, B: Payoffs) -> tuple[tuple[Vertex, ...], tuple[Vertex, ...]]:
    """Vertices of the mixtures of rows, which B judges, and of columns, which A judges."""
    return _vertices(tuple(zip(*exact(B), strict=True))), _vertices(exact(A))


@lru_cache(maxsize=1024)
def _vertices(payoff: Matrix) -> tuple[Vertex, ...]:
    """Vertices of the mixtures of the columns, judged by the player who chooses a row."""
    least, spread = _extent(payoff)
    positive = tuple(tuple(u - least + 1 for u in row) for row in payoff)
    found = {}
    for columns, point in _basic_points(positive):
        scaled = [Fraction(0)] * len(payoff[0])
        for j, value in zip(columns, point, strict=True):
            scaled[j] = value
        slacks = [1 - _dot(row, scaled) for row in positive]
        if min(slacks) >= 0:
            total = sum(point, Fraction(0))
            mixture = tuple(y / total for y in scaled)
            found[mixture] = _vertex(mixture, [s / total for s in slacks], spread)
    return tuple(found.values())


def _basic_points(payoff: Matrix) -> Iterator[tuple[tuple[int, ...], Exact]]:
    """Columns T and y[T] >= 0 with A[S, T] y[T] = 1, for all S and T of equal size."""
    for size in range(1, min(len(payoff), len(payoff[0])) + 1):
        for columns in combinations(range(len(payoff[0])), size):
            part = [[row[j] for j in columns] for row in payoff]
            for rows in combinations(part, size):
                point = _solve([[*row, Fraction(1)] for row in rows])
                if point is not None and min(point) >= 0:
                    yield columns, point


def _vertex(mixture: Exact, regrets: list[Fraction], spread: Fraction) -> Vertex:
    unplayed = frozenset(j for j, y in enumerate(mixture) if y == 0)
    best = frozenset(i for i, regret in enumerate(regrets) if regret == 0)
    apart = [*filter(None, mixture), *(regret / spread for regret in regrets if regret > 0)]
    return Vertex(mixture, unplayed, best, min(apart))


def _solve(system: list[list[Fraction]]) -> Exact | None:
    """Solve a square system given with its right-hand side as last column; None if singular."""
    size = len(system)
    for c in range(size):
        pivot = next((k for k in range(c, size) if system[k][c]), None)
        if pivot is None:
            return None
        system[c], system[pivot] = system[pivot], system[c]
        for k in range(size):
            if k != c and system[k][c]:
                factor = system[k][c] / system[c][c]
                system[k] = [u - factor * v for u, v in zip(system[k], system[c], strict=True)]
    return tuple(system[k][size] / system[k][k] for k in range(size))


def _dot(row: Exact, values: list[Fraction]) -> Fraction:
    return sum((u * v for u, v in zip(row, values, strict=True) if v), Fraction(0))


def _extent(payoff: Matrix) -> tuple[Fraction, Fraction]:
    """Return the least payoff and the range."""
    least = min(map(min, payoff))
    return least, max(map(max, payoff)) - least


def _cells(payoff: ArrayLike) -> dict[tuple[int, ...], Fraction]:
    array = np.asarray(payoff, object)
    return dict(zip(np.ndindex(array.shape), map(Fraction, array.ravel().tolist()), strict=True))
