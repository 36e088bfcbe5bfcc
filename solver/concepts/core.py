"""The core: allocations that no coalition could improve upon alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver.concepts._concept import concept
from solver.concepts._core import core_intervals, core_witnesses, ties
from solver.concepts._rows import gather, joined
from solver.equilibria import Equilibria, Rows, Status
from solver.forms.coalition import CoalitionGame
from solver.kernels.core_vertices import PLAYERS, core_vertices
from solver.kernels.scaling import TIE

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: Vertices expected per game, to begin with.
EXPECTED = {1: 1, 2: 2, 3: 6, 4: 14, 5: 40}


@final
@dataclass(frozen=True)
class Vertices:
    """All vertices for up to five players, beyond two for each player.

    ``tol`` bounds what a coalition lacks, relative to the largest worth.
    """

    name: ClassVar[str] = "vertices"
    tol: float = 1e-9


@concept("core", CoalitionGame, [Vertices])
def core(form: CoalitionGame, method: Vertices) -> Equilibria:
    """The core: its vertices, or that it is empty.

    Parameters
    ----------
    form : CoalitionGame over (*B)
    method : Vertices, optional

    Returns
    -------
    Equilibria
        Rows are allocations, no strategies; NONE_EXIST where the core is empty. Up to five players
        they are all vertices of the core, in no order, and ``complete`` says that their bounds
        agree with those that linear programming gives each player. Beyond, they are the vertices
        at which each player gets least and most, and ``complete`` only where they are one point.
        The gap of a player is the most that a coalition with it lacks, relative to the largest
        worth. Coalitions that lack up to 1e-12 of the largest synergy are content.

    Notes
    -----
    Double description from the imputations up to five players (at most 5! vertices in convex
    games). Beyond, 2 N linear programs on a basis of N - 1 coalitions.

    References
    ----------
    D. B. Gillies (1959), Solutions to general non-zero-sum games, Contributions to the Theory of
    Games IV. O. N. Bondareva (1963); L. S. Shapley (1967), On balanced sets and cores.

    Examples
    --------
    >>> core(CoalitionGame("ab", [0, 1, 2, 9])).payoffs.tolist()
    [[7.0, 2.0], [1.0, 8.0]]
    """
    V, n = form.flat(), len(form.players)
    if n <= PLAYERS:
        rows, count, status = _all_vertices(V, n)
        complete = _bounds_agree(V, n, rows, count, status, method.tol)
    else:
        rows, count, status, complete = _some_vertices(V, n)
    gaps = _lacks(V, n, rows, np.repeat(np.arange(len(V)), count))
    bad = np.zeros(len(V), np.bool_)
    np.logical_or.at(bad, np.repeat(np.arange(len(V)), count), ~(gaps <= method.tol).all(axis=1))
    status[bad] = Status.NOT_CONVERGED
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="core",
        method=method.name,
        measure="excess",
        tol=method.tol,
        count=count.reshape(shape),
        status=status.reshape(shape),
        complete=(complete & ~bad).reshape(shape),
        rows=Rows(lambda: np.empty((len(rows), 0)), lambda *_: (rows, gaps)),
    )


def _all_vertices(V: Floats, n: int) -> tuple[Floats, NDArray[np.int64], NDArray[np.int8]]:
    count, status = np.zeros(len(V), np.int64), np.zeros(len(V), np.int8)
    steps = 100.0 * (1 << n) * EXPECTED[n]

    def call(low: int, high: int, buffer: Floats) -> tuple[int, int]:
        work = (high - low) * steps
        used, reached = run(core_vertices, work, V, low, high, n, TIE, buffer, count, status)
        return int(used), int(reached)

    # A buffer of less than what one game may need would not get anywhere.
    parts = gather(call, len(V), (n,), EXPECTED[n] + 512.0 / max(1, len(V)))
    return joined(parts, (n,)), count, status


def _some_vertices(V: Floats, n: int) -> tuple[Floats, NDArray[np.int64], NDArray[np.int8], Mask]:
    """Distinct witnesses of the bounds, and whether they are one point."""
    points, status = core_witnesses(V, n)
    there = status == Status.SOLVED
    points[~there] = 0.0
    near = 100.0 * ties(V, n)
    apart = abs(points[:, :, None] - points[:, None]).max(axis=-1) > near[:, None, None]
    # A witness is kept unless an earlier one is the same.
    fresh = np.stack([apart[:, k, :k].all(axis=1) for k in range(2 * n)], axis=1)
    fresh &= there[:, None]
    count = fresh.sum(axis=1)
    complete: Mask = (status == Status.NONE_EXIST) | (there & (count == 1))
    return points[fresh], count, status, complete


def _bounds_agree(  # noqa: PLR0913, PLR0917
    V: Floats,
    n: int,
    rows: Floats,
    count: NDArray[np.int64],
    status: NDArray[np.int8],
    tol: float,
) -> NDArray[np.bool_]:
    """Whether the vertices attain the bounds of every player, or both routes find no core."""
    bounds = core_intervals(V, n)
    agree: Mask = bounds.empty & (status == Status.NONE_EXIST)
    some = count > 0
    if some.any():
        first = (np.cumsum(count) - count)[some]
        near = tol * np.maximum(abs(V[some]).max(axis=1, keepdims=True), np.finfo(float).tiny)
        least = np.minimum.reduceat(rows, first) - bounds.low[some]
        most = np.maximum.reduceat(rows, first) - bounds.high[some]
        agree[some] = ((abs(least) <= near) & (abs(most) <= near)).all(axis=1)
    return agree


def _lacks(V: Floats, n: int, rows: Floats, owner: NDArray[np.intp]) -> Floats:
    """The most (E, N) that a coalition with each player lacks, relative to the largest worth."""
    worst = np.zeros(rows.shape)
    everybody = (1 << n) - 1
    for s in range(1, everybody + 1):
        members = [i for i in range(n) if s >> i & 1]
        lack = V[owner, s] - rows[:, members].sum(axis=1)
        if s == everybody:
            lack = abs(lack)
        worst[:, members] = np.maximum(worst[:, members], lack[:, None])
    scale = np.maximum(abs(V).max(axis=1), np.finfo(float).tiny)
    relative: Floats = worst / scale[owner][:, None]
    return relative
