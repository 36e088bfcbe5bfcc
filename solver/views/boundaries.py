"""The boundaries between regimes over two axes, traced rather than gridded, as lines.

The regions between the lines carry the colours and names that the view ``regimes`` gives them; the
lines are as sharp as they were traced, however large the picture. Drawn by
``coopet threshold TARGET --axis ... --axis ... -o FIG``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from solver.errors import TargetError
from solver.views._axis import Axis, read_axis
from solver.views._flood import regions
from solver.views._grid import encode
from solver.views._names import raster_shape, write_names
from solver.views._palette import INK, Kind, categories
from solver.views._panels import fill
from solver.views._paper import compose, new_figure, style
from solver.views._ticks import mark
from solver.views._words import Words, fixed_values, titled_by

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Inches: width of the sheet and height of the panel.
WIDTH, HEIGHT = 8.0, 5.2


def boundaries(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw traced boundaries.

    Parameters
    ----------
    dataset : xarray.Dataset
        As `Boundaries.dataset` returns it.
    axes : sequence of str, optional
        The two axes in the order x, y; as traced if not given.
    slot : int
        Has no meaning here: a regime is that of the whole game.

    Raises
    ------
    TargetError
        If the Dataset holds no boundaries.
    """
    del slot
    if "boundary_point" not in dataset:
        raise TargetError(
            "view boundaries draws what coopet threshold TARGET --axis NAME=LOW:HIGH --axis"
            " NAME=LOW:HIGH -o FIG traces, not a sweep: draw that with --view regimes"
        )
    traced = [str(name) for name in dataset["regime"].dims]
    names = list(axes or traced)
    if sorted(names) != sorted(traced):
        given, allowed = ", ".join(names), " and ".join(traced)
        raise TargetError(f"axes {given} are not those traced: give {allowed} in any order")
    with style():
        return _draw(dataset, names, [traced.index(name) for name in names])


def _draw(dataset: xr.Dataset, names: Sequence[str], order: Sequence[int]) -> Figure:
    swept = [read_axis(dataset, name, "boundaries") for name in names]
    found, labels = encode(dataset["regime"].transpose(*names).values)
    listed = json.loads(dataset["regime"].attrs.get("labels", "[]"))
    codes, kinds = categories(
        found, labels, list(map(str, listed)), np.zeros(found.shape, np.bool_)
    )
    lines = _lines(dataset, order)
    figure = new_figure(WIDTH)
    panel = figure.subplots()
    for which, axis in zip(("x", "y"), swept, strict=True):
        mark(panel, which, axis)  # type: ignore[arg-type]
    for k, line in enumerate(lines):
        panel.plot(*line.T, color=INK, linewidth=1.3, label=f"boundary {k}", zorder=3)
    compose(figure, _words(dataset, names), _handles(kinds), HEIGHT)
    placed = [_fractions(line, swept) for line in lines]
    grid = np.meshgrid(*(_places(axis.values, axis) for axis in swept), indexing="ij")
    seeds = np.stack(grid, axis=-1).reshape(-1, 2)
    _fill(panel, swept, regions(_dots(panel), placed, seeds, codes.ravel()), kinds)
    write_names(panel, regions(raster_shape(panel), placed, seeds, codes.ravel()), kinds)
    return figure


def _lines(dataset: xr.Dataset, order: Sequence[int]) -> list[Floats]:
    """Points (P, 2) of each curve."""
    points = dataset["boundary_point"].values[:, list(order)]
    ends = np.flatnonzero(np.diff(dataset["boundary"].values)) + 1
    return [line for line in np.split(points, ends) if len(line)]


def _dots(panel: Axes) -> tuple[int, int]:
    """Columns and rows of the finest raster that is seen."""
    box = panel.get_window_extent()
    return max(int(box.width), 1), max(int(box.height), 1)


def _fractions(line: Floats, swept: Sequence[Axis]) -> Floats:
    return np.stack([_places(line[:, k], axis) for k, axis in enumerate(swept)], axis=-1)


def _places(values: Floats, axis: Axis) -> Floats:
    """Where values lie on paper, as a share of the axis."""
    low, high = axis.values[0], axis.values[-1]
    if axis.log:
        return np.asarray(np.log(values / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def _fill(
    panel: Axes, swept: Sequence[Axis], raster: NDArray[np.int32], kinds: tuple[Kind, ...]
) -> None:
    edges = []
    for axis, count in zip(swept, raster.shape, strict=True):
        low, high = axis.values[0], axis.values[-1]
        space = np.geomspace if axis.log else np.linspace
        edges.append(space(low, high, count + 1))
    limits = panel.get_xlim(), panel.get_ylim()
    fill(panel, edges, raster, kinds)
    panel.set(xlim=limits[0], ylim=limits[1])


def _words(dataset: xr.Dataset, names: Sequence[str]) -> Words:
    attrs = dataset.attrs
    how = f"concept {attrs['concept']} · method {attrs['method']}"
    where = (
        f"searched at {attrs['resolution']} squares along each axis, {attrs['finest']} near a"
        f" boundary: {attrs['evaluations']:,} games solved"
    )
    doubt = attrs["unsettled"]
    certified = f"{doubt:,} of them not certified" if doubt else "all certified"
    return Words(
        title=titled_by(attrs) or "boundaries",
        subtitle=str(attrs.get("summary", "")),
        notes=(fixed_values(attrs, set(names)), how, f"{where}, {certified}"),
    )


def _handles(kinds: Sequence[Kind]) -> list[Patch]:
    return [
        Patch(
            label=k.name, facecolor=k.colour, hatch=k.hatch or None, edgecolor=k.pen, linewidth=0.6
        )
        for k in kinds
        if k.name
    ]
