"""Solutions without transfers: known answers, and linear and convex programs as second routes."""

from __future__ import annotations

import numpy as np
import pytest

from solver import Status, alternating_offers, nash_bargaining, outside_option
from solver.concepts.egalitarian import egalitarian
from solver.concepts.equal_loss import equal_loss
from solver.concepts.kalai_smorodinsky import kalai_smorodinsky
from solver.concepts.nash_bargaining import ConvexProgram
from solver.concepts.outside_option import binding
from solver.concepts.utilitarian import utilitarian
from solver.errors import ConceptError, ParameterError
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem
from solver.forms.linear_price import linear_price, wholesale_price
from tests.concepts.bargaining_problems import (
    PAIR,
    TRIO,
    best_sum,
    ideal,
    parabola,
    random_points,
    reach,
)

GOLDEN = (5**0.5 - 1) / 2
SOLUTIONS = [nash_bargaining, kalai_smorodinsky, egalitarian, equal_loss, utilitarian]


@pytest.mark.parametrize(
    ("concept", "x"),
    [(nash_bargaining, 3**-0.5), (kalai_smorodinsky, GOLDEN), (egalitarian, GOLDEN),
     (equal_loss, GOLDEN), (utilitarian, 0.5)],
    ids=lambda value: getattr(value, "name", ""),
)  # fmt: skip
def test_solutions_on_a_parabola(concept, x) -> None:
    eq = concept(parabola()).check()
    np.testing.assert_allclose([[x, 1 - x**2]], eq.payoffs, rtol=1e-12)
    assert eq.complete


@pytest.mark.parametrize("concept", SOLUTIONS, ids=lambda c: c.name)
def test_a_sampled_curve_gives_nearly_what_its_function_gives(concept) -> None:
    x = np.linspace(0.0, 1.0, 2001)
    curve = FrontierProblem(players=PAIR, curve=np.stack((x, 1 - x**2), axis=-1))
    np.testing.assert_allclose(concept(parabola()).payoffs, concept(curve).payoffs, atol=1e-3)


def test_stationary_offers_on_a_parabola_solve_their_equations() -> None:
    eq = alternating_offers(parabola(discounts=(0.9, 0.8))).check()
    # 1 - x² = 0.8 (1 - 0.81 x²)
    x = (0.2 / (1 - 0.648)) ** 0.5
    np.testing.assert_allclose([[x, 1 - x**2]], eq.payoffs, rtol=1e-12)
    second = alternating_offers.parts[FrontierProblem].methods[0](proposer=1)
    y = 0.9 * x
    np.testing.assert_allclose(
        [[y, 1 - y**2]],
        alternating_offers(parabola(discounts=(0.9, 0.8)), second).payoffs,
        rtol=1e-12,
    )


def test_offers_become_the_nash_solution_as_breakdown_becomes_unlikely() -> None:
    """Binmore, Rubinstein and Wolinsky 1986: over what a breakdown pays."""
    terms = {"disagreement": (0.3, 0.2), "discounts": (1.0, 1.0), "breakdown": 1e-7}
    for form in (parabola(**terms), BargainingProblem(players=PAIR, surplus=2.0, **terms)):
        expected = nash_bargaining(form).payoffs
        np.testing.assert_allclose(expected, alternating_offers(form).payoffs, atol=1e-6)


def test_an_option_on_a_frontier_binds_or_does_not_matter() -> None:
    form = parabola(outside=(0.0, [0.5, 0.75, 0.99]))
    eq = outside_option(form).check()
    np.testing.assert_allclose([2 / 3, 0.75, 0.99], eq.payoffs[:, 0, 1], rtol=1e-12)
    np.testing.assert_allclose(eq.payoffs[:, 0, 1], 1 - eq.payoffs[:, 0, 0] ** 2, rtol=1e-12)
    assert [[False, False], [False, True], [False, True]] == binding(eq).tolist()
    rounds = outside_option(form, "discounted").check()
    assert [[False, False], [False, True], [False, True]] == binding(rounds).tolist()
    np.testing.assert_allclose(alternating_offers(form).payoffs[0], rounds.payoffs[0], rtol=1e-12)
    apart = outside_option(parabola(outside=(0.9, 0.9))).check()
    assert [[0.9, 0.9]] == apart.payoffs.tolist()
    assert [True, True] == binding(apart).tolist()


@pytest.mark.parametrize("kind", ["normal", "whole"])
@pytest.mark.parametrize(("players", "m"), [(2, 1), (2, 2), (2, 7), (3, 2), (3, 8), (4, 9)])
def test_solutions_below_lotteries_are_those_of_linear_programs(players, m, kind) -> None:
    points = random_points(1, 12, m, players, kind)
    weights = np.arange(1.0, players + 1)
    names = [f"p{i}" for i in range(players)]
    form = FrontierProblem(players=names, vertices=points, weights=list(weights))
    zero, ones = np.zeros(players), np.ones(players)
    best = np.array([ideal(p, zero) for p in points])
    routes = {
        kalai_smorodinsky: [reach(p, zero, b) for p, b in zip(points, best, strict=True)],
        egalitarian: [reach(p, zero, weights) for p in points],
        equal_loss: [reach(p, b, ones) for p, b in zip(points, best, strict=True)],
    }
    for concept, expected in routes.items():
        eq = concept(form).check()
        np.testing.assert_allclose(expected, eq.payoffs[:, 0], atol=1e-8)
    sums = utilitarian(form, "weighted-sum").check()
    most = np.array([best_sum(p, zero, weights) for p in points])
    for k in range(sums.slots):
        found = sums.payoffs[:, k] @ weights
        np.testing.assert_allclose(np.where(np.isnan(found), most, found), most, atol=1e-8)


@pytest.mark.parametrize("kind", ["normal", "whole"])
@pytest.mark.parametrize(("players", "m"), [(2, 1), (2, 7), (3, 8), (4, 9)])
def test_the_nash_solution_is_what_a_convex_program_finds(players, m, kind) -> None:
    points = random_points(2, 8, m, players, kind)
    weights = [i + 0.5 for i in range(players)]
    names = [f"p{i}" for i in range(players)]
    form = FrontierProblem(players=names, vertices=points, weights=weights)
    ours = nash_bargaining(form).check()
    theirs = nash_bargaining(form, "convex-program").check()
    np.testing.assert_allclose(theirs.payoffs, ours.payoffs, atol=1e-5)
    assert (ours.certificate.gap < 1e-9).all()


def test_who_has_no_weight_is_only_kept_from_losing() -> None:
    for points in ([[0, 2], [4, 0]], [[-1.0, 2.5], [4, 0]]):
        form = FrontierProblem(players=PAIR, vertices=points, weights=(0.0, 1.0))
        np.testing.assert_allclose([[0.0, 2.0]], nash_bargaining(form).check().payoffs, atol=1e-12)
    trio = FrontierProblem(
        players=TRIO, vertices=[[-1, 3, 0], [2, 0, 1], [0, 1, 4.0]], weights=(0.0, 1.0, 1.0)
    )
    eq = nash_bargaining(trio).check()
    assert eq.payoffs[0, 0] >= -1e-9


@pytest.mark.parametrize("concept", SOLUTIONS, ids=lambda c: c.name)
def test_players_who_cannot_both_gain_stay_apart(concept) -> None:
    for players, points in ((PAIR, [[0, 1], [1, 0.0]]), (TRIO, [[0, 1, 1], [1, 0, 0.0]])):
        form = FrontierProblem(players=players, vertices=points, disagreement=[0.75] * len(players))
        eq = concept(form).check()
        assert [[0.75] * len(players)] == eq.payoffs.tolist()
    assert [[2.0, 2.0]] == concept(parabola(disagreement=(2.0, 2.0))).check().payoffs.tolist()


@pytest.mark.parametrize("concept", SOLUTIONS, ids=lambda c: c.name)
@pytest.mark.parametrize("shift", [0.0, 1e12])
def test_large_payoffs_keep_their_digits(concept, shift) -> None:
    points = random_points(3, 10, 6, 2, "whole")
    near = concept(FrontierProblem(players=PAIR, vertices=points)).check()
    form = FrontierProblem(
        players=PAIR, vertices=points * 1e12 + shift, disagreement=(shift, shift)
    )
    far = concept(form).check()
    np.testing.assert_allclose(near.payoffs, (far.payoffs - shift) / 1e12, atol=1e-9)
    shifted = FrontierProblem(players=PAIR, vertices=points + 1e12, disagreement=(1e12, 1e12))
    np.testing.assert_allclose(near.payoffs, concept(shifted).check().payoffs - 1e12, atol=1e-3)


@pytest.mark.parametrize("concept", [*SOLUTIONS, alternating_offers, outside_option],
                         ids=lambda c: c.name)  # fmt: skip
def test_numbers_that_mean_nothing_are_a_status_there(concept) -> None:
    bad = np.array([0.25, np.nan, np.inf, 0.5])
    points = np.ones((4, 1, 1)) * np.array([[0.0, 2.0], [2.0, 0.0]])
    spoilt = points.copy()
    spoilt[1:3, 0, 1] = bad[1:3]
    forms = [FrontierProblem(players=PAIR, vertices=spoilt)]
    for name in ("disagreement", "outside", "weights", "discounts"):
        forms.append(FrontierProblem(players=PAIR, vertices=points, **{name: (0.5, bad)}))
        forms.append(parabola(**{name: (0.5, bad)}))
    forms.append(parabola(breakdown=bad))
    forms.append(
        FrontierProblem(players=PAIR, function=lambda x, s: s - x, parameters={"s": bad * 4})
    )
    for form in forms:
        eq = concept(form)
        assert [False, True, True, False] == (eq.status == Status.INVALID_INPUT).tolist()
        assert ([0, 0] == eq.count[1:3]).all()
        assert (eq.count[[0, 3]] > 0).all()
        assert eq.status[0] == Status.SOLVED or eq.status[0] == Status.DEGENERATE


def test_three_without_weights_are_invalid_only_there() -> None:
    weights = (np.array([1.0, 0.0]), np.array([1.0, 0.0]), np.array([1.0, 0.0]))
    form = FrontierProblem(players=TRIO, vertices=np.eye(3), weights=weights)
    eq = nash_bargaining(form)
    assert [0, 5] == eq.status.tolist()
    np.testing.assert_allclose([[1 / 3] * 3], eq.payoffs[0], rtol=1e-9)


@pytest.mark.parametrize("intercept", [10.0, 10e6])
def test_linear_prices_are_those_of_the_formulas(intercept) -> None:
    beta, c = np.array([0.2, 0.5, 2 / 3, 0.8, 1.0]), 0.2 * intercept
    form = linear_price(intercept=intercept, cost=c, power=beta)
    prices = wholesale_price(form, nash_bargaining(form).check().payoffs[:, 0])
    np.testing.assert_allclose(c + beta * (intercept - c) / 2, prices, rtol=1e-9)
    prices = wholesale_price(form, egalitarian(form, "lexicographic").check().payoffs[:, 0])
    point = (beta * intercept + 2 * (1 - beta) * c) / (2 - beta)
    np.testing.assert_allclose(np.minimum(point, (intercept + c) / 2), prices, rtol=1e-9)


def test_a_proportional_point_off_the_efficient_frontier_is_not_lifted_unasked() -> None:
    form = linear_price(intercept=10.0, cost=2.0, power=0.8)
    supplier, buyer = egalitarian(form).check().payoffs[0]
    np.testing.assert_allclose([8.0, 2.0], [supplier, buyer], rtol=1e-12)
    np.testing.assert_allclose([[8.0, 4.0]], egalitarian(form, "lexicographic").payoffs, rtol=1e-12)


def test_a_kink_is_found_as_precisely_as_a_smooth_maximum() -> None:
    form = FrontierProblem(
        players=PAIR, function=lambda x: np.minimum(2 - 0.5 * x, 4 - 3.5 * x), low=0.0, high=1.1
    )
    np.testing.assert_allclose([[2 / 3, 5 / 3]], nash_bargaining(form).check().payoffs, rtol=1e-12)


def test_what_cannot_be_asked_is_refused() -> None:
    trio = FrontierProblem(players=TRIO, vertices=np.eye(3))
    for ask in (alternating_offers, outside_option):
        with pytest.raises(ConceptError, match="is for two players, this problem has 3"):
            ask(trio)
    with pytest.raises(ConceptError, match="lexicographic is for two players"):
        egalitarian(trio, "lexicographic")
    with pytest.raises(ConceptError, match="vertices or a curve, not a function"):
        nash_bargaining(parabola(), ConvexProgram())
    with pytest.raises(ParameterError, match="tol = -1 is no number"):
        ConvexProgram(tol=-1)
    with pytest.raises(ConceptError, match="binding takes what outside_option returned"):
        binding(nash_bargaining(trio))
