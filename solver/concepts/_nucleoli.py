"""Nucleolus and prenucleolus of a batch, certified."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._allocations import Floats, smallest_range
from solver.forms.coalition import CoalitionGame
from solver.kernels.kohlberg import certified_nucleoli
from solver.kernels.scaling import TIE


class Nucleoli(NamedTuple):
    """Payoffs (G, N); gap, status (G,), and whether the least core is that point alone (G,)."""

    payoffs: Floats
    gap: Floats
    status: NDArray[np.int8]
    alone: NDArray[np.bool_]


def nucleoli(form: CoalitionGame, *, imputations: bool, tol: float) -> Nucleoli:
    """The nucleolus of every game, or without `imputations` the prenucleolus."""
    V, n = form.flat(), len(form.players)
    games = len(V)
    found = Nucleoli(
        np.zeros((games, n)),
        np.empty(games),
        np.empty(games, np.int8),
        np.zeros(games, np.bool_),
    )
    steps = 40.0 * n * n * (1 << n)

    def work(low: int, high: int) -> None:
        run(
            certified_nucleoli,
            (high - low) * steps,
            *(V, low, high, n, imputations, TIE, tol),
            *found,
        )

    over_ranges(games, smallest_range(steps), work)
    return found
