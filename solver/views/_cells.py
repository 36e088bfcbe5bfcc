"""Cells of a grid on paper: a mesh of bounded size, their outlines, and boundaries between them.

Everything is drawn along the edges of cells, as one artist each: what lies between two cells of
different regime is a line, however thin the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: More cells than this along an axis are below one dot of a printed panel.
MOST_CELLS = 1000
#: A boundary of more pieces than this is embedded as an image, and of ten times more left out:
#: then every other cell differs from its neighbour and the colours say it better.
MOST_PIECES = 20_000


def mesh(axes: Axes, edges: Sequence[Floats], values: NDArray[Any], **style: Any) -> QuadMesh:  # noqa: ANN401
    """Colour the cells by values (x, y), thinned to what can be seen."""
    picks = [_middles(n) for n in values.shape]
    thin = [_block_edges(e) for e in edges]
    made = axes.pcolormesh(*thin, values[np.ix_(*picks)].T, rasterized=True, **style)
    made.set_edgecolor("none")
    return made


def boundaries(codes: NDArray[Any], edges: Sequence[Floats]) -> Path:
    """The edges between cells (x, y) of different code, as one path."""
    x, y = edges
    column, start, stop = _runs(codes[1:, :] != codes[:-1, :])
    upright = _segments(x[column + 1], y[start], x[column + 1], y[stop])
    row, start, stop = _runs((codes[:, 1:] != codes[:, :-1]).T)
    level = _segments(x[start], y[row + 1], x[stop], y[row + 1])
    return _lines(np.concatenate((upright, level)))


def outline(mask: Mask, edges: Sequence[Floats]) -> Path:
    """The border of a set of cells, where it meets the frame too."""
    around = [np.concatenate((e[:1], e, e[-1:])) for e in edges]
    return boundaries(np.pad(mask, 1), around)


def area(mask: Mask, edges: Sequence[Floats]) -> Path:
    """The cells of a mask as one path to fill, coarse cells being filled if any part is."""
    starts = [_starts(n) for n in mask.shape]
    coarse = np.logical_or.reduceat(np.logical_or.reduceat(mask, starts[0], 0), starts[1], 1)
    x, y = (_block_edges(e) for e in edges)
    row, start, stop = _runs(coarse.T)
    corners = [(x[start], y[row]), (x[stop], y[row]), (x[stop], y[row + 1]), (x[start], y[row + 1])]
    vertices = np.array([*corners, corners[0]]).transpose(2, 0, 1).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(vertices, np.tile(codes, len(row)))


def draw_lines(axes: Axes, path: Path, name: str, **style: Any) -> PathPatch | None:  # noqa: ANN401
    """Add a path of `boundaries` or `outline` under a name that SVG keeps as an id."""
    pieces = len(path.vertices) // 2
    if pieces == 0 or pieces > 10 * MOST_PIECES:
        return None
    patch = PathPatch(path, fill=False, capstyle="projecting", gid=name, label=name, **style)
    patch.set_rasterized(pieces > MOST_PIECES)
    axes.add_patch(patch)
    return patch


def _runs(mask: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Row, start and stop of each run of True along the rows."""
    steps = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, start = np.nonzero(steps == 1)
    _, stop = np.nonzero(steps == -1)
    return row, start, stop


def _segments(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> Floats:
    return np.stack((x0, y0, x1, y1), axis=-1).reshape(-1, 2)


def _lines(vertices: Floats) -> Path:
    return Path(vertices, np.tile([Path.MOVETO, Path.LINETO], len(vertices) // 2))


def _starts(count: int) -> NDArray[np.intp]:
    return np.arange(0, count, -(-count // MOST_CELLS))


def _middles(count: int) -> NDArray[np.intp]:
    starts = _starts(count)
    return (starts + np.append(starts[1:], count)) // 2


def _block_edges(edges: Floats) -> Floats:
    return edges[np.append(_starts(len(edges) - 1), len(edges) - 1)]
