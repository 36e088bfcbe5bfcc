"""Theorems about the columns, each with a panel that breaks it."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings

from solver import NormalForm, nash
from solver.equilibria import NO_INDEX
from solver.selection.panel import Panel, panel
from solver.testing import _variants, bimatrix_games, oracles

#: Columns that compare payoffs of the two players.
COMMON_UNIT = {"welfare_maximal"}
OTHERS = {"equilibria", "logit_selected", "basin"}
NAMES = [field.name for field in fields(Panel) if field.name not in OTHERS] + ["index"]


def clear_games(eq) -> np.ndarray:
    """Games (G,) in which rounding decides nothing."""
    flat = eq.form.flat()
    finite = [np.isfinite(A).all() and np.isfinite(B).all() for A, B in zip(*flat, strict=True)]
    clear = [fine and oracles.margin(A, B) > 1e-7 for fine, A, B in zip(finite, *flat, strict=True)]
    return np.array(clear, np.bool_).reshape(eq.count.shape) & eq.complete


def strict_is_best(form: NormalForm, columns=panel) -> None:
    """Strict is pure, quasi-strict, undominated (van Damme 1991), of index 1, and alone."""
    eq = nash(form)
    found = columns(eq)
    assert (found.pure & found.quasi_strict >= found.strict).all()
    assert (found.undominated >= found.strict).all()
    known = found.strict & (found.index != NO_INDEX)
    assert (found.index[known] == 1).all()
    assert (found.strict >= found.risk_dominant).all()
    assert (found.risk_dominant.sum(axis=-1) <= 1).all()
    assert (found.welfare_maximal >= found.payoff_dominant).all()


def one_is_perfect(form: NormalForm, columns=panel) -> None:
    """Every game has a perfect equilibrium (Selten 1975), and so one that is extreme."""
    eq = nash(form)
    found = columns(eq)
    assert (found.undominated.any(axis=-1) | ~clear_games(eq)).all()
    assert (found.welfare_maximal.any(axis=-1) | ~clear_games(eq)).all()


def no_ties_no_difference(form: NormalForm, columns=panel) -> None:
    """Without ties every equilibrium is quasi-strict and undominated (van Damme 1991, §3.5)."""
    eq = nash(form)
    found = columns(eq)
    solved = (eq.status == 0) & clear_games(eq)
    filled = (np.arange(eq.slots) < eq.count[..., None]) & solved[..., None]
    assert found.quasi_strict[filled].all()
    assert found.undominated[filled].all()


def same_columns(form: NormalForm, other: NormalForm, names, moved=lambda rows: rows) -> None:
    """The same of each equilibrium, whatever the order."""
    one, two = nash(form), nash(other)
    both = clear_games(one) & clear_games(two) & (one.count == two.count)
    left, right = panel(one), panel(two)
    for where in np.argwhere(both):
        at = tuple(where)
        rows = [np.concatenate([s[at] for s in eq.strategies], axis=1) for eq in (one, two)]
        for k in range(int(one.count[at])):
            away = np.abs(rows[1] - moved(rows[0][k])).max(axis=1)
            mate = int(np.nanargmin(away))
            assert away[mate] < 1e-6
            for name in names:
                expected, got = getattr(left, name)[at][k], getattr(right, name)[at][mate]
                assert expected == got, f"{name} of {rows[0][k]}: {expected}, then {got}"


@given(bimatrix_games(batch=(2,)))
def test_strict_equilibria_have_all_that_is_local(form: NormalForm) -> None:
    strict_is_best(form)


@given(bimatrix_games(actions=(1, 3), batch=(2,)))
def test_some_equilibrium_is_undominated(form: NormalForm) -> None:
    one_is_perfect(form)


@given(bimatrix_games(actions=(1, 3), batch=(2,)))
def test_without_ties_all_is_quasi_strict_and_undominated(form: NormalForm) -> None:
    no_ties_no_difference(form)


UNITS = [(1e12, 0.0), (1e-9, 0.0), (2.0**-40, 8.0)]


@settings(max_examples=25)
@given(bimatrix_games(actions=(1, 3), batch=(2,), kind="ties"))
def test_columns_do_not_depend_on_units(form: NormalForm) -> None:
    for scale, shift in UNITS:
        mapped = NormalForm([(P + shift) * scale for P in form.payoffs])
        same_columns(form, mapped, NAMES)
    A, B = form.payoffs
    apart = NormalForm([A * 1e12, B * 1e-3 - 7.0])
    same_columns(form, apart, [n for n in NAMES if n not in COMMON_UNIT])


@settings(max_examples=25)
@given(bimatrix_games(actions=(1, 3), batch=(2,), kind="dominated"))
def test_columns_do_not_depend_on_the_order_of_actions(form: NormalForm) -> None:
    orders = [range(m)[::-1] for m in form.shape]
    names = NAMES
    m = form.shape[0]
    same_columns(
        form, _variants.relabelled(form, orders), names,
        lambda row: np.concatenate([row[:m][::-1], row[m:][::-1]]),
    )  # fmt: skip


@settings(max_examples=25)
@given(bimatrix_games(actions=(1, 3), batch=(2,), kind="ties"))
def test_columns_do_not_depend_on_the_order_of_players(form: NormalForm) -> None:
    m = form.shape[0]
    names = NAMES
    same_columns(
        form, _variants.swapped(form), names, lambda row: np.concatenate([row[m:], row[:m]])
    )


def test_welfare_does_depend_on_the_unit_of_one_player() -> None:
    """The law above fails where it should: in the battle of the sexes the one paid more wins."""
    A, B = np.array([[3, 0], [0, 2]]), np.array([[2, 0], [0, 3]])
    with pytest.raises(AssertionError, match="welfare_maximal"):
        same_columns(NormalForm([A, B]), NormalForm([A, 5 * B]), NAMES)


OF_ENTRY = NormalForm([[[2, 0], [1, 1]], [[1, 0], [2, 2]]])
OF_HUNT = NormalForm([[[4, 0], [3, 2]], [[4, 3], [0, 2]]])


def no(name: str):
    """Make the panel that denies a column."""
    return lambda eq: replace(panel(eq), **{name: np.zeros((*eq.count.shape, eq.slots), bool)})


def every(name: str):
    """Make the panel that grants a column to all."""
    return lambda eq: replace(panel(eq), **{name: np.ones((*eq.count.shape, eq.slots), bool)})


@pytest.mark.parametrize(
    ("law", "form", "mutant"),
    [
        (strict_is_best, OF_HUNT, no("pure")),
        (strict_is_best, OF_HUNT, no("quasi_strict")),
        (strict_is_best, OF_HUNT, no("undominated")),
        (strict_is_best, OF_HUNT, every("strict")),
        (strict_is_best, OF_HUNT, every("risk_dominant")),
        (strict_is_best, OF_HUNT, no("welfare_maximal")),
        (one_is_perfect, OF_ENTRY, no("undominated")),
        (one_is_perfect, OF_ENTRY, no("welfare_maximal")),
        (no_ties_no_difference, OF_HUNT, no("quasi_strict")),
        (no_ties_no_difference, OF_HUNT, no("undominated")),
    ],
)
def test_a_panel_that_errs_breaks_the_law(law, form: NormalForm, mutant) -> None:
    law(form)
    with pytest.raises(AssertionError):
        law(form, mutant)
