"""Vertex enumeration against exact brute force, and where floating point is hard."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash, pure_nash
from solver.testing import laws, oracles


@pytest.mark.parametrize("largest", [2, 3, 99])
@pytest.mark.parametrize("shape", [(1, 4), (2, 4), (4, 2), (3, 3), (3, 4), (4, 4)], ids=str)
def test_integer_games_are_solved_whole(shape: tuple[int, int], largest: int) -> None:
    """From nearly always a tie to hardly ever one, against exact vertex enumeration."""
    A, B = np.random.default_rng(largest).integers(0, largest, (2, 40, *shape))
    form = NormalForm([A, B])
    eq = nash(form)
    laws.certified(eq)
    assert eq.complete.all()
    laws.complete(form, eq)
    exact = [oracles.is_degenerate(a, b) for a, b in zip(A, B, strict=True)]
    np.testing.assert_array_equal(exact, eq.status == Status.DEGENERATE)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7])
def test_coordination_has_an_equilibrium_on_every_support(n: int) -> None:
    """The identity matrix for both: 2^n - 1 equilibria, uniform on each non-empty set."""
    eq = nash(NormalForm([np.eye(n), np.eye(n)]))
    assert 2**n - 1 == eq.count
    assert eq.status == Status.SOLVED
    x, y = eq.strategies
    np.testing.assert_allclose(x, y, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose((x > 0) / (x > 0).sum(-1, keepdims=True), x, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("shape", [(6, 6), (2, 4)], ids=str)
def test_random_games_have_an_odd_number_of_equilibria(shape: tuple[int, int]) -> None:
    """Lemke and Howson (1964): one that is dropped shows, without an oracle."""
    A, B = np.random.default_rng(0).normal(size=(2, 100, *shape))
    eq = nash(NormalForm([A, B]))
    assert (eq.status == Status.SOLVED).all()
    laws.certified(eq)
    laws.odd_number(eq)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 2), (3, 3), (4, 4)], ids=str)
def test_a_payoff_that_is_not_finite_spoils_its_own_game_only(
    solve: laws.Solver, shape: tuple[int, int], bad: float
) -> None:
    """Wherever it stands: every second game has one, in another cell each time."""
    cells = 2 * shape[0] * shape[1]
    payoffs = np.random.default_rng(0).normal(size=(2, 2 * cells, *shape))
    clean = solve(NormalForm(tuple(payoffs[:, ::2])))
    for k in range(cells):
        payoffs.reshape(2, 2 * cells, -1)[k % 2, 2 * k + 1, k // 2] = bad
    eq = solve(NormalForm(tuple(payoffs)))
    assert {int(Status.INVALID_INPUT)} == set(eq.status[1::2].tolist())
    assert not eq.complete[1::2].any()
    assert not eq.count[1::2].any()
    np.testing.assert_array_equal(clean.status, eq.status[::2])
    np.testing.assert_array_equal(clean.profiles, eq.profiles)


@pytest.mark.parametrize("penalty", [1.0, 1e3, 1e6, 1e7, 1e8])
def test_a_penalty_in_a_dominated_row_hides_no_equilibrium(penalty: float) -> None:
    """Rock, paper, scissors, and a row that nobody would ever play, however bad."""
    A = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0], [-penalty - 1] * 3])
    B = np.array([[0, 1, -1], [-1, 0, 1], [1, -1, 0], [0, 1, -1]])
    eq = nash(NormalForm([A, B]))
    assert eq.count == 1
    np.testing.assert_allclose([[1 / 3, 1 / 3, 1 / 3, 0]], eq.strategies[0], atol=1e-7)


@pytest.mark.parametrize(
    ("A", "B"),
    [
        ([[1, 2], [2, 0], [2, 1], [-1e8, -99999999]], [[2, 1], [3, 1], [0, 3], [-99, -100]]),
        (
            [[1, 0, 2], [3, 0, 3], [-9998, -1e4, -9999]],
            [[2, 2, 0], [1, 3, 3], [-1e8, -99999998, -99999999]],
        ),
    ],
    ids=["not converged", "wrong set"],
)
def test_a_penalty_beside_a_tie_makes_no_more_ties(
    A: list[list[float]], B: list[list[float]]
) -> None:
    """Differences of 1e-8 of the range are far from the 1e-11 at which ties begin."""
    form = NormalForm([A, B])
    eq = nash(form)
    laws.certified(eq)
    laws.complete(form, eq)


@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-300, 1e300])
@pytest.mark.parametrize("n", [2, 3])
def test_payoffs_at_the_ends_of_the_number_line_are_solved(n: int, scale: float) -> None:
    """Coordination in units near the least and the largest numbers there are."""
    eq = nash(NormalForm([np.eye(n) * scale] * 2))
    assert eq.status == Status.SOLVED
    assert 2**n - 1 == eq.count


def test_an_empty_batch_has_no_answers() -> None:
    """A sweep over nothing."""
    eq = nash(NormalForm([np.zeros((0, 3, 3))] * 2))
    assert eq.count.shape == (0,)
    assert eq.strategies[0].shape == (0, 0, 3)
    assert eq.payoffs.shape == (0, 0, 2)


@pytest.mark.parametrize("penalty", [1e6, 1e8, 1e10])
@pytest.mark.parametrize("shape", [(3, 3), (3, 4), (4, 4)])
def test_entries_that_stand_for_forbidden_lose_no_equilibrium(shape, penalty):
    """Players mix with probabilities of 1/penalty there, which rounding must not take for zero."""
    random = np.random.default_rng(3)
    for _ in range(25):
        A, B = random.integers(0, 10, (2, *shape)).astype(float)
        for payoffs in (A, B):
            payoffs.flat[random.choice(payoffs.size, 2, replace=False)] = -penalty
        eq = nash(NormalForm(payoffs=(A, B)))
        if eq.complete:
            truth = oracles.extreme_equilibria(A, B)
            found = np.array([np.concatenate(pair) for pair in truth], np.float64)
            for row in found:  # within ties of 1e-12 of the range there may be more
                assert np.abs(eq.profiles - row).max(axis=1).min() < 1e-6
