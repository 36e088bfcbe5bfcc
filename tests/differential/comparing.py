"""What a solver answers against the truth, game by game, as counts of each kind of trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from solver import Equilibria, NormalForm
from solver.equilibria import Status
from solver.testing._answers import values
from tests.differential.families import Games
from tests.differential.truth import Truth

Solver = Callable[[NormalForm], Equilibria]

#: Largest difference of a probability, and largest regret, that is rounding.
TOLERANCE = 1e-9


class Trouble(NamedTuple):
    """Of one game, or of many: all zero when the solver is right.

    ``missing`` equilibria are left without an answer, ``wrong`` answers are near no equilibrium,
    ``repeated`` ones only near equilibria that have another answer. The others count games:
    ``status`` is not SOLVED without ties and DEGENERATE with ties, ``incomplete`` is not claimed to
    be the whole set, ``gap`` is larger than the tolerance as reported or as computed here.
    ``oracles`` counts equilibria that one oracle lacks.
    """

    missing: int = 0
    wrong: int = 0
    repeated: int = 0
    status: int = 0
    incomplete: int = 0
    gap: int = 0
    oracles: int = 0

    def __bool__(self) -> bool:
        return any(self)


class Report(NamedTuple):
    """One game: what is wrong with the answers (E, m + n), and what the truth is."""

    trouble: Trouble
    status: Status
    profiles: NDArray[np.float64]
    truth: Truth


def compare(solve: Solver, cells: list[Games], truths: list[Truth]) -> Iterator[Report]:
    """Solve all games of one shape in one call, as users do, and look at each in order."""
    sides = zip(*(games.payoffs() for games in cells), strict=True)
    form = NormalForm([np.concatenate(side) for side in sides])
    eq = solve(form)
    starts = np.cumsum(eq.count) - eq.count
    profiles, gaps = eq.profiles, eq.row_values[1]
    gaps = np.maximum(gaps, values(form, profiles, eq.owner)[1]).max(axis=1, initial=0.0)
    for g, truth in zip(range(eq.count.size), truths, strict=True):
        rows = slice(starts[g], starts[g] + eq.count[g])
        expected = Status.DEGENERATE if truth.degenerate else Status.SOLVED
        trouble = matched(np.array(truth.profiles, np.float64), profiles[rows])._replace(
            status=int(eq.status[g] != expected),
            incomplete=int(not eq.complete[g]),
            gap=int(not (gaps[rows] <= TOLERANCE).all()),
            oracles=truth.disagreements,
        )
        yield Report(trouble, Status(int(eq.status[g])), profiles[rows], truth)


def matched(expected: NDArray[np.float64], found: NDArray[np.float64]) -> Trouble:
    """Pair as many rows as possible one to one, and count what is left over."""
    near = np.abs(expected[:, None] - found[None]).max(axis=2, initial=0.0) <= TOLERANCE
    rows, columns = linear_sum_assignment(near, maximize=True)
    pairs = int(near[rows, columns].sum())
    wrong = int((~near.any(axis=0)).sum())
    return Trouble(len(expected) - pairs, wrong, len(found) - pairs - wrong)
