"""Laws of bargaining solutions: they hold, and each notices a solver that breaks them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import (
    BargainingProblem,
    NormalForm,
    alternating_offers,
    coco,
    nash_bargaining,
    outside_option,
)
from solver.concepts.egalitarian import egalitarian
from solver.concepts.equal_loss import equal_loss
from solver.concepts.kalai_smorodinsky import kalai_smorodinsky
from solver.concepts.outside_option import binding
from solver.concepts.utilitarian import utilitarian
from solver.concepts.variable_threats import threat_point, variable_threats
from solver.forms.frontier import FrontierProblem
from solver.testing import bargaining_laws as laws
from solver.testing import bargaining_problems, bimatrix_games, frontier_problems

DIVISIONS = [nash_bargaining, kalai_smorodinsky, egalitarian, equal_loss, utilitarian]
WEDGE = FrontierProblem(players=("A", "B"), vertices=[[0.0, 2.0], [4.0, 0.0]])

CORNER = replace(WEDGE, vertices=[[1.0, 1.0], [2.0, 0.0]])

by_name = pytest.mark.parametrize("concept", DIVISIONS, ids=lambda c: c.name)


@by_name
@given(form=bargaining_problems(batch=(2,)))
def test_divisions_are_efficient_and_the_same_one_by_one(concept, form) -> None:
    laws.efficient(concept, form)
    laws.batched_is_pointwise(concept, form)


@given(bargaining_problems(players=(2, 2), batch=(2,)))
def test_offers_are_the_same_one_by_one(form) -> None:
    laws.batched_is_pointwise(alternating_offers, form)
    laws.batched_is_pointwise(outside_option, form)
    laws.symmetric(outside_option, form)
    alternating_offers(form).check()
    outside_option(form).check()
    outside_option(form, "discounted").check()


@given(bargaining_problems(players=(3, 4)))
def test_offers_of_many_are_certified(form) -> None:
    eq = alternating_offers(form).check()
    assert not eq.complete
    outside_option(form).check()


@given(frontier_problems(), st.sampled_from([1e-9, 0.5, 3.0, 1e12]), st.sampled_from([-7.0, 0.0]))
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units(form, scale, shift) -> None:
    for concept in (nash_bargaining, kalai_smorodinsky):
        laws.scale_covariant(concept, form, (scale, 2.0), (shift * scale, 5.0))
        laws.symmetric(concept, form)


@given(frontier_problems(), st.tuples(st.floats(0.0, 9.0), st.floats(0.0, 9.0)))
def test_nobody_loses_by_a_new_possibility_under_the_egalitarian_solution(form, point) -> None:
    laws.strongly_monotone(egalitarian, form, point)


@given(frontier_problems(), st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
def test_nobody_loses_within_the_same_ideals_under_kalai_smorodinsky(form, share) -> None:
    laws.individually_monotone(kalai_smorodinsky, form, share)


def wasteful(form):
    return nash_bargaining(replace(form, surplus=0.9 * form.total))


def for_the_first(form):
    return nash_bargaining(replace(form, weights=(form.entries("weights")[0] + 1.0, 1.0)))


@pytest.mark.parametrize(
    ("law", "mutant", "arguments"),
    [
        (laws.efficient, wasteful, ()),
        (laws.symmetric, for_the_first, ()),
    ],
    ids=["wasteful", "partial"],
)
def test_a_wrong_solver_is_noticed(law, mutant, arguments) -> None:
    form = BargainingProblem(players=("A", "B"), surplus=10.0, disagreement=(1.0, 2.0))
    law(nash_bargaining, form, *arguments)
    with pytest.raises(AssertionError):
        law(mutant, form, *arguments)


def test_a_law_of_one_solution_is_broken_by_another() -> None:
    with pytest.raises(AssertionError):
        laws.scale_covariant(egalitarian, WEDGE, (3.0, 1.0), (0.0, 0.0))
    with pytest.raises(AssertionError):
        laws.strongly_monotone(nash_bargaining, CORNER, (2.0, 0.9))
    with pytest.raises(AssertionError):
        laws.individually_monotone(nash_bargaining, CORNER, (1.0, 0.9))


def test_a_solver_that_looks_at_the_batch_is_noticed() -> None:
    form = BargainingProblem(players=("A", "B"), surplus=np.array([4.0, 8.0]))

    def average(form):
        return nash_bargaining(replace(form, surplus=form.total * 0 + form.total.mean()))

    with pytest.raises(AssertionError):
        laws.batched_is_pointwise(average, form)


@given(bargaining_problems(players=(2, 2), gains=True), st.floats(0.05, 0.95))
def test_a_threat_counts_by_the_weight_or_all_or_nothing(form, beta) -> None:
    """What the buyer has alone moves its payoff by 1 - β under Nash, by 0 or 1 as an option."""
    total, step = float(form.total) + 20.0, 1e-4
    own = np.linspace(0.3, 0.9, 7) * total
    around = own[:, None] + np.array([-step, step])
    shared = {"players": ("s", "b"), "surplus": total, "weights": (beta, 1.0 - beta)}
    nash = nash_bargaining(BargainingProblem(**shared, disagreement=(0.0, around)))
    slopes = np.diff(nash.payoffs[..., 0, 1])[:, 0] / (2 * step)
    np.testing.assert_allclose(beta, slopes, rtol=1e-6)
    option = outside_option(BargainingProblem(**shared, outside=(0.0, around)))
    slopes = np.diff(option.payoffs[..., 0, 1])[:, 0] / (2 * step)
    smooth = np.abs(own - (1.0 - beta) * total) > 2 * step
    binds = binding(option)[:, 0, 1]
    np.testing.assert_allclose(binds[smooth].astype(float), slopes[smooth], atol=1e-6)


@by_name
def test_equals_divide_money_equally(concept) -> None:
    form = BargainingProblem(players=("A", "B"), surplus=1e12, disagreement=(3e11, 3e11))
    eq = concept(form).check()
    if concept is utilitarian:
        assert 2 == eq.count
    else:
        assert [[5e11, 5e11]] == eq.payoffs.tolist()


@given(bimatrix_games())
@settings(max_examples=25)
def test_variable_threats_give_the_coco_value(form: NormalForm) -> None:
    eq, value = variable_threats(form).check(), coco(form)
    np.testing.assert_allclose(value.payoffs, eq.payoffs, rtol=1e-9, atol=1e-9)
    point = threat_point(eq)
    team = eq.payoffs[..., 0, :].sum(axis=-1)
    expected = (team + point[..., 0] - point[..., 1]) / 2
    np.testing.assert_allclose(expected, eq.payoffs[..., 0, 0], rtol=1e-7, atol=1e-7)
