"""Where a block ends, for every game and every combination of what may follow.

Each is a *problem*: what its ends are worth is known, and the block is still to be solved. Ties in
the subgames below make sets of equilibria that may be mixed. Problems that differ in corners of
such sets only are a *group*: they stand for a continuum of problems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from solver.concepts._subgame_blocks import Stage
from solver.concepts._subgame_rows import Found, Slots
from solver.forms.extensive import Floats
from solver.kernels.scaling import TIE


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
@dataclass(frozen=True, eq=False)
class Ends:
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

    @cached_property
    def group(self) -> Slots | None:
        """(P,): the first problem whose equilibria below may be mixed with those of each.

        None where no two may.
        """
        if all(found.sets is None for found in self.below):
            return None
        label = self.owner
        for found, rows in zip(self.below, self.picks, strict=True):
            own = rows if found.sets is None else found.sets[rows]
            label = label * (int(own.max(initial=0)) + 1) + own
            label = np.unique(label, return_inverse=True)[1]
        first, back = np.unique(label, return_index=True, return_inverse=True)[1:]
        return np.asarray(first[back])

    def uneven(self, players: Sequence[int]) -> Slots:
        """Problems in which something is worth more to one of `players` than in their group."""
        if self.group is None:
            return np.zeros(0, np.intp)
        apart = np.zeros(self.problems, np.bool_)
        for value in self.values:
            for i in players:
                apart |= np.abs(value[i] - value[i, self.group]) > self.slack[i]
        return np.flatnonzero(apart)

    def found(
        self,
        problem: Slots | None,
        played: Floats | Slots | None,
        values: Floats,
        sets: Slots | None,
    ) -> Found:
        """The rows of equilibria of these problems; None for one of each."""
        owner, links = self.owner, self.picks
        if problem is not None:
            owner, links = owner[problem], [link[problem] for link in links]
        return Found(len(self.games.everyone), owner, values, tuple(links), played, sets)

    def nothing(self) -> Found:
        """No rows: no game has equilibria in all of the subgames below."""
        none, stage = np.zeros(0, np.intp), self.stage
        played: Floats | Slots | None = np.zeros((0, sum(len(m.columns) for m in stage.movers)))
        if stage.alone:
            played = none if stage.movers else None
        values = np.zeros((len(self.games.slack), 0))
        return Found(len(self.games.everyone), none, values, (none,) * len(self.below), played)
