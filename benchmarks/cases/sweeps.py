"""Sweeps on one thread, on two, and on two processes: the same answers, sooner."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Results, Side, Sizes, Target, register
from solver import Equilibria, Game, NormalForm, Parameter, sweep

#: Actions per player: at 8 nearly all of the time is spent in kernels.
ACTIONS = 8


def _build(*, first: Any, second: Any) -> NormalForm:
    """Two random tables, each moved along another one."""
    A, B, C, D = np.random.default_rng(1).random((4, ACTIONS, ACTIONS))
    along = [np.asarray(value)[..., None, None] for value in (first, second)]
    return NormalForm(payoffs=(A + along[0] * C, B + along[1] * D))


def _regime(parameters: Any, equilibria: Equilibria) -> Any:
    del parameters
    return np.minimum(equilibria.count, 1) - 1


GAME = Game(
    name="random-tables",
    parameters=(Parameter("first", default=0.0), Parameter("second", default=0.0)),
    build=_build,
    regime=_regime,
    regimes=("some",),
)


def _make(sizes: Sizes, number: int) -> dict[str, Any]:
    ends = 1.0 + np.random.default_rng(number).random(2)
    side = sizes["side"]
    return {
        "first": np.linspace(0.0, ends[0], side),
        "second": np.linspace(0.0, ends[1], side),
        "chunk": max(1, side * side // 8),
    }


def _cells(inputs: dict[str, Any]) -> float:
    return float(inputs["first"].size * inputs["second"].size)


def _on(jobs: int, executor: Callable[[], Executor | None] = lambda: None) -> Any:
    return rate(
        lambda inputs: sweep(GAME, **inputs, jobs=jobs, executor=executor()),
        _cells,
    )


@cache
def _processes() -> Executor:
    """Two processes, started once: the first call is not timed."""
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def _check(case: Case, results: Results) -> list[str]:
    """Every side gives the same Dataset, to the bit."""
    first = results[ONE.name, 1]
    for side in case.ours:
        if (side.name, 1) in results and not first.identical(results[side.name, 1]):
            raise CheckError(f"{side.name} gives other answers than {ONE.name}")
    return []


def _missing() -> str:
    try:
        import cloudpickle  # noqa: F401
    except ImportError:
        return "cloudpickle is not installed"
    return ""


ONE = Side(name="one thread", measure=_on(1))
TWO = Side(name="two threads", measure=_on(2))
PROCESSES = Side(name="two processes", measure=_on(2, _processes), missing=_missing)

register(
    Case(
        name="sweep-threads",
        summary="all equilibria of 8x8 games over a grid: two threads or processes against one",
        unit="cells/s",
        sizes={"side": 120, "rounds": 7},
        smoke={"side": 24, "rounds": 1},
        make=_make,
        ours=(TWO, PROCESSES),
        peers=(ONE,),
        check=_check,
        targets=(Target(side=TWO.name, against=ONE.name, at_least=1.6),),
    )
)
