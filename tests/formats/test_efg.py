"""``.efg`` files: what is read, and that Gambit reads the same and reads what we write."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pygambit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import (
    ExtensiveForm,
    GameFile,
    NormalForm,
    bargaining,
    chance,
    decision,
    leaf,
    read_game,
    tree,
    write_game,
)
from solver.errors import FormatError
from solver.formats.efg import parse, read_efg, render, write_efg
from solver.forms.strategic import strategic_form
from solver.forms.tree import CHANCE, LEAF
from tests.formats.gambit_trees import by_gambit, by_us
from tests.fuzz.trees import TAME, random_tree

Put = Callable[..., Path]

ONE = 'EFG 2 R "t" { "Ann" }\n'
TWO = 'EFG 2 R "t" { "Ann" "Bob" }\n'
CATALOG = sorted(Path(str(files("pygambit"))).rglob("*.efg"))


def form(text: str) -> ExtensiveForm:
    found = parse(text, "g.efg").form
    assert isinstance(found, ExtensiveForm)
    return found


def paid(text: str) -> list[Any]:
    """Exact payoffs, leaf by leaf."""
    exact = form(text).fractions
    assert exact is not None
    return exact.payoffs.tolist()


def odds(text: str) -> list[Any]:
    exact = form(text).fractions
    assert exact is not None
    return exact.chance.tolist()


def labels(text: str) -> list[str]:
    return [h.label for h in form(text).tree.infosets]


def test_nodes_are_told_in_preorder() -> None:
    text = TWO + (
        '"Why."\nc "deal" 1 "" { "high" 1/3 "low" 2/3 } 0\n'
        'p "bid" 1 5 "sure" { "in" "out" } 0\nt "" 1 "won" { 3, -1/2 }\n'
        't "end" 2 "lost" { 0 0.1 }\np "" 2 5 "any" { "x" } 0\nt "" 1\n'
    )
    game = parse(text, "")
    found = form(text)
    assert ("t", "Why.", ("Ann", "Bob")) == (game.title, game.comment, found.players)
    assert (-1, 0, 1, 1, 0, 4) == found.tree.parent
    assert (CHANCE, 0, LEAF, LEAF, 1, LEAF) == found.tree.mover
    assert ("", "high", "in", "out", "low", "x") == found.tree.branch
    assert ("deal", "bid", "won", "end", "", "won") == found.tree.names
    assert [(0, "sure", ("in", "out")), (1, "any", ("x",))] == [
        (h.player, h.label, h.actions) for h in found.tree.infosets
    ]
    assert [[3, Fraction(-1, 2)], [0, Fraction(1, 10)], [3, Fraction(-1, 2)]] == paid(text)
    assert [Fraction(1, 3), Fraction(2, 3)] == odds(text)
    assert [[3.0, -0.5], [0.0, 0.1], [3.0, -0.5]] == found.payoffs.tolist()
    assert [1 / 3, 2 / 3] == found.chance.tolist()


#: Each of these is the game in which Ann moves, then Bob without knowing how.
SAME = {
    "plain": 'p "" 1 1 "" { "a" "b" } 0 p "" 2 1 "" { "c" "d" } 0 t "" 1 "" { 1, 2 }'
    ' t "" 2 "" { 3, 4 } p "" 2 1 "" { "c" "d" } 0 t "" 3 "" { 5, 6 } t "" 4 "" { 7, 8 }',
    "by-number": 'p "" 1 1 "" { "a" "b" } 0 p "" 2 1 "" { "c" "d" } 0 t "" 1 "" { 1 2 }'
    ' t "" 2 "" { 3 4 } p "" 2 1 0 t "" 3 "" { 5 6 } t "" 4 "" { 7 8 }',
    "forward": 'p "" 1 1 "" { "a" "b" } 0 p "" 2 1 0 t "" 1 { 1 2 }'
    ' t "" 2 { 3 4 } p "" 2 1 "" { "c" "d" } 0 t "" 3 { 5 6 } t "" 4 { 7 8 }',
    "odd-numbers": 'p "" 1 44 "" { "a" "b" } 0 p "" 2 123456789012345678 "" { "c" "d" } 0'
    ' t "" 9 { 1 2 } t "" 007 { 3 4 } p "" 2 123456789012345678 0 t "" 3 { 5 6 } t "" 1 { 7 8 }',
    "on-the-way": 'p "" 1 1 "" { "a" "b" } 9 "fee" { 1 1 } p "" 2 1 "" { "c" "d" } 0 t "" 1 { 0 1 }'
    ' t "" 2 { 2 3 } p "" 2 1 "" { "c" "d" } 8 { 1/2 1/3 } t "" 3 { 3.5 14/3 } t "" 4 { 5.5 20/3 }',
    "commas": 'p "" 1 1 "" { "a" "b" } 0 p "" 2 1 "" { "c" "d" } 0 t "" 1 "" { 1, 2, }'
    ' t "" 2 "" { 3 ,4 } p "" 2 1 "" { "c" "d" } 0 t "" 3 "" { 5,6 } t "" 4 "" { +7 8. }',
    "comments": '# x\np "" 1 1 "" { "a" /* "z" */ "b" } 0 // c\np "" 2 1 "" { "c" "d" } 0 t "" 1'
    ' { 1 2 } t "" 2 { 3 4 } p "" 2 1 0 t "" 3 { 5 6 } t "" 4 { 7 8 } # t "" 0',
    "tight": 'p""1 1""{"a""b"}0 p""2 1""{"c""d"}0 t""1{1 2}t""2{3 4}p""2 1 0 t""3{5 6}t""4{7 8}',
    "label-late": 'p "" 1 1 "" { "a" "b" } 0 p "" 2 1 0 t "" 1 { 1 2 } t "" 2 { 3 4 }'
    ' p "" 2 1 "" { "c" "d" } 0 t "" 3 { 5 6 } t "" 4 { 7 8 }',
}  # fmt: skip


@pytest.mark.parametrize("body", SAME.values(), ids=SAME)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_same_game_is_told_in_many_ways(body: str, end: str) -> None:
    text = (TWO + body).replace("\n", end)
    found = form(text)
    assert (-1, 0, 1, 1, 0, 4, 4) == found.tree.parent
    assert (0, 1, -1, -1, 1, -1, -1) == found.tree.infoset
    assert (("a", "b"), ("c", "d")) == found.actions
    assert [[1, 2], [3, 4], [5, 6], [7, 8]] == paid(text)
    assert [[[1, 3], [5, 7]], [[2, 4], [6, 8]]] == [
        payoff.tolist() for payoff in strategic_form(found).payoffs
    ]


def test_outcomes_are_used_before_they_are_told_and_zero_is_nothing() -> None:
    text = TWO + (
        'p "" 1 1 "" { "a" "b" "c" } 2\nt "" 1\nt "" 0\n'
        'p "" 1 2 "" { "d" "e" } 2 "tax" { -1, 0 }\nt "" 1 "prize" { 10 20 }\nt "x" 0 "y" { 0 0 }'
    )
    assert [[9, 20], [-1, 0], [8, 20], [-2, 0]] == paid(text)
    assert ("", "prize", "", "", "prize", "x") == form(text).tree.names
    assert ("y",) == form(ONE + 't "" 0 "y"').tree.names


def test_events_of_chance_are_shared_and_may_be_told_later() -> None:
    text = ONE + (
        'c "" 1 "" { "x" 1/2 "y" 1/2 } 0\nc "" 7 0\nt "" 0\nt "" 0\n'
        'c "" 7 "coin" { "h" .25 "t" .75 } 0\nt "" 0\nt "" 0'
    )
    quarter = [Fraction(1, 4), Fraction(3, 4)]
    assert [Fraction(1, 2), Fraction(1, 2), *quarter, *quarter] == odds(text)
    assert ("", "x", "h", "t", "y", "h", "t") == form(text).tree.branch


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"x" 1', [1]),
        ('"x" 1/3 "y" 2/3', ["1/3", "2/3"]),
        ('"x" 0 "y" 1', [0, 1]),
        ('"x" 1e-1 "y" .9', ["1/10", "9/10"]),
        ('"x" 1/2, "y" 0.5,', ["1/2", "1/2"]),
        ('"x" 0.333333333 "y" 0.333333333 "z" 0.333333333', ["1/3"] * 3),
        ('"x" 0.3333333333 "y" 2/3', ["9999999999/29999999999", "20000000000/29999999999"]),
    ],
)
def test_probabilities_are_exact_and_add_up(written: str, read: list[Any]) -> None:
    text = ONE + f'c "" 1 "" {{ {written} }} 0 ' + 't "" 0 ' * len(read)
    assert list(map(Fraction, read)) == odds(text)
    assert 1 == sum(odds(text))


def _sets(*names: str) -> str:
    """Ann moves at one information set after the other, and stops by the second action."""
    nodes = [f'p "" 1 {10 + k} "{name}" {{ "go" "stop" }} 0 ' for k, name in enumerate(names)]
    return ONE + "".join(nodes) + 't "" 0 ' * (len(names) + 1)


@pytest.mark.parametrize(
    ("given", "apart"),
    [
        (("", ""), ["1:10", "1:11"]),
        (("", "h"), ["", "h"]),
        (("h", "h"), ["h_1", "h_2"]),
        (("h", "h_1", "h"), ["h_1_", "h_1", "h_2"]),
        (("1:11", "", ""), ["1:11", "1:11_", "1:12"]),
        (("ü", "上", "🎲"), ["ü", "上", "🎲"]),
    ],
)
def test_labels_of_information_sets_are_kept_apart(
    given: tuple[str, ...], apart: list[str]
) -> None:
    text = _sets(*given)
    assert apart == labels(text)
    assert apart == labels(render(parse(text, "")))


def test_players_may_use_the_same_numbers_and_labels() -> None:
    text = TWO + 'p "" 1 1 "h" { "a" } 0 p "" 2 1 "h" { "b" "c" } 0 t "" 0 t "" 0'
    assert [(0, "h"), (1, "h")] == [(h.player, h.label) for h in form(text).tree.infosets]


def test_actions_branches_and_players_of_one_name_are_kept_apart() -> None:
    text = (
        'EFG 2 R "" { "" "x" "x" "" }\nc "" 1 "" { "q" 1/4 "" 1/4 "q" 1/4 "" 1/4 } 0 t "" 0 t "" 0'
        ' t "" 0 p "" 2 1 "" { "a" "a" "" "b" } 0 t "" 0 t "" 0 t "" 0 p "" 3 1 "" { "" "" } 0'
        ' t "" 0 t "" 0'
    )
    found = form(text)
    assert ("player 1", "x_1", "x_2", "player 4") == found.players
    assert (("a_1", "a_2", "", "b"), ("1", "2")) == tuple(h.actions for h in found.tree.infosets)
    assert ("q_1", "", "q_2", "") == tuple(found.tree.branch[c] for c in found.tree.children[0])


def test_a_game_may_be_a_leaf() -> None:
    assert [[7]] == paid(ONE + 't "" 1 "" { 7 }')


def test_information_sets_stand_player_by_player() -> None:
    text = TWO + (
        'p "" 2 9 "late" { "a" "b" } 0 p "" 1 8 "x" { "c" } 0 t "" 0 p "" 1 3 "y" { "c" } 0'
        ' p "" 2 1 "z" { "d" } 0 t "" 0'
    )
    assert ["x", "y", "late", "z"] == labels(text)
    assert (2, 0, -1, 1, 3, -1) == form(text).tree.infoset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_any_unicode_are_read(put: Put, encoding: str) -> None:
    text = 'EFG 2 R "Zürich 上 🎲" { "Ä" }\np "" 1 1 "ß" { "é" } 0\nt "" 0'
    game = read_efg(put(text.encode(encoding), "g.efg"))
    assert ("Zürich 上 🎲", ("Ä",), (("ß: é",),)) == (
        game.title, game.form.players, game.form.actions,
    )  # fmt: skip


@pytest.mark.parametrize("path", CATALOG, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_gambits_own_games_are_read_as_gambit_reads_them(path: Path) -> None:
    theirs = pygambit.read_efg(path)
    if not theirs.is_perfect_recall:
        words = r":\d+:1: .*(are not supported|players need perfect recall)$"
        with pytest.raises(FormatError, match=words):
            read_game(path)
        return
    ours = read_game(path)
    assert (theirs.title, theirs.description) == (ours.title, ours.comment)
    assert isinstance(ours.form, ExtensiveForm)
    expected, found = by_gambit(theirs), by_us(ours.form)
    assert expected == found._replace(labels={})
    again = pygambit.read_efg(_stream(render(ours)))
    assert expected == by_gambit(again)


def test_the_catalog_is_there() -> None:
    assert len(CATALOG) >= 30


def _stream(text: str) -> BytesIO:
    return BytesIO(text.encode())


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6) | st.text('"\\ a{#/')
dices = st.integers(0, 2**32).map(random.Random)


@given(dices, texts, texts)
def test_what_is_written_is_read_back(dice: random.Random, title: str, comment: str) -> None:
    game = GameFile(random_tree(dice), title, comment)
    text = render(game)
    back = parse(text, "")
    assert (title, comment) == (back.title, back.comment)
    assert isinstance(game.form, ExtensiveForm)
    assert isinstance(back.form, ExtensiveForm)
    assert game.form.tree == back.form.tree
    assert by_us(game.form) == by_us(back.form)
    assert game.form.payoffs.tolist() == back.form.payoffs.tolist()
    assert game.form.chance.tolist() == back.form.chance.tolist()
    assert text == render(back)


@given(dices)
def test_gambit_reads_what_we_write_and_we_what_it_writes(dice: random.Random) -> None:
    ours = random_tree(dice, names=TAME)
    theirs = pygambit.read_efg(_stream(render(GameFile(ours, "t", "c"))))
    assert by_gambit(theirs) == by_us(ours)._replace(labels={})
    back = form(theirs.to_efg())
    assert by_us(ours) == by_us(back)
    assert ours.tree.infosets == back.tree.infosets


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_floats_are_read_back_as_they_were(values: list[float]) -> None:
    told = tree(("a", "b"), decision("a", {"x": leaf(*values[:2]), "y": leaf(*values[2:])}))
    back = form(render(GameFile(told)))
    assert values == back.payoffs.ravel().tolist()


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=9))
def test_probabilities_in_floats_are_written_for_gambit_to_add_up(weights: list[int]) -> None:
    share = np.array(weights) / sum(weights)
    below = {f"b{k}": (p, leaf(k)) for k, p in enumerate(share)}
    text = render(GameFile(tree(("a",), chance(below))))
    assert 1 == sum(odds(text))
    np.testing.assert_allclose(form(text).chance, share, rtol=1e-15)
    assert len(weights) == len(pygambit.read_efg(_stream(text)).get_outcomes()) + 1


def test_a_written_file_looks_like_this(put: Put) -> None:
    told = tree(
        ("Ann", "Bob"),
        chance(
            {
                "high": (0.25, decision("Ann", {"in": leaf(1, 0.5, name="won")}, infoset="h")),
                "low": (0.75, decision("Bob", {"l": leaf(0, 0), "r": leaf(1, 0.5)}, name="n")),
            },
            payoffs=(0, 0),
        ),
    )
    expected = (
        'EFG 2 R "A \\"game\\"" { "Ann" "Bob" }\n"Why."\n\n'
        'c "" 1 "" { "high" 0.25 "low" 0.75 } 0\n'
        'p "" 1 1 "h" { "in" } 0\nt "" 1 "won" { 1, 0.5 }\n'
        'p "n" 2 1 "low" { "l" "r" } 0\nt "" 0\nt "" 2 "" { 1, 0.5 }\n'
    )
    path = put("", "out.efg")
    write_efg(path, GameFile(told, 'A "game"', "Why."), overwrite=True)
    assert expected == path.read_text()


def test_names_of_nodes_that_repeat_are_numbered_for_gambit() -> None:
    again = decision("a", {"x": leaf(1, name="end"), "y": leaf(2, name="end")}, name="n")
    text = render(GameFile(tree(("a",), decision("a", {"l": again, "r": again}, name="top"))))
    names = ("top", "n_1", "end", "end", "n_2", "end", "end")
    assert names == form(text).tree.names
    assert 7 == len(by_gambit(pygambit.read_efg(_stream(text))).nodes)


def test_a_table_is_written_as_simultaneous_moves() -> None:
    dice = np.random.default_rng(3)
    table = NormalForm(dice.integers(-9, 9, (3, 2, 3, 2)), ("a", "b", "c"))
    back = form(render(GameFile(table)))
    assert [1, 1, 1] == [len([h for h in back.tree.infosets if h.player == i]) for i in range(3)]
    again = strategic_form(back)
    assert [p.tolist() for p in table.payoffs] == [p.tolist() for p in again.payoffs]
    assert (table.players, table.actions) == (again.players, again.actions)


def test_a_tree_is_written_as_its_strategic_form(put: Put) -> None:
    path = put(TWO + SAME["forward"], "g.efg")
    for name in ("g.nfg", "g.json"):
        write_game(name, read_game(path))
        back = read_game(name).form
        assert isinstance(back, NormalForm)
        assert [[[1, 3], [5, 7]], [[2, 4], [6, 8]]] == [p.tolist() for p in back.payoffs]
        assert (("a", "b"), ("c", "d")) == back.actions


def test_gambit_makes_the_same_strategic_form() -> None:
    path = next(path for path in CATALOG if path.stem == "bagwell1995")
    text = pygambit.read_efg(path).to_nfg()
    from solver.formats import nfg

    expected = nfg.parse(text, "").form
    found = nfg.parse(nfg.render(read_game(path)), "").form
    assert isinstance(expected, NormalForm)
    assert isinstance(found, NormalForm)
    assert expected.fractions is not None
    assert found.fractions is not None
    assert [a.tolist() for a in expected.fractions] == [a.tolist() for a in found.fractions]


def test_one_game_of_a_batch_is_written() -> None:
    told = tree(("a",), chance({"x": (np.array([0.5, 0.25]), leaf(np.array([1.0, 2.0]))),
                                "y": (np.array([0.5, 0.75]), leaf(3.0))}))  # fmt: skip
    from solver.formats._game_file import as_game_file

    with pytest.raises(FormatError, match=r"a batch of shape \(2,\), give an index"):
        as_game_file(told)
    back = form(render(as_game_file(told, 1)))
    assert ([0.25, 0.75], [[2.0], [3.0]]) == (back.chance.tolist(), back.payoffs.tolist())


def _bargain() -> ExtensiveForm:
    return tree(("a", "b"), bargaining({"a": 0.5, "b": 0.5}, leaf(1, 1), leaf(0, 0)))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (_bargain(), "tree at 'the root': players bargain there, which no file can hold"),
        (tree(("a",), leaf(np.nan)), "payoff of 'a' at 'the root' is nan: a file holds finite"),
        (tree(("a",), decision("a", {"\x07": leaf(1)})), r"action '\x07' has the character U+0007"),
        (tree(("a",), decision("a", {"x": leaf(1)}, infoset="\x00")), "information set '\\x00'"),
        (tree(("a",), leaf(1, name="\x1b")), "node '\\x1b' has the character U+001B"),
    ],
)
@pytest.mark.parametrize("suffix", ["efg", "nfg"])
def test_what_no_file_can_hold_is_refused(
    put: Put, told: ExtensiveForm, words: str, suffix: str
) -> None:
    put("")
    path = Path(f"out.{suffix}")
    with pytest.raises(FormatError) as error:
        write_game(path, told)
    if "finite" not in words or suffix == "efg":
        assert str(error.value).startswith(f"{path}: {words}")
    assert not path.exists()
