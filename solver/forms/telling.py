"""Telling an extensive-form game: nodes inside nodes, the way the game is played.

    tree(("entrant", "incumbent"), decision("entrant", {
        "enter": decision("incumbent", {"fight": leaf(-1, 0), "yield": leaf(1, 1)}),
        "stay out": leaf(0, 2),
    }))

Payoffs and probabilities are numbers or arrays over a batch. Whole branches are plain values: build
them with functions, loops and comprehensions, and use them more than once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import ArrayLike

from solver.errors import FormError
from solver.forms import floats
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.tree import BARGAINING, CHANCE, LEAF, Infoset, Tree, preorder

Payoffs = Sequence[ArrayLike]


@final
@dataclass(frozen=True, eq=False, kw_only=True)
class Node:
    """A node and everything below it; made by the functions of this module."""

    mover: str | int
    branches: tuple[tuple[str, Node], ...] = ()
    payoffs: tuple[ArrayLike, ...] = ()
    infoset: str | None = None
    stage: object = None
    probabilities: tuple[ArrayLike, ...] = ()
    weights: Mapping[str, ArrayLike] | None = None
    outside: Mapping[str, ArrayLike] | None = None
    name: str = ""


def leaf(*payoffs: ArrayLike, name: str = "") -> Node:
    """The end of the game: one payoff per player, in the order of the players."""
    return Node(mover=LEAF, payoffs=payoffs, name=name)


def decision(
    player: str,
    branches: Mapping[str, Node],
    *,
    infoset: str | None = None,
    payoffs: Payoffs = (),
    name: str = "",
) -> Node:
    """A player's choice.

    Parameters
    ----------
    player : str
    branches : mapping of action to node
    infoset : str, optional
        Nodes of a player with the same label look the same to it. A node without one is known.
    payoffs : sequence, one per player, optional
        What the players get on reaching the node, added to all that follows.
    name : str
        For files and pictures.
    """
    return Node(
        mover=player,
        branches=tuple(branches.items()),
        infoset=infoset,
        payoffs=tuple(payoffs),
        name=name,
    )


def chance(
    branches: Mapping[str, tuple[ArrayLike, Node]], *, payoffs: Payoffs = (), name: str = ""
) -> Node:
    """A draw of nature: each branch with its probability."""
    for label, entry in branches.items():
        if not isinstance(entry, tuple) or len(entry) != 2 or not isinstance(entry[1], Node):
            raise FormError(f"chance: {label!r} needs a pair of probability and node")
    return Node(
        mover=CHANCE,
        branches=tuple((label, node) for label, (_, node) in branches.items()),
        probabilities=tuple(p for p, _ in branches.values()),
        payoffs=tuple(payoffs),
        name=name,
    )


def simultaneous(players: Sequence[str], cells: Mapping[tuple[str, ...], Node]) -> Node:
    """A stage at which several players move at once: what follows each profile of actions.

    It stands for one decision after the other in which nobody sees what the others do.

    Raises
    ------
    FormError
        When a profile is missing or has another number of actions.
    """
    profiles = list(cells)
    if not profiles or any(len(profile) != len(players) for profile in profiles):
        raise FormError(f"simultaneous: every cell needs {len(players)} actions")
    actions = [tuple(dict.fromkeys(p[i] for p in profiles)) for i in range(len(players))]
    stage = object()  # nodes of this stage look alike, those of another one do not

    def told(done: tuple[str, ...]) -> Node:
        i = len(done)
        if i == len(players):
            if done not in cells:
                raise FormError(f"simultaneous: no cell for {', '.join(done)}")
            return cells[done]
        return Node(
            mover=players[i],
            branches=tuple((a, told((*done, a))) for a in actions[i]),
            stage=stage if i else None,
        )

    return told(())


def bargaining(
    weights: Mapping[str, ArrayLike],
    agreed: Node,
    failed: Node,
    *,
    outside: Mapping[str, ArrayLike] | None = None,
    name: str = "",
) -> Node:
    """A stage at which players share what an agreement creates.

    Parameters
    ----------
    weights : mapping of player to bargaining weight
        Its keys are the parties; the weights add up to one.
    agreed, failed : Node
        What is played after an agreement and without one. Their values to the parties are the sum
        that is shared, money being transferable, and the disagreement point: each party gets its
        value of `failed` plus its weight times the surplus. Without a surplus they do not agree.
    outside : mapping of player to payoff, optional
        What a party gets by leaving the talks for good. It is no disagreement point: it binds only
        where it is more than the share (Binmore, Shaked and Sutton 1989).
    """
    return Node(
        mover=BARGAINING,
        branches=(("agreed", agreed), ("failed", failed)),
        weights=weights,
        outside=outside,
        name=name,
    )


def tree(players: Sequence[str], root: Node) -> ExtensiveForm:
    """Make an extensive form from nested nodes.

    Parameters
    ----------
    players : sequence of str
        Their order is that of the payoffs.
    root : Node

    Raises
    ------
    FormError
        Naming the path of the node: for an unknown player, another number of payoffs, wrong
        probabilities, information sets whose actions differ, or a player that forgets.

    Examples
    --------
    >>> entry = tree(("entrant", "incumbent"), decision("entrant", {
    ...     "enter": decision("incumbent", {"fight": leaf(-1, 0), "yield": leaf(1, 1)}),
    ...     "stay out": leaf(0, 2),
    ... }))
    >>> entry.tree.path(2), entry.payoffs.tolist()
    ('enter > fight', [[-1.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    """
    return _Telling(tuple(players), root).form()


@final
class _Telling:
    """Nested nodes on their way to arrays."""

    def __init__(self, players: tuple[str, ...], root: Node) -> None:
        if not isinstance(root, Node):
            raise FormError(f"tree: the root is a {type(root).__name__}, not a node")
        told = list(preorder(root, _below))
        self.players = players
        self.number = {name: i for i, name in enumerate(players)}
        self.parent = tuple(parent for parent, _, _ in told)
        self.branch = tuple(str(label) for _, label, _ in told)
        self.nodes: list[Node] = [node for _, _, node in told]

    def form(self) -> ExtensiveForm:
        mover = tuple(self._mover(v) for v in range(len(self.nodes)))
        infoset, infosets = self._infosets(mover)
        bargains = [v for v, m in enumerate(mover) if m == BARGAINING]
        parties = tuple(
            tuple(self._number(v, name) for name in self.nodes[v].weights or {}) for v in bargains
        )
        topology = Tree(
            players=self.players,
            parent=self.parent,
            mover=mover,
            infoset=infoset,
            branch=self.branch,
            infosets=infosets,
            parties=parties,
            names=tuple(node.name for node in self.nodes),
        )
        chance = [p for node in self.nodes for p in node.probabilities]
        stages = [self.nodes[v] for v in bargains]
        return ExtensiveForm(
            topology,
            self._payoffs(topology),
            _stacked([floats("probability", p) for p in chance], (len(chance),)),
            weights=self._of_players(bargains, [node.weights or {} for node in stages], 0.0),
            outside=self._of_players(bargains, [node.outside or {} for node in stages], -np.inf),
        )

    def _path(self, v: int) -> str:
        labels = []
        while v > 0:
            labels.append(self.branch[v] or "?")
            v = self.parent[v]
        return " > ".join(reversed(labels))

    def _fail(self, v: int, what: str) -> FormError:
        return FormError(f"tree at {self._path(v) or 'the root'}: {what}")

    def _number(self, v: int, name: str) -> int:
        if name not in self.number:
            raise self._fail(v, f"{name!r} is none of the players {', '.join(self.players)}")
        return self.number[name]

    def _mover(self, v: int) -> int:
        node = self.nodes[v]
        if not isinstance(node, Node):
            raise self._fail(v, f"{node!r} is no node: leaf(...) ends the game")
        return self._number(v, node.mover) if isinstance(node.mover, str) else node.mover

    def _infosets(self, mover: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[Infoset, ...]]:
        """Number of the information set of each node, and the sets, player by player."""
        found: dict[Any, tuple[int, str, int]] = {}
        keys: list[Any] = []
        told = zip(mover, self.nodes, strict=True)
        taken = {(m, str(node.infoset)) for m, node in told if node.infoset is not None}
        for v, node in enumerate(self.nodes):
            key: Any = (mover[v], v if node.infoset is None else str(node.infoset))
            if node.stage is not None:
                key = (mover[v], node.stage, self._stage_root(v))
            keys.append(key)
            if mover[v] < 0 or key in found:
                continue
            label = self._path(v) if node.infoset is None else str(node.infoset)
            while node.infoset is None and (mover[v], label) in taken:
                label += "'"
            taken.add((mover[v], label))  # paths of two nodes may read alike
            found[key] = (mover[v], label, v)
        order = sorted(found, key=lambda key: (found[key][0], found[key][2]))
        number = {key: h for h, key in enumerate(order)}
        infosets = []
        for key in order:
            player, label, v = found[key]
            actions = tuple(str(name) for name, _ in self.nodes[v].branches)
            infosets.append(Infoset(player, label, actions))
        return tuple(number[k] if mover[v] >= 0 else -1 for v, k in enumerate(keys)), tuple(
            infosets
        )

    def _stage_root(self, v: int) -> int:
        """Where a simultaneous stage begins: the same stage may be told at several places."""
        stage = self.nodes[v].stage
        while self.nodes[v].stage is stage:
            v = self.parent[v]
        return v

    def _payoffs(self, topology: Tree) -> Floats:
        """(*B, L, N), leaves the slowest in memory; payoffs on the way are added up."""
        players = len(self.players)
        totals: list[tuple[Any, ...]] = []
        for v, node in enumerate(self.nodes):
            own = node.payoffs
            if len(own) not in ({players} if node.mover == LEAF else {0, players}):
                raise self._fail(v, f"{len(own)} payoffs for {players} players")
            try:
                got = tuple(floats("payoff", value) for value in own)
                before = totals[self.parent[v]] if v else ()
                both = [a + b for a, b in zip(before, got, strict=True)] if before and got else ()
            except ValueError as error:
                raise self._fail(v, str(error)) from None
            totals.append(tuple(both) or got or before)
        return _stacked(
            [value for v in topology.leaves for value in totals[v]], (len(topology.leaves), players)
        )

    def _of_players(
        self, where: list[int], given: list[Mapping[str, ArrayLike]], default: float
    ) -> Floats:
        entries = [np.asarray(default)] * (len(where) * len(self.players))
        for s, (v, mapping) in enumerate(zip(where, given, strict=True)):
            for name, value in mapping.items():
                at = s * len(self.players) + self._number(v, name)
                entries[at] = floats(f"bargaining of {name}", value)
        return _stacked(entries, (len(where), len(self.players)))


def _below(node: Node) -> list[tuple[str, Node]]:
    return list(node.branches) if isinstance(node, Node) else []


def _stacked(entries: list[Floats], core: tuple[int, ...]) -> Floats:
    """Entries over a batch into (*B, *core); in memory the core axes come first."""
    try:
        batch = np.broadcast_shapes(*(entry.shape for entry in entries))
    except ValueError:
        shapes = sorted({str(entry.shape) for entry in entries})
        raise FormError(f"tree: batch shapes do not broadcast: {' and '.join(shapes)}") from None
    stacked = np.empty((len(entries), *batch))
    for k, entry in enumerate(entries):
        stacked[k] = entry
    axes = len(core)
    return np.moveaxis(stacked.reshape(*core, *batch), range(axes), range(-axes, 0))
