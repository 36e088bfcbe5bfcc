"""The same bargain by other rules, with talks that may break down, and over a price per unit."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from games.bargain import bargain
from games.bargain_linear import bargain_linear
from games.holdup import holdup_leverage
from games.marquee import marquee
from games.stakes_bargained import stakes_lump_sum
from solver import sweep
from solver.coopetition import threat_value

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(17.0, 40.0),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(0.0, 5000.0),
        "porting_lump": st.floats(0.0, 1000.0),
        "supplier_power": st.floats(0.05, 0.95),
    }
)


def cap(p):
    """What a unit of the customer's own chip costs it."""
    return p["chip_cost"] + (p["nre"] + p["porting_lump"]) / p["volume"]


@pytest.mark.parametrize(
    ("concept", "share"),
    [
        ("nash-bargaining", None), ("egalitarian", None), ("kalai-smorodinsky", 0.5),
        ("equal-loss", 0.5), ("utilitarian", 1.0),
    ],
)  # fmt: skip
@given(p=points)
@settings(max_examples=30)
def test_in_money_every_rule_gives_the_supplier_a_share_of_the_gains(concept, share, p):
    """p = c + share (min(cap, v) - c): by weight, by half, or everything."""
    assume(cap(p) > p["supplier_cost"])
    part = p["supplier_power"] if share is None else share
    gains = min(cap(p), p["value"]) - p["supplier_cost"]
    found = sweep(bargain, concept=concept, **p)
    assert_allclose(p["supplier_cost"] + part * gains, found.price.values.flat[0], rtol=1e-9)
    assert (found.regime == "trade").all()


@given(points)
@settings(max_examples=30)
def test_they_trade_where_the_chip_costs_more_than_the_suppliers_unit(p):
    cheap = p | {"chip_cost": p["supplier_cost"] * 0.5, "nre": 0.0, "porting_lump": 0.0}
    for concept in ("nash-bargaining", "kalai-smorodinsky", "egalitarian", "equal-loss"):
        apart = sweep(bargain, concept=concept, **cheap)
        assert "no-trade" == apart.regime.item()
        assert np.isnan(apart.price.item())
        assert_allclose((p["value"] - 0.5 * p["supplier_cost"]) * p["volume"], apart.buyer_payoff)
        assert_allclose(0.0, apart.supplier_payoff, atol=1e-9)


@pytest.mark.parametrize("game", [bargain, marquee, stakes_lump_sum], ids=lambda g: g.name)
@given(p=points)
@settings(max_examples=15)
def test_a_rare_breakdown_makes_offers_the_nash_solution_of_equals(game, p):
    """Binmore, Rubinstein and Wolinsky (1986): no impatience, a risk that goes to zero."""
    assume(p["supplier_cost"] + 1.0 < cap(p) < p["value"] - 1.0)
    patient = {"discount": 0.999999, "buyer_discount": 0.999999}
    offers = sweep(game, concept="alternating-offers", breakdown=1e-3, **p, **patient)
    equal = sweep(game, concept="nash-bargaining", **p | {"supplier_power": 0.5})
    assert "trade" == offers.regime.item()
    scale = p["value"] * p["volume"]
    assert_allclose(equal.supplier_payoff.item(), offers.supplier_payoff.item(), atol=3e-3 * scale)


def test_without_a_risk_of_breakdown_the_threat_is_worth_nothing_to_who_cannot_leave():
    risk = np.array([0.0, 0.01, 0.1, 0.5, 1.0])
    worth = threat_value(
        bargain, {"nre": np.inf}, ["alternating-offers"], per="volume", breakdown=risk
    )
    gained = worth.of("alternating-offers", "customer")
    assert 0.0 == gained[0]
    assert (np.diff(gained) > 0.0).all()
    # Certain breakdown is an ultimatum: the customer gets what its chip leaves it, 41.4 a unit.
    assert_allclose(20700.0, gained[-1], rtol=1e-9)


def test_talks_that_hold_the_chip_back_end_where_it_is_the_better_one():
    """Nobody can leave, so a cheaper chip ends talks only if they break down soon enough."""
    cheap = {"chip_cost": 5.0, "nre": 0.0, "porting_lump": 0.0}
    found = sweep(
        bargain, concept="alternating-offers", breakdown=np.array([0.0, 0.01, 0.9]), **cheap
    )
    assert ["trade", "trade", "no-trade"] == found.regime.values.tolist()


def test_the_threat_is_worth_something_else_by_every_rule():
    """Per unit, with an own chip at 18.6 against a value of 60 and a weight of 0.7."""
    names = (
        "nash-bargaining", "egalitarian", "kalai-smorodinsky", "equal-loss", "outside-option",
        "alternating-offers",
    )  # fmt: skip
    worth = threat_value(bargain, {"nre": np.inf}, names, per="volume")
    expected = [0.7 * 41.4, 0.7 * 41.4, 0.5 * 41.4, 0.5 * 41.4, 44.7 - 18.6, 0.0]
    assert_allclose(expected, worth.per_unit[:, 1], rtol=1e-9, atol=1e-9)
    assert_allclose(-np.array(expected), worth.per_unit[:, 0], rtol=1e-9, atol=1e-9)
    assert_allclose(500.0 * np.array(expected), worth.total[:, 1], rtol=1e-9, atol=1e-9)


def test_what_is_built_on_the_bargain_takes_the_risk_too():
    for game in (marquee, stakes_lump_sum):
        safe, risky = (
            sweep(game, concept="alternating-offers", breakdown=risk).supplier_payoff.item()
            for risk in (0.0, 0.2)
        )
        assert risky < safe
    assert "breakdown" in {parameter.name for parameter in holdup_leverage.parameters}


linear = st.fixed_dictionaries(
    {
        "demand_top": st.floats(20.0, 200.0),
        "supplier_cost": st.floats(1.0, 15.0),
        "volume": st.floats(1.0, 1500.0),
        "supplier_power": st.floats(0.02, 0.98),
    }
)


def earned(p, price):
    """Profits of both at a wholesale price."""
    bought = p["volume"] * (1.0 - price / p["demand_top"]) / 2.0
    return (price - p["supplier_cost"]) * bought, bought**2 * p["demand_top"] / p["volume"]


@given(linear)
def test_linear_prices_by_formula(p):
    """Nash: w = c + β(a - c)/2; proportional: the smaller of its formula and (a + c)/2."""
    a, c, power = p["demand_top"], p["supplier_cost"], p["supplier_power"]
    nash = sweep(bargain_linear, **p)
    assert_allclose(c + power * (a - c) / 2.0, nash.price.item(), rtol=1e-8)
    supplier, customer = earned(p, nash.price.item())
    assert_allclose(supplier, nash.supplier_payoff.item(), rtol=1e-7)
    assert_allclose(customer, nash.buyer_payoff.item(), rtol=1e-7)
    for method in ("frontier", "lexicographic"):
        kalai = sweep(bargain_linear, concept="egalitarian", method=method, **p)
        expected = min((power * a + 2.0 * (1.0 - power) * c) / (2.0 - power), (a + c) / 2.0)
        assert_allclose(expected, kalai.price.item(), rtol=1e-7)
    assert ("supplier-optimum" if power >= 2.0 / 3.0 else "bargained") == kalai.regime.item()


@given(linear)
@settings(max_examples=25)
def test_linear_prices_by_search_over_the_price(p):
    """Second route: first-order condition of the Nash product, and equal parts of the ideal."""
    a, c, power = p["demand_top"], p["supplier_cost"], p["supplier_power"]
    top = (a + c) / 2.0

    def slope(w):
        """Of power log((w - c)(a - w)) + (1 - power) log((a - w)²)."""
        return power / (w - c) - power / (a - w) - 2.0 * (1.0 - power) / (a - w)

    inside = 1e-9 * (a - c)
    assert_allclose(
        brentq(slope, c + inside, top - inside), sweep(bargain_linear, **p).price.item(), rtol=1e-6
    )
    most = earned(p, top)[0], earned(p, c)[1]

    def uneven(w):
        supplier, customer = earned(p, w)
        return supplier / most[0] - customer / most[1]

    found = sweep(bargain_linear, concept="kalai-smorodinsky", **p)
    assert_allclose(brentq(uneven, c, top), found.price.item(), rtol=1e-6)


def test_without_a_lump_sum_the_rules_part_ways_and_some_is_lost():
    prices = {
        concept: sweep(bargain_linear, concept=concept, supplier_power=0.5)
        for concept in ("nash-bargaining", "egalitarian", "kalai-smorodinsky")
    }
    assert 3 == len({round(found.price.item(), 6) for found in prices.values()})
    assert all(found.waste.item() > 0.0 for found in prices.values())
    # With nothing for the supplier the price is its cost, and nothing is lost.
    assert_allclose(0.0, sweep(bargain_linear, supplier_power=0.0).waste.item(), atol=1e-6)


def test_a_cost_above_all_demand_ends_trade():
    found = sweep(bargain_linear, demand_top=5.0, supplier_cost=9.0)
    assert "no-trade" == found.regime.item()
    assert np.isnan(found.price.item())
    assert 0.0 == found.quantity.item() == found.supplier_payoff.item()
