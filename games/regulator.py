"""A regulator picks one remedy against a dominant supplier, which then does what is still allowed.

Two kinds of work. The share φ is *new* and open to an entrant of unknown cost: there the supplier
can tie the customer by a contract with damages (see `aghion_bolton`). The rest is *attached*:
leaving costs s per unit, or s' < s for the portable share a of it, and rivals sell at their cost
c_r (see `lockin_attached`). There the supplier charges p_h = min(v, c_r + s), or p_l = min(v, c_r +
s'), or each where it fits if it may discriminate; at the uniform p_h the portable work leaves.

1. The regulator does nothing, bans exclusive contracts, bans discrimination, or imposes
   interoperability, which cuts s and s' by a share k at a cost to the supplier.
2. The supplier ties the new work or leaves it open.
3. It prices the attached work.
4. At the uniform high price the customer moves the portable work or stays.

The regulator maximises ω·(customer's payoff) + (1 - ω)·(profits of supplier and entrant).
Interoperability only moves money from supplier to customer. A ban on exclusivity lets cheaper
entrants in, which the customer does not gain from. A ban on discrimination helps the customer where
the supplier then keeps all of the work; where it gives the portable work up, that goes to a dearer
rival and nobody gains.

Ties: the regulator does nothing, the customer stays. Entry is in expectation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated
from games.exclusivity import ENTRANT_TOP, best_contract, with_contract, without_contract
from games.lockin import captive_price, easy_porting, lockin_attached
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]
Shares = tuple[Floats, Floats, Floats]

PLAYERS = ("regulator", "supplier", "customer")
REMEDIES = ("none", "ban exclusivity", "ban discrimination", "interoperability")
CONTRACTS = ("exclusive", "open")


def new_work(p: Values, contract: str) -> Shares:
    """What supplier, customer and entrant expect from the new work, $M."""
    found = with_contract(p, *best_contract(p)) if contract == "exclusive" else without_contract(p)
    volume = p["addressable"] * p["volume"]
    return found[0] * volume, found[1] * volume, found[2] * volume


def attached_prices(p: Values, remedy: str) -> tuple[Floats, Floats]:
    """Prices for captive and for portable work, $k/AE."""
    kept = 1.0 - p["interoperability"] if remedy == "interoperability" else 1.0
    return captive_price(p, kept * p["porting"]), captive_price(p, kept * easy_porting(p))


def build(**p: Floats) -> ExtensiveForm:
    """Remedy, contract, price, answer."""
    remedies: dict[str, Node] = {}
    for remedy in REMEDIES:
        contracts = {
            name: _pricing(p, remedy, new_work(p, name))
            for name in CONTRACTS
            if (remedy, name) != ("ban exclusivity", "exclusive")
        }
        only = contracts.get("exclusive")
        remedies[remedy] = decision("supplier", contracts) if only else contracts["open"]
    return tree(PLAYERS, decision("regulator", remedies))


def _pricing(p: Values, remedy: str, before: Shares) -> Node:
    """Steps 3 and 4, after what the new work brings."""
    high, low = attached_prices(p, remedy)
    attached = (1.0 - p["addressable"]) * p["volume"]
    portable = p["portable"] * attached
    captive = attached - portable
    cost = p["supplier_cost"]

    def end(profit: Floats, surplus: Floats) -> Node:
        if remedy == "interoperability":
            profit = profit - p["interoperability_cost"]
        supplier, customer, entrant = before[0] + profit, before[1] + surplus, before[2]
        weight = p["consumer_weight"]
        welfare = weight * customer + (1.0 - weight) * (supplier + entrant)
        return leaf(welfare, supplier, customer)

    at_rival = (p["value"] - low) * portable  # c_r + s' is what the portable work costs there
    move = end((high - cost) * captive, (p["value"] - high) * captive + at_rival)
    stay = end((high - cost) * attached, (p["value"] - high) * attached)
    prices = {
        "high": decision("customer", {"stay": stay, "move": move}),
        "low": end((low - cost) * attached, (p["value"] - low) * attached),
    }
    if remedy != "ban discrimination":
        margins = (high - cost) * captive + (low - cost) * portable
        prices["both"] = end(margins, (p["value"] - high) * captive + at_rival)
    return decision("supplier", prices)


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The average price of attached work that stays, what is tied or moves, and payoffs."""
    play = Play(equilibria)
    spent, kept, tied = (np.zeros(()) for _ in range(3))
    for remedy in REMEDIES:
        chosen = play.odds(0, remedy)
        high, low = attached_prices(p, remedy)
        for contract in CONTRACTS:
            if remedy == "ban exclusivity":
                here, node = chosen * float(contract == "open"), remedy
            else:
                here = chosen * play.odds(1, f"{remedy}: {contract}")
                node = f"{remedy} > {contract}"
            tied = tied + here * float(contract == "exclusive")
            for volume, price in _sales(p, play, node, (high, low)):
                kept, spent = kept + here * volume, spent + here * volume * price
    return {
        "price": np.where(kept > 0.0, spent / kept, np.nan),
        "moved_share": 1.0 - kept,
        "p_exclusive": tied,
        "objective": play.payoff(0),
        "supplier_profit": play.payoff(1),
        "buyer_payoff": play.payoff(2),
    }


def _sales(
    p: Values, play: Play, node: str, prices: tuple[Floats, Floats]
) -> list[tuple[Floats, Floats]]:
    """Shares of the attached work sold after `node`, and at which price."""
    high, low = prices
    portable = p["portable"]
    at_high = play.odds(1, f"{node}: high")
    stays = play.odds(2, f"{node} > high: stay")
    # Where discrimination is banned there is no third price.
    at_low = play.odds(1, f"{node}: low")
    at_both = 1.0 - at_high - at_low
    return [
        (at_high * (1.0 - portable + portable * stays) + at_both * (1.0 - portable), high),
        (at_low + at_both * portable, low),
    ]


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The remedy."""
    play = Play(equilibria)
    return codes(*((play.odds(0, remedy) > 0.5, k) for k, remedy in enumerate(REMEDIES)))


regulator = Game(
    name="regulator",
    parameters=(
        *lockin_attached.parameters,
        calibrated("addressable", high=1.0, doc="Share of the work that is new."),
        ENTRANT_TOP,
        calibrated("consumer_weight", high=1.0),
        calibrated("interoperability", high=1.0),
        calibrated("interoperability_cost"),
    ),
    build=build,
    doc="""A regulator picks a remedy: no exclusivity, no discrimination, interoperability, or none.

Whom a remedy helps depends on what the supplier does instead. Interoperability moves money to the
customer, a ban on exclusive contracts lets cheaper entrants in, and a ban on discrimination can do
either good or harm.""",
    references=(
        "P. Aghion, P. Bolton (1987), Contracts as a barrier to entry, AER 77.",
        "R. Inderst, T. Valletti (2009), Price discrimination in input markets, RAND Journal 40.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("none", "ban-exclusivity", "ban-discrimination", "interoperability"),
    units={
        "price": "$k/AE",
        "moved_share": "1",
        "p_exclusive": "1",
        "objective": "$M",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
    },
)
