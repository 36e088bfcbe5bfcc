"""Curves through the sides of squares at which the regime changes (marching squares)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.sweep.plane import CORNERS, Plane

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Pair = tuple[int, int]
#: A piece of a curve: the numbers of its two ends, and the regimes on its sides.
Piece = tuple[int, int, Pair]

#: Times that a square in which three regimes meet is halved to find the point.
HALVINGS = 20


@final
@dataclass(frozen=True, eq=False)
class Curve:
    """A boundary: ``points`` (P, 2) in order, and the two regimes that it separates.

    It is closed if its last point is its first.
    """

    regimes: tuple[str, str]
    points: Floats


def curves(plane: Plane, squares: Integers, sharpness: float) -> tuple[Curve, ...]:
    """Join the crossings of squares (S, 2) with differing corners.

    `sharpness` is how well crossings are located, as a part of a square.
    """
    if not len(squares):
        return ()
    squares = squares[np.argsort(plane.key(squares))]
    corners = plane.corners(squares, 1)
    ends = squares[:, None, :] + CORNERS
    # Side k runs from corner k to the next; both squares beside it give it one number.
    first, second = ends, np.roll(ends, -1, axis=1)
    differ = corners != np.roll(corners, -1, axis=1)
    keys = 2 * plane.key(np.minimum(first, second).reshape(-1, 2)).reshape(-1, 4)
    keys += np.array((0, 1, 0, 1))
    sides, index = np.unique(keys[differ], return_inverse=True)
    number = np.full(keys.shape, -1)
    number[differ] = index
    points = _cross(plane, sides, sharpness)
    pieces, meeting = _pieces(plane, squares, corners, number, len(points))
    values = plane.values(np.concatenate((points, meeting)))
    names = plane.label.names
    return tuple(Curve((names[a], names[b]), values[chain]) for chain, (a, b) in _chains(pieces))


def _cross(plane: Plane, sides: Integers, sharpness: float) -> Floats:
    """Positions (C, 2) at which the regime changes along each side, by bisection."""
    corner, upright = np.divmod(sides, 2)
    low = np.stack(np.divmod(corner, plane.squares + 1), axis=-1).astype(np.float64)
    along = np.stack((1 - upright, upright), axis=-1).astype(np.float64)
    start = plane.at(low)
    left, right = np.zeros(len(low)), np.ones(len(low))
    for _ in range(max(int(np.ceil(-np.log2(sharpness))), 1)):
        middle = 0.5 * (left + right)
        same = plane.at(low + middle[:, None] * along) == start
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    found: Floats = low + (0.5 * (left + right))[:, None] * along
    return found


def _pieces(
    plane: Plane, squares: Integers, corners: Integers, number: Integers, count: int
) -> tuple[list[Piece], Floats]:
    """Pieces of curves inside each square, and the points (M, 2) at which regimes meet."""
    pieces: list[Piece] = []
    meeting: list[Floats] = []
    crossings = (number >= 0).sum(axis=1)
    middle = np.full(len(squares), -1)
    saddles = np.flatnonzero(crossings == 4)
    if len(saddles):
        middle[saddles] = plane.at(squares[saddles].astype(np.float64) + 0.5)
    for s in range(len(squares)):
        sides = np.flatnonzero(number[s] >= 0).tolist()
        kinds = set(corners[s].tolist())
        if len(sides) == 2:
            a, b = (int(number[s, k]) for k in sides)
            pieces.append((a, b, _pair(corners[s], sides[0])))
        elif len(kinds) == 2:  # a saddle: the corners that differ from the middle are cut off
            for k in range(4):
                if corners[s, k] != middle[s]:
                    ends = int(number[s, k - 1]), int(number[s, k])
                    pieces.append((*ends, _pair(corners[s], k)))
        else:
            place = count + len(meeting)
            meeting.append(_meet(plane, squares[s]))
            pieces += [(int(number[s, k]), place, _pair(corners[s], k)) for k in sides]
    return pieces, np.array(meeting).reshape(-1, 2)


def _pair(corners: Integers, side: int) -> Pair:
    """The regimes at the ends of a side, in one order for both directions."""
    a, b = int(corners[side]), int(corners[(side + 1) % 4])
    return (a, b) if a < b else (b, a)


def _meet(plane: Plane, square: Integers) -> Floats:
    """A point of a square near which three regimes meet, by smaller and smaller squares.

    The next square has half the side and begins at a quarter or half of the last one, so that one
    that holds the point well inside is among the nine.
    """
    low, size = square.astype(np.float64), 1.0
    steps = np.array(list(np.ndindex(5, 5)))
    for _ in range(HALVINGS):
        codes = plane.at(low + 0.25 * size * steps).reshape(5, 5)
        kinds = {(i, j): len(np.unique(codes[i : i + 3, j : j + 3])) for i, j in np.ndindex(3, 3)}
        best = max(kinds, key=lambda at: (kinds[at], at == (1, 1)))
        if kinds[best] < 3:
            break
        low = low + 0.25 * size * np.array(best)
        size *= 0.5
    found: Floats = low + 0.5 * size
    return found


def _chains(pieces: list[Piece]) -> list[tuple[list[int], Pair]]:
    """Pieces of the same two regimes end to end: numbers of points in order."""
    at: dict[tuple[Pair, int], list[int]] = defaultdict(list)
    for k, (a, b, pair) in enumerate(pieces):
        at[pair, a].append(k)
        at[pair, b].append(k)
    used = [False] * len(pieces)
    # Open chains first: from ends at which no or several pieces go on.
    ends = [(pair, point) for (pair, point), beside in at.items() if len(beside) != 2]
    inner = [(pair, point) for (pair, point), beside in at.items() if len(beside) == 2]
    found: list[tuple[list[int], Pair]] = []
    for pair, start in (*ends, *inner):
        found += [
            (_follow(pieces, at, used, piece, start), pair)
            for piece in at[pair, start]
            if not used[piece]
        ]
    return found


def _follow(
    pieces: list[Piece],
    at: dict[tuple[Pair, int], list[int]],
    used: list[bool],
    piece: int,
    start: int,
) -> list[int]:
    """The chain that leaves a point by a piece, up to where it ends, branches or closes."""
    chain = [start]
    while not used[piece]:
        used[piece] = True
        a, b, pair = pieces[piece]
        chain.append(b if chain[-1] == a else a)
        beside = at[pair, chain[-1]]
        if len(beside) != 2:
            break
        piece = beside[0] if used[beside[1]] else beside[1]
    return chain
