"""Iterated elimination of dominated actions, for any number of players."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Literal, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._exact import exact_game
from solver.equilibria import Integers, Status
from solver.errors import ConceptError, ParameterError, unknown
from solver.forms.normal import Floats, NormalForm
from solver.kernels.dominance import DOUBT, NO, YES, mark_dominated
from solver.selection._doubts import settled

Marks = NDArray[np.bool_]
Dominance = Literal["strict", "weak"]
Order = Literal["simultaneous", "by-player", "one-at-a-time"]

ORDERS = ("simultaneous", "by-player", "one-at-a-time")
#: Games below which another thread is not worth its start.
SMALLEST = 500


class Elimination(NamedTuple):
    """Answers of `eliminate`.

    ``masks`` per player (*B, m_i): what survives. ``removed`` per player (*B, m_i): the round in
    which an action goes, from 1 on, and 0 where it stays. ``rounds`` (*B). ``status`` (*B): SOLVED,
    or INVALID_INPUT where a payoff is not finite; nothing survives there.
    """

    masks: tuple[Marks, ...]
    removed: tuple[Integers, ...]
    rounds: Integers
    status: NDArray[np.int8]


def eliminate(
    form: NormalForm,
    dominance: Dominance = "strict",
    *,
    mixtures: bool = True,
    order: Order = "simultaneous",
) -> Elimination:
    """Remove dominated actions, again and again, until none is left.

    Parameters
    ----------
    form : NormalForm over (*B)
        Any number of players.
    dominance : {"strict", "weak"}
        Strictly: worse than another strategy whatever the others do. Weakly: never better, and
        worse against some actions of the others that are left.
    mixtures : bool
        Whether an action may be dominated by a mixture of others, or by actions only.
    order : {"simultaneous", "by-player", "one-at-a-time"}
        What goes in a round: all dominated actions of all players; those of the first player who
        has any; or the one that is listed first. Strict elimination leaves the same in every order
        (Gilboa, Kalai and Zemel 1990); what weak elimination leaves depends on the order.

    Returns
    -------
    Elimination

    Raises
    ------
    ConceptError
        For a form that is not normal.
    ParameterError
        For another dominance or order.

    Notes
    -----
    An action is strictly dominated if it loses more than 1e-12 of the payoff range of the whole
    game against everything; weakly if it gains no more than that against anything, and loses more
    against something, or to a mixture more than 1e-10 in sum. With mixtures this is a linear
    program per action, unless an action alone dominates it, or it is the best response to some
    action of the others. Programs are solved by the simplex method in a kernel; where the bounds on
    the gain that follow from its answer do not decide, by HiGHS if the game is large, and else in
    exact arithmetic, from the payoffs as they were read. For more than two players the others'
    profiles are taken together: their mixtures may be correlated.

    No Nash equilibrium is lost by strict elimination; by weak elimination some may be, but one is
    left.

    References
    ----------
    R. D. Luce, H. Raiffa (1957), Games and Decisions, §5.8 and appendix 4.
    I. Gilboa, E. Kalai, E. Zemel (1990), On the order of eliminating dominated strategies,
    Operations Research Letters 9.
    D. Pearce (1984), Rationalizable strategic behavior and the problem of perfection, Econometrica
    52.

    Examples
    --------
    >>> left = eliminate(NormalForm([[[3, 0], [0, 3], [1, 1]], [[1, 0], [1, 0], [0, 1]]]))
    >>> left.masks[0].tolist(), int(left.rounds)  # the third row is worse than half of each other
    ([True, False, False], 3)
    """
    if not isinstance(form, NormalForm):
        raise ConceptError("eliminate takes normal forms: see strategic_form for trees")
    for subject, name, names in (
        ("dominance", dominance, ("strict", "weak")),
        ("order", order, ORDERS),
    ):
        if name not in names:
            raise ParameterError(unknown(subject, name, names))
    tables = [_table(array, i) for i, array in enumerate(form.flat())]
    search = _Search(form, tables, dominance == "strict", mixtures)
    with np.errstate(all="ignore"):
        spreads = [U.max(axis=(1, 2)) - U.min(axis=(1, 2)) for U in tables]
    valid: Marks = np.all([np.isfinite(spread) for spread in spreads], axis=0)
    masks = [np.repeat(valid[:, None], m, axis=1) for m in form.shape]
    removed = [np.zeros((len(valid), m), np.int64) for m in form.shape]
    rounds = np.zeros(len(valid), np.int64)
    active = np.flatnonzero(valid)
    while len(active):
        gone = _one_round(search, masks, active, order)
        moving = np.any([part.any(axis=1) for part in gone], axis=0)
        rounds[active[moving]] += 1
        for mask, when, part in zip(masks, removed, gone, strict=True):
            mask[active] &= ~part
            when[active] += part * rounds[active, None]
        active = active[moving]
    shape = form.batch_shape
    status = np.where(valid, int(Status.SOLVED), int(Status.INVALID_INPUT)).astype(np.int8)
    return Elimination(
        tuple(mask.reshape(*shape, -1) for mask in masks),
        tuple(when.reshape(*shape, -1) for when in removed),
        rounds.reshape(shape),
        status.reshape(shape),
    )


def rationalizable(form: NormalForm) -> Elimination:
    """Actions that are best responses to beliefs that are best responses to beliefs, and so on.

    Parameters
    ----------
    form : NormalForm over (*B)

    Returns
    -------
    Elimination
        What is left by iterated elimination of what mixtures dominate strictly. For two players
        these are the rationalizable actions; for more, those that are if a player may believe
        that the actions of the others are correlated.

    References
    ----------
    B. D. Bernheim (1984), Rationalizable strategic behavior, Econometrica 52.
    D. Pearce (1984), Rationalizable strategic behavior and the problem of perfection, Econometrica
    52, lemma 3.

    Examples
    --------
    >>> rationalizable(NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])).masks[0].tolist()
    [False, True]
    """
    return eliminate(form, "strict", mixtures=True)


@final
@dataclass(frozen=True, eq=False)
class _Search:
    """Which actions are dominated: ``tables[i]`` (G, m_i, profiles of the others)."""

    form: NormalForm
    tables: list[Floats]
    strict: bool
    mixtures: bool

    def dominated(self, player: int, masks: list[Marks], active: NDArray[np.intp]) -> Marks:
        """The dominated actions (L, m_i) of one player in the games (L,), given what is left."""
        table, own = self.tables[player], masks[player][active]
        others = _profiles(masks, player, active)
        codes = np.zeros(own.shape, np.int8)
        cells = prod(self.form.shape)

        def work(low: int, high: int) -> None:
            steps = (high - low) * cells * (own.shape[1] if self.mixtures else 1) * 10.0
            run(
                mark_dominated, steps, table, active, own, others, self.strict, self.mixtures,
                low, high, codes,
            )  # fmt: skip

        over_ranges(len(active), SMALLEST, work)
        for e, r in np.argwhere(codes == DOUBT).tolist():
            exact = np.asarray(exact_game(self.form, int(active[e]))[player], object)
            left, against = (np.flatnonzero(mask[e]).tolist() for mask in (own, others))
            payoffs = _table(exact[None], player)[0]
            worse = settled(payoffs, [r], left, against, strict=self.strict)
            codes[e, r] = YES if worse else NO
        found: Marks = codes == YES
        return found


def _one_round(
    search: _Search, masks: list[Marks], active: NDArray[np.intp], order: Order
) -> list[Marks]:
    """What goes in one round, per player (L, m_i)."""
    gone: list[Marks] = []
    free = np.ones(len(active), np.bool_)  # games in which nothing goes so far
    for player in range(len(masks)):
        part = search.dominated(player, masks, active)
        if order != "simultaneous":
            part &= free[:, None]
        if order == "one-at-a-time":
            part &= np.cumsum(part, axis=1) == 1
        free &= ~part.any(axis=1)
        gone.append(part)
    return gone


def _profiles(masks: list[Marks], player: int, active: NDArray[np.intp]) -> Marks:
    """Which profiles (L, C) of the other players are left, the last player's action fastest."""
    left = np.ones((len(active), 1), np.bool_)
    for i, mask in enumerate(masks):
        if i != player:
            left = (left[:, :, None] & mask[active, None, :]).reshape(len(left), -1)
    return left


def _table(array: NDArray[Any], player: int) -> NDArray[Any]:
    """Payoffs (G, m_1, ..., m_N) of one player as (G, m_i, C)."""
    moved = np.moveaxis(array, player + 1, 1)
    return np.ascontiguousarray(moved.reshape(len(array), moved.shape[1], -1))
