"""One game under several concepts: each as a sweep of its own would find it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from games import bargain, price_build_nf
from solver import CoalitionGame, Game, sweep, threat_value
from solver.errors import AxisError, ConceptError, ParameterError
from solver.sweep.axes import parse
from solver.sweep.compare import compare
from solver.sweep.design import Grid

pytest.importorskip("xarray")

NRE = np.array([0.0, 3_000.0, 20_000.0])
PAIR = ("outside-option", "nash-bargaining")


def majority():
    return CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 1, 1])


@pytest.fixture(scope="module")
def compared():
    return compare(bargain, PAIR, nre=NRE, value=[40.0, 60.0], without={"nre": np.inf})


def test_each_concept_gives_what_its_own_sweep_gives(compared):
    assert ("concept", "nre", "value") == compared.price.dims
    assert list(PAIR) == compared.concept.values.tolist()
    for name in PAIR:
        alone = sweep(bargain, concept=name, nre=NRE, value=[40.0, 60.0])
        for variable in ("price", "payoff", "regime", "status"):
            assert np.array_equal(alone[variable].values, compared[variable].sel(concept=name))


def test_prices_are_those_of_the_two_laws(compared):
    # cap = 16 + (F + 300) / 500; Nash: 9 + .7 (cap - 9); outside option: min(cap, 9 + .7 (v - 9))
    cap = np.minimum(16 + (NRE + 300) / 500, 40.0)
    at = compared.price.sel(value=40.0)
    assert pytest.approx(9 + 0.7 * (cap - 9)) == at.sel(concept="nash-bargaining").values
    assert pytest.approx(np.minimum(cap, 30.7)) == at.sel(concept="outside-option").values


def test_the_price_without_the_threat_differs_by_what_the_threat_is_worth(compared):
    worth = threat_value(bargain, {"nre": np.inf}, PAIR, per="volume", nre=NRE, value=60.0)
    at = compared.sel(value=60.0)
    expected = worth.per_unit[..., 1].T
    assert pytest.approx(expected) == (at.price_without - at.price).values
    assert pytest.approx(worth.without) == at.payoff_without.transpose("nre", "concept", "player")


def test_slots_that_a_concept_does_not_fill_are_empty():
    made = compare(bargain, ("nash-bargaining", "utilitarian"))
    assert [1, 2] == made["count"].values.tolist()
    assert [[False, True], [False, False]] == np.isnan(made.payoff).all("player").values.tolist()


def test_by_default_all_that_apply_are_compared():
    names = compare(bargain).concept.values.tolist()
    assert {"nash-bargaining", "alternating-offers", "outside-option", "egalitarian"} < set(names)
    assert "shapley" not in names
    game = Game(name="majority", parameters=(), build=majority)
    found = compare(game)
    assert {"shapley", "core", "nucleolus"} < set(found.concept.values.tolist())
    assert "NONE_EXIST" == found.status.sel(concept="core")


def test_methods_and_regimes_of_all_are_listed(compared):
    assert {"nash-bargaining": "closed-form", "outside-option": "frequent-offers"} == json.loads(
        compared.attrs["methods"]
    )
    assert "concept" not in compared.attrs
    assert ["no-trade", "trade"] == json.loads(compared.regime.attrs["labels"])[:2]


def test_axes_with_scales_can_be_given():
    made = compare(bargain, PAIR, design=Grid((parse("nre=1:100:3:log"),)))
    assert pytest.approx([1.0, 10.0, 100.0]) == made.nre.values
    assert "log" == made.nre.attrs["scale"]


def test_a_point_carries_the_form_and_an_axis_does_not():
    assert "frontier_payoff" in compare(bargain, PAIR)
    assert "frontier_payoff" not in compare(bargain, PAIR, nre=NRE)


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda: compare(bargain, ("nash", "nash")), ConceptError, "nash is named twice"),
        (lambda: compare(bargain, ("nahs",)), ConceptError, "did you mean nash"),
        (lambda: compare(bargain, ("nash",)), ConceptError, "nash applies to"),
        (lambda: compare(price_build_nf), ConceptError, "name the concepts"),
        (lambda: compare(bargain, nrw=1.0), ParameterError, "did you mean nre"),
        (lambda: compare(bargain, nre=[1.0, 1.0]), AxisError, "repeats a value"),
        (lambda: compare(bargain, without={"x": 1.0}), ParameterError, "unknown parameter"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(ask, error, message):
    with pytest.raises(error, match=message) as found:
        ask()
    assert "\n" not in str(found.value)
