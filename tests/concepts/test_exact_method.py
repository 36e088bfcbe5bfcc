"""Fractions instead of tolerances: units, ties by a hair, payoffs beyond floats, and limits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from solver import NormalForm, Status, nash, pure_nash
from solver.concepts.nash import Exact
from solver.errors import ParameterError
from solver.exact import verify
from solver.testing import oracles, textbook

THIRD = Fraction(1, 3)
INVALID = int(Status.INVALID_INPUT)


def integers(games, shape, top, seed=0):
    return np.random.default_rng(seed).integers(0, top, (2, games, *shape)).astype(float)


def of_fractions(*payoffs) -> NormalForm:
    """A game as it comes from a file: floats are the roundings, infinite beyond the largest."""
    exact = [np.vectorize(Fraction, otypes=[object])(np.array(P, object)) for P in payoffs]
    floats = [np.vectorize(rounded, otypes=[float])(P) for P in exact]
    return NormalForm(floats, fractions=exact)


def rounded(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


@pytest.mark.parametrize("top", [2, 4, 99])
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 2), (2, 4), (3, 3), (4, 3)], ids=str)
def test_nash_lists_fractions_of_every_game(shape, top) -> None:
    A, B = integers(15, shape, top)
    eq = nash(NormalForm([A, B]), "exact")
    assert eq.method == "exact"
    assert eq.tol == 0.0 == eq.gap[np.isfinite(eq.gap)].max()
    assert eq.complete.all()
    for g in range(15):
        own = np.flatnonzero(eq.owner == g)
        profiles = [eq.rows.exact.profiles[k] for k in own]
        expected = [x + y for x, y in oracles.extreme_equilibria(A[g], B[g])]
        assert expected == sorted(profiles)
        np.testing.assert_array_equal(np.array(profiles, float), eq.profiles[own])
        assert oracles.is_degenerate(A[g], B[g]) == (eq.status[g] == Status.DEGENERATE)
        for k, row in zip(own, profiles, strict=True):
            x, y = row[: shape[0]], row[shape[0] :]
            assert verify(A[g], B[g], x, y) == (0, 0)
            weights = np.outer(x, y)
            paid = tuple((weights * oracles.exact(P[g])).sum() for P in (A, B))
            assert paid == eq.rows.exact.payoffs[k]


@pytest.mark.parametrize(("scale", "shift"), [(1e9, 0), (1e12, 0), (2.0**-30, 0), (1, 1e12)])
@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
def test_units_that_floats_can_hold_change_no_fraction(solve, scale, shift) -> None:
    payoffs = integers(20, (3, 4), 4)
    plain = solve(NormalForm(tuple(payoffs)), "exact")
    moved = solve(NormalForm(tuple(payoffs * scale + shift)), "exact")
    assert plain.rows.exact.profiles == moved.rows.exact.profiles
    assert [
        tuple(u * Fraction(scale) + Fraction(shift) for u in row)
        for row in plain.rows.exact.payoffs
    ] == list(moved.rows.exact.payoffs)
    np.testing.assert_array_equal(plain.status, moved.status)


@pytest.mark.parametrize("unit", [Fraction(1, 10**9), Fraction(10**9), Fraction(10**400)], ids=str)
@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
def test_fractions_stand_for_themselves_in_any_unit(solve, unit) -> None:
    """A billionth has no float; 10^400 is infinite as one."""
    for A, B in integers(10, (3, 3), 3).swapaxes(0, 1).astype(int).tolist():
        plain = solve(NormalForm([A, B]), "exact")
        scaled = of_fractions(*([[u * unit + THIRD for u in row] for row in P] for P in (A, B)))
        moved = solve(scaled, "exact")
        assert plain.rows.exact.profiles == moved.rows.exact.profiles
        assert plain.status == moved.status
        assert moved.complete
        assert [tuple(u * unit + THIRD for u in row) for row in plain.rows.exact.payoffs] == list(
            moved.rows.exact.payoffs
        )


def test_payoffs_beyond_floats_are_invalid_without_fractions() -> None:
    form = of_fractions([[10**400, 0], [0, 1]], [[1, 0], [0, 1]])
    assert nash(form).status == INVALID == pure_nash(form).status
    exact = nash(form, "exact")
    assert exact.count == 3
    assert np.isinf(exact.payoffs[0, 0])
    assert exact.rows.exact.payoffs[0] == (10**400, 1)
    least = Fraction(1, 10**400 + 1)
    assert exact.rows.exact.profiles[2] == (0.5, 0.5, least, 1 - least)


@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
def test_a_tie_is_an_equality(solve) -> None:
    """0.1 + 0.2 is no tie with 0.3 as floats; the fractions that they are read from are."""
    tenths = [[Fraction(3, 10)], [Fraction(1, 10) + Fraction(2, 10)], [0]]
    floats, zeros = [[0.3], [0.1 + 0.2], [0.0]], [[0]] * 3
    assert solve(NormalForm([floats, zeros]), "exact").count == 1
    assert solve(NormalForm([floats, zeros])).count == 2
    assert solve(of_fractions(tenths, zeros), "exact").count == 2


@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
def test_a_game_that_is_not_finite_spoils_no_other(solve) -> None:
    payoffs = integers(6, (2, 3), 3).reshape(2, 2, 3, 2, 3)
    payoffs[0, 0, 1, 1, 2], payoffs[1, 1, 2, 0, 0] = np.nan, -np.inf
    eq = solve(NormalForm(tuple(payoffs)), "exact")
    bad = np.zeros((2, 3), bool)
    bad[0, 1] = bad[1, 2] = True
    np.testing.assert_array_equal(bad, eq.status == INVALID)
    np.testing.assert_array_equal(~bad, eq.complete)
    assert (eq.count[bad] == 0).all()
    for where in zip(*np.nonzero(~bad), strict=True):
        alone = solve(NormalForm([P[where] for P in payoffs]), "exact")
        own = eq.owner == np.ravel_multi_index(where, (2, 3))
        np.testing.assert_array_equal(alone.profiles, eq.profiles[own])


@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
@pytest.mark.parametrize("games", [0, 2])
def test_nothing_valid_is_no_rows(solve, games) -> None:
    eq = solve(NormalForm([np.full((games, 2, 3), np.inf)] * 2), "exact")
    assert [(games, 0, 2), (games, 0, 3)] == [s.shape for s in eq.strategies]
    assert (games, 0, 2) == eq.payoffs.shape
    assert (INVALID == eq.status).all()
    assert eq.rows.exact.profiles == ()


@pytest.mark.parametrize("shape", [(3, 3), (2, 5), (4, 4)], ids=str)
@pytest.mark.parametrize("top", [3, 1000])
def test_both_methods_list_in_the_same_order(shape, top) -> None:
    """By the number of actions played, then the first of them."""
    form = NormalForm(tuple(integers(100, shape, top)))
    eq, exact = nash(form), nash(form, "exact")
    np.testing.assert_array_equal(exact.count, eq.count)
    np.testing.assert_allclose(exact.profiles, eq.profiles, rtol=0.0, atol=1e-12)
    sizes = (exact.profiles > 0).sum(axis=1)
    assert (np.diff(sizes)[np.diff(exact.owner) == 0] >= 0).all()


def test_too_many_bases_are_not_called_complete() -> None:
    form = NormalForm([np.eye(4)] * 2)
    eq = nash(form, Exact(max_vertices=5))
    assert (eq.status, eq.complete) == (Status.TRUNCATED, False)
    assert all(verify(*form.payoffs, p[:4], p[4:]) == (0, 0) for p in eq.rows.exact.profiles)
    assert eq.count < 15
    eq = nash(form, Exact(max_vertices=16))
    assert (eq.status, eq.complete, eq.count) == (Status.SOLVED, True, 15)


def test_no_bases_at_all_are_refused() -> None:
    with pytest.raises(ParameterError, match="max_vertices = 0 must be at least 1"):
        nash(NormalForm([np.eye(2)] * 2), Exact(max_vertices=0))


@pytest.mark.parametrize("name", textbook.GAMES)
def test_textbook_games_have_their_printed_fractions(name) -> None:
    game = textbook.GAMES[name]
    eq = nash(NormalForm([game.A, game.B]), "exact")
    assert (game.number, True) == (eq.count, eq.complete)
    assert eq.status == (Status.DEGENERATE if game.degenerate else Status.SOLVED)
    if game.equilibria:
        assert sorted(x + y for x, y in game.equilibria) == sorted(eq.rows.exact.profiles)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 2, 3), (2, 1, 2, 2)], ids=str)
def test_pure_equilibria_are_those_of_the_definition(shape) -> None:
    """For one to four players, in row-major order, with what they pay."""
    draw = np.random.default_rng(3).integers(0, 3, (len(shape), 20, *shape)).astype(float)
    eq = pure_nash(NormalForm(tuple(draw)), "exact")
    for g in range(20):
        profiles = oracles.pure_equilibria([P[g] for P in draw])
        rows = [
            tuple(np.concatenate([np.eye(m)[a] for m, a in zip(shape, profile, strict=True)]))
            for profile in profiles
        ]
        own = np.flatnonzero(eq.owner == g)
        assert rows == [eq.rows.exact.profiles[k] for k in own]
        assert [tuple(P[g][p] for P in draw) for p in profiles] == [
            eq.rows.exact.payoffs[k] for k in own
        ]
        assert eq.status[g] == (Status.SOLVED if profiles else Status.NONE_EXIST)
    assert eq.complete.all()
