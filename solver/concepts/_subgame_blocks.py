"""What a block of a tree looks like to those who solve it: ends, movers and their plans.

A *block* is a subgame without the subgames below it. Those who move in it have finitely many
reduced pure strategies inside it, the *plans*; a profile of plans, and chance, lead to one of its
ends. All of this follows from the topology alone and is worked out once per tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._tree_values import Block, subgame_blocks
from solver.forms.extensive import Floats
from solver.forms.tree import CHANCE, Tree

Integers = NDArray[np.int64]

#: Profiles of plans in a block beyond which no table is made.
MOST_CELLS = 1_000_000
#: Plans of one player in a block beyond which they are not listed.
MOST_PLANS = 100_000


@final
@dataclass(frozen=True, eq=False)
class Mover:
    """A player in a block, by its sequences there: 0 is what it has done before.

    ``parent`` (H,): the sequence that leads to each of its information sets, ``start`` (H + 1,):
    where their actions begin among the sequences, ``ends`` (E,): its sequence at each end of the
    block, ``columns``: where its actions stand in a row of strategies.
    """

    player: int
    parent: Integers
    start: Integers
    ends: Integers
    columns: Integers

    @cached_property
    def count(self) -> int:
        """How many plans it has."""
        ways = [1] * int(self.start[-1])  # below each sequence
        for h in range(len(self.parent))[::-1]:
            below = sum(ways[s] for s in range(int(self.start[h]), int(self.start[h + 1])))
            ways[int(self.parent[h])] *= below
        return ways[0]

    @cached_property
    def plans(self) -> Floats:
        """(P, S): its plans, 1 at the sequences that it makes.

        Ordered like the actions of the information set that comes first, then of the next.
        """
        rows = np.zeros((1, int(self.start[-1])))
        rows[0, 0] = 1.0
        for h, above in enumerate(self.parent):
            comes = rows[:, above] > 0.0
            repeats = np.where(comes, self.start[h + 1] - self.start[h], 1)
            before = np.cumsum(repeats) - repeats
            k = np.arange(repeats.sum()) - np.repeat(before, repeats)
            rows, own = np.repeat(rows, repeats, axis=0), np.repeat(comes, repeats)
            rows[own, self.start[h] + k[own]] = 1.0
        return rows

    @cached_property
    def comes(self) -> Floats:
        """(P, E): 1 where a plan may lead to an end."""
        return self.plans[:, self.ends]

    def behavior(self, plan: Floats) -> Floats:
        """(R, w) from mixtures (R, S) of plans; uniform where they never come."""
        parts = []
        for h, above in enumerate(self.parent):
            actions = plan[:, self.start[h] : self.start[h + 1]]
            weight = plan[:, above, None]
            with np.errstate(all="ignore"):
                parts.append(np.where(weight > 0.0, actions / weight, 1.0 / actions.shape[1]))
        return np.concatenate(parts, axis=1)


@final
@dataclass(frozen=True, eq=False)
class Stage:
    """A block, as one step of solving a tree.

    Per end, ``leaf`` is its number among the leaves or -1, ``below`` the number of the stage that
    begins there or -1, and ``chance`` the probabilities on the way to it, by their columns.
    ``bargain`` is its number if it is a bargaining node, else -1, and ``parties`` who bargains
    there. ``final`` says that nobody moves above it, so that no choice depends on its value.
    """

    root: int
    leaf: tuple[int, ...]
    below: tuple[int, ...]
    chance: tuple[tuple[int, ...], ...]
    movers: tuple[Mover, ...]
    bargain: int
    parties: tuple[int, ...]
    alone: bool
    final: bool

    @cached_property
    def children(self) -> tuple[int, ...]:
        """The stages that begin where this one ends."""
        return tuple(k for k in self.below if k >= 0)

    @cached_property
    def columns(self) -> Integers:
        """Where the actions of all movers stand in a row of strategies."""
        return np.concatenate([mover.columns for mover in self.movers])

    @cached_property
    def has_random_ends(self) -> bool:
        """Whether chance moves inside."""
        return any(self.chance)

    @cached_property
    def is_simple(self) -> bool:
        """Whether every mover moves once, so that its plans are actions."""
        return all(len(mover.parent) == 1 for mover in self.movers)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """How many plans each mover has."""
        return tuple(mover.count for mover in self.movers)

    @cached_property
    def is_too_large(self) -> bool:
        """Whether its table is larger than anyone wants."""
        return max(self.shape) > MOST_PLANS or prod(self.shape) > MOST_CELLS

    @cached_property
    def others(self) -> Floats:
        """(Q, E): 1 where a profile of plans of all movers but the first may lead to an end."""
        made = np.ones((1, len(self.leaf)))
        for mover in self.movers[1:]:
            made = (made[:, None] * mover.comes).reshape(-1, len(self.leaf))
        return made


@lru_cache(maxsize=32)
def stages(tree: Tree) -> tuple[Stage, ...]:
    """The blocks of all subgames as stages, roots in preorder."""
    blocks = subgame_blocks(tree)
    number = {block.root: k for k, block in enumerate(blocks)}
    leaf = {int(v): k for k, v in enumerate(tree.leaves)}
    bargain = {int(v): k for k, v in enumerate(tree.bargains)}
    last = {0: True}  # whether nobody moves above a root
    made = []
    for block in blocks:
        movers = tuple(_mover(tree, block, i) for i, sets in enumerate(block.infosets) if sets)
        for v in block.ends:
            last[v] = last[block.root] and not movers
        made.append(
            Stage(
                root=block.root,
                leaf=tuple(leaf.get(v, -1) for v in block.ends),
                below=tuple(number.get(v, -1) for v in block.ends),
                chance=tuple(_chance(tree, block.root, v) for v in block.ends),
                movers=movers,
                bargain=bargain.get(block.root, -1),
                parties=tree.parties[bargain[block.root]] if block.root in bargain else (),
                alone=len(block.inner) == 1,
                final=last[block.root],
            )
        )
    return tuple(made)


def _mover(tree: Tree, block: Block, player: int) -> Mover:
    sets = block.infosets[player][::-1]
    offset = int(tree.column[tree.first_infoset[player]])
    local: dict[int, int] = {}  # sequences of the tree to those of the block
    start, parent = [1], []
    columns: list[int] = []
    for h in sets:
        width = len(tree.infosets[h].actions)
        first = int(tree.column[h])
        for k in range(width):
            local[1 + first - offset + k] = start[-1] + k
        parent.append(local.get(int(tree.sequence[tree.members[h][0], player]), 0))
        columns += range(first, first + width)
        start.append(start[-1] + width)
    ends = [local.get(int(tree.sequence[v, player]), 0) for v in block.ends]
    return Mover(player, *(np.array(part, np.int64) for part in (parent, start, ends, columns)))


def _chance(tree: Tree, root: int, v: int) -> tuple[int, ...]:
    """Columns of the probabilities on the way down to a node."""
    found = []
    while v != root:
        above = tree.parent[v]
        if tree.mover[above] == CHANCE:
            found.append(int(tree.chance_start[above] + tree.choice[v]))
        v = above
    return tuple(found)
