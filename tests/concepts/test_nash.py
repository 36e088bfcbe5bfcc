"""All equilibria of two-player games: known answers, units, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts.nash import VertexEnumeration
from solver.errors import ConceptError, ParameterError
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
    assert eq.status == (Status.DEGENERATE if game.degenerate else Status.SOLVED)
    assert eq.complete
    assert game.number == eq.count
    if game.equilibria:
        expected = np.array([(*x, *y) for x, y in game.equilibria], np.float64)
        found = eq.profiles[np.lexsort(np.round(eq.profiles, 6).T[::-1])]
        np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-9)
    laws.certified(eq)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (2, 2), (3, 2), (4, 4)], ids=str)
def test_indifferent_players_have_every_pure_profile(shape: tuple[int, int]) -> None:
    """All payoffs zero: the corners of a product of simplices."""
    eq = nash(NormalForm([np.zeros(shape)] * 2))
    assert eq.complete
    assert shape[0] * shape[1] == eq.count
    assert eq.status == (Status.DEGENERATE if max(shape) > 1 else Status.SOLVED)


def test_too_many_vertices_are_not_called_complete() -> None:
    """The pure equilibria are given, without a claim; more room gives the rest."""
    form = NormalForm([np.eye(8)] * 2)
    eq = nash(form, VertexEnumeration(max_vertices=100))
    assert (eq.status, eq.complete, eq.count) == (Status.TRUNCATED, False, 8)
    laws.certified(eq)
    eq = nash(form, VertexEnumeration(max_vertices=400))
    assert (eq.status, eq.complete, eq.count) == (Status.SOLVED, True, 255)


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


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    """A programmer's mistake."""
    form = NormalForm([np.zeros((2, 2))] * 2)
    with pytest.raises(ConceptError, match=r"unknown method of nash 'lemke': .*vertex-enumeration"):
        nash(form, "lemke")


@pytest.mark.parametrize("method", [None, "vertex-enumeration", VertexEnumeration(tol=1e-6)])
def test_the_method_is_recorded(method: str | VertexEnumeration | None) -> None:
    """By name, with the tolerance that was used."""
    eq = nash(NormalForm([np.eye(3)] * 2), method)
    assert (eq.concept, eq.method, eq.measure) == ("nash", "vertex-enumeration", "regret")
    assert (1e-6 if isinstance(method, VertexEnumeration) else 1e-9) == eq.tol


@pytest.mark.parametrize(
    "options",
    [{"max_vertices": 0}, {"max_vertices": 2.5}, {"max_vertices": 10**30}, {"max_exact": -1}],
    ids=str,
)
def test_limits_that_are_no_numbers_are_refused(options: dict[str, int]) -> None:
    """With the name and what is allowed."""
    with pytest.raises(ParameterError, match=f"{next(iter(options))} = .* is no whole number from"):
        VertexEnumeration(**options)


def test_a_tolerance_that_is_no_number_is_refused() -> None:
    """NaN would call anything solved."""
    with pytest.raises(ParameterError, match="tol = nan is no number"):
        VertexEnumeration(tol=float("nan"))
