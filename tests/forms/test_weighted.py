"""Objectives W·π: what they leave alone, what they turn into a team, and Cournot with stakes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import BargainingProblem, NormalForm, nash, subgame_perfect
from solver.errors import FormError
from solver.forms.telling import bargaining, decision, leaf, tree
from solver.forms.weighted import objective_weights, weighted

DILEMMA = NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])


def test_without_stakes_it_is_the_same_game() -> None:
    payoffs = np.random.default_rng(0).normal(size=(3, 5, 2, 3, 2)) * 1e12
    form = weighted(NormalForm(payoffs), np.eye(3))
    np.testing.assert_array_equal(payoffs, form.payoffs)


def test_the_weights_of_a_row_are_those_of_one_player() -> None:
    form = weighted(DILEMMA, [[1.0, 0.25], [0.0, 2.0]])
    assert [[2.5, 0.75], [3.0, 1.25]] == form.payoffs[0].tolist()
    assert [[4.0, 6.0], [0.0, 2.0]] == form.payoffs[1].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_equal_weights_make_a_team_optimum_an_equilibrium(seed: int) -> None:
    payoffs = np.random.default_rng(seed).normal(size=(2, 40, 3, 4))
    eq = nash(weighted(NormalForm(payoffs), np.ones((2, 2))))
    best = payoffs.sum(axis=0).max(axis=(1, 2))
    np.testing.assert_allclose(best, np.nanmax(eq.payoffs[..., 0], axis=1))
    # Without the weights the claim is false.
    alone = nash(NormalForm(payoffs))
    assert (np.nanmax(alone.payoffs.sum(axis=-1), axis=1) < best - 1e-6).any()


def test_the_size_of_a_row_does_not_move_equilibria() -> None:
    payoffs = np.random.default_rng(3).normal(size=(2, 30, 3, 3))
    W = np.array([[1.0, 0.3], [0.2, 1.0]])
    one, other = (nash(weighted(NormalForm(payoffs), w)) for w in (W, W * [[4.0], [0.5]]))
    for a, b in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-9)


def test_trees_are_weighted_at_their_leaves() -> None:
    """Ann keeps out of Bob's market once half of what he loses is hers."""
    told = tree(("Ann", "Bob"), decision("Ann", {"in": leaf(2, 1), "out": leaf(1, 4)}))
    assert [[2.0, 1.0]] == subgame_perfect(told).payoffs.tolist()
    caring = weighted(told, np.stack([np.eye(2), [[1.0, 0.5], [0.0, 1.0]]]))
    assert [[[2.0, 1.0]], [[3.0, 4.0]]] == subgame_perfect(caring).payoffs.tolist()


def equilibrium(weights: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Cournot outputs for P = 10 - Q and objectives W·π, from their first-order conditions."""
    n = len(costs)
    return np.linalg.solve(np.ones((n, n)) + weights, 10.0 - costs)


@pytest.mark.parametrize("seed", range(8))
def test_cournot_margins_are_those_of_the_modified_herfindahl_index(seed: int) -> None:
    """Σ s_i (P - mc_i)/P = MHHI/η, MHHI = ΣΣ w_ij s_i s_j (O'Brien and Salop 2000)."""
    rng = np.random.default_rng(seed)
    own = 0.8 * np.eye(3) + 0.2 * rng.dirichlet(np.ones(3), size=3)
    W = objective_weights(own, own)
    np.testing.assert_allclose(1.0, np.diagonal(W))
    costs = rng.uniform(1.0, 1.5, size=3)
    q = equilibrium(W, costs)
    assert (q > 0).all()
    price = 10.0 - q.sum()
    s, elasticity = q / q.sum(), price / q.sum()
    margin = (s * (price - costs)).sum() / price
    assert s @ W @ s / elasticity == pytest.approx(margin)
    # The naive index, without weights, is off.
    assert (s @ s) / elasticity != pytest.approx(margin, rel=1e-3)
    # These outputs are the equilibrium of the weighted game: nobody gains on a grid around them.
    grid = q[:, None] + np.linspace(-0.2, 0.2, 5)
    Q = np.stack(np.meshgrid(*grid, indexing="ij"))
    profit = Q * (10.0 - Q.sum(axis=0) - costs[:, None, None, None])
    for i, payoff in enumerate(weighted(NormalForm(profit), W).payoffs):
        line = np.moveaxis(payoff, i, 0)[:, 2, 2]
        assert line.argmax() == 2


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 0.49), st.floats(0.0, 0.49))
def test_a_silent_stake_counts_for_its_holder_only(mine: float, yours: float) -> None:
    """Firm 1 holds a share of firm 2 and the other way round; each is controlled by its founder."""
    # Owners: founder 1, founder 2, who own the rest and through their firm a share of the other.
    ownership = np.array([[1.0 - yours, yours], [mine, 1.0 - mine]])
    W = objective_weights(ownership, np.eye(2))
    expected = [[1.0, mine / (1.0 - yours)], [yours / (1.0 - mine), 1.0]]
    np.testing.assert_allclose(expected, W)


def test_weights_do_not_depend_on_the_scale_of_control_and_may_exceed_one() -> None:
    rng = np.random.default_rng(1)
    ownership, control = rng.uniform(size=(2, 3, 4))
    W = objective_weights(ownership, control)
    np.testing.assert_allclose(W, objective_weights(ownership, 7.0 * control), rtol=1e-12)
    assert objective_weights([[0.1, 0.9], [0.9, 0.1]], np.eye(2))[0, 1] == pytest.approx(9.0)


def test_batches_of_weights_broadcast_with_batches_of_games() -> None:
    stakes = np.linspace(0.0, 1.0, 4)
    W = np.stack([np.eye(2) + s * np.array([[0.0, 1.0], [0.0, 0.0]]) for s in stakes])
    form = weighted(NormalForm(np.ones((2, 3, 1, 2, 2))), W)
    assert (3, 4) == form.batch_shape
    np.testing.assert_array_equal(1.0 + stakes, form.payoffs[0][0, :, 0, 0])


def test_a_weight_that_is_none_is_a_status_there() -> None:
    W = objective_weights([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]]])
    assert np.isnan(W[1, 1]).all()
    assert [0, 5] == nash(weighted(DILEMMA, W)).status.tolist()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: weighted(DILEMMA, np.ones((3, 3))), r"weights have shape \(3, 3\): 2 players"),
        (
            lambda: weighted(NormalForm(np.ones((2, 3, 2, 2))), np.ones((4, 2, 2))),
            r"batch shape \(4,\)",
        ),
        (
            lambda: weighted(BargainingProblem(players=("a", "b"), surplus=1.0), np.eye(2)),
            "not a bargaining one",
        ),
        (
            lambda: weighted(
                tree(("a", "b"), bargaining({"a": 0.5, "b": 0.5}, leaf(1, 1), leaf(0, 0))),
                np.eye(2),
            ),
            "no trees with bargaining",
        ),
        (lambda: objective_weights([1.0]), "firms and owners need two axes"),
        (lambda: objective_weights(np.eye(2), np.ones((2, 3))), "control has"),
        (lambda: objective_weights(np.ones((2, 2, 2)), np.ones((3, 2, 2))), "does not broadcast"),
    ],
)
def test_what_does_not_fit_is_refused(call, words: str) -> None:
    with pytest.raises(FormError, match=words):
        call()
