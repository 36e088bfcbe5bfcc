"""Backward induction in plain Python, one game at a time: an oracle for games on trees.

An indifferent player takes the action listed first. Only for trees without hidden information.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solver.concepts._tree_values import subgame_blocks, tree_values
from solver.equilibria import Equilibria, Rows, Status
from solver.forms.tree import CHANCE, LEAF

#: Differences of payoffs that count as none, relative to the payoff range of the player.
TIE = 1e-12


@dataclass
class Induction:
    """What is played and expected at every node of one game."""

    value: dict[str, list[float]] = field(default_factory=dict)
    action: dict[str, str] = field(default_factory=dict)
    row: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def payoffs(self):
        return self.value["the root"]


def induction(form, game=0):
    """Solve game number `game` of the batch."""
    tree = form.tree
    assert tree.has_perfect_information
    payoffs, chance = (part[game].tolist() for part in form.flat()[:2])
    spread = np.ptp(np.array(payoffs), axis=0).tolist()
    number = {v: k for k, v in enumerate(tree.leaves.tolist())}
    found = Induction(row=np.zeros(int(tree.column[-1])))

    def value(v):
        below = [value(c) for c in tree.children[v]]
        mover = tree.mover[v]
        if mover == LEAF:
            got = payoffs[number[v]]
        elif mover == CHANCE:
            start = int(tree.chance_start[v])
            odds = chance[start : start + len(below)]
            got = [
                sum(p * u[i] for p, u in zip(odds, below, strict=True)) for i in range(len(spread))
            ]
        else:
            best = max(u[mover] for u in below)
            first = next(k for k, u in enumerate(below) if u[mover] >= best - TIE * spread[mover])
            got = below[first]
            found.action[tree.path(v)] = tree.branch[tree.children[v][first]]
            found.row[int(tree.column[tree.infoset[v]]) + first] = 1.0
        found.value[tree.path(v)] = got
        return got

    value(0)
    return found


def played(game, **values):
    """Outcomes and regime of a game over arrays of parameters, by the recursion."""
    bound = game.bind(**values)
    form = game.form(bound)
    count = int(np.prod(bound.batch_shape))
    rows = np.stack([induction(form, k).row for k in range(count)])
    equilibria = equilibria_of(form, rows)
    with np.errstate(all="ignore"):
        outcomes = {
            name: np.broadcast_to(value, bound.batch_shape)
            for name, value in game.outcomes(bound.values, equilibria).items()
        }
        code = game.regime(bound.values, equilibria)
    assert np.all(np.asarray(code) >= 0)
    return outcomes, np.array(game.regimes)[code]


def equilibria_of(form, rows):
    """Rows of behavior, one per game, as if a concept had returned them."""
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="subgame-perfect",
        method="recursion",
        measure="regret",
        tol=1e-9,
        count=np.ones(shape, np.int64),
        status=np.full(shape, Status.SOLVED, np.int8),
        complete=np.ones(shape, bool),
        rows=Rows(
            lambda: rows,
            lambda behavior, owner: tree_values(form, behavior, owner, subgame_blocks(form.tree)),
        ),
    )


def is_nash(table, profile):
    """Whether nobody gains by another pure strategy: table[i] has the payoffs of player i."""
    for i, payoffs in enumerate(table):
        own = payoffs[(*profile[:i], slice(None), *profile[i + 1 :])]
        if payoffs[profile] < own.max() - TIE * np.ptp(payoffs):
            return False
    return True
