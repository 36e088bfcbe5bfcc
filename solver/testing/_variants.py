"""Forms with the same equilibria as a given one, up to a change of names."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from solver.errors import ParameterError
from solver.forms.normal import Floats, NormalForm

#: Largest error of a payoff, as a share of the payoff range, that leaves the game the same.
ROUNDING = Fraction(1, 10**15)


def mapped(form: NormalForm, scales: Sequence[float], shifts: Sequence[float]) -> NormalForm:
    """Each player's payoffs through its positive affine map, which may hardly round any of them."""
    payoffs = []
    for games, payoff, scale, shift in zip(form.flat(), form.payoffs, scales, shifts, strict=True):
        if not is_faithful(games, scale, shift):
            raise ParameterError(f"payoffs * {scale:g} + {shift:g} is rounded, or not increasing")
        payoffs.append(payoff * scale + shift)
    return NormalForm(payoffs, form.players, form.actions)


def is_faithful(games: Floats, scale: float, shift: float) -> bool:
    """Whether ``games * scale + shift`` (G, ...) keeps each game, to `ROUNDING` of its range."""
    a, b = Fraction(scale), Fraction(shift)
    with np.errstate(over="ignore", invalid="ignore"):
        images = games * scale + shift
    return a > 0 and all(
        _is_close([a * Fraction(u) + b for u in game[kept].tolist()], image[kept].tolist())
        for game, image, kept in zip(games, images, np.isfinite(games), strict=True)
    )


def _is_close(exact: list[Fraction], rounded: list[float]) -> bool:
    spread = max(exact, default=Fraction(0)) - min(exact, default=Fraction(0))
    if not np.isfinite(rounded).all():
        return False
    errors = [abs(u - Fraction(v)) for u, v in zip(exact, rounded, strict=True)]
    return spread == 0 or max(errors) <= ROUNDING * spread


def relabelled(form: NormalForm, orders: Sequence[Sequence[int]]) -> NormalForm:
    """With the actions of player i listed as ``orders[i]``."""
    payoffs = list(form.payoffs)
    for axis, order in zip(range(-len(orders), 0), orders, strict=True):
        payoffs = [payoff.take(list(order), axis) for payoff in payoffs]
    actions = [[names[a] for a in order] for names, order in zip(form.actions, orders, strict=True)]
    return NormalForm(payoffs, form.players, actions)


def swapped(form: NormalForm) -> NormalForm:
    """With the players listed from last to first."""
    axes = tuple(range(-len(form.players), 0))
    payoffs = [np.moveaxis(payoff, axes, axes[::-1]) for payoff in form.payoffs[::-1]]
    return NormalForm(payoffs, form.players[::-1], form.actions[::-1])


def with_copy(form: NormalForm, player: int) -> NormalForm:
    """With the last action of `player` listed twice."""
    axis = player - len(form.players)
    last = [payoff.take([-1], axis) for payoff in form.payoffs]
    payoffs = [np.concatenate(pair, axis) for pair in zip(form.payoffs, last, strict=True)]
    return NormalForm(payoffs, form.players)


def with_dominated(form: NormalForm, player: int, depth: float) -> NormalForm:
    """With a last action that pays `player` `depth` ranges less than its worst outcome.

    To the others it is the same as the action before it.
    """
    copied = with_copy(form, player)
    core = tuple(range(-len(form.players), 0))
    own = form.payoffs[player]
    least, most = own.min(core, keepdims=True), own.max(core, keepdims=True)
    with np.errstate(invalid="ignore", over="ignore"):
        step = np.where(most > least, most - least, np.maximum(np.abs(least), 1.0))
        worst = least - depth * step
    added = np.arange(copied.shape[player]) == own.shape[core[player]]
    mask = added.reshape([-1 if i == player else 1 for i in range(len(core))])
    payoffs = list(copied.payoffs)
    payoffs[player] = np.where(mask, worst, copied.payoffs[player])
    return NormalForm(payoffs, form.players)
