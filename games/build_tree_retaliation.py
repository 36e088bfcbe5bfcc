"""The supplier may cut off a customer that starts its own chip, if that is worth its while.

The customer buys Q at the price p, or starts a programme for f0 whose chip, with probability ρ,
serves the share φ at ℓ = c_t + s. Everything else it still needs from the supplier, which *serves*
it at p or *cuts* its allocation and sells to the best buyer not served yet, at that buyer's value
v_next but not above p, or leaves the unit unmade. Refusing one unit therefore costs the supplier

    (p - max(c_s, v_next))⁺.

In a shortage (v_next >= p) refusing is free: the supplier is indifferent, and among its two answers
the tree lists the cut first. In slack (v_next < p) it is not: only serving is subgame-perfect, but
the threat remains part of Nash equilibria in which it is never put to the test.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")


def refusal_cost(p: Values) -> Floats:
    """What refusing one unit costs the supplier, $k/AE."""
    return np.maximum(p["price"] - np.maximum(p["supplier_cost"], p["next_value"]), 0.0)


def own_cost(p: Values) -> Floats:
    """Cost ℓ of serving a unit with the own chip, $k/AE."""
    return p["chip_cost"] / p["performance"] + p["porting"]


def after_start(p: Values, *, served: bool) -> Node:
    """Nature decides; then the customer uses what it has got."""
    margin = p["price"] - p["supplier_cost"] - (0.0 if served else refusal_cost(p))
    surplus = p["value"] - p["price"] if served else 0.0 * p["price"]
    own = p["addressable"] * p["volume"]
    bought = p["volume"] - np.where(own_cost(p) < p["price"], own, 0.0)
    on_own = np.maximum(p["value"] - own_cost(p), surplus) * own
    success = leaf(margin * bought, on_own + surplus * (p["volume"] - own) - p["programme_cost"])
    failure = leaf(margin * p["volume"], surplus * p["volume"] - p["programme_cost"])
    return chance(
        {
            "success": (p["success"], success),
            "failure": (1.0 - p["success"], failure),
        }
    )


def build(**p: Floats) -> ExtensiveForm:
    """Buy or start, then cut or serve, then nature."""
    bought = leaf(
        (p["price"] - p["supplier_cost"]) * p["volume"], (p["value"] - p["price"]) * p["volume"]
    )
    answers = {"cut": after_start(p, served=False), "serve": after_start(p, served=True)}
    start = decision("supplier", answers)
    return tree(PLAYERS, decision("customer", {"buy": bought, "start": start}))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Whether a programme is started, whether the threat would be carried out, and payoffs."""
    play = Play(equilibria)
    return {
        "p_start": play.odds(1, "start"),
        "p_cut": play.odds(0, "start: cut"),
        "refusal_cost": refusal_cost(p),
        "supplier_profit": play.payoff(0),
        "buyer_payoff": play.payoff(1),
        "threat_value": play.payoff(0) - _served(p),
    }


def _tempted(p: Values) -> NDArray[np.bool_]:
    """Whether the customer would start a programme if it was served all the same."""
    saved = np.maximum(p["price"] - own_cost(p), 0.0) * p["addressable"] * p["volume"]
    return np.asarray(p["success"] * saved > p["programme_cost"])


def _served(p: Values) -> Floats:
    """The supplier's profit if it could not refuse."""
    lost = np.where(_tempted(p), p["success"] * p["addressable"], 0.0)
    return np.asarray((p["price"] - p["supplier_cost"]) * p["volume"] * (1.0 - lost))


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the customer buys, and if so whether it is the threat that keeps it from starting."""
    play = Play(equilibria)
    start, cut = play.odds(1, "start"), play.odds(0, "start: cut")
    return codes(
        ((start > 0.5) & (cut > 0.5), 3),
        (start > 0.5, 2),
        ((start <= 0.5) & _tempted(p), 1),
        (start <= 0.5, 0),
    )


build_tree_retaliation = Game(
    name="build_tree_retaliation",
    parameters=(
        calibrated("value"),
        calibrated("price"),
        calibrated("supplier_cost"),
        calibrated("chip_cost"),
        calibrated("performance", low=1e-9),
        calibrated("porting"),
        calibrated("volume", low=1e-9),
        calibrated("addressable", high=1.0),
        calibrated("success", high=1.0),
        calibrated("programme_cost"),
        calibrated("next_value"),
    ),
    build=build,
    doc="""The supplier may cut off a customer that starts its own chip.

The threat is credible only in a shortage, when the units refused are sold to somebody else at the
same price. In slack the supplier would be cutting off its own sales: the threat still supports a
Nash equilibrium, but no subgame-perfect one.""",
    references=(
        "R. Selten (1978), The chain store paradox, Theory and Decision 9.",
        "A. K. Dixit (1980), The role of investment in entry deterrence, Economic Journal 90.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("buy", "deterred", "start", "start-cut-off"),
    units={
        "p_start": "1",
        "p_cut": "1",
        "refusal_cost": "$k/AE",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
        "threat_value": "$M",
    },
)
