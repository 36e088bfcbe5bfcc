"""The topology of an extensive-form game: who moves where, and who knows what.

Nodes are numbered in the order in which the tree is told: a node, then everything below its first
branch, then its second (preorder). What is below node v are the nodes v + 1 to ``end[v]`` - 1. A
tree holds no payoffs and no probabilities, so that one topology serves a whole sweep.

A player's *sequence* at a node is its own last choice on the way there: 0 before any choice, then
one number per action of each of its information sets. With perfect recall it stands for everything
the player has done (von Stengel 1996).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import FormError

Integers = NDArray[np.int64]
T = TypeVar("T")

#: Who moves where no player does.
CHANCE, LEAF, BARGAINING = -1, -2, -3


@final
@dataclass(frozen=True)
class Infoset:
    """Nodes that a player cannot tell apart: the player's number, a label, and the actions."""

    player: int
    label: str
    actions: tuple[str, ...]


@final
@dataclass(frozen=True, eq=False)
class Tree:
    """The nodes of a game in preorder; equal trees are equal and hash alike.

    Parameters
    ----------
    players : tuple of str
    parent : tuple of int, (V,)
        -1 at the root, which is node 0.
    mover : tuple of int, (V,)
        Number of the player, or CHANCE, LEAF, BARGAINING. A bargaining node has two branches:
        what happens if the parties agree, and if they do not.
    infoset : tuple of int, (V,)
        Index into `infosets` at decision nodes, else -1.
    branch : tuple of str, (V,)
        Label of the branch that leads to the node; at decision nodes the actions of the
        information set in their order. Empty at the root.
    infosets : tuple of Infoset
        Those of the first player first, and each player's in the order in which they appear.
    parties : tuple of tuple of int
        Players that bargain, per bargaining node in their order.
    names : tuple of str, (V,) or empty
        What nodes are called in files and pictures.

    Raises
    ------
    FormError
        Naming the path of the node: where nodes are out of order, a branch is missing or doubled,
        an information set does not fit its nodes, or a player forgets what it did or knew.
    """

    players: tuple[str, ...]
    parent: tuple[int, ...]
    mover: tuple[int, ...]
    infoset: tuple[int, ...]
    branch: tuple[str, ...]
    infosets: tuple[Infoset, ...]
    parties: tuple[tuple[int, ...], ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_order(self)
        _check_nodes(self)
        _check_infosets(self)
        _check_recall(self)
        _check_bargaining(self)

    @cached_property
    def _key(self) -> tuple[Any, ...]:
        return (
            self.players, self.parent, self.mover, self.infoset, self.branch, self.infosets,
            self.parties, self.names,
        )  # fmt: skip

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree):
            return NotImplemented
        return self is other or (self._hash == other._hash and self._key == other._key)

    @property
    def size(self) -> int:
        """V: the number of nodes."""
        return len(self.parent)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Per node, what its branches lead to."""
        lists: list[list[int]] = [[] for _ in self.parent]
        for v in range(1, self.size):
            lists[self.parent[v]].append(v)
        return tuple(map(tuple, lists))

    @cached_property
    def end(self) -> Integers:
        """(V,): one past the last node below."""
        end = np.arange(1, self.size + 1)
        for v in range(self.size - 1, 0, -1):
            end[self.parent[v]] = max(end[self.parent[v]], end[v])
        return end

    @cached_property
    def leaves(self) -> Integers:
        """(L,): the nodes at which the game ends, in order."""
        return np.flatnonzero(np.array(self.mover) == LEAF)

    @cached_property
    def bargains(self) -> Integers:
        """(S,): the nodes at which players bargain, in order."""
        return np.flatnonzero(np.array(self.mover) == BARGAINING)

    @cached_property
    def choice(self) -> Integers:
        """(V,): which branch of its parent a node is; 0 at the root."""
        choice = np.zeros(self.size, np.int64)
        for siblings in self.children:
            for k, v in enumerate(siblings):
                choice[v] = k
        return choice

    @cached_property
    def chance_start(self) -> Integers:
        """(V,): where the probabilities of a chance node begin in a row of them; -1 elsewhere."""
        start, used = np.full(self.size, -1), 0
        for v, mover in enumerate(self.mover):
            if mover == CHANCE:
                start[v] = used
                used += len(self.children[v])
        return start

    @cached_property
    def chances(self) -> int:
        """C: how many probabilities there are, over all chance nodes."""
        return sum(len(c) for c, m in zip(self.children, self.mover, strict=True) if m == CHANCE)

    @cached_property
    def column(self) -> Integers:
        """(H + 1,): where the actions of each information set begin in a row of strategies."""
        return np.cumsum([0, *(len(h.actions) for h in self.infosets)])

    @cached_property
    def first_infoset(self) -> Integers:
        """(N + 1,): where the information sets of each player begin."""
        count = np.bincount([h.player for h in self.infosets], minlength=len(self.players))
        return np.cumsum([0, *count])

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Per information set, its nodes."""
        lists: list[list[int]] = [[] for _ in self.infosets]
        for v, h in enumerate(self.infoset):
            if h >= 0:
                lists[h].append(v)
        return tuple(map(tuple, lists))

    @cached_property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Per player, one name per action of each information set: ``label: action``."""
        names: list[list[str]] = [[] for _ in self.players]
        for h in self.infosets:
            names[h.player] += [f"{h.label}: {a}" if h.label else a for a in h.actions]
        return tuple(map(tuple, names))

    @cached_property
    def sequence(self) -> Integers:
        """(V, N): each player's sequence at each node."""
        offset = self.column[self.first_infoset]
        rows = np.zeros((self.size, len(self.players)), np.int64)
        for v in range(1, self.size):
            p = self.parent[v]
            rows[v] = rows[p]
            if self.mover[p] >= 0:
                i, h = self.mover[p], self.infoset[p]
                rows[v, i] = 1 + self.column[h] - offset[i] + self.choice[v]
        return rows

    @cached_property
    def subgame_roots(self) -> Integers:
        """The nodes at which a subgame begins, in order; no leaves.

        Everything below such a node is known to be below it by all who move there.
        """
        root = np.array(self.mover) != LEAF
        for nodes in self.members:
            root[list(_inside(self, nodes))] = False
        return np.flatnonzero(root)

    @property
    def has_perfect_information(self) -> bool:
        """Whether every player always knows where it is."""
        return all(len(nodes) == 1 for nodes in self.members)

    def path(self, v: int) -> str:
        """The branches that lead to a node: ``high > start > success``."""
        labels = []
        while v > 0:
            labels.append(self.branch[v] or "?")
            v = self.parent[v]
        return " > ".join(reversed(labels)) or "the root"


def _inside(tree: Tree, nodes: tuple[int, ...]) -> Iterator[int]:
    """Nodes that are above some of `nodes`, or one of them, but not above all."""
    if len(nodes) == 1:
        return
    low, high = nodes[0], nodes[-1]
    for v in nodes:
        while not (v <= low and high < tree.end[v]):
            yield v
            v = tree.parent[v]  # noqa: PLW2901


def _fail(tree: Tree, v: int, what: str) -> FormError:
    return FormError(f"tree at {tree.path(v)}: {what}")


def _check_order(tree: Tree) -> None:
    size = tree.size
    columns = (tree.mover, tree.infoset, tree.branch)
    if not size or any(len(c) != size for c in columns) or len(tree.names) not in {0, size}:
        raise FormError(f"a tree of {size} nodes needs as many movers, infosets and branches")
    if tree.parent[0] != -1:
        raise FormError("node 0 is the root and has no parent")
    open_nodes = [0]
    for v in range(1, size):
        while open_nodes and open_nodes[-1] != tree.parent[v]:
            open_nodes.pop()
        if not open_nodes:
            raise FormError(f"node {v} is not told right below its parent {tree.parent[v]}")
        open_nodes.append(v)
    for names in (tree.players, *(h.actions for h in tree.infosets)):
        if len(set(names)) < len(names):
            raise FormError(f"names must differ: {', '.join(names)}")


def _check_nodes(tree: Tree) -> None:
    players = len(tree.players)
    for v, mover in enumerate(tree.mover):
        below = len(tree.children[v])
        if not BARGAINING <= mover < players:
            raise _fail(tree, v, f"mover {mover} is none of {players} players, chance or leaf")
        if mover == LEAF and below:
            raise _fail(tree, v, "a leaf has no branches")
        if mover != LEAF and not below:
            raise _fail(tree, v, "a node that is no leaf needs a branch")
        if (mover >= 0) != (tree.infoset[v] >= 0):
            raise _fail(tree, v, "decision nodes, and only they, belong to an information set")
        if mover == CHANCE:
            labels = [tree.branch[c] for c in tree.children[v]]
            if len({label for label in labels if label}) < sum(map(bool, labels)):
                raise _fail(tree, v, f"branches must differ: {', '.join(labels)}")


def _check_infosets(tree: Tree) -> None:
    order = [h.player for h in tree.infosets]
    if order != sorted(order) or any(not 0 <= i < len(tree.players) for i in order):
        raise FormError("information sets stand player by player")
    if any(not 0 <= h < len(order) for h in tree.infoset if h != -1):
        raise FormError(f"a node names an information set beyond the {len(order)} there are")
    labels = Counter((h.player, h.label) for h in tree.infosets)
    for (player, label), count in labels.items():
        if count > 1:
            name = tree.players[player]
            raise FormError(f"two information sets of {name} have the label {label!r}")
    for h, nodes in zip(tree.infosets, tree.members, strict=True):
        if not nodes:
            raise FormError(f"information set {h.label!r} has no nodes")
        for v in nodes:
            _check_member(tree, v, h)
    first = [nodes[0] for nodes in tree.members]
    for k in range(1, len(first)):
        if order[k] == order[k - 1] and first[k] < first[k - 1]:
            raise FormError(f"information set {tree.infosets[k].label!r} appears before its turn")


def _check_member(tree: Tree, v: int, h: Infoset) -> None:
    name = f"information set {h.label!r}"
    if tree.mover[v] != h.player:
        raise _fail(tree, v, f"{name} belongs to {tree.players[h.player]}")
    got = tuple(tree.branch[c] for c in tree.children[v])
    if got != h.actions:
        here = f"here they are {', '.join(got)}"
        raise _fail(tree, v, f"{name} has actions {', '.join(h.actions)}, {here}")


def _check_recall(tree: Tree) -> None:
    """Every node of an information set is reached by the same own choices (Kuhn 1953)."""
    for h, nodes in zip(tree.infosets, tree.members, strict=True):
        player = tree.players[h.player]
        last = -1
        for v in nodes:
            if last >= 0 and v < tree.end[last]:
                raise _fail(
                    tree,
                    v,
                    f"{player} is back in its information set {h.label!r}: absent-minded players"
                    " are not supported",
                )
            last = v
        sequences = tree.sequence[list(nodes), h.player]
        odd = np.flatnonzero(sequences != sequences[0])
        if odd.size:
            raise _fail(
                tree,
                nodes[int(odd[0])],
                f"{player} cannot tell this from {tree.path(nodes[0])}, although it did other"
                " things before: players need perfect recall",
            )


def _check_bargaining(tree: Tree) -> None:
    if len(tree.parties) != len(tree.bargains):
        raise FormError(f"{len(tree.bargains)} bargaining nodes, {len(tree.parties)} parties")
    if not len(tree.bargains):
        return
    subgames = set(tree.subgame_roots.tolist()) | set(tree.leaves.tolist())
    for v, parties in zip(tree.bargains.tolist(), tree.parties, strict=True):
        if len(tree.children[v]) != 2:
            raise _fail(tree, v, "bargaining needs two branches: agreed and failed")
        known = all(0 <= i < len(tree.players) for i in parties)
        if not known or len(set(parties)) < max(2, len(parties)):
            raise _fail(tree, v, "bargaining needs two or more different players")
        if not {v, *tree.children[v]} <= subgames:
            raise _fail(tree, v, "bargaining must end in subgames: nobody may be unsure of it")


def preorder(
    root: T, below: Callable[[T], Sequence[tuple[str, T]]]
) -> Iterator[tuple[int, str, T]]:
    """Number of the parent, branch label and node of a nested description, in preorder.

    Keeps its own stack, so that no depth is too much.
    """
    waiting: list[tuple[int, str, T]] = [(-1, "", root)]
    count = 0
    while waiting:
        parent, label, node = waiting.pop()
        yield parent, label, node
        waiting.extend((count, name, child) for name, child in reversed(below(node)))
        count += 1
