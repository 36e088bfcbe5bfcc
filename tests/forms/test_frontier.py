"""Frontier problems: what is refused, in which words, and how they broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from solver import FrontierProblem, Status, nash_bargaining
from solver.errors import FormError

POINTS = [[0.0, 2.0], [1.0, 0.0]]


def half(u1: np.ndarray, *, top: np.ndarray | float = 1.0) -> np.ndarray:
    """What is left of `top`."""
    return top - u1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({}, "one of vertices, curve and function must be given, not none", id="none"),
        pytest.param({"vertices": POINTS, "function": half}, "must be given, not vertices and fun",
                     id="two"),
        pytest.param({"players": ("a",), "vertices": POINTS}, "players needs two entries or more",
                     id="one-player"),
        pytest.param({"players": ("a", "a"), "vertices": POINTS}, "must differ", id="same-player"),
        pytest.param({"players": "abc", "curve": POINTS}, "players needs two entries", id="string"),
        pytest.param({"players": tuple("abc"), "curve": POINTS},
                     "a curve is the frontier of two players, not of 3", id="curve-of-three"),
        pytest.param({"players": tuple("abc"), "function": half},
                     "a function is the frontier of two players, not of 3", id="function-of-three"),
        pytest.param({"players": tuple("abc"), "vertices": POINTS},
                     r"vertices has shape \(2, 2\): \(\*B, M, 3\) is needed", id="width"),
        pytest.param({"vertices": np.zeros((0, 2))}, r"vertices has shape \(0, 2\)", id="empty"),
        pytest.param({"vertices": [1.0, 2.0]}, r"vertices has shape \(2,\)", id="one-axis"),
        pytest.param({"vertices": "many"}, "many", id="word"),
        pytest.param({"vertices": POINTS, "weights": (1, 1, 1)},
                     "weights needs two entries, one per player", id="three-weights"),
        pytest.param({"vertices": np.zeros((3, 2, 2)), "outside": (np.zeros(2), 0)},
                     r"do not broadcast: .*\(3,\).*\(2,\)", id="shapes"),
    ],
)  # fmt: skip
def test_what_is_no_frontier_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(FormError, match=words) as caught:
        FrontierProblem(**{"players": ("a", "b"), **given})
    assert "\n" not in str(caught.value)


def test_a_function_that_fails_or_gives_another_shape_is_named() -> None:
    def broken(u1: np.ndarray) -> np.ndarray:
        raise ZeroDivisionError("no")

    def narrow(u1: np.ndarray) -> np.ndarray:
        return np.zeros(7)

    for function, words in ((broken, "function"), (narrow, r"function gives shape \(7,\)")):
        with pytest.raises(FormError, match=words):
            nash_bargaining(FrontierProblem(players=("a", "b"), function=function))
    with pytest.raises(FormError, match="this frontier has no slope"):
        FrontierProblem(players=("a", "b"), function=half).at(np.zeros((1, 1)), slope=True)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"vertices": POINTS}, id="vertices"),
        pytest.param({"curve": POINTS}, id="curve"),
        pytest.param({"function": half, "parameters": {"top": 2.0}}, id="function"),
    ],
)
def test_over_broadcasts_and_marks_what_is_invalid(given: dict[str, Any]) -> None:
    """The answer is the same in every element but those that are marked."""
    form = FrontierProblem(players=("a", "b"), disagreement=(0.0, np.array([0.0, 0.5])), **given)
    marked = np.array([[False, True], [False, False], [True, False]])
    wide = form.over((3, 2), marked)
    assert ((2,), (3, 2)) == (form.batch_shape, wide.batch_shape)
    np.testing.assert_array_equal(wide.valid, ~marked)
    narrow, found = nash_bargaining(form), nash_bargaining(wide)
    np.testing.assert_array_equal(found.status == Status.INVALID_INPUT, marked)
    for row, col in zip(*np.nonzero(~marked), strict=True):
        np.testing.assert_array_equal(found.payoffs[row, col], narrow.payoffs[col])
    assert (3, 2) == form.over((3, 2), None).batch_shape


def test_bounds_the_wrong_way_round_are_a_status_there() -> None:
    form = FrontierProblem(players=("a", "b"), function=half, low=[0.0, 1.0], high=[1.0, 0.5])
    found = nash_bargaining(form)
    assert [Status.SOLVED, Status.INVALID_INPUT] == found.status.tolist()
