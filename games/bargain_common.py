"""Two customers who compete bargain over wholesale prices with one supplier, pair by pair.

With linear demand of top a and cost c each pair agrees on w = c + β(a - c)/2 under
Nash-in-Nash (Horn and Wolinsky 1988): the supplier loses little from one failed bargain, since the
other customer then buys more.
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
    """Supplier, first and second customer, $M."""
    top, volume, cost = (parameters[name] for name in ("demand_top", "volume", "supplier_cost"))
    q1, q2 = quantities(terms, active, top, volume)
    slope = top / volume
    return (terms[0] - cost) * q1 + (terms[1] - cost) * q2, slope * q1**2, slope * q2**2


def build(*, supplier_power: Floats, **parameters: Floats) -> BargainingNetwork:
    """Prices between the supplier's cost and the top of demand."""
    top, cost = parameters["demand_top"], parameters["supplier_cost"]
    return BargainingNetwork(
        players=("supplier", "first customer", "second customer"),
        links=(("supplier", "first customer"), ("supplier", "second customer")),
        payoffs=payoffs,
        parameters=parameters,
        bounds=((cost, np.maximum(top, cost)),) * 2,
        weights=((supplier_power, 1.0 - supplier_power),) * 2,
    )


def outcomes(_parameters: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The first customer's price, and what it and the supplier earn."""
    return _quantities.outcomes(equilibria, buyer=1)


def regime(parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """No trade where cost is above all that customers can sell for."""
    return _quantities.regime(parameters, equilibria)


bargain_common = Game(
    name="bargain_common",
    parameters=_quantities.PARAMETERS,
    build=build,
    doc="""Two competing customers bargain with one supplier over a price per unit, pair by pair.

Each pair takes the other's price as given, and if it fails to agree the other customer is a
monopolist at that price. The threat of a customer to walk away is weak, for its rival takes over
part of its sales: prices are higher than with a supplier for each (bargain_separate).""",
    references=_quantities.REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "trade"),
    units=_quantities.UNITS,
)
