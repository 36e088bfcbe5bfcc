"""Limit pricing with hidden cost: prices, separation, pooling and entry by the closed form."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from games.limit_price import PRICES, beside, limit_price, prices
from solver import nash
from solver.sweep.cells import evaluate
from tests.games import _bayes

#: Demand 10 - p, costs 4 or 2, entrant 4.
VECTOR = {
    "value": 10.0, "volume": 10.0, "supplier_cost": 4.0, "efficiency": 0.5, "chip_cost": 4.0,
    "performance": 1.0, "discount": 0.9,
}  # fmt: skip
HIGH, LOW, LIMIT, DEEP = range(4)

#: Both firms sell something in every duopoly.
markets = st.fixed_dictionaries(
    {
        "value": st.floats(60.0, 120.0),
        "volume": st.floats(100.0, 1500.0),
        "supplier_cost": st.floats(5.0, 20.0),
        "efficiency": st.floats(0.1, 0.9),
        "chip_cost": st.floats(8.0, 20.0),
        "performance": st.floats(0.8, 1.2),
        "discount": st.floats(0.1, 0.99),
        "high_cost_share": st.floats(0.05, 0.95),
    }
)


def facts(p):
    """Per type: cost, monopoly price, what exclusion is worth, and the entrant's profit."""
    a, b, rival = p["value"], p["volume"] / p["value"], p["chip_cost"] / p["performance"]
    found = []
    for cost in (p["supplier_cost"], p["efficiency"] * p["supplier_cost"]):
        alone, duopoly = (a - cost) ** 2 / 4.0, (a - 2.0 * cost + rival) ** 2 / 9.0
        entrant = b * (a - 2.0 * rival + cost) ** 2 / 9.0
        found.append((cost, (a + cost) / 2.0, p["discount"] * (alone - duopoly), entrant))
    return found


def limit(p):
    """p*, from the square that the high-cost type would lose."""
    _, monopoly, gain, _ = facts(p)[0]
    return monopoly - gain**0.5


def between(p, weight):
    """An entry cost for which entry pays against the high-cost type alone."""
    (_, _, _, high), (_, _, _, low) = facts(p)
    return {**p, "nre": low + weight * (high - low)}


def perfect(values):
    game = _bayes.signalling(limit_price.form(limit_price.bind(**values)), sender=0)
    return game, _bayes.perfect(game)


def test_published_prices_and_profits():
    offers = prices(limit_price.bind(**VECTOR).values)
    assert_allclose(offers["limit"], 4.878679656440358, rtol=1e-12)
    assert_allclose(offers["monopoly low"], 6.0, rtol=1e-12)
    assert_allclose(offers["monopoly high"], 7.0, rtol=1e-12)
    form = limit_price.form(limit_price.bind(**VECTOR, nre=0.0))
    entrant = form.payoffs.reshape(2, 4, 2, 2)[:, :, 1, 1]
    assert_allclose(entrant, [[4.0] * 4, [16.0 / 9.0] * 4], rtol=1e-12)


@pytest.mark.parametrize("nre", [1.8, 3.0, 3.9])
def test_the_efficient_supplier_prices_below_monopoly(nre):
    _, found = perfect({**VECTOR, "nre": nre, "high_cost_share": 0.99})
    assert (HIGH, LIMIT) in {e.signals for e in found}
    assert (HIGH, LOW) not in {e.signals for e in found}


@pytest.mark.parametrize(("nre", "enters"), [(1.7, 1), (4.1, 0)])
def test_where_entry_does_not_depend_on_cost_nobody_signals(nre, enters):
    _, found = perfect({**VECTOR, "nre": nre, "high_cost_share": 0.5})
    assert {(HIGH, LOW)} == {e.signals for e in found}
    assert {(enters, enters)} == {e.answers[:2] for e in found}


@given(markets, st.floats(0.02, 0.98))
def test_the_high_cost_type_is_indifferent_towards_the_limit_price(values, weight):
    form = limit_price.form(limit_price.bind(**between(values, weight)))
    own = form.payoffs.reshape(2, 4, 2, 2)[0, :, :, 0]
    assert_allclose(own[LIMIT, 0], own[HIGH, 1], rtol=1e-10)
    assert_allclose(prices(limit_price.bind(**values).values)["limit"], limit(values), rtol=1e-10)


@given(markets, st.floats(0.02, 0.98))
def test_types_separate_iff_the_efficient_one_is_willing_to(values, weight):
    values = between(values, weight)
    (_, _, _, _), (_, monopoly, gain, _) = facts(values)
    price = limit(values)
    loss = max(monopoly - price, 0.0) ** 2
    assume(abs(monopoly - price) > 1e-6 and abs(loss - gain) > 1e-6 * gain)
    separating = [e for e in perfect(values)[1] if e.kind == "separating"]
    assert (loss < gain) == bool(separating)
    assert {e.signals[0] for e in separating} <= {HIGH}
    if price > monopoly:
        assert LOW in {e.signals[1] for e in separating}  # its monopoly price is signal enough
    else:
        assert {e.signals[1] for e in separating} <= {LIMIT, DEEP}


@given(markets, st.floats(0.02, 0.98))
def test_entry_is_as_likely_as_if_costs_were_known(values, weight):
    for e in perfect(between(values, weight))[1]:
        if e.kind == "separating":
            assert (1, 0) == tuple(e.answers[m] for m in e.signals)


@given(markets, st.floats(0.02, 0.98))
def test_types_pool_iff_that_keeps_the_entrant_out_and_both_are_willing_to(values, weight):
    values = between(values, weight)
    mu, offers = values["high_cost_share"], prices(limit_price.bind(**values).values)
    (_, dear, gain_high, high), (_, cheap, gain_low, low) = facts(values)
    mean = mu * high + (1.0 - mu) * low
    assume(abs(mean - values["nre"]) > 1e-6 * mean)
    signals = {e.signals for e in perfect(values)[1] if e.kind == "pooling"}
    for m, name in enumerate(PRICES):
        losses = (dear - offers[name]) ** 2, (cheap - offers[name]) ** 2
        slack = (gain_high * (1.0 + 1e-9) - losses[0], gain_low - losses[1])
        assume(abs(slack[1]) > 1e-6 * gain_low)
        assume(m == LIMIT or abs(slack[0]) > 1e-6 * gain_high)
        assert (mean < values["nre"] and min(slack) > 0.0) == ((m, m) in signals)


@given(markets, st.floats(0.02, 0.98))
def test_pure_nash_equilibria_are_perfect_where_entry_may_or_may_not_pay(values, weight):
    form = limit_price.form(limit_price.bind(**between(values, weight)))
    rows = nash(form).profiles
    pure = {tuple(row) for row in rows[np.isin(rows, (0.0, 1.0)).all(axis=1)]}
    found = perfect(between(values, weight))[1]
    assert {tuple(_bayes.behavior_row(form, 0, e)) for e in found} == pure


def test_threats_to_enter_at_a_loss_support_nash_equilibria_only():
    values = {**VECTOR, "nre": 5.0, "high_cost_share": 0.5}
    form = limit_price.form(limit_price.bind(**values))
    rows = {tuple(row) for row in nash(form).profiles}
    expected = {tuple(_bayes.behavior_row(form, 0, e)) for e in perfect(values)[1]}
    assert expected < rows
    pooled = [row for row in rows if row[LOW] == row[4 + LOW] == 1.0]
    assert pooled


def test_outcomes_and_labels_of_the_worked_example():
    found = evaluate(
        limit_price,
        limit_price.bind(**VECTOR, nre=np.array([1.0, 3.0, 5.0]), high_cost_share=0.9),
        nash,
    )
    labels = [found.labels[k] for k in found.regime]
    assert "separating" in labels[0]
    assert "separating" in labels[1]
    entry = found.outcomes["p_entry"]
    assert_allclose([entry[0], entry[2]], [1.0, 0.0])
    sent = found.equilibria.first(found.equilibria.strategies[0])
    offers = np.array([float(x) for x in prices(limit_price.bind(**VECTOR).values).values()])
    assert_allclose(found.outcomes["price_high_cost"], sent[:, :4] @ offers, rtol=1e-12)
    assert_allclose(found.outcomes["price_low_cost"], sent[:, 4:] @ offers, rtol=1e-12)


def test_entry_in_a_separating_equilibrium_is_the_prior():
    bound = limit_price.bind(**VECTOR, nre=3.0, high_cost_share=0.9)
    form = limit_price.form(bound)
    found = [e for e in _bayes.perfect(_bayes.signalling(form, 0)) if e.signals == (HIGH, LIMIT)]
    for e in found:
        eq = _bayes.by_hand(form, _bayes.behavior_row(form, 0, e))
        got = limit_price.outcomes(bound.values, eq)
        assert_allclose(got["p_entry"], 0.9)
        assert_allclose(got["entrant_payoff"], 0.9 * (4.0 - 3.0), rtol=1e-12)
        assert_allclose(got["price_high_cost"], 7.0, rtol=1e-12)
        assert_allclose(got["price_low_cost"], 4.878679656440358, rtol=1e-12)
        first = 0.9 * 9.0 + 0.1 * (4.878679656440358 - 2.0) * (10.0 - 4.878679656440358)
        later = 0.9 * (0.9 * 4.0 + 0.1 * 16.0)
        assert_allclose(got["supplier_profit"], first + later, rtol=1e-12)
    assert found


@given(
    value=st.floats(20.0, 60.0),
    own=st.floats(1.0, 70.0),
    other=st.floats(1.0, 70.0),
    volume=st.floats(50.0, 500.0),
)
def test_duopoly_profits_are_where_best_replies_end_up(value, own, other, volume):
    """Second route: firms reply to each other in turn, each by a bounded search."""
    slope = volume / value
    quantities = [0.0, 0.0]
    for step in range(120):
        i = step % 2
        rest, cost = quantities[1 - i], (own, other)[i]
        quantities[i] = max(0.0, 0.5 * (slope * (value - cost) - rest))
    price = value - sum(quantities) / slope
    market = {"value": np.array(value), "volume": np.array(volume)}
    got = beside(market, np.array(own), np.array(other))
    assert_allclose(got, (price - own) * quantities[0], rtol=1e-9, atol=1e-9)


def test_a_reply_to_a_quantity_is_the_best_one():
    """The rule used above, against scipy."""
    slope = 500.0 / 60.0
    for rest, cost in ((0.0, 9.0), (100.0, 9.0), (400.0, 30.0)):
        best = minimize_scalar(
            lambda q, rest=rest, cost=cost: -(60.0 - (q + rest) / slope - cost) * q,
            bounds=(0.0, 500.0),
            method="bounded",
        )
        assert_allclose(max(0.0, 0.5 * (slope * (60.0 - cost) - rest)), best.x, atol=1e-3)
