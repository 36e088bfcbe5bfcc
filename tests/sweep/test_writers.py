"""Several writers, foreign parts and places that cannot be written: right answers or a word."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr

from games import bargain, phase, price_build_nf
from solver import open_sweep
from solver.errors import StoreError
from solver.sweep import locks, store
from solver.sweep.plan import Plan

Make = Callable[..., Plan]


@pytest.fixture
def out(small: Plan, tmp_path: Path) -> Path:
    """A finished sweep of three parts."""
    path = tmp_path / "out"
    assert 20 == store.run(small, path)
    return path


def test_two_writers_at_once_leave_what_one_does(
    make: Make, tmp_path: Path, snapshot: Callable[[Path], Any]
) -> None:
    plan = make(bargain, {"chip_cost": [10.0 + k for k in range(24)]}, chunk=1)
    store.run(plan, tmp_path / "whole", jobs=1)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(store.run, plan, tmp_path / "out", jobs=1) for _ in range(2)]
        assert {24} >= {run.result() for run in runs} - set(range(24))
    ours, theirs = (
        {path.name: data for path, (data, _) in snapshot(tmp_path / name).items()}
        for name in ("whole", "out")
    )
    assert ours == theirs


def test_two_writers_never_share_a_name_beside_the_place(
    small: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Process numbers repeat on two machines that share a directory."""
    names: list[str] = []
    real = Path.replace

    def noting(path: Path, target: Path) -> Path:
        names.append(path.name)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", noting)
    monkeypatch.setattr(os, "getpid", lambda: 7)
    for name in ("a", "b"):
        store.run(small, tmp_path / name, jobs=1)
    assert len(names) == len(set(names)) == 8
    assert all(map(store.LEFT.fullmatch, names))


@pytest.mark.skipif(locks.fcntl is None, reason="no locks here")
def test_what_others_write_to_is_not_replaced(small: Plan, out: Path) -> None:
    before = open_sweep(out)
    with (
        locks.writing(out / store.SPEC),
        locks.writing(out / store.SPEC),  # two may write
        pytest.raises(StoreError, match="is being written by another process"),
    ):
        store.run(small, out, fresh=True)
    xr.testing.assert_identical(before, open_sweep(out))
    assert 20 == store.run(small, out, fresh=True)


@pytest.mark.skipif(locks.fcntl is None, reason="no locks here")
def test_what_is_being_replaced_is_not_written_to(small: Plan, out: Path) -> None:
    with locks.replacing(out / store.SPEC), pytest.raises(StoreError, match="is being replaced"):
        store.run(small, out)


def test_a_sweep_that_was_replaced_meanwhile_says_so(
    small: Plan, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the file system has no locks."""
    monkeypatch.setattr(locks, "fcntl", None)
    other = make(price_build_nf, {"nre": [1.0, 2.0]})
    real = store.solve_part
    done: list[int] = []

    def meanwhile(made: Plan, number: int) -> Any:
        if made is small and not done:
            done.append(store.run(other, tmp_path / "out", fresh=True))
        return real(made, number)

    monkeypatch.setattr(store, "solve_part", meanwhile)
    with pytest.raises(StoreError, match="was replaced by another sweep"):
        store.run(small, tmp_path / "out", jobs=1)


def _of_another_sweep(make: Make, folder: Path) -> Path:
    """A part of the same game, shape and place, but of other parameters."""
    axes = {"nre": [100.0, 1000.0, 2000.0, 3000.0, 4000.0], "porting_top": [1.0, 2.0, 3.0, 4.0]}
    store.run(make(phase, axes), folder / "other")
    return store.part_path(folder / "other", 1)


def test_a_part_of_another_sweep_of_the_same_shape_is_not_read(
    out: Path, make: Make, tmp_path: Path
) -> None:
    shutil.copy(_of_another_sweep(make, tmp_path), store.part_path(out, 1))
    with pytest.raises(StoreError, match=r"part-000001.parquet is a part of another sweep"):
        open_sweep(out)


def test_a_part_of_another_sweep_of_the_same_shape_is_computed_again(
    small: Plan, out: Path, make: Make, tmp_path: Path
) -> None:
    expected = open_sweep(out)
    shutil.copy(_of_another_sweep(make, tmp_path), store.part_path(out, 1))
    assert 7 == store.run(small, out)
    xr.testing.assert_identical(expected, open_sweep(out))


def test_a_part_in_the_wrong_place_is_computed_again(small: Plan, out: Path) -> None:
    expected = open_sweep(out)
    shutil.copy(store.part_path(out, 0), store.part_path(out, 1))
    assert 7 == store.run(small, out)
    xr.testing.assert_identical(expected, open_sweep(out))


def test_a_part_without_the_name_of_its_sweep_is_foreign(small: Plan, out: Path) -> None:
    path = store.part_path(out, 0)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"start": "0"}), path)
    assert 7 == store.run(small, out)


def test_a_part_beyond_the_last_is_refused(out: Path) -> None:
    shutil.copy(store.part_path(out, 0), store.part_path(out, 3))
    with pytest.raises(StoreError, match=r"part-000003.parquet is no part of this sweep"):
        open_sweep(out)


def test_a_flipped_bit_is_noticed(out: Path) -> None:
    """Checksums of pages: the end of the file is whole."""
    path = store.part_path(out, 2)
    column = pq.read_metadata(path).row_group(0).column(3)
    data = bytearray(path.read_bytes())
    data[column.data_page_offset + column.total_compressed_size - 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(StoreError, match=r"part-000002.parquet cannot be read: delete it"):
        open_sweep(out)


def test_a_directory_that_became_read_only_is_reported_and_kept(
    small: Plan, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raised by hand, because the super-user writes anywhere."""
    expected = open_sweep(out)
    taken = store.part_path(out, 1)
    taken.rename(out.parent / "taken")
    real = Path.open

    def refusing(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        if "w" in mode and path.parent == out:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real(path, mode, *args, **options)

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(StoreError, match="out: cannot write: Read-only file system"):
        store.run(small, out)
    (out.parent / "taken").rename(taken)
    assert 0 == store.run(small, out)  # what is finished needs no writing
    xr.testing.assert_identical(expected, open_sweep(out))


@pytest.mark.skipif(os.geteuid() == 0, reason="the super-user writes anywhere")
def test_a_finished_sweep_in_a_read_only_directory_is_finished(small: Plan, out: Path) -> None:
    out.chmod(0o555)
    try:
        assert 0 == store.run(small, out)
    finally:
        out.chmod(0o755)


def test_a_store_of_an_older_version_can_be_replaced(small: Plan, out: Path) -> None:
    text = (out / store.SPEC).read_text()
    (out / store.SPEC).write_text(text.replace('"version": 2', '"version": 1', 1))
    with pytest.raises(StoreError, match=r"store version 1, but only 2 is read.*--fresh"):
        store.run(small, out)
    assert 20 == store.run(small, out, fresh=True)


def test_points_only_keep_the_cells_and_nothing_per_equilibrium(make: Make, tmp_path: Path) -> None:
    axes = {"win_back": [0.1, 0.5, 0.9], "nre": [100.0, 1000.0]}
    for keep in ("all", "points"):
        made = make(price_build_nf, axes, add=["panel", "survivors"], keep=keep)
        store.run(made, tmp_path / keep)
    everything, points = open_sweep(tmp_path / "all"), open_sweep(tmp_path / "points")
    gone = {"payoff", "gap", "strategy_supplier", "strategy_customer", "strict", "pure"}
    assert gone <= set(everything.data_vars)
    assert not gone & set(points.data_vars)
    xr.testing.assert_identical(
        everything.drop_vars(everything.data_vars.keys() - points.data_vars.keys()), points
    )
    names = pa.parquet.read_schema(store.part_path(tmp_path / "points", 0)).names
    assert not [name for name in names if name.startswith(("payoff", "gap", "slot", "profiles"))]


def test_what_is_kept_is_part_of_the_plan(make: Make, tmp_path: Path) -> None:
    axes = {"win_back": [0.1, 0.5]}
    store.run(make(price_build_nf, axes, keep="points"), tmp_path / "out")
    with pytest.raises(StoreError, match="keep points there, all here"):
        store.run(make(price_build_nf, axes), tmp_path / "out")
