"""Text of game files: bytes to characters and back, places in it, and how messages quote it."""

from __future__ import annotations

import codecs
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.errors import FormatError

#: Bytes of a game file. Two million payoffs of a double's 17 digits fit.
MOST_BYTES = 64_000_000
#: Characters quoted in a message.
MOST_QUOTED = 40

#: What no name may hold: controls could steer a terminal, lone surrogates are no text at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def read_text(path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with a byte order mark, which is taken off.

    Other encodings are refused rather than guessed: a guess would change names silently. Line
    ends stay as they are; an end-of-file character of DOS at the end is dropped.

    Raises
    ------
    FormatError
        Naming the byte, when it is no such text; or the size, when it is over `MOST_BYTES`.
    """
    try:
        if not path.is_file():
            state = "is not a file" if path.exists() else "does not exist"
            raise FormatError(f"file {path} {state}")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(MOST_BYTES + 1) if size <= MOST_BYTES else b""
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror}") from None
    if max(size, len(data)) > MOST_BYTES:
        raise FormatError(
            f"{path}:1:1: the file has {size:,} bytes, at most {MOST_BYTES:,} are read"
        )
    text = _decoded(data, path).rstrip("\x1a \t\r\n")
    found = _FORBIDDEN.search(text)
    if found:
        code = f"U+{ord(found.group()):04X}"
        raise FormatError(
            f"{path}:{place(text, found.start())}: control character {code} is not allowed"
        )
    return text


def _decoded(data: bytes, path: Path) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if wide else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore").removeprefix("\ufeff")
        raise FormatError(
            f"{path}:{place(before, len(before))}: byte 0x{data[error.start]:02X} is not"
            f" {encoding.upper()}: save the file as UTF-8"
        ) from None
    return text.removeprefix("\ufeff")


def write_text(path: Path, text: str, *, overwrite: bool) -> None:
    """Write a whole file or none: a temporary neighbour takes its place once it is complete."""
    require_free(path, overwrite=overwrite)
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".coopet-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file, temporary_file(temporary):
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
    except OSError as error:
        raise FormatError(f"{path}: cannot be written: {error.strerror}") from None


@contextmanager
def temporary_file(path: Path) -> Iterator[None]:
    """A file that is gone afterwards, unless it was renamed."""
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def require_free(path: Path, *, overwrite: bool) -> None:
    """Raise FormatError when `path` exists and may not be replaced."""
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113  these never raise
        raise FormatError(f"{path} exists and is not a file")
    if os.path.lexists(path) and not overwrite:
        raise FormatError(
            f"{path} exists: choose another name, or --force (overwrite=True) to replace it"
        )


def require_writable(name: str, text: str) -> None:
    """Raise FormatError when `text` holds characters that `read_text` would refuse."""
    found = _FORBIDDEN.search(text)
    if found:
        raise FormatError(
            f"{name} {quoted(text)} has the character U+{ord(found.group()):04X},"
            " which no game file can hold"
        )


def place(text: str, offset: int) -> str:
    """``LINE:COLUMN`` of an offset, both from 1; columns count characters, CR LF is one end."""
    before = text[:offset]
    ends = before.count("\n") + before.count("\r") - before.count("\r\n")
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return f"{ends + 1}:{offset - start + 1}"


def quoted(text: str) -> str:
    """Text as a message shows it: on one line, and no longer than a line."""
    if len(text) <= MOST_QUOTED:
        return repr(text)
    return f"{text[: MOST_QUOTED - 10]!r}... ({len(text):,} characters)"
