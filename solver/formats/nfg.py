r"""Gambit's ``.nfg`` files: a finite game in normal form, its payoffs as a table or as outcomes.

A file is ``NFG 1 R "title" { players } { actions } "comment"`` and then a body. Actions are names,
``{ { "a" "b" } { "c" "d" } }``, or their numbers, ``{ 2 2 }``; the comment may be missing. The
body lists, profile by profile with the first player's action running fastest, one payoff per
player; or it starts with a list of outcomes, ``{ { "name" 1, 2 } ... }``, and lists per profile the
number of an outcome, counted from 1. Outcome 0 pays zero to everybody.

More is read than Gambit reads: comments, commas after payoffs, outcomes without a name, ``+3`` and
any exponent; ``NFG 1 D`` as ``NFG 1 R``; names that repeat (``a a`` become ``a_1 a_2``). In quoted
text ``\"`` is a quotation mark and ``\\`` a backslash; other backslashes stand for themselves. What
could change a payoff is an error: a wrong number of anything, a second game, text after the end.

References
----------
The Gambit Project, Game representation formats, https://gambitproject.readthedocs.io
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from pathlib import Path
from typing import NoReturn

from solver.formats._convert import as_normal
from solver.formats._gambit import (
    digits,
    kept_apart,
    listed,
    payoff,
    player_names,
    players_apart,
    signature,
)
from solver.formats._game_file import (
    GameFile,
    as_game_file,
    beyond,
    counted,
    exact_form,
    payoff_texts,
)
from solver.formats._numbers import Numbers
from solver.formats._text import quoted, read_text, write_text
from solver.formats._tokens import Tokens, as_text
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm

Rows = list[list[Fraction]]


def read_nfg(path: Path | str) -> GameFile:
    """Read a ``.nfg`` file, whatever its suffix; see `read_game`."""
    return parse(read_text(Path(path)), str(path))


def write_nfg(
    path: Path | str,
    game: GameFile | NormalForm | ExtensiveForm,
    *,
    index: int | tuple[int, ...] | None = None,
    outcomes: bool = False,
    overwrite: bool = False,
) -> None:
    """Write a ``.nfg`` file, with a table of payoffs or a list of outcomes; see `write_game`."""
    text = render(as_game_file(game, index), outcomes=outcomes)
    write_text(Path(path), text, overwrite=overwrite)


def parse(text: str, name: str) -> GameFile:
    """Read the text of a ``.nfg`` file; `name` stands in messages.

    Raises
    ------
    FormatError
        At the line and column of the first token that does not fit.
    """
    tokens = Tokens(text, name)
    signature(tokens, "NFG", "1", "a game in normal form")
    title = tokens.text("the title")
    players = player_names(tokens)
    actions = _actions(tokens, len(players))
    comment = tokens.text("the comment") if tokens.kind == "text" else ""
    shape = tuple(map(len, actions))
    size = f"{counted(len(shape), 'player')} with {'×'.join(map(str, shape))} actions"
    rows = _by_outcome(tokens, shape, size) if tokens.at("{") else _table(tokens, shape, size)
    if tokens.kind != "end":
        _surplus(tokens, size)
    players = players_apart(players)
    actions = [kept_apart(a, [str(k + 1) for k in range(len(a))]) for a in actions]
    return GameFile(exact_form(rows, shape, players, actions, "F"), title, comment)


def render(game: GameFile, *, outcomes: bool = False) -> str:
    """The text of a ``.nfg`` file; a tree is written as its reduced strategic form.

    Raises
    ------
    FormatError
        For a payoff that is not finite, or a tree that has bargaining or too many strategies.
    """
    form = as_normal(game.form)
    cells = list(zip(*payoff_texts(form), strict=True))
    body = _outcomes(cells, len(form.players)) if outcomes else [" ".join(c) for c in cells]
    actions = "\n  ".join(listed(names) for names in form.actions)
    lines = [
        f"NFG 1 R {as_text(game.title)} {listed(form.players)}",
        "",
        f"{{ {actions}",
        "}",
        as_text(game.comment),
        "",
        *body,
        "",
    ]
    return "\n".join(lines)


def _outcomes(cells: list[tuple[str, ...]], players: int) -> list[str]:
    """One line per different cell, then the number of each profile's; nothing for all is 0."""
    numbers = {("0",) * players: 0}
    body = [str(numbers.setdefault(cell, len(numbers))) for cell in cells]
    listed = [f'{{ "{k}" {", ".join(cell)} }}' for cell, k in numbers.items() if k]
    return ["{", *listed, "}", " ".join(body)]


def _names(tokens: Tokens, players: int, others: int) -> list[str]:
    """``{ "a" "b" }``; `others` is the number of profiles of the players before."""
    start = tokens.offset
    tokens.expect("{", "before the names of the actions")
    names: list[str] = []
    while not tokens.at("}"):
        names.append(tokens.text(f"the name of action {len(names) + 1}, or }}"))
        excess = beyond(players, others * len(names))
        if excess:
            tokens.fail(excess, start)
    if not names:
        tokens.fail("at least one action is needed", start)
    tokens.advance()
    return names


def _actions(tokens: Tokens, players: int) -> list[list[str]]:
    """``{ { "a" "b" } { "c" "d" } }`` or ``{ 2 2 }``."""
    start = tokens.offset
    tokens.expect("{", "before the actions")
    named = tokens.at("{")
    actions: list[list[str]] = []
    while not tokens.at("}"):
        if len(actions) == players:
            tokens.fail(
                f"the actions of {counted(players, 'player')} end with }}, not {tokens.found}"
            )
        others = prod(map(len, actions))
        if named:
            actions.append(_names(tokens, players, others))
        else:
            actions.append([str(k + 1) for k in range(_count(tokens, players, others))])
    if len(actions) < players:
        tokens.fail(f"actions of {counted(len(actions), 'player')}, but there are {players}", start)
    tokens.advance()
    return actions


def _count(tokens: Tokens, players: int, others: int) -> int:
    count = _whole(tokens, "a number of actions")
    if count < 1:
        tokens.fail("every player needs at least one action, not 0")
    excess = beyond(players, others * count)
    if excess:
        tokens.fail(excess)
    tokens.advance()
    return count


def _whole(tokens: Tokens, what: str) -> int:
    """The token at hand as a whole number; huge ones need not be told apart."""
    return int(digits(tokens, what)[:18] or 0)


def _table(tokens: Tokens, shape: tuple[int, ...], size: str) -> Rows:
    players, numbers = len(shape), Numbers()
    payoffs: list[Fraction] = []
    for k in range(prod(shape) * players):
        if tokens.kind != "word":
            _missing(tokens, "payoff", k, prod(shape) * players, size)
        payoffs.append(payoff(tokens, numbers))
    return [payoffs[i::players] for i in range(players)]


def _by_outcome(tokens: Tokens, shape: tuple[int, ...], size: str) -> Rows:
    players, cells = len(shape), prod(shape)
    outcomes = [[Fraction(0)] * players, *_outcome_list(tokens, players)]
    chosen = []
    for k in range(cells):
        if tokens.kind != "word":
            _missing(tokens, "outcome", k, cells, size)
        number = _whole(tokens, f"the number of an outcome from 0 to {len(outcomes) - 1}")
        if number >= len(outcomes):
            tokens.fail(f"outcome {tokens.found} is not listed: 0 to {len(outcomes) - 1} are")
        chosen.append(outcomes[number])
        tokens.advance()
    return [[outcome[i] for outcome in chosen] for i in range(players)]


def _outcome_list(tokens: Tokens, players: int) -> Rows:
    """``{ { "name" 1, 2 } ... }``."""
    tokens.expect("{", "before the outcomes")
    numbers = Numbers()
    outcomes: Rows = []
    while not tokens.at("}"):
        tokens.expect("{", f"before outcome {len(outcomes) + 1}, or }} after the last")
        if tokens.kind == "text":
            tokens.advance()
        outcome = []
        for i in range(players):
            if tokens.kind != "word":
                tokens.fail(f"payoff {i + 1} of {players} is needed, not {tokens.found}")
            outcome.append(payoff(tokens, numbers))
        tokens.expect("}", f"after the {counted(players, 'payoff')} of outcome {len(outcomes) + 1}")
        outcomes.append(outcome)
        excess = beyond(players, len(outcomes))
        if excess:
            tokens.fail(f"outcomes: {excess}")
    tokens.advance()
    return outcomes


def _missing(tokens: Tokens, what: str, count: int, needed: int, size: str) -> NoReturn:
    if tokens.kind == "end":
        tokens.fail(f"the file ends after {counted(count, what)}: {size} need {needed:,}")
    tokens.fail(f"{what} {count + 1:,} of {needed:,} is needed, not {tokens.found}")


def _surplus(tokens: Tokens, size: str) -> NoReturn:
    if tokens.value == "NFG":
        tokens.fail("a second game starts here: a file holds one")
    tokens.fail(f"{quoted(tokens.value)} stands after the last entry: {size} need no more")
