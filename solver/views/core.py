"""The core of a coalition game of three, and its values, in the triangle of divisions.

At a corner one player gets all that joining creates, on the side across nothing of it. A dashed
line is what two of them could earn without the third: on the far side of it from the third one's
corner they are content. The core is where all three pairs are, the least core where the most
discontented coalition is as content as can be. Concepts that agree share a mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon
from numpy.typing import NDArray

from solver.errors import TargetError
from solver.views._compared import (
    COLOURS,
    LARGEST,
    called,
    draw_mark,
    grouped,
    joined,
    one_point,
    told,
    words,
)
from solver.views._grid import SETTLED
from solver.views._palette import FAINT, INK
from solver.views._paper import compose, new_figure, style
from solver.views._simplex import CORNERS, Simplex, line, ordered
from solver.views._ticks import plain

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

#: Inches: width of the sheet and height of the panel.
WIDTH, HEIGHT = 8.0, 5.4
CORE, LEAST, TRIANGLE = "#bcd9ea", "#0b4f7a", "#f4f4f4"
#: Concepts that are drawn as regions; the others are points.
REGIONS = frozenset({"core", "least-core"})
#: Excesses up to this share of the slack are none.
NONE = 1e-9


def core(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw the triangle of divisions of a coalition game of three players.

    Parameters
    ----------
    dataset : xarray.Dataset
        One point of a game under several concepts, as `solver.compare` returns it.
    axes : sequence of str, optional
        Must be empty: a point has none.
    slot : int
        Has no meaning here: all of the core is drawn.

    Raises
    ------
    TargetError
        If the Dataset holds no coalition game of three players, or all together are worth no more
        than one by one, so that there is nothing to divide.
    """
    del slot
    dataset, names = one_point(dataset, axes, "core")
    with style():
        return _draw(_read(dataset), dataset, names)


def _read(dataset: xr.Dataset) -> Simplex:
    form, count = dataset.attrs.get("form", "unknown"), dataset.sizes["player"]
    if "worth" not in dataset or count != 3:
        raise TargetError(
            f"view core draws coalition games of three players, and this game is of kind {form}"
            f" with {count} players"
        )
    worth = dataset["worth"]
    simplex = Simplex(worth.values[0] if "concept" in worth.dims else worth.values)
    if not np.isfinite(simplex.worths).all():
        raise TargetError("view core: a worth is not finite at this point")
    if simplex.slack <= NONE * np.abs(simplex.worths).max():
        raise TargetError(
            f"view core: all together are worth {simplex.worths[7]:g} and one by one"
            f" {simplex.alone.sum():g}, so that joining creates nothing to divide"
        )
    return simplex


def _draw(simplex: Simplex, dataset: xr.Dataset, names: Sequence[str]) -> Figure:
    players = [str(name) for name in dataset["player"].values.tolist()]
    figure = new_figure(WIDTH)
    panel = figure.subplots()
    panel.set_axis_off()
    panel.set_aspect("equal")
    panel.fill(*CORNERS.T, facecolor=TRIANGLE, edgecolor=INK, linewidth=1.0, zorder=0)
    handles, notes = _regions(panel, simplex)
    handles += _pairs(panel, simplex, players)
    points, said = _points(panel, simplex, dataset, names)
    _limits(panel)
    _corners(panel, simplex, players)
    notes += said
    notes.insert(0, f"payoffs in the order {', '.join(players)}")
    texts = words(dataset, "core and values", set(), notes)
    compose(figure, texts, [*handles, *points], HEIGHT)
    return figure


def _regions(panel: Axes, simplex: Simplex) -> tuple[list[Patch | Line2D], list[str]]:
    """The core and the least core, and what is to be said about them."""
    excess = least_excess(simplex)
    handles: list[Patch | Line2D] = []
    inner = simplex.content(excess)
    if excess > NONE * simplex.slack:
        empty = (
            "The core is empty: however the total is divided, some coalition could earn at"
            f" least {plain(float(f'{excess:.4g}'))} more on its own."
        )
        notes = [empty]
    else:
        region = simplex.content(0.0)
        notes = [_shape_of(region)] if len(region) < 3 else []
        handles.append(_region(panel, simplex.at(region), "core", CORE, INK))
    if len(inner) and (excess > NONE * simplex.slack or excess < -NONE * simplex.slack):
        amount = plain(float(f"{abs(excess):.4g}"))
        if excess < 0:
            label = f"least core: every coalition gets at least {amount} more than alone"
        else:
            label = f"least core: no coalition gets less than alone by over {amount}"
        handles.append(_region(panel, simplex.at(inner), label, "none", LEAST))
    return handles, notes


def least_excess(simplex: Simplex) -> float:
    """The least largest excess of a coalition other than nobody and all.

    Balanced collections of three players give it in closed form: a player and the two others;
    the three pairs; the three alone.
    """
    worths, total = simplex.worths, float(simplex.worths[7])
    pairs = [simplex.pair(player) for player in range(3)]
    split = [(float(worths[1 << k]) + pairs[k] - total) / 2.0 for k in range(3)]
    return max(*split, (sum(pairs) - 2.0 * total) / 3.0, -simplex.slack / 3.0)


def _shape_of(region: Floats) -> str:
    if len(region) == 1:
        return f"The core is one point: {told(region[0])}."
    return f"The core is a line from {told(region[0])} to {told(region[-1])}."


def _region(panel: Axes, corners: Floats, label: str, fill: str, edge: str) -> Patch | Line2D:
    """A shape, or a thick line or ring where it has no area."""
    look: dict[str, Any] = {"facecolor": fill, "edgecolor": edge, "linewidth": 1.4, "label": label}
    if len(corners) >= 3:
        panel.add_patch(Polygon(ordered(corners), closed=True, zorder=2, **look))
        return Patch(**look)
    colour = edge if fill == "none" else "#7fb4d3"
    thick = 3.0 if fill == "none" else 8.0
    if len(corners) == 2:
        panel.plot(*corners.T, color=colour, lw=thick, zorder=2, solid_capstyle="round")
        return Line2D([], [], color=colour, lw=thick, label=label)
    ring: dict[str, Any] = {
        "marker": "o", "markerfacecolor": "none", "markeredgecolor": colour,
        "markeredgewidth": 2.0 if fill == "none" else 4.0, "linestyle": "none",
    }  # fmt: skip
    panel.plot(*corners.T, markersize=18, zorder=3, clip_on=False, **ring)
    return Line2D([], [], markersize=10, label=label, **ring)


def _pairs(panel: Axes, simplex: Simplex, players: Sequence[str]) -> list[Line2D]:
    """What each pair could earn: a line where it cuts the triangle, and a legend entry."""
    handles = []
    for k in range(3):
        others = " + ".join(name for i, name in enumerate(players) if i != k)
        ends = line(k, simplex.bound(k))
        look: dict[str, Any] = {
            "color": COLOURS[(k + 3) % len(COLOURS)],
            "linewidth": 1.5,
            "linestyle": ((0, (5, 1.6)), (0, (1.6, 1.2)), (0, (5, 1.4, 1.4, 1.4)))[k],
        }
        label = f"{others} earn {plain(float(f'{simplex.pair(k):.5g}'))} alone"
        if ends is None:
            label += " (beyond the triangle)"
            look["color"] = "#bbbbbb"
        else:
            panel.plot(*ends.T, zorder=4, **look)
        handles.append(Line2D([], [], label=label, **look))
    return handles


def _points(
    panel: Axes, simplex: Simplex, dataset: xr.Dataset, names: Sequence[str]
) -> tuple[list[Line2D], list[str]]:
    payoffs = dataset["payoff"].transpose("concept", "slot", "player").values
    good = np.isin(dataset["status"].values.astype(str), sorted(SETTLED))
    good &= dataset["count"].values == 1
    asked = [k for k, name in enumerate(names) if name not in REGIONS]
    rows = np.array([payoffs[k, 0] for k in asked if good[k]]).reshape(-1, 3)
    short = np.abs(rows.sum(axis=1) - simplex.worths[7]) > NONE * np.abs(simplex.worths).max()
    told_of = [called(names[k]) for k in asked if good[k]]
    notes = [
        f"not drawn, for it does not divide the total: {name} {told(row)}"
        for name, row, beside in zip(told_of, rows, short, strict=True)
        if beside
    ]
    drawn = [name for name, beside in zip(told_of, short, strict=True) if not beside]
    handles = []
    for group in grouped(rows[~short], simplex.slack):
        label = joined(drawn[k] for k in group.members)
        handles.append(
            draw_mark(
                panel, simplex.at(group.values[None])[0], f"{label} {told(group.values)}",
                group.marker, group.colour, size=LARGEST - group.number,
            )
        )  # fmt: skip
    missing = [called(names[k]) for k in asked if not good[k]]
    if missing:
        notes.append(f"without a single certified answer: {', '.join(missing)}")
    return handles, notes


def _limits(panel: Axes) -> None:
    """The triangle and every mark, with room for the names at the corners."""
    places = [np.asarray(drawn.get_xydata(), np.float64) for drawn in panel.lines]
    every = np.concatenate((CORNERS, *places))
    (left, bottom), (right, top) = every.min(axis=0), every.max(axis=0)
    panel.set(xlim=(left - 0.25, right + 0.25), ylim=(bottom - 0.13, top + 0.13))


def _corners(panel: Axes, simplex: Simplex, players: Sequence[str]) -> None:
    """Who gets all that joining creates, and the payoffs there."""
    for k, (at, player) in enumerate(zip(CORNERS, players, strict=True)):
        payoffs = simplex.alone + simplex.slack * np.eye(3)[k]
        text = f"{player if len(player) <= 24 else player[:23] + '…'}\n{told(payoffs)}"
        panel.annotate(
            text, at, xytext=(0, 13 if k == 0 else -13), textcoords="offset points", ha="center",
            va="bottom" if k == 0 else "top", size=9, color=INK if player else FAINT,
        )  # fmt: skip
