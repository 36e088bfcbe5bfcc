"""Corners of correlated equilibrium polytopes: printed numbers, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pygambit
import pytest

from solver import NormalForm, nash
from solver.concepts import obedience
from solver.errors import ConceptError, FormError
from solver.exact import correlated_vertices
from tests.concepts.correlated_games import CHICKEN, COARSER, PENNIES, gains


def nau(section: int) -> NormalForm:
    """The game of that section of Nau, Gomez Canovas and Hansen (2004)."""
    game = pygambit.catalog.load(f"journals/ijgt/nau2004/sec{section}")
    return NormalForm(game.to_arrays(dtype=float))


@pytest.mark.parametrize(
    ("section", "corners", "dimension"), [(3, 5, 3), (4, 33, 7), (5, 8, 7), (6, 6, 4)]
)
def test_polytopes_have_the_printed_corners(section, corners, dimension):
    """Nau, Gomez Canovas and Hansen (2004), sections 3 to 6."""
    found = correlated_vertices(nau(section))
    assert corners == len(found)
    rows = found.reshape(len(found), -1).astype(float)
    assert dimension == np.linalg.matrix_rank(rows[1:] - rows[0])


def test_matching_pennies_has_one_correlated_equilibrium():
    quarter = Fraction(1, 4)
    assert [[[quarter] * 2] * 2] == correlated_vertices(PENNIES).tolist()


def test_chicken_has_five_corners():
    """Two pure, one mixed Nash equilibrium, and the best and worst for both."""
    A, B = (p.astype(int) for p in CHICKEN.payoffs)
    payoffs = sorted(((p * A).sum(), (p * B).sum()) for p in correlated_vertices(CHICKEN))
    f = Fraction
    assert [(2, 7), (f(18, 5),) * 2, (f(14, 3),) * 2, (f(21, 4),) * 2, (7, 2)] == payoffs


def test_coarse_equilibria_have_more():
    A, B = (p.astype(int) for p in COARSER.payoffs)
    best = [
        max((p * (A + B)).sum() for p in correlated_vertices(COARSER, coarse=coarse))
        for coarse in (False, True)
    ]
    assert best == [1, 2]


def test_corners_obey_and_are_tight_at_independent_rows():
    """The definition of a corner: as many tight rows as there are cells."""
    random = np.random.default_rng(3)
    for shape in ((2, 3), (3, 3), (2, 2, 2)):
        payoffs = [random.integers(0, 9, shape) for _ in shape]
        for coarse in (False, True):
            found = correlated_vertices(NormalForm(payoffs), coarse=coarse)
            G = gains([p.astype(float) for p in payoffs], coarse=coarse)
            for corner in found.reshape(len(found), -1).astype(float):
                slack = G @ corner
                assert slack.max() <= 1e-12
                rows = np.vstack([G[abs(slack) <= 1e-12], np.eye(len(corner))[corner == 0.0]])
                rows = np.vstack([rows, np.ones(len(corner))])
                assert np.linalg.matrix_rank(rows) == len(corner)


def test_extreme_nash_equilibria_are_corners():
    """Two players: Gomez Canovas, Hansen and Jaumard (1999)."""
    random = np.random.default_rng(4)
    for _ in range(10):
        form = NormalForm([random.integers(0, 9, (3, 3)).astype(float) for _ in "ab"])
        corners = correlated_vertices(form).astype(float)
        for product in obedience.joint(nash(form)):
            assert abs(corners - product).max(axis=(1, 2)).min() <= 1e-9


def test_fractions_are_read_before_floats():
    third = [[Fraction(1, 3), Fraction(0)], [Fraction(0), Fraction(2, 3)]]
    form = NormalForm(
        [np.array(third, float)] * 2, fractions=[np.array(third, object)] * 2
    )  # fmt: skip
    mixed = correlated_vertices(form)
    assert [Fraction(4, 9), Fraction(2, 9)] in [corner[0].tolist() for corner in mixed]


def test_what_is_no_single_game_of_numbers_is_refused():
    with pytest.raises(FormError, match=r"a single game .* shape \(3,\)"):
        correlated_vertices(NormalForm([np.zeros((3, 2, 2))] * 2))
    with pytest.raises(FormError, match="payoff of player 1 is not a finite number"):
        correlated_vertices(NormalForm([np.full((2, 2), np.nan)] * 2))
    with pytest.raises(ConceptError, match="more than 5 rays"):
        correlated_vertices(nau(4), max_rays=5)
