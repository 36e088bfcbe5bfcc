"""What each player gets in the core, by name and with labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._core import core_intervals
from solver.forms.coalition import CoalitionGame

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Interval:
    """The least and the most that each player gets in the core.

    Attributes
    ----------
    low, high : (*B, N) float
        NaN where there is no core, a worth is not finite, or beyond four players a linear program
        was given up.
    empty : (*B) bool
        Whether there is no core.
    """

    low: Floats
    high: Floats
    empty: NDArray[np.bool_]

    def at(self, confidence: float | Floats) -> Floats:
        """The payoffs (*B, N) of players this confident: the most for 1, the least for 0.

        They need not sum to what there is: players may be too hopeful, or too modest.
        """
        return np.asarray(confidence * self.high + (1.0 - confidence) * self.low)


def core_interval(game: CoalitionGame) -> Interval:
    """The least and the most that each player gets in the core of every game.

    Parameters
    ----------
    game : CoalitionGame over (*B)

    Notes
    -----
    Closed forms up to four players, linear programs beyond. A coalition that lacks up to 1e-12 of
    the largest synergy is content.

    References
    ----------
    A. Brandenburger, H. Stuart (2007), Biform games, Management Science 53.

    Examples
    --------
    A supplier, and two firms that would earn 9 and 3 with its product:

    >>> def worth(members):
    ...     return max((w for f, w in (("x", 9), ("y", 3)) if {"s", f} <= set(members)), default=0)
    >>> found = core_interval(CoalitionGame.from_function(("s", "x", "y"), worth))
    >>> found.low.tolist(), found.high.tolist(), found.at(0.5).tolist()
    ([3.0, 0.0, 0.0], [9.0, 6.0, 0.0], [6.0, 3.0, 0.0])
    """
    found = core_intervals(game.worths, len(game.players))
    return Interval(found.low, found.high, found.empty)
