"""Blocks with hidden information: their plans as a table, and the equilibria of that.

Equilibria of a block are those of its reduced strategic form, in which the subgames below count by
their values. The table is linear in them: a cell adds up the ends that its plans lead to, each with
the probability that chance goes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._subgame_blocks import Stage
from solver.concepts.nash import VertexEnumeration, nash
from solver.equilibria import Status
from solver.forms.extensive import Floats
from solver.forms.normal import NormalForm
from solver.forms.strategic import mixed_plans

Slots = NDArray[np.intp]
Marks = NDArray[np.bool_]

#: Plans closer than this are the same.
CLOSE = 1e-9
#: Cells of a table of two players beyond which only its pure equilibria are sought.
MOST_MIXED = 10_000


@final
@dataclass(frozen=True, eq=False)
class Answer:
    """Equilibria of one block, a row each, for a number of problems.

    ``problem`` (R,) in order; ``plans``: per mover (R, S), its mixture by sequences; ``set`` (R,):
    the first row of those that may be mixed. Per problem (P,): whether there is a tie, whether
    these need not be all, whether limits are why, and whether a certificate failed.
    """

    problem: Slots
    plans: list[Floats]
    set: Slots
    tied: Marks
    partial: Marks
    truncated: Marks
    failed: Marks


def block_equilibria(stage: Stage, gains: Floats, slack: Floats, tol: float) -> Answer:
    """Equilibria of the plans of a block.

    Parameters
    ----------
    stage : Stage with movers
    gains : (E, M, P)
        What each end adds for each mover: its value by the chance that nature goes there.
    slack : (M, P)
        Differences that count as ties.
    tol : float
    """
    shape, problems = stage.shape, gains.shape[2]
    if stage.is_too_large:
        nothing = np.zeros(0, np.intp)
        none, all_of_them = np.zeros(problems, np.bool_), np.ones(problems, np.bool_)
        plans = [np.zeros((0, int(mover.start[-1]))) for mover in stage.movers]
        return Answer(nothing, plans, nothing, none, all_of_them, all_of_them, none)
    table = _table(stage, gains)
    if len(shape) == 2 and prod(shape) <= MOST_MIXED:
        return _mixed(stage, table, slack, tol)
    return _pure(stage, table, slack)


def _table(stage: Stage, gains: Floats) -> Floats:
    """(M, P_1, Q, P): payoffs of the movers by the plan of the first and those of the others."""
    _, movers, problems = gains.shape
    first, others = stage.movers[0].comes, stage.others
    table = np.empty((movers, len(first), len(others), problems))
    for p, comes in enumerate(first > 0.0):
        flat = others[:, comes] @ gains[comes].reshape(int(comes.sum()), movers * problems)
        table[:, p] = np.moveaxis(flat.reshape(len(others), movers, problems), 1, 0)
    return table


def _pure(stage: Stage, table: Floats, slack: Floats) -> Answer:
    """Profiles in which each plan is a best reply. With one mover there are no others."""
    shape, problems = stage.shape, table.shape[-1]
    best = np.ones((*shape, problems), np.bool_)
    rivals = np.zeros((*shape, problems), np.bool_)
    for i, payoffs in enumerate(table):
        own = payoffs.reshape(*shape, problems)
        replies = own >= own.max(axis=i, keepdims=True) - slack[i]
        best &= replies
        rivals |= replies.sum(axis=i, keepdims=True) > 1
    cells = best.reshape(-1, problems).T
    problem, cell = np.nonzero(cells)
    tied: Marks = np.asarray((cells & rivals.reshape(-1, problems).T).any(axis=1))
    numbers = np.unravel_index(cell, shape)
    plans = [m.plans[k] for m, k in zip(stage.movers, numbers, strict=True)]
    alone = len(shape) == 1
    connected = np.searchsorted(problem, problem) if alone else np.arange(len(problem))
    partial = np.full(problems, not alone)
    # Every block has an equilibrium (Nash 1950): without a pure one, it is a mixed one.
    short: Marks = np.asarray(~cells.any(axis=1)) if len(shape) > 2 else partial
    none = np.zeros(problems, np.bool_)
    return Answer(problem, plans, connected, tied, partial, short, none)


def _mixed(stage: Stage, table: Floats, slack: Floats, tol: float) -> Answer:
    """All extreme equilibria of two movers."""
    payoffs = [np.moveaxis(_settled(own, s), -1, 0) for own, s in zip(table, slack, strict=True)]
    # The table is rounded, so fractions would find in it what the game need not have.
    eq = nash(NormalForm(payoffs), VertexEnumeration(tol=tol, max_exact=0))
    status, problem = eq.status, eq.owner
    strategies = np.split(eq.profiles, [stage.shape[0]], axis=1)
    plans = [mixed_plans(s, mover.plans) for s, mover in zip(strategies, stage.movers, strict=True)]
    tied = status == Status.DEGENERATE
    connected = np.arange(len(problem))
    loose = np.flatnonzero((tied | (status == Status.TRUNCATED))[problem])
    if len(loose):
        own = [plan[loose] for plan in plans]
        label, first = _connected(problem[loose], own)
        connected[loose] = loose[label]
        if not stage.is_simple:  # different mixtures of plans may be the same behavior
            several = np.zeros(len(tied), np.bool_)
            several[problem[loose[first & (label != np.arange(len(label)))]]] = True
            tied &= several
            keep = np.ones(len(problem), np.bool_)
            keep[loose[~first]] = False
            # The first row of a set is the first of its copies, so it stays.
            connected = (np.cumsum(keep) - 1)[connected[keep]]
            problem, plans = problem[keep], [plan[keep] for plan in plans]
    short = status == Status.TRUNCATED
    failed = ~np.isin(status, [s for s in Status if s.settled or s == Status.TRUNCATED])
    return Answer(problem, plans, connected, tied, ~eq.complete, short, failed)


def _settled(table: Floats, slack: Floats) -> Floats:
    """Payoffs (m, n, P) in which those that differ by no more than `slack` (P,) are the same.

    What is a tie depends on the payoffs of the whole game, which the block does not know.
    """
    flat = table.reshape(-1, table.shape[-1])
    ordered = np.sort(flat, axis=0)
    steps = np.diff(ordered, axis=0)
    near = np.flatnonzero(((steps > 0.0) & (steps <= slack)).any(axis=0))
    if not len(near):
        return table
    part = flat[:, near]
    order = np.argsort(part, axis=0, kind="stable")
    ordered = np.take_along_axis(part, order, axis=0)
    begins = np.zeros(part.shape, np.intp)
    begins[1:] = np.where(
        np.diff(ordered, axis=0) > slack[near], np.arange(1, len(part))[:, None], 0
    )
    same = np.take_along_axis(ordered, np.maximum.accumulate(begins, axis=0), axis=0)
    made = flat.copy()
    np.put_along_axis(part, order, same, axis=0)
    made[:, near] = part
    return made.reshape(table.shape)


def _connected(problem: Slots, plans: list[Floats]) -> tuple[Slots, Marks]:
    """Per row, the first row of its set, and whether no row before it says the same.

    Equilibria of a problem that share a strategy may be mixed, and so on along chains.
    """
    rows = len(problem)
    label, new = np.arange(rows), np.ones(rows, np.bool_)
    links = []
    for apart in range(1, int(np.bincount(problem).max(initial=0))):
        low, high = np.arange(rows - apart), np.arange(apart, rows)
        ours = problem[low] == problem[high]
        low, high = low[ours], high[ours]
        equal = [np.abs(plan[low] - plan[high]).max(axis=1) <= CLOSE for plan in plans]
        new[high[equal[0] & equal[1]]] = False
        share = equal[0] | equal[1]
        links.append((low[share], high[share]))
    changed = True
    while changed:
        before = label.copy()
        for low, high in links:
            least = np.minimum(label[low], label[high])
            np.minimum.at(label, low, least)
            np.minimum.at(label, high, least)
        changed = bool((label != before).any())
    return label, new
