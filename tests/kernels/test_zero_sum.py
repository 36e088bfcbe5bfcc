"""Matrix games: values and strategies against linear programs, closed forms and theorems."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from solver.concepts._matrix_games import MatrixGames, matrix_games
from solver.equilibria import Status

SHAPES = [(1, 1), (1, 4), (4, 1), (2, 2), (2, 3), (3, 2), (3, 3), (4, 4), (3, 7), (12, 9), (30, 40)]


DIAGONAL = np.array([12, 6, 4, 3]) / 25


def solved(payoffs, tol: float = 1e-9) -> MatrixGames:
    P = np.ascontiguousarray(payoffs, np.float64)
    return matrix_games(P.reshape(-1, *P.shape[-2:]), tol)


def by_highs(A) -> float:
    """Maximise v with x A >= v."""
    m, n = A.shape
    cost = np.r_[np.zeros(m), -1.0]
    above = np.hstack((-A.T, np.ones((n, 1))))
    done = linprog(
        cost, A_ub=above, b_ub=np.zeros(n), A_eq=[np.r_[np.ones(m), 0.0]], b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)], method="highs",
    )  # fmt: skip
    return -done.fun


def family(name: str, shape: tuple[int, int], games: int):
    rng = np.random.default_rng([len(name), *shape])
    if name == "normal":
        return rng.normal(size=(games, *shape))
    if name == "integers":
        return rng.integers(-1, 3, (games, *shape)).astype(float)
    if name == "zeros and ones":
        return rng.integers(0, 2, (games, *shape)).astype(float)
    if name == "copied rows and columns":
        base = rng.normal(size=(games, *shape))
        base[:, -1] = base[:, 0]
        base[:, :, -1] = base[:, :, 0]
        return base
    if name == "low rank":
        return rng.normal(size=(games, shape[0], 1)) * rng.normal(size=(games, 1, shape[1]))
    return rng.lognormal(sigma=6.0, size=(games, *shape))  # "many sizes"


FAMILIES = (
    "normal", "integers", "zeros and ones", "copied rows and columns", "low rank", "many sizes",
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", FAMILIES)
def test_the_value_is_that_of_a_linear_program(name: str, shape: tuple[int, int]) -> None:
    """And the strategies prove it: x guarantees, and y concedes, no other."""
    P = family(name, shape, 6)
    found = solved(P)
    assert (found.status == Status.SOLVED).all()
    for g, A in enumerate(P):
        spread = np.ptp(A) or 1.0
        x, y = found.strategies[g, : shape[0]], found.strategies[g, shape[0] :]
        value = by_highs(A / spread) * spread
        assert np.isclose(value, (x @ A).min(), rtol=0.0, atol=1e-8 * spread)
        assert np.isclose(value, (A @ y).max(), rtol=0.0, atol=1e-8 * spread)
        assert np.isclose(value, found.value[g], rtol=0.0, atol=1e-8 * spread)
        assert min(x.min(), y.min()) >= 0.0


@pytest.mark.parametrize(
    ("A", "value", "x", "y"),
    [
        ([[1, -1], [-1, 1]], 0, [1 / 2, 1 / 2], [1 / 2, 1 / 2]),
        ([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], 0, [1 / 3] * 3, [1 / 3] * 3),
        # Two-finger Morra, and a saddle point.
        ([[2, -3], [-3, 4]], -1 / 12, [7 / 12, 5 / 12], [7 / 12, 5 / 12]),
        ([[4, 2, 3], [1, 0, 5], [9, 1, 0]], 2, [1, 0, 0], [0, 1, 0]),
        # A diagonal game: weights in inverse proportion.
        (np.diag([1.0, 2, 3, 4]), 12 / 25, DIAGONAL, DIAGONAL),
    ],
    ids=["matching pennies", "rock paper scissors", "morra", "saddle", "diagonal"],
)  # fmt: skip
def test_known_games_have_their_only_solution(A, value, x, y) -> None:
    found = solved([A, A])
    np.testing.assert_allclose(value, found.value, rtol=0.0, atol=1e-14)
    np.testing.assert_allclose([[*x, *y]] * 2, found.strategies, rtol=0.0, atol=1e-14)
    assert found.unique.all()


@pytest.mark.parametrize(("size", "games"), [(3, 300), (5, 60)])
def test_symmetric_games_are_worth_nothing(size: int, games: int) -> None:
    """A = -A' has value zero (Gale, Kuhn and Tucker 1950)."""
    for P in (family("normal", (size, size), games), family("integers", (size, size), games)):
        found = solved(P - P.swapaxes(1, 2))
        np.testing.assert_allclose(0.0, found.value, rtol=0.0, atol=1e-13)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 5)], ids=str)
@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (1e-12, 0.0), (1.0, 1e12), (1e-300, 0)])
def test_units_and_shifts_change_no_strategy(shape, scale: float, shift: float) -> None:
    P = np.random.default_rng(3).integers(-8, 9, (50, *shape)).astype(float)
    plain, moved = solved(P), solved(P * scale + shift)
    assert (moved.status == Status.SOLVED).all()
    if scale == 1.0:
        np.testing.assert_allclose(plain.strategies, moved.strategies, rtol=0.0, atol=1e-9)
        np.testing.assert_allclose(plain.value + shift, moved.value, rtol=0.0, atol=1e-3)
    else:
        np.testing.assert_allclose(plain.value * scale, moved.value, rtol=1e-9, atol=1e-9 * scale)


def test_several_optimal_strategies_are_not_called_the_only_ones() -> None:
    """A copied column, a constant game, a value that two saddle points share."""
    games = ([[1.0, -1, -1], [-1, 1, 1]], [[2.0, 2, 2], [2, 2, 2]], [[0.0, 0, 1], [0, 0, 1]])
    assert not solved(games).unique.any()
    assert not solved([[[0.0, 0], [-1, 1]]] * 2).unique.any()


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (2, 4)], ids=str)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_payoff_that_is_not_finite_spoils_its_game_only(shape, bad: float) -> None:
    P = np.random.default_rng(5).normal(size=(5, *shape))
    expected = solved(P)
    P[2, -1, 0] = bad
    found = solved(P)
    assert [0, 0, 5, 0, 0] == found.status.tolist()
    others = [0, 1, 3, 4]
    np.testing.assert_array_equal(expected.strategies[others], found.strategies[others])


@pytest.mark.parametrize("shape", [(2, 3), (4, 5), (10, 10), (16, 16)], ids=str)
@pytest.mark.parametrize("name", FAMILIES)
def test_a_game_is_answered_among_others_as_alone(name: str, shape: tuple[int, int]) -> None:
    """Bit by bit, wherever it stands, and with one that is not finite among them."""
    P = family(name, shape, 70)
    P[33, 0, 1] = np.nan
    together = solved(P)
    alone = [solved(P[g]) for g in range(len(P))]
    for field in ("strategies", "value", "gap", "status", "unique"):
        expected = np.concatenate([getattr(one, field) for one in alone])
        np.testing.assert_array_equal(expected, getattr(together, field))


@pytest.mark.parametrize("shape", [(3, 4), (10, 10), (16, 9)], ids=str)
@pytest.mark.parametrize("name", FAMILIES)
def test_games_side_by_side_have_the_value_of_the_game_alone(name, shape) -> None:
    """One more row that is dominated makes a game too large for the lanes, and worth the same."""
    P = family(name, shape, 40)
    worst = np.repeat(P.min(axis=(1, 2), keepdims=True), shape[1], axis=2)
    larger = np.concatenate((P, *[worst] * (17 - shape[0])), axis=1)
    expected, found = solved(larger), solved(P)
    assert max(expected.gap.max(), found.gap.max()) <= 1e-10
    spread = np.ptp(P, axis=(1, 2))
    assert (abs(expected.value - found.value) <= 1e-10 * spread).all()


def test_a_gap_over_the_tolerance_is_not_called_solved() -> None:
    """No mixture of thirds is exact."""
    P = np.random.default_rng(6).normal(size=(200, 5, 5))
    found = solved(P, tol=0.0)
    assert Status.NOT_CONVERGED in found.status
    assert ((found.gap > 0.0) == (found.status == Status.NOT_CONVERGED)).all()
    assert not found.unique[found.gap > 0.0].any()
