"""Biform games: shapes, names, and tables that make up none."""

from __future__ import annotations

import numpy as np
import pytest

from solver.errors import FormError
from solver.forms import Form
from solver.forms.biform import BiformGame
from solver.forms.coalition import CoalitionGame

MOVES = (("stay", "grow"), ("wait",))
WORTHS = np.array([[[0.0, 1.0, 2.0, 4.0]], [[0.0, 1.0, 2.0, 9.0]]])


def test_a_table_has_its_shape_and_its_second_stages() -> None:
    form = BiformGame(("a", "b"), MOVES, WORTHS)
    assert isinstance(form, Form)
    assert ((2, 1), ()) == (form.shape, form.batch_shape)
    assert [0.5, 0.5] == form.confidence.tolist()
    assert bool(form.valid)
    after = form.second_stage("grow", "wait")
    assert isinstance(after, CoalitionGame)
    assert 9.0 == after.worth("a", "b")
    assert 1.0 == after.worth("a")


def test_worths_and_confidence_broadcast_to_one_batch() -> None:
    worths = np.broadcast_to(WORTHS, (5, 1, *WORTHS.shape))
    form = BiformGame(("a", "b"), MOVES, worths, np.full((3, 2), 0.25))
    assert (5, 3) == form.batch_shape
    W, confidence = form.flat()
    assert ((15, 2, 4), (15, 2)) == (W.shape, confidence.shape)
    assert (5, 3) == form.second_stage("stay", "wait").batch_shape
    wide = form.over((2, 5, 3), np.arange(30).reshape(2, 5, 3) == 7)
    assert 29 == wide.valid.sum()
    assert form.over((5, 3), None) is form


def test_it_is_told_by_the_games_that_follow_the_moves() -> None:
    sizes = np.array([1.0, 2.0, 3.0])

    def second_stage(profile: tuple[str, ...]) -> CoalitionGame:
        scale = sizes if profile[0] == "grow" else 1.0
        return CoalitionGame.from_function(("a", "b"), lambda members: scale * len(members) ** 2)

    form = BiformGame.from_function(("a", "b"), MOVES, second_stage, [0.0, 1.0])
    assert (3,) == form.batch_shape
    np.testing.assert_array_equal(4.0 * sizes, form.worths[:, 1, 0, 3])
    np.testing.assert_array_equal(4.0, form.worths[:, 0, 0, 3])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"players": ()}, "0 players: a biform game has 1 to 12"),
        ({"players": ("a", "a")}, "names must differ"),
        ({"players": ("a", "b", "c")}, "3 players but 2 lists of actions"),
        ({"actions": (("stay", "grow"), ())}, "needs an action"),
        ({"actions": (("stay", "stay"), ("wait",))}, "names must differ"),
        ({"worths": WORTHS[..., :3]}, r"worths have shape \(2, 1, 3\)"),
        ({"worths": 4.0}, r"worths have shape \(\)"),
        ({"worths": WORTHS + 1.0}, r"worths\[..., 0\] = 1.0: the coalition of nobody"),
        ({"worths": "much"}, "much"),
        ({"confidence": 0.5}, r"confidence has shape \(\): 2 players need"),
        ({"confidence": [0.5] * 3}, r"confidence has shape \(3,\)"),
        (
            {"worths": np.stack([WORTHS] * 3), "confidence": np.full((2, 2), 0.5)},
            r"worths \(3,\) and confidence \(2,\) do not broadcast",
        ),
    ],
)
def test_what_makes_no_biform_game_is_refused(changes, words: str) -> None:
    given = {"players": ("a", "b"), "actions": MOVES, "worths": WORTHS, **changes}
    with pytest.raises(FormError, match=words):
        BiformGame(**given)


def test_second_stages_that_do_not_fit_are_refused() -> None:
    other = CoalitionGame(("a", "c"), [0, 0, 0, 1])
    with pytest.raises(FormError, match=r"after stay, wait is \('a', 'c'\)"):
        BiformGame.from_function(("a", "b"), MOVES, lambda _: other)
    with pytest.raises(FormError, match="after stay, wait is int"):
        BiformGame.from_function(("a", "b"), MOVES, lambda _: 3)

    def uneven(profile: tuple[str, ...]) -> CoalitionGame:
        return CoalitionGame(("a", "b"), np.zeros((2 if profile[0] == "grow" else 3, 4)))

    with pytest.raises(FormError, match=r"do not broadcast: batches \(3,\), \(2,\)"):
        BiformGame.from_function(("a", "b"), MOVES, uneven)
    form = BiformGame(("a", "b"), MOVES, WORTHS)
    with pytest.raises(FormError, match="a has no action 'shrink'"):
        form.second_stage("shrink", "wait")
    with pytest.raises(FormError, match="1 actions for 2 players"):
        form.second_stage("stay")


def test_a_bad_number_marks_its_cell() -> None:
    worths = np.stack([WORTHS] * 4)
    worths[1, 0, 0, 1], worths[2, 1, 0, 3] = np.nan, np.inf
    confidence = np.full((4, 2), 0.5)
    confidence[3, 1] = -0.1
    form = BiformGame(("a", "b"), MOVES, worths, confidence)
    assert [True, False, False, False] == form.valid.tolist()
