"""Value and optimal strategies of zero-sum games, and security strategies of any game."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._concept import concept
from solver.concepts._matrix_games import (
    matrix_games,
    one_row_each,
    require_tolerance,
    require_two,
    transposed,
)
from solver.concepts._rows import SMALLEST_RANGE
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.duality import column_floor, constant_sum
from solver.kernels.scaling import TIE


@final
@dataclass(frozen=True)
class Simplex:
    """Constant-sum games: one linear program gives the strategies of both players.

    ``tol`` bounds the duality gap of what is reported, relative to the payoff range.
    """

    name: ClassVar[str] = "simplex"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class Security:
    """Any game: what each player can guarantee itself whatever the other does.

    ``tol`` bounds the duality gap of what is reported, relative to the payoff range.
    """

    name: ClassVar[str] = "security"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@concept("minimax", NormalForm, [Simplex, Security])
def minimax(form: NormalForm, method: Simplex | Security) -> Equilibria:
    """Value and optimal strategies of zero-sum games; security strategies of any two-player game.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
        For the simplex method, what the players get must add up to the same in every profile, to
        1e-12 of the payoff range or the rounding of the payoffs: other games are INVALID_INPUT.
    method : Simplex or Security, optional

    Returns
    -------
    Equilibria
        One optimal strategy of each player. ``payoffs`` are the values: what these strategies
        guarantee, in the units of the payoffs. ``gap`` is by how much more the best
        counter-strategy found concedes, relative to the range of the player's payoffs, so it
        bounds the error of the value. ``complete`` where the strategies are proven to be the only
        optimal ones; the value always is.

    Raises
    ------
    ConceptError
        For another number of players; for the simplex method also where no game of the batch is
        constant-sum.

    Notes
    -----
    In a constant-sum game the two values add up to the constant, and the pairs of optimal
    strategies are the Nash equilibria (von Neumann 1928). With the method ``security`` each player
    is taken to face an opponent that only wants to hurt it: two zero-sum games, one in the payoffs
    of each player. The values need not add up to anything and the pair of strategies need not be
    an equilibrium.

    Pure saddle points are tested first; 2×2 games, and 3×3 games without ties, have closed forms;
    the simplex method takes the others, on a tableau of (m+1)(n+1) numbers, in about as many
    pivots as there are actions. Small games of a batch are solved side by side, one in each lane of
    the vector registers, with the same pivots as alone. Optimal strategies are found in every
    finite game; where there are several, one is given.

    References
    ----------
    J. von Neumann (1928), Zur Theorie der Gesellschaftsspiele, Math. Annalen 100.
    G. B. Dantzig (1951), A proof of the equivalence of the programming problem and the game
    problem, in Activity Analysis of Production and Allocation.

    Examples
    --------
    >>> rock_paper_scissors = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    >>> eq = minimax(NormalForm([rock_paper_scissors, -rock_paper_scissors]))
    >>> eq.strategies[0].round(3).tolist(), bool(eq.complete)
    ([[0.333, 0.333, 0.333]], True)
    """
    require_two(form, "minimax")
    if isinstance(method, Security):
        return _security(form, method)
    A, B = form.flat()
    constant = np.empty(len(A), np.bool_)

    def compare(low: int, high: int) -> None:
        steps = (high - low) * 5.0 * A.shape[1] * A.shape[2]
        run(constant_sum, steps, A, B, low, high, TIE, constant)

    found = matrix_games(A, method.tol, compare)
    status = found.status
    # Not constant: A and B are two games. B is not finite where its sum with A is not.
    if not constant.any() and (status != int(Status.INVALID_INPUT)).any():
        raise ConceptError(
            "minimax by simplex takes games whose payoffs add up to a constant, and no game here"
            " does: method security gives what each player can secure"
        )
    status[~constant] = Status.INVALID_INPUT
    unique = found.unique & (status == int(Status.SOLVED))
    valid = status != int(Status.INVALID_INPUT)
    keep = slice(None) if valid.all() else valid

    def values(*_: object) -> tuple[Floats, Floats]:
        payoffs = np.stack((found.value, _guaranteed(B, found.strategies)), axis=-1)
        return payoffs[keep], np.stack((found.gap[keep],) * 2, axis=-1)

    rows = Rows(lambda: found.strategies[keep], values)
    return _equilibria(form, method, (valid.astype(np.int64), rows), status, unique)


def _security(form: NormalForm, method: Security) -> Equilibria:
    """Solve both players' own games; the other's strategy in each is only its certificate."""
    A, B = form.flat()
    m = form.shape[0]
    first, second = matrix_games(A, method.tol), matrix_games(transposed(B), method.tol)
    n = form.shape[1]
    profiles = np.concatenate((first.strategies[:, :m], second.strategies[:, :n]), axis=1)
    status = np.maximum(first.status, second.status)
    payoffs = np.stack((first.value, second.value), axis=-1)
    gaps = np.stack((first.gap, second.gap), axis=-1)
    found = one_row_each(status, profiles, payoffs, gaps)
    return _equilibria(form, method, found, status, first.unique & second.unique)


def _equilibria(
    form: NormalForm,
    method: Simplex | Security,
    found: tuple[NDArray[np.int64], Rows],
    status: NDArray[np.int8],
    unique: NDArray[np.bool_],
) -> Equilibria:
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="minimax",
        method=method.name,
        measure="duality gap",
        tol=method.tol,
        count=found[0].reshape(shape),
        status=status.reshape(shape),
        complete=unique.reshape(shape),
        rows=found[1],
    )


def _guaranteed(B: Floats, strategies: Floats) -> Floats:
    """What the column player's strategies guarantee it in its own payoffs (G, m, n)."""
    value = np.empty(len(B))

    def work(low: int, high: int) -> None:
        run(
            column_floor,
            (high - low) * 2.0 * B.shape[1] * B.shape[2],
            B,
            strategies,
            low,
            high,
            value,
        )

    over_ranges(len(B), SMALLEST_RANGE, work)
    return value
