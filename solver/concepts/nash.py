"""Nash equilibria of two-player games: all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver.concepts._concept import concept
from solver.concepts._rows import gather, joined, regrets
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.support import solve_supports, support_pairs, support_table
from solver.kernels.three_by_three import solve_three_by_three
from solver.kernels.two_by_two import solve_two_by_two, unpack

Profiles = Callable[[], Floats]
Counts = NDArray[np.int64]
Codes = NDArray[np.int8]


@final
@dataclass(frozen=True)
class SupportEnumeration:
    """Every pair of supports of equal size; 2×2 games in closed form.

    ``tol`` bounds the regret of what is reported, relative to the payoff range; ``max_supports``
    bounds the work per game, ``max_vertices`` the vertices per player of a game with ties.
    """

    name: ClassVar[str] = "support-enumeration"
    tol: float = 1e-9
    max_supports: int = 5_000_000
    max_vertices: int = 4_096


@concept("nash", [NormalForm], [SupportEnumeration])
def nash(form: NormalForm, method: SupportEnumeration) -> Equilibria:
    """All Nash equilibria of two-player games.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
    method : SupportEnumeration, optional

    Returns
    -------
    Equilibria
        All extreme equilibria, ties included, and ``complete`` says so. SOLVED games are
        non-degenerate: the equilibria are isolated and these are all. In DEGENERATE games the set
        is a union of polytopes whose corners are pairs of the strategies listed; ``complete`` is
        False only where more than ``max_vertices`` vertices would have to be looked at.

    Raises
    ------
    ConceptError
        For another number of players, or games beyond ``max_supports`` support pairs.

    Notes
    -----
    Support enumeration: each pair of equal-size supports is one linear system per player, in
    closed form up to three actions; binom(m + n, m) - 1 pairs, so 69 for 4×4 and 184,755 for
    10×10. In a non-degenerate game every equilibrium has supports of equal size (von Stengel
    2002, Theorem 2.10). Where a mixture has more best responses than actions the game is solved
    again by pairing all vertices of the two best-response polytopes, which misses none but takes
    time quadratic in their number. Payoff differences below 1e-12 of the range count as ties. The
    regret of each equilibrium is recomputed from the payoffs.

    References
    ----------
    B. von Stengel (2002), Computing equilibria for two-person games, Handbook of Game Theory 3.
    O. L. Mangasarian (1964), Equilibrium points of bimatrix games, J. SIAM 12.

    Examples
    --------
    >>> eq = nash(NormalForm(payoffs=([[3, 0], [0, 2]], [[2, 0], [0, 3]])))
    >>> int(eq.count), eq.strategies[0].round(3).tolist()
    (3, [[1.0, 0.0], [0.0, 1.0], [0.6, 0.4]])
    """
    if len(form.players) != 2:
        raise ConceptError(
            f"nash lists the equilibria of two players, this game has {len(form.players)}:"
            " pure-nash takes any number"
        )
    m, n = form.shape
    if support_pairs(m, n) > method.max_supports:
        raise ConceptError(
            f"nash: a {m}×{n} game has {support_pairs(m, n):,} pairs of supports,"
            f" more than max_supports = {method.max_supports:,}"
        )
    A, B = form.flat()
    count, status = np.zeros(len(A), np.int64), np.zeros(len(A), np.int8)
    if (m, n) == (2, 2):
        profiles = _closed_form(A, B, method, count, status)
        complete = status <= int(Status.DEGENERATE)  # a member would make numpy cast to int64
    else:
        complete = np.zeros(len(A), np.bool_)
        profiles = _supports(A, B, method, count, status, complete)
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="nash",
        method=method.name,
        measure="regret",
        tol=method.tol,
        count=count.reshape(shape),
        status=status.reshape(shape),
        complete=complete.reshape(shape),
        rows=Rows(profiles, lambda rows, owner: regrets(form, rows, owner)),
    )


def _closed_form(
    A: Floats, B: Floats, method: SupportEnumeration, count: Counts, status: Codes
) -> Profiles:
    def call(low: int, high: int, rows: Floats) -> tuple[int, int]:
        steps = (high - low) * 40.0
        found: tuple[int, int] = run(
            solve_two_by_two, steps, A, B, low, high, method.tol, rows, count, status
        )
        return found

    parts = gather(call, len(A), (2,), per_game=1.6)
    return lambda: unpack(joined(parts, (2,)))


def _supports(  # noqa: PLR0913, PLR0917
    A: Floats,
    B: Floats,
    method: SupportEnumeration,
    count: Counts,
    status: Codes,
    complete: NDArray[np.bool_],
) -> Profiles:
    m, n = A.shape[1:]
    largest = min(m, n)
    tables = support_table(m, largest), support_table(n, largest)
    solve = solve_three_by_three if (m, n) == (3, 3) else solve_supports
    effort = 20.0 * support_pairs(m, n) * (m + n)

    def call(low: int, high: int, rows: Floats) -> tuple[int, int]:
        found: tuple[int, int] = run(
            solve, (high - low) * effort, A, B, low, high, method.tol, *tables,
            method.max_vertices, rows, count, status, complete,
        )  # fmt: skip
        return found

    parts = gather(call, len(A), (m + n,), per_game=2.0)
    return lambda: joined(parts, (m + n,))
