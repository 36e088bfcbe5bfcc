"""``coopet plot``: a picture of a sweep, or of a game that is solved for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solver import views
from solver.cli.options import method_option, read_settings, set_option
from solver.cli.progress import announce_compiling
from solver.cli.targets import find_game
from solver.errors import AxisError, ParameterError, StoreError, TargetError
from solver.game import Game
from solver.sweep.axes import parse
from solver.sweep.compare import compare
from solver.sweep.design import Grid
from solver.sweep.point import point
from solver.sweep.store import open_sweep

if TYPE_CHECKING:
    import xarray as xr


@click.command("plot")
@click.argument("subject", metavar="OUT|TARGET")
@click.option(
    "--view",
    default="regimes",
    show_default=True,
    metavar="NAME",
    help="Which picture: regimes or coopetition of a sweep; tree, threat, frontier or core of a"
    " game.",
)
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="FIG.svg, .png or .pdf."
)
@click.option("--force", is_flag=True, help="Replace the picture if it exists.")
@set_option
@click.option(
    "--axis",
    "axes",
    multiple=True,
    metavar="AXIS",
    help="Of --view threat: NAME=LOW:HIGH:COUNT, NAME=LOW:HIGH:COUNT:log or NAME=a,b,c.",
)
@click.option(
    "--concept",
    "concepts",
    multiple=True,
    metavar="NAME",
    help="Solution concept; of threat, frontier and core repeatable, by default all that apply.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="NAME=VALUE",
    help="Of --view threat: the value at which there is no threat, such as nre=inf (repeatable).",
)
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
    axes: Sequence[str],
    concepts: Sequence[str],
    without: Sequence[str],
    method: str | None,
    equilibrium: int,
    *,
    force: bool,
) -> None:
    """Draw the sweep in the directory OUT, or solve the game TARGET and draw it.

    \b
    Of a sweep:  regimes      where each regime holds, and the price
                 coopetition  gap, advantage and patience: sweep with --add coopetition
    Of a game:   tree         who moves where, and what is played
                 threat       the price along an axis under several concepts
                 frontier     a bargain of two and its solutions
                 core         a coalition game of three, its core and values
    Boundaries between regimes are drawn by coopet threshold.

    \b
    Examples:
      coopet plot map -o map.png
      coopet plot build_tree --view tree --set nre=500 -o tree.svg
      coopet plot bargain --view threat --axis nre=0:20000:201 --without nre=inf -o threat.png
      coopet plot bargain --view frontier --set nre=5000 -o frontier.png
    """
    views.check(view, out)
    if out.exists() and not force:
        raise StoreError(f"{out} exists: choose another name, or --force to replace it")
    _require_meaning(view, settings, axes, concepts, without, method)
    if view in views.OF_POINTS:
        dataset = _point(subject, settings, concepts, method)
    elif view in views.OF_CONCEPTS:
        dataset = _compared(subject, view, settings, axes, concepts, without)
    else:
        dataset = open_sweep(Path(subject))
    views.draw(dataset, view, out, slot=equilibrium - 1)
    click.echo(f"{out} written")


def _point(
    target: str, settings: Sequence[str], concepts: Sequence[str], method: str | None
) -> xr.Dataset:
    game = _game(target, "tree")
    if len(concepts) > 1:
        raise ParameterError(f"--concept {concepts[1]}: the view tree shows one concept")
    values: dict[str, Any] = dict(read_settings(settings, game))
    return point(game, concept=concepts[0] if concepts else None, method=method, **values)


def _compared(  # noqa: PLR0913, PLR0917  one argument per option
    target: str,
    view: str,
    settings: Sequence[str],
    axes: Sequence[str],
    concepts: Sequence[str],
    without: Sequence[str],
) -> xr.Dataset:
    if view in views.ALONG and len(axes) != 1:
        raise AxisError(f"{len(axes)} axes: the view {view} needs one --axis NAME=LOW:HIGH:COUNT")
    game = _game(target, view)
    design = Grid(tuple(parse(text) for text in axes))
    values: dict[str, Any] = dict(read_settings(settings, game))
    kind, wanted = game.form(game.bind()).kind, views.KINDS.get(view)
    if wanted not in {None, kind}:
        raise TargetError(f"view {view} draws {wanted} games, and {game.name} is a {kind} one")
    gone = read_settings(without, game, "--without") or None
    asked = concepts or views.OF_CONCEPTS[view]
    return compare(game, asked, without=gone, design=design, **values)


def _game(target: str, view: str) -> Game:
    announce_compiling()
    if Path(target).is_dir():
        raise TargetError(f"{target} is a folder: the view {view} draws a game, by name or file")
    return find_game(target)


def _require_meaning(  # noqa: PLR0913, PLR0917  one argument per option
    view: str,
    settings: Sequence[str],
    axes: Sequence[str],
    concepts: Sequence[str],
    without: Sequence[str],
    method: str | None,
) -> None:
    """Raise ParameterError for options that have no meaning for a view."""
    solved = view in views.OF_POINTS or view in views.OF_CONCEPTS
    given: dict[str, tuple[object, bool]] = {
        "--set": (settings, solved),
        "--concept": (concepts, solved),
        "--method": (method, view in views.OF_POINTS),
        "--axis": (axes, view in views.ALONG),
        "--without": (without, view in views.ALONG),
    }
    for option, (value, meaningful) in given.items():
        if value and not meaningful:
            draws = "one point of a game" if solved else "a sweep"
            draws = "each concept by its first method" if option == "--method" and solved else draws
            raise ParameterError(f"{option} has no meaning for --view {view}, which draws {draws}")
