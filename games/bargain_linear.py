"""One supplier and one customer bargain over a price per unit, without any lump sum.

The customer sells on under linear demand of top a: V(1 - p/a) units at the price p. At a wholesale
price w it buys V(1 - w/a)/2, so that a higher price shrinks what there is to divide and payoffs
cannot be passed on one for one. With the supplier's cost c and weight β, Nash's solution is
w = c + β(a - c)/2 and Kalai's proportional one w = [βa + 2(1 - β)c]/(2 - β), but at most
(a + c)/2, the price that the supplier would choose alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games import _quantities
from solver.equilibria import Equilibria
from solver.forms.frontier import FrontierProblem
from solver.forms.linear_price import linear_price, wholesale_price
from solver.game import Game, Values

Floats = NDArray[np.float64]

#: The price counts as that of a supplier alone within this part of the gains per unit.
CLOSE = 1e-6


def build(**p: Floats) -> FrontierProblem:
    """Prices from cost to the one that the supplier likes best."""
    return linear_price(
        intercept=np.maximum(p["demand_top"], p["supplier_cost"]),
        cost=p["supplier_cost"],
        power=p["supplier_power"],
        slope=p["demand_top"] / p["volume"],
        players=("supplier", "customer"),
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The price per unit, what is bought, payoffs, and what other terms could add to them."""
    payoffs = equilibria.first(equilibria.payoffs)
    price = np.minimum(wholesale_price(build(**p), payoffs), _monopoly(p))
    price = np.where(_trade(p), price, np.nan)
    most = p["volume"] * np.maximum(p["demand_top"] - p["supplier_cost"], 0.0) ** 2
    return {
        "price": price,
        "quantity": p["volume"] * np.where(_trade(p), (1.0 - price / p["demand_top"]) / 2.0, 0.0),
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
        "waste": most / (4.0 * p["demand_top"]) - payoffs.sum(axis=-1),
    }


def _monopoly(p: Values) -> Floats:
    """The price that the supplier likes best; above it both lose."""
    return (p["demand_top"] + p["supplier_cost"]) / 2.0


def _trade(p: Values) -> NDArray[np.bool_]:
    return np.asarray(p["demand_top"] > p["supplier_cost"])


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether they trade, and whether the price is one that the supplier would choose alone."""
    top, cost = p["demand_top"], p["supplier_cost"]
    price = outcomes(p, equilibria)["price"]
    supplier = price >= _monopoly(p) - CLOSE * (top - cost)
    trade = np.where(supplier, 2, 1)
    codes: NDArray[np.intp] = np.where(_trade(p), trade, 0)
    return np.where(equilibria.count > 0, codes, -1)


bargain_linear = Game(
    name="bargain_linear",
    parameters=_quantities.PARAMETERS,
    build=build,
    doc="""Supplier and customer bargain over a price per unit that the customer passes on.

Without a lump sum every dollar for the supplier costs the customer more than a dollar, so that the
solutions of Nash, of Kalai and Smorodinsky and the proportional one part ways, which in money they
do not. From a weight of two thirds on, no price gives the supplier its proportion: it gets the most
that it can, and the customer is held down by throwing payoffs away, which `waste` shows. The method
lexicographic of the concept egalitarian leaves them to the customer.""",
    references=(
        "J. F. Nash (1950), The bargaining problem, Econometrica 18.",
        "E. Kalai (1977), Proportional solutions to bargaining situations, Econometrica 45.",
        "J. J. Spengler (1950), Vertical integration and antitrust policy, JPE 58.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "bargained", "supplier-optimum"),
    units={
        "price": "$k/AE",
        "quantity": "kAE",
        "supplier_payoff": "$M",
        "buyer_payoff": "$M",
        "waste": "$M",
    },
)
