"""Customers who buy at a price per unit and compete in quantities.

The price is a(1 - (q_1 + q_2)/V): a is the top of demand, V the volume sold at a price of zero.
Customer i buys at w_i and sells q_i = (V/a)(a - 2 w_i + w_j)/3, or (V/a)(a - w_i)/2 if it is alone,
where these are positive. It earns (a/V) q_i².
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.game import Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

PARAMETERS = (
    Parameter(
        "demand_top",
        default=100.0,
        low=1e-9,
        unit="$k/AE",
        doc="Price at which the customers sell nothing.",
    ),
    calibrated("volume", low=1e-9, doc="What the customers would sell at a price of zero."),
    calibrated("supplier_cost"),
    calibrated("supplier_power", high=1.0),
)

REFERENCES = (
    "H. Horn, A. Wolinsky (1988), Bilateral monopolies and incentives for merger, RAND J. 19.",
    "A. Collard-Wexler, G. Gowrisankaran, R. S. Lee (2019), Nash-in-Nash bargaining, JPE 127.",
)

UNITS = {"price": "$k/AE", "supplier_payoff": "$M", "buyer_payoff": "$M"}


def quantities(
    terms: tuple[Floats, ...], active: tuple[bool, ...], top: Floats, volume: Floats
) -> tuple[Floats, Floats]:
    """What the two customers buy, kAE, at wholesale prices (w_1, w_2); nothing without a link."""
    first, second = terms
    per_price = volume / top
    alone = np.maximum(top - first, 0.0) / 2.0, np.maximum(top - second, 0.0) / 2.0
    if not all(active):
        return per_price * alone[0] * active[0], per_price * alone[1] * active[1]
    q1, q2 = (top - 2.0 * first + second) / 3.0, (top - 2.0 * second + first) / 3.0
    q1, q2 = np.where(q2 < 0.0, alone[0], q1), np.where(q1 < 0.0, alone[1], q2)
    return per_price * np.maximum(q1, 0.0), per_price * np.maximum(q2, 0.0)


def outcomes(equilibria: Equilibria, buyer: int) -> dict[str, Floats]:
    """The first customer's price, and what it and its supplier earn."""
    assert equilibria.terms is not None
    payoffs = equilibria.first(equilibria.payoffs)
    return {
        "price": equilibria.first(equilibria.terms)[..., 0],
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., buyer],
    }


def regime(parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the customers can sell anything for more than the supplier's cost."""
    trade = np.where(parameters["demand_top"] > parameters["supplier_cost"], 1, 0)
    codes: NDArray[np.intp] = np.where(equilibria.count > 0, trade, -1)
    return codes
