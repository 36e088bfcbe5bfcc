"""Games made from a coalition game."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.coalitions.contributions import sums
from solver.forms.coalition import CoalitionGame


def zero_normalised(game: CoalitionGame) -> CoalitionGame:
    """The game of synergies: worths less what the members are worth alone.

    Values and core of the game are those of this one plus the stand-alone worths.

    Examples
    --------
    >>> zero_normalised(CoalitionGame("ab", [0.0, 1.0, 2.0, 9.0])).worths.tolist()
    [0.0, 0.0, 0.0, 6.0]
    """
    singles = game.worths[..., [1 << i for i in range(len(game.players))]]
    return CoalitionGame(game.players, game.worths - sums(singles))


def dual(game: CoalitionGame) -> CoalitionGame:
    """The game in which a coalition earns what the others cannot keep from it: v(N) - v(N - S).

    Examples
    --------
    >>> dual(CoalitionGame("ab", [0.0, 1.0, 2.0, 9.0])).worths.tolist()
    [0.0, 7.0, 8.0, 9.0]
    """
    table = game.worths[..., -1:] - game.worths[..., ::-1]
    table[..., 0] = np.where(np.isfinite(game.worths).all(axis=-1), 0.0, np.nan)
    return CoalitionGame(game.players, table)


def subgame(game: CoalitionGame, players: Sequence[str]) -> CoalitionGame:
    """The game among some of the players, in the order given.

    Examples
    --------
    >>> three = CoalitionGame("abc", [0.0, 0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 3.0])
    >>> subgame(three, ("c", "a")).worths.tolist()
    [0.0, 0.0, 0.0, 2.0]
    """
    bits = [game.coalition(name) for name in players]
    table = [sum(bit for k, bit in enumerate(bits) if s >> k & 1) for s in range(1 << len(bits))]
    return CoalitionGame(players, game.worths[..., table])
