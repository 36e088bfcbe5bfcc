"""For the tests of your own games: hypothesis strategies, exact oracles, and laws that must hold.

>>> from solver import NormalForm, nash
>>> from solver.testing import laws
>>> laws.check(NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]])), nash)

The strategies need hypothesis (``pip install 'coopet[testing]'``), the laws and oracles do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solver.testing import laws as laws
    from solver.testing import oracles as oracles
    from solver.testing.strategies import bimatrix_games as bimatrix_games
    from solver.testing.strategies import normal_forms as normal_forms

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["laws", "oracles"],
    submod_attrs={"strategies": ["bimatrix_games", "normal_forms"]},
)
