"""Every family in every shape: truths from several processes, answers from this one."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np

from tests.differential.comparing import Report, Solver, Trouble, compare
from tests.differential.families import Games, draw
from tests.differential.truth import Truth, truths

#: Games that a process takes at a time, and failing games that a tally keeps.
SHARE, KEPT = 25, 3
NONE = Trouble()


@dataclass
class Tally:
    """One family in one shape."""

    family: str
    shape: tuple[int, int]
    games: int = 0
    degenerate: int = 0
    equilibria: int = 0
    failed: int = 0
    trouble: Trouble = NONE
    examples: list[tuple[Games, int, Report]] = field(default_factory=list)

    def add(self, games: Games, index: int, report: Report) -> None:
        self.games += 1
        self.degenerate += report.truth.degenerate
        self.equilibria += len(report.truth.profiles)
        self.trouble = Trouble(*np.add(self.trouble, report.trouble).tolist())
        if report.trouble:
            self.failed += 1
            if len(self.examples) < KEPT:
                self.examples.append((games, index, report))


def run(
    solve: Solver,
    games: int,
    seed: int,
    families: list[str],
    shapes: list[tuple[int, int]],
    jobs: int | None = None,
    progress: Callable[[int], object] = int,
) -> Iterator[Tally]:
    """Compare `games` games in all; with one job, in this process alone.

    All games of one shape, whatever their families, are solved by one call on all threads.
    """
    cells = [(family, shape) for shape in shapes for family in families]
    counts = [len(part) for part in np.array_split(np.arange(games), len(cells))]
    drawn = [draw(seed, *cell, count) for cell, count in zip(cells, counts, strict=True) if count]
    shares = (part for cell in drawn for part in _shares(cell))
    with ExitStack() as stack:
        if jobs == 1:
            found = map(truths, shares)
        else:
            # Not forked: numba has threads here, and its locks would be copied in any state.
            context = multiprocessing.get_context("spawn")
            pool = stack.enter_context(context.Pool(jobs or os.cpu_count()))
            found = pool.imap(truths, shares)
        exact = _counted(chain.from_iterable(found), progress)
        for shape in shapes:
            same = [cell for cell in drawn if cell.shape == shape]
            if same:
                yield from _tallies(solve, same, exact)


def _tallies(solve: Solver, cells: list[Games], exact: Iterator[Truth]) -> Iterator[Tally]:
    """One for each of the cells, which are of the same shape."""
    reports = compare(solve, cells, list(islice(exact, sum(len(cell.A) for cell in cells))))
    for games in cells:
        tally = Tally(games.family, games.shape)
        for index, report in zip(range(len(games.A)), reports, strict=False):
            tally.add(games, index, report)
        yield tally


def _counted(exact: Iterator[Truth], progress: Callable[[int], object]) -> Iterator[Truth]:
    for done, truth in enumerate(exact, 1):
        progress(done)
        yield truth


def _shares(games: Games) -> Iterator[list]:
    pairs = list(zip(games.A, games.B, strict=True))
    for start in range(0, len(pairs), SHARE):
        yield pairs[start : start + SHARE]
