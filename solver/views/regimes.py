"""Where each regime holds: a map over two swept axes, or bands along one.

Left, the regions by name, with the first axis to the right and the second one up; beside it the
price, or else the first outcome of the game, with the same boundaries. A boundary runs along the
edges of cells, so that a tie is a line. Along a single axis the outcome is a curve over bands of
regimes, broken where the regime changes. Cells whose answer is not certified are cross-hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from solver.views._boundaries import boundaries, draw_lines, outline
from solver.views._cells import hatch, mesh
from solver.views._grid import Grid, Outcome, read
from solver.views._names import raster_shape, write_names
from solver.views._palette import ALARM, FAINT, INK, NO_EQUILIBRIUM, NOT_CERTIFIED, PATTERN, Kind
from solver.views._paper import compose, new_figure, style
from solver.views._ticks import mark, plain, titled
from solver.views._words import footer, heading

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Inches: width of a figure with two panels, with one, along one axis; height of the panels, and
#: of one that has no curve.
WIDE, NARROW, CURVE = 11.0, 7.0, 9.0
HEIGHT, BAND = 4.4, 1.6
COLOURS = "viridis"
#: Share of a panel above its curve that is kept for the names of the regimes.
STRIP = 0.13
#: With more values than these a curve is drawn without dots.
MOST_DOTS = 60


def regimes(dataset: xr.Dataset, *, axes: Sequence[str] | None = None) -> Figure:
    """Draw the regimes of a sweep over one or two axes.

    Parameters
    ----------
    dataset : xarray.Dataset
        As a sweep returns it: ``regime`` over the axes, and if present ``status``, ``price`` or
        other outcomes over the same axes. Units and scales are read from attributes.
    axes : sequence of str, optional
        The swept axes in the order x, y; as swept if not given.

    Raises
    ------
    TargetError
        If the sweep has no or more than two axes, or an axis with a single value.
    """
    grid = read(dataset, axes)
    with style():
        panels = _curve if len(grid.axes) == 1 else _map
        return panels(grid, *heading(dataset.attrs), footer(dataset.attrs, grid))


def _map(grid: Grid, title: str, subtitle: str, notes: Sequence[str]) -> Figure:
    figure = new_figure(WIDE if grid.outcome else NARROW)
    left, *right = figure.subplots(1, 2 if grid.outcome else 1, squeeze=False)[0]
    x, y = grid.axes
    edges = x.edges, y.edges
    for panel in (left, *right):
        mark(panel, panel.xaxis, x)
        mark(panel, panel.yaxis, y, label=panel is left)
    left.set_title("regime")
    _fill(left, grid.codes, grid.kinds, edges)
    if grid.outcome:
        _shade(figure, right[0], grid.outcome, edges)
    for panel in (left, *right):
        _draw_lines(panel, grid.codes, grid.uncertified, edges, halo=panel is not left)
    compose(figure, title, subtitle, _handles(grid), notes, panels=HEIGHT)
    columns, rows = raster_shape(left)
    raster = np.where(grid.uncertified, -1, grid.codes)[np.ix_(x.raster(columns), y.raster(rows))]
    write_names(left, raster, grid.kinds)
    return figure


def _curve(grid: Grid, title: str, subtitle: str, notes: Sequence[str]) -> Figure:
    figure = new_figure(CURVE)
    panel = figure.subplots()
    (x,) = grid.axes
    mark(panel, panel.xaxis, x)
    low, high = _limits(grid.outcome)
    edges = x.edges, np.array([low, high])
    panel.set_ylim(low, high)
    codes = grid.codes[:, None]
    _fill(panel, codes, grid.kinds, edges)
    _draw_lines(panel, codes, grid.uncertified[:, None], edges)
    if grid.outcome:
        panel.yaxis.set_major_formatter(plain)
        panel.set_ylabel(titled(grid.outcome.name, grid.outcome.unit))
        _draw_curve(panel, x.values, grid.outcome.values, grid.codes)
    else:
        panel.yaxis.set_visible(False)
    height = HEIGHT if grid.outcome else BAND
    compose(figure, title, subtitle, _handles(grid), notes, panels=height)
    columns, rows = raster_shape(panel)
    raster = np.full((columns, rows), -1, np.int32)
    above = rows - int(rows * STRIP) if grid.outcome else 0
    raster[:, above:] = np.where(grid.uncertified, -1, grid.codes)[x.raster(columns), None]
    write_names(panel, raster, grid.kinds)
    return figure


def _fill(
    panel: Axes, codes: NDArray[np.int32], kinds: Sequence[Kind], edges: Sequence[Floats]
) -> None:
    """Colour each cell by its category, and hatch the categories that need it."""
    colours = ListedColormap([kind.colour for kind in kinds])
    mesh(panel, edges, codes, cmap=colours, vmin=-0.5, vmax=len(kinds) - 0.5)
    for code, kind in enumerate(kinds):
        if kind.hatch:
            hatch(panel, edges, codes == code, kind.hatch, PATTERN)


def _shade(figure: Figure, panel: Axes, outcome: Outcome, edges: Sequence[Floats]) -> None:
    """Colour each cell by the outcome, and leave out those that have none."""
    panel.set_title(outcome.name)
    panel.set_facecolor(NO_EQUILIBRIUM.colour)
    made = mesh(panel, edges, np.ma.masked_invalid(outcome.values), cmap=COLOURS)
    bar = figure.colorbar(made, ax=panel, pad=0.02, fraction=0.05, aspect=30, format=plain)
    bar.set_label(titled(outcome.name, outcome.unit))


def _draw_lines(
    panel: Axes, codes: NDArray[np.int32], uncertified: NDArray[np.bool_], edges: Sequence[Floats],
    *, halo: bool = False,
) -> None:  # fmt: skip
    """Boundaries between regimes, and cross-hatching where the answer is not certified."""
    effects = [withStroke(linewidth=2.0, foreground="white")] if halo else None
    draw_lines(
        panel,
        boundaries(codes, edges),
        "boundaries",
        color=INK,
        linewidth=0.9,
        path_effects=effects,
    )
    if uncertified.any():
        hatch(panel, edges, uncertified, NOT_CERTIFIED.hatch, ALARM)
        around = outline(uncertified, edges)
        draw_lines(panel, around, "uncertified", color=ALARM, linewidth=1.0)


def _draw_curve(panel: Axes, x: Floats, y: Floats, codes: NDArray[np.int32]) -> None:
    """The outcome along the axis, broken where the regime changes; dots if they can be told apart."""
    breaks = np.flatnonzero(np.diff(codes)) + 1
    panel.plot(np.insert(x, breaks, np.nan), np.insert(y, breaks, np.nan), color=INK, linewidth=1.8)
    known = np.pad(np.isfinite(y), 1)
    joined = np.pad(np.diff(codes) == 0, 1) & known[1:] & known[:-1]
    lone = ~joined[1:] & ~joined[:-1]
    dotted = lone if x.size > MOST_DOTS else np.ones_like(lone)
    panel.plot(x[dotted], y[dotted], "o", color=INK, markersize=4, clip_on=False)


def _limits(outcome: Outcome | None) -> tuple[float, float]:
    """Room for the curve and, above it, for the names of the regimes."""
    values = outcome.values[np.isfinite(outcome.values)] if outcome else np.empty(0)
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    height = high - low or abs(high) or 1.0
    return low - 0.06 * height, high + (0.03 + STRIP) / (1 - STRIP) * height


def _handles(grid: Grid) -> list[Patch]:
    """Legend entries of what is present."""
    shown = [(kind, PATTERN if kind.hatch else FAINT) for kind in grid.kinds if kind.name]
    if grid.troubles:
        shown.append((NOT_CERTIFIED, ALARM))
    return [
        Patch(label=k.name, facecolor=k.colour, hatch=k.hatch, edgecolor=edge, linewidth=0.5)
        for k, edge in shown
    ]
