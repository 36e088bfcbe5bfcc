"""``coopet solve``: one point."""

from __future__ import annotations

from collections.abc import Sequence

import click

from solver.cli.options import (
    add_option,
    concept_option,
    json_option,
    method_option,
    print_json,
    read_settings,
    set_option,
    target_argument,
)
from solver.cli.progress import announce_compiling
from solver.cli.solution_data import as_data
from solver.cli.solution_text import EXACT, as_text
from solver.cli.targets import find_game
from solver.concepts import default, find
from solver.concepts._concept import Concept
from solver.equilibria import Equilibria, Status
from solver.errors import ConceptError
from solver.forms import Form
from solver.sweep.cells import evaluate

NOT_SETTLED = 3


@click.command("solve")
@target_argument
@set_option
@concept_option
@method_option
@add_option
@click.option("--exact", is_flag=True, help="Rational arithmetic; prints fractions.")
@json_option
def command(  # noqa: PLR0913  one argument per option
    target: str,
    settings: Sequence[str],
    concept: str | None,
    method: str | None,
    add: Sequence[str],
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
      coopet solve price_build_nf --add survivors --add basins
      coopet solve poker.nfg --exact
    """
    announce_compiling()
    game = find_game(target)
    bound = game.bind(**read_settings(settings, game))
    chosen = find(concept) if concept else None
    if exact:
        form = game.form(bound)
        method = _exact(chosen or default(form), form, method)
    cells = evaluate(game, bound, chosen, method, add)
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
