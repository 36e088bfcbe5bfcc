"""The best distribution or lottery, as cvxpy states it; its only import.

References
----------
S. Diamond, S. Boyd (2016), CVXPY: a Python-embedded modeling language for convex optimization,
Journal of Machine Learning Research 17.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from solver.errors import ConceptError

Floats = NDArray[np.float64]

#: What its interior-point solver is asked for: more than it can always reach.
ACCURACY = 1e-12


def best_distribution(worths: Floats | None, G: Floats) -> tuple[Floats, Floats, Floats]:
    """Maximise the smallest of ``worths @ p`` over distributions p with ``G @ p <= 0``.

    Parameters
    ----------
    worths : (K, n) or None
        None maximises the entropy of p instead.
    G : (R, n)

    Returns
    -------
    p (n,), prices (R,) of the rows of G, and shares (K,) of the rows of `worths`
        NaN where the solver gave up.

    Raises
    ------
    ConceptError
        Where cvxpy is not installed.
    """
    cp = _cvxpy()
    p = cp.Variable(G.shape[1], nonneg=True)
    obeyed, lowest = [G @ p <= 0], []
    if worths is None:
        objective = cp.sum(cp.entr(p))
    else:
        objective = cp.Variable()
        lowest = [objective <= worths @ p]
    problem = cp.Problem(cp.Maximize(objective), [cp.sum(p) == 1, *obeyed, *lowest])
    options = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), ACCURACY)
    with suppress(cp.error.SolverError), catch_warnings():
        simplefilter("ignore")  # of few digits: who asks measures what comes out
        problem.solve(solver=cp.CLARABEL, **options)
    count = 0 if worths is None else len(worths)
    return (
        _value(p.value, G.shape[1]),
        _value(obeyed[0].dual_value, len(G)),
        _value(lowest[0].dual_value if lowest else None, count),
    )


def largest_product(gains: Floats, weights: Floats) -> Floats:
    """Maximise ``weights @ log(g)`` over lotteries g >= 0 among points ``gains`` (M, N).

    Weights are not negative and some are positive. Returns g (N,), NaN where the solver gave up.

    Raises
    ------
    ConceptError
        Where cvxpy is not installed.
    """
    cp = _cvxpy()
    lottery = cp.Variable(len(gains), nonneg=True)
    size = np.where(np.abs(gains).max(axis=0) > 0.0, np.abs(gains).max(axis=0), 1.0)
    reached = (gains / size).T @ lottery
    counts = np.flatnonzero(weights > 0.0)
    objective = (weights[counts] / weights.sum()) @ cp.log(reached[counts])
    problem = cp.Problem(cp.Maximize(objective), [cp.sum(lottery) == 1, reached >= 0.0])
    options = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), ACCURACY)
    with suppress(cp.error.SolverError), catch_warnings():
        simplefilter("ignore")  # of few digits: who asks measures what comes out
        problem.solve(solver=cp.CLARABEL, **options)
    if lottery.value is None:
        return np.full(gains.shape[1], np.nan)
    shares = np.maximum(np.asarray(lottery.value, float), 0.0)
    return np.asarray(shares / shares.sum() @ gains)


def _value(found: Any, size: int) -> Floats:
    return np.full(size, np.nan) if found is None else np.reshape(np.asarray(found, float), size)


def _cvxpy() -> Any:
    try:
        return import_module("cvxpy")
    except ImportError:
        raise ConceptError(
            "this method needs cvxpy, which is not installed: pip install 'coopet[programs]'"
        ) from None
