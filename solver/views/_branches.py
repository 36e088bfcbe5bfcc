"""A solved tree as a view reads it: nodes, what they are worth, and where they stand on paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import TargetError

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CHANCE, LEAF = -1, -2
#: Inches: a row of leaves, a letter of a label, and what a branch needs besides its label.
ROW, LETTER, STEP = 0.25, 0.072, 0.62
#: Inches between lanes of information sets.
LANE = 0.085
#: Leaves beyond which nobody can read the picture.
MOST_LEAVES = 200
#: Probabilities below this are not drawn as played.
PLAYED = 1e-9


@final
@dataclass(frozen=True, eq=False)
class Branches:
    """Nodes in preorder, each with what is played and its place.

    ``odds`` (V,) is how likely the branch to a node is taken, ``reach`` (V,) how likely the node
    is; ``x`` and ``y`` (V,) are inches from the left and from the top. ``lanes`` says per
    information set on which lane beside its nodes it is drawn, 0 for straight through them.
    """

    players: tuple[str, ...]
    parent: tuple[int, ...]
    mover: tuple[int, ...]
    infoset: tuple[int, ...]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    sets: tuple[tuple[int, str], ...]
    odds: Floats
    reach: Floats
    payoffs: dict[int, list[float]]
    x: Floats
    y: Floats
    lanes: tuple[int, ...]

    @property
    def leaves(self) -> list[int]:
        """The nodes at which the game ends."""
        return [v for v, m in enumerate(self.mover) if m == LEAF]

    def members(self, h: int) -> list[int]:
        """The nodes of an information set, from top to bottom."""
        return [v for v, other in enumerate(self.infoset) if other == h]


def read(dataset: xr.Dataset, slot: int) -> Branches:
    """A tree with the equilibrium in a slot; none is drawn where there is none.

    Raises
    ------
    TargetError
        If the Dataset holds no tree, or one that is too large to read.
    """
    if "tree" not in dataset.attrs or "leaf_payoff" not in dataset:
        raise TargetError("the view tree draws one point of a game that is a tree, not a sweep")
    raw: dict[str, Any] = json.loads(dataset.attrs["tree"])
    parent, mover = tuple(raw["parent"]), tuple(raw["mover"])
    count = mover.count(LEAF)
    if count > MOST_LEAVES:
        raise TargetError(f"the tree has {count:,} leaves: at most {MOST_LEAVES} can be drawn")
    odds = _odds(dataset, raw, slot)
    reach = np.ones(len(parent))
    for v in range(1, len(parent)):
        reach[v] = reach[parent[v]] * odds[v]
    labels = tuple(
        _label(name, mover[parent[v]] if v else LEAF, odds[v])
        for v, name in enumerate(raw["branch"])
    )
    leaves = [v for v, m in enumerate(mover) if m == LEAF]
    depth, y = _rows(parent, mover)
    lanes = _lanes(raw["infoset"], depth, y)
    x = _columns(depth, labels, raw["infoset"], lanes)
    return Branches(
        players=tuple(dataset["player"].values.tolist()),
        parent=parent,
        mover=mover,
        infoset=tuple(raw["infoset"]),
        names=tuple(raw["names"]) or ("",) * len(parent),
        labels=labels,
        sets=tuple((player, label) for player, label, _ in raw["infosets"]),
        odds=odds,
        reach=reach,
        payoffs=dict(zip(leaves, dataset["leaf_payoff"].values.tolist(), strict=True)),
        x=x,
        y=y,
        lanes=tuple(lanes),
    )


def _odds(dataset: xr.Dataset, raw: dict[str, Any], slot: int) -> Floats:
    """(V,): the probability of the branch to each node; NaN where nothing says."""
    parent, mover, infoset = raw["parent"], raw["mover"], raw["infoset"]
    players = dataset["player"].values.tolist()
    solved = slot < dataset.sizes.get("slot", 0) and bool(dataset["count"] > slot)
    rows = [
        dataset[f"strategy_{p}"].values[slot].tolist() if f"strategy_{p}" in dataset else []
        for p in players
    ]
    actions = iter([value for row in rows for value in row])
    sets = [
        [next(actions) if solved else np.nan for _ in range(width)]
        for _, _, width in raw["infosets"]
    ]
    chance = iter(dataset["chance_probability"].values.tolist())
    children: list[list[int]] = [[] for _ in parent]
    for v in range(1, len(parent)):
        children[parent[v]].append(v)
    odds = np.full(len(parent), np.nan)
    odds[0] = 1.0
    for v, below in enumerate(children):
        for k, c in enumerate(below):
            if mover[v] == CHANCE:
                odds[c] = next(chance)
            elif mover[v] >= 0:
                odds[c] = sets[infoset[v]][k]
            else:  # bargaining ends in an agreement
                odds[c] = float(k == 0)
    return odds


def _label(name: str, mover: int, odds: float) -> str:
    sure = not PLAYED < odds < 1.0 - PLAYED
    return name if sure and mover != CHANCE else f"{name} {odds:.3g}"


def _rows(parent: tuple[int, ...], mover: tuple[int, ...]) -> tuple[Integers, Floats]:
    """Depth of each node, and how far down it stands: leaves row by row, others amid theirs."""
    size = len(parent)
    depth = np.zeros(size, np.int64)
    for v in range(1, size):
        depth[v] = depth[parent[v]] + 1
    y = np.full(size, np.nan)
    y[[v for v in range(size) if mover[v] == LEAF]] = ROW * np.arange(mover.count(LEAF))
    first, last = y.copy(), y.copy()
    for v in range(size - 1, -1, -1):
        if mover[v] != LEAF:
            y[v] = (first[v] + last[v]) / 2.0
        if v:
            p = parent[v]
            first[p] = y[v]
            last[p] = y[v] if np.isnan(last[p]) else last[p]
    return depth, y


def _lanes(infoset: list[int], depth: Integers, y: Floats) -> list[int]:
    """A lane for each information set, so that no two of a column share a stretch of one."""
    sets: list[list[int]] = [[] for _ in range(max(infoset, default=-1) + 1)]
    for v, h in enumerate(infoset):
        if h >= 0:
            sets[h].append(v)
    lanes, ends = [0] * len(sets), dict[tuple[int, int], float]()
    for h in sorted(range(len(sets)), key=lambda h: y[sets[h][0]]):
        nodes = sets[h]
        top, bottom, column = y[nodes[0]], y[nodes[-1]], int(depth[nodes].min())
        between = (y > top) & (y < bottom) & (depth == column)
        between[nodes] = False
        if len(nodes) == 1 or not between.any():
            continue
        lanes[h] = 1
        while ends.get((column, lanes[h]), -np.inf) >= top:
            lanes[h] += 1
        ends[column, lanes[h]] = bottom
    return lanes


def _columns(
    depth: Integers, labels: tuple[str, ...], infoset: list[int], lanes: list[int]
) -> Floats:
    """How far right each node stands: there is room for the labels and lanes before it."""
    width = np.zeros(depth.max() + 1)
    for v, label in enumerate(labels):
        lane = lanes[infoset[v]] if infoset[v] >= 0 else 0
        if depth[v]:
            width[depth[v]] = max(width[depth[v]], STEP + LETTER * len(label) + LANE * lane)
    found: Floats = np.cumsum(width)[depth]
    return found
