"""Running the command line: in this process for its answers, in another for what a shell sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from solver.cli.__main__ import main

COOPET = Path(sys.executable).with_name("coopet")


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``coopet *arguments`` in this process."""

    def call(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return Ran(stop.value.code, out, err)

    return call


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the installed ``coopet`` in an empty directory; whatever still runs is killed."""
    started: list[subprocess.Popen[str]] = []

    def call(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [COOPET, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def shell(start: Callable[..., subprocess.Popen[str]]) -> Run:
    """Run the installed ``coopet`` to its end."""

    def call(*arguments: str | Path, **environment: str) -> Ran:
        process = start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return Ran(process.returncode, out, err)

    return call


@pytest.fixture
def game_file(tmp_path: Path) -> Callable[..., str]:
    """Write a user's file; return the target ``FILE.py:GAME``."""

    def write(source: str, name: str = "mine.py") -> str:
        path = tmp_path / name
        path.write_text(PREAMBLE + source, "utf-8")
        return f"{path}:GAME"

    return write


#: Three lines, so that a user's own code starts in line 4.
PREAMBLE = """import numpy as np
from solver import BargainingProblem, Game, LeaderFollower, NormalForm, Parameter, table
EPS = Parameter("eps", default=0.1, low=0.0, high=0.5, unit="$M", doc="What it is.")
"""
