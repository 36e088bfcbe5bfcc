"""The line on which each key of a TOML text stands, for messages about what is wrong there.

`tomllib` says where the syntax is wrong, but not where a value came from. This reads a text that
`tomllib` has accepted, and so need not look for mistakes: it only keeps count of keys and lines.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import final

#: A key, and the numbers of entries of arrays: ``("sweeps", "map", "axes", 1)``.
KeyPath = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}\n#]*")  # numbers, dates, true and false


def key_lines(text: str) -> dict[KeyPath, int]:
    """Line, from 1, of each key, table and entry of an array in a valid TOML text."""
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    return scanner.lines


@final
class _Scanner:
    """Walks through a text once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self.tables: Counter[KeyPath] = Counter()

    def document(self) -> None:
        """Headers and ``key = value`` lines."""
        table: KeyPath = ()
        self._skip(_SPACE)
        while self.at < len(self.text):
            if self._next("["):
                repeated = self._next("[")
                table = self._key(())
                self._next("]")
                if repeated:
                    self._next("]")
                    table = self._entry(table)
            else:
                self._pair(table)
            self._skip(_SPACE)

    def _entry(self, table: KeyPath) -> KeyPath:
        """The path of the next table of an array of tables."""
        entry = (*table, self.tables[table])
        self.tables[table] += 1
        self._note(entry)
        return entry

    def _pair(self, table: KeyPath) -> None:
        path = self._key(table)
        self._next("=")
        self._value(path)

    def _key(self, table: KeyPath) -> KeyPath:
        """A key with its dots, below a table; arrays of tables mean their last one."""
        path = table
        while True:
            self._skip(_BLANK)
            if found := _STRING.match(self.text, self.at):
                name = tomllib.loads(f"key = {found[0]}")["key"]
            else:
                found = _BARE_KEY.match(self.text, self.at)
                assert found is not None  # noqa: S101  the text is valid
                name = found[0]
            self.at = found.end()
            path = (*path, name)
            self._note(path)
            self._skip(_BLANK)
            if not self._next("."):
                return path
            if path in self.tables:
                path = (*path, self.tables[path] - 1)

    def _value(self, path: KeyPath) -> None:
        self._skip(_SPACE)
        if found := _STRING.match(self.text, self.at):
            self.at = found.end()
        elif self._next("["):
            self._entries(path)
        elif self._next("{"):
            self._skip(_SPACE)
            while not self._next("}"):
                self._pair(path)
                self._skip(_SPACE)
                self._next(",")
                self._skip(_SPACE)
        else:
            self._skip(_PLAIN)

    def _entries(self, path: KeyPath) -> None:
        number = 0
        self._skip(_SPACE)
        while not self._next("]"):
            self._note((*path, number))
            self._value((*path, number))
            number += 1
            self._skip(_SPACE)
            self._next(",")
            self._skip(_SPACE)

    def _note(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        assert found is not None  # noqa: S101  each matches nothing too
        self.at = found.end()

    def _next(self, mark: str) -> bool:
        """Step over a mark, if it comes next."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True
