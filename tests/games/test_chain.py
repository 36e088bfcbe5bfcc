"""Mark-ups on mark-ups, and what lump sums do about them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from games.chain import chain, chain_lump_sum, chain_one, chain_two
from solver import Status, subgame_perfect, sweep

#: q = a - p with a = 10 and c = 2.
UNIT = {"value": 10.0, "supplier_cost": 2.0, "volume": 10.0}
BY_TIERS = {1: chain_one, 2: chain_two, 3: chain}

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 20.0),
        "volume": st.floats(100.0, 1500.0),
    }
)
powers = st.fixed_dictionaries(
    {"supplier_power": st.floats(0.0, 1.0), "foundry_power": st.floats(0.0, 1.0)}
)


@pytest.mark.parametrize(("tiers", "quantity"), [(1, 4.0), (2, 2.0), (3, 1.0)])
def test_every_tier_halves_the_quantity(tiers, quantity):
    found = sweep(BY_TIERS[tiers], **UNIT)
    assert_allclose(found.quantity.item(), quantity, rtol=1e-12)


@given(points)
def test_quantity_and_price_by_formula(p):
    """q = Q(1 - c/a)/2ⁿ."""
    for tiers, game in BY_TIERS.items():
        found = sweep(game, **p)
        share = 1.0 - p["supplier_cost"] / p["value"]
        assert_allclose(found.quantity.item(), p["volume"] * share / 2.0**tiers, rtol=1e-9)


def searched(p, tiers, cost):
    """Price to customers if `tiers` tiers one after the other search the best price."""
    if tiers == 0:
        return cost

    def loss(price):
        return -(price - cost) * (p["value"] - searched(p, tiers - 1, price))

    best = minimize_scalar(loss, bounds=(cost, p["value"]), method="bounded",
                           options={"xatol": 1e-4})  # fmt: skip
    return searched(p, tiers - 1, best.x)


@given(points)
@settings(max_examples=5)
def test_prices_by_nested_search_without_a_menu(p):
    """Second route: every tier searches all prices, given what the next ones then do."""
    for tiers, game in BY_TIERS.items():
        expected = searched(p, tiers, p["supplier_cost"])
        assert_allclose(sweep(game, **p).price.item(), expected, rtol=2e-3)


@given(points)
def test_a_tier_passes_half_of_a_cost_increase_on(p):
    """dp/dc = ½ per tier."""
    step = 0.01
    around = p["supplier_cost"] + np.array([-step, step])
    for tiers, game in BY_TIERS.items():
        prices = sweep(game, **{**p, "supplier_cost": around}).price.values
        assert_allclose(np.diff(prices).item() / (2.0 * step), 0.5**tiers, rtol=1e-6)


@given(points, powers)
def test_lump_sums_restore_the_quantity_of_one_firm(p, power):
    alone, together = sweep(chain_one, **p), sweep(chain_lump_sum, **p, **power)
    for name in ("price", "quantity", "customer_surplus", "welfare"):
        assert_allclose(together[name].item(), alone[name].item(), rtol=1e-9)


@given(points, powers)
@settings(max_examples=10)
def test_lump_sums_by_search_over_payments(p, power):
    """Second route: two Nash products, one inside the other, over the payments themselves."""

    def split(total, weight):
        """What the first party gets: the product is maximised over the payment."""
        if not 1e-3 < weight < 1.0 - 1e-3:
            return weight * total
        edge = 1e-9
        best = minimize_scalar(
            lambda x: -(weight * np.log(x) + (1.0 - weight) * np.log(1.0 - x)),
            bounds=(edge, 1.0 - edge),
            method="bounded",
            options={"xatol": 1e-9},
        )
        return best.x * total

    earned = minimize_scalar(
        lambda x: -(x - p["supplier_cost"]) * (1.0 - x / p["value"]) * p["volume"],
        bounds=(p["supplier_cost"], p["value"]),
        method="bounded",
    )
    total = -earned.fun
    passed = split(total, power["supplier_power"])  # what the cloud pays the supplier
    paid = split(passed, power["foundry_power"])  # what the supplier pays the foundry
    found = sweep(chain_lump_sum, **p, **power)
    assert_allclose(found.foundry_profit.item(), paid, atol=1e-4 * total)
    assert_allclose(found.supplier_profit.item(), passed - paid, atol=1e-4 * total)
    assert_allclose(found.cloud_profit.item(), total - passed, atol=1e-4 * total)


@given(points)
def test_a_longer_chain_is_worse_for_customers_and_for_the_chain(p):
    shown = [sweep(BY_TIERS[tiers], **p) for tiers in (1, 2, 3)]
    profits = [
        sum(float(found[name]) for name in found.data_vars if name.endswith("_profit"))
        for found in shown
    ]
    assert (np.diff(profits) < 0.0).all()
    for name in ("quantity", "customer_surplus", "welfare"):
        assert (np.diff([found[name].item() for found in shown]) < 0.0).all()
    assert ["one-mark-up", "several-mark-ups", "several-mark-ups"] == [
        found.regime.item() for found in shown
    ]


@given(points)
def test_the_equilibrium_is_the_only_one_and_certified(p):
    for game in (*BY_TIERS.values(), chain_lump_sum):
        equilibria = subgame_perfect(game.form(game.bind(**p)))
        assert Status.SOLVED == equilibria.status
        assert 1 == equilibria.count
