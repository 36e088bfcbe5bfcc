"""Players divide a surplus, in money that passes freely between them.

Disagreement payoffs are what each gets *while* talks fail; outside options are what each gets by
*leaving*. They move the outcome differently and are different arguments everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats
from solver.forms._terms import TERMS, batch_of, column, entries_of, plausible, require_players

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False, kw_only=True)
class BargainingProblem:
    """A batch of bargaining problems with transferable utility, of two players or more.

    Parameters
    ----------
    players : tuple of str
        In the order in which they make offers, where that matters.
    surplus : array-like (*B)
        What all of them create together; nobody creates anything with only some of the others.
    disagreement, outside : N array-like (*B), optional
        Payoffs while talks fail or after they broke down, and payoffs from leaving. Default zero.
    weights : N array-like (*B), optional
        Bargaining power; only the ratios matter. Default equal.
    discounts : N array-like (*B), optional
        Discount factor per round of offers, in [0, 1). Default 0.9.
    breakdown : array-like (*B), optional
        Probability that talks break down for good after an offer is refused. Default zero; where
        it is positive, discount factors may be 1.

    Raises
    ------
    FormError
        For fewer than two players, another number of entries, or shapes that do not broadcast.
    """

    kind: ClassVar[str] = "bargaining"
    players: tuple[str, ...]
    surplus: ArrayLike
    disagreement: Sequence[ArrayLike] = ()
    outside: Sequence[ArrayLike] = ()
    weights: Sequence[ArrayLike] = ()
    discounts: Sequence[ArrayLike] = ()
    breakdown: ArrayLike = 0.0
    actions: tuple[tuple[str, ...], ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        require_players(self.players)
        object.__setattr__(self, "actions", ((),) * len(self.players))
        object.__setattr__(self, "surplus", floats("surplus", self.surplus))
        object.__setattr__(self, "breakdown", floats("breakdown", self.breakdown))
        for name in TERMS:
            object.__setattr__(self, name, entries_of(name, getattr(self, name), self.players))
        shape = batch_of(entry.shape for entry in self._all())
        object.__setattr__(self, "surplus", np.broadcast_to(self.total, shape))

    def _all(self) -> tuple[Floats, ...]:
        each = (entry for name in TERMS for entry in self.entries(name))
        return (self.total, *each, self.risk)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape over which all entries broadcast."""
        return np.shape(self.surplus)

    @property
    def total(self) -> Floats:
        """The surplus as an array (*B)."""
        return np.asarray(self.surplus, np.float64)

    @property
    def risk(self) -> Floats:
        """The probability of breakdown as an array that broadcasts to (*B)."""
        return np.asarray(self.breakdown, np.float64)

    @cached_property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (*B): finite entries, weights >= 0 and not all 0, (1 - breakdown) δ in [0, 1)."""
        others = (self.total, *self.entries("disagreement"), *self.entries("outside"))
        weights, discounts = self.entries("weights"), self.entries("discounts")
        return plausible(self.batch_shape, weights, discounts, self.risk, others)

    def entries(self, name: str) -> tuple[Floats, ...]:
        """Per player: ``disagreement``, ``outside``, ``weights`` or ``discounts``."""
        return tuple(np.asarray(entry, np.float64) for entry in getattr(self, name))

    def pair(self, name: str) -> tuple[Floats, Floats]:
        """The two entries of a problem of two players, or FormError."""
        if len(self.players) != 2:
            raise FormError(f"a pair of {name} needs two players, not {len(self.players)}")
        first, second = self.entries(name)
        return first, second

    def columns(self, name: str) -> tuple[Floats, ...]:
        """The entries over the flattened batch: (G,) each, or (1,) where one does not vary."""
        return tuple(column(entry, self.batch_shape) for entry in self.entries(name))

    @property
    def alike(self) -> BargainingProblem:
        """The first problem of the batch: valid if it is so in all that does not vary."""
        if 0 in self.batch_shape:
            return BargainingProblem(players=self.players, surplus=0.0)
        names = {name: [c[0] for c in self.columns(name)] for name in TERMS}
        first, risk = self.total.flat[0], np.broadcast_to(self.risk, self.batch_shape).flat[0]
        return BargainingProblem(players=self.players, surplus=first, breakdown=risk, **names)

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> BargainingProblem:
        """Broadcast to `batch_shape`, with a NaN surplus in the elements marked `invalid`."""
        surplus = np.broadcast_to(self.total, batch_shape)
        if invalid is not None:
            surplus = np.where(invalid, np.nan, surplus)
        return replace(self, surplus=surplus)
