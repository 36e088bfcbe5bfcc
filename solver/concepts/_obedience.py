"""The ways in which a player can disobey what is proposed, as a pattern of rows and cells.

A correlated equilibrium proposes a cell and tells each player only its own action. Its ways of
disobeying are "when told a, play k instead"; one may be chosen for each a. In a coarse correlated
equilibrium a player has to commit before it is told anything: "play k, whatever is proposed".
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.forms.normal import Floats, NormalForm
from solver.kernels.obedience import obedience_of

Integers = NDArray[np.int64]

#: Distributions below which another thread is not worth its start.
SMALLEST_RANGE = 1_000


class Pattern(NamedTuple):
    """Entries (entries,), by cell: the way ``row`` of ``player`` leads from cell to other.

    Of the ways from ``ends[k - 1]`` to ``ends[k]``, which are ``owners[k]``'s, one is chosen.
    """

    cell: Integers
    other: Integers
    row: Integers
    player: Integers
    ends: Integers
    owners: Integers

    @property
    def ways(self) -> int:
        """Number of rows."""
        return int(self.ends[-1])


@lru_cache(maxsize=32)
def pattern(shape: tuple[int, ...], *, coarse: bool) -> Pattern:
    """The pattern of games of that many actions."""
    cells = np.arange(prod(shape)).reshape(shape)
    parts: list[Any] = []
    widths: list[int] = []
    owners: list[int] = []
    for player, actions in enumerate(shape):
        first = sum(widths)
        told = np.indices(shape)[player]
        for k in range(actions):
            other = np.take(cells, np.full(actions, k), axis=player)
            if coarse:
                row = np.full(shape, first + k)
            else:
                row = first + told * (actions - 1) + k - (k > told)
            here = (told != k).ravel()
            columns = (cells, other, row, np.full(shape, player))
            parts.append(np.stack([column.ravel()[here] for column in columns]))
        groups = 1 if coarse else actions
        widths += [actions if coarse else actions - 1] * groups
        owners += [player] * groups
    entries = np.concatenate(parts, axis=1)
    entries = entries[:, np.argsort(entries[0], kind="stable")]
    arrays = (*entries, np.cumsum(widths), np.array(owners))
    return Pattern(*(np.ascontiguousarray(array, np.int64) for array in arrays))


def stacked(form: NormalForm) -> Floats:
    """The payoffs as (G, N, cells)."""
    flat = form.flat()
    return np.stack([payoffs.reshape(len(payoffs), prod(form.shape)) for payoffs in flat], axis=1)


def measured(
    U: Floats, joint: Floats, owner: NDArray[np.intp], ways: Pattern
) -> tuple[Floats, Floats]:
    """Payoffs and gains from disobeying (E, N), the latter relative to the range of payoffs.

    Of distributions joint (E, cells) for games U (G, N, cells) that ``owner`` (E,) names.
    """
    payoffs, gaps = np.empty((len(joint), U.shape[1])), np.empty((len(joint), U.shape[1]))

    def work(low: int, high: int) -> None:
        steps = (high - low) * (len(ways.cell) + U.shape[1] * U.shape[2]) * 5.0
        run(obedience_of, steps, U, joint, owner, *ways, low, high, payoffs, gaps)

    over_ranges(len(joint), SMALLEST_RANGE, work)
    return payoffs, gaps
