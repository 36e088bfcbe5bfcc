"""Which payoffs two players can have in correlated equilibria: a polygon, corner by corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._correlated import by_simplex
from solver.concepts._obedience import Pattern, pattern, stacked
from solver.concepts._objectives import Aim
from solver.equilibria import Status
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm

#: Distances below this share of the payoff range are none.
NEAR = 1e-9
#: Rounds after which a polygon counts as too large; every round may double its corners.
ROUNDS = 60


@final
@dataclass(frozen=True, eq=False)
class PayoffPolygons:
    """Convex polygons of payoff pairs, one for each game.

    Attributes
    ----------
    corners : (*B, K, 2) float
        Payoffs of both players, counter-clockwise from the lowest of player 1 (of two the one that
        is best for player 2); NaN in empty slots.
    count : (*B) int
        Corners: 1 for a point, 2 for a segment.
    status : (*B) int
        Members of `Status`; NOT_CONVERGED where some corner could not be certified, TRUNCATED
        where there are too many.
    """

    corners: Floats
    count: NDArray[np.int64]
    status: NDArray[np.int8]


def correlated_payoffs(form: NormalForm, *, coarse: bool = False) -> PayoffPolygons:
    """All pairs of payoffs that correlated equilibria give two players.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
    coarse : bool, keyword-only
        Of coarse correlated equilibria instead.

    Returns
    -------
    PayoffPolygons

    Raises
    ------
    ConceptError
        For another number of players.

    Notes
    -----
    The set is the image of a polytope and so a polygon. For the two ends of every edge known so
    far, the best equilibrium in the direction across it is a new corner, or shows that the edge
    has nothing beyond. Each corner takes two programs of the kind that `correlated` solves; those
    of all games of a batch are solved together. Corners closer than 1e-9 of the payoff range to
    the line between their neighbours are left out.

    Examples
    --------
    Chicken: pure Nash equilibria at (2, 7) and (7, 2), the third one inside at (14/3, 14/3).

    >>> found = correlated_payoffs(NormalForm(payoffs=([[6, 2], [7, 0]], [[6, 7], [2, 0]])))
    >>> found.corners.round(3).tolist()
    [[2.0, 7.0], [3.6, 3.6], [7.0, 2.0], [5.25, 5.25]]
    """
    if len(form.players) != 2:
        raise ConceptError(
            f"correlated_payoffs draws polygons for two players, this game has {len(form.players)}"
        )
    U = stacked(form)
    base, spread = U.min(axis=2), np.ptp(U, axis=2)
    valid = np.isfinite(spread).all(axis=1) & np.isfinite(U).all(axis=(1, 2))
    status = np.where(valid, Status.SOLVED, Status.INVALID_INPUT).astype(np.int8)
    shares = np.zeros(U.shape)
    shares[valid] = (U - base[:, :, None])[valid] / np.where(spread == 0.0, 1.0, spread)[
        valid, :, None
    ]
    points, owner = _traced(shares, pattern(form.shape, coarse=coarse), status)
    parts = np.split(points, np.flatnonzero(np.diff(owner)) + 1)
    kept = [_corners(part) for part in parts if len(part)]
    count = np.zeros(len(U), np.int64)
    count[np.unique(owner)] = [len(part) for part in kept]
    corners = np.full((len(U), int(count.max(initial=0)), 2), np.nan)
    if len(points):
        filled = np.arange(corners.shape[1]) < count[:, None]
        games = np.repeat(np.arange(len(U)), count)
        corners[filled] = base[games] + np.concatenate(kept) * spread[games]
    shape = form.batch_shape
    return PayoffPolygons(
        corners.reshape(*shape, *corners.shape[1:]), count.reshape(shape), status.reshape(shape)
    )


def _traced(
    U: Floats, ways: Pattern, status: NDArray[np.int8]
) -> tuple[Floats, NDArray[np.intp]]:  # fmt: skip
    """Points (E, 2) of each polygon in order, and the game of each; marks games that failed."""
    games = np.flatnonzero(status != Status.INVALID_INPUT)
    owner = np.repeat(games, 4)
    first = np.array([(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)])
    points = _farthest(U, ways, owner, np.tile(first, (len(games), 1)), status)
    open_mask = np.ones(len(points), np.bool_)
    for _ in range(ROUNDS):
        after = points[_next(owner)]
        along = after - points
        length = np.hypot(along[:, 0], along[:, 1])
        open_mask &= length > NEAR
        asked = np.flatnonzero(open_mask)
        if not len(asked):
            return points, owner
        across = np.stack([along[asked, 1], -along[asked, 0]], axis=1) / length[asked, None]
        found = _farthest(U, ways, owner[asked], across, status)
        beyond = ((found - points[asked]) * across).sum(axis=1) > NEAR
        open_mask[asked[~beyond]] = False
        places = asked[beyond] + 1
        points = np.insert(points, places, found[beyond], axis=0)
        owner = np.insert(owner, places, owner[places - 1])
        open_mask = np.insert(open_mask, places, np.ones(len(places), np.bool_))
    status[np.unique(owner[open_mask])] = Status.TRUNCATED
    return points, owner


def _farthest(
    U: Floats, ways: Pattern, owner: NDArray[np.intp], directions: Floats, status: NDArray[np.int8]
) -> Floats:
    """The payoffs (E, 2) of the best equilibria of games `owner` in `directions` (E, 2)."""
    some = U[owner]
    best = by_simplex(some, Aim(directions), ways, NEAR)
    status[owner[best.status != Status.SOLVED]] = Status.NOT_CONVERGED
    payoffs: Floats = np.einsum("eic,ec->ei", some, best.joint)
    return payoffs


def _next(owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """The place of the point that comes after each, around the polygon of its game."""
    after = np.arange(1, len(owner) + 1)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    after[np.append(starts[1:], len(owner)) - 1] = starts
    return after


def _corners(points: Floats) -> Floats:
    """The corners among points around a convex polygon, from the leftmost on."""
    middle = points.mean(axis=0)
    start = int(np.hypot(*(points - middle).T).argmax())  # a corner for certain
    ring = np.roll(points, -start, axis=0)
    kept = [ring[0]]
    for point in (*ring[1:], ring[0]):
        while len(kept) > 1 and _apart(kept[-1], kept[-2], point) <= NEAR:
            kept.pop()
        if np.hypot(*(point - kept[-1])) > NEAR:
            kept.append(point)
    corners = np.array(kept[:-1] or kept)
    left = np.flatnonzero(corners[:, 0] <= corners[:, 0].min() + NEAR)
    return np.roll(corners, -int(left[corners[left, 1].argmax()]), axis=0)


def _apart(point: Floats, one: Floats, two: Floats) -> float:
    """The distance of a point from the segment between two others."""
    along, to = two - one, point - one
    length = float(along @ along)
    share = min(max(float(along @ to) / length, 0.0), 1.0) if length > 0.0 else 0.0
    return float(np.hypot(*(to - share * along)))
