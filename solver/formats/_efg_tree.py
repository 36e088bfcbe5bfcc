"""From the nodes of an ``.efg`` file to a tree: who is below whom, and what is paid on the way."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn, final

import numpy as np

from solver.errors import FormError
from solver.formats._efg_nodes import Group, Told, named
from solver.formats._gambit import kept_apart, players_apart
from solver.formats._numbers import Sums
from solver.formats._text import quoted
from solver.formats._tokens import Tokens
from solver.forms.extensive import ExactTree, ExtensiveForm
from solver.forms.normal import rounded
from solver.forms.tree import CHANCE, LEAF, Infoset, Tree


def linked(told: Told, tokens: Tokens) -> ExtensiveForm:
    """The form of nodes that were read.

    Raises
    ------
    FormatError
        At the node that does not fit: where a branch has nothing below it, nodes are left over,
        actions or payoffs were never given, or a player forgets what it did or knew.
    """
    _require_known(told, tokens)
    links = _Links(told, tokens)
    links.link()
    groups = sorted(links.before, key=lambda group: group.player)
    infosets = _infosets(groups)
    number = {group: h for h, group in enumerate(groups)}
    labels = {group: infosets[h].actions for group, h in number.items()}
    mover, infoset, branch, names = [], [], [""] * len(told.groups), []
    chance: list[Fraction] = []
    for v, group in enumerate(told.groups):
        mover.append(LEAF if group is None else group.player)
        infoset.append(-1 if group is None else number.get(group, -1))
        names.append(told.names[v] or _outcome_name(told, v))
        if group is not None and group.player == CHANCE:
            chance.extend(group.odds)
            labels.setdefault(group, _chance_labels(group.actions))
    for v in range(1, len(branch)):
        above = told.groups[links.parent[v]]
        assert above is not None  # noqa: S101  leaves have nothing below
        branch[v] = labels[above][links.choice[v]]
    try:
        tree = Tree(
            players=tuple(players_apart(told.players)),
            parent=tuple(links.parent),
            mover=tuple(mover),
            infoset=tuple(infoset),
            branch=tuple(branch),
            infosets=infosets,
            names=tuple(names),
        )
    except FormError as error:
        tokens.fail(quoted(str(error)), told.offsets[0])
    return exact_tree(tree, [links.total[v] for v in tree.leaves.tolist()], chance)


def exact_tree(
    tree: Tree, payoffs: list[tuple[Fraction, ...]], chance: list[Fraction]
) -> ExtensiveForm:
    """The form of exact payoffs, one row per leaf, and exact probabilities."""
    rows = np.empty((len(payoffs), len(tree.players)), np.object_)
    rows[:] = payoffs
    odds = np.empty(len(chance), np.object_)
    odds[:] = chance
    near: dict[Fraction, float] = {}
    floats = [
        [near[x] if x in near else near.setdefault(x, rounded(x)) for x in row] for row in payoffs
    ]
    return ExtensiveForm(
        tree,
        np.array(floats),
        np.array([float(one) for one in chance]),
        fractions=ExactTree(rows, odds),
    )


def _require_known(told: Told, tokens: Tokens) -> None:
    """Raise FormatError where a node names a set or an outcome that no node describes."""
    for group, outcome in zip(told.groups, told.outcomes, strict=True):
        if group is not None and not group.actions:
            who = named(group, told.players)
            tokens.fail(f"{who} has no actions here, nor at any other node", group.offset)
        if outcome is not None and not outcome.payoffs:
            what = f"outcome {outcome.number} has no payoffs here, nor at any other node"
            tokens.fail(what, outcome.offset)


def _outcome_name(told: Told, v: int) -> str:
    outcome = told.outcomes[v]
    return outcome.name if outcome is not None and told.groups[v] is None else ""


def _infosets(groups: list[Group]) -> tuple[Infoset, ...]:
    """Information sets whose labels differ for each player, and actions within each."""
    labels: list[str] = []
    for i in dict.fromkeys(group.player for group in groups):
        own = [group for group in groups if group.player == i]
        labels += kept_apart([g.label for g in own], [f"{i + 1}:{g.number}" for g in own])
    return tuple(
        Infoset(group.player, label, tuple(_apart(group.actions)))
        for group, label in zip(groups, labels, strict=True)
    )


def _apart(names: tuple[str, ...]) -> list[str]:
    return kept_apart(names, [str(k + 1) for k in range(len(names))])


def _chance_labels(names: tuple[str, ...]) -> tuple[str, ...]:
    """Labels of chance that differ; they may be empty."""
    return tuple(new if name else "" for name, new in zip(names, _apart(names), strict=True))


@final
class _Links:
    """One walk along the nodes: parents, payoffs so far, and what players remember."""

    def __init__(self, told: Told, tokens: Tokens) -> None:
        self._told, self._tokens, self._sums = told, tokens, Sums()
        size = len(told.groups)
        self.parent, self.choice = [-1] * size, [0] * size
        self.total: list[tuple[Fraction, ...]] = [()] * size
        #: Per information set, its player's last choice before, and its first node.
        self.before: dict[Group, tuple[object, int]] = {}
        self._inside: set[Group] = set()
        self._last: list[object] = [None] * len(told.players)

    def link(self) -> None:
        """Walk."""
        told = self._told
        open_nodes: list[int] = []
        below = [0] * len(told.groups)
        for v, group in enumerate(told.groups):
            if v:
                if not open_nodes:
                    self._fail(v, "this node is left over: all branches before have one")
                p = open_nodes[-1]
                self._step(v, p, below[p])
                below[p] += 1
            self.total[v] = self._paid(v)
            if group is not None:
                self._enter(v, group)
                open_nodes.append(v)
            while open_nodes and below[open_nodes[-1]] == self._width(open_nodes[-1]):
                self._leave(open_nodes.pop())
        if not told.groups:
            self._tokens.fail("the file ends before the first node")
        if open_nodes:
            p = open_nodes[-1]
            at = self._tokens.where(told.offsets[p])
            self._tokens.fail(
                f"the file ends before branch {below[p] + 1} of {self._width(p)} of the node"
                f" at {at}"
            )

    def _width(self, v: int) -> int:
        group = self._told.groups[v]
        return 0 if group is None else len(group.actions)

    def _fail(self, v: int, what: str) -> NoReturn:
        self._tokens.fail(what, self._told.offsets[v])

    def _step(self, v: int, p: int, k: int) -> None:
        self.parent[v], self.choice[v] = p, k
        group = self._told.groups[p]
        if group is not None and group.player >= 0:
            self._last[group.player] = (group, k)

    def _enter(self, v: int, group: Group) -> None:
        """A player that moves here must remember what it did and knew (Kuhn 1953)."""
        if group.player == CHANCE:
            return
        player = quoted(self._told.players[group.player])
        if group in self._inside:
            self._fail(
                v,
                f"{player} is back in its information set {group.number}: absent-minded players"
                " are not supported",
            )
        last = self._last[group.player]
        before, first = self.before.setdefault(group, (last, v))
        if before != last:
            at = self._tokens.where(self._told.offsets[first])
            self._fail(
                v,
                f"{player} cannot tell this node from that at {at}, although it did other things"
                " before: players need perfect recall",
            )
        self._inside.add(group)

    def _leave(self, v: int) -> None:
        group = self._told.groups[v]
        if group is not None and group.player >= 0:
            self._inside.discard(group)
            self._last[group.player] = self.before[group][0]

    def _paid(self, v: int) -> tuple[Fraction, ...]:
        """What players have got in all when the game comes to a node."""
        above = self.total[self.parent[v]] if v else ()
        outcome = self._told.outcomes[v]
        own = outcome.payoffs if outcome is not None else ()
        if not own:
            return above or (Fraction(0),) * len(self._told.players)
        if not any(above):
            return own
        try:
            return tuple(map(self._sums.add, above, own))
        except ValueError as error:
            self._fail(v, f"payoffs up to this node: {error}")
