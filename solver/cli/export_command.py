"""``coopet export``: a sweep as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from solver.sweep.export import KINDS, export
from solver.sweep.stored import Bounds, finished, read_spec


@click.command("export")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="FILE.csv, .parquet, .nc (NetCDF) or .zarr.",
)
@click.option(
    "--table",
    type=click.Choice(KINDS),
    default="points",
    show_default=True,
    help="A row per cell, per equilibrium, or per regime and outcome.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def command(out: Path, target: Path, table: str, *, force: bool) -> None:
    """Write the sweep in the directory OUT as one file.

    Tables (.csv, .parquet) begin with the number of the cell and the varied parameters; what is
    not there, such as the payoff of a cell without equilibrium, is empty. They are streamed, so
    that a sweep of any size can be exported. NetCDF and Zarr hold the labelled arrays that Python
    has from open_sweep, which must fit into memory, and need coopet[export].

    \b
    Examples:
      coopet export map --to map.csv
      coopet export map --to equilibria.parquet --table equilibria
      coopet export map --to summary.csv --table summary
    """
    count = export(out, target, table=table, force=force)
    word = {"points": "cells", "equilibria": "equilibria", "summary": "rows"}[table]
    click.echo(f"{target} written: {count:,} {word}")
    bounds = Bounds.of(read_spec(out), out)
    missing = bounds.chunks - len(finished(out))
    if missing > 0:
        what = "are PENDING in it" if target.suffix in {".nc", ".zarr"} else "are left out"
        click.echo(
            f"the sweep is not finished: cells of {missing:,} of {bounds.chunks:,} chunks {what}",
            err=True,
        )
