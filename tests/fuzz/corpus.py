"""Good files to spoil: written by hand for what the formats allow, and by us from random games."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from solver.formats import rendered
from solver.formats._game_file import GameFile, exact_form
from tests.fuzz.trees import random_tree

#: Random games per format.
MADE = 40

TREES = [
    (
        'EFG 2 R "Share" { "Ann" "Bob" }\n"Two tastes."\n\n'
        'p "" 1 1 "first" { "in" "out" } 0\np "" 2 1 "second" { "l" "r" } 0\n'
        't "" 1 "both" { 3, 2 }\nt "" 2 "none" { 0, 0 }\nt "" 3 "alone" { 1/3, -0.5 }\n'
    ),
    (
        'EFG 2 R "Cards" { "Ann" "Bob" }\n'
        'c "deal" 1 "" { "high" 1/2 "low" .5 } 1 "ante" { -1, 1 }\n'
        'p "" 1 1 0\np "" 2 1 0\nt "" 2\nt "" 3 "fold" { 2 0 }\nt "" 3\n'
        'p "" 1 1 "" { "bet" "pass" } 0\np "" 2 1 "" { "call" "fold" } 0\n'
        't "" 2 "lost" { -1e0, 1.0E0 }\nt "" 3\nt "" 0'
    ),
    (
        'EFG 2 D "" { "" "" "x" "x" } # c\nc "" 7 "e" { "a" 0.333333333 "b" 0.333333333'
        ' "c" 0.333333334 } 0 t "x" 1 { 1 2 3 4 } c "" 7 0 t "" 1 t "" 0 t "" 0 /* n */ t "y" 0'
    ),
    (
        'EFG 2 R "h" { "a" }\np "" 1 3 "h" { "l" "l" } 0\np "" 1 2 "h" { "" "" } 0\n'
        't "" 0\nt "" 0\np "" 1 12 "" { "q" } 4 "o" { 1 }\nt "n" 5 "o" { 2 }'
    ),
    'EFG 2 R "one" { "a" } t "" 1 "" { 7 }',
]
TABLES = [
    'NFG 1 R "Share" { "Ann" "Bob" } { { "c" "d" } { "c" "d" } } "x"\n2 2 3 0 0 3 1/3 0.1',
    'NFG 1 R "t" { "a" "b" } { 2 2 }\n{ { "o" 1, 2 } { 3 4 } { "" 5 , 6, } } 3 0 2 1',
    'NFG 1 D "" { "a" "b" "c" } { 2 1 2 } // c\n0 0 0 1e3 -0 +2 .5 0. 1 1 0 0',
]
OBJECTS = [
    (
        '{"format": "coopet-game", "version": 1, "title": "t", "comment": "c",'
        ' "players": ["a", "b"], "actions": [["x", "y"], ["u", "v", "w"]],\n'
        ' "payoffs": [[[1, 2, 3], [4, 5, "1/3"]],'
        ' [[0.1, -1, 1e400], [0, "1e-3", 7]]]}'
    ),
]


@cache
def corpus() -> dict[str, list[bytes]]:
    """Files by suffix; always the same."""
    dice = random.Random(20)
    trees = [GameFile(random_tree(dice, dice.choice((4, 30, 120))), "t", "c") for _ in range(MADE)]
    tables = [GameFile(_table(dice), "t", "c") for _ in range(MADE)]
    made = {".efg": (TREES, trees), ".nfg": (TABLES, tables), ".json": (OBJECTS, tables[:9])}
    return {
        suffix: [text.encode() for text in (*own, *(rendered(game, suffix) for game in games))]
        for suffix, (own, games) in made.items()
    }


def _table(dice: random.Random) -> Any:
    shape = tuple(dice.randint(1, 4) for _ in range(dice.randint(1, 3)))
    rows = [
        [Fraction(dice.randint(-9, 9), dice.choice((1, 2, 3, 10))) for _ in range(np.prod(shape))]
        for _ in shape
    ]
    players = [f"p{i}" for i in range(len(shape))]
    return exact_form(rows, shape, players, [[f"a{k}" for k in range(m)] for m in shape], "C")
