"""What a concept returns: equilibria of every game of a batch, each with its certificate.

Equilibria are stored as rows, one per equilibrium, in the order of the games they belong to: a
million games with one equilibrium each and one game with ninety cost a million and ninety rows.
The dense arrays with a slot axis are made when they are first read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import UncertifiedError
from solver.forms import Form

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Where an equilibrium has no index of its own and that of its component was not computed.
NO_INDEX = -128


class Status(IntEnum):
    """How one element of the batch ended."""

    SOLVED = 0
    NONE_EXIST = 1
    DEGENERATE = 2
    TRUNCATED = 3
    NOT_CONVERGED = 4
    INVALID_INPUT = 5
    PENDING = 6
    EMPTY_CORE = 7

    @property
    def sentence(self) -> str:
        """What it means, for people."""
        return _SENTENCES[self]

    @property
    def settled(self) -> bool:
        """Whether the answer can be relied on as far as it goes."""
        return self in {
            Status.SOLVED,
            Status.NONE_EXIST,
            Status.DEGENERATE,
            Status.EMPTY_CORE,
        }


_SENTENCES = {
    Status.SOLVED: "solved and certified",
    Status.NONE_EXIST: "no equilibrium of this kind exists",
    Status.DEGENERATE: "a tie: equilibria may form a continuum, of which the corners are given",
    Status.TRUNCATED: "too large for the limits of the method: more equilibria may exist",
    Status.NOT_CONVERGED: "a candidate was found but its certificate exceeds the tolerance",
    Status.INVALID_INPUT: "a payoff or parameter is not a finite number, or out of range",
    Status.PENDING: "not computed yet",
    Status.EMPTY_CORE: "undecided: after some moves no division is stable, the core is empty",
}


@final
@dataclass(frozen=True, eq=False)
class Certificate:
    """Why an answer can be believed.

    ``gap`` (*B) is the largest gap of any equilibrium of that element, by the named `measure`,
    recomputed from the payoffs by code that did not find the equilibrium and relative to the
    payoff range of the player; ``complete`` (*B) says that the whole set is proven to be given.
    """

    measure: str
    gap: Floats
    tol: float
    complete: NDArray[np.bool_]


@final
@dataclass(frozen=True)
class ExactRows:
    """Fractions per equilibrium: the players' strategies side by side, and their payoffs."""

    profiles: tuple[tuple[Fraction, ...], ...]
    payoffs: tuple[tuple[Fraction, ...], ...]


@final
@dataclass(frozen=True, eq=False)
class Rows:
    """One entry per equilibrium, ordered by game: how `Equilibria` stores what was found.

    ``profiles()`` gives (E, m_1 + ... + m_N), the players' strategies side by side;
    ``values(profiles, owner)`` their payoffs and gaps, both (E, N), given the flat index of the
    game that each row belongs to. ``leader_action`` (E,) is the continuous choice of a leader
    where the form has one. ``sets``, from the same arguments as ``values``, gives the component
    of each row and the index of that; ``exact`` is there if the arithmetic was. ``beliefs``, from
    the same arguments, gives the beliefs (E, D) at the information sets of a tree. ``joint``
    (E, m_1 · ... · m_N) is the distribution over cells of players who are told what to play.
    ``terms`` (E, L) are what the links of a network agree on.
    """

    profiles: Callable[[], Floats]
    values: Callable[[Floats, NDArray[np.intp]], tuple[Floats, Floats]]
    leader_action: Floats | None = None
    sets: Callable[[Floats, NDArray[np.intp]], tuple[Integers, Integers]] | None = None
    exact: ExactRows | None = None
    beliefs: Callable[[Floats, NDArray[np.intp]], Floats] | None = None
    joint: Floats | None = None
    terms: Floats | None = None


@final
@dataclass(frozen=True, eq=False)
class Equilibria:
    """All that was found for a batch of games.

    Attributes
    ----------
    form : the form that was solved
    concept, method : str
    measure : str
        What ``gap`` measures, such as ``"regret"``.
    tol : float
        Largest gap at which an equilibrium is reported as solved.
    count : (*B) int
    status : (*B) int
        Members of `Status`.
    complete : (*B) bool
        Whether the set is proven whole.
    strategies : tuple of (*B, K, m_i) float
        Probabilities; K is the largest count, NaN means an empty slot and nothing else.
    payoffs, gap : (*B, K, N) float
    leader_action : (*B, K) float or None
    terms : (*B, K, L) float or None
        What each link of a network agrees on.
    component : (*B, K) int or None
        Which component of the equilibrium set of its game each belongs to; -1 in empty slots.
    index : (*B, K) int or None
        Index of that component, so of the equilibrium if it is isolated: they sum to one over the
        components. NO_INDEX (-128) where it is not known, and in empty slots.
    beliefs : (*B, K, D) float or None
        How likely each node of an information set is to its owner, set by set.
    certificate : Certificate
    rows : Rows
        The same, a row per equilibrium; ``rows.exact`` holds fractions if the method was exact.
    """

    form: Form
    concept: str
    method: str
    measure: str
    tol: float
    count: NDArray[np.int64]
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]
    rows: Rows

    @property
    def slots(self) -> int:
        """K: the largest number of equilibria of any game of the batch."""
        return int(self.count.max(initial=0))

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """(E,): the flat index of the game that each row belongs to."""
        return np.repeat(np.arange(self.count.size), self.count.ravel())

    @cached_property
    def profiles(self) -> Floats:
        """(E, m_1 + ... + m_N): the strategies of all players side by side, a row each."""
        return self.rows.profiles()

    @cached_property
    def row_values(self) -> tuple[Floats, Floats]:
        """Payoffs and gaps (E, N), a row per equilibrium."""
        return self.rows.values(self.profiles, self.owner)

    @cached_property
    def strategies(self) -> tuple[Floats, ...]:
        """Per player (*B, K, m_i): probabilities."""
        ends = np.cumsum([len(names) for names in self.form.actions])
        return tuple(self._dense(part) for part in np.split(self.profiles, ends[:-1], axis=1))

    @cached_property
    def payoffs(self) -> Floats:
        """(*B, K, N)."""
        return self._dense(self.row_values[0])

    @cached_property
    def gap(self) -> Floats:
        """(*B, K, N): how far each player is from a best response, relative to the range."""
        return self._dense(self.row_values[1])

    @cached_property
    def leader_action(self) -> Floats | None:
        """(*B, K): the leader's continuous action, where the form has one."""
        action = self.rows.leader_action
        return None if action is None else self._dense(action[:, None])[..., 0]

    @cached_property
    def terms(self) -> Floats | None:
        """(*B, K, L): what each link of a network agrees on, where the form has links."""
        return None if self.rows.terms is None else self._dense(self.rows.terms)

    @cached_property
    def row_sets(self) -> tuple[Integers, Integers] | None:
        """Component and its index (E,), where the concept computes them."""
        return self.rows.sets and self.rows.sets(self.profiles, self.owner)

    @cached_property
    def component(self) -> Integers | None:
        """(*B, K): the component each equilibrium belongs to, -1 in empty slots."""
        return self.row_sets and self._dense(self.row_sets[0][:, None], -1)[..., 0]

    @cached_property
    def index(self) -> Integers | None:
        """(*B, K): the index of that component; NO_INDEX where not known."""
        return self.row_sets and self._dense(self.row_sets[1][:, None], NO_INDEX)[..., 0]

    @cached_property
    def row_beliefs(self) -> Floats | None:
        """(E, D): beliefs at the information sets of a tree, where the concept has them."""
        return self.rows.beliefs and self.rows.beliefs(self.profiles, self.owner)

    @cached_property
    def beliefs(self) -> Floats | None:
        """(*B, K, D): the same; ``solver.beliefs`` has them for any equilibria of trees."""
        return None if self.row_beliefs is None else self._dense(self.row_beliefs)

    @cached_property
    def certificate(self) -> Certificate:
        """Measure, largest gap, tolerance and completeness."""
        worst, some = np.zeros(self.count.size), self.count.ravel() > 0
        if some.any():
            first = (np.cumsum(self.count.ravel()) - self.count.ravel())[some]
            gaps = self.row_values[1].max(axis=1, initial=0.0)
            worst[some] = np.maximum.reduceat(gaps, first)
        return Certificate(self.measure, worst.reshape(self.count.shape), self.tol, self.complete)

    def first(self, values: Floats) -> Floats:
        """The first slot of a dense array (*B, K, ...), NaN where nothing was found."""
        if self.slots == 0:
            return np.full(self.count.shape + values.shape[self.count.ndim + 1 :], np.nan)
        first: Floats = values[(slice(None),) * self.count.ndim + (0,)]
        return first

    def check(self) -> Equilibria:
        """Return self if every element is settled, else raise UncertifiedError."""
        bad = ~np.isin(self.status, [status for status in Status if status.settled])
        if bad.any():
            where = tuple(int(i) for i in np.argwhere(bad)[0])
            status = Status(int(self.status[where]))
            raise UncertifiedError(
                f"{self.concept}: {int(bad.sum())} of {bad.size} games not settled;"
                f" first at {where}: {status.name}, {status.sentence}"
            )
        return self

    def slotted(self, rows: NDArray[Any], empty: Any) -> NDArray[Any]:
        """One value per equilibrium (E,) into slots (*B, K), `empty` where there is none."""
        return self._dense(rows[:, None], empty)[..., 0]

    def _dense(self, rows: NDArray[Any], empty: Any = np.nan) -> NDArray[Any]:
        """Rows (E, w) into slots (*B, K, w)."""
        width = rows.shape[1]
        dense = np.full((self.count.size * self.slots, width), empty, rows.dtype)
        dense[self._places] = rows
        return dense.reshape(*self.count.shape, self.slots, width)

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """(E,): the slot of each row, in the flattened batch."""
        before = np.cumsum(self.count.ravel()) - self.count.ravel()
        first = np.arange(self.count.size) * self.slots - before
        places: NDArray[np.intp] = first[self.owner] + np.arange(len(self.owner))
        return places
