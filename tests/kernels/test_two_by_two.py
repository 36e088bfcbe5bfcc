"""The closed form of 2x2 games is complete on every tie there can be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.testing import laws, oracles

#: All 2x2 games with payoffs 0, 1, 2: every order of four payoffs with every tie occurs.
ALL = np.array(list(product(range(3), repeat=8)), np.float64).reshape(-1, 2, 2, 2).swapaxes(0, 1)


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (1e-9, 0.0), (1.0, 1e12)], ids=str)
def test_every_small_integer_game_is_solved_whole(scale: float, shift: float) -> None:
    """The 6561 of them, in any units, against exact vertex enumeration."""
    eq = nash(NormalForm(tuple(ALL * scale + shift)))
    expected = [oracles.extreme_equilibria(A, B) for A, B in zip(*ALL, strict=True)]
    degenerate = [oracles.is_degenerate(A, B) for A, B in zip(*ALL, strict=True)]
    np.testing.assert_array_equal([len(found) for found in expected], eq.count)
    np.testing.assert_array_equal(np.where(degenerate, Status.DEGENERATE, Status.SOLVED), eq.status)
    assert eq.complete.all()
    rows = np.array([(*x, *y) for found in expected for x, y in found], np.float64)
    np.testing.assert_allclose(rows, in_order(eq.profiles, eq.owner), rtol=0.0, atol=1e-9)
    assert eq.gap[np.isfinite(eq.gap)].max() < 1e-9


def in_order(profiles: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Sort the rows of each game, which stay together."""
    keys = np.round(profiles, 6).T[::-1]
    return profiles[np.lexsort((*keys, owner))]


def test_random_games_have_one_or_three_equilibria() -> None:
    """Wilson (1971): an odd number; two players with two actions have at most three."""
    A, B = np.random.default_rng(0).normal(size=(2, 10_000, 2, 2))
    eq = nash(NormalForm([A, B]))
    laws.certified(eq)
    assert {1, 3} == set(eq.count.tolist())
    assert {int(Status.SOLVED)} == set(eq.status.tolist())


@pytest.mark.parametrize("gap", [1e-6, 1e-9, 1e-11])
def test_a_narrow_win_is_not_a_tie(gap: float) -> None:
    """Relative to the payoff range, ties begin at 1e-12."""
    eq = nash(NormalForm([[[1.0, 0.0], [1.0 - gap, 1.0]], [[1.0, 0.0], [0.0, 1.0]]]))
    assert eq.status == Status.SOLVED
    assert eq.count == 3


@pytest.mark.parametrize("gap", [1e-13, 1e-16, 0.0])
def test_a_win_below_rounding_is_a_tie(gap: float) -> None:
    """And then the extreme equilibria of the game with the tie are given."""
    eq = nash(NormalForm([[[1.0, 0.0], [1.0 - gap, 1.0]], [[1.0, 0.0], [0.0, 1.0]]]))
    assert eq.status == Status.DEGENERATE
    expected = oracles.extreme_equilibria([[1, 0], [1, 1]], [[1, 0], [0, 1]])
    assert len(expected) == eq.count
