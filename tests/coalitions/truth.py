"""Other routes to the same answers: programs solved by HiGHS, and fractions."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]

PEER = find_spec("coopgame") is not None


def programs(worths: Floats, *, imputations: bool = True) -> Floats | None:
    """Nucleolus by linear programs of HiGHS, each coalition a row; None without imputations.

    A coalition stays at its excess if it cannot have a lower one while the largest is least, asked
    by one more program per coalition: slow, and without any argument about multipliers.
    """
    n = len(worths).bit_length() - 1
    size = 1 << n
    member = (np.arange(size)[:, None] >> np.arange(n) & 1).astype(float)
    alone = worths[[1 << i for i in range(n)]]
    scale = max(1.0, abs(worths).max())
    if imputations and alone.sum() > worths[-1] + 1e-12 * scale:
        return None
    bounds: list[tuple[float | None, None]] = [
        (a if imputations else None, None) for a in alone
    ] + [(None, None)]
    fixed = {size - 1: 0.0}
    x = np.zeros(n)
    while np.linalg.matrix_rank(member[list(fixed)]) < n:
        free = [s for s in range(1, size - 1) if not _depends(member, list(fixed), s)]
        rows = np.hstack((-member[free], -np.ones((len(free), 1))))
        equal = np.hstack((member[list(fixed)], np.zeros((len(fixed), 1))))
        right = [worths[s] - e for s, e in fixed.items()]
        cost = np.append(np.zeros(n), 1.0)
        best = _solve(cost, rows, -worths[free], equal, right, bounds)
        epsilon, x = best[-1], best[:-1]
        face = np.vstack((equal, cost)), [*right, epsilon]
        for s in free:
            tight = worths[s] - member[s] @ x >= epsilon - 1e-7 * scale
            if tight and not _depends(member, list(fixed), s):
                most = _solve(np.append(-member[s], 0.0), rows, -worths[free], *face, bounds)
                if member[s] @ most[:-1] <= worths[s] - epsilon + 1e-7 * scale:
                    fixed[s] = epsilon
        if len(fixed) == len(right):  # only single players' demands bind: they are settled there
            _settle_demands(member, fixed, x - alone, 1e-7 * scale)
    square = member[list(fixed)]
    return np.linalg.lstsq(square, [worths[s] - e for s, e in fixed.items()], rcond=None)[0]


def _settle_demands(member: Floats, fixed: dict[int, float], room: Floats, near: float) -> None:
    """Fix the players who get no more than they are worth alone."""
    before = len(fixed)
    for i in np.flatnonzero(room <= near):
        if not _depends(member, list(fixed), 1 << int(i)):
            fixed[1 << int(i)] = 0.0
    if len(fixed) == before:
        raise ArithmeticError("no coalition is settled")


def _depends(member: Floats, fixed: Sequence[int], s: int) -> bool:
    rank = np.linalg.matrix_rank
    return bool(rank(member[[*fixed, s]]) == rank(member[list(fixed)]))


def _solve(
    cost: Floats, rows: Floats, top: Floats, equal: Floats, right: Any, bounds: Any
) -> Floats:
    found = linprog(cost, rows, top, equal, right, bounds, method="highs")
    if not found.success:
        raise ArithmeticError(found.message)
    return found.x


def corner_points(worths: Floats) -> Floats:
    """Vertices (K, N) of the core, every N - 1 coalitions that may be tight, all at once.

    The equations hold zeros and ones and integers: solved to the last digit but a few.
    """
    n = len(worths).bit_length() - 1
    size = 1 << n
    member = (np.arange(size)[:, None] >> np.arange(n) & 1).astype(float)
    chosen = np.array(list(combinations(range(1, size - 1), n - 1)))
    chosen = np.hstack((chosen, np.full((len(chosen), 1), size - 1)))
    systems = member[chosen]
    regular = abs(np.linalg.det(systems)) > 0.5  # determinants are integers
    points = np.linalg.solve(systems[regular], worths[chosen[regular]][..., None])[..., 0]
    near = 1e-9 * max(1.0, abs(worths).max())
    stable = points[(points @ member.T >= worths - near).all(axis=1)]
    return distinct(stable, near)


def distinct(points: Floats, near: float) -> Floats:
    """One of each group of points that are the same."""
    kept: list[Floats] = []
    for point in points:
        if all(abs(point - other).max() > 100 * near for other in kept):
            kept.append(point)
    return np.array(kept).reshape(len(kept), points.shape[1])


def peer(worths: Floats) -> dict[str, Any]:
    """What coopgame-py says: nucleoli in fractions, Shapley and τ; None where it has no answer."""
    from fractions import Fraction

    import coopgame

    exact = [Fraction(v) for v in worths[1:].tolist()]
    game = coopgame.Game(worths[1:].tolist())
    answers: dict[str, Any] = {"shapley": coopgame.shapley(game)}
    for name, domain in (("nucleolus", "imputation"), ("prenucleolus", "preimputation")):
        try:
            found = coopgame.nucleolus_exact(exact, domain)
            answers[name] = [float(a) for a in found["allocation"]]
        except ValueError:
            answers[name] = None
    try:
        answers["tau"] = coopgame.tau_value(game)
    except ValueError:
        answers["tau"] = None
    answers["core"] = game.has_nonempty_core()
    return answers
