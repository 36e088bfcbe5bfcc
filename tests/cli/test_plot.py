"""``coopet plot``: a picture of a sweep, or one line that says why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from games import bargain, phase
from solver.sweep import plan, store
from solver.sweep.axes import parse
from solver.sweep.design import Grid

pytest.importorskip("matplotlib")

HEADS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with sweeps over one, two and three axes, and other things."""
    monkeypatch.chdir(tmp_path)
    axes = [parse(text) for text in ("nre=100:20000:6:log", "porting_top=1:80:5", "volume=1,2")]
    for count, name in enumerate(("line", "map", "block"), 1):
        store.run(plan.make(phase, Grid(tuple(axes[:count]))), Path(name))
    store.prepare(plan.make(bargain, Grid((parse("nre=1,2"),))), Path("begun"))
    Path("folder.svg").mkdir()
    Path("old.svg").write_text("mine")
    return tmp_path


@pytest.mark.parametrize("suffix", HEADS)
@pytest.mark.parametrize("name", ["line", "map"])
def test_a_sweep_is_drawn(run: Callable[..., Any], name: str, suffix: str) -> None:
    ran = run("plot", name, "-o", f"new.{suffix}")
    assert (0, f"new.{suffix} written\n", "") == (ran.status, ran.out, ran.err)
    assert Path(f"new.{suffix}").read_bytes().startswith(HEADS[suffix])


def test_the_same_sweep_gives_the_same_bytes(run: Callable[..., Any]) -> None:
    for name in ("a.svg", "b.svg"):
        run("plot", "map", "-o", name)
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


def test_force_replaces_a_picture(run: Callable[..., Any]) -> None:
    assert 0 == run("plot", "map", "--force", "-o", "old.svg").status
    assert Path("old.svg").read_bytes().startswith(HEADS["svg"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("map", "--out", id="no-out"),
        pytest.param("-o new.svg", "OUT", id="no-sweep"),
        pytest.param("gone -o new.svg", "gone does not exist", id="gone"),
        pytest.param("old.svg -o new.svg", "old.svg", id="file"),
        pytest.param("folder.svg -o new.svg", "folder.svg is not a sweep", id="folder"),
        pytest.param("begun -o new.svg", "no chunk of this sweep is finished yet", id="begun"),
        pytest.param("block -o new.svg", "one or two axes, and this sweep has 3", id="axes"),
        pytest.param("map --view regims -o new.svg", "did you mean regimes?", id="view"),
        pytest.param("map --view tree -o new.svg", "map is a folder", id="folder-as-game"),
        pytest.param("phase --view tree -o new.svg", "not a sweep", id="no-tree"),
        pytest.param("phas --view tree -o new.svg", "did you mean phase?", id="no-game"),
        pytest.param("map --set nre=1 -o new.svg", "--set has no meaning", id="set-of-sweep"),
        pytest.param("map -o old.svg", "old.svg exists: choose another name, or --force",
                     id="exists"),
        pytest.param("map -o new.jpg", "the name must end in .svg or .png or .pdf", id="suffix"),
        pytest.param("map -o new", "the name must end in .svg", id="no-suffix"),
        pytest.param("map -o gone/new.svg", "there is no folder gone", id="no-folder"),
        pytest.param("map --force -o folder.svg", "it is a folder", id="onto-folder"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_one_line(
    run: Callable[..., Any], place: Path, text: str, words: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    ran = run("plot", *text.split())
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert words in ran.err
    assert before == {path: path.stat().st_mtime_ns for path in place.rglob("*")}


def test_a_bad_name_is_found_before_the_sweep_is_read(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading may take long: what the arguments alone give away comes first."""

    def read(_store: object) -> None:
        raise AssertionError

    monkeypatch.setattr("solver.cli.plot_command.open_sweep", read)
    for arguments in (("--view", "regims", "-o", "new.svg"), ("-o", "new.jpg")):
        assert 2 == run("plot", "map", *arguments).status
