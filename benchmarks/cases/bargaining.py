"""Dividing a surplus in money: a batch of Nash bargains, against the formula in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver.concepts.nash_bargaining import nash_bargaining
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem

Floats = NDArray[np.float64]


def _make(sizes: Sizes, number: int) -> Floats:
    """Surplus, two disagreement payoffs and two weights, (5, problems)."""
    drawn = np.random.default_rng(number).random((5, sizes["problems"]))
    drawn[0] *= 10.0
    return drawn


def _solve(given: Floats) -> Equilibria:
    form = BargainingProblem(
        players=("supplier", "buyer"),
        surplus=given[0],
        disagreement=(given[1], given[2]),
        weights=(given[3], given[4]),
    )
    return nash_bargaining(form)


def _formula(given: Floats) -> Floats:
    """What one would write by hand: payoffs, without status or certificate."""
    surplus, d1, d2, w1, w2 = given
    gains = np.maximum(surplus - d1 - d2, 0.0) / (w1 + w2)
    return np.stack((d1 + w1 * gains, d2 + w2 * gains), axis=-1)


def _check(case: Case, results: Results) -> list[str]:
    del case
    expected = results[NUMPY.name, 1]
    for threads in (1, 2):
        equilibria: Equilibria = results[OURS.name, threads]
        off = np.abs(equilibria.payoffs[:, 0] - expected).max()
        if off > 1e-12 or equilibria.status.any():
            raise CheckError(f"payoffs off by {off:.1e}, {np.sum(equilibria.status > 0)} unsolved")
    return []


OURS = Side(
    name="solver.nash_bargaining", measure=rate(_solve, lambda g: g.shape[1]), threads=(1, 2)
)
NUMPY = Side(name="formula in numpy", measure=rate(_formula, lambda g: g.shape[1]))

register(
    Case(
        name="nash-bargaining",
        summary="weighted Nash bargains in money, each certified",
        unit="problems/s",
        sizes={"problems": 1_000_000, "rounds": 9},
        smoke={"problems": 20_000, "rounds": 2},
        make=_make,
        ours=(OURS,),
        peers=(NUMPY,),
        check=_check,
        targets=(Target(side=OURS.name, threads=2, at_least=20e6),),
    )
)
