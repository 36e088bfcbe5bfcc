"""Binding: what is unknown or impossible raises; a bad cell of an array is marked, no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import games
from solver import Game, Parameter, Status
from solver.errors import ParameterError
from solver.parameters import bind
from solver.sweep.cells import evaluate

SHARE = Parameter("share", default=0.5, low=0.0, high=1.0)
COST = Parameter("unit_cost", default=2.0, low=0.0, unit="$k/AE")
ANY = Parameter("shift", default=0.0)
PARAMETERS = (SHARE, COST, ANY)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"sahre": 1}, "unknown parameter of game g 'sahre': did you mean share?",
                     id="near"),
        pytest.param({"unitcost": 1}, "did you mean unit_cost?", id="underscore"),
        pytest.param({"Share": 1}, "did you mean share?", id="case"),
        pytest.param({"zzz": 1}, "choose from share, shift, unit_cost", id="far"),
        pytest.param({"share": 1.5}, "share = 1.5 lies outside [0, 1]", id="above"),
        pytest.param({"unit_cost": -2}, "unit_cost = -2 lies outside [0, inf) $k/AE", id="below"),
        pytest.param({"unit_cost": np.nan}, "unit_cost = nan is not a finite number in [0, inf)",
                     id="nan"),
        pytest.param({"shift": -np.inf}, "shift = -inf is not a finite number in (-inf, inf)",
                     id="infinite"),
        pytest.param({"share": None}, "share = ", id="none"),
        pytest.param({"share": "half"}, "share = 'half' is not a number", id="word"),
        pytest.param({"share": ["a"]}, "share = ['a'] is not a number or an array of numbers",
                     id="words"),
        pytest.param({"share": [[1], [1, 0]]}, "is not a number or an array", id="ragged"),
        pytest.param({"share": 1j}, "share = 1j is not a number", id="complex"),
        pytest.param({"share": {}}, "share = {} is not a number", id="mapping"),
        pytest.param({"share": np.zeros(2), "shift": np.zeros((3, 3))},
                     "game g: parameter shapes do not broadcast: share (2,), shift (3, 3)",
                     id="shapes"),
        pytest.param({"shift": 10**400}, "shift", id="whole-number"),
        pytest.param({"share": np.array([1j])}, "share", id="complex-array"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_value_unit_and_what_is_allowed(
    given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ParameterError) as error:
        bind(PARAMETERS, given, "game g")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_defaults_stay_scalars_and_the_rest_broadcasts() -> None:
    bound = bind(PARAMETERS, {"share": [[0.0], [1.0]], "shift": [1, 2, 3]}, "game g")
    assert (2, 3) == bound.batch_shape
    assert {"share": (2, 1), "unit_cost": (), "shift": (3,)} == {
        name: value.shape for name, value in bound.values.items()
    }
    assert bound.invalid is None
    assert {np.dtype(np.float64)} == {value.dtype for value in bound.values.values()}


@pytest.mark.parametrize("value", [0.0, 1.0, -0.0, True, np.float32(0.5), np.int8(1)])
def test_the_ends_of_the_interval_are_inside(value: Any) -> None:
    assert float(value) == bind(PARAMETERS, {"share": value}, "g").values["share"]


def test_a_bad_element_is_marked_over_the_whole_batch_and_nowhere_else() -> None:
    given = {"share": [[0.5], [1.5], [np.nan]], "unit_cost": [1.0, -1.0]}
    bound = bind(PARAMETERS, given, "game g")
    assert bound.invalid is not None
    assert [[False, True], [True, True], [True, True]] == bound.invalid.tolist()
    np.testing.assert_array_equal(bound.values["share"], [[0.5], [np.nan], [np.nan]])


def test_the_callers_array_is_left_alone() -> None:
    shares = np.array([0.5, 7.0])
    bind(PARAMETERS, {"share": shares}, "game g")
    assert [0.5, 7.0] == shares.tolist()


def test_no_elements_are_no_mistake() -> None:
    assert (0,) == bind(PARAMETERS, {"share": []}, "game g").batch_shape


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "unit cost"}, "parameter name 'unit cost' is not a Python identifier"),
        ({"name": ""}, "parameter name '' is not a Python identifier"),
        ({"default": 2.0, "high": 1.0}, r"default 2 lies outside \(-inf, 1\]"),
        ({"default": -1.0, "low": 0.0, "unit": "$M"}, r"default -1 lies outside \[0, inf\) \$M"),
        ({"default": np.nan}, "default nan lies outside"),
        ({"low": 2.0, "high": 1.0}, "default 1.5 lies outside"),
        pytest.param(
            {"default": np.inf}, "default inf",
        ),
        pytest.param(
            {"name": "class"}, "'class' is not",
        ),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        Parameter(**{"name": "x", "default": 1.5, **fields})


def _game(name: str) -> Game:
    found: Game = getattr(games, name)
    return found


@pytest.mark.parametrize("name", ["price_build_nf", "phase", "bargain"])
@given(data=st.data())
def test_a_bad_element_becomes_a_status_and_changes_no_bit_of_the_others(
    name: str, data: st.DataObject
) -> None:
    """NaN, infinite or out of range: INVALID_INPUT there, an empty slot, no regime."""
    game = _game(name)
    parameter = data.draw(st.sampled_from(game.parameters), label="parameter")
    known = parameter.calibration
    low, high = (known.low, known.high) if known else (0.1, 0.9)
    good = np.linspace(low, high, 5)
    bad = good.copy()
    values = [np.nan, np.inf, -np.inf, np.nextafter(parameter.low, -np.inf), -1e300]
    place = data.draw(st.integers(0, 4), label="place")
    bad[place] = data.draw(st.sampled_from(values), label="value")
    expected = evaluate(game, game.bind(**{parameter.name: good}))
    actual = evaluate(game, game.bind(**{parameter.name: bad}))
    other = np.arange(5) != place
    eq, whole = actual.equilibria, expected.equilibria
    assert (Status.INVALID_INPUT, 0, False) == (
        eq.status[place],
        eq.count[place],
        bool(eq.complete[place]),
    )
    assert "none" == actual.labels[actual.regime[place]]
    np.testing.assert_array_equal(eq.status[other], whole.status[other])
    np.testing.assert_array_equal(eq.count[other], whole.count[other])
    kept = other[whole.owner]
    for ours, theirs in (
        (eq.profiles, whole.profiles),
        (eq.row_values[0], whole.row_values[0]),
        (eq.row_values[1], whole.row_values[1]),
    ):
        assert theirs[kept].tobytes() == ours.tobytes()
    for outcome, numbers in expected.outcomes.items():
        assert numbers[other].tobytes() == actual.outcomes[outcome][other].tobytes(), outcome
    labels = [[cells.labels[code] for code in cells.regime[other]] for cells in (expected, actual)]
    assert labels[0] == labels[1]
