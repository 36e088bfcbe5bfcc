"""Properties of coalition games, each a mask over the batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.coalitions.contributions import added_values, sums
from solver.concepts._core import core_intervals
from solver.forms.coalition import CoalitionGame
from solver.kernels.scaling import EPS, TIE

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Properties:
    """Masks (*B); False where a worth is not finite.

    Attributes
    ----------
    monotone
        No player takes from a coalition: v(S) <= v(S with i).
    zero_normalised
        Every player is worth 0 alone.
    superadditive
        Coalitions with no member in common lose nothing by joining.
    convex
        A player adds the more, the larger the coalition it joins. Then the core is not empty and
        holds the Shapley value (Shapley 1971).
    essential
        All players together are worth more than one by one.
    balanced
        The core is not empty (Bondareva 1963, Shapley 1967). Beyond four players also False where
        a linear program was given up.
    """

    monotone: Mask
    zero_normalised: Mask
    superadditive: Mask
    convex: Mask
    essential: Mask
    balanced: Mask


def properties(game: CoalitionGame) -> Properties:
    """Test every game of a batch for the usual properties.

    Parameters
    ----------
    game : CoalitionGame over (*B)

    Notes
    -----
    Inequalities hold up to ties of 1e-12 of the largest synergy, and rounding; `essential` needs
    more than a tie, and `monotone` and `zero_normalised` measure ties by the largest worth.
    Superadditivity compares 3**N pairs of coalitions, convexity N (N - 1) 2**(N - 3) increments.

    References
    ----------
    L. S. Shapley (1971), Cores of convex games, Int. J. Game Theory 1.

    Examples
    --------
    >>> found = properties(CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 1, 1]))
    >>> bool(found.superadditive), bool(found.convex), bool(found.balanced)
    (True, False, False)
    """
    n, v, valid = len(game.players), game.worths, game.valid
    core = core_intervals(v, n)
    singles = v[..., [1 << i for i in range(n)]]
    synergies = v - sums(singles)
    close = TIE * abs(v).max(axis=-1)
    near = TIE * abs(synergies).max(axis=-1) + 4.0 * n * EPS * abs(v).max(axis=-1)
    return Properties(
        monotone=valid & _monotone(v, n, close),
        zero_normalised=valid & (abs(singles).max(axis=-1) <= close),
        superadditive=valid & _superadditive(synergies, n, near),
        convex=valid & _convex(synergies, n, near),
        essential=valid & (synergies[..., -1] > near),
        balanced=valid & core.settled & ~core.empty,
    )


def is_big_boss(game: CoalitionGame, boss: str) -> Mask:
    """Whether nobody earns without this player, and it gains from every union of the others.

    Parameters
    ----------
    game : CoalitionGame over (*B)
    boss : str
        Name of the player.

    Returns
    -------
    (*B) bool
        Monotone, v(S) = 0 for every coalition S without the boss, and with the boss
        v(N) - v(S) is at least the sum of the added values of the players outside S. Then the core
        is the box in which each other player gets between nothing and its added value, and both
        nucleolus and τ give it half of that.

    References
    ----------
    S. Muto, M. Nakayama, J. Potters, S. Tijs (1988), On big boss games, Economic Studies Quarterly
    39.

    Examples
    --------
    >>> glove = CoalitionGame(("left", "right", "also right"), [0, 0, 0, 1, 0, 1, 0, 1])
    >>> bool(is_big_boss(glove, "left")), bool(is_big_boss(glove, "right"))
    (True, False)
    """
    bit, n, v = game.coalition(boss), len(game.players), game.worths
    close = TIE * abs(v).max(axis=-1)
    every = np.arange(1 << n)
    without = abs(v[..., every & bit == 0]).max(axis=-1) <= close
    inside = every[every & bit > 0]
    outside = sums(added_values(game))[..., (1 << n) - 1 - inside]
    union = (v[..., -1:] - v[..., inside] - outside).min(axis=-1) >= -n * close
    return np.asarray(game.valid & _monotone(v, n, close) & without & union)


def _monotone(v: Floats, n: int, near: Floats) -> Mask:
    holds = np.ones(v.shape[:-1], np.bool_)
    every = np.arange(1 << n)
    for i in range(n):
        others = every[every >> i & 1 == 0]
        holds &= (v[..., others | 1 << i] - v[..., others]).min(axis=-1) >= -near
    return holds


def _superadditive(z: Floats, n: int, near: Floats) -> Mask:
    holds = np.ones(z.shape[:-1], np.bool_)
    every = np.arange(1 << n)
    for s in range(1, 1 << n):
        apart = every[(every & s == 0) & (every > s)]
        if apart.size:
            gain = z[..., apart | s] - z[..., apart] - z[..., s : s + 1]
            holds &= gain.min(axis=-1) >= -near
    return holds


def _convex(z: Floats, n: int, near: Floats) -> Mask:
    holds = np.ones(z.shape[:-1], np.bool_)
    every = np.arange(1 << n)
    for i in range(n):
        for j in range(i):
            both = 1 << i | 1 << j
            rest = every[every & both == 0]
            more = z[..., rest | both] - z[..., rest | 1 << i]
            less = z[..., rest | 1 << j] - z[..., rest]
            holds &= (more - less).min(axis=-1) >= -near
    return holds
