"""``--add`` on the command line: columns next to the answers of sweep and solve."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import price_build_nf
from solver import open_sweep, sweep

Run = Callable[..., Any]
GRID = ("--axis", "win_back=0:1:3", "--axis", "nre=100:9000:3")


def test_the_store_holds_what_python_returns_and_is_drawn(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("sweep", "price_build_nf", *GRID, "--add", "joint", "--add", "panel", "-o", out)
    ran = run(*words)
    assert (0, "") == (ran.status, ran.err)
    expected = sweep(
        price_build_nf, win_back=np.linspace(0, 1, 3), nre=np.linspace(100, 9000, 3),
        add=("panel", "joint"),
    )  # fmt: skip
    xr.testing.assert_identical(expected, open_sweep(out))
    assert "is finished already" in run(*words).out
    assert (0, "") == run("plot", out, "-o", tmp_path / "map.svg")[::2]
    other = run("sweep", "price_build_nf", *GRID, "--add", "joint", "-o", out)
    assert (2, 1) == (other.status, other.err.count("\n"))
    assert "added columns panel and joint there, joint here" in other.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("price_build_nf", "--add", "jont"), "unknown set of columns 'jont': did you mean joint?"),
        (("price_build_nf", "--add", "coco"), "coco_parts takes what coco returned, not nash"),
        (("phase", "--add", "panel"), "of a leader-follower one"),
    ],
)
def test_what_cannot_be_added_is_one_line(run: Run, tmp_path: Path, words, said: str) -> None:
    axis = ("--axis", "nre=100:9000:3", "-o", tmp_path / "out")
    for ran in (run("solve", *words), run("sweep", *words, *axis)):
        assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
        assert said in ran.err
    assert not (tmp_path / "out").exists()


def test_solve_prints_columns(run: Run) -> None:
    ran = run("solve", "price_build_nf", "--add", "panel", "--add", "survivors")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["strict", "yes", "by", "slot"] in lines
    data = run("solve", "price_build_nf", "--add", "joint", "--json").data
    assert {"joint"} == data["columns"].keys()
    assert ["slot", "action_supplier", "action_customer"] == data["columns"]["joint"]["over"]
    assert 1.0 == np.sum(data["columns"]["joint"]["values"])
    assert "columns" not in run("solve", "price_build_nf", "--json").data
