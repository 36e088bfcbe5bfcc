"""What every bargaining problem says of its players: alternatives, power and patience."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.errors import FormError
from solver.forms import floats, require_distinct

Floats = NDArray[np.float64]

#: What is told of each player, and what it is where nobody says.
TERMS: Mapping[str, float] = {
    "disagreement": 0.0,
    "outside": 0.0,
    "weights": 1.0,
    "discounts": 0.9,
}


def require_players(players: Sequence[str]) -> None:
    """Raise FormError unless two or more players have names that differ."""
    if isinstance(players, str) or not hasattr(players, "__len__") or len(players) < 2:
        raise FormError(f"players needs two entries or more, not {players!r}")
    require_distinct(players)


def entries_of(name: str, given: Sequence[ArrayLike], players: Sequence[str]) -> tuple[Floats, ...]:
    """One array per player; the default for all of them where none is given."""
    count = {2: "two"}.get(len(players), str(len(players)))
    if not hasattr(given, "__len__") or len(given) not in {0, len(players)}:
        raise FormError(f"{name} needs {count} entries, one per player, not {given!r}")
    if len(given) == 0:
        return (np.asarray(TERMS[name]),) * len(players)
    return tuple(floats(name, entry) for entry in given)


def batch_of(shapes: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape over which all of them broadcast."""
    shapes = tuple(shapes)
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        words = ", ".join(map(str, shapes))
        raise FormError(f"the entries do not broadcast: {words}") from None


def plausible(
    shape: tuple[int, ...],
    weights: Sequence[Floats],
    discounts: Sequence[Floats],
    breakdown: Floats,
    others: Iterable[Floats],
) -> NDArray[np.bool_]:
    """Mask (*B): finite entries, weights >= 0 and not all 0, and talks that lose value in time."""
    good = np.ones(shape, np.bool_)
    for entry in (*others, *weights, *discounts, breakdown):
        good &= np.isfinite(entry)
    for weight in weights:
        good &= weight >= 0.0
    good &= sum(weights, np.zeros(())) > 0.0
    good &= (breakdown >= 0.0) & (breakdown <= 1.0)
    for discount in discounts:
        good &= (discount >= 0.0) & (discount <= 1.0) & (discount * (1.0 - breakdown) < 1.0)
    return good


def column(entry: Floats, shape: tuple[int, ...]) -> Floats:
    """The entry over the flattened batch, read-only: (G,), or (1,) where it does not vary."""
    varies = any(size > 1 and step for size, step in zip(entry.shape, entry.strides, strict=True))
    if not varies and np.prod(shape) > 0:
        flat = np.full(1, entry[(0,) * entry.ndim])
    else:
        flat = np.ascontiguousarray(np.broadcast_to(entry, shape)).reshape(-1).view()
    flat.flags.writeable = False
    return flat
