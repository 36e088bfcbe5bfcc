"""A customer says that it could build its own chip; saying so costs nothing.

The same customer and the same supplier as in `games.signal`, but instead of running a programme the
customer issues a press release. Both types pay less the stronger they are thought to be, so neither
would send a message after which the price is higher: in every equilibrium all messages that are
sent meet the same expected price, the one at the mean of r, c + β(E r - c).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._two_types import PLAYED
from games.signal import CUSTOMER, PLAYERS, TYPES, of_two_types, priced, prices_met, profit, sales
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, decision, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

MESSAGES = ("we will buy", "we can build")


def build(**p: Floats) -> ExtensiveForm:
    """Nature draws the type, the customer says something, the supplier names a price."""
    sold = sales(p)

    def talk(kind: str) -> Node:
        said = {words: priced(sold[kind], f"said {words}", 0.0) for words in MESSAGES}
        return decision("customer", said, infoset=kind)

    return tree(PLAYERS, of_two_types(p["weak_share"], {kind: talk(kind) for kind in TYPES}))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Prices that the types meet, and expected money, in the first equilibrium."""
    _, met = prices_met(p, equilibria, len(MESSAGES))
    first = equilibria.first(met)
    return {
        "price_weak": first[..., 0],
        "price_strong": first[..., 1],
        "sales_profit": equilibria.first(profit(p, equilibria, len(MESSAGES))),
        "buyer_payoff": equilibria.first(equilibria.payoffs)[..., 1],
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.int64]:
    """Whether the types meet different prices in any equilibrium that was found."""
    _, met = prices_met(p, equilibria, len(MESSAGES))
    differ = np.abs(met[..., 0] - met[..., 1]) > PLAYED * np.abs(met[..., 0])
    codes: NDArray[np.int64] = np.where(
        equilibria.count > 0, differ.any(axis=-1).astype(np.int64), -1
    )
    return codes


cheap_talk = Game(
    name="cheap_talk",
    parameters=CUSTOMER,
    build=build,
    doc="""Customer says it could build its own chip, at no cost; the supplier names a price.

Every customer wants to be thought strong, so its words tell nothing and the price does not depend
on them: a press release must not move the price. All equilibria babble, whichever concept lists
them. What it takes to be believed is in the game signal.""",
    references=(
        "V. Crawford and J. Sobel (1982), Strategic information transmission, Econometrica 50.",
        "J. Farrell and M. Rabin (1996), Cheap talk, Journal of Economic Perspectives 10.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("babbling", "informative"),
    units={
        "price_weak": "$k/AE",
        "price_strong": "$k/AE",
        "sales_profit": "$M",
        "buyer_payoff": "$M",
    },
)
