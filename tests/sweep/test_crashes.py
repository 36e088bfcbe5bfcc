"""A process that dies between any two of its writes loses nothing and blocks nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from games import bargain
from solver import open_sweep
from solver.sweep import store
from solver.sweep.plan import Plan

Make = Callable[..., Plan]

#: Steps that touch the disk in a sweep of three chunks, at the least.
STEPS = 8


class Crash(BaseException):
    """The process is gone: nothing after this runs."""


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Any]:
    """Die just before the step of that number: a flush to the disk or a rename."""

    def arrange(number: int) -> pytest.MonkeyPatch:
        patch = monkeypatch
        steps = 0

        def counting(real: Callable[..., Any]) -> Callable[..., Any]:
            def step(*args: Any, **options: Any) -> Any:
                nonlocal steps
                steps += 1
                if steps > number:
                    raise Crash
                return real(*args, **options)

            return step

        patch.setattr(os, "fsync", counting(os.fsync))
        patch.setattr(Path, "replace", counting(Path.replace))
        patch.setattr(Path, "unlink", lambda *_args, **_options: None)  # a corpse cleans nothing
        return patch

    return arrange


def _run_and_crash(plan: Plan, out: Path, patch: pytest.MonkeyPatch, *, died: bool) -> None:
    try:
        store.run(plan, out, jobs=1)
    except Crash:
        died = False
    finally:
        patch.undo()
    assert not died, "no such step"


@pytest.mark.parametrize(
    "number",
    range(STEPS),
)
def test_a_sweep_that_died_at_any_step_goes_on(
    make: Make, tmp_path: Path, crash_at: Callable[[int], pytest.MonkeyPatch], number: int
) -> None:
    plan = make(bargain, {"chip_cost": [10.0, 20.0, 30.0]}, chunk=1)
    store.run(plan, tmp_path / "whole", jobs=1)
    _run_and_crash(plan, tmp_path / "out", crash_at(number), died=True)
    store.run(plan, tmp_path / "out", jobs=1)
    xr.testing.assert_identical(open_sweep(tmp_path / "whole"), open_sweep(tmp_path / "out"))


@pytest.mark.parametrize(
    "number",
    [
        2,
        3,
        pytest.param(4),
        pytest.param(5),
    ],
)
def test_a_sweep_of_one_chunk_that_died_goes_on(
    make: Make, tmp_path: Path, crash_at: Callable[[int], pytest.MonkeyPatch], number: int
) -> None:
    plan = make(bargain, {"chip_cost": [10.0, 20.0, 30.0]})
    store.run(plan, tmp_path / "whole")
    _run_and_crash(plan, tmp_path / "out", crash_at(number), died=number < 4)
    store.run(plan, tmp_path / "out")
    xr.testing.assert_identical(open_sweep(tmp_path / "whole"), open_sweep(tmp_path / "out"))


def test_a_full_disk_is_reported_and_what_is_there_is_kept(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make(bargain, {"chip_cost": [10.0, 20.0, 30.0]}, chunk=1)
    real = store.write_part

    def full(part: Any, path: Path, plan: str) -> None:
        if part.start == 2:
            raise OSError(28, "No space left on device")
        real(part, path, plan)

    monkeypatch.setattr(store, "write_part", full)
    with pytest.raises(store.StoreError, match="cannot write: No space left on device"):
        store.run(plan, tmp_path / "out", jobs=1)
    monkeypatch.undo()
    assert 1 == store.run(plan, tmp_path / "out", jobs=1)


def test_an_error_in_one_chunk_keeps_the_chunks_before_it(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make(bargain, {"chip_cost": [10.0, 20.0, 30.0, 40.0]}, chunk=1)
    real = store.solve_part

    def failing(made: Plan, number: int) -> Any:
        if number == 2:
            raise ZeroDivisionError
        return real(made, number)

    monkeypatch.setattr(store, "solve_part", failing)
    with pytest.raises(ZeroDivisionError):
        store.run(plan, tmp_path / "out", jobs=1)
    monkeypatch.undo()
    assert 2 == store.run(plan, tmp_path / "out", jobs=1)
    assert (open_sweep(tmp_path / "out").status == "SOLVED").all()
