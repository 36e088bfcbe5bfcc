"""The secret programme: mixing as in the closed form, found by the strategic form."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import build_tree, build_tree_hidden
from solver import nash
from solver.forms.strategic import strategic_form
from solver.sweep.cells import evaluate
from tests.games._recursion import induction

points = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(5.0, 25.0),
        "porting": st.floats(0.0, 15.0),
        "addressable": st.floats(0.2, 1.0),
        "success": st.floats(0.05, 1.0),
        "programme_cost": st.floats(10.0, 8000.0),
        "respin_cost": st.floats(10.0, 4000.0),
    }
)


def closed_form(p):
    """Odds of a start, of a working chip, of a match; payoffs; how far any of it is from a tie."""
    own, rho = p["chip_cost"] + p["porting"], p["success"]
    f0, f1 = p["programme_cost"], p["respin_cost"]
    volume = p["addressable"] * 500.0
    margin = p["value"] - p["supplier_cost"]
    gain = (p["value"] - own) * volume
    full = rho * gain - f0 + (1.0 - rho) * max(rho * gain - f1, 0.0)
    theta = (p["value"] - own) / margin
    captive = margin * (500.0 - volume)
    most = rho * (1.0 + (1.0 - rho) * (rho * gain > f1))
    gaps = [full, rho * gain - f1, (f0 - f1), gain * (theta - rho), gain * (theta - most)]
    tie = min(map(abs, gaps))
    if full <= 0.0:
        return (0.0, 0.0, 0.0), (margin * 500.0, 0.0), tie
    if most < theta:
        return (1.0, most, 0.0), (captive + (1.0 - most) * margin * volume, full), tie
    attempt = f0 if f0 < f1 else (f0 + (1.0 - rho) * f1) / (2.0 - rho)
    start = theta / (rho if f0 < f1 else most)
    if start > 1.0:
        start, attempt = 1.0, f1
    match = 1.0 - attempt / (rho * gain)
    customer = match * gain
    if start == 1.0:  # it is paid more than its due for the first try
        customer += attempt - f0
    return (start, theta, match), (captive + (own - p["supplier_cost"]) * volume, customer), tie


@given(points)
@settings(max_examples=20)
def test_outcomes_are_those_of_the_closed_form(p):
    own = p["chip_cost"] + p["porting"]
    assume(p["supplier_cost"] + 0.1 < own < p["value"] - 0.1)
    (start, chip, match), payoffs, tie = closed_form(p)
    assume(tie > 1e-3 * p["value"])
    found = evaluate(build_tree_hidden, build_tree_hidden.bind(**p))
    expected = {
        "price": p["value"] - match * (p["value"] - own),
        "p_start": start,
        "p_match": match,
        "p_chip": chip,
        "p_built": chip * (1.0 - match),
        "supplier_profit": payoffs[0],
        "buyer_payoff": payoffs[1],
    }
    for name, value in expected.items():
        assert_allclose(found.outcomes[name], value, rtol=1e-7, atol=1e-6, err_msg=name)
    label = "no-programme" if start == 0.0 else "programme" if start == 1.0 else "mixed"
    assert label == found.labels[int(found.regime)]


def solved(p):
    form = build_tree_hidden.form(build_tree_hidden.bind(**p))
    table = strategic_form(form)
    return form, table, nash(table)


@given(points)
@settings(max_examples=60)
def test_payoffs_and_odds_are_those_of_the_closed_form(p):
    own = p["chip_cost"] + p["porting"]
    assume(p["supplier_cost"] + 0.1 < own < p["value"] - 0.1)
    (start, chip, match), payoffs, tie = closed_form(p)
    assume(tie > 1e-3 * p["value"])
    _, table, found = solved(p)
    assert int(found.count) >= 1
    for k in range(int(found.count)):
        assert_allclose(found.payoffs[k], payoffs, rtol=1e-7, atol=1e-6)
        supplier, customer = (s[k] for s in found.strategies)
        assert_allclose(match, supplier[[n.endswith("match") for n in table.actions[0]]].sum(),
                        atol=1e-7)  # fmt: skip
        starts = np.array([": start" in f": {n}" for n in table.actions[1]])
        assert_allclose(start, customer[starts].sum(), atol=1e-7)
        respins = np.array(["failure: respin" in n for n in table.actions[1]])
        rho = p["success"]
        found_chip = rho * customer[starts].sum() + (1.0 - rho) * rho * customer[respins].sum()
        assert_allclose(chip, found_chip, atol=1e-7)


@pytest.mark.parametrize(
    ("values", "start"),
    [
        pytest.param({"programme_cost": 7200.0}, 0.0, id="too-dear"),
        pytest.param({"success": 0.3}, 1.0, id="rarely-works"),
        pytest.param({}, 2.0 / 2.52, id="mixed"),  # θ = 34/51, and 0.84 of the starts succeed
        pytest.param({"programme_cost": 100.0, "respin_cost": 500.0}, 1.0, id="mixed-respin"),
    ],
)
def test_when_a_programme_is_started(values, start):
    base = {q.name: q.default for q in build_tree_hidden.parameters}
    found, payoffs, _ = closed_form({**base, **values})
    assert_allclose(found[0], start)
    _, table, equilibria = solved({**base, **values})
    assert_allclose(equilibria.payoffs[0], payoffs, rtol=1e-9)
    starts = [": start" in f": {n}" for n in table.actions[1]]
    assert_allclose(equilibria.strategies[1][0][starts].sum(), start, atol=1e-9)


def test_secrecy_is_worth_nothing_where_the_supplier_would_hold_anyway():
    """A chip that rarely works is held against, seen or not: the customer gets V in both."""
    values = {"success": 0.3, "price_high": 60.0, "price_low": 60.0}
    seen = induction(build_tree.form(build_tree.bind(**values)))
    _, _, hidden = solved({"success": 0.3})
    assert_allclose(hidden.payoffs[0][1], seen.payoffs()[1], rtol=1e-12)


def test_secrecy_costs_the_supplier_what_it_would_have_matched():
    """Where it holds blindly, it loses the contested units that it would have kept by matching."""
    seen = induction(build_tree.form(build_tree.bind(success=0.3, price_high=60.0, price_low=60.0)))
    _, _, hidden = solved({"success": 0.3})
    works = 0.3 + 0.7 * 0.3
    lost = works * (26.0 - 9.0) * 250.0
    assert_allclose(seen.payoffs()[0] - hidden.payoffs[0][0], lost, rtol=1e-12)
