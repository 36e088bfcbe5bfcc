"""A Game says what is wrong with itself when it is made, or with its form when that is built."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver import BargainingProblem, Game, LeaderFollower, NormalForm, Parameter, table
from solver.errors import FormError, ParameterError
from solver.forms import Form
from solver.game import RESERVED

EPS, DELTA = Parameter("eps", default=0.1, low=0.0, high=1.0), Parameter("delta", default=1.0)
ONE = NormalForm([[[1.0]], [[1.0]]])


def _game(build: Callable[..., Any], *parameters: Parameter) -> Game:
    return Game(name="g", parameters=parameters or (EPS,), build=build)


def _any(**_values: Any) -> NormalForm:
    return ONE


def _partly(*, eps: Any, **_rest: Any) -> NormalForm:
    return ONE


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: ONE, "build and parameters disagree on eps"),
        (lambda *, delta: ONE, "disagree on delta, eps"),
        (lambda *, eps, gamma: ONE, "disagree on gamma"),
        (lambda *, eps, gamma=1.0: ONE, "disagree on gamma"),
        (lambda *values: ONE, "disagree on eps, values"),
        (lambda *, gamma, **rest: ONE, "disagree on gamma"),
        pytest.param(
            lambda eps, /: ONE, "eps",
        ),
        pytest.param(
            dict, "build",
        ),
        pytest.param(
            ONE, "build",
        ),
    ],
)  # fmt: skip
def test_build_must_take_the_parameters_by_name(build: Any, words: str) -> None:
    with pytest.raises(ParameterError, match=f"game g: .*{words}"):
        _game(build)


@pytest.mark.parametrize(
    "build",
    [
        lambda *, eps, delta: ONE,
        lambda eps, delta: ONE,
        lambda delta=0.0, *, eps: ONE,
        _any,
        _partly,
        functools.partial(lambda scale, *, eps, delta: ONE, 2.0),
    ],
    ids=["keywords", "positions", "mixed", "all", "rest", "partial"],
)
def test_every_callable_that_takes_them_will_do(build: Callable[..., NormalForm]) -> None:
    game = _game(build, EPS, DELTA)
    assert () == game.form(game.bind()).batch_shape


def test_a_parameter_is_declared_once() -> None:
    with pytest.raises(ParameterError, match="game g: parameter 'eps' is declared twice"):
        _game(_any, EPS, DELTA, EPS)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_words_of_a_sweep_are_reserved(name: str) -> None:
    with pytest.raises(ParameterError, match=f"game g: parameter name '{name}' is reserved"):
        _game(_any, Parameter(name, default=0.0))


@pytest.mark.parametrize("name", ["self"])
def test_any_name_that_is_not_reserved_can_be_bound(name: str) -> None:
    try:
        game = _game(_any, Parameter(name, default=0.0))
    except ParameterError:
        return
    assert 2.0 == game.bind(**{name: 2.0}).values[name]


@pytest.mark.parametrize(
    ("returned", "word"),
    [(3, "int"), (None, "NoneType"), ((1, 2), "tuple"), (NormalForm, "type"), ("nf", "str")],
)
def test_what_build_returns_must_be_a_form(returned: object, word: str) -> None:
    game = _game(lambda *, eps: returned)
    with pytest.raises(FormError, match=f"game g: build returned {word}, not a form"):
        game.form(game.bind())


@pytest.mark.parametrize(
    ("batch", "given"), [((3,), ()), ((3,), (2,)), ((2, 3), (3,)), ((1, 3), (3,)), ((2,), (2, 3))]
)
def test_the_batch_of_a_form_is_that_of_its_parameters(
    batch: tuple[int, ...], given: tuple[int, ...]
) -> None:
    form = NormalForm([np.zeros((*batch, 1, 1))] * 2)
    game = _game(lambda *, eps: form)
    with pytest.raises(FormError) as error:
        game.form(game.bind(eps=np.full(given, 0.5)))
    assert f"game g: build returned batch shape {batch} for parameters of shape {given}" == str(
        error.value
    )


FORMS: dict[str, Callable[..., Form]] = {
    "normal": lambda *, eps: table({("a", "b"): (eps, 1.0)}),
    "leader-follower": lambda *, eps: LeaderFollower(
        players=("a", "b"), action="x", low=0.0, high=1.0, answers=("y",),
        payoffs=lambda x, eps: ([x], [eps]), parameters={"eps": eps},
    ),
    "bargaining": lambda *, eps: BargainingProblem(players=("a", "b"), surplus=eps),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("eps", [0.5, [0.5], [[0.1, 0.2]], np.zeros((2, 0))])
def test_a_form_has_the_batch_that_was_asked_for(kind: str, eps: Any) -> None:
    game = _game(FORMS[kind])
    assert np.shape(eps) == game.form(game.bind(eps=eps)).batch_shape


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_that_ignores_its_parameters_is_broadcast(kind: str) -> None:
    game = _game(lambda *, eps: FORMS[kind](eps=0.5))
    assert (2, 3) == game.form(game.bind(eps=np.full((2, 3), 0.5))).batch_shape


def test_an_exception_of_the_user_is_not_swallowed() -> None:
    def build(*, eps: Any) -> NormalForm:
        raise ZeroDivisionError(eps)

    game = _game(build)
    with pytest.raises((ZeroDivisionError, FormError)) as error:
        game.form(game.bind())
    assert ZeroDivisionError in {type(error.value), type(error.value.__cause__)}


def test_the_summary_is_the_first_line() -> None:
    assert (
        "One line."
        == Game(name="g", parameters=(EPS,), build=_any, doc="\n  One line.\n\nMore.").summary
    )
    assert not Game(name="g", parameters=(EPS,), build=_any).summary
