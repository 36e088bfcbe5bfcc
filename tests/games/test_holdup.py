"""Investment before bargaining: too little in the relation, too much in the position."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from games.bargain import bargain
from games.holdup import holdup, holdup_leverage
from solver import subgame_perfect, sweep
from solver.forms.telling import bargaining, decision, leaf, tree

#: θ = 10 with the supplier, 2 without it, cost i²/2, equal weights.
TEN = {"inside_return": 10.0, "outside_return": 2.0, "effort_cost": 1.0, "trade_gain": 0.0,
       "supplier_power": 0.5}  # fmt: skip

points = st.fixed_dictionaries(
    {
        "trade_gain": st.floats(0.0, 5000.0),
        "inside_return": st.floats(100.0, 2000.0),
        "outside_return": st.floats(0.0, 2000.0),
        "effort_cost": st.floats(50.0, 500.0),
        "supplier_power": st.floats(0.0, 1.0),
    }
)
chips = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(25.0, 40.0),
        "volume": st.floats(200.0, 1500.0),
        "supplier_power": st.floats(0.05, 0.95),
        "leverage_return": st.floats(1.0, 500.0),
    }
)


def test_half_of_the_return_and_half_of_the_outside_one():
    """i = ½(θ_i + θ_o) = 6 where 10 would be best."""
    found = sweep(holdup, **TEN)
    assert_allclose(found.effort.item(), 6.0, rtol=1e-9)
    assert_allclose(found.social_return.item(), 4.0, rtol=1e-8)
    assert "under-investment" == found.regime.item()


def test_effort_that_is_worth_more_elsewhere_is_overdone():
    found = sweep(holdup, **{**TEN, "outside_return": 14.0, "trade_gain": 1000.0})
    assert_allclose(found.effort.item(), 12.0, rtol=1e-9)
    assert_allclose(found.social_return.item(), -2.0, rtol=1e-8)
    assert "over-investment" == found.regime.item()


def test_effort_that_is_worth_as_much_elsewhere_is_right():
    found = sweep(holdup, **{**TEN, "outside_return": 10.0, "trade_gain": 1000.0})
    assert_allclose(found.effort.item(), 10.0, rtol=1e-9)
    assert "efficient" == found.regime.item()


def agreed(p):
    """The efforts between which the two agree whatever the customer does."""
    most = (p["inside_return"] + p["outside_return"]) / p["effort_cost"]
    loss = max(p["outside_return"] - p["inside_return"], 0.0) * most
    return loss < p["trade_gain"] - 1e-6


@given(points)
def test_effort_by_formula_where_they_agree(p):
    """k i = (1 - β)θ_i + βθ_o."""
    assume(agreed(p))
    power = p["supplier_power"]
    marginal = (1.0 - power) * p["inside_return"] + power * p["outside_return"]
    found = sweep(holdup, **p)
    effort = marginal / p["effort_cost"]
    assert_allclose(found.effort.item(), effort, rtol=1e-6, atol=1e-6 * 2000.0 / p["effort_cost"])


@given(points)
@settings(max_examples=8)
def test_payoffs_by_a_tree_with_a_bargain_at_every_effort(p):
    """Second route: a grid of efforts, each followed by a bargaining stage that the tree solves."""
    most = (p["inside_return"] + p["outside_return"]) / p["effort_cost"]
    efforts = np.linspace(0.0, most, 101)
    branches = {}
    for k, effort in enumerate(efforts):
        cost = 0.5 * p["effort_cost"] * effort**2
        together = leaf(p["trade_gain"] + p["inside_return"] * effort - cost, 0.0)
        apart = leaf(p["outside_return"] * effort - cost, 0.0)
        weights = {"customer": 1.0 - p["supplier_power"], "supplier": p["supplier_power"]}
        branches[str(k)] = bargaining(weights, together, apart)
    form = tree(("customer", "supplier"), decision("customer", branches))
    expected = subgame_perfect(form).payoffs[0]
    found = sweep(holdup, **p)
    assert found.buyer_payoff.item() >= expected[0] - 1e-9 * abs(expected).max()
    step = efforts[1]
    assert_allclose(found.buyer_payoff.item(), expected[0], atol=p["effort_cost"] * step**2)


@given(points)
def test_effort_by_search_even_where_they_part(p):
    def loss(effort):
        together = p["trade_gain"] + p["inside_return"] * effort
        alone = p["outside_return"] * effort
        gains = max(together - alone, 0.0)
        return 0.5 * p["effort_cost"] * effort**2 - alone - (1.0 - p["supplier_power"]) * gains

    most = (p["inside_return"] + p["outside_return"]) / p["effort_cost"]
    grid = np.linspace(0.0, most, 2001)
    least = min(loss(effort) for effort in grid)
    payoff = sweep(holdup, **p).buyer_payoff.item()
    assert payoff >= -least - 1e-9 * abs(least)
    assert_allclose(payoff, -least, atol=p["effort_cost"] * grid[1] ** 2 + 1e-9)


@given(points)
def test_weaker_customers_invest_less_in_what_only_the_relation_needs(p):
    assume(p["inside_return"] > p["outside_return"] + 10.0)
    found = sweep(holdup, **{**p, "supplier_power": np.array([0.1, 0.5, 0.9])})
    assert (np.diff(found.effort.values) < 0.0).all()
    assert (np.diff(found.welfare.values) < 0.0).all()


def interior(p):
    """Whether trade stays worth while after the most that could be spent."""
    cap = p["chip_cost"] + 1300.0 / p["volume"]
    slack = p["volume"] * (min(cap, p["value"]) - p["supplier_cost"])
    return slack > 2.0 * p["leverage_return"] + 1.0


@given(chips)
def test_leverage_is_bought_until_it_costs_its_share(p):
    """g'(e) = 1/β with g = 2√(κe): e = β²κ, and the customer gains βg - e."""
    assume(interior(p))
    power, scale = p["supplier_power"], p["leverage_return"]
    found = sweep(holdup_leverage, **p)
    # A peak is only as sharp as rounding of payoffs leaves it: to the square root.
    assert_allclose(found.spend.item(), power**2 * scale, rtol=1e-3)
    scope = p["value"] * p["volume"]
    assert_allclose(found.threat_value.item(), power**2 * scale, rtol=1e-6, atol=1e-9 * scope)


@given(chips)
def test_leverage_by_search_over_spending_and_prices(p):
    """Second route: the Nash product over the price inside, the spending outside."""
    assume(interior(p))
    cap = p["chip_cost"] + 1300.0 / p["volume"]
    own = p["volume"] * max(p["value"] - cap, 0.0)
    power = p["supplier_power"]

    def bargained(spend):
        alone = own + 2.0 * np.sqrt(p["leverage_return"] * spend)
        high = p["value"] - alone / p["volume"]

        def product(price):
            supplier = (price - p["supplier_cost"]) * p["volume"]
            customer = (p["value"] - price) * p["volume"] - alone
            return -(power * np.log(supplier) + (1.0 - power) * np.log(customer))

        edge = 1e-9 * (high - p["supplier_cost"])
        best = minimize_scalar(product, bounds=(p["supplier_cost"] + edge, high - edge),
                               method="bounded", options={"xatol": 1e-10})  # fmt: skip
        return (p["value"] - best.x) * p["volume"] - spend

    spends = np.linspace(0.0, p["leverage_return"], 41)
    payoffs = [bargained(spend) for spend in spends]
    found = sweep(holdup_leverage, **p)
    tolerance = 1e-6 * p["value"] * p["volume"]
    assert found.buyer_payoff.item() >= max(payoffs) - tolerance
    assert abs(found.spend.item() - spends[int(np.argmax(payoffs))]) <= 2.0 * spends[1]


@given(chips)
def test_what_is_spent_on_leverage_is_lost_to_both_together(p):
    assume(interior(p))
    found = sweep(holdup_leverage, **p)
    surplus = (p["value"] - p["supplier_cost"]) * p["volume"]
    assert_allclose(found.welfare.item(), surplus - found.spend.item(), rtol=1e-9)
    assert found.threat_value.item() > 0.0
    assert "leverage" == found.regime.item()


@given(chips)
def test_without_a_way_to_spend_it_is_the_bargain(p):
    p = {**p, "leverage_return": 0.0}
    found = sweep(holdup_leverage, **p)
    del p["leverage_return"]
    base = sweep(bargain, **p)
    for name in ("price", "supplier_payoff", "buyer_payoff"):
        assert_allclose(found[name].item(), base[name].item(), rtol=1e-12)


@pytest.mark.parametrize("power", [0.2, 0.8])
def test_a_stronger_supplier_makes_leverage_worth_more(power):
    """A threat is worth β of what it adds; a naive model pays for it in full."""
    found = sweep(holdup_leverage, supplier_power=power, leverage_return=100.0)
    raised = 2.0 * np.sqrt(100.0 * found.spend.item())
    bought = found.threat_value.item() + found.spend.item()
    assert_allclose(bought / raised, power, rtol=1e-3)
