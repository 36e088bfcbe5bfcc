"""``coopet sweep --executor``: the same directory, whoever solved it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver.sweep import cluster as door
from tests.clusters import Cluster

#: A helper, a lambda, a closure, a constant, a neighbour as module and a name of another.
MINE = """
import beside_my_game
from other_of_mine import Shape
SCALE = 2.0
def helper(x):
    return SCALE * x + beside_my_game.shift(x)
def outer(power):
    return lambda eps: helper(eps) ** power
surplus = outer(1.5)
GAME = Game(
    name="mine", parameters=(EPS,),
    build=lambda *, eps: BargainingProblem(
        players=("a", "b"), surplus=1 + surplus(eps), disagreement=(0, 0)),
    outcomes=lambda p, e: {"area": Shape(p["eps"]).area()},
    regime=lambda p, e: np.where(p["eps"] > beside_my_game.EDGE, "much", "little"))
"""
NEIGHBOUR = "import math\nEDGE = 0.25\ndef shift(x):\n    return math.pi * x\n"
OTHER = """
from dataclasses import dataclass
@dataclass
class Shape:
    side: object
    def area(self):
        return self.side ** 2
"""
GRID = ("--axis", "eps=0:0.5:100001", "--json")
PHASE = ("--axis", "nre=100:9000:301", "--json")
SLOW = """
import time
def build(*, eps):
    time.sleep(0.3)
    return BargainingProblem(players=("a", "b"), surplus=1 + eps, disagreement=(0, 0))
GAME = Game(name="slow", parameters=(EPS,), build=build)
"""


@pytest.fixture
def mine(game_file: Callable[..., str], tmp_path: Path) -> str:
    """A user's file with neighbours, in a folder that no worker knows."""
    (tmp_path / "beside_my_game.py").write_text(NEIGHBOUR)
    (tmp_path / "other_of_mine.py").write_text(OTHER)
    return game_file(MINE)


def _files(folder: Path) -> dict[str, Any]:
    """All that is in a store, but for the command that was typed."""
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir()}
    found["sweep.json"] = json.loads(found["sweep.json"]) | {"command": ""}
    return found


@pytest.mark.parametrize("target", ["mine", "phase"])
def test_a_cluster_writes_the_same_files_as_threads(
    run: Callable[..., Any], mine: str, tmp_path: Path, cluster: Cluster, target: str
) -> None:
    grid = GRID if target == "mine" else PHASE
    command = ("sweep", mine if target == "mine" else target, *grid, "-o")
    assert 0 == run(*command, tmp_path / "threads").status
    there = ("--executor", f"dask:{cluster.address}")
    ran = run(*command, tmp_path / "there", *there)
    assert (0, "", ran.data["cells"]) == (ran.status, ran.err, ran.data["solved_now"])
    assert _files(tmp_path / "threads") == _files(tmp_path / "there")
    assert 0 == run(*command, tmp_path / "there", *there).data["solved_now"]


def test_a_local_cluster_is_interrupted_in_one_line_and_threads_go_on(
    run: Callable[..., Any], game_file: Callable[..., str], tmp_path: Path
) -> None:
    command = ("sweep", game_file(SLOW), *GRID[:1], "eps=0:0.5:400001", "-o", tmp_path / "out")
    program = Path(sys.executable).with_name("coopet")
    process = subprocess.Popen(
        [program, *map(str, command), "--executor", "dask", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        while not any(tmp_path.glob("out/part-*.parquet")):
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: workers get it too
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (130, "", 1) == (process.returncode, out, err.count("\n")), err
    kept = list((tmp_path / "out").glob("part-*.parquet"))
    assert 1 <= len(kept) < 13
    ran = run(*command, "--json")
    assert (0, 400_001) == (ran.status, ran.data["cells"])
    assert ran.data["solved_now"] <= 400_001 - 32_768 * (len(kept) - 1)


@pytest.mark.parametrize(
    ("executor", "words"),
    [
        ("dask:tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1: "),
        ("dask:nowhere", "no Dask scheduler answers at nowhere: missing port"),
        ("dask:", "unknown executor 'dask:'"),
        ("threads:2", "unknown executor 'threads:2'"),
        ("desk", "unknown executor 'desk': did you mean dask?"),
    ],
)
def test_a_bad_executor_is_refused_in_one_line(
    run: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    executor: str,
    words: str,
) -> None:
    monkeypatch.setattr(door, "REACH", 0.5)
    ran = run("sweep", "phase", *PHASE, "-o", tmp_path / "out", "--executor", executor)
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert words in ran.err
    assert not (tmp_path / "out").exists()


def test_a_server_that_says_nothing_is_given_up(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "REACH", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        ran = run("sweep", "phase", *PHASE, "-o", tmp_path / "out", "--executor", f"dask:{address}")
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert f"no Dask scheduler answers at {address}" in ran.err


def test_a_scheduler_without_workers_is_given_up(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(door, "JOIN", 0.3)
    anywhere = {"dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=0, host="127.0.0.1", scheduler_kwargs=anywhere) as empty:
        address = empty.scheduler_address
        ran = run("sweep", "phase", *PHASE, "-o", tmp_path / "out", "--executor", f"dask:{address}")
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert f"no worker joined the Dask scheduler at {address} within 0.3 s" in ran.err


def test_without_dask_one_line_says_what_to_install(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    ran = run("sweep", "phase", *PHASE, "-o", tmp_path / "out", "--executor", "dask")
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert "Dask, which is not installed: pip install 'coopet[cluster]'" in ran.err


def test_dask_is_imported_by_those_who_ask_for_it(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom solver.cli.__main__ import main\n"
        "try:\n    main(['sweep', 'bargain', '--axis', 'chip_cost=1:9:3', '-o', 'out'])\n"
        "except SystemExit as stop:\n    assert not stop.code\n"
        "assert not {'distributed', 'dask'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
