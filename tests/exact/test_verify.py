"""Exact regrets by the definition."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from solver.errors import FormError
from solver.exact import verify


def test_regret_is_the_gain_of_the_best_deviation() -> None:
    """By hand: rows pay 4 and 11/4 on average, columns 2 and 4."""
    A, B = [[1, 5], [2, 3]], [[4, 1], [0, 7]]
    assert (Fraction(5, 8), Fraction(1, 2)) == verify(A, B, (0.5, 0.5), (0.25, 0.75))


def test_the_least_error_of_a_float_is_seen() -> None:
    A, B = np.eye(2), 1 - np.eye(2)
    half = 0.5
    assert (0, 0) == verify(A, B, (half, half), (half, half))
    row, column = verify(A, B, (half, half), (half, np.nextafter(half, 1)))
    assert 0 < row < 1e-15
    assert 0 == column


def test_weights_are_divided_by_their_sum() -> None:
    A, B = [[1e300, -3], [Fraction(1, 3), 5]], np.eye(2)
    total = Fraction(0.1) + Fraction(0.2)
    expected = verify(A, B, (Fraction(0.1) / total, Fraction(0.2) / total), (0.25, 0.75))
    assert expected == verify(A, B, (0.1, 0.2), (1, 3))


def test_each_player_is_judged_by_own_payoffs() -> None:
    A, B = [[0, 0, 0], [9, 9, 9]], [[0, 1, 4], [0, 0, 0]]
    assert (9, 4) == verify(A, B, (1, 0), (1, 0, 0))
    assert (0, 0) == verify(A, B, (0, 1), (1, 0, 0))


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ((1, -1), (1, 0), r"x = \(1, -1\) is no mixture: weights are >= 0"),
        ((1, 0), (0, 0), r"y = \(0, 0\) is no mixture"),
        ((), (1, 0), r"x = \(\) is no mixture"),
        ((1, float("nan")), (1, 0), r"x\[1\] = nan is not a finite number"),
        ((1, 0, 0), (1, 0), r"A has the shape \(2, 2\), the mixtures \(3, 2\)"),
    ],
)
def test_what_is_no_mixture_is_refused(x, y, message) -> None:
    with pytest.raises(FormError, match=message):
        verify(np.eye(2), np.eye(2), x, y)


def test_matrices_of_different_shapes_are_refused() -> None:
    with pytest.raises(FormError, match=r"B has the shape \(1, 2\)"):
        verify(np.eye(2), [[1, 2]], (1, 0), (1, 0))
