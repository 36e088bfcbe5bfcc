"""What hypothesis calls when it starts: teach ``st.from_type`` about our forms.

Nothing is imported before that, and only the form itself then: hypothesis starts in many programs
that never solve a game.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from solver.forms.extensive import ExtensiveForm
    from solver.forms.normal import NormalForm


def register() -> None:
    """Make ``hypothesis.strategies.from_type`` draw small games of our forms."""
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415  called by hypothesis

    from solver.forms.extensive import ExtensiveForm  # noqa: PLC0415
    from solver.forms.normal import NormalForm  # noqa: PLC0415

    register_type_strategy(NormalForm, _small_games)
    register_type_strategy(ExtensiveForm, _small_trees)


def _small_games(_: type[NormalForm]) -> SearchStrategy[NormalForm]:
    from solver.testing.strategies import normal_forms  # noqa: PLC0415  when a game is drawn

    return normal_forms()


def _small_trees(_: type[ExtensiveForm]) -> SearchStrategy[ExtensiveForm]:
    from solver.testing.tree_games import extensive_forms  # noqa: PLC0415  when a tree is drawn

    return extensive_forms()
