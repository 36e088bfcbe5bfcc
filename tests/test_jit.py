"""Telling why the first call takes long."""

from __future__ import annotations

import subprocess
import sys
import time
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


#: Compiles one kernel for the types named, the first of them at a given time.
COMPILES = """
import sys, time
import numba, numpy as np
from solver import _jit
sys.path.insert(0, sys.argv[1])
from summing import total
numba.njit(lambda x: x)(1)
time.sleep(max(0.0, float(sys.argv[2]) - time.time()))
for name in sys.argv[3:]:
    assert _jit.kernel(total)(np.arange(5).astype(name)) == 10, name
"""
SUMMING = """
def total(a):
    found = a[0]
    for x in a[1:]:
        found += x
    return found
"""


def test_processes_that_compile_at_once_do_not_spoil_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "summing.py").write_text(SUMMING, "utf-8")
    monkeypatch.setenv("COOPET_CACHE_DIR", str(tmp_path / "cache"))
    types = ("float64", "float32", "int64", "int32", "int16", "uint8")

    def start(*names: str) -> subprocess.Popen[bytes]:
        script = [sys.executable, "-c", COMPILES, str(tmp_path), str(begin)]
        return subprocess.Popen([*script, *names])

    begin = time.time() + 4.0
    assert [0] * len(types) == [process.wait() for process in [start(name) for name in types]]
    assert len(types) == len(list(tmp_path.rglob("cache/**/*.nbc")))  # a file per signature
    assert 0 == start(*types).wait()


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
