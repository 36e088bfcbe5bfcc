"""``coopet plot``: a picture of a sweep, or of one point of a game."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solver import views
from solver.cli.options import concept_option, method_option, read_settings, set_option
from solver.cli.progress import announce_compiling
from solver.cli.targets import find_game
from solver.errors import ParameterError, StoreError, TargetError
from solver.sweep.point import point
from solver.sweep.store import open_sweep

if TYPE_CHECKING:
    import xarray as xr


@click.command("plot")
@click.argument("subject", metavar="OUT|TARGET")
@click.option("--view", default="regimes", show_default=True, metavar="NAME", help="Which picture.")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="FIG.svg, .png or .pdf."
)
@click.option("--force", is_flag=True, help="Replace the picture if it exists.")
@set_option
@concept_option
@method_option
@click.option(
    "--equilibrium", default=1, show_default=True, type=click.IntRange(1), metavar="K",
    help="Which one of several to draw.",
)  # fmt: skip
def command(  # noqa: PLR0913, PLR0917  one argument per option
    subject: str,
    view: str,
    out: Path,
    settings: Sequence[str],
    concept: str | None,
    method: str | None,
    equilibrium: int,
    *,
    force: bool,
) -> None:
    """Draw the sweep in the directory OUT, or with --view tree the game TARGET.

    \b
    Examples:
      coopet plot map -o map.png
      coopet plot build_tree --view tree --set nre=500 -o tree.svg
    """
    views.check(view, out)
    if out.exists() and not force:
        raise StoreError(f"{out} exists: choose another name, or --force to replace it")
    if view in views.OF_POINTS:
        dataset = _point(subject, settings, concept, method)
    else:
        _require_sweep(view, settings, concept, method)
        dataset = open_sweep(Path(subject))
    views.draw(dataset, view, out, slot=equilibrium - 1)
    click.echo(f"{out} written")


def _point(
    target: str, settings: Sequence[str], concept: str | None, method: str | None
) -> xr.Dataset:
    announce_compiling()
    if Path(target).is_dir():
        raise TargetError(f"{target} is a folder: the view tree draws a game, by name or file")
    game = find_game(target)
    values: dict[str, Any] = dict(read_settings(settings, game))
    return point(game, concept=concept, method=method, **values)


def _require_sweep(
    view: str, settings: Sequence[str], concept: str | None, method: str | None
) -> None:
    """Raise ParameterError for options that have no meaning for a sweep, which is solved."""
    given = {"--set": settings, "--concept": concept, "--method": method}
    for option, value in given.items():
        if value:
            raise ParameterError(f"{option} has no meaning for --view {view}, which draws a sweep")
