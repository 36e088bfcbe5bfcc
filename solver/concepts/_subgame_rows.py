"""Equilibria of subgames as rows, and how those of several subgames combine.

The equilibria of one subgame, in all games of a batch, are rows ordered by game. A row knows the
values of the subgame to the players, what is played in its own block, and the rows of the subgames
below that go with it; whole strategies are put together at the end by following these links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._subgame_blocks import Stage
from solver.forms.extensive import Floats

Slots = NDArray[np.intp]


@final
class CrowdedError(Exception):
    """So many combinations that fewer games should be solved at once."""


@final
@dataclass(frozen=True, eq=False)
class Found:
    """Equilibria of one subgame, a row each.

    ``owner`` (R,): the game, in order; ``values`` (N, R); ``links``: per subgame right below, the
    row (R,) of it; ``played``: behavior (R, w) in its own block, or the number (R,) of the action
    where that is a single decision, or None where nobody moves. Rows with the same number in
    ``sets`` (R,) are corners of one set of equilibria that may be mixed; None if each is alone.
    """

    games: int
    owner: Slots
    values: Floats
    links: tuple[Slots, ...]
    played: Floats | Slots | None
    sets: Slots | None = None

    @cached_property
    def count(self) -> Slots:
        """(G,): how many there are of each game."""
        return np.bincount(self.owner, minlength=self.games)

    @cached_property
    def first(self) -> Slots:
        """(G,): where those of each game begin."""
        return np.cumsum(self.count) - self.count

    @cached_property
    def single(self) -> bool:
        """Whether each game has one, so that rows are games."""
        return len(self.owner) == self.games and bool((self.count == 1).all())

    def limited(self, most: int) -> tuple[Found, NDArray[np.bool_]]:
        """The first `most` of each game, and where (G,) there are more."""
        over = self.count > most
        if not over.any():
            return self, over
        return self.kept(np.arange(len(self.owner)) - self.first[self.owner] < most), over

    def kept(self, keep: NDArray[np.bool_]) -> Found:
        """The rows marked."""
        return Found(
            self.games,
            self.owner[keep],
            self.values[:, keep],
            tuple(link[keep] for link in self.links),
            None if self.played is None else self.played[keep],
            None if self.sets is None else self.sets[keep],
        )


def combinations(
    below: Sequence[Found], everyone: Slots, most: int, room: int
) -> tuple[Slots, list[Slots], NDArray[np.bool_]]:
    """Every choice of an equilibrium in each of several subgames.

    Parameters
    ----------
    below : sequence of Found
    everyone : (G,)
        The numbers of all games: the answer, the very array, where there is nothing to choose.
    most : int
        Combinations of one game that are made; the last subgame varies first.
    room : int
        Combinations of all games, unless there is only one.

    Returns
    -------
    owner (P,), the rows (P,) of each subgame, and where (G,) there are more than `most`

    Raises
    ------
    CrowdedError
        Beyond `room`.
    """
    games = len(everyone)
    if all(found.single for found in below):
        return everyone, [everyone] * len(below), np.zeros(games, np.bool_)
    total = np.ones(games, np.int64)
    for found in below:
        total = np.minimum(total * found.count, most + 1)
    over = total > most
    total = np.minimum(total, most)
    if games > 1 and total.sum() > room:
        raise CrowdedError
    owner = np.repeat(everyone, total)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(total) - total, total)
    picks = []
    for found in reversed(below):
        count = found.count[owner]
        picks.append(found.first[owner] + rank % count)
        rank //= count
    return owner, picks[::-1], over


def profiles(steps: Sequence[Stage], found: Sequence[Found], width: int) -> Floats:
    """(E, W): the behavior strategies of the rows of the whole tree, the first stage."""
    rows = np.zeros((len(found[0].owner), width))
    at: dict[int, Slots] = {0: np.arange(len(rows))}
    for k, (stage, own) in enumerate(zip(steps, found, strict=True)):
        here = at.pop(k)
        for child, link in zip(stage.children, own.links, strict=True):
            at[child] = link[here]
        if own.played is None:
            continue
        if own.played.ndim == 1:
            rows[np.arange(len(rows)), stage.columns[own.played[here].astype(np.intp)]] = 1.0
        else:
            rows[:, stage.columns] = own.played[here]
    return rows
