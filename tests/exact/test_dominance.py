"""Domination by mixtures in fractions, against brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from solver.exact.dominance import is_dominated
from tests.selection.definitions import strictly_dominated, weakly_dominated


@pytest.mark.parametrize("strict", [True, False])
def test_small_tables_are_judged_as_by_brute_force(strict) -> None:
    rng = np.random.default_rng(4)
    judge = strictly_dominated if strict else weakly_dominated
    seen = set()
    for _ in range(150):
        k, n = rng.integers(1, 4, 2)
        table = [[Fraction(int(u), 3) for u in row] for row in rng.integers(0, 5, (k, n))]
        judged = sorted(rng.choice(k, rng.integers(1, k + 1), replace=False).tolist())
        mixture = [Fraction(i in judged, len(judged)) for i in range(k)]
        expected = judge(table, mixture)
        seen.add(expected)
        assert expected == is_dominated(table, judged, strict=strict)
    assert {True, False} == seen


def test_what_is_left_decides_and_the_range_of_all_says_what_a_tie_is() -> None:
    table = [[3, 0], [0, 3], [1, 1], [2, 2]]
    assert is_dominated(table, [2], strict=True)
    assert is_dominated(table, [2], strict=True, rows=[0, 1, 2])
    assert not is_dominated(table, [2], strict=True, rows=[0, 2])
    assert is_dominated(table, [2], strict=True, rows=[0, 2], columns=[0])
    far = [*table, [10**13, 0]]
    assert not is_dominated(far, [2], strict=True, rows=[0, 1, 2])
    assert not is_dominated([[1, 1], [1, 1]], [0], strict=False)
