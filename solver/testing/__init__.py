"""For the tests of your own games: hypothesis strategies, exact oracles, and laws that must hold.

>>> from solver import NormalForm, nash
>>> from solver.testing import laws
>>> laws.check(NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]])), nash)

The strategies need hypothesis (``pip install 'coopet[testing]'``), the laws and oracles do not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solver.testing import (
        coalition_laws,
        coalition_oracles,
        laws,
        oracles,
        textbook,
        tree_laws,
        tree_oracles,
    )
    from solver.testing.coalition_strategies import coalition_games
    from solver.testing.strategies import bimatrix_games, normal_forms
    from solver.testing.tree_games import extensive_forms

#: The module that each strategy is in; the other names are modules.
_STRATEGIES = {
    "bimatrix_games": "strategies",
    "coalition_games": "coalition_strategies",
    "extensive_forms": "tree_games",
    "normal_forms": "strategies",
}

__all__ = [
    "bimatrix_games", "coalition_games", "coalition_laws", "coalition_oracles", "extensive_forms",
    "laws", "normal_forms", "oracles", "textbook", "tree_laws", "tree_oracles",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is asked for: the hook of hypothesis lives here too, and must stay light."""
    if name in _STRATEGIES:
        return getattr(import_module(f"solver.testing.{_STRATEGIES[name]}"), name)
    if name in __all__:
        return import_module(f"solver.testing.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
