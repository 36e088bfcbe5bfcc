"""A supplier whose cost is private prices low so that an entrant takes it for efficient.

At price p the supplier sells q = Q(1 - p/a), so b = Q/a units per $k. Its unit cost is c_H with
probability μ and else c_L < c_H. In the first period it is alone and names a price; the entrant,
with a chip at unit cost c_e, sees that price and not the cost, and enters for the cost F or not.
In the second period, of weight δ, the supplier earns the monopoly profit M = b(a - c)²/4 alone, or
Cournot profits b(a - 2c + c_e)²/9 against the entrant's E = b(a - 2c_e + c)²/9.

If E_L < F < E_H, entry pays against the high-cost type alone. That type gains δ(M_H - D_H) from
being taken for the other, which it would not pay for by a price of
p* = p_m(c_H) - √(δ(M_H - D_H)/b) or less, p_m(c) = (a + c)/2. So in separating equilibria the
low-cost type charges at most p*: less than its monopoly price if p* < p_m(c_L), and it is willing
to if (p_m(c_L) - p*)² b <= δ(M_L - D_L). Entry is as likely as if costs were known. Both can also
pool on the low-cost type's monopoly price, if entry does not pay on average,
μE_H + (1 - μ)E_L <= F, and the high-cost type is willing to imitate, p* <= p_m(c_L).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._two_types import SIGNALLING, expected, menu, moves, signalling
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "entrant")
TYPES = ("high", "low")
PRICES = ("monopoly high", "monopoly low", "limit", "deep")


def costs(p: Values) -> dict[str, Floats]:
    """Unit cost of either type of supplier, $k/AE."""
    return {"high": p["supplier_cost"], "low": p["efficiency"] * p["supplier_cost"]}


def alone(p: Values, cost: Floats) -> Floats:
    """Monopoly profit M, $M."""
    found: Floats = 0.25 * p["volume"] / p["value"] * np.square(np.maximum(p["value"] - cost, 0.0))
    return found


def beside(p: Values, cost: Floats, other: Floats) -> Floats:
    """Cournot profit against a rival, $M; who is too dear to sell beside it leaves it all."""
    a = p["value"]
    shared = p["volume"] / a * np.square(np.maximum(a - 2.0 * cost + other, 0.0)) / 9.0
    return np.where(a - 2.0 * other + cost <= 0.0, alone(p, cost), shared)


def prices(p: Values) -> dict[str, Floats]:
    """The menu: both monopoly prices, the limit price p*, and a still lower one, $k/AE."""
    a, chip, cost = p["value"], p["chip_cost"] / p["performance"], costs(p)
    gain = p["discount"] * (alone(p, cost["high"]) - beside(p, cost["high"], chip))
    high, low = (0.5 * (a + cost[kind]) for kind in TYPES)
    limit = high - np.sqrt(gain * a / p["volume"])
    return dict(zip(PRICES, (high, low, limit, 0.9 * limit), strict=True))


def build(**p: Floats) -> ExtensiveForm:
    """Nature draws the cost, the supplier names a price, the entrant enters or stays out."""
    chip, delta, offers = p["chip_cost"] / p["performance"], p["discount"], prices(p)

    def met(label: str, cost: Floats) -> Node:
        price = offers[label]
        now = (price - cost) * p["volume"] * np.maximum(1.0 - price / p["value"], 0.0)
        stay = leaf(now + delta * alone(p, cost), 0.0)
        enter = leaf(now + delta * beside(p, cost, chip), beside(p, chip, cost) - p["nre"])
        return decision("entrant", {"stay out": stay, "enter": enter}, infoset=f"price {label}")

    def named(kind: str) -> Node:
        cost = costs(p)[kind]
        return decision("supplier", {label: met(label, cost) for label in PRICES}, infoset=kind)

    mu = p["high_cost_share"]
    return tree(PLAYERS, chance({"high": (mu, named("high")), "low": (1.0 - mu, named("low"))}))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """First-period prices of both types, probability of entry, payoffs; first equilibrium."""
    sent = equilibria.first(moves(equilibria, 0, len(PRICES)))
    enters = equilibria.first(moves(equilibria, 1, 2))[..., 1]
    named = expected(sent, menu(*prices(p).values())[..., None, :])
    entry = expected(sent, enters[..., None, :])
    mu, payoffs = p["high_cost_share"], equilibria.first(equilibria.payoffs)
    return {
        "price_high_cost": named[..., 0],
        "price_low_cost": named[..., 1],
        "p_entry": mu * entry[..., 0] + (1.0 - mu) * entry[..., 1],
        "supplier_profit": payoffs[..., 0],
        "entrant_payoff": payoffs[..., 1],
    }


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.int64]:
    """The kinds of equilibria that were found."""
    return signalling(moves(equilibria, 0, len(PRICES)))


limit_price = Game(
    name="limit_price",
    parameters=(
        calibrated("value", low=1e-9, doc="Price at which nobody buys: the top of linear demand."),
        calibrated("volume", low=1e-9),
        calibrated("supplier_cost", doc="Unit cost of the supplier if its cost is high."),
        calibrated("efficiency", high=1.0),
        calibrated("chip_cost"),
        calibrated("performance", low=1e-9),
        calibrated("nre", doc="What it costs the entrant to enter: engineering of its own chip."),
        calibrated("discount", high=1.0),
        calibrated("high_cost_share", high=1.0),
    ),
    build=build,
    doc="""Supplier of unknown cost names a price; an entrant with its own chip reads it.

A low price can be a signal: the efficient supplier prices below what it would take as an unwatched
monopolist, at a price that a dear supplier would not want to imitate. Buyers gain from that, and
entry is as likely as if costs were known. Where entry does not pay on average, both types can also
charge the efficient one's monopoly price and keep the entrant out. The regime names the kinds of
equilibria found. Where entry pays against both types or neither, subgame-perfect and nash list
threats that no belief supports, and --concept sequential excludes them.""",
    references=(
        "P. Milgrom and J. Roberts (1982), Limit pricing and entry, Econometrica 50.",
        "J. Tirole (1988), The Theory of Industrial Organization, ch. 9.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=SIGNALLING,
    units={
        "price_high_cost": "$k/AE",
        "price_low_cost": "$k/AE",
        "p_entry": "1",
        "supplier_profit": "$M",
        "entrant_payoff": "$M",
    },
)
