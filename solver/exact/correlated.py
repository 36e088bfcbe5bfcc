"""The corners of the set of correlated equilibria, exactly.

The equilibria are the distributions p with ``G p <= 0``: a cut through the cone of all p >= 0 that
obey. Its rays come by double description, a row of G at a time (Motzkin, Raiffa, Thompson and
Thrall 1953): of two rays on different sides of a row that are neighbours, the one between them on
the row is new. Two rays are neighbours if no third one is tight wherever both are.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import gcd, lcm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.errors import ConceptError, FormError
from solver.forms.normal import NormalForm

Ray = tuple[int, ...]


def correlated_vertices(
    form: NormalForm, *, coarse: bool = False, max_rays: int = 5_000
) -> NDArray[np.object_]:
    """All corners of the polytope of correlated equilibria of one game, as fractions.

    Parameters
    ----------
    form : NormalForm of a single game, payoffs (m_1, ..., m_N)
        Its ``fractions`` are read if it has some, otherwise what its floats stand for exactly.
    coarse : bool, keyword-only
        Of coarse correlated equilibria instead.
    max_rays : int, keyword-only
        The most rays that are kept on the way.

    Returns
    -------
    (V, m_1, ..., m_N) array of Fraction
        Distributions over the cells, in ascending lexicographic order. Every equilibrium is a
        mixture of them.

    Raises
    ------
    FormError
        For a batch of games, or a payoff that is not a finite number.
    ConceptError
        When there are more rays.

    Notes
    -----
    The time grows with the cube of the number of rays: milliseconds for 2×2×2, a second for 3×3
    games. Nash equilibria of two players that are extreme are among the corners; with three they
    need not be (Nau, Gomez Canovas and Hansen 2004).

    References
    ----------
    R. Nau, S. Gomez Canovas, P. Hansen (2004), On the geometry of Nash equilibria and correlated
    equilibria, Int. J. Game Theory 32.
    T. S. Motzkin, H. Raiffa, G. L. Thompson, R. M. Thrall (1953), The double description method,
    Contributions to the Theory of Games 2.

    Examples
    --------
    Matching pennies has one correlated equilibrium, its Nash equilibrium.

    >>> pennies = NormalForm(payoffs=([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
    >>> correlated_vertices(pennies).astype(str).tolist()
    [[['1/4', '1/4'], ['1/4', '1/4']]]
    """
    if form.batch_shape:
        raise FormError(f"a single game is needed, this is a batch of shape {form.batch_shape}")
    rays = {
        tuple(int(j == k) for k in range(prod(form.shape))): _all_but(j, prod(form.shape))
        for j in range(prod(form.shape))
    }
    for number, row in enumerate(_rows(form, coarse=coarse)):
        rays = _cut(rays, row, 1 << (prod(form.shape) + number), prod(form.shape))
        if len(rays) > max_rays:
            raise ConceptError(f"the correlated equilibria have more than {max_rays} rays")
    corners = sorted(tuple(Fraction(w, sum(ray)) for w in ray) for ray in rays)
    array = np.empty((len(corners), prod(form.shape)), np.object_)
    array[:] = corners
    return array.reshape(len(corners), *form.shape)


def _all_but(j: int, cells: int) -> int:
    """The cells without weight where only cell j has some, as a set of bits."""
    return ((1 << cells) - 1) ^ (1 << j)


def _rows(form: NormalForm, *, coarse: bool) -> list[Ray]:
    """What each way of disobeying gains in each cell, in whole numbers."""
    rows = []
    cells = list(product(*map(range, form.shape)))
    for player, actions in enumerate(form.shape):
        payoff = _exact(form, player)
        for told in [None] if coarse else range(actions):
            for instead in range(actions):
                row = []
                for cell in cells:
                    other = (*cell[:player], instead, *cell[player + 1 :])
                    concerned = told is None or cell[player] == told
                    row.append(payoff[other] - payoff[cell] if concerned else Fraction(0))
                unit = lcm(*(value.denominator for value in row))
                whole = tuple(int(value * unit) for value in row)
                if max(whole) > 0:  # otherwise nobody is tempted
                    rows.append(whole)
    return rows


def _exact(form: NormalForm, player: int) -> dict[tuple[int, ...], Fraction]:
    given: Any = (form.fractions or form.payoffs)[player]
    try:
        return {cell: Fraction(given[cell]) for cell in np.ndindex(*form.shape)}
    except (OverflowError, ValueError):
        raise FormError(f"a payoff of {form.players[player]} is not a finite number") from None


def _cut(rays: dict[Ray, int], row: Ray, bit: int, dimension: int) -> dict[Ray, int]:
    """The rays of the part of the cone where ``row @ ray <= 0``; tight rows as sets of bits."""
    values = {ray: sum(g * w for g, w in zip(row, ray, strict=True) if w) for ray in rays}
    kept = {ray: tight | (bit if values[ray] == 0 else 0) for ray, tight in rays.items()}
    below = [ray for ray, value in values.items() if value < 0]
    above = [ray for ray, value in values.items() if value > 0]
    new = {}
    for one, two in product(below, above):
        both = rays[one] & rays[two]
        if both.bit_count() < dimension - 2:
            continue
        if any(both & ~tight == 0 for ray, tight in rays.items() if ray not in {one, two}):
            continue
        mixed = [values[two] * v - values[one] * w for v, w in zip(one, two, strict=True)]
        divisor = gcd(*mixed)
        new[tuple(w // divisor for w in mixed)] = both | bit
    return {ray: tight for ray, tight in kept.items() if values[ray] <= 0} | new
