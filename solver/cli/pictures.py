"""A form as text: the payoffs of a normal form, a tree, or the data of another kind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.cli.tree_text import drawn
from solver.forms import Form
from solver.forms._terms import TERMS
from solver.forms.bargaining import BargainingProblem
from solver.forms.biform import BiformGame
from solver.forms.coalition import CoalitionGame
from solver.forms.extensive import ExtensiveForm
from solver.forms.frontier import FrontierProblem
from solver.forms.leader import LeaderFollower
from solver.forms.network import BargainingNetwork
from solver.forms.normal import NormalForm

if TYPE_CHECKING:
    from rich.table import Table

#: Rows of a payoff table that are printed.
MOST_ROWS = 200


def describe(form: Form) -> Table | str:
    """A table or a tree for people; the form holds a single game."""
    return _WAYS[type(form)](form)


def _table(title: str, *headings: str) -> Table:
    from rich.table import Table  # noqa: PLC0415  50 ms, for people only

    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="left" if not table.columns else "right")
    return table


def _bimatrix(form: NormalForm) -> Table:
    rows, columns = form.actions
    title = f"payoffs ({form.players[0]} chooses the row, {form.players[1]} the column)"
    table = _table(title, "", *columns)
    for i, row in enumerate(rows):
        cells = (
            f"{form.payoffs[0][i, j]:g}, {form.payoffs[1][i, j]:g}" for j in range(len(columns))
        )
        table.add_row(row, *cells)
    return table


def _profiles(form: NormalForm) -> Table:
    table = _table("payoffs", "profile", *form.players)
    for profile in islice(product(*(range(m) for m in form.shape)), MOST_ROWS):
        names = " | ".join(form.actions[i][a] for i, a in enumerate(profile))
        table.add_row(names, *(f"{p[profile]:g}" for p in form.payoffs))
    return table


def _leader(form: LeaderFollower) -> Table:
    low, high = float(np.asarray(form.low)), float(np.asarray(form.high))
    leader, follower = form.players
    title = f"{leader} chooses {form.action} in [{low:g}, {high:g}], {follower} answers"
    ends = (f"at {form.action} {low:g}", f"at {form.action} {high:g}")
    table = _table(title, f"payoffs ({leader}, {follower})", *ends)
    payoffs = form.flat().at(np.array([[low], [high]]))
    for k, answer in enumerate(form.answers):
        cells = (f"{payoffs[0][k, e, 0]:g}, {payoffs[1][k, e, 0]:g}" for e in range(2))
        table.add_row(answer, *cells)
    return table


def _bargaining(form: BargainingProblem) -> Table:
    table = _table(f"surplus {float(form.total):g}, to be divided", "", *form.players)
    return _terms(table, form)


def _frontier(form: FrontierProblem) -> Table:
    if form.points is None:
        low, high = float(np.asarray(form.low)), float(np.asarray(form.high))
        title = f"a frontier along which {form.players[0]} gets {low:g} to {high:g}"
    else:
        title = "feasible payoffs: mixtures of these points, and whatever is less for everybody"
    table = _table(title, "", *form.players)
    for k, point in enumerate([] if form.points is None else form.points[0][:MOST_ROWS]):
        table.add_row(f"point {k + 1}", *(f"{value:g}" for value in point))
    return _terms(table, form)


def _terms(table: Table, form: BargainingProblem | FrontierProblem) -> Table:
    """Rows for what both kinds of bargaining problems have."""
    for name in TERMS:
        table.add_row(name, *(f"{float(value):g}" for value in form.entries(name)))
    if form.risk:
        table.add_row("breakdown", f"{float(form.risk):g}")
    return table


def _network(form: BargainingNetwork) -> Table:
    what = "a lump sum" if form.lump_sums else "a price"
    title = f"each pair bargains over {what}"
    table = _table(title, "pair", "lowest", "highest", "weights")
    bounds = form.bounds or ((np.nan, np.nan),) * (len(form.links) + len(form.excluded))
    for k, pair in enumerate((*form.links, *form.excluded)):
        ends = ["-" if np.isnan(end) else f"{end:g}" for end in map(np.asarray, bounds[k])]
        weights = "not there, but a threat"
        if k < len(form.links):
            weights = " : ".join(f"{float(np.asarray(w)):g}" for w in form.weights[k])
        table.add_row(" and ".join(pair), *ends, weights)
    return table


def _coalitions(form: CoalitionGame) -> Table:
    table = _table("what each coalition is worth", "coalition", "worth")
    for number, worth in enumerate(form.worths[1 : MOST_ROWS + 1], 1):
        table.add_row(_members(form.players, number), f"{worth:g}")
    return table


def _biform(form: BiformGame) -> Table:
    inside = [n for n in range(1, 2 ** len(form.players)) if n & (n - 1)]
    names = [_members(form.players, number) for number in inside]
    title = "what each coalition of two or more is worth after each profile"
    table = _table(title, "profile", *names)
    for profile in islice(product(*(range(m) for m in form.shape)), MOST_ROWS):
        label = " | ".join(form.actions[i][a] for i, a in enumerate(profile))
        table.add_row(label, *(f"{form.worths[profile][number]:g}" for number in inside))
    return table


def _members(players: tuple[str, ...], number: int) -> str:
    return " + ".join(name for i, name in enumerate(players) if number >> i & 1)


_WAYS: dict[type[Any], Callable[[Any], Table | str]] = {
    NormalForm: lambda form: _bimatrix(form) if len(form.players) == 2 else _profiles(form),
    LeaderFollower: _leader,
    ExtensiveForm: lambda form: "\n".join(drawn(form)),
    BargainingProblem: _bargaining,
    FrontierProblem: _frontier,
    BargainingNetwork: _network,
    CoalitionGame: _coalitions,
    BiformGame: _biform,
}
