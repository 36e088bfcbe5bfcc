"""A low price that only the future enforces.

Every period the supplier keeps to a low price p_c or raises it to v, while the customer buys or has
left. Once the price was raised the customer leaves for good; the supplier then earns π_P per unit
elsewhere, and the customer has what its own chip leaves it, max(v - cap, 0). The supplier keeps its
word if it is at least as patient as

    δ* = (v - p_c)/(v - c - π_P).

The customer keeps buying as long as its own chip costs at least p_c a unit; if not, no patience
holds it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")
ACTIONS = (("keep", "raise"), ("buy", "leave"))


def alternative(p: Values) -> Floats:
    """What a unit of its own chip leaves the customer, $k/AE."""
    cap = p["chip_cost"] / p["performance"] + (p["nre"] + p["porting_lump"]) / p["volume"]
    return np.maximum(p["value"] - cap, 0.0)


def build(**p: Floats) -> NormalForm:
    """One period."""
    volume, cost = p["volume"], p["supplier_cost"]
    low, high = p["contract_price"], p["value"]
    elsewhere, own = p["outside_margin"] * volume, alternative(p) * volume
    entries = (
        (low - cost) * volume, elsewhere, (high - cost) * volume, elsewhere,
        (high - low) * volume, own, 0.0 * volume, own,
    )  # fmt: skip
    tables = np.stack(np.broadcast_arrays(*entries), axis=-1)
    shape = (*tables.shape[:-1], 2, 2)
    payoffs = [tables[..., :4].reshape(shape), tables[..., 4:].reshape(shape)]
    return NormalForm(payoffs, PLAYERS, ACTIONS)


def needed(p: Values) -> Floats:
    """δ*: the discount factor from which on both keep to the low price; infinite if none does."""
    value, cost, low = p["value"], p["supplier_cost"], p["contract_price"]
    temptation, hurt = value - low, value - cost - p["outside_margin"]
    with np.errstate(all="ignore"):
        patience = np.where(temptation > 0.0, temptation / hurt, 0.0)
    # Who gains by raising the price and loses nothing by it later cannot be held to anything.
    patience = np.where((temptation > 0.0) & ((hurt <= 0.0) | (patience > 1.0)), np.inf, patience)
    # Nobody is made to sell, or to buy, for less than it has without the other.
    leaves = (low - cost < p["outside_margin"]) & (temptation > 0.0)
    held: Floats = np.where(leaves | (value - low < alternative(p)), np.inf, patience)
    return held


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The patience that the low price needs, what it saves a unit, and one-shot payoffs."""
    shape = equilibria.count.shape
    patience = np.broadcast_to(needed(p), shape)
    kept = patience <= p["discount"]
    payoffs = equilibria.first(equilibria.payoffs)
    return {
        "patience": patience,
        "sustained_price": np.where(kept, p["contract_price"], np.nan),
        "saving": np.where(kept, p["value"] - p["contract_price"], 0.0),
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the low price holds at the discount factor given, at a higher one, or at none."""
    patience = np.broadcast_to(needed(p), equilibria.count.shape)
    kind = np.where(patience <= p["discount"], 0, np.where(patience < 1.0, 1, 2))
    codes: NDArray[np.intp] = np.where(equilibria.count > 0, kind, -1)
    return codes


coopetition_repeated = Game(
    name="coopetition_repeated",
    parameters=(
        calibrated("value"),
        calibrated("supplier_cost"),
        Parameter(
            "contract_price",
            default=24.5,
            low=0.0,
            unit="$k/AE",
            doc="The low price that the supplier is to keep to.",
            source="assumption: a reported discount of 30 % on 35",
        ),
        Parameter(
            "outside_margin",
            default=10.0,
            low=0.0,
            unit="$k/AE",
            doc="What the supplier earns per unit elsewhere once the customer has left.",
            source="assumption",
        ),
        calibrated("chip_cost"),
        calibrated("performance", low=1e-9),
        calibrated("volume", low=1e-9),
        calibrated("nre"),
        calibrated("porting_lump"),
        calibrated("discount", high=0.999999, doc="Discount factor from one period to the next."),
    ),
    build=build,
    doc="""A supplier keeps a low price because its customer would leave for good if it did not.

In a single period there is no such price: the high one is better whatever the customer does, and a
threat for later moves nothing. Repeated, the discount holds from a certain patience on. A supplier
with better sales elsewhere, to sovereigns for instance, has less to lose: diversification makes
cooperation harder to sustain. Payoffs are those of one period played alone; see the concept
self-enforcing, and `patience` for the discount factor that is needed.""",
    references=(
        "J. W. Friedman (1971), A non-cooperative equilibrium for supergames, REStud 38.",
        "D. Abreu (1988), On the theory of infinitely repeated games, Econometrica 56.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("self-enforcing", "impatient", "broken"),
    units={
        "patience": "1",
        "sustained_price": "$k/AE",
        "saving": "$k/AE",
        "supplier_payoff": "$M",
        "buyer_payoff": "$M",
    },
)
