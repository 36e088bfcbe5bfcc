"""Leduc poker next to OpenSpiel: the program over sequences, and learning by regrets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter
from typing import Any, final

from benchmarks import poker
from benchmarks.measuring import rate
from benchmarks.registry import Case, CheckError, Measure, Results, Side, Sizes, Target, register
from solver import Equilibria, ExtensiveForm, Status
from solver.concepts import _sequence_matrix, _sequence_program, _tree_values
from solver.concepts._tree_zero_sum import (
    CounterfactualRegret,
    LinearProgram,
    solve_by_regret,
    solve_linear_program,
)
from solver.forms.sequences import sequence_forms

#: Half of what both players together could gain by deviating, as OpenSpiel counts.
EXPLOITABILITY = 1e-3
#: Iterations of OpenSpiel between two looks at that, which are not counted in its time.
LOOK = 25


@final
@dataclass(frozen=True, eq=False)
class Table:
    """A game as a form and as OpenSpiel's object, what it is worth, and iterations to make."""

    form: ExtensiveForm
    tell: Callable[[], ExtensiveForm]
    peer: Any
    value: float
    iterations: int
    peer_iterations: int

    @property
    def tol(self) -> float:
        """The tolerance that brings about the exploitability asked for."""
        return float(EXPLOITABILITY / (self.form.payoffs.max() - self.form.payoffs.min()))


def _make(sizes: Sizes, _number: int) -> Table:
    leduc = bool(sizes["leduc"])
    tell, value = (poker.leduc, poker.LEDUC_VALUE) if leduc else (poker.kuhn, poker.KUHN_VALUE)
    name = "leduc_poker" if leduc else "kuhn_poker"
    return Table(
        form=tell(),
        tell=tell,
        peer=None if _absent("pyspiel") else _module("pyspiel").load_game(name),
        value=value,
        iterations=sizes["iterations"],
        peer_iterations=sizes["peer"],
    )


def _program(form: ExtensiveForm) -> Equilibria:
    return solve_linear_program(form, LinearProgram())


def _told_and_solved(table: Table) -> Equilibria:
    """From the rules of the game, with nothing kept from before."""
    for kept in (
        sequence_forms,
        _sequence_matrix.pattern,
        _sequence_program.programs,
        _tree_values.whole_block,
    ):
        kept.cache_clear()
    return _program(table.tell())


def _peer_program(table: Table) -> float:
    value: float = _module(LP).solve_zero_sum_game(table.peer)[0]
    return value


def _iterations(*, predictive: bool) -> Measure:
    def call(table: Table) -> Equilibria:
        method = CounterfactualRegret(tol=0.0, iterations=table.iterations, predictive=predictive)
        return solve_by_regret(table.form, method)

    return rate(call, lambda table: table.iterations)


def _peer_iterations(table: Table) -> tuple[float, float]:
    learner = _module("pyspiel").CFRPlusSolver(table.peer)
    start = perf_counter()
    for _ in range(table.peer_iterations):
        learner.evaluate_and_update_policy()
    seconds = perf_counter() - start
    return table.peer_iterations / seconds, _exploitability(table, learner)


def _until_close(*, predictive: bool) -> Measure:
    def call(table: Table) -> Equilibria:
        return solve_by_regret(
            table.form, CounterfactualRegret(tol=table.tol, predictive=predictive)
        )

    return rate(call, lambda _: 1.0)


def _peer_until_close(table: Table) -> tuple[float, float]:
    learner, seconds = _module("pyspiel").CFRPlusSolver(table.peer), 0.0
    while True:
        start = perf_counter()
        for _ in range(LOOK):
            learner.evaluate_and_update_policy()
        seconds += perf_counter() - start
        left = _exploitability(table, learner)
        if left <= EXPLOITABILITY:
            return 1.0 / seconds, left


def _exploitability(table: Table, learner: Any) -> float:
    left: float = _module("pyspiel").exploitability(table.peer, learner.average_policy())
    return left


def _check(slack: float) -> Callable[[Case, Results], list[str]]:
    """Ours worth what is published, within `slack`, with a certificate; and so is the peer's."""

    def check(case: Case, results: Results) -> list[str]:
        answers = [results[side.name, 1] for side in case.ours]
        leduc = answers[0].form.tree.size == poker.LEDUC_NODES
        value = poker.LEDUC_VALUE if leduc else poker.KUHN_VALUE
        remarks = []
        for side, eq in zip(case.ours, answers, strict=True):
            found, left = float(eq.payoffs[0, 0]), float(eq.gap.max())
            if not abs(found - value) <= slack or eq.status == Status.INVALID_INPUT:
                raise CheckError(f"{side.name}: value {found:.9f}, published is {value:.9f}")
            remarks.append(f"{side.name}: value {found:.9f}, largest gap {left:.1e} of the range")
        given = [results[side.name, 1] for side in case.peers if (side.name, 1) in results]
        remarks += [_peer_remark(case, result, value, slack) for result in given]
        return remarks

    return check


def _peer_remark(case: Case, result: float, value: float, slack: float) -> str:
    if not case.name.endswith("program"):
        return f"OpenSpiel: exploitability {result:.1e}"
    if not abs(result - value) <= slack:
        raise CheckError(f"OpenSpiel: value {result:.9f}, published is {value:.9f}")
    return f"OpenSpiel: value {result:.9f}"


LP = "open_spiel.python.algorithms.sequence_form_lp"
#: What its linear program imports besides.
LP_NEEDS = ("pyspiel", "absl", "ml_collections", "cvxpy", "ecos")


def _absent(*packages: str) -> str:
    absent = [name for name in packages if find_spec(name) is None]
    return f"{', '.join(absent)} not installed" if absent else ""


@cache
def _module(name: str) -> Any:
    return import_module(name)


def _peer(name: str, measure: Measure, needs: Sequence[str]) -> Side:
    return Side(name=name, measure=measure, missing=lambda: _absent(*needs))


def _sides(measure: Callable[..., Measure]) -> tuple[Side, ...]:
    return (
        Side(name="cfr", measure=measure(predictive=True)),
        Side(name="cfr, not predictive", measure=measure(predictive=False)),
    )


def _case(name: str, summary: str, unit: str, rounds: int, **more: Any) -> Case:
    return register(
        Case(
            name=f"leduc-{name}",
            summary=summary,
            unit=unit,
            sizes={"leduc": 1, "iterations": 5_000, "peer": 100, "rounds": rounds},
            smoke={"leduc": 0, "iterations": 500, "peer": 50, "rounds": 2},
            make=_make,
            **more,
        )
    )


_case(
    "program",
    "Leduc poker by the linear program over sequences",
    "games/s",
    rounds=7,
    ours=(
        Side(name="linear-program", measure=rate(lambda t: _program(t.form), lambda _: 1.0)),
        Side(name="linear-program, game told", measure=rate(_told_and_solved, lambda _: 1.0)),
    ),
    peers=(_peer("open_spiel sequence_form_lp", rate(_peer_program, lambda _: 1.0), LP_NEEDS),),
    check=_check(1e-6),
)
_case(
    "iterations",
    "iterations of CFR+ in Leduc poker",
    "iterations/s",
    rounds=5,
    ours=_sides(_iterations),
    peers=(_peer("open_spiel CFRPlusSolver", _peer_iterations, ("pyspiel",)),),
    check=_check(1e-3),
    targets=(Target(side="cfr", at_least=2_000.0),),
)
_case(
    "learning",
    "Leduc poker to an exploitability of 1e-3 by CFR+",
    "games/s",
    rounds=3,
    ours=_sides(_until_close),
    peers=(_peer("open_spiel CFRPlusSolver", _peer_until_close, ("pyspiel",)),),
    check=_check(1e-3),
)
