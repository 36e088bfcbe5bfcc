"""Kuhn and Leduc poker, the common test cases of solvers for large zero-sum trees.

Both are told as they are played: cards are dealt one by one, so that the trees have as many nodes
as the games of the same names have states in OpenSpiel.

References
----------
H. W. Kuhn (1950), A simplified two-person poker, Contributions to the Theory of Games 1.
F. Southey, M. Bowling, B. Larson, C. Piccione, N. Burch, D. Billings, C. Rayner (2005), Bayes'
bluff: opponent modelling in poker, UAI.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

from solver import ExtensiveForm, chance, decision, leaf, tree
from solver.forms.telling import Node

PLAYERS = ("first", "second")
#: What the first player gets on average: Kuhn's by hand, Leduc's as OpenSpiel publishes it.
KUHN_VALUE, LEDUC_VALUE = -1.0 / 18.0, -0.085606424
#: Nodes of the tree, which are OpenSpiel's states.
LEDUC_NODES = 9_457


def kuhn() -> ExtensiveForm:
    """Three cards, one each, an ante of one and one bet of one."""

    def play(mine: int, other: int, said: str) -> Node:
        wins = 1 if mine > other else -1  # of the first player
        ends = {
            "bet fold": 1,
            "bet call": 2 * wins,
            "check check": wins,
            "check bet fold": -1,
            "check bet call": 2 * wins,
        }
        if said in ends:
            return leaf(ends[said], -ends[said])
        mover = said in {"check", "bet"}  # else the first player
        words = ("fold", "call") if "bet" in said else ("check", "bet")
        return decision(
            PLAYERS[mover],
            {word: play(mine, other, f"{said} {word}".strip()) for word in words},
            infoset=f"{'JQK'[other if mover else mine]} {said}".strip(),
        )

    def second(mine: int) -> Node:
        others = [card for card in range(3) if card != mine]
        return chance({"JQK"[card]: (1 / 2, play(mine, card, "")) for card in others})

    return tree(PLAYERS, chance({"JQK"[card]: (1 / 3, second(card)) for card in range(3)}))


CARDS = ("J1", "J2", "Q1", "Q2", "K1", "K2")
RANK = {"J": 1, "Q": 2, "K": 3}
#: Size of a bet in each of the two rounds, and how often may be raised in a round.
BETS, RAISES = (2, 4), 2


@final
@dataclass(frozen=True)
class _Hand:
    """A hand of Leduc under way: cards dealt, chips paid, who moves, and what both have seen."""

    cards: tuple[str, ...] = ()
    paid: tuple[int, int] = (1, 1)
    mover: int = 0
    raises: int = 0
    passed: bool = False
    seen: str = ""

    @property
    def round(self) -> int:
        """0 before the card for both, then 1."""
        return len(self.cards) - 2

    def node(self) -> Node:
        """What follows."""
        if len(self.cards) < 2:
            return self.deal()
        words = ["call"]
        if self.paid[self.mover] < self.paid[1 - self.mover]:
            words.insert(0, "fold")
        if self.raises < RAISES:
            words.append("raise")
        return decision(
            PLAYERS[self.mover],
            {word: self._after(word) for word in words},
            infoset=f"{self.cards[self.mover]} {self.seen}",
        )

    def deal(self) -> Node:
        """The next card: one for each player, then one for both."""
        left = [card for card in CARDS if card not in self.cards]
        public = len(self.cards) == 2
        return chance({card: (1 / len(left), self._with(card, public=public)) for card in left})

    def _with(self, card: str, *, public: bool) -> Node:
        cards = (*self.cards, card)
        if not public:
            return replace(self, cards=cards).node()
        seen = f"{self.seen} {card} "
        return replace(self, cards=cards, mover=0, raises=0, passed=False, seen=seen).node()

    def _after(self, word: str) -> Node:
        if word == "fold":
            return self.over(-1 if self.mover == 0 else 1)
        paid, most = list(self.paid), max(self.paid)
        paid[self.mover] = most + BETS[self.round] * (word == "raise")
        now = replace(
            self, paid=(paid[0], paid[1]), mover=1 - self.mover, passed=True,
            raises=self.raises + (word == "raise"), seen=self.seen + word[0],
        )  # fmt: skip
        if word == "raise" or not self.passed:
            return now.node()
        return now.deal() if self.round == 0 else now.over(now.winner())

    def over(self, winner: int) -> Node:
        """The winner, 1 or -1, takes what the other has paid; 0 for a draw."""
        won = winner * min(self.paid)
        return leaf(won, -won)

    def winner(self) -> int:
        """Who has the better cards: 1, -1, or 0."""
        first, second, public = (RANK[card[0]] for card in self.cards)
        strength = [10 * (card == public) + card for card in (first, second)]
        return (strength[0] > strength[1]) - (strength[0] < strength[1])


def leduc() -> ExtensiveForm:
    """Six cards of two suits, one each and one for both; two rounds of betting, an ante of one."""
    return tree(PLAYERS, _Hand().node())
