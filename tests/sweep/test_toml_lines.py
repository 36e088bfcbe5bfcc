"""Every key of a valid TOML text is found, on the line where a reader finds it."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.sweep.toml_lines import key_lines

TEXT = '''# a comment with [brackets] and a = sign
title = "a # in a text" # and one after

[scenarios.base]
[scenarios.'dry season']
volume = 300
"a.b".c = { d = 1, e = [ 1, 2 ] }

[sweeps.map]
axes = [
  "nre=1:2:3",  # one
  "porting_top=1:2:3",
]
words = """
[not.a.table]
key = 1
"""
raw = \'\'\'
x = ']' \'\'\'
after = 1979-05-27T07:32:00Z

[[runs]]
name = 'one'
[[runs]]
name = "two"
[runs.inner]
x = -1.5e3
'''


def test_lines_are_those_a_reader_counts() -> None:
    tomllib.loads(TEXT)
    assert {
        ("title",): 2,
        ("scenarios",): 4,
        ("scenarios", "base"): 4,
        ("scenarios", "dry season"): 5,
        ("scenarios", "dry season", "volume"): 6,
        ("scenarios", "dry season", "a.b"): 7,
        ("scenarios", "dry season", "a.b", "c"): 7,
        ("scenarios", "dry season", "a.b", "c", "d"): 7,
        ("scenarios", "dry season", "a.b", "c", "e"): 7,
        ("scenarios", "dry season", "a.b", "c", "e", 0): 7,
        ("scenarios", "dry season", "a.b", "c", "e", 1): 7,
        ("sweeps",): 9,
        ("sweeps", "map"): 9,
        ("sweeps", "map", "axes"): 10,
        ("sweeps", "map", "axes", 0): 11,
        ("sweeps", "map", "axes", 1): 12,
        ("sweeps", "map", "words"): 14,
        ("sweeps", "map", "raw"): 18,
        ("sweeps", "map", "after"): 20,
        ("runs",): 22,
        ("runs", 0): 22,
        ("runs", 0, "name"): 23,
        ("runs", 1): 24,
        ("runs", 1, "name"): 25,
        ("runs", 1, "inner"): 26,
        ("runs", 1, "inner", "x"): 27,
    } == key_lines(TEXT)


def test_windows_lines_are_counted_alike() -> None:
    assert key_lines(TEXT) == key_lines(TEXT.replace("\n", "\r\n"))


@pytest.mark.parametrize("text", ["", "\n\n", "# only this"])
def test_an_empty_text_has_no_keys(text: str) -> None:
    assert {} == key_lines(text)


values = st.recursive(
    st.integers(-5, 5) | st.booleans() | st.text(st.characters(codec="ascii"), max_size=6),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
tables = st.dictionaries(st.text("ab.'\" #[]=\\", max_size=3), values, max_size=4)


def _paths(data: Any, at: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    found = set()
    for key, value in pairs:
        found |= {(*at, key)}
        if isinstance(value, dict | list):
            found |= _paths(value, (*at, key))
    return found


@given(st.dictionaries(st.text("xy", min_size=1, max_size=2), tables, max_size=3))
def test_all_keys_and_entries_are_found_whatever_stands_in_them(data: dict[str, Any]) -> None:
    """JSON texts and lists are TOML texts and lists."""
    lines, expected = [], {}
    for name, table in data.items():
        lines.append(f"[{name}] # [")
        for key, value in table.items():
            text = json.dumps(value).replace("\x7f", "")
            lines.append(f"{json.dumps(key)} = {text}")
            expected[name, key] = len(lines)
    made = "\n".join(lines)
    found = key_lines(made)
    assert _paths(tomllib.loads(made)) == found.keys()
    assert expected.items() <= found.items()
