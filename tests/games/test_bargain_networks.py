"""Networks of bargains in model M01: theorems, and the discount that a third party is worth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games.bargain_common import bargain_common
from games.bargain_replacement import bargain_replacement
from games.bargain_separate import bargain_separate
from solver.concepts.nash_in_kalai import nash_in_kalai
from solver.concepts.nash_in_nash import nash_in_nash
from solver.concepts.nntr import nntr

power = st.floats(0.05, 0.95)
UNIT = {"demand_top": 1.0, "supplier_cost": 0.0, "volume": 1.0}
BETA = np.array([0.25, 0.5, 0.75, 0.95])


def outcome(game, concept, name="price", **values):
    bound = game.bind(**values)
    return game.outcomes(bound.values, concept(game.form(bound)))[name]


def label(game, concept, **values):
    bound = game.bind(**values)
    return game.regimes[int(game.regime(bound.values, concept(game.form(bound))))]


@pytest.mark.parametrize(
    ("game", "expected"),
    [(bargain_common, BETA / 2), (bargain_separate, BETA / (4 - BETA))],
    ids=["common", "separate"],
)
def test_prices_are_those_of_horn_and_wolinsky(game, expected):
    assert_allclose(outcome(game, nash_in_nash, supplier_power=BETA, **UNIT), expected, atol=1e-10)


@given(power, st.floats(20.0, 200.0), st.floats(1.0, 15.0), st.floats(1.0, 1000.0))
@settings(max_examples=15)
def test_a_common_supplier_is_dearer(beta, top, cost, volume):
    values = {"supplier_power": beta, "demand_top": top, "supplier_cost": cost, "volume": volume}
    shared, own = (outcome(g, nash_in_nash, **values) for g in (bargain_common, bargain_separate))
    assert_allclose(cost + beta * (top - cost) / 2, shared, rtol=1e-8)
    assert_allclose(cost + beta * (top - cost) / (4 - beta), own, rtol=1e-8)
    assert shared > own


def test_the_rule_of_each_bargain_matters_for_prices_per_unit_only():
    for game in (bargain_common, bargain_separate):
        assert outcome(game, nash_in_kalai) > outcome(game, nash_in_nash) + 1.0
    same = outcome(bargain_replacement, nash_in_kalai), outcome(bargain_replacement, nash_in_nash)
    assert_allclose(*same, rtol=1e-12)


def test_the_discount_of_a_third_party():
    values = {
        "value": 60.0, "supplier_cost": 9.0, "supplier_power": 0.6, "rival_value": 55.0,
        "rival_chip_cost": 18.0, "porting_lump": 4.0, "volume": 1.0,
    }  # fmt: skip
    assert_allclose(27.0, outcome(bargain_replacement, nntr, **values))
    assert_allclose(39.6, outcome(bargain_replacement, nash_in_nash, **values))
    assert "threatened" == label(bargain_replacement, nntr, **values)
    assert "unaffected" == label(bargain_replacement, nash_in_nash, **values)
    weak = values | {"rival_value": 20.0}
    assert "unaffected" == label(bargain_replacement, nntr, **weak)
    strong = values | {"rival_value": 90.0}
    assert "replaced" == label(bargain_replacement, nntr, **strong)
    assert np.isnan(outcome(bargain_replacement, nntr, **strong))
    dear = values | {"supplier_cost": 70.0, "rival_value": 0.0}
    assert "no-trade" == label(bargain_replacement, nntr, **dear)


@given(power, st.floats(10.0, 30.0), st.floats(0.0, 60.0))
@settings(max_examples=30)
def test_the_threat_is_kinked_where_the_bargain_is_straight(beta, rival_cost, value):
    """The price is the smaller of two: it moves with the rival one for one, or not at all."""
    values = {"supplier_power": beta, "rival_value": value, "value": 60.0, "supplier_cost": 9.0}
    step = 1e-3
    held = outcome(
        bargain_replacement, nntr, **values,
        rival_chip_cost=np.array([rival_cost, rival_cost + step]),
    )  # fmt: skip
    free = outcome(bargain_replacement, nash_in_nash, **values, rival_chip_cost=rival_cost)
    if np.isnan(held).any():
        return
    assert (held <= free + 1e-9).all()
    slope = (held[1] - held[0]) / step
    if abs(held[0] - free) > 2 * step:
        assert_allclose(1.0, slope, rtol=1e-6)
    elif held[0] == free:
        assert_allclose(0.0, slope, atol=1e-6)


def test_customers_who_cannot_sell_do_not_trade():
    assert "no-trade" == label(bargain_common, nash_in_nash, demand_top=5.0, supplier_cost=9.0)
    assert "trade" == label(bargain_common, nash_in_nash)
