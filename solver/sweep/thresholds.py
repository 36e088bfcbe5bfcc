"""Where the answer changes along one axis: every value at which the regime becomes another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import Concept, Method
from solver.errors import AxisError
from solver.game import Game
from solver.sweep import plan
from solver.sweep.axes import Axis, spaced
from solver.sweep.binding import binding
from solver.sweep.design import Grid
from solver.sweep.labels import Codes, Labeller

Floats = NDArray[np.float64]

#: Points of the first grid: what lies between two neighbours of one regime is not seen.
RESOLUTION = 2048
#: Thresholds are located to this, relative to their size; nearer ones are one.
SHARPNESS = 1e-9
#: The same relative to a range in equal steps, for thresholds at zero.
FLOOR = 1e-10
#: Brackets are halved, five times at once, until their ends are this close.
CLOSEST = 1e-13
SECTIONS = 32
MOST_ROUNDS = 12
#: A range over more than this factor is searched in equal factors.
LOG_FACTOR = 100.0


@final
@dataclass(frozen=True)
class Threshold:
    """A value at which the regime changes.

    ``below`` and ``above`` are the regimes on either side, ``at`` those that hold at the value
    alone, within the sharpness of the search (a tie), and ``binding`` says what becomes zero there.
    """

    value: float
    below: str
    above: str
    at: tuple[str, ...]
    binding: str


@final
@dataclass(frozen=True)
class Thresholds:
    """All thresholds found along an axis, ascending.

    ``resolution`` is the number of points that were searched first, ``scale`` how they are spaced,
    and ``widest`` the largest step between two of them: a regime that is narrower than that and
    has the same neighbour on both sides may be missed, and nothing else. ``evaluations`` counts the
    games solved, ``unsettled`` those of them whose answer was not certified.
    """

    axis: str
    low: float
    high: float
    scale: str
    resolution: int
    widest: float
    thresholds: tuple[Threshold, ...]
    regimes: tuple[str, ...]
    evaluations: int
    unsettled: int

    @property
    def values(self) -> Floats:
        """The values alone."""
        return np.array([threshold.value for threshold in self.thresholds])


def thresholds(  # noqa: PLR0913
    game: Game,
    axis: str,
    low: float,
    high: float,
    /,
    *,
    concept: str | Concept | None = None,
    method: Method | str | None = None,
    resolution: int = RESOLUTION,
    spacing: str | None = None,
    **fixed: float,
) -> Thresholds:
    """Every value of one parameter at which the regime of a game changes.

    Parameters
    ----------
    game : Game
        A registered game or a user's own. Without a regime of its own the regime is the set of
        supports of its equilibria, so that an equilibrium which appears or vanishes is a threshold.
    axis : str
        The parameter to vary.
    low, high : float
        The range searched, both ends included.
    concept, method : optional
        By default the first concept that applies to the game's form.
    resolution : int
        Points of the first grid.
    spacing : "linear" or "log", optional
        Of that grid; by default log where both ends are positive and a factor of more than
        100 apart.
    **fixed : float
        Other parameters; the rest have their default.

    Returns
    -------
    Thresholds
        Each located to 1e-9 of its size, or where that is more to 1e-10 of a range in equal steps,
        with the regimes on both sides, and what binds there.

    Raises
    ------
    ParameterError, AxisError, ConceptError
        Before anything is solved.

    Notes
    -----
    The regime is found on a grid; between neighbours of different regime the bracket is cut into
    32 parts, again and again, until its ends are a rounding error apart. Regimes met on the way
    make brackets of their own, so any number of regimes between two neighbours of the grid is
    found as long as the outer ones differ. Changes closer together than 1e-9 are one threshold:
    at a tie a game often has a regime of its own, which ``at`` names.

    What can be missed is said by ``widest``: a regime that begins and ends between two neighbours
    of the grid.

    Examples
    --------
    >>> from games import phase_posted
    >>> found = thresholds(phase_posted, "nre", 100.0, 20000.0, price=35.0)
    >>> [(t.below, t.above, round(t.value, 6)) for t in found.thresholds]
    [('dual', 'buy', 4512.5)]
    """
    line = search_axis(axis, low, high, resolution, spacing)
    made = plan.make(game, Grid((line,)), fixed, concept=concept, method=method)
    label = Labeller(game, made.concept, made.method, made.fixed)
    points, codes = refine(lambda values: label({axis: values}), line)
    found = [
        _threshold(label, axis, points, codes, first, last)
        for first, last in clusters(points, codes, FLOOR * floor(line))
    ]
    return Thresholds(
        axis=axis,
        low=low,
        high=high,
        scale=line.scale,
        resolution=resolution,
        widest=float(np.diff(line.values).max()),
        thresholds=tuple(found),
        regimes=tuple(label.names),
        evaluations=label.evaluations,
        unsettled=label.unsettled,
    )


def search_axis(
    name: str, low: float, high: float, resolution: int, spacing: str | None = None
) -> Axis:
    """The first grid along an axis."""
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise AxisError(f"axis {name}: the range {low:g}:{high:g} needs a low end below a high one")
    if resolution < 2:
        raise AxisError(f"resolution = {resolution}: at least two points are needed")
    if spacing not in (None, "linear", "log"):
        raise AxisError(f"spacing = {spacing!r}: choose linear or log")
    if spacing == "log" and low <= 0.0:
        raise AxisError(f"axis {name}: a log scale needs a low end above 0, not {low:g}")
    wide = low > 0.0 and high > LOG_FACTOR * low
    return spaced(name, low, high, resolution, spacing or ("log" if wide else "linear"))


def refine(label: Callable[[Floats], Codes], line: Axis) -> tuple[Floats, Codes]:
    """Points along an axis and their regimes; neighbours that differ are next to each other."""
    points = line.values
    codes = label(points)
    smallest = CLOSEST * floor(line)
    for _ in range(MOST_ROUNDS):
        left = np.flatnonzero(codes[1:] != codes[:-1])
        width = points[left + 1] - points[left]
        size = np.maximum(np.abs(points[left]), np.abs(points[left + 1]))
        left = left[width > np.maximum(CLOSEST * size, smallest)]
        new = _inside(points[left], points[left + 1])
        if new.size == 0:
            break
        points = np.concatenate((points, new))
        codes = np.concatenate((codes, label(new)))
        order = np.argsort(points, kind="stable")
        points, codes = points[order], codes[order]
    return points, codes


def floor(line: Axis) -> float:
    """What sizes near zero are measured by: the range, but nothing where steps are factors."""
    return 0.0 if line.scale == "log" else float(line.values[-1] - line.values[0])


def _inside(left: Floats, right: Floats) -> Floats:
    """Points that cut each interval into equal parts, without its ends or repetitions."""
    steps = np.arange(1, SECTIONS) / SECTIONS
    cut = left[:, None] + steps * (right - left)[:, None]
    inner = (cut > left[:, None]) & (cut < right[:, None])
    inner[:, 1:] &= cut[:, 1:] != cut[:, :-1]
    found: Floats = cut[inner]
    return found


def clusters(points: Floats, codes: Codes, near: float) -> list[tuple[int, int]]:
    """Ranges of neighbours between which the regime changes, changes near each other as one.

    Near is 1e-9 of the size, and at least `near`.

    A range (first, last) begins at the last point before the changes and ends at the first after.
    """
    found: list[tuple[int, int]] = []
    for left in np.flatnonzero(codes[1:] != codes[:-1]).tolist():
        if found:
            first, last = found[-1]
            gap = max(SHARPNESS * abs(points[left]), near)
            if points[left] - points[last] <= gap and points[left + 1] - points[first] <= 2.0 * gap:
                found[-1] = (first, left + 1)
                continue
        found.append((left, left + 1))
    return found


def _threshold(  # noqa: PLR0913, PLR0917
    label: Labeller, axis: str, points: Floats, codes: Codes, first: int, last: int
) -> Threshold:
    below, above = label.names[codes[first]], label.names[codes[last]]
    inside = dict.fromkeys(label.names[code] for code in codes[first + 1 : last])
    value = float(0.5 * (points[first] + points[last]))
    return Threshold(
        value=value,
        below=below,
        above=above,
        at=tuple(name for name in inside if name not in (below, above)),
        binding=binding(label, axis, float(points[first]), float(points[last])),
    )
