"""A game in the form that a format holds: a table as a tree, a tree as a table."""

from __future__ import annotations

from math import prod

import numpy as np

from solver.errors import FormatError, FormError
from solver.formats._game_file import beyond, beyond_nodes
from solver.formats._text import quoted
from solver.forms.extensive import ExactTree, ExtensiveForm
from solver.forms.normal import NormalForm
from solver.forms.sequences import sequence_forms
from solver.forms.strategic import count_plans, strategic_form
from solver.forms.tree import LEAF, Infoset, Tree, preorder

#: Players of a tree whose strategic form is made.
MOST_PLAYERS_OF_A_TABLE = 25


def as_normal(form: NormalForm | ExtensiveForm) -> NormalForm:
    """The form, or the reduced strategic form of a tree.

    Raises
    ------
    FormatError
        For bargaining nodes, or a table that is too large for a file.
    """
    if isinstance(form, NormalForm):
        return form
    players = len(form.players)
    if players > MOST_PLAYERS_OF_A_TABLE:
        most = MOST_PLAYERS_OF_A_TABLE
        raise FormatError(f"{players} players: trees of at most {most} become a table")
    _require_known_end(form)
    excess = beyond(players, prod(map(count_plans, sequence_forms(form.tree))))
    if excess:
        raise FormatError(f"the reduced strategic form has {excess}")
    try:
        return strategic_form(form)
    except FormError as error:
        raise FormatError(str(error)[:200]) from None


def as_extensive(form: NormalForm | ExtensiveForm) -> ExtensiveForm:
    """The form, or a tree on which players move one after the other and see nothing.

    Raises
    ------
    FormatError
        For bargaining nodes, or a tree of too many nodes.
    """
    if isinstance(form, ExtensiveForm):
        _require_known_end(form)
        return form
    shape = form.shape
    excess = beyond_nodes(len(shape), 1 + sum(prod(shape[: i + 1]) for i in range(len(shape))))
    if excess:
        raise FormatError(f"as a tree: {excess}")

    def below(done: tuple[int, ...]) -> list[tuple[str, tuple[int, ...]]]:
        names = form.actions[len(done)] if len(done) < len(shape) else ()
        return [(name, (*done, a)) for a, name in enumerate(names)]

    root: tuple[int, ...] = ()
    nodes = list(preorder(root, below))
    depth = [len(done) for _, _, done in nodes]
    tree = Tree(
        players=form.players,
        parent=tuple(parent for parent, _, _ in nodes),
        mover=tuple(i if i < len(shape) else LEAF for i in depth),
        infoset=tuple(i if i < len(shape) else -1 for i in depth),
        branch=tuple(label for _, label, _ in nodes),
        infosets=tuple(Infoset(i, "", names) for i, names in enumerate(form.actions)),
    )
    payoffs = np.stack([payoff.ravel() for payoff in form.payoffs], axis=-1)
    exact = None
    if form.fractions is not None:
        rows = np.stack([array.ravel() for array in form.fractions], axis=-1)
        exact = ExactTree(rows, np.empty(0, np.object_))
    return ExtensiveForm(tree, payoffs, fractions=exact)


def _require_known_end(form: ExtensiveForm) -> None:
    if len(form.tree.bargains):
        where = quoted(form.tree.path(int(form.tree.bargains[0])))
        raise FormatError(f"tree at {where}: players bargain there, which no file can hold")
