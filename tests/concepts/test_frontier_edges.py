"""Polytopes where some players cannot gain, points repeat, or units are far apart.

Expected values come from the shape: which points give everybody the disagreement payoff can be
seen, and what is best among them follows by hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from solver import (
    FrontierProblem,
    Status,
    egalitarian,
    equal_loss,
    kalai_smorodinsky,
    nash_bargaining,
    utilitarian,
)
from solver.concepts._polyline import Polyline
from solver.concepts._polytope import Polytope

SOLUTIONS = [nash_bargaining, kalai_smorodinsky, egalitarian, equal_loss, utilitarian]
EVERY = pytest.mark.parametrize("solve", SOLUTIONS, ids=lambda concept: concept.name)
UNITS = pytest.mark.parametrize("unit", [1.0, 1e12, 1e-9])


def problem(points: Any, base: Any = (), unit: float = 1.0, **terms: Any) -> FrontierProblem:
    """Points and disagreement payoffs, in a unit."""
    points = np.asarray(points, float) * unit
    base = tuple(np.asarray(b, float) * unit for b in base)
    names = tuple("abcde"[: points.shape[-1]])
    return FrontierProblem(players=names, vertices=points, disagreement=base, **terms)


@UNITS
@pytest.mark.parametrize("solve", [nash_bargaining, kalai_smorodinsky, utilitarian],
                         ids=lambda concept: concept.name)  # fmt: skip
def test_who_alone_can_gain_gets_it(solve: Any, unit: float) -> None:
    """Only (2, 1, 2) and (2, 1, 1) give the first two what they have: the third gets its most."""
    points, base = [[2, 0, 3], [2, 1, 1], [2, 1, 2]], (2, 1, 1)
    found = solve(problem(points, base, unit))
    assert Status.SOLVED == found.status
    np.testing.assert_allclose(found.payoffs[0] / unit, [2.0, 1.0, 2.0], rtol=0.0, atol=1e-9)


@UNITS
def test_nash_counts_only_those_who_can_gain(unit: float) -> None:
    """The first cannot; the others share the segment from (2, 0) to (0, 2) equally."""
    points, base = [[1, 2, 0], [1, 0, 2], [0, 9, 9]], (1, 0, 0)
    found = nash_bargaining(problem(points, base, unit))
    assert Status.SOLVED == found.status
    np.testing.assert_allclose(found.payoffs[0] / unit, [1.0, 1.0, 1.0], rtol=0.0, atol=1e-9)


@EVERY
def test_a_single_point_is_the_solution(solve: Any) -> None:
    """Whether it is better than disagreement or the same."""
    found = solve(problem([[2.0, 0.0, 1.0, 3.0, 0.0]], ([2.0, 1.0], 0.0, 1.0, 3.0, 0.0)))
    assert [Status.SOLVED, Status.SOLVED] == found.status.tolist()
    np.testing.assert_allclose(found.payoffs[0, 0], [2, 0, 1, 3, 0], rtol=0.0, atol=1e-12)


@UNITS
def test_a_point_as_good_as_others_and_not_needed_costs_no_digits(unit: float) -> None:
    """At (3, 1, 1, 1) in gains the prices value three points alike, of which two are mixed."""
    points = [[0, 1, 1, 1], [0, 1, 3, 0], [3, 1, 3, 0], [3, 1, 0, 3], [0, 1, 2, 1], [0, 1, 3, 1]]
    found = nash_bargaining(problem(points, (0, 0, 0, 1), unit))
    assert Status.SOLVED == found.status
    np.testing.assert_allclose(found.payoffs[0] / unit, [3, 1, 1, 2], rtol=0.0, atol=1e-8)


@UNITS
def test_the_largest_sum_is_that_of_a_linear_program(unit: float) -> None:
    """Of 200 problems of three to five players, in any unit; all are certified."""
    rng = np.random.default_rng(5)
    for n in (3, 4, 5):
        points = rng.integers(0, 4, (70, 7, n)).astype(float)
        # A mixture of two points, so that it can be reached, often just so.
        base = 0.5 * (points[:, 0] + points[:, 1])
        found = utilitarian(problem(points, tuple(base.T), unit))
        assert (found.status == Status.SOLVED).all()
        gains = found.payoffs[:, 0] / unit - base
        assert gains.min() >= -1e-9
        best = [-largest_sum(A) for A in points - base[:, None]]
        np.testing.assert_allclose(gains.sum(axis=1), best, rtol=0.0, atol=1e-9)


def largest_sum(A: np.ndarray) -> float:
    """Less the most that all gain together while nobody loses, by HiGHS."""
    m, n = A.shape
    zero = np.zeros(n)
    return float(linprog(-A.sum(axis=1), -A.T, zero, np.ones((1, m)), [1.0], method="highs").fun)


def test_a_sum_that_is_too_small_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    """In large units too, in which prices were once too low to tell."""
    points = np.array([[3.0, 0, 0], [0, 3, 0], [0, 0, 1], [1, 1, 1]]) * 1e12

    def stuck(s: Polytope, weights: np.ndarray) -> Any:
        s.prices = weights * s.size
        return np.full((1, 1, 3), 2e11), np.ones((1, 1), np.bool_)

    monkeypatch.setattr(Polytope, "sums", stuck)
    assert Status.NOT_CONVERGED == utilitarian(problem(points)).status


@pytest.mark.parametrize("solve", [kalai_smorodinsky, equal_loss], ids=lambda c: c.name)
@pytest.mark.parametrize("players", [2, 3])
def test_ideal_payoffs_are_certified(
    monkeypatch: pytest.MonkeyPatch, solve: Any, players: int
) -> None:
    """A wrong one moves the solution along the frontier, where nothing else is amiss."""
    form = problem(np.diag(np.arange(1.0, players + 1)))
    assert Status.SOLVED == solve(form).status
    kind = Polyline if players == 2 else Polytope

    def wrong(s: Any) -> np.ndarray:
        return np.array([[0.5, *np.arange(2.0, players + 1)]])

    def ignored(s: Any, value: Any) -> None:
        """Keep the wrong one."""

    monkeypatch.setattr(kind, "ideal", property(wrong, ignored), raising=False)
    assert Status.NOT_CONVERGED == solve(form).status


@pytest.mark.parametrize("unit", [1e12, 1e-9])
@pytest.mark.parametrize("solve", [nash_bargaining, kalai_smorodinsky, egalitarian],
                         ids=lambda concept: concept.name)  # fmt: skip
def test_a_player_with_nothing_at_stake_does_not_hide_the_others(solve: Any, unit: float) -> None:
    """Its payoffs are the same everywhere; the others' are as they would be without it."""
    points = np.array([[0.0, 2.0], [4.0, 0.0]])
    three = np.insert(points, 2, 1.0, axis=1)
    two = solve(problem(points, (0, 0), unit)).payoffs[0] / unit
    found = solve(problem(three, (0, 0, 1), unit, weights=(1, 1, 0)))
    assert Status.SOLVED == found.status
    np.testing.assert_allclose(found.payoffs[0] / unit, [*two, 1.0], rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("unit", [1.0, 1e12, 1e-9])
def test_who_has_nothing_to_lose_loses_nothing_more_than_the_others(unit: float) -> None:
    """Ideal (4, 2, 0): all lose 4/3, though the third then has less than without agreement."""
    points = [[0.0, 2.0, 1.0], [4.0, 0.0, 1.0]]
    found = equal_loss(problem(points, (0, 0, 1), unit))
    assert Status.SOLVED == found.status
    expected = [8 / 3, 2 / 3, -1 / 3]
    np.testing.assert_allclose(found.payoffs[0] / unit, expected, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("solve", [nash_bargaining, kalai_smorodinsky, egalitarian, equal_loss],
                         ids=lambda concept: concept.name)  # fmt: skip
def test_a_base_at_a_point_of_a_curve_but_for_rounding_changes_nothing(solve: Any) -> None:
    """Where the curve is cut just beside a point, the line between the two has no direction."""
    width, height = 1.4027351716378476, 0.9314234032939935
    x = np.linspace(0.0, width, 251)
    curve = np.stack((x, height * (1.0 - (x / width) ** 4)), axis=-1)
    base = width / 2.0 * (1.0 + np.array([-4, -2, -1, 0, 1, 2, 4]) * np.finfo(float).eps)
    two = ("a", "b")
    found = solve(FrontierProblem(players=two, curve=curve, disagreement=(base, 0.0)))
    assert (found.status == Status.SOLVED).all()
    away = solve(FrontierProblem(players=two, curve=curve, disagreement=(width / 2 + 1e-9, 0.0)))
    expected = np.broadcast_to(away.payoffs[0], (7, 2))
    np.testing.assert_allclose(found.payoffs[:, 0], expected, rtol=0.0, atol=1e-8)


@EVERY
def test_a_base_beyond_the_frontier_by_rounding_is_on_it(solve: Any) -> None:
    """0.1 + 0.2 is more than 0.3: the second still gains all there is."""
    points = [[0.3, 0.0], [0.3, 1.0]]
    found = solve(FrontierProblem(players=("a", "b"), vertices=points, disagreement=(0.1 + 0.2, 0)))
    assert Status.SOLVED == found.status
    second = 0.0 if solve is egalitarian else 1.0  # equal gains are none
    np.testing.assert_allclose(found.payoffs[0], [0.3, second], rtol=0.0, atol=1e-12)
