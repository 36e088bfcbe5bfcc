"""Signalling by a chip programme: which equilibria exist, against the closed form."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games._two_types import SIGNALLING
from games.signal import PRICES, SIZES, offers, signal, sizes
from solver import nash
from solver.sweep.cells import evaluate
from tests.games import _bayes
from tests.games._bayes import Perfect

#: r_L = 20, r_H = 35, c = 9, Q = 100, k = (0.3, 1).
VECTOR = {
    "supplier_cost": 9.0, "chip_cost": 20.0, "performance": 1.0, "handicap": 20.0 / 35.0,
    "volume": 100.0, "nre": 0.0, "porting_lump": 0.0, "burden_strong": 0.3, "burden_weak": 1.0,
    "weak_share": 0.5,
}  # fmt: skip
WEAK, MEAN, STRONG = range(3)
NONE, LEAST, LARGER = range(3)

customers = st.fixed_dictionaries(
    {
        "supplier_cost": st.floats(5.0, 10.0),
        "chip_cost": st.floats(12.8, 25.0),
        "performance": st.floats(0.8, 1.2),
        "handicap": st.floats(0.3, 0.9),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(0.0, 3000.0),
        "porting_lump": st.floats(0.0, 1000.0),
        "supplier_power": st.floats(0.05, 0.99),
        "weak_share": st.floats(0.05, 0.95),
        "burden_strong": st.floats(0.05, 0.7),
        "burden_weak": st.floats(0.8, 1.5),
        "excess": st.floats(1.1, 3.0),
    }
)


def facts(p):
    """Costs, prices and e*, written once more: r_L, P_W, P̄, P_S per unit and e* in all."""
    lump, unit = (p["nre"] + p["porting_lump"]) / p["volume"], p["chip_cost"] / p["performance"]
    low, high = unit + lump, unit / p["handicap"] + lump
    mean = p["weak_share"] * high + (1.0 - p["weak_share"]) * low
    prices = [p["supplier_cost"] + p["supplier_power"] * (r - p["supplier_cost"])
              for r in (high, mean, low)]  # fmt: skip
    least = p["supplier_power"] * p["volume"] * (high - low) / p["burden_weak"]
    return low, *prices, least


def worth(p, price, size):
    """What the strong type gains by a programme that makes it pay P_S instead of `price`."""
    low, _, _, strong, least = facts(p)
    return p["volume"] * (min(price, low) - strong) - p["burden_strong"] * size * least


def perfect(values):
    game = _bayes.signalling(signal.form(signal.bind(**values)), sender=1)
    return game, _bayes.perfect(game)


def solved(**values):
    return evaluate(signal, signal.bind(**values), nash)


@pytest.mark.parametrize(
    ("power", "least", "separates"), [(0.3, 450.0, True), (0.6, 900.0, True), (0.9, 1350.0, False)]
)
def test_published_programmes_and_whether_they_separate(power, least, separates):
    values = {**VECTOR, "supplier_power": power}
    assert_allclose(sizes(signal.bind(**values).values)["least"], least, rtol=1e-12)
    found = perfect(values)[1]
    assert separates == any(e.signals == (NONE, LEAST) for e in found)
    label = solved(**values)
    assert separates == ("separating" in label.labels[int(label.regime)].split("+"))


@given(customers)
def test_the_least_programme_separates_iff_it_is_worth_its_cost_to_the_strong_type(values):
    gain = worth(values, facts(values)[1], 1.0)
    assume(abs(gain) > 1e-6 * values["volume"])
    assert (gain > 0.0) == any(e.signals == (NONE, LEAST) for e in perfect(values)[1])


@given(customers)
def test_the_larger_programme_separates_iff_even_that_is_worth_its_cost(values):
    gain = worth(values, facts(values)[1], values["excess"])
    assume(abs(gain) > 1e-6 * values["volume"])
    assert (gain > 0.0) == any(e.signals == (NONE, LARGER) for e in perfect(values)[1])


@given(customers)
def test_nothing_else_than_these_is_a_pure_equilibrium(values):
    """The weak type never pays for being known, and both never pay for the same price."""
    _, found = perfect(values)
    assert {e.signals for e in found} <= {(NONE, NONE), (NONE, LEAST), (NONE, LARGER)}
    assert any(e.kind == "pooling" for e in found)
    for e in found:
        known = e.kind == "separating"
        assert (WEAK if known else MEAN) == e.answers[NONE]
        assert not known or e.answers[e.signals[1]] == STRONG


@given(customers)
def test_pooling_passes_the_intuitive_criterion_iff_signals_are_not_worth_it(values):
    """On this menu: where the prior price is low, or so high that strength earns no rent."""
    gain = worth(values, facts(values)[2], 1.0)
    assume(abs(gain) > 1e-6 * values["volume"])
    game, found = perfect(values)
    passing = [e for e in found if e.kind == "pooling" and _bayes.intuitive(game, e)]
    assert (gain <= 0.0) == bool(passing)


@given(customers)
def test_below_the_cost_of_the_strong_type_pooling_is_intuitive_iff_few_are_weak(values):
    low, _, mean, _, _ = facts(values)
    ratio = values["burden_strong"] / values["burden_weak"]
    assume(mean <= low and abs(values["weak_share"] - ratio) > 1e-6)
    game, found = perfect(values)
    passing = [e for e in found if e.kind == "pooling" and _bayes.intuitive(game, e)]
    assert (values["weak_share"] < ratio) == bool(passing)


@given(customers)
def test_pure_nash_equilibria_are_the_perfect_bayesian_ones(values):
    """Every price on the menu is best at some belief, so no threat is empty."""
    form = signal.form(signal.bind(**values))
    rows = nash(form).profiles
    pure = {tuple(row) for row in rows[np.isin(rows, (0.0, 1.0)).all(axis=1)]}
    expected = {tuple(_bayes.behavior_row(form, 1, e)) for e in perfect(values)[1]}
    assert expected == pure


@given(customers)
def test_on_the_path_the_price_is_the_nearest_to_the_posterior_one(values):
    form = signal.form(signal.bind(**values))
    menu = np.array(facts(values)[1:4])
    for row in nash(form).profiles:
        named, sent = row[:9].reshape(3, 3), row[9:].reshape(2, 3)
        for m in range(3):
            belief = _bayes.posterior(
                _bayes.Signalling(form.chance, None, None), sent[:, m].clip(1e-300)
            )
            if sent[:, m].max() > 1e-9:
                target = belief * menu[WEAK] + (1.0 - belief) * menu[STRONG]
                best = np.abs(menu - target).min()
                wrong = np.abs(menu - target)[named[m] > 1e-9].max()
                assert wrong <= best + 1e-6 * np.ptp(menu)


@given(customers)
def test_the_strong_type_runs_the_larger_programme_on_average(values):
    """Single crossing: a programme is cheaper for the type that it should reveal."""
    spent = np.array([0.0, 1.0, values["excess"]])
    for row in nash(signal.form(signal.bind(**values))).profiles:
        weak, strong = row[9:].reshape(2, 3) @ spent
        assert strong >= weak - 1e-9


@given(customers, st.floats(1.05, 2.0))
def test_more_power_of_the_supplier_takes_a_larger_programme(values, factor):
    more = {**values, "supplier_power": min(factor * values["supplier_power"], 1.0)}
    least, larger = (sizes(signal.bind(**v).values)["least"] for v in (values, more))
    assert_allclose(larger / least, more["supplier_power"] / values["supplier_power"], rtol=1e-12)
    assert_allclose(least, facts(values)[-1], rtol=1e-12)


@given(customers)
def test_a_supplier_with_all_the_power_leaves_nothing_to_signal_for(values):
    values = {**values, "supplier_power": 1.0}
    found = solved(**values)
    assert "pooling" == found.labels[int(found.regime)]
    rows = found.equilibria.profiles
    assert_allclose(rows[:, [9 + NONE, 12 + NONE]], 1.0, atol=1e-9)


@given(customers)
@settings(max_examples=10)
def test_without_proper_subgames_perfect_equilibria_are_the_nash_ones(values):
    all_nash, default = solved(**values), evaluate(signal, signal.bind(**values))
    assert "subgame-perfect" == default.equilibria.concept
    assert all_nash.labels[int(all_nash.regime)] == default.labels[int(default.regime)]


def test_outcomes_of_separating_and_pooling():
    """The first slot, whichever it is, is described by the closed form of its kind."""
    powers = np.array([0.3, 0.6, 0.9])
    found = solved(**VECTOR, supplier_power=powers)
    slot = found.equilibria.first(found.equilibria.strategies[1])
    for k, power in enumerate(powers):
        low, _, mean, strong, least = facts({**VECTOR, "supplier_power": power})
        assert_allclose(slot[k, 3:], np.eye(3)[np.argmax(slot[k, 3:])], atol=1e-12)
        size = np.argmax(slot[k, 3:])
        got = {name: value[k] for name, value in found.outcomes.items()}
        spent = [0.0, least, 1.5 * least][size]
        assert_allclose(got["programme_strong"], spent, rtol=1e-12)
        if size == NONE:
            assert_allclose([got["price_weak"], got["price_strong"]], mean, rtol=1e-12)
            kept = 1.0 if mean <= low else 0.5
            assert_allclose(got["sales_profit"], 100.0 * kept * (mean - 9.0), rtol=1e-12)
            paid = 0.5 * mean + 0.5 * min(mean, low)
            assert_allclose(got["buyer_payoff"], -100.0 * paid, rtol=1e-12)
        else:
            assert_allclose(got["price_strong"], strong, rtol=1e-12)


def test_outcomes_of_a_separating_equilibrium():
    values = {**VECTOR, "supplier_power": 0.6, "weak_share": 0.2}
    bound = signal.bind(**values)
    form = signal.form(bound)
    found = [e for e in _bayes.perfect(_bayes.signalling(form, 1)) if e.signals == (NONE, LEAST)]
    for e in found:
        got = signal.outcomes(bound.values, _bayes.by_hand(form, _bayes.behavior_row(form, 1, e)))
        assert_allclose(got["price_weak"], 9.0 + 0.6 * 26.0, rtol=1e-12)
        assert_allclose(got["price_strong"], 9.0 + 0.6 * 11.0, rtol=1e-12)
        assert_allclose([got["programme_weak"], got["programme_strong"]], [0.0, 900.0])
        assert_allclose(got["sales_profit"], 60.0 * (0.2 * 26.0 + 0.8 * 11.0), rtol=1e-12)
        paid = 100.0 * (0.2 * 24.6 + 0.8 * 15.6) + 0.8 * 0.3 * 900.0
        assert_allclose(got["buyer_payoff"], -paid, rtol=1e-12)
    assert found


def test_labels_of_a_map_over_prior_and_power():
    shares, powers = np.linspace(0.1, 0.9, 5)[:, None], np.linspace(0.1, 0.95, 6)
    values = {k: v for k, v in VECTOR.items() if k != "weak_share"}
    found = solved(**values, weak_share=shares, supplier_power=powers)
    assert (5, 6) == found.regime.shape
    assert set(SIGNALLING) == set(found.labels) - {"none"}
    for k, power in enumerate(powers):
        at = {**VECTOR, "supplier_power": power}
        exists = worth(at, facts(at)[1], 1.0) > 0.0
        for code in found.regime[:, k]:
            assert exists == found.labels[code].startswith("separating")


def test_the_menus_are_in_the_order_of_the_tree():
    tree = signal.form(signal.bind()).tree
    assert ("weak", "strong") == tuple(h.label for h in tree.infosets if h.player == 1)
    assert SIZES == tree.infosets[-1].actions
    assert PRICES == tree.infosets[0].actions == tuple(offers(signal.bind().values))


def test_an_equilibrium_that_ignores_bayes_is_not_perfect():
    """The oracle can fail: naming the strong price to a pool is no best reply."""
    found = perfect({**VECTOR, "supplier_power": 0.6})[1]
    assert Perfect((NONE, NONE), (STRONG, WEAK, WEAK)) not in found
    assert Perfect((NONE, NONE), (MEAN, WEAK, WEAK)) in found
