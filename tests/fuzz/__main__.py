"""The command: spoiled game files against the readers.

    python -m tests.fuzz --files 100000 --seed 1

Each file must be read as a game, which is then the same after it was written, or be refused by a
FormatError that tells line and column; within a second of processor time and 500 MB. The same seed
and number make the same file. Exit status 1 if any does otherwise; ``--only K`` prints file K.
"""

from __future__ import annotations

import sys
import time

import click

from tests.fuzz.mutants import SHARES, mutant
from tests.fuzz.running import MOST_MEGABYTES, read_all, run


@click.command()
@click.option("--files", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--jobs", default=None, type=int, help="Processes; all cores.")
@click.option("--only", default=None, type=int, help="Print the file of this number.")
def main(files: int, seed: int, jobs: int | None, only: int | None) -> None:
    """Read spoiled game files."""
    if only is not None:
        click.echo(mutant(seed, only).content, nl=False)
        click.echo(read_all(seed, only, only + 1).failures or "fine", err=True)
        return
    start = time.perf_counter()
    tally = run(files, seed, jobs, Progress(files))
    for number, why in tally.failures:
        click.echo(f"file {number} of seed {seed}:\n{why}\n")
    for suffix in SHARES:
        parts = [f"{tally.count[suffix, v]:,} {v}" for v in ("read", "refused", "failed")]
        click.echo(f"{suffix:<6} {', '.join(parts)}")
    seconds, number = tally.slowest
    click.echo(f"slowest: file {number} in {seconds:.2f} s, written and read again included")
    click.echo(
        f"memory: at most {tally.megabytes:.0f} MB more in a process, {MOST_MEGABYTES} allowed"
    )
    failed = tally.failed + (tally.megabytes > MOST_MEGABYTES)
    seconds = time.perf_counter() - start
    click.echo(f"{files:,} files, seed {seed}, in {seconds:,.0f} s: {failed or 'none'} failed")
    sys.exit(int(failed > 0))


class Progress:
    """A line on stderr now and then."""

    def __init__(self, files: int) -> None:
        self.files, self.start, self.last = files, time.perf_counter(), 0.0

    def __call__(self, done: int) -> None:
        """`done` files are read."""
        seconds = time.perf_counter() - self.start
        if seconds - self.last >= 20.0:
            self.last = seconds
            sys.stderr.write(f"{done:,} of {self.files:,} files, {done / seconds:,.0f} a second\n")
            sys.stderr.flush()


if __name__ == "__main__":
    main()
