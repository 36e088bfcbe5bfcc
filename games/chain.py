"""A chain of suppliers: foundry, chip supplier, cloud, and the customers of the cloud.

Final customers want Q(1 - p/a) units at the price p. Making a unit costs c. Tier by tier, each
names a price per unit to the next, and the last one the price p to customers; prices between are
taken from a menu of shares of what is left, a minus one's own cost.

With lump sums the tiers negotiate in pairs instead, from the foundry's end: first foundry and
supplier, then supplier and cloud. Units change hands at cost, the cloud chooses the price to
customers, and money divides what that earns by Nash's solution.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, bargaining, decision, leaf, tree
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

TIERS = ("foundry", "supplier", "cloud")
#: Prices that a tier considers: its own cost plus these shares of what is left above it.
STEPS = {"0": 0.0, "1/4": 0.25, "3/8": 0.375, "1/2": 0.5, "5/8": 0.625, "3/4": 0.75}


def wanted(p: Values, price: Floats) -> Floats:
    """Units that final customers want, kAE."""
    return p["volume"] * np.maximum(p["value"] - price, 0.0) / p["value"]


def build_tiers(tiers: tuple[str, ...], p: Values) -> ExtensiveForm:
    """One price after the other, from the first tier to the last."""
    return tree(tiers, _below(tiers, 0, p, p["supplier_cost"], ()))


def _below(
    tiers: tuple[str, ...], tier: int, p: Values, cost: Floats, margins: tuple[Floats, ...]
) -> Node:
    """What follows when `tier` gets its units at `cost` and the tiers before have `margins`."""
    if tier == len(tiers):
        units = wanted(p, cost)
        return leaf(*(margin * units for margin in margins))
    offers = {}
    for label, step in STEPS.items():
        price = cost + step * (p["value"] - cost)
        offers[label] = _below(tiers, tier + 1, p, price, (*margins, price - cost))
    return decision(tiers[tier], offers)


def build(**p: Floats) -> ExtensiveForm:
    """Foundry, supplier and cloud each add their mark-up."""
    return build_tiers(TIERS, p)


def build_two(**p: Floats) -> ExtensiveForm:
    """Supplier and cloud; the foundry sells at cost."""
    return build_tiers(TIERS[1:], p)


def build_one(**p: Floats) -> ExtensiveForm:
    """The supplier alone."""
    return build_tiers(TIERS[1:2], p)


def build_lump_sum(**p: Floats) -> ExtensiveForm:
    """Two bargains, one inside the other, and then the price to customers."""
    cost = p["supplier_cost"]
    prices = {}
    for label, step in STEPS.items():
        price = cost + step * (p["value"] - cost)
        prices[label] = leaf(0.0, 0.0, (price - cost) * wanted(p, price))
    nothing = leaf(0.0, 0.0, 0.0)
    inner = bargaining(
        {"supplier": p["supplier_power"], "cloud": 1.0 - p["supplier_power"]},
        decision("cloud", prices),
        nothing,
    )
    outer = bargaining(
        {"foundry": p["foundry_power"], "supplier": 1.0 - p["foundry_power"]}, inner, nothing
    )
    return tree(TIERS, outer)


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price to customers, units, and what each tier, the customers and all get."""
    return _outcomes(TIERS, p, equilibria, _price(TIERS, p, equilibria))


def outcomes_two(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The same for two tiers."""
    return _outcomes(TIERS[1:], p, equilibria, _price(TIERS[1:], p, equilibria))


def outcomes_one(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The same for one tier."""
    return _outcomes(TIERS[1:2], p, equilibria, _price(TIERS[1:2], p, equilibria))


def outcomes_lump_sum(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The same for the bargains."""
    play, cost = Play(equilibria), p["supplier_cost"]
    price: Floats = np.zeros(())
    for label, step in STEPS.items():
        odds = play.odds(2, f"agreed > agreed: {label}")
        price = price + odds * (cost + step * (p["value"] - cost))
    return _outcomes(TIERS, p, equilibria, price)


def _price(tiers: tuple[str, ...], p: Values, equilibria: Equilibria) -> Floats:
    """The price to customers, averaged over the paths that are played."""
    play = Play(equilibria)

    def along(tier: int, cost: Floats, path: tuple[str, ...]) -> Floats:
        if tier == len(tiers):
            return cost
        expected: Floats = np.zeros(())
        for label, step in STEPS.items():
            price = cost + step * (p["value"] - cost)
            odds = play.odds(tier, ": ".join([" > ".join(path), label] if path else [label]))
            expected = expected + odds * along(tier + 1, price, (*path, label))
        return expected

    return along(0, p["supplier_cost"], ())


def _outcomes(
    tiers: tuple[str, ...], p: Values, equilibria: Equilibria, price: Floats
) -> dict[str, Floats]:
    play, units = Play(equilibria), wanted(p, price)
    profits = {f"{tier}_profit": play.payoff(i) for i, tier in enumerate(tiers)}
    surplus = 0.5 * (p["value"] - price) * units
    return {
        "price": price,
        "quantity": units,
        **profits,
        "customer_surplus": surplus,
        "welfare": surplus + sum(profits.values(), np.zeros(())),
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether customers are served at all, and whether above the price of a single mark-up."""
    found = outcomes(p, equilibria)
    return _regime(p, found["price"], found["quantity"])


def regime_two(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The same for two tiers."""
    found = outcomes_two(p, equilibria)
    return _regime(p, found["price"], found["quantity"])


def regime_one(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The same for one tier."""
    found = outcomes_one(p, equilibria)
    return _regime(p, found["price"], found["quantity"])


def regime_lump_sum(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """The same for the bargains."""
    found = outcomes_lump_sum(p, equilibria)
    return _regime(p, found["price"], found["quantity"])


def _regime(p: Values, price: Floats, units: Floats) -> NDArray[np.intp]:
    share = (price - p["supplier_cost"]) / (p["value"] - p["supplier_cost"])
    return codes((units <= 0.0, 2), (share > 0.5 + 1e-9, 1), (share <= 0.5 + 1e-9, 0))


_MARKET = (
    calibrated("value", low=1e-9, doc="What the most valuable use of one unit is worth."),
    calibrated("supplier_cost", doc="What making a unit costs before any mark-up of the chain."),
    calibrated(
        "volume", low=1e-9, doc="Accelerator equivalents that customers would use at a price of 0."
    ),
)
_REGIMES = ("one-mark-up", "several-mark-ups", "no-trade")
_REFERENCES = (
    "J. J. Spengler (1950), Vertical integration and antitrust policy, JPE 58.",
    "J. Tirole (1988), The Theory of Industrial Organization, ch. 4.",
)


def _units(tiers: tuple[str, ...]) -> dict[str, str]:
    profits = {f"{tier}_profit": "$M" for tier in tiers}
    money = {"customer_surplus": "$M", "welfare": "$M"}
    return {"price": "$k/AE", "quantity": "kAE", **profits, **money}


chain = Game(
    name="chain",
    parameters=_MARKET,
    build=build,
    doc="""Foundry, chip supplier and cloud each add a mark-up before customers pay.

Every tier takes half of what is left above its cost, so every tier halves the quantity: the chain
earns less than one firm would, and customers get less too. Compare `chain_two`, `chain_one` and
`chain_lump_sum`. A chip of one's own that is made by the same foundry and delivered by a partner is
no way around the chain: see `chain_inhouse`.""",
    references=_REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=_REGIMES,
    units=_units(TIERS),
)

chain_two = Game(
    name="chain_two",
    parameters=_MARKET,
    build=build_two,
    doc="""Chip supplier and cloud each add a mark-up; the foundry sells at cost.

The textbook's double margin: two mark-ups, a quarter of what customers would buy at cost.""",
    references=_REFERENCES,
    outcomes=outcomes_two,
    regime=regime_two,
    regimes=_REGIMES,
    units=_units(TIERS[1:]),
)

chain_one = Game(
    name="chain_one",
    parameters=_MARKET,
    build=build_one,
    doc="""The chip supplier sells to final customers itself: one mark-up.

What an integrated chain would do, to compare `chain` and `chain_two` with.""",
    references=_REFERENCES,
    outcomes=outcomes_one,
    regime=regime_one,
    regimes=_REGIMES,
    units=_units(TIERS[1:2]),
)

chain_lump_sum = Game(
    name="chain_lump_sum",
    parameters=(
        *_MARKET,
        calibrated(
            "supplier_power", high=1.0, doc="Supplier's bargaining weight against the cloud."
        ),
        Parameter(
            "foundry_power",
            default=0.3,
            low=0.0,
            high=1.0,
            unit="1",
            doc="Foundry's bargaining weight against the supplier.",
            source="assumption",
        ),
    ),
    build=build_lump_sum,
    doc="""Foundry, chip supplier and cloud negotiate lump sums; units change hands at cost.

Fixed payments divide what the chain earns and leave its price alone: customers pay one mark-up, as
from a single firm. Bargaining power says who gets how much and not how much there is.""",
    references=(
        *_REFERENCES,
        "H. Horn, A. Wolinsky (1988), Bilateral monopolies and incentives for merger, RAND 19.",
    ),
    outcomes=outcomes_lump_sum,
    regime=regime_lump_sum,
    regimes=_REGIMES,
    units=_units(TIERS),
)
