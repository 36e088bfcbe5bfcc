"""Leader-follower forms: players, interval, answers, payoffs as functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from solver import LeaderFollower, Status, subgame_perfect
from solver.errors import FormError


def form(**changes: Any) -> LeaderFollower:
    """The leader gains by a high action, the follower answers "yes" below one half."""
    fields: dict[str, Any] = {
        "players": ("leader", "follower"),
        "action": "price",
        "low": 0.0,
        "high": 1.0,
        "answers": ("yes", "no"),
        "payoffs": lambda price, cut: ([price, 0.0 * price], [cut - price, 0.0 * price]),
        "parameters": {"cut": 0.5},
    }
    return LeaderFollower(**fields | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"players": ("a",)}, "a leader and a follower, not 1 players", id="one"),
        pytest.param({"players": ("a", "b", "c")}, "not 3 players", id="three"),
        pytest.param({"answers": ()}, "at least one answer", id="no-answer"),
        pytest.param({"low": np.zeros(2), "parameters": {"cut": np.zeros(3)}},
                     r"do not broadcast: .*cut \(3,\)", id="shapes"),
        pytest.param({"answers": ("yes", "yes")}, "must differ", id="same-answer"),
        pytest.param({"players": ("a", "a")}, "must differ", id="same-player"),
        pytest.param({"low": "cheap"}, "cheap", id="word"),
        pytest.param({"low": object()}, "number", id="object"),
    ],
)  # fmt: skip
def test_what_makes_no_form_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(FormError, match=words):
        form(**changes)


@pytest.mark.parametrize(
    ("payoffs", "words"),
    [
        pytest.param(lambda p, cut: ([p], [p]), "payoffs give 1 values for 2 answers", id="few"),
        pytest.param(lambda p, cut: ([p] * 3, [p] * 3), "payoffs give 3 values", id="many"),
        pytest.param(lambda p, cut: [p], "payoffs", id="one-player"),
        pytest.param(lambda p, cut: ([p, np.zeros(7)], [p, p]), "shape", id="shape"),
        pytest.param(lambda p: ([p, p], [p, p]), "cut", id="parameter"),
    ],
)  # fmt: skip
def test_payoffs_of_another_shape_are_refused(payoffs: Any, words: str) -> None:
    with pytest.raises(FormError, match=words):
        subgame_perfect(form(payoffs=payoffs))


def test_interval_and_parameters_broadcast() -> None:
    assert (4, 3) == form(high=np.ones((4, 1)), parameters={"cut": np.ones(3)}).batch_shape


def test_a_constant_payoff_may_be_a_number() -> None:
    equilibria = subgame_perfect(
        form(payoffs=lambda price, cut: ([price, 0.0], [cut - price, 0.0]))
    )
    assert 0.5 == pytest.approx(equilibria.leader_action.item(), abs=1e-11)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Status.SOLVED),
        ({"high": 0.0}, Status.SOLVED),
        ({"high": -1.0}, Status.NONE_EXIST),
        ({"high": np.nan}, Status.INVALID_INPUT),
        ({"low": np.nan}, Status.INVALID_INPUT),
        ({"high": np.inf}, Status.INVALID_INPUT),
        ({"parameters": {"cut": np.nan}}, Status.INVALID_INPUT),
        ({"payoffs": lambda p, cut: ([p, p / 0.0], [p, p])}, Status.INVALID_INPUT),
    ],
)
def test_misfortunes_of_numbers_are_a_status(changes: dict[str, Any], status: Status) -> None:
    equilibria = subgame_perfect(form(**changes))
    assert status == equilibria.status
    assert (status is Status.SOLVED) == equilibria.count
