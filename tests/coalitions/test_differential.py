"""A slice of the comparison with other routes; see the command in ``__main__`` for more."""

from __future__ import annotations

import numpy as np
import pytest

from tests.coalitions import comparing, truth
from tests.coalitions.games import FAMILIES, draw


@pytest.mark.parametrize("players", [3, 4])
@pytest.mark.parametrize("family", FAMILIES)
def test_nucleoli_are_those_of_linear_programs(family: str, players: int) -> None:
    assert [] == list(comparing.against_programs(draw(family, 2, players, 20)))


@pytest.mark.parametrize(("players", "games"), [(3, 60), (4, 40), (5, 3)])
@pytest.mark.parametrize("family", FAMILIES)
def test_cores_are_those_of_brute_force(family: str, players: int, games: int) -> None:
    assert [] == list(comparing.against_corners(draw(family, games, players, 20)))


@pytest.mark.skipif(not truth.PEER, reason="coopgame-py is not installed")
@pytest.mark.parametrize("players", [3, 4, 5, 6])
@pytest.mark.parametrize("family", FAMILIES)
def test_answers_are_those_of_a_peer(family: str, players: int) -> None:
    assert [] == list(comparing.against_peer(draw(family, 10, players, 20)))


def test_the_comparison_notices_another_nucleolus(monkeypatch: pytest.MonkeyPatch) -> None:
    worths = draw("signed", 5, 3, 20)
    worths[:, -1] += 20.0

    def shifted(table, *, imputations=True):
        return (
            real(table, imputations=imputations) + np.array([1e-5, -1e-5, 0.0]) * abs(table).max()
        )

    real = truth.programs
    monkeypatch.setattr(truth, "programs", shifted)
    assert 10 == len(list(comparing.against_programs(worths)))


def test_the_comparison_notices_a_vertex_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    worths = draw("roomy", 5, 4, 20)
    real = truth.corner_points
    monkeypatch.setattr(truth, "corner_points", lambda table: real(table)[1:])
    assert {0, 1, 2, 3, 4} == {g for g, _ in comparing.against_corners(worths)}
