"""Hold-up: who invests before bargaining invests for its bargaining position too.

The customer chooses an effort i, which costs it k i²/2 and is sunk when the two bargain. Together
they then create G + θi, while the customer alone has ηi. Nash's solution gives the customer its
alternative and its weight 1 - β of the gains; if the two are worth more apart, they part.

`holdup_leverage`: the customer spends e on its alternative alone, for instance on a chip programme
that is not meant to be used. That raises what it gets without the supplier by 2√(κe) and creates
nothing. The rest is the game `bargain`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._leading import action, answer, payoff
from games.bargain import bargain
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.leader import LeaderFollower
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

ANSWERS = ("leave", "agree")
PLAYERS = ("customer", "supplier")
#: Marginal returns count as equal within this part of the larger.
CLOSE = 1e-6


def shares(
    together: Floats, alone: Floats, power: Floats, sunk: Floats
) -> tuple[list[Floats], list[Floats]]:
    """Payoffs of customer and supplier if they part and if they divide the gains, $M."""
    gains = together - alone
    customer = [alone - sunk, alone + (1.0 - power) * gains - sunk]
    return customer, [0.0 * gains, power * gains]


def payoffs(effort: Floats, **p: Floats) -> tuple[list[Floats], list[Floats]]:
    """Payoffs after an effort, $M."""
    together = p["trade_gain"] + p["inside_return"] * effort
    cost = 0.5 * p["effort_cost"] * np.square(effort)
    return shares(together, p["outside_return"] * effort, p["supplier_power"], cost)


def build(**p: Floats) -> LeaderFollower:
    """Any effort up to one that nobody could want; then an agreement, or none."""
    return LeaderFollower(
        players=PLAYERS,
        action="effort",
        low=0.0,
        high=(p["inside_return"] + p["outside_return"]) / p["effort_cost"],
        answers=ANSWERS,
        payoffs=payoffs,
        parameters=p,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Effort, what one more unit of it would bring both together, and payoffs."""
    effort = action(equilibria)
    customer, supplier = payoff(equilibria, 0), payoff(equilibria, 1)
    return {
        "effort": effort,
        "social_return": _return(p, equilibria) - p["effort_cost"] * effort,
        "buyer_payoff": customer,
        "supplier_payoff": supplier,
        "welfare": customer + supplier,
    }


def _return(p: Values, equilibria: Equilibria) -> Floats:
    """What effort brings the two, at the margin and before its cost."""
    agreed = answer(equilibria) == ANSWERS.index("agree")
    return np.where(agreed, p["inside_return"], p["outside_return"])


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Too little effort, enough, or too much; or none together."""
    chosen, least = answer(equilibria), _return(p, equilibria)
    cost = p["effort_cost"] * action(equilibria)
    slack = CLOSE * np.maximum(cost, least)
    kind = np.where(cost < least - slack, 0, np.where(cost > least + slack, 2, 1))
    codes: NDArray[np.intp] = np.where(chosen == ANSWERS.index("agree"), kind, 3)
    return np.where(chosen < 0, -1, codes)


def payoffs_leverage(
    spend: Floats, *, surplus: Floats, alternative: Floats, power: Floats, leverage_return: Floats
) -> tuple[list[Floats], list[Floats]]:
    """Payoffs after money was spent on the alternative, $M."""
    alone = alternative + 2.0 * np.sqrt(leverage_return * np.maximum(spend, 0.0))
    return shares(surplus, alone, power, spend)


def base(p: Values) -> BargainingProblem:
    """The bargain with the alternative as it is."""
    form = bargain.build(**{name: value for name, value in p.items() if name != "leverage_return"})
    assert isinstance(form, BargainingProblem)
    return form


def build_leverage(**p: Floats) -> LeaderFollower:
    """Any spending that could pay for itself; then an agreement, or none."""
    form = base(p)
    return LeaderFollower(
        players=PLAYERS,
        action="spend",
        low=0.0,
        high=p["leverage_return"],
        answers=ANSWERS,
        payoffs=payoffs_leverage,
        parameters={
            "surplus": np.asarray(form.surplus),
            "alternative": np.asarray(form.disagreement[1]),
            "power": p["supplier_power"],
            "leverage_return": p["leverage_return"],
        },
    )


def outcomes_leverage(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Spending, the price (NaN without trade), what was gained by it, and payoffs."""
    customer, supplier = payoff(equilibria, 0), payoff(equilibria, 1)
    form = base(p)
    stay = payoffs_leverage(
        0.0 * customer,
        surplus=np.asarray(form.surplus),
        alternative=np.asarray(form.disagreement[1]),
        power=p["supplier_power"],
        leverage_return=p["leverage_return"],
    )[0]
    before = np.where(np.asarray(form.surplus) >= np.asarray(form.disagreement[1]), *stay[::-1])
    agreed = answer(equilibria) == ANSWERS.index("agree")
    price = p["supplier_cost"] + supplier / p["volume"]
    return {
        "spend": action(equilibria),
        "price": np.where(agreed, price, np.nan),
        "threat_value": customer - before,
        "buyer_payoff": customer,
        "supplier_payoff": supplier,
        "welfare": customer + supplier,
    }


def regime_leverage(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether money is spent on a threat, and whether the two still agree."""
    chosen = answer(equilibria)
    spent = action(equilibria) > 0.0
    codes: NDArray[np.intp] = np.where(chosen == ANSWERS.index("agree"), np.where(spent, 0, 1), 2)
    return np.where(chosen < 0, -1, codes)


def _assumed(name: str, default: float, doc: str, low: float = 0.0) -> Parameter:
    return Parameter(name, default=default, low=low, unit="$M", doc=doc, source="assumption")


holdup = Game(
    name="holdup",
    parameters=(
        _assumed("trade_gain", 2000.0, "What the two create together without any effort."),
        _assumed("inside_return", 1000.0, "What a unit of effort adds to that."),
        _assumed("outside_return", 200.0, "What a unit of effort is worth without the supplier."),
        _assumed("effort_cost", 200.0, "Effort i costs half of this times i squared.", low=1e-9),
        calibrated("supplier_power", high=1.0),
    ),
    build=build,
    doc="""A customer invests in working with its supplier, and they bargain afterwards.

It bears the cost and gets part of the return, so it invests too little. What the effort is worth
elsewhere counts as well, by the supplier's weight: effort that is more useful elsewhere than here
is overdone, because it buys a better position.""",
    references=(
        "S. J. Grossman, O. D. Hart (1986), The costs and benefits of ownership, JPE 94.",
        "O. Hart, J. Moore (1990), Property rights and the nature of the firm, JPE 98.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("under-investment", "efficient", "over-investment", "apart"),
    units={
        "effort": "1",
        "social_return": "$M",
        "buyer_payoff": "$M",
        "supplier_payoff": "$M",
        "welfare": "$M",
    },
)

holdup_leverage = Game(
    name="holdup_leverage",
    parameters=(
        *bargain.parameters,
        _assumed("leverage_return", 100.0, "Spending e raises the alternative by 2√(this · e)."),
    ),
    build=build_leverage,
    doc="""A customer spends on a chip that it does not mean to use, to bargain with it.

Every dollar is lost to both together, and still it is spent, up to where the last one raises the
alternative by the inverse of the supplier's weight. A programme that looks like a waste can be a
good bargaining chip.""",
    references=(
        "S. J. Grossman, O. D. Hart (1986), The costs and benefits of ownership, JPE 94.",
        "J. F. Nash (1950), The bargaining problem, Econometrica 18.",
    ),
    outcomes=outcomes_leverage,
    regime=regime_leverage,
    regimes=("leverage", "no-leverage", "apart"),
    units={
        "spend": "$M",
        "price": "$k/AE",
        "threat_value": "$M",
        "buyer_payoff": "$M",
        "supplier_payoff": "$M",
        "welfare": "$M",
    },
)
