"""Price and build decided at the same time: a bimatrix game of supplier and customer.

The supplier names a price while the customer decides about its own chip; neither sees the other's
move. Buy: everything is bought. Build: the chip takes over the share φ of the volume that it can
serve, at the cost F + σ, but at a lower price the supplier wins part of that volume back: all of
the win-back r at the lowest price, none at the highest, in proportion between. Dual: half of φ is
moved for good and the rest stays under contract, so that nothing is won back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.calibration import calibrated, posted_prices
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm, table
from solver.game import Game, Values

Floats = NDArray[np.float64]
Cell = tuple[Floats, Floats]

PLAYERS = ("supplier", "customer")
DUAL_SPLIT = 0.5


def cell(own_share: Floats, price: Floats, programme: Floats | float, parameters: Values) -> Cell:
    """Payoffs when the customer serves `own_share` of its volume itself, $M."""
    p = parameters
    bought = (1.0 - own_share) * p["volume"]
    own = own_share * p["volume"]
    unit_cost = p["chip_cost"] / p["performance"]
    supplier = (price - p["supplier_cost"]) * bought
    customer = (p["value"] - price) * bought + (p["value"] - unit_cost) * own - programme
    return supplier, customer


def build(**p: Floats) -> NormalForm:
    """High or low price against buy or build."""
    return _form(p, {"high": 0.0, "low": 1.0}, dual=False)


def build_grid(**p: Floats) -> NormalForm:
    """Five prices from high to low against buy, dual or build."""
    return _form(p, {f"p{k + 1}": k / 4.0 for k in range(5)}, dual=True)


def _form(p: Values, steps: dict[str, float], *, dual: bool) -> NormalForm:
    """One row per price; `steps` says how far each lies from the high price to the low one."""
    cells: dict[tuple[str, ...], Cell] = {}
    programme = p["nre"] + p["porting_lump"]
    for label, step in steps.items():
        price = p["price_high"] + step * (p["price_low"] - p["price_high"])
        cells[label, "buy"] = cell(0.0 * price, price, 0.0, p)
        if dual:
            cells[label, "dual"] = cell(DUAL_SPLIT * p["addressable"], price, programme, p)
        kept = p["addressable"] * (1.0 - step * p["win_back"])
        cells[label, "build"] = cell(kept, price, programme, p)
    return table(cells, players=PLAYERS)


def outcomes(parameters: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Mixing probabilities and expected payoffs in the first equilibrium listed."""
    supplier, customer = (equilibria.first(s) for s in equilibria.strategies)
    steps = np.linspace(0.0, 1.0, supplier.shape[-1])
    high, low = parameters["price_high"][..., None], parameters["price_low"][..., None]
    payoffs = equilibria.first(equilibria.payoffs)
    return {
        "price": (supplier * (high + steps * (low - high))).sum(axis=-1),
        "p_high": supplier[..., 0],
        "p_build": customer[..., -1],
        "supplier_profit": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
    }


_PARAMETERS = (
    calibrated("value"),
    *posted_prices(),
    calibrated("supplier_cost"),
    calibrated("chip_cost"),
    calibrated("performance", low=1e-9),
    calibrated("volume", low=1e-9),
    calibrated("nre"),
    calibrated("porting_lump"),
    calibrated("addressable", high=1.0),
    calibrated("win_back", high=1.0),
)
_UNITS = {
    "price": "$k/AE",
    "p_high": "1",
    "p_build": "1",
    "supplier_profit": "$M",
    "buyer_payoff": "$M",
}
_REFERENCES = ("J. F. Nash (1951), Non-cooperative games, Annals of Mathematics 54.",)

price_build_nf = Game(
    name="price_build_nf",
    parameters=_PARAMETERS,
    build=build,
    doc="""Supplier and customer move at once: high or low price against buy or build.

If cutting the price pays only against a customer that has built, and building pays only against a
high price, the one equilibrium is mixed. There a dearer chip does not make building rarer: it makes
the high price more frequent, because a player's mixture depends on the other's payoffs alone.
Mixed probabilities are no forecast of who builds.""",
    references=_REFERENCES,
    outcomes=outcomes,
    units=_UNITS,
)

price_build_grid = Game(
    name="price_build_grid",
    parameters=_PARAMETERS,
    build=build_grid,
    doc="""Supplier and customer move at once: five prices against buy, dual-source or build.

The prices run from high to low in equal steps. Dual sourcing moves half of what the chip could
serve, for the same programme cost, and keeps the supplier from winning it back.""",
    references=_REFERENCES,
    outcomes=outcomes,
    units=_UNITS,
)
