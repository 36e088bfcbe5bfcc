"""The bargained price under three concepts."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import bargain
from solver import (
    BargainingProblem,
    Status,
    alternating_offers,
    nash_bargaining,
    outside_option,
    sweep,
)

CAPS = np.array([10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0])
UNIT = {"value": 10.0, "supplier_cost": 9.0, "volume": 1.0, "nre": 0.0, "porting_lump": 0.0}
VECTOR = {
    "value": 40.0,
    "supplier_cost": 9.0,
    "supplier_power": 0.8,
    "nre": 0.0,
    "porting_lump": 0.0,
}


@pytest.mark.parametrize(
    ("concept", "prices"),
    [
        pytest.param("nash-bargaining", [9.8, 13.8, 17.8, 21.8, 25.8, 29.8, 33.8], id="nash"),
        pytest.param("outside-option", [10.0, 15.0, 20.0, 25.0, 30.0, 33.8, 33.8], id="outside"),
    ],
)
def test_prices_against_the_cost_of_the_alternative(concept, prices):
    cells = sweep(bargain, concept=concept, chip_cost=CAPS, **VECTOR)
    assert_allclose(cells.price.values, prices, rtol=1e-12)
    assert (cells.status == "SOLVED").all()


@pytest.mark.parametrize(
    ("mine", "yours", "share"),
    [(0.9, 0.8, 0.7142857142857143), (0.8, 0.9, 0.35714285714285715), (0.0, 0.0, 1.0)],
)
def test_alternating_offers_give_the_proposer_rubinsteins_share(mine, yours, share):
    cell = sweep(bargain, concept="alternating-offers", discount=mine, buyer_discount=yours, **UNIT)
    assert_allclose(cell.supplier_payoff.item(), share, rtol=1e-12)


def test_an_outside_option_matters_only_when_it_binds():
    options = np.array([0.0, 0.2, 0.4, 0.5, 0.6, 0.8])
    cells = sweep(
        bargain, concept="outside-option", method="discounted", chip_cost=10.0 - options, **UNIT
    )
    expected = [0.4736842105263158] * 3 + [0.5, 0.6, 0.8]
    assert_allclose(cells.buyer_payoff.values, expected, rtol=1e-12)


def test_the_base_scenario_prices_lie_far_below_the_list_price():
    assert_allclose(sweep(bargain).price.item(), 15.72, rtol=1e-12)
    assert_allclose(sweep(bargain, concept="outside-option").price.item(), 18.6, rtol=1e-12)


@pytest.mark.parametrize("concept", ["nash-bargaining", "outside-option"])
def test_an_alternative_cheaper_than_the_supplier_ends_trade(concept):
    cell = sweep(bargain, concept=concept, chip_cost=5.0, nre=0.0, porting_lump=0.0)
    assert "no-trade" == cell.regime.item()
    assert np.isnan(cell.price.item())
    assert_allclose(cell.buyer_payoff.item(), (60.0 - 5.0) * 500.0)


problems = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(12.8, 40.0),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(0.0, 20_000.0),
        "supplier_power": st.floats(0.05, 0.95),
    }
)


def slope(concept, values, step=1e-3):
    """d price / d (cost of the alternative per unit), by central differences."""
    around = values["chip_cost"] + np.array([-step, step])
    prices = sweep(bargain, concept=concept, **{**values, "chip_cost": around}).price.values
    return np.diff(prices).item() / (2.0 * step)


@given(problems)
def test_nash_moves_by_the_weight_and_the_outside_option_by_all_or_nothing(values):
    cap = values["chip_cost"] + (values["nre"] + 300.0) / values["volume"]
    assume(values["supplier_cost"] + 0.1 < cap < values["value"] - 0.1)
    free = values["supplier_cost"] + values["supplier_power"] * (
        values["value"] - values["supplier_cost"]
    )
    assume(abs(free - cap) > 0.1)
    assert_allclose(slope("nash-bargaining", values), values["supplier_power"], rtol=1e-6)
    expected = 1.0 if cap < free else 0.0
    assert_allclose(slope("outside-option", values), expected, atol=1e-6)


@given(problems)
@settings(max_examples=10)
def test_the_nash_solution_is_what_a_convex_program_finds(values):
    bound = bargain.bind(**values)
    form = bargain.form(bound)
    d, total, power = form.pair("disagreement"), float(form.total), values["supplier_power"]
    assume(total - d[0] - d[1] > 1.0)
    mine, yours = cp.Variable(), cp.Variable()
    scale = total
    product = power * cp.log(mine - float(d[0]) / scale)
    product += (1.0 - power) * cp.log(yours - float(d[1]) / scale)
    cp.Problem(cp.Maximize(product), [mine + yours <= 1.0]).solve(solver=cp.CLARABEL)
    found = nash_bargaining(form).payoffs[0]
    assert_allclose(found / scale, [mine.value, yours.value], atol=1e-4)


@given(problems, st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_offers_satisfy_their_own_recursion(values, delta, buyer_delta):
    """Second route: iterate V_i = W - max(δ_j V_j, o_j), a contraction."""
    form = bargain.form(bargain.bind(**values, discount=delta, buyer_discount=buyer_delta))
    total, option = float(form.total), float(form.pair("outside")[1])
    assume(option <= total)
    for concept, own_option in ((alternating_offers, 0.0), (outside_option, option)):
        first = total
        for _ in range(20_000):
            second = total - max(delta * first, 0.0)
            first = total - max(buyer_delta * second, own_option)
        method = "discounted" if concept is outside_option else None
        assert_allclose(concept(form, method).payoffs[0, 0], first, rtol=1e-9, atol=1e-9 * total)


@given(problems)
def test_the_division_wastes_nothing_and_respects_the_options(values):
    form = bargain.form(bargain.bind(**values))
    option = float(form.pair("outside")[1])
    for concept in (nash_bargaining, outside_option):
        payoffs = concept(form).payoffs[0]
        assert payoffs.sum() >= float(form.total) * (1.0 - 1e-12)
        assert payoffs[1] >= option * (1.0 - 1e-12)


def test_frequent_offers_are_the_limit_of_discounted_ones():
    values = {"supplier_power": 0.3, "chip_cost": 40.0}
    limit = sweep(bargain, concept="outside-option", **values).supplier_payoff.item()
    step = 1e-6  # discount rates inversely as the weights
    discounts = {
        "discount": np.exp(-step / 0.3).item(),
        "buyer_discount": np.exp(-step / 0.7).item(),
    }
    near = sweep(bargain, concept="outside-option", method="discounted", **values, **discounts)
    assert_allclose(near.supplier_payoff.item(), limit, rtol=1e-5)


@pytest.mark.parametrize("method", ["frequent-offers", "discounted"])
@pytest.mark.parametrize(("surplus", "outside"), [(-1.0, (-1.0, -1.0)), (-10.0, (-20.0, 0.0))])
def test_nobody_agrees_to_divide_a_loss(method, surplus, outside):
    problem = BargainingProblem(players=("a", "b"), surplus=surplus, outside=outside)
    equilibria = outside_option(problem, method)
    assert "SOLVED" == Status(int(equilibria.status)).name
    assert [[0.0, 0.0]] == equilibria.payoffs.tolist()
