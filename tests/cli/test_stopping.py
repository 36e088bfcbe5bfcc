"""A sweep that is stopped by a signal, whenever that is, goes on where it was."""

from __future__ import annotations

import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solver import open_sweep

SLOW = """
import time
def build(*, eps, delta):
    time.sleep(0.06)
    return BargainingProblem(players=("a", "b"), surplus=1.0 + eps, disagreement=(0.0, delta))
GAME = Game(name="slow", parameters=(EPS, Parameter("delta", default=0.0, low=0.0)), build=build)
"""
GRID = ("--axis", "eps=0:0.5:701", "--axis", "delta=0:1:501")  # eleven chunks

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def slow(game_file: Callable[..., str], tmp_path: Path) -> tuple[str, ...]:
    """The arguments of a sweep that takes a second."""
    return ("sweep", game_file(SLOW), *GRID, "-o", str(tmp_path / "out"), "--jobs", "2")


def _wait_for(process: subprocess.Popen[str], pattern: str, folder: Path) -> None:
    while not any(folder.glob(pattern)):
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)


def _assert_as_if_undisturbed(run: Callable[..., Any], slow: tuple[str, ...], out: Path) -> None:
    """Every byte of every answer, wherever the parts came from."""
    whole = out.with_name("whole")
    assert 0 == run(*slow[:-3], str(whole), *slow[-2:]).status
    expected, actual = open_sweep(whole), open_sweep(out)
    assert list(expected.variables) == list(actual.variables)
    assert expected.attrs == actual.attrs
    for name, variable in expected.variables.items():
        found = actual[name].variable
        assert (variable.dims, variable.attrs) == (found.dims, found.attrs)
        np.testing.assert_array_equal(found.values, variable.values)


def test_killed_at_any_moment_it_goes_on(
    start: Start, run: Callable[..., Any], slow: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    killed = 0
    for delay in np.random.default_rng(1).uniform(0.0, 0.25, 6):
        process = start(*slow)
        _wait_for(process, "out/sweep.json", tmp_path)
        time.sleep(delay)
        process.kill()
        killed += process.wait() == -signal.SIGKILL
    assert killed >= 1
    assert 0 == run(*slow).status
    _assert_as_if_undisturbed(run, slow, out)


@pytest.mark.parametrize(
    ("number", "status", "word"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGHUP, 129, "terminated"),
    ],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_stopped_by_a_signal_it_says_so_and_the_command_it_names_goes_on(
    start: Start,
    run: Callable[..., Any],
    slow: tuple[str, ...],
    tmp_path: Path,
    number: int,
    status: int,
    word: str,
) -> None:
    process = start(*slow)
    _wait_for(process, "out/part-000001.parquet", tmp_path)
    process.send_signal(number)
    out, err = process.communicate()
    assert (status, "", 1) == (process.returncode, out, err.count("\n"))
    assert err.startswith(f"coopet: {word}: ")
    assert not list(tmp_path.glob("out/*.tmp"))
    kept = len(list(tmp_path.glob("out/part-*.parquet")))
    assert 2 <= kept < 11
    command = shlex.split(err.partition("to go on: ")[2])
    assert ["coopet", *slow] == command
    ran = run(*command[1:], "--json")
    assert (0, 701 * 501) == (ran.status, ran.data["cells"])
    assert ran.data["solved_now"] <= 701 * 501 - 32_768 * (kept - 1)
    _assert_as_if_undisturbed(run, slow, tmp_path / "out")
