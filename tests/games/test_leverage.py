"""Own capacity as leverage, in turn and at once."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from games.leverage import leverage, leverage_workloads
from games.leverage_simultaneous import leverage_simultaneous
from solver import Status, nash, pure_nash, sweep

VECTOR = {"value": 40.0, "supplier_cost": 9.0, "chip_cost": 16.0, "performance": 1.0,
          "volume": 500.0, "own_capacity": 500.0}  # fmt: skip

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(17.0, 40.0),
        "volume": st.floats(100.0, 1500.0),
        "own_capacity": st.floats(10.0, 1500.0),
        "next_value": st.floats(0.0, 50.0),
    }
)


def test_the_share_from_which_the_supplier_matches():
    """Reverse judo: κ* = (v - c_t)/(v - c_s) = 24/31, installed and left idle."""
    found = sweep(leverage, **VECTOR)
    assert_allclose(found.installed_share.item(), 0.7741935483870968, rtol=1e-12)
    assert_allclose(found.idle.item(), found.installed.item())
    assert_allclose(found.price.item(), 16.0)
    assert "matched" == found.regime.item()


@given(points)
def test_the_critical_share_by_formula_wherever_it_is_within_reach(p):
    """κ* = (v - c_t)/(v - c), where c is what a unit is worth to the supplier elsewhere."""
    elsewhere = max(p["supplier_cost"], p["next_value"])
    assume(elsewhere < p["value"])
    share = (p["value"] - p["chip_cost"]) / (p["value"] - elsewhere)
    reach = min(1.0, p["own_capacity"] / p["volume"])
    assume(abs(share - reach) > 1e-6)
    found = sweep(leverage, **p)
    if share < reach:
        assert_allclose(found.installed_share.item(), share, rtol=1e-9)
        assert "matched" == found.regime.item()
    else:
        assert_allclose(found.installed_share.item(), reach, rtol=1e-12)
        assert "residual" == found.regime.item()


@given(points)
def test_the_customers_payoff_by_a_grid_of_capacities_and_prices(p):
    """Second route: the supplier searches all prices, the customer runs whatever is cheaper."""
    capacity = np.linspace(0.0, min(p["own_capacity"], p["volume"]), 1501)[:, None]
    grid = np.linspace(0.0, p["value"], 601)
    grid = np.unique(np.append(grid, p["chip_cost"]))
    run = np.where(grid > p["chip_cost"], capacity, 0.0)
    elsewhere = max(p["supplier_cost"], p["next_value"])
    profit = (grid - p["supplier_cost"]) * (p["volume"] - run)
    profit += (elsewhere - p["supplier_cost"]) * run
    assume(elsewhere < p["value"])
    best = profit.max(axis=1, keepdims=True)
    saved = (p["value"] - grid) * (p["volume"] - run) + (p["value"] - p["chip_cost"]) * run
    customer = np.where(profit >= best - 1e-9 * np.abs(best), saved, -np.inf).max(axis=1)
    found = sweep(leverage, **p)
    reached = customer.max()
    jump = p["volume"] * (p["value"] - p["chip_cost"])
    if abs(found.buyer_payoff.item() - jump) > 1e-6 * jump or reached > 0.999 * jump:
        assert_allclose(found.buyer_payoff.item(), reached, rtol=1e-9)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.77])
def test_deterrence_is_often_not_worth_it_below_the_critical_share(share):
    """A naive supplier cuts its price for any credible capacity; this one serves the rest."""
    found = sweep(leverage, **{**VECTOR, "own_capacity": 500.0 * share})
    assert "residual" == found.regime.item()
    assert_allclose(found.price.item(), 40.0)
    assert_allclose(found.supplier_profit.item(), 31.0 * 500.0 * (1.0 - share))


def test_the_payoff_jumps_at_the_critical_share_under_one_price_only():
    """By (v - c_t)(Q - K*) with one price for all units; prices per workload have no jump."""
    edge = 500.0 * 24.0 / 31.0
    around = edge * np.array([1.0 - 1e-9, 1.0 + 1e-9])
    rest = {name: value for name, value in VECTOR.items() if name != "own_capacity"}
    one = sweep(leverage, own_capacity=around, **rest).buyer_payoff.values
    each = sweep(leverage_workloads, own_capacity=around, **rest).buyer_payoff.values
    assert_allclose(np.diff(one).item(), 24.0 * (500.0 - edge), rtol=1e-6)
    assert_allclose(np.diff(each).item(), 0.0, atol=1e-4)


@given(points)
def test_the_average_discount_with_prices_per_workload(p):
    """(K_b/Q)(v - c_t)/v."""
    share = min(1.0, p["own_capacity"] / p["volume"])
    found = sweep(leverage_workloads, **p)
    expected = share * (p["value"] - p["chip_cost"]) / p["value"]
    assert_allclose(found.discount.item(), expected, rtol=1e-9)


def test_a_discount_of_30_percent_takes_half_of_all_units():
    found = sweep(leverage_workloads, **{**VECTOR, "own_capacity": 250.0})
    assert_allclose(found.discount.item(), 0.3, rtol=1e-12)


def test_uniform_and_separate_prices_reward_capacity_differently():
    """A naive reading of one as the other finds no discount, or too much of it."""
    slots = np.array([250.0, 450.0])
    rest = {name: value for name, value in VECTOR.items() if name != "own_capacity"}
    one = sweep(leverage, own_capacity=slots, **rest)
    each = sweep(leverage_workloads, own_capacity=slots, **rest)
    assert_allclose(one.discount.values, [0.3, 0.6], rtol=1e-9)
    assert_allclose(each.discount.values, [0.3, 0.54], rtol=1e-9)
    assert_allclose(one.idle.values, [0.0, 500.0 * 24.0 / 31.0], rtol=1e-9)
    assert_allclose(one.supplier_profit.values, [7750.0, 3500.0], rtol=1e-9)
    assert_allclose(each.supplier_profit.values, [9500.0, 4700.0], rtol=1e-9)


def test_scarcity_takes_the_leverage_away():
    """A supplier that can sell what this customer makes itself has no reason to match."""
    found = sweep(leverage, **VECTOR, next_value=np.array([0.0, 9.0, 12.0, 15.9, 16.1, 40.0]))
    expected = ["matched"] * 4 + ["residual"] * 2
    assert expected == found.regime.values.tolist()
    shares = found.installed_share.values[:4]
    assert_allclose(shares, [24.0 / 31.0, 24.0 / 31.0, 24.0 / 28.0, 24.0 / 24.1], rtol=1e-9)


@given(points)
def test_outside_demand_never_hurts_the_supplier(p):
    found = sweep(leverage, **{**p, "next_value": np.linspace(0.0, 40.0, 9)})
    profit = found.supplier_profit.values
    assert (np.diff(profit) >= -1e-9 * profit.max()).all()


def test_a_chip_dearer_than_the_value_is_never_installed():
    found = sweep(leverage, **{**VECTOR, "chip_cost": 45.0})
    assert "no-capacity" == found.regime.item()
    assert_allclose(found.supplier_profit.item(), 31.0 * 500.0)


blind = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 12.0),
        "chip_cost": st.floats(18.0, 40.0),
        "volume": st.floats(100.0, 1500.0),
        "sunk_share": st.floats(0.05, 0.3),
    }
)


def own(p):
    """Running and sunk cost of an own unit."""
    return (1.0 - p["sunk_share"]) * p["chip_cost"], p["sunk_share"] * p["chip_cost"]


@given(blind)
def test_decided_at_once_there_is_no_pure_equilibrium(p):
    running, _ = own(p)
    assume(running > p["supplier_cost"] + 0.1)
    form = leverage_simultaneous.form(leverage_simultaneous.bind(**p, own_capacity=p["volume"]))
    found = pure_nash(form)
    assert 0 == found.count
    assert Status.NONE_EXIST == found.status


@given(blind)
def test_all_mixed_equilibria_have_one_mean_capacity_and_one_frequency_of_high_prices(p):
    """E[K]/Q = (v - r)/(v - c_s) makes the supplier indifferent, P(high) = k/(v - r) pays."""
    running, sunk = own(p)
    assume(running > p["supplier_cost"] + 0.1)
    form = leverage_simultaneous.form(leverage_simultaneous.bind(**p, own_capacity=p["volume"]))
    found = nash(form)
    share = (p["value"] - running) / (p["value"] - p["supplier_cost"])
    steps = np.linspace(0.0, 1.0, 5)
    assume(np.abs(share - steps).min() > 1e-3)
    assert (steps < share).sum() * (steps > share).sum() == found.count
    assert_allclose(found.strategies[1] @ steps, share, rtol=1e-9)
    assert_allclose(found.strategies[0][:, 0], sunk / (p["value"] - running), rtol=1e-9)
    assert_allclose(found.strategies[0][:, [0, 4]].sum(axis=1), 1.0, rtol=1e-9)


@given(blind, st.floats(0.1, 1.0))
@settings(max_examples=20)
def test_no_equilibrium_has_more_or_less_mean_capacity(p, reach):
    """Second route: linear programs over all replies to which the high and low price are best."""
    running, _ = own(p)
    assume(running > p["supplier_cost"] + 0.1)
    slots = reach * p["volume"]
    bound = leverage_simultaneous.bind(**p, own_capacity=slots)
    form = leverage_simultaneous.form(bound)
    supplier = form.payoffs[0] / np.abs(form.payoffs[0]).max()
    better = np.vstack([supplier - supplier[0], supplier - supplier[4]])
    steps = np.linspace(0.0, 1.0, 5)
    ends = [
        linprog(sign * steps, A_ub=better, b_ub=np.full(10, 1e-12), A_eq=np.ones((1, 5)), b_eq=1.0)
        for sign in (1.0, -1.0)
    ]
    found = sweep(leverage_simultaneous, **p, own_capacity=slots)
    share = (p["value"] - running) / (p["value"] - p["supplier_cost"])
    assume(abs(share - reach) > 1e-3)
    if reach < share:  # no capacity makes the low price best: the high one and all that fits
        assert not any(end.success for end in ends)
        assert_allclose(found.price.item(), p["value"], rtol=1e-9)
        assert_allclose(found.installed.item(), slots, rtol=1e-9)
    else:
        means = [end.x @ steps * slots for end in ends]
        assert_allclose(means, found.installed.item(), rtol=1e-6)
