"""The certificate of a network of bargains: no pair does better with another term.

Shares no code with what finds the terms. For each pair, the worth of its bargain is computed from
the payoffs, sampled densely over the whole interval and ever more closely around the term, and its
slopes to the left and to the right of the term are taken.
"""

from __future__ import annotations

import numpy as np

from solver.concepts._network import Rule
from solver.forms.network import FlatNetwork, Floats

#: Samples over the interval, and how often the distance around the term is divided by three.
SAMPLES, CLOSER = 129, 16
#: A shortfall below this share of the stakes counts as none while slopes are taken.
NONE = 1e-9


def pair_gaps(flat: FlatNetwork, rule: Rule, threats: bool, terms: Floats) -> Floats:  # noqa: FBT001
    """(L, C): what each pair fails to get, or how steep its worth still is, relative to the stakes.

    The largest of: what another term would add; the slope of the worth times the distance over
    which it varies; and what a player lacks to its disagreement payoff or its threat.
    """
    return np.stack([_gap(flat, rule, threats, terms, link) for link in range(len(terms))])


def _gap(flat: FlatNetwork, rule: Rule, threats: bool, terms: Floats, link: int) -> Floats:  # noqa: FBT001
    i, j = flat.form.ends[link]
    low, high, t = flat.low[link], flat.high[link], terms[link]
    weights = flat.weights[:, link]
    alone = flat.at(terms, flat.active(link))
    least = np.stack((alone[i], alone[j]))
    if threats:
        for player, excluded, other in flat.form.threats[link]:
            best = _replacement(flat, link, excluded, terms, (player, other), alone[other])
            side = 0 if player == i else 1
            least[side] = np.maximum(least[side], best)

    def gains(x: Floats) -> tuple[Floats, Floats, Floats]:
        """Gains of the two, and what they are above the least, for points (P, C)."""
        paid = flat.at([*terms[:link], x, *terms[link + 1 :]], flat.active())
        above = np.minimum(paid[i] - least[0], paid[j] - least[1])
        return paid[i] - alone[i], paid[j] - alone[j], above

    near = (high - low) * 3.0 ** -np.arange(1.0, CLOSER + 1.0)[:, None]
    even = low + (np.arange(SAMPLES)[:, None] + 0.31) / SAMPLES * (high - low)
    x = np.concatenate((t[None], even, t - near, t + near, low[None], high[None]))
    x = np.clip(x, low, high)
    first, second, above = gains(x)
    some = above >= 0.0
    some[0] = True
    stakes = np.stack([np.where(some, np.abs(g), 0.0).max(axis=0) for g in (first, second)])
    stakes = np.where(stakes > 0.0, stakes, 1.0)
    unit = _worth(rule, weights, stakes[0], stakes[1])
    slack = NONE * stakes.min(axis=0)

    def worth(one: Floats, two: Floats, over: Floats) -> Floats:
        value = _worth(rule, weights, np.maximum(one, 0.0), np.maximum(two, 0.0))
        return np.where(over >= -slack, value, over / stakes.min(axis=0) * unit)

    value = worth(first, second, above)
    added = value.max(axis=0) - value[0]
    lacking = np.maximum(-above[0], 0.0) / stakes.min(axis=0)
    distance = _distance(low, high, value[0], value[1 + SAMPLES :], near)
    steep = np.zeros_like(t)
    for sign, room in ((1.0, high - t), (-1.0, t - low)):
        h = np.minimum(3e-4 * distance, room / 4.0)
        points = t + sign * h * np.arange(5.0)[:, None]
        y = worth(*gains(points))
        # One-sided difference of fourth order: a kink at the term does not matter.
        slope = (-25.0 * y[0] + 48.0 * y[1] - 36.0 * y[2] + 16.0 * y[3] - 3.0 * y[4]) / (12.0 * h)
        steep = np.maximum(steep, np.where(h > 0.0, slope * distance, 0.0))
    gap = np.maximum(np.maximum(added, steep) / unit, lacking)
    return np.where(np.isnan(gap), np.inf, gap)


def _worth(rule: Rule, weights: Floats, first: Floats, second: Floats) -> Floats:
    if rule == "nash":
        return np.asarray(first ** weights[0] * second ** weights[1])
    with np.errstate(all="ignore"):
        ratios = [
            np.where(w > 0.0, g / w, np.inf)  # without weight it must only not lose
            for g, w in ((first, weights[0]), (second, weights[1]))
        ]
    return np.minimum(*ratios)


def _distance(low: Floats, high: Floats, top: Floats, around: Floats, near: Floats) -> Floats:
    """The largest of the distances `near` at which the worth keeps a quarter on one side."""
    below, above = around[: len(near)], around[len(near) : 2 * len(near)]
    kept = (below >= 0.25 * top) | (above >= 0.25 * top)
    kept[-1] = True
    found: Floats = np.take_along_axis(near, np.argmax(kept, axis=0)[None], axis=0)[0]
    return np.minimum(found, (high - low) / 9.0)


def _replacement(  # noqa: PLR0913, PLR0917
    flat: FlatNetwork,
    link: int,
    excluded: int,
    terms: Floats,
    who: tuple[int, int],
    enough: Floats,
) -> Floats:
    """What the first of `who` gets with another partner that is held to `enough`."""
    active = flat.active(link, excluded)
    slot = excluded - len(terms)
    held = list(flat.low[len(terms) :])

    def offer(x: Floats) -> tuple[Floats, Floats]:
        held[slot] = x
        paid = flat.at([*terms, *held], active)
        return paid[who[0]], paid[who[1]] - enough

    low, high = flat.low[excluded], flat.high[excluded]
    x = low + np.arange(SAMPLES)[:, None] / (SAMPLES - 1.0) * (high - low)
    mine, theirs = offer(x)
    best: Floats = np.where(theirs >= 0.0, mine, -np.inf).max(axis=0)
    for k in np.flatnonzero(((theirs[1:] >= 0.0) != (theirs[:-1] >= 0.0)).any(axis=1)):
        change = (theirs[k] >= 0.0) != (theirs[k + 1] >= 0.0)
        yes, no = np.where(theirs[k] >= 0.0, x[[k, k + 1]], x[[k + 1, k]])
        for _ in range(60):
            middle = (yes + no) / 2.0
            accepts = offer(middle)[1] >= 0.0
            yes, no = np.where(accepts, middle, yes), np.where(accepts, no, middle)
        best = np.where(change, np.maximum(best, offer(yes)[0]), best)
    return best
