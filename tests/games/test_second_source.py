"""A second source as a promise: who opens one, and when."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from games import second_source
from tests.games._recursion import induction, played

#: a - c = 8 with unit slope: surplus 8 at the monopoly price, 32 at cost.
UNIT = {"value": 10.0, "supplier_cost": 2.0, "volume": 10.0, "discount": 0.75, "early_profit": 1.0}

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 20.0),
        "volume": st.floats(100.0, 1500.0),
        "discount": st.floats(0.1, 1.0),
        "setup_cost": st.floats(0.0, 40_000.0),
        "early_profit": st.floats(1.0, 5000.0),
    }
)


@pytest.mark.parametrize(
    ("setup", "regime"),
    [
        pytest.param(0.0, "single-source", id="free"),
        pytest.param(6.0, "single-source", id="indifferent-to-one"),
        pytest.param(6.0 + 2.0**-30, "second-source", id="just-too-dear-for-one"),
        pytest.param(24.0, "second-source", id="indifferent-to-two"),
        pytest.param(24.0 + 2.0**-30, "no-trade", id="too-dear"),
    ],
)
def test_between_the_thresholds_there_is_trade_only_with_a_second_source(setup, regime):
    """δ 8 = 6 and δ 32 = 24."""
    found, label = played(second_source, **UNIT, setup_cost=setup)
    assert regime == label
    assert (0.0 if regime == "no-trade" else 1.0) == found["p_trade"]
    assert (1.0 if regime == "second-source" else 0.0) == found["p_licence"]


def test_surplus_at_the_monopoly_price_and_at_cost():
    found, _ = played(second_source, **{**UNIT, "discount": 1.0}, setup_cost=np.array([0.0, 10.0]))
    assert_allclose(found["buyer_payoff"] + [0.0, 10.0], [8.0, 32.0])
    assert_allclose(found["price"], [6.0, 2.0])


@given(points)
def test_thresholds_and_payoffs_by_integration(p):
    """Second route: the demand curve is integrated, the monopoly price searched for."""
    demand = lambda price: p["volume"] * (p["value"] - price) / p["value"]  # noqa: E731
    cost = p["supplier_cost"]
    monopoly = minimize_scalar(
        lambda price: -(price - cost) * demand(price), bounds=(cost, p["value"]), method="bounded"
    )
    one, two = (quad(demand, price, p["value"])[0] for price in (monopoly.x, cost))
    delta, sunk = p["discount"], p["setup_cost"]
    assume(min(abs(delta * one - sunk), abs(delta * two - sunk)) > 1e-3 * two)
    found, label = played(second_source, **p)
    if sunk < delta * one:
        expected = ("single-source", p["early_profit"] - delta * monopoly.fun, delta * one - sunk)
    elif sunk < delta * two:
        expected = ("second-source", p["early_profit"], delta * two - sunk)
    else:
        expected = ("no-trade", 0.0, 0.0)
    assert expected[0] == label
    assert_allclose(found["supplier_profit"], expected[1], rtol=1e-6)
    assert_allclose(found["buyer_payoff"], expected[2], rtol=1e-6)


def test_without_early_profit_the_supplier_sees_no_point_in_a_licence():
    found, label = played(second_source, **{**UNIT, "early_profit": 0.0}, setup_cost=10.0)
    assert "no-trade" == label
    assert np.isnan(found["price"])


@given(points)
def test_a_single_source_takes_the_best_price_of_its_menu(p):
    found = induction(second_source.form(second_source.bind(**p)))
    assert "best" == found.action["single source > adopt"]
