"""A chip of one's own is not a chip at cost: partner's margin, and the same foundry.

The customer's chip has the bill of materials m, but it comes from a partner with the gross margin
μ, so that it costs m/(1 - μ) a chip and c_t = m/((1 - μ)θ) per accelerator equivalent. It serves at
most the addressable share of the Q units, and at most the customer's own foundry slots K_b. All
chips come from the same foundry, which can make K units in all: what the customer has made for
itself, the supplier cannot deliver. Building re-orders the claims on wafers; it creates none.

The supplier names its price first. The customer buys all of its min(Q, K) units, or has x of them
made for the NRE F and buys the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._leading import action, answer, payoff
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.leader import LeaderFollower
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

ANSWERS = ("build", "buy")


def chip_cost(p: Values) -> Floats:
    """What an accelerator equivalent of one's own costs, partner's margin included, $k/AE."""
    return p["bom_b200"] / ((1.0 - p["partner_margin"]) * p["performance"])


def made(p: Values) -> tuple[Floats, Floats]:
    """Units in all, and those of the customer's own chip if it builds, kAE."""
    total = np.minimum(p["volume"], p["capacity"])
    return total, np.minimum(np.minimum(p["addressable"] * p["volume"], p["own_capacity"]), total)


def payoffs(price: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """Payoffs of supplier and customer for each answer, $M."""
    total, own = made(p)
    margin, surplus = price - p["supplier_cost"], p["value"] - price
    build = surplus * (total - own) + (p["value"] - chip_cost(p)) * own - p["nre"]
    return [margin * (total - own), margin * total], [build, surplus * total]


def build(**p: Floats) -> LeaderFollower:
    """Any price between the supplier's cost and the customer's value."""
    return LeaderFollower(
        players=("supplier", "customer"),
        action="price",
        low=p["supplier_cost"],
        high=p["value"],
        answers=ANSWERS,
        payoffs=payoffs,
        parameters=p,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price, true cost of the own chip, units of either kind, and payoffs."""
    price, built = action(equilibria), answer(equilibria) == ANSWERS.index("build")
    total, own = made(p)
    none = 0.0 * price
    own = np.where(built, own, 0.0) + none
    return {
        "price": price,
        "own_cost": chip_cost(p) + none,
        "own_units": own,
        "bought_units": total - own,
        "supplier_profit": payoff(equilibria, 0),
        "buyer_payoff": payoff(equilibria, 1),
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the chip is built, and if not, whether it lowers the price."""
    chosen = answer(equilibria)
    bought = np.where(action(equilibria) >= p["value"], 0, 1)
    codes: NDArray[np.intp] = np.where(
        chosen < 0, -1, np.where(chosen == ANSWERS.index("buy"), bought, 2)
    )
    return codes


def _limit(name: str, default: float, doc: str) -> Parameter:
    return Parameter(name, default=default, low=0.0, unit="kAE", doc=doc, source="assumption")


chain_inhouse = Game(
    name="chain_inhouse",
    parameters=(
        calibrated("value"),
        calibrated("supplier_cost"),
        calibrated("bom_b200", doc="Bill of materials of the buyer's own chip, as of a B200."),
        calibrated("partner_margin", high=0.99),
        calibrated("performance", low=1e-9),
        calibrated("volume", low=1e-9),
        calibrated("nre"),
        calibrated("addressable", high=1.0),
        _limit("capacity", 450.0, "Accelerator equivalents that the foundry can make in all."),
        _limit(
            "own_capacity",
            200.0,
            "Accelerator equivalents the buyer can have made in its own foundry slots.",
        ),
    ),
    build=build,
    doc="""A customer's chip comes from a partner with a margin and from the supplier's foundry.

In-house is not at cost: the partner's margin is in the price of the chip, and wafers used for it
are not there for the supplier's. Total supply does not grow. With few slots of its own the customer
is worth losing: the supplier keeps its price and lets it build.""",
    references=(
        "J. S. Bain (1956), Barriers to New Competition.",
        "J. J. Spengler (1950), Vertical integration and antitrust policy, JPE 58.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("buy-blockaded", "buy-deterred", "build"),
    units={
        "price": "$k/AE",
        "own_cost": "$k/AE",
        "own_units": "kAE",
        "bought_units": "kAE",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
    },
)
