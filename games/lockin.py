"""Lock-in: bargain, then rip-off, if the customer was competed for; rip-off alone if it was not.

Leaving a supplier costs s per unit. Rivals with the unit cost c_r compete for every customer that
is attached to nobody, down to what leaves them nothing over both periods. The value v exceeds c_r.

Two periods. An attached customer pays p2 = min(v, c_r + s). Attached to a rival it would pay
(1 + δ)c_r over both periods: competition gives it back whatever the rival takes later. So the
supplier wins the customer with p1 = (1 + δ)c_r - δp2, which is c_r - δs unless v binds, and keeps

    (p1 - c_s) + δ(p2 - c_s) = (1 + δ)(c_r - c_s)

per unit: its cost advantage, and nothing from lock-in. Between equals (c_s = c_r) that is zero.

Attached already. The share a of the work runs on portable software and can leave at s' < s. With
one price for all the supplier keeps it *high*, min(v, c_r + s), and loses the portable part; or it
goes *low*, min(v, c_r + s'), and keeps all. High is better iff (1 - a)(p_h - c_s) >= p_l - c_s.

Ties: an indifferent customer stays. At the matching prices it is indifferent at every parameter
point; there the tree says so instead of the solver, and the customer cannot leave. A supplier
indifferent between winning the customer and not, as equals are, wins it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")
#: Prices next to those that theory singles out, as multiples.
UP, DOWN = 1.1, 0.9


def captive_price(p: Values, porting: Floats) -> Floats:
    """The dearest price at which a customer that can leave at the cost `porting` stays, $k/AE."""
    return np.minimum(p["value"], p["rival_cost"] + porting)


def later_prices(p: Values) -> dict[str, Floats]:
    """What the supplier considers in the second period."""
    match = captive_price(p, p["porting"])
    return {"match": match, "above": UP * match, "below": DOWN * match}


def first_prices(p: Values) -> dict[str, Floats]:
    """What the supplier considers in the first period."""
    rival, delta = _viable(p), p["discount"]
    match = (1.0 + delta) * rival - delta * captive_price(p, p["porting"])
    return {"match": match, "above": match + 0.1 * rival, "below": match - 0.1 * rival}


def _viable(p: Values) -> Floats:
    """What a unit costs from a rival; nobody pays more than it is worth."""
    return np.minimum(p["rival_cost"], p["value"])


def build(**p: Floats) -> ExtensiveForm:
    """First price, attachment, second price, and whether the customer stays."""
    offers: dict[str, Node] = {}
    lost = p["discount"] * np.maximum(p["rival_cost"] - p["porting"] - p["supplier_cost"], 0.0)
    rival = leaf(
        lost * p["volume"], (1.0 + p["discount"]) * (p["value"] - _viable(p)) * p["volume"]
    )
    for name, price in first_prices(p).items():
        attached = _second_period(p, price)
        offers[name] = attached
        if name != "match":
            offers[name] = decision("customer", {"attach": attached, "rival": rival})
    return tree(PLAYERS, decision("supplier", offers))


def _second_period(p: Values, first: Floats) -> Node:
    delta, away = p["discount"], np.maximum(p["value"] - p["rival_cost"] - p["porting"], 0.0)
    margin, surplus = first - p["supplier_cost"], p["value"] - first
    answers: dict[str, Node] = {}
    for name, price in later_prices(p).items():
        stay = leaf(
            (margin + delta * (price - p["supplier_cost"])) * p["volume"],
            (surplus + delta * (p["value"] - price)) * p["volume"],
        )
        leave = leaf(margin * p["volume"], (surplus + delta * away) * p["volume"])
        above = decision("customer", {"stay": stay, "leave": leave})
        answers[name] = above if name == "above" else stay
    return decision("supplier", answers)


def attached_prices(p: Values) -> dict[str, Floats]:
    """What a supplier considers whose customer is attached, all of it at one price."""
    high = captive_price(p, p["porting"])
    low = captive_price(p, easy_porting(p))
    return {
        "high": high,
        "low": low,
        "above": UP * high,
        "between": 0.5 * (high + low),
        "below": DOWN * low,
    }


def easy_porting(p: Values) -> Floats:
    """Cost s' of moving a unit of portable work, $k/AE."""
    return p["easy_porting"] * p["porting"]


def build_attached(**p: Floats) -> ExtensiveForm:
    """One price, and what part of its work the customer takes elsewhere."""
    easy = np.maximum(p["value"] - p["rival_cost"] - easy_porting(p), 0.0)
    hard = np.maximum(p["value"] - p["rival_cost"] - p["porting"], 0.0)
    portable = p["portable"] * p["volume"]
    captive = p["volume"] - portable
    answers: dict[str, Node] = {}
    for name, price in attached_prices(p).items():
        margin, surplus = price - p["supplier_cost"], p["value"] - price
        stay = leaf(margin * p["volume"], surplus * p["volume"])
        part = leaf(margin * captive, surplus * captive + easy * portable)
        leave = leaf(0.0, hard * captive + easy * portable)
        branches = {"stay": stay, "part": part, "leave": leave}
        if name in {"high", "between"}:
            del branches["leave"]
        kept = name in {"low", "below"}
        answers[name] = stay if kept else decision("customer", branches)
    return tree(PLAYERS, decision("supplier", answers))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Both prices (NaN where the customer goes to a rival), what lock-in brings, and payoffs."""
    play = Play(equilibria)
    first, later, won = (np.zeros(()) for _ in range(3))
    for name, price in first_prices(p).items():
        here = play.odds(0, name)
        if name != "match":
            here = here * play.odds(1, f"{name}: attach")
        node = name if name == "match" else f"{name} > attach"
        won, first = won + here, first + here * price
        for other, asked in later_prices(p).items():
            later = later + here * play.odds(0, f"{node}: {other}") * asked
    return {
        "price": np.where(won > 0.0, first / won, np.nan),
        "price_later": np.where(won > 0.0, later / won, np.nan),
        "p_attached": won,
        "supplier_profit": play.payoff(0),
        "buyer_payoff": play.payoff(1),
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the supplier first sells below its cost, or loses the customer to a rival."""
    found = outcomes(p, equilibria)
    won = found["p_attached"]
    return codes((won <= 0.5, 2), (found["price"] < p["supplier_cost"], 0), (won > 0.5, 1))


def outcomes_attached(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The price, the share that leaves, and payoffs."""
    play = Play(equilibria)
    price, left = np.zeros(()), np.zeros(())
    for name, asked in attached_prices(p).items():
        here = play.odds(0, name)
        price = price + here * asked
        if name in {"high", "above", "between"}:
            left = left + here * p["portable"] * play.odds(1, f"{name}: part")
        if name == "above":
            left = left + here * play.odds(1, "above: leave")
    return {
        "price": price,
        "moved_share": left,
        "supplier_profit": play.payoff(0),
        "buyer_payoff": play.payoff(1),
    }


def regime_attached(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the captive part is exploited or all of the work is kept."""
    play = Play(equilibria)
    high = play.odds(0, "high")
    return codes((high > 0.5, 0), (high <= 0.5, 1))


_MARKET = (
    calibrated("value"),
    calibrated("supplier_cost"),
    calibrated("rival_cost", low=1e-9),
    calibrated("porting"),
    calibrated("volume", low=1e-9),
)
_UNITS = {
    "price": "$k/AE",
    "price_later": "$k/AE",
    "p_attached": "1",
    "supplier_profit": "$M",
    "buyer_payoff": "$M",
}
_REFERENCES = (
    "J. Farrell, P. Klemperer (2007), Coordination and lock-in, Handbook of Ind. Org. 3.",
)

lockin = Game(
    name="lockin",
    parameters=(*_MARKET, calibrated("discount", high=1.0)),
    build=build,
    doc="""Two periods of lock-in that was competed for: a bargain first, a rip-off afterwards.

The price of the second period rises with the cost of leaving, one for one, and that of the first
falls by its present value. What the supplier keeps is its cost advantage: lock-in harms a customer
only if nobody competed for it.""",
    references=_REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("below-cost-first", "above-cost-first", "lost"),
    units=_UNITS,
)

lockin_attached = Game(
    name="lockin_attached",
    parameters=(
        *_MARKET,
        calibrated("easy_porting", high=1.0),
        calibrated("portable", high=1.0),
    ),
    build=build_attached,
    doc="""A customer attached for nothing in return, part of whose work has become portable.

At one price for everything the supplier either keeps it high for those that cannot leave, and loses
the portable part, or gives way to keep it all. A customer gains from portable software only if it
is a large part of its work or hardly costs anything to move.""",
    references=_REFERENCES,
    outcomes=outcomes_attached,
    regime=regime_attached,
    regimes=("captive", "kept"),
    units={
        "price": "$k/AE",
        "moved_share": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
    },
)
