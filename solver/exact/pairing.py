"""Pairs of vertices, or of bases, in which every label is tight on one side.

Labels 0 ... m - 1 are the rows and m ... m + n - 1 the columns of a bimatrix game. In a vertex x of
``{x >= 0, B^T x <= 1}`` a row is tight when unplayed and a column when a best response; in y of
``{y >= 0, A y <= 1}`` the other way round. A pair in which every label is tight somewhere is an
extreme equilibrium, or (0, 0) (Mangasarian 1964; von Stengel 2002, Theorem 2.14).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from solver.exact.polytope import Basis, Polytope

Pair = tuple[int, int]


def equilibria(P: Polytope, Q: Polytope) -> list[Pair]:
    """Pairs of vertices, as the masks of their tight labels, that are extreme equilibria.

    Notes
    -----
    Without ties exactly the complement can match: one look-up per vertex of P. Otherwise the
    vertices of Q that are tight at a label are a bit mask of their numbers, and for each vertex of
    P the masks of its missing labels are intersected.
    """
    everything = P.origin | Q.origin
    if P.is_degenerate or Q.is_degenerate:
        return list(_covers(P, Q, everything))
    return [
        (x, everything ^ x) for x in P.vertices if x != P.origin and everything ^ x in Q.vertices
    ]


def _covers(P: Polytope, Q: Polytope, everything: int) -> Iterator[Pair]:
    ys = [y for y in Q.vertices if y != Q.origin]
    tight = {label: _where(label, ys) for label in _members(everything)}
    for x in P.vertices:
        if x != P.origin:
            partners = (1 << len(ys)) - 1
            for label in _members(everything & ~x):
                partners &= tight[label]
            for k in _members(partners):
                yield x, ys[k]


def _where(label: int, masks: Sequence[int]) -> int:
    """The numbers of the `masks` that have a label, as a mask."""
    digits = "".join("1" if mask >> label & 1 else "0" for mask in reversed(masks))
    return int(digits, 2)


def _members(mask: int) -> Iterator[int]:
    """Numbers of the bits that are set, ascending."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def signs(P: Polytope, Q: Polytope) -> Iterator[tuple[Pair, int]]:
    """Each equilibrium of the perturbed game: the pair of vertices it tends to, and its index.

    Notes
    -----
    With k actions played by each player, S and T, the index is
    ``(-1)^(k + 1) sign(det A[S, T] det B[S, T])`` (Shapley 1974). No determinant is
    computed: that of the basic columns in the order of their rows is positive, so those of the
    submatrices are the signs of permutations.

    References
    ----------
    L. S. Shapley (1974), A note on the Lemke-Howson algorithm, Math. Programming Study 1.
    """
    everything = P.origin | Q.origin
    for key, basis in P.bases.items():
        partner = Q.bases.get(everything ^ key)
        if partner is not None and key != P.origin:
            played = sum(label in Q.variables for label in partner.basic)
            sign = _sign(basis, P) * _sign(partner, Q)
            yield (basis.vertex, partner.vertex), sign if played % 2 else -sign


def _sign(basis: Basis, polytope: Polytope) -> int:
    """Sign of the determinant of the binding rows of the payoffs in the basic variables."""
    equation = {slack: i for i, slack in enumerate(polytope.slacks)}
    free = sorted(set(equation) - set(basis.basic), key=equation.__getitem__)
    played = sorted(set(basis.basic) - set(equation))
    equation.update((label, equation[slack]) for label, slack in zip(played, free, strict=True))
    return parity(equation[label] for label in basis.basic)


def parity(permutation: Iterable[int]) -> int:
    """Sign of a permutation of 0, 1, 2, ...: -1 if it is a product of an odd number of swaps.

    Examples
    --------
    >>> parity([1, 0, 2]), parity([1, 2, 0])
    (-1, 1)

    """
    images = list(permutation)
    sign = 1
    for i in range(len(images)):
        while images[i] != i:
            j = images[i]
            images[i], images[j] = images[j], j
            sign = -sign
    return sign
