"""What is played: every form says who plays, over which batch, and nothing about solving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError, ParameterError
from solver.parameters import as_floats


def floats(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Read `value` as a float64 array, or raise FormError naming it."""
    try:
        return as_floats(name, value)
    except ParameterError as error:
        raise FormError(str(error)) from None


def require_distinct(*groups: Sequence[str]) -> None:
    """Raise FormError if a name occurs twice in a group."""
    for names in groups:
        if len(set(names)) < len(names):
            raise FormError(f"names must differ: {', '.join(names)}")


@runtime_checkable
class Form(Protocol):
    """What every form has.

    ``kind`` is its name in results; ``actions`` lists the finite actions of each player (the one
    entry of a player with a continuous choice names that choice).
    """

    kind: ClassVar[str]

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Names of each player's actions."""

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the leading axes."""

    def over(self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None) -> Self:
        """Broadcast to `batch_shape`, with NaN in the elements marked `invalid`."""
