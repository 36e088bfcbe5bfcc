"""Columns that are added to a sweep are those of each answer alone, in memory and in a store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import phase, price_build_nf
from solver import Game, NormalForm, coco, nash, open_sweep, sweep
from solver.columns import Column
from solver.concepts.coco import coco_parts
from solver.concepts.obedience import joint
from solver.errors import ConceptError, FormError, ParameterError, StoreError
from solver.parameters import Parameter
from solver.selection.basins import basin_shares
from solver.selection.elimination import rationalizable
from solver.selection.panel import panel
from solver.sweep import added, store
from solver.sweep.plan import Plan
from solver.sweep.point import point

Make = Callable[..., Plan]

STAGS = Parameter("stag", 4.0, 0.0, doc="What a stag is worth.")
HARES = Parameter("hare", 3.0, -5.0, doc="What a hare is worth.")


def _hunt(stag: Any, hare: Any) -> NormalForm:
    stag, hare = np.broadcast_arrays(stag, hare)
    A = np.stack([stag, 0 * stag, hare, hare - 1.0], axis=-1).reshape(*stag.shape, 2, 2)
    return NormalForm([A, A.swapaxes(-1, -2)], ("Ann", "Bob"), (("stag", "hare"),) * 2)


#: One equilibrium where hares are worth more, three in between, none that is valid below zero.
HUNT = Game(name="hunt", parameters=(STAGS, HARES), build=_hunt, doc="Two hunters.")
AXES = {"stag": np.array([2.0, 4.0, 6.0]), "hare": np.array([1.0, 1.5, 3.0, 4.5, 5.0])}
ALL = ("panel", "logit", "basins", "survivors", "joint")
BATCH = _hunt(AXES["stag"][:, None], AXES["hare"])


@pytest.fixture
def hunted() -> xr.Dataset:
    return sweep(HUNT, **AXES, chunk=4, add=ALL)


def test_each_column_is_that_of_the_answers(hunted: xr.Dataset) -> None:
    eq = nash(BATCH)
    found = panel(eq, logit=True, basins=True)
    for name in (
        "pure", "strict", "quasi_strict", "undominated", "payoff_dominant", "risk_dominant",
        "welfare_maximal", "component", "index", "logit_selected", "basin",
    ):  # fmt: skip
        expected = getattr(found, name)
        assert (expected.dtype.kind, ("stag", "hare", "slot")) == (
            hunted[name].dtype.kind,
            hunted[name].dims,
        )
        np.testing.assert_array_equal(expected, hunted[name].values)
    np.testing.assert_array_equal(basin_shares(BATCH).elsewhere, hunted.basin_elsewhere)
    np.testing.assert_array_equal(joint(eq), hunted.joint)
    assert ("stag", "hare", "slot", "action_Ann", "action_Bob") == hunted.joint.dims
    for k, player in enumerate(("Ann", "Bob")):
        survives = hunted[f"survives_{player}"]
        assert ("stag", "hare", f"action_{player}") == survives.dims
        np.testing.assert_array_equal(rationalizable(BATCH).masks[k], survives)


def test_hares_are_selected_where_they_are_worth_more_than_half_a_stag(hunted: xr.Dataset) -> None:
    """By hand: leaving stags loses stag - hare, leaving hares hare - 1; products are squares."""
    cell = hunted.sel(stag=4.0, hare=3.0)
    hares = cell.strategy_Ann.sel(action_Ann="hare") == 1.0
    assert bool(hares.any())
    assert (cell.risk_dominant == hares).all()
    assert (cell.logit_selected == hares).all()
    assert [[True, True], [False, True]] == [
        hunted.survives_Ann.sel(stag=s, hare=3.0).values.tolist() for s in (4.0, 2.0)
    ]
    assert cell.joint.sel(action_Ann="hare", action_Bob="hare").max() == 1.0


def test_one_cell_at_a_time_gives_the_same(hunted: xr.Dataset) -> None:
    for at in ({"stag": 2.0, "hare": 3.0}, {"stag": 6.0, "hare": 1.5}, {"stag": 4.0, "hare": 4.5}):
        alone, together = point(HUNT, add=ALL, **at), hunted.sel(at)
        together = together.isel(slot=slice(alone.sizes["slot"]))
        for name in alone.data_vars:
            np.testing.assert_array_equal(alone[name].values, together[name].values, str(name))


def test_empty_slots_hold_no_mark(hunted: xr.Dataset) -> None:
    empty = np.isnan(hunted.gap.values[..., 0])
    assert empty.any()
    assert not hunted.strict.values[empty].any()
    assert {-1} == {*hunted.component.values[empty].tolist()}
    assert {-128} == {*hunted["index"].values[empty].tolist()}
    assert np.isnan(hunted.joint.values[empty]).all()


@pytest.mark.parametrize("chunk", [1, 4, 1000])
def test_what_is_read_is_what_a_sweep_returns(make: Make, tmp_path: Path, chunk: int) -> None:
    store.run(make(HUNT, AXES, chunk=chunk, add=ALL), tmp_path / "out")
    expected, actual = sweep(HUNT, **AXES, chunk=chunk, add=ALL), open_sweep(tmp_path / "out")
    xr.testing.assert_identical(expected, actual)
    for name, variable in expected.variables.items():
        assert (variable.dtype, variable.attrs) == (actual[name].dtype, actual[name].attrs), name
        assert variable.values.tobytes() == actual[name].values.tobytes() or variable.dtype == "O"


def test_the_parts_of_the_coco_value(make: Make, tmp_path: Path) -> None:
    plan = make(HUNT, AXES, concept="coco", add="coco")
    store.run(plan, tmp_path / "out")
    found, parts = open_sweep(tmp_path / "out"), coco_parts(coco(BATCH))
    np.testing.assert_array_equal(parts.team, found.team)
    np.testing.assert_array_equal(parts.advantage, found.advantage)
    np.testing.assert_array_equal(parts.advantage_strategies[1], found.threat_Bob)
    assert ("payoff", ("stag", "hare", "action_Bob")) == (found.team.units, found.threat_Bob.dims)


def test_correlated_equilibria_have_their_distribution() -> None:
    found = sweep(HUNT, **AXES, concept="correlated", add="joint")
    np.testing.assert_allclose(1.0, found.joint.sum(("action_Ann", "action_Bob")), atol=1e-12)


def test_a_missing_part_is_solved_again_and_until_then_empty(make: Make, tmp_path: Path) -> None:
    plan, out = make(HUNT, AXES, chunk=4, add=ALL), tmp_path / "out"
    store.run(plan, out)
    whole = open_sweep(out)
    store.part_path(out, 1).unlink()
    half = open_sweep(out)
    pending = half.status.values == "PENDING"
    assert 4 == pending.sum()
    assert not half.strict.values[pending].any()
    assert np.isnan(half.basin_elsewhere.values[pending]).all()
    assert 4 == store.run(plan, out)
    xr.testing.assert_identical(whole, open_sweep(out))


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (("panel",), (), "added columns panel there, none here"),
        ((), ("joint", "panel"), "added columns none there, panel and joint here"),
        (("panel",), ("joint",), "added columns panel there, joint here"),
    ],
)
def test_other_columns_are_another_sweep(
    make: Make, tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...], words: str
) -> None:
    store.run(make(HUNT, AXES, add=first), tmp_path / "out")
    with pytest.raises(StoreError, match=f"holds another sweep .{words}"):
        store.run(make(HUNT, AXES, add=second), tmp_path / "out")
    assert 0 == store.run(make(HUNT, AXES, add=first * 2), tmp_path / "out")


def test_a_sweep_without_columns_says_nothing_of_them(make: Make) -> None:
    """So that stores written before there were any are resumed."""
    assert "add" not in make(HUNT, AXES).describe()


@pytest.mark.parametrize("name", added.ADDED)
def test_every_set_is_documented_and_found(name: str) -> None:
    assert f"``{name}``" in (sweep.__doc__ or "")
    assert (added.find(name).__doc__ or "").startswith("``") or name == "panel"


@pytest.mark.parametrize(
    ("game", "options", "words"),
    [
        (HUNT, {"add": "pannel"}, "unknown set of columns 'pannel': did you mean panel"),
        (HUNT, {"add": "coco"}, "coco_parts takes what coco returned, not nash"),
        (HUNT, {"add": "panel", "concept": "pure-nash"}, "not of pure-nash of a normal one"),
        (phase, {"add": ("joint",)}, "joint applies to equilibria of normal games"),
        (phase, {"add": "survivors"}, "not of leader-follower ones"),
    ],
)
def test_sets_that_do_not_apply_are_refused_before_anything_is_solved(
    game: Game, options: dict[str, Any], words: str, make: Make
) -> None:
    axis = game.parameters[0].name
    with pytest.raises(ConceptError, match=words) as caught:
        make(game, {axis: [1.0, 2.0]}, **options)
    assert "\n" not in str(caught.value)


def test_a_column_is_not_named_as_a_parameter_or_an_outcome() -> None:
    def outcomes(*_: object) -> dict[str, float]:
        return {"strict": 1.0}

    clash = Game(name="clash", parameters=(STAGS, HARES), build=_hunt, outcomes=outcomes)
    with pytest.raises(ParameterError, match="clash: an outcome is named 'strict', as is a column"):
        sweep(clash, **AXES, add="panel")
    assert "strict" in sweep(clash, **AXES)
    pure = Parameter("pure", 4.0)
    named = Game(name="named", parameters=(pure,), build=lambda pure: _hunt(pure, 3.0))
    with pytest.raises(ParameterError, match="named: a parameter is named 'pure'"):
        sweep(named, add=["panel"])


def test_add_is_no_name_of_a_parameter() -> None:
    with pytest.raises(ParameterError, match="'add' is reserved"):
        Game(name="g", parameters=(Parameter("add", 1.0),), build=lambda add: add)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Column(np.zeros((3, 5)), ("slot",)), r"has shape \(3, 5\), and not \(3, 5, 3\)"),
        (Column(np.zeros((3, 5)), ("hour",)), r"over = \('hour',\) is not of the axes"),
        (Column(np.full((3, 5), "a")), "is <U1: bool, int or float is needed"),
        (Column(np.zeros((3, 5, 3)), ("player", "slot")), "is not of the axes"),
    ],
)
def test_what_is_no_column_is_refused(column: Column, words: str) -> None:
    with pytest.raises(FormError, match=words):
        column.require("odd", nash(BATCH))


def test_labels_of_new_axes_are_coordinates(monkeypatch: pytest.MonkeyPatch, make: Make) -> None:
    def own(equilibria: Any) -> dict[str, Column]:
        values = np.arange(equilibria.count.size * 2.0).reshape(*equilibria.count.shape, 2)
        hours = {"hour": ("noon", "night")}
        return {"light": Column(values, ("hour",), "How light it is.", "lx", labels=hours)}

    monkeypatch.setattr(added, "find", lambda _name: own)
    found = sweep(HUNT, **AXES, add="panel", chunk=1000)
    assert (["noon", "night"], "lx") == (found.hour.values.tolist(), found.light.units)
    np.testing.assert_array_equal(np.arange(30.0).reshape(3, 5, 2), found.light)
    json.dumps(make(HUNT, AXES, add="panel").describe())


def test_a_game_of_the_table_has_them() -> None:
    found = sweep(price_build_nf, win_back=np.linspace(0.0, 1.0, 5), add=("panel", "joint"))
    np.testing.assert_array_equal(found["count"], (~np.isnan(found.gap[..., 0])).sum("slot"))
    assert found.quasi_strict.any()
