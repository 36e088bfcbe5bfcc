"""Axes of a sweep: a parameter name and the values it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import AxisError
from solver.parameters import as_floats

FORMS = "NAME=LOW:HIGH:COUNT, NAME=LOW:HIGH:COUNT:log or NAME=a,b,c"
RANGE = "NAME=LOW:HIGH or NAME=LOW:HIGH:log"

#: Values along one axis: it is held in memory.
MOST_VALUES = 10_000_000


@final
@dataclass(frozen=True, eq=False)
class Axis:
    """One swept parameter. ``scale`` is "log" or "linear", for pictures.

    ``span`` holds the ends of an axis that was given by them, so that it can be written down in
    a line however long it is.
    """

    name: str
    values: NDArray[np.float64]
    scale: str = "linear"
    span: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 1:
            raise AxisError(f"axis {self.name} has shape {self.values.shape}: one dimension needed")
        if self.values.size == 0:
            raise AxisError(f"axis {self.name} has no values: at least one is needed")
        if len(np.unique(self.values)) < self.values.size:
            raise AxisError(f"axis {self.name} repeats a value")

    def describe(self) -> dict[str, Any]:
        """The axis as plain data, which `restore` reads."""
        plain: dict[str, Any] = {"name": self.name, "scale": self.scale}
        if self.span is None:
            return {**plain, "values": self.values.tolist()}
        return {**plain, "low": self.span[0], "high": self.span[1], "count": self.values.size}


def spaced(name: str, low: float, high: float, count: int, scale: str) -> Axis:
    """An axis of `count` points from `low` to `high`, in equal steps or by equal factors."""
    space = np.geomspace if scale == "log" else np.linspace
    return Axis(name, space(low, high, count), scale, (low, high))


def restore(plain: Mapping[str, Any]) -> Axis:
    """The axis that `Axis.describe` wrote down."""
    if "values" in plain:
        return Axis(plain["name"], np.array(plain["values"], np.float64), plain["scale"])
    return spaced(*(plain[key] for key in ("name", "low", "high", "count", "scale")))


def given(name: str, values: object) -> Axis:
    """An axis from values given in Python, with a log scale if they are spaced so."""
    array = as_floats(name, values)
    return Axis(name, array, "log" if _geometric(array) else "linear")


def parse(text: str) -> Axis:
    """Read ``NAME=LOW:HIGH:COUNT[:log]`` or ``NAME=a,b,c``.

    Raises
    ------
    AxisError
        With the text that was given and the forms that are allowed.
    """
    name, equals, spec = text.partition("=")
    if not equals or not name.strip() or not spec.strip():
        raise AxisError(f"axis {text!r} is not of the form {FORMS}")
    name = name.strip()
    if ":" not in spec:
        return Axis(name, np.array([number(part, text) for part in spec.split(",")]))
    parts = spec.split(":")
    if len(parts) not in (3, 4) or (len(parts) == 4 and parts[3] not in ("log", "lin", "linear")):
        raise AxisError(f"axis {text!r} is not of the form {FORMS}")
    low, high, count = number(parts[0], text), number(parts[1], text), _count(parts[2], text)
    if low > high or (count > 1 and low == high):
        raise AxisError(f"axis {text!r}: the low end {low:g} is not below the high end {high:g}")
    scale = "log" if parts[3:] == ["log"] else "linear"
    if scale == "log" and low <= 0.0:
        raise AxisError(f"axis {text!r}: a log axis needs a low end above 0, not {low:g}")
    return spaced(name, low, high, count, scale)


def parse_range(text: str) -> tuple[str, float, float, str | None]:
    """Read ``NAME=LOW:HIGH[:log|:linear]``: a name, two ends and how to space points, if said.

    Raises
    ------
    AxisError
        With the text that was given and the form that is allowed.
    """
    name, _, spec = text.partition("=")
    ends = spec.split(":")
    scale = {"log": "log", "lin": "linear", "linear": "linear"}.get(ends[2] if ends[2:] else "")
    if not name.strip() or len(ends) not in (2, 3) or (len(ends) == 3 and scale is None):
        raise AxisError(f"axis {text!r} is not of the form {RANGE}")
    return name.strip(), number(ends[0], text), number(ends[1], text), scale


def number(part: str, subject: str) -> float:
    """Read a finite number or raise AxisError naming the text it stands in."""
    try:
        value = float(part)
    except ValueError:
        raise AxisError(f"{subject!r}: {part.strip()!r} is not a number") from None
    if not np.isfinite(value):
        raise AxisError(f"{subject!r}: {part.strip()} is not a finite number")
    return value


def _count(part: str, text: str) -> int:
    if not part.strip().isdecimal():
        raise AxisError(f"axis {text!r}: {part.strip()!r} is not a whole number of points")
    count = int(part) if len(part) < 20 else MOST_VALUES + 1
    if not 1 <= count <= MOST_VALUES:
        raise AxisError(
            f"axis {text!r}: {part.strip()} points, but 1 to {MOST_VALUES:,} are allowed"
        )
    return count


def _geometric(values: NDArray[np.float64]) -> bool:
    """Whether three or more positive values grow by one factor rather than by one step."""
    if values.ndim != 1 or values.size < 3 or not (values > 0.0).all():
        return False
    ratios = np.diff(np.log(values))
    steps = np.diff(values)
    return bool(np.allclose(ratios, ratios[0], rtol=1e-6) and not np.allclose(steps, steps[0]))
