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


#: Sizes up to which these peers answer in reasonable time.
NASHPY_UP_TO, PYGAMBIT_UP_TO = 4, 6
#: Sizes from which quantecon's vertex enumeration may be its faster way.
VERTICES_FROM = 5


def _peers(size: int) -> tuple[Side, ...]:
    sides = [*peers.quantecon("support_enumeration", peers.profile_answers)]
    if size <= PYGAMBIT_UP_TO:
        sides.append(peers.pygambit("enummixed_solve", rational=False))
    if size >= VERTICES_FROM:
        sides.append(peers.quantecon_vertices())
    if size <= NASHPY_UP_TO:
        # It tests equilibria by equality of floats, and loses some from three actions on.
        sides.append(peers.nashpy(misses=size > 2))
    return tuple(sides)


def _case(size: int, sizes: Sizes, targets: tuple[Target, ...], *more: Side) -> Case:
    def make(given: Sizes, number: int) -> Games:
        counts = {name: given[name.partition(",")[0]] for name in peers.BUILDERS}
        return peers.with_objects(games.random_games(given, number, size, size), counts)

    return Case(
        name=f"nash-{size}x{size}",
        summary=f"all Nash equilibria of random {size}x{size} games",
        unit="games/s",
        sizes=sizes,
        smoke=_smoke(size),
        make=make,
        ours=(OURS, READ, *more),
        peers=_peers(size),
        check=same_equilibria,
        targets=targets,
    )


def _smoke(size: int) -> Sizes:
    games = 5_000 if size < VERTICES_FROM else 50
    few = 50 if size < VERTICES_FROM else 2
    return {"games": games, "quantecon": few, "pygambit": 2, "nashpy": 20, "rounds": 2}


def _sizes(games: int, quantecon: int, pygambit: int, nashpy: int, rounds: int) -> Sizes:
    counts = {"quantecon": quantecon, "pygambit": pygambit, "nashpy": nashpy}
    return {"games": games, **counts, "rounds": rounds}


def _targets(alone: float, both: float, *against: str) -> tuple[Target, ...]:
    """Ratios on one thread and on two, against each of these peers."""
    return tuple(
        Target(side=OURS.name, threads=threads, against=peer, at_least=times)
        for peer in against
        for threads, times in ((1, alone), (2, both))
    )


def _rate(at_least: float) -> Target:
    return Target(side=OURS.name, threads=2, at_least=at_least)


def _tied() -> Case:
    def make(given: Sizes, number: int) -> Games:
        made = games.tied_games(given, number, 3, 3)
        return peers.with_objects(made, {peers.PYGAMBIT: given["pygambit"]})

    return Case(
        name="nash-3x3-ties",
        summary="all extreme Nash equilibria of 3x3 games with payoffs 0 to 3",
        unit="games/s",
        sizes={"games": 1_000_000, "pygambit": 1_000, "rounds": 7},
        smoke={"games": 5_000, "pygambit": 20, "rounds": 2},
        make=make,
        ours=(OURS, READ),
        peers=(peers.pygambit("enummixed_solve", rational=False),),
        check=same_equilibria,
        targets=(*_targets(80.0, 150.0, peers.PYGAMBIT), _rate(1e5)),
    )


SE, VE = peers.QUANTECON, peers.VERTICES
TWO = Target(side=OURS.name, threads=2, against=SE, at_least=1000.0)

register(_case(2, _sizes(1_000_000, 20_000, 2_000, 1_000, 9), (TWO,), KERNEL))
register(
    _case(
        3,
        _sizes(1_000_000, 10_000, 1_000, 300, 7),
        (*_targets(80.0, 150.0, SE), _rate(5e5)),
    )
)
register(_case(4, _sizes(500_000, 5_000, 500, 100, 7), _targets(25.0, 40.0, SE)))
register(_case(5, _sizes(200_000, 1_000, 200, 0, 5), _targets(12.0, 20.0, SE, VE)))
register(_case(6, _sizes(60_000, 300, 50, 0, 5), _targets(18.0, 30.0, SE, VE)))
register(_case(8, _sizes(10_000, 30, 0, 0, 5), _targets(7.0, 12.0, SE, VE)))
register(_case(10, _sizes(1_000, 5, 0, 0, 5), _targets(6.0, 10.0, SE, VE)))
register(_tied())
