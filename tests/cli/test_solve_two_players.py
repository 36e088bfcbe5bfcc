"""The answers for two players beside all equilibria, at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

CHICKEN = 'NFG 1 R "Chicken" { "A" "B" } { 2 2 }  6 6  7 2  2 7  0 0'
DILEMMA = 'NFG 1 R "Dilemma" { "A" "B" } { 2 2 }  2 2  3 0  0 3  1 1'
STAG = 'NFG 1 R "Stag hunt" { "A" "B" } { 2 2 }  4 4  3 0  0 3  3 3'
PENNIES = 'NFG 1 R "Pennies" { "A" "B" } { 2 2 }  1 -1  -1 1  -1 1  1 -1'


@pytest.fixture
def solve(run: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    def call(text: str, *arguments: str) -> Any:
        path = tmp_path / "game.nfg"
        path.write_text(text)
        return run("solve", path, *arguments)

    return call


def test_the_best_correlated_equilibrium_is_shown_with_its_distribution(
    solve: Callable[..., Any],
) -> None:
    # Aumann (1974): a mediator never lets both dare
    (entry,) = solve(CHICKEN, "--concept", "correlated", "--json").data["equilibria"]
    assert [5.25, 5.25] == pytest.approx(entry["payoffs"])
    assert [[0.5, 0.25], [0.25, 0.0]] == np.round(entry["joint"], 9).tolist()
    lines = solve(CHICKEN, "--concept", "correlated").out.splitlines()
    start = lines.index("  profiles, drawn together with probability")
    assert ["    0.5  1 | 1", "    0.25  1 | 2", "    0.25  2 | 1"] == lines[start + 1 : start + 4]


def test_the_coco_value_is_shown_with_its_parts(solve: Callable[..., Any]) -> None:
    data = solve(DILEMMA, "--concept", "coco", "--json").data
    assert ([2.0, 2.0], 4.0, 0.0) == (
        data["equilibria"][0]["payoffs"],
        data["team"],
        data["advantage"],
    )
    out = solve(DILEMMA, "--concept", "coco").out
    assert "together 4: A gets half of it and 0 more, B that much less than half" in out


def test_equilibria_are_labelled(solve: Callable[..., Any]) -> None:
    entries = solve(STAG, "--json").data["equilibria"]
    by_payoff = {entry["payoffs"][0]: entry["labels"] for entry in entries[:2]}
    assert "payoff-dominant" in by_payoff[4.0]
    assert "risk-dominant" in by_payoff[3.0]
    assert "risk-dominant" not in by_payoff[4.0]
    assert "  quasi-strict, undominated\n" in solve(STAG).out


def test_minimax_names_the_method_for_other_games(solve: Callable[..., Any]) -> None:
    ran = solve(DILEMMA, "--concept", "minimax")
    assert (2, 1) == (ran.status, ran.err.count("\n"))
    assert "method security" in ran.err
    (entry,) = solve(DILEMMA, "--concept", "minimax", "--method", "security", "--json").data[
        "equilibria"
    ]
    assert [1.0, 1.0] == entry["payoffs"]


@pytest.mark.parametrize("concept", ["minimax", "coco", "nash", "logit", "stackelberg"])
def test_matching_pennies_is_worth_nothing(solve: Callable[..., Any], concept: str) -> None:
    (entry,) = solve(PENNIES, "--concept", concept, "--json").data["equilibria"]
    assert [0.0, 0.0] == pytest.approx(entry["payoffs"], abs=1e-9)
