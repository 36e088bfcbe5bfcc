"""A sweep is the single solve of every cell, labelled: for every game, order and cut."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import games
from games import GAMES, bargain, phase, price_build_grid, price_build_nf
from solver import BargainingNetwork, CoalitionGame, Game, Status, nash_bargaining, sweep
from solver.errors import AxisError, ConceptError, ParameterError
from solver.sweep.cells import Cells, evaluate
from solver.sweep.plan import calibration_digest

Floats = np.ndarray

VARIABLES = {"payoff", "gap", "count", "status", "complete", "regime"}


def _game(name: str) -> Game:
    found: Game = getattr(games, name)
    return found


def _values(game: Game, name: str) -> st.SearchStrategy[float]:
    """Plausible values, the default, and the ends of what is allowed."""
    parameter = game.parameter(name)
    assert parameter is not None
    known = parameter.calibration
    low, high = (known.low, known.high) if known else (0.1, 0.9)
    ends = [end for end in (parameter.low, parameter.high) if np.isfinite(end)]
    return st.floats(low, high) | st.sampled_from([parameter.default, *ends])


@st.composite
def grids(draw: st.DrawFn, game: Game) -> dict[str, list[float]]:
    """One to three axes of one to three values each, in any order of axes and of values."""
    names = [p.name for p in game.parameters]
    axes = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    return {
        name: draw(st.lists(_values(game, name), min_size=1, max_size=3, unique=True))
        for name in axes
    }


def _assert_cell(cells: Cells, cell: xr.Dataset) -> None:
    """One cell of a Dataset holds exactly what solving it alone gives."""
    eq = cells.equilibria
    count = int(eq.count)
    assert count == cell["count"].item()
    assert Status(int(eq.status)).name == cell.status.item()
    assert bool(eq.complete) == cell.complete.item()
    assert cells.labels[int(cells.regime)] == cell.regime.item()
    arrays = {"payoff": eq.payoffs, "gap": eq.gap}
    arrays |= {
        f"strategy_{player}": strategy
        for player, strategy in zip(eq.form.players, eq.strategies, strict=True)
        if strategy.shape[-1]
    }
    if eq.leader_action is not None:
        arrays["leader_action"] = eq.leader_action
    for name, expected in arrays.items():
        actual = cell[name].values
        _assert_same(cells, actual[:count], expected, name)
        assert np.isnan(actual[count:]).all(), name
    for name, outcome in cells.outcomes.items():
        _assert_same(cells, cell[name].values, outcome, name)


def _assert_same(cells: Cells, actual: Floats, expected: Floats, name: str) -> None:
    """Equal to the bit, but for networks, which NumPy iterates over whole batches.

    Gaps of coalition games are matrix products, which it rounds differently too.
    """
    form = cells.equilibria.form
    if isinstance(form, BargainingNetwork) or (name == "gap" and isinstance(form, CoalitionGame)):
        np.testing.assert_allclose(actual, expected, 1e-9, 1e-10, err_msg=name)
    else:
        np.testing.assert_array_equal(actual, expected, name)


@pytest.mark.parametrize("name", GAMES)
@settings(max_examples=10)
@given(data=st.data())
def test_every_cell_is_what_solving_it_alone_gives(name: str, data: st.DataObject) -> None:
    game = _game(name)
    axes = data.draw(grids(game))
    chunk = data.draw(st.sampled_from([2, 7, 32_768]), label="chunk")
    jobs = data.draw(st.sampled_from([1, 2]), label="jobs")
    dataset = sweep(game, **axes, chunk=chunk, jobs=jobs)
    assert tuple(axes) == dataset.status.dims
    cells = list(np.ndindex(dataset.status.shape))
    for index in cells[:: len(cells) // 4 + 1]:
        at = dict(zip(axes, index, strict=True))
        point = {axis: axes[axis][i] for axis, i in at.items()}
        _assert_cell(evaluate(game, game.bind(**point)), dataset.isel(at))


@pytest.mark.parametrize("name", GAMES)
@settings(max_examples=10)
@given(data=st.data())
def test_the_order_of_the_axes_transposes_and_changes_nothing_else(
    name: str, data: st.DataObject
) -> None:
    game = _game(name)
    axes = data.draw(grids(game))
    order = data.draw(st.permutations(list(axes)))
    expected = sweep(game, **axes)
    actual = sweep(game, **{axis: axes[axis] for axis in order})
    assert tuple(order) == actual.status.dims
    xr.testing.assert_equal(expected, actual.transpose(*expected.dims))


@pytest.mark.parametrize("chunk", [1, 7, 20])
def test_jobs_and_chunks_change_no_bit(grid: tuple[Game, dict[str, Any]], chunk: int) -> None:
    game, axes = grid
    expected = sweep(game, **axes, jobs=1, chunk=1000)
    for jobs in (1, 2, 3):
        xr.testing.assert_identical(expected, sweep(game, **axes, jobs=jobs, chunk=chunk))


def test_chunks_do_not_change_the_order_of_the_legend() -> None:
    axes = {"win_back": np.linspace(0, 1, 7), "nre": np.geomspace(100, 5000, 5)}
    expected = sweep(price_build_grid, **axes)
    actual = sweep(price_build_grid, **axes, chunk=1)
    assert expected.regime.attrs["labels"] == actual.regime.attrs["labels"]


def test_dimensions_and_variables_are_those_of_the_contract(
    grid: tuple[Game, dict[str, Any]],
) -> None:
    game, axes = grid
    dataset = sweep(game, **axes)
    cells = tuple(axes)
    assert set(dataset.data_vars) >= VARIABLES | set(game.units or {})
    for name in (*(VARIABLES - {"payoff", "gap"}), *(game.units or {})):
        assert cells == dataset[name].dims, name
    assert (*cells, "slot", "player") == dataset.payoff.dims == dataset.gap.dims
    assert ["supplier", "customer"] == dataset.player.values.tolist()
    for name, values in axes.items():
        np.testing.assert_array_equal(dataset[name].values, values)
        parameter = game.parameter(name)
        assert parameter is not None
        assert parameter.unit == dataset[name].attrs["units"]


def test_actions_label_the_strategies() -> None:
    dataset = sweep(price_build_nf, win_back=[0.5, 0.9])
    assert ["high", "low"] == dataset.action_supplier.values.tolist()
    assert ["buy", "build"] == dataset.action_customer.values.tolist()
    assert ("win_back", "slot", "action_customer") == dataset.strategy_customer.dims
    assert 1.0 == dataset.strategy_customer.sel(win_back=0.5, action_customer="build").item()


def test_attributes_say_what_was_computed() -> None:
    dataset = sweep(phase, nre=[100.0, 200.0], volume=300)
    attributes = dataset.attrs
    assert ("phase", "subgame-perfect", "bracketing") == tuple(
        attributes[name] for name in ("game", "concept", "method")
    )
    assert calibration_digest(phase) == attributes["calibration_digest"]
    parameters = json.loads(attributes["parameters"])
    assert {p.name for p in phase.parameters} - {"nre"} == set(parameters)
    assert (300.0, 60.0) == (parameters["volume"], parameters["value"])
    assert {"coopet", "numpy", "numba", "xarray"} <= set(json.loads(attributes["versions"]))
    assert "$k/AE" == dataset.price.attrs["units"]


def test_labels_of_the_regimes_are_listed_as_the_game_declares_them() -> None:
    dataset = sweep(phase, nre=[1e6])
    assert ["buy-blockaded"] == dataset.regime.values.tolist()
    assert phase.regimes == tuple(json.loads(dataset.regime.attrs["labels"]))


def test_a_sweep_without_axes_is_a_single_cell() -> None:
    dataset = sweep(phase, nre=100.0)
    assert () == dataset.status.dims
    assert "SOLVED" == dataset.status.item()


def test_concept_and_method_are_taken_by_name_and_by_value() -> None:
    axes = {"chip_cost": [10.0, 20.0]}
    named = sweep(bargain, concept="nash-bargaining", method="closed-form", **axes)
    xr.testing.assert_identical(named, sweep(bargain, concept=nash_bargaining, **axes))
    other = sweep(bargain, concept="outside-option", method="discounted", **axes)
    assert ("outside-option", "discounted") == (other.attrs["concept"], other.attrs["method"])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        pytest.param({"ner": [1, 2]}, ParameterError, "did you mean nre", id="name"),
        pytest.param({"ner": 1.0}, ParameterError, "did you mean nre", id="fixed-name"),
        pytest.param({"nre": [1, np.nan]}, ParameterError, "nre = nan is not a finite", id="nan"),
        pytest.param({"nre": [1, -2]}, ParameterError, "nre = -2 lies outside", id="outside"),
        pytest.param({"nre": np.nan}, ParameterError, "nre = nan is not a finite", id="fixed-nan"),
        pytest.param({"nre": "much"}, ParameterError, "nre = 'much' is not a number", id="word"),
        pytest.param({"nre": ["a", "b"]}, ParameterError, "is not a number", id="words"),
        pytest.param({"nre": []}, AxisError, "axis nre has no values", id="empty"),
        pytest.param({"nre": [1, 1]}, AxisError, "axis nre repeats a value", id="repeated"),
        pytest.param({"nre": [[1, 2], [3, 4]]}, AxisError, "one dimension needed", id="square"),
        pytest.param({"concept": "nsh"}, ConceptError, "did you mean nash", id="concept"),
        pytest.param({"concept": "nash"}, ConceptError, "nash applies to normal", id="form"),
        pytest.param({"method": "x"}, ConceptError, "choose from bracketing", id="method"),
        pytest.param({"chunk": 0}, AxisError, "at least one cell per chunk", id="chunk"),
        pytest.param(
            {"nre": [[1], [1, 2]]}, ParameterError, "is not a number", id="ragged",
        ),
        pytest.param(
            {"jobs": -1, "nre": [1, 2], "chunk": 1}, ParameterError, "jobs = -1", id="jobs",
        ),
        pytest.param(
            {"jobs": 0, "nre": [1, 2], "chunk": 1}, ParameterError, "jobs = 0", id="no-jobs",
        ),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        sweep(phase, **options)
