"""Coalition games: what every group of players can earn on its own, in money that can be passed on.

The coalition S has the number ``sum(2**i for i in S)``: bit 0 stands for the first player. The
worths of one game are therefore a table of 2**N numbers, 0 for nobody first, the grand coalition
last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats, require_distinct
from solver.forms.normal import rounded

Floats = NDArray[np.float64]

#: Players beyond which a table of all coalitions is no longer sensible.
MOST_PLAYERS = 20


@final
@dataclass(frozen=True, eq=False, init=False)
class CoalitionGame:
    """A batch of coalition games with transferable utility and the same players.

    Parameters
    ----------
    players : sequence of str
        One name each, 1 to 20 of them.
    worths : array-like (*B, 2**N)
        What each coalition earns alone, in payoff; coalition S stands at the index
        ``sum(2**i for i in S)``, so the first worth belongs to nobody and is 0. The array is kept,
        not copied: do not change it while answers that refer to it are in use.
    fractions : sequence of Fraction (2**N,), keyword-only, optional
        Exact worths of a single game, of which `worths` are the roundings. Nobody checks that they
        are. They are lost when the form is broadcast. Give them with `exactly`.

    Raises
    ------
    FormError
        When the table does not have 2**N entries, a first worth is a number other than 0, or
        names are the same.

    Examples
    --------
    >>> glove = CoalitionGame(("left", "right", "also right"), [0, 0, 0, 1, 0, 1, 0, 1])
    >>> glove.coalition("left", "right"), float(glove.worth("left", "right"))
    (3, 1.0)
    """

    kind: ClassVar[str] = "coalition"
    players: tuple[str, ...]
    worths: Floats
    actions: tuple[tuple[str, ...], ...]
    fractions: tuple[Fraction, ...] | None

    def __init__(
        self,
        players: Sequence[str],
        worths: ArrayLike,
        *,
        fractions: Sequence[Fraction] | None = None,
    ) -> None:
        names = _names(players)
        table = floats("worths", worths)
        if table.ndim == 0 or table.shape[-1] != 2 ** len(names):
            raise FormError(
                f"worths have shape {table.shape}: {len(names)} players need"
                f" {2 ** len(names)} along the last axis"
            )
        nobody = table[..., 0]
        wrong = nobody[np.isfinite(nobody) & (nobody != 0.0)]
        if wrong.size:
            raise FormError(f"worths[..., 0] = {wrong[0]}: the coalition of nobody is worth 0")
        object.__setattr__(self, "players", names)
        object.__setattr__(self, "worths", table)
        object.__setattr__(self, "actions", ((),) * len(names))
        object.__setattr__(self, "fractions", _exact(fractions, table.shape))

    @classmethod
    def from_function(
        cls,
        players: Sequence[str],
        worth: Callable[[tuple[Any, ...]], ArrayLike],
        *,
        by_index: bool = False,
    ) -> CoalitionGame:
        """A game from the worth of each coalition.

        Parameters
        ----------
        players : sequence of str
        worth : function
            Called once for every coalition but the empty one, with its members in the order of
            the players; returns a number or an array over the batch.
        by_index : bool, keyword-only
            Whether members are given as numbers from 0 instead of names.

        Examples
        --------
        >>> game = CoalitionGame.from_function("abc", lambda members: len(members) ** 2)
        >>> game.worths.tolist()
        [0.0, 1.0, 1.0, 4.0, 1.0, 4.0, 4.0, 9.0]
        """
        names = _names(players)
        given: list[ArrayLike] = [0.0]
        for coalition in range(1, 2 ** len(names)):
            inside = [i for i in range(len(names)) if coalition >> i & 1]
            given.append(worth(tuple(inside if by_index else (names[i] for i in inside))))
        try:
            columns = np.broadcast_arrays(*(floats("worth", value) for value in given))
        except ValueError:
            shapes = ", ".join(dict.fromkeys(str(np.shape(value)) for value in given[1:]))
            raise FormError(f"the worths do not broadcast: they have shapes {shapes}") from None
        return cls(names, np.stack(columns, axis=-1))

    @classmethod
    def exactly(cls, players: Sequence[str], worths: Sequence[Any]) -> CoalitionGame:
        """A single game whose worths are fractions; methods named "exact" use them unrounded.

        Parameters
        ----------
        players : sequence of str
        worths : sequence of int, Fraction, Decimal, float or str such as "1/3" (2**N,)

        Raises
        ------
        FormError
            Where a worth is no finite number.
        """
        exact = []
        for index, value in enumerate(worths):
            try:
                exact.append(Fraction(value))
            except (TypeError, ValueError, OverflowError, ZeroDivisionError):
                raise FormError(f"worths[{index}] = {value!r} is not a finite number") from None
        return cls(players, [rounded(value) for value in exact], fractions=exact)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the leading axes; ``()`` for a single game."""
        return self.worths.shape[:-1]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Mask (*B): all worths are finite."""
        return np.asarray(np.isfinite(self.worths).all(axis=-1))

    def coalition(self, *members: str) -> int:
        """The number of the coalition of these players, by name."""
        number = 0
        for name in members:
            if name not in self.players:
                raise FormError(f"no player is called {name!r}: choose from {self.players}")
            number |= 1 << self.players.index(name)
        return number

    def worth(self, *members: str) -> Floats:
        """What these players are worth together, (*B)."""
        found: Floats = self.worths[..., self.coalition(*members)]
        return found

    def flat(self) -> Floats:
        """The worths as a contiguous, read-only array (G, 2**N), the layout every kernel takes."""
        table = np.ascontiguousarray(self.worths)
        flat = table.reshape(prod(self.batch_shape), table.shape[-1]).view()
        flat.flags.writeable = False
        return flat

    def over(
        self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None
    ) -> CoalitionGame:
        """Broadcast to `batch_shape`, with NaN worths in the elements marked `invalid`."""
        if batch_shape == self.batch_shape and invalid is None:
            return self
        table = np.broadcast_to(self.worths, (*batch_shape, self.worths.shape[-1]))
        if invalid is not None:
            table = np.where(invalid[..., None], np.nan, table)
        return CoalitionGame(self.players, table)


def _names(players: Sequence[str]) -> tuple[str, ...]:
    names = tuple(players)
    if not 1 <= len(names) <= MOST_PLAYERS:
        raise FormError(f"{len(names)} players: a coalition game has 1 to {MOST_PLAYERS}")
    require_distinct(names)
    return names


def _exact(
    fractions: Sequence[Fraction] | None, shape: tuple[int, ...]
) -> tuple[Fraction, ...] | None:
    if fractions is None:
        return None
    exact = tuple(fractions)
    if shape != (len(exact),):
        raise FormError(f"{len(exact)} fractions for worths of shape {shape}: one game, one each")
    for value in exact:
        if not isinstance(value, Fraction):
            raise FormError(f"fractions hold {value!r}, which is no Fraction")
    return exact
