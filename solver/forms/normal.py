"""Normal-form games: one payoff array per player, batch axes first.

``payoffs[i][b, a_1, ..., a_N]`` is what player i gets when the profile (a_1, ..., a_N) is played
in the game b. The order of the players is the same in every array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import inf, prod
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError, ParameterError
from solver.parameters import as_floats

Floats = NDArray[np.float64]
Fractions = NDArray[np.object_]


@final
@dataclass(frozen=True, eq=False, init=False)
class NormalForm:
    """A batch of finite games with the same players and actions.

    Parameters
    ----------
    payoffs : sequence of array-like, each (*B, m_1, ..., m_N)
        One per player; batch axes broadcast against each other and stay broadcast views. Arrays
        are kept, not copied: do not change them while answers that refer to them are in use.
    players : sequence of str, optional
        Default ``("player 1", "player 2", ...)``.
    actions : sequence of sequence of str, optional
        Per player. Default ``("1", "2", ...)``.
    fractions : sequence of array of Fraction, each (m_1, ..., m_N), keyword-only, optional
        Exact payoffs of a single game, of which `payoffs` are the roundings (infinite beyond the
        largest float). Nobody checks that they are. They are lost when the form is broadcast.

    Raises
    ------
    FormError
        When the arrays disagree on the number of actions, or names do not fit the arrays.

    Examples
    --------
    >>> pd = NormalForm(payoffs=([[2, 0], [3, 1]], [[2, 3], [0, 1]]))
    >>> pd.shape, pd.batch_shape
    ((2, 2), ())
    """

    kind: ClassVar[str] = "normal"
    payoffs: tuple[Floats, ...]
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    fractions: tuple[Fractions, ...] | None

    def __init__(
        self,
        payoffs: Sequence[ArrayLike],
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        *,
        fractions: Sequence[ArrayLike] | None = None,
    ) -> None:
        arrays = _common_batch(payoffs)
        n = len(arrays)
        shape = arrays[0].shape[arrays[0].ndim - n :]
        if players is None:
            players = [f"player {i + 1}" for i in range(n)]
        if actions is None:
            actions = [[str(a + 1) for a in range(m)] for m in shape]
        object.__setattr__(self, "payoffs", arrays)
        object.__setattr__(self, "players", tuple(players))
        object.__setattr__(self, "actions", tuple(tuple(names) for names in actions))
        self._check_names(shape)
        exact = None if fractions is None else _exact(fractions, tuple(a.shape for a in arrays))
        object.__setattr__(self, "fractions", exact)

    def _check_names(self, shape: tuple[int, ...]) -> None:
        if len(self.players) != len(shape):
            raise FormError(f"{len(shape)} payoff arrays but {len(self.players)} players")
        sizes = tuple(len(names) for names in self.actions)
        if sizes != shape:
            raise FormError(f"payoffs have {shape} actions but the action names number {sizes}")
        for names in (self.players, *self.actions):
            if len(set(names)) < len(names):
                raise FormError(f"names must differ: {', '.join(names)}")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs[0].shape[self.payoffs[0].ndim - len(self.payoffs) :]

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the leading axes; ``()`` for a single game."""
        return self.payoffs[0].shape[: self.payoffs[0].ndim - len(self.payoffs)]

    def flat(self) -> tuple[Floats, ...]:
        """The payoffs as contiguous arrays (G, m_1, ..., m_N), the layout every kernel takes."""
        return tuple(_sealed(p, self.shape) for p in self.payoffs)

    def over(self, batch_shape: tuple[int, ...], invalid: NDArray[np.bool_] | None) -> NormalForm:
        """Broadcast to `batch_shape`, with NaN payoffs in the elements marked `invalid`."""
        if batch_shape == self.batch_shape and invalid is None:
            return self
        arrays = [np.broadcast_to(p, batch_shape + self.shape) for p in self.payoffs]
        if invalid is not None:
            mask = invalid.reshape(batch_shape + (1,) * len(self.shape))
            arrays = [np.where(mask, np.nan, p) for p in arrays]
        return NormalForm(arrays, self.players, self.actions)


def table(
    cells: Mapping[Any, Sequence[ArrayLike]], players: Sequence[str] | None = None
) -> NormalForm:
    """Make a normal form from labelled cells, so that nobody stacks axes by hand.

    Parameters
    ----------
    cells : mapping of a profile of action names to one payoff per player
        Every profile must be there. Actions keep the order in which they first appear. Payoffs
        are scalars or arrays that broadcast to the batch shape.
    players : sequence of str, optional

    Raises
    ------
    FormError
        When a profile is missing, or a cell has another number of actions or payoffs.

    Examples
    --------
    >>> form = table({("high", "buy"): (3, 1), ("high", "build"): (1, 2),
    ...               ("low", "buy"): (2, 3), ("low", "build"): (0, 0)})
    >>> form.actions
    (('high', 'low'), ('buy', 'build'))
    """
    if not cells:
        raise FormError("a table needs at least one cell")
    n = len(next(iter(cells)))
    for profile, values in cells.items():
        count = len(values) if hasattr(values, "__len__") else -1
        if not n == len(profile) == count:
            raise FormError(f"cell {profile!r} needs {n} actions and {n} payoffs")
    actions = [tuple(dict.fromkeys(profile[i] for profile in cells)) for i in range(n)]
    profiles = list(product(*actions))
    missing = [profile for profile in profiles if profile not in cells]
    if missing:
        raise FormError(f"table has no cell for {', '.join(missing[0])} ({len(missing)} missing)")
    shape = tuple(len(names) for names in actions)
    payoffs = [_stack([cells[profile][i] for profile in profiles], shape) for i in range(n)]
    return NormalForm(payoffs, players, actions)


def _stack(entries: list[ArrayLike], shape: tuple[int, ...]) -> Floats:
    """Entries in profile order to one array (*B, m_1, ..., m_N)."""
    try:
        arrays = np.broadcast_arrays(*(np.asarray(entry, np.float64) for entry in entries))
    except (TypeError, ValueError) as error:
        raise FormError(f"table cells do not broadcast: {error}") from None
    stacked = np.stack(arrays, axis=-1)
    return stacked.reshape(stacked.shape[:-1] + shape)


def rounded(value: Fraction) -> float:
    """The nearest float; infinite beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def _common_batch(payoffs: Sequence[ArrayLike]) -> tuple[Floats, ...]:
    if not hasattr(payoffs, "__len__"):
        raise FormError(f"payoffs = {payoffs!r}: one array per player is needed")
    n = len(payoffs)
    if n == 0:
        raise FormError("a normal form needs at least one player's payoffs")
    try:
        arrays = [as_floats("payoffs", p) for p in payoffs]
    except ParameterError:
        raise FormError("payoffs must be arrays of numbers") from None
    for i, array in enumerate(arrays):
        if array.ndim < n:
            raise FormError(
                f"payoffs[{i}] has shape {array.shape}: {n} players need at least {n} axes"
            )
    cores = [a.shape[a.ndim - n :] for a in arrays]
    if len(set(cores)) > 1:
        raise FormError(f"payoff arrays disagree on the actions: {' and '.join(map(str, cores))}")
    if 0 in cores[0]:
        raise FormError(f"every player needs an action: payoffs have {cores[0]} actions")
    try:
        batch = np.broadcast_shapes(*(a.shape[: a.ndim - n] for a in arrays))
    except ValueError:
        shapes = " and ".join(str(a.shape[: a.ndim - n]) for a in arrays)
        raise FormError(f"payoff batch shapes do not broadcast: {shapes}") from None
    return tuple(np.broadcast_to(a, batch + cores[0]) for a in arrays)


def _exact(
    fractions: Sequence[ArrayLike], shapes: tuple[tuple[int, ...], ...]
) -> tuple[Fractions, ...]:
    arrays = tuple(np.asarray(f, np.object_) for f in fractions)
    got = tuple(array.shape for array in arrays)
    if got != shapes or shapes[0] != shapes[0][-len(shapes) :]:
        raise FormError(
            f"fractions have {_shapes(got)}: one array of shape (m_1, ..., m_N) per player of a"
            f" single game is needed, payoffs have {_shapes(shapes)}"
        )
    for array in arrays:
        for value in array.ravel().tolist():
            if not isinstance(value, Fraction):
                raise FormError(f"fractions hold {value!r}, which is no Fraction")
    return arrays


def _shapes(shapes: tuple[tuple[int, ...], ...]) -> str:
    return "shapes " + " and ".join(map(str, shapes)) if shapes else "no arrays"


def _sealed(array: Floats, shape: tuple[int, ...]) -> Floats:
    """One dtype, one layout and read-only: a kernel is compiled once for all callers."""
    games = prod(array.shape[: array.ndim - len(shape)])
    flat = np.ascontiguousarray(array).reshape(games, *shape).view()
    flat.flags.writeable = False
    return flat
