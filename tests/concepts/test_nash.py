"""All equilibria of two-player games: known answers, units, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts.nash import SupportEnumeration
from solver.errors import ConceptError
from solver.testing import laws, textbook

#: Positive affine maps: none, large and small units, and far from zero.
UNITS = {"as it is": (1.0, 0.0), "x1e12": (1e12, 0.0), "x1e-9": (1e-9, 0.0), "+1e12": (1.0, 1e12)}


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("name", textbook.GAMES)
def test_textbook_games_have_their_printed_equilibria(name: str, units: str) -> None:
    """Whatever the units are."""
    game = textbook.GAMES[name]
    scale, shift = UNITS[units]
    payoffs = [np.array(P) * scale + shift for P in (game.A, game.B)]
    eq = nash(NormalForm(payoffs))
    assert (Status.DEGENERATE if game.degenerate else Status.SOLVED) == eq.status
    assert eq.complete or game.degenerate
    expected = np.array([(*x, *y) for x, y in game.equilibria], np.float64)
    if eq.complete:
        assert game.number == eq.count
        found = eq.profiles[np.lexsort(np.round(eq.profiles, 6).T[::-1])]
        if game.equilibria:
            np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-9)
    else:
        apart = np.abs(eq.profiles[:, None] - expected).max(axis=2)
        assert (apart.min(axis=1) < 1e-9).all()
    laws.certified(eq)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_games_with_ties_are_complete_with_two_actions_or_one(n: int) -> None:
    """All payoffs zero: every pure profile is an extreme equilibrium."""
    for m in {1, min(n, 2)}:
        eq = nash(NormalForm([np.zeros((m, n))] * 2))
        if m == 1 or n == 2:
            assert eq.complete
            assert m * n == eq.count


def test_payoffs_are_those_of_the_profile() -> None:
    """Battle of the sexes: 6/5 each when both mix."""
    game = textbook.GAMES["battle of the sexes"]
    eq = nash(NormalForm([game.A, game.B]))
    payoffs = sorted(eq.payoffs.round(12).tolist())
    assert payoffs == [[1.2, 1.2], [2.0, 3.0], [3.0, 2.0]]


def test_payoffs_far_from_zero_keep_their_differences() -> None:
    """At 1e12 a payoff has three decimals: the mixture has sixteen."""
    eq = nash(NormalForm([np.array([[3, 0], [0, 2]]) + 1e12, np.array([[2, 0], [0, 3]]) - 1e12]))
    np.testing.assert_allclose([0.6, 0.4], eq.strategies[0][2], rtol=0.0, atol=1e-15)
    np.testing.assert_allclose([1e12 + 1.2, -1e12 + 1.2], eq.payoffs[2], rtol=0.0, atol=1e-3)


@pytest.mark.parametrize("players", [1, 3])
def test_another_number_of_players_is_refused(players: int) -> None:
    """With the number given, and what to use instead."""
    form = NormalForm([np.zeros((2,) * players)] * players)
    with pytest.raises(ConceptError, match=rf"two players.* has {players}: .*pure-nash"):
        nash(form)


def test_too_many_supports_are_refused() -> None:
    """The size, the work and the bound are named."""
    form = NormalForm([np.zeros((4, 4))] * 2)
    with pytest.raises(
        ConceptError, match="game has 69 pairs of supports, more than max_supports = 10"
    ):
        nash(form, SupportEnumeration(max_supports=10))


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    """A programmer's mistake."""
    form = NormalForm([np.zeros((2, 2))] * 2)
    with pytest.raises(
        ConceptError, match=r"unknown method of nash 'lemke': .*support-enumeration"
    ):
        nash(form, "lemke")


@pytest.mark.parametrize("method", [None, "support-enumeration", SupportEnumeration(tol=1e-6)])
def test_the_method_is_recorded(method: str | SupportEnumeration | None) -> None:
    """By name, with the tolerance that was used."""
    eq = nash(NormalForm([np.eye(3)] * 2), method)
    assert (eq.concept, eq.method, eq.measure) == ("nash", "support-enumeration", "regret")
    assert (1e-6 if isinstance(method, SupportEnumeration) else 1e-9) == eq.tol
