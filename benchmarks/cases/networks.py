"""Nash-in-Nash prices of a supplier and two competing customers, against a loop over scipy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, register
from games.bargain_common import bargain_common
from solver import Equilibria, Status
from solver.concepts.nash_in_nash import nash_in_nash

Floats = NDArray[np.float64]
VOLUME = 500.0
#: Starts that both sides use.
STARTS = 8


@final
@dataclass(frozen=True)
class Cells:
    """Top of demand, cost and the supplier's power, (cells,) each; how many scipy is given."""

    top: Floats
    cost: Floats
    power: Floats
    sample: int


def _make(sizes: Sizes, number: int) -> Cells:
    random = np.random.default_rng(number)
    shape = sizes["cells"]
    return Cells(
        random.uniform(50.0, 150.0, shape), random.uniform(1.0, 20.0, shape),
        random.uniform(0.1, 0.9, shape), sizes["scipy"],
    )  # fmt: skip


def _solve(given: Cells) -> Equilibria:
    bound = bargain_common.bind(
        demand_top=given.top, supplier_cost=given.cost, supplier_power=given.power, volume=VOLUME
    )
    return nash_in_nash(bargain_common.form(bound))


def _quantity(top: float, own: float, other: float | None) -> float:
    """What a customer buys at its price, as a monopolist if there is no other."""
    if other is None:
        return max(top - own, 0.0) / 2.0
    if top - 2.0 * other + own < 0.0:
        return max(top - own, 0.0) / 2.0
    return max(top - 2.0 * own + other, 0.0) / 3.0


def _reply(top: float, cost: float, power: float, other: float) -> float:
    """The price that maximises the log of one pair's Nash product, the other's being held."""
    from scipy.optimize import minimize_scalar

    apart = (other - cost) * _quantity(top, other, None)

    def loss(price: float) -> float:
        own, rival = _quantity(top, price, other), _quantity(top, other, price)
        supplier = (price - cost) * own + (other - cost) * rival - apart
        if supplier <= 0.0 or own <= 0.0:
            return 1e9 - min(supplier, 0.0)
        return float(-power * np.log(supplier) - (1.0 - power) * np.log(own**2))

    return float(minimize_scalar(loss, bounds=(cost, top), options={"xatol": 1e-10 * top}).x)


def _loop(given: Cells) -> Floats:
    """Prices (cells, starts, 2) by what one would write: replies in turn until they stand still."""
    random = np.random.default_rng(0)
    found = np.empty((given.sample, STARTS, 2))
    for k in range(given.sample):
        top, cost, power = given.top[k], given.cost[k], given.power[k]
        for s in range(STARTS):
            prices = random.uniform(cost, top, 2)
            for _ in range(200):
                before = prices.copy()
                prices[0] = _reply(top, cost, power, prices[1])
                prices[1] = _reply(top, cost, power, prices[0])
                if np.abs(prices - before).max() <= 1e-7 * top:
                    break
            found[k, s] = prices
    return found


def _check(case: Case, results: Results) -> list[str]:
    sizes = case.sizes if len(results[OURS.name, 1].count) == case.sizes["cells"] else case.smoke
    given = case.make(sizes, 0)
    price = given.cost + given.power * (given.top - given.cost) / 2.0  # Horn and Wolinsky 1988
    for threads in OURS.threads:
        equilibria: Equilibria = results[OURS.name, threads]
        if (equilibria.status != Status.SOLVED).any() or (equilibria.count != 1).any():
            raise CheckError("some network is not solved, or has several fixed points")
        assert equilibria.terms is not None
        off = np.abs(equilibria.terms[:, 0] / price[:, None] - 1.0).max()
        if off > 1e-9:
            raise CheckError(f"prices off by {off:.1e}")
    loop = results[SCIPY.name, 1]
    short = np.abs(loop / price[: len(loop), None, None] - 1.0)
    if np.median(short) > 1e-4:
        raise CheckError(f"the loop over scipy is off by {np.median(short):.1e}")
    return [f"ours is off by up to {off:.1e}; the loop over scipy by up to {short.max():.1e}"]


OURS = Side(name="solver.nash_in_nash", measure=rate(_solve, lambda c: len(c.top)), threads=(1, 2))
SCIPY = Side(name="loop over scipy", measure=rate(_loop, lambda c: c.sample))

register(
    Case(
        name="nash-in-nash",
        summary="prices of a supplier and two competing customers from 8 starts, certified",
        unit="networks/s",
        sizes={"cells": 10_000, "scipy": 20, "rounds": 5},
        smoke={"cells": 500, "scipy": 2, "rounds": 2},
        make=_make,
        ours=(OURS,),
        peers=(SCIPY,),
        check=_check,
    )
)
