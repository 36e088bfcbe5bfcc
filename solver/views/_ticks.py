"""Axis labels and ticks for people: plain numbers, the unit, and what the parameter is."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis as Side
from matplotlib.ticker import (
    FixedLocator,
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from solver.views._axis import Axis
from solver.views._palette import FAINT

#: Characters per line of an explanation, and the lines there is room for.
WIDTH, LINES = 58, 2
SMALL = 8.0
#: Axes with so few values are marked at these, unless they lie closer than a share of the axis or
#: take more characters.
FEW, CLOSEST, LONGEST = 8, 0.08, 7


def mark(axes: Axes, which: Literal["x", "y"], swept: Axis, *, label: bool = True) -> None:
    """Scale, limits, ticks and, if wanted, the label of one side of a panel."""
    side = axes.xaxis if which == "x" else axes.yaxis
    axes.set(**{f"{which}scale": "log" if swept.log else "linear"})
    axes.set(**{f"{which}lim": (swept.values[0], swept.values[-1])})
    _set_ticks(side, swept)
    if not label:
        return
    side.set_label_text(titled(swept.name, swept.unit))
    lines = wrap(swept.doc, WIDTH)
    if 0 < len(lines) <= LINES:
        _explain(axes, side, lines)


def titled(name: str, unit: str) -> str:
    """A name with its unit."""
    return f"{name} [{unit}]" if unit else name


def plain(value: float, _position: int | None = None) -> str:
    """A number as people write it, with separated thousands and without float noise."""
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def _explain(axes: Axes, side: Side, lines: list[str]) -> None:
    """Write below the label, as one reads it, in a smaller size."""
    common: dict[str, Any] = {
        "text": "\n".join(lines), "xycoords": side.label, "textcoords": "offset points",
        "size": SMALL, "color": FAINT, "multialignment": "center",
    }  # fmt: skip
    if side is axes.xaxis:
        axes.annotate(xy=(0.5, 0), xytext=(0, -3), ha="center", va="top", **common)
    else:
        side.labelpad += 1.3 * SMALL * len(lines) + 2
        axes.annotate(xy=(1, 0.5), xytext=(3, 0), ha="left", va="center", rotation=90, **common)


def _set_ticks(side: Side, swept: Axis) -> None:
    side.set_major_formatter(FuncFormatter(plain))
    side.set_minor_formatter(NullFormatter())
    if _is_short_list(swept):
        side.set_major_locator(FixedLocator(swept.values.tolist()))
        side.set_minor_locator(NullLocator())
    elif swept.log:
        _set_log_ticks(side, float(np.log10(swept.values[-1] / swept.values[0])))


def _is_short_list(swept: Axis) -> bool:
    """Whether the values themselves are what people would write at the ticks."""
    spread = np.log(swept.values) if swept.log else swept.values
    few = swept.values.size <= FEW and np.diff(spread).min() >= CLOSEST * np.ptp(spread)
    return bool(few) and max(len(plain(value)) for value in swept.values) <= LONGEST


def _set_log_ticks(side: Side, decades: float) -> None:
    """Labels at every decade, at 1-3 or 1-2-5 if there are few, at round steps below one."""
    if decades < 0.7:
        side.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        return
    steps = (1.0, 2.0, 5.0) if decades < 1.6 else (1.0, 3.0) if decades < 3.2 else (1.0,)
    side.set_major_locator(LogLocator(subs=steps))
    side.set_minor_locator(LogLocator(subs=range(2, 10)))
