"""Lines between cells of different regime, each set of them one path.

Where cells are large enough to be seen the line follows their edges. Where they are not, it cuts
the corners of these stairs: from the middle of one edge straight to the middle of the next, which
is the contour at half level between the cells. Where three or four lines meet they meet in a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Runs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]

#: From so many cells along both axes their corners are cut: a cell is then some four dots wide.
FINE = 150
#: A boundary of more pieces than this is embedded as an image, and of ten times more left out:
#: then every other cell differs from its neighbour and the colours say it better.
MOST_PIECES = 20_000


def boundaries(codes: NDArray[Any], edges: Sequence[Floats]) -> Path:
    """The lines between cells (x, y) of different code."""
    return (smooth if min(codes.shape) >= FINE else stairs)(codes, *edges)


def outline(mask: Mask, edges: Sequence[Floats]) -> Path:
    """The border of a set of cells, where it meets the frame too."""
    return stairs(np.pad(mask, 1), *(np.concatenate((e[:1], e, e[-1:])) for e in edges))


def stairs(codes: NDArray[Any], x: Floats, y: Floats) -> Path:
    """Boundaries along the edges of cells, straight runs being one piece."""
    column, start, stop = runs(codes[1:] != codes[:-1])
    upright = (x[column + 1], y[start], x[column + 1], y[stop])
    row, start, stop = runs((codes[:, 1:] != codes[:, :-1]).T)
    return _path([upright, (x[start], y[row + 1], x[stop], y[row + 1])])


def smooth(codes: NDArray[Any], x: Floats, y: Floats) -> Path:
    """Boundaries from the middle of one edge to the middle of the next."""
    upright, level = codes[1:] != codes[:-1], codes[:, 1:] != codes[:, :-1]
    arms = np.stack((upright[:, :-1], upright[:, 1:], level[:-1], level[1:]))
    i, j = np.nonzero(arms.any(axis=0))
    arms = arms[:, i, j]
    corner = x[i + 1], y[j + 1]
    middles = 0.5 * (x[1:] + x[:-1]), 0.5 * (y[1:] + y[:-1])
    ends = [(corner[0], middles[1][j]), (corner[0], middles[1][j + 1])]
    ends += [(middles[0][i], corner[1]), (middles[0][i + 1], corner[1])]
    through = arms.sum(axis=0) == 2
    pieces = [
        _chosen((*ends[a], *ends[b]), through & arms[a] & arms[b])
        for a in range(4)
        for b in range(a)
    ]
    pieces += [
        _chosen((*end, *corner), ~through & arm) for end, arm in zip(ends, arms, strict=True)
    ]
    return _path([*pieces, *_to_frame(upright, level, x, y)])


def draw_lines(axes: Axes, path: Path, name: str, **style: Any) -> PathPatch | None:
    """Add such a path to a panel; `name` is how to find it among the artists."""
    pieces = np.shape(path.vertices)[0] // 2
    if pieces == 0 or pieces > 10 * MOST_PIECES:
        return None
    patch = PathPatch(path, fill=False, capstyle="round", label=name, **style)
    patch.set_snap(False)
    patch.set_rasterized(pieces > MOST_PIECES)
    axes.add_patch(patch)
    return patch


def runs(mask: Mask) -> Runs:
    """Row, start and stop of each run of True along the rows."""
    steps = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, start = np.nonzero(steps == 1)
    return row, start, np.nonzero(steps == -1)[1]


def _to_frame(upright: Mask, level: Mask, x: Floats, y: Floats) -> list[tuple[Floats, ...]]:
    """The half edges that end at the frame: below, above, left, right."""
    middle_x, middle_y = 0.5 * (x[1:] + x[:-1]), 0.5 * (y[1:] + y[:-1])
    made: list[tuple[Floats, ...]] = []
    for end in (0, -1):
        at = x[1:-1][upright[:, end]]
        made.append((at, np.full_like(at, y[end]), at, np.full_like(at, middle_y[end])))
        at = y[1:-1][level[end]]
        made.append((np.full_like(at, x[end]), at, np.full_like(at, middle_x[end]), at))
    return made


def _chosen(piece: tuple[Floats, ...], mask: Mask) -> tuple[Floats, ...]:
    return tuple(part[mask] for part in piece)


def _path(pieces: Sequence[tuple[Floats, ...]]) -> Path:
    """One path of separate pieces, each given by x, y, x, y."""
    vertices = np.concatenate([np.stack(piece, axis=-1) for piece in pieces]).reshape(-1, 2)
    return Path(vertices, np.tile([Path.MOVETO, Path.LINETO], len(vertices) // 2))
