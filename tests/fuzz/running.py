"""Reads mutants, and says of each whether it is a game, is refused as it should be, or fails."""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from solver import read_game
from solver.errors import FormatError
from solver.formats import GameFile, rendered
from solver.formats._text import read_text
from solver.forms.normal import NormalForm
from tests.fuzz.mutants import mutant

#: What a file may take: seconds of processor time, and megabytes beyond what an idle process has.
MOST_SECONDS, MOST_MEGABYTES = 1.0, 500
#: Files that a process takes at a time, and failures that are kept.
SHARE, KEPT = 250, 10

#: A place, LINE:COLUMN; where JSON is no game, the key or the path of the value instead.
PLACED = re.compile(r"(?:g\.[a-z]+:\d+:\d+: |g\.json: )\S")


class Slow(Exception):  # noqa: N818  it is no error of the reader
    """A file takes longer than it may."""


@dataclass
class Tally:
    """What became of some files."""

    count: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    failed: int = 0
    slowest: tuple[float, int] = (0.0, -1)
    megabytes: float = 0.0

    def add(self, other: Tally) -> None:
        """Count the files of another one too."""
        self.count.update(other.count)
        self.failures = (self.failures + other.failures)[:KEPT]
        self.failed += other.failed
        self.slowest = max(self.slowest, other.slowest)
        self.megabytes = max(self.megabytes, other.megabytes)


def run(files: int, seed: int, jobs: int | None, progress: Callable[[int], None]) -> Tally:
    """Read mutants 0 to `files` - 1 of a seed, in several processes."""
    starts = [(seed, start, min(files, start + SHARE)) for start in range(0, files, SHARE)]
    total = Tally()
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs or os.cpu_count(), _limit, maxtasksperchild=40) as pool:
        for tally in pool.imap_unordered(_share, starts):
            total.add(tally)
            progress(sum(total.count.values()))
    return total


def _limit() -> None:
    """Refuse memory to this process beyond what it has now and what a file may take."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST_MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _share(task: tuple[int, int, int]) -> Tally:
    return read_all(*task)


def read_all(seed: int, start: int, stop: int) -> Tally:
    """Read some mutants in this process."""
    tally = Tally()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder, within(Path(folder)):
        for number in range(start, stop):
            suffix, content = mutant(seed, number)
            began = process_time()
            verdict, why = judge(suffix, content)
            tally.slowest = max(tally.slowest, (process_time() - began, number))
            tally.count[suffix, verdict] += 1
            if verdict == "failed":
                tally.failed += 1
                tally.failures.append((number, why))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    tally.megabytes = grown / 1024
    return tally


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """A working directory, so that names in messages are short."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


def judge(suffix: str, content: bytes) -> tuple[str, str]:
    """``read``, ``refused`` or ``failed``, and why it failed."""
    path = Path(f"g{suffix}")
    path.write_bytes(content)
    try:
        with alarm():
            game = read_game(path)
    except FormatError as error:
        return ("refused", "") if _fine(str(error)) else ("failed", f"message {str(error)!r}")
    except (Exception, Slow):  # noqa: BLE001  whatever it is, it is a failure
        return "failed", traceback.format_exc(limit=-4)
    return _written(game, suffix)


def _fine(message: str) -> bool:
    return message.isprintable() and len(message) < 300 and PLACED.match(message) is not None


@contextmanager
def alarm() -> Iterator[None]:
    """Raise Slow after so many seconds of processor time."""

    def ring(*_: object) -> None:
        raise Slow

    old = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, old)


def _written(game: GameFile, suffix: str) -> tuple[str, str]:
    """What was read is the same again after it was written."""
    path = Path(f"h{suffix}")
    path.write_text(rendered(game, suffix), "utf-8", newline="")
    try:
        read_text(path)
        back = read_game(path)
    except FormatError as error:
        return "failed", f"not read back: {error}"
    same = (game.title, game.comment) == (back.title, back.comment)
    if same and _facts(game.form) == _facts(back.form):
        return "read", ""
    return "failed", "read back as another game"


def _facts(form: Any) -> tuple[Any, ...]:
    """All of a form but the names of inner nodes, which are kept apart in writing."""
    exact = form.fractions
    if isinstance(form, NormalForm):
        return form.players, form.actions, [array.tolist() for array in exact]
    tree = form.tree
    leaves = [tree.names[v] for v in tree.leaves.tolist()]
    return (
        tree.players, tree.parent, tree.mover, tree.infoset, tree.branch, tree.infosets, leaves,
        exact.payoffs.tolist(), exact.chance.tolist(), np.shape(form.payoffs),
    )  # fmt: skip
