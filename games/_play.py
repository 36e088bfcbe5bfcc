"""Reading the first equilibrium of each game of a batch, a column at a time.

The dense arrays of strategies hold every information set of every slot. A sweep of a million trees
needs a few columns of them, so games ask for those by name.
"""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria

Floats = NDArray[np.float64]


@final
class Play:
    """What the first equilibrium of each game says; NaN where there is none."""

    def __init__(self, equilibria: Equilibria) -> None:
        self._equilibria = equilibria
        count = equilibria.count.ravel()
        self._some = count > 0
        self._rows = (np.cumsum(count) - count)[self._some]

    def odds(self, player: int, action: str) -> Floats:
        """(*B): how likely a player takes an action, ``information set: action``, once there."""
        actions = self._equilibria.form.actions
        before = sum(map(len, actions[:player]))
        return self._over(self._equilibria.profiles, before + actions[player].index(action))

    def payoff(self, player: int) -> Floats:
        """(*B): what a player expects."""
        return self._over(self._equilibria.row_values[0], player)

    def _over(self, rows: Floats, column: int) -> Floats:
        if len(rows) == len(self._rows) == len(self._some):  # one equilibrium each: nothing to pick
            found = rows[:, column].copy()
        else:
            found = np.full(self._some.shape, np.nan)
            found[self._some] = rows[self._rows, column]
        return found.reshape(self._equilibria.count.shape)


def codes(*cases: tuple[NDArray[np.bool_], int]) -> NDArray[np.intp]:
    """(*B): the number of the first case that holds, -1 where none does."""
    found: NDArray[np.intp] = np.select([m for m, _ in cases], [k for _, k in cases], default=-1)
    return found
