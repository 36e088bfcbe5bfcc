"""Tokens of Gambit's formats: quoted text, marks, and words (numbers, mostly).

White space and, unlike in Gambit, comments may stand between any two tokens: ``# ...`` and
``// ...`` up to the end of the line, ``/* ... */`` over lines.
"""

from __future__ import annotations

import re
from typing import NoReturn, final

from solver.errors import FormatError
from solver.formats._text import place, quoted

_TOKEN = re.compile(
    r"(?:\s++|\#[^\r\n]*+|//[^\r\n]*+|/\*.*?\*/)*+"
    r'(?:(?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<mark>[{},])|(?P<word>[^\s{},"\#]++)'
    r"|(?P<open>.)|(?P<end>\Z))",
    re.DOTALL,
)
_ESCAPE = re.compile(r'\\(["\\])')
_TO_ESCAPE = re.compile(r'"|\\(?=["\\]|\Z)')


@final
class Tokens:
    """A text read token by token; ``kind`` and ``value`` describe the one at hand."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._stop = 0
        self.offset = 0
        self.kind = ""
        self.value = ""
        self.advance()

    def advance(self) -> None:
        """Go on to the next token; at the end it stays there."""
        found = _TOKEN.match(self._text, self._stop)
        assert found is not None  # noqa: S101  one alternative is any character, one is the end
        self.kind = found.lastgroup or ""
        self._stop = found.end()
        self.offset = found.start(self.kind)
        self.value = found[self.kind]
        if self.kind == "open":
            self.fail('the quotation mark " is never closed')
        if self.kind == "word" and self.value.startswith("/*"):
            self.fail("the comment /* is never closed")

    def take(self) -> str:
        """The value of the token at hand; go on."""
        value = self.value
        self.advance()
        return value

    def at(self, mark: str) -> bool:
        """Whether a mark is at hand."""
        return self.kind == "mark" and self.value == mark

    def expect(self, mark: str, purpose: str) -> None:
        """Go past a mark, or fail saying what it is for."""
        if not self.at(mark):
            self.fail(f"{mark} is needed {purpose}, not {self.found}")
        self.advance()

    def text(self, what: str) -> str:
        """Go past a quoted text and return what it says."""
        if self.kind != "text":
            self.fail(f"{what} in double quotes is needed, not {self.found}")
        quote = self.take()[1:-1]
        return _ESCAPE.sub(r"\1", quote) if "\\" in quote else quote

    @property
    def found(self) -> str:
        """The token at hand, for a message."""
        return "the end of the file" if self.kind == "end" else quoted(self.value)

    def fail(self, what: str, offset: int | None = None) -> NoReturn:
        """Raise FormatError at the token at hand, or at an earlier offset."""
        where = self.where(self.offset if offset is None else offset)
        raise FormatError(f"{self._name}:{where}: {what}")

    def where(self, offset: int) -> str:
        """``LINE:COLUMN`` of an offset."""
        return place(self._text, offset)


def as_text(value: str) -> str:
    r"""Quote a text so that ``Tokens.text`` returns it.

    Only ``"``, and a backslash before ``"``, a backslash or the end, need a backslash in front:
    other backslashes stay single, which is how Gambit reads them.
    """
    return f'"{_TO_ESCAPE.sub(lambda found: chr(92) + found.group(), value)}"'
