"""Names of regions written where they fit: the place with most room around the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from numpy.typing import NDArray

from solver.views._palette import INK, Kind

Mask = NDArray[np.bool_]

#: Dots per cell of the raster on which room is measured, and the room wanted around a text.
DOTS, ROOM = 3, 2
#: A regime that falls into several regions is named in this many of them at most.
MOST_REGIONS = 3


def raster_shape(axes: Axes) -> tuple[int, int]:
    """Columns and rows of the raster on which room in a panel is measured."""
    box = axes.get_window_extent()
    return max(int(box.width) // DOTS, 1), max(int(box.height) // DOTS, 1)


def write_names(axes: Axes, raster: NDArray[np.int32], kinds: Sequence[Kind]) -> None:
    """Write each name into its regions, smaller, broken or upright if need be, or not at all.

    The layout of the figure must be final, for room is measured in dots. `raster` has the shape
    of `raster_shape` and holds indices of `kinds`, or -1 where nothing may be written.
    """
    for code, kind in enumerate(kinds):
        region = raster == code
        for _ in range(MOST_REGIONS if kind.name else 0):
            spot = _write(axes, region, kind)
            if spot is None:
                break
            region &= ~_component(region, spot)


def _write(axes: Axes, region: Mask, kind: Kind) -> tuple[int, int] | None:
    for text in _styles(axes, kind):
        extent = text.get_window_extent()
        spot = _roomiest(region, _cells(extent.width), _cells(extent.height))
        if spot is not None:
            across, up = ((k + 0.5) / n for k, n in zip(spot, region.shape, strict=True))
            text.set_position((across, up))
            return spot
        text.remove()
    return None


def _styles(axes: Axes, kind: Kind) -> Iterator[Text]:
    """The ways to write a name, the best first."""
    halo = [withStroke(linewidth=2.5, foreground=kind.colour)]
    for size, width, rotation in ((10, 99, 0), (9, 24, 0), (8, 14, 0), (8, 99, 90)):
        lines = wrap(kind.name, width, break_long_words=False)
        yield axes.text(
            0.5, 0.5, "\n".join(lines), size=size, rotation=rotation, color=INK,
            ha="center", va="center", path_effects=halo, transform=axes.transAxes,
        )  # fmt: skip


def _cells(dots: float) -> int:
    return int(np.ceil(dots / DOTS))


def _roomiest(region: Mask, width: int, height: int) -> tuple[int, int] | None:
    """The centre of a box inside the region that can be widened most on all sides."""
    totals = np.pad(region, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    spot, low, high = None, ROOM, max(region.shape)
    while low <= high:
        room = (low + high) // 2
        centre = _centre(totals, width + 2 * room, height + 2 * room)
        if centre is None:
            high = room - 1
        else:
            spot, low = centre, room + 1
    return spot


def _centre(totals: NDArray[np.int32], width: int, height: int) -> tuple[int, int] | None:
    """The most central place of a full box, given sums over all lower-left rectangles."""
    if width >= totals.shape[0] or height >= totals.shape[1]:
        return None
    inside = totals[width:, height:] - totals[:-width, height:]
    inside = inside - totals[width:, :-height] + totals[:-width, :-height]
    corners = np.argwhere(inside == width * height)
    if not len(corners):
        return None
    nearest = np.abs(corners - corners.mean(axis=0)).sum(axis=1).argmin()
    return int(corners[nearest, 0] + width // 2), int(corners[nearest, 1] + height // 2)


def _component(region: Mask, seed: tuple[int, int]) -> Mask:
    """The part of the region that hangs together with the seed, grown from it."""
    part = np.zeros_like(region)
    part[seed] = True
    size = 0
    while size != (size := int(part.sum())):
        grown = part.copy()
        grown[1:] |= part[:-1]
        grown[:-1] |= part[1:]
        grown[:, 1:] |= part[:, :-1]
        grown[:, :-1] |= part[:, 1:]
        part = grown & region
    return part
