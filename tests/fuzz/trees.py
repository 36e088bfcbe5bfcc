"""Random trees with chance and hidden information, on which everybody remembers."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from solver import ExtensiveForm, chance, decision, leaf, tree
from solver.formats._efg_tree import exact_tree
from solver.forms.tree import CHANCE

NAMES = (
    "a",
    "b",
    "in",
    "out",
    "",
    "x y",
    "ü",
    "上",
    'say "x"',
    "back\\slash",
    "{",
    "}",
    "0",
    "#",
    "//",
)
#: Those that Gambit takes as they are.
TAME = ("a", "b", "in", "out", "x y", "ü", "上", 'say "x"', "{", "}", "0", "#", "//")
VALUES = (
    Fraction(0), Fraction(1), Fraction(-3), Fraction(1, 3), Fraction(-7, 2), Fraction(1, 10),
    Fraction(10**30, 7), Fraction(2**53 + 1), Fraction(1, 10**20),
)  # fmt: skip


def random_tree(
    dice: random.Random, nodes: int = 30, names: tuple[str, ...] = NAMES
) -> ExtensiveForm:
    """A tree of about so many nodes, for one to four players, with exact numbers."""
    told = _Telling(dice, nodes, names)
    players = [f"{name}{i}" for i, name in enumerate(dice.sample(names, told.players))]
    told.names = players
    form = tree(players, told.node(0, [()] * len(players)))
    odds: list[Fraction] = []
    for v, mover in enumerate(form.tree.mover):
        if mover == CHANCE:
            weights = [dice.randint(1, 9) for _ in form.tree.children[v]]
            odds += [Fraction(w, sum(weights)) for w in weights]
    rows = [tuple(dice.choices(VALUES, k=told.players)) for _ in form.tree.leaves]
    return exact_tree(form.tree, rows, odds)


class _Telling:
    """Nodes of a player look alike if it did the same and saw the same before."""

    def __init__(self, dice: random.Random, nodes: int, names: tuple[str, ...]) -> None:
        self.dice, self.left, self.pool = dice, dice.randint(0, nodes), names
        self.players = dice.randint(1, 4)
        self.names: list[str] = []
        self.sets: dict[Any, tuple[str, list[str]]] = {}

    def node(self, depth: int, memory: list[Any]) -> Any:
        dice, wide = self.dice, self.dice.randint(1, 3)
        name = dice.choice(("", "", f"{dice.choice(self.pool)}{self.left}"))
        if self.left < wide or depth > 40:
            return leaf(*[0] * self.players, name=name)
        self.left -= wide
        i = dice.randrange(-1, self.players)
        if i < 0:
            labels = dice.sample(self.pool, wide)
            below = {label: (1 / wide, self.node(depth + 1, memory)) for label in labels}
            return chance(below, name=name)
        seen = (i, memory[i], dice.randrange(2))
        if seen not in self.sets:
            label = f"{dice.choice(self.pool)}{len(self.sets)}"
            self.sets[seen] = (label, dice.sample(self.pool, wide))
        label, actions = self.sets[seen]
        below = {
            a: self.node(depth + 1, [*memory[:i], (*memory[i], seen[2], a), *memory[i + 1 :]])
            for a in actions
        }
        return decision(self.names[i], below, infoset=label, name=name)
