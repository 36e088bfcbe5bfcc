"""What is written is read back; what is missing is computed; what is not ours is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import phase, price_build_nf
from solver import Game, open_sweep, sweep
from solver.errors import StoreError
from solver.sweep import store
from solver.sweep.plan import Plan

Make = Callable[..., Plan]
Snapshot = Callable[[Path], dict[Path, tuple[bytes, int]]]


@pytest.fixture
def out(small: Plan, tmp_path: Path) -> Path:
    """A finished sweep of three parts."""
    path = tmp_path / "out"
    assert 20 == store.run(small, path)
    return path


@pytest.mark.parametrize("chunk", [1, 7, 20, 1000])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_read_is_what_a_sweep_returns(
    grid: tuple[Game, dict[str, Any]], make: Make, tmp_path: Path, chunk: int, jobs: int
) -> None:
    game, axes = grid
    store.run(make(game, axes, chunk=chunk), tmp_path / "out", jobs=jobs)
    expected, actual = sweep(game, **axes, chunk=chunk), open_sweep(tmp_path / "out")
    xr.testing.assert_identical(expected, actual)
    for name, variable in expected.variables.items():
        assert variable.dtype == actual[name].dtype, name
        if variable.dtype == np.float64:
            assert variable.values.tobytes() == actual[name].values.tobytes(), name


def test_a_finished_sweep_is_not_touched(small: Plan, out: Path, snapshot: Snapshot) -> None:
    before = snapshot(out)
    assert 0 == store.run(small, out)
    assert before == snapshot(out)


def _remove(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _scramble(path: Path) -> None:
    path.write_bytes(b"not a part of anything")


def _stop_before_rename(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.4711.tmp"))


@pytest.mark.parametrize("damage", [_remove, _truncate, _empty, _scramble, _stop_before_rename])
@pytest.mark.parametrize("number", [0, 2])
def test_a_damaged_part_alone_is_computed_again(
    small: Plan, out: Path, snapshot: Snapshot, damage: Callable[[Path], None], number: int
) -> None:
    expected, before = open_sweep(out), snapshot(out)
    damaged = store.part_path(out, number)
    damage(damaged)
    assert (7, 7, 6)[number] == store.run(small, out)
    xr.testing.assert_identical(expected, open_sweep(out))
    after = snapshot(out)
    assert before[damaged][0] == after[damaged][0]
    for path in before.keys() - {damaged}:
        assert before[path] == after[path]


def test_what_a_killed_process_left_is_ours_to_replace(small: Plan, out: Path) -> None:
    _stop_before_rename(store.part_path(out, 1))
    assert 20 == store.run(small, out, fresh=True)
    assert 4 == len(list(out.iterdir()))


def test_progress_counts_what_is_found_and_then_what_is_solved(small: Plan, out: Path) -> None:
    store.part_path(out, 1).unlink()
    told: list[int] = []
    store.run(small, out, progress=told.append)
    assert [13, 7] == told


def test_cells_to_come_are_pending(out: Path) -> None:
    whole = open_sweep(out)
    store.part_path(out, 1).unlink()
    half = open_sweep(out)
    done = np.r_[np.ones(7, bool), np.zeros(7, bool), np.ones(6, bool)].reshape(5, 4)
    assert ((half.status == "PENDING") == ~done).all()
    assert (half.regime.values[~done] == "").all()
    assert np.isnan(half.price.values[~done]).all()
    assert np.isnan(half.payoff.values[~done]).all()
    xr.testing.assert_equal(whole.price.where(done), half.price)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"axes": {"nre": [1.0, 2.0]}}, "axes", id="axes"),
        pytest.param({"fixed": {"value": 70.0}}, "value = 60.0 there, 70.0 here", id="value"),
        pytest.param({"chunk": 8}, "chunk 7 there, 8 here", id="chunk"),
        pytest.param({"game": price_build_nf, "axes": {"nre": [1.0]}}, "game phase", id="game"),
    ],
)
def test_another_plan_is_refused_and_nothing_changes(
    small: Plan, out: Path, make: Make, snapshot: Snapshot, change: dict[str, Any], words: str
) -> None:
    axes = {axis.name: axis.values for axis in small.design.axes}
    other = make(**{"game": phase, "axes": axes, **change})
    before = snapshot(out)
    with pytest.raises(StoreError, match=f"holds another sweep .*{words}"):
        store.run(other, out)
    assert before == snapshot(out)


def test_fresh_replaces_another_sweep_of_ours(out: Path, make: Make) -> None:
    other = make(price_build_nf, {"nre": [1.0, 2.0]})
    assert 2 == store.run(other, out, fresh=True)
    assert "price_build_nf" == open_sweep(out).attrs["game"]
    assert [store.part_path(out, 0)] == list(out.glob("part-*"))


def test_fresh_computes_everything_again(small: Plan, out: Path) -> None:
    assert 20 == store.run(small, out, fresh=True)


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        ".hidden",
        "folder/deep.txt",
        pytest.param(
            "part-of-my-thesis.tex"
        ),
        "part-000000/deep",
        pytest.param(
            "part-00000-of-00002.parquet"
        ),
    ],
)  # fmt: skip
def test_fresh_leaves_a_directory_with_a_foreign_file_alone(
    small: Plan, out: Path, snapshot: Snapshot, name: str
) -> None:
    foreign = out / name
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("mine")
    before = snapshot(out)
    with pytest.raises(StoreError, match="left alone"):
        store.run(small, out, fresh=True)
    assert before == snapshot(out)


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("what", ["file", "foreign", "below-file", "no-parent", "dangling"])
def test_a_place_that_is_something_else_is_refused_and_left_alone(
    small: Plan, tmp_path: Path, snapshot: Snapshot, what: str, *, fresh: bool
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "sweep.csv").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    place = {"below-file": tmp_path / "file" / "out", "no-parent": tmp_path / "a" / "b"}
    before = snapshot(tmp_path)
    with pytest.raises(StoreError):
        store.run(small, place.get(what, tmp_path / what), fresh=fresh)
    assert before == snapshot(tmp_path)
    assert 3 == len(list(tmp_path.iterdir()))


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc here")
def test_a_place_that_nobody_can_write_is_refused(small: Plan) -> None:
    with pytest.raises(StoreError, match="/proc/out: cannot write"):
        store.run(small, Path("/proc/out"))


def test_a_link_to_a_sweep_is_that_sweep(small: Plan, out: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(out)
    assert 0 == store.run(small, tmp_path / "link")


def test_a_link_to_a_sweep_is_refused_or_replaced_when_fresh(
    small: Plan, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(out)
    try:
        assert 20 == store.run(small, tmp_path / "link", fresh=True)
    except StoreError:
        assert 0 == store.run(small, out)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        '{"format": "other"}',
        '{"format": "coopet-sweep", "version": 99}',
        pytest.param(
            '{"format": "coopet-sweep", "version": 2}',
        ),
    ],
)
def test_a_damaged_description_is_refused_and_left_alone(
    small: Plan, out: Path, snapshot: Snapshot, text: str
) -> None:
    (out / store.SPEC).write_text(text)
    before = snapshot(out)
    for use in (store.run, lambda _plan, path: open_sweep(path)):
        with pytest.raises(StoreError):
            use(small, out)
    assert before == snapshot(out)


@pytest.mark.parametrize("damage", [_truncate, _empty, _scramble])
def test_reading_a_damaged_part_says_which_one(out: Path, damage: Callable[[Path], None]) -> None:
    damage(store.part_path(out, 1))
    with pytest.raises(StoreError, match="part-000001"):
        open_sweep(out)


def test_a_part_in_the_place_of_another_does_not_pass_for_it(small: Plan, out: Path) -> None:
    expected = open_sweep(out)
    store.part_path(out, 0).replace(store.part_path(out, 1))
    store.run(small, out)
    found = open_sweep(out)
    assert (found.status.where(found.status == "PENDING", expected.status) == found.status).all()


@pytest.mark.parametrize(
    ("place", "words"), [("gone", "does not exist"), ("", "is not a sweep: it has no sweep.json")]
)
def test_only_a_sweep_can_be_opened(tmp_path: Path, place: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        open_sweep(tmp_path / place)


def test_a_sweep_without_a_finished_part_has_nothing_to_show(small: Plan, tmp_path: Path) -> None:
    store.prepare(small, tmp_path / "out")
    with pytest.raises(StoreError, match="no chunk of this sweep is finished yet"):
        open_sweep(tmp_path / "out")


def test_nothing_in_a_store_is_run_as_code(out: Path) -> None:
    """Names from a store are data, wherever they come from."""
    spec = json.loads((out / store.SPEC).read_text())
    spec["plan"]["game"] = spec["about"]["summary"] = "__import__('os').abort()"
    (out / store.SPEC).write_text(json.dumps(spec))
    assert "__import__('os').abort()" == open_sweep(out).attrs["game"]
