"""Spoiled files: a few changes to the bytes, tokens or lines of a good one.

Mutant number k of a seed is always the same, so that a failure can be looked at by its number.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from tests.fuzz.corpus import corpus

#: Of a hundred files.
SHARES = {".efg": 65, ".nfg": 25, ".json": 10}
#: Bytes of a mutant: repeated parts do not grow without end.
MOST_BYTES = 400_000

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\s+|"', re.DOTALL)
_NUMBER = re.compile(rb"(?<![\w.\"])[+-]?\d[\d./eE]*")
NUMBERS = [
    b"0", b"1", b"2", b"3", b"-1", b"33", b"1/3", b"2/3", b"1/0", b"0/1", b"-1/-2", b".5", b"5.",
    b"1e3", b"1e999", b"1e1999", b"1e-1999", b"1e-2001", b"1e99999999999", b"9" * 30, b"9" * 1999,
    b"7" * 30_000, b"1/" + b"3" * 1999, b"1000000", b"4294967297", b"18446744073709551616", b"nan",
    b"inf", b"-inf",
    b"0x10", b"1_0", b"1.5.5", b"1e", "٣".encode(), b"0.3333333333", b"1e-400", b"true", b"--1",
]  # fmt: skip
WORDS = [
    b"c", b"p", b"t", b"EFG", b"NFG", b"R", b"{", b"}", b",", b'"', b'""', b'"x"', b"#", b"//",
    b"/*",
    b"*/", b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\x1b[2J", b"\r", b"\x85", b"[", b"]", b":",
    b"null", b"__import__('os').system('x')", "é".encode(), "\u2028".encode(), b"\xed\xa0\x80",
    b'p "" 1 1 0\n', b't "" 0\n', b'c "" 1 0\n', b'p "" 1 1 "" { "a" "b" } 0\n',
    b't "" 1 "" { 1, 2 }\n',
    b'c "" 1 "" { "x" 1 } 1\n',
]  # fmt: skip

#: Nodes of one branch; numbers of events and information sets that no file of ours has.
CHAINS = (
    b'c "" %d "" { "x" 1 } 0', b'p "" 1 %d "" { "x" } 0', b'p "" 1 98 "" { "x" } 0',
    b'c "" 98 "" { "x" 1 } 1 "" { 1/7 1/7 }', b'c "" 98 "" { "x" 1 } 97 "" { 1e-1900 1e1900 }',
)  # fmt: skip

Change = Callable[[random.Random, bytes, bytes], bytes]


class Mutant(NamedTuple):
    """A spoiled file."""

    suffix: str
    content: bytes


def mutant(seed: int, number: int) -> Mutant:
    """Mutant `number` of a seed: one to five changes."""
    dice = random.Random(f"{seed}:{number}")
    suffix = dice.choices(list(SHARES), list(SHARES.values()))[0]
    data = dice.choice(corpus()[suffix])
    for _ in range(dice.choice((1, 1, 2, 2, 3, 5))):
        other = dice.choice(corpus()[suffix if dice.random() < 0.9 else dice.choice(list(SHARES))])
        data = dice.choice(CHANGES)(dice, data, other)[:MOST_BYTES]
    return Mutant(suffix, data)


def _cut(dice: random.Random, data: bytes, most: int = 60) -> tuple[int, int]:
    start = dice.randrange(len(data) + 1)
    return start, min(len(data), start + dice.randint(1, most))


def _flip(dice: random.Random, data: bytes, other: bytes) -> bytes:
    changed = bytearray(data or b" ")
    for _ in range(dice.choice((1, 1, 4, 20))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _drop(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, stop = _cut(dice, data)
    return data[:start] + data[stop:]


def _repeat(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, stop = _cut(dice, data)
    return data[:start] + data[start:stop] * dice.choice((2, 2, 5, 300)) + data[stop:]


def _truncate(dice: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _insert(dice: random.Random, data: bytes, other: bytes) -> bytes:
    start, _ = _cut(dice, data)
    return data[:start] + dice.choice(WORDS + NUMBERS) + data[start:]


def _splice(dice: random.Random, data: bytes, other: bytes) -> bytes:
    return _truncate(dice, data, other) + other[dice.randrange(len(other)) :]


def _number(dice: random.Random, data: bytes, other: bytes) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    one = dice.choice(found)
    new = dice.choice(NUMBERS) if dice.random() < 0.6 else b"%d" % dice.randint(0, 12)
    return data[: one.start()] + new + data[one.end() :]


def _tokens(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """Drop, double, swap or replace tokens."""
    parts = _TOKEN.findall(data)
    solid = [k for k, part in enumerate(parts) if part.strip()]
    if len(solid) < 2:
        return data
    a, b = dice.choice(solid), dice.choice(solid)
    what = dice.randrange(5)
    if what == 0:
        parts[a] = b""
    elif what == 1:
        parts[a] += b" " + parts[a]
    elif what == 2:
        parts[a], parts[b] = parts[b], parts[a]
    elif what == 3:
        parts[a] = parts[b]
    else:
        parts[a] = dice.choice(_TOKEN.findall(other) or [b""])
    return b"".join(parts)


def _lines(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """Drop, double or swap lines, or take one from another file."""
    lines = data.split(b"\n")
    a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
    what = dice.randrange(5)
    if what == 0:
        del lines[a]
    elif what == 1:
        lines.insert(b, lines[a])
    elif what == 2:
        lines[a], lines[b] = lines[b], lines[a]
    elif what == 3:
        lines.insert(a, dice.choice(other.split(b"\n")))
    else:
        lines[a:a] = [lines[a]] * dice.choice((3, 100, 3000))
    return b"\n".join(lines)


def _nest(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """Go deep: marks, or nodes below nodes."""
    start, _ = _cut(dice, data)
    mark = dice.choice([b"{", b"[", b"{ ", b'{"a":', b'"', b"/*", b"\\", *WORDS[-6:]])
    return data[:start] + mark * dice.choice((5, 50, 500, 5000)) + data[start:]


def _deepen(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """Put a chain of nodes with one branch each above a node."""
    lines = data.split(b"\n")
    nodes = [k for k, line in enumerate(lines) if line[:2] in {b"c ", b"p ", b"t "}]
    if not nodes:
        return data
    k, count = dice.choice(nodes), dice.choice((2, 30, 1000, 8000))
    one = dice.choice(CHAINS)
    lines[k:k] = [one % (900 + j) if b"%d" in one else one for j in range(count)]
    return b"\n".join(lines)


def _encode(dice: random.Random, data: bytes, other: bytes) -> bytes:
    what = dice.randrange(5)
    if what == 0:
        return data.replace(b"\n", dice.choice((b"\r", b"\r\n", b"")))
    if what == 1:
        return b"\xef\xbb\xbf" + data
    if what == 2:
        return data.decode("latin-1").encode("utf-16")
    if what == 3:
        return data.upper()
    return data[::-1]


CHANGES: tuple[Change, ...] = (
    _flip, _drop, _drop, _repeat, _truncate, _insert, _insert, _splice, _number, _number, _number,
    _tokens, _tokens, _tokens, _tokens, _lines, _lines, _nest, _deepen, _encode,
)  # fmt: skip
