"""Divisions among three players as points of a triangle, and what coalitions cut off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Corners of the triangle: the first player's on top, then left and right.
CORNERS = np.array(((0.0, np.sqrt(0.75)), (-0.5, 0.0), (0.5, 0.0)))
#: Overlaps up to this share of the triangle are none.
NOTHING = 1e-9


@final
@dataclass(frozen=True, eq=False)
class Simplex:
    """The imputations of a game: nobody gets less than alone, all of the total is divided.

    Parameters
    ----------
    worths : (8,) float
        By coalition, bit 0 for the first player.
    """

    worths: Floats

    @property
    def alone(self) -> Floats:
        """What each player is worth alone (3,)."""
        return self.worths[[1, 2, 4]]

    @property
    def slack(self) -> float:
        """What all together are worth beyond that; only if it is positive there is a triangle."""
        return float(self.worths[7] - self.alone.sum())

    def at(self, payoffs: Floats) -> Floats:
        """Places (M, 2) of divisions (M, 3)."""
        placed: Floats = ((payoffs - self.alone) / self.slack) @ CORNERS
        return placed

    def pair(self, player: int) -> float:
        """What the two others are worth together."""
        return float(self.worths[7 - (1 << player)])

    def bound(self, player: int, excess: float = 0.0) -> float:
        """The largest share of the slack for a player with which the two others are content."""
        return float(self.worths[7] - self.pair(player) + excess - self.alone[player]) / self.slack

    def content(self, excess: float) -> Floats:
        """Corners (M, 3), in order, of the divisions at which no coalition lacks more than that.

        Empty where there are none; two corners for a line, one for a point.
        """
        least = -excess / self.slack
        # The triangle of shares that are at least `least` and sum to one, whatever its size.
        top = 1.0 - 2.0 * least
        if top < least - NOTHING:
            return np.empty((0, 3))
        shares = np.where(np.eye(3, dtype=np.bool_), top, least)
        for player in range(3):
            shares = _cut(shares, player, self.bound(player, excess))
        return self.alone + self.slack * _apart(shares)


def line(player: int, share: float) -> Floats | None:
    """Ends (2, 2) of the line in the triangle at which a player has this share, if there is one."""
    if not 0.0 <= share <= 1.0:
        return None
    others = [k for k in range(3) if k != player]
    ends = np.zeros((2, 3))
    ends[:, player] = share
    ends[[0, 1], others] = 1.0 - share
    placed: Floats = ends @ CORNERS
    return placed


def ordered(points: Floats) -> Floats:
    """Corners of a convex shape (M, 2) in order around it."""
    if len(points) < 3:
        return points
    arms = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(arms[:, 1], arms[:, 0]))]


def _cut(shares: Floats, player: int, most: float) -> Floats:
    """The part of a convex shape (M, 3) in which a player has at most this share."""
    kept: list[Floats] = []
    over = shares[:, player] - most
    for k in range(len(shares)):
        here, there = shares[k - 1], shares[k]
        a, b = over[k - 1], over[k]
        if (a > NOTHING) != (b > NOTHING):
            kept.append(here + (there - here) * np.clip(a / (a - b), 0.0, 1.0))
        if b <= NOTHING:
            kept.append(there)
    return np.array(kept).reshape(-1, 3)


def _apart(shares: Floats) -> Floats:
    """Corners that differ from the ones before."""
    kept: list[Floats] = []
    for row in shares:
        if all(np.abs(row - other).max() > 10 * NOTHING for other in kept):
            kept.append(row)
    return np.array(kept).reshape(-1, 3)
