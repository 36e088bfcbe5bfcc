"""Random small trees, and their pure subgame-perfect equilibria by trying every profile.

Nothing here is shared with the solver but the nodes of the tree: subgames are found by definition,
and payoffs and probabilities are such that floats are exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from solver import Equilibria, Status
from solver.concepts._subgames import solve_subgames
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, simultaneous, tree
from solver.forms.tree import CHANCE, LEAF, Tree

Profile = tuple[int, ...]
#: Profiles of actions of a tree that are tried.
MOST = 3_000
ODDS = ((0.5, 0.5), (0.25, 0.75), (0.125, 0.875))


@dataclass(frozen=True)
class Listing:
    name: ClassVar[str] = "backward-induction"
    tol: float = 1e-9
    max_equilibria: int = 1_000


def solved(form: ExtensiveForm, most: int = 1_000) -> Equilibria:
    eq = solve_subgames(form, Listing(max_equilibria=most))
    assert (eq.concept, eq.measure) == ("subgame-perfect", "one-shot deviation")
    settled = np.isin(eq.status, [s for s in Status if s.settled])
    assert (eq.certificate.gap[settled] <= eq.tol).all()
    return eq


def random_form(rng: np.random.Generator, players: int) -> ExtensiveForm:
    """A tree small enough to try everything, with ties."""
    names = tuple("ABC"[:players])
    while True:
        form = tree(names, _node(rng, names, 0))
        sizes = [len(h.actions) for h in form.tree.infosets]
        if 2 <= len(sizes) and np.prod(sizes) <= MOST and len(form.tree.leaves) <= 24:
            return form


def _node(rng: np.random.Generator, names: tuple[str, ...], depth: int) -> Node:
    kind = rng.choice(["decision", "chance", "stage", "hidden", "leaf"], p=_likely(depth))
    if kind == "leaf":
        return leaf(*rng.integers(0, 4, len(names)).astype(float))
    if kind == "decision":
        who = str(rng.choice(names))
        return decision(
            who, {f"{depth}{k}": _node(rng, names, depth + 1) for k in range(rng.integers(2, 4))}
        )
    if kind == "chance":
        odds = ODDS[rng.integers(len(ODDS))]
        return chance({str(k): (p, _node(rng, names, depth + 1)) for k, p in enumerate(odds)})
    if kind == "stage":
        size = 2 if depth else int(rng.integers(2, len(names) + 1))
        who = [names[i] for i in rng.permutation(len(names))[:size]]
        cells = itertools.product("lr", repeat=size)
        return simultaneous(who, {cell: _node(rng, names, depth + 1) for cell in cells})
    return _hidden(rng, names, depth)


def _likely(depth: int) -> list[float]:
    leaf_too = (0.0, 0.45, 1.0)[min(depth, 2)]
    return [p * (1.0 - leaf_too) for p in (0.35, 0.2, 0.25, 0.2)] + [leaf_too]


def _hidden(rng: np.random.Generator, names: tuple[str, ...], depth: int) -> Node:
    """One moves; another, who does not see it, replies; at one branch the first moves again."""
    first, second = (str(name) for name in rng.permutation(list(names))[:2])
    label = f"{rng.integers(2**40)}"

    def again() -> Node:
        return decision(first, {a: _node(rng, names, 2) for a in "xy"}, infoset=f"{label} again")

    def reply(*, more: bool) -> Node:
        ends = [again() if more else _node(rng, names, depth + 1) for _ in range(2)]
        return decision(second, dict(zip("uv", ends, strict=True)), infoset=label)

    branches = {"a": reply(more=bool(rng.integers(2))), "b": reply(more=False)}
    if rng.random() < 0.3:
        return chance({k: (0.5, node) for k, node in branches.items()})
    return decision(first, branches)


def pure_equilibria(form: ExtensiveForm) -> set[tuple[float, ...]]:
    """Rows of strategies; uniform where a player's own earlier choice in a block excludes it."""
    top = form.tree
    roots = [v for v in range(top.size) if _begins_subgame(top, v)]
    found = set()
    for profile in itertools.product(*(range(len(h.actions)) for h in top.infosets)):
        values = _values(form, profile)
        if all(_is_equilibrium(form, profile, v, values[v]) for v in roots):
            found.add(_row(top, profile, roots))
    return found


def _begins_subgame(top: Tree, v: int) -> bool:
    below = range(v, top.end[v])
    whole = all(len({u in below for u in members}) == 1 for members in top.members)
    return whole and top.mover[v] != LEAF


def _values(form: ExtensiveForm, profile: Profile) -> list[Any]:
    top = form.tree
    values: list[Any] = [None] * top.size
    number = {int(v): k for k, v in enumerate(top.leaves)}
    for v in range(top.size)[::-1]:
        below = [values[c] for c in top.children[v]]
        if top.mover[v] == LEAF:
            values[v] = form.payoffs[number[v]].tolist()
        elif top.mover[v] == CHANCE:
            start = top.chance_start[v]
            odds = form.chance[start : start + len(below)].tolist()
            values[v] = [
                sum(p * u for p, u in zip(odds, each, strict=True))
                for each in zip(*below, strict=True)
            ]
        else:
            values[v] = below[profile[top.infoset[v]]]
    return values


def _is_equilibrium(form: ExtensiveForm, profile: Profile, root: int, worth: list[float]) -> bool:
    """Whether no player gains in the subgame by any other plan for all of it."""
    top = form.tree
    for i in range(len(top.players)):
        own = [
            h
            for h, members in enumerate(top.members)
            if top.infosets[h].player == i and root <= members[0] < top.end[root]
        ]
        for actions in itertools.product(*(range(len(top.infosets[h].actions)) for h in own)):
            other = list(profile)
            for h, a in zip(own, actions, strict=True):
                other[h] = a
            if _value_at(form, tuple(other), root)[i] > worth[i]:
                return False
    return True


def _value_at(form: ExtensiveForm, profile: Profile, v: int) -> list[float]:
    top = form.tree
    if top.mover[v] == LEAF:
        return list(form.payoffs[int(np.searchsorted(top.leaves, v))].tolist())
    if top.mover[v] != CHANCE:
        return _value_at(form, profile, top.children[v][profile[top.infoset[v]]])
    start = int(top.chance_start[v])
    below = [_value_at(form, profile, c) for c in top.children[v]]
    odds = form.chance[start : start + len(below)].tolist()
    return [
        sum(p * u for p, u in zip(odds, each, strict=True)) for each in zip(*below, strict=True)
    ]


def _row(top: Tree, profile: Profile, roots: list[int]) -> tuple[float, ...]:
    row: list[float] = []
    for h, infoset in enumerate(top.infosets):
        width = len(infoset.actions)
        if _excluded(top, profile, h, roots):
            row += [1.0 / width] * width
        else:
            row += [float(k == profile[h]) for k in range(width)]
    return tuple(row)


def _excluded(top: Tree, profile: Profile, h: int, roots: list[int]) -> bool:
    """Whether the player's own choices in the block of an information set lead elsewhere."""
    v = top.members[h][0]
    while v not in roots:
        above = top.parent[v]
        own = top.mover[above] == top.infosets[h].player
        if own and profile[top.infoset[above]] != top.choice[v]:
            return True
        v = above
    return False


def batches(rng: np.random.Generator, form: ExtensiveForm, games: int) -> Iterator[ExtensiveForm]:
    """The tree with other payoffs: a batch, leaves first in memory and last."""
    shape = (len(form.tree.leaves), len(form.players), games)
    leaf_major = np.moveaxis(rng.integers(0, 4, shape).astype(float), -1, 0)
    yield ExtensiveForm(form.tree, leaf_major, form.chance)
    yield ExtensiveForm(form.tree, np.ascontiguousarray(leaf_major), form.chance)
