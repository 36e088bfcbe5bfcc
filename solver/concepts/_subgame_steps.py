"""One step of solving a tree: a block, for every combination of what may follow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._subgame_blocks import Mover, Stage
from solver.concepts._subgame_ends import Ends, Games
from solver.concepts._subgame_rows import Found, Slots, combinations
from solver.concepts._subgame_tables import Answer, block_equilibria
from solver.forms.extensive import Floats
from solver.forms.stages import settled

Marks = NDArray[np.bool_]

#: Numbers in the tables of a block that are made at once.
ROOM = 2**22
#: Rows of one subgame for a part of the batch, beyond which the part is divided.
MOST_ROWS = 2**21


@final
class Flags:
    """What is known of the answer for each game (G,)."""

    def __init__(self, games: int) -> None:
        self.tied, self.partial, self.truncated, self.failed, self.invalid = np.zeros(
            (5, games), np.bool_
        )


def take_step(  # noqa: PLR0913, PLR0917
    stage: Stage, games: Games, below: Sequence[Found], flags: Flags, most: int, tol: float
) -> Found:
    """All equilibria of a subgame, from those of the subgames below, at most `most` per game.

    Raises
    ------
    CrowdedError
        When there are more than `MOST_ROWS` of them and more than one game.
    """
    owner, picks, over = combinations(below, games.everyone, most, MOST_ROWS)
    flags.truncated |= over
    ends = Ends(stage, games, below, owner, picks)
    if not len(owner):
        return ends.nothing()
    if stage.bargain >= 0:
        return _bargained(ends, flags)
    if not stage.movers:
        return ends.found(None, None, ends.expected(), ends.group)
    step = _decided(ends, flags) if stage.alone else _played(ends, flags, tol)
    found, over = step.limited(most)
    flags.truncated |= over
    return found


def _bargained(ends: Ends, flags: Flags) -> Found:
    """What the parties agree on: there is nothing to choose."""
    s, games = ends.stage.bargain, ends.games
    agreed, failed = ends.values
    weights, outside = (ends.of_games(part[s]).T for part in (games.weights, games.outside))
    values = settled(agreed.T, failed.T, weights, outside, ends.stage.parties).T
    fine = np.isfinite(values).all(axis=0)  # sums of huge payoffs may be no numbers
    flags.invalid[ends.owner[~fine]] = True
    if not ends.stage.final:  # shares are not linear in what the ends are worth
        flags.partial[ends.owner[ends.uneven(range(len(values)))]] = True
    return ends.found(None, None, np.where(fine, values, 0.0), ends.group)


def _decided(ends: Ends, flags: Flags) -> Found:
    """A single decision: every best action.

    Payoffs are linear in each mixture below, so what is best at all corners is best between them;
    where it is not the same at all corners, there is more than corners tell.
    """
    player = ends.stage.movers[0].player
    own = np.stack([value[player] for value in ends.values])
    best = own >= own.max(axis=0) - ends.slack[player]
    if ends.group is not None:
        flags.partial[ends.owner[(best != best[:, ends.group]).any(axis=0)]] = True
    tied = np.flatnonzero(best.sum(axis=0) > 1)
    if not len(tied):
        action = best.argmax(axis=0)
        return ends.found(None, action, _chosen(ends.values, action, None), ends.group)
    flags.tied[ends.owner[tied]] = True
    problem, action = np.nonzero(best.T)
    sets = problem if ends.group is None else ends.group[problem]
    return ends.found(problem, action, _chosen(ends.values, action, problem), sets)


def _chosen(values: list[Floats], action: Slots, problem: Slots | None) -> Floats:
    """(N, R): the values at the end that an action leads to."""
    chosen = values[0] if problem is None else values[0][:, problem]
    for a, value in enumerate(values[1:], start=1):
        chosen = np.where(action == a, value if problem is None else value[:, problem], chosen)
    return chosen


def _played(ends: Ends, flags: Flags, tol: float) -> Found:
    """A block with hidden information: the equilibria of its plans."""
    stage, size = ends.stage, ends.problems
    cells = 0 if stage.is_too_large else int(np.prod(stage.shape))
    step = max(1, ROOM // (cells * len(stage.movers) + len(stage.leaf) * len(ends.slack)))
    parts = [
        _played_part(ends, flags, slice(low, min(low + step, size)), tol)
        for low in range(0, size, step)
    ]
    problem, connected, played, values = (list(each) for each in zip(*parts, strict=True))
    joined = np.concatenate(problem)
    sets = _sets(ends, flags, joined, np.concatenate(connected))
    once = len(joined) == ends.problems and bool((joined == np.arange(len(joined))).all())
    return ends.found(None if once else joined, np.concatenate(played), np.hstack(values), sets)


def _sets(ends: Ends, flags: Flags, problem: Slots, connected: Slots) -> Slots | None:
    """A number (R,) for the set that each row is a corner of; None if each is alone.

    ``connected``: how many rows of its problem come before the first one of its set. Problems of a
    group have the same equilibria if they are worth the same to those who move. Otherwise there
    is more than corners tell.
    """
    count = np.bincount(problem, minlength=ends.problems)
    before = np.arange(len(problem)) - (np.cumsum(count) - count)[problem]
    if ends.group is None and (connected == before).all():
        return None
    group = np.arange(ends.problems) if ends.group is None else ends.group
    others = ends.uneven([mover.player for mover in ends.stage.movers])
    flags.partial[ends.owner[others]] = True
    flags.partial[ends.owner[count != count[group]]] = True
    return group[problem] * (int(connected.max(initial=0)) + 1) + connected


def _played_part(
    ends: Ends, flags: Flags, part: slice, tol: float
) -> tuple[Slots, Slots, Floats, Floats]:
    """Problems, sets, behavior and values of equilibria for some of the problems."""
    stage, owner = ends.stage, ends.owner[part]
    values = np.stack([value[:, part] for value in ends.values])
    gains = values
    if stage.has_random_ends:
        odds = [ends.games.chance[list(columns)].prod(axis=0)[owner] for columns in stage.chance]
        gains = values * np.stack(odds)[:, None]
    movers = [mover.player for mover in stage.movers]
    slack = ends.slack[:, part]
    answer = block_equilibria(stage, gains[:, movers], slack[movers], tol)
    for flag, marks in (
        (flags.tied, answer.tied),
        (flags.partial, answer.partial),
        (flags.truncated, answer.truncated),
        (flags.failed, answer.failed),
    ):
        flag[owner[marks]] = True
    worth = _worth(stage.movers, answer, gains)
    connected = answer.set - np.searchsorted(answer.problem, answer.problem)
    played = [m.behavior(plan) for m, plan in zip(stage.movers, answer.plans, strict=True)]
    return answer.problem + part.start, connected, np.concatenate(played, axis=1), worth


def _worth(movers: Sequence[Mover], answer: Answer, gains: Floats) -> Floats:
    """(N, R): what the equilibria of a block are worth to all players."""
    total = np.zeros((gains.shape[1], len(answer.problem)))
    for e, gain in enumerate(gains):
        reach = np.ones(len(answer.problem))
        for mover, plan in zip(movers, answer.plans, strict=True):
            reach *= plan[:, mover.ends[e]]
        total += reach * gain[:, answer.problem]
    return total
