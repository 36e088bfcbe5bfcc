"""The leader-follower price of `phase`, against its closed form and a loop over scipy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, register
from games import phase
from solver import Equilibria, subgame_perfect

Floats = NDArray[np.float64]
VOLUME, SUPPLIER_COST, OWN_COST, VALUE = 500.0, 9.0, 16.0, 60.0


@final
@dataclass(frozen=True)
class Cells:
    """Programme costs and tops of the porting costs, (cells,) each; how many scipy is given."""

    nre: Floats
    top: Floats
    sample: int


def _make(sizes: Sizes, number: int) -> Cells:
    random = np.random.default_rng(number)
    nre = 10.0 ** random.uniform(2.0, 4.3, sizes["cells"])
    return Cells(nre, random.uniform(1.0, 80.0, sizes["cells"]), sizes["scipy"])


def _solve(given: Cells) -> Equilibria:
    bound = phase.bind(
        nre=given.nre,
        porting_top=given.top,
        volume=VOLUME,
        supplier_cost=SUPPLIER_COST,
        chip_cost=OWN_COST,
        value=VALUE,
    )
    return subgame_perfect(phase.form(bound))


def _closed_form(nre: Floats, top: Floats) -> tuple[Floats, Floats]:
    """Price and profit of the supplier: ignore the threat, deter, or accommodate."""
    root = np.sqrt(2.0 * top * nre / VOLUME)
    deter = OWN_COST + np.where(root <= top, root, nre / VOLUME + top / 2.0)
    ceiling = np.minimum(VALUE, OWN_COST + top)
    middle = (SUPPLIER_COST + OWN_COST + top) / 2.0
    accommodate = np.clip(middle, np.minimum(deter, ceiling), ceiling)
    kept = 1.0 - np.clip((accommodate - OWN_COST) / top, 0.0, 1.0)
    prices = np.stack((np.minimum(deter, VALUE), accommodate))
    profits = (prices - SUPPLIER_COST) * VOLUME * np.stack((np.ones_like(kept), kept))
    profits[1, deter >= VALUE] = -np.inf
    best = profits.argmax(axis=0)[None]
    return np.take_along_axis(prices, best, 0)[0], np.take_along_axis(profits, best, 0)[0]


def _loop(given: Cells) -> Floats:
    """Profits by what one would write without a solver: a grid of prices, refined by scipy."""
    from scipy.optimize import minimize_scalar

    grid = np.linspace(SUPPLIER_COST, VALUE, 401)
    found = np.empty(given.sample)
    for k in range(given.sample):

        def loss(price: Floats, nre: float = given.nre[k], top: float = given.top[k]) -> Floats:
            share = np.clip((price - OWN_COST) / top, 0.0, 1.0)
            gain = VOLUME * share * (price - OWN_COST - top * share / 2.0)
            kept = np.where(gain > nre, 1.0 - share, 1.0)
            return -(price - SUPPLIER_COST) * VOLUME * kept

        values = loss(grid)
        best = int(values.argmin())
        near = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        refined = minimize_scalar(loss, bounds=near, method="bounded", options={"xatol": 1e-9})
        found[k] = -min(values[best], refined.fun)
    return found


def _check(case: Case, results: Results) -> list[str]:
    given = case.make({**case.smoke, **_sizes_of(case, results)}, 0)
    price, profit = _closed_form(given.nre, given.top)
    for threads in (1, 2):
        equilibria: Equilibria = results[OURS.name, threads]
        off = np.abs(equilibria.payoffs[:, 0, 0] / profit - 1.0).max()
        assert equilibria.leader_action is not None
        # At a boundary two prices earn the same, and either is right.
        unequal = np.abs(equilibria.leader_action[:, 0] / price - 1.0) > 1e-9
        if off > 1e-9 or unequal.mean() > 1e-4:
            raise CheckError(f"profit off by {off:.1e}, {unequal.sum()} prices differ")
    loop = results[SCIPY.name, 1]
    short = np.abs(loop / profit[: len(loop)] - 1.0).max()
    if short > 1e-2:
        raise CheckError(f"the loop over scipy is off by {short:.1e}")
    return [f"the loop over scipy is off by up to {short:.1e} in profit, ours by {off:.1e}"]


def _sizes_of(case: Case, results: Results) -> dict[str, int]:
    cells = len(results[OURS.name, 1].count)
    sizes = case.sizes if cells == case.sizes["cells"] else case.smoke
    return dict(sizes)


OURS = Side(
    name="solver.subgame_perfect", measure=rate(_solve, lambda c: len(c.nre)), threads=(1, 2)
)
SCIPY = Side(name="loop over scipy", measure=rate(_loop, lambda c: c.sample))

register(
    Case(
        name="leader-follower",
        summary="price of a leader with a continuous action, certified, 1e-9",
        unit="cells/s",
        sizes={"cells": 120_000, "scipy": 1_000, "rounds": 5},
        smoke={"cells": 2_000, "scipy": 50, "rounds": 2},
        make=_make,
        ours=(OURS,),
        peers=(SCIPY,),
        check=_check,
    )
)
