"""All extreme equilibria of one bimatrix game, exactly, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, final

from solver.errors import FormError, ParameterError
from solver.exact import pairing
from solver.exact.polytope import Polytope, enumerate_vertices
from solver.exact.rationals import Scaled, matrix, scaled
from solver.exact.subsets import Groups, components, maximal_bicliques

Mixture = tuple[Fraction, ...]
Ranks = dict[int, int]

_ZERO = Fraction(0)


@final
@dataclass(frozen=True)
class ExactEquilibria:
    """The extreme equilibria of one bimatrix game.

    Attributes
    ----------
    strategies : tuple of (x, y)
        Mixtures of the rows and of the columns, distinct, in ascending lexicographic order of x,
        then of y. All equilibria are convex combinations of these, within one subset.
    payoffs : tuple of (Fraction, Fraction)
        To the row and to the column player.
    degenerate : bool
        Whether some mixture has more best responses than actions that it plays, among the
        vertices that were visited.
    complete : bool
        Whether these are all: False when `max_vertices` ended the search.
    subsets : tuple of tuple of int, or None
        Maximal Nash subsets, as the indices of the extreme equilibria at their corners; sorted.
        Each is a product of two polytopes. None when incomplete, or more than 10,000.
    components : tuple of tuple of int
        Connected components of the set of all equilibria, as indices of extreme equilibria,
        ordered by their first. When incomplete some may be parts of the same one.
    component_index : tuple of int, or of None when incomplete
        Index of each component: the number of equilibria of index +1 less that of index -1
        that any slightly perturbed generic game has nearby. They sum to one.
    index : tuple of int or None
        The same per equilibrium; None where it is not a component by itself.

    """

    strategies: tuple[tuple[Mixture, Mixture], ...]
    payoffs: tuple[tuple[Fraction, Fraction], ...]
    degenerate: bool
    complete: bool
    subsets: Groups | None
    components: Groups
    component_index: tuple[int | None, ...]
    index: tuple[int | None, ...]


def extreme_equilibria(A: Any, B: Any, *, max_vertices: int = 100_000) -> ExactEquilibria:
    """All extreme Nash equilibria of one bimatrix game, in rational arithmetic.

    Parameters
    ----------
    A, B : (m, n) array-like of int, Fraction, float or Decimal
        Payoffs of the row and of the column player, of any size; a float stands for its exact
        binary value.
    max_vertices : int
        How many bases of each player's polytope are visited at most; without ties these are
        its vertices.

    Returns
    -------
    ExactEquilibria
        Ties included; what was found so far, if ``complete`` is False.

    Raises
    ------
    FormError
        When the shapes differ or a payoff is not a finite number.
    ParameterError
        When `max_vertices` is less than one.

    Notes
    -----
    Payoffs become positive integers, which keeps all equilibria. The vertices of both best-response
    polytopes are enumerated by pivots in integers, ties broken lexicographically, and paired by
    their tight inequalities, as in lrsnash. The cost is that of the vertices, which grow
    exponentially: on average 6, 50, 270 and 1,100 per player for random games of 3, 6, 8 and 10
    actions, and binom(m + n, n) bases at the very most.

    The index of a component is that of the equilibria, close to it, of the game in which the i-th
    best-response inequality of either player is relaxed by eps^i: its bases are those visited.

    References
    ----------
    D. Avis, G. Rosenberg, R. Savani, B. von Stengel (2010), Enumeration of Nash equilibria for
    two-player games, Economic Theory 42.
    B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game Theory 3.
    L. S. Shapley (1974), A note on the Lemke-Howson algorithm, Math. Programming Study 1.

    Examples
    --------
    Staying out is an equilibrium against any threat that suffices: a whole component.

    >>> found = extreme_equilibria([[2, 0], [1, 1]], [[1, 0], [2, 2]])
    >>> [[tuple(map(str, mixture)) for mixture in pair] for pair in found.strategies]
    [[('0', '1'), ('0', '1')], [('0', '1'), ('1/2', '1/2')], [('1', '0'), ('1', '0')]]
    >>> found.components, found.component_index, found.index
    (((0, 1), (2,)), (0, 1), (None, None, 1))

    """
    a, b = scaled(matrix("A", A)), scaled(matrix("B", B))
    m, n = len(a.rows), len(a.rows[0])
    if (len(b.rows), len(b.rows[0])) != (m, n):
        shape = len(b.rows), len(b.rows[0])
        raise FormError(f"A has the shape {(m, n)} but B {shape}")
    if max_vertices < 1:
        raise ParameterError(f"max_vertices = {max_vertices} must be at least 1")
    P = enumerate_vertices(tuple(zip(*b.rows, strict=True)), 0, max_vertices)
    Q = enumerate_vertices(a.rows, m, max_vertices)
    return _joined(P, Q, a, b)


def _joined(P: Polytope, Q: Polytope, a: Scaled, b: Scaled) -> ExactEquilibria:
    """Pair the vertices of both players, and describe what comes out."""
    pairs = pairing.equilibria(P, Q)
    xs, ys = _mixtures(P, {x for x, _ in pairs}), _mixtures(Q, {y for _, y in pairs})
    rank_x, rank_y = _ranks(xs), _ranks(ys)
    pairs.sort(key=lambda pair: (rank_x[pair[0]], rank_y[pair[1]]))
    edges = [(rank_x[x], rank_y[y]) for x, y in pairs]
    groups = components(edges)
    complete = P.complete and Q.complete
    group_index = _component_index(P, Q, pairs, groups) if complete else (None,) * len(groups)
    worth_x = {y: _payoff(Q.vertices[y], a) for y in ys}
    worth_y = {x: _payoff(P.vertices[x], b) for x in xs}
    return ExactEquilibria(
        strategies=tuple((xs[x], ys[y]) for x, y in pairs),
        payoffs=tuple((worth_x[y], worth_y[x]) for x, y in pairs),
        degenerate=P.is_degenerate or Q.is_degenerate,
        complete=complete,
        subsets=maximal_bicliques(edges) if complete else None,
        components=groups,
        component_index=group_index,
        index=_index(groups, group_index),
    )


def _mixtures(polytope: Polytope, masks: Iterable[int]) -> dict[int, Mixture]:
    """Vertices as probabilities, by mask."""
    share = cache(Fraction)  # equal shares are one object: fewer to make, and sorted faster
    mixtures = {}
    for mask in masks:
        weights = polytope.vertices[mask][:-1]
        total = sum(weights)
        mixtures[mask] = tuple(share(w, total) if w else _ZERO for w in weights)
    return mixtures


def _ranks(mixtures: dict[int, Mixture]) -> Ranks:
    """Place of each mixture in lexicographic order."""
    return {mask: k for k, mask in enumerate(sorted(mixtures, key=mixtures.__getitem__))}


def _payoff(point: list[int], payoffs: Scaled) -> Fraction:
    """Payoff of a best response to a vertex: one, divided by the sum of the vertex."""
    total = sum(point[:-1])
    return payoffs.least + Fraction(point[-1] - total, total) * payoffs.unit


def _component_index(
    P: Polytope, Q: Polytope, pairs: list[pairing.Pair], groups: Groups
) -> tuple[int, ...]:
    """Sum the indices of the perturbed game's equilibria that tend to each component."""
    home = {pairs[k]: g for g, group in enumerate(groups) for k in group}
    total = [0] * len(groups)
    for pair, sign in pairing.signs(P, Q):
        total[home[pair]] += sign
    return tuple(total)


def _index(groups: Groups, group_index: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Index per equilibrium, where it is a component by itself."""
    own: list[int | None] = [None] * sum(map(len, groups))
    for group, index in zip(groups, group_index, strict=True):
        if len(group) == 1:
            own[group[0]] = index
    return tuple(own)
