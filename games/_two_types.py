"""What games share in which one of two players is of one of two types and the other cannot see it.

A customer that is *strong* in building would serve itself at r_L per unit, one that is *weak* at
r_H: r = c_b/θ + (F + σ)/Q, where the weak type's chip performs only the share h of the strong
type's. The labels of signalling games say what the types do on the path of play: *separating* if no
signal is sent by both, *pooling* if both do the same, *semi-separating* otherwise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.equilibria import Equilibria
from solver.game import Values

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Probabilities above this count as played, and differences below it as none.
PLAYED = 1e-9

_KINDS = ("separating", "pooling", "semi-separating")
#: Every set of kinds that the equilibria of a game can show, in the order of `signalling`.
SIGNALLING = tuple(
    "+".join(kind for k, kind in enumerate(_KINDS) if code & 1 << k) for code in range(1, 8)
)


def reservations(p: Values) -> tuple[Floats, Floats]:
    """Unit cost of own compute of the strong and the weak type, r_L <= r_H, $k/AE."""
    chip = p["chip_cost"] / p["performance"]
    programme = (p["nre"] + p["porting_lump"]) / p["volume"]
    return chip + programme, chip / p["handicap"] + programme


def menu(*values: ArrayLike) -> Floats:
    """Numbers or arrays over a batch, side by side on a last axis."""
    return np.stack(np.broadcast_arrays(*values), axis=-1).astype(np.float64)


def moves(equilibria: Equilibria, player: int, width: int) -> Floats:
    """(*B, K, H, width): what a player does, all of whose H information sets are that wide."""
    strategies = equilibria.strategies[player]
    return strategies.reshape(*strategies.shape[:-1], strategies.shape[-1] // width, width)


def expected(weights: Floats, values: Floats) -> Floats:
    """Sum over the last axis of the products."""
    found: Floats = (weights * values).sum(axis=-1)
    return found


def signalling(sent: Floats) -> Integers:
    """Index into `SIGNALLING` from what both types send, (*B, K, 2, signals); -1 without any."""
    one, other = sent[..., 0, :], sent[..., 1, :]
    apart = ~((one > PLAYED) & (other > PLAYED)).any(axis=-1)
    alike = (np.abs(one - other) <= PLAYED).all(axis=-1)
    kinds = (apart & ~np.isnan(one[..., 0]), alike, ~apart & ~alike)
    codes: Integers = -np.ones(sent.shape[:-3], np.int64)
    for k, kind in enumerate(kinds):
        codes = codes + (kind.any(axis=-1).astype(np.int64) << k)
    return codes
