"""``.efg`` files that are no games: where they fail, how fast, and on how little memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.errors import FormatError
from solver.formats import _efg_nodes, _game_file
from solver.formats.efg import parse, read_efg
from solver.forms.extensive import ExtensiveForm
from tests.fuzz.corpus import TREES

Put = Callable[..., Path]

ONE = 'EFG 2 R "t" { "a" }\n'
TWO = 'EFG 2 R "t" { "a" "b" }\n'
MOVE = 'p "" 1 1 "" { "x" "y" } 0\n'

#: Text of a file, and LINE:COLUMN and message.
BAD = {
    "empty": ("", "1:1: a game as a tree starts with EFG 2 R, not with the end of the file"),
    "table": ('NFG 1 R "t" { }', "1:1: a game as a tree starts with EFG 2 R, not with 'NFG'"),
    "case": ('efg 2 R "t" { }', "1:1: a game as a tree starts with EFG 2 R, not with 'efg'"),
    "old": ('EFG 1 R "t" { "a" }', "1:5: version '1' of EFG is not known: only 2 is"),
    "letter": ('EFG 2 Q "t" { "a" }', "1:7: R (or D) is needed after EFG 2, not 'Q'"),
    "title": ("EFG 2 R t", "1:9: the title in double quotes is needed, not 't'"),
    "open-title": ('EFG 2 R "t { ', '1:9: the quotation mark " is never closed'),
    "no-players": ('EFG 2 R "t"\n{ }', "2:1: at least one player is needed"),
    "players-open": ('EFG 2 R "t" { "a"', "1:18: the name of player 2, or } in double quotes is"),
    "many-players": ('EFG 2 R "t" { ' + '"" ' * 33 + "}", "1:13: 33 players: at most 32 are read"),
    "no-nodes": (ONE, "1:20: the file ends before the first node"),
    "only-comment": (ONE + '"c"', "2:4: the file ends before the first node"),
    "two-comments": (ONE + '"c" "d"', "2:5: a node starts with c, p or t, not with '\"d\"'"),
    "kind": (ONE + 'x "" 1', "2:1: a node starts with c, p or t, not with 'x'"),
    "kind-capital": (ONE + 'T "" 1', "2:1: a node starts with c, p or t, not with 'T'"),
    "kind-brace": (ONE + 't "" 0 }', "2:8: a node starts with c, p or t, not with '}'"),
    "name": (ONE + "t 1", "2:3: the name of the node in double quotes is needed, not '1'"),
    "outcome": (ONE + 't ""', "2:5: the number of the outcome, 0 for none, is needed, not the end"),
    "outcome-minus": (ONE + 't "" -1', "2:6: the number of the outcome, 0 for none, is needed"),
    "outcome-half": (ONE + 't "" 1.5', "2:6: the number of the outcome, 0 for none, is needed"),
    "outcome-digits": (ONE + 't "" ' + "9" * 19, "2:6: outcome '9999999999999999999': at most 18"),
    "outcome-arabic": (ONE + 't "" ٣', "2:6: the number of the outcome, 0 for none, is needed"),
    "outcome-unknown": (ONE + 't "" 7', "2:6: outcome 7 has no payoffs here, nor at any other"),
    "outcome-first": (ONE + MOVE + 't "" 7\nt "" 7 "o"', "3:6: outcome 7 has no payoffs here"),
    "outcome-zero": (ONE + 't "" 0 "o" { 1 }', "2:12: outcome 0 pays nothing to anybody: give"),
    "outcome-name": (
        ONE + MOVE + 't "" 1 "o" { 1 }\nt "" 1 "u"',
        "4:8: outcome 1 is called 'o' before, not 'u'",
    ),
    "outcome-other": (
        ONE + MOVE + 't "" 1 "o" { 1 }\nt "" 1 "o" { 2 }',
        "4:12: outcome 1 has other payoffs before: it has one row of them",
    ),
    "payoffs-few": (TWO + 't "" 1 "" { 1 }', "2:15: payoff 2 of 2 is needed, not '}'"),
    "payoffs-none": (TWO + 't "" 1 "" { }', "2:13: payoff 1 of 2 is needed, not '}'"),
    "payoffs-many": (TWO + 't "" 1 "" { 1 2 3 }', "2:17: } is needed after the 2 payoffs of outc"),
    "payoffs-open": (TWO + 't "" 1 "" { 1 2', "2:16: } is needed after the 2 payoffs of outcome 1"),
    "payoffs-bare": (TWO + 't "" 1 "" 1 2', "2:11: a node starts with c, p or t, not with '1'"),
    "payoffs-word": (TWO + 't "" 1 "" { 1 x }', "2:15: 'x' is not a number such as 3, -2/5, .5"),
    "payoffs-nan": (ONE + 't "" 1 "" { nan }', "2:13: 'nan' is not a number"),
    "payoffs-zero": (ONE + 't "" 1 "" { 1/0 }', "2:13: '1/0' divides by zero"),
    "payoffs-huge": (ONE + 't "" 1 "" { 1e9999 }', "2:13: '1e9999' has an exponent of over 2,000"),
    "payoffs-long": (ONE + 't "" 1 { ' + "7" * 3000 + " }", "2:10: '77777777777777777777777777777"),
    "payoffs-code": (ONE + 't "" 1 { __import__("os") }', "2:10: '__import__(' is not a number"),
    "player": (TWO + 'p "" 3 1 "" { "x" } 0', "2:6: the number of a player from 1 to 2 is needed"),
    "player-zero": (TWO + 'p "" 0 1 "" { "x" } 0', "2:6: the number of a player from 1 to 2 is"),
    "player-name": (TWO + 'p "" "a" 1 { "x" } 0', "2:6: the number of a player from 1 to 2 is"),
    "player-huge": (TWO + 'p "" ' + "1" * 9999 + " 1", "2:6: the number of a player from 1 to 2"),
    "set-zero": (ONE + 'p "" 1 0 "" { "x" } 0', "2:8: the number of an information set is 1 or mo"),
    "set-minus": (ONE + 'p "" 1 -1 "" { "x" } 0', "2:8: the number of an information set is neede"),
    "set-digits": (ONE + 'p "" 1 ' + "9" * 19, "2:8: the number of an information set is 1 or m"),
    "event-zero": (ONE + 'c "" 0 "" { "x" 1 } 0', "2:6: the number of an event of chance is 1 or"),
    "set-unknown": (
        ONE + MOVE + 'p "" 1 2 0\nt "" 0\nt "" 0',
        "3:8: information set 2 of 'a' has no actions here, nor at any other node",
    ),
    "set-of-another": (
        TWO + MOVE + 'p "" 2 1 0\nt "" 0\nt "" 0',
        "3:8: information set 1 of 'b' has no actions here, nor at any other node",
    ),
    "event-unknown": (ONE + 'c "" 4 0\nt "" 0', "2:6: event 4 of chance has no actions here"),
    "set-label": (
        TWO + 'p "" 1 1 "" { "x" "y" } 0\np "" 2 1 "h" { "x" } 0 t "" 0\np "" 2 1 "g" 0 t "" 0',
        "4:10: information set 1 of 'b' is called 'h' before, not 'g': it has one label",
    ),
    "no-actions": (ONE + 'p "" 1 1 "" { } 0', "2:13: at least one action is needed"),
    "actions-bare": (ONE + 'p "" 1 1 "" { x } 0', "2:15: the name of action 1, or } in double quo"),
    "actions-comma": (ONE + 'p "" 1 1 "" { "x", "y" } 0', "2:18: the name of action 2, or } in"),
    "actions-open": (ONE + 'p "" 1 1 "" { "x" 0', "2:19: the name of action 2, or } in double quo"),
    "actions-odds": (ONE + 'p "" 1 1 "" { "x" 1/2 "y" 1/2 } 0', "2:19: the name of action 2, or }"),
    "actions-other": (
        TWO + MOVE + 'p "" 2 1 "" { "x" } 0 t "" 0\np "" 2 1 "" { "z" } 0 t "" 0',
        "4:13: information set 1 of 'b' has the actions 'x' before: they must be the same here",
    ),
    "actions-order": (
        TWO + MOVE + 'p "" 2 1 { "x" "y" } 0 t "" 0 t "" 0\np "" 2 1 { "y" "x" } 0 t "" 0 t "" 0',
        ("4:10: information set 1 of 'b' has the actions 'x, y' before: they must be the same here,"
        " in the same order"),
    ),
    "actions-more": (
        TWO + MOVE + 'p "" 2 1 { "x" } 0 t "" 0\np "" 2 1 { "x" "y" } 0 t "" 0 t "" 0',
        "4:10: information set 1 of 'b' has the actions 'x' before",
    ),
    "odds-missing": (ONE + 'c "" 1 "" { "x" "y" } 0', "2:17: the probability of the action is"),
    "odds-end": (ONE + 'c "" 1 "" { "x" } 0', "2:17: the probability of the action is needed, not"),
    "odds-minus": (ONE + 'c "" 1 "" { "x" -1 "y" 2 } 0', "2:17: a probability is 0 or more, not"),
    "odds-sum": (
        ONE + 'c "" 1 "" { "x" 1/3 "y" 1/3 } 0',
        "2:11: probabilities: they add up to '2/3', not to 1",
    ),
    "odds-nearly": (
        ONE + 'c "" 1 "" { "x" 1/3 "y" 666666666667/1000000000000 } 0',
        "2:11: probabilities: they add up to '3000000000001/3000000000000', not to 1",
    ),
    "odds-decimal": (
        ONE + 'c "" 1 "" { "x" .33 "y" .66 } 0',
        "2:11: probabilities: they add up to '99/100', not to 1",
    ),
    "odds-nothing": (ONE + 'c "" 1 "" { "x" 0 "y" 0 } 0', "2:11: probabilities: they add up to '"),
    "odds-nan": (ONE + 'c "" 1 "" { "x" nan } 0', "2:17: 'nan' is not a number such as"),
    "odds-long": (
        ONE + f'c "" 1 "" {{ "x" 1/{10**1500 + 1} "y" 1/{10**1500} }} 0',
        "2:11: probabilities: a sum has over 2,000 digits",
    ),
    "odds-other": (
        ONE + 'c "" 1 { "x" 1/2 "y" 1/2 } 0\nc "" 1 { "x" 1/3 "y" 2/3 } 0',
        "3:8: event 1 of chance has the probabilities '1/2, 1/2' before: they must be the same",
    ),
    "branch-missing": (
        ONE + MOVE + 't "" 0\n',
        "3:7: the file ends before branch 2 of 2 of the node at 2:1",
    ),
    "branches-missing": (ONE + MOVE, "2:26: the file ends before branch 1 of 2 of the node at 2:1"),
    "inner-missing": (
        TWO + MOVE + 't "" 0\n  p "" 2 1 { "x" } 0',
        "4:21: the file ends before branch 1 of 1 of the node at 4:3",
    ),
    "left-over": (ONE + 't "" 0\n t "" 0', "3:2: this node is left over: all branches before have"),
    "left-over-move": (ONE + MOVE + 't "" 0 t "" 0 t "" 0', "3:15: this node is left over"),
    "second-game": (ONE + 't "" 0\n' + ONE, "3:1: a second game starts here: a file holds one"),
    "back": (
        ONE + MOVE + 't "" 0\np "" 1 1 0\nt "" 0\nt "" 0',
        "4:1: 'a' is back in its information set 1: absent-minded players are not supported",
    ),
    "back-later": (
        TWO + MOVE + 't "" 0\np "" 2 1 { "z" } 0 p "" 1 1 0 t "" 0 t "" 0',
        "4:20: 'a' is back in its information set 1: absent-minded players are not supported",
    ),
    "forgets-action": (
        ONE + MOVE + 'p "" 1 2 { "z" } 0 t "" 0\np "" 1 2 0 t "" 0',
        ("4:1: 'a' cannot tell this node from that at 3:1, although it did other things before:"
        " players need perfect recall"),
    ),
    "forgets-knowledge": (
        TWO + 'p "" 2 1 { "x" "y" } 0\np "" 1 1 { "z" } 0 p "" 1 9 { "q" } 0 t "" 0\n'
        'p "" 1 2 { "z" } 0 p "" 1 9 0 t "" 0',
        "4:20: 'a' cannot tell this node from that at 3:20, although it did other things before",
    ),
    "open-comment": (ONE + 't "" /* 0', "2:6: the comment /* is never closed"),
    "control": (ONE + 't "\x1b[2J" 0', "2:4: control character U+001B is not allowed"),
    "latin": (b'EFG 2 R "t"\n{ "Z\xfcrich" }', "2:5: byte 0xFC is not UTF-8: save the file as"),
    "return": (b'EFG 2 R "t"\r{ "a" }\r\n\rx', "4:1: a node starts with c, p or t, not with 'x'"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_what_is_no_game_is_refused_at_its_place(
    put: Put, content: str | bytes, words: str
) -> None:
    with pytest.raises(FormatError) as error:
        read_efg(put(content, "g.efg"))
    message = str(error.value)
    assert message.startswith(f"g.efg:{words}")
    assert message.isprintable()
    assert len(message) < 250


def test_payoffs_on_the_way_do_not_grow_without_end() -> None:
    steps = "".join(f'c "" {k} "" {{ "x" 1 }} {k} {{ 1/{10**600 + k} }}\n' for k in range(1, 6))
    with pytest.raises(FormatError, match=r"^g:5:1: payoffs up to this node: a sum has over 2,000"):
        parse(ONE + steps + 't "" 0', "g")


def test_all_sums_of_long_numbers_are_bounded() -> None:
    step = 'c "" 1 1\n'
    start = f'c "" 1 "" {{ "x" 1 }} 1 "" {{ 1/{"3" * 1990} }}\n'
    text = ONE + start + step * 20_000 + 't "" 0'
    start_time = process_time()
    with pytest.raises(
        FormatError, match=r"payoffs up to this node: the sums of long numbers have"
    ):
        parse(text, "g")
    assert process_time() - start_time < 5.0


def test_a_tree_may_be_as_deep_as_it_likes() -> None:
    depth = 100_000
    text = ONE + 'c "" 1 { "go" 1 } 0\n' + 'c "" 1 0\n' * (depth - 1) + 't "" 1 { 5 }'
    form = parse(text, "g").form
    assert isinstance(form, ExtensiveForm)
    assert (depth + 1, [[5.0]]) == (form.tree.size, form.payoffs.tolist())


def test_a_player_that_forgets_far_below_is_refused_in_one_line() -> None:
    chain = 'c "" 1 { "x" 1 } 0\n' + 'c "" 1 0\n' * 49_999
    text = ONE + 'p "" 1 1 { "l" } 0\n' + chain + 'p "" 1 1 0\nt "" 0'
    with pytest.raises(FormatError) as error:
        parse(text, "g")
    assert str(error.value).startswith("g:50003:1: 'a' is back in its information set 1")
    assert len(str(error.value)) < 200


def test_the_number_of_nodes_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_game_file, "MOST_NODES", 3)
    text = ONE + MOVE + 't "" 0\nt "" 0'
    assert 3 == len(parse(text, "g").form.payoffs) + 1
    with pytest.raises(FormatError, match=r"^g:5:1: more than 3 nodes: a game of 1 player has at"):
        parse(text + '\nt "" 0', "g")
    with pytest.raises(FormatError, match=r"^g:2:10: more than 3 actions: a game of 1 player"):
        parse(ONE + 'p "" 1 2 { "a" "b" "c" "d" } 0', "g")


def test_players_and_nodes_together_are_limited() -> None:
    assert 250_000 == _efg_nodes.most_nodes(1)
    assert 31_250 == _efg_nodes.most_nodes(32)


#: 1 MB each.
HOSTILE = {
    "braces": lambda n: ONE + "{ " * (n // 2),
    "players": lambda n: 'EFG 2 R "t" { ' + '"" ' * (n // 3),
    "actions": lambda n: ONE + 'p "" 1 1 "" { ' + '"" ' * (n // 3),
    "odds": lambda n: ONE + 'c "" 1 "" { ' + '"" 0 ' * (n // 5),
    "payoffs": lambda n: ONE + 't "" 1 { ' + "1 " * (n // 2),
    "leaves": lambda n: ONE + 't""0 ' * (n // 6),
    "moves": lambda n: ONE + 'p""1 1 0 ' * (n // 9),
    "digits": lambda n: ONE + 't "" 1 { ' + "9" * n,
    "outcome": lambda n: ONE + 't "" ' + "9" * n,
    "string": lambda n: ONE + 't "' + "\\a" * (n // 2),
    "lines": lambda n: ONE + "\n" * n + "x",
    "hashes": lambda n: ONE + "#\n" * (n // 2) + "x",
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_huge_hostile_file_is_refused_quickly(make: Callable[[int], str]) -> None:
    text = make(1_000_000)
    start = process_time()
    with pytest.raises(FormatError):
        parse(text, "g.efg")
    assert process_time() - start < 5.0


SPLICES = ["", " ", '"', "\\", "{", "}", ",", "/", "/*", "#", "-", ".", "0", "9", "c ", "p ", "t "]


@given(st.sampled_from(TREES), st.integers(0, 400), st.integers(0, 20), st.sampled_from(SPLICES))
def test_damaged_files_fail_in_no_other_way(
    text: str, start: int, length: int, splice: str
) -> None:
    text = text[:start] + splice + text[start + length :]
    try:
        game = parse(text, "g.efg")
    except FormatError as error:
        assert str(error).startswith("g.efg:")  # noqa: PT017
    else:
        assert isinstance(game.form, ExtensiveForm)
