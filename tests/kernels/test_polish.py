"""Mixtures from their supports and best responses: to the last digits, or not at all."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from solver.exact import verify
from solver.kernels.polish import LEAST_PIVOT, WORD, eliminate, polish, solve
from solver.kernels.scaling import EPS


def space(wide):
    return np.empty((wide, wide + 1)), np.empty((3, wide), np.int64)


def vertex(a, y, best):
    """Vertex 1 of an array of two: y, its payoff, an error of 1, and the labels that are tight."""
    rows, cols = a.shape
    points = np.zeros((cols + 2, 2))
    points[:, 1] = [*y, (a @ y).max(), 1.0]
    mask = sum(1 << i for i in best) | sum(1 << rows + j for j in range(cols) if y[j] == 0)
    words = (rows + cols - 1) // WORD + 1
    tight = np.array([[0, mask >> WORD * w & (1 << WORD) - 1] for w in range(words)])
    return points, tight


def polished(a, y, best):
    a, y = np.array(a, float), np.array(y, float)
    points, tight = vertex(a, y, best)
    before = points.copy()
    polish(a, 0, len(a), points, tight, 1, *space(max(a.shape)))
    np.testing.assert_array_equal(before[:, 0], points[:, 0])
    return before[:, 1], points[:, 1]


@pytest.mark.parametrize("hair", [1.0, 2.0**-20, 2.0**-40])
def test_a_displaced_vertex_is_put_back(hair) -> None:
    """Two rows that cross by a hair, at (2/3, 0, 1/3); a third that is no best response."""
    a = [[0.5, 0.9, 0.5], [0.5 + hair, 0.1, 0.5 - 2 * hair], [-1, -1, -1]]
    _, found = polished(a, [0.66, 0, 0.34], [0, 1])
    np.testing.assert_allclose([2 / 3, 0, 1 / 3, 0.5], found[:4], rtol=0.0, atol=2.0**-52)
    assert EPS <= found[4] <= 4 * EPS / hair


def test_more_best_responses_than_actions_are_no_trouble() -> None:
    """All of five rows cross at one point."""
    slopes = np.array([1, 2, -1, 0, 4])[:, None]
    a = np.hstack([0.5 + slopes, 0.5 - slopes / 2])
    _, found = polished(a, [0.3, 0.7], range(5))
    np.testing.assert_allclose([1 / 3, 2 / 3, 0.5], found[:3], rtol=0.0, atol=2.0**-52)


@pytest.mark.parametrize("shape", [(3, 3), (5, 4), (40, 30)], ids=str)
def test_a_known_mixture_is_found(shape) -> None:
    """Rows of which the mixture that is drawn first makes all indifferent, to the last bit."""
    rng = np.random.default_rng(0)
    m, n = shape
    for _ in range(5):
        parts = rng.integers(1, 9, n).tolist()
        exact = [Fraction(p, sum(parts)) for p in parts]
        a = rng.integers(-20, 21, shape) * float(parts[-1])
        # The last column makes a y = 0: whole numbers, as it is divided by its own weight.
        a[:, -1] = -(a[:, :-1] @ parts[:-1]) / parts[-1]
        scale = 2.0 ** np.ceil(np.log2(np.abs(a).max()))
        rough = np.array(parts) + rng.random(n)
        _, found = polished(a / scale, rough / rough.sum(), range(m))
        np.testing.assert_allclose(np.array(exact, float), found[:n], rtol=0.0, atol=2 * found[-1])
        assert found[-1] < 1e-11
        assert verify(a, np.zeros(shape), [1] * m, exact)[0] == 0


@pytest.mark.parametrize(
    ("a", "y", "best"),
    [
        ([[1, 0, 0.5], [0, 1, 0.5]], [0.3, 0.3, 0.4], [0, 1]),
        ([[0.3, 0.7], [0.3, 0.7]], [0.4, 0.6], [0, 1]),
        ([[1, 0], [1 - 1e-9, 1e-9], [0, 1]], [0.5, 0.5], [0]),
        ([[1, 0, 0], [0, 1, 0], [0.5 + 1e-9, 0.5 - 1e-9, 0]], [0.5, 0.25, 0.25], [0, 1, 2]),
        ([[0.2, 0.1], [0.1, 0.05]], [0.5, 0.5], [0, 1]),
    ],
    ids=["too few rows", "equal rows", "one row", "nearly dependent rows", "a negative weight"],
)
def test_what_is_not_determined_stays(a, y, best) -> None:
    before, after = polished(a, y, best)
    np.testing.assert_array_equal(before, after)


def test_labels_in_several_words_are_read() -> None:
    """Rows 0 and 129 of 130, columns 1 and 3 of 4."""
    a = np.full((130, 4), -1.0)
    a[[0, 129]] = [[9, 0.25, 9, 0.75], [9, 0.5, 9, 0.0]]
    points, tight = vertex(a / 16, np.array([0, 0.5, 0, 0.5]), [0, 129])
    polish(a / 16, 0, 130, points, tight, 1, *space(130))
    np.testing.assert_allclose([0, 0.75, 0, 0.25], points[:4, 1], rtol=0.0, atol=2.0**-52)


def test_solve_takes_the_rows_and_columns_named() -> None:
    """Rock, paper, scissors among others, in another order."""
    a = np.full((5, 4), 7.0)
    rows, cols = np.array([4, 0, 2, 99]), np.array([3, 0, 1, 99])
    a[np.ix_(rows[:3], cols[:3])] = [[0, -1, 2], [1, 0, -1], [-1, 1, 0]]
    work, order = space(5)
    least = solve(a, rows, 3, cols, 3, work, order[2])
    assert LEAST_PIVOT < least <= 1.0
    np.testing.assert_allclose(work[2, :3], [4 / 12, 5 / 12, 3 / 12], rtol=0.0, atol=2.0**-52)


def test_elimination_finds_the_least_pivot_or_none() -> None:
    order = np.empty(3, np.int64)
    assert eliminate(np.array([[1.0, 0.5, 0.0], [0.0, 0.25, 1e-3]]), 2, 3, order) == 0.25
    assert sorted(order) == [0, 1, 2]
    assert eliminate(np.array([[1.0, 0.5, 0.25], [0.5, 0.25, 0.125]]), 2, 3, order) == 0.0
    nearly = [[1.0, 0.5, 0.25], [0.5, 0.25, 0.125 + LEAST_PIVOT / 2]]
    assert eliminate(np.array(nearly), 2, 3, order) == 0.0
