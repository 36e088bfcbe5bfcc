"""Logit equilibria of random games at precision 1, and at fifty precisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import solver
from benchmarks import games, peers
from benchmarks.games import Games
from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver.concepts.logit_paths import logit_grid

Floats = NDArray[np.float64]

#: Largest difference of a probability: the peer stops within 1e-8 of the precision asked for.
TOLERANCE = 1e-7
#: From above 0, where the peer does not come to an end.
GRID = np.linspace(0.1, 5.0, 50)


def _at_one(given: Games) -> Floats:
    found = solver.logit(given.form)
    return _rows(found, 1)


def _on_grid(given: Games) -> Floats:
    return _rows(logit_grid(given.form, GRID), len(GRID))


def _rows(found: solver.Equilibria, points: int) -> Floats:
    """(G, P, m + n), certified."""
    return found.check().profiles.reshape(-1, points, found.profiles.shape[1])


def _peer(precisions: Sequence[float]) -> Side:
    def solve(given: Games) -> list[Any]:
        from pygambit.qre import logit_solve_lambda

        wanted = list(precisions)
        return [logit_solve_lambda(game, wanted) for game in given.peers[peers.PYGAMBIT]]

    return Side(
        name=peers.PYGAMBIT,
        measure=rate(solve, lambda given: len(given.peers[peers.PYGAMBIT])),
        answers=lambda found, limit: [
            np.array([_mixture(point.profile) for point in game]) for game in found[:limit]
        ],
        missing=lambda: peers.absent(peers.PYGAMBIT),
    )


def _mixture(profile: Any) -> Floats:
    names = profile.game.players
    return np.array([float(p) for name in names for p in dict(profile[name]).values()])


def _same(case: Case, results: Results) -> list[str]:
    """Compare with the peer, game by game and precision by precision."""
    peer = case.peers[0]
    if (peer.name, 1) not in results or peer.answers is None:
        return []
    theirs = peer.answers(results[peer.name, 1], len(results[peer.name, 1]))
    for threads in case.ours[0].threads:
        ours = results[case.ours[0].name, threads]
        for game, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
            if np.abs(mine - other).max() > TOLERANCE:
                raise CheckError(
                    f"game {game}: {peer.name} gives {other.tolist()}, ours gives {mine.tolist()}"
                )
    return []


def _case(size: int, *, grid: bool, sizes: Sizes, alone: float, both: float) -> Case:
    side = Side(
        name="solver.logit_grid" if grid else "solver.logit",
        measure=rate(_on_grid if grid else _at_one, lambda given: len(given.A)),
        threads=(1, 2),
    )

    def make(given: Sizes, number: int) -> Games:
        made = games.random_games(given, number, size, size)
        return peers.with_objects(made, {peers.PYGAMBIT: given["pygambit"]})

    what = "at 50 precisions from 0.1 to 5" if grid else "at precision 1"
    return Case(
        name=f"logit-{'grid-' if grid else ''}{size}x{size}",
        summary=f"logit equilibria of random {size}x{size} games {what}",
        unit="games/s",
        sizes=sizes,
        smoke={"games": 300, "pygambit": 5, "rounds": 2},
        make=make,
        ours=(side,),
        peers=(_peer(GRID.tolist() if grid else [1.0]),),
        check=_same,
        targets=tuple(
            Target(side=side.name, threads=threads, against=peers.PYGAMBIT, at_least=times)
            for threads, times in ((1, alone), (2, both))
        ),
    )


for _size in (2, 3, 4, 5):
    _sizes = {"games": 50_000, "pygambit": 100, "rounds": 5}
    register(_case(_size, grid=False, sizes=_sizes, alone=50.0, both=80.0))
for _size in (2, 5):
    _sizes = {"games": 5_000, "pygambit": 50, "rounds": 5}
    register(_case(_size, grid=True, sizes=_sizes, alone=50.0, both=80.0))
