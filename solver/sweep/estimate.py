"""What a sweep will take, from solving a few of its cells."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import final

from solver._threads import get_threads
from solver.sweep import parts
from solver.sweep.parquet import encode
from solver.sweep.plan import Plan

#: Cells of the first probe, and how long the last one takes at the least, in seconds.
FIRST, LONG_ENOUGH = 256, 0.2


@final
@dataclass(frozen=True)
class Estimate:
    """Of a whole sweep: seconds of work on so many threads, bytes on disk; from so many cells."""

    seconds: float
    bytes: int
    jobs: int
    probed: int


def estimate(made: Plan, jobs: int | None = None) -> Estimate:
    """Solve a few cells and say what all of them will take.

    Notes
    -----
    Probes are contiguous cells from the middle of the sweep, each four times as many as the one
    before, until one takes a fifth of a second or is a chunk; the last one counts, and is made
    twice. Cells that are harder than those are not foreseen, nor is a slow disk.
    """
    most = min(made.chunk, made.cells)
    count = min(FIRST, most)
    while True:
        spent, taken = _probe(made, count)
        if spent > LONG_ENOUGH or count == most:
            break
        count = min(4 * count, most)
    # Once more, because the first time may have loaded libraries or compiled a kernel.
    spent = min(spent, _probe(made, count)[0])
    threads = min(get_threads() if jobs is None else jobs, made.chunks)
    share = made.cells / count
    return Estimate(spent * share / threads, round(taken * share), threads, count)


def _probe(made: Plan, count: int) -> tuple[float, int]:
    """Seconds and bytes of some cells."""
    start = (made.cells - count) // 2
    begun = time.perf_counter()
    cells = made.solve_cells(start, start + count)
    file = io.BytesIO()
    encode(parts.from_cells(start, cells, made.keep), file, "")
    return time.perf_counter() - begun, file.tell()
