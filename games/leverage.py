"""Capacity of one's own as leverage: how much of it makes a supplier cut its price for all units.

The customer needs Q units worth v each and first installs a capacity K to make them itself at the
cost c_t. A supplier with one price for everything then sells the residual Q - K at v, or *matches*
c_t and sells all of Q. Units that it does not sell here go to the next buyer at v_next, if that
covers their cost c_s; so they cost it c = max(c_s, v_next).

Judo upside down: the customer installs just enough that matching pays, and leaves it idle. With
prices per workload the supplier matches where it must and nowhere else, and nothing jumps.
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

ANSWERS = ("match", "residual")


def own_cost(p: Values) -> Floats:
    """What a unit costs the customer to make; none is made that is not worth it, $k/AE."""
    return np.minimum(p["chip_cost"] / p["performance"], p["value"])


def margins(p: Values) -> tuple[Floats, Floats, Floats]:
    """What the supplier earns per unit at the full price, at the matching price, and elsewhere."""
    elsewhere = np.maximum(p["next_value"], p["supplier_cost"])
    full = np.maximum(p["value"], elsewhere) - p["supplier_cost"]
    return full, own_cost(p) - p["supplier_cost"], elsewhere - p["supplier_cost"]


def payoffs(installed: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """Payoffs of customer and supplier when one price holds for all units, $M."""
    full, low, elsewhere = margins(p)
    saved, rest = p["value"] - own_cost(p), p["volume"] - installed
    customer = [saved * p["volume"] + 0.0 * installed, saved * installed]
    supplier = [low * p["volume"] + 0.0 * installed, full * rest + elsewhere * installed]
    return customer, supplier


def payoffs_workloads(installed: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """Payoffs of both when only the contested units get the matching price, $M."""
    full, low, elsewhere = margins(p)
    saved, rest = p["value"] - own_cost(p), p["volume"] - installed
    supplier = [full * rest + low * installed, full * rest + elsewhere * installed]
    return [saved * installed, saved * installed], supplier


def build(**p: Floats) -> LeaderFollower:
    """The customer installs what it likes, within its foundry slots; one price answers."""
    return _form(payoffs, p)


def build_workloads(**p: Floats) -> LeaderFollower:
    """The same, answered workload by workload."""
    return _form(payoffs_workloads, p)


def _form(told: object, p: Values) -> LeaderFollower:
    assert callable(told)
    return LeaderFollower(
        players=("customer", "supplier"),
        action="installed",
        low=0.0,
        high=np.minimum(p["own_capacity"], p["volume"]),
        answers=ANSWERS,
        payoffs=told,
        parameters=p,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Capacity and how much of it stands idle, the price, and the average discount off value."""
    installed, matched = action(equilibria), _matched(equilibria)
    return {
        "price": np.where(matched, own_cost(p), p["value"]) + 0.0 * installed,
        **_capacity(p, installed, matched),
        **_payoffs(p, equilibria),
    }


def outcomes_workloads(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """The same; what the supplier asks for contested units and what it asks for the others."""
    installed, matched = action(equilibria), _matched(equilibria)
    return {
        "price": p["value"] + 0.0 * installed,
        "price_contested": own_cost(p) + 0.0 * installed,
        **_capacity(p, installed, matched),
        **_payoffs(p, equilibria),
    }


def _matched(equilibria: Equilibria) -> NDArray[np.bool_]:
    matched: NDArray[np.bool_] = answer(equilibria) == ANSWERS.index("match")
    return matched


def _capacity(p: Values, installed: Floats, matched: NDArray[np.bool_]) -> dict[str, Floats]:
    return {
        "installed": installed,
        "installed_share": installed / p["volume"],
        "idle": np.where(matched, installed, 0.0 * installed),
    }


def _payoffs(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    customer = payoff(equilibria, 0)
    return {
        "discount": customer / (p["value"] * p["volume"]),
        "buyer_payoff": customer,
        "supplier_profit": payoff(equilibria, 1),
    }


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the supplier matches, and if not, whether the customer makes units itself."""
    idle = action(equilibria) > 0.0
    chosen = answer(equilibria)
    codes: NDArray[np.intp] = np.where(idle, np.where(chosen == ANSWERS.index("match"), 0, 1), 2)
    return np.where(chosen < 0, -1, codes)


PARAMETERS = (
    calibrated("value", low=1e-9),
    calibrated("supplier_cost"),
    calibrated("chip_cost"),
    calibrated("performance", low=1e-9),
    calibrated("volume", low=1e-9),
    Parameter(
        "own_capacity",
        default=450.0,
        low=0.0,
        unit="kAE",
        doc="Accelerator equivalents the buyer can have made in its own foundry slots.",
        source="assumption",
    ),
)
NEXT = Parameter(
    "next_value",
    default=0.0,
    low=0.0,
    unit="$k/AE",
    doc="What a unit is worth to the best buyer that is not served; 0 if nobody waits.",
    source="assumption: slack",
    calibration=calibrated("next_value").calibration,
)
_REGIMES = ("matched", "residual", "no-capacity")
_UNITS = {
    "price": "$k/AE",
    "price_contested": "$k/AE",
    "installed": "kAE",
    "installed_share": "1",
    "idle": "kAE",
    "discount": "1",
    "buyer_payoff": "$M",
    "supplier_profit": "$M",
}
_REFERENCES = (
    "J. Gelman, S. Salop (1983), Judo economics, Bell Journal 14.",
    "A. K. Dixit (1980), The role of investment in entry-deterrence, Economic Journal 90.",
)

leverage = Game(
    name="leverage",
    parameters=(*PARAMETERS, NEXT),
    build=build,
    doc="""A customer installs capacity of its own until its supplier cuts the price of everything.

A supplier with one price for all units ignores a small capacity and serves the rest at the full
price. From a critical share on, serving all at the cost of the customer's chip is better; then the
customer's payoff jumps and its capacity stands idle. Outside demand moves that point: a supplier
that can sell elsewhere need not match.""",
    references=_REFERENCES,
    outcomes=outcomes,
    regime=regime,
    regimes=_REGIMES,
    units={name: _UNITS[name] for name in _UNITS if name != "price_contested"},
)

leverage_workloads = Game(
    name="leverage_workloads",
    parameters=(*PARAMETERS, NEXT),
    build=build_workloads,
    doc="""A customer's own capacity against a supplier that prices every workload by itself.

The supplier gives way where the customer could serve itself and nowhere else. There is no jump: the
average discount grows in proportion to capacity, as far as the customer's foundry slots reach.""",
    references=_REFERENCES,
    outcomes=outcomes_workloads,
    regime=regime,
    regimes=_REGIMES,
    units=_UNITS,
)
