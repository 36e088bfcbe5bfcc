"""A supplier names one price to a customer whose cost of building it cannot see.

The customer needs Q accelerator equivalents and is served in any case: it buys at the price p or
builds its own chip, at the cost r_H per unit if it is weak in building, which has probability μ,
and r_L if it is strong. At cost c the supplier gains Q(r_L - c) from a price at which both buy and
μQ(r_H - c) from one at which only the weak type does. It takes the second if and only if
μ >= μ* = (r_L - c)/(r_H - c), and then the strong type builds, which is inefficient if r_L > c.

With r spread evenly over [a, b], and a share 1 - φ of the volume that no own chip can serve, the
price p leaves the supplier (p - c)Q[1 - φ(p - a)/(b - a)], most at
p* = [b - (1 - φ)a + φc]/(2φ) within [a, b].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._two_types import PLAYED, expected, menu, moves, reservations
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.leader import LeaderFollower
from solver.forms.telling import Node, chance, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")
OFFERS = ("below", "low", "between", "high", "none")
ANSWERS = ("build-if-cheaper",)


def prices(p: Values) -> dict[str, Floats]:
    """The supplier's menu: r_L and r_H, a price below, a price between, and no offer."""
    strong, weak = reservations(p)
    nothing = np.full_like(weak, np.nan)
    offers = (0.95 * strong, strong, 0.5 * (strong + weak), weak, nothing)
    return dict(zip(OFFERS, offers, strict=True))


def build(**p: Floats) -> ExtensiveForm:
    """Nature draws the type, the supplier offers without seeing it, the customer answers.

    A customer that is asked exactly what its own chip costs buys. That, and offers at which nobody
    would build, are told as sales: the choices left are those between unlike costs.
    """
    strong, weak = reservations(p)
    offers, volume = prices(p), p["volume"]

    def buys(price: Floats) -> Node:
        return leaf((price - p["supplier_cost"]) * volume, -price * volume)

    def node(label: str, cost: Floats, *, is_weak: bool) -> Node:
        price, built = offers[label], leaf(0.0, -cost * volume)
        if label == "none":
            return built
        if label in {"below", "low"} or (label == "high" and is_weak):
            return buys(price)
        return decision("customer", {"buy": buys(price), "build": built})

    def offered(cost: Floats, *, is_weak: bool) -> Node:
        branches = {label: node(label, cost, is_weak=is_weak) for label in OFFERS}
        return decision("supplier", branches, infoset="offer")

    mu = p["weak_share"]
    types = {
        "weak": (mu, offered(weak, is_weak=True)),
        "strong": (1.0 - mu, offered(strong, is_weak=False)),
    }
    return tree(PLAYERS, chance(types))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price offered (NaN for no offer), share built, and payoffs in the first equilibrium."""
    odds = equilibria.first(moves(equilibria, 0, len(OFFERS))[..., 0, :])
    answers = equilibria.first(equilibria.strategies[1])
    asked = menu(*list(prices(p).values())[:-1])
    weak_builds = odds[..., 4] + odds[..., 2] * answers[..., 1]
    strong_builds = odds[..., 4] + odds[..., 2] * answers[..., 3] + odds[..., 3] * answers[..., 5]
    payoffs = equilibria.first(equilibria.payoffs)
    mu = p["weak_share"]
    return {
        "price": expected(odds[..., :-1], asked) / odds[..., :-1].sum(axis=-1),
        "built_share": mu * weak_builds + (1.0 - mu) * strong_builds,
        "supplier_profit": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
    }


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.int64]:
    """Whom the supplier means to serve; "tie" where more than one offer is made."""
    odds = moves(equilibria, 0, len(OFFERS))[..., 0, :]
    made = (odds > PLAYED).any(axis=-2)
    single = made.sum(axis=-1) == 1
    served = np.array([3, 0, 3, 1, 2])[np.argmax(made, axis=-1)]
    codes: NDArray[np.int64] = np.where(single, served, np.where(made.any(axis=-1), 3, -1))
    return codes


def payoffs_uniform(  # noqa: PLR0913
    price: Floats,
    *,
    supplier_cost: Floats,
    volume: Floats,
    addressable: Floats,
    reservation_low: Floats,
    reservation_high: Floats,
) -> tuple[list[Floats], list[Floats]]:
    """Expected payoffs, $M, of a customer that builds what it can where that is cheaper."""
    served = addressable * _cheaper(price, reservation_low, reservation_high)
    saved = 0.5 * served * (price - reservation_low)  # for prices within the range
    return [(price - supplier_cost) * volume * (1.0 - served)], [(saved - price) * volume]


def _cheaper(price: Floats, low: Floats, high: Floats) -> Floats:
    """Probability that own compute costs less than the price."""
    spread = high - low
    inside = np.clip((price - low) / np.where(spread > 0.0, spread, 1.0), 0.0, 1.0)
    return np.where(spread > 0.0, inside, 1.0 * (price > low))


def build_uniform(**p: Floats) -> LeaderFollower:
    """The supplier chooses any price in the range of what own compute may cost.

    Once it knows its cost the customer builds if that is below the price, whatever the price: the
    one answer that is left.
    """
    return LeaderFollower(
        players=PLAYERS,
        action="price",
        low=p["reservation_low"],
        high=p["reservation_high"],
        answers=ANSWERS,
        payoffs=payoffs_uniform,
        parameters=p,
    )


def outcomes_uniform(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price, probability that the customer builds what it can, share built, and payoffs."""
    price, odds = _uniform(p, equilibria)
    payoffs = equilibria.first(equilibria.payoffs)
    return {
        "price": price,
        "p_build": odds,
        "built_share": p["addressable"] * odds,
        "supplier_profit": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
    }


def _uniform(p: Values, equilibria: Equilibria) -> tuple[Floats, Floats]:
    """Price and probability of building."""
    assert equilibria.leader_action is not None
    price = equilibria.first(equilibria.leader_action)
    return price, _cheaper(price, p["reservation_low"], p["reservation_high"])


def regime_uniform(p: Values, equilibria: Equilibria) -> NDArray[np.int64]:
    """Whether nobody, some or everybody who can will build."""
    _, odds = _uniform(p, equilibria)
    codes: NDArray[np.int64] = np.where(odds <= PLAYED, 0, np.where(odds < 1.0 - PLAYED, 1, 2))
    return codes


_UNITS = {
    "price": "$k/AE",
    "p_build": "1",
    "built_share": "1",
    "supplier_profit": "$M",
    "buyer_payoff": "$M",
}
_REFERENCES = (
    "J.-J. Laffont and D. Martimort (2002), The Theory of Incentives, Princeton UP, ch. 2.",
    "J. Riley and R. Zeckhauser (1983), Optimal selling strategies, QJE 98.",
)

screening = Game(
    name="screening",
    parameters=(
        calibrated("supplier_cost"),
        calibrated("chip_cost", low=1e-9),
        calibrated("performance", low=1e-9),
        calibrated("handicap", low=1e-9, high=1.0),
        calibrated("volume", low=1e-9),
        calibrated("nre"),
        calibrated("porting_lump"),
        calibrated("weak_share", high=1.0),
    ),
    build=build,
    doc="""Supplier offers one price to a customer whose cost of building it cannot see.

If the customer is likely enough to be weak, the supplier asks what only the weak type pays and a
strong type builds, although serving it would have paid. Otherwise it asks what the strong type
pays, and a weak type keeps the difference. Indifferent customers buy. There is one subgame-perfect
equilibrium, except at the prior where both prices earn the same; the regime then is a tie.""",
    references=_REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("serve-both", "serve-weak", "no-sale", "tie"),
    units={name: unit for name, unit in _UNITS.items() if name != "p_build"},
)

screening_uniform = Game(
    name="screening_uniform",
    parameters=(
        calibrated("supplier_cost"),
        calibrated("volume", low=1e-9),
        calibrated("addressable", high=1.0),
        calibrated("reservation_low"),
        calibrated("reservation_high"),
    ),
    build=build_uniform,
    doc="""Supplier names a price to a customer whose cost of building is spread over a range.

What the customer's own chip costs is private and uniform between the two reservations. The larger
the share of its workload that no own chip can serve, the higher the price: at a small enough
addressable share the supplier asks the most that anybody's chip could cost.""",
    references=_REFERENCES,
    outcomes=outcomes_uniform,
    regime=regime_uniform,
    regimes=("nobody-builds", "some-build", "all-build"),
    units=_UNITS,
)
