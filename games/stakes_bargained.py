"""Equity in a bargain over the price: the cash price moves and the wealth does not.

Supplier and customer bargain as in the game `bargain`: W is what trade creates, d what the
customer's own chip gives it.

With a share ω of the customer in the supplier's hands, a payment t above cost leaves the customer
with W - t: the supplier gets t + ω(W - t) and the other holders (1 - ω)(W - t). If talks fail they
get ωd and (1 - ω)d.

With vendor financing the supplier pays I for new shares worth ωV. At the list price p it gets
(p - c)Q - I + ωV, and the customer (v - p)Q + I - ωV: equity is one more transfer, so what a unit
costs is p - (I - ωV)/Q.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._ownership import stake
from games.bargain import bargain, traded
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

#: Shares count as fairly priced within this part of what was paid.
FAIR = 1e-6


def base(p: Values) -> BargainingProblem:
    """The bargain without equity."""
    own = {parameter.name for parameter in bargain.parameters}
    form = bargain.build(**{name: value for name, value in p.items() if name in own})
    assert isinstance(form, BargainingProblem)
    return form


def build(**p: Floats) -> BargainingProblem:
    """The supplier's share counts in what both get with an agreement and without."""
    form, share = base(p), p["stake"]
    alone = np.asarray(form.disagreement[1])
    apart = (share * alone, (1.0 - share) * alone)
    return BargainingProblem(
        players=("supplier", "customer"),
        surplus=form.surplus,
        disagreement=apart,
        outside=apart,
        weights=form.weights,
        discounts=form.discounts,
        breakdown=form.breakdown,
    )


def build_financing(**p: Floats) -> BargainingProblem:
    """The shares are part of the deal: transfers leave surplus and alternatives alone."""
    return base(p)


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Payment, cash price, and the price that the supplier's gain from the deal amounts to."""
    form, share = base(p), p["stake"]
    supplier, customer = _payoffs(equilibria)
    trade = traded(build(**p), equilibria)
    payment = (supplier - share * np.asarray(form.surplus)) / (1.0 - share)
    gain = supplier - share * np.asarray(form.disagreement[1])
    return {
        "payment": np.where(trade, payment, np.nan),
        "price": np.where(trade, p["supplier_cost"] + payment / p["volume"], np.nan),
        "price_net": np.where(trade, p["supplier_cost"] + gain / p["volume"], np.nan),
        "supplier_payoff": supplier,
        "buyer_payoff": customer,
    }


def outcomes_financing(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """List price, the same less the cash that came back, and net of the equity given for it."""
    supplier, customer = _payoffs(equilibria)
    trade, volume = traded(base(p), equilibria), p["volume"]
    subsidy = p["investment"] - p["stake"] * p["buyer_worth"]
    price = p["supplier_cost"] + (supplier + subsidy) / volume
    return {
        "price": np.where(trade, price, np.nan),
        "price_cash": np.where(trade, price - p["investment"] / volume, np.nan),
        "price_net": np.where(trade, price - subsidy / volume, np.nan),
        "headline_discount": np.where(trade, p["investment"] / (price * volume), np.nan),
        "net_discount": np.where(trade, subsidy / (price * volume), np.nan),
        "supplier_payoff": supplier,
        "buyer_payoff": customer,
    }


def _payoffs(equilibria: Equilibria) -> tuple[Floats, Floats]:
    payoffs = equilibria.first(equilibria.payoffs)
    return payoffs[..., 0], payoffs[..., 1]


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """No trade where the customer is better off with its own chip than the two are together."""
    trade = traded(build(**p), equilibria)
    codes: NDArray[np.intp] = np.where(equilibria.count > 0, np.where(trade, 1, 0), -1)
    return codes


def regime_financing(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether more was paid for the shares than they are worth, or less."""
    paid, got = p["investment"], p["stake"] * p["buyer_worth"]
    close = np.abs(paid - got) <= FAIR * np.maximum(paid, got)
    kind = np.where(close, 2, np.where(paid > got, 1, 3))
    codes: NDArray[np.intp] = np.where(traded(base(p), equilibria), kind, 0)
    return np.where(equilibria.count > 0, codes, -1)


_UNITS = {
    "payment": "$M",
    "price": "$k/AE",
    "price_cash": "$k/AE",
    "price_net": "$k/AE",
    "headline_discount": "1",
    "net_discount": "1",
    "supplier_payoff": "$M",
    "buyer_payoff": "$M",
}
_REFERENCES = (
    "J. F. Nash (1950), The bargaining problem, Econometrica 18.",
    "D. P. O'Brien, S. C. Salop (2000), Partial ownership, Antitrust Law Journal 67.",
)

stakes_lump_sum = Game(
    name="stakes_lump_sum",
    parameters=(
        *bargain.parameters,
        stake("stake_nvidia_openai", "Share of the buyer that the supplier holds.", high=0.95),
    ),
    build=build,
    doc="""A supplier that owns part of its customer bargains with it over the payment.

The cash price falls in the share, because the supplier takes part of its due as an owner. What both
sides gain from the deal does not move: compare `price_net` with the price of `bargain`. The
customer's payoff is that of its other holders.""",
    references=_REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=("no-trade", "trade"),
    units={name: _UNITS[name] for name in _UNITS if "discount" not in name and "cash" not in name},
)

stakes_financing = Game(
    name="stakes_financing",
    parameters=(
        *bargain.parameters,
        Parameter(
            "stake",
            default=0.005,
            low=0.0,
            high=1.0,
            unit="1",
            doc="Share of the buyer that the supplier gets for its investment.",
            source="assumption: what the investment buys at a fair price",
        ),
        Parameter(
            "investment",
            default=4200.0,
            low=0.0,
            unit="$M",
            doc="What the supplier pays for the buyer's shares.",
            source="assumption: a quarter of 500 kAE at 35 $k; reported are 10 of 35 $bn",
        ),
        Parameter(
            "buyer_worth",
            default=840_000.0,
            low=0.0,
            unit="$M",
            doc="What all of the buyer's shares are worth.",
            source="round of 2026-02-27 at 840 $bn (pcgamer.com, investnotbet.com)",
        ),
    ),
    build=build_financing,
    doc="""A supplier finances its customer with equity, and they bargain over the list price.

Money that comes back as an investment looks like a discount. It is one only as far as the supplier
pays more for the shares than they are worth: the list price rises by any such subsidy, and the net
price is that of `bargain` whatever the investment.""",
    references=_REFERENCES,
    outcomes=outcomes_financing,
    regime=regime_financing,
    regimes=("no-trade", "subsidised", "fairly-priced", "shares-cheap"),
    units={name: _UNITS[name] for name in _UNITS if name != "payment"},
)
