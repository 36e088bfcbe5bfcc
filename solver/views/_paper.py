"""The sheet of a picture: one look whatever the user's settings, and texts that do not meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from solver.views._palette import FAINT, INK
from solver.views._words import Words

DPI = 160
#: Inches around the sheet and between what is stacked on it.
MARGIN, GAP = 0.15, 0.12
#: A legend entry is broken into lines of this many characters.
LEGEND_WIDTH = 60
#: Width of a legend's mark in letters: a box or a point, or a line whose dashes must show.
BOX, LINE = 1.6, 3.4
NO_BREAK = "\N{NO-BREAK SPACE}"

STYLE: dict[Any, Any] = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.7,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so that room is the same everywhere
    "font.size": 9,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "svg.hashsalt": "coopet",
    "text.color": INK,
    "text.parse_math": False,  # $M is a unit
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
}


@contextmanager
def style() -> Iterator[None]:
    """The settings under which a figure is made and saved, whatever a matplotlibrc says."""
    # Reading the backend would make matplotlib choose one, and import pyplot.
    kept = {"backend", "backend_fallback"}
    plain: dict[Any, Any] = {
        k: mpl.rcParamsDefault[k] for k in mpl.rcParamsDefault if k not in kept
    }
    with mpl.rc_context({**plain, **STYLE}):
        yield


def new_figure(width: float) -> Figure:
    """An empty figure of this width in inches; `compose` finds its height."""
    figure = Figure(figsize=(width, 5.0), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def compose(figure: Figure, texts: Words, handles: Sequence[Patch | Line2D], panels: float) -> None:
    """Stack title, panels of this height, legend and notes, and fix the layout."""
    top: list[Text | Legend] = [*_text(figure, [texts.title], size=13, weight="bold")]
    top += _text(figure, [texts.subtitle], size=9.5)
    bottom: list[Text | Legend] = [_legend(figure, handles)] if handles else []
    bottom += _text(figure, texts.notes, size=8, color=FAINT)
    head, foot = (sum(_height(item) + GAP for item in items) for items in (top, bottom))
    width, height = figure.get_figwidth(), head + panels + foot + 2 * MARGIN
    figure.set_figheight(height)
    _place(top, height - MARGIN, width, height)
    _place(bottom, MARGIN + foot - GAP, width, height)
    inside = (MARGIN / width, (MARGIN + foot) / height, 1 - 2 * MARGIN / width, panels / height)
    figure.set_layout_engine("constrained", rect=inside, wspace=0.03)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:  # the layout's last bits vary from run to run, and so would files
        axes.set_position(tuple(np.round(axes.get_position(original=True).bounds, 6)))


def _text(figure: Figure, paragraphs: Sequence[str], **style: Any) -> list[Text]:
    """Paragraphs in one text, each wrapped to the sheet; nothing if there are none."""
    limit = (figure.get_figwidth() - 2 * MARGIN) * DPI
    text = figure.text(0, 1, "", va="top", **style)
    lines = []
    for paragraph in filter(None, paragraphs):
        width = len(paragraph)
        text.set_text(paragraph)
        while (excess := text.get_window_extent().width / limit) > 1 and width > 1:
            width = min(width - 1, int(width / excess))
            text.set_text(wrapped(paragraph, width))
        lines.append(text.get_text())
    text.set_text("\n".join(lines))
    return [text] if lines else []


def wrapped(text: str, width: int) -> str:
    """Break lines at spaces, but in a list separated by dots only behind these."""
    items = text.replace(" · ", "\0").replace(" ", NO_BREAK).replace("\0", f"{NO_BREAK}· ")
    return fill(items if " · " in text else text, width).replace(NO_BREAK, " ")


def _legend(figure: Figure, handles: Sequence[Patch | Line2D]) -> Legend:
    """One row if it fits the sheet, else as many columns as do."""
    limit = (figure.get_figwidth() - 2 * MARGIN) * DPI
    names = [str(handle.get_label()).replace(" | ", f"{NO_BREAK}|{NO_BREAK}") for handle in handles]
    labels = [fill(name, LEGEND_WIDTH).replace(NO_BREAK, " ") for name in names]
    for columns in range(len(handles), 0, -1):
        legend = figure.legend(
            handles, labels, ncols=columns, loc="upper left", borderaxespad=0, borderpad=0,
            handlelength=LINE if any(map(_dashed, handles)) else BOX, handleheight=1.0,
            columnspacing=1.6, bbox_to_anchor=(0, 1),
        )  # fmt: skip
        if columns == 1 or legend.get_window_extent().width <= limit:
            break
        legend.remove()
    for patch in legend.get_patches():
        patch.set_rasterized(patch.get_hatch() is not None)
    return legend


def _dashed(handle: Patch | Line2D) -> bool:
    return isinstance(handle, Line2D) and handle.get_linestyle() not in {"None", "-"}


def _height(item: Text | Legend) -> float:
    return float(item.get_window_extent().height) / DPI


def _place(items: Sequence[Text | Legend], top: float, width: float, height: float) -> None:
    """Put items below each other from `top` inches down."""
    for item in items:
        spot = (MARGIN / width, top / height)
        if isinstance(item, Text):
            item.set_position(spot)
        else:
            item.set_bbox_to_anchor(spot)
        top -= _height(item) + GAP
