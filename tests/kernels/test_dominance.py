"""Domination in floats: against HiGHS, interpreted, over threads, and where it is in doubt."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from solver import NormalForm, get_threads, nash, set_threads
from solver._jit import interpret
from solver.kernels.dominance import DOUBT, NO, YES, mark_dominated, mark_undominated
from solver.selection import elimination
from solver.selection import panel as panels
from solver.selection.elimination import eliminate
from solver.selection.panel import panel


def judged(table, strict, run=None) -> list[int]:
    """Codes of the actions of one game (m, C)."""
    codes = np.zeros((1, len(table)), np.int8)
    own, others = (np.ones((1, size), np.bool_) for size in table.shape)
    call = mark_dominated if run is None else (lambda *given: run(mark_dominated, *given))
    call(table[None], np.zeros(1, np.int64), own, others, strict, True, 0, 1, codes)
    return codes[0].tolist()


def gain(table, r: int, strict) -> float:
    """The most that a mixture gains over row r, by HiGHS."""
    k, n = table.shape
    M = (table - table[r]).T  # a row per column of the others
    if strict:
        found = linprog(
            np.r_[np.zeros(k), -1.0], np.c_[-M, np.ones(n)], np.zeros(n),
            np.r_[np.ones(k), 0.0][None], [1.0], [(0, None)] * k + [(None, None)],
        )  # fmt: skip
    else:
        found = linprog(-M.sum(axis=0), -M, np.zeros(n), np.ones((1, k)), [1.0])
    assert found.success
    return -float(found.fun) / np.ptp(table)


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("shape", [(3, 3), (5, 4), (8, 12), (15, 15)], ids=str)
def test_actions_are_judged_as_by_highs(shape: tuple[int, int], strict) -> None:
    """Payoffs lean to the middle rows, so that mixtures of the others are good."""
    rng = np.random.default_rng(sum(shape))
    seen = set()
    for _ in range(12):
        table = rng.normal(size=shape)
        table[shape[0] // 2 :] *= 0.1
        if rng.random() < 0.5:
            table = np.round(2.0 * table)
        codes = judged(table, strict)
        for r, code in enumerate(codes):
            most = gain(table, r, strict)
            if not 1e-9 < most < 1e-6:
                assert (YES if most > 1e-6 else NO) == code
                seen.add(code)
    assert {YES, NO} == seen


@pytest.mark.parametrize("strict", [True, False])
def test_interpreted_and_compiled_judge_alike(strict) -> None:
    rng = np.random.default_rng(8)
    for table in rng.integers(0, 3, (30, 4, 4)).astype(float):
        assert judged(table, strict) == judged(table, strict, interpret)


#: The third row misses half of each other by so little, in one column.
def close_call(miss: float) -> NormalForm:
    A = np.array([[4.0, 0.0, 1.0], [0.0, 4.0, 1.0], [2.0 - miss, 2.0, 1.0]])
    return NormalForm([A, [[0, 0, 1]] * 3])


@pytest.mark.parametrize(("miss", "dominated"), [(1e-6, True), (2e-9, True), (1e-10, False)])
def test_what_bounds_leave_in_doubt_is_settled_exactly(miss: float, dominated) -> None:
    form = close_call(miss)
    doubt = DOUBT if miss == 2e-9 else YES if dominated else NO
    assert doubt == judged(form.payoffs[0], False)[2]
    assert dominated == (not eliminate(form, "weak").masks[0][2])
    eq = nash(form)
    third = eq.profiles[:, 2] > 0.9
    if third.any():
        assert [not dominated] == panel(eq).undominated[third].tolist()


def test_equilibria_in_doubt_are_settled_exactly() -> None:
    form = close_call(2e-9)
    X = np.array([[0.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]])
    codes = np.zeros((2, 2), np.int8)
    mark_undominated(*form.flat(), X, np.zeros(2, np.int64), 0, 2, codes)
    assert [[DOUBT, NO], [NO, NO]] == codes.tolist()
    eq = nash(form)
    at = {int(row.argmax()): k for k, row in enumerate(eq.profiles[:, :3])}
    assert [False, True] == [bool(panel(eq).undominated[at[i]]) for i in (2, 0)]


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "SMALLEST", 10)
    monkeypatch.setattr(elimination, "SMALLEST", 10)
    form = NormalForm(np.random.default_rng(1).integers(0, 4, (2, 200, 3, 4)).astype(float))
    before, answers = get_threads(), []
    try:
        for threads in (1, 3):
            set_threads(threads)
            found, left = panel(nash(form)), eliminate(form, "weak")
            columns = [found.undominated, found.risk_dominant, found.welfare_maximal]
            answers.append([a.tobytes() for a in (*columns, *left.masks, left.rounds)])
    finally:
        set_threads(before)
    assert answers[0] == answers[1]
