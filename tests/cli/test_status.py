"""``coopet status`` says how far a sweep is and what of it is not certified."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from games import phase
from solver import open_sweep
from solver.cli.targets import find_game
from solver.sweep import plan, store
from solver.sweep.axes import given
from solver.sweep.design import Grid

Run = Callable[..., Any]
DOUBTFUL = (
    "GAME = Game(name='mine', parameters=(EPS,), build=lambda *, eps: BargainingProblem("
    "players=('a', 'b'), surplus=np.where(eps > 0.3, np.nan, 1.0)))\n"
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Twelve cells in four chunks."""
    axes = (given("nre", np.geomspace(100, 10_000, 4)), given("porting_top", [1.0, 40.0, 80.0]))
    made = plan.make(phase, Grid(axes), chunk=3)
    store.run(made, tmp_path / "out", command="coopet sweep phase -o out")
    return tmp_path / "out"


def test_a_finished_sweep_exits_with_0_and_says_what_it_is(run: Run, out: Path) -> None:
    ran = run("status", out)
    assert (0, "") == (ran.status, ran.err)
    assert f"{out}: finished, 12 cells" in ran.out
    for words in ("phase", "subgame-perfect", "nre: 100 to 10000, 4 values", "volume = 500"):
        assert words in ran.out


def test_json_counts_what_the_dataset_holds(run: Run, out: Path) -> None:
    ran, dataset = run("status", out, "--json"), open_sweep(out)
    names, counts = np.unique(dataset.regime.values.astype(str), return_counts=True)
    assert (True, 12, 12, 4) == tuple(
        ran.data[key] for key in ("finished", "cells", "cells_done", "chunks")
    )
    assert dict(zip(names, counts / 12, strict=True)) == {
        name: entry["share"] for name, entry in ran.data["regimes"].items()
    }
    assert ({"SOLVED": 12}, 0, [], {}) == tuple(
        ran.data[key] for key in ("status", "not_settled", "missing", "faults")
    )
    assert sum(path.stat().st_size for path in out.iterdir()) == ran.data["bytes"]
    assert "coopet sweep phase -o out" == ran.data["command"]


def test_missing_chunks_are_named_with_the_command_that_goes_on(run: Run, out: Path) -> None:
    for number in (1, 2):
        store.part_path(out, number).unlink()
    ran = run("status", out)
    assert 3 == ran.status
    assert "6 of 12 cells are done (50.0%)" in ran.out
    assert "2 chunks: 1-2" in ran.out
    assert "coopet sweep phase -o out" in ran.out
    assert [1, 2] == run("status", out, "--json").data["missing"]


@pytest.mark.parametrize("kind", ["truncated", "foreign", "beyond"])
def test_a_part_that_will_not_do_is_named(run: Run, out: Path, kind: str) -> None:
    if kind == "truncated":
        path = store.part_path(out, 1)
        path.write_bytes(path.read_bytes()[:-9])
    else:
        path = store.part_path(out, 3 if kind == "foreign" else 17)
        shutil.copy(store.part_path(out, 0), path)
    ran = run("status", out, "--json")
    assert 3 == ran.status
    assert [path.name] == list(ran.data["faults"])
    assert path.name in run("status", out).out


def test_cells_that_are_not_certified_are_shown_with_their_parameters(
    run: Run, game_file: Callable[..., str], tmp_path: Path
) -> None:
    run("sweep", game_file(DOUBTFUL), "--axis", "eps=0.1,0.35,0.2,0.45", "-o", tmp_path / "out")
    ran = run("status", tmp_path / "out", "--json")
    assert (3, 2) == (ran.status, ran.data["not_settled"])
    assert [
        {"cell": 1, "status": "INVALID_INPUT", "parameters": {"eps": 0.35}},
        {"cell": 3, "status": "INVALID_INPUT", "parameters": {"eps": 0.45}},
    ] == ran.data["examples"]
    assert "cell 1: INVALID_INPUT at eps = 0.35" in run("status", tmp_path / "out").out


def test_cells_are_numbered_through_all_chunks(
    run: Run, game_file: Callable[..., str], tmp_path: Path
) -> None:
    axis = given("eps", [0.1, 0.35, 0.2, 0.45, 0.5])
    made = plan.make(find_game(game_file(DOUBTFUL)), Grid((axis,)), chunk=2)
    store.run(made, tmp_path / "out")
    examples = run("status", tmp_path / "out", "--json").data["examples"]
    found = [(entry["cell"], entry["parameters"]["eps"]) for entry in examples]
    assert [(1, 0.35), (3, 0.45), (4, 0.5)] == found


def test_the_summary_gives_means_within_regimes(run: Run, out: Path) -> None:
    ran, dataset = run("status", out, "--summary", "--json"), open_sweep(out)
    for name, entry in ran.data["regimes"].items():
        expected = dataset.price.values[dataset.regime.values == name].mean()
        assert expected == pytest.approx(entry["outcomes"]["price"]["mean"])
    assert "supplier_profit" in run("status", out, "--summary").out
    assert "supplier_profit" not in run("status", out).out


def test_added_columns_are_listed(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("sweep", "price_build_nf", "--axis", "nre=100,200", "--add", "panel", "-o", out)
    assert "added       panel" in run("status", out).out


@pytest.mark.parametrize("made", [True, False])
def test_what_is_no_sweep_exits_with_2(run: Run, tmp_path: Path, *, made: bool) -> None:
    ran = run("status", tmp_path if made else tmp_path / "gone")
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))


def test_a_folder_of_sweeps_names_them(run: Run, out: Path) -> None:
    ran = run("status", out.parent)
    assert 2 == ran.status
    assert f"choose {out}" in ran.err


def test_it_needs_no_game(run: Run, game_file: Callable[..., str], tmp_path: Path) -> None:
    target = game_file(DOUBTFUL)
    run("sweep", target, "--axis", "eps=0.1,0.2", "-o", tmp_path / "out")
    Path(target.removesuffix(":GAME")).unlink()
    assert 0 == run("status", tmp_path / "out").status
    assert 0 == run("export", tmp_path / "out", "--to", tmp_path / "x.csv").status
