"""Values and strategies of random zero-sum games, from payoff arrays to certified answers."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

import solver
from benchmarks import games
from benchmarks.agreement import same_equilibria
from benchmarks.games import Floats, Games
from benchmarks.measuring import rate
from benchmarks.registry import Case, Side, Sizes, Target, register
from solver.concepts.minimax import minimax

MINMAX = "quantecon, minmax"


def _solve(given: Games) -> solver.Equilibria:
    return minimax(given.form)


def _solve_and_read(given: Games) -> solver.Equilibria:
    return games.read(minimax(given.form))


def _minmax(given: Games) -> list[Any]:
    call = import_module("quantecon.optimize").minmax
    return [call(payoffs) for payoffs in given.peers[MINMAX]]


def _profiles(found: list[Any], limit: int) -> list[Floats]:
    return [np.concatenate((x, y))[None] for _, x, y in found[:limit]]


OURS = Side(
    name="solver.minimax",
    measure=rate(_solve, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)
READ = Side(
    name="solver.minimax, all arrays read",
    measure=rate(_solve_and_read, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)
PEER = Side(
    name=MINMAX,
    measure=rate(_minmax, lambda given: len(given.peers[MINMAX])),
    answers=_profiles,
    missing=lambda: "" if find_spec("quantecon") else "quantecon is not installed",
)


def _case(size: int, sizes: Sizes, alone: float | None, both: float) -> Case:
    def make(given: Sizes, number: int) -> Games:
        A = games.random_games(given, number, size, size).A
        return Games(A, -A, {MINMAX: list(A[: given["quantecon"]])})

    targets = [Target(side=OURS.name, threads=2, against=PEER.name, at_least=both)]
    if alone is not None:
        targets.append(Target(side=OURS.name, against=PEER.name, at_least=alone))
    few = max(2, 200 // size)
    return Case(
        name=f"zero-sum-{size}x{size}",
        summary=f"value and optimal strategies of random {size}x{size} zero-sum games",
        unit="games/s",
        sizes=sizes,
        smoke={"games": few, "quantecon": 2, "rounds": 2},
        make=make,
        ours=(OURS, READ),
        peers=(PEER,),
        check=same_equilibria,
        targets=tuple(targets),
    )


def _sizes(number: int, quantecon: int, rounds: int) -> Sizes:
    return {"games": number, "quantecon": quantecon, "rounds": rounds}


register(_case(3, _sizes(500_000, 10_000, 7), 30.0, 50.0))
register(_case(10, _sizes(50_000, 5_000, 7), None, 15.0))
register(_case(50, _sizes(500, 100, 7), None, 4.0))
register(_case(200, _sizes(20, 10, 5), None, 2.0))
