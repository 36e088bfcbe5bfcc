"""Biform games: moves first, then bargaining over what they have created.

In the first stage all players choose at once. Each profile leads to a coalition game, which says
what every group of players can earn on its own; how that is divided is for the concept to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats, require_distinct
from solver.forms.coalition import CoalitionGame

Floats = NDArray[np.float64]

#: Players beyond which the tables of all coalitions are no longer sensible.
MOST_PLAYERS = 12


@final
@dataclass(frozen=True, eq=False, init=False)
class BiformGame:
    """A batch of biform games with the same players and first-stage actions.

    Parameters
    ----------
    players : sequence of str
    actions : sequence of sequence of str
        Per player, in the first stage; a single one for who only bargains.
    worths : array-like (*B, m_1, ..., m_N, 2**N)
        What each coalition earns after each profile; coalition S stands at the index
        ``sum(2**i for i in S)``, so the first worth of each profile is 0. The array is kept, not
        copied: do not change it while answers that refer to it are in use.
    confidence : array-like (*B, N), optional
        How far each player expects to get the most that it can get in a division that no coalition
        can improve on, 1, rather than the least, 0. Default ½ each.

    Raises
    ------
    FormError
        When the arrays do not fit the names or each other, or the first worth of a profile is a
        number other than 0.

    Notes
    -----
    Costs and gains of a first-stage move that no bargaining touches belong in the worth of every
    coalition that the player is a member of.

    References
    ----------
    A. Brandenburger, H. Stuart (2007), Biform games, Management Science 53.

    Examples
    --------
    >>> moves = ("small", "large"), ("wait",)
    >>> game = BiformGame(("A", "B"), moves, [[[0, 0, 0, 2]], [[0, 0, 0, 5]]])
    >>> game.shape, game.batch_shape
    ((2, 1), ())
    """

    kind: ClassVar[str] = "biform"
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    worths: Floats
    confidence: Floats

    def __init__(
        self,
        players: Sequence[str],
        actions: Sequence[Sequence[str]],
        worths: ArrayLike,
        confidence: ArrayLike | None = None,
    ) -> None:
        object.__setattr__(self, "players", tuple(players))
        object.__setattr__(self, "actions", tuple(tuple(names) for names in actions))
        n = self._check_names()
        core = (*self.shape, 2**n)
        table = floats("worths", worths)
        if table.shape[max(0, table.ndim - n - 1) :] != core:
            raise FormError(
                f"worths have shape {table.shape}: actions and players need {('...', *core)}"
            )
        nobody = table[..., 0]
        wrong = nobody[np.isfinite(nobody) & (nobody != 0.0)]
        if wrong.size:
            raise FormError(f"worths[..., 0] = {wrong[0]}: the coalition of nobody is worth 0")
        shares = floats("confidence", np.full(n, 0.5) if confidence is None else confidence)
        if shares.ndim == 0 or shares.shape[-1] != n:
            raise FormError(f"confidence has shape {shares.shape}: {n} players need (..., {n})")
        batches = table.shape[: table.ndim - n - 1], shares.shape[:-1]
        try:
            batch = np.broadcast_shapes(*batches)
        except ValueError:
            raise FormError(
                f"batch shapes of worths {batches[0]} and confidence {batches[1]} do not broadcast"
            ) from None
        object.__setattr__(self, "worths", np.broadcast_to(table, batch + core))
        object.__setattr__(self, "confidence", np.broadcast_to(shares, (*batch, n)))

    def _check_names(self) -> int:
        n = len(self.players)
        if not 1 <= n <= MOST_PLAYERS:
            raise FormError(f"{n} players: a biform game has 1 to {MOST_PLAYERS}")
        if len(self.actions) != n:
            raise FormError(f"{n} players but {len(self.actions)} lists of actions")
        if not all(self.actions):
            raise FormError("every player needs an action, if only one")
        require_distinct(self.players, *self.actions)
        return n

    @classmethod
    def from_function(
        cls,
        players: Sequence[str],
        actions: Sequence[Sequence[str]],
        second_stage: Callable[[tuple[str, ...]], CoalitionGame],
        confidence: ArrayLike | None = None,
    ) -> BiformGame:
        """A game from the coalition game that follows each profile.

        Parameters
        ----------
        players, actions, confidence
            As above.
        second_stage : function
            Called once for every profile, with the names of the actions; returns a coalition game
            of the same players. Batches broadcast.

        Raises
        ------
        FormError
            Where a coalition game has other players, or batches do not broadcast.
        """
        names = [tuple(own) for own in actions]
        tables = []
        for profile in product(*names):
            game: Any = second_stage(profile)
            if not isinstance(game, CoalitionGame) or game.players != tuple(players):
                got = game.players if isinstance(game, CoalitionGame) else type(game).__name__
                raise FormError(
                    f"second stage after {', '.join(profile)} is {got}:"
                    f" a CoalitionGame of {', '.join(players)} is needed"
                )
            tables.append(game.worths)
        try:
            spread = np.broadcast_arrays(*tables)
        except ValueError:
            shapes = ", ".join(dict.fromkeys(str(t.shape[:-1]) for t in tables))
            raise FormError(f"the second stages do not broadcast: batches {shapes}") from None
        worths = np.stack(spread, axis=-2)
        shape = tuple(len(own) for own in names)
        split = (*worths.shape[:-2], *shape, worths.shape[-1])
        return cls(players, actions, worths.reshape(split), confidence)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of first-stage actions of each player."""
        return tuple(len(names) for names in self.actions)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the leading axes; ``()`` for a single game."""
        return self.confidence.shape[:-1]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (*B): all worths are finite, all confidence lies in [0, 1]."""
        axes = tuple(range(len(self.batch_shape), self.worths.ndim))
        finite = np.isfinite(self.worths).all(axis=axes)
        sure = (self.confidence >= 0.0) & (self.confidence <= 1.0)
        return np.asarray(finite & sure.all(axis=-1))

    def flat(self) -> tuple[Floats, Floats]:
        """Worths (G, M, 2**N) of the M profiles and confidence (G, N), contiguous, read-only."""
        games, n = prod(self.batch_shape), len(self.players)
        worths = np.ascontiguousarray(self.worths).reshape(games, prod(self.shape), 2**n).view()
        confidence = np.ascontiguousarray(self.confidence).reshape(games, n).view()
        worths.flags.writeable = confidence.flags.writeable = False
        return worths, confidence

    def second_stage(self, *profile: str) -> CoalitionGame:
        """The coalition game over (*B) that follows a profile of action names."""
        if len(profile) != len(self.players):
            raise FormError(f"{len(profile)} actions for {len(self.players)} players")
        at: list[int] = []
        for player, names, action in zip(self.players, self.actions, profile, strict=True):
            if action not in names:
                raise FormError(f"{player} has no action {action!r}: choose from {names}")
            at.append(names.index(action))
        number = int(np.ravel_multi_index(tuple(at), self.shape))
        tables = self.worths.reshape(*self.batch_shape, prod(self.shape), -1)
        return CoalitionGame(self.players, tables[..., number, :])

    def over(self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None) -> BiformGame:
        """Broadcast to `batch_shape`, with NaN worths in the elements marked `invalid`."""
        if batch_shape == self.batch_shape and invalid is None:
            return self
        core = self.worths.shape[len(self.batch_shape) :]
        worths = np.broadcast_to(self.worths, batch_shape + core)
        confidence = np.broadcast_to(self.confidence, (*batch_shape, len(self.players)))
        if invalid is not None:
            worths = np.where(invalid.reshape(batch_shape + (1,) * len(core)), np.nan, worths)
        return BiformGame(self.players, self.actions, worths, confidence)
