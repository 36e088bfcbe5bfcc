"""The command: random games against exact enumeration, with a table of what was different.

    python -m tests.differential --games 100000 --seed 1

Solves games of every family and shape, all of one shape in one call, and compares each game with
two exact oracles. The same seed and number draw the same games. Exit status 1 if anything differs;
the first few such games are printed as Python.
"""

from __future__ import annotations

import sys
import time

import click

from solver import nash
from tests.differential.families import FAMILIES, SHAPES
from tests.differential.running import Tally, run
from tests.differential.tables import example, table

#: Games that are printed in full.
EXAMPLES = 5


@click.command()
@click.option("--games", default=10_000, show_default=True, help="As many, shared by the families.")
@click.option("--seed", default=1, show_default=True)
@click.option("--jobs", default=None, type=int, help="Processes for the oracles; all cores.")
@click.option("--family", multiple=True, type=click.Choice(list(FAMILIES)), help="Repeatable.")
@click.option("--shape", multiple=True, metavar="MxN", help="Such as 3x5; repeatable.")
def main(
    games: int, seed: int, jobs: int | None, family: tuple[str, ...], shape: tuple[str, ...]
) -> None:
    """Compare all equilibria of random games with exact enumeration."""
    known = {f"{m}x{n}": (m, n) for m, n in SHAPES}
    for name in shape:
        if name not in known:
            raise click.BadParameter(f"{name} is none of {', '.join(known)}", param_hint="--shape")
    shapes = [known[name] for name in shape] or list(SHAPES)
    start = time.perf_counter()
    progress = Progress(games)
    tallies: dict[tuple[str, tuple[int, int]], Tally] = {}
    for tally in run(nash, games, seed, list(family) or list(FAMILIES), shapes, jobs, progress):
        tallies[tally.family, tally.shape] = tally
    examples = [one for tally in tallies.values() for one in tally.examples]
    for of_cell, index, report in examples[:EXAMPLES]:
        click.echo(example(of_cell, index, report, seed))
    click.echo(table(tallies))
    failed = sum(tally.failed for tally in tallies.values())
    seconds = time.perf_counter() - start
    click.echo(f"{games:,} games, seed {seed}, in {seconds:,.0f} s: {failed or 'none'} wrong")
    sys.exit(int(failed > 0))


class Progress:
    """A line on stderr now and then; the same line again on a terminal."""

    def __init__(self, games: int) -> None:
        self.games, self.start, self.last = games, time.perf_counter(), 0.0
        self.pause, self.end = (1.0, "\r") if sys.stderr.isatty() else (30.0, "\n")

    def __call__(self, done: int) -> None:
        """`done` games have their exact equilibria."""
        seconds = time.perf_counter() - self.start
        if seconds - self.last >= self.pause:
            self.last = seconds
            line = f"{done:,} of {self.games:,} games, {done / seconds:,.0f} a second"
            sys.stderr.write(f"{line:<60}{self.end}")
            sys.stderr.flush()


if __name__ == "__main__":
    main()
