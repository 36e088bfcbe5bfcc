"""The nodes of a tree as lines of an ``.efg`` file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from solver.errors import FormatError
from solver.formats._gambit import kept_apart, listed
from solver.formats._numbers import float_text, fraction_text
from solver.formats._text import quoted
from solver.formats._tokens import as_text
from solver.forms.extensive import ExtensiveForm
from solver.forms.tree import CHANCE, LEAF


def node_lines(form: ExtensiveForm) -> Iterator[str]:
    """One line per node, in order.

    Raises
    ------
    FormatError
        Naming the path of a leaf whose payoff is not finite or has too many digits.
    """
    tree = form.tree
    names = _names(form)
    leaves = iter(_outcomes(form, names))
    sets = _set_texts(form)
    events = iter(_event_texts(form))
    event = 0
    for v, mover in enumerate(tree.mover):
        if mover == LEAF:
            yield f't "" {next(leaves)}'
        elif mover == CHANCE:
            event += 1
            yield f'c {as_text(names[v])} {event} "" {next(events)} 0'
        else:
            yield f"p {as_text(names[v])} {sets[tree.infoset[v]]} 0"


def _names(form: ExtensiveForm) -> list[str]:
    """Names of nodes; those of inner nodes differ, as Gambit wants it, or are empty."""
    tree = form.tree
    names = list(tree.names) or [""] * tree.size
    inner = [v for v, mover in enumerate(tree.mover) if mover != LEAF and names[v]]
    apart = kept_apart([names[v] for v in inner], [""] * len(inner))
    for v, name in zip(inner, apart, strict=True):
        names[v] = name
    return names


def _set_texts(form: ExtensiveForm) -> list[str]:
    """``1 2 "label" { "action" ... }`` per information set."""
    first = form.tree.first_infoset
    return [
        f"{h.player + 1} {k - first[h.player] + 1} {as_text(h.label)} {listed(h.actions)}"
        for k, h in enumerate(form.tree.infosets)
    ]


def _outcomes(form: ExtensiveForm, names: list[str]) -> Iterator[str]:
    """``1 "name" { payoffs }`` per leaf; equal ones share a number."""
    numbers: dict[tuple[str, str], int] = {}
    nothing = ", ".join(["0"] * len(form.players))
    for row, v in enumerate(form.tree.leaves.tolist()):
        payoffs = ", ".join(_payoff(form, row, v, i) for i in range(len(form.players)))
        if not names[v] and payoffs == nothing:
            yield "0"
            continue
        number = numbers.setdefault((names[v], payoffs), len(numbers) + 1)
        yield f"{number} {as_text(names[v])} {{ {payoffs} }}"


def _payoff(form: ExtensiveForm, row: int, v: int, player: int) -> str:
    who = form.players[player]
    if form.fractions is not None:
        try:
            return fraction_text(form.fractions.payoffs[row, player])
        except ValueError as error:
            raise FormatError(f"payoff of {who!r}: {error}") from None
    value = float(form.payoffs[row, player])
    if not np.isfinite(value):
        raise FormatError(
            f"payoff of {who!r} at {quoted(form.tree.path(v))} is {value}: a file holds finite"
            " numbers"
        )
    return float_text(value)


def _event_texts(form: ExtensiveForm) -> Iterator[str]:
    """``{ "branch" 1/2 ... }`` per node of chance."""
    tree = form.tree
    for v, mover in enumerate(tree.mover):
        if mover == CHANCE:
            start, below = int(tree.chance_start[v]), tree.children[v]
            odds = _odds(form, v, slice(start, start + len(below)))
            pairs = (f"{as_text(tree.branch[c])} {p}" for c, p in zip(below, odds, strict=True))
            yield f"{{ {' '.join(pairs)} }}"


def _odds(form: ExtensiveForm, v: int, part: slice) -> list[str]:
    """Probabilities that add up to one exactly: as they are, or else divided by their sum."""
    if form.fractions is not None:
        exact = form.fractions.chance[part].tolist()
    else:
        texts = [float_text(one) for one in form.chance[part].tolist()]
        exact = [Fraction(text) for text in texts]
        if sum(exact) == 1:
            return texts
    total = sum(exact)
    try:
        return [fraction_text(one / total) for one in exact]
    except ValueError as error:
        where = quoted(form.tree.path(v))
        raise FormatError(f"probabilities at {where}: {error}") from None
