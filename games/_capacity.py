"""One supplier, several buyers and not always enough for all.

Buyer i needs Q_i units. A unit from the supplier is worth v_i to it, one from elsewhere leaves it
b_i, so that it pays at most its reservation price r_i = v_i - b_i. The supplier has K units at a
cost of c; whatever it does not sell to buyers who bargain, others take at the price n where that
is more than c. Units go to the highest reservation prices first. A buyer that is served in part
gets the rest elsewhere at the same b_i, so that nothing jumps in K.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria

Floats = NDArray[np.float64]

#: Gains count as none within this part of all gains.
CLOSE = 1e-9

REGIMES = ("no-trade", "ample", "contested", "scarce")


@final
@dataclass(frozen=True, eq=False)
class Market:
    """Values v_i, payoffs elsewhere b_i ($k/AE) and volumes Q_i of the buyers, and the supply."""

    values: Sequence[Floats]
    elsewhere: Sequence[Floats]
    volumes: Sequence[Floats]
    cost: Floats
    others: Floats
    capacity: Floats

    @property
    def buyers(self) -> range:
        """Numbers of the buyers."""
        return range(len(self.values))

    @property
    def reservation(self) -> list[Floats]:
        """The most that each buyer pays for a unit, $k/AE."""
        return [v - b for v, b in zip(self.values, self.elsewhere, strict=True)]

    @property
    def spare(self) -> Floats:
        """What a unit is worth that no buyer takes, $k/AE."""
        return np.maximum(self.cost, self.others)

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.intp], Floats]:
        """Buyers by falling gain, and what a unit gains with each over what it is worth spare."""
        lists = (self.reservation, self.volumes, [self.capacity, self.cost, self.others])
        shape = np.broadcast_shapes(*(entry.shape for entries in lists for entry in entries))
        gains = np.stack([np.broadcast_to(r - self.spare, shape) for r in self.reservation], -1)
        order = np.argsort(-gains, axis=-1, kind="stable")
        return order, np.take_along_axis(gains, order, axis=-1)

    def _taken(self, present: Sequence[bool]) -> list[Floats]:
        """Units for those present, by falling gain."""
        order, gains = self._sorted
        shape = gains.shape[:-1]
        wanted = np.stack(
            [
                np.broadcast_to(q * here, shape)
                for q, here in zip(self.volumes, present, strict=True)
            ],
            axis=-1,
        )
        wanted = np.where(gains > 0.0, np.take_along_axis(wanted, order, axis=-1), 0.0)
        left, taken = np.broadcast_to(self.capacity, shape), []
        for k in self.buyers:
            units = np.minimum(wanted[..., k], left)
            left = left - units
            taken.append(units)
        return taken

    def served(self) -> list[Floats]:
        """Units that each buyer gets if all bargain, kAE."""
        units = np.stack(self._taken([True] * len(self.values)), axis=-1)
        placed = np.empty_like(units)
        np.put_along_axis(placed, self._sorted[0], units, axis=-1)
        return [placed[..., i] for i in self.buyers]

    def gains(self, present: Sequence[bool]) -> Floats:
        """What selling to those present gains over selling elsewhere and buying elsewhere, $M."""
        gains, taken = self._sorted[1], self._taken(present)
        return np.asarray(sum((gains[..., k] * taken[k] for k in self.buyers), np.zeros(())))

    def alone(self, buyer: int) -> Floats:
        """What a buyer gets without the supplier, $M."""
        return self.elsewhere[buyer] * self.volumes[buyer]

    def fallback(self) -> Floats:
        """What the supplier gets from others alone, $M."""
        return self.capacity * (self.spare - self.cost)

    def worths(self) -> Floats:
        """Of every coalition (*B, 2**(N + 1)), the supplier first."""
        table: list[Floats] = []
        for coalition in range(2 ** (1 + len(self.values))):
            present = [bool(coalition >> 1 + i & 1) for i in self.buyers]
            worth = np.asarray(
                sum((self.alone(i) for i in self.buyers if present[i]), np.zeros(()))
            )
            if coalition & 1:
                worth = worth + self.fallback() + self.gains(present)
            table.append(worth)
        return np.stack(np.broadcast_arrays(*table), axis=-1)

    def added(self) -> list[Floats]:
        """By how much all gains fall if a buyer is not there, $M."""
        everybody = [True] * len(self.values)
        whole = self.gains(everybody)
        absent = ([i != j for i in self.buyers] for j in self.buyers)
        return [whole - self.gains(present) for present in absent]

    def prices(self) -> tuple[Floats, Floats]:
        """The lowest and highest price for all at which demand is K units, $k/AE.

        At least what the best unserved use is worth, at most what the worst served one is.
        """
        served = self.served()
        low, high = self.spare, np.full_like(served[0], np.inf)
        for r, q, x in zip(self.reservation, self.volumes, served, strict=True):
            low = np.where(x < q, np.maximum(low, r), low)
            high = np.where(x > 0.0, np.minimum(high, r), high)
        sold = np.asarray(sum(served, np.zeros(())))
        # Others who take what is left are buyers like any other.
        marginal = (self.others > self.cost) & (sold < self.capacity)
        high = np.where(marginal, np.minimum(high, self.others), high)
        none = np.isinf(high)
        return np.where(none, np.nan, np.minimum(low, high)), np.where(none, np.nan, high)


def outcomes(market: Market, equilibria: Equilibria, leaving: Floats | float) -> dict[str, Floats]:
    """Payoffs, prices and how exposed the supplier is to its buyers; `leaving` see below.

    ``defection_loss``: what the supplier loses if the buyer that matters most takes the share
    `leaving` of its units elsewhere, and the best use that was not served takes its place.
    Payments are what buyers are left short of their gains; some concepts pay buyers who are not
    served for what they add to smaller groups, which lowers ``price`` too.
    """
    payoffs = equilibria.first(equilibria.payoffs)
    served, supplier = market.served(), payoffs[..., 0]
    whole = market.gains([True] * len(market.values))
    paid = [
        market.alone(i) + market.reservation[i] * served[i] - payoffs[..., 1 + i]
        for i in market.buyers
    ]
    low, high = market.prices()
    sold = np.asarray(sum(served, np.zeros(())))
    rest = np.where(market.others > market.cost, market.others * (market.capacity - sold), 0.0)
    total = np.asarray(sum(paid, np.zeros(()))) + rest
    squares = np.asarray(sum((t**2 for t in paid), np.zeros(())))
    lost = np.zeros_like(sold)
    spare = np.where(np.isnan(low), market.spare, low)
    for units, payment in zip(served, paid, strict=True):
        lost = np.maximum(lost, leaving * (payment - spare * units))
    with np.errstate(all="ignore"):
        share = (supplier - market.fallback()) / whole
        price = np.asarray(sum(paid, np.zeros(()))) / sold
        hhi = squares / total**2
    trade = whole > 0.0
    return {
        "supplier_payoff": supplier,
        "supplier_share": np.where(trade, share, np.nan),
        "price": np.where(trade, price, np.nan),
        "price_low": low,
        "price_high": high,
        "sold": sold,
        "hhi": np.where(total > 0.0, hhi, np.nan),
        "defection_loss": np.where(np.isnan(supplier), np.nan, lost),
    }


def regime(market: Market, equilibria: Equilibria) -> NDArray[np.intp]:
    """Who has the power, by what the core leaves to the supplier: `REGIMES`.

    Each buyer gets between nothing and what it adds. "ample": buyers do not compete, the core
    leaves all to be bargained over; "scarce": each can be replaced, so that the supplier gets all;
    "contested": something between.
    """
    whole = market.gains([True] * len(market.values))
    adds = np.asarray(sum(market.added(), np.zeros(())))
    least = whole - adds
    kind = np.where(adds <= CLOSE * whole, 3, np.where(least <= CLOSE * whole, 1, 2))
    codes: NDArray[np.intp] = np.where(whole > 0.0, kind, 0)
    return np.where(equilibria.count > 0, codes, -1)


UNITS = {
    "supplier_payoff": "$M",
    "supplier_share": "1",
    "price": "$k/AE",
    "price_low": "$k/AE",
    "price_high": "$k/AE",
    "sold": "kAE",
    "hhi": "1",
    "defection_loss": "$M",
}

REFERENCES = (
    "L. S. Shapley, M. Shubik (1971), The assignment game I: the core, IJGT 1.",
    "S. Muto, M. Nakayama, J. Potters, S. Tijs (1988), On big boss games, Economic Studies Q. 39.",
    "B. Brügemann, P. Gautier, G. Menzio (2019), Intra firm bargaining, REStud 86.",
)
