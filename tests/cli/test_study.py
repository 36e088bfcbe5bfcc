"""``coopet sweep --spec``: sweeps, pictures and a page, all of which resume."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import phase
from solver import open_sweep, sweep, views
from solver.errors import TargetError
from solver.sweep import store

Run = Callable[..., Any]
STUDY = """\
title = "Who <designs> the chip"

[scenarios.base]
[scenarios.scarce]
volume = 300

[sweeps.map]
game = "phase"
axes = ["nre=100:20000:6:log", "porting_top=1:80:5"]
views = ["regimes"]

[sweeps.line]
game = "bargain"
axes = { nre = [0, 1, 2] }
scenarios = []
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "study.toml"
    path.write_text(STUDY, "utf-8")
    return path


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/*")}


def test_each_sweep_has_its_store_and_the_page_shows_all(run: Run, spec: Path) -> None:
    ran = run("sweep", "--spec", spec)
    assert (0, "") == (ran.status, ran.err)
    out = spec.with_suffix("")
    stores = ["line", "map.base", "map.scarce"]
    pictures = ["map.base.regimes.png", "map.scarce.regimes.png"]
    assert sorted([*stores, *pictures, "report.html"]) == sorted(p.name for p in out.iterdir())
    axes = {"nre": np.geomspace(100, 20_000, 6), "porting_top": np.linspace(1, 80, 5)}
    expected = sweep(phase, **axes, volume=300.0)
    xr.testing.assert_identical(expected, open_sweep(out / "map.scarce"))
    page = (out / "report.html").read_text("utf-8")
    assert "Who &lt;designs&gt; the chip" in page
    assert 2 == page.count('src="data:image/png;base64,')
    assert not re.search(r"(src|href)=.http|<script|<link", page)
    for name in stores:
        assert f"<h2>{name}</h2>" in page
    shares = [f"{n / 30:.2%}" for n in np.unique(expected.regime.values.astype(str),
                                                return_counts=True)[1]]  # fmt: skip
    assert all(share in page for share in shares)


def test_the_same_command_touches_no_finished_sweep(run: Run, spec: Path, tmp_path: Path) -> None:
    run("sweep", "--spec", spec, "-o", tmp_path / "out")
    before = _times(tmp_path / "out")
    store.part_path(tmp_path / "out" / "line", 0).unlink()
    ran = run("sweep", "--spec", spec, "-o", tmp_path / "out", "--json")
    assert (0, 3) == (ran.status, ran.data["runs"]["line"]["solved_now"])
    assert 0 == ran.data["runs"]["map.base"]["solved_now"]
    after = _times(tmp_path / "out")
    part = store.part_path(tmp_path / "out" / "line", 0)
    assert {path: t for path, t in before.items() if path != part} == {
        path: t for path, t in after.items() if path != part
    }


def test_a_dry_run_tells_of_every_sweep_and_writes_nothing(run: Run, spec: Path) -> None:
    ran = run("sweep", "--spec", spec, "--dry-run")
    assert 0 == ran.status
    assert ["map.base", "map.scarce", "line"] == re.findall(r"^\[(.+)\]$", ran.out, re.MULTILINE)
    assert [spec] == list(spec.parent.iterdir())
    told = run("sweep", "--spec", spec, "--dry-run", "--json").data
    assert 30 == told["runs"]["map.base"]["cells"]


def test_a_mistake_at_the_end_stops_all_before_anything_is_written(run: Run, spec: Path) -> None:
    spec.write_text(STUDY.replace("nre = [0, 1, 2]", "nra = [0, 1, 2]"), "utf-8")
    ran = run("sweep", "--spec", spec)
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert f"coopet: {spec}:14: unknown parameter of game bargain 'nra'" in ran.err
    assert [spec] == list(spec.parent.iterdir())


def test_a_store_of_another_sweep_stops_all_before_anything_is_solved(
    run: Run, spec: Path, tmp_path: Path
) -> None:
    (tmp_path / "study").mkdir()
    run("sweep", "bargain", "--axis", "nre=0,7", "-o", tmp_path / "study" / "line")
    ran = run("sweep", "--spec", spec)
    assert (2, "") == (ran.status, ran.out)
    assert "holds another sweep" in ran.err
    assert ["line"] == [path.name for path in (tmp_path / "study").iterdir()]


def test_a_page_of_somebody_else_is_left_alone(run: Run, spec: Path, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "report.html").write_text("mine")
    assert 2 == run("sweep", "--spec", spec).status
    assert "mine" == (tmp_path / "study" / "report.html").read_text()


def test_without_matplotlib_all_but_the_pictures_is_made(
    run: Run, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(_name: str) -> None:
        raise TargetError("plots need matplotlib: pip install 'coopet[plot]'")

    monkeypatch.setattr(views, "find", absent)
    ran = run("sweep", "--spec", spec)
    assert 0 == ran.status
    assert 2 == ran.err.count("plots need matplotlib")
    assert (spec.with_suffix("") / "report.html").exists()


def test_an_interruption_says_which_sweeps_are_finished(
    run: Run, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.run

    def stopping(made: Any, out: Path, **options: Any) -> int:
        if out.name == "map.scarce":
            options["progress"](7)
            raise KeyboardInterrupt
        return real(made, out, **options)

    monkeypatch.setattr(store, "run", stopping)
    ran = run("sweep", "--spec", spec)
    assert (130, 1) == (ran.status, ran.err.count("\n"))
    assert "finished: map.base; 7 of 30 cells of map.scarce are kept" in ran.err
    assert f"to go on: coopet sweep --spec {spec}" in ran.err
    monkeypatch.undo()
    assert 0 == run("sweep", "--spec", spec, "--json").data["runs"]["map.base"]["solved_now"]


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (("phase",), "give no TARGET"),
        (("--axis", "nre=0,1"), "--axis cannot be combined with --spec"),
        (("--seed", "0"), "--seed cannot be combined with --spec"),
        (("--keep", "all"), "--keep cannot be combined with --spec"),
    ],
)
def test_what_the_file_says_is_not_said_twice(
    run: Run, spec: Path, extra: tuple[str, ...], words: str
) -> None:
    ran = run("sweep", "--spec", spec, *extra)
    assert 2 == ran.status
    assert words in ran.err


def test_games_of_ones_own_are_found_beside_the_file(
    run: Run, game_file: Callable[..., str], tmp_path: Path
) -> None:
    game_file(
        "GAME = Game(name='mine', parameters=(EPS,), build=lambda *, eps: BargainingProblem("
        "players=('a', 'b'), surplus=np.where(eps > 0.3, np.nan, 1.0)))\n"
    )
    spec = tmp_path / "mine.toml"
    spec.write_text('report = false\n[sweeps.one]\ngame = "mine.py:GAME"\naxes = ["eps=0,0.4"]\n')
    ran = run("sweep", "--spec", spec, "-o", tmp_path / "out")
    assert 3 == ran.status  # one cell is no number
    assert ["one"] == [path.name for path in (tmp_path / "out").iterdir()]
