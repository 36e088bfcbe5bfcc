"""``coopet solve``: one point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
import numpy as np

from solver.cli.options import (
    concept_option,
    json_option,
    method_option,
    plain,
    print_json,
    read_settings,
    set_option,
    target_argument,
)
from solver.cli.targets import find_game
from solver.concepts import find
from solver.equilibria import Equilibria, Status
from solver.game import Game
from solver.parameters import Bound
from solver.sweep.cells import Cells, evaluate

NOT_SETTLED = 3


@click.command("solve")
@target_argument
@set_option
@concept_option
@method_option
@json_option
def command(
    target: str, settings: Sequence[str], concept: str | None, method: str | None, *, as_json: bool
) -> int:
    """Solve a game at one point.

    \b
    Examples:
      coopet solve phase --set nre=2000 --set porting_top=40
      coopet solve bargain --concept outside-option --json
      coopet solve my_game.py:GAME --set eps=0.2
    """
    game = find_game(target)
    bound = game.bind(**read_settings(settings, game))
    cells = evaluate(game, bound, find(concept) if concept else None, method)
    if as_json:
        print_json(as_data(game, bound, cells))
    else:
        click.echo(as_text(game, cells))
    return exit_status(cells.equilibria)


def exit_status(equilibria: Equilibria) -> int:
    """0 when everything is certified; 3 when something is not, or a list may not be whole."""
    status = Status(int(equilibria.status))
    whole = bool(equilibria.complete) or status is not Status.DEGENERATE
    return 0 if status.settled and whole else NOT_SETTLED


def as_data(game: Game, bound: Bound, cells: Cells) -> dict[str, Any]:
    """The JSON object that outside programs read."""
    equilibria = cells.equilibria
    form = equilibria.form
    return {
        "game": {
            "name": game.name,
            "form": form.kind,
            "players": form.players,
            "actions": form.actions,
        },
        "parameters": {name: float(value) for name, value in bound.values.items()},
        "concept": equilibria.concept,
        "method": equilibria.method,
        "status": Status(int(equilibria.status)).name,
        "complete": bool(equilibria.complete),
        "equilibria": [_equilibrium(equilibria, k) for k in range(int(equilibria.count))],
        "regime": cells.labels[int(cells.regime)],
        "outcomes": {name: float(value) for name, value in cells.outcomes.items()},
        "components": None,
    }


def _equilibrium(equilibria: Equilibria, k: int) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if equilibria.profiles.shape[1]:
        entry["strategies"] = [strategy[k] for strategy in equilibria.strategies]
    if equilibria.leader_action is not None:
        entry["leader_action"] = equilibria.leader_action[k]
    entry["payoffs"] = equilibria.payoffs[k]
    entry["gap"] = float(equilibria.gap[k].max())
    entry["index"] = None
    return entry


def as_text(game: Game, cells: Cells) -> str:
    """For people: the verdict, each equilibrium on its own lines, the outcomes with units."""
    equilibria = cells.equilibria
    status = Status(int(equilibria.status))
    whole = "the whole set" if equilibria.complete else "not proven to be the whole set"
    lines = [
        f"{game.name}: {equilibria.concept} by {equilibria.method}",
        f"{status.name}: {status.sentence} ({whole})",
    ]
    for k in range(int(equilibria.count)):
        lines += ["", f"equilibrium {k + 1} of {int(equilibria.count)}", *_lines(equilibria, k)]
    lines += ["", f"regime: {cells.labels[int(cells.regime)]}"]
    units = game.units or {}
    width = max((len(name) for name in cells.outcomes), default=0)
    for name, value in cells.outcomes.items():
        unit = units.get(name, "")
        shown = "-" if np.isnan(value) else f"{float(value):.6g}"
        lines.append(f"  {name:<{width}}  {shown} {unit if unit != '1' else ''}".rstrip())
    return "\n".join(lines)


def _lines(equilibria: Equilibria, k: int) -> list[str]:
    form = equilibria.form
    width = max(len(player) for player in form.players)
    lines = []
    for i, player in enumerate(form.players):
        payoff = f"payoff {equilibria.payoffs[k, i]:.6g}"
        lines.append(f"  {player:<{width}}  {payoff}  {_plays(equilibria, k, i)}".rstrip())
    lines.append(
        f"  {equilibria.measure} at most {equilibria.gap[k].max():.1e} of the payoff range"
    )
    return lines


def _plays(equilibria: Equilibria, k: int, player: int) -> str:
    names = equilibria.form.actions[player]
    if not names:
        return ""
    if player == 0 and equilibria.leader_action is not None:
        return f"{names[0]} {equilibria.leader_action[k]:.6g}"
    strategy = equilibria.strategies[player][k]
    played = [(n, p) for n, p in zip(names, plain(strategy), strict=True) if p > 0.0]
    if len(played) == 1:
        return played[0][0]
    return "  ".join(f"{name} {share:.4g}" for name, share in played)
