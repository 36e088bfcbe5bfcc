"""One equilibrium of random two-player games by Lemke and Howson's paths, against quantecon's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import solver
from benchmarks import games, peers
from benchmarks.games import Games
from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver.concepts._lemke_howson import LemkeHowson
from solver.concepts._rows import regrets

#: Regret, of the payoff range, that an answer may have.
TOLERANCE = 1e-9
#: Its cap on pivots, as it recommends for large games, from this size on.
CAPPING, CAPPED_FROM = 10, 30


def _one(given: Games) -> solver.Equilibria:
    return solver.nash(given.form, "lemke-howson")


def _first_label(given: Games) -> solver.Equilibria:
    return solver.nash(given.form, LemkeHowson(label=0))


OURS = Side(
    name="solver.nash, lemke-howson",
    measure=rate(_one, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)
#: The same path as the peer's, to its end.
PATH = Side(
    name="solver.nash, path of label 0",
    measure=rate(_first_label, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)


def _peer(size: int) -> Side:
    options = {"capping": CAPPING} if size >= CAPPED_FROM else {}

    def alone(given: Games) -> list[Any]:
        from quantecon.game_theory import lemke_howson

        return [lemke_howson(game, **options) for game in given.peers[peers.QUANTECON]]

    def answers(found: Sequence[Any], limit: int) -> list[Any]:
        return [np.concatenate(profile)[None] for profile in found[:limit]]

    return Side(
        name=peers.QUANTECON,
        measure=rate(alone, lambda given: len(given.peers[peers.QUANTECON])),
        answers=answers,
        missing=lambda: "" if peers.find_spec("quantecon") else "quantecon is not installed",
    )


def _case(size: int, count: int, theirs: int, targets: tuple[float, float], *more: Side) -> Case:
    def make(given: Sizes, number: int) -> Games:
        made = games.random_games(given, number, size, size)
        return peers.with_objects(made, {peers.QUANTECON: given["quantecon"]})

    def certified(case: Case, results: Results) -> list[str]:
        """Every side gives one equilibrium of each game: not the same one, where there are more."""
        form = make({**case.sizes, **_in_check(case, results)}, 0).form
        for side in (*case.ours, *case.peers):
            for threads in side.threads:
                if side.answers is None or (side.name, threads) not in results:
                    continue
                given = side.answers(results[side.name, threads], CHECKED)
                rows, owner = np.concatenate(given), np.repeat(
                    np.arange(len(given)), [len(rows) for rows in given]
                )  # fmt: skip
                worst = regrets(form, rows, owner)[1].max(initial=0.0)
                if any(len(rows) != 1 for rows in given) or not worst <= TOLERANCE:
                    raise CheckError(f"{side.name} has a regret of {worst:g}, or no answer")
        return []

    alone, both = targets
    return Case(
        name=f"one-{size}x{size}",
        summary=f"one Nash equilibrium of random {size}x{size} games",
        unit="games/s",
        sizes={"games": count, "quantecon": theirs, "rounds": 7},
        smoke={"games": min(count, 200), "quantecon": min(theirs, 3), "rounds": 2},
        make=make,
        ours=(OURS, *more),
        peers=(_peer(size),),
        check=certified,
        targets=tuple(
            Target(side=OURS.name, threads=threads, against=peers.QUANTECON, at_least=times)
            for threads, times in ((1, alone), (2, both))
        ),
    )


#: Games that are checked.
CHECKED = 500


def _in_check(case: Case, results: Results) -> Sizes:
    """The sizes that the games of the check were made with: all of them, or a smoke run's."""
    solved = len(results[OURS.name, 1].count)
    return case.sizes if solved == case.sizes["games"] else case.smoke


register(_case(3, 500_000, 5_000, (50.0, 80.0), PATH))
register(_case(10, 50_000, 2_000, (12.0, 20.0), PATH))
register(_case(30, 5_000, 200, (3.0, 5.0), PATH))
register(_case(100, 300, 20, (2.0, 2.0)))
register(_case(300, 40, 4, (2.0, 2.0)))
