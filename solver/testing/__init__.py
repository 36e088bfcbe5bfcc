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
    from solver.testing import laws, oracles, textbook
    from solver.testing.strategies import bimatrix_games, normal_forms

__all__ = ["bimatrix_games", "laws", "normal_forms", "oracles", "textbook"]


def __getattr__(name: str) -> Any:
    """Import what is asked for: the hook of hypothesis lives here too, and must stay light."""
    if name in {"bimatrix_games", "normal_forms"}:
        return getattr(import_module("solver.testing.strategies"), name)
    if name in __all__:
        return import_module(f"solver.testing.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
