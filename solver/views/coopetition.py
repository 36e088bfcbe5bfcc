"""What competition costs and cooperation needs: gap, advantage and patience, over one or two axes.

Over two axes a map for each measure, with the boundaries between regimes; along one axis a curve
for each. The gap is what the players leave unearned together, in the best and in the worst
equilibrium; the advantage what the first player gets beyond half of the team's payoff; δ* the
patience from which the team's best profile enforces itself. Draws sweeps with the columns
``coopetition``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from solver.errors import TargetError
from solver.views._boundaries import boundaries, draw_lines
from solver.views._cells import hatch
from solver.views._compared import COLOURS as PENS
from solver.views._compared import DASHES
from solver.views._grid import Grid, Outcome, read, read_values
from solver.views._names import raster_shape, write_names
from solver.views._palette import FAINT, INK, NOT_CERTIFIED, Kind
from solver.views._panels import COLOURS, DIVERGING, draw_scale, fill, separate, shade
from solver.views._paper import compose, new_figure, style
from solver.views._ticks import mark, plain, titled
from solver.views._words import Words, words

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Inches: width of a sheet of maps and of one of curves, height of a row of each.
WIDE, CURVES = 11.0, 9.0
MAP, CURVE = 3.7, 2.2
#: Cells that no patience is enough for.
NEVER = Kind("no patience is enough", "#e6e6e6", "\\\\\\\\", "#777777")
#: Gaps up to this share of what is at stake are the same.
SAME = 1e-9
TITLES = {
    "gap_best": "gap in the best equilibrium",
    "gap_worst": "gap in the worst equilibrium",
    "advantage": "advantage of the first player",
    "critical_discount": "patience needed, δ*",
}


@final
@dataclass(frozen=True, eq=False)
class Measure:
    """A measure over the cells, and what its panel is called."""

    title: str
    values: Outcome


def coopetition(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw the measures of co-opetition of a sweep over one or two axes.

    Parameters
    ----------
    dataset : xarray.Dataset
        As a sweep with ``add="coopetition"`` returns it.
    axes : sequence of str, optional
        The swept axes in the order x, y; as swept if not given.
    slot : int
        Has no meaning here: the measures are of the whole cell.

    Raises
    ------
    TargetError
        If the sweep has no such columns, no or more than two axes, or an axis of a single value.
    """
    del slot
    if "gap_best" not in dataset:
        raise TargetError("view coopetition needs a sweep with --add coopetition, and this has not")
    grid = read(dataset, axes, "coopetition")
    with style():
        return (_curves if len(grid.axes) == 1 else _maps)(dataset, grid)


def _measures(dataset: xr.Dataset, grid: Grid) -> list[Measure]:
    """What there is to draw: one gap if it is the same in all equilibria."""
    names = [name for name in TITLES if name in dataset]
    found = {name: read_values(dataset, name, grid) for name in names}
    titles = dict(TITLES)
    best, worst = found["gap_best"].values, found["gap_worst"].values
    team = np.abs(read_values(dataset, "team", grid).values)
    known = np.isfinite(best) & np.isfinite(worst)
    if (np.abs(worst - best)[known] <= SAME * team[known]).all():
        del found["gap_worst"]
        titles["gap_best"] = "gap, the same in every equilibrium"
    if "player" in dataset.coords and "advantage" in found:
        titles["advantage"] = f"advantage of {dataset['player'].values[0]}"
    return [Measure(titles[name], values) for name, values in found.items()]


def _maps(dataset: xr.Dataset, grid: Grid) -> Figure:
    measures = _measures(dataset, grid)
    rows = -(-len(measures) // 2)
    figure = new_figure(WIDE)
    panels = figure.subplots(rows, 2, squeeze=False, sharex=True, sharey=True).ravel()
    x, y = grid.axes
    edges = x.edges, y.edges
    never = False
    for k, panel in enumerate(panels):
        lowest = k + 2 >= len(panels)
        mark(panel, "x", x, label=lowest)
        mark(panel, "y", y, label=k % 2 == 0)
        panel.tick_params(labelbottom=lowest, labelleft=k % 2 == 0)
        if k >= len(measures):  # a panel is left for what the boundaries separate
            panel.set_title("regime")
            fill(panel, edges, grid.codes, grid.kinds)
            separate(panel, edges, grid.codes, grid.uncertified)
            continue
        _shaded(figure, panel, edges, measures[k])
        beyond = np.isinf(measures[k].values.values)
        if beyond.any():
            never = True
            hatch(panel, edges, beyond, NEVER)
        separate(panel, edges, grid.codes, grid.uncertified, halo=True)
    named = len(measures) % 2 == 1
    kinds = [kind for kind in grid.kinds if kind.name] if named else []
    compose(figure, _texts(dataset, grid), _handles(grid, kinds, never=never), MAP * rows)
    if named:
        columns, lines = raster_shape(panels[-1])
        certain = np.where(grid.uncertified, np.int32(-1), grid.codes)
        raster = certain[np.ix_(x.raster(columns), y.raster(lines))]
        write_names(panels[-1], raster, grid.kinds)
    return figure


def _shaded(figure: Figure, panel: Axes, edges: tuple[Floats, Floats], measure: Measure) -> None:
    """Colour by the measure: what can be of either sign from both sides of zero."""
    values = measure.values.values
    finite = values[np.isfinite(values)]
    panel.set_title(titled(measure.title, measure.values.unit))
    if not finite.size:
        panel.set_facecolor(NEVER.colour)
        return
    low, high = float(finite.min()), float(finite.max())
    limits, colours = (0.0, high if high > 0.0 else 1.0), COLOURS
    if measure.values.name == "advantage":
        size = max(abs(low), abs(high)) or 1.0
        limits, colours = (-size, size), DIVERGING
    elif measure.values.name == "critical_discount":
        limits = (0.0, 1.0)
    draw_scale(figure, shade(panel, edges, measure.values, limits, colours), panel)


def _curves(dataset: xr.Dataset, grid: Grid) -> Figure:
    measures = _measures(dataset, grid)
    gaps = [m for m in measures if m.values.name.startswith("gap")]
    stacked = [gaps, *([m] for m in measures if m not in gaps)]
    figure = new_figure(CURVES)
    panels = figure.subplots(len(stacked), 1, squeeze=False, sharex=True)[:, 0]
    (x,) = grid.axes
    never = False
    breaks = np.flatnonzero(np.diff(grid.codes)) + 1
    for panel, lines in zip(panels, stacked, strict=True):
        for k, measure in enumerate(lines):
            values = measure.values.values
            _curve(panel, np.insert(x.values, breaks, np.nan), np.insert(values, breaks, np.nan), k)
            never = never or bool(np.isinf(values).any())
        lowest = panel is panels[-1]
        mark(panel, "x", x, label=lowest)
        panel.tick_params(labelbottom=lowest)
        _sides(panel, lines, np.array([*x.edges[[0, -1]]]))
        edges = x.edges, np.array(panel.get_ylim())
        beyond = np.isinf(lines[0].values.values)
        if beyond.any():
            hatch(panel, edges, beyond[:, None], NEVER)
        draw_lines(
            panel, boundaries(grid.codes[:, None], edges), "boundaries", color=FAINT, linewidth=0.8
        )
        if grid.uncertified.any():
            hatch(panel, edges, grid.uncertified[:, None], NOT_CERTIFIED)
    two = len(gaps) > 1
    pens = [_line(k, measure.title) for k, measure in enumerate(gaps)] if two else []
    handles = [*pens, *_handles(grid, [], never=never)]
    compose(figure, _texts(dataset, grid), handles, CURVE * len(stacked))
    return figure


def _curve(panel: Axes, x: Floats, values: Floats, k: int) -> None:
    values = np.where(np.isfinite(values), values, np.nan)
    panel.plot(x, values, color=PENS[k], linestyle=DASHES[k], linewidth=2.0)


def _line(k: int, title: str) -> Line2D:
    return Line2D([], [], color=PENS[k], linestyle=DASHES[k], linewidth=2.0, label=title)


def _sides(panel: Axes, lines: Sequence[Measure], ends: Floats) -> None:
    """Title, label, and limits that hold zero, and one for a patience."""
    first = lines[0]
    panel.set_title("co-opetition gap" if len(lines) > 1 else first.title)
    name = "gap" if first.values.name.startswith("gap") else first.values.name
    name = "δ*" if name == "critical_discount" else name
    panel.set_ylabel(titled(name, first.values.unit))
    every = np.concatenate([m.values.values for m in lines])
    every = np.append(every[np.isfinite(every)], 0.0)
    low, high = float(every.min()), float(every.max())
    if first.values.name == "critical_discount":
        high = max(high, 1.0)
    if high == low:
        low, high = -1.0 if first.values.name == "advantage" else 0.0, 1.0
    room = 0.07 * (high - low)
    panel.set_ylim(low - room, high + room)
    panel.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(FuncFormatter(plain))
    if low < 0.0 < high:
        panel.plot(ends, [0.0, 0.0], color="#bbbbbb", linewidth=0.7, zorder=0)


def _handles(grid: Grid, kinds: Sequence[Kind], *, never: bool) -> list[Patch | Line2D]:
    handles: list[Patch | Line2D] = []
    if len(grid.kinds) > 1:
        handles.append(Line2D([], [], color=INK, linewidth=0.9, label="boundary between regimes"))
    shown = [*kinds] + [NEVER] * never + [NOT_CERTIFIED] * bool(grid.troubles)
    handles += [
        Patch(
            label=k.name, facecolor=k.colour, hatch=k.hatch or None, edgecolor=k.pen, linewidth=0.6
        )
        for k in shown
    ]
    return handles


def _texts(dataset: xr.Dataset, grid: Grid) -> Words:
    """What a sweep says of itself, under the title of this picture."""
    plain_words = words(dataset.attrs, grid)
    return replace(plain_words, title=f"{dataset.attrs.get('game', '')} · co-opetition")
