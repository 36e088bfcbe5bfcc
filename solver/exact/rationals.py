"""Payoffs as exact numbers, and as the positive integers that the tableaux work with.

A positive affine map of one player's payoffs keeps every best response. Subtracting the least
payoff, dividing by the greatest unit of which all differences are multiples, and adding one
therefore gives the same game with the smallest positive integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from solver.errors import FormError

Ratio = tuple[int, int]


class Scaled(NamedTuple):
    """Positive integers (m, n), and the map back: a payoff is ``least + (integer - 1) * unit``."""

    rows: tuple[tuple[int, ...], ...]
    least: Fraction
    unit: Fraction


def matrix(name: str, payoffs: Any) -> list[list[Ratio]]:
    """Read payoffs (m, n) as ratios of integers, without rounding.

    Parameters
    ----------
    name : str
        What the error message calls them.
    payoffs : (m, n) array or sequence of sequences of int, Fraction, float or Decimal
        A float stands for its exact binary value.

    Raises
    ------
    FormError
        When this is no matrix with at least one row and column, or an entry is not finite.

    """
    array = np.asarray(payoffs, object)
    if array.ndim != 2 or not array.size:
        raise FormError(f"{name} has the shape {array.shape}, not (m, n) with m, n >= 1")
    return [
        [ratio(f"{name}[{i}, {j}]", value) for j, value in enumerate(row)]
        for i, row in enumerate(array.tolist())
    ]


def ratio(name: str, value: Any) -> Ratio:
    """Read one finite number as numerator and positive denominator, without rounding."""
    if isinstance(value, Integral):
        return int(value), 1
    try:
        numerator, denominator = value.as_integer_ratio()
    except (AttributeError, OverflowError, ValueError):
        raise FormError(f"{name} = {value!r} is not a finite number") from None
    return int(numerator), int(denominator)


def scaled(ratios: list[list[Ratio]]) -> Scaled:
    """Map payoffs (m, n) to the smallest positive integers of an equivalent game."""
    denominator = lcm(*(q for row in ratios for _, q in row))
    whole = [[p * (denominator // q) for p, q in row] for row in ratios]
    least = min(map(min, whole))
    unit = gcd(*(v - least for row in whole for v in row)) or 1
    rows = tuple(tuple((v - least) // unit + 1 for v in row) for row in whole)
    return Scaled(rows, Fraction(least, denominator), Fraction(unit, denominator))


def mixture(name: str, weights: Iterable[Any]) -> list[Fraction]:
    """Read weights, of any positive sum, as probabilities that sum to one exactly.

    Raises
    ------
    FormError
        When a weight is negative or not finite, or all are zero.

    """
    exact = [Fraction(*ratio(f"{name}[{k}]", w)) for k, w in enumerate(weights)]
    total = sum(exact, Fraction(0))
    if not total or min(exact) < 0:
        shown = ", ".join(map(str, exact))
        raise FormError(f"{name} = ({shown}) is no mixture: weights are >= 0 and not all zero")
    return [w / total for w in exact]
