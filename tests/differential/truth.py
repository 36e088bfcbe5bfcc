"""All extreme equilibria in exact arithmetic, by two routes that share no line.

Gambit enumerates the vertices of its own polytopes in rational arithmetic; ours tries all square
subsystems. Both get the integers: Gambit fails on payoffs of 1e9 and more.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pygambit

from solver.testing import oracles
from tests.differential.families import Integers

Profiles = list[tuple[Fraction, ...]]


class Truth(NamedTuple):
    """Equilibria (E, m + n) of one game, and how many each oracle gives that the other lacks."""

    profiles: Profiles
    degenerate: bool
    disagreements: int


def truth(A: Integers, B: Integers) -> Truth:
    """What both say about one game (m, n)."""
    ours = {(*x, *y) for x, y in oracles.extreme_equilibria(A, B)}
    theirs = gambit(A, B)
    return Truth(sorted(ours | theirs), oracles.is_degenerate(A, B), len(ours ^ theirs))


def gambit(A: Integers, B: Integers) -> set[tuple[Fraction, ...]]:
    """In degenerate games it lists some equilibria more than once."""
    game = pygambit.StrategicGame.from_arrays(A, B)
    found = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    return {
        tuple(Fraction(str(p)) for player in game.players for p in dict(profile[player]).values())
        for profile in found
    }


def truths(games: list[tuple[Integers, Integers]]) -> list[Truth]:
    """One process's share of the work."""
    return [truth(np.asarray(A), np.asarray(B)) for A, B in games]
