"""Evaluating a game at bound parameters: equilibria, outcomes and a regime label per element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.columns import Column
from solver.concepts import default
from solver.concepts._concept import Concept, Method
from solver.equilibria import Equilibria
from solver.errors import FormError, attempt
from solver.forms.extensive import ExtensiveForm, reached
from solver.game import RESERVED, Game
from solver.parameters import Bound
from solver.sweep import added

Floats = NDArray[np.float64]
NO_REGIME = "none"
#: Probabilities above this count as played when a regime is named by its supports.
PLAYED = 1e-12


@final
@dataclass(frozen=True, eq=False)
class Cells:
    """A solved batch: ``regime`` indexes ``labels``; outcomes and regime have the batch shape.

    ``columns`` are those of the sets that were asked for, by `added.ADDED`.
    """

    equilibria: Equilibria
    outcomes: dict[str, Floats]
    regime: NDArray[np.int32]
    labels: tuple[str, ...]
    columns: dict[str, Column] = field(default_factory=dict)


def evaluate(
    game: Game,
    bound: Bound,
    concept: Concept | None = None,
    method: Method | str | None = None,
    add: Iterable[str] = (),
) -> Cells:
    """Build, solve and describe every element of the batch, with the sets of columns to add."""
    form = game.form(bound)
    equilibria = (concept or default(form))(form, method)
    outcomes: dict[str, Floats] = {}
    if game.outcomes:
        with np.errstate(all="ignore"):
            found = attempt(f"game {game.name}: outcomes", game.outcomes, bound.values, equilibria)
        if not isinstance(found, Mapping):
            raise FormError(
                f"game {game.name}: outcomes returned {type(found).__name__}, no mapping"
            )
        for name, value in found.items():
            if name in RESERVED or name.startswith(("strategy_", "action_")):
                raise FormError(f"game {game.name}: outcome {name!r} is reserved")
            outcomes[name] = _over_batch(game, name, value, equilibria)
    regime, labels = _regime(game, bound, equilibria)
    columns = added.columns(game, equilibria, added.chosen(add), outcomes)
    return Cells(equilibria, outcomes, regime, labels, columns)


def _over_batch(game: Game, name: str, value: ArrayLike, equilibria: Equilibria) -> Floats:
    try:
        return np.broadcast_to(np.asarray(value, np.float64), equilibria.count.shape)
    except (TypeError, ValueError):
        raise FormError(
            f"game {game.name}: outcome {name!r} has shape {np.shape(value)},"
            f" which does not fit the batch {equilibria.count.shape}"
        ) from None


def _regime(
    game: Game, bound: Bound, equilibria: Equilibria
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Codes over the batch and the labels they index; the last label is for no equilibrium."""
    if game.regime is None:
        return supports(equilibria)
    with np.errstate(all="ignore"):
        found = np.asarray(
            attempt(f"game {game.name}: regime", game.regime, bound.values, equilibria)
        )
    shape = equilibria.count.shape
    _require_regime(game, found, shape)
    if np.issubdtype(found.dtype, np.integer):
        labels = (*game.regimes, NO_REGIME)
        codes = np.broadcast_to(found, shape).astype(np.int32)
    else:
        present, inverse = np.unique(found.astype(str), return_inverse=True)
        labels = (*map(str, present), NO_REGIME)
        codes = np.broadcast_to(inverse.reshape(found.shape), shape).astype(np.int32)
    last = len(labels) - 1
    codes = np.where((codes < 0) | (codes > last) | (equilibria.count == 0), last, codes)
    return codes.astype(np.int32), labels


def _require_regime(game: Game, found: NDArray[Any], shape: tuple[int, ...]) -> None:
    """Raise FormError unless `found` holds labels or indices into the game's regimes."""
    subject = f"game {game.name}: regime"
    try:
        np.broadcast_to(found, shape)
    except ValueError:
        raise FormError(
            f"{subject} has shape {found.shape}, which does not fit the batch {shape}"
        ) from None
    if np.issubdtype(found.dtype, np.integer):
        if found.size and found.max() >= len(game.regimes):
            raise FormError(f"{subject} {found.max()} is none of the {len(game.regimes)} declared")
    elif found.dtype.kind not in "bUT" and not all(isinstance(x, str) for x in found.flat):
        raise FormError(f"{subject} is {found.dtype}: labels or indices of regimes are needed")


def supports(equilibria: Equilibria) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """The set of equilibrium supports of each game, as codes and labels.

    A label lists each equilibrium as the actions played, players separated by a bar, mixtures by a
    plus: ``high | build`` or ``high+low | buy+build``, and several equilibria by semicolons. In a
    tree, only what is played where the game comes counts.
    """
    actions = equilibria.form.actions
    if not any(actions):  # a division of a surplus
        return np.where(equilibria.count > 0, 0, 1).astype(np.int32), ("agreed", NO_REGIME)
    played = equilibria.profiles > PLAYED
    if isinstance(equilibria.form, ExtensiveForm):
        played &= reached(equilibria.form, equilibria.profiles, equilibria.owner)
    kinds, kind = _different(played.astype(np.int64), 2)
    count, slots = equilibria.count.ravel(), max(equilibria.slots, 1)
    table = np.full((len(count), slots), -1, np.int64)
    starts = np.cumsum(count) - count
    table[equilibria.owner, np.arange(len(played)) - starts[equilibria.owner]] = kind.ravel()
    table.sort(axis=1)
    table[:, 1:][table[:, 1:] == table[:, :-1]] = -1  # two equilibria of one support: a set
    table.sort(axis=1)
    sets, codes = _different(table + 1, len(kinds) + 1)
    sets -= 1
    names = [_support_name(row > 0, actions) for row in kinds]
    labels = tuple(" ; ".join(names[k] for k in row if k >= 0) or NO_REGIME for row in sets)
    return codes.reshape(equilibria.count.shape).astype(np.int32), labels


def _different(rows: NDArray[np.int64], base: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The different rows of digits below `base`, in order, and which of them each row is.

    As `np.unique` over rows, which is ten times slower, where a row fits into one number.
    """
    width = rows.shape[1]
    if base**width >= 2**62:
        found, which = np.unique(rows, axis=0, return_inverse=True)
        return found, which.ravel()
    keys = rows @ base ** np.arange(width - 1, -1, -1, dtype=np.int64)
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], which.ravel()


def _support_name(row: NDArray[np.bool_], actions: tuple[tuple[str, ...], ...]) -> str:
    parts, start = [], 0
    for names in actions:
        own = row[start : start + len(names)]
        parts.append("+".join(name for name, plays in zip(names, own, strict=True) if plays))
        start += len(names)
    return " | ".join(parts)
