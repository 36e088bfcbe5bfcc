"""Bargaining over a price per unit, without a lump sum: a frontier that is curved.

A supplier with unit cost c sells to a buyer who faces the demand p = a - b q. At a wholesale price
w the buyer sells q = (a - w)/(2b) and earns b q²; the supplier earns (w - c) q. A higher price
shrinks what there is to divide, so that payoffs cannot be transferred one for one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.forms.frontier import FrontierProblem

Floats = NDArray[np.float64]


def linear_price(  # noqa: PLR0913
    *,
    intercept: ArrayLike,
    cost: ArrayLike = 0.0,
    power: ArrayLike = 0.5,
    slope: ArrayLike = 1.0,
    disagreement: Sequence[ArrayLike] = (),
    outside: Sequence[ArrayLike] = (),
    players: tuple[str, str] = ("supplier", "buyer"),
) -> FrontierProblem:
    """Bargaining over a wholesale price under linear demand.

    Parameters
    ----------
    intercept : array-like (*B)
        Price a at which the buyer's customers buy nothing.
    cost : array-like (*B), optional
        The supplier's cost c per unit, at most a.
    power : array-like (*B), optional
        The supplier's bargaining weight β; the buyer's is 1 - β.
    slope : array-like (*B), optional
        By how much one more unit lowers the price, b > 0.
    disagreement, outside : pair of array-like (*B), optional
        As in `FrontierProblem`.
    players : (str, str), optional

    Returns
    -------
    FrontierProblem
        From a price at cost, w = c, to the one that the supplier likes best, w = (a + c)/2.

    Notes
    -----
    With zero disagreement payoffs the Nash solution is w = c + β (a - c)/2, and the proportional
    one w = [β a + 2 (1 - β) c]/(2 - β), but at most (a + c)/2. That cap is reached at β = 2/3:
    beyond it the proportional point is off the efficient frontier, and the method
    ``lexicographic`` of `egalitarian` finds the price.

    Examples
    --------
    >>> form = linear_price(intercept=10, cost=2, power=0.5)
    >>> float(wholesale_price(form, [6.0, 9.0]))
    4.0
    """
    a, c, b = (np.asarray(entry, float) for entry in (intercept, cost, slope))
    return FrontierProblem(
        players=players,
        function=_buyer_profit,
        slope=_slope,
        low=np.zeros(()),
        high=(a - c) ** 2 / (8.0 * b),
        parameters={"width": a - c, "intercept": a, "slope": b},
        disagreement=disagreement,
        outside=outside,
        weights=(power, 1.0 - np.asarray(power, float)),
    )


def wholesale_price(form: FrontierProblem, payoffs: ArrayLike) -> Floats:
    """The price w at which the buyer earns what it gets in payoffs (*B, 2): a - 2 √(b u_2)."""
    earned = np.asarray(payoffs, np.float64)[..., 1]
    a, b = (np.asarray(form.parameters[name]) for name in ("intercept", "slope"))
    price: Floats = a - 2.0 * np.sqrt(b * earned)
    return price


def _buyer_profit(u1: Floats, *, width: Floats, intercept: Floats, slope: Floats) -> Floats:
    """((D + s)/4)²/b with D = a - c and s = √(D² - 8 b u_1), which is D - 2 (w - c)."""
    del intercept
    root = np.sqrt(np.maximum(width**2 - 8.0 * slope * u1, 0.0))
    profit: Floats = (0.25 * (width + root)) ** 2 / slope
    return profit


def _slope(u1: Floats, *, width: Floats, intercept: Floats, slope: Floats) -> Floats:
    del intercept
    root = np.sqrt(np.maximum(width**2 - 8.0 * slope * u1, 0.0))
    steepness: Floats = -0.5 * (width / root + 1.0)
    return steepness
