"""The τ-value: a compromise between what players can claim at most and at least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._allocations import Floats, allocated, smallest_range
from solver.concepts._concept import concept
from solver.equilibria import Equilibria
from solver.forms.coalition import CoalitionGame
from solver.kernels.coalition import tau_values
from solver.kernels.scaling import TIE


@final
@dataclass(frozen=True)
class Compromise:
    """The formula; ``tol`` bounds the distance from the definition, relative to the worths."""

    name: ClassVar[str] = "compromise"
    tol: float = 1e-9


@concept("tau", CoalitionGame, [Compromise])
def tau(form: CoalitionGame, method: Compromise) -> Equilibria:
    """The τ-value of quasi-balanced games: between utopia payoffs and minimal rights.

    Parameters
    ----------
    form : CoalitionGame over (*B)
    method : Compromise, optional

    Returns
    -------
    Equilibria
        One allocation per game, no strategies. NONE_EXIST where the game is not quasi-balanced:
        the utopia payoffs must not be below the minimal rights, player by player, and the worth
        of all must lie between their sums (ties up to 1e-12 of the largest synergy). The gap is
        the distance from the definition, relative to the largest worth.

    Notes
    -----
    Utopia payoffs M_i = v(N) - v(N without i); minimal rights m_i = max over S with i of
    v(S) - Σ M_j over the other members j. τ is the point on the segment from m to M that sums to
    v(N). Every game with a core is quasi-balanced. Cost N + 2 passes over the table.

    References
    ----------
    S. H. Tijs (1981), Bounds for the core and the τ-value, in Game Theory and Mathematical
    Economics.

    Examples
    --------
    >>> tau(CoalitionGame("ab", [0, 1, 2, 9])).payoffs.tolist()
    [[4.0, 5.0]]
    """
    V, n = form.flat(), len(form.players)
    payoffs, status = np.zeros((len(V), n)), np.empty(len(V), np.int8)

    def work(low: int, high: int) -> None:
        steps, tables, bounds = (
            (high - low) * 10.0 * (1 << n),
            np.empty((2, 1 << n)),
            np.empty((3, n)),
        )
        run(tau_values, steps, V, low, high, n, TIE, tables, bounds, payoffs, status)

    over_ranges(len(V), smallest_range(10.0 * (1 << n)), work)
    return allocated(
        form,
        concept="tau",
        method=method.name,
        measure="definition",
        tol=method.tol,
        payoffs=payoffs,
        gaps=_misses(V, n, payoffs),
        status=status,
    )


def _misses(V: Floats, n: int, payoffs: Floats) -> Floats:
    """Distances (G, N) from the definition, coalition by coalition."""
    everybody = (1 << n) - 1
    top = np.stack([V[:, everybody] - V[:, everybody ^ 1 << i] for i in range(n)], axis=1)
    least = np.full_like(top, -np.inf)
    for s in range(1, 1 << n):
        members = [i for i in range(n) if s >> i & 1]
        rest = V[:, s] - top[:, members].sum(axis=1)
        for i in members:
            np.maximum(least[:, i], rest + top[:, i], out=least[:, i])
    room = (top - least).sum(axis=1)
    left = V[:, everybody] - least.sum(axis=1)
    scale = np.maximum(abs(V).max(axis=1), np.finfo(float).tiny)
    # Where the two bounds meet up to rounding, any share of nothing is right.
    share = np.clip(np.where(room > 1e-9 * scale, left / room, 0.0), 0.0, 1.0)
    misses: Floats = abs(payoffs - least - share[:, None] * (top - least)) / scale[:, None]
    return misses
