"""A dominant supplier posts a price; its customer buys, dual-sources, or builds its own chip.

The customer needs Q accelerator equivalents. A programme costs the NRE F; every workload can then
be ported at a cost s per unit, s uniform on [0, s̄], and served at the unit cost c_t of the
customer's own chip. With Δ = p - c_t the customer ports the share φ = min(Δ/s̄, 1), gains
G = Qφ(Δ - s̄φ/2) gross of F, and starts the programme when that beats F.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._leading import action, answer, payoff
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.leader import LeaderFollower
from solver.game import Game, Values

Floats = NDArray[np.float64]

ANSWERS = ("buy", "dual", "build")


def payoffs(  # noqa: PLR0913
    price: Floats,
    *,
    value: Floats,
    supplier_cost: Floats,
    chip_cost: Floats,
    performance: Floats,
    volume: Floats,
    nre: Floats,
    porting_top: Floats,
) -> tuple[list[Floats], list[Floats]]:
    """Payoffs of supplier and customer for each answer, $M.

    "dual" ports what is worth porting, "build" ports everything; where everything is worth
    porting the two are the same and the tie rule calls it "build".
    """
    profit, surplus = (price - supplier_cost) * volume, (value - price) * volume
    saving, half = price - chip_cost / performance, 0.5 * porting_top
    share = np.minimum(np.maximum(saving / porting_top, 0.0), 1.0)
    supplier = [profit, profit * (1.0 - share), 0.0 * profit]
    customer = [
        surplus,
        surplus + volume * share * (saving - half * share) - nre,
        surplus + volume * (saving - half) - nre,
    ]
    return supplier, customer


def build(**parameters: Floats) -> LeaderFollower:
    """The supplier chooses any price between its cost and the customer's value."""
    return LeaderFollower(
        players=("supplier", "customer"),
        action="price",
        low=parameters["supplier_cost"],
        high=parameters["value"],
        answers=ANSWERS,
        payoffs=payoffs,
        parameters=parameters,
    )


def build_posted(*, price: Floats, **parameters: Floats) -> LeaderFollower:
    """The price is given: the interval is one point, and only the customer moves."""
    return LeaderFollower(
        players=("supplier", "customer"),
        action="price",
        low=price,
        high=price,
        answers=ANSWERS,
        payoffs=payoffs,
        parameters=parameters,
    )


def outcomes(_parameters: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price, share of the volume served by the customer's own chip, and both payoffs."""
    return {
        "price": action(equilibria),
        "built_share": _built_share(_parameters, equilibria),
        "supplier_profit": payoff(equilibria, 0),
        "buyer_payoff": payoff(equilibria, 1),
    }


def _built_share(parameters: Values, equilibria: Equilibria) -> Floats:
    saving = action(equilibria) - parameters["chip_cost"] / parameters["performance"]
    share = np.clip(saving / parameters["porting_top"], 0.0, 1.0)
    return np.where(answer(equilibria) == ANSWERS.index("buy"), 0.0, share)


def regime(parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Bain's trichotomy: "buy" is blockaded at the monopoly price and deterred below it."""
    taken = answer(equilibria)
    at_value = action(equilibria) >= parameters["value"]
    codes: NDArray[np.intp] = np.where(
        taken == 0, np.where(at_value, 0, 1), np.where(taken < 0, -1, taken + 1)
    )
    return codes


def regime_posted(_parameters: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The customer's answer."""
    return answer(equilibria)


_SHARED = (
    "value", "supplier_cost", "chip_cost", "performance", "volume", "nre", "porting_top",
)  # fmt: skip
_POSITIVE = {"performance": 1e-9, "volume": 1e-9, "porting_top": 1e-9}
_PARAMETERS = tuple(calibrated(name, low=_POSITIVE.get(name, 0.0)) for name in _SHARED)
_UNITS = {"price": "$k/AE", "built_share": "1", "supplier_profit": "$M", "buyer_payoff": "$M"}

phase = Game(
    name="phase",
    parameters=_PARAMETERS,
    build=build,
    doc="""Supplier posts a price; the customer buys, dual-sources or builds its own chip.

The supplier moves first and knows everything. It serves the customer at its full value where the
programme is too dear to matter (buy-blockaded), cuts the price to where the programme just does not
pay (buy-deterred), or lets the customer build and harvests the workloads that stay (dual, build).
Entry can raise the price, and a dearer chip can help the customer.""",
    references=(
        "J. S. Bain (1956), Barriers to New Competition.",
        "A. K. Dixit (1979), A model of duopoly suggesting a theory of entry barriers.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("buy-blockaded", "buy-deterred", "dual", "build"),
    units=_UNITS,
)

phase_posted = Game(
    name="phase_posted",
    parameters=(calibrated("price"), *_PARAMETERS),
    build=build_posted,
    doc="""The customer's answer to a price it takes as given: buy, dual-source or build.

The customer starts a programme when porting its cheapest workloads saves more than the NRE, and
ports everything when even the dearest is worth porting. Indifference means no programme.""",
    references=phase.references,
    outcomes=outcomes,
    regime=regime_posted,
    regimes=ANSWERS,
    units=_UNITS,
)
