"""Outcomes and regimes that a game reports, right and wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver import BargainingProblem, Equilibria, Game, NormalForm, Parameter, pure_nash, sweep
from solver.errors import FormError
from solver.game import Values
from solver.sweep.cells import evaluate

EPS = Parameter("eps", default=0.1, low=0.0, high=1.0)
GRID = np.array([0.1, 0.3, 0.5])
Report = Callable[[Values, Equilibria], Any]


def build(*, eps: Any) -> NormalForm:
    """The first player chooses its second action once eps exceeds 0.2."""
    first = np.stack([np.asarray(eps) * 0.0 + 0.2, eps], axis=-1)[..., None]
    return NormalForm((first, 0.0 * first), actions=(("stay", "go"), ("watch",)))


def _regimes(regime: Report | None, regimes: tuple[str, ...] = ()) -> list[str]:
    game = Game(name="g", parameters=(EPS,), build=build, regime=regime, regimes=regimes)
    labels: list[str] = sweep(game, eps=GRID).regime.values.tolist()
    return labels


@pytest.mark.parametrize(
    ("regime", "regimes", "labels"),
    [
        pytest.param(None, (), ["stay | watch", "go | watch", "go | watch"], id="supports"),
        pytest.param(
            lambda p, _: np.where(p["eps"] > 0.2, "b", "a"), ("b", "a"), ["a", "b", "b"], id="words"
        ),
        pytest.param(
            lambda p, _: (p["eps"] > 0.2).astype(np.int8), ("a", "b"), ["a", "b", "b"], id="codes"
        ),
        pytest.param(lambda _p, _e: np.intp(1), ("a", "b"), ["b"] * 3, id="one-code"),
        pytest.param(lambda _p, _e: "a", ("a",), ["a"] * 3, id="one-word"),
        pytest.param(lambda _p, _e: np.array([-1, 0, 1]), ("a", "b"), ["none", "a", "b"], id="no"),
        pytest.param(
            lambda p, _: p["eps"] > 0.2, (), ["False", "True", "True"], id="truth"
        ),
    ],
)  # fmt: skip
def test_a_regime_is_words_or_an_index(
    regime: Report | None, regimes: tuple[str, ...], labels: list[str]
) -> None:
    assert labels == _regimes(regime, regimes)


@pytest.mark.parametrize(
    "regime",
    [
        pytest.param(lambda _p, _e: np.array(["a", "b"]), id="words"),
        pytest.param(lambda _p, _e: np.array([0, 0]), id="codes"),
        pytest.param(lambda _p, _e: np.zeros((3, 3), int), id="axes"),
    ],
)
def test_a_regime_of_another_shape_is_refused(regime: Report) -> None:
    with pytest.raises(FormError, match="game g: regime has shape"):
        _regimes(regime, ("a", "b"))


@pytest.mark.parametrize(
    ("regime", "regimes"),
    [
        pytest.param(lambda _p, _e: 7, ("a", "b"), id="beyond"),
        pytest.param(lambda _p, _e: 0, (), id="undeclared"),
        pytest.param(lambda _p, _e: np.array([0.0, 1.0, np.nan]), ("a", "b"), id="floats"),
        pytest.param(lambda _p, _e: None, ("a", "b"), id="nothing"),
    ],
)
def test_a_regime_that_is_neither_is_refused(regime: Report, regimes: tuple[str, ...]) -> None:
    with pytest.raises(FormError, match="game g: regime"):
        _regimes(regime, regimes)


def test_where_there_is_no_equilibrium_there_is_no_regime() -> None:
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    for regime in (None, lambda _p, _e: 0):
        game = Game(
            name="g", parameters=(EPS,), build=lambda *, eps: pennies, regime=regime, regimes=("a",)
        )
        cells = evaluate(game, game.bind(eps=GRID), pure_nash)
        assert ["none"] * 3 == [cells.labels[code] for code in cells.regime]


def test_several_equilibria_are_one_label() -> None:
    battle = NormalForm([[[2, 0], [0, 1]], [[1, 0], [0, 2]]])
    game = Game(name="g", parameters=(EPS,), build=lambda *, eps: battle)
    cells = evaluate(game, game.bind(eps=GRID))
    label = cells.labels[cells.regime[0]]
    assert {"1 | 1", "2 | 2", "1+2 | 1+2"} == set(label.split(" ; "))


def test_a_division_without_a_regime_of_its_own_has_a_name() -> None:
    game = Game(
        name="g",
        parameters=(EPS,),
        build=lambda *, eps: BargainingProblem(players=("a", "b"), surplus=eps),
    )
    assert sweep(game, eps=GRID).regime.values[0].strip(" |")


def _outcomes(outcomes: Report) -> Any:
    game = Game(name="g", parameters=(EPS,), build=build, outcomes=outcomes)
    return sweep(game, eps=GRID)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(2, [2.0, 2.0, 2.0], id="scalar"),
        pytest.param([1, 2, 3], [1.0, 2.0, 3.0], id="list"),
        pytest.param(np.array([True, False, True]), [1.0, 0.0, 1.0], id="mask"),
        pytest.param(np.array([1.0, np.nan, np.inf]), [1.0, np.nan, np.inf], id="not-finite"),
    ],
)
def test_an_outcome_is_a_number_per_cell(value: Any, expected: list[float]) -> None:
    np.testing.assert_array_equal(_outcomes(lambda _p, _e: {"x": value}).x.values, expected)


@pytest.mark.parametrize(
    "value", [[1.0, 2.0], np.zeros((3, 1)), np.zeros((3, 3)), "much", ["a", "b", "c"], {}]
)
def test_an_outcome_of_another_shape_or_kind_is_refused(value: Any) -> None:
    with pytest.raises(FormError, match=r"game g: outcome 'x' has shape .*batch \(3,\)"):
        _outcomes(lambda _p, _e: {"x": value})


def test_arithmetic_in_outcomes_may_divide_by_zero() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = _outcomes(lambda p, _: {"x": 1.0 / (p["eps"] - p["eps"])})
    assert np.isinf(found.x.values).all()


@pytest.mark.parametrize("name", ["status", "count", "payoff", "slot", "strategy_player 1"])
def test_an_outcome_cannot_take_the_name_of_a_variable(name: str) -> None:
    with pytest.raises(FormError, match=f"outcome '{name}' is reserved"):
        _outcomes(lambda _p, _e: {name: 1.0})


def test_an_outcome_that_repeats_an_axis_is_that_axis() -> None:
    assert GRID.tolist() == _outcomes(lambda p, _: {"eps": p["eps"]}).eps.values.tolist()
