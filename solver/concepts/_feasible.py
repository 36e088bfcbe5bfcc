"""What two or more players can reach on a frontier, whatever tells it.

Everything is in gains over a base (G, N). A set answers the four questions that the concepts ask
(`product`, `along`, `sums`, `ideal`), and, by other code, the two that certify an answer: how much
everybody could still gain (`spare`), and by how much prices prefer another point (`excess`).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from solver.concepts._curve import Curve
from solver.concepts._polyline import Polyline
from solver.concepts._polytope import Polytope
from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Gains below this share of the largest payoff of a player count as none.
NOTHING = 1e-12


class Feasible(Protocol):
    """Feasible gains of G problems."""

    size: Floats
    """(G, N): the largest payoff at stake for each player, positive."""
    inside: Mask
    """(G,): whether some feasible point gives everybody at least the base."""
    ideal: Floats
    """(G, N): the most that each can gain while nobody gets less than the base."""

    margin: Floats
    """(G,): by how much, in sizes, the base must be out of reach to be held so."""

    def able_to(self, i: int) -> Floats:
        """No more than this (G,) can player i gain while nobody gets less than the base."""

    def product(self, weights: Floats) -> Floats:
        """Gains (G, N) with the largest product of powers by weight."""

    def along(self, start: Floats, step: Floats, back: Floats) -> Floats:
        """The last feasible point of start + t step; the one at t = -back (G,) is feasible."""

    def sums(self, weights: Floats) -> tuple[Floats, Mask]:
        """Ends (G, K, N) of where the weighted sum of gains is largest, and which exist (G, K)."""

    def spare(self, gains: Floats) -> Floats:
        """(G,): what everybody could gain beyond them, by size; negative if not feasible."""

    def excess(self, gains: Floats, prices: Floats) -> Floats:
        """(G,): by how much prices (G, N) value a feasible point above these gains."""


class Pair(Feasible, Protocol):
    """Feasible gains of two players, whose frontier is a function."""

    top: Floats
    """(G,): what the first player gains where the second gains most."""
    right: Floats
    """(G,): the most that the first player can gain."""

    def height(self, x: Floats) -> Floats:
        """The most that the second player gains while the first gains x (G,) or more."""

    def answers(self, rates: Floats, options: Floats) -> Floats:
        """Stationary offers (G, 2, 2): who proposes, who gets."""


def feasible(form: FrontierProblem, base: Floats) -> Feasible:
    """The feasible gains over base payoffs (G, N)."""
    if form.points is None or len(form.players) == 2:
        return pair(form, base)
    return Polytope(form.points, base)


def pair(form: FrontierProblem, base: Floats) -> Pair:
    """The feasible gains of two players over base payoffs (G, 2)."""
    return Curve(form, base) if form.points is None else Polyline(form.points, base)


def improved(s: Pair, gains: Floats) -> Floats:
    """Gains on the frontier (G, 2), raised for one player where that costs the other nothing."""
    x = np.maximum(gains[:, 0], s.top)
    x = np.where(x >= s.right * (1.0 - 1e-14), s.right, x)
    return np.stack((x, s.height(x)), axis=-1)


def settled(s: Feasible, gains: Floats, gap: Floats) -> tuple[Floats, Floats]:
    """Gains and gaps (G, N), none where even the base is out of reach: players stay apart.

    `gap` (G,) is that of the gains; that nothing reaches the base is certified by `spare`.
    """
    apart = ~s.inside[:, None]
    held = s.spare(np.zeros_like(gains))
    held = np.where(held > -s.margin, np.maximum(held, 0.0) + (s.margin > 0.0), 0.0)
    gaps = np.where(apart, held[:, None], gap[:, None])
    return np.where(apart, 0.0, gains), np.broadcast_to(gaps, gains.shape)


def supporting(s: Feasible, gains: Floats, weights: Floats, extra: Floats) -> Floats:
    """How far gains (G, N) may be from the largest product, in its logarithm, (G,).

    A product is less than at the gains wherever its gradient there says so. `extra` (G, N) are
    prices for players without weight, who must only not lose.
    """
    total = weights.sum(axis=1, keepdims=True)
    little = gains <= NOTHING * s.size
    # Whoever gains nothing must have nothing to gain: anything would count heavily.
    prices = weights / np.where(total > 0.0, total, 1.0)
    prices /= np.where(little, 1e-6 * s.size, gains)
    prices = np.where(weights > 0.0, prices, extra)
    best: Floats = np.maximum(s.excess(gains, prices), -s.spare(gains))
    return np.maximum(best, worse(s, gains))


def worse(s: Feasible, gains: Floats) -> Floats:
    """By how much, in sizes, somebody gets less than the base, (G,)."""
    lacks: Floats = np.maximum(-(gains / s.size).min(axis=1), 0.0)
    return lacks


def misjudged(s: Feasible) -> Floats:
    """How far ideal payoffs may be off, in sizes, (G,), where the base can be reached."""
    off = np.zeros(len(s.size))
    for i in range(s.size.shape[1]):
        off = np.maximum(off, np.abs(s.able_to(i) - s.ideal[:, i]) / s.size[:, i])
    found: Floats = np.where(s.inside, off, 0.0)
    return found


def proportional(s: Feasible, gains: Floats, start: Floats, step: Floats) -> Floats:
    """How far gains are from the line start + t step, and from the frontier, (G,)."""
    size = s.size.max(axis=1)
    off = gains - start
    total = (step**2).sum(axis=1)
    share = (off * step).sum(axis=1) / np.where(total > 0.0, total, 1.0)
    wide = np.abs(off - share[:, None] * step).max(axis=1) / size
    gap: Floats = np.maximum(wide, np.abs(s.spare(gains)))
    return gap
