"""One supplier and several buyers: theorems of model M07."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from games.bargain import bargain
from games.n_buyer import build, build_five, market, n_buyer, n_buyer_five, n_buyer_two
from games.n_buyer_identical import n_buyer_identical
from solver import core, nash_in_nash, nucleolus, shapley, sweep, tau
from solver.coalitions import core_interval, excesses, is_big_boss
from solver.concepts.nash_in_nash import MarginalSplit

UNITS = {
    "value_1": 30.0, "value_2": 20.0, "value_3": 12.0, "build_1": 10.0, "build_2": 4.0,
    "build_3": 0.0, "volume_1": 1.0, "volume_2": 1.0, "volume_3": 1.0, "next_value": 0.0,
    "supplier_cost": 0.0,
}  # fmt: skip
#: One unit each, worth 1.
ALIKE = UNITS | {f"value_{i}": 1.0 for i in (1, 2, 3)} | {f"build_{i}": 0.0 for i in (1, 2, 3)}


def form(game=n_buyer, **values):
    return game.form(game.bind(**values))


def table(drawn):
    """Parameters of n_buyer by name."""
    values, parts, volumes, (capacity, others, cost) = drawn
    return (
        {f"value_{i}": v for i, v in enumerate(values, 1)}
        | {f"build_{i}": v * x for i, (v, x) in enumerate(zip(values, parts, strict=True), 1)}
        | {f"volume_{i}": q for i, q in enumerate(volumes, 1)}
        | {"capacity": capacity, "next_value": others, "supplier_cost": cost}
    )


markets = st.tuples(
    st.tuples(*[st.floats(5.0, 100.0)] * 3),
    st.tuples(*[st.floats(0.0, 1.0)] * 3),
    st.tuples(*[st.floats(1.0, 1000.0)] * 3),
    st.tuples(st.floats(0.0, 3000.0), st.floats(0.0, 60.0), st.floats(0.0, 20.0)),
).map(table)


@given(markets)
def test_two_buyers_are_three_of_whom_one_needs_nothing(p):
    two = {name: value for name, value in p.items() if not name.endswith("_3")}
    whole = nucleolus(form(**{**p, "volume_3": 0.0})).payoffs[0]
    expected = nucleolus(form(n_buyer_two, **two)).payoffs[0]
    assert_allclose(whole[:3], expected, rtol=1e-9, atol=1e-9 * max(abs(whole)))
    assert abs(whole[3]) <= 1e-9 * max(1.0, abs(whole).max())


def test_values_with_build_alternatives_by_capacity():
    capacity = np.array([3.0, 2.0, 1.0])
    found = form(**UNITS, capacity=capacity)
    expected = [[24, 20, 12, 6], [30, 14, 6, 0], [18, 12, 4, 0]]
    assert_allclose(expected, nucleolus(found).payoffs[:, 0])
    expected = [[24, 20, 12, 6], [21, 17, 9, 3], [41 / 3, 41 / 3, 17 / 3, 1]]
    assert_allclose(expected, shapley(found).payoffs[:, 0])
    cells = sweep(n_buyer, concept="nash-in-nash", **UNITS, capacity=capacity)
    assert_allclose([24.0, 30.0, 18.0], cells.supplier_payoff)
    assert ["ample", "contested", "contested"] == cells.regime.values.tolist()


def test_too_few_units_for_buyers_alike_leave_everything_to_the_supplier():
    found = form(**ALIKE, capacity=2.0)
    assert_allclose([[2.0, 0.0, 0.0, 0.0]], core(found).payoffs, atol=1e-12)
    assert_allclose([[2.0, 0.0, 0.0, 0.0]], nucleolus(found).payoffs, atol=1e-12)
    assert_allclose(1.25, shapley(found).payoffs[0, 0])
    assert "scarce" == sweep(n_buyer, **ALIKE, capacity=2.0).regime.item()
    for units in (1, 2, 3):  # Shapley's closed form, (K(K + 1)/2 + (N - K)K)/(N + 1)
        expected = (units * (units + 1) / 2 + (3 - units) * units) / 4
        assert_allclose(expected, shapley(form(**ALIKE, capacity=float(units))).payoffs[0, 0])


def test_gloves_are_one_unit_and_two_buyers():
    found = form(**ALIKE | {"volume_3": 0.0}, capacity=1.0)
    assert_allclose([2 / 3, 1 / 6, 1 / 6, 0.0], shapley(found).payoffs[0], atol=1e-12)
    assert_allclose([1.0, 0.0, 0.0, 0.0], nucleolus(found).payoffs[0], atol=1e-12)


@given(markets)
@settings(max_examples=40)
def test_worths_are_those_of_a_linear_program_over_deliveries(p):
    """Second route: a linear program per coalition."""
    worths = form(**p).worths
    spare = max(p["next_value"] - p["supplier_cost"], 0.0)
    for coalition in range(16):
        inside = [i for i in (1, 2, 3) if coalition >> i & 1]
        expected = sum(p[f"build_{i}"] * p[f"volume_{i}"] for i in inside)
        if coalition & 1:
            gains = [p[f"value_{i}"] - p[f"build_{i}"] - p["supplier_cost"] for i in inside]
            done = linprog(
                [-g for g in gains] + [-spare], A_ub=[[1.0] * (len(inside) + 1)],
                b_ub=[p["capacity"]],
                bounds=[(0.0, p[f"volume_{i}"]) for i in inside] + [(0.0, None)], method="highs",
            )  # fmt: skip
            expected -= done.fun
        assert_allclose(expected, worths[coalition], rtol=1e-9, atol=1e-7)


@given(markets)
@settings(max_examples=40)
def test_a_supplier_of_substitutes_is_a_big_boss(p):
    """Nucleolus = τ-value = Nash-in-Nash; each buyer gets what it has and half of what it adds."""
    found = form(**p)
    scale = abs(found.worths).max()
    without = found.worths[..., [15 - 2**i for i in (1, 2, 3)]]
    own = found.worths[..., [2, 4, 8]]
    added = found.worths[..., [15]] - without - own
    for concept in (nucleolus, tau, nash_in_nash):
        assert_allclose(own + added / 2.0, concept(found).payoffs[0, 1:], atol=1e-8 * scale)
    bounds = core_interval(found)
    assert_allclose(own, bounds.low[1:], atol=1e-8 * scale)
    assert_allclose(own + added, bounds.high[1:], atol=1e-8 * scale)


def test_buyers_without_alternatives_make_the_supplier_a_big_boss_by_name():
    plain = UNITS | {f"build_{i}": 0.0 for i in (1, 2, 3)}
    assert is_big_boss(form(**plain, capacity=2.0), "supplier")


@given(markets, st.floats(0.0, 150.0))
@settings(max_examples=40)
def test_one_price_is_in_the_core_exactly_between_the_marginal_reservations(p, price):
    """[max(c, v_(K+1)), v_(K)]: checked coalition by coalition, for buyers of one unit each."""
    p = p | {f"volume_{i}": 1.0 for i in (1, 2, 3)}
    p |= {"capacity": float(min(2, int(p["capacity"]) % 3)), "next_value": 0.0}
    found, cell = form(**p), sweep(n_buyer, **p)
    low, high = cell.price_low.item(), cell.price_high.item()
    assume(not np.isnan(low))
    assume(min(abs(price - low), abs(price - high)) > 1e-6)
    served = market({name: np.asarray(value) for name, value in p.items()}).served()
    paid = np.array(
        [p[f"build_{i}"] + (p[f"value_{i}"] - p[f"build_{i}"] - price) * float(x)
         for i, x in zip((1, 2, 3), served, strict=True)]
    )  # fmt: skip
    sold = sum(float(x) for x in served)
    payoffs = np.concatenate(([(price - p["supplier_cost"]) * sold], paid))
    stable = bool((excesses(found, payoffs)[..., 1:] <= 1e-9 * abs(found.worths).max()).all())
    assert (low <= price <= high) == stable


@given(markets, st.floats(0.0, 1000.0), st.sampled_from([shapley, nucleolus, nash_in_nash]))
@settings(max_examples=40)
def test_another_buyer_never_hurts_the_supplier(p, volume, concept):
    fewer, more = (
        concept(form(**p | {"volume_3": q})).payoffs[0, 0] for q in (0.0, volume)
    )  # fmt: skip
    assert more >= fewer - 1e-8 * max(abs(more), 1.0)


@given(markets, st.floats(0.0, 0.2))
@settings(max_examples=40)
def test_sovereign_demand_never_hurts_the_supplier_and_sets_a_floor_for_prices(p, rise):
    better = p | {"next_value": p["next_value"] * (1.0 + rise) + rise}
    for concept in ("nucleolus", "shapley"):
        before, after = (sweep(n_buyer, concept=concept, **values) for values in (p, better))
        slack = 1e-8 * abs(form(**better).worths).max()
        assert after.supplier_payoff.item() >= before.supplier_payoff.item() - slack
    if not np.isnan(after.price_low.item()):
        assert after.price_low.item() >= min(better["next_value"], after.price_high.item())


@given(markets, st.floats(0.05, 0.95))
@settings(max_examples=40)
def test_a_buyer_keeps_the_suppliers_weight_of_a_better_alternative(p, weight):
    """Under Nash-in-Nash with weight β, d payoff/d b_i = β a unit where all of it is bought."""
    p = p | {"capacity": 1e4, "next_value": 0.0}
    assume(p["value_1"] - p["build_1"] - p["supplier_cost"] > 0.1)
    step = 1e-3
    ends = [p, p | {"build_1": p["build_1"] + step}]
    low, high = (nash_in_nash(form(**e), MarginalSplit(weight=weight)).payoffs[0, 1] for e in ends)
    assert_allclose(weight, (high - low) / step / p["volume_1"], rtol=1e-5)


def test_capacity_is_counted_in_parts_and_over_arrays():
    capacity = np.linspace(0.0, 4.0, 9)
    volume = np.array([[1.0], [2.0]])
    cells = sweep(n_buyer, concept="nucleolus", **UNITS | {"volume_1": 1.0}, capacity=capacity)
    assert_allclose(np.minimum(capacity, 3.0), cells.sold)
    worths = build(**{k: np.asarray(v) for k, v in (UNITS | {"capacity": capacity}).items()}).worths
    assert_allclose(np.diff(worths[:, -1]), [10.0, 10.0, 8.0, 8.0, 6.0, 6.0, 0.0, 0.0])
    both = form(**UNITS | {"volume_1": volume[:, 0][:, None], "capacity": capacity[None]})
    assert (2, 9) == both.batch_shape


@pytest.mark.parametrize(
    ("gains", "expected"),
    [((10.0, 8.0, 6.0), (13.0, 15.0, 15.0)), ((1.0, 3.0, 5.0), (3.5, 2.25, 1.5))],
    ids=["substitutes", "complements"],
)
def test_buyers_alike_by_three_concepts(gains, expected):
    values = dict(zip(("first_gain", "second_gain", "third_gain"), gains, strict=True))
    found = form(n_buyer_identical, **values)
    for concept, payoff in zip((shapley, nucleolus, nash_in_nash), expected, strict=True):
        assert_allclose(payoff, concept(found).payoffs[0, 0])


@given(st.tuples(*[st.floats(0.0, 1e4)] * 3))
def test_shapley_of_buyers_alike_is_the_mean_of_all_numbers_and_of_all_orders(gains):
    values = dict(zip(("first_gain", "second_gain", "third_gain"), gains, strict=True))
    found = form(n_buyer_identical, **values)
    earned = np.concatenate(([0.0], np.cumsum(gains)))
    supplier = shapley(found).payoffs[0, 0]
    assert_allclose(earned.mean(), supplier, rtol=1e-9, atol=1e-9)
    orders = [earned[list(order).index(0)] for order in permutations(range(4))]
    assert_allclose(np.mean(orders), supplier, rtol=1e-9, atol=1e-9)
    nin = nash_in_nash(found).payoffs[0, 0]
    assert_allclose(earned[3] - 1.5 * gains[2], nin, rtol=1e-9, atol=1e-7)
    if gains[0] >= gains[1] >= gains[2]:
        assert_allclose(nin, nucleolus(found).payoffs[0, 0], rtol=1e-9, atol=1e-6)


def test_what_a_defection_costs_is_the_margin_over_the_next_best_use():
    """φ Q_i (p - max(c, v_(K+1))), for the one that matters most."""
    values = {"capacity": 3500.0, "next_value": 25.0}
    cell = sweep(n_buyer_five, concept="nucleolus", **values)
    payoffs = nucleolus(form(n_buyer_five, **values)).payoffs[0, 1:]
    volumes = np.array([1500.0, 1000.0, 500.0, 300.0, 200.0])
    prices = 60.0 - payoffs / volumes
    assert_allclose((0.5 * volumes * (prices - 25.0)).max(), cell.defection_loss.item())
    revenue = prices * volumes
    assert_allclose((revenue**2).sum() / revenue.sum() ** 2, cell.hhi.item())
    # Demand from others spreads revenue, and makes a defection cheaper.
    wider = sweep(n_buyer_five, concept="nucleolus", capacity=6000.0, next_value=30.0)
    assert wider.hhi.item() < cell.hhi.item()
    assert wider.defection_loss.item() < cell.defection_loss.item()


def test_large_buyers_pay_less_since_their_programme_is_spread_wider():
    found = nucleolus(form(n_buyer_five, capacity=1e4, next_value=0.0)).payoffs[0, 1:]
    each = found / np.array([1500.0, 1000.0, 500.0, 300.0, 200.0])
    assert (np.diff(each) < 0.0).all()


def test_one_buyer_of_five_is_the_bilateral_bargain():
    none = {f"volume_{i}": 0.0 for i in (2, 3, 4, 5)}
    alone = form(
        n_buyer_five, **none, volume_1=500.0, addressable=1.0, capacity=1e4, next_value=0.0
    )
    pair = sweep(bargain, supplier_power=0.5)
    for concept in (shapley, nucleolus, nash_in_nash):
        payoffs = concept(alone).payoffs[0, :2]
        expected = [pair.supplier_payoff.item(), pair.buyer_payoff.item()]
        assert_allclose(expected, payoffs)


def test_nobody_buys_what_costs_more_than_it_saves():
    cell = sweep(n_buyer, supplier_cost=70.0)
    assert "no-trade" == cell.regime.item()
    assert np.isnan(cell.price.item())
    assert 0.0 == cell.sold.item()
    five = build_five(**{p.name: np.asarray(p.default) for p in n_buyer_five.parameters})
    assert 6 == len(five.players)
