"""Finding the terms of a network from several starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver._threads import over_ranges
from solver.concepts._network import Bargain, Integers, Pairs, Rule
from solver.concepts._network_gap import pair_gaps
from solver.concepts._network_newton import newton
from solver.concepts._network_rows import SAME, Part, packed, selected
from solver.equilibria import Equilibria
from solver.errors import ParameterError
from solver.forms.network import BargainingNetwork, Floats

#: Networks solved at a time, so that what is computed about them stays in the cache.
BLOCK = 256
#: Networks that are worth a thread.
SMALLEST_RANGE = 256
#: Rounds of rough replies before Newton's method; points and steps of each.
ROUNDS, POINTS, GOLDEN_STEPS = 2, 17, 8
#: Rounds of exact replies where Newton's method fails, from how many starts, and their damping.
PATIENCE, AGAIN, DAMPING = 60, 3, 0.7


@final
@dataclass(frozen=True)
class FixedPoint:
    """Replies pair by pair, then Newton's method for all pairs at once.

    ``starts`` terms are started from: the middle, two corners, mixed corners, and points drawn
    with the seed. ``tol`` bounds the gap of what is reported as solved.
    """

    name: ClassVar[str] = "fixed-point"
    starts: int = 8
    seed: int = 0
    tol: float = 1e-8

    def __post_init__(self) -> None:
        """Refuse no starts and no tolerance."""
        if self.starts < 1:
            raise ParameterError(f"starts = {self.starts} is not a whole number of at least 1")
        if not 0.0 < self.tol < 1.0:
            raise ParameterError(f"tol = {self.tol} is not a number between 0 and 1")


def solve_prices(
    form: BargainingNetwork, method: FixedPoint, *, concept: str, rule: Rule, threats: bool = False
) -> Equilibria:
    """All terms found at which no pair wants another one."""
    pairs = Pairs(form.flat(), rule, threats)
    games = len(pairs.flat.valid)

    def work(low: int, high: int) -> list[Part]:
        parts = []
        for start in range(low, high, BLOCK):
            with np.errstate(all="ignore"):
                block = slice(start, min(start + BLOCK, high))
                parts.append(_solve_block(pairs.part(block), method))
        return parts

    parts = [part for found in over_ranges(games, SMALLEST_RANGE, work) for part in found]
    links, players = len(form.links), len(form.players)
    return packed(
        form,
        concept=concept,
        method=method,
        terms=_joined([p.terms for p in parts], links),
        payoffs=_joined([p.payoffs for p in parts], players),
        gaps=_joined([p.gaps for p in parts], players),
        count=np.concatenate([p.count for p in parts] or [np.empty(0, np.int64)]),
        status=np.concatenate([p.status for p in parts] or [np.empty(0, np.int8)]),
        complete=False,
    )


def _joined(parts: list[Floats], width: int) -> Floats:
    return np.concatenate(parts) if parts else np.empty((0, width))


def _solve_block(pairs: Pairs, method: FixedPoint) -> Part:
    """From all starts at once; again and slowly where nothing was certified."""
    links = len(pairs.flat.form.links)
    low, high = pairs.flat.low[:links], pairs.flat.high[:links]
    middle = pairs.flat.at((low + high) / 2.0, pairs.flat.active())
    valid = pairs.flat.valid & np.isfinite(middle).all(axis=0)
    good = np.flatnonzero(valid)
    terms, owner = _quickly(pairs.part(good), _starts(method, links))
    owner = good[owner]
    gaps = _certified(pairs, terms, owner)
    failed = valid.copy()
    failed[owner[(gaps <= method.tol).all(axis=0)]] = False
    if failed.any():
        rest = np.flatnonzero(failed)
        slow, whose = _slowly(pairs.part(rest), _starts(method, links)[:AGAIN])
        whose = rest[whose]
        terms = np.concatenate((terms, slow), axis=1)
        owner = np.concatenate((owner, whose))
        gaps = np.concatenate((gaps, _certified(pairs, slow, whose)), axis=1)
    return selected(pairs, method.tol, valid, terms, owner, gaps)


def _starts(method: FixedPoint, links: int) -> Floats:
    """(S, L): starting terms as shares of their intervals."""
    ends = np.arange(links) % 2 == 0
    fixed = np.stack((
        np.full(links, 0.5), np.full(links, 0.03), np.full(links, 0.97),
        np.where(ends, 0.03, 0.97), np.where(ends, 0.97, 0.03),
    ))  # fmt: skip
    more = max(method.starts - len(fixed), 0)
    drawn = np.random.default_rng(method.seed).uniform(0.0, 1.0, (more, links))
    return np.concatenate((fixed, drawn))[: 1 if links == 1 else method.starts]


def _quickly(pairs: Pairs, starts: Floats) -> tuple[Floats, Integers]:
    """Rough replies and Newton's method: distinct terms (L, C) and whose they are."""
    games = len(pairs.flat.valid)
    links = len(pairs.flat.form.links)
    owner = np.tile(np.arange(games), len(starts))
    many = pairs.part(owner)
    terms = many.flat.low[:links] + np.repeat(starts.T, games, axis=1) * many.width
    scale = np.empty_like(terms)
    for number in range(ROUNDS):
        for link in range(links):
            bargain = Bargain.over(many, link, terms)
            terms[link] = bargain.roughly(POINTS, GOLDEN_STEPS)
            if number == ROUNDS - 1:
                scale[link] = bargain.scale(terms[link])
    terms = newton(many, terms, scale)
    return _distinct(terms, owner, games, pairs.width)


def _slowly(pairs: Pairs, starts: Floats) -> tuple[Floats, Integers]:
    """Exact replies, damped, and Newton's method at the end."""
    games = len(pairs.flat.valid)
    links = len(pairs.flat.form.links)
    owner = np.tile(np.arange(games), len(starts))
    many = pairs.part(owner)
    terms = many.flat.low[:links] + np.repeat(starts.T, games, axis=1) * many.width
    left = np.arange(len(owner))
    for number in range(PATIENCE):
        part = many.part(left)
        before = terms[:, left]
        now = before.copy()
        for link in range(links):
            reply = Bargain.over(part, link, now).exactly(2 * POINTS)
            share = 1.0 if number < PATIENCE // 3 else DAMPING
            now[link] += share * (reply - now[link])
        terms[:, left] = now
        moved = np.abs(now - before) > 1e-13 * part.width
        left = left[moved.any(axis=0)]
        if len(left) == 0:
            break
    scale = np.stack([Bargain.over(many, k, terms).scale(terms[k]) for k in range(links)])
    polished = newton(many, terms, scale)
    both = np.concatenate((terms, polished), axis=1)
    return both, np.tile(owner, 2)


def _distinct(terms: Floats, owner: Integers, games: int, width: Floats) -> tuple[Floats, Integers]:
    """Without the terms (L, S G) that an earlier start of the same network found."""
    links = len(terms)
    each = terms.reshape(links, -1, games)
    room = np.maximum(SAME * width, 1e-300)
    keep = np.ones(each.shape[1:], np.bool_)
    keep &= np.isfinite(each).all(axis=0)
    for s in range(1, each.shape[1]):
        for earlier in range(s):
            near = (np.abs(each[:, s] - each[:, earlier]) <= room).all(axis=0)
            keep[s] &= ~(near & keep[earlier])
    kept = keep.ravel()
    return terms[:, kept], owner[kept]


def _certified(pairs: Pairs, terms: Floats, owner: Integers) -> Floats:
    """(N, C): the largest gap of any pair that each player is in."""
    part = pairs.part(owner)
    gaps = np.zeros((len(part.flat.form.players), len(owner)))
    found = pair_gaps(part.flat, part.rule, part.threats, terms)
    for (i, j), gap in zip(part.flat.form.ends, found, strict=False):
        gaps[i], gaps[j] = np.maximum(gaps[i], gap), np.maximum(gaps[j], gap)
    return gaps
