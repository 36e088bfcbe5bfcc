"""What correlated and coarse correlated equilibria share: solving, a second try, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._obedience import SMALLEST_RANGE, Pattern, measured, pattern, stacked
from solver.concepts._obedience_programs import by_cvxpy, by_highs, by_newton, entropy_away
from solver.concepts._objectives import Aim, Cvxpy, Highs, MostEntropy, Simplex, aim
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.correlated import certify_correlated, solve_correlated

#: Of both concepts.
MEASURE = "gain from disobeying, and distance from the optimum"


@final
@dataclass(frozen=True, eq=False)
class Best:
    """The best distributions (G, cells), how far from the optimum they are at most, and status.

    ``pivots`` (G,) counts those of the simplex method; -1 where another way found the answer.
    """

    joint: Floats
    away: Floats
    status: NDArray[np.int8]
    pivots: NDArray[np.int64]

    @classmethod
    def of(cls, games: int, cells: int) -> Best:
        """Room for so many games."""
        joint, away = np.zeros((games, cells)), np.zeros(games)
        return cls(joint, away, np.zeros(games, np.int8), np.full(games, -1, np.int64))


def solve(
    name: str,
    form: NormalForm,
    method: Simplex | Highs | Cvxpy | MostEntropy,
    *,
    coarse: bool,
) -> Equilibria:
    """The best equilibrium of each game, by its name."""
    target = aim(method.objective, len(form.players))
    ways, U = pattern(form.shape, coarse=coarse), stacked(form)
    if isinstance(method, Simplex):
        best = by_simplex(U, target, ways, method.tol)
    else:
        best = by_program(U, target, ways, method)
    found = np.flatnonzero(best.status != Status.INVALID_INPUT)
    everything = len(found) == len(U)
    joint = best.joint if everything else best.joint[found]

    def values(_: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
        payoffs, gaps = measured(U, joint, owner, ways)
        return payoffs, np.maximum(gaps, best.away[owner][:, None])

    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept=name,
        method=method.name,
        measure=MEASURE,
        tol=method.tol,
        count=(best.status != Status.INVALID_INPUT).astype(np.int64).reshape(shape),
        status=best.status.reshape(shape),
        complete=np.zeros(shape, np.bool_),
        rows=Rows(lambda: marginals(joint, form.shape), values, joint=joint),
    )


def by_simplex(U: Floats, target: Aim, ways: Pattern, tol: float) -> Best:
    """By the kernel; what it cannot certify by HiGHS, if that is installed."""
    games, _, cells = U.shape
    best = Best.of(games, cells)
    weights, least = target.weights, target.least

    def work(low: int, high: int) -> None:
        steps = (high - low) * (ways.ways + 8.0) * cells * 5.0
        run(
            solve_correlated, steps, U, weights, least, *ways, low, high, tol,
            best.joint, best.away, best.pivots, best.status,
        )  # fmt: skip

    over_ranges(games, SMALLEST_RANGE, work)
    if (best.status == Status.NOT_CONVERGED).any():
        _try_again(U, target, ways, tol, best)
    return best


def _try_again(U: Floats, target: Aim, ways: Pattern, tol: float, best: Best) -> None:
    """Replace the answers that are not certified by those that HiGHS finds, if these are."""
    doubtful = np.flatnonzero(best.status == Status.NOT_CONVERGED)
    weights = target.weights if len(target.weights) == 1 else target.weights[doubtful]
    some = target._replace(weights=weights)
    try:
        again = _certified(U[doubtful], some, ways, tol, *by_highs(U[doubtful], some, ways))
    except ConceptError:  # not installed: they stay in doubt
        return
    better = again.status == Status.SOLVED
    places = doubtful[better]
    best.joint[places], best.away[places] = again.joint[better], again.away[better]
    best.status[places], best.pivots[places] = Status.SOLVED, -1


def by_program(U: Floats, target: Aim, ways: Pattern, method: Highs | Cvxpy | MostEntropy) -> Best:
    """By a package for such programs, for all games whose payoffs are finite."""
    games, _, cells = U.shape
    finite = np.isfinite(U).all(axis=(1, 2))
    with np.errstate(over="ignore", invalid="ignore"):
        finite &= np.isfinite(U.max(axis=2) - U.min(axis=2)).all(axis=1)
    best = Best.of(games, cells)
    best.status[~finite] = Status.INVALID_INPUT
    if finite.any():
        find = {"highs": by_highs, "cvxpy": by_cvxpy, "entropy": by_newton}[method.name]
        some = _certified(U[finite], target, ways, method.tol, *find(U[finite], target, ways))
        best.joint[finite], best.away[finite] = some.joint, some.away
        best.status[finite] = some.status
    return best


def _certified(  # noqa: PLR0913, PLR0917
    U: Floats,
    target: Aim,
    ways: Pattern,
    tol: float,
    joint: Floats,
    prices: Floats,
    found: NDArray[np.bool_],
) -> Best:
    """What a package found, with its certificates."""
    best = Best.of(len(U), U.shape[2])
    best.joint[:] = joint
    if target.entropy:
        best.away[:] = entropy_away(U, joint, prices, target, ways)
        worst = measured(U, joint, np.arange(len(U)), ways)[1].max(axis=1)
        bad = ~(np.maximum(worst, best.away) <= tol)
        best.status[bad] = Status.NOT_CONVERGED
    else:
        run(
            certify_correlated, len(U) * U.shape[2] * 50.0, U, target.weights, target.least, *ways,
            0, len(U), tol, joint, prices, best.away, best.status,
        )  # fmt: skip
    best.status[~found] = Status.NOT_CONVERGED
    return best


def marginals(joint: Floats, shape: tuple[int, ...]) -> Floats:
    """Each player's own probabilities side by side (E, m_1 + ... + m_N)."""
    cube = joint.reshape(len(joint), *shape)
    axes = range(1, len(shape) + 1)
    parts = [cube.sum(axis=tuple(a for a in axes if a != own)) for own in axes]
    return np.concatenate(parts, axis=1)
