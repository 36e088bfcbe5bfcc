"""Biform games and self-enforcing cooperation at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BRANDED = """
import numpy as np
from solver import Game, Parameter
from solver.forms.biform import BiformGame


def build(*, weak):
    zero = 0.0 * np.asarray(weak)
    def worths(second):
        return np.stack([zero, zero, zero, zero + 9, zero, zero + second, zero, zero + 9], -1)
    table = np.stack([worths(3.0), worths(weak)], -2)
    moves = (("leave", "raise"), ("wait",), ("wait",))
    return BiformGame(("supplier", "strong", "weak"), moves,
                      table.reshape(*table.shape[:-2], 2, 1, 1, 8))


GAME = Game(name="branded", parameters=(Parameter("weak", 7.0, 0.0, 20.0),), build=build)
"""
DILEMMA = 'NFG 1 R "Dilemma" { "A" "B" } { 2 2 }  2 2  3 0  0 3  1 1'


@pytest.fixture
def branded(tmp_path: Path) -> str:
    path = tmp_path / "branded.py"
    path.write_text(BRANDED)
    return f"{path}:GAME"


def test_a_biform_game_is_solved_as_data(run: Callable[..., Any], branded: str) -> None:
    data = run("solve", branded, "--json").data
    assert ("biform", "biform", "core", "SOLVED", True) == (
        data["game"]["form"], data["concept"], data["method"], data["status"], data["complete"]
    )  # fmt: skip
    (entry,) = data["equilibria"]
    assert [[0.0, 1.0], [1.0], [1.0]] == entry["strategies"]
    assert [8.0, 1.0, 0.0] == entry["payoffs"]
    assert "raise | wait | wait" == data["regime"]


def test_an_empty_core_is_said_and_other_divisions_named(
    run: Callable[..., Any], branded: str
) -> None:
    ran = run("solve", branded, "--set", "weak=12")
    assert 0 == ran.status
    assert "EMPTY_CORE: undecided" in ran.out
    assert "--method shapley, nucleolus, nash-bargaining" in ran.out
    assert (
        "SOLVED"
        == run("solve", branded, "--set", "weak=12", "--method", "shapley", "--json").data["status"]
    )


def test_a_sweep_counts_the_cells_with_an_empty_core(
    run: Callable[..., Any], branded: str, tmp_path: Path
) -> None:
    ran = run("sweep", branded, "--axis", "weak=6,8,10", "-o", tmp_path / "out")
    assert 0 == ran.status
    assert "EMPTY_CORE: 1 cells" in ran.out + ran.err


def test_self_enforcing_cooperation_says_how_patient_players_must_be(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "game.nfg"
    path.write_text(DILEMMA)
    data = run("solve", path, "--concept", "self-enforcing", "--json").data
    assert (0.5, [0.5, 0.5]) == (data["critical_discount"], data["critical_discounts"])
    assert [2.0, 2.0] == data["equilibria"][0]["payoffs"]
    out = run("solve", path, "--concept", "self-enforcing").out
    assert "1 | 1, is sustained by discount factors from 0.5 on" in out
    path.write_text(DILEMMA.replace("2 2  3 0  0 3", "5 5  3 0  0 3"))
    data = run("solve", path, "--concept", "self-enforcing", "--json").data
    assert 0.0 == data["critical_discount"]
