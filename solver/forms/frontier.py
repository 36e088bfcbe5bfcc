"""Players choose among feasible payoffs that cannot be passed from one to another.

What is feasible is told by its frontier: a polytope, a sampled curve or a concave function. Less
than a feasible payoff is always feasible too (payoffs can be thrown away), and so are lotteries:
the set is convex and comprehensive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError, attempt
from solver.forms import floats
from solver.forms._terms import TERMS, batch_of, column, entries_of, plausible, require_players

Floats = NDArray[np.float64]
#: ``function(u1, **parameters)``: the most that the second player can get.
Frontier = Callable[..., ArrayLike]


@final
@dataclass(frozen=True, eq=False, kw_only=True)
class FrontierProblem:
    """A batch of bargaining problems whose payoffs are not transferable.

    Exactly one of `vertices`, `curve` and `function` says what is feasible.

    Parameters
    ----------
    players : tuple of str
        In the order in which they make offers, where that matters.
    vertices : array-like (*B, M, N), optional
        Feasible are the lotteries over these M payoffs, and whatever is less for everybody. Points
        that are no vertices, or are given twice, do no harm.
    curve : array-like (*B, M, 2), optional
        Points of the frontier of two players in any order, joined by straight lines; where the
        curve bends inwards lotteries bridge it (its concave hull).
    function : callable, optional
        ``function(u1, **parameters)`` is the most that the second of two players gets while the
        first gets u1 (*B, samples). It must treat its arguments elementwise and be concave between
        `low` and `high`; it may rise at first. Parameters arrive as (*B, 1).
    slope : callable, optional
        Its derivative, called likewise. Found by differences if not given: ten digits or more
        where `function` is smooth.
    low, high : array-like (*B), optional
        Least and largest payoff of the first player on the frontier, with `function` only.
    parameters : mapping of str to array-like (*B), optional
    disagreement, outside, weights, discounts, breakdown
        As in `BargainingProblem`.

    Raises
    ------
    FormError
        For fewer than two players, none or several frontiers, another number of entries, or
        shapes that do not fit.
    """

    kind: ClassVar[str] = "bargaining"
    players: tuple[str, ...]
    vertices: ArrayLike | None = None
    curve: ArrayLike | None = None
    function: Frontier | None = None
    slope: Frontier | None = None
    low: ArrayLike = 0.0
    high: ArrayLike = 1.0
    parameters: Mapping[str, ArrayLike] = field(default_factory=dict)
    disagreement: Sequence[ArrayLike] = ()
    outside: Sequence[ArrayLike] = ()
    weights: Sequence[ArrayLike] = ()
    discounts: Sequence[ArrayLike] = ()
    breakdown: ArrayLike = 0.0
    batch_shape: tuple[int, ...] = field(default=(), init=False)
    actions: tuple[tuple[str, ...], ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        require_players(self.players)
        count = len(self.players)
        object.__setattr__(self, "actions", ((),) * count)
        given = [n for n in ("vertices", "curve", "function") if getattr(self, n) is not None]
        if len(given) != 1:
            words = " and ".join(given) or "none"
            raise FormError(f"one of vertices, curve and function must be given, not {words}")
        if given != ["vertices"] and count != 2:
            raise FormError(f"a {given[0]} is the frontier of two players, not of {count}")
        for name in TERMS:
            object.__setattr__(self, name, entries_of(name, getattr(self, name), self.players))
        for name in ("low", "high", "breakdown"):
            object.__setattr__(self, name, floats(name, getattr(self, name)))
        table = {name: floats(name, value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", table)
        shapes = [entry.shape for entry in self._all()]
        if self.function is None:
            shapes.insert(0, self._read(given[0]))
        object.__setattr__(self, "batch_shape", batch_of(shapes))

    def _read(self, name: str) -> tuple[int, ...]:
        """The points of a polytope or curve as an array; return their batch shape."""
        points, count = floats(name, getattr(self, name)), len(self.players)
        if points.ndim < 2 or points.shape[-1] != count or points.shape[-2] == 0:
            raise FormError(f"{name} has shape {points.shape}: (*B, M, {count}) is needed")
        object.__setattr__(self, name, points)
        return points.shape[:-2]

    def _all(self) -> tuple[Floats, ...]:
        each = (entry for name in TERMS for entry in self.entries(name))
        ends = (np.asarray(self.low), np.asarray(self.high)) if self.function else ()
        return (*each, self.risk, *ends, *(np.asarray(v) for v in self.parameters.values()))

    @property
    def risk(self) -> Floats:
        """The probability of breakdown as an array that broadcasts to (*B)."""
        return np.asarray(self.breakdown, np.float64)

    @cached_property
    def points(self) -> Floats | None:
        """Points (G, M, N) over the flattened batch; None for a function."""
        given = self.vertices if self.curve is None else self.curve
        if given is None:
            return None
        points = np.asarray(given, np.float64)
        whole = np.broadcast_to(points, self.batch_shape + points.shape[-2:])
        games = int(np.prod(self.batch_shape))
        flat = np.ascontiguousarray(whole).reshape(games, *points.shape[-2:]).view()
        flat.flags.writeable = False
        return flat

    @cached_property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (*B): finite entries, low <= high, weights >= 0 and not all 0, δ(1 - risk) < 1."""
        others = [*self.entries("disagreement"), *self.entries("outside")]
        weights, discounts = self.entries("weights"), self.entries("discounts")
        good = plausible(self.batch_shape, weights, discounts, self.risk, others)
        if self.points is not None:
            return good & np.isfinite(self.points).all(axis=(1, 2)).reshape(self.batch_shape)
        for value in (self.low, self.high, *self.parameters.values()):
            good &= np.isfinite(value)
        return good & (np.asarray(self.low) <= np.asarray(self.high))

    def entries(self, name: str) -> tuple[Floats, ...]:
        """Per player: ``disagreement``, ``outside``, ``weights`` or ``discounts``."""
        return tuple(np.asarray(entry, np.float64) for entry in getattr(self, name))

    def columns(self, name: str) -> tuple[Floats, ...]:
        """The entries over the flattened batch: (G,) each, or (1,) where one does not vary."""
        return tuple(column(entry, self.batch_shape) for entry in self.entries(name))

    def spread(self, name: str) -> Floats:
        """The entries of all players side by side, (G, N)."""
        shape = self.batch_shape
        flat = [np.broadcast_to(entry, shape).ravel() for entry in self.entries(name)]
        return np.stack(flat, axis=-1)

    def ends(self) -> tuple[Floats, Floats]:
        """`low` and `high` over the flattened batch, (G,) each."""
        low, high = (
            np.broadcast_to(np.asarray(a), self.batch_shape) for a in (self.low, self.high)
        )
        return low.ravel(), high.ravel()

    def at(self, u1: Floats, *, slope: bool = False) -> Floats:
        """What the function, or its slope, gives at payoffs (G, samples) of the first player.

        Raises
        ------
        FormError
            Where it fails, or gives another shape.
        """
        called = self.slope if slope else self.function
        name = "slope" if slope else "function"
        if called is None:
            raise FormError(f"this frontier has no {name}")
        asked = u1.reshape(*self.batch_shape, u1.shape[-1])
        told = {key: np.asarray(value)[..., None] for key, value in self.parameters.items()}
        given = np.asarray(attempt(name, called, asked, **told), np.float64)
        try:
            return np.broadcast_to(given, asked.shape).reshape(u1.shape)
        except ValueError:
            raise FormError(
                f"{name} gives shape {given.shape} for payoffs of shape {asked.shape}"
            ) from None

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> FrontierProblem:
        """Broadcast to `batch_shape`, with a NaN breakdown in the elements marked `invalid`."""
        risk = np.broadcast_to(self.risk, batch_shape)
        if invalid is not None:
            risk = np.where(invalid, np.nan, risk)
        return replace(self, breakdown=risk)
