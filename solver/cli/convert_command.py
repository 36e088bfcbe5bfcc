"""``coopet convert``: a game into a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from solver.cli.options import read_settings, set_option, target_argument
from solver.cli.targets import find_game
from solver.errors import FormatError, ParameterError
from solver.formats import FORMATS, TREES, GameFile, is_game_file, read_game, rendered, write_game
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm


@click.command("convert")
@target_argument
@click.argument("out")
@set_option
@click.option("--to", type=click.Choice([s[1:] for s in FORMATS]), help="Format, where OUT is -.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
def command(target: str, out: str, settings: Sequence[str], to: str | None, *, force: bool) -> None:
    """Write a game to the file OUT, whose suffix names the format: .nfg, .efg or .json.

    TARGET is such a file too, or any other game in normal or extensive form; OUT is - for standard
    output. A tree is written to .nfg and .json as its reduced strategic form, a table of payoffs to
    .efg as a tree of simultaneous moves.

    \b
    Examples:
      coopet convert game.nfg game.json
      coopet convert poker.efg poker.nfg
      coopet convert price_build_nf --set win_back=0.9 - --to nfg
    """
    if (out == "-") != (to is not None):
        raise FormatError(
            "OUT is -: name the format by --to"
            if out == "-"
            else f"--to {to}: the suffix of {out} names the format, --to is for OUT = -"
        )
    game = _game(target, settings)
    if to is not None:
        click.echo(rendered(game, f".{to}").encode(), nl=False)  # UTF-8, whatever the terminal's
        return
    write_game(out, game, overwrite=force)
    click.echo(f"{out} written{_change(game, out)}")


def _change(game: GameFile, out: str) -> str:
    """What became of the game on its way, where the format holds another form."""
    tree = Path(out).suffix.lower() in TREES
    if isinstance(game.form, ExtensiveForm):
        return "" if tree else ": the reduced strategic form"
    return ": a tree of simultaneous moves" if tree else ""


def _game(target: str, settings: Sequence[str]) -> GameFile:
    """The game of a file as it stands, or a target at the values given."""
    if is_game_file(target):
        if settings:
            raise ParameterError(f"--set {settings[0]}: {target} has no parameters")
        return read_game(target)
    game = find_game(target)
    bound = game.bind(**read_settings(settings, game))
    form = game.form(bound)
    if not isinstance(form, NormalForm | ExtensiveForm):
        raise FormatError(
            f"{game.name} is a {form.kind} game: files hold normal and extensive ones"
        )
    values = [f"{name} = {float(value)!r}" for name, value in bound.values.items()]
    return GameFile(form, game.name, "\n".join([game.doc.strip(), "", *values]).strip())
