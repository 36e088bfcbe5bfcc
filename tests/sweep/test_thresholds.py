"""Thresholds against closed forms, and against regimes whose changes are known."""

from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from games import bargain, build_tree_retaliation, phase, phase_posted, price_build_nf
from solver import Game, NormalForm, Parameter, thresholds
from solver.errors import AxisError, ParameterError

Q, VALUE, COST, CHIP = 500.0, 60.0, 9.0, 16.0


def near(expected):
    return pytest.approx(expected, rel=1e-9)


def test_a_posted_price_is_met_by_building_below_the_nre_of_the_closed_form():
    found = thresholds(phase_posted, "nre", 100.0, 20_000.0, price=35.0, porting_top=40.0)
    (only,) = found.thresholds
    assert near(Q * 19.0**2 / 80.0) == only.value
    assert ("dual", "buy") == (only.below, only.above)
    assert "customer: indifferent between dual and buy" == only.binding


def test_everything_is_ported_from_where_the_dearest_workload_is_worth_it():
    found = thresholds(phase_posted, "porting_top", 5.0, 60.0, price=35.0, nre=100.0)
    (only,) = found.thresholds
    assert near(35.0 - CHIP) == only.value
    assert ("build", "dual") == (only.below, only.above)


@pytest.mark.parametrize("top", [24.0, 40.0, 80.0])
def test_the_trichotomy_of_entry_has_the_boundaries_of_its_closed_form(top):
    def deterring(nre):
        lump = CHIP + nre / Q + top / 2.0
        limit = CHIP + np.sqrt(2.0 * top * nre / Q)
        return limit if limit <= CHIP + top else lump

    def gain(nre):  # of deterring over accommodating
        limit = deterring(nre)
        high = min(VALUE, CHIP + top)
        price = max(min((COST + CHIP + top) / 2.0, high), limit)
        share = min((price - CHIP) / top, 1.0)
        return (limit - COST) - (price - COST) * (1.0 - share)

    found = thresholds(phase, "nre", 1.0, 20_000.0, porting_top=top)
    first, last = found.thresholds
    expected = brentq(gain, 1.0, 5_000.0, xtol=1e-12, rtol=1e-14)
    assert (near(expected), ("dual", "buy-deterred")) == (first.value, (first.below, first.above))
    assert "supplier: indifferent between price" in first.binding
    blockaded = brentq(lambda nre: deterring(nre) - VALUE, 1.0, 20_000.0, xtol=1e-12, rtol=1e-14)
    assert near(blockaded) == last.value
    assert "supplier: price reaches the upper end of its interval" == last.binding


def test_the_regions_of_price_and_build_meet_where_an_incentive_is_zero():
    # C = 0: 31 (1 - φ) = 16 (1 - φ + rφ), with φ one half; Y = 0: F + σ = φ Q (40 - 16).
    (won,) = thresholds(price_build_nf, "win_back", 0.0, 1.0).thresholds
    assert near(0.9375) == won.value
    assert "supplier: indifferent between high and low against build" == won.binding
    (cost,) = thresholds(price_build_nf, "nre", 0.0, 20_000.0).thresholds
    assert near(5_700.0) == cost.value
    assert ("high | build", "high | buy") == (cost.below, cost.above)
    assert ("high | build ; high | buy",) == cost.at


def coordination(*, x):
    first = np.stack((np.stack((x, 0.0 * x), -1), np.stack((0.0 * x, 0.0 * x + 1.0), -1)), -2)
    return NormalForm((first, first), ("a", "b"), (("up", "down"), ("left", "right")))


COORDINATION = Game(
    name="coordination", parameters=(Parameter("x", 0.5, -10.0, 10.0),), build=coordination
)


def test_equilibria_that_appear_are_a_threshold():
    (only,) = thresholds(COORDINATION, "x", -1.0, 2.0).thresholds
    assert abs(only.value) <= 1e-9
    assert "down | right" == only.below
    assert 3 == len(only.above.split(" ; "))
    assert "indifferent between" in only.binding


def test_trees_name_the_choice_that_changes():
    found = thresholds(build_tree_retaliation, "next_value", 0.0, 60.0)
    assert found.thresholds
    assert all("indifferent between" in t.binding for t in found.thresholds)


def test_bargaining_breaks_down_where_the_own_chip_creates_as_much():
    # (v - c_s) Q = (v - c_t) Q - F - σ at F = σ = 0 and c_t = c_s.
    found = thresholds(bargain, "chip_cost", 1.0, 40.0, nre=0.0, porting_lump=0.0)
    (only,) = found.thresholds
    assert near(COST) == only.value
    assert ("no-trade", "trade") == (only.below, only.above)
    assert "together: the surplus equals the disagreement payoffs" == only.binding


def stepped(breaks):
    """A game whose regime is the number of breaks below x."""
    return Game(
        name="stepped",
        parameters=(Parameter("x", 0.5, -1e6, 1e6),),
        build=lambda *, x: coordination(x=np.abs(x) + 1.0),
        regime=lambda p, _eq: np.searchsorted(breaks, p["x"]),
        regimes=tuple(f"r{k}" for k in range(len(breaks) + 1)),
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=6, unique=True))
def test_every_change_is_found_however_close_as_long_as_the_outer_regimes_differ(places):
    breaks = np.sort(np.array(places) / 7_919.0)
    found = thresholds(stepped(breaks), "x", 0.0, 10_000.0 / 7_919.0, resolution=33)
    assert found.values == pytest.approx(breaks, rel=1e-9, abs=1e-9)
    regimes = [t.below for t in found.thresholds] + [found.thresholds[-1].above]
    assert [f"r{k}" for k in range(len(breaks) + 1)] == regimes
    assert found.evaluations < 33 + len(breaks) * 31 * 12


def test_a_search_that_stops_early_is_seen_by_the_law(monkeypatch):
    monkeypatch.setattr(import_module("solver.sweep.thresholds"), "MOST_ROUNDS", 2)
    found = thresholds(stepped(np.array([0.3, 0.31])), "x", 0.0, 1.0, resolution=5)
    assert found.values != pytest.approx([0.3, 0.31], rel=1e-9)


def test_changes_nearer_than_the_sharpness_are_one_threshold_with_its_tie():
    found = thresholds(stepped(np.array([0.3, 0.3 + 1e-11])), "x", 0.0, 1.0)
    (only,) = found.thresholds
    assert (near(0.3), "r0", "r2", ("r1",)) == (only.value, only.below, only.above, only.at)


def test_the_range_and_the_resolution_searched_are_reported():
    found = thresholds(phase, "nre", 100.0, 20_000.0, resolution=100)
    steps = np.diff(np.geomspace(100.0, 20_000.0, 100))
    assert (100, "log", pytest.approx(steps.max())) == (
        found.resolution, found.scale, found.widest,
    )  # fmt: skip
    assert 0 == found.unsettled


def test_thresholds_agree_with_a_grid():
    found = thresholds(price_build_nf, "price_low", 10.0, 39.0, nre=3_000.0, win_back=0.9)
    edges = np.array([10.0, *found.values, 39.0])
    middles = [0.5 * (a + b) for a, b in pairwise(edges)]
    for middle, low, high in zip(middles, edges, edges[1:], strict=False):
        inside = np.linspace(low, high, 9)[1:-1]
        again = thresholds(
            price_build_nf, "price_low", inside[0], inside[-1], nre=3_000.0, win_back=0.9
        )
        assert 0 == len(again.thresholds), middle


@pytest.mark.parametrize(
    ("axis", "low", "high", "how", "message"),
    [
        ("nre", 5.0, 5.0, {}, "needs a low end below a high one"),
        ("nre", 0.0, np.inf, {}, "needs a low end below a high one"),
        ("nre", 0.0, 5.0, {"spacing": "log"}, "needs a low end above 0"),
        ("nre", 0.0, 5.0, {"spacing": "cubic"}, "choose linear or log"),
        ("nre", 0.0, 5.0, {"resolution": 1}, "at least two points"),
        ("nre", 1.0, 5.0, {"nre": 3.0}, "both an axis and set"),
    ],
)
def test_bad_ranges_are_refused_in_one_line(axis, low, high, how, message):
    with pytest.raises(AxisError, match=message):
        thresholds(phase, axis, low, high, **how)


def test_unknown_parameters_are_named_with_their_neighbours():
    with pytest.raises(ParameterError, match="nre"):
        thresholds(phase, "nrre", 1.0, 2.0)
