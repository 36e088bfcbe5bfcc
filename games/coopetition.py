"""Compete and cooperate at once: price and build among firms that own parts of each other.

The moves and what they earn are those of the game `price_build_nf`. The supplier holds the share ω
of the customer, the customer the share κ of the supplier, and each side maximises its wealth:

    supplier (1 - κ) π_S + ω π_B,    customer κ π_S + (1 - ω) π_B.

Stakes move money and create none, so that the sum, and with it the most that a team could earn, is
what it was. What they change is what competition makes of it (the gap), who has the better of the
contest (the advantage), and how patient the two must be to do without a contract.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._ownership import stake
from games.price_build_nf import price_build_nf
from games.stakes_crossed import counted
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

#: Earning as much as the team means within this part of what is at stake.
CLOSE = 1e-9


def base(p: Values) -> NormalForm:
    """What supplier and customer earn themselves."""
    own = {parameter.name for parameter in price_build_nf.parameters}
    form = price_build_nf.build(**{name: value for name, value in p.items() if name in own})
    assert isinstance(form, NormalForm)
    return form


def build(**p: Floats) -> NormalForm:
    """The wealth of the supplier's holders and of the customer's."""
    share, reverse = p["stake"], p["reverse_stake"]
    return counted(base(p), ((1.0 - reverse, share), (reverse, 1.0 - share)))


def _team(p: Values) -> tuple[Floats, Floats]:
    """The most and the least that both can earn together, $M."""
    first, second = base(p).payoffs
    total = first + second
    return total.max(axis=(-2, -1)), total.min(axis=(-2, -1))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price and build in the first equilibrium, wealth, and what is lost to the team's best."""
    assert price_build_nf.outcomes is not None
    found = price_build_nf.outcomes(p, equilibria)
    payoffs = equilibria.first(equilibria.payoffs)
    welfare = payoffs[..., 0] + payoffs[..., 1]
    return {
        "price": np.asarray(found["price"]),
        "p_high": np.asarray(found["p_high"]),
        "p_build": np.asarray(found["p_build"]),
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
        "welfare": welfare,
        "forgone": np.maximum(_team(p)[0] - welfare, 0.0),
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether the first equilibrium earns what a team would; if not, whether anybody mixes."""
    most, least = _team(p)
    lost = outcomes(p, equilibria)["forgone"] > CLOSE * (most - least)
    pure = np.ones(equilibria.count.shape, np.bool_)
    for strategy in equilibria.strategies:
        pure &= equilibria.first(strategy).max(axis=-1) > 1.0 - CLOSE
    codes: NDArray[np.intp] = np.where(lost, np.where(pure, 1, 2), 0)
    return np.where(equilibria.count > 0, codes, -1)


coopetition = Game(
    name="coopetition",
    parameters=(
        *price_build_nf.parameters,
        stake("stake_nvidia_openai", "Share of the buyer that the supplier holds."),
        Parameter(
            "reverse_stake",
            default=0.0,
            low=0.0,
            high=1.0,
            unit="1",
            doc="Share of the supplier that the buyer holds.",
            source="assumption",
        ),
    ),
    build=build,
    doc="""Price against build among firms with stakes in each other: what competing costs them.

Four meanings of co-opetition apply to it: the coco value (the team's best, divided by who is
stronger in the contest), Nash equilibrium among owners of each other, cooperation that patience
enforces (self-enforcing), and the gap between team and equilibrium. Sweep it with the columns
`coopetition` to have all of them in every cell. A stake of the supplier makes a high price less
attractive to it; a passive stake of the customer changes what the customer wants, too.""",
    references=(
        "A. T. Kalai, E. Kalai (2013), Cooperation in strategic games revisited, QJE 128.",
        "D. P. O'Brien, S. C. Salop (2000), Partial ownership, Antitrust Law Journal 67.",
        "A. Brandenburger, B. Nalebuff (1996), Co-opetition, Doubleday.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("cooperative", "competitive", "mixed"),
    units={
        "price": "$k/AE",
        "p_high": "1",
        "p_build": "1",
        "supplier_payoff": "$M",
        "buyer_payoff": "$M",
        "welfare": "$M",
        "forgone": "$M",
    },
)
