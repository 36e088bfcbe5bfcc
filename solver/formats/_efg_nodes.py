"""What the nodes of an ``.efg`` file say, one after the other, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from solver.formats._gambit import digits, payoff
from solver.formats._game_file import counted, most_nodes
from solver.formats._numbers import Numbers, Sums
from solver.formats._text import quoted
from solver.formats._tokens import Tokens
from solver.forms.extensive import NEARLY
from solver.forms.tree import CHANCE

#: Digits of the number of an information set or outcome.
MOST_ID_DIGITS = 18


@final
@dataclass(eq=False, slots=True)
class Group:
    """An information set, or an event of chance, as far as it has been told.

    ``player`` counts from 0 and is CHANCE for an event; ``offset`` is its first mention. Nodes may
    name it before its actions are given, and ``actions`` are empty until then.
    """

    player: int
    number: str
    offset: int
    label: str = ""
    actions: tuple[str, ...] = ()
    odds: tuple[Fraction, ...] = ()


@final
@dataclass(eq=False, slots=True)
class Outcome:
    """Payoffs that come at some nodes; ``payoffs`` are empty until they are told."""

    number: str
    offset: int
    name: str = ""
    payoffs: tuple[Fraction, ...] = ()


@final
@dataclass(eq=False, slots=True)
class Told:
    """The nodes in order: where they stand, their names, their groups (leaves have none)."""

    players: list[str]
    offsets: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    groups: list[Group | None] = field(default_factory=list)
    outcomes: list[Outcome | None] = field(default_factory=list)


def told(tokens: Tokens, players: list[str]) -> Told:
    """Read all nodes up to the end of the file.

    Raises
    ------
    FormatError
        At the token that does not fit.
    """
    reader = _Nodes(tokens, players)
    while tokens.kind != "end":
        reader.node()
    return reader.told


@final
class _Nodes:
    """Reads nodes, and knows the information sets and outcomes that they share."""

    def __init__(self, tokens: Tokens, players: list[str]) -> None:
        self._tokens = tokens
        self._players = players
        self._numbers, self._sums = Numbers(), Sums()
        self._groups: dict[tuple[int, str], Group] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._branches = 0
        self._most = most_nodes(len(players))
        self.told = Told(players)

    def node(self) -> None:
        """Read a node: its kind and name, who moves there with what actions, and the outcome."""
        tokens, told = self._tokens, self.told
        kind = tokens.value if tokens.kind == "word" else ""
        if kind == "EFG":
            tokens.fail("a second game starts here: a file holds one")
        if kind not in ("c", "p", "t"):
            tokens.fail(f"a node starts with c, p or t, not with {tokens.found}")
        if len(told.offsets) == self._most:
            tokens.fail(self._too_large("nodes"))
        told.offsets.append(tokens.offset)
        tokens.advance()
        told.names.append(tokens.text("the name of the node"))
        told.groups.append(None if kind == "t" else self._group(kind))
        told.outcomes.append(self._outcome())

    def _too_large(self, what: str) -> str:
        of = counted(len(self._players), "player")
        return f"more than {self._most:,} {what}: a game of {of} has at most that many"

    def _group(self, kind: str) -> Group:
        """The information set or event of a node, with what this node adds to it."""
        tokens = self._tokens
        player = self._player() if kind == "p" else CHANCE
        what = f"the number of an {'information set' if kind == 'p' else 'event of chance'}"
        start = tokens.offset
        number = digits(tokens, what)
        if not number or len(number) > MOST_ID_DIGITS:
            most = f"at most {MOST_ID_DIGITS} digits"
            tokens.fail(f"{what} is 1 or more and has {most}, not {tokens.found}")
        tokens.advance()
        group = self._groups.get((player, number))
        if group is None:
            group = self._groups[player, number] = Group(player, number, start)
        if tokens.kind == "text":
            self._label(group)
        if tokens.at("{"):
            self._actions(group)
        return group

    def _player(self) -> int:
        tokens, count = self._tokens, len(self._players)
        what = f"the number of a player from 1 to {count}"
        number = digits(tokens, what)
        if not number or len(number) > 2 or int(number) > count:
            tokens.fail(f"{what} is needed, not {tokens.found}")
        tokens.advance()
        return int(number) - 1

    def _label(self, group: Group) -> None:
        start = self._tokens.offset
        label = self._tokens.text("a label")
        if label and group.label and label != group.label:
            self._tokens.fail(
                f"{named(group, self._players)} is called {quoted(group.label)} before,"
                f" not {quoted(label)}: it has one label",
                start,
            )
        group.label = group.label or label

    def _actions(self, group: Group) -> None:
        tokens, start = self._tokens, self._tokens.offset
        tokens.expect("{", "before the actions")
        actions: list[str] = []
        odds: list[Fraction] = []
        decimal = False
        while not tokens.at("}"):
            actions.append(tokens.text(f"the name of action {len(actions) + 1}, or }}"))
            if group.player == CHANCE:
                decimal |= not tokens.value.replace("/", "").isdecimal()
                odds.append(self._probability())
            if len(actions) + self._branches > self._most:
                tokens.fail(self._too_large("actions"), start)
        tokens.advance()
        if not actions:
            tokens.fail("at least one action is needed", start)
        if not group.actions:
            self._branches += len(actions)
            group.actions = tuple(actions)
            group.odds = self._adding_up(odds, start, decimal=decimal)
        elif group.actions != tuple(actions):
            self._differs(group, ", ".join(group.actions[:9]), "actions", start)
        elif group.player == CHANCE and group.odds != self._adding_up(odds, start, decimal=decimal):
            self._differs(group, ", ".join(map(str, group.odds[:9])), "probabilities", start)

    def _differs(self, group: Group, before: str, what: str, start: int) -> None:
        self._tokens.fail(
            f"{named(group, self._players)} has the {what} {quoted(before)} before:"
            " they must be the same here, in the same order",
            start,
        )

    def _probability(self) -> Fraction:
        tokens = self._tokens
        if tokens.kind != "word":
            tokens.fail(f"the probability of the action is needed, not {tokens.found}")
        if tokens.value.startswith("-"):
            tokens.fail(f"a probability is 0 or more, not {tokens.found}")
        return payoff(tokens, self._numbers)

    def _adding_up(
        self, odds: list[Fraction], start: int, *, decimal: bool
    ) -> tuple[Fraction, ...]:
        """Probabilities that add up to one; decimals may be rounded, and are scaled a little."""
        if not odds:
            return ()
        try:
            total = Fraction(0)
            for one in odds:
                total = self._sums.add(total, one)
            if total == 1:
                return tuple(odds)
            if decimal and abs(total - 1) <= NEARLY:
                return tuple(self._sums.divide(one, total) for one in odds)
            wrong = f"they add up to {quoted(str(total))}, not to 1"
        except ValueError as error:
            wrong = str(error)
        return self._tokens.fail(f"probabilities: {wrong}", start)

    def _outcome(self) -> Outcome | None:
        """The outcome of a node; none for number 0."""
        tokens, start = self._tokens, self._tokens.offset
        number = digits(tokens, "the number of the outcome, 0 for none,")
        if len(number) > MOST_ID_DIGITS:
            tokens.fail(f"outcome {tokens.found}: at most {MOST_ID_DIGITS} digits are read")
        tokens.advance()
        outcome = self._outcomes.get(number) if number else None
        if outcome is None:
            outcome = Outcome(number or "0", start)
            if number:
                self._outcomes[number] = outcome
        at = tokens.offset
        name = tokens.text("a name") if tokens.kind == "text" else ""
        if name and outcome.name and name != outcome.name:
            before = quoted(outcome.name)
            tokens.fail(f"outcome {number} is called {before} before, not {quoted(name)}", at)
        outcome.name = outcome.name or name
        at = tokens.offset
        payoffs = self._payoffs(outcome.number) if tokens.at("{") else ()
        if payoffs and outcome.payoffs and payoffs != outcome.payoffs:
            tokens.fail(f"outcome {number} has other payoffs before: it has one row of them", at)
        outcome.payoffs = outcome.payoffs or payoffs
        if number:
            return outcome
        if any(payoffs):
            tokens.fail("outcome 0 pays nothing to anybody: give this one another number", at)
        outcome.payoffs = (Fraction(0),) * len(self._players)
        return outcome if name else None

    def _payoffs(self, number: str) -> tuple[Fraction, ...]:
        tokens, players = self._tokens, len(self._players)
        tokens.expect("{", "before the payoffs")
        payoffs = []
        for i in range(players):
            if tokens.kind != "word":
                tokens.fail(f"payoff {i + 1} of {players} is needed, not {tokens.found}")
            payoffs.append(payoff(tokens, self._numbers))
        tokens.expect("}", f"after the {counted(players, 'payoff')} of outcome {number}")
        return tuple(payoffs)


def named(group: Group, players: list[str]) -> str:
    """An information set or event, for a message."""
    if group.player == CHANCE:
        return f"event {group.number} of chance"
    return f"information set {group.number} of {quoted(players[group.player])}"
