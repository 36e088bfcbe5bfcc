"""A customer shows its strength in building by a real programme, and the supplier prices by it.

The customer pays r_H per unit for own compute if it is weak in building, which has probability μ,
and r_L if it is strong; only it knows. It first runs a visible chip programme of size e, in $M,
which costs it k_S e or k_W e, k_S < k_W. The supplier sees e and not the type, and names a price:
P_t = c + β(r_t - c), its share β of the surplus with the type it believes in, or the same at the
mean of r, for a customer it knows no better than before. The customer buys, or builds if the price
exceeds r, so it pays min(p, r)Q in all.

What makes the supplier price by what it believes is an assumption: a price that does not divide
the surplus as agreed costs it Q(p - P_t)²/r_H, so that it wants the price of the type it expects.
(A supplier that could keep all it gets from a take-it-or-leave-it price would ask for r_L or r_H
whatever β; and talks between players with different beliefs are no bargaining stage of a tree.)

The weak type saves Q(P_W - P_S) = βQ(r_H - r_L) by being taken for strong, so that the least
programme it does not imitate is e* = βQ(r_H - r_L)/k_W. The strong type runs it rather than being
taken for weak if and only if Q[min(P_W, r_L) - P_S] >= k_S e*: always while P_W <= r_L, and not for
β near one, where being strong earns no rent. Larger programmes tell the types apart too, at a
higher cost. That nobody runs any is always an equilibrium; it passes the intuitive criterion on
this menu if and only if min(P̄, r_L)Q - P_S Q <= k_S e*, with P̄ the price at the mean of r.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games._two_types import PLAYED, SIGNALLING, expected, menu, moves, reservations, signalling
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

PLAYERS = ("supplier", "customer")
TYPES = ("weak", "strong")
SIZES = ("none", "least", "larger")
PRICES = ("weak", "mean", "strong")


def offers(p: Values) -> dict[str, Floats]:
    """The supplier's menu: c + β(r - c) for the weak type, the mean and the strong one, $k/AE."""
    strong, weak = reservations(p)
    mean = p["weak_share"] * weak + (1.0 - p["weak_share"]) * strong
    cost, power = p["supplier_cost"], p["supplier_power"]
    return {
        label: cost + power * (r - cost)
        for label, r in zip(PRICES, (weak, mean, strong), strict=True)
    }


def sizes(p: Values) -> dict[str, Floats]:
    """The customer's menu of programmes, $M: none, e*, and a larger one."""
    strong, weak = reservations(p)
    least = p["supplier_power"] * p["volume"] * (weak - strong) / p["burden_weak"]
    return dict(zip(SIZES, (0.0 * least, least, p["excess"] * least), strict=True))


def build(**p: Floats) -> ExtensiveForm:
    """Nature draws the type, the customer picks a programme, the supplier a price."""
    burdens = {"weak": p["burden_weak"], "strong": p["burden_strong"]}
    programmes, sold = sizes(p), sales(p)

    def signal(kind: str) -> Node:
        branches = {
            label: priced(sold[kind], f"programme {label}", burdens[kind] * size)
            for label, size in programmes.items()
        }
        return decision("customer", branches, infoset=kind)

    return tree(PLAYERS, of_two_types(p["weak_share"], {kind: signal(kind) for kind in TYPES}))


def of_two_types(weak_share: Floats, nodes: dict[str, Node]) -> Node:
    """Nature draws the customer's type."""
    odds = {"weak": weak_share, "strong": 1.0 - weak_share}
    return chance({kind: (odds[kind], nodes[kind]) for kind in TYPES})


def sales(p: Values) -> dict[str, dict[str, tuple[Floats, Floats]]]:
    """Payoffs of supplier and customer, $M, for each type and each price on the menu."""
    strong, weak = reservations(p)
    named, volume = offers(p), p["volume"]
    # Not "** 2", which rounds numbers and arrays in different ways.
    return {
        kind: {
            label: (
                0.0 - volume * np.square(price - named[kind]) / weak,
                0.0 - volume * np.minimum(price, own),
            )
            for label, price in named.items()
        }
        for kind, own in (("weak", weak), ("strong", strong))
    }


def priced(sold: dict[str, tuple[Floats, Floats]], seen: str, spent: Floats | float) -> Node:
    """The supplier names a price, knowing what it has `seen`; the customer has `spent` money."""
    branches = {label: leaf(missed, paid - spent) for label, (missed, paid) in sold.items()}
    return decision("supplier", branches, infoset=seen)


def prices_met(p: Values, equilibria: Equilibria, signals: int) -> tuple[Floats, Floats]:
    """What the types send (*B, K, 2, signals) and the mean price that they then meet (*B, K, 2)."""
    sent = moves(equilibria, 1, signals)
    named = menu(*offers(p).values())[..., None, None, :]
    asked = expected(moves(equilibria, 0, len(PRICES)), named)
    return sent, expected(sent, asked[..., None, :])


def profit(p: Values, equilibria: Equilibria, signals: int) -> Floats:
    """(*B, K): what the supplier earns from sales; a strong type that is asked too much builds."""
    strong, _ = reservations(p)
    named = menu(*offers(p).values())
    margin = (named - p["supplier_cost"][..., None]) * p["volume"][..., None]
    kept = margin * (named <= strong[..., None] * (1.0 + PLAYED))
    prices, sent = moves(equilibria, 0, len(PRICES)), moves(equilibria, 1, signals)
    weak = expected(sent[..., 0, :], expected(prices, margin[..., None, None, :]))
    strong = expected(sent[..., 1, :], expected(prices, kept[..., None, None, :]))
    mu = p["weak_share"][..., None]
    return mu * weak + (1.0 - mu) * strong


def outcomes(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Programmes and prices of both types, and expected money, in the first equilibrium."""
    sent, met = prices_met(p, equilibria, len(SIZES))
    spent = expected(equilibria.first(sent), menu(*sizes(p).values())[..., None, :])
    first = equilibria.first(met)
    return {
        "price_weak": first[..., 0],
        "price_strong": first[..., 1],
        "programme_weak": spent[..., 0],
        "programme_strong": spent[..., 1],
        "sales_profit": equilibria.first(profit(p, equilibria, len(SIZES))),
        "buyer_payoff": equilibria.first(equilibria.payoffs)[..., 1],
    }


def regime(_p: Values, equilibria: Equilibria) -> NDArray[np.int64]:
    """The kinds of equilibria that were found."""
    return signalling(moves(equilibria, 1, len(SIZES)))


CUSTOMER = (
    calibrated("supplier_cost"),
    calibrated("chip_cost", low=1e-9),
    calibrated("performance", low=1e-9),
    calibrated("handicap", low=1e-9, high=1.0),
    calibrated("volume", low=1e-9),
    calibrated("nre"),
    calibrated("porting_lump"),
    calibrated("supplier_power", high=1.0),
    calibrated("weak_share", high=1.0),
)

signal = Game(
    name="signal",
    parameters=(
        *CUSTOMER,
        calibrated("burden_strong"),
        calibrated("burden_weak", low=1e-9),
        calibrated("excess", low=1.0),
    ),
    build=build,
    doc="""Customer shows by a costly chip programme that it could build; the supplier prices by it.

A programme works as a signal if it is dearer for a customer that could not build, and large enough
that such a customer would not run it. It is waste, and the more so the more power the supplier has;
but where the supplier takes nearly the whole surplus, being strong earns nothing and nobody
signals. Running no programme is an equilibrium too, held up by the belief that whoever runs one is
weak. The regime names the kinds of equilibria found: all kinds there are for subgame-perfect and
nash, which agree here, the one that was found for --concept sequential. A weak customer is exactly
indifferent towards the least programme, so that it may run it now and then: that is called
semi-separating.""",
    references=(
        "A. M. Spence (1973), Job market signaling, Quarterly Journal of Economics 87.",
        "J. Riley (1979), Informational equilibrium, Econometrica 47.",
        "I.-K. Cho and D. Kreps (1987), Signaling games and stable equilibria, QJE 102.",
    ),
    outcomes=outcomes,
    regime=regime,
    regimes=SIGNALLING,
    units={
        "price_weak": "$k/AE",
        "price_strong": "$k/AE",
        "programme_weak": "$M",
        "programme_strong": "$M",
        "sales_profit": "$M",
        "buyer_payoff": "$M",
    },
)
