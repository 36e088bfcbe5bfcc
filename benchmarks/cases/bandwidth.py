"""How much of the memory bandwidth the 2×2 kernel uses, next to numpy's copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks import games
from benchmarks.agreement import same_equilibria
from benchmarks.games import Buffers
from benchmarks.measuring import rate
from benchmarks.registry import Case, Side, Sizes, Target, register
from solver._threads import over_ranges
from solver.concepts._rows import SMALLEST_RANGE

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Memory:
    """What both sides move: the kernel's buffers, and arrays of about as many bytes to copy."""

    buffers: Buffers
    source: Floats
    copy: Floats


def _make(sizes: Sizes, number: int) -> Memory:
    buffers = Buffers(games.random_games(sizes, number, 2, 2))
    source = np.ones(6 * sizes["games"])
    return Memory(buffers, source, np.zeros_like(source))


def _copy(memory: Memory) -> None:
    def work(low: int, high: int) -> None:
        np.copyto(memory.copy[low:high], memory.source[low:high])

    over_ranges(len(memory.source), SMALLEST_RANGE, work)


KERNEL = Side(
    name="2x2 kernel",
    # The bytes written depend on the equilibria found: they are counted after the call.
    measure=rate(lambda given: given.buffers.solve(), lambda given: given.buffers.moved() / 1e9),
    threads=(1, 2),
    answers=games.buffer_answers,
)
NASH = Side(
    name="solver.nash",
    measure=rate(
        lambda given: games.nash(given.buffers.games), lambda given: given.buffers.moved() / 1e9
    ),
    threads=(1, 2),
    answers=games.answers,
)
COPY = Side(
    name="numpy.copyto",
    measure=rate(_copy, lambda given: (given.source.nbytes + given.copy.nbytes) / 1e9),
    threads=(1, 2),
)

register(
    Case(
        name="bandwidth-2x2",
        summary="bytes read and written by the 2x2 kernel, against copying",
        unit="GB/s",
        sizes={"games": 1_000_000, "rounds": 15},
        smoke={"games": 10_000, "rounds": 2},
        make=_make,
        ours=(KERNEL, NASH),
        peers=(COPY,),
        check=same_equilibria,
        comparison="percent",
        targets=tuple(
            Target(side=KERNEL.name, threads=threads, against=COPY.name, at_least=80.0)
            for threads in (1, 2)
        ),
    )
)
