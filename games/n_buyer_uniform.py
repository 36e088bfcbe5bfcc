"""One price for all buyers, one of whom could leave.

The supplier posts a price p between its cost and the list price p_0. All buy, except that the one
with an alternative takes the share φ of its volume elsewhere if that is cheaper, at p_D. To keep
it the supplier must charge everybody p_D. That pays if and only if what would leave is at least

    s* = (p_0 - p_D)/(p_0 - c)

of all that it sells. With a price of its own, the buyer gets p_D whatever its size.
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

ANSWERS = ("stay", "leave")


def payoffs(price: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """Payoffs of supplier and threatening buyer, $M."""
    gone, margin = p["addressable"] * p["volume"], price - p["supplier_cost"]
    everything = p["volume"] + p["other_volume"]
    stay = (p["value"] - price) * p["volume"]
    leave = stay + (price - p["alternative_price"]) * gone
    return [margin * everything, margin * (everything - gone)], [stay, leave]


def build(**p: Floats) -> LeaderFollower:
    """Any price from cost to the list price."""
    return LeaderFollower(
        players=("supplier", "customer"),
        action="price",
        low=p["supplier_cost"],
        high=np.maximum(p["price"], p["supplier_cost"]),
        answers=ANSWERS,
        payoffs=payoffs,
        parameters={name: value for name, value in p.items() if name != "price"},
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The price for all, what would leave as a share of all, and the share that moves the price."""
    shape = equilibria.count.shape
    gone = p["addressable"] * p["volume"] / np.maximum(p["volume"] + p["other_volume"], 1e-300)
    margin = p["price"] - p["supplier_cost"]
    cut = p["price"] - np.maximum(p["alternative_price"], p["supplier_cost"])
    with np.errstate(all="ignore"):
        critical = np.where(margin > 0.0, np.maximum(cut, 0.0) / margin, np.nan)
    return {
        "uniform_price": action(equilibria),
        "threatened_share": np.broadcast_to(gone, shape),
        "critical_share": np.broadcast_to(critical, shape),
        "supplier_profit": payoff(equilibria, 0),
        "buyer_payoff": payoff(equilibria, 1),
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the threat moves the price for all, is let go, or is none."""
    chosen = answer(equilibria)
    dear = np.where(p["alternative_price"] >= p["price"], 0, 1)
    codes: NDArray[np.intp] = np.where(chosen == ANSWERS.index("stay"), dear, 2)
    return np.where(chosen < 0, -1, codes)


n_buyer_uniform = Game(
    name="n_buyer_uniform",
    parameters=(
        calibrated("value"),
        calibrated("price", doc="The list price: the most that the supplier considers."),
        calibrated("supplier_cost"),
        Parameter(
            "alternative_price",
            default=24.94,
            low=0.0,
            unit="$k/AE",
            doc="Price at which the buyer is as well off elsewhere.",
            source="the price that deters a programme in the game phase at base",
        ),
        calibrated("addressable", high=1.0),
        calibrated("volume", low=1e-9, doc="Units that the buyer with an alternative needs."),
        Parameter(
            "other_volume",
            default=3000.0,
            low=0.0,
            unit="kAE",
            doc="Units that all other buyers need.",
            source="assumption: a buyer of one part in seven",
        ),
    ),
    build=build,
    doc="""A supplier that charges all buyers one price may cut it to keep one that could leave.

To keep it, everybody must get the discount. That is worth it only if so much would leave that its
share of all sales reaches (p_0 - p_D)/(p_0 - c); a buyer of a tenth gets nothing, and the discount
of a large one is a gift to all others. With a price for each, size would not matter.""",
    references=("M. L. Katz (1987), The welfare effects of price discrimination, AER 77.",),
    outcomes=outcomes,
    regime=regime,
    regimes=("no-threat", "discount-to-all", "let-go"),
    units={
        "uniform_price": "$k/AE",
        "threatened_share": "1",
        "critical_share": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
    },
)
