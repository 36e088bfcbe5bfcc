"""Remedies: what the supplier does under each, and which one the regulator picks."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import aghion_bolton, lockin_attached, regulator
from tests.games._recursion import induction, played

REMEDIES = ("none", "ban exclusivity", "ban discrimination", "interoperability")
points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 13.0),
        "rival_cost": st.floats(14.0, 26.0),
        "porting": st.floats(5.0, 15.0),
        "volume": st.floats(100.0, 1500.0),
        "easy_porting": st.floats(0.05, 0.9),
        "portable": st.floats(0.05, 0.95),
        "addressable": st.floats(0.05, 0.95),
        "entrant_top": st.floats(14.0, 60.0),
        "consumer_weight": st.floats(0.0, 1.0),
        "interoperability": st.floats(0.05, 0.95),
        "interoperability_cost": st.floats(1.0, 2000.0),
    }
)


def closed_form(p):
    """Per remedy: supplier, customer, entrant; the value never binds here."""
    new, old = p["addressable"] * p["volume"], (1.0 - p["addressable"]) * p["volume"]
    cost, top, v, a = p["supplier_cost"], p["entrant_top"], p["value"], p["portable"]
    odds = cost / top
    open_market = (1.0 - odds) * (v - cost), odds * (v - cost), odds * cost / 2.0
    tied = open_market[0] + cost * cost / (4.0 * top), open_market[1], odds * cost / 8.0
    easy = p["easy_porting"] * p["porting"]
    high, low = p["rival_cost"] + p["porting"], p["rival_cost"] + easy

    def both(cut):
        price = (1.0 - a) * (high - cut * p["porting"]) + a * (low - cut * easy)
        return price - cost, v - price

    uniform = max(((1.0 - a) * (high - cost), v - (1.0 - a) * high - a * low),
                  (low - cost, v - low))  # fmt: skip
    mild = both(p["interoperability"])
    rows = {
        "none": (tied, both(0.0), 0.0),
        "ban exclusivity": (open_market, both(0.0), 0.0),
        "ban discrimination": (tied, uniform, 0.0),
        "interoperability": (tied, mild, p["interoperability_cost"]),
    }
    return {
        name: (x[0] * new + y[0] * old - z, x[1] * new + y[1] * old, x[2] * new)
        for name, (x, y, z) in rows.items()
    }


def objective(p, supplier, customer, entrant):
    weight = p["consumer_weight"]
    return weight * customer + (1.0 - weight) * (supplier + entrant)


@given(points)
def test_payoffs_under_every_remedy(p):
    found = induction(regulator.form(regulator.bind(**p)))
    for name, (supplier, customer, entrant) in closed_form(p).items():
        expected = [objective(p, supplier, customer, entrant), supplier, customer]
        assert_allclose(found.value[name], expected, rtol=1e-9, atol=1e-6, err_msg=name)


@given(points)
def test_the_regulator_picks_the_best_remedy(p):
    values = [objective(p, *row) for row in closed_form(p).values()]
    order = np.sort(values)
    assume(order[-1] - order[-2] > 1e-9 * p["value"] * p["volume"])
    found, regime = played(regulator, **p)
    assert REMEDIES[int(np.argmax(values))].replace(" ", "-") == regime
    assert_allclose(found["objective"], order[-1], rtol=1e-9)
    assert found["objective"] >= values[0]


@given(points)
def test_interoperability_lowers_the_price_and_moves_money(p):
    rows = closed_form(p)
    found = induction(regulator.form(regulator.bind(**p)))
    none, cut = found.value["none"], found.value["interoperability"]
    assert cut[2] > none[2]
    assert cut[1] < none[1]
    total = none[1] + none[2] - p["interoperability_cost"]
    assert_allclose(cut[1] + cut[2], total, rtol=1e-9)
    assert rows["none"][2] == rows["interoperability"][2]


@given(points)
def test_a_ban_on_discrimination_helps_the_customer_only_if_the_work_is_kept(p):
    found = induction(regulator.form(regulator.bind(**p)))
    none, ban = found.value["none"], found.value["ban discrimination"]
    moves = found.action["ban discrimination > exclusive"] == "high"
    scale = p["value"] * p["volume"]
    if moves:
        assert_allclose(ban[2], none[2], atol=1e-9 * scale)
    else:
        assert ban[2] > none[2]
    assert ban[1] < none[1]
    assert ban[1] + ban[2] <= none[1] + none[2] + 1e-9 * scale


@given(points)
def test_the_two_markets_are_those_of_the_games_they_come_from(p):
    def of(game, **more):
        names = {q.name for q in game.parameters}
        return played(game, **{k: v for k, v in {**p, **more}.items() if k in names})[0]

    contract = of(aghion_bolton, volume=p["addressable"] * p["volume"])
    uniform = of(lockin_attached, volume=(1.0 - p["addressable"]) * p["volume"])
    found = induction(regulator.form(regulator.bind(**p))).value["ban discrimination"]
    assert_allclose(found[1], contract["supplier_profit"] + uniform["supplier_profit"], rtol=1e-9)
    assert_allclose(found[2], contract["buyer_payoff"] + uniform["buyer_payoff"], rtol=1e-9)


@pytest.mark.parametrize(
    ("values", "regime"),
    [
        pytest.param({"consumer_weight": 0.0, "addressable": 0.0}, "none", id="profits"),
        pytest.param({"consumer_weight": 0.9}, "interoperability", id="customers"),
        pytest.param({}, "ban-exclusivity", id="welfare"),
        pytest.param(
            {"consumer_weight": 0.9, "portable": 0.9, "interoperability_cost": 5000.0,
             "interoperability": 0.1},
            "ban-discrimination", id="portable-work",
        ),
    ],
)  # fmt: skip
def test_which_remedy(values, regime):
    assert regime == played(regulator, **values)[1]


def test_outcomes_on_the_path():
    weights = np.array([0.0, 0.5, 0.9])
    found, regime = played(regulator, consumer_weight=weights, addressable=0.5)
    assert ["ban-exclusivity", "ban-exclusivity", "interoperability"] == regime.tolist()
    high, low = 19.25 + 10.0, 19.25 + 2.0
    average = 0.7 * high + 0.3 * low
    assert_allclose(found["moved_share"], 0.0)
    for k, label in enumerate(regime):
        cut = 0.5 * (0.7 * 10.0 + 0.3 * 2.0) if label == "interoperability" else 0.0
        assert_allclose(found["price"][k], average - cut)
        assert float(label != "ban-exclusivity") == found["p_exclusive"][k]
