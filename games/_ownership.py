"""What games about stakes share: the parameter, and the buyer whose uses differ in worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.calibration import calibrated
from solver.parameters import Parameter

Floats = NDArray[np.float64]


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
