"""Contracts with damages, and signatures bought one by one."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import aghion_bolton, naked_exclusion
from games.exclusivity import signing
from tests.games._recursion import induction, played

UNIT = {"value": 1.0, "supplier_cost": 0.5, "entrant_top": 1.0, "volume": 1.0}
costs = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(1.0, 40.0),
        "entrant_top": st.floats(2.0, 60.0),
        "volume": st.floats(100.0, 1500.0),
    }
)


def test_the_published_contract():
    found, regime = played(aghion_bolton, **UNIT)
    expected = {
        "price": 0.75,
        "damages": 0.5,
        "p_entry": 0.25,
        "supplier_profit": 0.3125,
        "buyer_payoff": 0.25,
        "welfare": 0.59375,
    }
    assert "contract" == regime
    for name, value in expected.items():
        assert_allclose(found[name], value, rtol=1e-12, err_msg=name)


def test_without_a_contract_entry_is_twice_as_likely_and_welfare_higher():
    form = aghion_bolton.form(aghion_bolton.bind(**UNIT))
    found = induction(form)
    assert_allclose(found.value["none"], [0.25, 0.25])
    start = int(form.tree.chance_start[form.tree.children[0][0]])
    entry = form.chance[start]
    assert 0.5 == entry
    assert_allclose(0.625, sum(found.value["none"]) + entry * (0.5 - 0.25))


@given(costs)
@settings(max_examples=15)
def test_the_contract_is_the_best_of_a_fine_grid(p):
    """Second route: every contract (P, D), by averaging over the entrant's cost."""
    top, cost = p["entrant_top"], p["supplier_cost"]
    assume(cost < p["value"] and cost < top)
    draws = (np.arange(2000) + 0.5) / 2000.0 * top
    alone = np.where(draws < cost, p["value"] - cost, 0.0).mean()
    price = p["value"] - alone  # dearer is refused, cheaper is a gift
    best = max(
        np.where(draws < price - damages, damages, price - cost).mean()
        for damages in np.linspace(0.0, price, 201)
    )
    found, _ = played(aghion_bolton, **p)
    near = 2e-3 * p["value"]  # what the grids leave out
    assert_allclose(found["supplier_profit"] / p["volume"], best, atol=near)
    assert_allclose(found["buyer_payoff"] / p["volume"], alone, atol=near)


@given(costs)
def test_contract_and_welfare_have_the_closed_form(p):
    top, cost = p["entrant_top"], p["supplier_cost"]
    assume(cost < 0.99 * min(p["value"], top))
    found, _ = played(aghion_bolton, **p)
    assert_allclose(found["price"] - found["damages"], cost / 2.0, rtol=1e-9)
    assert_allclose(found["p_entry"], cost / top / 2.0, rtol=1e-9)
    welfare = (p["value"] - cost + 3.0 * cost * cost / (8.0 * top)) * p["volume"]
    assert_allclose(found["welfare"], welfare, rtol=1e-9)


@given(costs)
def test_no_neighbouring_contract_is_better_and_a_dearer_one_is_refused(p):
    assume(p["supplier_cost"] < 0.99 * min(p["value"], p["entrant_top"]))
    found = induction(aghion_bolton.form(aghion_bolton.bind(**p)))
    assert "fair, taxed" == found.action["the root"]
    assert {"refuse"} == {found.action[f"high, {x}"] for x in ("taxed", "taxed more", "taxed less")}
    assert {"sign"} == {found.action[f"low, {x}"] for x in ("taxed", "taxed more", "taxed less")}


@given(costs)
def test_the_customer_is_indifferent_to_the_contract_it_gets(p):
    assume(p["supplier_cost"] < p["value"])
    found = induction(aghion_bolton.form(aghion_bolton.bind(**p)))
    scale = p["value"] * p["volume"]
    assert_allclose(found.value["fair, taxed"][1], found.value["none"][1], atol=1e-12 * scale)


def keeps(buyers, needed, loss, profit=1.0):
    """Second route: what exclusion costs from each state on, infinite where it fails."""
    total = buyers * profit
    cost = {}
    for n in range(buyers + 1):
        for m in range(needed + 1):
            if m == 0:
                cost[n, m] = 0.0
            elif n < m:
                cost[n, m] = np.inf
            else:
                # Signed if refusing changes nothing: then for free, else for the loss.
                price = 0.0 if cost[n - 1, m] < np.inf else loss
                whole = price + cost[n - 1, m - 1]
                cost[n, m] = whole if whole < total else cost[n - 1, m]
    return max(total - cost[buyers, needed], 0.0)


@pytest.mark.parametrize(
    ("buyers", "needed", "loss", "kept"),
    [(5, 3, 1.5, 5.0), (5, 3, 3.0, 2.0), (8, 5, 3.0, 8.0), (3, 2, 3.0, 0.0)],
)
def test_what_the_incumbent_keeps(buyers, needed, loss, kept):
    assert kept == keeps(buyers, needed, loss)
    game = signing(buyers, needed)
    bound = game.bind(buyer_profit=1.0, buyer_loss=loss, token=0.0)
    assert kept == induction(game.form(bound)).payoffs()[0]


@pytest.mark.parametrize("buyers", [1, 2, 3, 4])
@given(loss=st.floats(0.01, 6.0))
@settings(max_examples=15)
def test_exclusion_costs_what_the_recursion_over_states_says(buyers, loss):
    for needed in range(1, buyers + 1):
        multiples = [buyers / k for k in range(1, needed + 1)]
        assume(min(abs(loss - x) for x in multiples) > 1e-6)
        game = signing(buyers, needed)
        form = game.form(game.bind(buyer_profit=1.0, buyer_loss=loss, token=0.0))
        assert_allclose(induction(form).payoffs()[0], keeps(buyers, needed, loss), atol=1e-9)


@pytest.mark.parametrize(
    ("loss", "regime", "kept"),
    [
        pytest.param(1400.0, "free", 2998.0, id="two-tokens"),
        pytest.param(2000.0, "paid", 999.0, id="one-payment"),
        pytest.param(3000.0, "failed", 0.0, id="too-dear"),
    ],
)
def test_regimes_of_signing(loss, regime, kept):
    found, label = played(naked_exclusion, buyer_loss=loss)
    assert regime == label
    assert_allclose(found["supplier_profit"], kept)
    assert_allclose(found["excluded"], float(kept > 0.0))


@given(st.floats(10.0, 4000.0))
def test_buyers_lose_together_what_they_would_not_sell_alone(loss):
    """All of them would be better off if nobody signed."""
    found, label = played(naked_exclusion, buyer_loss=loss)
    if label != "failed":
        assert found["buyer_payoff"] < 3.0 * loss
    else:
        assert_allclose(found["buyer_payoff"], 3.0 * loss)
