"""Batches of matrix games, solved and certified over threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._rows import SMALLEST_RANGE
from solver.equilibria import Rows, Status
from solver.errors import ConceptError, ParameterError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.zero_sum import solve_certified

#: Payoffs of the games that are solved in one call: they fit into the second-level cache.
STRETCH = 60_000


@final
@dataclass(frozen=True, eq=False)
class MatrixGames:
    """Answers for G games: the rows maximise what the columns minimise.

    ``strategies`` (G, m+n) holds those of the rows and the columns; ``value`` (G,) is what the
    first guarantee, ``gap`` (G,) by how much more the second concede, relative to the payoff range.
    ``unique`` (G,) says that no other strategies are optimal.
    """

    strategies: Floats
    value: Floats
    gap: Floats
    status: NDArray[np.int8]
    unique: NDArray[np.bool_]


def matrix_games(
    payoffs: Floats, tol: float, beside: Callable[[int, int], None] | None = None
) -> MatrixGames:
    """Solve payoffs (G, m, n), contiguous and read-only; a gap over `tol` is NOT_CONVERGED.

    ``beside(low, high)`` is called for each stretch of games that has just been solved, while its
    payoffs are in the cache.
    """
    games, m, n = payoffs.shape
    strategies, unique = np.empty((games, m + n)), np.empty(games, np.bool_)
    value, gap = np.empty(games), np.empty(games)
    status = np.empty(games, np.int8)
    effort = 10.0 * m * n * (m + n)

    def work(low: int, high: int) -> None:
        found = strategies, status, unique, value, gap
        for first in range(low, high, STRETCH // (m * n) + 1):
            last = min(high, first + STRETCH // (m * n) + 1)
            run(solve_certified, (last - first) * effort, payoffs, first, last, *found)
            if beside is not None:
                beside(first, last)
        part, invalid = status[low:high], int(Status.INVALID_INPUT)
        part[(gap[low:high] > tol) & (part != invalid)] = Status.NOT_CONVERGED

    over_ranges(games, smallest_range(effort), work)
    return MatrixGames(strategies, value, gap, status, unique & (status == int(Status.SOLVED)))


def smallest_range(effort: float) -> int:
    """Games that a thread gets at least, if one takes so many elementary steps."""
    return min(SMALLEST_RANGE, 1 + int(2e6 / effort))


def one_row_each(
    status: NDArray[np.int8], profiles: Floats, payoffs: Floats, gaps: Floats
) -> tuple[NDArray[np.int64], Rows]:
    """Count (G,) and rows: one per game (G, w), but none of games whose input is invalid."""
    valid = status != int(Status.INVALID_INPUT)
    if not valid.all():
        profiles, payoffs, gaps = profiles[valid], payoffs[valid], gaps[valid]
    values = payoffs, gaps
    return valid.astype(np.int64), Rows(lambda: profiles, lambda *_: values)


def require_two(form: NormalForm, name: str) -> None:
    """Raise ConceptError unless two play."""
    if len(form.players) != 2:
        raise ConceptError(
            f"{name} is a concept for two players, this game has {len(form.players)}"
        )


def require_tolerance(tol: float) -> None:
    """Raise ParameterError unless `tol` is a number that a gap can be compared with."""
    if not tol >= 0.0:
        raise ParameterError(f"tol = {tol!r} is no number of at least 0")


def transposed(payoffs: Floats) -> Floats:
    """Payoffs (G, m, n) as (G, n, m), contiguous and read-only as every kernel takes them."""
    other = np.ascontiguousarray(payoffs.swapaxes(1, 2))
    other.flags.writeable = False
    return other
