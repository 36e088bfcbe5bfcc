"""What the threat to stop cooperating can sustain, profile by profile.

Write c for what a player gets at a profile, d for the best it could get by deviating once, and p
for what it gets once it is punished for that. A player that discounts by δ stays if
c ≥ (1 - δ) d + δ p, hence if d ≤ c, or if p < c and δ ≥ (d - c)/(d - p).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._matrix_games import matrix_games, transposed
from solver.concepts.nash import nash
from solver.concepts.pure_nash import pure_nash
from solver.equilibria import Equilibria, Status
from solver.errors import ConceptError, unknown
from solver.forms.normal import Floats, NormalForm
from solver.kernels.scaling import TIE

Flags = NDArray[np.bool_]

PUNISHMENTS = ("nash-reversion", "minmax")


@final
@dataclass(frozen=True, eq=False)
class Punishment:
    """What each player is held to (G, N), infinite without one; whether none is worse (G,)."""

    payoffs: Floats
    harshest: Flags


@final
@dataclass(frozen=True, eq=False)
class Trigger:
    """Discount factors from which each profile holds (G, N, M), and what belongs to them.

    ``team`` (G, M) marks the profiles that earn the most together, ``total`` (G, M) is what they
    earn; ``valid`` (G,) games have finite payoffs.
    """

    discounts: Floats
    punishment: Punishment
    total: Floats
    team: Flags
    valid: Flags

    @property
    def overall(self) -> Floats:
        """(G, M): from which discount factor on nobody gains by deviating."""
        worst: Floats = self.discounts.max(axis=1)
        return worst


def trigger(form: NormalForm, punishment: str, stage: Equilibria | None = None) -> Trigger:
    """Every profile of every game; `stage` saves solving the stage games again."""
    players, games = len(form.players), prod(form.batch_shape)
    flat = [array.reshape(games, prod(form.shape)) for array in form.flat()]
    valid = np.ones(games, np.bool_)
    for array in flat:
        valid &= np.isfinite(array).all(axis=1)
    held = punished(form, punishment, stage)
    discounts = np.stack(
        [_from(form, flat[i], i, held.payoffs[:, i]) for i in range(players)], axis=1
    )
    total = flat[0].copy()
    for array in flat[1:]:
        total += array
    valid &= np.isfinite(total).all(axis=1)
    return Trigger(discounts, held, total, highest(total, total), valid)


def highest(total: Floats, among: Floats) -> Flags:
    """Profiles (G, M) whose total is the largest of `among`, up to 1e-12 of the range of totals."""
    slack = TIE * np.ptp(total, axis=1)
    marks: Flags = among >= (among.max(axis=1) - slack)[:, None]
    return marks


def punished(form: NormalForm, kind: str, stage: Equilibria | None = None) -> Punishment:
    """The harshest punishment of a kind for each player."""
    if kind not in PUNISHMENTS:
        raise ConceptError(unknown("punishment", kind, PUNISHMENTS))
    if kind == "minmax":
        return _minmax(form)
    two = len(form.players) == 2
    return reversion(stage or (nash(form) if two else pure_nash(form)))


def reversion(stage: Equilibria) -> Punishment:
    """For each player the equilibrium of the stage game in which it gets least."""
    payoffs = stage.row_values[0]
    count = stage.count.ravel()
    least = np.full((len(count), len(stage.form.players)), np.inf)
    some = count > 0
    if some.any():
        first = (np.cumsum(count) - count)[some]
        least[some] = np.minimum.reduceat(payoffs, first, axis=0)
    # Of two players every extreme equilibrium is listed, and a payoff is least at one of them; of
    # more players only the pure ones.
    whole = stage.complete.ravel() & (stage.concept == "nash")
    return Punishment(least, whole)


def _minmax(form: NormalForm) -> Punishment:
    flat = form.flat()
    if len(flat) == 2:
        rows, columns = matrix_games(flat[0], 1e-9), matrix_games(transposed(flat[1]), 1e-9)
        held = np.stack((rows.value, columns.value), axis=-1)
        solved = (rows.status == int(Status.SOLVED)) & (columns.status == int(Status.SOLVED))
        return Punishment(held, solved)
    axes = tuple(range(1, len(flat)))
    held = np.stack([a.max(axis=1 + i).min(axis=axes) for i, a in enumerate(flat)], axis=-1)
    # Players who mix, the more so together, may hold one to less.
    return Punishment(held, np.zeros(len(held), np.bool_))


def _from(form: NormalForm, payoffs: Floats, player: int, held: Floats) -> Floats:
    """The discount factor (G, M) from which one player keeps to each profile."""
    shape = form.shape
    split = (len(payoffs), prod(shape[:player]), shape[player], prod(shape[player + 1 :]))
    c = payoffs.reshape(split)
    d = c.max(axis=2, keepdims=True)
    p = held[:, None, None, None]
    tie = TIE * np.ptp(payoffs, axis=1)[:, None, None, None]
    gain, loss = d - c, c - p
    need = np.where(loss > tie, gain / (gain + loss), np.inf)
    return np.where(gain <= tie, 0.0, need).reshape(payoffs.shape)
