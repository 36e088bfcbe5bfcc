"""The reduced strategic form of a tree: a row per plan of action that makes a difference.

A reduced pure strategy of a player says what it does wherever it can still come, given what it does
itself, and nothing elsewhere; strategies that differ only there lead to the same leaves.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from solver.errors import FormError
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import Floats, NormalForm, rounded
from solver.forms.sequences import SequenceForm, sequence_forms
from solver.forms.tree import Tree

#: Pure strategies of one player, beyond which nobody wants the table.
MOST = 100_000
#: Cells of the table.
MOST_CELLS = 20_000_000


def strategic_form(form: ExtensiveForm) -> NormalForm:
    """The reduced strategic form, over the same batch.

    Parameters
    ----------
    form : ExtensiveForm
        Without bargaining, which only subgame perfection decides.

    Returns
    -------
    NormalForm
        An action is named by what it does at each information set that it can reach; the rows of
        `pure_plans` say the same in numbers. Exact payoffs stay exact.

    Raises
    ------
    FormError
        With bargaining, or beyond 20,000,000 cells.

    References
    ----------
    H. W. Kuhn (1953), Extensive games and the problem of information, Contributions to the Theory
    of Games 2. B. von Stengel (1996), Games Econ. Behav. 14.
    """
    tree = form.tree
    if len(tree.bargains):
        raise FormError("a tree with bargaining has no strategic form: use subgame-perfect")
    sizes = [count_plans(each) for each in sequence_forms(tree)]
    if max(sizes) > MOST or prod(sizes) > MOST_CELLS:
        shown = " x ".join(f"{size:,}" for size in sizes)
        raise FormError(f"the strategic form has {shown} cells, at most {MOST_CELLS:,} are made")
    tables = [pure_plans(tree, i) for i in range(len(tree.players))]
    comes = [table[:, each.leaf] for table, each in zip(tables, sequence_forms(tree), strict=True)]
    names = [_names(tree, i, table) for i, table in enumerate(tables)]
    if form.fractions is None:
        with np.errstate(invalid="ignore"):  # infinite payoffs end up as NaN, which is invalid
            return NormalForm(_table(form, comes), tree.players, names)
    exact = _exact_table(form, comes)
    near = [np.vectorize(rounded, otypes=[np.float64])(table) for table in exact]
    return NormalForm(near, tree.players, names, fractions=exact)


def count_plans(form: SequenceForm) -> int:
    """How many reduced pure strategies a player has."""
    ways = [1] * form.count  # below each sequence
    for h in form.order[::-1]:
        below = sum(ways[s] for s in range(int(form.start[h]), int(form.start[h + 1])))
        ways[int(form.parent[h])] *= below
    return ways[0]


@lru_cache(maxsize=32)
def pure_plans(tree: Tree, player: int) -> NDArray[np.int8]:
    """(P, S): the reduced pure strategies of a player as realisation plans of 0 and 1.

    Ordered like the actions of the first information set, then of the second, and so on.
    """
    form = sequence_forms(tree)[player]
    rows = np.zeros((1, form.count), np.int8)
    rows[0, 0] = 1
    for h in form.order:
        comes = rows[:, form.parent[h]].astype(bool)
        width = int(form.start[h + 1] - form.start[h])
        repeats = np.where(comes, width, 1)
        start = np.cumsum(repeats) - repeats
        rows = np.repeat(rows, repeats, axis=0)
        k = np.arange(len(rows)) - np.repeat(start, repeats)
        own = np.repeat(comes, repeats)
        rows[own, form.start[h] + k[own]] = 1
    return rows


def mixed_plans(mixtures: Floats, table: NDArray[np.int8] | Floats) -> Floats:
    """Realisation plans (E, S) of mixtures (E, P) of the rows (P, S) of `table`.

    Added up strategy by strategy: the library's product rounds a row alone and among others
    differently.
    """
    made = np.zeros((len(mixtures), table.shape[1]))
    for p in np.flatnonzero(mixtures.any(axis=0)):
        made += mixtures[:, p, None] * table[p]
    return made


def _names(tree: Tree, player: int, table: NDArray[np.int8]) -> list[str]:
    names = tree.actions[player]
    return [", ".join(names[k] for k in np.flatnonzero(row[1:])) or "-" for row in table]


def _table(form: ExtensiveForm, comes: list[NDArray[np.int8]]) -> list[Floats]:
    weight = form.chance_of_leaves()
    letters = "abcdefghijklmnopqrstuvwxyz"[: len(comes)]
    operands = ",".join(f"{a}z" for a in letters)
    return [
        np.einsum(
            f"{operands},...z->...{letters}",
            *(table.astype(float) for table in comes),
            weight * form.payoffs[..., i],
            optimize=True,
        )
        for i in range(len(comes))
    ]


def _exact_table(form: ExtensiveForm, comes: list[NDArray[np.int8]]) -> list[NDArray[np.object_]]:
    assert form.fractions is not None  # noqa: S101
    weight = np.array(form.exact_chance_of_leaves(), np.object_)
    shape = tuple(len(table) for table in comes)
    tables = []
    for i in range(len(comes)):
        value = weight * form.fractions.payoffs[:, i]
        made = np.full(shape, 0 * value[0], np.object_)
        for leaf, each in enumerate(value):
            made[np.ix_(*(np.flatnonzero(table[:, leaf]) for table in comes))] += each
        tables.append(made)
    return tables
