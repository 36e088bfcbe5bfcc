"""Pure equilibria of any number of players: known answers, ties, and games without any."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from solver import NormalForm, Status, pure_nash
from solver.testing import laws, textbook

Payoffs = list[NDArray[np.float64]]


def played(form: NormalForm) -> list[tuple[int, ...]]:
    """The profiles found for one game, as action numbers."""
    eq = pure_nash(form)
    return list(zip(*(s.argmax(axis=-1).tolist() for s in eq.strategies), strict=True))


def public_good(players: int, needed: int) -> Payoffs:
    """Giving costs 1; when enough give, everybody gets 3 (Palfrey and Rosenthal 1984)."""
    gives = np.indices((2,) * players)
    return [3.0 * (gives.sum(axis=0) >= needed) - give for give in gives]


#: name: payoffs and every pure equilibrium, in row-major order.
KNOWN: dict[str, tuple[Payoffs, list[tuple[int, ...]]]] = {
    "one player": ([np.array([1.0, 3.0, 3.0, 2.0])], [(1,), (2,)]),
    "one action each": ([np.zeros((1, 1, 1))] * 3, [(0, 0, 0)]),
    "three give when three are needed": (public_good(3, 3), [(0, 0, 0), (1, 1, 1)]),
    "two of three give when two are needed": (
        public_good(3, 2),
        [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)],
    ),
    "one of four gives when one is needed": (
        public_good(4, 1),
        [(0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0)],
    ),
}


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (1e12, 0.0), (1e-9, 0.0), (1.0, 1e12)])
@pytest.mark.parametrize("name", KNOWN)
def test_known_games_have_their_known_equilibria(name: str, scale: float, shift: float) -> None:
    """Whatever the units are."""
    payoffs, expected = KNOWN[name]
    form = NormalForm([payoff * scale + shift for payoff in payoffs])
    assert expected == played(form)
    laws.certified(pure_nash(form))


@pytest.mark.parametrize("name", textbook.GAMES)
def test_textbook_games_have_the_pure_ones_of_their_equilibria(name: str) -> None:
    """Extreme equilibria that are pure, and no others."""
    game = textbook.GAMES[name]
    if game.equilibria:
        expected = [(x.index(1), y.index(1)) for x, y in game.equilibria if {*x, *y} <= {0, 1}]
        assert sorted(expected) == played(NormalForm([game.A, game.B]))


def test_a_game_without_pure_equilibria_says_so() -> None:
    """Matching pennies: that none exists is an answer, and it is proven."""
    eq = pure_nash(NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    assert eq.status == Status.NONE_EXIST
    assert eq.count == 0
    assert eq.complete
    assert eq.strategies[0].shape == (0, 2)
    assert eq.check() is eq


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.0, 2), (1e-13, 2), (1e-11, 1)], ids=["tie", "rounding", "gain"]
)
def test_gains_below_rounding_are_ties(gain: float, expected: int) -> None:
    """Up to 1e-12 of the payoff range, measured in the whole game."""
    assert expected == len(played(NormalForm([[1.0, 1.0 + gain, 0.0]])))


def test_a_player_without_influence_has_only_best_responses() -> None:
    """A constant payoff is a tie of everything."""
    assert played(NormalForm([np.zeros((2, 2)), [[1, 0], [1, 0]]])) == [(0, 0), (1, 0)]


def test_the_batch_keeps_its_shape() -> None:
    """Two batch axes and three players."""
    payoffs = np.random.default_rng(0).normal(size=(3, 4, 5, 2, 2, 2))
    eq = pure_nash(NormalForm(tuple(payoffs)))
    assert (4, 5) == eq.count.shape == eq.status.shape == eq.complete.shape
    assert (4, 5, eq.slots, 3) == eq.payoffs.shape
