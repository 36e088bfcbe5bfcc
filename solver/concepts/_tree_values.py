"""Payoffs and gaps of behavior strategies in a tree, from the definition alone.

The gap of a player is what it could gain by deviating, relative to the range of its payoffs. Inside
a *block* - a subgame without the subgames below it, whose values are taken as they are - the best
deviation is computed over its sequences (von Stengel 1996), so any number of its information sets
may change at once. A profile is subgame-perfect if and only if no block has a gap (one-shot
deviation principle for subgames); it is a Nash equilibrium if the whole tree as one block has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.sequences import sequence_forms
from solver.forms.stages import settled
from solver.forms.tree import BARGAINING, CHANCE, LEAF, Tree

Owner = NDArray[np.intp]


@final
@dataclass(frozen=True, eq=False)
class Block:
    """Nodes from a subgame's root down to the leaves and subgames that it ends in.

    ``inner`` are its own nodes and ``ends`` those at which it ends, both in preorder; ``infosets``
    its information sets per player, those that come later first.
    """

    root: int
    inner: tuple[int, ...]
    ends: tuple[int, ...]
    infosets: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=32)
def subgame_blocks(tree: Tree) -> tuple[Block, ...]:
    """The blocks of all subgames, roots in preorder."""
    return _blocks(tree, set(tree.subgame_roots.tolist()))


@lru_cache(maxsize=32)
def whole_block(tree: Tree) -> tuple[Block, ...]:
    """The whole tree as one block."""
    return _blocks(tree, {0})


def _blocks(tree: Tree, roots: set[int]) -> tuple[Block, ...]:
    home = [0] * tree.size  # the block of which a node is an inner one
    inner: dict[int, list[int]] = {r: [] for r in sorted(roots)}
    ends: dict[int, list[int]] = {r: [] for r in inner}
    sets: dict[int, dict[int, None]] = {r: {} for r in inner}
    for v in range(tree.size):
        above = home[tree.parent[v]] if v else 0
        home[v] = v if v in roots else above
        if v and (v in roots or tree.mover[v] == LEAF):
            ends[above].append(v)
        if tree.mover[v] != LEAF:
            inner[home[v]].append(v)
            if tree.infoset[v] >= 0:
                sets[home[v]][tree.infoset[v]] = None
    rank = _ranks(tree)
    return tuple(
        Block(r, tuple(inner[r]), tuple(ends[r]), _by_player(tree, list(sets[r]), rank))
        for r in inner
    )


def _ranks(tree: Tree) -> dict[int, int]:
    """How late each information set comes among those of its player."""
    rank = {}
    for i, form in enumerate(sequence_forms(tree)):
        for k, h in enumerate(form.order.tolist()):
            rank[int(tree.first_infoset[i]) + h] = k
    return rank


def _by_player(tree: Tree, sets: list[int], rank: dict[int, int]) -> tuple[tuple[int, ...], ...]:
    late = sorted(sets, key=lambda h: -rank[h])
    return tuple(
        tuple(h for h in late if tree.infosets[h].player == i) for i in range(len(tree.players))
    )


def tree_values(
    form: ExtensiveForm, profiles: Floats, owner: Owner, blocks: tuple[Block, ...]
) -> tuple[Floats, Floats]:
    """Payoffs and gaps (E, N) of rows of behavior strategies (E, W).

    ``owner`` is the number of the game of each row in the flattened batch.
    """
    base = levels(form.flat()[0])
    values = node_values(form, profiles, owner, base)
    gaps = np.zeros((len(profiles), len(form.players)))
    for block in blocks:
        for i, sets in enumerate(block.infosets):
            if sets:
                best = _best(form, profiles, owner, block, i, values)
                np.maximum(gaps[:, i], best - values[block.root][:, i], out=gaps[:, i])
    payoffs = form.flat()[0]
    with np.errstate(invalid="ignore", over="ignore"):  # of games that are not solved
        spread = payoffs.max(axis=1) - payoffs.min(axis=1)
    spread[spread == 0.0] = 1.0
    return values[0] + base[owner], gaps / spread[owner]


def levels(payoffs: Floats) -> Floats:
    """(G, N): the least payoffs of (G, L, N) where subtracting them rounds nothing, else zero.

    That is where all are of one sign and none is more than twice as large as another (Sterbenz
    1974). Sums of the others are as exact as their range.
    """
    low, high = payoffs.min(axis=1), payoffs.max(axis=1)
    with np.errstate(invalid="ignore", over="ignore"):  # of games that are not solved
        return np.where(np.minimum(np.abs(low), np.abs(high)) >= high - low, low, 0.0)


def node_values(
    form: ExtensiveForm, profiles: Floats, owner: Owner, base: Floats | None = None
) -> list[Floats]:
    """Per node (E, N): what the players get from there on, above `base` (G, N) if given."""
    tree = form.tree
    payoffs, chance, weights, outside = form.flat()
    level = np.zeros(()) if base is None else base[owner]
    number = {int(v): k for k, v in enumerate(tree.leaves)}
    stage = {int(v): k for k, v in enumerate(tree.bargains)}
    values: list[Any] = [None] * tree.size
    for v in range(tree.size - 1, -1, -1):
        below = [values[c] for c in tree.children[v]]
        mover = tree.mover[v]
        if mover == LEAF:
            values[v] = payoffs[owner, number[v]] - level
        elif mover == BARGAINING:
            s = stage[v]
            values[v] = settled(
                below[0], below[1], weights[owner, s], outside[owner, s] - level, tree.parties[s]
            )
        else:
            values[v] = sum(
                p[:, None] * u
                for p, u in zip(_odds(tree, v, profiles, chance, owner), below, strict=True)
            )
    return values


def _odds(tree: Tree, v: int, profiles: Floats, chance: Floats, owner: Owner) -> list[Floats]:
    """Per branch of a chance or decision node (E,): how likely it is taken."""
    width = len(tree.children[v])
    if tree.mover[v] == CHANCE:
        start = int(tree.chance_start[v])
        return [chance[owner, start + k] for k in range(width)]
    start = int(tree.column[tree.infoset[v]])
    return [profiles[:, start + k] for k in range(width)]


def _best(  # noqa: PLR0913, PLR0917
    form: ExtensiveForm,
    profiles: Floats,
    owner: Owner,
    block: Block,
    player: int,
    values: list[Floats],
) -> Floats:
    """(E,): the most that a player can get from a block against what the others play."""
    tree = form.tree
    chance = form.flat()[1]
    reach: dict[int, Any] = {block.root: np.ones(len(profiles))}
    for v in block.inner:
        own = tree.mover[v] == player
        if tree.mover[v] == BARGAINING:
            odds: list[Any] = [0.0, 0.0]
        else:
            odds = [1.0] * len(tree.children[v]) if own else []
            odds = odds or list(_odds(tree, v, profiles, chance, owner))
        for c, p in zip(tree.children[v], odds, strict=True):
            reach[c] = reach[v] * p
    base = int(tree.sequence[block.root, player])
    gain: dict[int, Any] = {base: np.zeros(len(profiles))}
    for v in block.ends:
        s = int(tree.sequence[v, player])
        gain[s] = gain.get(s, 0.0) + reach[v] * values[v][:, player]
    offset = int(tree.column[tree.first_infoset[player]])
    for h in block.infosets[player]:
        first = 1 + int(tree.column[h]) - offset
        choices = [gain.get(first + k, 0.0) for k in range(len(tree.infosets[h].actions))]
        above = int(tree.sequence[tree.members[h][0], player])
        best = np.maximum.reduce(np.broadcast_arrays(*choices))
        gain[above] = gain.get(above, 0.0) + best
    return np.asarray(gain[base])
