"""``coopet convert``, and games in files as the target of other commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygambit
import pytest

from solver import read_game

Run = Callable[..., Any]

BATTLE = 'NFG 1 R "Battle" { "Ann" "Bob" } { { "o" "f" } { "o" "f" } } "Two tastes."\n'
PAYOFFS = "3 2 0 0 1/3 0.1 2 3"
CYCLE = 'NFG 1 R "" { "a" "b" "c" } { 2 1 2 }\n0 0 0 1 0 2 0 0 1 1 0 0'


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with two games."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "battle.nfg").write_text(BATTLE + PAYOFFS)
    (tmp_path / "three.nfg").write_text(CYCLE)
    return tmp_path


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_a_file_becomes_another_and_comes_back(run: Run) -> None:
    for source, out in (("battle.nfg", "b.json"), ("b.json", "c.nfg")):
        assert (0, f"{out} written\n", "") == run("convert", source, out)
    first, last = read_game("battle.nfg"), read_game("c.nfg")
    assert first.form.fractions is not None
    assert last.form.fractions is not None
    assert ("Battle", "Two tastes.") == (last.title, last.comment)
    assert [f.tolist() for f in first.form.fractions] == [f.tolist() for f in last.form.fractions]
    assert "1/3" == json.loads(Path("b.json").read_text())["payoffs"][0][0][1]


def test_gambit_reads_a_registered_game(run: Run) -> None:
    assert 0 == run("convert", "price_build_nf", "out.nfg", "--set", "win_back=0.9").status
    game = pygambit.read_nfg("out.nfg")
    assert ("price_build_nf", ["supplier", "customer"]) == (game.title, list(game.players))
    assert "win_back = 0.9" in game.description.splitlines()
    shown = run("solve", "price_build_nf", "--set", "win_back=0.9", "--json").data
    read = run("solve", "out.nfg", "--json").data
    assert shown["equilibria"] == read["equilibria"]
    assert shown["game"] == read["game"]


def test_a_game_of_ones_own_is_written(run: Run, game_file: Callable[..., str]) -> None:
    target = game_file(
        'GAME = Game(name="mine", parameters=(EPS,), build=lambda *, eps: NormalForm(([[eps]],)*2))'
    )
    assert 0 == run("convert", target, "out.json", "--set", "eps=0.25").status
    assert 0.25 == read_game("out.json").form.payoffs[1].item()


def test_standard_output_holds_the_file_and_nothing_else(run: Run) -> None:
    for to in ("nfg", "json"):
        run("convert", "battle.nfg", f"out.{to}")
        ran = run("convert", "battle.nfg", "-", "--to", to)
        assert (0, Path(f"out.{to}").read_text(), "") == ran


def test_only_force_replaces_a_file(run: Run, place: Path) -> None:
    (place / "out.json").write_text("mine")
    ran = run("convert", "battle.nfg", "out.json")
    assert (2, "", "mine") == (ran.status, ran.out, (place / "out.json").read_text())
    assert "coopet: out.json exists: choose another name, or --force" in ran.err
    assert 0 == run("convert", "battle.nfg", "out.json", "--force").status
    assert "Battle" == read_game("out.json").title
    assert ["battle.nfg", "out.json", "three.nfg"] == names(place)


def test_a_file_may_replace_itself(run: Run) -> None:
    assert 0 == run("convert", "battle.nfg", "battle.nfg", "--force").status
    assert "Battle" == read_game("battle.nfg").title


def test_nothing_is_left_of_a_game_that_cannot_be_written(
    run: Run, place: Path, game_file: Callable[..., str]
) -> None:
    target = game_file(
        'GAME = Game(name="mine", parameters=(), build=lambda: NormalForm(([[np.nan]],) * 2))'
    )
    before = names(place)
    ran = run("convert", target, "out.nfg")
    assert (2, 1) == (ran.status, ran.err.count("\n"))
    assert "out.nfg: payoff of 'player 1' at (1, 1) is nan" in ran.err
    assert before == names(place)


def test_a_file_is_solved(run: Run) -> None:
    found = run("solve", "battle.nfg", "--json").data
    assert ("Battle", "normal", ["Ann", "Bob"], {}) == (
        found["game"]["name"], found["game"]["form"], found["game"]["players"], found["parameters"],
    )  # fmt: skip
    assert ("nash", 3) == (found["concept"], len(found["equilibria"]))
    assert [[1.0, 0.0], [1.0, 0.0]] in [e["strategies"] for e in found["equilibria"]]


def test_three_players_play_pure_equilibria_unless_told_otherwise(run: Run) -> None:
    found = run("solve", "three.nfg", "--json").data
    assert ("three", "pure-nash") == (found["game"]["name"], found["concept"])
    assert [[[0.0, 1.0], [1.0], [1.0, 0.0]]] == [e["strategies"] for e in found["equilibria"]]


def test_a_file_is_shown(run: Run) -> None:
    ran = run("show", "battle.nfg")
    assert (0, "") == (ran.status, ran.err)
    assert ran.out.startswith("Battle  (normal)\nTwo tastes.\n\npayoffs")
    assert "parameters" not in ran.out
    assert [] == run("show", "battle.nfg", "--json").data["parameters"]


def test_payoffs_beyond_floats_are_invalid_input(run: Run, place: Path) -> None:
    (place / "huge.nfg").write_text(BATTLE + "1e400 2 0 0 0 0 2 3")
    ran = run("solve", "huge.nfg", "--json")
    assert (3, "INVALID_INPUT") == (ran.status, ran.data["status"])
    assert 0 == run("convert", "huge.nfg", "huge.json").status
    assert 10**400 == read_game("huge.json").form.fractions[0][0, 0]  # type: ignore[index]


TREE = (
    'EFG 2 R "Entry" { "entrant" "incumbent" } "Stay out or fight."\n'
    'p "" 1 1 "" { "enter" "out" } 0\np "" 2 1 "" { "fight" "yield" } 0\n'
    't "" 1 "war" { -1, 0 }\nt "" 2 "peace" { 1, 1/3 }\nt "" 3 "out" { 0, 2 }\n'
)


def test_a_tree_becomes_a_table_and_says_so(run: Run, place: Path) -> None:
    (place / "entry.efg").write_text(TREE)
    for out in ("entry.nfg", "entry.json"):
        said = f"{out} written: the reduced strategic form\n"
        assert (0, said, "") == run("convert", "entry.efg", out)
        table = read_game(out)
        assert ("Entry", "Stay out or fight.") == (table.title, table.comment)
        assert (("enter", "out"), ("fight", "yield")) == table.form.actions
        assert [[-1, 1], [0, 0]] == table.form.payoffs[0].tolist()  # type: ignore[union-attr]
    ours, theirs = read_game("entry.nfg"), pygambit.read_efg("entry.efg").to_nfg()
    (place / "theirs.nfg").write_text(theirs)
    expected = [f.tolist() for f in read_game("theirs.nfg").form.fractions]  # type: ignore[union-attr]
    assert expected == [f.tolist() for f in ours.form.fractions]  # type: ignore[union-attr]


def test_a_tree_stays_a_tree(run: Run, place: Path) -> None:
    (place / "entry.efg").write_text(TREE)
    assert (0, "again.efg written\n", "") == run("convert", "entry.efg", "again.efg")
    assert read_game("entry.efg").form.tree == read_game("again.efg").form.tree  # type: ignore[union-attr]
    ran = run("convert", "entry.efg", "-", "--to", "efg")
    assert (0, Path("again.efg").read_text(), "") == ran


def test_a_table_becomes_a_tree_of_simultaneous_moves(run: Run) -> None:
    said = "battle.efg written: a tree of simultaneous moves\n"
    assert (0, said, "") == run("convert", "battle.nfg", "battle.efg")
    assert 0 == run("convert", "battle.efg", "back.nfg").status
    first, last = read_game("battle.nfg"), read_game("back.nfg")
    assert first.form.actions == last.form.actions
    assert [f.tolist() for f in first.form.fractions] == [  # type: ignore[union-attr]
        f.tolist()
        for f in last.form.fractions  # type: ignore[union-attr]
    ]
    assert "Battle" == pygambit.read_efg("battle.efg").title


def test_a_tree_of_ones_own_is_written(run: Run, game_file: Callable[..., str]) -> None:
    source = (
        "from solver import decision, leaf, tree\n"
        'GAME = Game(name="mine", parameters=(EPS,), build=lambda *, eps: tree(("a", "b"),'
        ' decision("a", {"in": leaf(eps, 1), "out": leaf(0, 0)})))'
    )
    target = game_file(source)
    assert 0 == run("convert", target, "out.efg", "--set", "eps=0.25").status
    assert [[0.25, 1.0], [0.0, 0.0]] == read_game("out.efg").form.payoffs.tolist()  # type: ignore[union-attr]


def test_a_tree_that_is_too_large_for_a_table_is_refused(run: Run, place: Path) -> None:
    branches = " ".join(f'"{k}" 1/64' for k in range(64))
    nodes = "".join(f'p "" 1 {k + 1} "" {{ "x" "y" }} 0 t "" 0 t "" 0 ' for k in range(64))
    (place / "wide.efg").write_text(f'EFG 2 R "t" {{ "a" }} c "" 1 "" {{ {branches} }} 0 {nodes}')
    ran = run("convert", "wide.efg", "out.nfg")
    words = "coopet: out.nfg: the reduced strategic form has 18,446,744,073,709,551,616 cells of 1"
    assert (2, 1) == (ran.status, ran.err.count("\n"))
    assert ran.err.startswith(words)
    assert not (place / "out.nfg").exists()


def test_a_tree_in_a_file_reaches_the_concepts(run: Run, place: Path) -> None:
    (place / "entry.efg").write_text(TREE)
    ran = run("solve", "entry.efg", "--concept", "nash-bargaining")
    assert (2, 1) == (ran.status, ran.err.count("\n"))
    assert "nash-bargaining applies to" in ran.err
