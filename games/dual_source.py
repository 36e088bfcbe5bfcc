"""A second source as insurance against a supplier that may not deliver.

The supplier delivers with probability 1 - λ, is paid p per unit delivered, and a unit that is
missing costs the customer h. A unit of its own chip costs c_t.

In `dual_source` and `dual_source_priced` the own chip always comes: a unit from the supplier costs
(1 - λ)p + λh on average, and one from the chip c_t. The price is given in the first; in the second
the supplier names it.

In `dual_source_convex` the customer divides its Q units, the share s to its own chip. Either source
fails as a whole with probability λ, and as both depend on the same foundry and memory, failures
have the correlation ρ: both fail with probability λ² + ρλ(1 - λ). Missing the share x of all units
costs hQx²/2: the first ones missing are the least needed. Units that do not come are not paid for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._leading import action, answer, payoff
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.leader import LeaderFollower
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

ANSWERS = ("own chip", "supplier")


def own_cost(p: Values) -> Floats:
    """Cost of the customer's own chip, $k/AE."""
    return p["chip_cost"] / p["performance"]


def payoffs(price: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """Supplier's expected profit, and the customer's expected cost as a negative payoff, $M."""
    arrives = 1.0 - p["shortfall"]
    bought = arrives * price + p["shortfall"] * p["shortage_loss"]
    profit = arrives * (price - p["supplier_cost"])
    own = own_cost(p) + 0.0 * price
    return [0.0 * price, profit * p["volume"]], [-own * p["volume"], -bought * p["volume"]]


def build(*, price: Floats, **p: Floats) -> LeaderFollower:
    """The price is given: the interval is one point, and only the customer moves."""
    return _posted(price, price, p)


def build_priced(**p: Floats) -> LeaderFollower:
    """The supplier names any price between its cost and what a missing unit costs."""
    return _posted(p["supplier_cost"], p["shortage_loss"], p)


def _posted(low: Floats, high: Floats, p: Values) -> LeaderFollower:
    return LeaderFollower(
        players=("supplier", "customer"),
        action="price",
        low=low,
        high=high,
        answers=ANSWERS,
        payoffs=payoffs,
        parameters=p,
    )


def both_fail(p: Values) -> Floats:
    """Probability that neither source delivers."""
    fails = p["shortfall"]
    return fails * fails + p["shock_correlation"] * fails * (1.0 - fails)


def payoffs_convex(own_share: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """The customer's expected cost, negative, and the supplier's expected profit, $M."""
    both, bought = both_fail(p), 1.0 - own_share
    one = p["shortfall"] - both
    missing = one * (np.square(own_share) + np.square(bought)) + both
    paid = (1.0 - p["shortfall"]) * (own_cost(p) * own_share + p["price"] * bought)
    cost = paid + 0.5 * p["shortage_loss"] * missing
    profit = (1.0 - p["shortfall"]) * (p["price"] - p["supplier_cost"]) * bought
    return [-cost * p["volume"]], [profit * p["volume"]]


def build_convex(**p: Floats) -> LeaderFollower:
    """The customer divides its units; the supplier delivers what is ordered, if it can."""
    return LeaderFollower(
        players=("customer", "supplier"),
        action="own_share",
        low=0.0,
        high=1.0,
        answers=("deliver",),
        payoffs=payoffs_convex,
        parameters=p,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price, share of the own chip, expected cost per unit, profit, and the value of the chip."""
    price, own = action(equilibria), answer(equilibria) == ANSWERS.index("own chip")
    customer = payoff(equilibria, 1)
    alone = _bought(price, p)
    return {
        "price": price,
        "own_share": np.where(own, 1.0, 0.0 * price),
        "unit_cost": -customer / p["volume"],
        "second_source_value": customer - alone,
        "supplier_profit": payoff(equilibria, 0),
        "buyer_payoff": customer,
    }


def outcomes_priced(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The same with the price that is asked; it is NaN where nothing is bought."""
    found = outcomes(p, equilibria)
    price = np.where(found["own_share"] > 0.0, np.nan, found["price"])
    value = found["buyer_payoff"] - _bought(p["shortage_loss"], p)
    return {**found, "price": price, "second_source_value": value}


def _bought(price: Floats, p: Values) -> Floats:
    """The customer's payoff if it buys at a price, $M."""
    others = {name: value for name, value in p.items() if name != "price"}
    return payoffs(price, **others)[1][ANSWERS.index("supplier")]


def outcomes_convex(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Share of the own chip, odds that nothing comes, and what dividing the units is worth."""
    share, customer = action(equilibria), payoff(equilibria, 0)
    single = [payoffs_convex(s + 0.0 * share, **p)[0][0] for s in (0.0, 1.0)]
    return {
        "own_share": share,
        "p_both_fail": both_fail(p) + 0.0 * share,
        "unit_cost": -customer / p["volume"],
        "second_source_value": customer - np.maximum(*single),
        "supplier_profit": payoff(equilibria, 1),
        "buyer_payoff": customer,
    }


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Where the customer gets its units."""
    chosen = answer(equilibria)
    codes: NDArray[np.intp] = np.where(chosen == ANSWERS.index("supplier"), 0, 1)
    return np.where(chosen < 0, -1, codes)


def regime_priced(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the own chip holds the price down, or replaces the supplier."""
    chosen = regime(p, equilibria)
    top = action(equilibria) >= p["shortage_loss"]
    codes: NDArray[np.intp] = np.where(chosen == 0, np.where(top, 0, 1), 2)
    return np.where(chosen < 0, -1, codes)


def regime_convex(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """One source, or both."""
    share = action(equilibria)
    codes: NDArray[np.intp] = np.where(share <= 0.0, 0, np.where(share >= 1.0, 2, 1))
    return np.where(equilibria.count > 0, codes, -1)


_OTHERS = (
    calibrated("supplier_cost"),
    calibrated("chip_cost"),
    calibrated("performance", low=1e-9),
    calibrated("volume", low=1e-9),
    calibrated("shortfall", high=0.999),
    Parameter(
        "shortage_loss",
        default=60.0,
        low=0.0,
        unit="$k/AE",
        doc="What a missing unit costs the buyer; with convex losses, the last of all units.",
        source="assumption: the base of value",
        calibration=calibrated("value").calibration,
    ),
)
_UNITS = {
    "price": "$k/AE",
    "own_share": "1",
    "p_both_fail": "1",
    "unit_cost": "$k/AE",
    "second_source_value": "$M",
    "supplier_profit": "$M",
    "buyer_payoff": "$M",
}
_LINEAR = {name: unit for name, unit in _UNITS.items() if name != "p_both_fail"}
_REFERENCES = (
    "J. J. Anton, D. A. Yao (1989), Split awards, procurement, and innovation, RAND 20.",
    "B. Tomlin (2006), On the value of mitigation and contingency strategies, Mgmt. Science 52.",
)

dual_source = Game(
    name="dual_source",
    parameters=(calibrated("price"), *_OTHERS),
    build=build,
    doc="""A customer buys from a supplier that may not deliver, or makes a chip that always comes.

A dearer chip of its own can be the cheaper source when shortages are likely or costly. Every unit
is like every other: all are bought, or none. Payoffs of the customer are expected costs, negative.
That an own chip always comes is generous: see `dual_source_convex`.""",
    references=_REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("supplier", "own-chip"),
    units=_LINEAR,
)

dual_source_priced = Game(
    name="dual_source_priced",
    parameters=_OTHERS,
    build=build_priced,
    doc="""A supplier that may not deliver names its price; the customer could make its own chip.

The less reliable the supplier, the lower the price at which the customer still buys: unreliability
is paid for by the supplier, until it cannot cover its cost and the chip is made.""",
    references=_REFERENCES,
    outcomes=outcomes_priced,
    regime=regime_priced,
    regimes=("undisputed", "limit-price", "own-chip"),
    units=_LINEAR,
)

dual_source_convex = Game(
    name="dual_source_convex",
    parameters=(calibrated("price"), *_OTHERS, calibrated("shock_correlation", high=1.0)),
    build=build_convex,
    doc="""A customer divides its units between a supplier and its own chip, and either may fail.

Two sources insure against each other as far as they do not fail together. An own chip from the same
foundry and with the same memory fails when the supplier does: at a correlation of 1 dividing the
units is worth nothing, however likely or costly shortages are.""",
    references=_REFERENCES,
    outcomes=outcomes_convex,
    regime=regime_convex,
    regimes=("supplier", "both", "own-chip"),
    units={name: unit for name, unit in _UNITS.items() if name != "price"},
)
