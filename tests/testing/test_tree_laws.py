"""Laws of trees: our solvers obey them, and each catches a solver that is broken on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from solver import Equilibria, ExtensiveForm, nash, subgame_perfect
from solver.equilibria import Rows
from solver.forms.strategic import strategic_form
from solver.testing import extensive_forms, tree_laws

Solver = Callable[[ExtensiveForm], Equilibria]

KINDS = {
    "hidden": extensive_forms(batch=(2,)),
    "perfect": extensive_forms(hidden=False, batch=(2,)),
    "bargains": extensive_forms(hidden=False, bargains=True, batch=(2,)),
    "two players": extensive_forms(players=(2, 2), batch=(2,)),
}


@pytest.mark.parametrize("law", tree_laws.LAWS)
@pytest.mark.parametrize("kind", KINDS)
def test_subgame_perfect_obeys(kind: str, law: str) -> None:
    @given(KINDS[kind])
    def obeys(form: ExtensiveForm) -> None:
        tree_laws.check(form, subgame_perfect, [law])

    obeys()


@pytest.mark.parametrize("method", ["strategic-form", "sequence-form"])
@pytest.mark.parametrize("law", ["certified", "batched_is_pointwise"])
def test_nash_obeys(law: str, method: str) -> None:
    @given(extensive_forms(players=(2, 2), batch=(2,)))
    def obeys(form: ExtensiveForm) -> None:
        tree_laws.check(form, lambda each: nash(each, method), [law])

    obeys()


@given(extensive_forms(players=(2, 2)))
def test_subgame_perfect_equilibria_of_two_players_are_in_the_nash_set(form: ExtensiveForm) -> None:
    perfect, all_of_them = subgame_perfect(form), nash(strategic_form(form))
    if not (perfect.complete and all_of_them.complete and perfect.count):
        return
    payoffs = all_of_them.payoffs  # a payoff of a convex set of equilibria may be a mixture
    low, high = payoffs.min(axis=0) - 1e-9, payoffs.max(axis=0) + 1e-9
    assert ((low <= perfect.payoffs) & (perfect.payoffs <= high)).all()


@given(extensive_forms(players=(2, 2), zero_sum=True))
def test_all_equilibria_of_zero_sum_trees_are_worth_the_same(form: ExtensiveForm) -> None:
    values = nash(form).payoffs[..., 0]
    assert np.ptp(values) <= 1e-9
    (by_pivoting,) = nash(form, "sequence-form").payoffs[..., 0]
    assert by_pivoting == pytest.approx(values[0], abs=1e-9)


def with_rows(eq: Equilibria, profiles: np.ndarray, count: np.ndarray) -> Equilibria:
    return replace(eq, count=count, rows=Rows(lambda: profiles, eq.rows.values))


def drops_the_last(form: ExtensiveForm) -> Equilibria:
    eq = subgame_perfect(form)
    last = np.diff(eq.owner, append=eq.count.size) > 0
    keep = ~(last & (eq.count.ravel()[eq.owner] > 1))
    count = np.bincount(eq.owner[keep], minlength=eq.count.size).reshape(eq.count.shape)
    return with_rows(eq, eq.profiles[keep], count)


def turns_the_first_choice(form: ExtensiveForm) -> Equilibria:
    eq = subgame_perfect(form)
    width = len(form.tree.infosets[0].actions) if form.tree.infosets else 0
    rows = eq.profiles.copy()
    rows[:, :width] = np.roll(rows[:, :width], 1, axis=1)
    return with_rows(eq, rows, eq.count)


def repeats(form: ExtensiveForm) -> Equilibria:
    eq = subgame_perfect(form)
    return with_rows(eq, eq.profiles.repeat(2, axis=0), eq.count * 2)


def reads_the_neighbour(form: ExtensiveForm) -> Equilibria:
    turned = ExtensiveForm(
        form.tree, form.payoffs[::-1], form.chance, weights=form.weights, outside=form.outside
    )
    return replace(subgame_perfect(turned), form=form)


def takes_absolute_ties(form: ExtensiveForm) -> Equilibria:
    coarse = ExtensiveForm(
        form.tree, np.round(form.payoffs, 3), form.chance, weights=form.weights,
        outside=form.outside,
    )  # fmt: skip
    return replace(subgame_perfect(coarse), form=form)


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        (drops_the_last, "pure_perfect_are_all_listed"),
        (repeats, "pure_perfect_are_all_listed"),
        (turns_the_first_choice, "certified"),
        (turns_the_first_choice, "perfect_is_nash"),
        (reads_the_neighbour, "batched_is_pointwise"),
        (takes_absolute_ties, "affine_invariant"),
    ],
)
def test_a_law_catches_a_broken_solver(mutant: Solver, law: str) -> None:
    @settings(max_examples=400, phases=[Phase.generate], derandomize=True, database=None)
    @given(extensive_forms(players=(2, 2), hidden=False, batch=(2,)), st.just(law))
    def obeys(form: ExtensiveForm, name: str) -> None:
        tree_laws.check(form, mutant, [name])

    with pytest.raises(AssertionError):
        obeys()
