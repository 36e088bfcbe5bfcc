"""What a threat does to the price: one axis, a curve for each concept.

Bargaining concepts disagree on what an alternative does. Where it is what a player gets *while*
talks fail it moves the price everywhere, in a straight line; where it is what a player gets by
*leaving* it moves nothing until it binds, so that the curve has a kink; where nobody can leave it
never moves anything. Concepts that agree share a curve. If the Dataset tells the price without the
option, a second panel shows what the threat takes off it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from solver.errors import TargetError
from solver.views._axis import read_axis, unit
from solver.views._compared import (
    Group,
    called,
    concepts_of,
    grouped,
    joined,
    unique,
    words,
)
from solver.views._grid import outcome_names
from solver.views._palette import FAINT
from solver.views._paper import compose, new_figure, style
from solver.views._ticks import mark, plain, titled

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Inches: width of the sheet, height of the panel of prices and of that of differences.
WIDTH, PRICES, GAINS = 9.0, 4.2, 2.4
#: Room above and below the curves, as a share of their range.
ROOM = 0.06


def threat(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw the price along an axis under each concept, and what the threat takes off it.

    Parameters
    ----------
    dataset : xarray.Dataset
        As `solver.compare` returns it: the ``price``, or else the first outcome of the game, or
        else the first player's payoff, over ``concept`` and one axis; with ``<name>_without``
        also the difference.
    axes : sequence of str, optional
        The axis.
    slot : int
        Has no meaning here: a curve needs one answer.

    Raises
    ------
    TargetError
        If the Dataset is not over concepts and one axis, or there is nothing to draw.
    """
    del slot
    names = concepts_of(dataset, "threat")
    swept = [str(name) for name in dataset["status"].dims if name != "concept"]
    if len(swept) != 1:
        has = ", ".join(swept) or "none"
        raise TargetError(f"view threat draws one axis, and this comparison has {has}")
    if axes is not None and list(axes) != swept:
        raise TargetError(f"axes {', '.join(axes)} are not those compared over: give {swept[0]}")
    dataset = dataset.sortby(swept[0])
    prices, without, label = _curves(dataset, swept[0])
    if not np.isfinite(prices).any():
        raise TargetError(f"view threat: no concept gives a single {label[0]} anywhere on the axis")
    with style():
        return _draw(dataset, names, swept[0], prices, without, label)


def _curves(dataset: xr.Dataset, axis: str) -> tuple[Floats, Floats | None, tuple[str, str]]:
    """Prices (C, n) with the option and without it, NaN where there is not one answer."""
    found = outcome_names(dataset, {"concept", axis})
    found = [name for name in found if not name.endswith("_without")]
    drawn = unique(dataset)
    if found:
        name = "price" if "price" in found else found[0]
        with_option, units = dataset[name].transpose("concept", axis).values, unit(dataset[name])
        other = f"{name}_without"
        without = dataset[other].transpose("concept", axis).values if other in dataset else None
    else:
        name, units = f"payoff of {dataset['player'].values[0]}", ""
        with_option = dataset["payoff"].isel(slot=0, player=0).transpose("concept", axis).values
        without = None
        if "payoff_without" in dataset:
            chosen = dataset["payoff_without"].isel(player=0)
            without = chosen.transpose("concept", axis).values
    if without is not None:
        without = np.where(drawn, without, np.nan)
    return np.where(drawn, with_option, np.nan), without, (name, units)


def _draw(  # noqa: PLR0913, PLR0917
    dataset: xr.Dataset,
    names: Sequence[str],
    axis: str,
    prices: Floats,
    without: Floats | None,
    label: tuple[str, str],
) -> Figure:
    x = read_axis(dataset, axis, "threat")
    both = prices if without is None else np.concatenate((prices, without), axis=1)
    size = float(np.nanmax(np.abs(both[np.isfinite(both)])))
    groups = [g for g in grouped(both, size) if np.isfinite(g.values[: x.values.size]).any()]
    groups = [Group(g.members, g.values, number) for number, g in enumerate(groups)]
    gains = without is not None and bool(np.isfinite(without - prices).any())
    figure = new_figure(WIDTH)
    panels: list[Axes] = list(
        figure.subplots(
            1 + gains, 1, sharex=True, squeeze=False,
            height_ratios=(PRICES, GAINS) if gains else None,
        )[:, 0]
    )  # fmt: skip
    count = x.values.size
    for group in groups:
        _line(panels[0], x.values, group.values[:count], group)
        if gains:
            _line(panels[1], x.values, group.values[count:] - group.values[:count], group)
    for panel in panels:
        mark(panel, "x", x, label=panel is panels[-1])
        _limits(panel)
        panel.grid(color="#e4e4e4", linewidth=0.6)
        panel.set_axisbelow(True)
    panels[0].set_ylabel(titled(*label))
    if gains:
        panels[0].tick_params(labelbottom=False)
        panels[1].axhline(0.0, color=FAINT, linewidth=0.8)
        panels[1].set_ylabel(titled("difference", label[1]))
        panels[1].set_title(f"what the threat takes off the {label[0]}")
    shown = {k for group in groups for k in group.members}
    notes = _left_out([called(n) for k, n in enumerate(names) if k not in shown], label[0])
    texts = words(dataset, f"{label[0]} under a threat", {axis}, notes)
    compose(figure, texts, _handles(groups, names), PRICES + GAINS * gains)
    return figure


def _line(panel: Axes, x: Floats, y: Floats, group: Group) -> None:
    panel.plot(x, y, color=group.colour, linestyle=group.dashes, linewidth=2.0)
    known = np.pad(np.isfinite(y), 1)
    lone = known[1:-1] & ~known[:-2] & ~known[2:]
    if lone.any():
        panel.plot(x[lone], y[lone], "o", color=group.colour, markersize=4)


def _limits(panel: Axes) -> None:
    """Room around the curves, and plain numbers at the side."""
    values = np.concatenate([np.asarray(line.get_ydata(), np.float64) for line in panel.lines])
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    height = high - low if high - low > 1e-9 * max(abs(low), abs(high)) else abs(high) or 1.0
    panel.set_ylim(low - ROOM * height, high + ROOM * height)
    panel.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(FuncFormatter(plain))


def _left_out(names: Sequence[str], what: str) -> list[str]:
    return [f"not drawn, for lack of a single certified {what}: {', '.join(names)}"] * bool(names)


def _handles(groups: Sequence[Group], names: Sequence[str]) -> list[Line2D]:
    return [
        Line2D(
            [], [], color=group.colour, linestyle=group.dashes, linewidth=2.0,
            label=joined(called(names[k]) for k in group.members),
        )
        for group in groups
    ]  # fmt: skip
