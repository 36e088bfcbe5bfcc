"""How the second stage of a biform game is divided, by two routes that share no line.

Worths are arrays (..., 2**N), payoffs of the fast route (N, G, M), those of the second (R, N).
"""

from __future__ import annotations

from functools import cache
from itertools import product
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._core import core_intervals
from solver.concepts._nucleolus import nucleoli
from solver.forms.biform import BiformGame, Floats
from solver.kernels.biform import core_payoffs
from solver.kernels.scaling import EPS, TIE

Flags = NDArray[np.bool_]

#: Players up to whom the core is a box cut by a plane.
CLOSED = 3
#: Numbers that the second route holds at a time.
ROOM = 2_000_000


def divided(form: BiformGame, division: str) -> tuple[Floats, Flags]:
    """Payoffs (N, G, M) after each profile, NaN where there are none, and empty cores (G, M)."""
    worths, confidence = form.flat()
    games, profiles, _ = worths.shape
    payoffs = np.empty((len(form.players), games, profiles))
    empty = np.zeros((games, profiles), np.bool_)
    step = max(1, ROOM // max(1, worths[:1].size))
    if division == "core" and len(form.players) <= CLOSED:
        steps = profiles * 200.0

        def work(low: int, high: int) -> None:
            effort = (high - low) * steps
            run(core_payoffs, effort, worths, confidence, low, high, payoffs, empty)

        over_ranges(games, 500, work)
        return payoffs, empty
    for low in range(0, games, step):
        part = slice(low, low + step)
        found, empty[part] = _general(worths[part], confidence[part], division)
        payoffs[:, part] = np.moveaxis(found, -1, 0)
    return payoffs, empty


def _general(worths: Floats, confidence: Floats, division: str) -> tuple[Floats, Flags]:
    """Payoffs (G, M, N) and empty cores (G, M)."""
    players = confidence.shape[1]
    shape = worths.shape[:2]
    none = np.zeros(shape, np.bool_)
    if division == "core":
        flat = worths.reshape(prod(shape), -1)
        low, high, empty = core_intervals(flat, players)
        low, high = low.reshape(*shape, players), high.reshape(*shape, players)
        payoffs = low + confidence[:, None] * (high - low)
        empty = empty.reshape(shape) & np.isfinite(worths).all(axis=-1)
        return np.where(empty[..., None], np.nan, payoffs), empty
    if division == "shapley":
        return worths @ _marginal_weights(players), none
    if division == "nucleolus":
        flat = worths.reshape(prod(shape), -1)
        return nucleoli(flat, players).reshape(*shape, players), none
    alone = worths[..., 1 << np.arange(players)]
    gain = worths[..., -1:] - alone.sum(axis=-1, keepdims=True)
    return alone + np.maximum(gain, 0.0) / players, none


@cache
def _marginal_weights(players: int) -> Floats:
    """The Shapley value as a matrix (2**N, N): Σ_S |S|!(N-|S|-1)!/N! (v(S ∪ i) - v(S))."""
    weights = np.zeros((2**players, players))
    for s in range(2**players):
        size = s.bit_count()
        for i in range(players):
            if not s >> i & 1:
                share = factorial(size) * factorial(players - size - 1) / factorial(players)
                weights[s | 1 << i, i] += share
                weights[s, i] -= share
    return weights


def divided_again(form: BiformGame, division: str, games: NDArray[np.intp]) -> Floats:
    """Payoffs (N, R, M) of the games of these numbers, by the second route.

    Core: by its vertices, up to three players. Shapley: by Harsanyi's dividends. Nash bargaining:
    by what the average player gains. Other divisions have none, and are taken as they were.
    """
    worths, confidence = form.flat()
    players, profiles = len(form.players), worths.shape[1]
    payoffs = np.empty((players, len(games), profiles))
    step = max(1, ROOM // max(1, worths[:1].size * 4))
    for low in range(0, len(games), step):
        own = games[low : low + step]
        flat = worths[own].reshape(len(own) * profiles, -1)
        if division == "core" and players <= CLOSED:
            sure = np.repeat(confidence[own], profiles, axis=0)
            found = _by_vertices(flat, sure)
        elif division == "shapley":
            found = _by_dividends(flat, players)
        elif division == "nash-bargaining":
            found = _by_average(flat, players)
        else:
            again, _ = _general(worths[own], confidence[own], division)
            found = again.reshape(-1, players)
        payoffs[:, low : low + step] = found.T.reshape(players, len(own), profiles)
    return payoffs


def _by_vertices(worths: Floats, confidence: Floats) -> Floats:
    """Least and most over the points at which all but one get a bound, of those in the core."""
    players, grand = confidence.shape[1], worths.shape[1] - 1
    V = worths[:, grand]
    alone = worths[:, 1 << np.arange(players)]
    ends = alone, V[:, None] - worths[:, grand - (1 << np.arange(players))]
    member = np.arange(grand + 1)[:, None] >> np.arange(players) & 1
    gains = np.abs(worths - alone @ member.T).max(axis=1)
    slack = 4.0 * (TIE * gains + 8.0 * EPS * np.abs(worths).max(axis=1))
    least, most = np.full(alone.shape, np.inf), np.full(alone.shape, -np.inf)
    for rest in range(players):
        for choice in product((0, 1), repeat=players - 1):
            others = [i for i in range(players) if i != rest]
            point = np.empty_like(alone)
            for i, end in zip(others, choice, strict=True):
                point[:, i] = ends[end][:, i]
            point[:, rest] = V - point[:, others].sum(axis=1)
            stable = ((point @ member.T) >= worths - slack[:, None]).all(axis=1)[:, None]
            least = np.where(stable, np.minimum(least, point), least)
            most = np.where(stable, np.maximum(most, point), most)
    payoffs: Floats = (1.0 - confidence) * least + confidence * most
    return payoffs


def _by_dividends(worths: Floats, players: int) -> Floats:
    """Each coalition's dividend (Harsanyi 1959), shared equally by its members."""
    dividends = worths.copy()
    for i in range(players):
        pairs = dividends.reshape(len(worths), -1, 2, 1 << i)
        pairs[:, :, 1] -= pairs[:, :, 0]
    member = np.arange(2**players)[:, None] >> np.arange(players) & 1
    size = np.maximum(member.sum(axis=1, keepdims=True), 1)
    shared: Floats = dividends @ (member / size)
    return shared


def _by_average(worths: Floats, players: int) -> Floats:
    """What the average gets, and what each is better alone than the average."""
    alone = worths[:, 1 << np.arange(players)]
    mean = alone.mean(axis=1, keepdims=True)
    together = np.maximum(worths[:, -1:] / players, mean)
    return together + (alone - mean)
