"""What a game file holds, and how large it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import prod
from typing import Literal, final

import numpy as np

from solver.errors import FormatError
from solver.formats._numbers import float_text, fraction_text
from solver.formats._text import require_writable
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm, rounded

#: Players of a game in a file: NumPy has 64 axes, and kernels add a few of their own.
MOST_PLAYERS = 32
#: Payoffs of a game in a file, over all cells and players: two players of 1,000 actions.
MOST_PAYOFFS = 2_000_000
#: Nodes of a tree in a file, and nodes times players: at worst they take 400 MB to read.
MOST_NODES, MOST_NODES_OF_PLAYERS = 250_000, 1_000_000


@final
@dataclass(frozen=True, eq=False)
class GameFile:
    """A single game with a title and a comment, as a file holds it.

    Parameters
    ----------
    form : NormalForm or ExtensiveForm
        Of batch shape (). A form that was read has exact numbers in ``form.fractions``.
    title, comment : str
    """

    form: NormalForm | ExtensiveForm
    title: str = ""
    comment: str = ""


def as_game_file(
    game: GameFile | NormalForm | ExtensiveForm, index: int | tuple[int, ...] | None = None
) -> GameFile:
    """A game that can be written: the one at `index` of a batch, with names files can hold.

    Raises
    ------
    FormatError
        For a batch without an index, an index outside of it, or a name with control characters.
    """
    game = game if isinstance(game, GameFile) else GameFile(game)
    if index is not None:
        game = GameFile(_single(game.form, index), game.title, game.comment)
    form = game.form
    if form.batch_shape:
        raise FormatError(
            f"a file holds one game: this is a batch of shape {form.batch_shape}, give an index"
        )
    if isinstance(form, NormalForm):
        excess = beyond(len(form.players), prod(form.shape))
    else:
        excess = beyond_nodes(len(form.players), form.tree.size)
    if excess:
        raise FormatError(excess)
    for what, names in _names(game):
        for name in names:
            require_writable(what, name)
    return game


def _names(game: GameFile) -> Iterator[tuple[str, Iterable[str]]]:
    """All text that a file of the game holds, by what it names."""
    yield "title", [game.title]
    yield "comment", [game.comment]
    yield "player", game.form.players
    if isinstance(game.form, NormalForm):
        yield "action", chain.from_iterable(game.form.actions)
    else:
        tree = game.form.tree
        yield "information set", [h.label for h in tree.infosets]
        yield "action", tree.branch
        yield "node", tree.names


def _single(
    form: NormalForm | ExtensiveForm, index: int | tuple[int, ...]
) -> NormalForm | ExtensiveForm:
    where = index if isinstance(index, tuple) else (index,)
    if len(where) != len(form.batch_shape):
        raise FormatError(f"index {index}: the batch has shape {form.batch_shape}")
    try:
        if isinstance(form, NormalForm):
            payoffs = [payoff[where] for payoff in form.payoffs]
            return NormalForm(payoffs, form.players, form.actions, fractions=form.fractions)
        return ExtensiveForm(
            form.tree,
            form.payoffs[where],
            form.chance[where],
            weights=form.weights[where],
            outside=form.outside[where],
            fractions=form.fractions,
        )
    except IndexError:
        raise FormatError(f"index {index}: the batch has shape {form.batch_shape}") from None


def beyond(players: int, cells: int) -> str:
    """Say in which way a game is too large for a file; empty when it is not."""
    if players > MOST_PLAYERS:
        return f"{players:,} players: at most {MOST_PLAYERS} are read"
    if players * cells > MOST_PAYOFFS:
        size = f"{cells:,} cells of {counted(players, 'payoff')}"
        return f"{size}: at most {MOST_PAYOFFS:,} payoffs in all are read"
    return ""


def most_nodes(players: int) -> int:
    """How many nodes a tree in a file may have."""
    return min(MOST_NODES, MOST_NODES_OF_PLAYERS // players)


def beyond_nodes(players: int, nodes: int) -> str:
    """Say in which way a tree is too large for a file; empty when it is not."""
    if players > MOST_PLAYERS:
        return f"{players:,} players: at most {MOST_PLAYERS} are read"
    if nodes > most_nodes(players):
        size = f"{nodes:,} nodes of {counted(players, 'player')}"
        return f"{size}: at most {most_nodes(players):,} are read"
    return ""


def counted(number: int, noun: str) -> str:
    """``1 player``, ``2 players``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def exact_form(
    rows: Sequence[Sequence[Fraction]],
    shape: tuple[int, ...],
    players: Sequence[str],
    actions: Sequence[Sequence[str]],
    order: Literal["C", "F"],
) -> NormalForm:
    """The form of exact payoffs, one row per player; in order F its first action runs fastest."""
    exact, floats = [], []
    for row in rows:
        array = np.empty(len(row), np.object_)
        array[:] = row
        exact.append(array.reshape(shape, order=order))
        floats.append(np.array([rounded(value) for value in row]).reshape(shape, order=order))
    return NormalForm(floats, players, actions, fractions=exact)


def payoff_texts(form: NormalForm) -> list[list[str]]:
    """Payoffs of each player as numbers of a file, the first player's action fastest.

    Raises
    ------
    FormatError
        Naming the profile of a payoff that is not finite or has too many digits.
    """
    texts = []
    for i, payoff in enumerate(form.payoffs):
        try:
            if form.fractions is not None:
                row = form.fractions[i].ravel(order="F")
                texts.append([fraction_text(value) for value in row])
                continue
        except ValueError as error:
            raise FormatError(f"payoffs of {form.players[i]!r}: {error}") from None
        bad = np.argwhere(~np.isfinite(payoff))
        if len(bad):
            where = tuple(bad[0])
            profile = ", ".join(names[a] for names, a in zip(form.actions, where, strict=True))
            raise FormatError(
                f"payoff of {form.players[i]!r} at ({profile}) is {payoff[where]}:"
                " a file holds finite numbers"
            )
        texts.append([float_text(value) for value in payoff.ravel(order="F").tolist()])
    return texts
