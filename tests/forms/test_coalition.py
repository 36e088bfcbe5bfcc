"""Coalition games: the numbering of coalitions, shapes, names, and numbers that are no worths."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from solver.errors import FormError
from solver.forms import Form
from solver.forms.coalition import CoalitionGame


def test_a_coalition_has_the_bits_of_its_members() -> None:
    game = CoalitionGame("abc", np.arange(8.0))
    assert [1, 2, 4, 5, 7] == [game.coalition(*m) for m in ("a", "b", "c", "ca", "abc")]
    assert 5.0 == game.worth("a", "c")


def test_a_function_is_called_with_names_or_numbers() -> None:
    def by_name(members: tuple[str, ...]) -> float:
        return 1.0 if "left" in members and len(members) > 1 else 0.0

    def by_number(members: tuple[int, ...]) -> float:
        return 1.0 if 0 in members and len(members) > 1 else 0.0

    players = ("left", "right", "also right")
    expected = [0, 0, 0, 1, 0, 1, 0, 1]
    assert expected == CoalitionGame.from_function(players, by_name).worths.tolist()
    made = CoalitionGame.from_function(players, by_number, by_index=True)
    assert expected == made.worths.tolist()


def test_worths_of_a_function_broadcast() -> None:
    value = np.arange(6.0).reshape(2, 3)
    game = CoalitionGame.from_function("ab", lambda members: value if len(members) == 2 else 0.0)
    assert ((2, 3), (2, 3, 4)) == (game.batch_shape, game.worths.shape)
    assert value.tolist() == game.worth("a", "b").tolist()


def test_the_form_is_one_like_the_others() -> None:
    game = CoalitionGame("ab", np.zeros((5, 4)))
    assert isinstance(game, Form)
    assert ("coalition", ("a", "b"), ((), ())) == (game.kind, game.players, game.actions)


def test_a_game_is_invalid_where_a_worth_is_not_finite() -> None:
    worths = np.zeros((4, 4))
    worths[1, 3], worths[2, 0], worths[3, 1] = np.nan, np.nan, np.inf
    assert [True, False, False, False] == CoalitionGame("ab", worths).valid.tolist()


def test_broadcasting_marks_invalid_elements() -> None:
    game = CoalitionGame("ab", [0.0, 1.0, 2.0, 4.0])
    over = game.over((3,), np.array([False, True, False]))
    assert [True, False, True] == over.valid.tolist()
    assert game is game.over((), None)


def test_flat_worths_are_contiguous_and_sealed() -> None:
    flat = CoalitionGame("ab", np.broadcast_to([0.0, 1.0, 2.0, 4.0], (2, 3, 4))).flat()
    assert (6, 4) == flat.shape
    assert flat.flags.c_contiguous
    assert not flat.flags.writeable


def test_exact_worths_are_kept_beside_their_roundings() -> None:
    game = CoalitionGame.exactly("ab", [0, "1/3", 0.5, Fraction(7, 3)])
    assert (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(7, 3)) == game.fractions
    assert [0.0, 1 / 3, 0.5, 7 / 3] == game.worths.tolist()
    assert game.over((2,), None).fractions is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda: CoalitionGame("ab", [0, 1, 2]), "2 players need 4", id="length"),
        pytest.param(lambda: CoalitionGame("ab", 1.0), "2 players need 4", id="number"),
        pytest.param(lambda: CoalitionGame("aa", np.zeros(4)), "must differ", id="names"),
        pytest.param(lambda: CoalitionGame("", [0.0]), "0 players", id="nobody"),
        pytest.param(lambda: CoalitionGame("a", [1.0, 2.0]), "nobody is worth 0", id="empty"),
        pytest.param(lambda: CoalitionGame("a", ["0", "much"]), "much", id="word"),
        pytest.param(lambda: CoalitionGame.exactly("a", [0, "x"]), "not a finite", id="fraction"),
        pytest.param(
            lambda: CoalitionGame("a", np.zeros((2, 2)), fractions=[Fraction(0)] * 2),
            "2 fractions for worths of shape",
            id="batch-of-fractions",
        ),
        pytest.param(
            lambda: CoalitionGame.from_function(
                "ab", lambda members: np.zeros(1 + len(members)) if members[0] == "a" else 0.0
            ),
            "do not broadcast",
            id="shapes",
        ),
        pytest.param(lambda: CoalitionGame("a", [0, 1]).worth("b"), "no player is", id="stranger"),
    ],
)
def test_what_makes_no_game_is_refused(make: Any, words: str) -> None:
    with pytest.raises(FormError, match=words):
        make()
