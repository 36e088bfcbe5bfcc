"""Coalition games in fractions: known answers, proofs, and what no proof is given for."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from solver.exact.coalition import core_is_empty, exact_nucleolus, exact_shapley, kohlberg
from solver.testing import coalition_oracles
from tests.coalitions.games import FAMILIES, draw

TALMUD = [Fraction(v) for v in (0, 0, 0, 0, 0, 0, 100, 200)]


def test_the_talmud_divides_in_fractions() -> None:
    assert (50, 75, 75) == exact_nucleolus(TALMUD).allocation
    third = [Fraction(v) for v in (0, 0, 0, 0, 0, 0, 0, 100)]
    assert (Fraction(100, 3),) * 3 == exact_nucleolus(third).allocation


def test_the_shapley_value_is_the_average_over_all_orders() -> None:
    worths = [Fraction(v, 7) for v in [0, 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]]
    total = [Fraction(0)] * 4
    for order in permutations(range(4)):
        there = 0
        for i in order:
            total[i] += worths[there | 1 << i] - worths[there]
            there |= 1 << i
    assert tuple(x / 24 for x in total) == exact_shapley(worths)


@pytest.mark.parametrize("imputations", [True, False])
@pytest.mark.parametrize("players", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_nucleolus_is_proven(family: str, players: int, *, imputations: bool) -> None:
    for table in draw(family, 3, players, 8) if family != "bankruptcy" or players > 1 else []:
        found = exact_nucleolus([Fraction(v) for v in table], imputations=imputations)
        assert found.proven
        alone = sum(table[1 << i] for i in range(players))
        assert (found.allocation is None) == (imputations and alone > table[-1])


@pytest.mark.parametrize("players", [2, 3, 4])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_core_is_empty_if_it_has_no_vertices(family: str, players: int) -> None:
    for table in draw(family, 6, players, 9):
        worths = [Fraction(v) for v in table]
        assert core_is_empty(worths) == (not coalition_oracles.core_vertices(worths))


def test_a_core_of_one_point_is_told_from_none_by_one_part_in_a_trillion() -> None:
    for extra in (0, 1, -1):
        total = Fraction(3, 2) + Fraction(extra, 10**12)
        assert (extra < 0) == core_is_empty([Fraction(v) for v in (0, 0, 0, 1, 0, 1, 1)] + [total])


def test_kohlberg_refuses_every_flaw() -> None:
    half = Fraction(1, 2)
    steps = [{1: half, 6: half}, {2: half, 4: half}]
    right = (Fraction(50), Fraction(75), Fraction(75))
    assert kohlberg(TALMUD, right, steps, imputations=True)
    flawed = [
        ((Fraction(51), Fraction(74), Fraction(75)), steps),
        ((Fraction(50), Fraction(75), Fraction(76)), steps),
        (right, steps[:1]),
        (right, [{1: half, 6: Fraction(1, 3)}, steps[1]]),
        (right, [{1: Fraction(3, 2), 6: -half}, steps[1]]),
        (right, [{1: half, 2: half}, steps[1]]),
        (right, steps[::-1]),
        (right, [{8: Fraction(1), 6: Fraction(1)}, steps[1]]),
    ]
    for allocation, named in flawed:
        assert not kohlberg(TALMUD, allocation, named, imputations=True)


def test_fractions_of_any_size_are_solved() -> None:
    tiny = Fraction(1, 10**40)
    worths = [v * tiny + (10**30) * s.bit_count() for s, v in enumerate(TALMUD)]
    found = exact_nucleolus(worths)
    assert tuple(10**30 + x * tiny for x in (50, 75, 75)) == found.allocation
    assert np.all([isinstance(x, Fraction) for x in found.allocation])
