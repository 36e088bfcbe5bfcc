"""Supply risk: what a second source is worth, and when it is worth nothing."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog, minimize_scalar

from games.dual_source import dual_source, dual_source_convex, dual_source_priced
from solver import sweep

VECTOR = {"price": 28.0, "chip_cost": 32.0, "performance": 1.0, "shortage_loss": 60.0}

linear = st.fixed_dictionaries(
    {
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(12.8, 60.0),
        "volume": st.floats(100.0, 1500.0),
        "shortfall": st.floats(0.0, 0.6),
        "shortage_loss": st.floats(45.0, 120.0),
    }
)
convex = st.fixed_dictionaries(
    {
        "price": st.floats(20.0, 45.0),
        "chip_cost": st.floats(20.0, 60.0),
        "volume": st.floats(100.0, 1500.0),
        "shortfall": st.floats(0.05, 0.6),
        "shortage_loss": st.floats(45.0, 400.0),
        "shock_correlation": st.floats(0.0, 0.95),
    }
)


def test_the_own_chip_pays_from_a_shortfall_of_one_eighth():
    """λ* = (c_t - p)/(h - p) = 4/32."""
    around = 0.125 + np.array([-1e-9, 0.0, 1e-9])
    found = sweep(dual_source, shortfall=around, **VECTOR)
    assert ["supplier", "supplier", "own-chip"] == found.regime.values.tolist()


def test_indifference_at_a_given_price_is_certified():
    """Both sources cost the same to the last bit but one: rounding is no regret."""
    fails = np.linspace(0.0, 0.5, 60)
    found = sweep(dual_source, shortfall=fails, chip_cost=np.linspace(20.0, 60.0, 60), price=28.0)
    assert (found.status == "SOLVED").all()


@given(linear, st.floats(16.0, 44.0))
def test_the_choice_by_a_linear_program_over_divisions(p, price):
    """Second route: any division may be ordered; the program finds the cheapest."""
    p = {**p, "price": price}
    bought = (1.0 - p["shortfall"]) * price + p["shortfall"] * p["shortage_loss"]
    assume(abs(bought - p["chip_cost"]) > 1e-6)
    # Units bought, made, arriving, missing; each per unit needed.
    program = linprog(
        [0.0, p["chip_cost"], price, p["shortage_loss"]],
        A_eq=[[1.0, 1.0, 0.0, 0.0], [1.0 - p["shortfall"], 0.0, -1.0, 0.0],
              [p["shortfall"], 0.0, 0.0, -1.0]],
        b_eq=[1.0, 0.0, 0.0],
    )  # fmt: skip
    found = sweep(dual_source, **p)
    assert_allclose(found.unit_cost.item(), program.fun, rtol=1e-9)
    assert_allclose(found.own_share.item(), program.x[1], atol=1e-7)


@given(linear)
def test_the_suppliers_price_leaves_the_customer_as_well_off_as_with_its_chip(p):
    """p = (c_t - λh)/(1 - λ), at most h, where that covers the supplier's cost."""
    limit = (p["chip_cost"] - p["shortfall"] * p["shortage_loss"]) / (1.0 - p["shortfall"])
    assume(abs(limit - p["supplier_cost"]) > 1e-6)
    found = sweep(dual_source_priced, **p)
    if limit < p["supplier_cost"]:
        assert "own-chip" == found.regime.item()
        assert np.isnan(found.price.item())
    else:
        assert_allclose(found.price.item(), min(limit, p["shortage_loss"]), rtol=1e-9)


@given(linear)
def test_the_suppliers_profit_by_a_grid_of_prices(p):
    grid = np.linspace(p["supplier_cost"], p["shortage_loss"], 20_001)
    bought = (1.0 - p["shortfall"]) * grid + p["shortfall"] * p["shortage_loss"]
    margin = np.where(bought <= p["chip_cost"], grid - p["supplier_cost"], 0.0)
    profit = (1.0 - p["shortfall"]) * margin.max() * p["volume"]
    found = sweep(dual_source_priced, **p)
    assert found.supplier_profit.item() >= profit - 1e-9 * abs(profit)
    step = 1.1 * np.ptp(grid) / 20_000
    assert_allclose(found.supplier_profit.item(), profit, atol=step * p["volume"])


def test_both_fail_together_more_often_than_independence_says():
    """λ² + ρλ(1 - λ) = .04 + .5·.16."""
    found = sweep(dual_source_convex, shortfall=0.2, shock_correlation=np.array([0.0, 0.5, 1.0]))
    assert_allclose(found.p_both_fail.values, [0.04, 0.12, 0.2], rtol=1e-12)


def draws(p):
    """The four cases of who fails, with their odds, from two Bernoulli variables."""
    fails, rho = p["shortfall"], p["shock_correlation"]
    both = fails * fails + rho * fails * (1.0 - fails)
    cases = {(1, 1): both, (1, 0): fails - both, (0, 1): fails - both}
    cases[0, 0] = 1.0 - sum(cases.values())
    mean = sum(odds * a for (a, _), odds in cases.items())
    product = sum(odds * a * b for (a, b), odds in cases.items())
    assert_allclose((product - mean**2) / (mean * (1.0 - mean)), rho, atol=1e-9)
    return cases


def expected_cost(p, share):
    """Per unit: average over the cases of what is paid and of the loss on what is missing."""
    total = 0.0
    for (supplier_fails, own_fails), odds in draws(p).items():
        missing = own_fails * share + supplier_fails * (1.0 - share)
        paid = (1 - own_fails) * share * p["chip_cost"]
        paid += (1 - supplier_fails) * (1.0 - share) * p["price"]
        total += odds * (paid + 0.5 * p["shortage_loss"] * missing**2)
    return total


@given(convex)
def test_the_division_by_search_over_the_cases(p):
    """Second route: expectation case by case, and a search over the share."""
    best = minimize_scalar(lambda s: expected_cost(p, s), bounds=(0.0, 1.0), method="bounded",
                           options={"xatol": 1e-10})  # fmt: skip
    least = min(best.fun, expected_cost(p, 0.0), expected_cost(p, 1.0))
    found = sweep(dual_source_convex, **p)
    assert_allclose(found.unit_cost.item(), least, rtol=1e-9)
    assert_allclose(expected_cost(p, found.own_share.item()), least, rtol=1e-9)


@given(convex)
def test_an_interior_division_by_formula(p):
    """s = ½ - (c_t - p)/(2hλ(1 - ρ)), cut off at 0 and 1."""
    weight = 2.0 * p["shortage_loss"] * p["shortfall"] * (1.0 - p["shock_correlation"])
    share = np.clip(0.5 - (p["chip_cost"] - p["price"]) / weight, 0.0, 1.0)
    found = sweep(dual_source_convex, **p)
    assert_allclose(found.own_share.item(), share, atol=1e-6)


def test_an_own_chip_from_the_same_foundry_insures_against_nothing():
    """ρ = 1: no value at any risk. A naive model with independent failures finds much."""
    p = {"chip_cost": 36.0, "price": 35.0, "shortfall": np.array([0.05, 0.15, 0.35])}
    naive = sweep(dual_source_convex, shock_correlation=0.0, shortage_loss=200.0, **p)
    true = sweep(dual_source_convex, shock_correlation=1.0, shortage_loss=200.0, **p)
    assert_allclose(true.second_source_value.values, 0.0, atol=1e-9)
    assert_allclose(true.own_share.values, 0.0)
    assert (naive.second_source_value.values > 100.0).all()


@given(convex)
@settings(max_examples=40)
def test_diversification_has_a_value_that_falls_in_correlation(p):
    found = sweep(dual_source_convex, **{**p, "shock_correlation": np.linspace(0.0, 1.0, 9)})
    value = found.second_source_value.values
    scale = 1e-9 * p["volume"] * p["shortage_loss"]
    assert (value >= -scale).all()
    assert (np.diff(value) <= scale).all()
    assert_allclose(value[-1], 0.0, atol=scale)


@given(convex)
@settings(max_examples=40)
def test_diversification_is_worth_more_when_shortages_cost_more(p):
    found = sweep(dual_source_convex, **{**p, "shortage_loss": np.linspace(45.0, 400.0, 9)})
    value = found.second_source_value.values
    assert (np.diff(value) >= -1e-9 * p["volume"] * 400.0).all()


@given(linear, st.floats(16.0, 44.0))
def test_a_chip_that_always_comes_is_worth_more_the_likelier_shortages_are(p, price):
    assume(price < p["shortage_loss"])
    found = sweep(dual_source, **{**p, "shortfall": np.linspace(0.0, 0.9, 9)}, price=price)
    value = found.second_source_value.values
    assert (value >= -1e-9).all()
    assert (np.diff(value) >= -1e-9 * p["volume"] * p["shortage_loss"]).all()


@pytest.mark.parametrize("game", [dual_source, dual_source_convex])
def test_a_reliable_and_cheaper_supplier_gets_everything(game):
    found = sweep(game, shortfall=0.0, price=15.0, chip_cost=16.0)
    assert_allclose(found.own_share.item(), 0.0)
    assert "supplier" == found.regime.item()
