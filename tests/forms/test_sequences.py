"""Plans, behavior and strategies say the same about a tree; payoffs agree by every route."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
import pytest

from solver import (
    ExtensiveForm,
    bargaining,
    chance,
    decision,
    leaf,
    strategic_form,
    tree,
)
from solver.errors import FormError
from solver.forms.extensive import ExactTree, leaf_probabilities
from solver.forms.sequences import behavior, plans, sequence_forms, sequence_payoffs
from solver.forms.strategic import count_plans, pure_plans

CARDS = "JQK"


def showdown(own: str, other: str, stake: float) -> tuple[float, float]:
    sign = 1.0 if CARDS.index(own) > CARDS.index(other) else -1.0
    return sign * stake, -sign * stake


def kuhn() -> ExtensiveForm:
    """Poker with three cards (Kuhn 1950)."""

    def dealt(one: str, two: str):
        win, lose = leaf(*showdown(one, two, 1.0)), leaf(*showdown(one, two, 2.0))
        answer = decision("Bob", {"call": lose, "fold": leaf(1, -1)}, infoset=f"{two}, bet")
        last = decision("Ann", {"call": lose, "fold": leaf(-1, 1)}, infoset=f"{one}, raised")
        check = decision("Bob", {"bet": last, "check": win}, infoset=f"{two}, checked")
        return decision("Ann", {"bet": answer, "check": check}, infoset=one)

    deals = {a + b: (1 / 6, dealt(a, b)) for a in CARDS for b in CARDS if a != b}
    return tree(("Ann", "Bob"), chance(deals))


@pytest.fixture
def poker() -> ExtensiveForm:
    return kuhn()


def mixed_rows(form: ExtensiveForm, rows: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    sizes = [len(h.actions) for h in form.tree.infosets]
    return np.concatenate([rng.dirichlet(np.ones(m), rows) for m in sizes], axis=1)


def test_poker_has_the_known_numbers_of_sequences_and_strategies(poker: ExtensiveForm) -> None:
    # Koller and Pfeffer (1997): 12 choices and the empty sequence; 27 and 64 reduced strategies
    assert [13, 13] == [each.count for each in sequence_forms(poker.tree)]
    assert [27, 64] == [count_plans(each) for each in sequence_forms(poker.tree)]


def test_plans_turn_into_behavior_and_back(poker: ExtensiveForm) -> None:
    rows = mixed_rows(poker, 5)
    assert behavior(poker.tree, plans(poker.tree, rows)) == pytest.approx(rows, abs=1e-12)


def test_plans_obey_their_constraints(poker: ExtensiveForm) -> None:
    for each, plan in zip(
        sequence_forms(poker.tree), plans(poker.tree, mixed_rows(poker, 3)), strict=True
    ):
        E, e = each.constraints()
        assert plan @ E.T == pytest.approx(np.tile(e, (3, 1)), abs=1e-12)


def test_behavior_is_uniform_where_a_plan_never_comes() -> None:
    form = tree(
        ("A", "B"),
        decision("A", {"x": decision("A", {"l": leaf(1, 1), "r": leaf(0, 0)}), "y": leaf(2, 2)}),
    )
    never = (np.array([1.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0]))
    assert [0, 1, 0.5, 0.5] == behavior(form.tree, never).tolist()


def test_payoffs_of_sequences_agree_with_those_of_leaves(poker: ExtensiveForm) -> None:
    rows = mixed_rows(poker, 4)
    reach = leaf_probabilities(poker, rows, np.zeros(4, int))
    r, s = plans(poker.tree, rows)
    for i, M in enumerate(sequence_payoffs(poker)):
        expected = reach @ poker.payoffs[:, i]
        assert np.einsum("es,st,et->e", r, M, s) == pytest.approx(expected, abs=1e-12)


def test_payoffs_of_strategies_agree_with_those_of_leaves(poker: ExtensiveForm) -> None:
    table = strategic_form(poker)
    assert (27, 64) == table.shape
    for a, b in ((0, 0), (5, 40), (26, 63)):
        pure = (
            pure_plans(poker.tree, 0)[a].astype(float),
            pure_plans(poker.tree, 1)[b].astype(float),
        )
        reach = leaf_probabilities(poker, behavior(poker.tree, pure)[None], np.zeros(1, int))
        for i in range(2):
            assert (reach @ poker.payoffs[:, i])[0] == pytest.approx(
                table.payoffs[i][a, b], abs=1e-12
            )


def test_reduced_strategies_leave_out_what_cannot_matter() -> None:
    inner = decision("A", {"l": leaf(1, 1), "r": leaf(0, 0)})
    form = tree(("A", "B"), decision("A", {"x": inner, "y": leaf(2, 2)}))
    table = strategic_form(form)
    assert (("x, x: l", "x, x: r", "y"), ("-",)) == table.actions
    assert [[1.0], [0.0], [2.0]] == table.payoffs[0].tolist()


def test_exact_numbers_stay_exact() -> None:
    told = tree(("A",), chance({"a": (1 / 3, leaf(1)), "b": (2 / 3, leaf(0.1))})).tree
    exact = ExactTree(
        np.array([[Fraction(1)], [Fraction(1, 10)]]), np.array([Fraction(1, 3), Fraction(2, 3)])
    )
    form = ExtensiveForm(told, [[1.0], [0.1]], [1 / 3, 2 / 3], fractions=exact)
    fractions = strategic_form(form).fractions
    assert fractions is not None
    assert Fraction(2, 5) == fractions[0][0]


def test_tables_that_are_too_large_are_refused() -> None:
    rooms = {f"{k}": decision("A", {"l": leaf(1, 1), "r": leaf(0, 0)}) for k in range(15)}
    form = tree(("A", "B"), chance({k: (1 / 15, node) for k, node in rooms.items()}))
    assert 2**15 == strategic_form(form).shape[0]
    more = chance({f"{k}{j}": (1 / 30, node) for j in "ab" for k, node in rooms.items()})
    with pytest.raises(FormError, match="1,073,741,824 x 1 cells, at most 20,000,000 are made"):
        strategic_form(tree(("A", "B"), more))


def test_bargaining_has_no_strategic_form() -> None:
    talks = bargaining({"A": 0.5, "B": 0.5}, leaf(1, 1), leaf(0, 0))
    with pytest.raises(FormError, match="a tree with bargaining has no strategic form"):
        strategic_form(tree(("A", "B"), talks))


def test_players_need_not_all_move() -> None:
    form = tree(("A", "B", "C"), decision("B", {"l": leaf(1, 2, 3), "r": leaf(0, 0, 0)}))
    assert (1, 2, 1) == strategic_form(form).shape
    assert 2 == prod(count_plans(each) for each in sequence_forms(form.tree))
