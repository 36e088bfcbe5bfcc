"""Named parameters with units, and their binding to scalars or arrays.

A sweep is nothing but broadcasting: binding arrays of shape ``B_i`` gives a game of batch shape
``broadcast(B_1, B_2, ...)``, and a parameter that does not vary stays a scalar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ParameterError, unknown


@final
@dataclass(frozen=True)
class Calibration:
    """What is known about a parameter of the world: a range, its source and how good that is."""

    low: float
    base: float
    high: float
    source: str
    date: str
    grade: str
    note: str = ""


@final
@dataclass(frozen=True)
class Parameter:
    """A named number that a game depends on.

    Parameters
    ----------
    name : str
        A Python identifier; the keyword under which `Game.build` receives the value.
    default : float
        Used when the caller gives none.
    low, high : float
        The values the game is defined for, both ends included.
    unit : str
        For people: ``"$M"``, ``"kAE"``, ``"1"`` for a pure number.
    doc : str
        One sentence.
    source : str
        Where the default comes from, or ``"assumption"``.
    calibration : Calibration, optional
        The plausible range, narrower than what the game is defined for.
    """

    name: str
    default: float
    low: float = -np.inf
    high: float = np.inf
    unit: str = "1"
    doc: str = ""
    source: str = "assumption"
    calibration: Calibration | None = None

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or iskeyword(self.name):
            raise ParameterError(f"parameter name {self.name!r} is not a Python identifier")
        if not (self.low <= self.default <= self.high and np.isfinite(self.default)):
            raise ParameterError(
                f"parameter {self.name}: default {self.default:g} lies outside {self.allowed}"
            )

    @property
    def allowed(self) -> str:
        """The interval of allowed values with its unit, for people."""
        left = "(" if np.isinf(self.low) else "["
        right = ")" if np.isinf(self.high) else "]"
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{left}{self.low:g}, {self.high:g}{right}{unit}"

    def allows(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Mask of the values that are finite and inside the allowed interval."""
        return np.isfinite(values) & (values >= self.low) & (values <= self.high)

    def require(self, values: NDArray[np.float64]) -> None:
        """Raise ParameterError naming the first value that is not allowed, if there is one."""
        bad = ~self.allows(values)
        if bad.any():
            first = values[bad].flat[0] if values.ndim else values
            raise ParameterError(
                f"{self.name} = {first:g} lies outside {self.allowed}"
                if np.isfinite(first)
                else f"{self.name} = {first} is not a finite number in {self.allowed}"
            )


@final
@dataclass(frozen=True, eq=False)
class Bound:
    """Parameter values made compatible: what `Game.build` is called with.

    ``values`` maps every parameter to a scalar or array; all broadcast to ``batch_shape``.
    ``invalid`` marks, over the batch, the elements whose values no game can have (or is None
    when there are none): they become a status there and stop nobody else.
    """

    values: dict[str, NDArray[np.float64]]
    batch_shape: tuple[int, ...]
    invalid: NDArray[np.bool_] | None


def bind(parameters: tuple[Parameter, ...], given: Mapping[str, Any], subject: str) -> Bound:
    """Check and broadcast `given` against `parameters`, filling in defaults.

    Parameters
    ----------
    parameters : tuple of Parameter
    given : mapping of str to float or array-like
    subject : str
        Who is asking, for the message: ``"game phase"``.

    Raises
    ------
    ParameterError
        For an unknown name, a value that is not a number, shapes that do not broadcast, and a
        *scalar* outside its interval. Inside an array such a value is marked in
        ``Bound.invalid`` instead: one bad cell does not stop a sweep.
    """
    names = [parameter.name for parameter in parameters]
    for name in given:
        if name not in names:
            raise ParameterError(unknown(f"parameter of {subject}", name, names))
    values: dict[str, NDArray[np.float64]] = {}
    masks: list[NDArray[np.bool_]] = []
    for parameter in parameters:
        array = as_floats(parameter.name, given.get(parameter.name, parameter.default))
        if array.ndim == 0:
            parameter.require(array)
        else:
            allowed = parameter.allows(array)
            if not allowed.all():
                masks.append(~allowed)
                array = np.where(allowed, array, np.nan)
        values[parameter.name] = array
    shape = _batch_shape(values, subject)
    if not masks:
        return Bound(values, shape, None)
    invalid = np.zeros(shape, np.bool_)
    for mask in masks:
        invalid |= mask
    return Bound(values, shape, invalid)


def as_floats(name: str, value: object) -> NDArray[np.float64]:
    """Read `value` as a float64 array, or raise ParameterError naming `name`."""
    try:
        array = np.asarray(value)
        if array.dtype.kind != "c":
            return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        pass
    raise ParameterError(f"{name} = {value!r} is not a number or an array of numbers")


def _batch_shape(values: Mapping[str, NDArray[np.float64]], subject: str) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*(array.shape for array in values.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {a.shape}" for name, a in values.items() if a.ndim)
        raise ParameterError(f"{subject}: parameter shapes do not broadcast: {shapes}") from None
