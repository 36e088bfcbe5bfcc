"""``coopet plot``: a picture of a sweep."""

from __future__ import annotations

from pathlib import Path

import click

from solver import views
from solver.errors import StoreError
from solver.sweep.store import open_sweep


@click.command("plot")
@click.argument("sweep", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--view", default="regimes", show_default=True, metavar="NAME", help="Which picture.")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="FIG.svg, .png or .pdf."
)
@click.option("--force", is_flag=True, help="Replace the picture if it exists.")
def command(sweep: Path, view: str, out: Path, *, force: bool) -> None:
    """Draw the sweep in the directory OUT.

    \b
    Example:
      coopet plot map -o map.png
    """
    views.check(view, out)
    if out.exists() and not force:
        raise StoreError(f"{out} exists: choose another name, or --force to replace it")
    views.draw(open_sweep(sweep), view, out)
    click.echo(f"{out} written")
