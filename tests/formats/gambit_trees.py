"""What Gambit says of a tree, node by node, in terms in which ours can be asked too."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pygambit
from pygambit import H

from solver import ExtensiveForm
from solver.forms.tree import CHANCE, LEAF

Path = tuple[str, ...]


class Facts(NamedTuple):
    """Nodes are named by the actions that lead to them."""

    players: list[str]
    nodes: dict[Path, list[str]]  # actions, in order
    sets: dict[str, set[frozenset[Path]]]  # information sets of each player
    labels: dict[Path, str]
    odds: dict[Path, list[Fraction]]
    payoffs: dict[Path, list[Fraction]]  # at leaves, with all that was paid before


def by_gambit(game: pygambit.Game) -> Facts:
    players = list(game.players)
    rows = {
        name: [Fraction(str(game.get_outcome_payoffs(name)[player])) for player in players]
        for name in game.get_outcomes()
    }
    facts = Facts(players, {}, {}, {}, {}, {})
    waiting: list[tuple[Path, list[Fraction]]] = [((), [Fraction(0)] * len(players))]
    while waiting:
        path, paid = waiting.pop()
        here = H.path(*path)
        outcome = game.get_outcome(here)
        if outcome is not None:
            paid = [a + b for a, b in zip(paid, rows[outcome], strict=True)]
        actions = facts.nodes[path] = game.get_actions(here)
        if not actions:
            facts.payoffs[path] = paid
        odds = game.get_action_probs(here)
        if odds:
            facts.odds[path] = [Fraction(str(odds[action])) for action in actions]
        waiting += [((*path, action), paid) for action in reversed(actions)]
    for player in players:
        sets = [game.get_members(H.path(*_path(h))) for h in game.get_infosets(player)]
        facts.sets[player] = {frozenset(map(_path, members)) for members in sets}
    return facts


def _path(history: Any) -> Path:
    return tuple(history.actions)


def by_us(form: ExtensiveForm) -> Facts:
    tree, exact = form.tree, form.fractions
    assert exact is not None
    paths: list[Path] = [()]
    for v in range(1, tree.size):
        paths.append((*paths[tree.parent[v]], tree.branch[v]))
    facts = Facts(list(tree.players), {}, {name: set() for name in tree.players}, {}, {}, {})
    for v, path in enumerate(paths):
        facts.nodes[path] = [tree.branch[c] for c in tree.children[v]]
        if tree.mover[v] == CHANCE:
            start = int(tree.chance_start[v])
            facts.odds[path] = exact.chance[start : start + len(tree.children[v])].tolist()
        elif tree.mover[v] != LEAF:
            facts.labels[path] = tree.infosets[tree.infoset[v]].label
    for h, nodes in zip(tree.infosets, tree.members, strict=True):
        facts.sets[tree.players[h.player]].add(frozenset(paths[v] for v in nodes))
    for v, row in zip(tree.leaves.tolist(), exact.payoffs.tolist(), strict=True):
        facts.payoffs[paths[v]] = row
    return facts
