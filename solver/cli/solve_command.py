"""``coopet solve``: one point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from solver.cli.options import (
    concept_option,
    json_option,
    method_option,
    print_json,
    read_settings,
    set_option,
    target_argument,
)
from solver.cli.progress import announce_compiling
from solver.cli.targets import find_game
from solver.cli.tree_text import behavior, moves
from solver.concepts import default, find
from solver.concepts._concept import Concept
from solver.concepts.nash_sets import nash_subsets
from solver.equilibria import NO_INDEX, Equilibria, Status
from solver.errors import ConceptError
from solver.forms import Form
from solver.forms.extensive import ExtensiveForm
from solver.game import Game
from solver.parameters import Bound
from solver.sweep.cells import Cells, evaluate

NOT_SETTLED = 3
EXACT = "exact"
#: Equilibria that are printed for people.
MOST_SHOWN = 200
#: Equilibria whose supports still make a readable label.
MOST_IN_A_LABEL = 5


@click.command("solve")
@target_argument
@set_option
@concept_option
@method_option
@click.option("--exact", is_flag=True, help="Rational arithmetic; prints fractions.")
@json_option
def command(  # noqa: PLR0913  one argument per option
    target: str,
    settings: Sequence[str],
    concept: str | None,
    method: str | None,
    *,
    exact: bool,
    as_json: bool,
) -> int:
    """Solve a game at one point.

    Each equilibrium comes with its regret, the most that a player would gain by deviating. Where
    all equilibria of two players are listed it has an index, +1 or -1, one in all; with ties they
    may be corners of a connected set, a component, whose index it is then.

    \b
    Examples:
      coopet solve phase --set nre=2000 --set porting_top=40
      coopet solve bargain --concept outside-option --json
      coopet solve my_game.py:GAME --set eps=0.2
      coopet solve poker.nfg --exact
    """
    announce_compiling()
    game = find_game(target)
    bound = game.bind(**read_settings(settings, game))
    chosen = find(concept) if concept else None
    if exact:
        form = game.form(bound)
        method = _exact(chosen or default(form), form, method)
    cells = evaluate(game, bound, chosen, method)
    if as_json:
        print_json(as_data(game, bound, cells))
    else:
        click.echo(as_text(game, cells))
    return exit_status(cells.equilibria)


def _exact(concept: Concept, form: Form, method: str | None) -> str:
    """The exact method, if the concept has one and no other was asked for."""
    if method not in (None, EXACT):
        raise ConceptError(f"--exact and --method {method} are two methods: choose one")
    if EXACT not in [each.name for each in concept.methods(form)]:
        raise ConceptError(
            f"{concept.name} has no exact method for {form.kind} games: nash and pure-nash have"
        )
    return EXACT


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
            **_infosets(form),
        },
        "parameters": {name: float(value) for name, value in bound.values.items()},
        "concept": equilibria.concept,
        "method": equilibria.method,
        "status": Status(int(equilibria.status)).name,
        "complete": bool(equilibria.complete),
        "equilibria": [_equilibrium(equilibria, k) for k in range(int(equilibria.count))],
        "regime": cells.labels[int(cells.regime)],
        "outcomes": {name: float(value) for name, value in cells.outcomes.items()},
        **_sets(equilibria),
    }


def _infosets(form: Form) -> dict[str, Any]:
    """Per player of a tree, the information sets in the order in which behavior lists them."""
    if not isinstance(form, ExtensiveForm):
        return {}
    sets: list[list[dict[str, Any]]] = [[] for _ in form.players]
    for h in form.tree.infosets:
        sets[h.player].append({"label": h.label, "actions": h.actions})
    return {"infosets": sets}


def _advice(equilibria: Equilibria, status: Status) -> list[str]:
    """What to do where an answer is less than what was hoped for."""
    form = equilibria.form
    if status is Status.TRUNCATED and equilibria.method != EXACT:
        return [
            "Only pure equilibria were looked for. Leave out dominated actions, or from Python use",
            "nash(form, VertexEnumeration(max_vertices=...)) of solver.concepts.nash.",
        ]
    if status is Status.NONE_EXIST and len(form.players) > 2:
        return ["Mixed equilibria of three and more players were not looked for."]
    if status is Status.INVALID_INPUT and getattr(form, "fractions", None) is not None:
        return ["A payoff is beyond the largest float: use --exact."]
    return []


def _equilibrium(equilibria: Equilibria, k: int) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    form = equilibria.form
    if isinstance(form, ExtensiveForm):
        entry["behavior"] = behavior(form.tree, _row(equilibria, k))
    elif equilibria.profiles.shape[1]:
        entry["strategies"] = _strategies(equilibria, k)
    if equilibria.leader_action is not None:
        entry["leader_action"] = equilibria.leader_action[k]
    entry["payoffs"] = equilibria.payoffs[k]
    if equilibria.rows.exact is not None:
        entry["exact_payoffs"] = list(map(str, equilibria.rows.exact.payoffs[k]))
    entry["gap"] = float(equilibria.gap[k].max())
    entry["index"] = None
    if equilibria.index is not None and equilibria.complete and _alone(equilibria)[k]:
        entry["index"] = _known(equilibria.index[k])
    return entry


def _row(equilibria: Equilibria, k: int) -> list[Any]:
    """All strategies side by side; as strings like "1/3" where they are known exactly."""
    exact = equilibria.rows.exact
    row: list[Any] = equilibria.profiles[k].tolist() if exact is None else []
    return row if exact is None else list(map(str, exact.profiles[k]))


def _strategies(equilibria: Equilibria, k: int) -> list[list[Any]]:
    cells = iter(_row(equilibria, k))
    return [[next(cells) for _ in names] for names in equilibria.form.actions]


def _sets(equilibria: Equilibria) -> dict[str, Any]:
    """Which equilibria form one component, and the index of each component."""
    component, index = equilibria.component, equilibria.index
    if component is None or index is None or not equilibria.complete:
        return {"components": None}
    order = np.argsort(component, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(component))[:-1]) if len(order) else []
    return {
        "components": members,
        "component_index": [_known(index[group[0]]) for group in members],
        "subsets": nash_subsets(equilibria),
    }


@cache
def _alone(equilibria: Equilibria) -> NDArray[np.bool_]:
    """Which equilibria of one game are a component by themselves."""
    component = np.asarray(equilibria.component)
    alone: NDArray[np.bool_] = np.bincount(component)[component] == 1
    return alone


def _known(index: Any) -> int | None:
    return None if index == NO_INDEX else int(index)


def as_text(game: Game, cells: Cells) -> str:
    """For people: the verdict, each equilibrium on its own lines, the outcomes with units."""
    equilibria = cells.equilibria
    status = Status(int(equilibria.status))
    whole = "the whole set" if equilibria.complete else "not proven to be the whole set"
    lines = [
        f"{game.name}: {equilibria.concept} by {equilibria.method}",
        f"{status.name}: {status.sentence} ({whole})",
        *_advice(equilibria, status),
    ]
    count = int(equilibria.count)
    for k in range(min(count, MOST_SHOWN)):
        lines += ["", f"equilibrium {k + 1} of {count}{_place(equilibria, k)}"]
        lines += _lines(equilibria, k)
    if count > MOST_SHOWN:
        lines += ["", f"... and {count - MOST_SHOWN} more: --json prints all"]
    lines += _continua(equilibria)
    if game.regime is not None or 0 < count <= MOST_IN_A_LABEL:
        lines += ["", f"regime: {cells.labels[int(cells.regime)]}"]
    units = game.units or {}
    width = max((len(name) for name in cells.outcomes), default=0)
    for name, value in cells.outcomes.items():
        unit = units.get(name, "")
        shown = "-" if np.isnan(value) else f"{float(value):.6g}"
        lines.append(f"  {name:<{width}}  {shown} {unit if unit != '1' else ''}".rstrip())
    return "\n".join(lines)


def _place(equilibria: Equilibria, k: int) -> str:
    """Its index; or the component that it is a corner of, where there are several corners."""
    component, index = equilibria.component, equilibria.index
    if component is None or index is None or not equilibria.complete:
        return ""
    known = "" if index[k] == NO_INDEX else f", index {index[k]:+d}".replace("+0", "0")
    if _alone(equilibria)[k]:
        return known
    return f" (component {component[k] + 1}{known})"


def _continua(equilibria: Equilibria) -> list[str]:
    """Which equilibria may be mixed with each other, where any may."""
    if equilibria.concept != "nash" or Status(int(equilibria.status)) is not Status.DEGENERATE:
        return []
    subsets = [subset for subset in nash_subsets(equilibria) or () if len(subset) > 1]
    if not subsets:
        return []
    shown = [", ".join(str(k + 1) for k in subset) for subset in subsets[:MOST_SHOWN]]
    return ["", "also every mixture of the strategies within", *(f"  {names}" for names in shown)]


def _lines(equilibria: Equilibria, k: int) -> list[str]:
    form = equilibria.form
    width = max(len(player) for player in form.players)
    lines = []
    for i, player in enumerate(form.players):
        plays = "" if isinstance(form, ExtensiveForm) else _plays(equilibria, k, i)
        lines.append(
            f"  {player:<{width}}  payoff {_payoff(equilibria, k, i)}"
            + (f"  plays {plays}" if plays else "")
        )
    bound = f"at most {equilibria.gap[k].max():.1e} of the payoff range"
    if equilibria.rows.exact is not None and not equilibria.gap[k].any():
        bound = "0, exactly"
    lines.append(f"  {equilibria.measure} {bound}")
    return lines + (_moves(form, _row(equilibria, k)) if isinstance(form, ExtensiveForm) else [])


def _moves(form: ExtensiveForm, row: list[Any]) -> list[str]:
    """What is played at each information set."""
    lines = [(form.players[i], where, what) for i, where, what in moves(form.tree, row)]
    wide = [max((len(line[c]) for line in lines), default=0) for c in (0, 1)]
    return [f"    {who:<{wide[0]}}  {where:<{wide[1]}}  {what}" for who, where, what in lines]


def _payoff(equilibria: Equilibria, k: int, player: int) -> str:
    if equilibria.rows.exact is not None:
        return str(equilibria.rows.exact.payoffs[k][player])
    return f"{equilibria.payoffs[k, player]:.6g}"


def _plays(equilibria: Equilibria, k: int, player: int) -> str:
    names = equilibria.form.actions[player]
    if not names:
        return ""
    if player == 0 and equilibria.leader_action is not None:
        return f"{names[0]} {equilibria.leader_action[k]:.6g}"
    strategy = _strategies(equilibria, k)[player]
    played = [(n, p) for n, p in zip(names, strategy, strict=True) if p not in (0.0, "0")]
    if len(played) == 1:
        return played[0][0]
    return ", ".join(f"{n} ({p if isinstance(p, str) else format(p, '.4g')})" for n, p in played)
