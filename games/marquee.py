"""A customer that others follow: having it is worth ψ to the supplier beyond the sale.

`marquee` is the game `bargain` with ψ added to what trade creates: the supplier loses the reference
if talks fail or the customer leaves.

In `marquee_crowd` the supplier serves a marquee customer of Q units and a crowd of nQ. A unit is
worth v to either if both join, because software is written for what the marquee customer uses and
for what many use, but only xv to one that joins alone. The supplier names both prices, and the two
answer without seeing each other. At the price v for both there are two equilibria: all join, or
nobody does, each staying away because the other does. To be sure, the supplier must divide and
conquer: make it pay for one to join even alone, at xv, and charge the other, which then is not
alone, v. It favours the smaller: the price cut is paid per unit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.bargain import bargain, traded
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, decision, leaf, simultaneous, tree
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "marquee", "crowd")
ANSWERS = ("decline", "join")
#: What an offer undercuts a customer's worth by, to leave it something for joining.
LEFT = 0.99


def base(p: Values) -> BargainingProblem:
    """The bargain with a customer that nobody follows."""
    form = bargain.build(**{name: value for name, value in p.items() if name != "marquee"})
    assert isinstance(form, BargainingProblem)
    return form


def build(**p: Floats) -> BargainingProblem:
    """The sale is worth the more to the two together."""
    form = base(p)
    return BargainingProblem(
        players=("supplier", "customer"),
        surplus=np.asarray(form.surplus) + p["marquee"],
        disagreement=form.disagreement,
        outside=form.outside,
        weights=form.weights,
        discounts=form.discounts,
        breakdown=form.breakdown,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price (NaN without trade), payoffs, and what the reference takes off the price."""
    payoffs = equilibria.first(equilibria.payoffs)
    cash = payoffs[..., 0] - p["marquee"]
    trade = regime(p, equilibria) == 1
    return {
        "price": np.where(trade, p["supplier_cost"] + cash / p["volume"], np.nan),
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """No trade where even with the reference the customer's own chip is worth more."""
    trade = traded(build(**p), equilibria)
    found: NDArray[np.intp] = np.where(equilibria.count > 0, np.where(trade, 1, 0), -1)
    return found


def offers(p: Values) -> dict[str, tuple[Floats, Floats]]:
    """Prices to the marquee customer and to the crowd, $k/AE."""
    high, low = LEFT * p["value"], LEFT * p["alone"] * p["value"]
    return {
        "low to marquee": (low, high),
        "low to crowd": (high, low),
        "low to both": (low, low),
        "high to both": (high, high),
    }


def build_crowd(**p: Floats) -> ExtensiveForm:
    """Two prices, and then both customers at once."""
    return tree(
        PLAYERS, decision("supplier", {name: _joining(p, *o) for name, o in offers(p).items()})
    )


def _joining(p: Values, first: Floats, second: Floats) -> Node:
    sizes = (p["volume"], p["crowd"] * p["volume"])
    cells: dict[tuple[str, ...], Node] = {}
    for one in ANSWERS:
        for two in ANSWERS:
            joins = (one == "join", two == "join")
            worth = p["value"] if all(joins) else p["alone"] * p["value"]
            paid = [(first, second)[i] * sizes[i] if joins[i] else 0.0 * first for i in range(2)]
            cost = [p["supplier_cost"] * sizes[i] if joins[i] else 0.0 * first for i in range(2)]
            gets = [worth * sizes[i] - paid[i] if joins[i] else 0.0 * first for i in range(2)]
            cells[one, two] = leaf(sum(paid) - sum(cost), *gets)
    return simultaneous(PLAYERS[1:], cells)


def outcomes_crowd(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Both prices and payoffs in the equilibrium that is listed first."""
    play = Play(equilibria)
    asked = offers(p)
    odds = {name: play.odds(0, name) for name in asked}
    return {
        "price_marquee": sum((odds[k] * asked[k][0] for k in asked), np.zeros(())),
        "price_crowd": sum((odds[k] * asked[k][1] for k in asked), np.zeros(())),
        "supplier_profit": play.payoff(0),
        "marquee_payoff": play.payoff(1),
        "crowd_payoff": play.payoff(2),
    }


def regime_crowd(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Who is favoured, in the equilibrium that is listed first."""
    play = Play(equilibria)
    names = ("low to marquee", "low to crowd", "low to both", "high to both")
    return codes(*((play.odds(0, name) > 0.5, k) for k, name in enumerate(names)))


marquee = Game(
    name="marquee",
    parameters=(*bargain.parameters, calibrated("marquee")),
    build=build,
    doc="""Supplier and customer bargain, and the supplier wants the customer as a reference.

A supplier that cannot afford to lose a customer that sets trends gives it part of what it is worth
as a reference: under Nash bargaining the customer's weight of it, per unit. If the customer can
only threaten to leave, it gets nothing of it until it would leave.""",
    references=(
        "J. F. Nash (1950), The bargaining problem, Econometrica 18.",
        "I. Segal (1999), Contracting with externalities, QJE 114.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "trade"),
    units={"price": "$k/AE", "supplier_payoff": "$M", "buyer_payoff": "$M"},
)

marquee_crowd = Game(
    name="marquee_crowd",
    parameters=(
        calibrated("value", low=1e-9, doc="What a unit is worth to one that others join."),
        calibrated("supplier_cost"),
        calibrated("volume", low=1e-9, doc="Accelerator equivalents the marquee customer needs."),
        Parameter(
            "crowd",
            default=3.0,
            low=1e-9,
            unit="1",
            doc="Volume of all other customers, in terms of the marquee customer's.",
            source="assumption",
        ),
        Parameter(
            "alone",
            default=0.6,
            low=0.0,
            high=1.0,
            unit="1",
            doc="What a unit is worth to one that joins alone, in terms of its value.",
            source="assumption",
        ),
    ),
    build=build_crowd,
    doc="""A supplier wins a marquee customer cheaply so that a crowd follows at the full price.

With one high price for all, everybody may join, or nobody: each waits for the other. Divide and
conquer removes the bad equilibrium: a price at which the smaller customer joins even alone, and the
full price for the rest. All equilibria are listed; the first is the cautious one, in which nobody
joins where nobody might.""",
    references=(
        "I. Segal (1999), Contracting with externalities, QJE 114.",
        "I. Segal (2003), Coordination and discrimination in contracting, JET 113.",
    ),
    outcomes=outcomes_crowd,
    regime=regime_crowd,
    regimes=("marquee-favoured", "crowd-favoured", "both-favoured", "nobody-favoured"),
    units={
        "price_marquee": "$k/AE",
        "price_crowd": "$k/AE",
        "supplier_profit": "$M",
        "marquee_payoff": "$M",
        "crowd_payoff": "$M",
    },
)
