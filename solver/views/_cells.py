"""Cells of a grid on paper: a mesh of bounded size, and sets of cells as one path to hatch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from solver.views._boundaries import runs
from solver.views._palette import Kind

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: More cells than this along an axis are below one dot of a printed panel.
MOST_CELLS = 1000


def mesh(axes: Axes, edges: Sequence[Floats], values: NDArray[Any], **style: Any) -> QuadMesh:
    """Colour the cells by values (x, y); of cells too small to be seen, one in a block is."""
    picks = np.ix_(*(_middles(n) for n in values.shape))
    x, y = (_block_edges(e) for e in edges)
    return axes.pcolormesh(x, y, values[picks].T, rasterized=True, **style)


def hatch(axes: Axes, edges: Sequence[Floats], mask: Mask, kind: Kind) -> None:
    """Hatch the cells of a mask; a block of small cells if the mask holds any of them."""
    starts = [_starts(n) for n in mask.shape]
    coarse = np.logical_or.reduceat(np.logical_or.reduceat(mask, starts[0], 0), starts[1], 1)
    x, y = (_block_edges(e) for e in edges)
    row, start, stop = runs(coarse.T)
    corners = [(x[start], y[row]), (x[stop], y[row]), (x[stop], y[row + 1]), (x[start], y[row + 1])]
    vertices = np.array([*corners, corners[0]]).transpose(2, 0, 1).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    path = Path(vertices, np.tile(codes, len(row)))
    patch = PathPatch(path, facecolor="none", edgecolor=kind.pen, hatch=kind.hatch, linewidth=0)
    patch.set_rasterized(True)  # not every viewer of SVG knows patterns
    axes.add_patch(patch)


def _starts(count: int) -> NDArray[np.intp]:
    return np.arange(0, count, -(-count // MOST_CELLS))


def _middles(count: int) -> NDArray[np.intp]:
    starts = _starts(count)
    found: NDArray[np.intp] = (starts + np.append(starts[1:], count)) // 2
    return found


def _block_edges(edges: Floats) -> Floats:
    found: Floats = edges[np.append(_starts(len(edges) - 1), len(edges) - 1)]
    return found
