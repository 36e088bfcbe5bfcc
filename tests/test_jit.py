"""Telling why the first call takes long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from solver import _jit


def double(x: float) -> float:
    return 2.0 * x


def test_a_listener_hears_once_that_kernels_are_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when they come from the cache."""
    heard: list[str] = []
    monkeypatch.setenv("COOPET_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(_jit, "_listeners", [])
    _jit.on_compiling(lambda: heard.append("first"))
    assert _jit.kernel(double)(1.5) == 3.0
    assert heard == ["first"]
    _jit.on_compiling(lambda: heard.append("second"))
    assert _jit.kernel(double)(2.5) == 5.0
    assert heard == ["first"]


def test_many_small_calls_are_compiled_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as interpreting them has taken as long as compiling would."""

    class Target:
        def __call__(self) -> str:
            return "compiled"

        def function(self) -> str:
            return "interpreted"

    monkeypatch.delitem(sys.modules, "numba", raising=False)
    monkeypatch.setattr(_jit, "_spent", [0.0])
    steps = _jit.INTERPRETED_STEPS / 2
    calls = [_jit.run(Target(), steps) for _ in range(3)]
    assert calls == ["interpreted", "interpreted", "compiled"]
