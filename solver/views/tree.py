"""A game tree with an equilibrium in it: who moves where, and what is played.

From left to right. A node carries the number of the player that moves there; branches that are
played are coloured like that player, thick where the game comes with positive probability, thin
where it does not. A diamond is a draw of nature, a square is a bargain. Dashed lines join nodes
that a player cannot tell apart. Behind each leaf stand the payoffs in the order of the players.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from solver.errors import TargetError
from solver.views._branches import CHANCE, LANE, LEAF, LETTER, PLAYED, ROW, Branches, read
from solver.views._palette import FAINT, INK, OKABE_ITO
from solver.views._paper import compose, new_figure, style
from solver.views._words import about_point

if TYPE_CHECKING:
    import xarray as xr

#: Colours of players, in an order in which the first two contrast most.
COLOURS = tuple("#{:02x}{:02x}{:02x}".format(*OKABE_ITO[k]) for k in (5, 6, 2, 3, 1, 0, 4))
UNPLAYED = "#b8b8b8"
#: Inches: where a branch stops to slant, the radius of a node, room beside the tree.
SLANT, RADIUS, BESIDE = 0.26, 0.085, 0.3
#: Narrowest sheet, in inches.
NARROWEST = 6.0


def tree(dataset: xr.Dataset, *, axes: Sequence[str] | None = None, slot: int = 0) -> Figure:
    """Draw the tree of a game and one of its equilibria.

    Parameters
    ----------
    dataset : xarray.Dataset
        One point of a game that is a tree, as `point` returns it.
    axes : sequence of str, optional
        Must be empty: a tree has none.
    slot : int
        Which equilibrium.

    Raises
    ------
    TargetError
        If the Dataset holds no tree or one of more than 200 leaves, or there is no such slot.
    """
    if axes:
        raise TargetError(f"the view tree has no axes: {', '.join(axes)}")
    if slot and slot >= int(dataset["count"]):
        raise TargetError(f"there is no equilibrium {slot + 1}: {int(dataset['count'])} were found")
    drawn = read(dataset, slot)
    with style():
        return _draw(drawn, dataset, slot)


def _draw(t: Branches, dataset: xr.Dataset, slot: int) -> Figure:
    payoffs = {v: ",  ".join(f"{value:.5g}" for value in row) for v, row in t.payoffs.items()}
    longest = max(t.x[v] + LETTER * (len(payoffs[v]) + 4) for v in t.leaves)
    width, height = longest + 2 * BESIDE, ROW * (len(t.leaves) + 1)
    figure = new_figure(max(width + 0.3, NARROWEST))
    panel = figure.subplots()
    panel.set_axis_off()
    panel.set_xlim(-BESIDE, max(width + 0.3, NARROWEST) - BESIDE - 0.3)
    panel.set_ylim(height - ROW / 2, -ROW)
    panel.set_aspect("equal")
    for h in range(len(t.sets)):
        _join(panel, t, h)
    for v in range(1, len(t.parent)):
        _branch(panel, t, v)
    for v in range(len(t.parent)):
        _node(panel, t, v)
    for v, text in payoffs.items():
        name = f"   {t.names[v]}" if t.names[v] else ""
        panel.text(t.x[v] + 0.1, t.y[v], text, va="center", size=8)
        panel.text(
            t.x[v] + 0.1 + LETTER * len(text), t.y[v], name, va="center", size=7, color=FAINT
        )
    compose(figure, about_point(dataset, slot), _legend(t), height)
    return figure


def _colour(t: Branches, v: int) -> str:
    return COLOURS[t.mover[v] % len(COLOURS)] if t.mover[v] >= 0 else INK


def _branch(panel: Axes, t: Branches, v: int) -> None:
    """A slant, then level so that the label can stand on it."""
    p = t.parent[v]
    played = t.odds[v] > PLAYED
    arrives = played and t.reach[p] > PLAYED
    colour = _colour(t, p) if played else UNPLAYED
    thick = 2.4 if arrives else 1.2 if played else 0.8
    xs = [t.x[p], t.x[p] + SLANT, t.x[v]]
    panel.plot(
        xs, [t.y[p], t.y[v], t.y[v]], color=colour, lw=thick, zorder=2 + played,
        solid_capstyle="round", solid_joinstyle="round",
    )  # fmt: skip
    panel.text(
        t.x[p] + SLANT + 0.05, t.y[v] - 0.025, t.labels[v], va="bottom", size=7.5,
        color=INK if played or np.isnan(t.odds[v]) else FAINT,
        weight="bold" if arrives else "normal", zorder=5,
    )  # fmt: skip


def _node(panel: Axes, t: Branches, v: int) -> None:
    mover = t.mover[v]
    if mover == LEAF:
        panel.plot(t.x[v], t.y[v], "o", ms=2.6, color=INK, zorder=6)
        return
    shape = "o" if mover >= 0 else "D" if mover == CHANCE else "s"
    fill = _colour(t, v) if mover >= 0 else "white"
    size = 12.5 if mover >= 0 else 8.0
    panel.plot(t.x[v], t.y[v], shape, ms=size, mfc=fill, mec=INK, mew=0.7, zorder=6)
    if mover >= 0:
        panel.text(
            t.x[v], t.y[v], str(mover + 1), ha="center", va="center", size=7.5, weight="bold",
            color="white", zorder=7,
        )  # fmt: skip


def _join(panel: Axes, t: Branches, h: int) -> None:
    """Dashed lines between the nodes of an information set.

    Straight where nothing stands between them; else on a lane of its own to the left of them.
    """
    nodes = t.members(h)
    dashes: dict[str, Any] = {
        "color": COLOURS[t.sets[h][0] % len(COLOURS)],
        "lw": 1.1,
        "linestyle": (0, (3, 2)),
        "zorder": 1,
    }
    if t.lanes[h] == 0:
        panel.plot(t.x[nodes], t.y[nodes], **dashes)
        return
    x = t.x[nodes].min() - LANE * (t.lanes[h] + 0.7)
    panel.plot([x, x], [t.y[nodes[0]], t.y[nodes[-1]]], **dashes)
    for v in nodes:
        panel.plot([x, t.x[v]], [t.y[v] + 0.03] * 2, **dashes)


def _legend(t: Branches) -> list[Patch]:
    entries = [
        Patch(facecolor=COLOURS[i % len(COLOURS)], edgecolor=INK, lw=0.6, label=f"{i + 1} {name}")
        for i, name in enumerate(t.players)
    ]
    if CHANCE in t.mover:
        entries.append(Patch(facecolor="white", edgecolor=INK, lw=0.6, label="◇ chance"))
    if any(m < LEAF for m in t.mover):
        entries.append(Patch(facecolor="white", edgecolor=INK, lw=0.6, label="□ bargaining"))
    return entries
