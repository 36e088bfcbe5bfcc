"""Large tables in doubt: HiGHS and fractions agree, and without HiGHS fractions do."""

from __future__ import annotations

import numpy as np
import pytest

from solver.errors import ConceptError
from solver.kernels.dominance import DOUBT, NO, YES
from solver.selection import _doubts
from solver.selection._doubts import settled


@pytest.mark.parametrize("strict", [True, False])
def test_highs_says_what_fractions_say(monkeypatch: pytest.MonkeyPatch, strict) -> None:
    rng = np.random.default_rng(3)
    table = np.round(8.0 * rng.normal(size=(12, 9)))
    table[6:] = np.round(table[6:] / 8.0)
    answers = []
    for many in (0, 10**9):
        monkeypatch.setattr(_doubts, "MANY", many)
        answers.append([settled(table, [r], range(12), range(9), strict=strict) for r in range(12)])
    assert answers[0] == answers[1]
    assert {True, False} == {*answers[0]}


@pytest.mark.parametrize("strict", [True, False])
def test_highs_decides_alone_where_nothing_is_close(strict) -> None:
    """Half of each other row, or neither."""
    assert YES == _doubts._by_highs(np.array([[1.0, -0.5], [-0.5, 1.0]]), strict=strict)
    assert NO == _doubts._by_highs(np.array([[0.5, -1.0], [-1.0, 0.5]]), strict=strict)


def test_a_gain_that_may_be_rounding_is_left_to_fractions() -> None:
    assert DOUBT == _doubts._by_highs(np.array([[1.0, -1.0 + 5e-10], [-1.0, 1.0]]), strict=False)


def test_without_highs_fractions_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_given, **_options):
        raise ConceptError("linear programs need highspy")

    monkeypatch.setattr(_doubts, "MANY", 0)
    monkeypatch.setattr(_doubts, "_by_highs", missing)
    assert settled([[3, 0], [0, 3], [1, 1]], [2], range(3), range(2), strict=True)
