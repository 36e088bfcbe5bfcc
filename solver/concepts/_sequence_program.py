"""The linear program of a zero-sum tree over its sequences.

Player 1 picks the plan x that is best against the worst: maximise f'q where F'q <= A'x and x is a
plan. A is the payoff matrix and Fy = f says that y is a plan of player 2, which comes out as the
multipliers of the rows (von Stengel 1996). Only the entries of A differ from game to game.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from solver.concepts._sequence_matrix import pattern
from solver.forms.extensive import Floats
from solver.forms.sequences import SequenceForm, sequence_forms
from solver.forms.tree import Tree
from solver.programs.linear import LinearPrograms

Integers = NDArray[np.int64]

#: Payoffs are told in a unit so much smaller: infeasibilities are absolute, plans are shares of 1.
FINER = 2.0**20
#: Shares of a plan below this are what rounding leaves of zero.
NOTHING = 1e-14


def best_plans(tree: Tree, entries: Floats) -> tuple[tuple[Floats, Floats], NDArray[np.bool_]]:
    """Optimal plans of both players (G, S_1), (G, S_2) from payoff matrices; which were found."""
    made, source, constants = programs(tree)
    fixed = np.broadcast_to(constants, (len(entries), len(constants)))
    given = np.concatenate([fixed, -FINER * entries], axis=1)[:, source]
    points, multipliers, solved = made.solve(given)
    one = sequence_forms(tree)[0]
    first, second = points[:, : one.count], -multipliers[:, 1 + len(one.parent) :]
    return (_clean(first), _clean(second)), solved


def _clean(plan: Floats) -> Floats:
    return np.where(plan > NOTHING, plan, 0.0)


@lru_cache(maxsize=8)
def programs(tree: Tree) -> tuple[LinearPrograms, Integers, Floats]:
    """The programs of a tree, where their entries come from, and those that are constant.

    Columns are the plan of player 1 and the multipliers of player 2; rows say that the former is a
    plan, and what each sequence of player 2 lets player 1 get at most. Sources below the number of
    constants mean these, the others entries of the payoff matrix, negated.
    """
    where, (one, two) = pattern(tree), sequence_forms(tree)
    sets1, sets2 = len(one.parent), len(two.parent)
    own = _plan_rows(one)
    others = _plan_rows(two)
    row = np.concatenate([own[0], 1 + sets1 + others[1], 1 + sets1 + where.col])
    col = np.concatenate([own[1], one.count + others[0], where.row])
    constants = np.concatenate([own[2], others[2]])
    source = np.lexsort((row, col))
    columns, rows = one.count + 1 + sets2, 1 + sets1 + two.count
    start = np.searchsorted(col[source], np.arange(columns + 1))
    cost = np.zeros(columns)
    cost[one.count] = -1.0
    low = np.where(np.arange(columns) < one.count, 0.0, -np.inf)
    equal = np.zeros(rows)
    equal[0] = 1.0
    floor = np.where(np.arange(rows) <= sets1, equal, -np.inf)
    return LinearPrograms(cost, low, floor, equal, start, row[source]), source, constants


def _plan_rows(form: SequenceForm) -> tuple[Integers, Integers, Floats]:
    """Row, column and entry of what makes a plan: E r = e."""
    sets = np.arange(len(form.parent))
    width = np.diff(form.start)
    row = np.concatenate([[0], 1 + sets, 1 + np.repeat(sets, width)])
    col = np.concatenate([[0], form.parent, np.arange(1, form.count)])
    entry = np.concatenate([[1.0], np.full(len(sets), -1.0), np.ones(form.count - 1)])
    return row, col, entry
