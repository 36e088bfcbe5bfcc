"""The exact oracle against theorems, textbooks and two other programs."""

from __future__ import annotations

from fractions import Fraction

import nashpy
import numpy as np
import pygambit
import pytest
from hypothesis import given

from solver import NormalForm
from solver.testing import bimatrix_games, normal_forms, oracles, textbook

F = Fraction


@pytest.mark.parametrize("name", textbook.GAMES)
def test_textbook_games_have_their_printed_equilibria(name: str) -> None:
    """Exactly, in sorted order."""
    game = textbook.GAMES[name]
    found = oracles.extreme_equilibria(game.A, game.B)
    assert game.number == len(found)
    assert list(game.equilibria or found) == found
    assert game.degenerate == oracles.is_degenerate(game.A, game.B)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_coordination_has_an_equilibrium_on_every_support(n: int) -> None:
    """The identity matrix for both: 2^n - 1 equilibria, uniform on each non-empty subset."""
    A = np.eye(n)
    assert 2**n - 1 == len(oracles.extreme_equilibria(A, A))
    assert not oracles.is_degenerate(A, A)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_indifferent_players_have_every_pure_profile_as_extreme_equilibrium(n: int) -> None:
    """All payoffs zero: the whole product of simplices, which has n^2 vertices."""
    A = np.zeros((n, n))
    assert n**2 == len(oracles.extreme_equilibria(A, A))
    assert (n > 1) == oracles.is_degenerate(A, A)


@given(form=bimatrix_games(actions=(1, 3)))
def test_what_the_oracle_lists_are_equilibria(form: NormalForm) -> None:
    """By the definition: what is played pays the most. And a sure thing exists (Nash 1950)."""
    A, B = (np.asarray(oracles.exact(payoff)) for payoff in form.payoffs)
    found = oracles.extreme_equilibria(A, B)
    assert found == sorted(set(found)) != []
    for x, y in found:
        assert 1 == sum(x) == sum(y)
        assert (A @ y).max() == x @ A @ y
        assert (x @ B).max() == x @ B @ y


@given(form=bimatrix_games(kind="generic"))
def test_games_without_ties_have_an_odd_number(form: NormalForm) -> None:
    """Lemke and Howson (1964)."""
    A, B = form.payoffs
    assert len(oracles.extreme_equilibria(A, B)) % 2 == 1
    assert not oracles.is_degenerate(A, B)


@pytest.mark.parametrize("seed", range(48))
def test_the_oracle_agrees_with_gambit(seed: int) -> None:
    """Integer games with many ties, against exact enumeration of mixed strategies."""
    rng = np.random.default_rng(seed)
    A, B = rng.integers(-1, 3, (2, *rng.integers(1, 5, 2)))
    game = pygambit.StrategicGame.from_arrays(A, B)
    profiles = pygambit.nash.enummixed_solve(game).equilibria
    theirs = {
        tuple(
            tuple(Fraction(str(p)) for p in dict(profile[player]).values())
            for player in game.players
        )
        for profile in profiles
    }
    assert sorted(theirs) == oracles.extreme_equilibria(A, B)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # nashpy warns of an even number
@pytest.mark.parametrize("seed", range(24))
def test_the_oracle_has_all_that_nashpy_finds(seed: int) -> None:
    """Vertex enumeration in floating point misses some in degenerate games: a subset."""
    rng = np.random.default_rng(seed)
    A, B = rng.integers(0, 9, (2, *rng.integers(2, 4, 2)))
    ours = [np.array([*x, *y], np.float64) for x, y in oracles.extreme_equilibria(A, B)]
    for x, y in nashpy.Game(A, B).vertex_enumeration():
        assert min(np.abs(np.concatenate([x, y]) - one).max() for one in ours) < 1e-9


def test_the_margin_is_the_distance_to_one_more_tie() -> None:
    """Of range 4, the first player's best row is ahead by one in the first column."""
    assert oracles.margin([[1, 4], [0, 0]], [[0, 1], [0, 1]]) == F(1, 4)
    assert oracles.margin([[1, 4], [1, 0]], [[0, 1], [0, 1]]) == 1


def test_floats_are_taken_at_their_exact_value() -> None:
    """1e-9 three times is not 3e-9, so that this is almost a tie; `simplest` undoes it."""
    A, B = np.array([[1e-9 + 1e-9 + 1e-9, 0.0], [3e-9, 1e-9]]), np.eye(2)
    assert not oracles.is_degenerate(A, B)
    assert oracles.margin(A, B) < 1e-12
    assert oracles.is_degenerate(oracles.simplest(A), B)
    assert oracles.simplest(A) == ((F(1), F(0)), (F(1), F(1, 3)))


def test_simplest_keeps_what_is_not_a_plain_fraction() -> None:
    """Irrational payoffs are nobody's rounding error."""
    A = np.random.default_rng(0).random((3, 3))
    kept = np.array(oracles.simplest(A), np.float64)
    np.testing.assert_allclose((A - A.min()) / np.ptp(A), kept, rtol=0.0, atol=1e-15)


def test_pure_equilibria_of_three_players_are_those_of_the_definition() -> None:
    """The minority wins: any split is an equilibrium, unanimity is not one."""
    a, b, c = np.indices((2, 2, 2))
    alone = [(a != b) & (a != c), (b != a) & (b != c), (c != a) & (c != b)]
    expected = [(0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0)]
    assert expected == oracles.pure_equilibria([payoff.astype(int) for payoff in alone])


def test_slack_lets_small_gains_pass() -> None:
    """Relative to the payoff range."""
    A, B = [[0.0, 0.0], [1e-6, 1.0]], [[1.0, 0.0], [1.0, 0.0]]
    assert oracles.pure_equilibria([A, B]) == [(1, 0)]
    assert oracles.pure_equilibria([A, B], slack=1e-5) == [(0, 0), (1, 0)]


@given(form=normal_forms(players=(2, 2), kind="ties"))
def test_pure_equilibria_are_the_extreme_ones_that_are_pure(form: NormalForm) -> None:
    """Two independent oracles agree where both apply."""
    mixed = oracles.extreme_equilibria(*form.payoffs)
    pure = [(x.index(1), y.index(1)) for x, y in mixed if {*x, *y} <= {0, 1}]
    assert sorted(pure) == oracles.pure_equilibria(form.payoffs)
