"""Games that are trees at the command line: shown, solved, swept and drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ENTRY = """
from solver import chance, decision, leaf, simultaneous, tree
def build(*, eps):
    yields = decision("Bob", {"fight": leaf(-1, 0), "yield": leaf(1 - eps, 1)})
    later = chance({"sun": (0.25, leaf(0, 2)), "rain": (0.75, leaf(eps * 4, 1))})
    return tree(("Ann", "Bob"), decision("Ann", {"in": yields, "out": later}))
GAME = Game(name="entry", parameters=(EPS,), build=build, doc="One may enter.")
"""
PENNIES = """
from solver import leaf, simultaneous, tree
def build(*, eps):
    cells = {(a, b): leaf(1.0 * (a == b), 1.0 * (a != b)) for a in "ht" for b in "ht"}
    return tree(("Ann", "Bob"), simultaneous(("Ann", "Bob"), cells))
GAME = Game(name="pennies", parameters=(EPS,), build=build)
"""
THREE = """
from solver import leaf, decision, tree
def build(*, eps):
    return tree(("A", "B", "C"), decision("A", {"l": leaf(1, 1, 1), "r": leaf(0, 0, 0)}))
GAME = Game(name="three", parameters=(EPS,), build=build)
"""


def test_a_tree_is_shown_line_by_line(
    run: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    lines = run("show", game_file(ENTRY)).out.splitlines()
    start = lines.index("tree of 7 nodes, payoffs to Ann, Bob")
    assert [
        "Ann",
        "├─ in: Bob",
        "│  ├─ fight: -1, 0",
        "│  └─ yield: 0.9, 1",
        "└─ out: chance",
        "   ├─ sun (0.25): 0, 2",
        "   └─ rain (0.75): 0.4, 1",
    ] == lines[start + 1 : start + 8]


def test_nodes_that_look_alike_are_marked(
    run: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    out = run("show", game_file(PENNIES)).out
    assert "nodes with the same [label] look the same to who moves there" in out
    assert 2 == out.count("Bob [h]")


def test_the_default_is_subgame_perfect_and_says_what_is_done_where(
    run: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    ran = run("solve", game_file(ENTRY))
    assert 0 == ran.status
    assert "entry: subgame-perfect by backward-induction" in ran.out
    assert "    Ann  at first  in\n    Bob  in        yield\n" in ran.out
    assert "regime: in | in: yield" in ran.out


def test_json_lists_behavior_by_information_set(
    run: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    data = run("solve", game_file(ENTRY), "--concept", "nash", "--json").data
    assert "extensive" == data["game"]["form"]
    assert [["in", "out"], ["in: fight", "in: yield"]] == data["game"]["actions"]
    assert [{"label": "in", "actions": ["fight", "yield"]}] == data["game"]["infosets"][1]
    found = [entry["behavior"] for entry in data["equilibria"]]
    assert [[[1.0, 0.0]], [[0.0, 1.0]]] in found  # the perfect one
    assert any(b[0] == [[0.0, 1.0]] and b[1][0][0] > 0.0 for b in found)  # an empty threat
    assert all("strategies" not in entry for entry in data["equilibria"])


def test_exact_behavior_is_printed_as_fractions(
    run: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    target = game_file(PENNIES)
    (entry,) = run("solve", target, "--concept", "nash", "--exact", "--json").data["equilibria"]
    assert [[["1/2", "1/2"]], [["1/2", "1/2"]]] == entry["behavior"]
    assert ["1/2", "1/2"] == entry["exact_payoffs"]


def test_the_regime_of_a_tree_is_what_is_played_where_the_game_comes(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    # staying out is worth 3 eps, going in 1 - eps
    out = tmp_path / "out"
    ran = run("sweep", game_file(ENTRY), "--axis", "eps=0.2,0.24,0.26,0.3", "-o", out)
    assert 0 == ran.status
    assert "in | in: yield" in ran.out
    assert "50.00%" in ran.out
    assert 0 == run("plot", out, "-o", tmp_path / "map.png").status


def test_a_tree_is_drawn(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "tree.svg"
    assert (
        0 == run("plot", game_file(ENTRY), "--view", "tree", "--set", "eps=0.3", "-o", out).status
    )
    assert "rain 0.75" in out.read_text("utf-8") or out.stat().st_size > 5_000


@pytest.mark.parametrize(
    ("source", "words", "message"),
    [
        (THREE, "--concept nash", "nash lists the equilibria of two players, this tree has 3"),
        (ENTRY, "--exact", "subgame-perfect has no exact method for extensive games"),
        (
            ENTRY,
            "--concept nash-bargaining",
            "games, not to an extensive one",
        ),
        (ENTRY, "--method lemke", "unknown method of subgame-perfect 'lemke'"),
        (ENTRY, "--concept nash --method linear-program", "zero-sum"),
    ],
    ids=["players", "exact", "concept", "method", "zero-sum"],
)
def test_what_cannot_be_solved_is_refused_in_one_line(
    run: Callable[..., Any], game_file: Callable[..., str], source: str, words: str, message: str
) -> None:
    ran = run("solve", game_file(source), *words.split())
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert message in ran.err
