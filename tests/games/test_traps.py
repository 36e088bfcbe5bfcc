"""Where a naive model is wrong: one test for each trap, here or where `ELSEWHERE` says.

The numbers are those of the list of traps that the models are documented with.
"""

import ast
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from games.n_buyer import n_buyer
from games.n_buyer_identical import n_buyer_identical
from games.n_buyer_uniform import n_buyer_uniform
from solver import nash_in_nash, nucleolus, shapley, sweep

TESTS = Path(__file__).parents[1]

#: Trap, where its test is, and what the naive model gets wrong.
ELSEWHERE = [
    (
        1,  # an outside option is no disagreement point
        "coopetition/test_threat.py",
        "test_a_threat_is_worth_beta_as_disagreement_and_what_binds_as_outside_option",
    ),
    (
        2,  # a threat without a contract moves no price in a single period
        "concepts/test_self_enforcing.py",
        "test_a_threat_without_a_contract_moves_the_price_only_if_play_is_repeated",
    ),
    (
        6,  # deterrence is often not worth it
        "games/test_chain_inhouse.py",
        "test_deterrence_is_often_not_worth_it",
    ),
    (
        11,  # equity that comes back is no discount
        "games/test_stakes_bargained.py",
        "test_an_equity_headline_of_29_percent_is_no_discount_at_fair_prices",
    ),
]


@pytest.mark.parametrize(
    ("number", "path", "name"), ELSEWHERE, ids=[f"{e[0]:02}" for e in ELSEWHERE]
)
def test_the_trap_has_its_test_elsewhere(number, path, name):
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    defined = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert 1 == defined.count(name), f"trap {number}: {path} has no test {name}"


def test_trap_09_one_price_for_all_is_no_price_for_each():
    """Bilateral bargaining gives a threatening buyer the discount whatever its size.

    Under one price a buyer of less than 39 % of all sales gets nothing, and one of more gets it
    for everybody.
    """
    others = np.array([4500.0, 1500.0, 100.0])
    cells = sweep(n_buyer_uniform, volume=1000.0, other_volume=others, addressable=1.0)
    naive = np.full(3, 24.94)
    assert_allclose([35.0, 24.94, 24.94], cells.uniform_price)
    assert cells.uniform_price.values[0] > naive[0] + 10.0
    assert ["let-go", "discount-to-all", "discount-to-all"] == cells.regime.values.tolist()
    assert_allclose([1 / 5.5, 1 / 2.5, 1 / 1.1], cells.threatened_share)


def test_trap_10_scarcity_flips_power():
    """Half of each pair's gains, capacity or not, is the naive answer.

    With buyers alike one unit too few leaves everything to the supplier; with buyers unlike the
    price is at least what the first unserved one would pay. More capacity alone raises what buyers
    keep, by concepts that look at replacement.
    """
    alike = (
        {f"value_{i}": 1.0 for i in (1, 2, 3)}
        | {f"build_{i}": 0.0 for i in (1, 2, 3)}
        | {f"volume_{i}": 1.0 for i in (1, 2, 3)}
        | {"supplier_cost": 0.0, "next_value": 0.0}
    )
    capacity = np.array([1.0, 2.0, 3.0])
    cells = sweep(n_buyer, concept="nucleolus", **alike, capacity=capacity)
    naive = 0.5
    assert_allclose([1.0, 1.0, naive], cells.supplier_share)
    assert ["scarce", "scarce", "ample"] == cells.regime.values.tolist()
    unlike = alike | {"value_1": 30.0, "value_2": 20.0, "value_3": 12.0}
    core = sweep(n_buyer, concept="nucleolus", **unlike, capacity=capacity)
    assert_allclose([20.0, 12.0, 0.0], core.price_low)
    assert (core.price.values >= core.price_low.values).all()
    kept = core.payoff.values[:, 0, 1:].sum(axis=-1)
    assert (np.diff(kept) > 0.0).all()


def test_trap_12_shapley_is_not_nash_in_nash():
    """With complements, k³ for k buyers, the supplier pays to sell under Nash-in-Nash."""
    gains = {"first_gain": 1.0, "second_gain": 7.0, "third_gain": 19.0}
    game = n_buyer_identical.form(n_buyer_identical.bind(**gains))
    alone = float(game.worth("supplier"))
    margins = nash_in_nash(game).payoffs[0, 0]
    naive = shapley(game).payoffs[0, 0]
    assert_allclose(27.0 - 1.5 * 19.0, margins)
    assert_allclose((1.0 + 8.0 + 27.0) / 4.0, naive)
    assert margins < alone < naive
    assert not np.isclose(nucleolus(game).payoffs[0, 0], margins)
    assert "complements" == sweep(n_buyer_identical, **gains).regime.item()
