"""Firms that count each other's profits: weighted payoffs in games of simultaneous moves.

`stakes_build` is the game `price_build_nf` in which each side counts a share of the other's payoff.
`stakes_common` is a Cournot duopoly of two suppliers. An investor holds the share κ of both, and a
separate owner the rest of each; control goes with the shares. What each supplier then maximises
follows from `solver.forms.weighted.objective_weights`. At κ = 0 they compete, at κ = 1 they are
one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from games._ownership import stake
from games.calibration import calibrated
from games.price_build_nf import price_build_nf
from solver.equilibria import Equilibria
from solver.forms.normal import NormalForm
from solver.forms.weighted import objective_weights, weighted
from solver.game import Game, Values
from solver.parameters import Parameter

Floats = NDArray[np.float64]

#: Quantities that a supplier considers, as parts of the market at a price of zero.
PARTS = np.array([0.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0]) / 24.0


def counted(form: NormalForm, rows: Sequence[Sequence[Floats | float]]) -> NormalForm:
    """The same moves with payoffs W·π: what players maximise who count others' payoffs."""
    entries = np.broadcast_arrays(*(np.asarray(w, np.float64) for row in rows for w in row))
    W = np.stack(entries, axis=-1).reshape(*entries[0].shape, len(rows), len(rows))
    made = weighted(form, W)
    assert isinstance(made, NormalForm)
    return made


def build(**p: Floats) -> NormalForm:
    """High or low price against buy or build, each side with a share of the other."""
    rest = {name: value for name, value in p.items() if name not in {"stake", "reverse_stake"}}
    form = price_build_nf.build(**rest)
    assert isinstance(form, NormalForm)
    return counted(form, ((1.0, p["stake"]), (p["reverse_stake"], 1.0)))


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Those of `price_build_nf`; profits without the share in the other's."""
    assert price_build_nf.outcomes is not None
    found = dict(price_build_nf.outcomes(p, equilibria))
    payoffs = equilibria.first(equilibria.payoffs)
    share, reverse = p["stake"], p["reverse_stake"]
    left = 1.0 - share * reverse
    with np.errstate(all="ignore"):  # at 1 and 1 the weighted payoffs are the same twice
        profit = (payoffs[..., 0] - share * payoffs[..., 1]) / left
        surplus = (payoffs[..., 1] - reverse * payoffs[..., 0]) / left
    apart = left > 0.0
    return {
        "price": np.asarray(found["price"]),
        "p_high": np.asarray(found["p_high"]),
        "p_build": np.asarray(found["p_build"]),
        "supplier_profit": np.where(apart, profit, np.nan),
        "buyer_payoff": np.where(apart, surplus, np.nan),
        "welfare": np.where(apart, profit + surplus, payoffs[..., 0]),
    }


def profits(p: Values) -> list[Floats]:
    """Cournot profits (*B, 9, 9) of both suppliers, by the parts each sells."""
    a, volume = p["value"][..., None, None], p["volume"][..., None, None]
    first, second = PARTS[:, None], PARTS[None, :]
    price = a * np.maximum(1.0 - first - second, 0.0)
    costs = (p["supplier_cost"][..., None, None], p["rival_cost"][..., None, None])
    return [
        (price - cost) * part * volume for cost, part in zip(costs, (first, second), strict=True)
    ]


def owned(share: Floats) -> Floats:
    """Weights (*B, 2, 2) if an investor has `share` of both and separate owners have the rest."""
    rest, none = 1.0 - share, 0.0 * share
    held = np.stack([np.stack([share, rest, none], -1), np.stack([share, none, rest], -1)], -2)
    return objective_weights(held)


def build_common(**p: Floats) -> NormalForm:
    """Both name a quantity at once."""
    names = tuple(f"q{round(24 * part)}/24" for part in PARTS)
    form = NormalForm(profits(p), ("incumbent", "rival"), (names, names))
    made = weighted(form, owned(p["common_share"]))
    assert isinstance(made, NormalForm)
    return made


def outcomes_common(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Expected price, quantities and concentration in the first equilibrium listed."""
    mine, yours = (equilibria.first(s) for s in equilibria.strategies)
    first, second = mine @ PARTS, yours @ PARTS
    rest = np.maximum(1.0 - PARTS[:, None] - PARTS[None, :], 0.0)
    price = p["value"] * np.einsum("...i,ij,...j->...", mine, rest, yours)
    cross, total = owned(p["common_share"])[..., 0, 1], np.maximum(first + second, 1e-300)
    hhi = (first**2 + second**2) / total**2
    return {
        "price": price,
        "quantity_incumbent": first * p["volume"],
        "quantity_rival": second * p["volume"],
        "hhi": hhi,
        "mhhi": hhi + 2.0 * cross * first * second / total**2,
        "cross_weight": np.broadcast_to(cross, price.shape),
    }


stakes_build = Game(
    name="stakes_build",
    parameters=(
        *price_build_nf.parameters,
        stake("stake_nvidia_openai", "Share of the buyer's payoff that the supplier counts."),
        Parameter(
            "reverse_stake",
            default=0.0,
            low=0.0,
            high=1.0,
            unit="1",
            doc="Share of the supplier's payoff that the buyer counts.",
            source="assumption",
        ),
    ),
    build=build,
    doc="""Price and build decided at once by firms that own parts of each other.

The game `price_build_nf` with the payoffs of both counted: a supplier with a share of its customer
has less to gain from a high price, a customer with a share of its supplier less from building. At 0
it is that game; at 1 and 1 both want the same, and the best for both together is an equilibrium.
Payoffs are what each maximises; the outcomes list profits without the share in the other's.""",
    references=("D. P. O'Brien, S. C. Salop (2000), Partial ownership, Antitrust Law Journal 67.",),
    outcomes=outcomes,
    units={
        "price": "$k/AE",
        "p_high": "1",
        "p_build": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
        "welfare": "$M",
    },
)

stakes_common = Game(
    name="stakes_common",
    parameters=(
        calibrated("value", low=1e-9, doc="Price at which nobody buys: the top of linear demand."),
        calibrated("supplier_cost"),
        calibrated("rival_cost"),
        calibrated("volume", low=1e-9, doc="Accelerator equivalents wanted at a price of 0."),
        Parameter(
            "common_share",
            default=0.2,
            low=0.0,
            high=1.0,
            unit="1",
            doc="Share of either supplier that is held by an investor who holds both.",
            source="assumption",
        ),
    ),
    build=build_common,
    doc="""Two suppliers with owners in common choose quantities.

The more of both is in the same hands, the less either likes to sell at the other's expense: the
price rises from Cournot's to the monopoly's, and the modified index of concentration `mhhi` with
it. Quantities are multiples of a 24th of the market.""",
    references=(
        "D. P. O'Brien, S. C. Salop (2000), Partial ownership, Antitrust Law Journal 67.",
        "A. A. Cournot (1838), Recherches sur les principes mathématiques des richesses.",
    ),
    outcomes=outcomes_common,
    units={
        "price": "$k/AE",
        "quantity_incumbent": "kAE",
        "quantity_rival": "kAE",
        "hhi": "1",
        "mhhi": "1",
        "cross_weight": "1",
    },
)
