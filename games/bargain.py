"""Supplier and customer bargain over the price, with an own chip as the customer's alternative.

Together they create W = (v - c_s)Q. The chip would serve the customer at cap = c_t + (F + σ)/Q
per unit, so that going alone is worth d_B = Q max(v - cap, 0) to it. Whether that counts as what
it gets *while* talks fail or what it gets by *leaving* is the choice of the concept. They trade
where cap > c_s; a chip that is cheaper than the supplier is built.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]


def alternative(parameters: Values) -> Floats:
    """What the customer gets with its own chip alone, d_B, $M."""
    p = parameters
    cap = p["chip_cost"] / p["performance"] + (p["nre"] + p["porting_lump"]) / p["volume"]
    return p["volume"] * np.maximum(p["value"] - cap, 0.0)


def surplus(parameters: Values) -> Floats:
    """What trade creates, W, $M."""
    return (parameters["value"] - parameters["supplier_cost"]) * parameters["volume"]


def build(**parameters: Floats) -> BargainingProblem:
    """The supplier proposes first; the chip is the customer's disagreement and outside payoff."""
    own = alternative(parameters)
    power = parameters["supplier_power"]
    return BargainingProblem(
        players=("supplier", "customer"),
        surplus=surplus(parameters),
        disagreement=(0.0, own),
        outside=(0.0, own),
        weights=(power, 1.0 - power),
        discounts=(parameters["discount"], parameters["buyer_discount"]),
        breakdown=parameters["breakdown"],
    )


def apart(form: BargainingProblem, concept: str) -> Floats:
    """What the two have in all if they do not agree, $M.

    Under alternating offers nobody can leave. Talks then go on until they break down, which pays
    q d / (1 - (1 - q) δ) at a risk q per refused offer, and nothing without that risk.
    """
    alone, risk = form.entries("disagreement"), form.risk
    if concept != "alternating-offers":
        return np.asarray(sum(alone, np.zeros(())))
    rates = (delta * (1.0 - risk) for delta in form.entries("discounts"))
    held = (risk / (1.0 - rate) * d for rate, d in zip(rates, alone, strict=True))
    return np.asarray(sum(held, np.zeros(())))


def traded(form: BargainingProblem, equilibria: Equilibria) -> NDArray[np.bool_]:
    """Mask (*B): an agreement is worth as much as what the two have without one."""
    worthwhile = form.total >= apart(form, equilibria.concept)
    return np.broadcast_to(worthwhile, equilibria.count.shape)


def outcomes(parameters: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price per unit (NaN without trade), payoffs, and what the alternative is worth."""
    payoffs = equilibria.first(equilibria.payoffs)
    price = parameters["supplier_cost"] + payoffs[..., 0] / parameters["volume"]
    return {
        "price": np.where(regime(parameters, equilibria) == 1, price, np.nan),
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
        "alternative": np.broadcast_to(alternative(parameters), equilibria.count.shape),
    }


def regime(parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """No trade where the customer is better off with its own chip than the two are together."""
    trade = traded(build(**parameters), equilibria)
    codes: NDArray[np.intp] = np.where(equilibria.count > 0, np.where(trade, 1, 0), -1)
    return codes


bargain = Game(
    name="bargain",
    parameters=(
        calibrated("value"),
        calibrated("supplier_cost"),
        calibrated("chip_cost"),
        calibrated("performance", low=1e-9),
        calibrated("volume", low=1e-9),
        calibrated("nre"),
        calibrated("porting_lump"),
        calibrated("supplier_power", high=1.0),
        calibrated(
            "discount", high=0.999999, doc="Supplier's discount factor per round of offers."
        ),
        Parameter(
            "buyer_discount",
            default=0.9,
            low=0.0,
            high=0.999999,
            doc="Customer's discount factor per round of offers.",
        ),
        Parameter(
            "breakdown",
            default=0.0,
            low=0.0,
            high=1.0,
            doc="Probability that talks end for good when an offer is refused.",
            source="assumption",
        ),
    ),
    build=build,
    doc="""Supplier and customer bargain over the price; the customer could build its own chip.

Many answers to the same question. Nash bargaining and Kalai's proportional solution: the threat
moves the price everywhere, by the supplier's weight times its worth. Kalai-Smorodinsky and equal
loss: by half of it, whatever the weights. Outside option: it moves nothing until it binds, and then
one for one. Alternating offers: patience alone, unless talks may break down. Say which one you mean
before you quote a price.""",
    references=(
        "J. F. Nash (1950), The bargaining problem, Econometrica 18.",
        "A. Rubinstein (1982), Perfect equilibrium in a bargaining model, Econometrica 50.",
        "E. Kalai, M. Smorodinsky (1975), Other solutions to Nash's problem, Econometrica 43.",
        "E. Kalai (1977), Proportional solutions to bargaining situations, Econometrica 45.",
        "K. Binmore, A. Rubinstein, A. Wolinsky (1986), The Nash bargaining solution, RAND J. 17.",
        "K. Binmore, A. Shaked, J. Sutton (1989), An outside option experiment, QJE 104.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "trade"),
    units={
        "price": "$k/AE",
        "supplier_payoff": "$M",
        "buyer_payoff": "$M",
        "alternative": "$M",
    },
)
