"""Complementary pivoting: problems with known solutions, ties, rays; trees bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from solver import (
    Equilibria,
    ExtensiveForm,
    Status,
    _jit,
    decision,
    get_threads,
    leaf,
    nash,
    set_threads,
    tree,
)
from solver.concepts._sequences import SequenceForm, layout, one_equilibrium
from solver.kernels.lemke import at_basis, follow
from solver.kernels.sequence_form import BLOCK
from tests.concepts.trees import kuhn, random_tree


def solve(M, q, d=None, most=1000):
    """The solution z by Lemke's path, or None; and the number of pivots."""
    M, q = np.array(M, float), np.array(q, float)
    n = len(q)
    where = np.empty(2 * n + 1, np.int64)
    cover = np.ones(n) if d is None else np.array(d, float)
    room = np.empty((n, n + 2)), np.empty(2 * n + 1, np.int64), where, np.empty(n, np.int64)
    good, pivots = follow(M, q, cover, *room, most)
    if not good:
        return None, pivots
    z, w = np.empty(n), np.empty(n)
    inside = where[n : 2 * n] < 0
    work = np.empty((n, n)), np.empty((2, n), np.int64), np.empty((2, n))
    assert at_basis(M, q, inside, z, w, *work)
    np.testing.assert_allclose(q + M @ z, w, rtol=0.0, atol=1e-12)
    return z, pivots


def by_bases(M, q):
    """All complementary solutions, basis by basis."""
    found = []
    for chosen in product((False, True), repeat=len(q)):
        inside = np.array(chosen)
        z = np.zeros(len(q))
        z[inside] = np.linalg.solve(M[np.ix_(inside, inside)], -q[inside])
        if (z >= 0).all() and (q + M @ z >= -1e-12).all():
            found.append(z)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_a_positive_definite_problem_has_the_one_solution_that_its_bases_give(seed: int) -> None:
    """Existence and uniqueness: Samelson, Thrall and Wesler (1958)."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(6, 6))
    M, q = root @ root.T + 0.1 * np.eye(6), rng.normal(size=6)
    [expected] = by_bases(M, q)
    z, pivots = solve(M, q)
    np.testing.assert_allclose(expected, z, rtol=0.0, atol=1e-9)
    assert (pivots == 0) == (q >= 0).all()


def test_ties_make_no_cycle() -> None:
    """Kostreva (1979): without a rule for ties the path cycles here."""
    z, _ = solve([[1, 2, 0], [0, 1, 2], [2, 0, 1]], [-1, -1, -1])
    np.testing.assert_allclose([1 / 3, 1 / 3, 1 / 3], z, rtol=0.0, atol=1e-15)


def test_a_problem_without_solution_ends_in_a_ray() -> None:
    """w = -1 - z is never positive."""
    assert solve([[-1]], [-1])[0] is None


def test_a_path_ends_at_the_limit() -> None:
    """Two pivots are needed."""
    M, q = np.eye(2), [-1, -2]
    assert solve(M, q, most=2) == (None, 2)
    np.testing.assert_allclose([1, 2], solve(M, q, most=3)[0])


def test_the_solution_of_a_basis_is_refined() -> None:
    """A Hilbert matrix costs digits: the residual is that of exact arithmetic rounded."""
    n = 5
    M = 1.0 / (np.arange(n)[:, None] + np.arange(n) + 1.0)
    q = -M.sum(axis=1)
    z, w = np.empty(n), np.empty(n)
    work = np.empty((n, n)), np.empty((2, n), np.int64), np.empty((2, n))
    assert at_basis(M, q, np.ones(n, bool), z, w, *work)
    np.testing.assert_allclose(q, -M @ z, rtol=0.0, atol=5e-16)


def test_a_singular_basis_is_no_solution() -> None:
    """The second row is the first."""
    n = 2
    work = np.empty((n, n)), np.empty((2, n), np.int64), np.empty((2, n))
    assert not at_basis(np.ones((n, n)), np.zeros(n), np.ones(n, bool), *np.empty((2, n)), *work)


@pytest.mark.parametrize("start", range(4))
def test_the_frame_is_that_of_the_constraints(start: int) -> None:
    """E T = 0 for the moves away from the reference plans, and E r = e for these."""
    form = random_tree(3)
    parts = layout(form.tree, start)
    at, second, frame, plan, rising = parts[2:7]
    from solver.forms.sequences import sequence_forms

    for each, base in zip(sequence_forms(form.tree), (0, second), strict=True):
        E, e = each.constraints()
        own = slice(base, base + each.count)
        np.testing.assert_array_equal(e, E @ plan[own])
        moves = np.zeros((each.count, int(rising.sum())))
        full = np.zeros((len(plan), int(rising.sum())))
        free = np.flatnonzero(rising)
        full[at] = frame[:, free] * (rising[:, None] == 0.0)
        full[at[free], np.arange(len(free))] = 1.0
        moves[:] = full[own]
        np.testing.assert_array_equal(np.zeros((len(e), len(free))), E @ moves)
    np.testing.assert_array_equal(np.zeros(frame.shape), frame + frame.T)


@pytest.mark.parametrize("largest", [2, 4, 1000])
def test_random_trees_are_always_certified(largest: int) -> None:
    """Five hundred trees with chance and hidden information, eight games each; ties or not."""
    worst, unsettled = 0.0, 0
    for seed in range(500 // 3 + 1):
        form = random_tree(seed, depth=3 + seed % 3, largest=largest)
        rng = np.random.default_rng(seed)
        payoffs = rng.integers(0, largest, (8, *form.payoffs.shape))
        eq = nash(ExtensiveForm(form.tree, payoffs, form.chance), "sequence-form")
        unsettled += int((eq.status != Status.SOLVED).sum())
        worst = max(worst, float(eq.gap.max(initial=0.0)))
    assert unsettled == 0
    assert worst <= 1e-12


@pytest.mark.parametrize("odds", [1e-3, 1e-6, 0.0])
def test_rare_events_do_not_stop_the_path(odds: float) -> None:
    """Probabilities that multiply to 1e-18 leave tiny pivots: other starts are tried."""
    for seed in range(30):
        form = random_tree(seed)
        rare = np.where(np.arange(form.tree.chances) % 2 == 0, odds, 1.0 - odds)
        eq = nash(ExtensiveForm(form.tree, form.payoffs, rare), "sequence-form")
        assert eq.status == Status.SOLVED
        assert eq.gap.max() <= 1e-9


def answer(eq: Equilibria) -> dict[str, bytes]:
    """All that was computed, bit by bit."""
    arrays = {"count": eq.count, "status": eq.status, "profiles": eq.profiles}
    return {name: array.tobytes() for name, array in arrays.items()}


def batch(games: int) -> ExtensiveForm:
    """Kuhn's poker with other payoffs each; one game is not finite."""
    form = kuhn()
    payoffs = form.payoffs + np.random.default_rng(0).integers(0, 3, (games, 30, 2))
    payoffs[games // 2, 3, 1] = np.nan
    return ExtensiveForm(form.tree, payoffs, form.chance)


def test_interpreted_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is reassociated, so that even the last bit is the same."""
    form = batch(12)
    compiled = answer(nash(form, "sequence-form"))
    with monkeypatch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        assert compiled == answer(nash(form, "sequence-form"))


@pytest.fixture
def _threads_restored() -> Iterator[None]:
    before = get_threads()
    yield
    set_threads(before)


@pytest.mark.usefixtures("_threads_restored")
@pytest.mark.parametrize("warm", [False, True])
def test_answers_are_the_same_on_any_threads(warm: bool) -> None:  # noqa: FBT001
    """Also where a game starts from the one before it."""
    form, method = batch(1500), SequenceForm(warm_start=warm)
    answers = []
    for threads in (1, 2, 3):
        set_threads(threads)
        answers.append(answer(nash(form, method)))
    assert answers[0] == answers[1] == answers[2]
    assert 1499 == int((nash(form, method).status == Status.SOLVED).sum())


@pytest.mark.usefixtures("_threads_restored")
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_warm_start_follows_the_branch_of_its_block(threads: int) -> None:
    """Both meeting places are equilibria; only the second one where a block of games begins."""
    games = np.arange(1500)
    first = np.where(games % BLOCK == 0, -1.0, 1.0)
    meet = [decision("b", {"l": leaf(first, first), "r": leaf(0, 0)}, infoset="?"),
            decision("b", {"l": leaf(0, 0), "r": leaf(1, 1)}, infoset="?")]  # fmt: skip
    form = tree(("a", "b"), decision("a", dict(zip("lr", meet, strict=True))))
    set_threads(threads)
    cold, warm = (nash(form, SequenceForm(warm_start=w)).profiles[:, 1] for w in (False, True))
    np.testing.assert_array_equal(games % BLOCK == 0, cold)
    np.testing.assert_array_equal(np.ones(1500), warm)


def test_a_warm_start_saves_pivots_along_a_sweep() -> None:
    """Where payoffs hardly change the basis stays, and every answer is certified still."""
    form = kuhn()
    share = np.linspace(0.0, 0.2, 300)[:, None, None]
    payoffs = form.payoffs + share * np.random.default_rng(1).random(form.payoffs.shape)
    swept = ExtensiveForm(form.tree, payoffs, form.chance)
    cold, warm = (one_equilibrium(swept, SequenceForm(warm_start=w)) for w in (False, True))
    assert 10 * warm.pivots.sum() < cold.pivots.sum()
    assert nash(swept, SequenceForm(warm_start=True)).gap.max() <= 1e-9


def test_a_path_that_is_too_long_is_said_not_to_converge() -> None:
    """No start of Kuhn's poker gets there in three pivots."""
    eq = nash(kuhn(), SequenceForm(max_pivots=3))
    assert (Status.NOT_CONVERGED, 0, False) == (eq.status, eq.count, eq.complete)
