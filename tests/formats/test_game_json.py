"""Games as JSON: exact, strict, and the same as in ``.nfg``."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import GameFile, NormalForm, read_game
from solver.errors import FormatError
from solver.formats import game_json, nfg
from solver.formats._game_file import exact_form

GOOD: dict[str, Any] = {
    "format": "coopet-game", "version": 1, "title": "t", "comment": "c", "players": ["a", "b"],
    "actions": [["x", "y"], ["u", "v", "w"]],
    "payoffs": [[[1, 2, 3], [4, 5, "1/3"]], [[0.1, -1, 1e400], [0, "1e-3", 7]]],
}  # fmt: skip
TEXT = json.dumps(GOOD).replace("Infinity", "1e400")

values = st.fractions() | st.sampled_from(
    [Fraction(1, 2**60), Fraction(2**53 + 1), Fraction(10**400), Fraction(1, 10), Fraction(1, 3)]
)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)


def without(key: str) -> str:
    return json.dumps({k: v for k, v in GOOD.items() if k != key}).replace("Infinity", "0")


def replaced(**change: Any) -> str:
    return json.dumps(GOOD | change).replace("Infinity", "0")


def test_numbers_are_exact_as_they_stand() -> None:
    form = game_json.parse(TEXT, "g.json").form
    assert form.fractions is not None
    first, second = (array.tolist() for array in form.fractions)
    assert [[1, 2, 3], [4, 5, Fraction(1, 3)]] == first
    assert [[Fraction(1, 10), -1, 10**400], [0, Fraction(1, 1000), 7]] == second
    assert [[0.1, -1.0, np.inf], [0.0, 0.001, 7.0]] == form.payoffs[1].tolist()


def test_title_and_comment_may_be_missing() -> None:
    game = game_json.parse(without("title"), "g.json")
    assert ("", "c") == (game.title, game.comment)
    assert "" == game_json.parse(without("comment"), "g.json").comment


@given(st.data())
def test_what_is_written_is_read_back_from_both_formats(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple))
    unique = {"unique": True}
    players = data.draw(st.lists(names, min_size=len(shape), max_size=len(shape), **unique))
    actions = [data.draw(st.lists(names, min_size=m, max_size=m, **unique)) for m in shape]
    size = int(np.prod(shape))
    rows = [data.draw(st.lists(values, min_size=size, max_size=size)) for _ in shape]
    game = GameFile(exact_form(rows, shape, players, actions, "C"), data.draw(names), "c")
    back = game_json.parse(game_json.render(game), "")
    again = nfg.parse(nfg.render(back), "")
    for read in (back, again):
        assert (game.title, game.comment) == (read.title, read.comment)
        assert (game.form.players, game.form.actions) == (read.form.players, read.form.actions)
        assert read.form.fractions is not None
        assert rows == [array.ravel().tolist() for array in read.form.fractions]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3))
def test_floats_are_read_back_as_they_were(row: list[float]) -> None:
    text = game_json.render(GameFile(NormalForm([row])))
    assert row == game_json.parse(text, "").form.payoffs[0].tolist()
    assert row == json.loads(text)["payoffs"][0]


def test_numbers_that_others_would_round_are_strings() -> None:
    numbers = [Fraction(1, 3), Fraction(1, 2), Fraction(2**53 + 1), Fraction(10**400), Fraction(3)]
    form = exact_form([numbers], (5,), ["a"], [list("vwxyz")], "C")
    shown = json.loads(game_json.render(GameFile(form)))["payoffs"][0]
    assert ["1/3", 0.5, "9007199254740993", "1" + "0" * 400, 3] == shown


BAD = {
    "empty": ("", "1:1: Expecting value"),
    "syntax": ('{\n "format": coopet}', "2:12: Expecting value"),
    "return": ('{\r"a": 1,\r}', "3:1: Expecting property name"),
    "twice": (TEXT + TEXT, f"1:{len(TEXT) + 1}: Extra data"),
    "list": ("[1, 2]", ' a game is a JSON object with "format": "coopet-game"'),
    "foreign": ('{"game": {"name": "x"}}', " a game is a JSON object with"),
    "version": (replaced(version=2), " version '2' is not known: only 1 is"),
    "version-word": (replaced(version="1"), " version '1' is not known"),
    "version-true": (replaced(version=True), " version true is not known"),
    "key": (replaced(playrs=[]), " unknown key 'playrs': did you mean players"),
    "key-twice": ('{"format": 1, "format": 2}', " key 'format' is given twice"),
    "no-payoffs": (without("payoffs"), " 'payoffs' is missing"),
    "no-actions": (without("actions"), " 'actions' is missing"),
    "title": (replaced(title=3), " title: text is needed, not '3'"),
    "comment": (replaced(comment=None), " comment: text is needed, not null"),
    "players": (replaced(players="ab"), " players: a list of names is needed, not 'ab'"),
    "nobody": (replaced(players=[]), " players: a list of names is needed, not a list of 0"),
    "player": (replaced(players=["a", 1]), " players[1]: text is needed, not '1'"),
    "same": (replaced(players=["a", "a"]), " players: names must differ, 'a' stands 2 times"),
    "actions": (replaced(actions=[["x"]]), " actions: a list of 2 is needed, not a list of 1"),
    "action": (replaced(actions=[["x"], []]), " actions[1]: a list of names is needed, not a list"),
    "escape": (replaced(title="\x1b[2J"), " title: text '\\x1b[2J' has the character U+001B"),
    "surrogate": (replaced(comment="\ud800"), " comment: text '\\ud800' has the character U+D800"),
    "tables": (replaced(payoffs=[]), " payoffs: a list of 2 is needed, not a list of 0"),
    "rows": (replaced(payoffs=[[[1, 2, 3]], []]), " payoffs[0]: a list of 2 is needed, not a list"),
    "cells": (replaced(payoffs=[[[1, 2, 3], [1, 2]], []]), " payoffs[0][1]: a list of 3 is needed"),
    "object": (replaced(payoffs=[{}, []]), " payoffs[0]: a list of 2 is needed, not an object"),
    "null": (replaced(payoffs=[[[1, 2, None], []], []]), " payoffs[0][0][2]: a number is needed"),
    "true": (replaced(payoffs=[[[True, 2, 3], []], []]), " payoffs[0][0][0]: a number is needed"),
    "deep": (replaced(payoffs=[[[[1], 2, 3], []], []]), " payoffs[0][0][0]: a number is needed"),
    "word": (replaced(payoffs=[[["x", 2, 3], []], []]), " payoffs[0][0][0]: 'x' is not a number"),
    "nan": (replaced(payoffs=[[[0, np.nan, 3], []], []]), " payoffs[0][0][1]: 'NaN' is not a"),
    "zero": (replaced(payoffs=[[[0, 1, "1/0"], []], []]), " payoffs[0][0][2]: '1/0' divides by"),
    "huge": (TEXT.replace("1e400", "1e999999999"), " payoffs[1][0][2]: '1e999999999' has an exp"),
    "long": (TEXT.replace("1e400", "9" * 5000), " payoffs[1][0][2]: '99999999"),
    "nested": ("[" * 100_000, "1:1: lists are nested too deep for a game"),
    "crowded": ("[" + "0," * 8_000_001, "1:1: 8,000,002 values, at most 8,000,000 are read"),
    "control": ('{"a": "\x00"}', "1:8: control character U+0000 is not allowed"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_what_is_no_game_is_refused_at_its_place(
    put: Callable[..., Path], text: str, words: str
) -> None:
    with pytest.raises(FormatError) as error:
        read_game(put(text, "g.json"))
    message = str(error.value)
    assert message.startswith(f"g.json:{words}")
    assert message.isprintable()


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 8), st.sampled_from('",[]{}:1e-/ xé\\'))
def test_damaged_files_fail_in_no_other_way(start: int, length: int, splice: str) -> None:
    text = TEXT[:start] + splice + TEXT[start + length :]
    try:
        game = game_json.parse(text, "g.json")
    except FormatError as error:
        assert str(error).startswith("g.json:")  # noqa: PT017
    else:
        assert (2, 3) == game.form.shape
