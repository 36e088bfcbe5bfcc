"""A customer bargains over a price while a rival of its supplier waits outside.

Nash-in-Nash ignores the rival: p = c_j + β(v_j - c_j). With the threat of replacement (Ho and Lee
2019) the customer pays no more than leaves it as well off as with the rival at the rival's cost:
p = min{c_j + β(v_j - c_j), v_j - (v_k - c_k - σ/Q)}. If that is below
cost, the customer goes to the rival: no price at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.network import BargainingNetwork
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]


def payoffs(active: tuple[bool, ...], **parameters: Floats) -> tuple[Floats, ...]:
    """Supplier, rival and customer before the price is paid, $M."""
    p = parameters
    own, other = active
    worth = p["rival_value"] * p["volume"] - p["porting_lump"]
    return (
        0.0 - p["supplier_cost"] * p["volume"] * own,
        0.0 - p["rival_chip_cost"] * p["volume"] * other,
        p["value"] * p["volume"] * own + worth * other,
    )


def build(**parameters: Floats) -> BargainingNetwork:
    """One link, and the one that could replace it."""
    given = dict(parameters)
    power = given.pop("supplier_power")
    return BargainingNetwork(
        players=("supplier", "rival", "customer"),
        links=(("supplier", "customer"),),
        excluded=(("rival", "customer"),),
        payoffs=payoffs,
        parameters=given,
        weights=((power, 1.0 - power),),
        lump_sums=True,
    )


def outcomes(parameters: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price per unit, NaN where the customer goes to the rival, and both payoffs."""
    assert equilibria.terms is not None
    payoffs = equilibria.first(equilibria.payoffs)
    return {
        "price": equilibria.first(equilibria.terms)[..., 0] / parameters["volume"],
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 2],
    }


def regime(parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the rival matters: not at all, by its threat, or as the one who sells."""
    price = outcomes(parameters, equilibria)["price"]
    cost = parameters["supplier_cost"]
    free = cost + parameters["supplier_power"] * (parameters["value"] - cost)
    bound = price < free * (1.0 - 1e-9)
    p = parameters
    rival = (p["rival_value"] - p["rival_chip_cost"]) * p["volume"] - p["porting_lump"]
    lost = np.where(np.isnan(free + rival), -1, np.where(rival > 0.0, 2, 3))
    codes: NDArray[np.intp] = np.where(equilibria.count > 0, np.where(bound, 1, 0), lost)
    return codes


bargain_replacement = Game(
    name="bargain_replacement",
    parameters=(
        calibrated("value"),
        calibrated("supplier_cost"),
        calibrated("volume", low=1e-9),
        calibrated("porting_lump"),
        calibrated("supplier_power", high=1.0),
        Parameter(
            "rival_value",
            default=55.0,
            low=0.0,
            unit="$k/AE",
            doc="What the rival's accelerator is worth to the customer.",
        ),
        Parameter(
            "rival_chip_cost",
            default=18.0,
            low=0.0,
            unit="$k/AE",
            doc="What the rival's accelerator costs to make: its reservation price.",
        ),
    ),
    build=build,
    doc="""A customer bargains over a price while a rival of its supplier waits outside.

The threat is not a chip of its own but somebody else's: the customer could replace the supplier by
the rival, at the rival's cost. Use nntr for the price with that threat, nash-in-nash for the price
without it; the difference is what the third party is worth to the customer that never buys from
it.""",
    references=(
        "K. Ho, R. S. Lee (2019), Equilibrium provider networks, AER 109.",
        "H. Horn, A. Wolinsky (1988), Bilateral monopolies and incentives for merger, RAND J. 19.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("unaffected", "threatened", "replaced", "no-trade"),
    units={"price": "$k/AE", "supplier_payoff": "$M", "buyer_payoff": "$M"},
)
