"""Whether a mixture dominates, in rational arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from solver._jit import interpret
from solver.kernels.gains import most_gain, room

#: Gains of up to this share of the payoff range are ties: least gains, and sums of gains.
TIE, ROUGH = Fraction(1, 10**12), Fraction(1, 10**10)


def is_dominated(
    payoffs: Any,
    judged: Sequence[int],
    *,
    strict: bool,
    rows: Sequence[int] | None = None,
    columns: Sequence[int] | None = None,
) -> bool:
    """Whether a mixture of the rows dominates even play of those `judged`, by more than ties.

    Parameters
    ----------
    payoffs : (k, n) array-like of int, Fraction or float
        What the player gets by its row and the others' column; floats at their binary value. Of
        their range, whatever is left of them, a gain of 1e-12 against every column is a tie, and so
        are gains that sum up to 1e-10.
    judged : sequence of int
        Rows that are played with the same probability.
    strict : bool
        Better against every column; otherwise as good against all and better against some.
    rows, columns : sequence of int, optional
        Those that are left.

    Notes
    -----
    The simplex method of the kernels, over fractions and with Bland's rule, which ends. The gains
    of its mixture bound the most from below, the weights of its columns from above: they are equal.

    Examples
    --------
    >>> is_dominated([[3, 0], [0, 3], [1, 1]], [2], strict=True)
    True
    """
    table = [[Fraction(value) for value in row] for row in np.asarray(payoffs, object).tolist()]
    every = [value for row in table for value in row]
    spread = max(every) - min(every)
    if spread == 0:
        return False
    left = range(len(table)) if rows is None else rows
    against = range(len(table[0])) if columns is None else columns
    mean = {j: sum((table[r][j] for r in judged), Fraction(0)) / len(judged) for j in against}
    gains = [[(table[k][j] - mean[j]) / spread for j in against] for k in left]
    one, most = Fraction(1), 10**9
    space = room(len(left), len(against), object)
    lower, upper = interpret(
        most_gain, np.array(gains, object), strict, Fraction(0), one, most, *space
    )
    assert lower == upper, f"bounds {lower} and {upper} on one gain"  # noqa: S101
    return bool(lower > (TIE if strict else ROUGH))
