"""Distributions of a sampled parameter, by their quantiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import AxisError, unknown
from solver.sweep.axes import number

Floats = NDArray[np.float64]

KINDS = ("uniform", "log-uniform", "triangular")
WAYS = "NAME, NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=LOW:MODE:HIGH:triangular"


@final
@dataclass(frozen=True)
class Distribution:
    """How one parameter is spread between `low` and `high`; `mode` is of the triangular one."""

    name: str
    kind: str
    low: float
    high: float
    mode: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise AxisError(unknown("distribution", self.kind, KINDS))
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low <= self.high):
            raise AxisError(
                f"axis {self.name}: the low end {self.low:g} is above the high end {self.high:g}"
            )
        if self.kind == "log-uniform" and self.low <= 0.0:
            raise AxisError(
                f"axis {self.name}: a log axis needs a low end above 0, not {self.low:g}"
            )
        if self.kind == "triangular" and not (
            self.mode is not None and self.low <= self.mode <= self.high
        ):
            raise AxisError(
                f"axis {self.name}: the mode {self.mode} lies outside [{self.low:g}, {self.high:g}]"
            )

    @property
    def scale(self) -> str:
        """Of its axis in a picture."""
        return "log" if self.kind == "log-uniform" else "linear"

    def quantile(self, share: Floats) -> Floats:
        """Values below which these shares of the distribution lie."""
        low, high = self.low, self.high
        if self.kind == "log-uniform":
            return np.clip(low * (high / low) ** share, low, high)
        if self.kind == "uniform" or low == high:
            return np.clip(low + (high - low) * share, low, high)
        assert self.mode is not None  # noqa: S101  checked when made
        width, left = high - low, self.mode - low
        rising = low + np.sqrt(np.maximum(share * width * left, 0.0))
        falling = high - np.sqrt(np.maximum((1.0 - share) * width * (high - self.mode), 0.0))
        return np.clip(np.where(share * width <= left, rising, falling), low, high)


def describe(distribution: Distribution) -> dict[str, Any]:
    """The distribution as plain data, which `restored` reads."""
    d = distribution
    plain = {"name": d.name, "distribution": d.kind, "low": d.low, "high": d.high}
    return plain if d.mode is None else {**plain, "mode": d.mode}


def restored(plain: Mapping[str, Any]) -> Distribution:
    """The distribution that `describe` wrote down."""
    return Distribution(
        plain["name"], plain["distribution"], plain["low"], plain["high"], plain.get("mode")
    )


def parse(text: str) -> Distribution:
    """Read ``NAME=LOW:HIGH``, ``NAME=LOW:HIGH:log`` or ``NAME=LOW:MODE:HIGH:triangular``.

    Raises
    ------
    AxisError
        With the text that was given and the forms that are allowed.
    """
    name, equals, spec = (part.strip() for part in text.partition("="))
    parts = spec.split(":")
    words = {"log": "log-uniform", "lin": "uniform", "linear": "uniform"}
    kind = words.get(parts[-1], parts[-1]) if len(parts) > 2 else "uniform"
    numbers = parts[:-1] if len(parts) > 2 else parts
    if not (name and equals) or kind not in KINDS or len(numbers) != 2 + (kind == "triangular"):
        raise AxisError(f"sampled axis {text!r} is not of the form {WAYS}")
    low, *mode, high = (number(part, text) for part in numbers)
    return Distribution(name, kind, low, high, *mode)
