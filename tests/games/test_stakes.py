"""Shares across supplier and customer: which prices move, and which only seem to."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from games.second_source import second_source
from games.stakes import stakes, stakes_backward
from solver import Status, subgame_perfect, sweep
from tests.games._recursion import played

#: q = a - p with a = 10 and c = 2.
UNIT = {"value": 10.0, "supplier_cost": 2.0, "volume": 10.0}

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 20.0),
        "volume": st.floats(100.0, 1500.0),
        "stake": st.floats(0.0, 0.9),
    }
)


def test_a_suppliers_stake_lowers_its_price():
    found = sweep(stakes, stake=np.array([0.0, 0.25, 0.5, 1.0]), **UNIT)
    assert_allclose(found.price.values, [6.0, 5.428571428571429, 4.666666666666667, 2.0], rtol=1e-9)
    assert ["mark-up", "mark-up", "mark-up", "at-cost"] == found.regime.values.tolist()


def test_a_customers_stake_moves_the_list_price_alone():
    found = sweep(stakes_backward, stake=np.array([0.0, 0.1, 0.3, 0.6]), **UNIT)
    assert_allclose(found.price.values, [6.0, 58.0 / 9.0, 54.0 / 7.0, 12.0], rtol=1e-9)
    assert_allclose(found.price_net.values, 6.0, rtol=1e-9)
    assert_allclose(found.quantity.values, 4.0, rtol=1e-9)
    assert_allclose(found.welfare.values, 24.0, rtol=1e-9)


def test_equity_headlines_name_the_list_price_and_the_net_price_has_not_moved():
    """A model that reads the list price of an owner as its cost finds a price doubled."""
    found = sweep(stakes_backward, stake=np.array([0.0, 0.6]), **UNIT)
    naive = found.price.values[1] / found.price.values[0]
    assert_allclose(naive, 2.0, rtol=1e-9)
    assert_allclose(found.price_net.values[1] / found.price_net.values[0], 1.0, rtol=1e-9)


@given(points)
def test_the_suppliers_price_and_payoffs_by_formula(p):
    """p = ((1 - ω)a + c)/(2 - ω)."""
    a, c, share = p["value"], p["supplier_cost"], p["stake"]
    price = ((1.0 - share) * a + c) / (2.0 - share)
    found = sweep(stakes, **p)
    assert_allclose(found.price.item(), price, rtol=1e-9)
    assert_allclose(found.quantity.item(), p["volume"] * (1.0 - price / a), rtol=1e-9)


@given(points)
def test_the_suppliers_price_by_search_over_the_customers_own_choices(p):
    """Second route: the customer searches its quantity, the supplier its price; no demand curve."""
    value, cost, volume, share = (p[k] for k in ("value", "supplier_cost", "volume", "stake"))
    units = np.linspace(0.0, volume, 4001)
    worth = np.cumsum(np.append(0.0, value * (1.0 - (units[:-1] + units[1:]) / (2.0 * volume))))
    worth *= units[1]

    def owned(price):
        surplus = worth - price * units
        k = int(np.argmax(surplus))
        return -((price - cost) * units[k] + share * surplus[k])

    prices = np.linspace(0.0, value, 1201)
    best = prices[int(np.argmin([owned(price) for price in prices]))]
    assert_allclose(sweep(stakes, **p).price.item(), best, atol=4.0 * prices[1])


@given(points)
def test_neutrality_of_the_customers_stake_by_search_over_its_own_choices(p):
    """Second route: the customer maximises worth - pq + ω(p - c)q over q, and nothing is netted."""
    value, cost, volume, share = (p[k] for k in ("value", "supplier_cost", "volume", "stake"))

    def bought(price):
        def loss(q):
            return -(value * q * (1.0 - 0.5 * q / volume) - price * q + share * (price - cost) * q)

        return minimize_scalar(loss, bounds=(0.0, volume), method="bounded").x

    top = (value - share * cost) / (1.0 - share)
    best = minimize_scalar(
        lambda price: -(price - cost) * bought(price), bounds=(cost, top), method="bounded"
    )
    found = sweep(stakes_backward, **p)
    assert_allclose(found.price.item(), best.x, rtol=2e-3)
    assert_allclose(found.quantity.item(), bought(best.x), rtol=1e-2)
    assert_allclose(found.price_net.item(), 0.5 * (value + cost), rtol=1e-9)


@given(points)
def test_without_a_stake_both_are_the_single_source_of_second_source(p):
    """M11 at ω = 0 is the game it is wrapped around: a monopolist with linear demand."""
    p = {**p, "stake": 0.0}
    base, label = played(
        second_source,
        value=p["value"],
        supplier_cost=p["supplier_cost"],
        volume=p["volume"],
        setup_cost=0.0,
        early_profit=0.0,
        discount=1.0,
    )
    assert "single-source" == label
    for game in (stakes, stakes_backward):
        found = sweep(game, **p)
        assert_allclose(found.price.item(), base["price"], rtol=1e-9)
        assert_allclose(found.supplier_payoff.item(), base["supplier_profit"], rtol=1e-9)
        assert_allclose(found.buyer_payoff.item(), base["buyer_payoff"], rtol=1e-9)


@given(points)
def test_price_falls_and_welfare_rises_in_the_suppliers_stake(p):
    around = p["stake"] + np.array([0.0, 1e-3, 0.05])
    found = sweep(stakes, **{**p, "stake": around})
    assume((found.regime.values == "mark-up").all())
    assert (np.diff(found.price.values) < 0.0).all()
    assert (np.diff(found.welfare.values) > 0.0).all()


@given(points)
def test_a_full_share_makes_the_two_one_firm(p):
    """ω = 1: the supplier's payoff is all of welfare, and the price is cost."""
    found = sweep(stakes, **{**p, "stake": 1.0})
    best = 0.5 * p["volume"] * (p["value"] - p["supplier_cost"]) ** 2 / p["value"]
    assert_allclose(found.price.item(), p["supplier_cost"], rtol=1e-6)
    assert_allclose(found.supplier_payoff.item(), best, rtol=1e-9)
    assert_allclose(found.buyer_payoff.item(), 0.0, atol=1e-9 * best)


def test_every_cell_of_the_map_is_certified():
    for game in (stakes, stakes_backward):
        axes = {"stake": np.linspace(0.0, 0.95, 40), "value": np.linspace(5.0, 60.0, 30)}
        bound = game.bind(stake=axes["stake"][:, None], value=axes["value"])
        equilibria = subgame_perfect(game.form(bound))
        assert (equilibria.status == Status.SOLVED).all()
        assert float(equilibria.gap.max()) <= 1e-9


def test_a_cost_above_every_worth_ends_trade():
    for game in (stakes, stakes_backward):
        found = sweep(game, **{**UNIT, "supplier_cost": 11.0}, stake=0.3)
        assert "no-trade" == found.regime.item()
        assert_allclose(found.quantity.item(), 0.0, atol=1e-5)
