"""A chip programme in secret: the supplier reprices without knowing whether there is a chip.

As in `build_tree`, but no offer comes first, and the supplier does not see what the customer and
nature do. The customer *waits* or *starts* for f0, and may respin for f1; the supplier holds the
value v, matches the cost ℓ of the own chip or undercuts it; what a chip cannot serve is sold at v.

With ℓ < v let G = (v - ℓ)φQ, and let the supplier match with probability q. A chip is worth G at
either price, so being the only one to know about it is worth (1 - q)G. The supplier is indifferent
if a chip exists with probability θ = (v - ℓ)/(v - c_s). If starting pays at q = 0 and a programme
that is started for sure would find a chip more often than that, then

- a chip exists with probability θ, and
- x = ρ(1 - q)G, what an attempt brings, just pays: x + (1 - ρ)(x - f1)⁺ = f0.

Where even a programme that is started for sure finds a chip more rarely, the supplier holds. If it
does so without a respin and not with one, the customer starts for sure, x = f1, and respins just as
often as makes the supplier indifferent.

Ties: an indifferent customer waits and buys; at the matching price the tree says so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.build_tree import (
    CUT,
    PLAYERS,
    PROGRAMME,
    REFERENCES,
    chip_odds,
    match_price,
    programme,
    repriced,
    start_value,
)
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import decision, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

#: The information set at which the supplier prices.
UNSEEN = "price"


def build(**p: Floats) -> ExtensiveForm:
    """The customer starts or not; the supplier prices without knowing."""
    wait = repriced(p, 0.0, works=False, infoset=UNSEEN)
    return tree(PLAYERS, decision("customer", {"wait": wait, "start": programme(p, UNSEEN)}))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """How often a programme is started, how often the supplier gives way, and the payoffs."""
    play = Play(equilibria)
    start = play.odds(1, "start")
    works, deploys = chip_odds(p, play, "start", UNSEEN)
    match, undercut = (play.odds(0, f"{UNSEEN}: {name}") for name in ("match", "undercut"))
    price = match_price(p)
    return {
        "price": (1.0 - match - undercut) * p["value"] + (match + CUT * undercut) * price,
        "p_start": start,
        "p_match": match,
        "p_chip": start * works,
        "p_built": start * deploys,
        "supplier_profit": play.payoff(0),
        "buyer_payoff": play.payoff(1),
        "start_value": start_value(p),
    }


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether a programme is never started, always, or sometimes."""
    start = Play(equilibria).odds(1, "start")
    return codes((start <= 0.0, 0), (start >= 1.0, 2), (start > 0.0, 1))


build_tree_hidden = Game(
    name="build_tree_hidden",
    parameters=PROGRAMME,
    build=build,
    doc="""The customer starts a chip programme in secret; the supplier prices without knowing.

A supplier that always held its price would make the programme pay, and one that always gave way
would make it needless. So both mix: the chip exists just as often as makes the supplier indifferent
between holding and matching, and the supplier gives way just as often as makes the programme worth
its cost. Only where a working chip stays rarer than that is the programme started for sure.""",
    references=REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("no-programme", "mixed", "programme"),
    units={
        "price": "$k/AE",
        "p_start": "1",
        "p_match": "1",
        "p_chip": "1",
        "p_built": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
        "start_value": "$M",
    },
)
