"""A slice of ``python -m tests.sweep.kills``, which kills a sweep at many more moments."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SMALL = ("price_build_nf", "--axis", "win_back=0:1:400", "--axis", "nre=100:9000:400")


@pytest.fixture(scope="module")
def kills() -> ModuleType:
    """The command's module, which is a neighbour and of no package."""
    spec = importlib.util.spec_from_file_location("kills", Path(__file__).with_name("kills.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kills"] = module
    spec.loader.exec_module(module)
    return module


def test_a_killed_sweep_that_is_resumed_is_bit_for_bit_the_undisturbed_one(
    kills: ModuleType, tmp_path: Path
) -> None:
    expected, took = kills.whole(tmp_path / "whole", SMALL)
    assert 6 == len(expected)
    delays = np.random.default_rng(5).uniform(0.6 * took, took, 2)
    for k, delay in enumerate(delays):
        kills.kill_and_resume(tmp_path / str(k), float(delay), expected, SMALL)


def test_a_part_that_differs_is_noticed(kills: ModuleType, tmp_path: Path) -> None:
    tiny = ("price_build_nf", "--axis", "win_back=0:1:3")
    expected, _ = kills.whole(tmp_path / "whole", tiny)
    expected["part-000000.parquet"] += b"x"
    with pytest.raises(AssertionError, match=r"part-000000.parquet is not as if undisturbed"):
        kills.kill_and_resume(tmp_path / "k", 0.0, expected, tiny)
