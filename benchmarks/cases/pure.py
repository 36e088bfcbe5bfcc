"""All pure equilibria of random two-player games."""

from __future__ import annotations

from benchmarks import games, peers
from benchmarks.agreement import same_equilibria
from benchmarks.games import Games
from benchmarks.measuring import rate
from benchmarks.registry import Case, Side, Sizes, Target, register

OURS = Side(
    name="solver.pure_nash",
    measure=rate(games.pure, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)
READ = Side(
    name="solver.pure_nash, all arrays read",
    measure=rate(games.pure_read, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)


def _case(size: int) -> Case:
    def make(given: Sizes, number: int) -> Games:
        names = peers.QUANTECON, peers.BUILDING, peers.PYGAMBIT
        counts = {name: given[name.partition(",")[0]] for name in names}
        return peers.with_objects(games.random_games(given, number, size, size), counts)

    return Case(
        name=f"pure-{size}x{size}",
        summary=f"all pure equilibria of random {size}x{size} games",
        unit="games/s",
        sizes={"games": 1_000_000, "quantecon": 5_000, "pygambit": 2_000, "rounds": 7},
        smoke={"games": 5_000, "quantecon": 50, "pygambit": 20, "rounds": 2},
        make=make,
        ours=(OURS, READ),
        peers=(
            *peers.quantecon("pure_nash_brute", peers.pure_answers((size, size))),
            peers.pygambit("enumpure_solve"),
        ),
        check=same_equilibria,
        targets=(Target(side=OURS.name, threads=2, against=peers.QUANTECON, at_least=500.0),),
    )


for _size in (2, 3):
    register(_case(_size))
