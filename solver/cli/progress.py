"""A progress bar on stderr, for work of more than a second and for people only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from solver._jit import on_compiling

PATIENCE = 1.0  # seconds before a bar appears


def announce_compiling() -> None:
    """Tell people, on stderr, why the first large game on a machine takes long."""
    if sys.stderr.isatty():
        message = "compiling kernels, once on this machine: up to half a minute (coopet warmup)"
        on_compiling(lambda: click.echo(message, err=True))


@contextmanager
def reporting(total: int, label: str) -> Iterator[tuple[Callable[[int], None], Callable[[], int]]]:
    """Yield a function to be told of finished cells, and one that says how many there are."""
    begun = time.monotonic()
    finished = 0
    bar: Any = None
    task: Any = None

    def advance(cells: int) -> None:
        nonlocal finished, bar, task
        finished += cells
        late = time.monotonic() - begun > PATIENCE
        if bar is None and late and finished < total and sys.stderr.isatty():
            bar, task = _bar(total, label)
        if bar is not None:
            bar.update(task, completed=finished)

    try:
        yield advance, lambda: finished
    finally:
        if bar is not None:
            bar.stop()


def _bar(total: int, label: str) -> tuple[Any, Any]:
    from rich.console import Console  # noqa: PLC0415  50 ms, for long work only
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.start()
    return bar, bar.add_task(label, total=total)
