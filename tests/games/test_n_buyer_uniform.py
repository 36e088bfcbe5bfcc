"""One price for all buyers, one of whom could leave."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games.n_buyer_uniform import n_buyer_uniform
from games.phase import phase
from solver import sweep
from solver.sweep.thresholds import thresholds

points = st.fixed_dictionaries(
    {
        "price": st.floats(25.0, 40.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "alternative_price": st.floats(10.0, 45.0),
        "addressable": st.floats(0.05, 1.0),
        "volume": st.floats(100.0, 1500.0),
        "other_volume": st.floats(0.0, 5000.0),
    }
)


def test_the_base_case_needs_39_percent_of_all_sales_to_move_the_price():
    deter = sweep(phase)
    assert_allclose(24.94, deter.price.item(), atol=5e-3)
    found = sweep(n_buyer_uniform, alternative_price=deter.price.item())
    assert_allclose(0.387, found.critical_share.item(), atol=5e-4)
    assert "let-go" == found.regime.item()


def test_the_volume_that_moves_the_price_is_found_by_bisection_too():
    """φ Q/(Q + others) = s* at Q = s* · others/(φ - s*)."""
    share = (35.0 - 24.94) / (35.0 - 9.0)
    expected = share * 300.0 / (0.5 - share)
    found = thresholds(n_buyer_uniform, "volume", 100.0, 5000.0, other_volume=300.0)
    (at,) = found.thresholds
    assert_allclose(expected, at.value, rtol=1e-6)
    assert ("let-go", "discount-to-all") == (at.below, at.above)


@given(points)
@settings(max_examples=60)
def test_the_choice_by_comparing_a_grid_of_prices(p):
    """Second route: the supplier's profit at every price, with the buyer's answer by hand."""
    assume(p["supplier_cost"] + 0.5 < p["alternative_price"])
    gone = p["addressable"] * p["volume"]
    everything = p["volume"] + p["other_volume"]
    prices = np.linspace(p["supplier_cost"], p["price"], 20_001)
    prices = np.append(prices, min(p["alternative_price"], p["price"]))
    leaves = prices > p["alternative_price"]
    profit = (prices - p["supplier_cost"]) * (everything - gone * leaves)
    found = sweep(n_buyer_uniform, **p)
    assert_allclose(profit.max(), found.supplier_profit.item(), rtol=1e-9)
    share, critical = found.threatened_share.item(), found.critical_share.item()
    if p["alternative_price"] < p["price"] and abs(share - critical) > 1e-9:
        expected = "discount-to-all" if share > critical else "let-go"
        assert expected == found.regime.item()
