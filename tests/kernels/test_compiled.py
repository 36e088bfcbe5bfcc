"""Interpreted or compiled, one thread or two, little room or much: the same floats."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from solver import Equilibria, NormalForm, _jit, get_threads, nash, pure_nash, set_threads
from solver.concepts import _rows
from solver.concepts.coarse_correlated import coarse_correlated
from solver.concepts.coco import coco
from solver.concepts.correlated import correlated
from solver.concepts.logit import logit
from solver.concepts.minimax import minimax
from solver.concepts.stackelberg import Commitment, stackelberg
from solver.selection.basins import basin_shares
from solver.selection.elimination import eliminate
from solver.selection.panel import panel

Solver = Callable[[NormalForm], Equilibria]
Answer = dict[str, bytes]

SHAPES = [(1, 1), (1, 3), (2, 2), (2, 4), (3, 3), (4, 3), (4, 4), (5, 5)]


def answer(eq: Equilibria) -> Answer:
    """All that was computed, bit by bit."""
    arrays = {"count": eq.count, "status": eq.status, "complete": eq.complete}
    arrays |= {"profiles": eq.profiles, "payoffs": eq.row_values[0], "gaps": eq.row_values[1]}
    return {name: array.tobytes() for name, array in arrays.items()}


def mixed_batch(games: int, shape: tuple[int, ...]) -> NormalForm:
    """A third each without ties, with ties, and shifted far away; one game is not finite."""
    rng = np.random.default_rng(7)
    payoffs = rng.normal(size=(len(shape), games, *shape))
    payoffs[:, 1::3] = rng.integers(0, 3, payoffs[:, 1::3].shape)
    payoffs[:, 2::3] = rng.integers(0, 9, payoffs[:, 2::3].shape) + 1e12
    payoffs.reshape(len(shape), games, -1)[0, games // 2, 0] = np.inf
    return NormalForm(tuple(payoffs))


def interpreted(patch: pytest.MonkeyPatch, solve: Solver, form: NormalForm) -> Answer:
    """Solve as if numba had never been imported and the work were small."""
    with patch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        return answer(solve(form))


@pytest.fixture
def _threads_restored() -> Iterator[None]:
    before = get_threads()
    yield
    set_threads(before)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_nash_interpreted_is_nash_compiled(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    """Nothing is reassociated, so that even the last bit is the same."""
    form = mixed_batch(40, shape)
    assert answer(nash(form)) == interpreted(monkeypatch, nash, form)


def zero_sum(form: NormalForm) -> NormalForm:
    """What the first player gets, the second pays."""
    return NormalForm((form.payoffs[0], -form.payoffs[0]))


#: The other answers to games of two players, by pivots and closed forms.
ALGEBRAIC: dict[str, Solver] = {
    "lemke-howson": lambda form: nash(form, "lemke-howson"),
    "lemke-howson-all": lambda form: nash(form, "lemke-howson-all"),
    "minimax": lambda form: minimax(zero_sum(form)),
    "security": lambda form: minimax(form, "security"),
    "coco": coco,
    "stackelberg": stackelberg,
    "leader 2": lambda form: stackelberg(form, Commitment(leader=1, follower="weak")),
    "correlated": correlated,
    "coarse-correlated": coarse_correlated,
}


@pytest.mark.parametrize("shape", [(1, 3), (2, 2), (3, 3), (4, 3), (5, 5)], ids=str)
@pytest.mark.parametrize("name", ALGEBRAIC)
def test_pivots_interpreted_are_pivots_compiled(
    monkeypatch: pytest.MonkeyPatch, name: str, shape: tuple[int, int]
) -> None:
    """Also where small games are solved side by side."""
    form, solve = mixed_batch(18, shape), ALGEBRAIC[name]
    assert answer(solve(form)) == interpreted(monkeypatch, solve, form)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 3, 2)], ids=str)
def test_logit_interpreted_is_logit_compiled(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    """But for the last bits of exponentials, which come from two libraries."""
    form = mixed_batch(9, shape)
    eq = logit(form)
    with monkeypatch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        slow = logit(form)
    assert (eq.status.tobytes(), eq.complete.tobytes()) == (
        slow.status.tobytes(),
        slow.complete.tobytes(),
    )
    settled = eq.status[eq.owner] == 0
    assert settled.sum() >= 6
    np.testing.assert_allclose(slow.profiles[settled], eq.profiles[settled], rtol=0.0, atol=1e-12)


def test_entropy_interpreted_is_entropy_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the last bits of exponentials."""
    form = NormalForm(np.random.default_rng(2).normal(size=(2, 6, 2, 3)))
    fast = correlated(form, "entropy")
    with monkeypatch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        slow = correlated(form, "entropy")
    np.testing.assert_allclose(slow.rows.joint, fast.rows.joint, rtol=0.0, atol=1e-9)


def selected(form: NormalForm) -> list[np.ndarray]:
    """What tells equilibria apart, what survives, and what is attracted, but for INVALID games."""
    columns, shares = panel(nash(form)), basin_shares(form, starts=4)
    kept = eliminate(form, "weak")
    return [
        columns.strict, columns.quasi_strict, columns.undominated, columns.payoff_dominant,
        columns.risk_dominant, columns.welfare_maximal, *kept.removed, kept.status, shares.status,
        shares.shares.round(9), shares.elsewhere.round(9),
    ]  # fmt: skip


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (3, 3)], ids=str)
def test_selection_interpreted_is_selection_compiled(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
) -> None:
    """Columns, elimination and basins, the last but for exponentials."""
    form = mixed_batch(6, shape)
    fast = selected(form)
    with monkeypatch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        slow = selected(form)
    for one, other in zip(fast, slow, strict=True):
        np.testing.assert_array_equal(other, one)


@pytest.mark.parametrize("shape", [(3,), (2, 2), (3, 2, 2), (2, 2, 2, 2)], ids=str)
def test_pure_nash_interpreted_is_pure_nash_compiled(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]
) -> None:
    """For one to four players."""
    form = mixed_batch(40, shape)
    assert answer(pure_nash(form)) == interpreted(monkeypatch, pure_nash, form)


def test_a_small_game_needs_no_numba() -> None:
    """One game at the command line is answered before numba would be imported."""
    code = (
        "import sys\n"
        "from solver import NormalForm, nash\n"
        "eq = nash(NormalForm([[[3, 0], [0, 2]], [[2, 0], [0, 3]]]))\n"
        "print(eq.count, eq.gap.max() <= eq.tol, 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3 True False"


@pytest.mark.usefixtures("_threads_restored")
@pytest.mark.parametrize("solve", [nash, pure_nash], ids=lambda concept: concept.name)
@pytest.mark.parametrize("shape", [(2, 2), (3, 3)], ids=str)
def test_two_threads_answer_as_one(solve: Solver, shape: tuple[int, int]) -> None:
    """Ranges of the batch are put back in order, whichever finishes first."""
    form = mixed_batch(3 * _rows.SMALLEST_RANGE, shape)
    set_threads(1)
    alone = answer(solve(form))
    set_threads(2)
    assert alone == answer(solve(form))


@pytest.mark.parametrize(
    ("solve", "payoff", "expected"),
    [
        (nash, np.eye(2), 3),
        (nash, np.eye(5), 2**5 - 1),
        (nash, np.eye(7), 2**7 - 1),  # more than the smallest buffer holds
        (pure_nash, np.zeros((9, 9)), 81),
        (nash, np.zeros((2, 2)), 4),
    ],
    ids=["closed form", "supports", "one game fills the buffer", "pure", "ties"],
)
def test_a_buffer_that_runs_out_drops_nothing(
    monkeypatch: pytest.MonkeyPatch, solve: Solver, payoff: np.ndarray, expected: int
) -> None:
    """Every kernel says where it stopped, and goes on there with more room."""
    form = NormalForm([np.broadcast_to(payoff, (60, *payoff.shape))] * 2)
    roomy = answer(solve(form))
    gather = _rows.gather

    def starved(*args: object, **options: object) -> object:
        return gather(*args, **{**options, "per_game": 1e-9})  # type: ignore[arg-type]

    for module in (nash, pure_nash):
        monkeypatch.setattr(f"{module.__module__}.gather", starved)
    eq = solve(form)
    np.testing.assert_array_equal(np.full(60, expected), eq.count)
    assert roomy == answer(eq)
