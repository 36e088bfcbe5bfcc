"""One pair of a network and its bargain: gains over disagreement, threats, and the best term.

Arrays over columns (C,) are networks or copies of them; terms are (L, C), and a function of one
term takes (P, C) points. What a pair maximises is its *worth*: the weighted Nash product as a
geometric mean, or the smaller of the gains per weight (the proportional solution). Where a player
gets less than it can have otherwise, the worth is what is missing, a negative number. If gains are
concave in the term, the worth is quasi-concave and golden section finds its maximum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from solver.forms.network import FlatNetwork, Floats
from solver.kernels.search import GOLDEN, peaks, roots

Integers = NDArray[np.intp]
Rule = Literal["nash", "kalai"]

#: Points at which the term of a threat is looked for before its roots are polished.
THREAT_POINTS = 17
#: A weight of nothing, which keeps ratios defined.
TINY = 1e-300


@final
@dataclass(frozen=True, eq=False)
class Pairs:
    """Networks (C,) with the rule by which each pair divides, and whether threats count."""

    flat: FlatNetwork
    rule: Rule
    threats: bool

    def part(self, which: slice | Integers) -> Pairs:
        """Those of the columns."""
        return Pairs(self.flat.part(which), self.rule, self.threats)

    @property
    def width(self) -> Floats:
        """(L, C): lengths of the intervals of the terms."""
        links = len(self.flat.form.links)
        return self.flat.high[:links] - self.flat.low[:links]

    def fallback(self, link: int, terms: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Disagreement payoffs and least acceptable gains of a pair, (2, ..., C) each.

        In disagreement the link is gone and the other terms stand. A player who can put another
        link in its place accepts no less than what that would give.
        """
        flat = self.flat
        pair = list(flat.form.ends[link])
        apart = flat.at(terms, flat.active(link))
        least = np.zeros_like(apart[pair])
        if self.threats:
            for player, excluded, other in flat.form.threats[link]:
                got = threat(flat, link, excluded, player, other, terms, apart[other])
                side = pair.index(player)
                least[side] = np.maximum(least[side], got - apart[player])
        return apart[pair], least

    def gains(self, link: int, terms: Sequence[Floats], apart: Floats) -> Floats:
        """(2, ..., C): what the two get beyond disagreement."""
        flat = self.flat
        together = flat.at(terms, flat.active())[list(flat.form.ends[link])]
        ahead = (slice(None), *(None,) * (together.ndim - apart.ndim))
        gained: Floats = together - apart[ahead]
        return gained

    def worth(self, link: int, gains: Floats, least: Floats) -> Floats:
        """(..., C): what the pair maximises."""
        w = self.flat.weights[:, link]
        missing = np.minimum(gains[0] - least[0], gains[1] - least[1])
        if self.rule == "nash":
            first, second = np.maximum(gains, 0.0)
            value = first ** w[0] * second ** w[1]
        else:
            # Who has no weight must only not lose.
            first, second = (
                np.where(v > 0.0, g / np.maximum(v, TINY), np.inf)
                for g, v in zip(gains, w, strict=True)
            )
            value = np.minimum(first, second)
        found = np.where(missing < 0.0, missing, value)
        return np.where(np.isnan(found), -np.inf, found)


@final
@dataclass(frozen=True, eq=False)
class Bargain:
    """The bargain of one link while all other terms are held."""

    pairs: Pairs
    link: int
    terms: Floats
    apart: Floats
    least: Floats

    @classmethod
    def over(cls, pairs: Pairs, link: int, terms: Floats) -> Bargain:
        """At terms (L, C)."""
        return cls(pairs, link, terms, *pairs.fallback(link, list(terms)))

    def __call__(self, x: Floats, index: Integers | None = None) -> Floats:
        """The worth of terms x, of all columns or of those numbered `index`."""
        if index is not None and len(index) < self.terms.shape[1]:
            pairs, terms = self.pairs.part(index), self.terms[:, index]
            apart, least = self.apart[:, index], self.least[:, index]
        else:
            pairs, terms, apart, least = self.pairs, self.terms, self.apart, self.least
        given = [x if m == self.link else term for m, term in enumerate(terms)]
        return pairs.worth(self.link, pairs.gains(self.link, given, apart), least)

    def bracket(self, points: int) -> tuple[Floats, Floats]:
        """The neighbours of the best of so many points."""
        flat = self.pairs.flat
        low, high = flat.low[self.link], flat.high[self.link]
        step = (high - low) / (points - 1.0)
        grid = low + np.arange(points)[:, None] * step
        grid[-1] = high
        best = np.argmax(self(grid), axis=0)
        return low + np.maximum(best - 1, 0) * step, np.minimum(low + (best + 1) * step, high)

    def roughly(self, points: int, steps: int) -> Floats:
        """The best term (C,), by golden section from the best of so many points."""
        a, b = self.bracket(points)
        left, right = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
        at_left, at_right = self(left), self(right)
        for _ in range(steps):
            up = at_right > at_left
            a, b = np.where(up, left, a), np.where(up, b, right)
            fresh = np.where(up, a + GOLDEN * (b - a), b - GOLDEN * (b - a))
            value = self(fresh)
            left, at_left, right, at_right = (
                np.where(up, right, fresh),
                np.where(up, at_right, value),
                np.where(up, fresh, left),
                np.where(up, value, at_left),
            )
        found: Floats = np.where(at_right > at_left, right, left)
        return found

    def exactly(self, points: int) -> Floats:
        """The best term (C,), to rounding where it is a kink and to about 1e-9 where it is not."""
        a, b = self.bracket(points)
        inner = peaks(self, a, b)
        ends = np.stack((inner, self.pairs.flat.low[self.link], self.pairs.flat.high[self.link]))
        best = np.argmax(self(ends), axis=0)[None]
        found: Floats = np.take_along_axis(ends, best, axis=0)[0]
        return found

    def scale(self, term: Floats) -> Floats:
        """(C,): how far from `term` the worth keeps a quarter of its value on one side."""
        flat = self.pairs.flat
        low, high = flat.low[self.link], flat.high[self.link]
        found: Floats = (high - low) / 16.0
        top = self(term)
        for _ in range(12):
            sides = np.clip(np.stack((term - found, term + found)), low, high)
            small = (self(sides) < 0.25 * top).all(axis=0) & (top > 0.0)
            if not small.any():
                break
            found = np.where(small, found / 4.0, found)
        return found


def threat(  # noqa: PLR0913, PLR0917
    flat: FlatNetwork,
    link: int,
    excluded: int,
    player: int,
    other: int,
    terms: Sequence[Floats],
    alone: Floats,
) -> Floats:
    """What `player` gets with the excluded link instead of `link`, at the reservation term.

    At that term `other` is as well off as without either link, which is `alone`. Of several such
    terms, and of sampled ones that are better for `other`, the best for `player` counts; -inf if
    `other` accepts none.
    """
    active = flat.active(link, excluded)
    middle = list(flat.low[len(terms) :])
    low, high = flat.low[excluded], flat.high[excluded]
    shape = alone.shape
    slot = excluded - len(terms)

    def offer(x: Floats) -> Floats:
        extra = [x if m == slot else value for m, value in enumerate(middle)]
        return flat.at([*terms, *extra], active)[[player, other]]

    grid = low + np.linspace(0.0, 1.0, THREAT_POINTS).reshape(-1, *(1,) * len(shape)) * (high - low)
    mine, theirs = offer(np.broadcast_to(grid, (THREAT_POINTS, *shape)))
    theirs = theirs - alone
    best: Floats = np.where(theirs >= 0.0, mine, -np.inf).max(axis=0)
    for k in range(THREAT_POINTS - 1):
        change = (theirs[k] >= 0.0) != (theirs[k + 1] >= 0.0)
        if change.any():
            ends = grid[k], grid[k + 1], theirs[k], theirs[k + 1]
            root = _accepted(offer, alone, ends, change)
            best = np.where(change, np.maximum(best, offer(root)[0]), best)
    return best


def _accepted(
    offer: Callable[[Floats], Floats],
    alone: Floats,
    ends: tuple[Floats, Floats, Floats, Floats],
    change: NDArray[np.bool_],
) -> Floats:
    """The term at which the other player is indifferent, between the ends (a, b, at a, at b)."""
    shape = alone.shape
    where = np.flatnonzero(change.ravel())
    a, b, at_a, at_b = (np.broadcast_to(v, shape).ravel()[where] for v in ends)
    full = np.array(np.broadcast_to(ends[0], shape)).ravel()

    def term(share: Floats, index: Integers) -> Floats:
        """A point of the interval; shares run from 1 to 2, so that rounding is the same of all."""
        found: Floats = a[index] + (share - 1.0) * (b[index] - a[index])
        return found

    def gap(share: Floats, index: Integers) -> Floats:
        full[where[index]] = term(share, index)
        found: Floats = (offer(full.reshape(shape))[1] - alone).ravel()[where[index]]
        return found

    one = np.ones(len(where))
    full[where] = term(roots(gap, one, 2.0 * one, at_a, at_b), np.arange(len(where)))
    return full.reshape(shape)
