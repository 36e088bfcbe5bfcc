"""All equilibria of random two-player games, from payoff arrays to certified answers."""

from __future__ import annotations

from benchmarks import games, peers
from benchmarks.agreement import same_equilibria
from benchmarks.games import Buffers, Games
from benchmarks.measuring import rate
from benchmarks.registry import Case, Side, Sizes, Target, register

OURS = Side(
    name="solver.nash",
    measure=rate(games.nash, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)
READ = Side(
    name="solver.nash, all arrays read",
    measure=rate(games.nash_read, lambda given: len(given.A)),
    threads=(1, 2),
    answers=games.answers,
)


def _kernel(given: Games) -> tuple[float, object]:
    buffers = Buffers(given)
    return rate(Buffers.solve, lambda _: len(given.A))(buffers)


KERNEL = Side(
    name="bare kernel, memory at hand",
    measure=_kernel,
    threads=(1, 2),
    answers=games.buffer_answers,
)


def _case(size: int, sizes: Sizes, target: Target, *more: Side) -> Case:
    def make(given: Sizes, number: int) -> Games:
        counts = {name: given[name.partition(",")[0]] for name in peers.BUILDERS}
        return peers.with_objects(games.random_games(given, number, size, size), counts)

    return Case(
        name=f"nash-{size}x{size}",
        summary=f"all Nash equilibria of random {size}x{size} games",
        unit="games/s",
        sizes=sizes,
        smoke={"games": 5_000, "quantecon": 50, "pygambit": 20, "nashpy": 20, "rounds": 2},
        make=make,
        ours=(OURS, READ, *more),
        peers=(
            *peers.quantecon("support_enumeration", peers.profile_answers),
            peers.pygambit("enummixed_solve", rational=False),
            # It tests equilibria by equality of floats, and loses some from three actions on.
            peers.nashpy(misses=size > 2),
        ),
        check=same_equilibria,
        targets=(target,),
    )


def _target(threads: int, times: float) -> Target:
    return Target(side=OURS.name, threads=threads, against=peers.QUANTECON, at_least=times)


register(
    _case(
        2,
        {"games": 1_000_000, "quantecon": 20_000, "pygambit": 2_000, "nashpy": 1_000, "rounds": 9},
        _target(2, 1000.0),
        KERNEL,
    )
)
register(
    _case(
        3,
        {"games": 1_000_000, "quantecon": 10_000, "pygambit": 1_000, "nashpy": 300, "rounds": 7},
        _target(1, 60.0),
    )
)
register(
    _case(
        4,
        {"games": 1_000_000, "quantecon": 5_000, "pygambit": 500, "nashpy": 100, "rounds": 5},
        _target(2, 15.0),
    )
)
