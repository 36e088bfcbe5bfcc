"""Networks of bargains: pairs of players each agree on a term, a price or a lump sum.

Every pair bargains over its own term and takes the terms of the others as given. If it fails to
agree, its link goes and the other terms stay. What the players earn is given as a function of all
terms and of the links that are there, so that a whole batch is evaluated with array operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError, attempt, unknown
from solver.forms import floats, require_distinct

Floats = NDArray[np.float64]
Pair = tuple[ArrayLike, ArrayLike]
Payoffs = Callable[..., Sequence[ArrayLike]]


@final
@dataclass(frozen=True, eq=False, kw_only=True)
class BargainingNetwork:
    """A batch of networks of bilateral bargains.

    Parameters
    ----------
    players : tuple of str
    links : sequence of (str, str)
        The L pairs that have an agreement.
    payoffs : callable
        ``payoffs(terms, active, **parameters)`` returns a sequence with one array per player.
        ``terms`` and ``active`` have an entry per link, `links` first and then `excluded`: arrays
        of terms, and whether the link is there (a tuple of plain bools). Arrays of terms and
        parameters broadcast against each other and must be treated elementwise; the term of a link
        that is not there must not matter. With `lump_sums` it is called without terms, as
        ``payoffs(active, **parameters)``, and returns what the players earn before any transfer.
    parameters : mapping of str to array-like (*B)
    bounds : sequence of (low, high)
        Per link, `links` first and then `excluded`: the interval of its term, array-like (*B)
        each. None is given for lump sums, which have no bounds.
    weights : sequence of (float, float), optional
        Per entry of `links`, the bargaining weights of its two players, array-like (*B) each; only
        their ratio matters. Default equal.
    excluded : sequence of (str, str), optional
        Links that are not there but could take the place of one of `links` that has a player in
        common with it: that player can threaten its partner with them.
    lump_sums : bool
        Whether the term of a link is money that its second player pays the first.

    Raises
    ------
    FormError
        For names that are unknown or repeated, a wrong number of entries, and shapes that do not
        broadcast.
    """

    kind: ClassVar[str] = "bargaining"
    players: tuple[str, ...]
    links: Sequence[tuple[str, str]]
    payoffs: Payoffs
    parameters: Mapping[str, ArrayLike] = field(default_factory=dict)
    bounds: Sequence[Pair] = ()
    weights: Sequence[Pair] = ()
    excluded: Sequence[tuple[str, str]] = ()
    lump_sums: bool = False

    def __post_init__(self) -> None:
        require_distinct(self.players)
        if not self.links:
            raise FormError("a network needs at least one link")
        ends = [self._ends(link) for link in (*self.links, *self.excluded)]
        if len({frozenset(pair) for pair in ends}) < len(ends):
            raise FormError(f"links must differ: {', '.join(map(str, self._all))}")
        object.__setattr__(self, "weights", tuple(self.weights) or ((1.0, 1.0),) * len(self.links))
        wanted = 0 if self.lump_sums else len(ends)
        for name, number in (("bounds", wanted), ("weights", len(self.links))):
            pairs = getattr(self, name)
            if len(pairs) != number or any(not _is_pair(p) for p in pairs):
                raise FormError(f"{name} = {pairs!r}: {number} pairs are needed, one per link")
        try:
            np.broadcast_shapes(*(a.shape for a in self._arrays()))
        except ValueError:
            shapes = ", ".join(f"{k} {np.shape(v)}" for k, v in self.parameters.items())
            raise FormError(f"bounds, weights and parameters do not broadcast: {shapes}") from None

    @property
    def _all(self) -> tuple[tuple[str, str], ...]:
        return (*self.links, *self.excluded)

    def _ends(self, link: tuple[str, str]) -> tuple[int, int]:
        if isinstance(link, str) or len(link) != 2 or link[0] == link[1]:
            raise FormError(f"link {link!r} is not a pair of different players")
        for name in link:
            if name not in self.players:
                raise FormError(unknown("player", str(name), self.players))
        return self.players.index(link[0]), self.players.index(link[1])

    def _arrays(self) -> list[Floats]:
        bounds = [floats("bounds", entry) for pair in self.bounds for entry in pair]
        weights = [floats("weights", entry) for pair in self.weights for entry in pair]
        return [*bounds, *weights, *(floats(k, v) for k, v in self.parameters.items())]

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Nobody has a finite action."""
        return ((),) * len(self.players)

    @property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """The two players of each link by number, `links` first and then `excluded`."""
        return tuple(self._ends(link) for link in self._all)

    @property
    def threats(self) -> tuple[tuple[tuple[int, int, int], ...], ...]:
        """Per link: (who threatens, with which excluded link, whom that one leads to)."""
        ends, number = self.ends, len(self.links)
        return tuple(
            tuple(
                (player, e, ends[e][1 - ends[e].index(player)])
                for e in range(number, len(ends))
                for player in ends[link]
                if player in ends[e]
            )
            for link in range(number)
        )

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape over which bounds, weights and parameters broadcast."""
        return np.broadcast_shapes(*(a.shape for a in self._arrays()))

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> BargainingNetwork:
        """Broadcast to `batch_shape`, with NaN weights in the elements marked `invalid`."""
        (first, second), *rest = self.weights
        first = np.broadcast_to(np.asarray(first, np.float64), batch_shape)
        if invalid is not None:
            first = np.where(invalid, np.nan, first)
        return replace(self, weights=((first, second), *rest))

    def flat(self) -> FlatNetwork:
        """The batch as one axis."""
        shape = self.batch_shape
        number = len(self.links), len(self.ends)

        def line(name: str, value: ArrayLike) -> Floats:
            return np.broadcast_to(floats(name, value), shape).ravel()

        games = int(np.prod(shape, dtype=int))
        bounds = np.empty((2, number[1], games))
        bounds[:] = np.array([-np.inf, np.inf])[:, None, None]
        for m, pair in enumerate(self.bounds):
            bounds[:, m] = [line("bounds", entry) for entry in pair]
        weights = np.empty((2, number[0], games))
        for m, pair in enumerate(self.weights):
            weights[:, m] = [line("weights", entry) for entry in pair]
        given = {k: line(k, v) if np.ndim(v) else floats(k, v) for k, v in self.parameters.items()}
        good = np.ones(games, np.bool_)
        good &= (np.isfinite(weights) & (weights >= 0.0)).all(axis=(0, 1))
        good &= (weights.sum(axis=0) > 0.0).all(axis=0)
        if not self.lump_sums:
            good &= np.isfinite(bounds).all(axis=(0, 1)) & (bounds[0] <= bounds[1]).all(axis=0)
        for value in given.values():
            good &= np.isfinite(value)
        with np.errstate(all="ignore"):
            weights = weights / weights.sum(axis=0)
        return FlatNetwork(self, bounds[0], bounds[1], weights, given, good)

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (*B): finite entries, bounds in order, weights >= 0 and not both 0."""
        return self.flat().valid.reshape(self.batch_shape)


@final
@dataclass(frozen=True, eq=False)
class FlatNetwork:
    """Networks of shape (G,), to be evaluated at any terms of any subset.

    low, high (M, G) over all links; weights (2, L, G), those of each pair adding up to one.
    """

    form: BargainingNetwork
    low: Floats
    high: Floats
    weights: Floats
    parameters: Mapping[str, Floats]
    valid: NDArray[np.bool_]

    def part(self, which: slice | NDArray[np.intp]) -> FlatNetwork:
        """The networks `which` of the batch."""
        return FlatNetwork(
            self.form,
            self.low[:, which],
            self.high[:, which],
            self.weights[:, :, which],
            {k: v[which] if v.ndim else v for k, v in self.parameters.items()},
            self.valid[which],
        )

    def active(self, without: int = -1, instead: int = -1) -> tuple[bool, ...]:
        """The links that are there, less one, plus an excluded one."""
        links = len(self.form.links)
        every = range(len(self.form.ends))
        return tuple((m < links and m != without) or m == instead for m in every)

    def at(self, terms: Sequence[Floats] | Floats, active: tuple[bool, ...]) -> Floats:
        """Payoffs (N, ..., G) at a term (..., G) per link, those of excluded links optional."""
        given = (*terms, *self.low[len(terms) :])
        shape = np.broadcast_shapes(*(np.shape(t) for t in given), self.valid.shape)
        return self._stack(
            attempt("payoffs", self.form.payoffs, given, active, **self.parameters), shape
        )

    def before_transfers(self, active: tuple[bool, ...]) -> Floats:
        """Payoffs (N, G) of a network with lump sums, before any of them is paid."""
        found = attempt("payoffs", self.form.payoffs, active, **self.parameters)
        return self._stack(found, self.valid.shape)

    def _stack(self, found: Sequence[ArrayLike], shape: tuple[int, ...]) -> Floats:
        players = self.form.players
        if not hasattr(found, "__len__") or len(found) != len(players):
            got = len(found) if hasattr(found, "__len__") else repr(found)
            raise FormError(f"payoffs give {got} values for {len(players)} players")
        stacked = np.empty((len(players), *shape))
        for slot, value in zip(stacked, found, strict=True):
            try:
                slot[...] = value
            except (TypeError, ValueError):
                raise FormError(
                    f"payoffs give a value of shape {np.shape(value)} for terms of shape {shape}"
                ) from None
        return stacked


def _is_pair(value: object) -> bool:
    return isinstance(value, Sequence | np.ndarray) and len(value) == 2
