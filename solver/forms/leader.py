"""Leader-follower games: one continuous action, then one of finitely many answers.

The leader commits to an action in an interval; the follower sees it and answers. Payoffs are given
as a function of the leader's action and of the parameters, so that a whole batch is evaluated at
any actions with array operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError, attempt
from solver.forms import floats, require_distinct

Floats = NDArray[np.float64]
Payoffs = Callable[..., tuple[Sequence[ArrayLike], Sequence[ArrayLike]]]


@final
@dataclass(frozen=True, eq=False, kw_only=True)
class LeaderFollower:
    """A batch of leader-follower games.

    Parameters
    ----------
    players : (leader, follower)
    action : str
        What the leader chooses, such as ``"price"``.
    low, high : array-like (*B)
        Ends of the interval of the leader's action. Where high < low nothing can be chosen and no
        equilibrium exists.
    answers : tuple of str
        The follower's actions.
    payoffs : callable
        ``payoffs(action, **parameters)`` returns the leader's and the follower's payoffs, each a
        sequence with one array per answer. It is called with arrays of actions and of every
        parameter that broadcast against each other, and must treat them elementwise. Payoffs must
        be continuous in the action for a fixed answer; kinks are allowed.
    parameters : mapping of str to array-like (*B)
    """

    kind: ClassVar[str] = "leader-follower"
    players: tuple[str, str]
    action: str
    low: ArrayLike
    high: ArrayLike
    answers: tuple[str, ...]
    payoffs: Payoffs
    parameters: Mapping[str, ArrayLike]

    def __post_init__(self) -> None:
        if len(self.players) != 2:
            raise FormError(f"a leader and a follower, not {len(self.players)} players")
        if not self.answers:
            raise FormError("the follower needs at least one answer")
        require_distinct(self.players, self.answers)
        try:
            np.broadcast_shapes(*(a.shape for a in self._arrays()))
        except ValueError:
            shapes = ", ".join(f"{k} {np.shape(v)}" for k, v in self.parameters.items())
            raise FormError(f"interval and parameters do not broadcast: {shapes}") from None

    def _arrays(self) -> list[Floats]:
        given = {"low": self.low, "high": self.high, **self.parameters}
        return [floats(name, value) for name, value in given.items()]

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """The leader's one choice by name, and the follower's answers."""
        return ((self.action,), self.answers)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape over which interval and parameters broadcast."""
        return np.broadcast_shapes(*(a.shape for a in self._arrays()))

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> LeaderFollower:
        """Broadcast to `batch_shape`, with a NaN interval in the elements marked `invalid`."""
        low = np.broadcast_to(np.asarray(self.low, np.float64), batch_shape)
        if invalid is not None:
            low = np.where(invalid, np.nan, low)
        return replace(self, low=low)

    def flat(self) -> FlatLeader:
        """The batch as one axis."""
        shape = self.batch_shape
        low, high, *rest = self._arrays()
        low, high = (np.broadcast_to(a, shape).ravel() for a in (low, high))
        spread = [np.broadcast_to(a, shape).ravel() if a.ndim else a for a in rest]
        return FlatLeader(self, low, high, dict(zip(self.parameters, spread, strict=True)))


@final
@dataclass(frozen=True, eq=False)
class FlatLeader:
    """A leader-follower batch of shape (G,), to be evaluated at any actions of any subset."""

    form: LeaderFollower
    low: Floats
    high: Floats
    parameters: Mapping[str, Floats]

    def part(self, which: slice | NDArray[np.intp]) -> FlatLeader:
        """The games `which` of the batch."""
        chosen = {k: v[which] if v.ndim else v for k, v in self.parameters.items()}
        return FlatLeader(self.form, self.low[which], self.high[which], chosen)

    def at(self, action: Floats) -> tuple[Floats, Floats]:
        """Payoffs of leader and follower, (answers, *action.shape); action is (..., G)."""
        found = attempt("payoffs", self.form.payoffs, action, **self.parameters)
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise FormError("payoffs must return two sequences, the leader's and the follower's")
        leader, follower = found
        return self._stack(leader, action), self._stack(follower, action)

    def _stack(self, payoffs: Sequence[ArrayLike], action: Floats) -> Floats:
        answers = self.form.answers
        if len(payoffs) != len(answers):
            raise FormError(f"payoffs give {len(payoffs)} values for {len(answers)} answers")
        stacked = np.empty((len(answers), *action.shape))
        for slot, value in zip(stacked, payoffs, strict=True):
            try:
                slot[...] = value
            except (TypeError, ValueError):
                raise FormError(
                    f"payoffs give a value of shape {np.shape(value)} for actions {action.shape}"
                ) from None
        return stacked
