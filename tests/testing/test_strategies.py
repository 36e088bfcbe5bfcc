"""What the strategies draw, and how hypothesis finds them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import solver.testing
from solver import NormalForm
from solver.errors import ParameterError
from solver.testing import bimatrix_games, normal_forms, oracles
from solver.testing._hook import register
from solver.testing.strategies import KINDS


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


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "generic"])
def test_other_families_are_degenerate_and_not(kind: str) -> None:
    """Both sides of the tie are drawn."""
    quick = settings(database=None, phases=[Phase.generate])
    for degenerate in (True, False):
        form = find(
            bimatrix_games(actions=(2, 2), kind=kind),
            lambda form, d=degenerate: d == oracles.is_degenerate(*form.payoffs),
            settings=quick,
        )
        assert form.shape == (2, 2)


def test_draws_shrink_to_the_smallest_game() -> None:
    """A failing example is only useful when it is small."""
    form = find(bimatrix_games(), lambda _: True, settings=settings(database=None))
    assert form.shape == (1, 1)
    assert 0.0 == form.payoffs[0] == form.payoffs[1]


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
