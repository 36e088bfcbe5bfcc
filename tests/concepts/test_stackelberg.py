"""Commitment: published values, programs solved by HiGHS, grids, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from solver import NormalForm, Status, nash
from solver.concepts.stackelberg import Commitment, PureCommitment, stackelberg
from solver.errors import ConceptError, ParameterError

SHAPES = [(1, 3), (3, 1), (2, 2), (2, 4), (3, 3), (4, 3), (6, 6)]
KINDS = ["normal", "integers", "copied columns"]
#: Examples of Conitzer and Sandholm (2006), and a third game, with the commitments and values that
#: OpenSpiel tests them for (stackelberg_lp_test.py).
PRINTED = {
    "figure 1": ([[2, 4], [1, 3]], [[1, 0], [0, 1]], [1 / 2, 1 / 2], 3.5),
    "two rows": ([[2, 0, 0], [1, 0, 0]], [[0, 2, 5], [0, -1, -4]], [1 / 3, 2 / 3], 4 / 3),
    "a dominated reply": ([[3, 9], [9, 1]], [[0, 0], [1, 8]], [1, 0], 9.0),
}


def games(shape: tuple[int, int], kind: str, number: int = 25):
    rng = np.random.default_rng([len(kind), *shape])
    A, B = rng.normal(size=(2, number, *shape))
    if kind == "integers":
        A, B = np.round(A * 2), np.round(B)
    if kind == "copied columns":
        B[..., -1] = B[..., 0]
    return A, B


def by_programs(A, B) -> float:
    """The best over replies of a linear program each, by HiGHS."""
    best = -np.inf
    for j in range(A.shape[1]):
        done = linprog(
            -A[:, j], A_ub=(B - B[:, [j]]).T, b_ub=np.zeros(A.shape[1]),
            A_eq=np.ones((1, A.shape[0])), b_eq=[1.0], method="highs",
        )  # fmt: skip
        best = max(best, -done.fun) if done.status == 0 else best
    return best


@pytest.mark.parametrize("name", PRINTED)
def test_printed_games_have_their_value(name: str) -> None:
    A, B, mixture, value = PRINTED[name]
    eq = stackelberg(NormalForm([A, B]))
    np.testing.assert_allclose(value, eq.payoffs[0, 0], rtol=0.0, atol=1e-14)
    np.testing.assert_allclose(mixture, eq.strategies[0][0], rtol=0.0, atol=1e-14)
    assert (eq.status, eq.complete) == (Status.SOLVED, True)


@pytest.mark.parametrize("leader", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_strong_values_are_those_of_linear_programs(shape, kind: str, leader: int) -> None:
    A, B = games(shape, kind)
    eq = stackelberg(NormalForm([A, B]), Commitment(leader=leader))
    own = (A, B) if leader == 0 else (B.swapaxes(1, 2), A.swapaxes(1, 2))
    expected = [by_programs(a, b) for a, b in zip(*own, strict=True)]
    np.testing.assert_allclose(expected, eq.payoffs[:, 0, leader], rtol=0.0, atol=1e-8)
    assert (eq.status == Status.SOLVED).all()
    x, y = (s[:, 0] for s in eq.strategies)
    for P, paid in zip((A, B), eq.payoffs[:, 0].T, strict=True):
        np.testing.assert_allclose(np.einsum("gi,gij,gj->g", x, P, y), paid, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4)], ids=str)
def test_a_leader_gets_at_least_its_best_nash_payoff(shape, kind: str) -> None:
    """von Stengel and Zamir 2010: a strong follower; a weak one leaves the worst at least."""
    form = NormalForm(games(shape, kind))
    equilibria = nash(form).payoffs
    for leader in (0, 1):
        led = stackelberg(form, Commitment(leader=leader)).payoffs[:, 0, leader]
        assert (led >= np.nanmax(equilibria[..., leader], axis=1) - 1e-9).all()
        weak = stackelberg(form, Commitment(leader=leader, follower="weak"))
        assert (weak.payoffs[:, 0, leader] <= led + 1e-9).all()
        pure = stackelberg(form, PureCommitment(leader=leader)).payoffs[:, 0, leader]
        assert (pure <= led + 1e-9).all()


def grid(rows: int, steps: int):
    """Mixtures of two or three rows."""
    t = np.linspace(0.0, 1.0, steps + 1)
    if rows == 2:
        return np.stack((t, 1 - t), axis=1)
    u, v = np.meshgrid(t, t)
    inside = u + v <= 1.0 + 1e-12
    return np.stack((u[inside], v[inside], np.maximum(1.0 - u - v, 0.0)[inside]), axis=1)


def weakly(x, a, b):
    """What mixtures (P, m) pay the leader if ties go against it."""
    answers = x @ b
    best = answers >= answers.max(axis=1, keepdims=True) - 1e-9
    return np.where(best, x @ a, np.inf).min(axis=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 2), (2, 4), (3, 3)], ids=str)
def test_weak_values_are_the_supremum_over_a_grid(shape, kind: str) -> None:
    """No mixture of a fine grid pays more, and some next to the one given nearly as much."""
    A, B = games(shape, kind)
    eq = stackelberg(NormalForm([A, B]), Commitment(follower="weak"))
    assert np.isin(eq.status, (Status.SOLVED, Status.DEGENERATE)).all()
    x = grid(shape[0], 1999 if shape[0] == 2 else 149)
    for g, (a, b) in enumerate(zip(A, B, strict=True)):
        value = eq.payoffs[g, 0, 0]
        assert weakly(x, a, b).max() <= value + 1e-6
        # A little way towards some mixture the reply is the only best one.
        near = 0.999 * eq.strategies[0][g] + 0.001 * x
        assert weakly(near, a, b).max() >= value - 0.002 * np.ptp(a)


@pytest.mark.parametrize("name", PRINTED)
def test_a_supremum_that_is_not_attained_is_called_degenerate(name: str) -> None:
    A, B, mixture, value = PRINTED[name]
    eq = stackelberg(NormalForm([A, B]), Commitment(follower="weak"))
    np.testing.assert_allclose(value, eq.payoffs[0, 0], rtol=0.0, atol=1e-14)
    np.testing.assert_allclose(mixture, eq.strategies[0][0], rtol=0.0, atol=1e-14)
    assert (eq.status, eq.complete) == (Status.DEGENERATE, False)


def test_a_weak_follower_who_never_cares_picks_the_worst() -> None:
    """Matching pennies for the leader, nothing for the follower: the minimax value."""
    form = NormalForm([[[1.0, -1], [-1, 1]], np.zeros((2, 2))])
    assert 1.0 == stackelberg(form).payoffs[0, 0]
    eq = stackelberg(form, Commitment(follower="weak"))
    assert ([[0.5, 0.5]], 0.0) == (eq.strategies[0].tolist(), eq.payoffs[0, 0])
    assert -1.0 == stackelberg(form, PureCommitment(follower="weak")).payoffs[0, 0]


@pytest.mark.parametrize("follower", ["strong", "weak"])
@pytest.mark.parametrize("kind", KINDS)
def test_pure_commitment_is_the_best_row(kind: str, follower: str) -> None:
    A, B = games((3, 4), kind)
    eq = stackelberg(NormalForm([A, B]), PureCommitment(follower=follower))
    best = B >= B.max(axis=2, keepdims=True) - 1e-9
    pick, none = (np.max, -np.inf) if follower == "strong" else (np.min, np.inf)
    expected = pick(np.where(best, A, none), axis=2).max(axis=1)
    np.testing.assert_array_equal(expected, eq.payoffs[:, 0, 0])
    assert (eq.status == Status.SOLVED).all()


@pytest.mark.parametrize("follower", ["strong", "weak"])
@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (1e-9, 0.0), (1.0, 1e12)])
def test_units_change_no_commitment(scale: float, shift: float, follower: str) -> None:
    A, B = games((3, 3), "integers")
    method = Commitment(follower=follower)
    plain = stackelberg(NormalForm([A, B]), method)
    moved = stackelberg(NormalForm([A * scale + shift, B * 1e3 * scale - shift]), method)
    np.testing.assert_array_equal(plain.status, moved.status)
    expected = plain.payoffs[..., 0] * scale + shift
    np.testing.assert_allclose(expected, moved.payoffs[..., 0], rtol=0.0, atol=1e-3 * max(scale, 1))


@pytest.mark.parametrize("method", [Commitment(), Commitment(follower="weak"), PureCommitment()])
def test_a_payoff_that_is_not_finite_spoils_its_game_only(method) -> None:
    payoffs = np.random.default_rng(3).normal(size=(2, 4, 3, 3))
    expected = stackelberg(NormalForm(payoffs), method).payoffs
    payoffs[1, 1, 2, 2] = np.nan
    eq = stackelberg(NormalForm(payoffs), method)
    assert Status.INVALID_INPUT == eq.status[1]
    assert [1, 0, 1, 1] == eq.count.tolist()
    np.testing.assert_array_equal(expected[[0, 2, 3]], eq.payoffs[[0, 2, 3]])
    assert stackelberg(NormalForm([np.zeros((0, 2, 3))] * 2), method).count.shape == (0,)


@pytest.mark.parametrize("method", [Commitment, PureCommitment])
def test_a_method_refuses_what_it_does_not_know(method) -> None:
    with pytest.raises(ParameterError, match="leader = 2 is no player: 0 and 1"):
        method(leader=2)
    with pytest.raises(ParameterError, match="follower = 'kind' is neither 'strong' nor 'weak'"):
        method(follower="kind")
    with pytest.raises(ParameterError, match="tol = nan is no number"):
        method(tol=float("nan"))


def test_another_number_of_players_is_refused() -> None:
    with pytest.raises(ConceptError, match=r"stackelberg .* two players, this game has 3"):
        stackelberg(NormalForm([np.zeros((2, 2, 2))] * 3))
