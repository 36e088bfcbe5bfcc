"""Ownership across firms: what a stake makes its holder care about.

Owner k holds the share β_ki of firm i and controls it with the weight γ_ki. A firm that maximises
the income of its owners, each weighted by its control, maximises π_i + Σ_j w_ij π_j with

    w_ij = Σ_k γ_ki β_kj / Σ_k γ_ki β_ki   (O'Brien and Salop 2000).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.calibration import calibrated
from solver.parameters import Parameter

Floats = NDArray[np.float64]


def weights(control: ArrayLike, shares: ArrayLike) -> Floats:
    """Weight w (*B, N, N) of firm j's profit in what firm i maximises; 1 on the diagonal.

    Parameters
    ----------
    control, shares : array-like (*B, owners, N)
        Control weights γ and cash-flow shares β. Every firm needs an owner with both.
    """
    gamma, beta = np.asarray(control, np.float64), np.asarray(shares, np.float64)
    together = np.einsum("...ki,...kj->...ij", gamma, beta)
    own = np.einsum("...ii->...i", together)
    relative: Floats = together / own[..., None]
    return relative


def stake(row: str, doc: str, *, high: float = 1.0) -> Parameter:
    """The parameter `stake`, with default, range and source of the calibration's `row`."""
    known = calibrated(row)
    return Parameter(
        "stake",
        default=known.default,
        low=0.0,
        high=high,
        unit="1",
        doc=doc,
        source=known.source,
        calibration=known.calibration,
    )


def uses(value: Floats, volume: Floats, cost: Floats) -> Floats:
    """Units wanted, kAE, if one more costs the buyer `cost`: uses are worth 0 to `value`."""
    wanted: Floats = volume * np.clip(1.0 - cost / value, 0.0, 1.0)
    return wanted


def worth(value: Floats, volume: Floats, units: Floats) -> Floats:
    """What the `units` most valuable uses are worth together, $M."""
    return value * units * (1.0 - 0.5 * units / volume)
