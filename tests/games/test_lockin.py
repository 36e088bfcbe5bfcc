"""Lock-in with and without competition for the customer."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import lockin, lockin_attached
from tests.games._recursion import induction, played

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 14.0),
        "rival_cost": st.floats(14.5, 40.0),
        "porting": st.floats(0.5, 60.0),
        "volume": st.floats(100.0, 1500.0),
        "discount": st.floats(0.05, 1.0),
    }
)
attached = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 14.0),
        "rival_cost": st.floats(14.5, 30.0),
        "porting": st.floats(5.0, 60.0),
        "volume": st.floats(100.0, 1500.0),
        "easy_porting": st.floats(0.0, 0.9),
        "portable": st.floats(0.01, 0.99),
    }
)


def test_equals_compete_all_of_lock_in_away():
    """p2 = c + s, p1 = c - δs, and the margins are worth nothing together."""
    cost, porting, delta = 9.0, np.array([0.5, 2.0, 10.0]), 0.9
    found, regime = played(
        lockin, supplier_cost=cost, rival_cost=cost, porting=porting, discount=delta
    )
    assert_allclose(found["price"], cost - delta * porting, atol=1e-12)
    assert_allclose(found["price_later"], cost + porting)
    assert_allclose(found["supplier_profit"], 0.0, atol=1e-9)
    assert ["below-cost-first"] * 3 == regime.tolist()


@given(points)
def test_prices_and_payoffs_are_those_of_the_formula(p):
    found, _ = played(lockin, **p)
    later = min(p["value"], p["rival_cost"] + p["porting"])
    delta, rival = p["discount"], p["rival_cost"]
    assert_allclose(found["price_later"], later)
    assert_allclose(found["price"], (1.0 + delta) * rival - delta * later, atol=1e-9)
    rent = (1.0 + delta) * (rival - p["supplier_cost"]) * p["volume"]
    assert_allclose(found["supplier_profit"], rent, rtol=1e-9)
    left = (1.0 + delta) * (p["value"] - rival) * p["volume"]
    assert_allclose(found["buyer_payoff"], left, rtol=1e-9)


@given(points)
def test_competed_for_lock_in_harms_nobody(p):
    """Neither player's payoff depends on s: the bargain is worth the rip-off."""
    costs = np.array([0.1, 1.0, 5.0, 40.0])
    found, _ = played(lockin, **{**p, "porting": costs})
    for name in ("supplier_profit", "buyer_payoff"):
        assert_allclose(found[name], found[name][0], rtol=1e-9)


@given(points)
def test_the_later_price_rises_with_the_cost_of_leaving_until_the_value(p):
    costs = np.linspace(0.0, 120.0, 9)
    found, _ = played(lockin, **{**p, "porting": costs})
    room = np.minimum(p["value"] - p["rival_cost"], costs)
    assert_allclose(found["price_later"], p["rival_cost"] + room, rtol=1e-9)


@given(points)
def test_where_the_tree_lets_the_customer_stay_it_loses_nothing_by_it(p):
    form = lockin.form(lockin.bind(**p))
    leaf = {form.tree.path(v): form.payoffs[k, 1] for k, v in enumerate(form.tree.leaves)}
    scale = p["value"] * p["volume"]
    assert_allclose(leaf["match > match"], leaf["match > above > leave"], atol=1e-12 * scale)
    assert_allclose(leaf["match > match"], leaf["above > rival"], atol=1e-12 * scale)
    assert leaf["above > attach > match"] < leaf["above > rival"] < leaf["below > attach > match"]


def test_the_customer_goes_to_a_rival_that_is_cheaper_than_the_supplier():
    found, regime = played(lockin, supplier_cost=20.0, rival_cost=15.0)
    assert "lost" == regime
    assert np.isnan(found["price"])
    assert 0.0 == found["supplier_profit"]


@given(attached)
def test_the_price_stays_high_iff_the_captive_part_is_worth_more(p):
    high = min(p["value"], p["rival_cost"] + p["porting"])
    low = min(p["value"], p["rival_cost"] + p["easy_porting"] * p["porting"])
    cost, kept = p["supplier_cost"], 1.0 - p["portable"]
    assume(low < p["value"] and abs(kept * (high - cost) - (low - cost)) > 1e-6)
    stays_high = kept * (high - cost) > low - cost
    found, regime = played(lockin_attached, **p)
    assert ("captive" if stays_high else "kept") == regime
    assert_allclose(found["price"], high if stays_high else low)
    profit = max(kept * (high - cost), low - cost) * p["volume"]
    assert_allclose(found["supplier_profit"], profit, rtol=1e-9)
    assert_allclose(found["moved_share"], p["portable"] if stays_high else 0.0)
    gain = (p["value"] - (kept * high + (1 - kept) * low if stays_high else low)) * p["volume"]
    assert_allclose(found["buyer_payoff"], gain, rtol=1e-9, atol=1e-9 * p["volume"])


@pytest.mark.parametrize(
    ("portable", "regime"), [(0.25, "captive"), (0.25 + 2.0**-20, "kept"), (0.0, "captive")]
)
def test_at_the_threshold_exactly_the_price_stays_high(portable, regime):
    """(1 - 1/4) (24 - 8) = 20 - 8."""
    values = {"supplier_cost": 8.0, "rival_cost": 16.0, "porting": 8.0, "easy_porting": 0.5}
    assert regime == played(lockin_attached, **values, portable=portable)[1]


def test_an_attached_customer_is_charged_for_leaving_and_got_nothing_for_coming():
    found, _ = played(lockin_attached, portable=0.0, porting=np.array([5.0, 10.0, 60.0]))
    assert_allclose(found["price"], [24.25, 29.25, 60.0])


@given(attached)
def test_no_neighbouring_price_is_better(p):
    assume(p["rival_cost"] + p["easy_porting"] * p["porting"] < p["value"])
    found = induction(lockin_attached.form(lockin_attached.bind(**p)))
    assert found.action["the root"] in {"high", "low"}
    assert "leave" == found.action["above"]
