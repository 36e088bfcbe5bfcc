"""Reading the answer of a leader-follower game: the leader's action and what the follower does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria

Floats = NDArray[np.float64]


def action(equilibria: Equilibria) -> Floats:
    """(*B): what the leader chooses; NaN where there is no equilibrium."""
    assert equilibria.leader_action is not None
    return equilibria.first(equilibria.leader_action)


def answer(equilibria: Equilibria) -> NDArray[np.intp]:
    """(*B): number of the follower's answer; -1 where there is no equilibrium."""
    played = equilibria.first(equilibria.strategies[1])
    found: NDArray[np.intp] = np.where(np.isnan(played[..., 0]), -1, np.argmax(played, axis=-1))
    return found


def payoff(equilibria: Equilibria, player: int) -> Floats:
    """(*B): what a player gets."""
    return equilibria.first(equilibria.payoffs)[..., player]
