"""The threat to cut a customer off: credible in a shortage, empty in slack."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import build_tree_retaliation
from solver import nash
from solver.forms.strategic import strategic_form
from tests.games._recursion import induction, played

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "price": st.floats(20.0, 45.0),
        "supplier_cost": st.floats(5.0, 20.0),
        "chip_cost": st.floats(5.0, 25.0),
        "porting": st.floats(0.0, 25.0),
        "volume": st.floats(100.0, 1500.0),
        "addressable": st.floats(0.05, 1.0),
        "success": st.floats(0.05, 1.0),
        "programme_cost": st.floats(0.0, 5000.0),
        "next_value": st.floats(0.0, 70.0),
    }
)


def form_of(**values):
    return build_tree_retaliation.form(build_tree_retaliation.bind(**values))


def closed_form(p):
    """What the customer gets by starting, served and cut off."""
    own, contested = p["chip_cost"] + p["porting"], p["addressable"] * p["volume"]
    surplus = (p["value"] - p["price"]) * p["volume"]
    served = surplus + p["success"] * max(p["price"] - own, 0.0) * contested
    alone = p["success"] * max(p["value"] - own, 0.0) * contested
    return surplus, served - p["programme_cost"], alone - p["programme_cost"]


@given(points)
def test_the_threat_is_carried_out_iff_refusing_is_free(p):
    assume(abs(p["next_value"] - p["price"]) > 1e-6)
    found = induction(form_of(**p))
    bought, served, alone = closed_form(p)
    assume(min(abs(served - bought), abs(alone - bought)) > 1e-6 * p["value"] * p["volume"])
    free = p["next_value"] >= p["price"]
    assert ("cut" if free else "serve") == found.action["start"]
    start = alone if free else served
    assert ("start" if start > bought else "buy") == found.action["the root"]
    assert_allclose(found.payoffs()[1], max(start, bought), rtol=1e-9)


@given(points)
def test_refusing_a_unit_costs_what_nobody_else_pays_for_it(p):
    """Second route: profits with and without serving, per unit that is refused."""
    form = form_of(**p)
    leaf = {form.tree.path(v): form.payoffs[k, 0] for k, v in enumerate(form.tree.leaves)}
    resold = max(p["supplier_cost"], min(p["next_value"], p["price"]))
    cost = (leaf["start > serve > failure"] - leaf["start > cut > failure"]) / p["volume"]
    assert_allclose(cost, p["price"] - resold, atol=1e-9 * p["value"])


@pytest.mark.parametrize(
    ("next_value", "regime"),
    [(0.0, "start"), (34.999, "start"), (35.0, "deterred"), (60.0, "deterred")],
)
def test_a_shortage_deters_what_slack_does_not(next_value, regime):
    values = {"addressable": 0.9, "programme_cost": 500.0, "next_value": next_value}
    assert regime == played(build_tree_retaliation, **values)[1]


def test_a_threat_that_is_credible_may_still_not_frighten():
    values = {"addressable": 1.0, "success": 1.0, "next_value": 60.0, "programme_cost": 0.0}
    assert "start-cut-off" == played(build_tree_retaliation, **values)[1]


def test_in_slack_the_threat_is_nash_and_not_perfect():
    form = form_of(addressable=0.9, next_value=0.0)
    table = strategic_form(form)
    equilibria = nash(table)
    found = induction(form)
    assert "start" == found.action["the root"]
    starts = equilibria.strategies[1][:, table.actions[1].index("start")]
    assert_allclose(equilibria.payoffs[np.argmax(starts)], found.payoffs(), rtol=1e-12)
    cowed = equilibria.payoffs[np.argmin(starts)]
    assert_allclose(cowed, [(35.0 - 9.0) * 500.0, (60.0 - 35.0) * 500.0], rtol=1e-12)
    assert 0.0 == starts.min()


def test_outcomes_count_what_the_threat_is_worth():
    values = {"addressable": 0.9, "next_value": np.array([0.0, 35.0])}
    found, _ = played(build_tree_retaliation, **values)
    assert_allclose(found["refusal_cost"], [26.0, 0.0])
    assert_allclose(found["p_start"], [1.0, 0.0])
    assert_allclose(found["threat_value"], [0.0, 26.0 * 500.0 * 0.6 * 0.9], atol=1e-9)
