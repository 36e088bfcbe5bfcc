"""Equilibria of a first stage whose payoffs may be missing after some profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._rows import one_hot
from solver.concepts.nash import VertexEnumeration, nash
from solver.concepts.pure_nash import Enumeration, pure_nash
from solver.equilibria import Status
from solver.forms.normal import Floats, NormalForm
from solver.kernels.scaling import TIE
from solver.kernels.solvable import mark_solvable

Flags = NDArray[np.bool_]


@final
@dataclass(frozen=True, eq=False)
class FirstStage:
    """Count, status and completeness (G,), and the strategies (E, m_1 + ... + m_N) as rows."""

    count: NDArray[np.int64]
    status: NDArray[np.int8]
    complete: Flags
    profiles: Callable[[], Floats]


def first_stage(payoffs: Floats, empty: Flags, shape: tuple[int, ...], tol: float) -> FirstStage:
    """Equilibria, given payoffs (N, G, M) and which of them are missing, empty (G, M).

    A game in which other payoffs are not finite is invalid.

    All extreme ones where at most two players have a choice, else the pure ones. In games with
    missing payoffs only pure ones are looked for, and only such from which no deviation leads
    where payoffs are missing.
    """
    movers = [i for i, m in enumerate(shape) if m > 1]
    whole = _few if len(movers) <= 2 else _many
    found = whole(payoffs, shape, movers, tol)
    partial = np.flatnonzero(empty.any(axis=1))
    partial = partial[(np.isfinite(payoffs[:, partial]) != empty[partial]).all(axis=(0, 2))]
    if not len(partial):
        return found
    places, profiles = np.nonzero(_undisputed(payoffs[:, partial], shape))
    count = np.bincount(places, minlength=len(partial))
    found.count[partial] = count
    found.status[partial] = np.where(count > 0, Status.SOLVED, Status.EMPTY_CORE)
    found.complete[partial] = False

    def merged() -> Floats:
        rows = found.profiles()
        owner = np.concatenate((np.repeat(np.arange(len(before)), before), partial[places]))
        every = np.concatenate((rows, one_hot(profiles, shape)))
        return every[np.argsort(owner, kind="stable")]

    before = found.count.copy()
    before[partial] = 0
    return FirstStage(found.count, found.status, found.complete, merged)


def _few(payoffs: Floats, shape: tuple[int, ...], movers: list[int], tol: float) -> FirstStage:
    """Two players who choose, or fewer: the others are left out of the game."""
    games = payoffs.shape[1]
    sizes = (*(shape[i] for i in movers), 1, 1)[:2]
    tables = [payoffs[i].reshape(games, *sizes) for i in movers]
    # A payoff that is missing makes the game invalid, whoever misses it.
    blank = np.where(np.isfinite(payoffs).all(axis=0), 0.0, np.nan).reshape(games, *sizes)
    tables = [*(table + blank for table in tables), blank, blank][:2]
    found = nash(NormalForm(tables), VertexEnumeration(tol=tol))

    def profiles() -> Floats:
        rows = found.profiles
        ends = np.split(rows, [sizes[0]], axis=1)
        own = dict(zip(movers, ends, strict=False))
        return np.concatenate(
            [own.get(i, np.ones((len(rows), 1))) for i in range(len(shape))], axis=1
        )

    return FirstStage(found.count.copy(), found.status.copy(), found.complete.copy(), profiles)


def _many(payoffs: Floats, shape: tuple[int, ...], movers: list[int], tol: float) -> FirstStage:
    """Any number of players: pure equilibria, the whole set where dominance leaves one profile."""
    games = payoffs.shape[1]
    form = NormalForm([table.reshape(games, *shape) for table in payoffs])
    found = pure_nash(form, Enumeration(tol=tol))
    one = np.empty(games, np.bool_)
    sizes = np.array(shape)
    steps = 20.0 * prod(shape) * len(movers)

    def work(low: int, high: int) -> None:
        run(mark_solvable, (high - low) * steps, payoffs, sizes, low, high, one)

    over_ranges(games, 1_000, work)
    one &= found.status == int(Status.SOLVED)
    return FirstStage(found.count.copy(), found.status.copy(), one, lambda: found.profiles)


def _undisputed(payoffs: Floats, shape: tuple[int, ...]) -> Flags:
    """Profiles (G, M) where everybody plays a best response and no deviation is unknown."""
    games = payoffs.shape[1]
    good = np.ones((games, *shape), np.bool_)
    for i, flat in enumerate(payoffs):
        known = np.isfinite(flat)
        top = np.where(known, flat, -np.inf).max(axis=1)
        spread = np.where(known.any(axis=1), top - np.where(known, flat, np.inf).min(axis=1), 0.0)
        tie = TIE * spread.reshape(games, *(1 for _ in shape))
        own = flat.reshape(games, *shape)
        # The largest of values with a NaN among them is NaN, and no comparison with it holds.
        good &= own >= own.max(axis=1 + i, keepdims=True) - tie
    return good.reshape(games, -1)
