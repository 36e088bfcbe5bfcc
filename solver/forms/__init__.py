"""What is played: every form says who plays, over which batch, and nothing about solving."""

from __future__ import annotations

from typing import ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray


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
