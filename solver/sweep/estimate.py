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
    before, until one takes a fifth of a second or is a chunk; the last one counts, by when all is
    compiled. Cells that are harder than those are not foreseen, nor is a slow disk.
    """
    most = min(made.chunk, made.cells)
    count = min(FIRST, most)
    made.solve_cells(0, 1)  # what is loaded at first use
    while True:
        start = (made.cells - count) // 2
        begun = time.perf_counter()
        cells = made.solve_cells(start, start + count)
        part = parts.from_cells(start, cells, made.keep)
        file = io.BytesIO()
        encode(part, file, "")
        spent = time.perf_counter() - begun
        if spent > LONG_ENOUGH or count == most:
            break
        count = min(4 * count, most)
    threads = min(get_threads() if jobs is None else jobs, made.chunks)
    share = made.cells / count
    return Estimate(spent * share / threads, round(file.tell() * share), threads, count)
