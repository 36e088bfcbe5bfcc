"""A user's own game in FILE.py:NAME, and everything that can be wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOD = """
def build(*, eps):
    cells = {("a", "c"): (1 + eps, 1), ("a", "d"): (0, 0), ("b", "c"): (0, 0), ("b", "d"): (2, 3)}
    return table(cells)
GAME = Game(name="mine", parameters=(EPS,), build=build, doc="My game.")
"""
LEADER = """
GAME = Game(name="mine", parameters=(EPS,), build=lambda *, eps: LeaderFollower(
    players=("a", "b"), action="x", low=0.0, high=1.0, answers=("y", "n"), parameters={"eps": eps},
    payoffs=lambda x, eps: %s))
"""
LUCK = "RuntimeError('no\\nluck')"
ONE = "lambda *, eps: NormalForm([[[1.0]], [[1.0]]])"


def _made(**fields: str) -> str:
    """The line that makes a game of one cell, with some fields changed."""
    given = {"name": "'mine'", "parameters": "(EPS,)", "build": ONE} | fields
    return f"GAME = Game({', '.join(f'{name}={value}' for name, value in given.items())})\n"


#: Source after the preamble, what the one line must say.
BROKEN: dict[str, tuple[str, str]] = {
    "syntax": ("x = (\n", "mine.py:4: SyntaxError"),
    "import": ("import no_such_module\n", "mine.py:4: ModuleNotFoundError"),
    "raises": (f"x = 1\nraise {LUCK}\n", "mine.py:5: RuntimeError: no luck"),
    "exits": ("import sys\nsys.exit('bye')\n", "mine.py:5"),
    "nothing": ("", "has no 'GAME': it defines no Game"),
    "other": (_made().replace("GAME", "OTHER"), "has no 'GAME': its games are OTHER"),
    "no-game": ("GAME = 3\n", "is a int, not a Game"),
    "mismatch": (
        _made(build="lambda *, delta: None"),
        "game mine: build and parameters disagree on delta, eps",
    ),
    "no-form": (_made(build="lambda *, eps: 3"), "game mine: build returned int, not a form"),
    "build": (
        f"def build(*, eps):\n    raise {LUCK}\n{_made(build='build')}",
        "RuntimeError: no luck",
    ),
    "payoffs-pair": (LEADER % "[x]", "payoffs"),
    "payoffs-few": (LEADER % "([x], [x])", "payoffs give 1 values for 2 answers"),
    "payoffs-shape": (LEADER % "([x, np.zeros(7)], [x, x])", "(7,)"),
    "outcomes": (_made(outcomes="lambda p, e: {'x': 1 / 0}"), "ZeroDivisionError"),
    "outcomes-kind": (_made(outcomes="lambda p, e: 3"), "outcomes"),
    "outcomes-shape": (
        _made(outcomes="lambda p, e: {'x': [1, 2]}"),
        "outcome 'x' has shape (2,), which does not fit the batch ()",
    ),
    "regime": (_made(regime="lambda p, e: 1 / 0"), "ZeroDivisionError"),
    "regime-shape": (_made(regime="lambda p, e: np.array(['x', 'y'])"), "regime has shape (2,)"),
}


@pytest.mark.parametrize(("source", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_reported_in_one_line(
    run: Callable[..., Any], game_file: Callable[..., str], source: str, words: str
) -> None:
    ran = run("solve", game_file(source))
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert words in ran.err


def test_a_shell_sees_no_traceback_of_a_users_build(
    shell: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    ran = shell("solve", game_file(BROKEN["build"][0]))
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))


def test_the_line_is_named_for_a_relative_path_too(
    run: Callable[..., Any],
    game_file: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    game_file("\nraise RuntimeError('no luck')\n")
    monkeypatch.chdir(tmp_path)
    assert "coopet: mine.py:5: RuntimeError: no luck\n" == run("solve", "mine.py:GAME").err


@pytest.mark.parametrize("name", ["GAME", ""], ids=["named", "by-default"])
def test_a_users_game_is_solved_shown_and_swept(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path, name: str
) -> None:
    target = game_file(GOOD)
    target = target if name else target.removesuffix(":GAME")
    solved = run("solve", target, "--set", "eps=0.5", "--json")
    assert (0, "mine", 3) == (
        solved.status,
        solved.data["game"]["name"],
        len(solved.data["equilibria"]),
    )
    assert 0 == run("show", target).status
    swept = run("sweep", target, "--axis", "eps=0:0.5:5", "-o", tmp_path / "out", "--json")
    assert (0, 5) == (swept.status, swept.data["solved_now"])


def test_a_file_can_import_its_neighbour(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "neighbour_of_mine.py").write_text("SCALE = 2.0\n")
    path = list(sys.path)
    target = game_file("from neighbour_of_mine import SCALE\n" + GOOD)
    assert 0 == run("solve", target).status
    assert path == sys.path


def test_a_directory_is_not_said_to_be_missing(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    assert 2 == run("solve", tmp_path / "folder.py").status


@pytest.mark.parametrize("words", ["Share [of volume] used.", "[a]", "[b]"])
def test_brackets_in_a_users_words_are_shown(
    run: Callable[..., Any], game_file: Callable[..., str], words: str
) -> None:
    target = game_file(
        'GAME = Game(name="mine", parameters=(Parameter("eps", default=0.1,'
        ' doc="Share [of volume] used."),),'
        ' build=lambda *, eps: NormalForm([[[1.0]], [[1.0]]], actions=(("[a]",), ("[b]",))))\n'
    )
    assert words in run("show", target).out
