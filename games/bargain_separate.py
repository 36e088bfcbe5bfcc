"""Two customers who compete bargain over wholesale prices, each with a supplier of its own.

With linear demand of top a and cost c each pair agrees on w = c + β(a - c)/(4 - β) under
Nash-in-Nash (Horn and Wolinsky 1988).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games import _quantities
from games._quantities import quantities
from solver.equilibria import Equilibria
from solver.forms.network import BargainingNetwork
from solver.game import Game, Values

Floats = NDArray[np.float64]


def payoffs(
    terms: tuple[Floats, ...], active: tuple[bool, ...], **parameters: Floats
) -> tuple[Floats, ...]:
    """The two suppliers and their customers, $M."""
    top, volume, cost = (parameters[name] for name in ("demand_top", "volume", "supplier_cost"))
    q1, q2 = quantities(terms, active, top, volume)
    slope = top / volume
    return (terms[0] - cost) * q1, (terms[1] - cost) * q2, slope * q1**2, slope * q2**2


def build(*, supplier_power: Floats, **parameters: Floats) -> BargainingNetwork:
    """Prices between the suppliers' cost and the top of demand."""
    top, cost = parameters["demand_top"], parameters["supplier_cost"]
    return BargainingNetwork(
        players=("first supplier", "second supplier", "first customer", "second customer"),
        links=(("first supplier", "first customer"), ("second supplier", "second customer")),
        payoffs=payoffs,
        parameters=parameters,
        bounds=((cost, np.maximum(top, cost)),) * 2,
        weights=((supplier_power, 1.0 - supplier_power),) * 2,
    )


def outcomes(_parameters: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The first customer's price, and what it and its supplier earn."""
    return _quantities.outcomes(equilibria, buyer=2)


def regime(parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """No trade where cost is above all that customers can sell for."""
    return _quantities.regime(parameters, equilibria)


bargain_separate = Game(
    name="bargain_separate",
    parameters=_quantities.PARAMETERS,
    build=build,
    doc="""Two competing customers bargain over a price per unit, each with its own supplier.

Each pair takes the other's price as given, and loses the market to it if it fails to agree. A lower
price makes its customer stronger against the other, which both partners of a pair like: prices are
lower than with a common supplier (bargain_common).""",
    references=_quantities.REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "trade"),
    units=_quantities.UNITS,
)
