"""What payoffs of a frontier are measured by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sizes(largest: Floats) -> Floats:
    """The largest payoff at stake (G, N); that of others for whom nothing is, or one if for none.

    A one of its own would be much or nothing beside the payoffs of the others.
    """
    others = largest.max(axis=1, keepdims=True, initial=0.0)
    found: Floats = np.where(largest > 0.0, largest, np.where(others > 0.0, others, 1.0))
    return found
