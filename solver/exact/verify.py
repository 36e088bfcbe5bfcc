"""Regrets by their definition, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from solver.errors import FormError
from solver.exact.rationals import matrix, mixture


def verify(A: Any, B: Any, x: Iterable[Any], y: Iterable[Any]) -> tuple[Fraction, Fraction]:
    """Regrets of one profile, exactly: it is an equilibrium if and only if both are zero.

    Parameters
    ----------
    A, B : (m, n) array-like of int, Fraction or float
        Payoffs of the row and of the column player.
    x, y : (m,) and (n,) iterables of int, Fraction or float
        Mixtures; weights are divided by their exact sum, as floats hardly ever sum to one.

    Returns
    -------
    (Fraction, Fraction)
        What each player would gain by the best deviation, at least zero.

    Raises
    ------
    FormError
        When the shapes disagree, a number is not finite, or x or y is no mixture.

    Notes
    -----
    ``max_i (A y)_i - x A y`` and ``max_j (x B)_j - x B y``: 2mn products. Nothing is
    shared with the search for equilibria but how numbers are read.

    Examples
    --------
    >>> verify([[1, 0], [0, 1]], [[0, 1], [1, 0]], (1, 1), (3, 1))
    (Fraction(1, 4), Fraction(0, 1))

    """
    own = [[Fraction(*u) for u in row] for row in matrix("A", A)]
    other = [[Fraction(*u) for u in row] for row in matrix("B", B)]
    p, q = mixture("x", x), mixture("y", y)
    for name, payoffs in (("A", own), ("B", other)):
        shape = len(payoffs), len(payoffs[0])
        if shape != (len(p), len(q)):
            raise FormError(f"{name} has the shape {shape}, the mixtures {(len(p), len(q))}")
    return _regret(own, p, q), _regret(list(zip(*other, strict=True)), q, p)


def _regret(payoffs: list[Any], own: list[Fraction], other: list[Fraction]) -> Fraction:
    """Regret of the player whose actions are the rows."""
    pure = [_dot(row, other) for row in payoffs]
    return max(pure) - _dot(pure, own)


def _dot(values: Iterable[Fraction], weights: list[Fraction]) -> Fraction:
    return sum((u * w for u, w in zip(values, weights, strict=True) if w), Fraction(0))
