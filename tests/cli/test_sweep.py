"""``coopet sweep``: a directory that the same command resumes and no other command touches."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import phase
from solver import open_sweep, sweep
from solver.sweep import store

GRID = ("--axis", "nre=100:10000:4:log", "--axis", "porting_top=1:80:3", "--set", "volume=300")
Snapshot = dict[Path, tuple[bytes, int]]


def snapshot(folder: Path) -> Snapshot:
    """Bytes and time of change of every file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_the_directory_holds_what_python_returns(run: Callable[..., Any], tmp_path: Path) -> None:
    ran = run("sweep", "phase", *GRID, "-o", tmp_path / "out")
    assert (0, "") == (ran.status, ran.err)
    expected = sweep(
        phase, nre=np.geomspace(100, 10_000, 4), porting_top=np.linspace(1, 80, 3), volume=300
    )
    xr.testing.assert_identical(expected, open_sweep(tmp_path / "out"))


def test_json_counts_statuses_and_regimes(run: Callable[..., Any], tmp_path: Path) -> None:
    ran = run("sweep", "phase", *GRID, "-o", tmp_path / "out", "--json")
    dataset = open_sweep(tmp_path / "out")
    names, counts = np.unique(dataset.regime.values.astype(str), return_counts=True)
    assert {
        "out": str(tmp_path / "out"),
        "cells": 12,
        "solved_now": 12,
        "status": {"SOLVED": 12},
        "not_settled": 0,
        "regimes": dict(zip(names.tolist(), counts.tolist(), strict=True)),
    } == ran.data


def test_a_finished_sweep_says_so_and_is_not_touched(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    arguments = ("sweep", "phase", *GRID, "-o", tmp_path / "out")
    run(*arguments)
    before = snapshot(tmp_path)
    again = run(*arguments)
    assert 0 == again.status
    assert "finished already: 12 cells" in again.out
    assert before == snapshot(tmp_path)


@pytest.mark.parametrize(
    ("target", "options", "words"),
    [
        ("phase", (*GRID, "--set", "value=70"), "value = 60.0 there, 70.0 here"),
        ("phase", GRID[:4], "volume = 300.0 there, 500.0 here"),
        ("phase", (*GRID[2:4], *GRID[:2], *GRID[4:]), "axes"),
        ("phase", ("--axis", "nre=100:10000:5:log", *GRID[2:]), "axes"),
        ("phase", ("--axis", "nre=100:10000:4", *GRID[2:]), "axes"),
        ("phase_posted", GRID, "game phase there, phase_posted here"),
    ],
    ids=["value", "default", "order", "count", "scale", "game"],
)
def test_another_sweep_is_refused_and_nothing_changes(
    run: Callable[..., Any], tmp_path: Path, target: str, options: tuple[str, ...], words: str
) -> None:
    out = tmp_path / "out"
    run("sweep", "phase", *GRID, "-o", out)
    before = snapshot(tmp_path)
    refused = run("sweep", target, *options, "-o", out)
    assert (2, "", 1) == (refused.status, refused.out, refused.err.count("\n"))
    assert words in refused.err
    assert "--fresh" in refused.err
    assert before == snapshot(tmp_path)


def test_fresh_replaces_a_sweep_of_ours(run: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("sweep", "phase", *GRID, "-o", out)
    ran = run("sweep", "bargain", "--axis", "nre=0,1", "--fresh", "-o", out)
    assert 0 == ran.status
    assert "bargain" == open_sweep(out).attrs["game"]


def test_fresh_needs_nothing_to_replace(run: Callable[..., Any], tmp_path: Path) -> None:
    ran = run("sweep", "bargain", "--axis", "nre=0,1", "--fresh", "-o", tmp_path / "out")
    assert 0 == ran.status


def test_an_empty_directory_is_used(run: Callable[..., Any], tmp_path: Path) -> None:
    assert 0 == run("sweep", "bargain", "--axis", "nre=0,1", "-o", tmp_path).status


def test_a_changed_model_is_not_resumed(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    source = (
        "GAME = Game(name='mine', parameters=(EPS,),"
        " build=lambda *, eps: BargainingProblem(players=('a', 'b'), surplus=%s))\n"
    )
    arguments = ("--axis", "eps=0.1,0.2", "-o", tmp_path / "out")
    assert 0 == run("sweep", game_file(source % "eps"), *arguments).status
    before = snapshot(tmp_path / "out")
    refused = run("sweep", game_file(source % "2 * eps"), *arguments)
    assert 2 == refused.status
    assert "game digest differs" in refused.err
    assert before == snapshot(tmp_path / "out")


def test_cells_that_are_not_certified_exit_with_3_now_and_later(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    target = game_file(
        "GAME = Game(name='mine', parameters=(EPS,), build=lambda *, eps: BargainingProblem("
        "players=('a', 'b'), surplus=np.where(eps > 0.3, np.nan, 1.0)))\n"
    )
    arguments = ("sweep", target, "--axis", "eps=0.1,0.2,0.4", "-o", tmp_path / "out")
    for solved in (3, 0):
        ran = run(*arguments, "--json")
        assert (3, "") == (ran.status, ran.err)
        assert (solved, 1) == (ran.data["solved_now"], ran.data["not_settled"])
        assert {"SOLVED": 2, "INVALID_INPUT": 1} == ran.data["status"]


def test_a_price_that_is_given_can_be_an_axis(run: Callable[..., Any], tmp_path: Path) -> None:
    """``coopet plot`` reads the store back."""
    run("sweep", "phase_posted", "--axis", "price=10:50:5", "-o", tmp_path / "out")
    assert [10, 20, 30, 40, 50] == open_sweep(tmp_path / "out").price.values.tolist()


def _interrupted(*_args: object, **options: Any) -> int:
    options["progress"](7)
    raise KeyboardInterrupt


def test_an_interruption_says_what_is_kept_in_one_line(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "run", _interrupted)
    ran = run("sweep", "phase", *GRID, "-o", tmp_path / "out")
    assert (130, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert f"7 of 12 cells are kept in {tmp_path / 'out'}" in ran.err


def test_an_interruption_gives_the_command_that_goes_on(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "run", _interrupted)
    arguments = ("sweep", "phase", *GRID, "-o", str(tmp_path / "the out"))
    ran = run(*arguments)
    assert 130 == ran.status
    assert ["coopet", *arguments] == shlex.split(ran.err.partition("to go on: ")[2])


def test_the_command_that_goes_on_does_not_start_over(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "run", _interrupted)
    ran = run("sweep", "phase", *GRID, "--fresh", "-o", tmp_path / "out")
    assert "--fresh" not in ran.err
