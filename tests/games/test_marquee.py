"""A customer that others follow."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from games.bargain import bargain
from games.marquee import LEFT, marquee, marquee_crowd, offers
from solver import subgame_perfect, sweep

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(17.0, 40.0),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(0.0, 5000.0),
        "supplier_power": st.floats(0.05, 0.95),
    }
)
references = st.floats(0.0, 5000.0)


def cap(p):
    """What a unit of the customer's own chip costs it."""
    return p["chip_cost"] + (p["nre"] + 300.0) / p["volume"]


@given(points, references)
def test_the_price_by_formula(p, psi):
    """p = c + β(cap - c) - (1 - β)ψ/Q."""
    assume(p["supplier_cost"] < cap(p) < p["value"])
    power = p["supplier_power"]
    expected = p["supplier_cost"] + power * (cap(p) - p["supplier_cost"])
    expected -= (1.0 - power) * psi / p["volume"]
    found = sweep(marquee, porting_lump=300.0, marquee=psi, **p)
    assert_allclose(found.price.item(), expected, rtol=1e-9, atol=1e-9)


@given(points, references)
@settings(max_examples=20)
def test_the_price_by_search_over_prices(p, psi):
    """Second route: the Nash product over the price itself."""
    own = p["volume"] * max(p["value"] - cap(p), 0.0)
    power, low = p["supplier_power"], p["supplier_cost"] - psi / p["volume"]
    high = p["value"] - own / p["volume"]
    assume(high - low > 1e-3)

    def product(price):
        supplier = (price - p["supplier_cost"]) * p["volume"] + psi
        customer = (p["value"] - price) * p["volume"] - own
        return -(power * np.log(supplier) + (1.0 - power) * np.log(customer))

    edge = 1e-9 * (high - low)
    best = minimize_scalar(product, bounds=(low + edge, high - edge), method="bounded",
                           options={"xatol": 1e-10})  # fmt: skip
    found = sweep(marquee, porting_lump=300.0, marquee=psi, **p)
    assert_allclose(found.price.item(), best.x, atol=1e-5 * (high - low))


@given(points, references)
def test_the_price_falls_by_the_customers_weight_of_the_reference(p, psi):
    assume(p["supplier_cost"] + 0.1 < cap(p))
    around = psi + np.array([0.0, 1.0])
    prices = sweep(marquee, porting_lump=300.0, marquee=around, **p).price.values
    expected = -(1.0 - p["supplier_power"]) / p["volume"]
    assert_allclose(np.diff(prices).item(), expected, rtol=1e-6)


@pytest.mark.parametrize("concept", ["nash-bargaining", "outside-option", "alternating-offers"])
@given(points)
def test_a_customer_nobody_follows_just_bargains(concept, p):
    base, found = sweep(bargain, concept=concept, **p), sweep(marquee, concept=concept, **p)
    for name in ("price", "supplier_payoff", "buyer_payoff"):
        assert_allclose(found[name].item(), base[name].item(), rtol=1e-12)


def test_a_reference_moves_the_price_until_the_outside_option_binds_and_not_after():
    """Disagreement and outside option differ: a naive model moves both prices by 1 - β."""
    psi = np.array([0.0, 1000.0])
    nash = sweep(marquee, marquee=psi)
    leave = sweep(marquee, marquee=psi, concept="outside-option")
    assert_allclose(np.diff(nash.price.values).item(), -0.3 * 1000.0 / 500.0, rtol=1e-9)
    assert_allclose(np.diff(leave.price.values).item(), 0.0, atol=1e-9)


def test_a_reference_can_make_trade_worth_while_below_cost():
    chip = {"chip_cost": 8.0, "nre": 0.0, "porting_lump": 0.0, "supplier_cost": 9.0}
    found = sweep(marquee, marquee=np.array([0.0, 400.0, 1000.0]), **chip)
    assert ["no-trade", "no-trade", "trade"] == found.regime.values.tolist()
    assert found.price.values[2] < 9.0


def test_divide_and_conquer_favours_the_smaller():
    """The cut is paid per unit; crowd below 1 means that the crowd is the smaller side."""
    found = sweep(marquee_crowd, crowd=np.array([0.3, 0.9, 1.1, 5.0]))
    expected = ["crowd-favoured"] * 2 + ["marquee-favoured"] * 2
    assert expected == found.regime.values.tolist()


def guaranteed(p, first, second):
    """What two prices bring at worst, over all pure equilibria of the joining game, by hand."""
    sizes, asked = (p["volume"], p["crowd"] * p["volume"]), (first, second)

    def gain(i, *, other):
        worth = p["value"] * (1.0 if other else p["alone"])
        return (worth - asked[i]) * sizes[i]

    totals = []
    for one in (False, True):
        for two in (False, True):
            better = (gain(0, other=two) > 0.0, gain(1, other=one) > 0.0)
            if better == (one, two):
                totals.append(
                    sum(
                        (asked[i] - p["supplier_cost"]) * sizes[i]
                        for i in range(2)
                        if (one, two)[i]
                    )
                )
    return min(totals)


@given(
    st.fixed_dictionaries(
        {
            "value": st.floats(45.0, 120.0),
            "supplier_cost": st.floats(5.0, 15.0),
            "volume": st.floats(100.0, 1500.0),
            "crowd": st.floats(0.2, 10.0),
            "alone": st.floats(0.4, 0.95),
        }
    )
)
@settings(max_examples=25)
def test_the_first_equilibrium_is_the_best_that_the_supplier_can_guarantee(p):
    assume(abs(p["crowd"] - 1.0) > 1e-3)
    values = {name: np.asarray(value) for name, value in p.items()}
    best = max(guaranteed(p, float(a), float(b)) for a, b in offers(values).values())
    found = sweep(marquee_crowd, **p)
    assert_allclose(found.supplier_profit.item(), best, rtol=1e-9)


@given(st.floats(0.4, 0.9))
def test_without_caution_all_join_at_the_full_price_in_another_equilibrium(alone):
    equilibria = subgame_perfect(marquee_crowd.form(marquee_crowd.bind(alone=alone)))
    p = {q.name: q.default for q in marquee_crowd.parameters}
    most = (LEFT * p["value"] - p["supplier_cost"]) * p["volume"] * (1.0 + p["crowd"])
    assert_allclose(equilibria.payoffs[..., 0].max(), most, rtol=1e-9)
    assert equilibria.payoffs[0, 0] < most
