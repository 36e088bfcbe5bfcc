"""Normal forms and tables: shapes, names, views."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from solver import NormalForm, table
from solver.errors import FormError

PD = ([[2, 0], [3, 1]], [[2, 3], [0, 1]])


@pytest.mark.parametrize(
    ("payoffs", "names", "words"),
    [
        pytest.param((), {}, "at least one player's payoffs", id="nobody"),
        pytest.param(([1, 2], [1, 2]), {}, r"payoffs\[0\] has shape \(2,\): 2 players", id="axes"),
        pytest.param(([[1, 2]], [[1]]), {}, r"disagree on the actions: \(1, 2\) and \(1, 1\)",
                     id="actions"),
        pytest.param(np.zeros((2, 0, 2)), {}, r"every player needs an action: .*\(0, 2\)",
                     id="no-action"),
        pytest.param((np.zeros((2, 1, 1)), np.zeros((3, 1, 1))), {},
                     r"batch shapes do not broadcast: \(2,\) and \(3,\)", id="batches"),
        pytest.param(([["a"]], [["b"]]), {}, "payoffs must be arrays of numbers", id="words"),
        pytest.param(([[1], [1, 2]], PD[1]), {}, "payoffs must be arrays of numbers", id="ragged"),
        pytest.param(PD, {"players": ["a"]}, "2 payoff arrays but 1 players", id="players"),
        pytest.param(PD, {"players": ["a", "a"]}, "names must differ: a, a", id="same-player"),
        pytest.param(PD, {"actions": [["a"], ["b", "c"]]}, r"action names number \(1, 2\)",
                     id="names"),
        pytest.param(PD, {"actions": [["a", "b"]]}, r"action names number \(2,\)", id="few-names"),
        pytest.param(PD, {"actions": [["a", "a"], ["b", "c"]]}, "names must differ: a, a",
                     id="same-action"),
        pytest.param(3, {}, "payoffs", id="number"),
        pytest.param(np.full((2, 1, 1), 1j), {}, "numbers", id="complex"),
    ],
)  # fmt: skip
def test_what_makes_no_game_is_refused(payoffs: Any, names: dict[str, Any], words: str) -> None:
    with pytest.raises(FormError, match=words):
        NormalForm(payoffs, **names)


def test_names_are_made_up_if_none_are_given() -> None:
    form = NormalForm(PD)
    assert ("player 1", "player 2") == form.players
    assert (("1", "2"), ("1", "2")) == form.actions


def test_batches_broadcast_and_stay_views() -> None:
    form = NormalForm((np.zeros((5, 1, 2, 3)), np.zeros((4, 2, 3))))
    assert ((5, 4), (2, 3)) == (form.batch_shape, form.shape)
    assert all(0 in payoff.strides for payoff in form.payoffs)


def test_a_single_game_has_no_batch() -> None:
    assert () == NormalForm(PD).batch_shape


def test_actions_of_batch_and_of_player_are_told_apart_by_the_number_of_arrays() -> None:
    two, three = NormalForm(np.zeros((2, 2, 2, 2))), NormalForm(np.zeros((3, 2, 2, 2)))
    assert ((2,), (2, 2)) == (two.batch_shape, two.shape)
    assert ((), (2, 2, 2)) == (three.batch_shape, three.shape)


def test_kernels_cannot_change_the_payoffs() -> None:
    assert not any(flat.flags.writeable for flat in NormalForm(PD).flat())


def test_elements_are_made_invalid_one_by_one() -> None:
    form = NormalForm(PD).over((3,), np.array([False, True, False]))
    assert [False, True, False] == np.isnan(form.payoffs[0]).all(axis=(1, 2)).tolist()
    assert [False, True, False] == np.isnan(form.payoffs[1]).any(axis=(1, 2)).tolist()


EXACT = [[[Fraction(2), Fraction(0)], [Fraction(3), Fraction(1, 3)]]] * 2


def test_exact_payoffs_stay_with_a_single_game() -> None:
    form = NormalForm(PD, fractions=EXACT)
    assert form.fractions is not None
    assert EXACT == [array.tolist() for array in form.fractions]
    assert form.fractions is form.over((), None).fractions
    assert NormalForm(PD).fractions is None


def test_a_batch_has_no_exact_payoffs() -> None:
    form = NormalForm(PD, fractions=EXACT)
    assert form.over((3,), None).fractions is None
    assert form.over((), np.array(True)).fractions is None


@pytest.mark.parametrize(
    ("payoffs", "fractions", "words"),
    [
        pytest.param(PD, [], "fractions have no arrays: one array of shape", id="none"),
        pytest.param(PD, EXACT[:1], r"fractions have shapes \(2, 2\): one array", id="one"),
        pytest.param(PD, [[Fraction(1)]] * 2, r"have shapes \(1,\) and \(1,\)", id="shape"),
        pytest.param(np.zeros((2, 3, 2, 2)), EXACT, "per player of a single game", id="batch"),
        pytest.param(np.zeros((2, 1, 2, 2)), [[EXACT[0]]] * 2, "of a single game", id="batch-of-1"),
        pytest.param(PD, PD, "fractions hold 2, which is no Fraction", id="numbers"),
    ],
)
def test_exact_payoffs_that_do_not_fit_are_refused(
    payoffs: Any, fractions: Any, words: str
) -> None:
    with pytest.raises(FormError, match=words):
        NormalForm(payoffs, fractions=fractions)


CELLS: dict[tuple[str, ...], Any] = {
    ("high", "buy"): (3, 1), ("high", "build"): (1, 2),
    ("low", "buy"): (2, 3), ("low", "build"): (0, 0),
}  # fmt: skip


def test_a_table_keeps_the_order_in_which_actions_appear() -> None:
    form = table(CELLS, players=("supplier", "customer"))
    assert (("high", "low"), ("buy", "build")) == form.actions
    assert [[3.0, 1.0], [2.0, 0.0]] == form.payoffs[0].tolist()
    assert [[1.0, 2.0], [3.0, 0.0]] == form.payoffs[1].tolist()


def test_the_order_of_the_cells_does_not_matter_beyond_that() -> None:
    order = [("high", "buy"), ("low", "build"), ("low", "buy"), ("high", "build")]
    form = table({profile: CELLS[profile] for profile in order})
    assert [[3.0, 1.0], [2.0, 0.0]] == form.payoffs[0].tolist()


def test_cells_of_a_table_broadcast() -> None:
    form = table(CELLS | {("low", "build"): (np.zeros((4, 1)), np.ones(3))})
    assert ((4, 3), (2, 2)) == (form.batch_shape, form.shape)
    assert 3.0 == form.payoffs[0][3, 2, 0, 0]


def test_a_table_of_three_players() -> None:
    cells = {(a, b, c): (1, 2, 3) for a in "xy" for b in "uvw" for c in "z"}
    assert (2, 3, 1) == table(cells).shape


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        pytest.param({}, "a table needs at least one cell", id="empty"),
        pytest.param({("a", "b"): (1,)}, "needs 2 actions and 2 payoffs", id="payoffs"),
        pytest.param({("a", "b"): (1, 2), ("a",): (1,)}, "needs 2 actions", id="actions"),
        pytest.param({"ab": (1, 2)}, "cell 'ab' needs|no cell for", id="word"),
        pytest.param({("a", "x"): (1, 2), ("b", "y"): (1, 2)},
                     r"no cell for a, y \(2 missing\)", id="missing"),
        pytest.param({("a", "x"): (np.zeros(2), 1), ("b", "x"): (np.zeros(3), 1)},
                     "do not broadcast", id="shapes"),
        pytest.param({("a", "x"): (np.zeros(2), np.zeros(3))}, "do not broadcast", id="players"),
        pytest.param({("a", "x"): ("much", 1)}, "much", id="payoff-word"),
        pytest.param({("a", "b"): 3}, "needs 2 actions and 2 payoffs", id="number"),
    ],
)  # fmt: skip
def test_what_makes_no_table_is_refused(cells: Any, words: str) -> None:
    with pytest.raises(FormError, match=words):
        table(cells)
