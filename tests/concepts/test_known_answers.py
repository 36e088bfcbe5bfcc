"""Games whose number of equilibria is known, up to the limits of the solver, in any units."""

from __future__ import annotations

from itertools import product
from time import perf_counter

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts.nash import VertexEnumeration
from solver.exact import verify
from solver.testing import laws, textbook

UNITS = {"x1e9": (1e9, 0.0), "x1e12": (1e12, 0.0), "x1e-9": (1e-9, 0.0), "+1e12": (1.0, 1e12)}


@pytest.mark.parametrize("method", [None, "exact"])
@pytest.mark.parametrize("units", [(1.0, 0.0), *UNITS.values()], ids=str)
def test_von_stengels_game_has_seventy_five(method, units) -> None:
    game = textbook.GAMES["most equilibria"]
    scale, shift = units
    eq = nash(NormalForm([np.array(P) * scale + shift for P in (game.A, game.B)]), method)
    assert (eq.count, eq.status, eq.complete) == (75, Status.SOLVED, True)
    assert eq.gap.max() <= 1e-9
    sizes = (eq.strategies[0] > 0).sum(axis=1)
    np.testing.assert_array_equal(sizes, (eq.strategies[1] > 0).sum(axis=1))
    plain = nash(NormalForm([game.A, game.B]), "exact")
    np.testing.assert_allclose(plain.profiles, eq.profiles, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("n", [6, 10, 13, 15])
def test_coordination_has_every_support(n) -> None:
    """2^n - 1 of them, each uniform: 32,767 for fifteen actions."""
    eq = nash(NormalForm([np.eye(n)] * 2))
    assert (2**n - 1, Status.SOLVED, True) == (eq.count, eq.status, eq.complete)
    x, y = eq.strategies
    np.testing.assert_allclose(x, y, rtol=0.0, atol=1e-12)
    np.testing.assert_array_equal(x > 0, y > 0)
    assert len(np.unique((x > 0) @ 2 ** np.arange(n))) == 2**n - 1
    sizes = (x > 0).sum(axis=1)
    np.testing.assert_allclose((x > 0) / sizes[:, None], x, rtol=0.0, atol=1e-12)
    np.testing.assert_array_equal(np.sort(sizes), sizes)
    np.testing.assert_array_equal((-1) ** (sizes + 1), eq.index)


@pytest.mark.parametrize("n", [1, 5, 9, 40])
def test_indifference_is_one_component_of_all_pure_profiles(n) -> None:
    eq = nash(NormalForm([np.zeros((n, n))] * 2))
    assert (eq.count, eq.complete) == (n * n, True)
    pairs = product(map(tuple, np.eye(n).tolist()), repeat=2)
    assert {x + y for x, y in pairs} == {*map(tuple, eq.profiles.tolist())}
    assert {0} == {*eq.component.tolist()}


@pytest.mark.parametrize("n", [2, 5, 9, 12])
def test_hide_and_seek_has_one(n) -> None:
    eq = nash(NormalForm([np.eye(n), -np.eye(n)]))
    assert (eq.count, eq.complete) == (1, True)
    np.testing.assert_allclose(eq.profiles, 1 / n, rtol=0.0, atol=1e-14)
    assert eq.index == 1


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4), (3, 5), (6, 6)], ids=str)
def test_units_change_no_equilibrium(shape, units) -> None:
    """With ties and without: the same number, order, status and probabilities."""
    scale, shift = UNITS[units]
    for top in (4, 1000):
        payoffs = np.random.default_rng(top).integers(0, top, (2, 60, *shape)).astype(float)
        plain, moved = (nash(NormalForm(tuple(P))) for P in (payoffs, payoffs * scale + shift))
        for name in ("count", "status", "complete"):
            np.testing.assert_array_equal(getattr(plain, name), getattr(moved, name))
        assert plain.complete.all()
        assert np.nanmax(moved.gap) <= 1e-9
        for g in range(60):
            one, other = (e.profiles[e.owner == g] for e in (plain, moved))
            away = np.abs(one[:, None] - other).max(axis=2)
            assert max(away.min(axis=0).max(), away.min(axis=1).max()) <= 1e-9


@pytest.mark.parametrize("size", [41, 100])
@pytest.mark.parametrize("copies", [None, 40], ids=["random", "with copies"])
def test_a_game_beyond_the_limits_ends_in_time(size, copies) -> None:
    """Truncated, with certified equilibria alone."""
    rng = np.random.default_rng(0)
    A, B = rng.random((2, size, size))
    if copies:
        rows = rng.integers(0, copies, size)
        A, B = A[rows][:, rows], B[rows][:, rows]
    A[3, 7] = B[3, 7] = 2.0
    nash(NormalForm([np.eye(7)] * 2))  # compiled
    start = perf_counter()
    eq = nash(NormalForm([A, B]))
    assert perf_counter() - start < 5.0
    assert (eq.status, eq.complete) == (Status.TRUNCATED, False)
    assert eq.count >= 1
    laws.certified(eq)
    assert all(verify(A, B, p[:size], p[size:]) == (0, 0) for p in eq.profiles)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (3, 3), (4, 4), (5, 4)], ids=str)
@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e10])
def test_a_dominated_penalty_costs_no_digits(shape, penalty) -> None:
    """A last row that nobody would play stretches the range; the differences stay as they are."""
    rng = np.random.default_rng(1)
    for _ in range(10):
        A, B = rng.random((2, *shape))
        rest = nash(NormalForm([A, B]), "exact")
        worse = np.vstack([A, -penalty * rng.random((1, shape[1]))])
        other = np.vstack([B, rng.random((1, shape[1]))])
        eq = nash(NormalForm([worse, other]), VertexEnumeration(max_exact=0))
        assert eq.complete or penalty > 1e6
        if eq.complete:
            expected = np.insert(rest.profiles, shape[0], 0.0, axis=1)
            assert len(expected) == eq.count
            np.testing.assert_allclose(expected, eq.profiles, rtol=0.0, atol=1e-9)


def test_a_row_that_differs_by_a_billionth_keeps_its_equilibrium() -> None:
    """Exactly there is one equilibrium only: the third row is best against the mixture."""
    A = [
        [0.3245273542655699, 0.832108878564481],
        [0.32452735487086254, 0.8321088770364301],
        [0.9931992533882543, -0.85594184267606],
    ]
    B = [
        [0.7296448797397866, 0.7296448795045317],
        [0.8509684584140583, 0.8509684565434856],
        [0.7060006773583933, 0.7060006796932534],
    ]
    exact, eq = (nash(NormalForm([A, B]), method) for method in ("exact", None))
    assert exact.count == 1
    if eq.complete:
        assert exact.count == eq.count
        np.testing.assert_allclose(exact.profiles, eq.profiles, rtol=0.0, atol=1e-6)
