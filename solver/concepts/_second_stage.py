"""How the second stage of a biform game is divided, by two routes that share no line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._threads import over_ranges
from solver.concepts._core import core_intervals, core_witnesses
from solver.concepts._linear_values import shapley_weights, weighted_values
from solver.concepts._nucleoli import nucleoli
from solver.equilibria import Status
from solver.forms.biform import BiformGame, Floats
from solver.forms.coalition import CoalitionGame
from solver.kernels.scaling import EPS, TIE

Flags = NDArray[np.bool_]

#: Players up to whom the core has few candidates for a vertex.
FEW = 3
#: Worths that are divided at a time: they and what is made of them stay in the cache.
ROOM = 200_000


@final
@dataclass(frozen=True, eq=False)
class Divided:
    """Payoffs (N, G, M) after each profile, NaN where there are none.

    ``empty`` (G, M) marks empty cores; ``stuck`` (G,) games with a profile whose division was not
    found. ``off`` (G,) is how far the divisions are from what defines them, where that was asked.
    """

    payoffs: Floats
    empty: Flags
    stuck: Flags
    off: Floats

    @classmethod
    def of(cls, players: int, games: int, profiles: int) -> Divided:
        """Room for so many."""
        return cls(
            np.empty((players, games, profiles)),
            np.zeros((games, profiles), np.bool_),
            np.zeros(games, np.bool_),
            np.zeros(games),
        )


def divided(form: BiformGame, division: str) -> Divided:
    """Divide what there is after every profile."""
    worths, confidence = form.flat()
    games, profiles, _ = worths.shape
    players = len(form.players)
    found = Divided.of(players, games, profiles)
    step = max(1, ROOM // max(1, prod(worths.shape[1:])))

    def work(first: int, last: int) -> None:
        for low in range(first, last, step):
            part = slice(low, min(low + step, last))
            with np.errstate(all="ignore"):
                payoffs, empty, stuck = _divide(worths[part], confidence[part], division)
                payoffs = _levelled(payoffs, worths[part])
            found.payoffs[:, part] = np.moveaxis(payoffs, -1, 0)
            found.empty[part], found.stuck[part] = empty, stuck.any(axis=1)

    over_ranges(games, step, work)
    return found


def _divide(worths: Floats, confidence: Floats, division: str) -> tuple[Floats, Flags, Flags]:
    """Payoffs (G, M, N), empty cores and divisions not found (G, M)."""
    players, shape = confidence.shape[1], worths.shape[:2]
    none = np.zeros(shape, np.bool_)
    if division == "core":
        low, high, empty, settled = core_intervals(worths, players)
        return low + confidence[:, None] * (high - low), empty, ~settled
    if division == "nash-bargaining":
        alone = worths[..., 1 << np.arange(players)]
        gain = worths[..., -1:] - alone.sum(axis=-1, keepdims=True)
        return alone + np.maximum(gain, 0.0) / players, none, none
    flat = _coalition_games(worths)
    if division == "shapley":
        values, _, _ = weighted_values(flat, shapley_weights(players))
        return values.reshape(*shape, players), none, none
    values, _, status = _nucleoli(flat)
    return values.reshape(*shape, players), none, (status == Status.NOT_CONVERGED).reshape(shape)


def _levelled(payoffs: Floats, worths: Floats) -> Floats:
    """Payoffs (G, M, N), those of a player the same where only rounding tells them apart.

    That is up to 1e-12 of the largest worth. Moves that do not matter to a player are ties, of
    which rounding would make a strict choice.
    """
    known = np.isfinite(payoffs)
    top = np.where(known, payoffs, -np.inf).max(axis=1, keepdims=True)
    low = np.where(known, payoffs, np.inf).min(axis=1, keepdims=True)
    largest = np.maximum(worths.max(axis=(1, 2)), -worths.min(axis=(1, 2)))
    same = top - low <= TIE * largest[:, None, None]
    level: Floats = np.where(known & same, top, payoffs)
    return level


def _coalition_games(worths: Floats) -> CoalitionGame:
    players = worths.shape[-1].bit_length() - 1
    names = [str(i) for i in range(players)]
    return CoalitionGame(names, worths.reshape(-1, worths.shape[-1]))


def _nucleoli(flat: CoalitionGame) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """The nucleolus, its gap and status; the prenucleolus where there are no imputations."""
    found = nucleoli(flat, imputations=True, tol=1e-9)
    values, gap, status = found.payoffs, found.gap, found.status
    apart = np.flatnonzero(status == int(Status.NONE_EXIST))
    if len(apart):
        other = nucleoli(
            CoalitionGame(flat.players, flat.worths[apart]), imputations=False, tol=1e-9
        )
        values[apart], gap[apart], status[apart] = other.payoffs, other.gap, other.status
    return values, gap, status


def divided_again(form: BiformGame, division: str, games: NDArray[np.intp]) -> Divided:
    """Divide the games of these numbers by the second route.

    Core: by its vertices; beyond three players by points at which each gets its least and most,
    found by linear programs and checked against every coalition. Shapley: by Harsanyi's dividends.
    Nash bargaining: by what the average player gains. Nucleolus: again, with Kohlberg's criterion.
    """
    worths, confidence = form.flat()
    players, profiles = len(form.players), worths.shape[1]
    again = Divided.of(players, len(games), profiles)
    step = max(1, ROOM // max(1, 4 * prod(worths.shape[1:])))
    for low in range(0, len(games), step):
        part = slice(low, low + step)
        own = games[part]
        flat = worths[own].reshape(len(own) * profiles, -1)
        off = np.zeros(len(flat))
        if division == "core":
            sure = np.repeat(confidence[own], profiles, axis=0)
            found, off = (_by_vertices if players <= FEW else _by_witnesses)(flat, sure)
        elif division == "shapley":
            found = _by_dividends(flat, players)
        elif division == "nash-bargaining":
            found = _by_average(flat, players)
        else:
            found, off, _ = _nucleoli(_coalition_games(flat))
        level = _levelled(found.reshape(len(own), profiles, players), worths[own])
        again.payoffs[:, part] = np.moveaxis(level, -1, 0)
        again.off[part] = off.reshape(len(own), profiles).max(axis=1, initial=0.0)
    return again


def _members(players: int) -> NDArray[np.int64]:
    """Which players (N) belong to each coalition (2**N)."""
    member: NDArray[np.int64] = np.arange(2**players)[:, None] >> np.arange(players) & 1
    return member


def _slack(worths: Floats, players: int) -> tuple[Floats, Floats]:
    """The largest synergy (R,), and what is rounding in a sum of payoffs (R,)."""
    alone = worths[:, 1 << np.arange(players)]
    gains = np.abs(worths - alone @ _members(players).T).max(axis=1)
    return gains, 8.0 * (TIE * gains + EPS * np.abs(worths).max(axis=1))


def _by_vertices(worths: Floats, confidence: Floats) -> tuple[Floats, Floats]:
    """Least and most over the points at which all but one get a bound, of those in the core."""
    players, grand = confidence.shape[1], worths.shape[1] - 1
    V, one = worths[:, grand], 1 << np.arange(players)
    ends = worths[:, one], V[:, None] - worths[:, grand - one]
    member, (_, slack) = _members(players), _slack(worths, players)
    least, most = np.full(ends[0].shape, np.inf), np.full(ends[0].shape, -np.inf)
    for rest in range(players):
        others = [i for i in range(players) if i != rest]
        for choice in product((0, 1), repeat=players - 1):
            point = np.empty_like(least)
            for i, end in zip(others, choice, strict=True):
                point[:, i] = ends[end][:, i]
            point[:, rest] = V - point[:, others].sum(axis=1)
            short: Flags = (point @ member.T) < worths - slack[:, None]
            stable = ~short.any(axis=1, keepdims=True)
            least = np.where(stable, np.minimum(least, point), least)
            most = np.where(stable, np.maximum(most, point), most)
    payoffs: Floats = (1.0 - confidence) * least + confidence * most
    return payoffs, np.zeros(len(worths))


def _by_witnesses(worths: Floats, confidence: Floats) -> tuple[Floats, Floats]:
    """What each gets at the points that give it least and most, and by how much they miss."""
    players = confidence.shape[1]
    points, status = core_witnesses(worths, players)
    i = np.arange(players)
    ends = points[:, 2 * i, i], points[:, 2 * i + 1, i]
    owed = worths[:, None] - points @ _members(players).T
    owed[..., -1] = np.abs(owed[..., -1])
    gains, slack = _slack(worths, players)
    missed = np.maximum(owed.max(axis=(1, 2)) - slack, 0.0) / np.where(gains > 0.0, gains, 1.0)
    there: Flags = np.equal(status, 0)
    payoffs = (1.0 - confidence) * ends[0] + confidence * ends[1]
    return np.where(there[:, None], payoffs, np.nan), np.where(there, missed, 0.0)


def _by_dividends(worths: Floats, players: int) -> Floats:
    """Each coalition's dividend (Harsanyi 1959), shared equally by its members."""
    dividends = worths.copy()
    for i in range(players):
        pairs = dividends.reshape(len(worths), -1, 2, 1 << i)
        pairs[:, :, 1] -= pairs[:, :, 0]
    member = _members(players)
    shared: Floats = dividends @ (member / np.maximum(member.sum(axis=1, keepdims=True), 1))
    return shared


def _by_average(worths: Floats, players: int) -> Floats:
    """What the average gets, and what each is better alone than the average."""
    alone = worths[:, 1 << np.arange(players)]
    mean = alone.mean(axis=1, keepdims=True)
    together = np.maximum(worths[:, -1:] / players, mean)
    payoffs: Floats = together + (alone - mean)
    return payoffs
