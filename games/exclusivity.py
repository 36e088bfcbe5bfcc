"""Two ways to buy exclusivity: damages that tax an entrant, and signatures that keep it out.

**Damages** (`aghion_bolton`). The customer values each of Q units at v; the incumbent makes them
at c, an entrant at a cost drawn evenly from [0, c̄], known to nobody before it comes. Without a
contract the entrant comes if its cost is below c and sells at c; else the incumbent sells at v. A
contract lets the customer buy from the incumbent at P, or pay damages D and buy from the entrant,
which can then get P - D: it comes with probability φ = (P - D)/c̄, at most 1. The customer has v - P
either way and signs iff that is no less than v - P* = (c/c̄)(v - c), what it expects without. The
incumbent earns P - c + φ(c - (P - D)) per unit, best at P = P* and P - D = c/2: the tax halves
entry, and the entrant and efficiency pay for it.

**Signatures** (`naked_exclusion`). N buyers are asked one after the other not to buy from an
entrant, which does not come if N* of them sign. Exclusion brings the incumbent π and costs the
buyer x*, per buyer. A buyer that will be excluded anyway signs for a token; one whose refusal lets
the entrant come must be paid x*. The incumbent asks or pays.

Ties: a customer or buyer offered exactly what it would get otherwise accepts; where that is so at
every parameter point, the tree gives it no move. An incumbent indifferent between buying exclusion
and not does not buy it.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from games._play import Play, codes
from games.calibration import calibrated
from solver.equilibria import Equilibria
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, tree
from solver.game import Game, Values

Floats = NDArray[np.float64]

#: What contracts are considered: prices next to the best one, in shares of v - c above it ...
PRICES = {"fair": 0.0, "high": 0.05, "low": -0.05}
#: ... and prices P - D left to the entrant, as multiples of the best one.
ENTRIES = {"taxed": 1.0, "taxed more": 0.5, "taxed less": 1.5}


def entry_odds(p: Values, threshold: Floats) -> Floats:
    """How likely the entrant's cost is at most `threshold`."""
    return np.minimum(threshold / p["entrant_top"], 1.0)


def without_contract(p: Values) -> tuple[Floats, Floats, Floats]:
    """Per unit, what incumbent, customer and entrant expect without a contract."""
    odds = entry_odds(p, p["supplier_cost"])
    margin = p["value"] - p["supplier_cost"]
    mean = 0.5 * np.minimum(p["supplier_cost"], p["entrant_top"])
    return (1.0 - odds) * margin, odds * margin, odds * (p["supplier_cost"] - mean)


def best_contract(p: Values) -> tuple[Floats, Floats]:
    """The price P* and what it leaves to the entrant, P* - D*, $k/AE."""
    return (
        p["value"] - without_contract(p)[1],
        np.minimum(0.5 * p["supplier_cost"], p["entrant_top"]),
    )


def with_contract(p: Values, price: Floats, threshold: Floats) -> tuple[Floats, Floats, Floats]:
    """Per unit, what incumbent, customer and entrant expect under a contract."""
    odds = entry_odds(p, threshold)
    incumbent = price - p["supplier_cost"] + odds * (p["supplier_cost"] - threshold)
    mean = 0.5 * np.minimum(threshold, p["entrant_top"])
    return incumbent, p["value"] - price, odds * (threshold - mean)


def build_contract(**p: Floats) -> ExtensiveForm:
    """Offer a contract or not; sign or not; entry or not."""
    margin, volume = p["value"] - p["supplier_cost"], p["volume"]
    open_market = _entry(
        entry_odds(p, p["supplier_cost"]),
        leaf(0.0 * margin, margin * volume),
        leaf(margin * volume, 0.0 * margin),
    )
    offers = {"none": open_market}
    best, least = best_contract(p)
    for price_name, step in PRICES.items():
        for entry_name, multiple in ENTRIES.items():
            price, threshold = best + step * margin, multiple * least
            left = (p["value"] - price) * volume
            signed = _entry(
                entry_odds(p, threshold),
                leaf((price - threshold) * volume, left),
                leaf((price - p["supplier_cost"]) * volume, left),
            )
            name = f"{price_name}, {entry_name}"
            offers[name] = decision("customer", {"sign": signed, "refuse": open_market})
            if price_name == "fair":
                offers[name] = signed
    return tree(("supplier", "customer"), decision("supplier", offers))


def _entry(odds: Floats, comes: Node, stays_out: Node) -> Node:
    return chance({"entry": (odds, comes), "no entry": (1.0 - odds, stays_out)})


def outcomes_contract(p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Price and damages (NaN without a contract), odds of entry, payoffs and welfare."""
    play = Play(equilibria)
    signed, price, least, entry, rival = (np.zeros(()) for _ in range(5))
    best, threshold = best_contract(p)
    for price_name, step in PRICES.items():
        for entry_name, multiple in ENTRIES.items():
            name = f"{price_name}, {entry_name}"
            here = play.odds(0, name)
            if price_name != "fair":
                here = here * play.odds(1, f"{name}: sign")
            asked = best + step * (p["value"] - p["supplier_cost"])
            left = multiple * threshold
            signed, price, least = signed + here, price + here * asked, least + here * left
            entry = entry + here * entry_odds(p, left)
            rival = rival + here * with_contract(p, asked, left)[2]
    entry = entry + (1.0 - signed) * entry_odds(p, p["supplier_cost"])
    rival = rival + (1.0 - signed) * without_contract(p)[2]
    supplier, customer = play.payoff(0), play.payoff(1)
    with_price = signed > 0.0
    return {
        "price": np.where(with_price, price / signed, np.nan),
        "damages": np.where(with_price, (price - least) / signed, np.nan),
        "p_entry": entry,
        "supplier_profit": supplier,
        "buyer_payoff": customer,
        "entrant_profit": rival * p["volume"],
        "welfare": supplier + customer + rival * p["volume"],
    }


def regime_contract(_p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Whether a contract is offered."""
    none = Play(equilibria).odds(0, "none")
    return codes((none > 0.5, 0), (none <= 0.5, 1))


def build_signing(buyers: int, needed: int, **p: Floats) -> ExtensiveForm:
    """Buyers are asked in turn until enough have signed or too few are left."""
    names = tuple(f"buyer {k + 1}" for k in range(buyers))

    def ask(paid: tuple[Floats | None, ...]) -> Node:
        signed = sum(x is not None for x in paid)
        left = buyers - len(paid)
        if signed >= needed or signed + left < needed:
            return end(paid, excluded=signed >= needed)
        free = {"sign": ask((*paid, p["token"])), "refuse": ask((*paid, None))}
        return decision("supplier", {
            "ask": decision(names[len(paid)], free),
            "pay": ask((*paid, p["buyer_loss"])),
        })  # fmt: skip

    def end(paid: tuple[Floats | None, ...], *, excluded: bool) -> Node:
        got = [x for x in paid if x is not None]
        profit = (buyers * p["buyer_profit"] if excluded else 0.0) - sum(got)
        unsigned = 0.0 if excluded else p["buyer_loss"]
        rest = (*paid, *[None] * (buyers - len(paid)))
        return leaf(profit, *(unsigned if x is None else x for x in rest))

    return tree(("supplier", *names), ask(()))


def outcomes_signing(_p: Values, equilibria: Equilibria) -> dict[str, Floats]:
    """Whether exclusion comes about, and what it brings the incumbent and costs the buyers."""
    play = Play(equilibria)
    kept = play.payoff(0)
    buyers = sum(play.payoff(k) for k in range(1, len(equilibria.form.players)))
    return {
        "excluded": (kept > 0.0).astype(np.float64),
        "supplier_profit": kept,
        "buyer_payoff": np.asarray(buyers),
        "welfare": kept + buyers,
    }


def regime_signing(p: Values, equilibria: Equilibria) -> NDArray[np.intp]:
    """Exclusion for tokens, exclusion that at least one buyer is paid for, or none."""
    play = Play(equilibria)
    kept, buyers = play.payoff(0), len(equilibria.form.players) - 1
    cost = buyers * p["buyer_profit"] - kept
    return codes((kept <= 0.0, 0), (cost >= p["buyer_loss"], 1), (kept > 0.0, 2))


def signing(buyers: int, needed: int, name: str = "naked_exclusion") -> Game:
    """The game of signatures among so many buyers, of which so many keep the entrant out."""
    return Game(
        name=name,
        parameters=(
            calibrated("buyer_profit"),
            calibrated("buyer_loss"),
            calibrated("token"),
        ),
        build=partial(build_signing, buyers, needed),
        doc=f"""An incumbent signs {needed} of {buyers} buyers, one by one, and no entrant comes.

Each buyer that knows the others will sign anyway signs for next to nothing: together they give away
what none of them would sell alone. The incumbent pays only whoever could still stop it.""",
        references=(
            "E. B. Rasmusen, J. M. Ramseyer, J. S. Wiley (1991), Naked exclusion, AER 81.",
            "I. R. Segal, M. D. Whinston (2000), Naked exclusion: comment, AER 90.",
        ),
        outcomes=outcomes_signing,
        regime=regime_signing,
        regimes=("failed", "paid", "free"),
        units={
            "excluded": "1",
            "supplier_profit": "$M",
            "buyer_payoff": "$M",
            "welfare": "$M",
        },
    )


ENTRANT_TOP = calibrated("entrant_top", low=1e-9)

aghion_bolton = Game(
    name="aghion_bolton",
    parameters=(
        calibrated("value"),
        calibrated("supplier_cost"),
        ENTRANT_TOP,
        calibrated("volume", low=1e-9),
    ),
    build=build_contract,
    doc="""A contract with damages: the customer may leave for an entrant if it pays.

Incumbent and customer tax an entrant whose cost nobody knows yet. The tax keeps out entrants that
are cheaper than the incumbent, and what it brings goes to the incumbent; the customer is as well
off as without. Volume commitments and prepayments work like such damages.""",
    references=("P. Aghion, P. Bolton (1987), Contracts as a barrier to entry, AER 77.",),
    outcomes=outcomes_contract,
    regime=regime_contract,
    regimes=("no-contract", "contract"),
    units={
        "price": "$k/AE",
        "damages": "$k/AE",
        "p_entry": "1",
        "supplier_profit": "$M",
        "buyer_payoff": "$M",
        "entrant_profit": "$M",
        "welfare": "$M",
    },
)

naked_exclusion = signing(3, 2)
