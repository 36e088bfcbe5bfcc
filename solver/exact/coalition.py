"""Coalition games in rational arithmetic: Shapley value, nucleolus, and whether there is a core.

The nucleolus is found by the kernel that the floats take, interpreted on fractions with no
tolerance, and certified here: ranks are those of integer matrices (FLINT), and what is said of the
excesses is computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any, final

import flint
import numpy as np

from solver._jit import interpret
from solver.kernels.nucleolus import NONE_EXIST, SOLVED, nucleolus_of

Row = tuple[Fraction, ...]


@final
@dataclass(frozen=True)
class ExactNucleolus:
    """An allocation and whether it passed Kohlberg's criterion; None if there is no imputation."""

    allocation: Row | None
    proven: bool


def exact_shapley(worths: Sequence[Fraction]) -> Row:
    """The Shapley value of one game (2**N,), by its definition."""
    n = len(worths).bit_length() - 1
    share = [Fraction(factorial(size) * factorial(n - size - 1), factorial(n)) for size in range(n)]
    values = [Fraction(0)] * n
    for s in range(1 << n):
        for i in range(n):
            if not s >> i & 1:
                values[i] += share[s.bit_count()] * (worths[s | 1 << i] - worths[s])
    return tuple(values)


def exact_nucleolus(worths: Sequence[Fraction], *, imputations: bool = True) -> ExactNucleolus:
    """The nucleolus of one game (2**N,), or without `imputations` its prenucleolus."""
    n = len(worths).bit_length() - 1
    x, weight = _fractions(n), _fractions(n * n)
    column, level = np.zeros(n * n, np.int64), np.zeros(n * n, np.int64)
    places, work, wide = (
        np.zeros((2, n), np.int64),
        _fractions(2 * n + 6, n + 1),
        _fractions(n + 4, (1 << n) + n),
    )
    v = np.array([*worths, None], object)[:-1]
    status, used = interpret(
        nucleolus_of, v, n, imputations, 0, 0, x, column, level, weight, places, work, wide
    )
    if status == NONE_EXIST:
        return ExactNucleolus(None, proven=True)
    allocation = tuple(Fraction(value) for value in x)
    named: list[dict[int, Fraction]] = [{} for _ in range(n)]
    for k in range(used):
        named[level[k]][int(column[k])] = Fraction(weight[k])
    proven = status == SOLVED and kohlberg(
        worths, allocation, [step for step in named if step], imputations=imputations
    )
    return ExactNucleolus(allocation, proven)


def core_is_empty(worths: Sequence[Fraction]) -> bool:
    """Whether some coalition of one game (2**N,) has a positive excess at every allocation.

    Raises
    ------
    ArithmeticError
        If the prenucleolus, whose largest excess is the least there is, could not be proven.
    """
    found = exact_nucleolus(worths, imputations=False)
    if found.allocation is None or not found.proven:
        raise ArithmeticError("the prenucleolus was not proven")
    proper = range(1, len(worths) - 1)
    return any(excess(worths, found.allocation, s) > 0 for s in proper)


def excess(worths: Sequence[Fraction], allocation: Sequence[Fraction], s: int) -> Fraction:
    """What a coalition could earn alone less what its members get."""
    return worths[s] - sum((x for i, x in enumerate(allocation) if s >> i & 1), Fraction(0))


def kohlberg(
    worths: Sequence[Fraction],
    allocation: Row,
    steps: Sequence[dict[int, Fraction]],
    *,
    imputations: bool,
) -> bool:
    """Whether the steps prove that an allocation is the nucleolus.

    Each step names coalitions with weights, numbers from 2**N on standing for the demands of
    single players; see `solver.kernels.kohlberg` for what they must obey.
    """
    n = len(allocation)
    size = 1 << n
    excesses = [excess(worths, allocation, s) for s in range(size)]
    feasible = excesses[size - 1] == 0
    if imputations:
        feasible = feasible and all(excesses[1 << i] <= 0 for i in range(n))
    settled = [_indicator(size - 1, n)]
    proven = feasible
    for step in steps:
        proven = proven and _balanced(step, settled, n) and _lowest(step, excesses, settled, n)
        settled += [_indicator(_members(c, n), n) for c in step]
    return proven and _rank(settled) == n


def _balanced(step: dict[int, Fraction], settled: list[list[Fraction]], n: int) -> bool:
    """Whether the weights are positive and their sum lies in what is settled."""
    counted = [weight for c, weight in step.items() if c < 1 << n]
    total = [
        sum((w for c, w in step.items() if _members(c, n) >> i & 1), Fraction(0)) for i in range(n)
    ]
    whole = not counted or sum(counted) == 1
    return whole and min(step.values()) > 0 and _inside(settled, total)


def _lowest(
    step: dict[int, Fraction], excesses: list[Fraction], settled: list[list[Fraction]], n: int
) -> bool:
    """Whether the coalitions named have one excess, above it settled ones only."""
    named = {excesses[c] for c in step if c < 1 << n}
    if any(excesses[_members(c, n)] != 0 for c in step if c >= 1 << n) or len(named) > 1:
        return False
    higher = [s for s in range(1, (1 << n) - 1) if named and excesses[s] > min(named)]
    return all(_inside(settled, _indicator(s, n)) for s in higher)


def _members(column: int, n: int) -> int:
    return column if column < 1 << n else 1 << (column - (1 << n))


def _fractions(*shape: int) -> Any:
    return np.full(shape, Fraction(0), object)


def _indicator(s: int, n: int) -> list[Fraction]:
    return [Fraction(s >> i & 1) for i in range(n)]


def _inside(rows: list[list[Fraction]], row: list[Fraction]) -> bool:
    """Whether a row is a combination of others."""
    return _rank([*rows, row]) == _rank(rows)


def _rank(rows: list[list[Fraction]]) -> int:
    entries = [[flint.fmpq(v.numerator, v.denominator) for v in row] for row in rows]
    rank: int = flint.fmpq_mat(entries).rref()[1]
    return rank
