"""Results go to stdout, progress to stderr and only to a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver.cli import progress


class Terminal(io.StringIO):
    """A stderr that people look at."""

    def isatty(self) -> bool:
        return True


def test_nothing_goes_to_stderr_unless_it_is_a_terminal(
    shell: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    target = game_file(
        f"""
import time
def build(*, eps):
    time.sleep({progress.PATIENCE} / 2)
    return BargainingProblem(players=("a", "b"), surplus=1.0 + eps)
GAME = Game(name="slow", parameters=(EPS,), build=build)
"""
    )
    ran = shell("sweep", target, "--axis", "eps=0:0.5:70000", "-o", tmp_path / "out")
    assert (0, "") == (ran.status, ran.err)
    assert "70,000 cells solved" in ran.out


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["file", "terminal"])
def test_a_bar_appears_after_a_while_and_only_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.reporting(10, "cells of a game") as (advance, done):
        advance(3)
        advance(2)
        assert 5 == done()
    assert stream.isatty() == ("cells of a game" in stream.getvalue())


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 1e9)
    with progress.reporting(10, "cells") as (advance, _):
        advance(3)
    assert not stream.getvalue()
