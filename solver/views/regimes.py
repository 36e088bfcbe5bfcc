"""Where each regime holds: a map over two swept axes, or bands along one.

Left, the regions by name, with the first axis to the right and the second one up; beside it the
price, or else the first outcome of the game, with the same boundaries. A boundary is a line between
cells, so that a tie is a line too. Along a single axis the outcome is a curve over bands of
regimes, broken where the regime changes. Cells whose answer is not certified are cross-hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from solver.views._grid import Grid, read
from solver.views._names import raster_shape, write_names
from solver.views._palette import NOT_CERTIFIED
from solver.views._panels import STRIP, curve_limits, draw_curve, draw_scale, fill, separate, shade
from solver.views._paper import compose, new_figure, style
from solver.views._ticks import mark, titled
from solver.views._words import Words, words

if TYPE_CHECKING:
    import xarray as xr

#: Inches: width of a figure with two panels, with one, along one axis; height of the panels, and
#: of one that has no curve.
WIDE, NARROW, CURVE = 11.0, 7.0, 9.0
HEIGHT, BAND = 4.4, 1.6


def regimes(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw the regimes of a sweep over one or two axes.

    Parameters
    ----------
    dataset : xarray.Dataset
        As a sweep returns it: ``regime`` over the axes, and if present ``status``, ``price`` or
        other outcomes over the same axes. Units and scales are read from attributes.
    axes : sequence of str, optional
        The swept axes in the order x, y; as swept if not given.
    slot : int
        Has no meaning here: a regime is that of the whole cell.

    Raises
    ------
    TargetError
        If the sweep has no or more than two axes, or an axis with a single value.
    """
    del slot
    grid = read(dataset, axes)
    with style():
        draw = _curve if len(grid.axes) == 1 else _map
        return draw(grid, words(dataset.attrs, grid))


def _map(grid: Grid, texts: Words) -> Figure:
    figure = new_figure(WIDE if grid.outcome else NARROW)
    left, *right = figure.subplots(1, 2 if grid.outcome else 1, squeeze=False)[0]
    x, y = grid.axes
    edges = x.edges, y.edges
    fill(left, edges, grid.codes, grid.kinds)
    left.set_title("regime")
    if grid.outcome:
        made = shade(right[0], edges, grid.outcome)
        draw_scale(figure, made, right[0], titled(grid.outcome.name, grid.outcome.unit))
    for panel in (left, *right):
        mark(panel, "x", x)
        mark(panel, "y", y, label=panel is left)
        separate(panel, edges, grid.codes, grid.uncertified, halo=panel is not left)
    compose(figure, texts, _handles(grid), HEIGHT)
    columns, rows = raster_shape(left)
    write_names(left, _certain(grid)[np.ix_(x.raster(columns), y.raster(rows))], grid.kinds)
    return figure


def _curve(grid: Grid, texts: Words) -> Figure:
    figure = new_figure(CURVE)
    panel = figure.subplots()
    (x,) = grid.axes
    edges = x.edges, np.array(curve_limits(grid.outcome))
    fill(panel, edges, grid.codes[:, None], grid.kinds)
    separate(panel, edges, grid.codes[:, None], grid.uncertified[:, None])
    panel.yaxis.set_visible(grid.outcome is not None)
    if grid.outcome:
        draw_curve(panel, x.values, grid.outcome, grid.codes)
    mark(panel, "x", x)
    panel.set_ylim(*edges[1])
    compose(figure, texts, _handles(grid), HEIGHT if grid.outcome else BAND)
    write_names(panel, _strip(panel, grid), grid.kinds)
    return figure


def _strip(panel: Axes, grid: Grid) -> NDArray[np.int32]:
    """Where names of bands can stand: above the curve, or anywhere if there is none."""
    columns, rows = raster_shape(panel)
    raster = np.full((columns, rows), -1, np.int32)
    start = rows - int(rows * STRIP) if grid.outcome else 0
    raster[:, start:] = _certain(grid)[grid.axes[0].raster(columns), None]
    return raster


def _certain(grid: Grid) -> NDArray[np.int32]:
    """Categories of the certified cells, -1 in the others."""
    return np.where(grid.uncertified, np.int32(-1), grid.codes)


def _handles(grid: Grid) -> list[Patch]:
    """Legend entries of what is present."""
    shown = [kind for kind in grid.kinds if kind.name]
    if grid.troubles:
        shown.append(NOT_CERTIFIED)
    return [
        Patch(
            label=k.name, facecolor=k.colour, hatch=k.hatch or None, edgecolor=k.pen, linewidth=0.6
        )
        for k in shown
    ]
