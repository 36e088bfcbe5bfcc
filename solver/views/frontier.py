"""What two players can reach together, and where each concept puts them.

The first player's payoff to the right, the second one's up. Shaded is what is feasible, darker what
gives both at least their disagreement payoffs; the line is the frontier. Dashed lines stand at the
outside options: what each gets by leaving. Concepts that agree share a mark, and one that gives a
whole stretch of the frontier is a thick band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from solver.errors import TargetError
from solver.views._compared import (
    LARGEST,
    called,
    draw_mark,
    grouped,
    joined,
    one_point,
    told,
    words,
)
from solver.views._grid import SETTLED
from solver.views._palette import FAINT, INK
from solver.views._paper import compose, new_figure, style
from solver.views._ticks import plain

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Inches: width of the sheet and height of the panel.
WIDTH, HEIGHT = 8.0, 5.6
FEASIBLE, GAINS, BAND = "#eef2f5", "#d3e4ef", "#bdbdbd"
#: Room around what is marked, as a share of its extent.
ROOM = 0.09


@final
@dataclass(frozen=True, eq=False)
class Problem:
    """What is drawn: points are (·, 2), in the order of the players."""

    players: tuple[str, str]
    points: Floats
    base: Floats
    outside: Floats
    transferable: bool


def frontier(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw a bargain of two players and its solutions under each concept.

    Parameters
    ----------
    dataset : xarray.Dataset
        One point of a game under several concepts, as `solver.compare` returns it, or under one,
        as `point` does.
    axes : sequence of str, optional
        Must be empty: a point has none.
    slot : int
        Has no meaning here: all solutions are drawn.

    Raises
    ------
    TargetError
        If the Dataset holds no bargain of two players, or the problem is invalid.
    """
    del slot
    dataset, names = one_point(dataset, axes, "frontier")
    problem = _read(dataset)
    with style():
        return _draw(problem, dataset, names)


def _read(dataset: xr.Dataset) -> Problem:
    if "frontier_payoff" not in dataset:
        form, count = dataset.attrs.get("form", "unknown"), dataset.sizes["player"]
        if form == "bargaining" and (dataset["status"] == "INVALID_INPUT").all():
            raise TargetError("view frontier: the problem is invalid at this point")
        raise TargetError(
            f"view frontier draws bargains of two players over a frontier, and this game is of kind"
            f" {form} with {count} players"
        )

    def alone(name: str) -> Floats:
        values: Floats = dataset[name].values
        return values[0] if "concept" in dataset[name].dims else values

    first, second = map(str, dataset["player"].values.tolist())
    return Problem(
        players=(first, second),
        points=alone("frontier_payoff"),
        base=alone("disagreement"),
        outside=alone("outside"),
        transferable=bool(dataset.attrs.get("transferable")),
    )


def _draw(problem: Problem, dataset: xr.Dataset, names: Sequence[str]) -> Figure:
    payoffs = dataset["payoff"].transpose("concept", "slot", "player").values
    good = np.isin(dataset["status"].values.astype(str), sorted(SETTLED))
    several = good & (dataset["count"].values > 1)
    single = good & (dataset["count"].values == 1)
    shown = payoffs[single | several].reshape(-1, 2)
    shown = shown[np.isfinite(shown).all(axis=1)]
    figure = new_figure(WIDTH)
    panel = figure.subplots()
    low, high = _limits(problem, shown)
    panel.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    line = _whole(problem, low, high)
    _feasible(panel, line, problem.base, low)
    bands = np.flatnonzero(several).tolist()
    handles = [_band(panel, payoffs[k], called(names[k])) for k in bands]
    panel.plot(*line.T, color=INK, linewidth=1.6, zorder=3)
    handles += _threats(panel, problem)
    scale = float(np.max(high - low))
    for group in grouped(payoffs[single][:, 0] if single.any() else np.empty((0, 2)), scale):
        which = np.flatnonzero(single)
        label = joined(called(names[which[k]]) for k in group.members)
        handles.append(
            draw_mark(
                panel,
                group.values,
                f"{label} {told(group.values)}",
                group.marker,
                group.colour,
                size=LARGEST - group.number,
            )
        )
    for side, player in zip((panel.xaxis, panel.yaxis), problem.players, strict=True):
        side.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        side.set_major_formatter(FuncFormatter(plain))
        side.set_label_text(f"payoff of {player}")
    missing = [called(names[k]) for k in np.flatnonzero(~good).tolist()]
    texts = words(dataset, "the bargain and its solutions", set(), _notes(problem, line, missing))
    compose(figure, texts, handles, HEIGHT)
    return figure


def _limits(problem: Problem, shown: Floats) -> tuple[Floats, Floats]:
    """What is marked, and the part of the frontier at which both gain, with room around."""
    marked = [problem.base[None], problem.outside[None], shown]
    points = problem.points
    if problem.transferable:
        marked.append(points)
    else:
        ideal = points.max(axis=0)
        marked += [points[(points >= problem.base).all(axis=1)], ideal[None]]
    every = np.concatenate(marked)
    low, high = every.min(axis=0), every.max(axis=0)
    extent = np.where(high > low, high - low, np.maximum(np.abs(high), 1.0))
    return low - ROOM * extent, high + ROOM * extent


def _whole(problem: Problem, low: Floats, high: Floats) -> Floats:
    """The frontier from one side of the panel to another, with what can be thrown away."""
    if problem.transferable:
        total = float(problem.points[0].sum())
        ends = [low[0], high[0]]
        return np.array([(x, total - x) for x in ends])
    points = problem.points
    left, right = [(low[0], points[0, 1])], [(points[-1, 0], low[1])]
    return np.concatenate((left, points, right))


def _feasible(panel: Axes, line: Floats, base: Floats, low: Floats) -> None:
    """Shade what lies below the line, and of it what gives both at least the base."""
    floor = low - 1.0 - np.abs(low)
    left, right = (line[0, 0], floor[1]), (line[-1, 0], floor[1])
    panel.fill(*np.vstack((line, right, left)).T, color=FEASIBLE, zorder=0, lw=0)
    better = _above(line, base)
    if len(better):
        panel.fill(*np.vstack((better, base)).T, color=GAINS, zorder=1, lw=0)


def _above(line: Floats, base: Floats) -> Floats:
    """The part of a falling line at which both get at least the base, cut where it leaves it."""
    x, y = line.T
    # Left end: where the line is at the first one's base; right end: at the second one's.
    top = float(np.interp(base[0], x, y))
    if top < base[1] or base[0] > x[-1]:
        return np.empty((0, 2))
    end = float(np.interp(-base[1], -y, x))
    inside = (x > base[0]) & (x < end)
    return np.vstack(((base[0], top), line[inside], (end, base[1])))


def _band(panel: Axes, rows: Floats, name: str) -> Line2D:
    rows = rows[np.isfinite(rows).all(axis=1)]
    panel.plot(*rows.T, color=BAND, linewidth=9, solid_capstyle="round", zorder=2)
    return Line2D([], [], color=BAND, linewidth=7, label=f"{name}: all of this")


def _threats(panel: Axes, problem: Problem) -> list[Line2D]:
    """The disagreement point, and lines at the outside options."""
    base, outside = problem.base, problem.outside
    made = [draw_mark(panel, base, f"disagreement {told(base)}", "X", INK)]
    for value, draw in zip(outside, (panel.axvline, panel.axhline), strict=True):
        draw(value, color=FAINT, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2)
    label = f"outside options {told(outside)}"
    made.append(Line2D([], [], color=FAINT, lw=0.9, linestyle=(0, (4, 2)), label=label))
    return made


def _notes(problem: Problem, line: Floats, missing: Sequence[str]) -> list[str]:
    notes = []
    if not len(_above(line, problem.base)):
        notes.append("No gains from agreement: disagreement lies beyond the frontier.")
    elif not len(_above(line, np.maximum(problem.base, problem.outside))):
        notes.append("Outside options lie beyond the frontier: somebody leaves.")
    if missing:
        notes.append(f"without a certified answer: {', '.join(missing)}")
    return notes
