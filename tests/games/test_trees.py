"""Games on trees, solved over batches, against plain recursion one by one."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import games
from solver import Status, nash, subgame_perfect
from solver.sweep.cells import evaluate
from tests.games._recursion import induction, played

NAMES = (
    "build_tree", "build_tree_retaliation", "second_source", "lockin", "lockin_attached",
    "aghion_bolton", "naked_exclusion", "regulator",
)  # fmt: skip


def plausible(game, size):
    """Parameter points inside the plausible ranges."""
    rng = np.random.default_rng(20_240_501)
    ranges = {
        p.name: (p.calibration.low, p.calibration.high) if p.calibration else (0.0, 2.0 * p.default)
        for p in game.parameters
    }
    return {name: rng.uniform(low, high, size) for name, (low, high) in ranges.items()}


@pytest.mark.parametrize("name", NAMES)
def test_the_first_equilibrium_is_that_of_the_recursion(name):
    game = getattr(games, name)
    values = plausible(game, 60)
    cells = evaluate(game, game.bind(**values))
    assert np.isin(cells.equilibria.status, [Status.SOLVED, Status.DEGENERATE]).all()
    outcomes, regime = played(game, **values)
    assert regime.tolist() == [cells.labels[k] for k in cells.regime]
    for key, value in outcomes.items():
        assert_allclose(cells.outcomes[key], value, rtol=1e-9, atol=1e-9, err_msg=key)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "build_tree_retaliation"])
def test_ties_are_rare_although_limit_prices_are_ties(name):
    """Where a player is indifferent at every parameter point, the tree says what it does."""
    game = getattr(games, name)
    equilibria = subgame_perfect(game.form(game.bind(**plausible(game, 2000))))
    assert equilibria.complete.all()
    assert (equilibria.count == 1).mean() > 0.9


def test_refusing_is_as_good_as_serving_in_every_shortage_and_both_are_listed():
    game = games.build_tree_retaliation
    form = game.form(game.bind(price=35.0, next_value=np.array([34.0, 35.0, 40.0])))
    equilibria = subgame_perfect(form)
    assert [1, 2, 2] == equilibria.count.tolist()
    cuts = equilibria.strategies[0][:, 0, 0]
    assert [0.0, 1.0, 1.0] == cuts.tolist()


def test_equals_are_indifferent_between_winning_the_customer_and_losing_it():
    game = games.lockin
    form = game.form(game.bind(supplier_cost=9.0, rival_cost=9.0))
    equilibria = subgame_perfect(form)
    assert Status.DEGENERATE == int(equilibria.status)
    assert_allclose(equilibria.payoffs[:, 0], 0.0, atol=1e-9)
    assert_allclose(equilibria.payoffs[0], induction(form).payoffs(), atol=1e-9)


def test_the_hidden_programme_is_solved_over_a_batch():
    """The supplier is indifferent wherever both mix: a chip exists in θ = (v - ℓ)/(v - c_s)."""
    game = games.build_tree_hidden
    values = plausible(game, 2000)
    cells = evaluate(game, game.bind(**values))
    assert (cells.equilibria.status == Status.SOLVED).all()
    mixed = np.array(cells.labels)[cells.regime] == "mixed"
    assert mixed.sum() > 1000
    own = values["chip_cost"] / values["performance"] + values["porting"]
    theta = (values["value"] - own) / (values["value"] - values["supplier_cost"])
    assert_allclose(cells.outcomes["p_chip"][mixed], theta[mixed], rtol=1e-9)


TWO = [n for n in (*NAMES, "build_tree_hidden") if n not in {"naked_exclusion", "regulator"}]


@pytest.mark.parametrize("name", TWO)
def test_the_sequence_form_finds_a_nash_equilibrium(name):
    game = getattr(games, name)
    equilibria = nash(game.form(game.bind(**plausible(game, 40))), "sequence-form")
    assert (equilibria.count >= 1).all()
    assert equilibria.certificate.gap.max() <= equilibria.tol
