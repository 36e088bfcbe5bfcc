"""Ours against other routes, game by game: what is different, in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from solver.coalitions import core_interval
from solver.concepts.core import core
from solver.concepts.nucleolus import nucleolus
from solver.concepts.shapley import shapley
from solver.concepts.tau import tau
from solver.equilibria import Equilibria, Status
from solver.forms.coalition import CoalitionGame
from tests.coalitions import truth

Floats = NDArray[np.float64]
#: How far answers may be apart, relative to the largest worth; HiGHS is less exact than we are.
CLOSE, ROUGH = 1e-9, 1e-6


def against_programs(worths: Floats) -> Iterator[tuple[int, str]]:
    """Nucleolus and prenucleolus of games (G, 2**N) against programs solved by HiGHS."""
    game = _game(worths)
    for method, imputations in (("programs", True), ("prenucleolus", False)):
        found = nucleolus(game, method)
        for g, table in enumerate(worths):
            expected = truth.programs(table, imputations=imputations)
            wrong = _differs(found, g, expected, ROUGH * _size(table))
            if wrong:
                yield g, f"{method} by HiGHS: {wrong}"


def against_corners(worths: Floats) -> Iterator[tuple[int, str]]:
    """Core vertices and intervals against all systems of N - 1 tight coalitions."""
    game = _game(worths)
    found, bounds = core(game), core_interval(game)
    for g, table in enumerate(worths):
        expected = truth.corner_points(table)
        ours = found.payoffs[g][: found.count[g]]
        near = 1e-7 * _size(table)
        if len(expected) != len(ours):
            yield g, f"core: {len(expected)} vertices by brute force, {len(ours)} of ours"
        elif len(expected) and _apart(expected, ours) > near:
            yield g, f"core: vertices are {_apart(expected, ours):.1e} apart"
        if bool(bounds.empty[g]) != (len(expected) == 0) or not found.complete[g]:
            yield g, f"core: empty {bounds.empty[g]}, complete {found.complete[g]}"
        elif len(expected):
            off = abs(expected.min(axis=0) - bounds.low[g]).max()
            off = max(off, abs(expected.max(axis=0) - bounds.high[g]).max())
            if off > near:
                yield g, f"core interval: off by {off:.1e}"


def against_peer(worths: Floats) -> Iterator[tuple[int, str]]:
    """Everything that coopgame-py computes, exactly where it can."""
    game = _game(worths)
    answers = {
        "nucleolus": nucleolus(game),
        "prenucleolus": nucleolus(game, "prenucleolus"),
        "shapley": shapley(game),
        "tau": tau(game),
    }
    empty = core_interval(game).empty
    for g, table in enumerate(worths):
        expected = truth.peer(table)
        for name, found in answers.items():
            wrong = _differs(found, g, expected[name], CLOSE * _size(table))
            if wrong:
                yield g, f"{name} by coopgame-py: {wrong}"
        if bool(expected["core"]) == bool(empty[g]):
            yield g, f"core by coopgame-py: not empty {expected['core']}, ours empty {empty[g]}"


def _differs(found: Equilibria, g: int, expected: Floats | list[float] | None, near: float) -> str:
    if expected is None:
        return "" if found.status[g] == Status.NONE_EXIST else "none, ours has one"
    if found.status[g] != Status.SOLVED:
        return f"{expected}, ours is {Status(int(found.status[g])).name}"
    off = abs(np.asarray(expected, float) - found.payoffs[g, 0]).max()
    return "" if off <= near else f"{expected}, ours {found.payoffs[g, 0]}, {off:.1e} apart"


def _apart(some: Floats, others: Floats) -> float:
    """How far the point that is farthest from its nearest partner is from it."""
    distance = abs(some[:, None] - others).max(axis=-1)
    return float(max(distance.min(axis=0).max(), distance.min(axis=1).max()))


def _game(worths: Floats) -> CoalitionGame:
    players = worths.shape[1].bit_length() - 1
    return CoalitionGame([f"player {i + 1}" for i in range(players)], worths)


def _size(table: Floats) -> float:
    return max(1.0, float(abs(table).max()))
