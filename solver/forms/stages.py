"""What bargaining inside a tree gives the players, from the values of what follows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def settled(agreed: Floats, failed: Floats, weights: Floats, outside: Floats) -> Floats:
    """Payoffs (..., N) of the weighted Nash solution with transferable utility.

    Parameters
    ----------
    agreed, failed : (..., N)
        Values of what follows an agreement, and of what follows none: the disagreement point.
    weights : (..., N)
        Shares of the surplus; zero for those who do not bargain.
    outside : (..., N)
        What a party gets by leaving for good; -inf where it cannot.

    Notes
    -----
    A party gets its disagreement payoff and its weight of the surplus, unless it would get more by
    leaving: then it gets just that, and the others share the rest by their weights (the outside
    option principle). Where the agreement is worth less than what the parties can have without,
    each has the better of disagreement and leaving. Parties are those of positive weight.
    """
    party = weights > 0.0
    alone = np.where(party, np.maximum(failed, outside), 0.0)
    total = np.where(party, agreed, 0.0).sum(axis=-1, keepdims=True)
    binding = np.zeros(np.broadcast_shapes(party.shape, total.shape), np.bool_)
    share = failed
    for _ in range(weights.shape[-1]):
        free = party & ~binding
        weight = np.where(free, weights, 0.0)
        left = total - np.where(binding, outside, 0.0).sum(axis=-1, keepdims=True)
        left = left - np.where(free, failed, 0.0).sum(axis=-1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            portion = weight / weight.sum(axis=-1, keepdims=True)
        share = np.where(binding, outside, failed + np.where(free, portion * left, 0.0))
        more = free & (outside > share)
        if not more.any():
            break
        binding = binding | more
    agree = total >= alone.sum(axis=-1, keepdims=True)
    with_deal = np.where(party, share, agreed)
    without = np.where(party, alone, failed)
    found: Floats = np.where(agree, with_deal, without)
    return found
