"""What the strategies draw, and how hypothesis finds them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import solver.testing
from solver import (
    BargainingNetwork,
    BargainingProblem,
    CoalitionGame,
    FrontierProblem,
    NormalForm,
)
from solver.errors import ParameterError
from solver.testing import bimatrix_games, normal_forms, oracles
from solver.testing._hook import register
from solver.testing.families import KINDS

Floats = NDArray[np.float64]

QUICK = settings(database=None, phases=[Phase.generate], max_examples=200)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_each_family_has_the_shape_asked_for(kind: str, data: st.DataObject) -> None:
    """Batch axes first, actions inside the range."""
    form = data.draw(bimatrix_games(actions=(2, 3), batch=(2, 1), kind=kind))
    assert form.batch_shape == (2, 1)
    assert len(form.players) == 2
    assert set(form.shape) <= {2, 3}


@given(form=bimatrix_games(actions=(1, 3), kind="generic"))
def test_generic_games_have_no_ties(form: NormalForm) -> None:
    """With probability one, and with the seeds there are."""
    assert not oracles.is_degenerate(*form.payoffs)


#: Degenerate in every game of two actions each, and in none.
ALWAYS, NEVER = {"constant", "duplicates", "irrelevant"}, {"generic", "coordination"}

#: Degenerate more often than not: payoffs tie by design, or by chance among few values.
NUMBERS = {"ties", "sparse", "huge", "tiny", "shifted", "affine"}
TIED = sorted(ALWAYS | NUMBERS | {"dominated", "nearly_dominated", "common_interest"})


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NEVER])
def test_degenerate_games_are_drawn(kind: str) -> None:
    form = find(
        bimatrix_games(actions=(2, 2), kind=kind),
        lambda form: oracles.is_degenerate(*form.payoffs),
        settings=QUICK,
    )
    assert form.shape == (2, 2)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ALWAYS])
def test_games_without_ties_are_drawn(kind: str) -> None:
    form = find(
        bimatrix_games(actions=(2, 2), kind=kind),
        lambda form: not oracles.is_degenerate(*form.payoffs),
        settings=QUICK,
    )
    assert form.shape == (2, 2)


@pytest.mark.parametrize("kind", TIED)
def test_most_games_of_a_tied_family_are_degenerate(kind: str) -> None:
    """Up to rounding, which `simplest` undoes."""
    drawn = []

    @settings(QUICK, derandomize=True, max_examples=100)
    @given(form=bimatrix_games(actions=(2, 3), kind=kind))
    def draw(form: NormalForm) -> None:
        drawn.append(oracles.is_degenerate(*map(oracles.simplest, form.payoffs)))

    draw()
    assert 2 * sum(drawn) > len(drawn)


def pairs_of_actions(form: NormalForm) -> list[tuple[int, list[Floats], list[Floats]]]:
    """Each player with two of its actions: what they pay to all players, and the other."""
    pairs = []
    for i, m in enumerate(form.shape):
        axis = i - len(form.players)
        rows = [[payoff.take(k, axis) for payoff in form.payoffs] for k in range(m)]
        pairs += [(i, *pair) for pair in permutations(rows, 2)]
    return pairs


def has_a_duplicate(form: NormalForm) -> bool:
    return any(np.array_equal(one, other) for _, one, other in pairs_of_actions(form))


def has_a_dominated_action(form: NormalForm) -> bool:
    return any((one[i] <= other[i]).all() for i, one, other in pairs_of_actions(form))


def has_a_nearly_equal_action(form: NormalForm) -> bool:
    return any(
        (np.abs(one[i] - other[i]) <= 2.0**-20).all() for i, one, other in pairs_of_actions(form)
    )


def has_an_idle_player(form: NormalForm) -> bool:
    n = len(form.players)
    return any((np.ptp(payoff, axis=i - n) == 0.0).all() for i, payoff in enumerate(form.payoffs))


def is_constant_sum(form: NormalForm) -> bool:
    return (sum(form.payoffs) == 3.0).all()


def is_symmetric(form: NormalForm) -> bool:
    """Exchanging two players exchanges their payoffs, and leaves those of others alone."""
    first, *others = range(-len(form.players), 0)
    moved = [[np.swapaxes(p, first, k) for p in form.payoffs] for k in others]
    for k, payoffs in enumerate(moved, 1):
        payoffs[0], payoffs[k] = payoffs[k], payoffs[0]
    return all(np.array_equal(form.payoffs, payoffs) for payoffs in moved)


def is_common_interest(form: NormalForm) -> bool:
    return all(np.array_equal(form.payoffs[0], payoff) for payoff in form.payoffs)


def is_constant(form: NormalForm) -> bool:
    core = tuple(range(-len(form.players), 0))
    return not any(np.ptp(payoff, axis=core).any() for payoff in form.payoffs)


def is_a_matching(form: NormalForm) -> bool:
    """Gains in as many cells as fit, no two in the same row of any player, and the same for all."""
    core = tuple(range(-len(form.players), 0))
    gains = form.payoffs[0] > 0.0
    lines = [gains.sum(axis=tuple(set(core) - {i})) for i in core]
    return (
        all(np.array_equal(gains, payoff > 0.0) for payoff in form.payoffs)
        and all(line.max() == 1 for line in lines)
        and (gains.sum(axis=core) == min(form.shape)).all()
    )


def goes_round(form: NormalForm) -> bool:
    """One's next action pays what the other's next would have paid."""
    shifted = [
        np.array_equal(np.roll(p, -1, axis=i), np.roll(p, -1, axis=-1))
        for p in form.payoffs
        for i in range(-len(form.players), 0)
    ]
    return all(shifted) or len(set(form.shape)) > 1


def is_one_game_in_other_units(form: NormalForm) -> bool:
    """All elements of the batch become the same numbers once payoffs are between 0 and 1."""
    core = tuple(range(-len(form.players), 0))
    for payoff in form.payoffs:
        above = payoff - payoff.min(core, keepdims=True)
        shares = above / np.maximum(above.max(core, keepdims=True), 1e-300)
        if np.ptp(shares.reshape(-1, *form.shape), axis=0).max() > 1e-12:
            return False
    return True


def is_mostly_zeros_and_ones(form: NormalForm) -> bool:
    return bool(np.isin(form.payoffs, [-1, 0, 1]).all())


def is_small_or_forbidden(form: NormalForm) -> bool:
    return bool(np.isin(form.payoffs, [0, 1, 2, 3, -1e3, -1e6]).all())


@pytest.mark.parametrize("sizes", [(2, 2), (1, 3)], ids=["two players", "one to three"])
@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        ("duplicates", has_a_duplicate),
        ("dominated", has_a_dominated_action),
        ("nearly_dominated", has_a_nearly_equal_action),
        ("irrelevant", has_an_idle_player),
        ("constant_sum", is_constant_sum),
        ("symmetric", is_symmetric),
        ("common_interest", is_common_interest),
        ("constant", is_constant),
        ("coordination", is_a_matching),
        ("cyclic", goes_round),
        ("affine", is_one_game_in_other_units),
        ("sparse", is_mostly_zeros_and_ones),
        ("forbidden", is_small_or_forbidden),
    ],
)
@given(data=st.data())
def test_each_family_has_its_property(
    kind: str, holds: Callable[[NormalForm], bool], sizes: tuple[int, int], data: st.DataObject
) -> None:
    """In every game of a batch."""
    form = data.draw(normal_forms(players=sizes, actions=(2, 3), batch=(2,), kind=kind))
    assert holds(form)


@given(form=bimatrix_games(actions=(3, 3), kind="coordination"))
def test_coordination_has_an_equilibrium_on_every_support(form: NormalForm) -> None:
    """As many as three actions each allow."""
    assert 2**3 - 1 == len(oracles.extreme_equilibria(*form.payoffs))


def test_draws_shrink_to_the_smallest_game() -> None:
    """A failing example is only useful when it is small."""
    form = find(bimatrix_games(), lambda _: True, settings=settings(database=None))
    assert form.shape == (1, 1)
    assert 0.0 == form.payoffs[0] == form.payoffs[1]


@pytest.mark.parametrize(
    "kind", ["ties", "affine", "duplicates", "dominated", "symmetric", "coordination", "cyclic"]
)
def test_every_way_of_drawing_shrinks_to_few_actions(kind: str) -> None:
    """What was found by chance is not what is reported."""
    form = find(
        bimatrix_games(actions=(1, 3), kind=kind),
        lambda form: len(oracles.pure_equilibria(form.payoffs)) > 1,
        settings=settings(database=None, max_examples=200),
    )
    assert form.shape in {(1, 2), (2, 1), (2, 2)}


def test_a_game_that_breaks_a_claim_shrinks_to_a_plain_one() -> None:
    """An even number of equilibria: one row, two columns and two values are enough."""
    form = find(
        bimatrix_games(actions=(1, 3)),
        lambda form: len(oracles.extreme_equilibria(*form.payoffs)) % 2 == 0,
        settings=settings(database=None, max_examples=200),
    )
    assert form.shape in {(1, 2), (2, 1)}
    assert np.isin(form.payoffs, [0, 1]).all()


@given(form=normal_forms(players=(3, 3), actions=(2, 2)))
def test_games_of_three_players_are_drawn(form: NormalForm) -> None:
    """The number of players is a range, too."""
    assert form.shape == (2, 2, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "tie"}, "unknown kind of game 'tie': did you mean ties"),
        ({"actions": (0, 2)}, r"actions = \(0, 2\)"),
        ({"actions": (3, 2)}, r"actions = \(3, 2\)"),
        ({"players": (0, 2)}, r"players = \(0, 2\)"),
    ],
    ids=["kind", "no action", "empty range", "no player"],
)
def test_a_wrong_option_is_named(options: dict[str, object], message: str) -> None:
    """At the call, not when the first example is drawn."""
    with pytest.raises(ParameterError, match=message):
        normal_forms(**options)  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hypothesis_can_draw_a_form_from_its_type(data: st.DataObject) -> None:
    """So that an annotation is enough in a user's test."""
    register()
    form = data.draw(st.from_type(NormalForm))
    assert isinstance(form, NormalForm)
    assert np.isfinite(form.payoffs).all()


@pytest.mark.parametrize(
    "form", [BargainingProblem, FrontierProblem, CoalitionGame, BargainingNetwork]
)
@settings(suppress_health_check=list(HealthCheck), max_examples=10, deadline=None)
@given(data=st.data())
def test_hypothesis_can_draw_every_form_from_its_type(form: Any, data: st.DataObject) -> None:
    """Bargaining problems, frontiers, coalition games and networks."""
    register()
    drawn = data.draw(st.from_type(form))
    assert isinstance(drawn, form)
    assert drawn.valid.all()


def test_the_hook_imports_no_solver() -> None:
    """Hypothesis calls it in programs that never solve a game."""
    code = (
        "import hypothesis, sys; from solver.testing._hook import register; register();"
        "print(*{'numba', 'solver.concepts', 'solver.testing.laws'}.intersection(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_unknown_names_are_attribute_errors() -> None:
    """As for any module."""
    assert oracles is solver.testing.oracles
    with pytest.raises(AttributeError, match="no attribute 'trimatrix_games'"):
        _ = solver.testing.trimatrix_games
