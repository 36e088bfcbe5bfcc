"""Equity in a bargain: cash prices move, wealth does not."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from games.bargain import bargain
from games.stakes_bargained import stakes_financing, stakes_lump_sum
from solver import sweep

#: W = 100, and an own chip that is worth nothing.
HUNDRED = {
    "value": 20.0, "supplier_cost": 10.0, "volume": 10.0, "chip_cost": 1000.0,
    "supplier_power": 0.7,
}  # fmt: skip

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
shares = st.floats(0.0, 0.9)


def test_the_cash_price_falls_in_the_share_and_wealth_stays():
    found = sweep(stakes_lump_sum, stake=np.array([0.0, 0.1, 0.27, 0.5]), **HUNDRED)
    expected = [70.0, 66.66666666666666, 58.904109589041084, 40.0]
    assert_allclose(found.payment.values, expected, rtol=1e-12)
    assert_allclose(found.supplier_payoff.values, 70.0, rtol=1e-12)
    assert_allclose(found.buyer_payoff.values, 30.0, rtol=1e-12)
    assert_allclose(found.price_net.values, 17.0, rtol=1e-12)


@given(shares, st.floats(0.05, 0.95))
def test_the_payment_by_search_over_payments(share, power):
    """Second route: the Nash product over the payment t itself."""
    total = 100.0

    def product(t):
        supplier, others = t + share * (total - t), (1.0 - share) * (total - t)
        return -(power * np.log(supplier) + (1.0 - power) * np.log(others))

    low = -share / (1.0 - share) * total
    edge = 1e-9 * (total - low)
    best = minimize_scalar(product, bounds=(low + edge, total - edge), method="bounded",
                           options={"xatol": 1e-9})  # fmt: skip
    found = sweep(stakes_lump_sum, **{**HUNDRED, "supplier_power": power}, stake=share)
    assert_allclose(found.payment.item(), best.x, atol=1e-3 * (total - low))
    formula = total * (power - (1.0 - power) * share / (1.0 - share))
    assert_allclose(found.payment.item(), formula, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("concept", ["nash-bargaining", "outside-option"])
@given(points)
def test_without_a_stake_it_is_the_bargain(concept, p):
    base = sweep(bargain, concept=concept, **p)
    found = sweep(stakes_lump_sum, concept=concept, stake=0.0, **p)
    financed = sweep(stakes_financing, concept=concept, stake=0.0, investment=0.0, **p)
    for name in ("price", "supplier_payoff", "buyer_payoff"):
        assert_allclose(found[name].item(), base[name].item(), rtol=1e-12)
        assert_allclose(financed[name].item(), base[name].item(), rtol=1e-12)


@given(points, shares)
def test_the_net_price_is_that_of_the_bargain_whatever_the_share(p, share):
    base = sweep(bargain, **p)
    assume(base.regime.item() == "trade")
    found = sweep(stakes_lump_sum, stake=share, **p)
    assert_allclose(found.price_net.item(), base.price.item(), rtol=1e-9)
    assert found.price.item() <= base.price.item() * (1.0 + 1e-12)


@given(points, shares, st.floats(0.0, 50_000.0), st.floats(0.0, 1e6))
def test_the_net_price_is_that_of_the_bargain_whatever_the_financing(p, share, paid, worth):
    base = sweep(bargain, **p)
    assume(base.regime.item() == "trade")
    found = sweep(stakes_financing, stake=share, investment=paid, buyer_worth=worth, **p)
    assert_allclose(found.price_net.item(), base.price.item(), rtol=1e-9)
    assert_allclose(
        found.price.item() - (paid - share * worth) / p["volume"],
        found.price_net.item(),
        rtol=1e-9,
        atol=1e-9 * (paid + share * worth) / p["volume"],
    )


def test_an_equity_headline_of_29_percent_is_no_discount_at_fair_prices():
    """10 of 35 $bn came back as equity; netting the shares out leaves nothing."""
    p = {"volume": 1000.0, "chip_cost": 1000.0, "value": 70.0, "supplier_cost": 0.0,
         "supplier_power": 0.5}  # fmt: skip
    fair = sweep(stakes_financing, investment=10_000.0, stake=0.0125, buyer_worth=800_000.0, **p)
    assert_allclose(fair.price.item(), 35.0, rtol=1e-12)
    naive = 1.0 - fair.price_cash.item() / fair.price.item()
    assert_allclose(naive, 10.0 / 35.0, rtol=1e-12)
    assert_allclose(fair.headline_discount.item(), naive, rtol=1e-12)
    assert_allclose(fair.net_discount.item(), 0.0, atol=1e-12)
    assert_allclose(fair.price_net.item(), 35.0, rtol=1e-12)
    assert "fairly-priced" == fair.regime.item()


@pytest.mark.parametrize(
    ("stake", "regime", "list_price"),
    [(0.0, "subsidised", 45.0), (0.0125, "fairly-priced", 35.0), (0.025, "shares-cheap", 25.0)],
)
def test_a_subsidy_goes_into_the_list_price(stake, regime, list_price):
    p = {"volume": 1000.0, "chip_cost": 1000.0, "value": 70.0, "supplier_cost": 0.0,
         "supplier_power": 0.5}  # fmt: skip
    found = sweep(stakes_financing, investment=10_000.0, stake=stake, buyer_worth=800_000.0, **p)
    assert regime == found.regime.item()
    assert_allclose(found.price.item(), list_price, rtol=1e-12)


def test_an_own_chip_cheaper_than_the_supplier_ends_trade():
    for game in (stakes_lump_sum, stakes_financing):
        found = sweep(game, chip_cost=5.0, nre=0.0, porting_lump=0.0)
        assert "no-trade" == found.regime.item()
        assert np.isnan(found.price.item())
