"""Build or buy as a tree: the formulas of backward induction against the tree itself."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import build_tree
from solver.forms.strategic import strategic_form
from tests.games._recursion import induction, is_nash, played

POINTS = {
    "value": st.floats(45.0, 120.0),
    "supplier_cost": st.floats(5.0, 40.0),
    "chip_cost": st.floats(5.0, 60.0),
    "performance": st.floats(0.5, 1.5),
    "porting": st.floats(0.0, 30.0),
    "volume": st.floats(100.0, 1500.0),
    "addressable": st.floats(0.05, 1.0),
    "success": st.floats(0.0, 1.0),
    "programme_cost": st.floats(0.0, 8000.0),
    "respin_cost": st.floats(0.0, 4000.0),
    "price_high": st.floats(20.0, 60.0),
    "price_low": st.floats(10.0, 60.0),
}
points = st.fixed_dictionaries(POINTS)
#: A programme that pays, in numbers that floats hold exactly: ℓ = 24, G = 8192, V = 8192 - 2048.
EXACT = {
    "value": 64.0,
    "supplier_cost": 8.0,
    "chip_cost": 16.0,
    "performance": 1.0,
    "porting": 16.0,
    "volume": 512.0,
    "addressable": 0.5,
    "success": 1.0,
    "programme_cost": 2048.0,
    "respin_cost": 0.0,
}


def closed_form(p):
    """V, the posted prices, and who gets what, written here and nowhere in the game."""
    own = p["chip_cost"] / p["performance"] + p["porting"]
    contested = p["addressable"] * p["volume"]
    gain = max(p["value"] - own, 0.0) * contested
    rho = p["success"]
    again = rho * gain - p["respin_cost"]
    start = -p["programme_cost"] + rho * gain + (1.0 - rho) * max(again, 0.0)
    works = rho + (1.0 - rho) * rho * (again > 0.0)
    margin = p["value"] - p["supplier_cost"]
    after_success = max(min(own, p["value"]) - p["supplier_cost"], 0.0) * contested
    harvest = margin * (p["volume"] - contested)
    harvest += works * after_success + (1.0 - works) * margin * contested
    return start, harvest, works, own


def best(p):
    """Supplier's and customer's payoffs on the path."""
    start, harvest, _, _ = closed_form(p)
    ways = []
    for name in ("price_high", "price_low"):
        price = min(p[name], p["value"])
        bought = (p["value"] - price) * p["volume"]
        starts = start > bought
        profit = harvest if starts else (price - p["supplier_cost"]) * p["volume"]
        ways.append((profit, start if starts else bought, starts))
    return ways[0] if ways[0][0] >= ways[1][0] else ways[1], ways


def boundary(p):
    """Whether some choice hangs on rounding."""
    start, _, _, own = closed_form(p)
    scale = p["value"] * p["volume"] * 1e-6
    gaps = [abs(own - p["value"]), abs(own - p["supplier_cost"])]
    again = p["success"] * max(p["value"] - own, 0.0) * p["addressable"] * p["volume"]
    gaps.append(abs(again - p["respin_cost"]))
    _, ways = best(p)
    prices = [min(p[name], p["value"]) for name in ("price_high", "price_low")]
    gaps += [abs(start - (p["value"] - price) * p["volume"]) for price in prices]
    both = abs(ways[0][0] - ways[1][0])
    return min(gaps) < scale or (0.0 < both < scale)


@given(points)
def test_payoffs_are_those_of_the_formula(p):
    assume(not boundary(p))
    found = induction(build_tree.form(build_tree.bind(**p)))
    (supplier, customer, _), _ = best(p)
    assert_allclose(found.payoffs(), [supplier, customer], rtol=1e-9, atol=1e-6)


@given(points)
def test_a_programme_is_worth_v_whatever_the_offer_was(p):
    assume(not boundary(p))
    found = induction(build_tree.form(build_tree.bind(**p)))
    start, _, _, _ = closed_form(p)
    for name in ("high", "low"):
        assert_allclose(found.value[f"{name} > start"][1], start, rtol=1e-9, atol=1e-6)
        price = min(p[f"price_{name}"], p["value"])
        expected = "start" if start > (p["value"] - price) * p["volume"] else "buy"
        assert expected == found.action[name]


@given(points)
def test_prices_after_nature_meet_the_chip_or_take_all(p):
    assume(not boundary(p))
    found = induction(build_tree.form(build_tree.bind(**p)))
    _, _, _, own = closed_form(p)
    matched = "match" if p["supplier_cost"] < own < p["value"] else "hold"
    for path in ("success", "failure > respin > success"):
        assert matched == found.action[f"high > start > {path}"]
        deploys = "deploy" if own < p["value"] else "buy"
        assert deploys == found.action[f"high > start > {path} > hold"]
    for path in ("failure > stop", "failure > respin > failure"):
        assert "hold" == found.action[f"high > start > {path}"]


@given(points)
def test_at_the_matching_price_the_customer_is_indifferent(p):
    form = build_tree.form(build_tree.bind(**p))
    own = p["chip_cost"] / p["performance"] + p["porting"]
    assume(own < p["value"])
    leaf = {form.tree.path(v): form.payoffs[k, 1] for k, v in enumerate(form.tree.leaves)}
    scale = p["value"] * p["volume"]
    after = "high > start > success"
    assert_allclose(leaf[f"{after} > match"], leaf[f"{after} > hold > deploy"], atol=1e-12 * scale)
    assert leaf[f"{after} > undercut"] > leaf[f"{after} > match"]


@given(points)
@settings(max_examples=20)
def test_outcomes_are_what_is_expected_on_the_path(p):
    assume(not boundary(p))
    found, regime = played(build_tree, **p)
    start, _, works, own = closed_form(p)
    (supplier, customer, starts), ways = best(p)
    first = ways[0][0] >= ways[1][0]
    price = min(p["price_high" if first else "price_low"], p["value"])
    built = starts and own < min(p["supplier_cost"], p["value"])
    expected = {
        "price": p["value"] if starts else price,
        "p_start": float(starts),
        "p_chip": works * starts,
        "p_built": works * built,
        "supplier_profit": supplier,
        "buyer_payoff": customer,
        "start_value": start,
    }
    for name, value in expected.items():
        assert_allclose(found[name], value, rtol=1e-9, atol=1e-6, err_msg=name)
    label = ("built" if built else "matched") if starts else ("buy" if first else "deterred")
    assert label == regime


@given(points)
@settings(max_examples=20)
def test_the_right_to_start_and_the_right_to_respin_are_worth_something(p):
    p = {**p, "price_low": min(p["price_low"], p["price_high"])}
    found, _ = played(build_tree, **p)
    assert found["option_value"] >= -1e-9 * p["value"] * p["volume"]
    assert found["respin_value"] >= 0.0


@given(points, st.sampled_from(["success", "programme_cost", "respin_cost"]))
@settings(max_examples=20)
def test_starting_is_worth_more_if_success_is_likely_and_tries_are_cheap(p, name):
    top = {"success": 1.0, "programme_cost": 8000.0, "respin_cost": 4000.0}[name]
    grid = np.linspace(0.0, top, 7)
    form = build_tree.form(build_tree.bind(**{**p, name: grid}))
    values = [induction(form, k).value["high > start"][1] for k in range(len(grid))]
    steps = np.diff(values) * (1.0 if name == "success" else -1.0)
    assert steps.min() >= -1e-9 * p["value"] * p["volume"]


@pytest.mark.parametrize(
    ("price", "answer"),
    [
        pytest.param(52.0, "buy", id="indifferent"),  # (64 - 52) 512 = 6144 = V
        pytest.param(52.0 + 2.0**-20, "start", id="dearer"),
        pytest.param(52.0 - 2.0**-20, "buy", id="cheaper"),
    ],
)
def test_at_the_threshold_exactly_the_customer_buys(price, answer):
    form = build_tree.form(build_tree.bind(**EXACT, price_high=price, price_low=20.0))
    assert answer == induction(form).action["high"]


def test_the_deterring_price_is_the_dearest_that_deters():
    found, regime = played(build_tree, **EXACT, price_high=60.0, price_low=52.0)
    assert 52.0 == found["deterring_price"]
    assert "deterred" == regime
    assert 8.0 * 512.0 == found["option_value"]


def test_a_respin_that_just_pays_is_not_made():
    """ρG = f1 with ρ = 1/2: a second try is worth nothing."""
    values = {**EXACT, "success": 0.5, "respin_cost": 5120.0, "programme_cost": 0.0}
    form = build_tree.form(build_tree.bind(**values, price_high=60.0, price_low=60.0))
    assert "stop" == induction(form).action["high > start > failure"]


@pytest.mark.parametrize(
    ("values", "regime"),
    [
        pytest.param({}, "buy", id="base"),
        pytest.param({"price_high": 59.0, "price_low": 46.0}, "deterred", id="deterred"),
        pytest.param({"addressable": 0.9}, "matched", id="harvest"),
        pytest.param(
            {"chip_cost": 6.0, "porting": 0.0, "price_low": 59.0, "price_high": 60.0},
            "built",
            id="cheaper-chip",
        ),
    ],
)
def test_regimes(values, regime):
    assert regime == played(build_tree, **values)[1]


def test_a_cut_that_deters_may_pay_less_than_letting_the_customer_try():
    """Both deter at 25; at φ = 0.9 the supplier harvests although it could deter."""
    form = build_tree.form(build_tree.bind(addressable=0.9))
    found = induction(form)
    assert ("start", "buy") == (found.action["high"], found.action["low"])
    assert "high" == found.action["the root"]


#: The customer prefers buying at 46.5 to a programme, so the threat of one is empty. Believed, it
#: would bring the price down to 46, where the supplier still earns more than by harvesting.
EMPTY = {"programme_cost": 500.0, "price_high": 46.5, "price_low": 46.0}


@pytest.fixture(scope="module")
def normal():
    form = build_tree.form(build_tree.bind(**EMPTY))
    return form, strategic_form(form)


def test_the_perfect_equilibrium_is_a_nash_equilibrium_of_the_strategic_form(normal):
    form, table = normal
    found = induction(form)
    profile = tuple(
        next(k for k, name in enumerate(names) if _follows(form, found.row, i, name))
        for i, names in enumerate(table.actions)
    )
    assert is_nash(table.payoffs, profile)
    assert_allclose([u[profile] for u in table.payoffs], found.payoffs(), rtol=1e-12)


def _follows(form, row, player, name):
    """Whether a plan, named by its choices, does what a row says wherever the plan gets."""
    names = form.actions[player]
    first = sum(map(len, form.actions[:player]))
    chosen = {n for k, n in enumerate(names) if row[first + k] > 0.5}
    return set(_choices(names, name)) <= chosen


def _choices(names, plan):
    return [n for n in names if f", {n}," in f", {plan},"]


def test_an_empty_threat_moves_the_price_in_a_nash_equilibrium_and_not_in_a_perfect_one(normal):
    form, (S, B) = normal[0], normal[1].payoffs
    best_S = S.max(axis=0) - S <= 1e-12 * np.ptp(S)
    best_B = B.max(axis=1, keepdims=True) - B <= 1e-12 * np.ptp(B)
    places = best_S & best_B
    found = set(zip(S[places].round(6).tolist(), B[places].round(6).tolist(), strict=True))
    perfect, threatened = (37.5 * 500.0, 13.5 * 500.0), (37.0 * 500.0, 14.0 * 500.0)
    assert {perfect, threatened} <= found
    assert_allclose(induction(form).payoffs(), perfect, rtol=1e-12)
