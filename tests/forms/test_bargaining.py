"""Bargaining problems: pairs, shapes, and numbers that no division has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from solver import (
    BargainingProblem,
    Status,
    alternating_offers,
    nash_bargaining,
    outside_option,
)
from solver.errors import FormError

CONCEPTS = [nash_bargaining, alternating_offers, outside_option]


def problem(**changes: Any) -> BargainingProblem:
    """A surplus of one."""
    return BargainingProblem(**{"players": ("a", "b"), "surplus": 1.0, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"players": ("a",)}, "players needs two entries or more, not", id="one"),
        pytest.param({"weights": (1, 1, 1)}, "weights needs two entries, one per", id="three"),
        pytest.param({"outside": (np.zeros(2), np.zeros(3))}, r"do not broadcast: .*\(2,\), \(3,\)",
                     id="shapes"),
        pytest.param({"players": ("a", "a")}, "must differ", id="same-player"),
        pytest.param({"surplus": "much"}, "much", id="word"),
        pytest.param({"weights": 1.0}, "weights needs two entries", id="number"),
    ],
)  # fmt: skip
def test_what_makes_no_problem_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(FormError, match=words):
        problem(**changes)


def test_every_entry_broadcasts() -> None:
    form = problem(surplus=np.ones((4, 1)), outside=(0.0, np.zeros(3)))
    assert ((4, 3), (4, 3)) == (form.batch_shape, form.total.shape)


FIELDS = ["surplus", "disagreement", "outside", "weights", "discounts"]


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.name)
@pytest.mark.parametrize("field", FIELDS)
def test_an_entry_that_is_not_finite_is_a_status_there(concept: Any, field: str) -> None:
    bad = np.array([0.5, np.nan, np.inf, 0.25])
    with np.errstate(all="ignore"):
        equilibria = concept(problem(**{field: bad if field == "surplus" else (0.5, bad)}))
    invalid = equilibria.status == Status.INVALID_INPUT
    assert [False, True, True, False] == invalid.tolist()
    assert [1, 0, 0, 1] == equilibria.count.tolist()


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.name)
def test_an_entry_that_is_not_finite_is_met_in_silence(concept: Any) -> None:
    for field in FIELDS:
        concept(problem(**{field: np.inf if field == "surplus" else (0.5, np.inf)}))


@pytest.mark.parametrize(
    ("concept", "changes"),
    [
        pytest.param(nash_bargaining, {"weights": (0.0, 0.0)}, id="no-weight"),
        pytest.param(nash_bargaining, {"weights": (1.0, -1.0)}, id="opposite-weights"),
        pytest.param(nash_bargaining, {"weights": (-1.0, -1.0)}, id="negative-weights"),
        pytest.param(outside_option, {"weights": (0.0, 0.0)}, id="no-weight-outside"),
        pytest.param(alternating_offers, {"discounts": (1.0, 1.0)}, id="no-discounting"),
        pytest.param(alternating_offers, {"discounts": (2.0, 0.5)}, id="above-one"),
        pytest.param(alternating_offers, {"discounts": (-1.0, 0.5)}, id="negative-discount"),
    ],
)
def test_weights_and_discounts_that_mean_nothing_are_a_status(
    concept: Any, changes: dict[str, Any]
) -> None:
    equilibria = concept(problem(**changes))
    assert Status.INVALID_INPUT == equilibria.status
    assert 0 == equilibria.count
