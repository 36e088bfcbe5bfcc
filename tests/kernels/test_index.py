"""The index of isolated equilibria against exact bases and what is known of it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from solver import NormalForm, nash
from solver.equilibria import NO_INDEX
from solver.exact import extreme_equilibria
from solver.kernels.index import index_of
from solver.testing import textbook


def index(A, B, *profiles):
    """Of profiles of one game."""
    A, B = np.array(A, float)[None], np.array(B, float)[None]
    found = np.full(len(profiles), 99)
    owner = np.zeros(len(profiles), np.intp)
    index_of(A, B, np.array(profiles, float), owner, 0, len(profiles), found)
    return found.tolist()


@pytest.mark.parametrize("shape", list(product(range(1, 6), repeat=2)), ids=str)
def test_random_games_have_the_exact_index(shape) -> None:
    A, B = np.random.default_rng(shape).normal(size=(2, 6, *shape))
    eq = nash(NormalForm([A, B]))
    for g in range(6):
        exact = extreme_equilibria(A[g], B[g])
        rows = np.array([x + y for x, y in exact.strategies], float)
        own = eq.profiles[eq.owner == g]
        nearest = [np.abs(rows - row).max(axis=1).argmin() for row in own]
        assert sorted(nearest) == list(range(len(rows)))
        assert [exact.index[k] for k in nearest] == eq.index[g, : len(own)].tolist()
    assert (np.where(eq.index == NO_INDEX, 0, eq.index).sum(axis=1) == 1).all()


@pytest.mark.parametrize("shape", [(6, 6), (9, 7), (3, 40)], ids=str)
def test_indices_of_larger_games_sum_to_one(shape) -> None:
    """Shapley (1974): pure and mixed ones, of which there is one more with +1 than with -1."""
    eq = nash(NormalForm(list(np.random.default_rng(0).normal(size=(2, 20, *shape)))))
    filled = eq.index != NO_INDEX
    np.testing.assert_array_equal(eq.count, filled.sum(axis=1))
    np.testing.assert_array_equal(np.ones(20), np.where(filled, eq.index, 0).sum(axis=1))
    assert (eq.index[filled] == -1).any()


@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (1e-9, 0.0), (2.0**-1000, 0), (1, -1e9)])
def test_units_do_not_matter(scale, shift) -> None:
    game = textbook.GAMES["most equilibria"]
    payoffs = [np.array(P, float) for P in (game.A, game.B)]
    expected = nash(NormalForm(payoffs)).index
    assert [38, 37] == [(expected == sign).sum() for sign in (1, -1)]
    moved = nash(NormalForm([P * scale + shift for P in payoffs])).index
    np.testing.assert_array_equal(expected, moved)


def test_actions_that_change_places_keep_the_index() -> None:
    """Swapping two rows changes the sign of both determinants."""
    A, B = np.random.default_rng(1).normal(size=(2, 50, 4, 4))
    eq = nash(NormalForm([A, B]))
    swapped = nash(NormalForm([A[:, [1, 0, 2, 3]], B[:, [1, 0, 2, 3]]]))
    order = [1, 0, 2, 3, 4, 5, 6, 7]
    before, after = (
        {(g, *row.round(9)): i for g, row, i in zip(e.owner, rows, e.row_sets[1], strict=True)}
        for e, rows in ((eq, eq.profiles), (swapped, swapped.profiles[:, order]))
    )
    assert before == after


def test_a_pure_equilibrium_has_index_one_whatever_it_pays() -> None:
    assert index([[-5]], [[0]], [1, 1]) == [1]
    assert index([[0, 2], [-1, 0]], [[3, 0], [0, 0]], [1, 0, 1, 0]) == [1]


def test_both_actions_in_a_coordination_have_index_minus_one() -> None:
    assert index(np.eye(2), np.eye(2), [1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]) == [1, -1]
    assert index(np.eye(2), -np.eye(2), [0.5, 0.5, 0.5, 0.5]) == [1]


@pytest.mark.parametrize(
    ("A", "B", "profile"),
    [
        (np.zeros((2, 2)), np.eye(2), [0.5, 0.5, 0.5, 0.5]),
        (np.eye(2), [[1, 1], [0, 0]], [0.5, 0.5, 0.5, 0.5]),
        ([[0, 0, 0], [3, 1, 2], [6, 2, 4 + 1e-12]], np.eye(3), [1 / 3] * 6),
        (np.eye(2), np.eye(2), [1, 0, 0.5, 0.5]),
        ([[1, 0, 2], [0, 1, 2]], np.ones((2, 3)), [0.5, 0.5, 0.2, 0.2, 0.6]),
    ],
    ids=["first is indifferent", "second is", "nearly singular", "2 against 1", "2 against 3"],
)
def test_singular_and_unequal_supports_have_none(A, B, profile) -> None:
    assert index(A, B, profile) == [NO_INDEX]
