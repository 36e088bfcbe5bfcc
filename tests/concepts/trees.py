"""Trees that the tests share: from papers, from Gambit's files, and random ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from solver import ExtensiveForm, chance, decision, leaf, tree
from solver.forms.extensive import ExactTree


def entry() -> ExtensiveForm:
    """Entry deterrence (Selten 1978): the incumbent may threaten to fight."""
    met = decision("incumbent", {"fight": leaf(-1, 0), "yield": leaf(1, 1)})
    root = decision("entrant", {"enter": met, "stay out": leaf(0, 2)})
    return tree(("entrant", "incumbent"), root)


def pennies() -> ExtensiveForm:
    """Matching pennies: the second player does not see the coin."""
    sides = ("heads", "tails")

    def second(coin):
        results = {side: leaf(*((1, -1) if side == coin else (-1, 1))) for side in sides}
        return decision("odd", results, infoset="any")

    return tree(("even", "odd"), decision("even", {coin: second(coin) for coin in sides}))


def kuhn() -> ExtensiveForm:
    """Kuhn's poker (1950): three cards, an ante and a bet of one; the value is -1/18."""

    def hand(a, b):
        sign = 1 if a > b else -1
        showdown, big = leaf(sign, -sign), leaf(2 * sign, -2 * sign)
        call = decision("first", {"fold": leaf(-1, 1), "call": big}, infoset=f"{a} raised")
        after_check = decision("second", {"check": showdown, "bet": call}, infoset=f"{b} checked")
        after_bet = decision("second", {"fold": leaf(1, -1), "call": big}, infoset=f"{b} bet")
        return decision("first", {"check": after_check, "bet": after_bet}, infoset=f"{a}")

    deals = {f"{a}{b}": (1 / 6, hand(a, b)) for a in range(3) for b in range(3) if a != b}
    return tree(("first", "second"), chance(deals))


def koller_megiddo_von_stengel() -> ExtensiveForm:
    """The zero-sum example of their paper of 1994 (figure 1)."""

    def ends(*payoffs):
        return [leaf(u, -u) for u in payoffs]

    def branches(labels, nodes):
        return dict(zip(labels, nodes, strict=True))

    last = [
        decision("1", branches("LR", ends(*payoffs)), infoset="010")
        for payoffs in ((10, 15), (20, -5))
    ]
    middle = decision("2", branches("pq", last), infoset="01")
    first = decision("1", {"l": leaf(5, -5), "r": middle}, infoset="0")
    known = decision("1", branches("cd", ends(10, 20)), infoset="1")
    seen = [
        decision("2", branches("st", ends(*payoffs)), infoset="20")
        for payoffs in ((20, 50), (30, 15))
    ]
    third = decision("1", branches("cd", seen), infoset="1")
    draws = ((0.2, first), (0.2, known), (0.2, third), (0.4, leaf(5, -5)))
    return tree(("1", "2"), chance(branches("1234", draws)))


def random_tree(seed: int, depth: int = 5, largest: int = 4, players: int = 2) -> ExtensiveForm:
    """With chance and hidden information; what a player has done and seen, it remembers.

    Payoffs are whole numbers below `largest`, so that there are ties.
    """
    rng = np.random.default_rng(seed)
    names = [f"player {i + 1}" for i in range(players)]
    widths: dict[tuple[int, str], int] = {}

    def told(level, past):
        if level == depth or (level and rng.random() < 0.15):
            return leaf(*rng.integers(0, largest, players).tolist())
        if rng.random() < 0.25:
            parts = rng.integers(1, 4, 2)
            odds = parts / parts.sum()
            return chance({str(k): (p, told(level + 1, past)) for k, p in enumerate(odds)})
        mover = int(rng.integers(players))
        seen = f"{past[mover]}/{rng.integers(2)}"
        width = widths.setdefault((mover, seen), int(rng.integers(2, 4)))
        branches = {}
        for a in range(width):
            after = tuple(f"{seen}.{a}" if i == mover else h for i, h in enumerate(past))
            branches[str(a)] = told(level + 1, after)
        return decision(names[mover], branches, infoset=seen)

    return tree(names, told(0, ("",) * players))


TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{},"]+)')


def from_gambit(game: Any) -> ExtensiveForm:
    """Gambit's game as ours, read off the text it writes; payoffs at inner nodes are added up."""
    lines = re.findall(r'^[cpt] ".*$', game.to_efg(), re.MULTILINE)
    players = list(game.players)
    reader = _Reader(players, iter(lines))
    made = tree(players, reader.node([Fraction(0)] * len(players)))
    exact = ExactTree(np.array(reader.payoffs, object), np.array(reader.odds, object))
    return ExtensiveForm(made.tree, made.payoffs, made.chance, fractions=exact)


class _Reader:
    """Lines of a file, a node each in preorder; payoffs and probabilities as they come."""

    def __init__(self, players: list[str], lines: Iterator[str]) -> None:
        self.players, self.lines = players, lines
        self.payoffs: list[list[Fraction]] = []
        self.odds: list[Fraction] = []

    def node(self, before: list[Fraction]) -> Any:
        """The next node and all below it; payoffs `before` were got on the way."""
        words, groups = _split(next(self.lines))
        inner = words[0] != "t"
        gains = groups[int(inner)] if len(groups) > int(inner) else ["0"] * len(before)
        total = [u + Fraction(v) for u, v in zip(before, gains, strict=True)]
        if not inner:
            self.payoffs.append(total)
            return leaf(*map(float, total))
        if words[0] == "c":
            labels, odds = groups[0][::2], [Fraction(p) for p in groups[0][1::2]]
            self.odds += odds
            entries = [(float(p), self.node(total)) for p in odds]
            return chance(dict(zip(labels, entries, strict=True)))
        below = {label: self.node(total) for label in groups[0]}
        return decision(self.players[int(words[2]) - 1], below, infoset=words[3])


def _split(line: str) -> tuple[list[str], list[list[str]]]:
    """The words of a line outside braces, and those inside each pair of them."""
    words: list[str] = []
    groups: list[list[str]] = []
    into = words
    for text, mark, word in TOKEN.findall(line):
        if mark == "{":
            groups.append([])
            into = groups[-1]
        elif mark == "}":
            into = words
        else:
            into.append(text or word)
    return words, groups
