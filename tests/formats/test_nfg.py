"""``.nfg`` files: what is read, where it fails, and that Gambit reads the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pygambit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import GameFile, NormalForm, read_game
from solver.errors import FormatError
from solver.formats._game_file import exact_form
from solver.formats.nfg import parse, read_nfg, render, write_nfg

Put = Callable[..., Path]

HEAD = 'NFG 1 R "t" { "a" "b" } { 2 2 }\n'
NAMED = 'NFG 1 R "t" { "a" "b" } { { "x" "y" } { "u" } }\n'
CATALOG = sorted(Path(str(files("pygambit"))).rglob("*.nfg"))


def payoffs(text: str) -> list[Any]:
    fractions = parse(text, "g.nfg").form.fractions
    assert fractions is not None
    return [array.tolist() for array in fractions]


def by_gambit(game: pygambit.Game) -> list[Any]:
    """Payoffs by player, profile by profile: asked for by the names of the actions."""
    players = list(game.players)
    actions = [game.get_strategies(player) for player in players]
    cells = [game.get_payoffs(dict(zip(players, p, strict=True))) for p in product(*actions)]
    return [[Fraction(str(cell[player])) for cell in cells] for player in players]


def by_us(form: NormalForm) -> list[Any]:
    assert form.fractions is not None
    return [array.ravel().tolist() for array in form.fractions]


def test_the_first_action_runs_fastest() -> None:
    numbers = " ".join(map(str, range(36)))
    game = parse(f'NFG 1 R "t" {{ "a" "b" "c" }} {{ 2 3 2 }} {numbers}', "g.nfg")
    assert (2, 3, 2) == game.form.shape
    for i, payoff in enumerate(game.form.payoffs):
        for a, b, c in product(range(2), range(3), range(2)):
            assert 3 * (a + 2 * b + 6 * c) + i == payoff[a, b, c]


def test_counts_and_names_give_the_same_game() -> None:
    body = "1 2 3 4 5 6 7 8"
    named = 'NFG 1 R "t" { "a" "b" } { { "x" "y" } { "u" "v" } }\n' + body
    assert payoffs(HEAD + body) == payoffs(named)
    assert (("1", "2"), ("1", "2")) == parse(HEAD + body, "").form.actions
    assert (("x", "y"), ("u", "v")) == parse(named, "").form.actions


def test_outcomes_are_looked_up_and_number_zero_pays_nothing() -> None:
    text = HEAD + '{ { "o" 1, 2 } { 3 4 } { "" 5 , 6, } } 3 0 2 1'
    assert [[[5, 3], [0, 1]], [[6, 4], [0, 2]]] == payoffs(text)
    assert [[[0, 0], [0, 0]]] * 2 == payoffs(HEAD + "{ } 0 0 0 0")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", "1/3"), ("-2/5", "-2/5"), ("+3", "3"), ("-0", "0"), ("4/6", "2/3"), (".5", "1/2"),
        ("5.", "5"), ("-.25", "-1/4"), ("0.1", "1/10"), ("007", "7"), ("1e-3", "1/1000"),
        ("1.5E+6", "1500000"), ("1.25e1", "25/2"), ("0e0", "0"), ("1e400", f"1{'0' * 400}"),
        ("-1e-400", f"-1/1{'0' * 400}"), ("1e0003", "1000"), ("1e-" + "0" * 5000 + "1", "1/10"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly(text: str, value: str) -> None:
    top, _, bottom = value.partition("/")
    expected = Fraction(int(top), int(bottom or 1))
    assert [[[expected], [1]], [[0], [2]]] == payoffs(NAMED + f"{text} 0 1 2")


def test_floats_are_the_roundings_and_infinite_where_none_is_near() -> None:
    form = parse(HEAD + "1e400 -1e400 1/3 0.1 1e-400 1e308 0 0", "").form
    assert [[np.inf, 1e-400], [1 / 3, 0.0]] == form.payoffs[0].tolist()
    assert [[-np.inf, 1e308], [0.1, 0.0]] == form.payoffs[1].tolist()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_byte_order_marks_do_not_matter(put: Put, end: str, encoding: str) -> None:
    text = f'NFG 1 R "Zürich 上 🎲"{end}{{ "a" "b" }}{end}{{ 1 2 }}{end}1 2{end}3 4{end}'
    game = read_nfg(put(text.encode(encoding)))
    assert ("Zürich 上 🎲", [[1.0, 3.0]]) == (game.title, game.form.payoffs[0].tolist())


@pytest.mark.parametrize(
    "text",
    [
        'NFG 1 D "t" {"a""b"}{2 1}1 2 3 4',
        '\n\n  NFG 1 R "t" { "a" "b" } { 2 1 } "" 1 2 3 4 \n\n\x1a',
        'NFG 1 R "t" { "a" "b" } { 2 1 } 1, 2, 3, 4',
        '# x\nNFG 1 R "t" // "y" {\n { "a" /* 1\n2 */ "b" } { 2 1 }\n1 2 # 9\n3 4 # 5',
    ],
    ids=["tight", "loose", "commas", "comments"],
)
def test_white_space_commas_and_comments_do_not_matter(put: Put, text: str) -> None:
    game = read_nfg(put(text))
    assert ([[1.0], [3.0]], [[2.0], [4.0]]) == tuple(p.tolist() for p in game.form.payoffs)
    assert ("t", "", ("a", "b")) == (game.title, game.comment, game.form.players)


def test_quotes_are_escaped_and_other_backslashes_stand() -> None:
    text = r'NFG 1 R "a \"b\" \\ c\d // # {" { "p\\" } { { "\"" "/* x" } } "c\\\"" 1 2'
    game = parse(text, "")
    assert r'a "b" \ c\d // # {' == game.title
    assert (("p\\",), (('"', "/* x"),), 'c\\"') == (
        game.form.players, game.form.actions, game.comment,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        ('"x" "x"', ("x_1", "x_2")),
        ('"x" "y" "x" "x"', ("x_1", "y", "x_2", "x_3")),
        ('"x_1" "x" "x"', ("x_1", "x_1_", "x_2")),
        ('"" ""', ("1", "2")),
        ('"2" "" ""', ("2", "2_", "3")),
        ('"" "x"', ("", "x")),
    ],
)
def test_names_that_repeat_are_kept_apart(names: str, apart: tuple[str, ...]) -> None:
    text = f'NFG 1 R "t" {{ "" "" "z" "z" }} {{ {{ {names} }} {{ "" }} {{ "" }} {{ "" }} }} '
    form = parse(text + "0 " * 4 * len(apart), "").form
    assert (apart, ("player 1", "player 2", "z_1", "z_2")) == (form.actions[0], form.players)


@pytest.mark.parametrize("path", CATALOG, ids=lambda path: path.stem)
def test_gambits_own_games_are_read_as_gambit_reads_them(path: Path) -> None:
    ours, theirs = read_game(path), pygambit.read_nfg(path)
    assert (theirs.title, theirs.description) == (ours.title, ours.comment)
    assert list(theirs.players) == list(ours.form.players)
    assert [theirs.get_strategies(p) for p in theirs.players] == [*map(list, ours.form.actions)]
    assert by_gambit(theirs) == by_us(ours.form)


def test_the_catalog_is_there() -> None:
    assert len(CATALOG) >= 8


labels = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6) | st.text('"\\ a{#/')
numbers = st.fractions() | st.sampled_from(
    [Fraction(10) ** 400, Fraction(-1, 3 * 10**50), Fraction(1, 10**400)]
)


@st.composite
def game_files(draw: st.DrawFn, names: st.SearchStrategy[str] = labels) -> GameFile:
    """Games of one to four players with names of any kind and exact payoffs."""
    shape = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple))
    players = draw(st.lists(names, min_size=len(shape), max_size=len(shape), unique=True))
    actions = [draw(st.lists(names, min_size=m, max_size=m, unique=True)) for m in shape]
    size = int(np.prod(shape))
    rows = [draw(st.lists(numbers, min_size=size, max_size=size)) for _ in shape]
    form = exact_form(rows, shape, players, actions, "C")
    return GameFile(form, draw(names), draw(names))


@given(game=game_files(), outcomes=st.booleans())
def test_what_is_written_is_read_back(game: GameFile, *, outcomes: bool) -> None:
    back = parse(render(game, outcomes=outcomes), "")
    assert (game.title, game.comment) == (back.title, back.comment)
    assert (game.form.players, game.form.actions) == (back.form.players, back.form.actions)
    assert by_us(game.form) == by_us(back.form)
    assert [p.tolist() for p in game.form.payoffs] == [p.tolist() for p in back.form.payoffs]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_floats_are_read_back_as_they_were(values: list[float]) -> None:
    form = NormalForm((np.reshape(values, (2, 2)), np.reshape(values[::-1], (2, 2))))
    back = parse(render(GameFile(form)), "").form
    assert values == back.payoffs[0].ravel().tolist()
    assert values[::-1] == back.payoffs[1].ravel().tolist()


tame = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\\"),
               min_size=1, max_size=5) | st.sampled_from([r"\alpha \beta", 'say "x"'])  # fmt: skip


@given(game=game_files(tame), outcomes=st.booleans())
def test_gambit_reads_what_we_write(game: GameFile, *, outcomes: bool) -> None:
    theirs = pygambit.read_nfg(_stream(render(game, outcomes=outcomes)))
    assert (game.title, game.comment) == (theirs.title, theirs.description)
    assert list(game.form.players) == list(theirs.players)
    assert [*map(list, game.form.actions)] == [theirs.get_strategies(p) for p in theirs.players]
    assert by_us(game.form) == by_gambit(theirs)


@given(game_files(tame))
def test_we_read_what_gambit_writes(game: GameFile) -> None:
    theirs = pygambit.read_nfg(_stream(render(game)))
    ours = parse(theirs.to_nfg(), "")
    assert (game.title, game.comment) == (ours.title, ours.comment)
    assert by_us(game.form) == by_us(ours.form)


def _stream(text: str) -> Any:
    from io import BytesIO

    return BytesIO(text.encode())


def test_a_written_file_looks_like_this(put: Put) -> None:
    form = NormalForm(([[2, 0], [3, 0.1]], [[2, 3], [0, 0]]), ("Ann", "Bob"), (("c", "d"), "lr"))
    expected = (
        'NFG 1 R "A \\"game\\"" { "Ann" "Bob" }\n\n'
        '{ { "c" "d" }\n  { "l" "r" }\n}\n"Why."\n\n'
        '{\n{ "1" 2, 2 }\n{ "2" 3, 0 }\n{ "3" 0, 3 }\n{ "4" 0.1, 0 }\n}\n1 2 3 4\n'
    )
    path = put("", "out.nfg")
    write_nfg(path, GameFile(form, 'A "game"', "Why."), outcomes=True, overwrite=True)
    assert expected == path.read_text()


def test_no_name_of_an_outcome_is_needed_for_nothing() -> None:
    form = NormalForm(([[0, 1]], [[0, 0]]))
    assert render(GameFile(form), outcomes=True).endswith('{\n{ "1" 1, 0 }\n}\n0 1\n')


#: Text of a file, and LINE:COLUMN and message.
BAD = {
    "empty": ("", "1:1: a game in normal form starts with NFG 1 R, not with the end of the file"),
    "blank": ("\n\n  \n", "1:1: a game in normal form starts with NFG"),
    "tree": ('EFG 2 R "t" { }', "1:1: a game in normal form starts with NFG 1 R, not with 'EFG'"),
    "case": ('nfg 1 R "t"', "1:1: a game in normal form starts with NFG 1 R, not with 'nfg'"),
    "quoted": ('"NFG" 1 R', "1:1: a game in normal form starts"),
    "version": ('NFG 2 R "t"', "1:5: version '2' of NFG is not known: only 1 is"),
    "letter": ('NFG 1 Q "t"', "1:7: R (or D) is needed after NFG 1, not 'Q'"),
    "no-letter": ('NFG 1 "t"', "1:7: R (or D) is needed"),
    "title": ("NFG 1 R t { }", "1:9: the title in double quotes is needed, not 't'"),
    "open-title": ('NFG 1 R "t { "', "1:15: { is needed before the names of the players, not"),
    "never-closed": ('NFG 1 R "t" {\n "a" "b }', '2:6: the quotation mark " is never closed'),
    "escaped-end": ('NFG 1 R "t\\" { ', '1:9: the quotation mark " is never closed'),
    "open-comment": ('NFG 1 R /* "t" { ', "1:9: the comment /* is never closed"),
    "no-players": ('NFG 1 R "t" { } { }', "1:13: at least one player is needed"),
    "players-open": ('NFG 1 R "t" { "a"', "1:18: the name of player 2, or } in double quotes"),
    "players-bare": ('NFG 1 R "t" { a b }', "1:15: the name of player 1, or }"),
    "players-comma": ('NFG 1 R "t" { "a", "b" }', "1:18: the name of player 2, or }"),
    "nested": ('NFG 1 R "t" ' + "{" * 100_000, "1:14: the name of player 1"),
    "no-actions": ('NFG 1 R "t" { "a" }\n1 2', "2:1: { is needed before the actions, not '1'"),
    "zero-actions": ('NFG 1 R "t" { "a" } { 0 }', "1:23: every player needs at least one action"),
    "zero-names": ('NFG 1 R "t" { "a" } { { } }', "1:23: at least one action is needed"),
    "few-counts": ('NFG 1 R "t" { "a" "b" } { 2 }', "1:25: actions of 1 player, but there are 2"),
    "more-counts": ('NFG 1 R "t" { "a" } { 2 2 }', "1:25: the actions of 1 player end with }"),
    "few-lists": ('NFG 1 R "t" { "a" "b" } { { "x" } }', "1:25: actions of 1 player, but"),
    "more-lists": ('NFG 1 R "t" { "a" } { { "x" } { "y" } }', "1:31: the actions of 1 player"),
    "half-count": ('NFG 1 R "t" { "a" } { 1.5 }', "1:23: a number of actions is needed, not '1.5'"),
    "minus-count": ('NFG 1 R "t" { "a" } { -1 }', "1:23: a number of actions is needed"),
    "other-digits": ('NFG 1 R "t" { "a" } { ٣ }', "1:23: a number of actions is needed"),
    "mixed": ('NFG 1 R "t" { "a" "b" } { 2 { "x" } }', "1:29: a number of actions is needed"),
    "mixed-too": ('NFG 1 R "t" { "a" "b" } { { "x" } 2 }', "1:35: { is needed before the names"),
    "huge-count": ('NFG 1 R "t" { "a" } { 1000000000 }', "1:23: 1,000,000,000 cells of 1 payoff:"),
    "huge-digits": ('NFG 1 R "t" { "a" } { ' + "9" * 10_000 + " }", "1:23: 999,999,999,999"),
    "huge-product": ('NFG 1 R "t" { "a" "b" } { 1001 1000 }', "1:32: 1,001,000 cells of 2"),
    "many-players": ('NFG 1 R "t" { ' + '"" ' * 33 + "}", "1:13: 33 players: at most 32 are read"),
    "few": (HEAD + "1 2 3\n 4 5 6 7 \n\n", "3:9: the file ends after 7 payoffs: 2 players with"),
    "none": (HEAD, "1:32: the file ends after 0 payoffs"),
    "many": (HEAD + "1 2 3 4 5 6 7 8\n9", "3:1: '9' stands after the last entry: 2 players with"),
    "second-game": (HEAD + "1 2 3 4 5 6 7 8\n" + HEAD, "3:1: a second game starts here"),
    "text-after": (HEAD + '1 2 3 4 5 6 7 8 "c"', "2:17: '\"c\"' stands after the last entry"),
    "brace-after": (HEAD + "1 2 3 4 5 6 7 8 }", "2:17: '}' stands after the last entry"),
    "text-within": (HEAD + '1 2 "c" 4', "2:5: payoff 3 of 8 is needed, not '\"c\"'"),
    "two-commas": (HEAD + "1,, 2", "2:3: payoff 2 of 8 is needed, not ','"),
    "first-comma": (HEAD + ", 2", "2:1: payoff 1 of 8 is needed, not ','"),
    "two-comments": (HEAD + '"c" "d" 1 2', "2:5: payoff 1 of 8 is needed, not '\"d\"'"),
    "word": (HEAD + "1 2 much", "2:5: 'much' is not a number such as 3, -2/5, .5 or 1e-3"),
    "nan": (HEAD + "nan", "2:1: 'nan' is not a number"),
    "infinity": (HEAD + "1 -inf", "2:3: '-inf' is not a number"),
    "hex": (HEAD + "0x10", "2:1: '0x10' is not a number"),
    "underscore": (HEAD + "1_0", "2:1: '1_0' is not a number"),
    "dot": (HEAD + ".", "2:1: '.' is not a number"),
    "exponent-only": (HEAD + ".e5", "2:1: '.e5' is not a number"),
    "no-exponent": (HEAD + "1e", "2:1: '1e' is not a number"),
    "minus": (HEAD + "1 - 1", "2:3: '-' is not a number"),
    "two-signs": (HEAD + "--1", "2:1: '--1' is not a number"),
    "zero-below": (HEAD + "1 1/0", "2:3: '1/0' divides by zero"),
    "minus-below": (HEAD + "1/-3", "2:1: '1/-3' is not a number"),
    "half-below": (HEAD + "1/.5", "2:1: '1/.5' is not a number"),
    "spaced-fraction": (HEAD + "1 / 3", "2:3: '/' is not a number"),
    "arabic": (HEAD + "٣", "2:1: '٣' is not a number"),
    "code": (HEAD + "__import__('os')", "2:1: \"__import__('os')\" is not a number"),
    "long": (HEAD + "\n  " + "7" * 3000, "3:3: '777777777777777777777777777777'... (3,000 char"),
    "long-fraction": (HEAD + "1/" + "7" * 3000, "2:1: '1/7777777777777777777777777777'... (3,002"),
    "exponent": (HEAD + "1e999999999", "2:1: '1e999999999' has an exponent of over 2,000"),
    "exponent-minus": (HEAD + "1e-2001", "2:1: '1e-2001' has an exponent of over 2,000"),
    "exponent-long": (HEAD + "1e" + "9" * 9000, "2:1: '1e9999999999999999999999999999'... (9,002"),
    "digits-in-all": (HEAD + "77e1999", "2:1: '77e1999' has over 2,000 digits"),
    "outcomes-open": (HEAD + '{ { "o" 1 2 }', "2:14: { is needed before outcome 2, or } after"),
    "outcome-few": (HEAD + '{ { "o" 1 } }', "2:11: payoff 2 of 2 is needed, not '}'"),
    "outcome-many": (HEAD + '{ { "o" 1 2 3 } }', "2:13: } is needed after the 2 payoffs of"),
    "outcome-bare": (HEAD + '{ "o" 1 2 }', "2:3: { is needed before outcome 1"),
    "decimal-comma": (HEAD + '{ { "o" 1,5 2,5 } }', "2:13: } is needed after the 2 payoffs"),
    "index-high": (HEAD + '{ { "o" 1 2 } }\n0 1 2 0', "3:5: outcome '2' is not listed: 0 to 1 are"),
    "index-huge": (HEAD + "{ } " + "1" * 9999, "2:5: outcome '111111111111111111111111111111'..."),
    "index-minus": (HEAD + "{ } -1", "2:5: the number of an outcome from 0 to 0 is needed"),
    "index-half": (HEAD + "{ } 0.0", "2:5: the number of an outcome from 0 to 0 is needed"),
    "index-few": (HEAD + "{ } 0 0 0", "2:10: the file ends after 3 outcomes: 2 players with"),
    "index-many": (HEAD + "{ } 0 0 0 0 0", "2:13: '0' stands after the last entry"),
    "control": ('NFG 1 R "\x1b[2J" { "a" } { 1 } 1', "1:10: control character U+001B is not"),
    "nul": ('NFG 1 R "t"\n\0', "2:1: control character U+0000 is not allowed"),
    "latin": (b'NFG 1 R "t"\n{ "Z\xfcrich" }', "2:5: byte 0xFC is not UTF-8: save the file as"),
    "latin-later": ('NFG 1 R "ü"\r\n"ü'.encode() + b'\xfc"', "2:3: byte 0xFC is not UTF-8"),
    "half-utf-16": ('NFG 1 R\n"t"'.encode("utf-16") + b"\0", "2:4: byte 0x00 is not UTF-16"),
    "return": (b'NFG 1 R "t"\r{ "a" }\r\n{ 1 }\n\rx', "5:1: 'x' is not a number"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_what_is_no_game_is_refused_at_its_place(
    put: Put, content: str | bytes, words: str
) -> None:
    with pytest.raises(FormatError) as error:
        read_nfg(put(content))
    message = str(error.value)
    assert message.startswith(f"g.nfg:{words}")
    assert message.isprintable()
    assert len(message) < 200


def test_numbers_with_huge_exponents_do_not_fill_the_memory(monkeypatch: Any) -> None:
    monkeypatch.setattr("solver.formats._numbers.MOST_SCALE", 5_000)
    with pytest.raises(FormatError, match=r"2:22: the exponents of all numbers add up to over"):
        parse(HEAD + "1e1999 1e1999 2e1998 3e1999", "g.nfg")


#: 20 MB each.
HOSTILE = {
    "braces": lambda n: 'NFG 1 R "t" ' + "{ " * (n // 2),
    "names": lambda n: 'NFG 1 R "t" { "a" } { { ' + '"" ' * (n // 3),
    "players": lambda n: 'NFG 1 R "t" { ' + '"" ' * (n // 3),
    "digits": lambda n: HEAD + "9" * n,
    "exponent": lambda n: HEAD + "1e" + "9" * n,
    "string": lambda n: 'NFG 1 R "' + "\\a" * (n // 2),
    "comment": lambda n: 'NFG 1 R "t" /*' + "*" * n,
    "lines": lambda n: 'NFG 1 R "t" {' + "\n" * n + "x",
    "hashes": lambda n: 'NFG 1 R "t" {' + "#\n" * (n // 2) + "x",
    "claimed": lambda n: 'NFG 1 R "t" { "a" "b" } { 1000 1000 }' + " " * n + "x",
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_huge_hostile_file_is_refused_quickly(make: Callable[[int], str]) -> None:
    from time import process_time

    text = make(20_000_000)
    start = process_time()
    with pytest.raises(FormatError):
        parse(text, "g.nfg")
    assert process_time() - start < 10.0


def test_claimed_cells_take_no_memory() -> None:
    import tracemalloc

    text = 'NFG 1 R "t" { "a" "b" } { 1000 1000 } 1 2 3'
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match="ends after 3 payoffs"):
            parse(text, "g.nfg")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


SEEDS = [
    render(GameFile(NormalForm(np.arange(36.0).reshape(3, 2, 3, 2) / 8), "Seed", 'With "c".')),
    render(GameFile(NormalForm(([[3, 0], [0, 2]], [[2, 0], [0, 3]]))), outcomes=True),
    HEAD + "1/3 -2/5 .5 5. 1e-3 1.5E+6 +3 0",
]
SPLICES = ["", " ", '"', "\\", "{", "}", ",", "/", "/*", "#", "-", ".", "e", "9", "NFG", "\0", "é"]


@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
def test_damaged_files_fail_in_no_other_way(seed: str, state: int) -> None:
    dice = random.Random(state)
    for _ in range(20):
        text = seed
        for _ in range(dice.randint(1, 4)):
            start = dice.randrange(len(text) + 1)
            stop = start + dice.choice([0, 1, 1, 2, 20])
            text = text[:start] + dice.choice(SPLICES) * dice.choice([1, 1, 3]) + text[stop:]
        try:
            game = parse(text, "g.nfg")
        except FormatError as error:
            assert str(error).startswith("g.nfg:")  # noqa: PT017
        else:
            assert by_us(game.form) == by_us(parse(render(game), "").form)
