"""Supplier and customer own parts of each other; the supplier posts a price per unit.

The customer has Q uses worth between 0 and v per unit, evenly spread, so that it wants
q(p) = Q(1 - p/v) units at a price p. The supplier's unit cost is c.

The supplier holds the share ω of the customer. It gets its profit and ω of the customer's surplus,
so a high price hurts it twice: the mark-up shrinks and is gone at ω = 1.

The customer holds the share ω of the supplier and does not control it. Of every unit's margin it
gets ω back: what a unit costs it is (1 - ω)p + ωc. Whatever that does to the list price is for the
supplier to say; it knows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._leading import action, answer, payoff
from games._ownership import stake, uses, worth
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.leader import LeaderFollower
from solver.game import Game, Values

Floats = NDArray[np.float64]

ANSWERS = ("decline", "buy")
PLAYERS = ("supplier", "customer")
#: A price counts as equal to the cost within this part of it.
CLOSE = 1e-6


def payoffs(
    price: Floats, *, value: Floats, supplier_cost: Floats, volume: Floats, stake: Floats
) -> tuple[list[Floats], list[Floats]]:
    """The supplier with its share of the customer, and the customer's other holders, $M."""
    units = uses(value, volume, price)
    profit, surplus = (price - supplier_cost) * units, worth(value, volume, units) - price * units
    return [0.0 * price, profit + stake * surplus], [0.0 * price, (1.0 - stake) * surplus]


def payoffs_backward(
    price: Floats, *, value: Floats, supplier_cost: Floats, volume: Floats, stake: Floats
) -> tuple[list[Floats], list[Floats]]:
    """The supplier's other holders, and the customer with its share of the supplier, $M."""
    units = uses(value, volume, net_price(price, supplier_cost, stake))
    profit, surplus = (price - supplier_cost) * units, worth(value, volume, units) - price * units
    return [0.0 * price, (1.0 - stake) * profit], [0.0 * price, surplus + stake * profit]


def net_price(price: Floats, cost: Floats, share: Floats) -> Floats:
    """What a unit costs a customer that gets `share` of the supplier's margin back, $k/AE."""
    return (1.0 - share) * price + share * cost


def build(**p: Floats) -> LeaderFollower:
    """Any price between nothing and the worth of the best use."""
    return _form(p["value"], payoffs, p)


def build_backward(**p: Floats) -> LeaderFollower:
    """Any list price at which the best use still pays, net of what comes back."""
    highest = (p["value"] - p["stake"] * p["supplier_cost"]) / (1.0 - p["stake"])
    return _form(np.maximum(highest, 0.0), payoffs_backward, p)


def _form(high: Floats, told: object, p: Values) -> LeaderFollower:
    assert callable(told)
    return LeaderFollower(
        players=PLAYERS,
        action="price",
        low=0.0,
        high=high,
        answers=ANSWERS,
        payoffs=told,
        parameters=p,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price, units, payoffs and welfare."""
    price = action(equilibria)
    return _outcomes(p, equilibria, price, price)


def outcomes_backward(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """List price, what a unit costs the customer after its share of the margin, and the rest."""
    price = action(equilibria)
    return _outcomes(p, equilibria, price, net_price(price, p["supplier_cost"], p["stake"]))


def _outcomes(p: Values, equilibria: Equilibria, price: Floats, net: Floats) -> dict[str, Floats]:
    supplier, customer = payoff(equilibria, 0), payoff(equilibria, 1)
    bought = answer(equilibria) == ANSWERS.index("buy")
    return {
        "price": price,
        "price_net": net,
        "quantity": np.where(bought, uses(p["value"], p["volume"], net), 0.0 * price),
        "supplier_payoff": supplier,
        "buyer_payoff": customer,
        "welfare": supplier + customer,
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether something is sold, and at a mark-up."""
    return _regime(p, equilibria, outcomes(p, equilibria))


def regime_backward(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The same, by what a unit costs the customer in the end."""
    return _regime(p, equilibria, outcomes_backward(p, equilibria))


def _regime(p: Values, equilibria: Equilibria, found: dict[str, Floats]) -> NDArray[np.intp]:
    sold = found["quantity"] > CLOSE * p["volume"]
    marked_up = found["price_net"] > (1.0 + CLOSE) * p["supplier_cost"]
    codes: NDArray[np.intp] = np.where(sold, np.where(marked_up, 0, 1), 2)
    return np.where(equilibria.count > 0, codes, -1)


_MARKET = (
    calibrated("value", low=1e-9, doc="What the most valuable use of one unit is worth."),
    calibrated("supplier_cost"),
    calibrated(
        "volume", low=1e-9, doc="Accelerator equivalents the buyer would use at a price of 0."
    ),
)
_REGIMES = ("mark-up", "at-cost", "no-trade")
_UNITS = {
    "price": "$k/AE",
    "price_net": "$k/AE",
    "quantity": "kAE",
    "supplier_payoff": "$M",
    "buyer_payoff": "$M",
    "welfare": "$M",
}

stakes = Game(
    name="stakes",
    parameters=(
        *_MARKET,
        stake("stake_nvidia_openai", "Share of the buyer that the supplier holds."),
    ),
    build=build,
    doc="""A supplier with a share of its customer posts a price.

The supplier gets part of what a low price saves the customer, so its mark-up shrinks as its share
grows, and both together gain: fewer uses are priced out. Payoffs count the share where it is held:
the supplier's includes it, the customer's is that of its other holders.""",
    references=(
        "D. P. O'Brien, S. C. Salop (2000), Partial ownership, Antitrust Law Journal 67.",
        "J. J. Spengler (1950), Vertical integration and antitrust policy, JPE 58.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=_REGIMES,
    units=_UNITS,
)

stakes_backward = Game(
    name="stakes_backward",
    parameters=(
        *_MARKET,
        stake("stake_openai_amd", "Share of the supplier that the buyer holds.", high=0.95),
    ),
    build=build_backward,
    doc="""A customer with a passive share of its supplier faces the supplier's price.

What comes back to the customer as an owner lowers what a unit costs it, and the supplier raises its
list price until nothing has changed: the price net of the share, the quantity and welfare do not
move. So a list price says nothing unless the share is netted out.""",
    references=(
        "P. Greenlee, A. Raskovich (2006), Partial vertical ownership, Eur. Economic Review 50.",
    ),
    outcomes=outcomes_backward,
    regime=regime_backward,
    regimes=_REGIMES,
    units=_UNITS,
)
