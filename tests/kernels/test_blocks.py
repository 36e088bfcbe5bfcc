"""The block kernels give the answers of the general one, whatever the games and buffers."""

import numpy as np
import pytest

from solver import Status, _jit
from solver.kernels.bimatrix import solve_bimatrix
from solver.kernels.blocks import solve_blocks, support_pairs
from solver.kernels.three_by_three import solve_three_by_three


def sealed(array):
    array = np.ascontiguousarray(array, np.float64)
    array.flags.writeable = False
    return array


SHAPES = ((3, 3), (2, 3), (4, 2), (3, 4), (4, 4))


def blocks(shape):
    """The block kernel for a shape."""
    if shape == (3, 3):
        return solve_three_by_three

    def solve(A, B, low, high, tol, most, *out):
        return solve_blocks(A, B, low, high, tol, most, support_pairs(*shape), *out)

    return solve


def games(kind, count, actions=(3, 3)):
    rng = np.random.default_rng(7)
    shape = (count, *actions)
    A, B = rng.random(shape), rng.random(shape)
    if kind == "ties":
        A, B = rng.integers(0, 4, shape), rng.integers(0, 4, shape)
    elif kind == "few ties":
        A, B = rng.integers(0, 60, shape), rng.integers(0, 60, shape)
    elif kind == "scales":
        A = A * 10.0 ** rng.integers(-304, 304, (count, 1, 1))
        B = B + 10.0 ** rng.integers(-3, 14, (count, 1, 1))
    elif kind == "constant":
        A[rng.random(count) < 0.3] = 2.5
        B[rng.random(count) < 0.3] = 0.0
    elif kind == "not finite":
        for payoffs in (A, B):
            for value in (np.nan, np.inf, -np.inf, 1.7e308, -1.7e308):
                payoffs[rng.random(shape) < 0.004] = value
    elif kind == "near ties":
        A[:, 1] = A[:, 0] + 10.0 ** rng.uniform(-15, -9, (count, 1))
    elif kind == "coordination":
        A = np.eye(*actions) * (1.0 + A[:, :1])
        B = np.eye(*actions) * (1.0 + B[:, :, :1])
    return sealed(A), sealed(B)


KINDS = (
    "random", "ties", "few ties", "scales", "constant", "not finite", "near ties", "coordination",
)  # fmt: skip


def answers(solve, A, B, room, tol=1e-9):
    """All rows, counts and statuses, in as many calls as the buffer makes necessary."""
    count, status = np.full(len(A), -1), np.full(len(A), -1, np.int8)
    whole, parts, low = np.zeros(len(A), np.bool_), [], 0
    while low < len(A):
        rows = np.full((room, sum(A.shape[1:])), np.nan)
        used, reached = solve(
            A, B, low, len(A), tol, 4096, rows, count, status, whole
        )  # fmt: skip
        parts.append(rows[:used])
        room, low = (2 * room, low) if reached == low else (room, reached)
    return np.concatenate(parts), count, status, whole


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 7, 129, 1000])
@pytest.mark.parametrize("room", [10, 20_000])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_blocks_give_the_answers_of_the_general_kernel(kind, count, room, shape):
    A, B = games(kind, count, shape)
    general, block = (answers(solve, A, B, room) for solve in (solve_bimatrix, blocks(shape)))
    sure = general[3] & block[3]  # in a game in doubt either may stop at another one
    assert sure.all() or kind in {"near ties", "not finite"}
    rows = [found[0][np.repeat(sure, found[1])] for found in (general, block)]
    for expected, actual in zip(general[1:3], block[1:3], strict=True):
        np.testing.assert_array_equal(expected[sure], actual[sure])
    np.testing.assert_allclose(*rows, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_tolerance_that_nothing_meets_is_not_called_solved(shape):
    A, B = games("coordination", 300, shape)
    _, count, status, whole = answers(blocks(shape), A, B, 5_000, tol=-1.0)
    assert (status[count > 0] == Status.NOT_CONVERGED).all()
    assert not whole.any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_interpreted_blocks_give_the_floats_of_compiled_ones(kind, shape, monkeypatch):
    A, B = games(kind, 20, shape)
    compiled = answers(blocks(shape), A, B, 5_000)
    monkeypatch.setattr(_jit._state, "interpreting", True, raising=False)
    with np.errstate(all="ignore"):
        interpreted = answers(blocks(shape), A, B, 5_000)
    for expected, actual in zip(compiled, interpreted, strict=True):
        np.testing.assert_array_equal(expected, actual)
