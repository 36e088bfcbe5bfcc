"""One equilibrium of many small games at a time: certified, in order, by the pivots of one path."""

from __future__ import annotations

import numpy as np
import pytest

from solver import Status
from solver.kernels.lemke_howson import follow_all_labels
from solver.kernels.one_of_nine import solve_one_of_three_by_three
from solver.kernels.path_lanes import solve_side_by_side

KERNELS = [
    pytest.param(solve_one_of_three_by_three, (3, 3), id="3x3"),
    *(
        pytest.param(solve_side_by_side, shape, id=f"lanes {shape}")
        for shape in [(1, 1), (2, 3), (3, 3), (7, 2), (8, 8), (10, 10)]
    ),
]


def solve(kernel, A, B, room=None, most=10**5):
    """Rows, counts, statuses, pivots and the next game."""
    games, m, n = A.shape
    rows = np.empty((games if room is None else room, m + n))
    count, status = np.full(games, -7), np.full(games, -7, np.int8)
    pivots = np.full(games, -7)
    used, reached = kernel(A, B, 0, games, 1e-9, most, rows, count, status, pivots)
    return rows[:used], count, status, pivots, reached


def regret(A, B, rows):
    """By the definition, in numpy."""
    m = A.shape[1]
    x, y = rows[:, :m], rows[:, m:]
    on_rows, on_columns = np.einsum("gij,gj->gi", A, y), np.einsum("gij,gi->gj", B, x)
    of_rows = on_rows.max(1) - (x * on_rows).sum(1)
    return np.maximum(of_rows, on_columns.max(1) - (y * on_columns).sum(1))


@pytest.mark.parametrize(("kernel", "shape"), KERNELS)
@pytest.mark.parametrize("ties", [False, True])
def test_every_game_has_an_equilibrium_in_its_own_row(kernel, shape, ties):
    A, B = np.random.default_rng(4).normal(size=(2, 150, *shape))
    if ties:
        A, B = A.round(), B.round()
    rows, count, status, _, reached = solve(kernel, A, B)
    assert (150, 150) == (len(rows), reached)
    assert (count == 1).all()
    assert (status == Status.SOLVED).all()
    assert (rows >= 0.0).all()
    np.testing.assert_allclose(2.0, rows.sum(1), rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(0.0, regret(A, B, rows), rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 4), (3, 6), (10, 10)], ids=str)
def test_lanes_take_the_pivots_of_a_path(shape):
    """Of the first row's label or the first column's, as the other representation counts them."""
    A, B = np.random.default_rng(6).random((2, 200, *shape))
    lengths = np.empty((200, sum(shape)), np.int64)
    follow_all_labels(
        A, B, 0, 200, np.inf, 10**6, np.empty((0, sum(shape))),
        np.empty(200, np.int64), np.empty(200, np.int8), lengths,
    )  # fmt: skip
    pivots = solve(solve_side_by_side, A, B)[3]
    long = (lengths > 100).any(axis=1)
    same = (pivots == lengths[:, 0]) | (pivots == lengths[:, shape[0]]) | (pivots == 0) | long
    assert same.all()
    assert (pivots > 2).sum() > 20


@pytest.mark.parametrize(("kernel", "shape"), KERNELS)
def test_games_that_are_not_finite_leave_no_row(kernel, shape):
    A, B = np.random.default_rng(2).random((2, 90, *shape))
    A[5, 0, 0], B[40, -1, -1], A[89, 0, -1] = np.nan, np.inf, -np.inf
    bad = [5, 40, 89]
    rows, count, status, _, reached = solve(kernel, A, B)
    assert (87, 90) == (len(rows), reached)
    good = np.setdiff1d(np.arange(90), bad)
    assert (count[bad] == 0).all()
    assert (status[bad] == Status.INVALID_INPUT).all()
    assert (status[good] == Status.SOLVED).all()
    np.testing.assert_allclose(0.0, regret(A[good], B[good], rows), rtol=0.0, atol=1e-12)


@pytest.mark.parametrize(("kernel", "shape"), KERNELS)
def test_no_row_is_written_beyond_the_room(kernel, shape):
    A, B = np.random.default_rng(2).random((2, 300, *shape))
    rows, count, _, _, reached = solve(kernel, A, B, room=200)
    assert count[:reached].sum() == len(rows) <= 200
    assert (count[reached:] == -7).all()
    np.testing.assert_allclose(0.0, regret(A[:reached], B[:reached], rows), rtol=0.0, atol=1e-12)


def test_a_cap_on_pivots_leaves_games_unsolved():
    """Rock, paper, scissors takes more than two pivots."""
    A = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]) + 0.1 * np.eye(3)
    games = np.repeat(A[None], 40, axis=0)
    rows, _, status, _, _ = solve(solve_side_by_side, games, -games, most=2)
    assert 0 == len(rows)
    assert (status == Status.NOT_CONVERGED).all()


@pytest.mark.parametrize(("kernel", "shape"), KERNELS)
def test_huge_and_tiny_payoffs_are_like_others(kernel, shape):
    A, B = np.random.default_rng(9).integers(-20, 20, (2, 60, *shape)).astype(float)
    rows = solve(kernel, A, B)[0]
    np.testing.assert_array_equal(rows, solve(kernel, A * 2.0**900, B * 2.0**-900)[0])
