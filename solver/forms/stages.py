"""What bargaining inside a tree gives the players, from the values of what follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def settled(
    agreed: Floats, failed: Floats, weights: Floats, outside: Floats, parties: tuple[int, ...]
) -> Floats:
    """Payoffs (..., N) of the weighted Nash solution with transferable utility.

    Parameters
    ----------
    agreed, failed : (..., N)
        Values of what follows an agreement, and of what follows none: the disagreement point.
    weights : (..., N)
        Shares of the surplus.
    outside : (..., N)
        What a party gets by leaving for good; -inf where it cannot.
    parties : tuple of int
        Who bargains; the others get what the agreement, or the lack of it, leads to.

    Notes
    -----
    A party gets its disagreement payoff and its weight of the surplus, unless it would get more by
    leaving: then it gets just that, and the others share the rest by their weights (the outside
    option principle), or equally if they have none. Where the agreement is worth less than what the
    parties can have without, each has the better of disagreement and leaving.
    """
    own = list(parties)
    u, d, w, b = agreed[..., own], failed[..., own], weights[..., own], outside[..., own]
    alone, total = np.maximum(d, b), u.sum(axis=-1, keepdims=True)
    binding = np.zeros(d.shape, np.bool_)
    share = d
    for _ in own:
        free = ~binding
        weight = np.where(free, w, 0.0)
        none = weight.sum(axis=-1, keepdims=True) == 0.0
        weight = np.where(none & free, 1.0, weight)
        rest = total - np.where(binding, b, d).sum(axis=-1, keepdims=True)
        whole = np.maximum(weight.sum(axis=-1, keepdims=True), np.finfo(float).tiny)
        share = np.where(binding, b, d + weight / whole * rest)
        more = free & (b > share)
        if not more.any():
            break
        binding |= more
    agree = total >= alone.sum(axis=-1, keepdims=True)
    found = np.where(agree, agreed, failed)
    found[..., own] = np.where(agree, share, alone)
    return found
