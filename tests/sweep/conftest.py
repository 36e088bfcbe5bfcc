"""Small plans of every kind of form, and the directories they go to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from games import bargain, phase, price_build_nf
from solver import Game
from solver.sweep import plan
from solver.sweep.axes import given
from solver.sweep.design import Grid
from solver.sweep.plan import Plan

Snapshot = dict[Path, tuple[bytes, int]]

#: A game of each form, and 5 × 4 cells of it.
GRIDS: dict[str, tuple[Game, dict[str, Any]]] = {
    "normal": (
        price_build_nf,
        {"win_back": np.linspace(0.0, 1.0, 5), "nre": np.geomspace(100.0, 9000.0, 4)},
    ),
    "leader-follower": (
        phase,
        {"nre": np.geomspace(100.0, 20_000.0, 5), "porting_top": np.linspace(1.0, 80.0, 4)},
    ),
    "bargaining": (
        bargain,
        {"chip_cost": np.linspace(10.0, 60.0, 5), "supplier_power": np.linspace(0.0, 1.0, 4)},
    ),
}


@pytest.fixture(params=GRIDS)
def grid(request: pytest.FixtureRequest) -> tuple[Game, dict[str, Any]]:
    """A game and axes, for each form."""
    return GRIDS[request.param]


@pytest.fixture
def make() -> Callable[..., Plan]:
    """A plan from a game and axes, 7 cells a chunk unless said otherwise."""

    def call(game: Game, axes: dict[str, Any], **options: Any) -> Plan:
        named = tuple(given(name, values) for name, values in axes.items())
        return plan.make(game, Grid(named), **{"chunk": 7, **options})

    return call


@pytest.fixture
def small(make: Callable[..., Plan]) -> Plan:
    """Twenty cells in three chunks."""
    return make(*GRIDS["leader-follower"])


@pytest.fixture
def snapshot() -> Callable[[Path], Snapshot]:
    """Bytes and time of change of every file of a directory."""

    def call(folder: Path) -> Snapshot:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    return call
