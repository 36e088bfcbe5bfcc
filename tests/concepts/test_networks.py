"""Networks of bargains: published prices, and what must hold for every network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import root

from solver import BargainingProblem, Status
from solver.concepts import _network_search
from solver.concepts._network_search import FixedPoint
from solver.concepts.nash_bargaining import nash_bargaining
from solver.concepts.nash_in_kalai import nash_in_kalai
from solver.concepts.nash_in_nash import nash_in_nash
from solver.concepts.nntr import nntr
from solver.errors import ParameterError
from solver.forms.network import BargainingNetwork
from tests.concepts.networks import (
    common_supplier,
    monopolist,
    random_oligopoly,
    separate_suppliers,
    tied,
    unit_purchase,
)

BETA = np.array([0.25, 0.5, 0.75, 0.95])
CONCEPTS = [nash_in_nash, nash_in_kalai, nntr]
power = st.floats(0.05, 0.95)


def only(eq):
    """The terms of the one fixed point of each network, which must be certified."""
    assert (eq.status == Status.SOLVED).all()
    assert (eq.count == 1).all()
    assert (eq.certificate.gap <= eq.tol).all()
    return eq.terms[..., 0, :]


def test_a_common_supplier_gets_half_its_weight():
    """Horn and Wolinsky 1988: w = c + β(a - c)/2."""
    assert_allclose(only(nash_in_nash(common_supplier(BETA))), BETA[:, None] / [2, 2], atol=1e-11)


def test_separate_suppliers_get_less():
    """Horn and Wolinsky 1988: w = β/(4 - β)."""
    expected = (BETA / (4 - BETA))[:, None] / [1, 1]
    assert_allclose(only(nash_in_nash(separate_suppliers(BETA))), expected, atol=1e-11)


@given(power, st.floats(0.0, 1e6), st.floats(1e-3, 1e12))
@settings(max_examples=20)
def test_prices_move_with_cost_and_scale(beta, cost, spread):
    form = common_supplier(beta, a=cost + spread, c=cost)
    expected = cost + beta * spread / 2
    error = 1e-9 * spread + 1e-9 * cost
    assert_allclose(only(nash_in_nash(form)), [expected] * 2, rtol=0, atol=error)


@pytest.mark.parametrize("beta", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_a_linear_price_is_the_bargain_of_one_pair(beta):
    """w = c + β(a - c)/2, the monopoly price if the supplier has all the power."""
    assert_allclose(2 + beta * 4, only(nash_in_nash(monopolist(beta)))[0], atol=1e-7)


@pytest.mark.parametrize("beta", [0.2, 0.5, 2 / 3, 0.8, 1.0])
def test_the_proportional_price_stops_where_both_lose(beta):
    """w = min{(βa + 2(1 - β)c)/(2 - β), (a + c)/2}."""
    expected = min((beta * 10 + 2 * (1 - beta) * 2) / (2 - beta), 6)
    assert_allclose(expected, only(nash_in_kalai(monopolist(beta)))[0], atol=1e-9)


@pytest.mark.parametrize("lump_sums", [False, True])
def test_a_threat_of_replacement_cuts_the_price(lump_sums):
    """Ho and Lee 2019: 27 instead of 39.6."""
    form = unit_purchase(0.6, 60, 9, (55, 18), 4, lump_sums=lump_sums)
    assert_allclose([27.0], only(nntr(form)), rtol=1e-12)
    assert_allclose([39.6], only(nash_in_nash(form)), rtol=1e-11)


def test_a_price_at_the_edge_of_what_is_accepted_is_a_price():
    """Rounding may put it a hair beyond."""
    form = unit_purchase(0.5, 32.5, 9, (33.07421875, 1.7839548050763467), 10.0)
    assert_allclose([32.5 - (33.07421875 - 1.7839548050763467 - 10)], only(nntr(form)), rtol=1e-12)


def test_the_third_party_is_the_threat():
    """Trap: a model of two parties, or of supplier and own chip, misses the discount."""
    form = unit_purchase(0.6, 60, 9, (55, 18), 4)
    naive = 9 + 0.6 * (60 - 9)  # there is nobody else
    assert abs(naive - only(nntr(form))[0]) > 10
    nobody = unit_purchase(0.6, 60, 9, (10, 18), 4)  # a rival that creates nothing
    assert_allclose(naive, only(nntr(nobody))[0], rtol=1e-9)


@pytest.mark.parametrize("lump_sums", [False, True])
@given(
    beta=power,
    value=st.floats(10, 80),
    rival=st.tuples(st.floats(0, 80), st.floats(0, 40)),
    sigma=st.floats(0, 10),
)
@settings(max_examples=25)
def test_threats_only_lower_the_price(lump_sums, beta, value, rival, sigma):
    """The minimum of two prices, or no agreement where the rival's cost is too low."""
    form = unit_purchase(beta, value, 9, rival, sigma, lump_sums=lump_sums)
    free, held = nash_in_nash(form), nntr(form)
    expected = min(9 + beta * (value - 9), value - (rival[0] - rival[1] - sigma))
    if abs(expected - 9) < 1e-3:
        return
    assert (Status.NONE_EXIST if expected < 9 else Status.SOLVED) == held.status
    if expected > 9:
        assert_allclose(expected, only(held)[0], rtol=1e-8)
        assert held.terms[0, 0] <= free.terms[0, 0] + 1e-9


@pytest.mark.parametrize("concept", CONCEPTS)
@given(beta=power, earned=st.tuples(*[st.floats(-50, 50)] * 4))
def test_one_lump_sum_is_the_nash_bargain(concept, beta, earned):
    """Second route: the bargaining problem of the two."""
    first, second, d1, d2 = earned
    form = BargainingNetwork(
        players=("a", "b"), links=[("a", "b")], weights=[(beta, 1 - beta)], lump_sums=True,
        payoffs=lambda active: (first, second) if active[0] else (d1, d2),
    )  # fmt: skip
    found = concept(form)
    if abs(first + second - d1 - d2) < 1e-9:
        return
    if first + second < d1 + d2:
        assert (Status.NONE_EXIST, True) == (found.status, found.complete)
        return
    problem = BargainingProblem(
        players=("a", "b"), surplus=first + second, disagreement=(d1, d2), weights=(beta, 1 - beta)
    )
    assert_allclose(nash_bargaining(problem).payoffs, found.payoffs, rtol=1e-9, atol=1e-9)
    assert found.complete


@given(st.lists(power, min_size=2, max_size=2), st.lists(st.floats(0, 10), min_size=4, max_size=4))
def test_lump_sums_divide_alike_by_both_rules(weights, values):
    """Money that passes freely makes Nash and the proportional solution one (Kalai 1977)."""
    form = BargainingNetwork(
        players=("s", "a", "b"), links=[("s", "a"), ("s", "b")], lump_sums=True,
        weights=[(w, 1 - w) for w in weights],
        payoffs=lambda active: (
            values[0] * sum(active), values[1] * active[0], (values[2] + values[3]) * active[1]
        ),
    )  # fmt: skip
    first, second = nash_in_nash(form), nash_in_kalai(form)
    assert_allclose(first.payoffs, second.payoffs, rtol=1e-12, atol=1e-12)
    gain = first.payoffs[0, 1]  # the first customer has nothing without its link
    assert_allclose((1 - weights[0]) * (values[0] + values[1]), gain, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("make", [common_supplier, separate_suppliers, monopolist])
def test_linear_prices_divide_differently_by_the_two_rules(make):
    """A price moves money only by changing quantities (M01e)."""
    nash, proportional = only(nash_in_nash(make(0.5))), only(nash_in_kalai(make(0.5)))
    assert (proportional > nash + 0.05).all()


def conditions(terms, form, one):
    """The first-order condition of every pair, and the least gain of any player."""
    values, least = [], np.inf
    for k, (i, j) in enumerate(form.ends):
        step = 1e-4 * np.eye(len(terms))[k]
        points = np.stack((terms, terms + step, terms - step))
        here, above, below = (one.at(t[:, None], one.active())[:, 0] for t in points)
        gain = here - one.at(terms[:, None], one.active(k))[:, 0]
        slope = (above - below) / 2e-4
        w = one.weights[:, k, 0]
        values.append(w[0] * slope[i] * gain[j] + w[1] * slope[j] * gain[i])
        least = min(least, gain[i], gain[j])
    return np.array(values), least


@pytest.mark.parametrize("size", [(1, 2), (2, 1), (2, 2), (1, 3)], ids=str)
def test_random_networks_satisfy_their_first_order_conditions(size):
    """Second route: roots of the first-order conditions by scipy, from random points."""
    rng = np.random.default_rng(size)
    form = random_oligopoly(rng, *size, 10)
    found = only(nash_in_nash(form))
    flat = form.flat()
    compared = 0
    for g in range(10):
        one = flat.part(np.array([g]))
        for start in rng.uniform(0.2, 0.7, (6, len(form.links))):
            got = root(lambda t, one=one: conditions(t, form, one)[0], start, tol=1e-12)
            inside = got.success and ((got.x > 0) & (got.x < 1)).all()
            if inside and conditions(got.x, form, one)[1] > 0.01:
                assert_allclose(got.x, found[g], atol=1e-6)
                compared += 1
    assert compared >= 10


def test_several_fixed_points_are_rows_and_never_called_the_whole_set():
    form, follow = tied(6.0)
    found = nash_in_nash(form)
    assert (3, Status.SOLVED, False) == (found.count, found.status, found.complete)
    assert_allclose(follow(found.terms[:, ::-1]), found.terms, atol=1e-10)
    assert (np.diff(found.terms[:, 0]) > 0.1).all()
    one, _ = tied(1.0)
    assert_allclose([0.5, 0.5], only(nash_in_nash(one)), atol=1e-10)


def test_a_single_start_finds_one_of_them():
    form, _ = tied(6.0)
    assert 1 == nash_in_nash(form, FixedPoint(starts=1)).count


def test_replies_that_run_in_circles_are_reported():
    """The first pair wants what the second has; the second the opposite, with a jump."""

    def payoffs(terms, active):
        one = terms[0] - terms[1]
        two = terms[1] - np.where(terms[0] < 0.5, 0.9, 0.1)
        return ((1 + one) * active[0], (1 - one) * active[0], (1 + two) * active[1],
                (1 - two) * active[1])  # fmt: skip

    form = BargainingNetwork(
        players=("a", "b", "c", "d"), links=[("a", "b"), ("c", "d")], payoffs=payoffs,
        bounds=[(0.0, 1.0)] * 2,
    )  # fmt: skip
    found = nash_in_nash(form)
    assert Status.NOT_CONVERGED == found.status
    assert not found.complete
    assert (found.certificate.gap > found.tol).all()


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_certificate_rejects_other_terms(concept, monkeypatch):
    """What Newton's method returns is moved by a ten-thousandth, and nothing else is tried."""
    monkeypatch.setattr(_network_search, "newton", lambda pairs, terms, _: terms + 1e-4)
    monkeypatch.setattr(_network_search, "_slowly", search_nothing)
    found = concept(common_supplier(BETA))
    assert (Status.NOT_CONVERGED == found.status).all()
    assert (found.certificate.gap > 1e-6).all()


def search_nothing(pairs, _starts):
    links = len(pairs.flat.form.links)
    return np.empty((links, 0)), np.empty(0, np.intp)


def test_bad_cells_stop_no_other():
    beta = np.array([0.25, np.nan, 0.75])
    found = nash_in_nash(common_supplier(beta))
    assert [0, Status.INVALID_INPUT, 0] == found.status.tolist()
    assert [1, 0, 1] == found.count.tolist()
    assert_allclose(beta[[0, 2]] / 2, found.terms[[0, 2], 0, 0], atol=1e-10)
    assert np.isnan(found.terms[1]).all()


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_batch_is_its_networks_one_by_one(concept):
    together = concept(random_oligopoly(np.random.default_rng(5), 2, 2, 6))
    for g in range(6):
        form = random_oligopoly(np.random.default_rng(5), 2, 2, 6)
        parameters = {k: v[g] for k, v in form.parameters.items()}
        weights = [(a[g], b[g]) for a, b in form.weights]
        alone = BargainingNetwork(
            players=form.players, links=form.links, payoffs=form.payoffs, parameters=parameters,
            bounds=form.bounds, weights=weights,
        )  # fmt: skip
        assert_allclose(together.terms[g], concept(alone).terms, rtol=0, atol=1e-14)


def test_an_empty_batch_has_an_empty_answer():
    found = nash_in_nash(common_supplier(np.empty((0, 2))))
    assert (0, 2) == found.count.shape
    assert_array_equal(np.empty((0, 2, 0, 2)), found.terms)


def test_a_pair_better_off_apart_has_no_price():
    found = nash_in_nash(unit_purchase(0.6, 5.0, 9.0, (0, 0), 0))
    assert (Status.NONE_EXIST, 0) == (found.status, found.count)


@pytest.mark.parametrize(("starts", "tol"), [(0, 1e-8), (3, 0.0), (3, np.nan)])
def test_methods_refuse_nonsense(starts, tol):
    with pytest.raises(ParameterError):
        FixedPoint(starts=starts, tol=tol)


@pytest.mark.parametrize("weights", [(0.0, 1.0), (1.0, 0.0)])
def test_a_pair_of_which_one_has_no_weight_settles_for_the_other(weights):
    """Proportional gains: all to the one with weight, so the price is at an end."""
    form = BargainingNetwork(
        players=("s", "b"), links=[("s", "b")], bounds=[(1.0, 3.0)], weights=[weights],
        payoffs=lambda terms, active: ((terms[0] - 1) * active[0], (3 - terms[0]) * active[0]),
    )  # fmt: skip
    expected = [[1.0 + 2.0 * weights[0]]]
    assert_allclose([only(nash_in_kalai(form))], expected, rtol=0.0, atol=1e-7)


@pytest.mark.parametrize("concept", CONCEPTS)
@pytest.mark.parametrize("unit", [1.0, 1e-9, 0.1, 1e12])
def test_a_link_that_adds_nothing_but_rounding_is_no_failure(concept, unit):
    """What one gains the other loses, in units that floats do not hold exactly."""
    apart, together = (0.0, 2.0 * unit), (-1.0 * unit, 3.0 * unit)
    form = BargainingNetwork(
        players=("s", "b"), links=[("b", "s")], weights=[(2.0, 1.0)], lump_sums=True,
        payoffs=lambda active: together if active[0] else apart,
    )  # fmt: skip
    found = concept(form)
    assert found.status == Status.SOLVED
    assert_allclose(found.payoffs[0] / unit, [0.0, 2.0], rtol=0.0, atol=1e-9)
