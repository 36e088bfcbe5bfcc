"""Every law holds for the concepts as they are, over every family of games."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numba  # noqa: F401  from here on kernels are compiled, as they are for a sweep
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import Equilibria, NormalForm, nash, pure_nash
from solver.errors import ConceptError, FormError, ParameterError
from solver.testing import bimatrix_games, laws, normal_forms

Solver = Callable[[NormalForm], Equilibria]

#: The closed form, one action against several, and the support kernel.
TWO_PLAYERS = bimatrix_games(actions=(1, 4), batch=(2,))
#: For the laws that add an action: each size of game takes seconds to compile.
SMALLER = bimatrix_games(actions=(1, 3), batch=(2,))
ADDING = {"dominated_changes_nothing", "duplicate_keeps_payoffs"}
N_PLAYERS = normal_forms(players=(1, 4), actions=(1, 3), batch=(2,))


@pytest.mark.parametrize("law", laws.LAWS)
@given(data=st.data())
def test_every_law_holds_for_nash(law: str, data: st.DataObject) -> None:
    """All the theorems that the docstrings of the laws name."""
    form = data.draw(SMALLER if law in ADDING else TWO_PLAYERS)
    laws.check(form, nash, [law])


@pytest.mark.parametrize("law", laws.LAWS)
@given(form=N_PLAYERS)
def test_every_law_holds_for_pure_nash(law: str, form: NormalForm) -> None:
    """One to four players."""
    laws.check(form, pure_nash, [law])


@given(form=bimatrix_games(actions=(5, 5), kind="generic"))
def test_larger_games_are_solved_whole(form: NormalForm) -> None:
    """Supports of four and more actions are solved by elimination, not in closed form."""
    laws.check(form, nash, ["certified", "complete", "odd_number"])


@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
@given(data=st.data(), form=TWO_PLAYERS)
def test_any_order_of_the_actions_gives_the_same_equilibria(
    solve: Solver, data: st.DataObject, form: NormalForm
) -> None:
    """Not only the reversal that `LAWS` tries."""
    orders = [data.draw(st.permutations(range(m))) for m in form.shape]
    laws.relabelling_invariant(solve, form, orders)


@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
@given(
    form=bimatrix_games(kind="ties"),
    scale=st.sampled_from([2.0**-300, 1e9, 1e12, 2.0**300]),
    shift=st.sampled_from([0.0, -1e12, 1e12]),
)
def test_integers_can_be_scaled_and_shifted_a_long_way(
    solve: Solver, form: NormalForm, scale: float, shift: float
) -> None:
    """Each map for one player only, and both for both."""
    laws.affine_invariant(solve, form, scale=[scale, 1.0], shift=[0.0, shift])
    if scale in {1e9, 1e12}:
        laws.affine_invariant(solve, form, scale, shift)


@pytest.mark.parametrize("depth", [1e-6, 1e3, 1e6])
@given(form=bimatrix_games(actions=(2, 3), kind="generic"))
def test_the_depth_of_domination_does_not_matter(depth: float, form: NormalForm) -> None:
    """One terrible outcome stretches the payoff range and moves nothing else."""
    laws.dominated_changes_nothing(nash, form, depth)


def test_a_game_with_a_bad_payoff_stops_no_other() -> None:
    """NaN is a misfortune of one element of the batch."""
    A, B = np.random.default_rng(0).random((2, 4, 3, 3))
    A[1, 2, 0], B[3, 0, 0] = np.nan, -np.inf
    for solve in (nash, pure_nash):
        laws.check(NormalForm([A, B]), solve)


def test_batch_axes_of_any_number_are_fine() -> None:
    """Two batch axes, one of them broadcast."""
    A, B = np.random.default_rng(0).integers(0, 4, (2, 2, 3, 2, 3))
    laws.check(NormalForm([A, B[:1]]), nash)


def test_check_takes_nash_when_no_solver_is_named() -> None:
    """The one-line use."""
    laws.check(NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]]))


def test_a_map_that_rounds_is_refused() -> None:
    """It would make another game, and the law would be false."""
    form = NormalForm([[[0.1, 0.2]], [[0.0, 1.0]]])
    with pytest.raises(ParameterError, match=r"\* 1 \+ 1e\+12 is rounded"):
        laws.affine_invariant(nash, form, 1.0, 1e12)
    with pytest.raises(ParameterError, match="not increasing"):
        laws.affine_invariant(nash, form, -1.0)


def test_completeness_of_mixed_equilibria_has_no_oracle_beyond_two_players() -> None:
    """Better no answer than a law that checks nothing."""
    form = NormalForm([np.zeros((2, 2, 2))] * 3)
    eq = replace(pure_nash(form), concept="nash")
    with pytest.raises(ConceptError, match="3 players"):
        laws.complete(form, eq)


def test_laws_say_which_forms_they_are_about() -> None:
    """A form of another kind is a programmer's mistake."""
    eq = pure_nash(NormalForm([[1.0, 2.0]]))
    with pytest.raises(FormError, match="NormalForm, not object"):
        laws.certified(replace(eq, form=object()))


def test_only_the_strategies_need_hypothesis() -> None:
    """It is an optional extra, and they say how to get it."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from solver.testing import laws, oracles\n"
        "try: from solver.testing import bimatrix_games\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("pip install 'coopet[testing]'")
