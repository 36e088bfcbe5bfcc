"""Capacity and price decided at the same time: no pure equilibrium.

As in `leverage`, but neither side sees the other's move, and part of what an own unit costs is sunk
with the capacity: k of c_t, so that running costs r = c_t - k. The supplier names one price from a
grid between v and r (its own cost, if that is more); the customer installs one of five capacities.
It runs its capacity at any price above r.

Against a low price no capacity pays, against none the high price is best, against the high price
all capacity pays, and against that the low price is best. So both mix. Between the ends no price is
better than the high one, and the customer's gain is linear in its capacity: only the mean of its
mixture is determined, and there are many extreme equilibria. After E. Bertrand and F. Y. Edgeworth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.leverage import leverage
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

STEPS = np.linspace(0.0, 1.0, 5)


def costs(p: Values) -> tuple[Floats, Floats]:
    """Sunk and running cost of an own unit, $k/AE."""
    own = p["chip_cost"] / p["performance"]
    return p["sunk_share"] * own, own - p["sunk_share"] * own


def prices(p: Values) -> Floats:
    """The supplier's grid (*B, 5), from the value down."""
    low = np.maximum(costs(p)[1], p["supplier_cost"])[..., None]
    return (1.0 - STEPS) * p["value"][..., None] + STEPS * low


def capacities(p: Values) -> Floats:
    """The customer's grid (*B, 5), from nothing up."""
    return STEPS * np.minimum(p["own_capacity"], p["volume"])[..., None]


def build(**p: Floats) -> NormalForm:
    """Five prices against five capacities."""
    price, installed = prices(p)[..., :, None], capacities(p)[..., None, :]
    wide = {name: np.asarray(value)[..., None, None] for name, value in p.items()}
    sunk, running = costs(wide)
    run = np.where(price > running, installed, 0.0)
    bought = wide["volume"] - run
    supplier = (price - wide["supplier_cost"]) * bought
    customer = (wide["value"] - price) * bought + (wide["value"] - running) * run - sunk * installed
    return NormalForm(
        (supplier, customer),
        ("supplier", "customer"),
        (tuple(f"p{k + 1}" for k in range(5)), tuple(f"K{k}" for k in range(5))),
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Mean price and capacity, how often the price is high, and payoffs; first equilibrium."""
    supplier, customer = (equilibria.first(s) for s in equilibria.strategies)
    payoffs = equilibria.first(equilibria.payoffs)
    return {
        "price": (supplier * prices(p)).sum(axis=-1),
        "installed": (customer * capacities(p)).sum(axis=-1),
        "p_high": supplier[..., 0],
        "supplier_profit": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
    }


leverage_simultaneous = Game(
    name="leverage_simultaneous",
    parameters=(
        *(q for q in leverage.parameters if q.name not in {"own_capacity", "next_value"}),
        Parameter(
            "own_capacity",
            default=500.0,
            low=0.0,
            unit="kAE",
            doc="Accelerator equivalents the buyer can have made in its own foundry slots.",
            source="assumption: all it needs",
        ),
        Parameter(
            "sunk_share",
            default=0.2,
            low=0.0,
            high=1.0,
            unit="1",
            doc="Part of the cost of an own unit that is sunk with the capacity.",
            source="assumption",
        ),
    ),
    build=build,
    doc="""Customer and supplier choose capacity and price at once, and keep each other guessing.

Capacity is worth having against a high price only, and a high price is best against little capacity
only. In equilibrium the mean capacity makes the supplier indifferent, and the odds of the high
price pay for the sunk cost. Many mixtures do that: expect several extreme equilibria.""",
    references=(
        "F. Y. Edgeworth (1925), Papers Relating to Political Economy: the theory of monopoly.",
        "D. M. Kreps, J. A. Scheinkman (1983), Quantity precommitment, Bell Journal 14.",
    ),
    outcomes=outcomes,
    units={
        "price": "$k/AE",
        "installed": "kAE",
        "p_high": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
    },
)
