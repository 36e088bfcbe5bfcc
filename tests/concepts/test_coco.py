"""Coco values: known answers, the axioms as laws, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from solver import NormalForm, Status, nash
from solver.concepts.coco import Decomposition, coco, coco_parts
from solver.concepts.minimax import minimax
from solver.errors import ConceptError, ParameterError

SHAPES = [(1, 1), (2, 2), (3, 3), (2, 5), (6, 4)]


def games(shape: tuple[int, int], kind: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([len(kind), *shape])
    made = rng.normal(size=(2, 25, *shape))
    return tuple(made) if kind == "normal" else tuple(np.round(made * 2))


def value(A: np.ndarray) -> float:
    """By HiGHS: maximise v with x A >= v."""
    m, n = A.shape
    done = linprog(
        np.r_[np.zeros(m), -1.0], A_ub=np.hstack((-A.T, np.ones((n, 1)))), b_ub=np.zeros(n),
        A_eq=[np.r_[np.ones(m), 0.0]], b_eq=[1.0], bounds=[(0, None)] * m + [(None, None)],
        method="highs",
    )  # fmt: skip
    return -done.fun


@pytest.mark.parametrize(
    ("A", "B", "payoffs", "team", "advantage"),
    [
        ([[2, 0], [3, 1]], [[2, 3], [0, 1]], (2, 2), 4, 0),
        # A supplier and a buyer who may build: the threat decides.
        ([[3100, 1240], [1600, 640]], [[2000, 2140], [3500, 2740]], (2100, 3000), 5100, -450),
        # Matching pennies with a prize for the first player.
        ([[3, 1], [1, 3]], [[0, 2], [2, 0]], (2, 1), 3, 0.5),
    ],
    ids=["prisoner's dilemma", "price and build", "pennies"],
)
def test_known_games_have_their_coco_value(A, B, payoffs, team, advantage) -> None:
    eq = coco(NormalForm([A, B]))
    parts = coco_parts(eq)
    assert list(payoffs) == eq.payoffs[0].tolist()
    assert (team, advantage) == (parts.team, parts.advantage)
    assert (eq.status, eq.complete, eq.measure) == (Status.SOLVED, True, "duality gap")


@pytest.mark.parametrize("kind", ["normal", "integers"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_values_are_half_the_team_maximum_and_half_the_contest(shape, kind: str) -> None:
    A, B = games(shape, kind)
    eq = coco(NormalForm([A, B]))
    contest = np.array([value(a - b) for a, b in zip(A, B, strict=True)])
    team = (A + B).max(axis=(1, 2))
    np.testing.assert_allclose((team + contest) / 2, eq.payoffs[:, 0, 0], rtol=0.0, atol=1e-8)
    np.testing.assert_allclose((team - contest) / 2, eq.payoffs[:, 0, 1], rtol=0.0, atol=1e-8)
    parts = coco_parts(eq)
    x, y = parts.advantage_strategies
    np.testing.assert_allclose(contest, np.einsum("gi,gij->gj", x, A - B).min(axis=1), atol=1e-8)
    np.testing.assert_allclose(contest, np.einsum("gij,gj->gi", A - B, y).max(axis=1), atol=1e-8)
    np.testing.assert_allclose(contest, 2 * parts.advantage, rtol=0.0, atol=1e-8)
    assert (eq.status == Status.SOLVED).all()


@pytest.mark.parametrize("kind", ["normal", "integers"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_strategies_are_the_first_profile_that_earns_the_most_together(shape, kind: str) -> None:
    A, B = games(shape, kind)
    x, y = (s[:, 0] for s in coco(NormalForm([A, B])).strategies)
    expected = (A + B).reshape(len(A), -1).argmax(axis=1)
    np.testing.assert_array_equal(expected, x.argmax(axis=1) * shape[1] + y.argmax(axis=1))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_axioms_hold(shape) -> None:
    """Efficiency, shift invariance, symmetry, and what a copied action is worth (nothing)."""
    A, B = games(shape, "normal")
    plain = coco(NormalForm([A, B])).payoffs[:, 0]
    np.testing.assert_allclose((A + B).max(axis=(1, 2)), plain.sum(axis=1), rtol=0, atol=1e-12)
    shifted = coco(NormalForm([A + 5.0, B])).payoffs[:, 0]
    np.testing.assert_allclose(plain + np.array([5.0, 0.0]), shifted, rtol=0.0, atol=1e-9)
    swapped = coco(NormalForm([B.swapaxes(1, 2), A.swapaxes(1, 2)])).payoffs[:, 0]
    np.testing.assert_allclose(plain, swapped[:, ::-1], rtol=0.0, atol=1e-9)
    copied = [np.concatenate((P, P[:, :1]), axis=1) for P in (A, B)]
    np.testing.assert_allclose(plain, coco(NormalForm(copied)).payoffs[:, 0], rtol=0, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_with_nothing_in_common_it_is_the_minimax_value_and_that_of_nash(shape) -> None:
    A, _ = games(shape, "integers")
    form = NormalForm([A, -A])
    values, every = coco(form).payoffs, nash(form).payoffs
    np.testing.assert_allclose(minimax(form).payoffs, values, rtol=0.0, atol=1e-9)
    every = np.where(np.isnan(every), values, every)
    np.testing.assert_allclose(every, np.broadcast_to(values, every.shape), rtol=0, atol=1e-9)


def test_payoffs_far_from_zero_keep_their_differences() -> None:
    A, B = games((3, 3), "integers")
    near = coco(NormalForm([A, B])).payoffs
    far = coco(NormalForm([A + 1e12, B - 1e12]))
    assert (far.status == Status.SOLVED).all()
    np.testing.assert_allclose(near + np.array([1e12, -1e12]), far.payoffs, rtol=0.0, atol=1e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("player", [0, 1])
def test_a_payoff_that_is_not_finite_spoils_its_game_only(player: int, bad: float) -> None:
    payoffs = np.random.default_rng(3).normal(size=(2, 4, 3, 3))
    expected = coco(NormalForm(payoffs)).payoffs
    payoffs[player, 1, 2, 2] = bad
    eq = coco(NormalForm(payoffs))
    assert [0, 5, 0, 0] == eq.status.tolist()
    assert [1, 0, 1, 1] == eq.count.tolist()
    assert np.isnan(coco_parts(eq).team[1])
    np.testing.assert_array_equal(expected[[0, 2, 3]], eq.payoffs[[0, 2, 3]])


def test_what_is_not_a_coco_value_has_no_parts() -> None:
    form = NormalForm([np.eye(2), -np.eye(2)])
    with pytest.raises(ConceptError, match="coco_parts takes what coco returned, not minimax"):
        coco_parts(minimax(form))
    with pytest.raises(ConceptError, match="two players, this game has 3"):
        coco(NormalForm([np.zeros((2, 2, 2))] * 3))
    with pytest.raises(ParameterError, match="tol = -1 is no number"):
        Decomposition(tol=-1)


def test_an_empty_batch_is_answered() -> None:
    assert coco(NormalForm([np.zeros((0, 2, 2))] * 2)).count.shape == (0,)
