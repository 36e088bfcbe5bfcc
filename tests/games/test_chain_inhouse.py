"""A chip of one's own from a partner with a margin and the supplier's foundry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games.chain_inhouse import chain_inhouse
from solver import sweep

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "bom_b200": st.floats(5.7, 7.3),
        "partner_margin": st.floats(0.0, 0.7),
        "performance": st.floats(0.5, 1.5),
        "volume": st.floats(200.0, 1500.0),
        "nre": st.floats(0.0, 5000.0),
        "addressable": st.floats(0.1, 1.0),
        "capacity": st.floats(100.0, 1500.0),
        "own_capacity": st.floats(10.0, 1000.0),
    }
)


def by_hand(p):
    """Price and units made by the better of deterring and giving way; a plain search of prices."""
    total = min(p["volume"], p["capacity"])
    own = min(p["addressable"] * p["volume"], p["own_capacity"], total)
    cost = p["bom_b200"] / (1.0 - p["partner_margin"]) / p["performance"]
    grid = np.linspace(p["supplier_cost"], p["value"], 20_001)
    builds = own * (grid - cost) > p["nre"]
    profit = (grid - p["supplier_cost"]) * np.where(builds, total - own, total)
    best = int(np.argmax(profit))
    return grid[best], builds[best], profit[best], grid[1] - grid[0], total


@given(points)
def test_profit_and_choice_by_a_grid_of_prices(p):
    price, builds, profit, step, total = by_hand(p)
    found = sweep(chain_inhouse, **p)
    assert found.supplier_profit.item() >= profit - 1e-9 * abs(profit)
    assert_allclose(found.supplier_profit.item(), profit, atol=2.0 * step * total)
    if abs(found.price.item() - price) < 2.0 * step:
        assert builds == (found.regime.item() == "build") or price > p["value"] - 2.0 * step


@pytest.mark.parametrize(("margin", "own"), [(0.0, 6.4), (0.5, 12.8), (0.6, 16.0)])
def test_the_partners_margin_is_in_the_cost_of_the_chip(margin, own):
    found = sweep(chain_inhouse, bom_b200=6.4, partner_margin=margin, performance=1.0)
    assert_allclose(found.own_cost.item(), own, rtol=1e-12)


def test_in_house_at_cost_is_not_at_cost():
    """The naive chip at its bill of materials forces half the price that the true one does."""
    p = {"bom_b200": 6.4, "performance": 1.0, "capacity": 500.0, "own_capacity": 500.0,
         "addressable": 1.0, "volume": 500.0, "nre": 1000.0, "supplier_cost": 5.0}  # fmt: skip
    found = sweep(chain_inhouse, partner_margin=np.array([0.0, 0.6]), **p)
    naive, true = found.price.values
    assert_allclose([naive, true], [8.4, 18.0], rtol=1e-9)
    assert ["buy-deterred"] * 2 == found.regime.values.tolist()


@given(points)
def test_building_re_orders_the_claims_on_wafers_and_makes_none(p):
    """A naive model adds the customer's chips to the supplier's."""
    found = sweep(chain_inhouse, **p)
    total = found.own_units.item() + found.bought_units.item()
    assert_allclose(total, min(p["volume"], p["capacity"]), rtol=1e-12)
    assert found.own_units.item() <= p["own_capacity"]
    assert found.own_units.item() <= p["addressable"] * p["volume"] * (1.0 + 1e-12)


def test_deterrence_is_often_not_worth_it():
    """With few slots of its own the customer is left to build, at the full price for the rest."""
    slots = np.array([100.0, 200.0, 480.0])
    found = sweep(chain_inhouse, own_capacity=slots, capacity=500.0, addressable=1.0)
    assert ["build", "build", "buy-deterred"] == found.regime.values.tolist()
    assert_allclose(found.price.values[:2], 60.0)
    assert found.price.values[2] < 20.0


@given(points)
def test_a_dearer_chip_helps_the_supplier(p):
    around = np.array([0.0, 0.3, 0.6])
    found = sweep(chain_inhouse, **{**p, "partner_margin": around})
    profit = found.supplier_profit.values
    assert (np.diff(profit) >= -1e-9 * profit.max()).all()
