"""What players add to coalitions, and what coalitions lack at an allocation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats
from solver.forms.coalition import CoalitionGame

Floats = NDArray[np.float64]


def sums(payoffs: Floats) -> Floats:
    """What every coalition gets in all: payoffs (*B, N) to a table (*B, 2**N).

    Examples
    --------
    >>> sums(np.array([1.0, 2.0, 4.0])).tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    players = payoffs.shape[-1]
    table = np.zeros((*payoffs.shape[:-1], 1 << players))
    for i in range(players):
        half = 1 << i
        table[..., half : 2 * half] = table[..., :half] + payoffs[..., i : i + 1]
    return table


def excesses(game: CoalitionGame, payoffs: ArrayLike) -> Floats:
    """What each coalition could earn alone less what its members get, (*B, 2**N).

    Parameters
    ----------
    game : CoalitionGame over (*B)
    payoffs : array-like (*B, N)
        Batch axes broadcast against those of the game.

    Raises
    ------
    FormError
        When there is not one payoff per player.

    Examples
    --------
    >>> game = CoalitionGame("ab", [0.0, 1.0, 2.0, 9.0])
    >>> excesses(game, [4.0, 5.0]).tolist()
    [0.0, -3.0, -3.0, 0.0]
    """
    given = floats("payoffs", payoffs)
    if given.ndim == 0 or given.shape[-1] != len(game.players):
        raise FormError(
            f"payoffs have shape {given.shape}: {len(game.players)} players need"
            f" {len(game.players)} along the last axis"
        )
    return np.asarray(game.worths - sums(given))


def marginal_contributions(game: CoalitionGame) -> Floats:
    """What each player adds to each coalition that it is in, (*B, N, 2**N).

    Entry [..., i, S] is v(S) - v(S without i) for coalitions S with player i, and 0 for others.
    """
    table = np.zeros((*game.batch_shape, len(game.players), game.worths.shape[-1]))
    every = np.arange(game.worths.shape[-1])
    for i in range(len(game.players)):
        inside = every[every >> i & 1 == 1]
        table[..., i, inside] = game.worths[..., inside] - game.worths[..., inside ^ 1 << i]
    return table


def added_values(game: CoalitionGame) -> Floats:
    """What each player adds to all the others together, (*B, N).

    No player can get more in the core: the others would be better off without it.

    References
    ----------
    A. Brandenburger, H. W. Stuart (1996), Value-based business strategy, J. Econ. Manag. Strategy
    5.

    Examples
    --------
    >>> added_values(CoalitionGame("ab", [0.0, 1.0, 2.0, 9.0])).tolist()
    [7.0, 8.0]
    """
    everybody = game.worths.shape[-1] - 1
    others = [everybody ^ 1 << i for i in range(len(game.players))]
    return np.asarray(game.worths[..., [everybody]] - game.worths[..., others])
