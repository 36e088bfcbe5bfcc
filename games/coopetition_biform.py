"""A supplier pays for competition among its buyers, before it bargains with them.

The supplier has K units. A strong customer would pay v for each of Q and a weak one w_0, or w_1 if
the supplier has financed it, at a cost of E. Meanwhile the strong customer may prepare a chip of
its own: for F + σ, a unit then costs it c_t from elsewhere, and it never pays the supplier more.
Whatever they have done, the three then divide what every group of them could earn, which is the
coalition game of `games._capacity`. With one unit, no costs, v = 9, and w = 3 or 7 this is the
branded ingredient of Brandenburger and Stuart: the core leaves the supplier 3 to 9, or 7 to 9.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._capacity import Market
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.biform import BiformGame
from solver.forms.coalition import CoalitionGame
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "strong", "weak")
ACTIONS = (("stand-back", "finance"), ("wait", "prepare"), ("wait",))


def market(p: Values, *, finance: bool, prepare: bool) -> Market:
    """What the three can do after both have moved."""
    own = np.maximum(p["value"] - p["chip_cost"] / p["performance"], 0.0)
    return Market(
        values=[p["value"], p["financed_value"] if finance else p["weak_value"]],
        elsewhere=[own if prepare else 0.0 * own, 0.0 * own],
        volumes=[p["volume"], p["volume"]],
        cost=p["supplier_cost"],
        others=0.0 * own,
        capacity=p["capacity"],
    )


def build(**p: Floats) -> BiformGame:
    """Financing against preparing, and a coalition game after each pair of moves."""
    spent, programme = p["financing"], p["nre"] + p["porting_lump"]

    def second_stage(profile: tuple[str, ...]) -> CoalitionGame:
        finance, prepare = profile[0] == "finance", profile[1] == "prepare"
        table = market(p, finance=finance, prepare=prepare).worths()
        members = np.arange(table.shape[-1])
        # Money already spent is lost in every coalition that its owner could be in.
        sunk = np.where(members & 1, (spent if finance else 0.0 * spent)[..., None], 0.0)
        lost = np.where(members & 2, (programme if prepare else 0.0 * programme)[..., None], 0.0)
        return CoalitionGame(PLAYERS, table - sunk - lost)

    hopes = [p["supplier_confidence"], p["buyer_confidence"], p["buyer_confidence"]]
    return BiformGame.from_function(
        PLAYERS, ACTIONS, second_stage, np.stack(np.broadcast_arrays(*hopes), axis=-1)
    )


def outcomes(_p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """How likely the first equilibrium has financing and preparing, and expected payoffs."""
    payoffs = equilibria.first(equilibria.payoffs)
    first, second = (equilibria.first(equilibria.strategies[i]) for i in range(2))
    return {
        "p_finance": first[..., 1],
        "p_prepare": second[..., 1],
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
        "weak_payoff": payoffs[..., 2],
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Who moves in the first equilibrium, or that somebody mixes."""
    found = outcomes(p, equilibria)
    finance, prepare = found["p_finance"], found["p_prepare"]
    mixed = ((finance > 0.0) & (finance < 1.0)) | ((prepare > 0.0) & (prepare < 1.0))
    pure = np.where(finance > 0.0, 1, 0) + np.where(prepare > 0.0, 2, 0)
    codes: NDArray[np.intp] = np.where(mixed, 4, pure)
    return np.where(equilibria.count > 0, codes, -1)


def _assumed(name: str, default: float, unit: str, doc: str, high: float = np.inf) -> Parameter:
    return Parameter(
        name, default=default, low=0.0, high=high, unit=unit, doc=doc, source="assumption"
    )


coopetition_biform = Game(
    name="coopetition_biform",
    parameters=(
        calibrated("value", doc="What a unit is worth to the strong customer."),
        _assumed("weak_value", 25.0, "$k/AE", "What a unit is worth to the weak customer."),
        _assumed("financed_value", 45.0, "$k/AE", "The same once the supplier has financed it."),
        calibrated("supplier_cost"),
        calibrated("chip_cost"),
        calibrated("performance", low=1e-9),
        calibrated("volume", low=1e-9, doc="Units that either customer needs."),
        _assumed("capacity", 500.0, "kAE", "Units that the supplier can deliver."),
        calibrated("nre"),
        calibrated("porting_lump"),
        _assumed("financing", 2000.0, "$M", "What it costs the supplier to raise the weak one."),
        _assumed(
            "supplier_confidence",
            0.5,
            "1",
            "How far the supplier expects the most that the core gives it, not the least.",
            1.0,
        ),
        _assumed("buyer_confidence", 0.5, "1", "The same of the customers.", 1.0),
    ),
    build=build,
    doc="""A supplier finances a weak buyer, a strong one prepares its own chip; then all bargain.

Neither move need make anything that is used. Financing buys competition for what the supplier sells
anyway: it raises the least that the supplier must be content with. An own chip buys the strong
customer a ceiling on the price. Payoffs are what players expect of the core, by their confidence;
choose another division by the method of the concept biform.""",
    references=(
        "A. Brandenburger, H. Stuart (2007), Biform games, Management Science 53.",
        "A. Brandenburger, B. Nalebuff (1996), Co-opetition, Doubleday.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("neither", "finance", "prepare", "both", "mixed"),
    units={
        "p_finance": "1",
        "p_prepare": "1",
        "supplier_payoff": "$M",
        "buyer_payoff": "$M",
        "weak_payoff": "$M",
    },
)
