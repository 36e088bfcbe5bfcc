"""Competing and cooperating at once: theorems of model M12."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from games.coopetition import coopetition as game
from games.coopetition_biform import coopetition_biform
from games.coopetition_repeated import coopetition_repeated
from games.price_build_nf import price_build_nf
from solver import biform, coco, nash, self_enforcing, sweep
from solver.concepts.biform import induced
from solver.concepts.self_enforcing import NashReversion, critical_discount
from solver.coopetition import coopetition

CHIP = {
    "value": 60.0, "supplier_cost": 9.0, "chip_cost": 16.0, "volume": 100.0, "nre": 1000.0,
    "porting_lump": 300.0, "price_high": 40.0, "price_low": 25.0, "addressable": 0.6,
    "win_back": 0.0, "stake": 0.0,
}  # fmt: skip

points = st.fixed_dictionaries(
    {
        "nre": st.floats(100.0, 5000.0),
        "win_back": st.floats(0.0, 1.0),
        "price_low": st.floats(17.0, 35.0),
        "addressable": st.floats(0.2, 0.9),
    }
)
shares = st.floats(0.0, 1.0)


def form(which=game, **values):
    return which.form(which.bind(**values))


def value(A):
    """The value of a zero-sum game by a linear program."""
    rows, columns = A.shape
    done = linprog(
        np.r_[np.zeros(rows), -1.0], A_ub=np.c_[-A.T, np.ones(columns)], b_ub=np.zeros(columns),
        A_eq=[np.r_[np.ones(rows), 0.0]], b_eq=[1.0],
        bounds=[(0.0, None)] * rows + [(None, None)], method="highs",
    )  # fmt: skip
    return -done.fun


def test_the_worked_example_divides_5100_and_competes_for_3380():
    cell = sweep(game, concept="coco", **CHIP)
    assert_allclose([2100.0, 3000.0], cell.payoff.values.ravel())
    nash_cell = sweep(game, add="coopetition", **CHIP)
    assert_allclose([1240.0, 2140.0], nash_cell.payoff.values.ravel())
    assert_allclose(1720.0, nash_cell.gap_worst.item())
    assert_allclose(-450.0, nash_cell.advantage.item())
    assert "competitive" == nash_cell.regime.item()
    assert_allclose(1720.0, nash_cell.forgone.item())


@given(points, shares, shares)
@settings(max_examples=40)
def test_coco_is_half_the_team_and_half_the_contest_by_a_linear_program(p, mine, yours):
    A, B = form(**p, stake=mine, reverse_stake=yours).payoffs
    team, contest = (A + B).max(), value(A - B)
    found = coco(form(**p, stake=mine, reverse_stake=yours)).payoffs[0]
    scale = abs(np.stack((A, B))).max()
    assert_allclose([(team + contest) / 2, (team - contest) / 2], found, atol=1e-8 * scale)


@given(points, shares, shares, st.floats(-1e4, 1e4))
@settings(max_examples=40)
def test_stakes_move_money_and_make_none(p, mine, yours, gift):
    base = price_build_nf.form(price_build_nf.bind(**p)).payoffs
    owned = form(**p, stake=mine, reverse_stake=yours)
    assert_allclose(base[0] + base[1], owned.payoffs[0] + owned.payoffs[1])
    team = coopetition(owned)
    assert_allclose((base[0] + base[1]).max(), team.team)
    # A gift to the first player shifts its coco value by just that.
    shifted = type(owned)((owned.payoffs[0] + gift, owned.payoffs[1]))
    moved = coco(shifted).payoffs[0] - coco(owned).payoffs[0]
    assert_allclose([gift, 0.0], moved, atol=1e-7 * 1e5)


@given(points)
@settings(max_examples=30)
def test_without_stakes_it_is_the_game_of_price_and_build(p):
    plain, owned = nash(price_build_nf.form(price_build_nf.bind(**p))), nash(form(**p, stake=0.0))
    assert plain.count == owned.count
    assert_allclose(plain.payoffs, owned.payoffs)


@given(points)
@settings(max_examples=30)
def test_a_supplier_that_owns_everything_plays_the_teams_best(p):
    """At ω = 1 the supplier has all there is; the customer is indifferent, so some equilibrium."""
    cell = coopetition(form(**p, stake=1.0))
    assert_allclose(0.0, cell.gap_best, atol=1e-9 * abs(cell.team))


@given(points)
@settings(max_examples=30)
def test_swapping_wealth_is_the_contest_turned_round(p):
    """ω = κ = 1: each holds all of the other, so the advantage changes sign in payoff terms."""
    found = form(**p, stake=1.0, reverse_stake=1.0)
    base = price_build_nf.form(price_build_nf.bind(**p)).payoffs
    assert_allclose(base[1], found.payoffs[0])
    assert_allclose(base[0], found.payoffs[1])


@given(points, shares)
@settings(max_examples=30)
def test_coco_is_at_least_what_each_can_secure(p, mine):
    A, B = form(**p, stake=mine).payoffs
    found = coco(form(**p, stake=mine)).payoffs[0]
    scale = 1e-8 * abs(np.stack((A, B))).max()
    assert found[0] >= value(A) - scale
    assert found[1] >= value(B.T) - scale


BRANDED = {
    "value": 9.0, "weak_value": 3.0, "financed_value": 7.0, "supplier_cost": 0.0, "volume": 1.0,
    "capacity": 1.0, "nre": 1000.0,
}  # fmt: skip


def test_the_branded_ingredient_is_worth_two_at_confidence_one_half():
    """Core [3, 9] without financing, [7, 9] with it."""
    for hope, expected in ((0.0, (3.0, 7.0)), (0.5, (6.0, 8.0)), (1.0, (9.0, 9.0))):
        stage = form(coopetition_biform, **BRANDED, financing=0.0, supplier_confidence=hope)
        assert_allclose(expected, induced(stage).payoffs[0][:, 0, 0])
    paid = np.array([1.9, 2.1])
    cells = sweep(coopetition_biform, **BRANDED, financing=paid)
    assert ["finance", "neither"] == cells.regime.values.tolist()
    assert_allclose([6.1, 6.0], cells.supplier_payoff)


@given(
    st.floats(10.0, 100.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0),
    st.floats(1.0, 100.0),
)  # fmt: skip
@settings(max_examples=40)
def test_competition_is_worth_what_it_raises_the_least_by(strong, weak, raised, hope, units):
    """Scarce capacity: core [w Q, v Q], so that financing is worth (1 - confidence) Δw Q."""
    first, second = strong * weak, strong * (weak + (1.0 - weak) * raised)
    stage = form(
        coopetition_biform, value=strong, weak_value=first, financed_value=second,
        supplier_cost=0.0, volume=units, capacity=units, nre=1e9, financing=0.0,
        supplier_confidence=hope,
    )  # fmt: skip
    supplier = induced(stage).payoffs[0][:, 0, 0]
    worth = (1.0 - hope) * (second - first) * units
    assert_allclose(worth, supplier[1] - supplier[0], atol=1e-9 * strong * units)


def test_with_capacity_for_both_financing_sells_more_and_no_longer_plays_one_against_the_other():
    scarce, ample = (
        induced(form(coopetition_biform, **BRANDED | {"capacity": units}, financing=0.0))
        for units in (1.0, 2.0)
    )
    assert_allclose([6.0, 8.0], scarce.payoffs[0][:, 0, 0])
    assert_allclose([(0 + 12) / 2, (0 + 16) / 2], ample.payoffs[0][:, 0, 0])
    # What the strong customer expects no longer depends on the weak one.
    assert_allclose([3.0, 1.0], scarce.payoffs[1][:, 0, 0])
    assert_allclose([4.5, 4.5], ample.payoffs[1][:, 0, 0])


def test_a_prepared_chip_is_a_ceiling_on_what_the_core_leaves_the_supplier():
    values = {"capacity": 2000.0, "financing": 1e9, "supplier_confidence": 1.0}
    cells = sweep(coopetition_biform, **values)
    assert "prepare" == cells.regime.item()
    strong, weak = (16.0 - 9.0) * 500.0, (25.0 - 9.0) * 500.0
    assert_allclose(strong + weak, cells.supplier_payoff.item())


@given(st.floats(0.0, 5000.0), st.floats(0.0, 5000.0), st.floats(0.0, 1.0))
@settings(max_examples=25)
def test_first_moves_are_best_replies_to_each_other(financing, nre, hope):
    values = {"financing": financing, "nre": nre, "supplier_confidence": hope}
    stage = form(coopetition_biform, **values)
    found, tables = biform(stage), induced(stage).payoffs
    x, y = (found.strategies[i][0] for i in range(2))
    first, second = tables[0][:, :, 0], tables[1][:, :, 0]
    assert_allclose((first @ y).max(), x @ first @ y, rtol=1e-9)
    assert_allclose((x @ second).max(), x @ second @ y, rtol=1e-9)


REPEATED = {
    "value": 40.0, "supplier_cost": 9.0, "contract_price": 28.0, "chip_cost": 30.0, "volume": 1.0,
    "nre": 0.0, "porting_lump": 0.0,
}  # fmt: skip


@pytest.mark.parametrize(("margin", "expected"), [(0.0, 12 / 31), (12.4, 12 / 18.6)])
def test_the_patience_that_a_low_price_needs(margin, expected):
    values = REPEATED | {"outside_margin": margin}
    assert_allclose(expected, sweep(coopetition_repeated, **values).patience.item())
    stage = form(coopetition_repeated, **values)
    assert_allclose(expected, critical_discount(stage, ("keep", "buy")).discount)
    held = [
        int(self_enforcing(stage, NashReversion(d, ("keep", "buy"))).count)
        for d in (expected - 1e-6, expected + 1e-6)
    ]
    assert [0, 1] == held
    around = np.array([expected - 1e-6, expected + 1e-6])
    cells = sweep(coopetition_repeated, **values, discount=around)
    assert ["impatient", "self-enforcing"] == cells.regime.values.tolist()


@given(
    st.floats(20.0, 100.0), st.floats(0.0, 1.0), st.floats(0.0, 1.2), st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
)  # fmt: skip
@settings(max_examples=80)
def test_patience_is_that_of_the_trigger_strategies_of_the_solver(value, low, margin, chip, d):
    """Second route: worst punishments found by enumerating equilibria of the stage game."""
    cost = 5.0
    p = {
        "value": value, "supplier_cost": cost, "contract_price": cost + low * (value - cost),
        "outside_margin": margin * (value - cost), "chip_cost": cost + chip * (value - cost),
        "volume": 7.0, "nre": 0.0, "porting_lump": 0.0,
    }  # fmt: skip
    assume(abs(p["contract_price"] - p["chip_cost"]) > 1e-6 * value)
    assume(abs(p["contract_price"] - cost - p["outside_margin"]) > 1e-6 * value)
    assume(abs(margin - 1.0) > 1e-6)
    assume(low < 1.0 - 1e-6)
    expected = critical_discount(form(coopetition_repeated, **p), ("keep", "buy")).discount
    found = sweep(coopetition_repeated, **p, discount=min(d, 0.999999)).patience.item()
    assert_allclose(expected, found, rtol=1e-7)


@given(st.floats(0.0, 18.0), st.floats(0.01, 0.9))
@settings(max_examples=30)
def test_diversification_makes_cooperation_harder_to_sustain(margin, more):
    ends = np.array([margin, margin + more])
    patience = sweep(coopetition_repeated, **REPEATED, outside_margin=ends).patience.values
    assert patience[1] > patience[0]


def test_a_customer_with_a_cheaper_chip_is_held_by_no_patience():
    cell = sweep(coopetition_repeated, **REPEATED | {"chip_cost": 20.0})
    assert "broken" == cell.regime.item()
    assert np.isinf(cell.patience.item())
