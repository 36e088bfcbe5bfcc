"""What payoffs of a frontier are measured by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.kernels.scaling import EPS

Floats = NDArray[np.float64]


def sizes(largest: Floats) -> Floats:
    """The largest payoff at stake (G, N); that of others for whom nothing is, or one if for none.

    A one of its own would be much or nothing beside the payoffs of the others.
    """
    others = largest.max(axis=1, keepdims=True, initial=0.0)
    found: Floats = np.where(largest > 0.0, largest, np.where(others > 0.0, others, 1.0))
    return found


def over_base(points: Floats, base: Floats) -> Floats:
    """What payoffs are above base payoffs; none where rounding of the two alone would make it.

    Such a difference could be all that is at stake for a player.
    """
    with np.errstate(invalid="ignore"):
        more = points - base
        tie = 2.0 * EPS * np.maximum(np.abs(points), np.abs(base))
        found: Floats = np.where(np.abs(more) <= tie, 0.0, more)
    return found
