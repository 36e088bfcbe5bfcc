"""Linear programs of one structure: known optima, what has none, and starting from a neighbour."""

from __future__ import annotations

import numpy as np
import pytest

from solver.programs.linear import BLOCK, LinearPrograms

pytest.importorskip("highspy")

#: Minimise -x - y over x + a y <= 4, b x + y <= 6 and x, y >= 0.
PLANE = LinearPrograms(
    cost=np.array([-1.0, -1.0]),
    low=np.zeros(2),
    row_low=np.full(2, -np.inf),
    row_high=np.array([4.0, 6.0]),
    start=np.array([0, 2, 4]),
    row=np.array([0, 1, 0, 1]),
)


def entries(a: float, b: float) -> list[float]:
    return [1.0, b, a, 1.0]


def test_the_optimum_is_where_both_rows_bind() -> None:
    """x + 2 y = 4 and 3 x + y = 6, with multipliers from 1 = u + 3 v and 1 = 2 u + v."""
    points, multipliers, solved = PLANE.solve(np.array([entries(2.0, 3.0)]))
    assert solved.all()
    np.testing.assert_allclose([[1.6, 1.2]], points, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose([[-0.4, -0.2]], multipliers, rtol=0.0, atol=1e-12)


def test_a_program_without_an_optimum_spoils_no_other() -> None:
    """Where neither row holds x back there is none."""
    given = np.array([entries(2.0, 3.0), [-1.0, -1.0, 1.0, 1.0], entries(3.0, 2.0)])
    points, _, solved = PLANE.solve(given)
    assert [True, False, True] == solved.tolist()
    np.testing.assert_allclose([[1.6, 1.2], [2.8, 0.4]], points[solved], rtol=0.0, atol=1e-12)


def test_a_neighbours_basis_changes_no_optimum() -> None:
    """Over more than one block, each from the basis of the one before it, and each alone."""
    rng = np.random.default_rng(3)
    given = np.array([entries(*pair) for pair in rng.uniform(0.5, 5.0, (BLOCK + 9, 2))])
    points, _, solved = PLANE.solve(given)
    assert solved.all()
    alone = np.concatenate([PLANE.solve(each[None])[0] for each in given])
    np.testing.assert_allclose(alone @ PLANE.cost, points @ PLANE.cost, rtol=0.0, atol=1e-12)


def test_nothing_to_solve_is_no_error() -> None:
    points, multipliers, solved = PLANE.solve(np.zeros((0, 4)))
    assert ((0, 2), (0, 2), (0,)) == (points.shape, multipliers.shape, solved.shape)
