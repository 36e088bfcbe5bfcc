"""Games as JSON: one object that any language reads without a parser of its own.

``{"format": "coopet-game", "version": 1, "title": ..., "comment": ..., "players": [...],
"actions": [[...], ...], "payoffs": [...]}``. ``payoffs[i][a_1]...[a_N]`` is what player i gets.
Numbers are exact as they stand (``0.1`` is 1/10); what JSON cannot say exactly, or other readers
would round, is a string such as ``"1/3"``. Title and comment may be missing. Nothing is tolerated
beyond that: no repeated names, no unknown or repeated keys, no NaN. A tree is written as its
reduced strategic form; files that keep the tree are ``.efg``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from math import prod
from typing import Any, NoReturn, final

from solver.errors import FormatError, unknown
from solver.formats._convert import as_normal
from solver.formats._game_file import MOST_PAYOFFS, GameFile, beyond, exact_form, payoff_texts
from solver.formats._numbers import Numbers, float_text
from solver.formats._text import MOST_QUOTED, place, quoted, require_writable
from solver.forms.normal import rounded

FORMAT, VERSION = "coopet-game", 1
KEYS = ("format", "version", "title", "comment", "players", "actions", "payoffs")
REQUIRED = ("format", "version", "players", "actions", "payoffs")
#: Commas and brackets of a file: each can become an object in memory.
MOST_MARKS = 4 * MOST_PAYOFFS


@final
class _Number:
    """A number as it stands in the file."""

    def __init__(self, text: str) -> None:
        self.text = text


def parse(text: str, name: str) -> GameFile:
    """Read the text of a ``.json`` file; `name` stands in messages.

    Raises
    ------
    FormatError
        ``FILE:LINE:COLUMN`` where it is no JSON, ``FILE: payoffs[0][1]`` where it is no game.
    """
    data = _load(text, name)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FormatError(f'{name}: a game is a JSON object with "format": "{FORMAT}"')
    version = data.get("version")
    if not isinstance(version, _Number) or version.text != str(VERSION):
        raise FormatError(f"{name}: version {_kind(version)} is not known: only {VERSION} is")
    for key in data:
        if key not in KEYS:
            raise FormatError(f"{name}: {unknown('key', key[:MOST_QUOTED], KEYS)}")
    for key in REQUIRED:
        if key not in data:
            raise FormatError(f"{name}: {key!r} is missing")
    return _Reader(name).game(data)


def render(game: GameFile) -> str:
    """The text of a ``.json`` file; a tree is written as its reduced strategic form.

    Raises
    ------
    FormatError
        For a payoff that is not finite, or a tree that has bargaining or too many strategies.
    """
    form = as_normal(game.form)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "title": game.title,
        "comment": game.comment,
        "players": form.players,
        "actions": form.actions,
    }
    lines = [f" {_dump(key)}: {_dump(value)}," for key, value in head.items()]
    tables = [_dump(_nested([_shown(t) for t in row], form.shape)) for row in payoff_texts(form)]
    return "\n".join(["{", *lines, ' "payoffs": [', "  " + ",\n  ".join(tables), " ]", "}", ""])


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _nested(row: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """A row with the first player's action fastest as lists in lists, the first one outermost."""
    if not shape:
        return row[0]
    return [_nested(row[a :: shape[0]], shape[1:]) for a in range(shape[0])]


def _shown(text: str) -> Any:
    """A number as JSON if every reader gets the same from it, otherwise as a string."""
    value = Fraction(text)
    near = rounded(value)
    if near not in (float("inf"), float("-inf")):
        shown = float_text(near)
        if Fraction(shown) == value:
            return json.loads(shown)
    return text


def _load(text: str, name: str) -> Any:
    marks = sum(map(text.count, "[{,"))
    if marks > MOST_MARKS:
        raise FormatError(f"{name}:1:1: {marks:,} values, at most {MOST_MARKS:,} are read")
    try:
        return json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise FormatError(f"{name}:{place(text, error.pos)}: {error.msg}") from None
    except RecursionError:
        raise FormatError(f"{name}:1:1: lists are nested too deep for a game") from None
    except _RepeatedKeyError as error:
        raise FormatError(f"{name}: key {quoted(str(error))} is given twice") from None


class _RepeatedKeyError(Exception):
    """A key that stands twice in an object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found


def _kind(value: object) -> str:
    """What a JSON value is, for a message."""
    if isinstance(value, _Number):
        return quoted(value.text)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    return "an object" if isinstance(value, dict) else json.dumps(value)


@final
class _Reader:
    """Reads values of one file, naming the path of what does not fit."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._numbers = Numbers()

    def game(self, data: dict[str, Any]) -> GameFile:
        """The game that an object with the right keys describes."""
        title = self._text("title", data.get("title", ""))
        comment = self._text("comment", data.get("comment", ""))
        players = self._names("players", data["players"])
        actions = [
            self._names(f"actions[{i}]", names)
            for i, names in enumerate(self._list("actions", data["actions"], len(players)))
        ]
        shape = tuple(map(len, actions))
        excess = beyond(len(players), prod(shape))
        if excess:
            self._fail("actions", excess)
        tables = self._list("payoffs", data["payoffs"], len(players))
        rows = [self._row(f"payoffs[{i}]", table, shape) for i, table in enumerate(tables)]
        return GameFile(exact_form(rows, shape, players, actions, "C"), title, comment)

    def _row(self, path: str, value: Any, shape: tuple[int, ...]) -> list[Fraction]:
        """Lists in lists as one row, the last player's action fastest."""
        entries = enumerate(self._list(path, value, shape[0]))
        if len(shape) == 1:
            return [self._number(path, a, entry) for a, entry in entries]
        parts = [self._row(f"{path}[{a}]", entry, shape[1:]) for a, entry in entries]
        return list(chain.from_iterable(parts))

    def _number(self, path: str, a: int, value: Any) -> Fraction:
        if not isinstance(value, _Number | str):
            self._fail(f"{path}[{a}]", f"a number is needed, not {_kind(value)}")
        try:
            return self._numbers.read(value if isinstance(value, str) else value.text)
        except ValueError as error:
            self._fail(f"{path}[{a}]", str(error))

    def _list(self, path: str, value: Any, length: int) -> list[Any]:
        if not isinstance(value, list) or len(value) != length:
            self._fail(path, f"a list of {length:,} is needed, not {_kind(value)}")
        return value

    def _names(self, path: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not value:
            self._fail(path, f"a list of names is needed, not {_kind(value)}")
        names = [self._text(f"{path}[{k}]", name) for k, name in enumerate(value)]
        if len(set(names)) < len(names):
            (first, times), *_ = Counter(names).most_common(1)
            self._fail(path, f"names must differ, {quoted(first)} stands {times:,} times")
        return names

    def _text(self, path: str, value: Any) -> str:
        if not isinstance(value, str):
            self._fail(path, f"text is needed, not {_kind(value)}")
        try:
            require_writable("text", value)
        except FormatError as error:
            self._fail(path, str(error))
        return value

    def _fail(self, path: str, what: str) -> NoReturn:
        raise FormatError(f"{self._name}: {path}: {what}")
