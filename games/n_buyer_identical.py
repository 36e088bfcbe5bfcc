"""One supplier and three buyers who are alike: only how many of them it serves matters.

With k of them the supplier earns f(k), the sum of what the first k add; nobody earns anything
without it. Shapley's value gives it (f(0) + ... + f(3))/4, Nash-in-Nash with equal weights
f(3) - 3 (f(3) - f(2))/2. Where each buyer adds less than the one before, the nucleolus and the
τ-value are Nash-in-Nash; where each adds more, all three differ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria
from solver.forms.coalition import CoalitionGame
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

NUMBERS = ("first", "second", "third")
#: Gains count as equal within this part of the larger.
CLOSE = 1e-9


def earned(p: Values) -> list[Floats]:
    """f(0) to f(3), $M."""
    f = [np.zeros(())]
    for name in NUMBERS:
        f.append(f[-1] + p[f"{name}_gain"])
    return f


def build(**p: Floats) -> CoalitionGame:
    """Worth by the number of buyers, with the supplier."""
    f = earned(p)
    return CoalitionGame.from_function(
        ("supplier", *(f"{name} buyer" for name in NUMBERS)),
        lambda members: f[len(members) - 1] if 0 in members else 0.0,
        by_index=True,
    )


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Payoffs of the supplier and of the first buyer, and the supplier's share of all."""
    payoffs, whole = equilibria.first(equilibria.payoffs), earned(p)[-1]
    with np.errstate(all="ignore"):
        share = payoffs[..., 0] / whole
    return {
        "supplier_payoff": payoffs[..., 0],
        "buyer_payoff": payoffs[..., 1],
        "supplier_share": np.where(whole > 0.0, share, np.nan),
        "added": np.broadcast_to(p["third_gain"], share.shape),
    }


def regime(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether buyers add less and less, more and more, the same each, or first one, then other."""
    first, second, third = (p[f"{name}_gain"] for name in NUMBERS)
    near = CLOSE * np.maximum(np.maximum(first, second), third)
    falls = (second <= first + near) & (third <= second + near)
    rises = (second >= first - near) & (third >= second - near)
    kind = np.where(falls & rises, 1, np.where(falls, 0, np.where(rises, 2, 3)))
    codes: NDArray[np.intp] = np.where(equilibria.count > 0, kind, -1)
    return codes


n_buyer_identical = Game(
    name="n_buyer_identical",
    parameters=tuple(
        Parameter(
            f"{name}_gain",
            default=gain,
            low=0.0,
            unit="$M",
            doc=f"What the {name} buyer adds to what the supplier earns.",
            source="assumption",
        )
        for name, gain in zip(NUMBERS, (10_000.0, 8_000.0, 6_000.0), strict=True)
    ),
    build=build,
    doc="""One supplier and three buyers who are alike, with returns that fall or rise in number.

Three answers that are often taken for one. Bargaining with each over what it adds (Nash-in-Nash)
favours the supplier of substitutes, and can leave the supplier of complements with less than
nothing. Shapley's value counts also what a buyer adds to fewer. The nucleolus agrees with the first
where returns fall and with neither where they rise.""",
    references=(
        "L. S. Shapley (1953), A value for n-person games, Annals of Mathematics Studies 28.",
        "S. Muto, M. Nakayama, J. Potters, S. Tijs (1988), On big boss games, Econ. Studies Q. 39.",
        "B. Brügemann, P. Gautier, G. Menzio (2019), Intra firm bargaining, REStud 86.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=("substitutes", "independent", "complements", "mixed"),
    units={
        "supplier_payoff": "$M",
        "buyer_payoff": "$M",
        "supplier_share": "1",
        "added": "$M",
    },
)
