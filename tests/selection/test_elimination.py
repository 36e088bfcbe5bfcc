"""Iterated elimination: printed examples, the definition by brute force, and the laws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from solver import NormalForm, Status, nash, pure_nash
from solver.errors import ConceptError, ParameterError
from solver.selection.elimination import ORDERS, eliminate, rationalizable
from solver.testing import bimatrix_games, normal_forms, oracles
from solver.testing._answers import answers, matching
from tests.selection.definitions import strictly_dominated, transposed, weakly_dominated

COLUMNS_FIRST = NormalForm(  # Osborne and Rubinstein 1994, figure 63.1, its players exchanged
    [[[1, 1, 0], [0, 1, 1]], [[1, 1, 0], [0, 2, 2]]]
)
BERNHEIM = NormalForm(  # Osborne and Rubinstein 1994, figure 57.1
    [
        [[0, 2, 7, 0], [5, 3, 5, 0], [7, 2, 0, 0], [0, 0, 0, 10]],
        [[7, 5, 0, 1], [2, 3, 2, 1], [0, 5, 7, 1], [0, -2, 0, -1]],
    ]
)
ENTRY = NormalForm([[[2, 0], [1, 1]], [[1, 0], [2, 2]]])


def left(found) -> list[list[int]]:
    return [np.flatnonzero(mask).tolist() for mask in found.masks]


@pytest.mark.parametrize("scale", [1.0, 1e12, 1e-9])
def test_the_printed_game_keeps_three_actions_of_each(scale: float) -> None:
    """The fourth column is worse than half of the first and third; then the fourth row goes."""
    form = NormalForm([payoffs * scale for payoffs in BERNHEIM.payoffs])
    found = rationalizable(form)
    assert [[0, 1, 2], [0, 1, 2]] == left(found)
    assert ([0, 0, 0, 2], [0, 0, 0, 1], 2) == (*(r.tolist() for r in found.removed), found.rounds)
    assert [[*range(4)]] * 2 == left(eliminate(form, mixtures=False))


def test_weak_elimination_depends_on_the_order() -> None:
    """All at once, first the top row, or first the bottom row."""
    assert [[0, 1], [1]] == left(eliminate(COLUMNS_FIRST, "weak"))
    one = eliminate(COLUMNS_FIRST, "weak", order="one-at-a-time")
    assert [[1], [1, 2]] == left(one)
    upside_down = NormalForm([payoffs[:, ::-1] for payoffs in COLUMNS_FIRST.payoffs])
    other = eliminate(upside_down, "weak", order="one-at-a-time")
    assert [[0], [1, 2]] == left(other)


def test_the_rule_of_rounds() -> None:
    """Prisoner's dilemma: together, or the first player first."""
    form = NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])
    assert [1, 2, 2] == [int(eliminate(form, order=order).rounds) for order in ORDERS]
    assert [[[1], [1]]] * 3 == [left(eliminate(form, order=order)) for order in ORDERS]


def test_beliefs_about_two_others_may_be_correlated() -> None:
    """Osborne and Rubinstein 1994, figure 58.1: the second matrix is a best response only so.

    It is best if the others are believed to do the same, one way or the other with equal chance,
    and to no product of mixtures.
    """
    pays = np.array([[[8, 0], [0, 0]], [[4, 0], [0, 4]], [[0, 0], [0, 8]], [[3, 3], [3, 3]]])
    found = rationalizable(NormalForm([pays.astype(float)] * 3))
    assert [0, 1, 2, 3] == left(found)[0]


def test_games_that_are_not_finite_keep_nothing_and_spoil_no_other() -> None:
    A = np.array([BERNHEIM.payoffs[0]] * 3)
    A[1, 0, 0] = np.nan
    A[2, 3, 3] = np.inf
    found = rationalizable(NormalForm([A, BERNHEIM.payoffs[1]]))
    assert [Status.SOLVED, *[Status.INVALID_INPUT] * 2] == found.status.tolist()
    assert [3, 0, 0] == found.masks[0].sum(axis=1).tolist()
    assert [2, 0, 0] == found.rounds.tolist()


def test_ties_decide_weak_domination_only() -> None:
    assert [[0], [0]] == left(eliminate(ENTRY, "weak"))
    assert [[0, 1], [0, 1]] == left(eliminate(ENTRY, "strict"))


def test_what_is_left_by_default_of_one_player_is_best() -> None:
    found = eliminate(NormalForm([np.array([1.0, 3.0, 3.0, 2.0])]))
    assert [[1, 2]] == left(found)


def one_round(form: NormalForm, *, strict: bool) -> list[list[int]]:
    """What is not dominated by mixtures in one game, by brute force in fractions."""
    A, B = (oracles.exact(payoffs[0]) for payoffs in form.flat())
    judge = strictly_dominated if strict else weakly_dominated
    kept = []
    for table in (A, transposed(B)):
        pure = [[Fraction(i == k) for i in range(len(table))] for k in range(len(table))]
        kept.append([k for k, x in enumerate(pure) if not judge(table, x)])
    return kept


@pytest.mark.parametrize("dominance", ["strict", "weak"])
@settings(max_examples=60)
@given(form=bimatrix_games(actions=(1, 3), kind="ties") | bimatrix_games(kind="nearly_dominated")
       | bimatrix_games(kind="forbidden", actions=(1, 3)))  # fmt: skip
def test_the_first_round_removes_what_is_dominated(form: NormalForm, dominance: str) -> None:
    removed = eliminate(form, dominance).removed
    expected = one_round(form, strict=dominance == "strict")
    assert expected == [np.flatnonzero(when != 1).tolist() for when in removed]


def keeps_the_nash_set(form: NormalForm, solve=eliminate) -> None:
    """No equilibrium is lost or made (Luce and Raiffa 1957)."""
    found = solve(form)
    for g, before in enumerate(answers(nash(form))):
        keep = [mask.reshape(-1, mask.shape[-1])[g] for mask in found.masks]
        if not before.complete or min(map(np.sum, keep)) == 0:
            continue
        A, B = (payoffs[np.ix_(*keep)] for payoffs in before.game)
        (after,) = answers(nash(NormalForm([A, B])))
        if not after.complete or min(map(clear, (before, after))) <= 1e-7:
            continue
        rows = np.zeros((len(after.profiles), sum(form.shape)))
        rows[:, np.concatenate(keep)] = after.profiles
        matching(before.profiles, rows, before.where)


def clear(answer) -> Fraction:
    return oracles.margin(*answer.game)


@settings(max_examples=60)
@given(bimatrix_games(actions=(1, 4), batch=(2,)))
def test_strict_elimination_keeps_the_nash_set(form: NormalForm) -> None:
    keeps_the_nash_set(form)


def test_weak_elimination_does_not() -> None:
    """The threat is gone, and with it the equilibria in which entry is deterred."""
    keeps_the_nash_set(ENTRY)
    with pytest.raises(AssertionError, match="missing"):
        keeps_the_nash_set(ENTRY, lambda form: eliminate(form, "weak"))


def order_does_not_matter(form: NormalForm, dominance: str = "strict") -> None:
    """Gilboa, Kalai and Zemel 1990."""
    one, *others = [eliminate(form, dominance, order=order).masks for order in ORDERS]
    for other in others:
        for mask, again in zip(one, other, strict=True):
            np.testing.assert_array_equal(mask, again)


@given(normal_forms(actions=(1, 3), batch=(3,)))
def test_strict_elimination_is_independent_of_the_order(form: NormalForm) -> None:
    order_does_not_matter(form)


def test_weak_elimination_is_not_independent() -> None:
    order_does_not_matter(COLUMNS_FIRST)
    with pytest.raises(AssertionError):
        order_does_not_matter(COLUMNS_FIRST, "weak")


def more_is_removed(form: NormalForm, dominance: str = "strict") -> None:
    """By mixtures what goes by actions; nothing that a pure equilibrium plays, if strict."""
    few, many = (eliminate(form, dominance, mixtures=on) for on in (False, True))
    for by_pure, by_all in zip(few.masks, many.masks, strict=True):
        assert (by_pure >= by_all).all()
    pure = pure_nash(form)
    for mask, played in zip(many.masks, pure.strategies, strict=True):
        assert not (np.nan_to_num(played) * ~mask[..., None, :]).any()


@given(normal_forms(actions=(1, 3), batch=(3,)))
def test_pure_equilibria_survive(form: NormalForm) -> None:
    more_is_removed(form)


def test_pure_equilibria_may_not_survive_weak_elimination() -> None:
    with pytest.raises(AssertionError):
        more_is_removed(ENTRY, "weak")


@given(normal_forms(actions=(1, 3), batch=(2,), kind="ties"))
def test_units_and_batches_do_not_matter(form: NormalForm) -> None:
    for dominance in ("strict", "weak"):
        found = eliminate(form, dominance)
        far = NormalForm([(P + 5.0) * 10.0 ** (6 * i - 3) for i, P in enumerate(form.payoffs)])
        other = eliminate(far, dominance)
        alone = eliminate(NormalForm([P[1] for P in form.payoffs]), dominance)
        for mask, same, single in zip(found.masks, other.masks, alone.masks, strict=True):
            np.testing.assert_array_equal(mask, same)
            np.testing.assert_array_equal(mask[1], single)


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(ParameterError, match="unknown dominance 'weakly': did you mean weak"):
        eliminate(ENTRY, "weakly")
    with pytest.raises(ParameterError, match="unknown order 'random': choose from by-player"):
        eliminate(ENTRY, order="random")
    with pytest.raises(ConceptError, match="strategic_form"):
        eliminate([[1]])
