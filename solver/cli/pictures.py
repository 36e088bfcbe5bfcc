"""A form as text: the payoffs of a normal form, a tree, or the data of another kind."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from solver.cli.tree_text import drawn
from solver.forms import Form
from solver.forms.bargaining import BargainingProblem
from solver.forms.extensive import ExtensiveForm
from solver.forms.leader import LeaderFollower
from solver.forms.normal import NormalForm

if TYPE_CHECKING:
    from rich.table import Table

#: Rows of a payoff table that are printed.
MOST_ROWS = 200


def describe(form: Form) -> Table | str:
    """A table or a tree for people; the form holds a single game."""
    if isinstance(form, NormalForm):
        return _bimatrix(form) if len(form.players) == 2 else _profiles(form)
    if isinstance(form, LeaderFollower):
        return _leader(form)
    if isinstance(form, ExtensiveForm):
        return "\n".join(drawn(form))
    assert isinstance(form, BargainingProblem)
    return _bargaining(form)


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
    for name in ("disagreement", "outside", "weights", "discounts"):
        table.add_row(name, *(f"{float(value):g}" for value in form.pair(name)))
    return table
