"""``coopet show``: what a game models, its parameters and where they come from, its payoffs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from solver.cli.options import (
    json_option,
    print_json,
    read_settings,
    set_option,
    target_argument,
)
from solver.cli.pictures import describe
from solver.cli.targets import find_game
from solver.game import Game
from solver.parameters import Parameter

if TYPE_CHECKING:
    from rich.table import Table


@click.command("show")
@target_argument
@set_option
@json_option
def command(target: str, settings: Sequence[str], *, as_json: bool) -> None:
    """Show what a game models, its parameters with sources, and its payoffs.

    The payoffs are those at the default values, or at the values given by --set.
    """
    game = find_game(target)
    bound = game.bind(**read_settings(settings, game))
    form = game.form(bound)
    values = {name: float(value) for name, value in bound.values.items()}
    if as_json:
        print_json(_as_data(game, values, form.kind, form.players, form.actions))
        return
    from rich.console import Console  # noqa: PLC0415  50 ms, for people only

    console = Console(
        highlight=False, markup=False, soft_wrap=False, width=None if _terminal() else 160
    )
    console.print(game.name, style="bold", end="")
    console.print(f"  ({form.kind})")
    console.print(game.doc.strip())
    console.print()
    if game.parameters:
        console.print(_parameters(game, values))
        console.print()
    console.print(describe(form))
    if game.regimes:
        console.print(f"\nregimes: {', '.join(game.regimes)}")
    for reference in game.references:
        console.print(f"reference: {reference}")


def _terminal() -> bool:
    return sys.stdout.isatty()


def _parameters(game: Game, values: dict[str, float]) -> Table:
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, title="parameters", title_justify="left")
    for heading in ("name", "value", "unit", "plausible", "allowed", "meaning", "source"):
        right = "right" if heading == "value" else "left"
        table.add_column(heading, justify=right, overflow="fold")  # type: ignore[arg-type]
    for p in game.parameters:
        known = p.calibration
        plausible = f"{known.low:g} – {known.base:g} – {known.high:g}" if known else "-"
        unit = "-" if p.unit == "1" else p.unit
        allowed = p.allowed.removesuffix(f" {p.unit}")
        table.add_row(
            p.name,
            f"{values[p.name]:g}",
            unit,
            plausible,
            allowed,
            p.doc,
            _source(p),
        )
    return table


def _source(parameter: Parameter) -> str:
    known = parameter.calibration
    if known is None:
        return parameter.source
    dated = f", {known.date}" if known.date else ""
    return f"{parameter.source}{dated} (grade {known.grade})"


def _as_data(
    game: Game,
    values: dict[str, float],
    kind: str,
    players: tuple[str, ...],
    actions: tuple[tuple[str, ...], ...],
) -> dict[str, Any]:
    return {
        "name": game.name,
        "form": kind,
        "doc": game.doc.strip(),
        "players": players,
        "actions": actions,
        "regimes": game.regimes,
        "references": game.references,
        "parameters": [
            {
                "name": p.name,
                "value": values[p.name],
                "default": p.default,
                "unit": p.unit,
                "allowed": [p.low, p.high],
                "doc": p.doc,
                "source": p.source,
                "calibration": vars(p.calibration) if p.calibration else None,
            }
            for p in game.parameters
        ],
    }
