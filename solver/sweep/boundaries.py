"""Where the answer changes over two axes: boundaries between regimes, traced instead of gridded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import Concept, Method
from solver.errors import AxisError
from solver.game import Game
from solver.sweep import plan
from solver.sweep.curves import Curve, curves
from solver.sweep.design import Grid
from solver.sweep.labels import Labeller
from solver.sweep.plan import Plan
from solver.sweep.plane import Plane
from solver.sweep.thresholds import search_axis

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Range = tuple[str, float, float] | tuple[str, float, float, str | None]

#: Squares along each axis that are looked at first: a regime within one of them is not seen.
RESOLUTION = 64
#: Times that a square which a boundary crosses is cut into four.
DEPTH = 2
#: Crossings are located to this part of each range.
SHARPNESS = 1e-6
#: Squares along each axis at most: the labels of their corners are held in memory.
MOST_SQUARES = 8_192


@final
@dataclass(frozen=True, eq=False)
class Boundaries:
    """The boundaries between the regimes over a rectangle.

    ``curves`` are the boundaries as polylines; each point lies on the side of a small square and
    is located to `sharpness` of the range of that axis. ``resolution`` is the number of squares
    along each axis that were looked at first and ``finest`` that of the smallest ones: a regime
    inside one of the first squares, or a boundary that turns back inside a smallest one, may be
    missed, and nothing else. ``evaluations`` counts the games solved, ``unsettled`` those of them
    whose answer was not certified. ``corners`` (R + 1, R + 1) are the regimes at the corners of the
    first squares, as indices of ``regimes``, which stand at ``places``; ``about`` says what game
    this is.
    """

    axes: tuple[str, str]
    scales: tuple[str, str]
    low: tuple[float, float]
    high: tuple[float, float]
    curves: tuple[Curve, ...]
    regimes: tuple[str, ...]
    resolution: int
    finest: int
    sharpness: float
    evaluations: int
    unsettled: int
    places: tuple[Floats, Floats]
    corners: Integers
    about: Mapping[str, Any]

    def dataset(self) -> xr.Dataset:
        """The curves as a Dataset, for pictures.

        Returns
        -------
        xarray.Dataset
            ``regime`` over the two parameters, at the corners of the squares looked at first;
            ``boundary_point`` over ``point`` and ``axis`` holds all curves one after the other,
            ``boundary`` over ``point`` the number of the curve, and ``boundary_regime`` over
            ``curve`` and ``side`` the two regimes it separates. Attributes are those of a sweep,
            and ``resolution``, ``finest``, ``evaluations`` and ``unsettled``.
        """
        import xarray as xr  # noqa: PLC0415  0.9 s, paid by those who draw

        sizes = [len(curve.points) for curve in self.curves]
        points = [curve.points for curve in self.curves] or [np.empty((0, 2))]
        units = self.about["parameters"]
        labels = [*self.about["regimes"], *self.regimes]
        names = np.array(self.regimes, dtype=object)
        sides = [curve.regimes for curve in self.curves]
        return xr.Dataset(
            {
                "regime": (
                    self.axes,
                    names[self.corners],
                    {"labels": json.dumps(list(dict.fromkeys(labels)))},
                ),
                "boundary_point": (("point", "axis"), np.concatenate(points)),
                "boundary": ("point", np.repeat(np.arange(len(sizes)), sizes)),
                "boundary_regime": (
                    ("curve", "side"),
                    np.array(sides, dtype=object).reshape(-1, 2),
                ),
            },
            {
                name: (name, values, {**units.get(name, {}), "scale": scale})
                for name, values, scale in zip(self.axes, self.places, self.scales, strict=True)
            },
            {
                **self.about["attributes"],
                "resolution": self.resolution,
                "finest": self.finest,
                "evaluations": self.evaluations,
                "unsettled": self.unsettled,
            },
        )


def boundaries(  # noqa: PLR0913
    game: Game,
    first: Range,
    second: Range,
    /,
    *,
    concept: str | Concept | None = None,
    method: Method | str | None = None,
    resolution: int = RESOLUTION,
    refinements: int = DEPTH,
    sharpness: float = SHARPNESS,
    **fixed: float,
) -> Boundaries:
    """Trace the boundaries between the regimes of a game over two parameters.

    Parameters
    ----------
    game : Game
    first, second : (name, low, high) or (name, low, high, "linear" or "log")
        The two parameters and their ranges; by default cut into equal factors where both ends are
        positive and more than a factor of 100 apart.
    concept, method : optional
        By default the first concept that applies to the game's form.
    resolution : int
        Squares along each axis that are looked at first.
    refinements : int
        How many times a square that a boundary crosses is cut into four.
    sharpness : float
        To which part of each range the points of the curves are located.
    **fixed : float
        Other parameters; the rest have their default.

    Returns
    -------
    Boundaries
        Curves with the regimes on their two sides. Where three regimes meet, curves end in a
        common point, which is good to a smallest square only.

    Raises
    ------
    ParameterError, AxisError, ConceptError
        Before anything is solved.

    Notes
    -----
    The corners of a coarse grid are labelled; squares with different corners, and their
    neighbours, are cut into four, `refinements` times. On the sides of the smallest squares whose
    ends differ the crossing is found by bisection, and the crossings of a square are joined
    (marching squares, Lorensen and Cline 1987). A curve of bend κ is off by at most κ h²/8 between
    crossings a distance h apart, so that a few hundred squares along an axis are as sharp as a grid
    of many thousand points: for `phase` over NRE and porting cost 16,000 evaluations do what takes
    a grid millions.

    Ties: a regime that holds on the boundary only is not shown.
    """
    lines = tuple(
        search_axis(name, low, high, resolution + 1, *scale)
        for name, low, high, *scale in (first, second)
    )
    finest = resolution << refinements if 0 <= refinements <= 20 else MOST_SQUARES + 1
    if finest > MOST_SQUARES:
        raise AxisError(
            f"{resolution} squares cut {refinements} times: at most {MOST_SQUARES:,} an axis are"
            " allowed"
        )
    if not 0.0 < sharpness < 1.0:
        raise AxisError(f"sharpness = {sharpness:g} is not between 0 and 1")
    made = plan.make(game, Grid(lines), fixed, concept=concept, method=method)
    label = Labeller(game, made.concept, made.method, made.fixed)
    plane = Plane(label, (lines[0], lines[1]), finest)
    found = curves(plane, crossed_squares(plane, resolution, refinements), sharpness * finest)
    return Boundaries(
        axes=(first[0], second[0]),
        scales=(lines[0].scale, lines[1].scale),
        low=(first[1], second[1]),
        high=(first[2], second[2]),
        curves=found,
        regimes=tuple(label.names),
        resolution=resolution,
        finest=finest,
        sharpness=sharpness,
        evaluations=label.evaluations,
        unsettled=label.unsettled,
        places=_places(plane, resolution),
        corners=plane.coarse(1 << refinements),
        about=_about(made),
    )


def _places(plane: Plane, resolution: int) -> tuple[Floats, Floats]:
    """Values of the two parameters at the corners of the first squares."""
    steps = np.linspace(0.0, plane.squares, resolution + 1)
    values = plane.values(np.stack((steps, steps), axis=-1))
    return values[:, 0], values[:, 1]


def _about(made: Plan) -> dict[str, Any]:
    """What a picture says of the game and of how it was solved."""
    game, plan_data = made.game, made.describe()
    units = {p.name: p.unit for p in game.parameters}
    return {
        "parameters": {p.name: {"units": p.unit, "long_name": p.doc} for p in game.parameters},
        "regimes": list(game.regimes),
        "attributes": {
            "game": game.name,
            "summary": game.summary,
            "concept": made.concept.name,
            "method": made.method.name,
            "parameters": json.dumps(plan_data["parameters"]),
            "parameter_units": json.dumps(units),
        },
    }


def crossed_squares(plane: Plane, resolution: int, depth: int) -> Integers:
    """Lower corners (S, 2) of the smallest squares whose corners differ."""
    size = 1 << depth
    steps = np.arange(0, plane.squares, size)
    squares = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    assert len(squares) == resolution**2  # noqa: S101
    squares = _crossed(plane, squares, size)
    while size > 1:
        beside = [squares + size * np.array(step) for step in np.ndindex(3, 3)]
        near = _within(plane, np.concatenate(beside) - size, size)
        size //= 2
        parts = [near + size * np.array(step) for step in np.ndindex(2, 2)]
        squares = _crossed(plane, np.concatenate(parts), size)
        squares = _followed(plane, squares, size)
    return squares


def _crossed(plane: Plane, squares: Integers, size: int) -> Integers:
    """Those whose corners are not all of one regime."""
    corners = plane.corners(squares, size)
    found: Integers = squares[(corners != corners[:, :1]).any(axis=1)]
    return found


def _followed(plane: Plane, squares: Integers, size: int) -> Integers:
    """The squares and those next to them that a boundary goes on through."""
    new = squares
    while len(new):
        beside = [new + size * np.array(step) for step in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        near = _within(plane, np.concatenate(beside), size)
        known = np.isin(plane.key(near), plane.key(squares))
        new = _crossed(plane, near[~known], size)
        squares = np.concatenate((squares, new))
    return squares


def _within(plane: Plane, squares: Integers, size: int) -> Integers:
    """Different squares that lie in the rectangle."""
    inside = ((squares >= 0) & (squares + size <= plane.squares)).all(axis=1)
    found: Integers = np.unique(squares[inside], axis=0)
    return found
