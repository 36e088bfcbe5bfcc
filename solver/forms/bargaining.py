"""Two players divide a surplus, in money that passes freely between them.

Disagreement payoffs are what each gets *while* talks fail; outside options are what each gets by
*leaving*. They move the outcome differently and are different arguments everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats, require_distinct

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False, kw_only=True)
class BargainingProblem:
    """A batch of two-player bargaining problems with transferable utility.

    Parameters
    ----------
    players : (str, str)
        The first one makes the first offer where that matters.
    surplus : array-like (*B)
        What the two create together.
    disagreement, outside : pair of array-like (*B), optional
        Payoffs while talks fail, and payoffs from leaving. Default zero.
    weights : pair of array-like (*B), optional
        Bargaining power; only their ratio matters. Default equal.
    discounts : pair of array-like (*B), optional
        Discount factor per round of offers, in [0, 1). Default 0.9.
    """

    kind: ClassVar[str] = "bargaining"
    players: tuple[str, str]
    surplus: ArrayLike
    disagreement: Sequence[ArrayLike] = (0.0, 0.0)
    outside: Sequence[ArrayLike] = (0.0, 0.0)
    weights: Sequence[ArrayLike] = (1.0, 1.0)
    discounts: Sequence[ArrayLike] = (0.9, 0.9)
    actions: tuple[tuple[str, ...], ...] = field(default=((), ()), init=False)

    def __post_init__(self) -> None:
        for name in ("players", "disagreement", "outside", "weights", "discounts"):
            pair = getattr(self, name)
            if not hasattr(pair, "__len__") or len(pair) != 2:
                raise FormError(f"{name} needs two entries, not {pair!r}")
        require_distinct(self.players)
        object.__setattr__(self, "surplus", floats("surplus", self.surplus))
        for name in ("disagreement", "outside", "weights", "discounts"):
            pair = tuple(floats(name, entry) for entry in getattr(self, name))
            object.__setattr__(self, name, pair)
        try:
            shape = np.broadcast_shapes(*(np.shape(a) for a in self._entries()))
        except ValueError:
            shapes = ", ".join(str(np.shape(a)) for a in self._entries())
            raise FormError(f"the entries do not broadcast: {shapes}") from None
        object.__setattr__(self, "surplus", np.broadcast_to(self.total, shape))

    def _entries(self) -> tuple[ArrayLike, ...]:
        pairs = (self.disagreement, self.outside, self.weights, self.discounts)
        return (self.surplus, *(entry for pair in pairs for entry in pair))

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape over which all entries broadcast."""
        return np.shape(self.surplus)

    @property
    def total(self) -> Floats:
        """The surplus as an array (*B)."""
        return np.asarray(self.surplus, np.float64)

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (*B): finite entries, weights >= 0 and not both 0, discounts in [0, 1)."""
        good = np.ones(self.batch_shape, np.bool_)
        for entry in self._entries():
            good &= np.isfinite(entry)
        (w1, w2), (delta1, delta2) = self.pair("weights"), self.pair("discounts")
        good &= (w1 >= 0.0) & (w2 >= 0.0) & (w1 + w2 > 0.0)
        return good & (delta1 >= 0.0) & (delta1 < 1.0) & (delta2 >= 0.0) & (delta2 < 1.0)

    def pair(self, name: str) -> tuple[Floats, Floats]:
        """The two entries of ``disagreement``, ``outside``, ``weights`` or ``discounts``."""
        first, second = getattr(self, name)
        return _floats(first), _floats(second)

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> BargainingProblem:
        """Broadcast to `batch_shape`, with a NaN surplus in the elements marked `invalid`."""
        surplus = np.broadcast_to(self.total, batch_shape)
        if invalid is not None:
            surplus = np.where(invalid, np.nan, surplus)
        return BargainingProblem(
            players=self.players,
            surplus=surplus,
            disagreement=self.disagreement,
            outside=self.outside,
            weights=self.weights,
            discounts=self.discounts,
        )


def _floats(value: ArrayLike) -> Floats:
    return np.asarray(value, np.float64)
