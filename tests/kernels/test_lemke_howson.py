"""Lemke–Howson paths: whole tableaux and small inverses take the same pivots, known or random."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from solver import Status
from solver.kernels import inverse
from solver.kernels.lemke_howson import ANY, follow_all_labels, solve_lemke_howson

sys.path.insert(0, str(Path(__file__).parent))
from hard_games import hard_game, path_length

#: Path lengths that Savani and von Stengel (2006) give for their 6×6 game, by dropped label.
PRINTED = [88, 24, 24, 24, 24, 88, 36, 36, 16, 16, 36, 36]


def lengths_of(A, B, most=10**6):
    """Pivots by label, on small inverses."""
    games, m, n = A.shape
    count, status = np.empty(games, np.int64), np.empty(games, np.int8)
    lengths = np.empty((games, m + n), np.int64)
    follow_all_labels(A, B, 0, games, np.inf, most, np.empty((0, m + n)), count, status, lengths)
    return lengths


def one(A, B, label=ANY, tol=1e-9, most=10**6):
    """Profiles, statuses and pivots; on whole tableaux where the game is small."""
    games, m, n = A.shape
    rows, count = np.empty((games, m + n)), np.empty(games, np.int64)
    status, pivots = np.empty(games, np.int8), np.empty(games, np.int64)
    arrays = rows, count, status, pivots
    used, reached = solve_lemke_howson(A, B, 0, games, label, tol, most, *arrays)
    assert (count.sum(), games) == (used, reached)
    return rows[:used], status, pivots


def test_paths_on_polytopes_have_the_printed_lengths():
    assert PRINTED == [path_length(6, label) for label in range(1, 13)]


def test_paths_of_the_hard_game_have_the_printed_lengths():
    A, B = hard_game(6)
    assert PRINTED == lengths_of(A[None], B[None])[0].tolist()


@pytest.mark.parametrize("label", range(12))
def test_one_path_of_the_hard_game_has_the_printed_length(label):
    A, B = hard_game(6)
    _, status, pivots = one(A[None], B[None], label)
    assert (PRINTED[label], Status.SOLVED) == (pivots[0], status[0])


@pytest.mark.parametrize("d", [2, 4])
def test_paths_of_smaller_hard_games_are_those_on_polytopes(d):
    A, B = hard_game(d)
    expected = [path_length(d, label) for label in range(1, 2 * d + 1)]
    assert expected == lengths_of(A[None], B[None])[0].tolist()


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 3), (2, 5), (6, 4), (12, 12)], ids=str)
@pytest.mark.parametrize("ties", [False, True])
def test_whole_tableaux_take_the_pivots_of_small_inverses(shape, ties):
    """Two representations of one path, ties included."""
    rng = np.random.default_rng(5)
    A, B = rng.normal(size=(2, 60, *shape))
    if ties:
        A, B = A.round(), B.round()
    lengths = lengths_of(A, B)
    for label in range(sum(shape)):
        _, status, pivots = one(A, B, label)
        assert (status == Status.SOLVED).all()
        np.testing.assert_array_equal(lengths[:, label], pivots)


def test_a_pure_equilibrium_is_two_pivots_away_by_the_label_of_its_row():
    A, B = np.array([[[5.0, 0.0], [0.0, 1.0]]] * 2)
    assert [2, 2, 2, 2] == lengths_of(A[None], B[None])[0].tolist()


def test_a_cap_on_pivots_is_kept():
    A, B = hard_game(6)
    rows, status, _ = one(A[None], B[None], label=0, most=87)
    assert (0, Status.NOT_CONVERGED) == (len(rows), status[0])
    rows, status, _ = one(A[None], B[None], label=0, most=88)
    assert (1, Status.SOLVED) == (len(rows), status[0])


def test_restarts_find_what_one_label_does_not():
    """88 pivots from label 0 are more than the first attempts have, 24 from label 1 are not."""
    A, B = hard_game(6)
    _, status, pivots = one(A[None], B[None], most=1000)
    assert (Status.SOLVED, 24) == (status[0], pivots[0])


@pytest.mark.parametrize("size", [20, 60])
def test_large_games_are_solved_from_any_label(size):
    rng = np.random.default_rng(size)
    A, B = rng.random((2, 3, size, size))
    for label in (ANY, 0, 2 * size - 1):
        rows, status, _ = one(A, B, label)
        assert (status == Status.SOLVED).all()
        x, y = rows[:, :size], rows[:, size:]
        on_rows, on_columns = np.einsum("gij,gj->gi", A, y), np.einsum("gij,gi->gj", B, x)
        np.testing.assert_allclose((x * on_rows).sum(1), on_rows.max(1), rtol=0.0, atol=1e-12)
        np.testing.assert_allclose((y * on_columns).sum(1), on_columns.max(1), rtol=0, atol=1e-12)


def test_a_game_that_is_not_finite_is_flagged_alone():
    A, B = np.random.default_rng(0).random((2, 3, 4, 4))
    A[1, 0, 0] = np.nan
    rows, status, _ = one(A, B)
    assert 2 == len(rows)
    assert [Status.SOLVED, Status.INVALID_INPUT, Status.SOLVED] == status.tolist()
    assert (lengths_of(A, B)[1] == -1).all()


def test_an_inverse_follows_its_matrix():
    """Rows and columns come, change and go: the inverse is that of numpy."""
    rng = np.random.default_rng(1)
    M, kept = rng.random((4, 4)) + np.eye(4), np.empty((5, 5))

    def same(matrix):
        size = len(matrix)
        np.testing.assert_allclose(np.linalg.inv(matrix).T, kept[:size, :size], atol=1e-12)

    # M[q, p]; kept[q, p] belongs to row q and column p of it
    assert inverse.invert(np.ascontiguousarray(M[:3, :3].T), kept)
    same(M[:3, :3])
    fall, entry = np.linalg.solve(M[:3, :3], M[:3, 3]), M[3, :3] @ np.linalg.inv(M[:3, :3])
    inverse.grow(kept, fall, entry, 3, M[3, 3] - M[3, :3] @ fall)
    same(M)
    column = rng.random(4)
    inverse.replace_column(kept, np.linalg.solve(M, column), 4, 1)
    M[:, 1] = column
    same(M)
    row = rng.random(4)
    inverse.replace_row(kept, row @ np.linalg.inv(M), 4, 2)
    M[2] = row
    same(M)
    inverse.remove(kept, 4, 0, 1)
    same(M[np.ix_([3, 1, 2], [0, 3, 2])])


def test_a_singular_matrix_has_no_inverse():
    assert not inverse.invert(np.ones((2, 2)), np.empty((2, 2)))
