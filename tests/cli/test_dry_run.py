"""``--dry-run`` says what would be solved and what it takes, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from games import phase
from solver.sweep import plan
from solver.sweep.requests import design

Run = Callable[..., Any]
GRID = ("--axis", "nre=100:10000:40:log", "--axis", "porting_top=1:80:30", "--set", "volume=300")


def test_it_prints_the_effective_spec_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("sweep", "phase", *GRID, "--dry-run", "-o", tmp_path / "out")
    assert (0, "") == (ran.status, ran.err)
    for words in ("phase", "subgame-perfect", "volume = 300", "value = 60", "1,200 in 1 chunk"):
        assert words in ran.out
    assert [] == list(tmp_path.iterdir())


def test_json_holds_the_plan_that_a_sweep_would_store(run: Run) -> None:
    ran = run("sweep", "phase", *GRID, "--dry-run", "--json")
    points = design(phase, [GRID[1], GRID[3]])
    assert plan.make(phase, points, {"volume": 300.0}).describe() == ran.data["plan"]
    assert (1200, 1) == (ran.data["cells"], ran.data["chunks"])


def test_bytes_are_about_what_is_written(run: Run, tmp_path: Path) -> None:
    guess = run("sweep", "phase", *GRID, "--dry-run", "--json").data
    run("sweep", "phase", *GRID, "-o", tmp_path / "out")
    written = sum(path.stat().st_size for path in (tmp_path / "out").glob("part-*"))
    assert written == pytest.approx(guess["bytes"], rel=0.5)
    assert guess["seconds"] > 0.0


def test_points_only_take_less(run: Run) -> None:
    sizes = [
        run("sweep", "phase", *GRID, "--keep", keep, "--dry-run", "--json").data["bytes"]
        for keep in ("points", "all")
    ]
    assert sizes[0] < 0.8 * sizes[1]


def test_of_a_sweep_that_was_begun_it_says_so(run: Run, tmp_path: Path) -> None:
    arguments = ("sweep", "bargain", "--axis", "nre=0,1", "-o", tmp_path / "out")
    run(*arguments)
    ran = run(*arguments, "--dry-run")
    assert "resumes" in ran.out
    assert 1 == run(*arguments, "--dry-run", "--json").data["chunks_done"]


def test_what_a_sweep_would_refuse_is_refused(run: Run, tmp_path: Path) -> None:
    run("sweep", "bargain", "--axis", "nre=0,1", "-o", tmp_path / "out")
    ran = run("sweep", "bargain", "--axis", "nre=0,2", "-o", tmp_path / "out", "--dry-run")
    assert (2, "") == (ran.status, ran.out)
    assert "holds another sweep" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--axis", "nre=0,1"), "TARGET"), (("bargain", "--axis", "nre=0,1"), "--out OUT")],
)
def test_what_is_not_said_is_asked_for(run: Run, arguments: tuple[str, ...], words: str) -> None:
    ran = run("sweep", *arguments)
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert words in ran.err
