"""A second source as a promise: the customer sinks money before the supplier names its price.

Uses of the product differ in worth: at the price p the customer wants Q(v - p)/v units. To use any
it must first sink k. Then the supplier names its price, if it is alone, and its best one is
(v + c)/2; with a second source, competition brings the price down to the cost c. The customer's
surplus next period is therefore

    S_1 = Q (v - c)² / (8v)   from a single source,   S_2 = Q (v - c)² / (2v) = 4 S_1  from two.

The customer adopts iff k <= δS. For δS_1 < k <= δS_2 there is trade only if the supplier licenses a
second source: it gives up its later profit, 2 S_1, to get its profit e on the first deliveries.

Ties: an indifferent customer adopts. Where k > δS_2 nobody adopts and the supplier's choice does
not matter; the tree lists the licence last.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")
#: Prices that a single source considers: its cost plus these shares of the margin v - c.
STEPS = {"best": 0.5, "higher": 0.625, "lower": 0.375, "cost": 0.0}


def price_at(p: Values, step: float) -> Floats:
    """The price at a step between cost and value, $k/AE."""
    return p["supplier_cost"] + step * (p["value"] - p["supplier_cost"])


def quantity(p: Values, price: Floats) -> Floats:
    """Units wanted at a price, kAE."""
    return p["volume"] * np.maximum(p["value"] - price, 0.0) / p["value"]


def surplus(p: Values, price: Floats) -> Floats:
    """What the uses are worth beyond their price, $M."""
    return 0.5 * (p["value"] - price) * quantity(p, price)


def after_adoption(p: Values, price: Floats) -> Node:
    """The second period at a given price, discounted, and what the first one brought."""
    later = (price - p["supplier_cost"]) * quantity(p, price)
    return leaf(
        p["early_profit"] + p["discount"] * later,
        p["discount"] * surplus(p, price) - p["setup_cost"],
    )


def build(**p: Floats) -> ExtensiveForm:
    """License or not; adopt or not; then the price, unless competition makes it."""
    prices = {name: after_adoption(p, price_at(p, step)) for name, step in STEPS.items()}
    nothing = leaf(0.0, 0.0)
    single = decision("customer", {"adopt": decision("supplier", prices), "decline": nothing})
    double = decision(
        "customer", {"adopt": after_adoption(p, price_at(p, 0.0)), "decline": nothing}
    )
    return tree(PLAYERS, decision("supplier", {"single source": single, "second source": double}))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price (NaN without trade), odds of a licence and of trade, and payoffs."""
    play = Play(equilibria)
    licence, alone, both = _odds(play)
    traded = alone + both
    price = both * p["supplier_cost"]
    for name, step in STEPS.items():
        asked = play.odds(0, f"single source > adopt: {name}")
        price = price + alone * asked * price_at(p, step)
    supplier, customer = play.payoff(0), play.payoff(1)
    return {
        "price": np.where(traded > 0.0, price / traded, np.nan),
        "p_licence": licence,
        "p_trade": traded,
        "supplier_profit": supplier,
        "buyer_payoff": customer,
        "welfare": supplier + customer,
    }


def _odds(play: Play) -> tuple[Floats, Floats, Floats]:
    """How likely: a licence; trade with one source; trade with two."""
    licence = play.odds(0, "second source")
    return (
        licence,
        (1.0 - licence) * play.odds(1, "single source: adopt"),
        licence * play.odds(1, "second source: adopt"),
    )


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """No trade, or trade with one source or two."""
    _, alone, both = _odds(Play(equilibria))
    return codes((alone > 0.5, 1), (both > 0.5, 2), (alone + both <= 0.5, 0))


second_source = Game(
    name="second_source",
    parameters=(
        calibrated("value", low=1e-9, doc="What the most valuable use of one unit is worth."),
        calibrated("supplier_cost"),
        calibrated(
            "volume", low=1e-9, doc="Accelerator equivalents the buyer would use at a price of 0."
        ),
        calibrated("discount", high=1.0),
        calibrated("setup_cost"),
        calibrated("early_profit"),
    ),
    build=build,
    doc="""A supplier licenses a second source so that its customer dares to commit itself.

Whoever must sink money before it knows the price fears the price. A promise not to charge the
monopoly price is not credible; a competitor is. The supplier gives up its later profit to get the
first deliveries, but only where the customer would not come otherwise.""",
    references=(
        "J. Farrell, N. T. Gallini (1988), Second-sourcing as a commitment, QJE 103.",
        "A. Shepard (1987), Licensing to enhance demand for new technologies, RAND Journal 18.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "single-source", "second-source"),
    units={
        "price": "$k/AE",
        "p_licence": "1",
        "p_trade": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
        "welfare": "$M",
    },
)
