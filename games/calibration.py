"""Parameters with their plausible range and source, read from calibration.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from solver.parameters import Calibration, Parameter


@cache
def table() -> dict[str, Any]:
    """Everything calibration.toml holds."""
    return tomllib.loads((files(__package__) / "calibration.toml").read_text("utf-8"))


def calibrated(name: str, low: float = 0.0, high: float = np.inf, doc: str = "") -> Parameter:
    """The parameter `name` with default, unit, range and source from the calibration.

    `low` and `high` are the values for which a game is defined, which is wider than the plausible
    range.
    """
    row = table()["parameter"][name]
    return Parameter(
        name,
        default=float(row.get("default", row["base"])),
        low=low,
        high=high,
        unit=row["unit"],
        doc=doc or row["doc"],
        source=row["source"],
        calibration=Calibration(
            low=float(row["low"]),
            base=float(row["base"]),
            high=float(row["high"]),
            source=row["source"],
            date=row["date"],
            grade=row["grade"],
            note=row.get("note", ""),
        ),
    )


def posted_prices() -> tuple[Parameter, Parameter]:
    """The highest and the lowest price that a supplier considers."""
    return (
        Parameter(
            "price_high",
            default=40.0,
            low=0.0,
            unit="$k/AE",
            doc="The highest price the supplier considers.",
            source="calibration of price, high",
            calibration=calibrated("price").calibration,
        ),
        Parameter(
            "price_low",
            default=25.0,
            low=0.0,
            unit="$k/AE",
            doc="The lowest price the supplier considers.",
        ),
    )
