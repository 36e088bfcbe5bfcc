"""``coopet plot`` of games that are solved for the picture, and boundaries of ``threshold``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib")

THREE = """
from solver import CoalitionGame, Game
THREE = Game(name="three", parameters=(),
             build=lambda: CoalitionGame("abc", [0, 0, 0, 1, 0, 2, 3, 6]))
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with a folder, a picture and a game of three."""
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("old.svg").write_text("mine")
    Path("three.py").write_text(THREE)
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "bargain --view threat --axis nre=0:20000:5 --without nre=inf",
        "bargain --view threat --axis nre=1:100:5:log --concept outside-option --set value=40",
        "bargain_replacement --view threat --axis rival_chip_cost=0:60:5",
        "bargain --view frontier --set nre=5000",
        "bargain --view frontier --concept nash-bargaining --concept egalitarian",
        "three.py:THREE --view core",
        "build_tree --view tree --concept subgame-perfect",
    ],
)
def test_a_game_is_solved_and_drawn(run: Callable[..., Any], text: str) -> None:
    ran = run("plot", *text.split(), "-o", "new.svg")
    assert (0, "new.svg written\n") == (ran.status, ran.out)
    assert Path("new.svg").read_bytes().startswith(b"<?xml")


def test_a_sweep_with_its_columns_is_drawn(run: Callable[..., Any]) -> None:
    axes = ("--axis", "nre=100:3000:4", "--axis", "win_back=0:1:4")
    how = ("--concept", "nash", "--add", "coopetition")
    assert 0 == run("sweep", "price_build_nf", *axes, *how, "-o", "co").status
    assert 0 == run("plot", "co", "--view", "coopetition", "-o", "co.png").status
    ran = run("plot", "co", "--view", "boundaries", "-o", "no.png")
    assert (2, 1) == (ran.status, ran.err.count("\n"))
    assert "coopet threshold" in ran.err


def test_boundaries_are_drawn_where_they_are_traced(run: Callable[..., Any]) -> None:
    axes = ("--axis", "nre=100:20000", "--axis", "porting_top=1:80", "--resolution", "8")
    ran = run("threshold", "phase", *axes, "-o", "lines.svg")
    assert 0 == ran.status
    assert "boundaries" in ran.out
    assert Path("lines.svg").read_bytes().startswith(b"<?xml")
    assert 2 == run("threshold", "phase", *axes, "-o", "lines.svg").status
    assert 0 == run("threshold", "phase", *axes, "-o", "lines.svg", "--force", "--json").status


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plot bargain --view threat -o new.svg", "0 axes: the view threat needs one --axis"),
        ("plot bargain --view threat --axis nre=5 -o new.svg", "two values or more"),
        ("plot bargain --view threat --axis nrw=1:2:3 -o new.svg", "did you mean nre"),
        ("plot bargain --view threat --axis nre=1:2:3 --without nre=-1 -o new.svg", "nre = -1"),
        ("plot bargain --view threat --axis nre=1:2:3 --without x -o new.svg", "--without 'x'"),
        ("plot bargain --view threat --axis nre=1:2:3 --concept nash -o new.svg", "applies to"),
        ("plot bargain --view threat --axis nre=1:2:3 --method x -o new.svg", "--method has no"),
        ("plot bargain --view frontier --axis nre=1:2:3 -o new.svg", "--axis has no meaning"),
        ("plot bargain --view frontier --without nre=inf -o new.svg", "--without has no meaning"),
        ("plot bargain --view core -o new.svg", "core draws coalition games, and bargain is a"),
        ("plot phase --view frontier -o new.svg", "draws bargaining games, and phase is a"),
        ("plot price_build_nf --view threat --axis nre=1:2:3 -o new.svg", "name the concepts"),
        ("plot folder --view frontier -o new.svg", "folder is a folder"),
        ("plot build_tree --view tree --concept nash --concept x -o new.svg", "one concept"),
        ("plot bargain --view frontier -o old.svg", "old.svg exists"),
        ("threshold phase --axis nre=1:2 -o new.svg", "-o draws boundaries, which takes two axes"),
        ("threshold phase --axis nre=1:2 --axis porting_top=1:2 -o old.svg", "old.svg exists"),
        ("threshold phase --axis nre=1:2 --axis porting_top=1:2 -o new.gif", "must end in"),
    ],
)
def test_bad_input_is_refused_in_one_line(run: Callable[..., Any], text: str, words: str) -> None:
    ran = run(*text.split())
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert words in ran.err
    assert not Path("new.svg").exists()
    assert "mine" == Path("old.svg").read_text()
