"""What Gambit's two formats share: the signature, whole numbers, payoffs, names that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from solver.formats._game_file import MOST_PLAYERS
from solver.formats._numbers import Numbers
from solver.formats._tokens import Tokens, as_text


def signature(tokens: Tokens, word: str, version: str, what: str) -> None:
    """Go past ``NFG 1 R``, where `word` is NFG, `version` 1, and `what` the kind of game."""
    if tokens.value != word:
        tokens.fail(f"{what} starts with {word} {version} R, not with {tokens.found}")
    tokens.advance()
    if tokens.value != version:
        tokens.fail(f"version {tokens.found} of {word} is not known: only {version} is")
    tokens.advance()
    if tokens.value not in ("R", "D"):
        tokens.fail(f"R (or D) is needed after {word} {version}, not {tokens.found}")
    tokens.advance()


def listed(names: Sequence[str]) -> str:
    """``{ "a" "b" }``."""
    return f"{{ {' '.join(map(as_text, names))} }}"


def digits(tokens: Tokens, what: str) -> str:
    """The token at hand, which must be a whole number, without zeros in front."""
    if tokens.kind != "word" or not (tokens.value.isascii() and tokens.value.isdecimal()):
        tokens.fail(f"{what} is needed, not {tokens.found}")
    return tokens.value.lstrip("0")


def payoff(tokens: Tokens, numbers: Numbers) -> Fraction:
    """Go past a number, and a comma after it if there is one."""
    value = number(tokens, numbers)
    if tokens.at(","):
        tokens.advance()
    return value


def number(tokens: Tokens, numbers: Numbers) -> Fraction:
    """Go past a number."""
    try:
        value = numbers.read(tokens.value)
    except ValueError as error:
        tokens.fail(str(error))
    tokens.advance()
    return value


def player_names(tokens: Tokens) -> list[str]:
    """Go past the names of the players; at least one, at most `MOST_PLAYERS`."""
    start = tokens.offset
    tokens.expect("{", "before the names of the players")
    names: list[str] = []
    while not tokens.at("}"):
        names.append(tokens.text(f"the name of player {len(names) + 1}, or }}"))
        if len(names) > MOST_PLAYERS:
            tokens.fail(f"{len(names)} players: at most {MOST_PLAYERS} are read", start)
    if not names:
        tokens.fail("at least one player is needed", start)
    tokens.advance()
    return names


def players_apart(names: Sequence[str]) -> list[str]:
    """Names of players that differ; see `kept_apart`."""
    return kept_apart(names, [f"player {i + 1}" for i in range(len(names))])


def kept_apart(names: Sequence[str], defaults: Sequence[str]) -> list[str]:
    """Names that differ: of those that occur twice each copy gets its number.

    ``a a b`` become ``a_1 a_2 b``, as in Gambit; repeated empty names become their `defaults`. A
    name that is taken gets another underscore. Names that differ already are left alone.
    """
    count = Counter(names)
    if len(count) == len(names):
        return list(names)
    taken = {name for name, times in count.items() if times == 1}
    copies: Counter[str] = Counter()
    apart = []
    for name, default in zip(names, defaults, strict=True):
        new = name
        if count[name] > 1:
            copies[name] += 1
            new = f"{name}_{copies[name]}" if name else default
            while new in taken:
                new += "_"
            taken.add(new)
        apart.append(new)
    return apart
