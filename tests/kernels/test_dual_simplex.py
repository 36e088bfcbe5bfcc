"""The dual simplex method on its own, and in correlated equilibria interpreted or compiled."""

from __future__ import annotations

from types import SimpleNamespace

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from solver import NormalForm, Status, _jit, get_threads, set_threads
from solver.concepts.coarse_correlated import coarse_correlated
from solver.concepts.correlated import Simplex, correlated
from solver.kernels.dual_simplex import FAILED, dual_simplex

CONCEPTS = {"correlated": correlated, "coarse-correlated": coarse_correlated}


def solved(A, b, c):
    """Maximise c·x with A x <= b, x >= 0 and c <= 0: the value, x, and the pivots."""
    A, b, c = (np.array(part, np.float64) for part in (A, b, c))
    rows, width = A.shape
    T = np.vstack([A, -c, 1.0 + 0.1 * np.arange(width)])
    right = np.append(b, [0.0, 0.0])
    basis, columns = width + np.arange(rows), np.arange(width)
    pivots = dual_simplex(T, right, basis, columns, rows, np.empty(width), 1_000)
    x = np.zeros(rows + width)
    x[basis] = right[:rows]
    return c @ x[:width], x[:width], pivots


def test_a_small_program_has_its_optimum():
    """Cover 3 and 2 units: x = (1, 1) costs 5, by hand."""
    value, x, pivots = solved([[-2, -1], [-1, -1]], [-3, -2], [-3, -2])
    np.testing.assert_allclose([1.0, 1.0], x, rtol=0.0, atol=1e-12)
    assert abs(value + 5.0) <= 1e-12
    assert pivots > 0


def test_nothing_to_do_takes_no_pivot():
    assert solved([[1.0]], [1.0], [-1.0])[2] == 0


def test_programs_without_a_solution_fail():
    """x >= 2 and x <= 1."""
    assert solved([[-1.0], [1.0]], [-2.0, 1.0], [0.0])[2] == FAILED


def test_no_costs_at_all_do_not_cycle():
    """Beale's (1955) cycle, turned into a program whose costs are all tied at zero."""
    A = -np.array([[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]]).T
    value, x, pivots = solved(A, -np.array([0.75, -150, 0.02, -6]), np.zeros(3))
    assert value == 0.0
    assert pivots != FAILED
    assert (A @ x <= -np.array([0.75, -150, 0.02, -6]) + 1e-9).all()


def test_random_programs_have_the_values_of_scipy():
    from scipy.optimize import linprog

    random = np.random.default_rng(1)
    for _ in range(60):
        rows, width = random.integers(1, 8, 2)
        A = random.integers(-3, 4, (rows, width)).astype(float)
        b, c = random.integers(-3, 6, rows), -random.integers(0, 3, width)
        found = linprog(-c, A, b)
        value, x, pivots = solved(A, b, c)
        assert (found.status == 2) == (pivots == FAILED)
        if pivots != FAILED:
            np.testing.assert_allclose(-found.fun, value, rtol=0.0, atol=1e-9)
            assert (A @ x <= b + 1e-9).all()
            assert (x >= -1e-9).all()


def mixed_batch(games, shape):
    """A third each without ties, with ties, and shifted far away; one game is not finite."""
    random = np.random.default_rng(7)
    payoffs = random.normal(size=(len(shape), games, *shape))
    payoffs[:, 1::3] = random.integers(0, 3, payoffs[:, 1::3].shape)
    payoffs[:, 2::3] = random.integers(0, 9, payoffs[:, 2::3].shape) + 1e12
    payoffs.reshape(len(shape), games, -1)[0, games // 2, 0] = np.inf
    return NormalForm(tuple(payoffs))


def answer(eq):
    arrays = (eq.count, eq.status, eq.rows.joint, *eq.row_values)
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize("objective", ["welfare", "egalitarian"])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (2, 2, 2)], ids=str)
@pytest.mark.parametrize("name", CONCEPTS)
def test_interpreted_is_compiled(monkeypatch, name, shape, objective):
    """Nothing is reassociated, so that even the last bit is the same."""
    form = mixed_batch(12, shape)
    compiled = answer(CONCEPTS[name](form, Simplex(objective)))
    monkeypatch.setattr(_jit, "sys", SimpleNamespace(modules={}))
    monkeypatch.setattr(_jit, "INTERPRETED_STEPS", np.inf)
    assert compiled == answer(CONCEPTS[name](form, Simplex(objective)))


def test_one_thread_is_two():
    form = mixed_batch(5_000, (3, 3))
    before = get_threads()
    try:
        set_threads(1)
        alone = answer(correlated(form))
        set_threads(2)
        assert alone == answer(correlated(form))
    finally:
        set_threads(before)


def test_random_games_in_number_are_all_certified():
    """Twenty thousand games without a single failure, and no need of another solver."""
    random = np.random.default_rng(5)
    form = NormalForm([random.random((20_000, 3, 3)) for _ in "ab"])
    for solve in CONCEPTS.values():
        for objective in ("welfare", "egalitarian"):
            eq = solve(form, Simplex(objective))
            assert (eq.status == Status.SOLVED).all()
            assert eq.certificate.gap.max() <= 1e-9
