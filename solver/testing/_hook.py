"""What hypothesis calls when it starts: teach ``st.from_type`` about our forms.

Nothing is imported before that, and only the form itself then: hypothesis starts in many programs
that never solve a game.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from solver.forms.bargaining import BargainingProblem
    from solver.forms.coalition import CoalitionGame
    from solver.forms.extensive import ExtensiveForm
    from solver.forms.frontier import FrontierProblem
    from solver.forms.network import BargainingNetwork
    from solver.forms.normal import NormalForm


def register() -> None:
    """Make ``hypothesis.strategies.from_type`` draw small games of our forms."""
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415  called by hypothesis

    from solver.forms.bargaining import BargainingProblem  # noqa: PLC0415
    from solver.forms.coalition import CoalitionGame  # noqa: PLC0415
    from solver.forms.extensive import ExtensiveForm  # noqa: PLC0415
    from solver.forms.frontier import FrontierProblem  # noqa: PLC0415
    from solver.forms.network import BargainingNetwork  # noqa: PLC0415
    from solver.forms.normal import NormalForm  # noqa: PLC0415

    register_type_strategy(NormalForm, _small_games)
    register_type_strategy(ExtensiveForm, _small_trees)
    register_type_strategy(BargainingProblem, _small_problems)
    register_type_strategy(FrontierProblem, _small_frontiers)
    register_type_strategy(CoalitionGame, _small_coalition_games)
    register_type_strategy(BargainingNetwork, _small_networks)


def _small_games(_: type[NormalForm]) -> SearchStrategy[NormalForm]:
    from solver.testing.strategies import normal_forms  # noqa: PLC0415  when a game is drawn

    return normal_forms()


def _small_trees(_: type[ExtensiveForm]) -> SearchStrategy[ExtensiveForm]:
    from solver.testing.tree_games import extensive_forms  # noqa: PLC0415  when a tree is drawn

    return extensive_forms()


def _small_problems(_: type[BargainingProblem]) -> SearchStrategy[BargainingProblem]:
    from solver.testing.bargaining_games import bargaining_problems  # noqa: PLC0415  when drawn

    return bargaining_problems()


def _small_frontiers(_: type[FrontierProblem]) -> SearchStrategy[FrontierProblem]:
    from solver.testing.bargaining_games import frontier_problems  # noqa: PLC0415  when drawn

    return frontier_problems()


def _small_coalition_games(_: type[CoalitionGame]) -> SearchStrategy[CoalitionGame]:
    from solver.testing.coalition_strategies import coalition_games  # noqa: PLC0415  when drawn

    return coalition_games()


def _small_networks(_: type[BargainingNetwork]) -> SearchStrategy[BargainingNetwork]:
    from solver.testing.networks import bargaining_networks  # noqa: PLC0415  when drawn

    return bargaining_networks()
