"""Biform games: equilibria of the moves that come before bargaining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._first_stage import first_stage
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._rows import regrets
from solver.concepts._second_stage import divided, divided_again
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError, unknown
from solver.forms.biform import BiformGame, Floats
from solver.forms.normal import NormalForm

#: A player with less at stake than this part of the largest worth is certified relative to that.
LEAST_STAKE = 1e-6

DIVISIONS = ("core", "shapley", "nucleolus", "nash-bargaining")


@final
@dataclass(frozen=True)
class Core:
    """Each expects confidence times the most, and the rest of the least, that the core gives it."""

    name: ClassVar[str] = "core"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class Shapley:
    """Each gets its Shapley value: what it adds, on average over all orders of arrival."""

    name: ClassVar[str] = "shapley"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class Nucleolus:
    """Each gets its share in the nucleolus: the largest complaints are as small as can be."""

    name: ClassVar[str] = "nucleolus"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class NashBargaining:
    """All bargain together: each gets what it is worth alone, and an equal share of the rest.

    Where they are worth more alone than together, they stay alone.
    """

    name: ClassVar[str] = "nash-bargaining"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


Division = Core | Shapley | Nucleolus | NashBargaining


@concept("biform", BiformGame, [Core, Shapley, Nucleolus, NashBargaining])
def biform(form: BiformGame, method: Division) -> Equilibria:
    """Equilibria of the moves that shape a coalition game, by what each expects to get from it.

    Parameters
    ----------
    form : BiformGame over (*B)
    method : Core, Shapley, Nucleolus or NashBargaining, optional
        What is expected of the second stage. With `Core`, payoffs are
        c_i · (most that i gets in the core) + (1 - c_i) · (least), c_i the confidence of player i.

    Returns
    -------
    Equilibria
        Of the first stage: all extreme ones where no more than two players have a choice, else the
        pure ones. ``payoffs`` are what is expected after them. ``complete`` says that these are
        all: with more players where dominated actions go one by one until one profile is left.

        Where the core is empty after some profiles, no payoffs are defined there. A pure profile
        is then listed if it and every deviation from it have a core, and no deviation gains; that
        is certain whatever an empty core stands for. ``complete`` is False. The status is
        EMPTY_CORE where nothing can be listed. The other divisions are defined for every game.

        ``gap`` is the gain from the best deviation, or by how much the payoff is off, relative to
        the payoff range, or to a millionth of the largest worth if that is more; for both the
        second stage is divided again, by another route.

    Notes
    -----
    Up to four players the core intervals have a closed form; with more each is a small linear
    program. Where all are worth more alone than together, so that no division gives each its due,
    the nucleolus is the prenucleolus. Gains of less than 1e-12 of the range count as ties. The
    second route is by vertices of the core up to three players, beyond by points in the core at
    which each gets least and most; by dividends for Shapley, by average gains for Nash bargaining,
    by Kohlberg's criterion for the nucleolus. A cell with three players and 2×2×2 moves takes about
    3 µs, reading the gaps 12 µs.

    References
    ----------
    A. Brandenburger, H. Stuart (2007), Biform games, Management Science 53.

    Examples
    --------
    A supplier can raise what the weaker of two firms earns with its product from 3 to 7:

    >>> def worths(weak):
    ...     return [0, 0, 0, 9, 0, weak, 0, 9]
    >>> moves = (("leave it", "raise it"), ("wait",), ("wait",))
    >>> game = BiformGame(("supplier", "strong", "weak"), moves, [[[worths(3)]], [[worths(7)]]])
    >>> induced(game).payoffs[0].ravel().tolist()
    [6.0, 8.0]
    >>> biform(game).strategies[0].tolist()
    [[0.0, 1.0]]
    """
    second = divided(form, method.name)
    payoffs, empty, invalid = second.payoffs, second.empty, ~form.valid.ravel()
    payoffs[:, invalid | second.stuck] = np.nan
    empty[invalid | second.stuck] = False
    found = first_stage(payoffs, empty, form.shape, method.tol)
    found.status[second.stuck & ~invalid] = Status.NOT_CONVERGED
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="biform",
        method=method.name,
        measure="regret",
        tol=method.tol,
        count=found.count.reshape(shape),
        status=found.status.reshape(shape),
        complete=found.complete.reshape(shape),
        rows=Rows(
            found.profiles, lambda rows, owner: _certified(form, method.name, payoffs, rows, owner)
        ),
    )


def induced(form: BiformGame, division: str = "core") -> NormalForm:
    """The first stage as a game of its own: what each expects after each profile.

    Parameters
    ----------
    form : BiformGame over (*B)
    division : "core", "shapley", "nucleolus" or "nash-bargaining", optional
        As the methods of `biform`.

    Returns
    -------
    NormalForm over (*B)
        For any other concept. Payoffs are NaN after profiles with an empty core.

    Raises
    ------
    ConceptError
        For another division.
    """
    if division not in DIVISIONS:
        raise ConceptError(unknown("division", division, DIVISIONS))
    payoffs = divided(form, division).payoffs
    payoffs[:, ~form.valid.ravel()] = np.nan
    split = (*form.batch_shape, *form.shape)
    return NormalForm([table.reshape(split) for table in payoffs], form.players, form.actions)


def _certified(
    form: BiformGame, division: str, payoffs: Floats, rows: Floats, owner: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Payoffs of the rows, and gaps from a second division of the games that have any."""
    games, place = np.unique(owner, return_inverse=True)
    with np.errstate(all="ignore"):
        again = divided_again(form, division, games)
    # Nobody can come to where payoffs are missing by one deviation: any number will do there.
    size = _size(form)[games]
    found = payoffs[:, games], again.payoffs
    first, second = (np.where(np.isfinite(t), t, _least(t)) for t in found)
    tables = [_table(form, t) for t in (first, second)]
    expected, _ = regrets(tables[0], rows, place)
    checked, gaps = regrets(tables[1], rows, place)
    # Worths leave the differences of payoffs only so many digits.
    least = np.maximum(LEAST_STAKE * size, 1e-300)[place, None]
    spread, again_spread = (np.ptp(table, axis=2).T[place] for table in (first, second))
    off = np.abs(checked - expected) / np.maximum(spread, least)
    gaps *= np.where(again_spread > 0.0, again_spread / np.maximum(again_spread, least), 1.0)
    return expected, np.maximum(np.maximum(gaps, off), again.off[place, None])


def _size(form: BiformGame) -> Floats:
    """The largest worth (G,) of each game."""
    worths, _ = form.flat()
    size: Floats = np.abs(worths).max(axis=(1, 2), initial=0.0)
    return size


def _table(form: BiformGame, payoffs: Floats) -> NormalForm:
    split = (payoffs.shape[1], *form.shape)
    return NormalForm([own.reshape(split) for own in payoffs], form.players, form.actions)


def _least(payoffs: Floats) -> Floats:
    """The least known payoff (N, G, 1) of each player in each game."""
    least: Floats = np.where(np.isfinite(payoffs), payoffs, np.inf).min(axis=2, keepdims=True)
    return least
