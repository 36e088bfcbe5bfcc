"""Coalition games: Shapley values, nucleoli and core intervals, whole batches at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver import Equilibria
from solver.coalitions import Interval, core_interval
from solver.concepts.nucleolus import nucleolus
from solver.concepts.shapley import shapley
from solver.forms.coalition import CoalitionGame

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True)
class Batch:
    """A form of many games, and how many of them a peer is given, as it wants them."""

    form: CoalitionGame
    sample: int
    given: list[Any]


def _games(players: int, convert: Callable[[Floats], Any]) -> Callable[[Sizes, int], Batch]:
    """Games of integers, half of them with ties everywhere; all have imputations."""

    def make(sizes: Sizes, number: int) -> Batch:
        random = np.random.default_rng([players, number])
        worths = random.integers(0, 1000, (sizes["games"], 1 << players)).astype(float)
        worths[1::2] = np.floor(worths[1::2] / 250.0)
        worths[:, 0] = 0.0
        worths[:, -1] += worths[:, [1 << i for i in range(players)]].sum(axis=1)
        names = [str(i) for i in range(players)]
        given = [convert(table) for table in worths[: sizes["peer"]]]
        return Batch(CoalitionGame(names, worths), sizes["peer"], given)

    return make


def _by_tuples(table: Floats) -> Any:
    """Worths by tuples of players, as shapley-value wants them."""
    players = len(table).bit_length() - 1
    inside = {tuple(i for i in range(players) if s >> i & 1): float(v) for s, v in enumerate(table)}
    return list(range(players)), inside


def _shapley_value(batch: Batch) -> Floats:
    calculator = import_module("shapley_value").ShapleyValue
    answers = [calculator(*given).calculate_shapley_values() for given in batch.given]
    return np.array([[answer[i] for i in range(len(answer))] for answer in answers])


def _highs_nucleoli(batch: Batch) -> Floats:
    return np.array([highs_nucleolus(table) for table in batch.given])


def highs_nucleolus(worths: Floats) -> Floats:
    """The nucleolus by a sequence of programs, one model of HiGHS changed from step to step.

    Rows with a multiplier are fixed, rows that depend on fixed ones are dropped.
    """
    highspy = import_module("highspy")
    n = len(worths).bit_length() - 1
    size = 1 << n
    member = (np.arange(size)[:, None] >> np.arange(n) & 1).astype(float)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n + 1, size - 1
    model.col_cost_ = np.append(np.zeros(n), 1.0)
    model.col_lower_ = np.append(worths[[1 << i for i in range(n)]], -highspy.kHighsInf)
    model.col_upper_ = np.full(n + 1, highspy.kHighsInf)
    model.row_lower_ = worths[1:].copy()
    model.row_upper_ = np.append(np.full(size - 2, highspy.kHighsInf), worths[-1])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    columns = np.hstack((member[1:], np.ones((size - 1, 1))))
    columns[-1, -1] = 0.0
    model.a_matrix_.start_ = np.append(0, np.cumsum((columns != 0).sum(axis=1)))
    model.a_matrix_.index_ = np.nonzero(columns)[1]
    model.a_matrix_.value_ = np.ones(len(model.a_matrix_.index_))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    fixed, free = [size - 1], np.arange(1, size - 1)
    while True:
        solver.run()
        found = solver.getSolution()
        x, multipliers = np.array(found.col_value), np.array(found.row_dual)
        tight = [int(s) for s in free if multipliers[s - 1] > 1e-9]
        bound = [i for i in range(n) if found.col_dual[i] > 1e-9]
        for s in tight:
            solver.changeCoeff(s - 1, n, 0.0)
            solver.changeRowBounds(s - 1, worths[s] - x[n], worths[s] - x[n])
        for i in bound:
            solver.changeColBounds(i, x[i], x[i])
        fixed += tight + [1 << i for i in bound]
        basis = np.linalg.svd(member[fixed])
        rank = int((basis.S > 1e-9).sum())
        if rank == n:
            return x[:n]
        depends = abs(member[free] @ basis.Vh[rank:].T).max(axis=1) < 1e-9
        for s in free[depends]:
            if int(s) not in tight:
                solver.changeRowBounds(int(s) - 1, -highspy.kHighsInf, highspy.kHighsInf)
        free = free[~depends]


def _checks(peer: str) -> Callable[[Case, Results], list[str]]:
    def check(case: Case, results: Results) -> list[str]:
        first = results[case.ours[0].name, 1]
        for threads in case.ours[0].threads:
            ours: Equilibria = results[case.ours[0].name, threads]
            ours.check()
            if not np.array_equal(first.payoffs, ours.payoffs):
                raise CheckError("one thread and two have different answers")
        if (peer, 1) not in results:
            return []
        theirs = results[peer, 1]
        off = abs(first.payoffs[: len(theirs), 0] - theirs).max()
        if off > 1e-5:
            raise CheckError(f"{peer} is off by {off:.1e}, of worths up to a thousand")
        return [f"answers of {peer} and ours are up to {off:.1e} apart, of worths in thousands"]

    return check


def _missing(module: str, package: str) -> Callable[[], str]:
    return lambda: "" if find_spec(module) else f"{package} is not installed"


def _count(batch: Batch) -> float:
    return float(len(batch.form.worths))


def _sample(batch: Batch) -> float:
    return float(batch.sample)


SHAPLEY = Side(
    name="solver.shapley",
    measure=rate(lambda batch: shapley(batch.form), _count),
    threads=(1, 2),
)
SHAPLEY_VALUE = Side(
    name="shapley-value",
    measure=rate(_shapley_value, _sample),
    missing=_missing("shapley_value", "shapley-value"),
)
NUCLEOLUS = Side(
    name="solver.nucleolus",
    measure=rate(lambda batch: nucleolus(batch.form), _count),
    threads=(1, 2),
)
HIGHS = Side(
    name="programs by HiGHS",
    measure=rate(_highs_nucleoli, _sample),
    missing=_missing("highspy", "highspy"),
)

register(
    Case(
        name="shapley-8",
        summary="Shapley values of random games of 8 players",
        unit="games/s",
        sizes={"games": 40_000, "peer": 40, "rounds": 5},
        smoke={"games": 200, "peer": 2, "rounds": 2},
        make=_games(8, _by_tuples),
        ours=(SHAPLEY,),
        peers=(SHAPLEY_VALUE,),
        check=_checks(SHAPLEY_VALUE.name),
        targets=(Target(side=SHAPLEY.name, against=SHAPLEY_VALUE.name, at_least=1000.0),),
    )
)

for _players, _at_least in ((4, 200.0), (6, 50.0)):
    register(
        Case(
            name=f"nucleolus-{_players}",
            summary=f"nucleoli of random games of {_players} players, certified",
            unit="games/s",
            sizes={"games": 400_000 // _players**2, "peer": 60, "rounds": 5},
            smoke={"games": 200, "peer": 3, "rounds": 2},
            make=_games(_players, lambda table: table),
            ours=(NUCLEOLUS,),
            peers=(HIGHS,),
            check=_checks(HIGHS.name),
            targets=(
                Target(side=NUCLEOLUS.name, against=HIGHS.name, at_least=_at_least),
                Target(side=NUCLEOLUS.name, threads=2, against=HIGHS.name, at_least=_at_least),
            ),
        )
    )


def _intervals_agree(case: Case, results: Results) -> list[str]:
    """Where there is a core the nucleolus, found by programs, lies in the closed-form intervals."""
    batch = case.make(case.smoke, 0)
    found: Interval = core_interval(batch.form)
    first: Interval = results[INTERVALS.name, 1]
    if not np.array_equal(found.low, first.low[: len(found.low)], equal_nan=True):
        raise CheckError("a batch and its beginning have different intervals")
    some = ~found.empty
    x = nucleolus(batch.form).payoffs[some, 0]
    if ((x < found.low[some] - 1e-9) | (x > found.high[some] + 1e-9)).any():
        raise CheckError("a nucleolus is outside the core")
    return []


INTERVALS = Side(
    name="solver.coalitions.core_interval",
    measure=rate(lambda batch: core_interval(batch.form), _count),
    threads=(1, 2),
)

register(
    Case(
        name="core-interval-3",
        summary="least and most that each of 3 players gets in the core",
        unit="games/s",
        sizes={"games": 2_000_000, "peer": 0, "rounds": 5},
        smoke={"games": 2_000, "peer": 0, "rounds": 2},
        make=_games(3, lambda table: table),
        ours=(INTERVALS,),
        peers=(),
        check=_intervals_agree,
        targets=(Target(side=INTERVALS.name, at_least=5e6),),
    )
)
