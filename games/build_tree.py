"""A posted price, a chip programme, nature's verdict, a new price: build or buy as a tree.

The customer needs Q accelerator equivalents. Its own chip could serve the share φ of them at
ℓ = c_t + s per unit: unit cost plus the cost of moving the work. The rest is captive.

1. The supplier offers all of Q at a high or a low price p1 (never above the value v).
2. The customer *buys* and the game ends, or *starts* a programme at the cost f0. The offer lapses,
   and what the chip will not serve is bought on the spot, at v.
3. Nature: the chip works with probability ρ. If not, the customer *stops*, or *respins* for f1 and
   draws once more.
4. The supplier sees all this and prices the contested φQ anew: it *holds* v, *matches* ℓ, or
   *undercuts* that by a tenth. After a failure there is nothing to match: it holds v or discounts.
5. The customer deploys a working chip or buys. Payoffs are linear: a mixture is never better.

With G = (v - ℓ)⁺ φQ, backward induction gives the value of starting

    V = -f0 + ρG + (1 - ρ) max(0, -f1 + ρG),

whatever the supplier does after a success: it matches if that earns anything (ℓ > c_s), and the
chip is never produced; or it lets the chip be deployed. Either way the customer is left with G. It
starts if and only if V > (v - p1)Q, so the dearest price that keeps it from starting is v - V⁺/Q.

Ties: an indifferent customer buys. At the matching price it is indifferent at every parameter
point; there the tree says so instead of the solver, and the customer has no move. Elsewhere the
action that leaves things as they are comes first in the list.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated, posted_prices
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")
OFFERS = ("high", "low")
#: Prices next to the ones that theory singles out are a tenth lower.
CUT = 0.9


def own_cost(p: Values) -> Floats:
    """Cost ℓ of serving a unit with the own chip, $k/AE."""
    return p["chip_cost"] / p["performance"] + p["porting"]


def gain(p: Values) -> Floats:
    """What a working chip is worth to the customer, G, $M."""
    return np.maximum(p["value"] - own_cost(p), 0.0) * p["addressable"] * p["volume"]


def respin_value(p: Values) -> Floats:
    """What the right to try again is worth when the programme starts, $M."""
    again = p["success"] * gain(p) - p["respin_cost"]
    return (1.0 - p["success"]) * np.maximum(again, 0.0)


def start_value(p: Values) -> Floats:
    """Value of starting a programme, V, $M."""
    return p["success"] * gain(p) + respin_value(p) - p["programme_cost"]


def match_price(p: Values) -> Floats:
    """The price that meets the own chip; a tenth below the value where the chip is no threat."""
    own = own_cost(p)
    return np.where(own < p["value"], own, CUT * p["value"])


def offer(p: Values, name: str) -> Floats:
    """What the supplier asks in its first offer, $k/AE."""
    return np.minimum(p[f"price_{name}"], p["value"])


def sold(p: Values, price: Floats, spent: Floats | float) -> Node:
    """The contested units are bought at `price` and the captive ones at the value."""
    contested = p["addressable"] * p["volume"]
    captive = (p["value"] - p["supplier_cost"]) * (p["volume"] - contested)
    return leaf(
        (price - p["supplier_cost"]) * contested + captive,
        (p["value"] - price) * contested - spent,
    )


def deployed(p: Values, spent: Floats | float) -> Node:
    """The own chip serves the contested units."""
    contested = p["addressable"] * p["volume"]
    captive = (p["value"] - p["supplier_cost"]) * (p["volume"] - contested)
    return leaf(captive, (p["value"] - own_cost(p)) * contested - spent)


def repriced(p: Values, spent: Floats | float, *, works: bool, infoset: str | None = None) -> Node:
    """Steps 4 and 5. With an information set the supplier prices without having seen the chip."""
    held = sold(p, p["value"], spent)
    if works:
        held = decision("customer", {"buy": held, "deploy": deployed(p, spent)})
    if not works and infoset is None:
        cut = sold(p, CUT * p["value"], spent)
        return decision("supplier", {"hold": held, "discount": cut})
    match = match_price(p)
    prices = {"hold": held, "match": sold(p, match, spent)}
    prices["undercut"] = sold(p, CUT * match, spent)
    return decision("supplier", prices, infoset=infoset)


def programme(p: Values, infoset: str | None = None) -> Node:
    """Everything after a start: steps 3 to 5."""
    first, both = p["programme_cost"], p["programme_cost"] + p["respin_cost"]
    again = {
        "success": (p["success"], repriced(p, both, works=True, infoset=infoset)),
        "failure": (1.0 - p["success"], repriced(p, both, works=False, infoset=infoset)),
    }
    failed = {
        "stop": repriced(p, first, works=False, infoset=infoset),
        "respin": chance(again),
    }
    return chance(
        {
            "success": (p["success"], repriced(p, first, works=True, infoset=infoset)),
            "failure": (1.0 - p["success"], decision("customer", failed)),
        }
    )


def build(**p: Floats) -> ExtensiveForm:
    """Two offers, and the programme below each."""
    offers = {}
    for name in OFFERS:
        price = offer(p, name)
        bought = leaf(
            (price - p["supplier_cost"]) * p["volume"], (p["value"] - price) * p["volume"]
        )
        offers[name] = decision("customer", {"buy": bought, "start": programme(p)})
    return tree(PLAYERS, decision("supplier", offers))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Expectations over the offer, nature and mixtures, in the first equilibrium listed."""
    play = Play(equilibria)
    spent, started, chip, built = (np.zeros(()) for _ in range(4))
    for name in OFFERS:
        start = _starts(play, name)
        spent = spent + (play.odds(0, name) - start) * offer(p, name) + start * p["value"]
        works, deploys = chip_odds(p, play, f"{name} > start", None)
        started, chip, built = started + start, chip + start * works, built + start * deploys
    payoff = play.payoff(1)
    dearest = np.maximum(offer(p, "high"), offer(p, "low"))
    return {
        "price": spent,
        "p_start": started,
        "p_chip": chip,
        "p_built": built,
        "supplier_profit": play.payoff(0),
        "buyer_payoff": payoff,
        "start_value": start_value(p),
        "respin_value": respin_value(p),
        "option_value": payoff - (p["value"] - dearest) * p["volume"],
        "deterring_price": p["value"] - np.maximum(start_value(p), 0.0) / p["volume"],
    }


def chip_odds(p: Values, play: Play, path: str, infoset: str | None) -> tuple[Floats, Floats]:
    """How likely a started programme ends with a working chip, and with a deployed one."""
    first = p["success"]
    second = (1.0 - first) * play.odds(1, f"{path} > failure: respin") * p["success"]
    deploys = np.zeros(())
    for reached, node in (
        (first, f"{path} > success"),
        (second, f"{path} > failure > respin > success"),
    ):
        held = play.odds(0, f"{infoset or node}: hold")
        deploys = deploys + reached * held * play.odds(1, f"{node} > hold: deploy")
    return first + second, deploys


def _starts(play: Play, name: str) -> Floats:
    """How likely an offer is made and answered by a programme."""
    return play.odds(0, name) * play.odds(1, f"{name}: start")


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Bought at the high price, at the low one, or a programme whose chip is matched or built."""
    play = Play(equilibria)
    started, let = np.zeros(()), np.zeros(())
    for name in OFFERS:
        start, node = _starts(play, name), f"{name} > start > success"
        started = started + start
        held = play.odds(0, f"{node}: hold")
        let = let + start * held * play.odds(1, f"{node} > hold: deploy") * p["success"]
    starts, high = started > 0.5, play.odds(0, "high") > 0.5
    return codes((starts & (let > 0.0), 3), (starts, 2), (high, 0), (started <= 0.5, 1))


PROGRAMME = (
    calibrated("value"),
    calibrated("supplier_cost"),
    calibrated("chip_cost"),
    calibrated("performance", low=1e-9),
    calibrated("porting"),
    calibrated("volume", low=1e-9),
    calibrated("addressable", high=1.0),
    calibrated("success", high=1.0),
    calibrated("programme_cost"),
    calibrated("respin_cost"),
)
REFERENCES = (
    "R. Selten (1975), Reexamination of the perfectness concept, Int. J. Game Theory 4.",
    "A. K. Dixit (1980), The role of investment in entry deterrence, Economic Journal 90.",
)

build_tree = Game(
    name="build_tree",
    parameters=(*PROGRAMME, *posted_prices()),
    build=build,
    doc="""A price, a chip programme, nature's verdict, a new price: build or buy as a tree.

After a success the supplier meets the cost of the chip, so that the chip is never produced unless
it is cheaper than the supplier itself; after a failure it charges all the customer can pay. What
the programme is worth is therefore known beforehand, and so is the price that keeps it from being
started. Cutting to that price may pay less than letting the customer try.""",
    references=REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("buy", "deterred", "matched", "built"),
    units={
        "price": "$k/AE",
        "p_start": "1",
        "p_chip": "1",
        "p_built": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
        "start_value": "$M",
        "respin_value": "$M",
        "option_value": "$M",
        "deterring_price": "$k/AE",
    },
)
