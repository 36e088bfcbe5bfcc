"""One step of solving a tree: a block, for every combination of what may follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._subgame_blocks import Mover, Stage
from solver.concepts._subgame_rows import Found, Slots, combinations
from solver.concepts._subgame_tables import Answer, block_equilibria
from solver.forms.extensive import Floats
from solver.forms.stages import settled
from solver.kernels.scaling import TIE

Marks = NDArray[np.bool_]

#: Numbers in the tables of a block that are made at once.
ROOM = 2**22
#: Rows of one subgame for a part of the batch, beyond which the part is divided.
MOST_ROWS = 2**21


@final
@dataclass(frozen=True, eq=False)
class Games:
    """Valid games, the batch last: payoffs (L, N, G), chance (C, G), weights and outside (S, N, G).

    Payoffs are relative to a level of each player.
    """

    payoffs: Floats
    chance: Floats
    weights: Floats
    outside: Floats

    @cached_property
    def everyone(self) -> Slots:
        """(G,): the numbers of the games."""
        return np.arange(self.payoffs.shape[2])

    @cached_property
    def slack(self) -> Floats:
        """(N, G): differences of payoffs that count as ties."""
        spread: Floats = self.payoffs.max(axis=0) - self.payoffs.min(axis=0)
        return TIE * spread


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
    ends = _Ends(stage, games, below, owner, picks)
    if stage.bargain >= 0:
        return _bargained(ends, flags)
    if not stage.movers:
        return ends.found(None, None, ends.expected())
    step = _decided(ends, flags) if stage.alone else _played(ends, flags, tol)
    found, over = step.limited(most)
    flags.truncated |= over
    return found


@final
@dataclass(frozen=True, eq=False)
class _Ends:
    """Where a block ends, for each problem (P,): a game and a choice of equilibria below."""

    stage: Stage
    games: Games
    below: Sequence[Found]
    owner: Slots
    picks: list[Slots]

    @property
    def problems(self) -> int:
        return len(self.owner)

    def of_games(self, array: Floats) -> Floats:
        """An array (..., G) of games by problem; no copy where each game is one."""
        return array if self.owner is self.games.everyone else array[..., self.owner]

    @cached_property
    def slack(self) -> Floats:
        """(N, P)."""
        return self.of_games(self.games.slack)

    @cached_property
    def values(self) -> list[Floats]:
        """Per end (N, P)."""
        picked = iter(zip(self.below, self.picks, strict=True))
        found = []
        for leaf, below in zip(self.stage.leaf, self.stage.below, strict=True):
            if below < 0:
                found.append(self.of_games(self.games.payoffs[leaf]))
            else:
                child, rows = next(picked)
                identity = child.single and rows is self.games.everyone
                found.append(child.values if identity else child.values[:, rows])
        return found

    def chance(self, columns: tuple[int, ...]) -> Floats:
        """(P,): the product of some probabilities."""
        return self.of_games(self.games.chance[list(columns)].prod(axis=0))

    def expected(self) -> Floats:
        """(N, P): the mean over ends that chance alone decides."""
        total = np.zeros((len(self.games.slack), self.problems))
        for value, columns in zip(self.values, self.stage.chance, strict=True):
            total += self.chance(columns) * value
        return total

    def found(self, problem: Slots | None, played: Floats | Slots | None, values: Floats) -> Found:
        """The rows of equilibria of these problems; None for one of each."""
        owner, links = self.owner, self.picks
        if problem is not None:
            owner, links = owner[problem], [link[problem] for link in links]
        return Found(len(self.games.everyone), owner, values, tuple(links), played)


def _bargained(ends: _Ends, flags: Flags) -> Found:
    """What the parties agree on: there is nothing to choose."""
    s, games = ends.stage.bargain, ends.games
    agreed, failed = ends.values
    weights, outside = (ends.of_games(part[s]).T for part in (games.weights, games.outside))
    values = settled(agreed.T, failed.T, weights, outside, ends.stage.parties).T
    fine = np.isfinite(values).all(axis=0)  # sums of huge payoffs may be no numbers
    flags.invalid[ends.owner[~fine]] = True
    return ends.found(None, None, np.where(fine, values, 0.0))


def _decided(ends: _Ends, flags: Flags) -> Found:
    """A single decision: every best action."""
    player = ends.stage.movers[0].player
    own = np.stack([value[player] for value in ends.values])
    best = own >= own.max(axis=0) - ends.slack[player]
    count = best.sum(axis=0)
    tied = np.flatnonzero(count > 1)
    if not len(tied):
        action = best.argmax(axis=0)
        return ends.found(None, action, _chosen(ends.values, action, None))
    problem, action = np.nonzero(best.T)
    values = _chosen(ends.values, action, problem)
    first = np.searchsorted(problem, problem)
    flags.tied[ends.owner[tied]] = True
    _mark_uneven(ends, flags, problem, values, first)
    return ends.found(problem, action, values)


def _chosen(values: list[Floats], action: Slots, problem: Slots | None) -> Floats:
    """(N, R): the values at the end that an action leads to."""
    chosen = values[0] if problem is None else values[0][:, problem]
    for a, value in enumerate(values[1:], start=1):
        chosen = np.where(action == a, value if problem is None else value[:, problem], chosen)
    return chosen


def _mark_uneven(ends: _Ends, flags: Flags, problem: Slots, values: Floats, first: Slots) -> None:
    """Mark games in which equilibria that may be mixed differ in value to somebody.

    Those who move above would meet a continuum of values, of which only the corners are known.
    """
    if not ends.stage.final:
        uneven = (np.abs(values - values[:, first]) > ends.slack[:, problem]).any(axis=0)
        flags.partial[ends.owner[problem[uneven]]] = True


def _played(ends: _Ends, flags: Flags, tol: float) -> Found:
    """A block with hidden information: the equilibria of its plans."""
    stage, size = ends.stage, max(1, ends.problems)
    cells = 0 if stage.is_too_large else int(np.prod(stage.shape))
    step = max(1, ROOM // (cells * len(stage.movers) + len(stage.leaf) * len(ends.slack)))
    parts = [
        _played_part(ends, flags, slice(low, min(low + step, size)), tol)
        for low in range(0, size, step)
    ]
    problem, played, values = (list(each) for each in zip(*parts, strict=True))
    joined = np.concatenate(problem)
    once = len(joined) == ends.problems and bool((joined == np.arange(len(joined))).all())
    return ends.found(None if once else joined, np.concatenate(played), np.hstack(values))


def _played_part(
    ends: _Ends, flags: Flags, part: slice, tol: float
) -> tuple[Slots, Floats, Floats]:
    """Problems, behavior and values of equilibria for some of the problems."""
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
    rows = answer.problem + part.start
    _mark_uneven(ends, flags, rows, worth, answer.set)
    played = [m.behavior(plan) for m, plan in zip(stage.movers, answer.plans, strict=True)]
    return rows, np.concatenate(played, axis=1), worth


def _worth(movers: Sequence[Mover], answer: Answer, gains: Floats) -> Floats:
    """(N, R): what the equilibria of a block are worth to all players."""
    total = np.zeros((gains.shape[1], len(answer.problem)))
    for e, gain in enumerate(gains):
        reach = np.ones(len(answer.problem))
        for mover, plan in zip(movers, answer.plans, strict=True):
            reach *= plan[:, mover.ends[e]]
        total += reach * gain[:, answer.problem]
    return total
