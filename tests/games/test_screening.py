"""Screening by one price: two types against the threshold, a range of types against the formula."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from games import bargain, phase
from games.screening import OFFERS, screening, screening_uniform
from solver import nash, sweep
from solver.sweep.cells import evaluate
from solver.testing import tree_oracles

#: r_L = 20 and r_H = 32 at c = 8, so that μ* = (20 - 8)/(32 - 8) is a half to the last bit.
EVEN = {
    "supplier_cost": 8.0, "chip_cost": 20.0, "performance": 1.0, "handicap": 0.625,
    "volume": 100.0, "nre": 0.0, "porting_lump": 0.0,
}  # fmt: skip

customers = st.fixed_dictionaries(
    {
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(12.8, 25.0),
        "performance": st.floats(0.5, 1.5),
        "handicap": st.floats(0.3, 0.95),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(0.0, 3000.0),
        "porting_lump": st.floats(0.0, 1000.0),
        "weak_share": st.floats(0.01, 0.99),
    }
)


def reservations(p):
    """r_L and r_H, written once more."""
    lump = (p["nre"] + p["porting_lump"]) / p["volume"]
    unit = p["chip_cost"] / p["performance"]
    return unit + lump, unit / p["handicap"] + lump


def perfect_offers(values):
    """The offers of all pure subgame-perfect equilibria, by trying every profile."""
    rows = tree_oracles.pure_subgame_perfect(screening.form(screening.bind(**values)))
    return {OFFERS[row[: len(OFFERS)].index(1)] for row in rows}


def cell(**values):
    return evaluate(screening, screening.bind(**values))


def label(cells):
    return [cells.labels[k] for k in np.ravel(cells.regime)]


@pytest.mark.parametrize(
    ("share", "offers"),
    [
        pytest.param(0.5 - 1e-6, {"low"}, id="below"),
        pytest.param(0.5, {"low", "high"}, id="at"),
        pytest.param(0.5 + 1e-6, {"high"}, id="above"),
    ],
)
def test_the_offer_changes_at_the_threshold_where_both_are_equilibria(share, offers):
    assert offers == perfect_offers({**EVEN, "weak_share": share})


@given(customers)
@settings(max_examples=4)
def test_the_price_is_that_of_the_weak_type_above_the_threshold(values):
    low, high = reservations(values)
    cost, share = values["supplier_cost"], values["weak_share"]
    assume(high - cost > 0.1)
    threshold = (low - cost) / (high - cost)
    assume(abs(share - threshold) > 1e-6)
    assert {"high" if share > threshold else "low"} == perfect_offers(values)


@given(customers)
def test_outcomes_follow_from_who_is_served(values):
    low, high = reservations(values)
    cost, share, volume = values["supplier_cost"], values["weak_share"], values["volume"]
    assume(high - cost > 0.1 and abs(share * (high - cost) - (low - cost)) > 1e-5)
    found = cell(**values)
    weak_only = share * (high - cost) > low - cost
    assert ["serve-weak" if weak_only else "serve-both"] == label(found)
    got = found.outcomes
    assert_allclose(got["price"], high if weak_only else low, rtol=1e-12)
    assert_allclose(got["built_share"], 1.0 - share if weak_only else 0.0, atol=1e-12)
    profit = volume * max(share * (high - cost), low - cost)
    assert_allclose(got["supplier_profit"], profit, rtol=1e-9)
    mean = share * high + (1.0 - share) * low
    assert_allclose(got["buyer_payoff"], -volume * (mean if weak_only else low), rtol=1e-9)


@given(customers)
def test_empty_threats_to_build_or_buy_change_no_offer(values):
    """Nash equilibria differ from the perfect one off the path only."""
    low, high = reservations(values)
    cost, share = values["supplier_cost"], values["weak_share"]
    assume(high - cost > 0.1 and abs(share * (high - cost) - (low - cost)) > 1e-5)
    bound = screening.bind(**values)
    perfect, all_nash = cell(**values), evaluate(screening, bound, nash)
    assert label(perfect) == label(all_nash)
    assert 1 == perfect.equilibria.count < all_nash.equilibria.count
    expected = np.broadcast_to(perfect.equilibria.payoffs, all_nash.equilibria.payoffs.shape)
    assert_allclose(all_nash.equilibria.payoffs, expected, rtol=1e-9, atol=1e-6)


def test_the_regimes_of_a_sweep_over_the_prior():
    found = cell(**EVEN, weak_share=np.array([0.1, 0.4, 0.5, 0.6, 0.9]))
    expected = ["serve-both", "serve-both", "tie", "serve-weak", "serve-weak"]
    assert expected == label(found)


def test_a_supplier_dearer_than_every_chip_offers_nothing():
    found = cell(**{**EVEN, "supplier_cost": 40.0}, weak_share=0.5)
    assert ["no-sale"] == label(found)
    assert np.isnan(found.outcomes["price"])
    assert 1.0 == found.outcomes["built_share"]


def test_a_supplier_dearer_than_the_strong_type_serves_the_weak_one_however_rare():
    assert ["serve-weak"] == label(cell(**{**EVEN, "supplier_cost": 25.0}, weak_share=0.01))


@pytest.mark.parametrize("degenerate", [{"handicap": 1.0}, {"weak_share": 0.0}])
def test_without_private_information_the_price_is_the_cost_of_the_alternative(degenerate):
    """As if the supplier had all the power in bargaining, or porting cost nothing per unit."""
    price = cell(**{"porting_lump": 0.0, **degenerate}).outcomes["price"]
    assert_allclose(price, 16.0 + 1000.0 / 500.0, rtol=1e-12)
    assert_allclose(price, sweep(bargain, porting_lump=0.0, supplier_power=1.0).price.item())
    assert_allclose(price, sweep(phase, porting_top=1e-6).price.item(), atol=1e-6)


UNIFORM = {"reservation_low": 18.0, "reservation_high": 45.0, "supplier_cost": 9.0}


def test_published_prices_against_a_range_of_types():
    shares = np.array([1.0, 0.8, 0.6, 0.5, 0.4])
    cells = sweep(screening_uniform, addressable=shares, **UNIFORM)
    prices = np.array([27.0, 30.375, 36.0, 40.5, 45.0])
    assert_allclose(cells.price.values, prices, rtol=1e-12)
    assert_allclose(cells.p_build.values, (prices - 18.0) / 27.0, rtol=1e-12)
    assert_array_equal(["some-build"] * 4 + ["all-build"], cells.regime.values)


ranges = st.fixed_dictionaries(
    {
        "reservation_low": st.floats(10.0, 25.0),
        "reservation_high": st.floats(30.0, 60.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "addressable": st.floats(0.05, 1.0),
        "volume": st.floats(100.0, 1500.0),
    }
)


@given(ranges)
def test_the_price_against_a_range_of_types_is_the_clipped_formula(values):
    a, b, phi = values["reservation_low"], values["reservation_high"], values["addressable"]
    found = sweep(screening_uniform, **values)
    best = (b - (1.0 - phi) * a + phi * values["supplier_cost"]) / (2.0 * phi)
    assert_allclose(found.price.item(), np.clip(best, a, b), rtol=1e-7)
    assert_allclose(found.built_share.item(), phi * found.p_build.item(), rtol=1e-12)


@given(ranges)
def test_no_price_earns_more_from_a_crowd_of_types_drawn_one_by_one(values):
    """Second route: a thousand types that buy or build, counted at two hundred prices."""
    a, b, phi = values["reservation_low"], values["reservation_high"], values["addressable"]
    types = a + (b - a) * (np.arange(1000) + 0.5) / 1000.0
    prices = np.linspace(a, b, 200)
    kept = (types >= prices[:, None]).mean(axis=1)
    profits = values["volume"] * (prices - values["supplier_cost"]) * (phi * kept + 1.0 - phi)
    found = sweep(screening_uniform, **values)
    assert_allclose(found.supplier_profit.item(), profits.max(), rtol=3e-3)
    spent = np.minimum(types, found.price.item()).mean()
    expected = -values["volume"] * (phi * spent + (1.0 - phi) * found.price.item())
    assert_allclose(found.buyer_payoff.item(), expected, rtol=1e-3)


@given(ranges)
def test_the_price_rises_with_the_captive_share(values):
    shares = np.linspace(1.0, 0.1, 40)
    prices = sweep(screening_uniform, **{**values, "addressable": shares}).price.values
    assert (np.diff(prices) >= -1e-9 * prices[1:]).all()
    assert prices[-1] > prices[0] or prices[0] == values["reservation_high"]


def test_a_narrow_range_of_dear_chips_deters_everybody():
    found = sweep(screening_uniform, **{**UNIFORM, "reservation_low": 40.0}, addressable=1.0)
    assert 40.0 == found.price.item()
    assert "nobody-builds" == found.regime.item()


def test_one_reservation_for_all_is_the_price():
    found = sweep(screening_uniform, reservation_low=20.0, reservation_high=20.0)
    assert 20.0 == found.price.item()
    assert "nobody-builds" == found.regime.item()
