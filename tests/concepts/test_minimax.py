"""Zero-sum games and security strategies as a concept: laws, units, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts.coco import coco
from solver.concepts.minimax import Security, Simplex, minimax
from solver.errors import ConceptError, ParameterError

PENNIES = np.array([[1.0, -1], [-1, 1]])


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 3)], ids=str)
@pytest.mark.parametrize("kind", ["normal", "integers"])
def test_the_values_are_those_of_every_nash_equilibrium_and_of_coco(kind: str, shape) -> None:
    """Constant-sum games: von Neumann 1928, Kalai and Kalai 2013."""
    rng = np.random.default_rng([len(kind), *shape])
    A = (
        rng.normal(size=(40, *shape))
        if kind == "normal"
        else rng.integers(0, 4, (40, *shape)) * 1.0
    )
    form = NormalForm([A, 3.0 - A])
    eq, all_nash = minimax(form), nash(form)
    assert (eq.status == Status.SOLVED).all()
    every = np.where(np.isnan(all_nash.payoffs), eq.payoffs, all_nash.payoffs)
    np.testing.assert_allclose(every, np.broadcast_to(eq.payoffs, every.shape), atol=1e-9)
    np.testing.assert_allclose(coco(form).payoffs, eq.payoffs, rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(3.0, eq.payoffs.sum(axis=-1), rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (3, 5)], ids=str)
def test_unique_strategies_are_the_only_nash_equilibrium(shape) -> None:
    A = np.random.default_rng(2).integers(0, 4, (200, *shape)) * 1.0
    form = NormalForm([A, -A])
    eq, all_nash = minimax(form), nash(form)
    assert eq.complete.any()
    assert not eq.complete.all()
    assert (all_nash.count[eq.complete] == 1).all()
    assert eq.complete[(all_nash.status == Status.SOLVED) & (all_nash.count == 1)].all()


def test_a_game_that_is_not_constant_sum_is_invalid_for_the_simplex_method() -> None:
    """And stops no other element; far from zero the rounding of the payoffs is allowed for."""
    A = np.stack([PENNIES, PENNIES, PENNIES + 1e12])
    B = np.stack([-PENNIES, PENNIES, 0.3 - PENNIES - 1e12])
    eq = minimax(NormalForm([A, B]))
    assert [Status.SOLVED, Status.INVALID_INPUT, Status.SOLVED] == eq.status.tolist()
    assert [1, 0, 1] == eq.count.tolist()
    assert np.isnan(eq.payoffs[1]).all()
    slightly = -PENNIES + np.array([[1e-10, 0], [0, 0]])
    with pytest.raises(ConceptError, match="method security gives what each player can secure"):
        minimax(NormalForm([PENNIES, slightly]))


def test_security_levels_are_what_each_player_can_guarantee_itself() -> None:
    """Battle of the sexes: 2/3 each, by (1/3, 2/3); no equilibrium pays less."""
    form = NormalForm([[[2.0, 0], [0, 1]], [[1.0, 0], [0, 2]]])
    eq = minimax(form, "security")
    np.testing.assert_allclose([[2 / 3, 2 / 3]], eq.payoffs, rtol=0.0, atol=1e-15)
    np.testing.assert_allclose([[1 / 3, 2 / 3]], eq.strategies[0], rtol=0.0, atol=1e-15)
    np.testing.assert_allclose([[2 / 3, 1 / 3]], eq.strategies[1], rtol=0.0, atol=1e-15)
    assert (eq.method, eq.measure, eq.status) == ("security", "duality gap", Status.SOLVED)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (3, 4)], ids=str)
def test_no_nash_equilibrium_pays_less_than_security(shape) -> None:
    A, B = np.random.default_rng(8).integers(-3, 4, (2, 60, *shape)) * 1.0
    form = NormalForm([A, B])
    eq = minimax(form, Security())
    assert (nash(form).payoffs >= eq.payoffs - 1e-9)[~np.isnan(nash(form).payoffs)].all()
    x, y = eq.strategies
    np.testing.assert_allclose((x @ A).min(axis=(1, 2)), eq.payoffs[:, 0, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        (B @ y.swapaxes(1, 2)).min(axis=(1, 2)), eq.payoffs[:, 0, 1], rtol=0, atol=1e-12
    )


def test_security_and_simplex_agree_on_constant_sum_games() -> None:
    A = np.random.default_rng(9).normal(size=(2, 20, 3, 4))
    form = NormalForm([A, 7.0 - A])
    np.testing.assert_allclose(
        minimax(form).payoffs, minimax(form, "security").payoffs, rtol=0.0, atol=1e-12
    )


def test_the_gap_is_recomputed_from_the_payoffs_and_bounds_the_error() -> None:
    A = np.random.default_rng(10).normal(size=(30, 6, 6))
    eq = minimax(NormalForm([A, -A]), Simplex(tol=1e-6))
    x, y = (s[:, 0] for s in eq.strategies)
    conceded = np.einsum("gij,gj->gi", A, y).max(axis=1)
    guaranteed = np.einsum("gi,gij->gj", x, A).min(axis=1)
    gap = (conceded - guaranteed) / np.ptp(A, axis=(1, 2))
    np.testing.assert_allclose(gap, eq.gap[:, 0, 0], rtol=0.0, atol=1e-15)
    assert eq.tol == 1e-6


@pytest.mark.parametrize("players", [1, 3])
def test_another_number_of_players_is_refused(players: int) -> None:
    form = NormalForm([np.zeros((2,) * players)] * players)
    with pytest.raises(ConceptError, match=rf"minimax .* two players, this game has {players}"):
        minimax(form)


@pytest.mark.parametrize("method", [Simplex, Security])
@pytest.mark.parametrize("tol", [-1.0, float("nan")])
def test_a_tolerance_that_is_no_number_is_refused(method, tol: float) -> None:
    with pytest.raises(ParameterError, match=r"tol = .* is no number"):
        method(tol=tol)


def test_an_empty_batch_is_answered() -> None:
    eq = minimax(NormalForm([np.zeros((0, 3, 3))] * 2))
    assert (eq.count.shape, eq.strategies[0].shape) == ((0,), (0, 0, 3))
