"""A press release does not move the price, in any equilibrium."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games.cheap_talk import cheap_talk
from solver import nash
from solver.sweep.cells import evaluate
from tests.games import _bayes

customers = st.fixed_dictionaries(
    {
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(12.8, 25.0),
        "performance": st.floats(0.5, 1.5),
        "handicap": st.floats(0.3, 0.9),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(0.0, 3000.0),
        "porting_lump": st.floats(0.0, 1000.0),
        "supplier_power": st.floats(0.05, 1.0),
        "weak_share": st.floats(0.05, 0.95),
    }
)


def mean_price(p):
    lump, unit = (p["nre"] + p["porting_lump"]) / p["volume"], p["chip_cost"] / p["performance"]
    mean = p["weak_share"] * unit / p["handicap"] + (1.0 - p["weak_share"]) * unit + lump
    return p["supplier_cost"] + p["supplier_power"] * (mean - p["supplier_cost"])


@given(customers)
def test_in_every_nash_equilibrium_both_types_meet_the_price_of_no_news(values):
    found = evaluate(cheap_talk, cheap_talk.bind(**values), nash)
    assert "babbling" == found.labels[int(found.regime)]
    assert found.equilibria.complete
    rows = found.equilibria.profiles
    unit, lump = values["chip_cost"] / values["performance"], values["nre"] + values["porting_lump"]
    high, low = (r + lump / values["volume"] for r in (unit / values["handicap"], unit))
    cost, power = values["supplier_cost"], values["supplier_power"]
    menu = np.array([cost + power * (high - cost), mean_price(values), cost + power * (low - cost)])
    for row in rows:
        asked, said = row[:6].reshape(2, 3) @ menu, row[6:].reshape(2, 2)
        assert_allclose(said @ asked, mean_price(values), rtol=1e-9)


@given(customers)
def test_no_pure_perfect_equilibrium_tells_the_types_apart_by_price(values):
    game = _bayes.signalling(cheap_talk.form(cheap_talk.bind(**values)), sender=1)
    found = _bayes.perfect(game)
    assert {0, 1} == {e.signals[0] for e in found if e.kind == "pooling"}
    assert not [e for e in found if e.kind == "separating"]


def test_outcomes_are_those_of_silence():
    shares = np.array([0.2, 0.5, 0.8])
    found = evaluate(cheap_talk, cheap_talk.bind(weak_share=shares), nash)
    base = {p.name: p.default for p in cheap_talk.parameters}
    price = np.array([mean_price({**base, "weak_share": s}) for s in shares])
    assert_allclose(found.outcomes["price_weak"], price, rtol=1e-12)
    assert_allclose(found.outcomes["price_strong"], price, rtol=1e-12)
    kept = np.where(price <= 18.6, 1.0, shares)  # a strong customer builds at 18.6
    assert_allclose(found.outcomes["sales_profit"], 500.0 * kept * (price - 9.0), rtol=1e-12)
    paid = shares * price + (1.0 - shares) * np.minimum(price, 18.6)
    assert_allclose(found.outcomes["buyer_payoff"], -500.0 * paid, rtol=1e-12)


@pytest.mark.parametrize(("second", "label"), [("strong", "informative"), ("weak", "babbling")])
def test_the_label_is_read_off_the_profile(second, label):
    """If the types said different things and were answered differently, it would be said so."""
    bound = cheap_talk.bind()
    form = cheap_talk.form(bound)
    answer = {"strong": [0.0, 0.0, 1.0], "weak": [1.0, 0.0, 0.0]}
    eq = _bayes.by_hand(form, [1.0, 0.0, 0.0, *answer[second], 1.0, 0.0, 0.0, 1.0])
    assert label == cheap_talk.regimes[int(cheap_talk.regime(bound.values, eq))]
