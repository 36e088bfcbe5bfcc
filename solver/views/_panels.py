"""What is drawn into a panel: regions of regimes, an outcome in colour, a curve, boundaries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from solver.views._boundaries import boundaries, draw_lines, outline
from solver.views._cells import hatch, mesh
from solver.views._grid import Outcome
from solver.views._palette import ALARM, INK, NO_EQUILIBRIUM, NOT_CERTIFIED, Kind
from solver.views._ticks import plain, titled

Floats = NDArray[np.float64]

COLOURS = "viridis"
#: For numbers of either sign: orange below zero, purple above, white between.
DIVERGING = "PuOr"
#: Share of a panel above its curve that is kept for the names of the regimes.
STRIP = 0.13
#: With more values than these a curve is drawn without dots.
MOST_DOTS = 60


def fill(
    panel: Axes, edges: Sequence[Floats], codes: NDArray[np.int32], kinds: Sequence[Kind]
) -> None:
    """Colour each cell by its category, and hatch the categories that need it."""
    colours = ListedColormap([kind.colour for kind in kinds])
    mesh(panel, edges, codes, cmap=colours, vmin=-0.5, vmax=len(kinds) - 0.5)
    for code, kind in enumerate(kinds):
        if kind.hatch:
            hatch(panel, edges, codes == code, kind)


def shade(
    panel: Axes,
    edges: Sequence[Floats],
    outcome: Outcome,
    limits: tuple[float | None, float | None] = (None, None),
    colours: str = COLOURS,
) -> QuadMesh:
    """Colour each cell by the outcome, and leave out those that have none."""
    panel.set_title(panel.get_title("left") or outcome.name)
    panel.set_facecolor(NO_EQUILIBRIUM.colour)
    shown = np.ma.masked_invalid(outcome.values)
    return mesh(panel, edges, shown, cmap=colours, vmin=limits[0], vmax=limits[1])


def draw_scale(figure: Figure, made: QuadMesh, panel: Axes, label: str = "") -> None:
    """The scale of colours beside a panel."""
    bar = figure.colorbar(
        made, ax=panel, pad=0.02, fraction=0.05, aspect=30, format=FuncFormatter(plain)
    )
    bar.set_label(label)


def separate(
    panel: Axes,
    edges: Sequence[Floats],
    codes: NDArray[np.int32],
    uncertified: NDArray[np.bool_],
    *,
    halo: bool = False,
) -> None:
    """Boundaries between regimes, and cross-hatching where the answer is not certified."""
    light = [withStroke(linewidth=2.0, foreground="white")]
    line = boundaries(codes, edges)
    draw_lines(
        panel, line, "boundaries", color=INK, linewidth=0.9, path_effects=light if halo else None
    )
    if uncertified.any():
        hatch(panel, edges, uncertified, NOT_CERTIFIED)
        line = outline(uncertified, edges)
        draw_lines(panel, line, "uncertified", color=ALARM, linewidth=1.1, path_effects=light)


def draw_curve(panel: Axes, x: Floats, outcome: Outcome, codes: NDArray[np.int32]) -> None:
    """The outcome along the axis, broken where the regime changes; dots if there are few."""
    y = outcome.values
    breaks = np.flatnonzero(np.diff(codes)) + 1
    pieces = np.insert(x, breaks, np.nan), np.insert(y, breaks, np.nan)
    panel.plot(*pieces, color=INK, linewidth=1.8)
    known = np.pad(np.isfinite(y), 1)
    joined = np.pad(np.diff(codes) == 0, 1) & known[1:] & known[:-1]
    lone = known[1:-1] & ~joined[1:] & ~joined[:-1]
    dotted = lone if x.size > MOST_DOTS else known[1:-1]
    # Dots may stick out of the frame, but the layout must not follow them.
    (dots,) = panel.plot(x[dotted], y[dotted], "o", color=INK, markersize=4, clip_on=False)
    dots.set_in_layout(False)
    panel.yaxis.set_major_formatter(FuncFormatter(plain))
    panel.set_ylabel(titled(outcome.name, outcome.unit))


def curve_limits(outcome: Outcome | None) -> tuple[float, float]:
    """Room for the curve and, above it, for the names of the regimes."""
    values = outcome.values[np.isfinite(outcome.values)] if outcome else np.empty(0)
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    height = high - low or abs(high) or 1.0
    return low - 0.06 * height, high + (0.03 + STRIP) / (1 - STRIP) * height
