"""Domination where the kernel is in doubt: by HiGHS for large tables, or else in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver._jit import interpret
from solver.errors import ConceptError
from solver.exact.dominance import is_dominated
from solver.forms.normal import Floats
from solver.kernels.dominance import DOUBT, YES, decided
from solver.kernels.gains import from_above, from_below
from solver.kernels.scaling import TIE
from solver.programs.linear import LinearPrograms

#: Cells from which fractions take longer than a tenth of a second.
MANY = 250


def settled(
    payoffs: Any,
    judged: Sequence[int],
    rows: Sequence[int],
    columns: Sequence[int],
    *,
    strict: bool,
) -> bool:
    """Whether a mixture of `rows` dominates even play of those `judged`, against `columns`.

    ``payoffs`` (k, n) are exact numbers, or floats that stand for themselves. The bounds from
    HiGHS are computed like those of the kernel, from what it answers; if they leave a doubt, or it
    is not installed, fractions decide.
    """
    if len(rows) * len(columns) > MANY:
        table = np.asarray(payoffs, np.float64)
        spread = table.max() - table.min()
        mean = table[list(judged)].mean(axis=0) if len(judged) > 1 else table[judged[0]]
        M = ((table - mean) / spread)[np.ix_(list(rows), list(columns))]
        M[np.abs(M) <= TIE] = 0.0
        try:
            code = _by_highs(M, strict=strict)
        except ConceptError:
            code = DOUBT
        if code != DOUBT:
            return code == YES
    return is_dominated(payoffs, judged, strict=strict, rows=rows, columns=columns)


def _by_highs(M: Floats, *, strict: bool) -> int:
    """What the bounds on the gain of mixtures of M (k, n) say."""
    k, n = M.shape
    width = k + 1 if strict else k
    entries = np.ones((width, n + 1))  # a column of the program each: gains, then the mass
    entries[:k, :n] = -M
    cost = -M.sum(axis=1)
    if strict:
        entries[k, n] = 0.0
        cost = np.append(np.zeros(k), -1.0)
    program = LinearPrograms(
        cost=cost,
        low=np.zeros(width),
        row_low=np.full(n + 1, -np.inf),
        row_high=np.append(np.zeros(n), 1.0),
        start=np.arange(width + 1) * (n + 1),
        row=np.tile(np.arange(n + 1), width),
    )
    points, multipliers, solved = program.solve(entries.reshape(1, -1))
    if not solved[0]:
        return DOUBT
    x, weights = points[0, :k].clip(0.0), (-multipliers[0, :n]).clip(0.0)
    lower = interpret(from_below, M, strict, TIE, 0.0, x)
    upper = interpret(from_above, M, strict, 1.0, weights)
    code: int = interpret(decided, lower, upper, strict)
    return code
