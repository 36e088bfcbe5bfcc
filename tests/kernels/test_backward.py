"""The kernels of backward induction: bargaining, buffers, interpreted, and what certifies."""

from __future__ import annotations

from types import SimpleNamespace

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from solver import Status, _jit, decision, leaf, subgame_perfect, tree
from solver.concepts import _backward, _rows
from solver.forms.extensive import ExtensiveForm
from solver.forms.stages import settled
from solver.kernels import backward
from solver.kernels.deviation import certify_rows
from solver.kernels.lanes import aligned, settle


def binary(depth, at=0, count=None):
    """Two players in turn; leaf k of the tree has what column k of a later array says."""
    if at == depth:
        return leaf(0.0, 0.0)
    below = binary(depth, at + 1)
    return decision("xy"[at % 2], {"l": below, "r": below})


def batch(depth, games, seed=0):
    """A third each without ties, with ties, and shifted far away; one game is not finite."""
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(games, 2**depth, 2))
    payoffs[1::3] = rng.integers(0, 9, payoffs[1::3].shape)
    payoffs[2::3] = rng.integers(0, 9_000, payoffs[2::3].shape) + 1e12
    payoffs[games // 2, 1, 0] = np.nan
    return ExtensiveForm(tree(("x", "y"), binary(depth)).tree, payoffs)


def answer(eq):
    arrays = (eq.count, eq.status, eq.complete, eq.profiles, *eq.row_values)
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize("players", [2, 3, 4])
def test_bargaining_is_that_of_the_forms(players):
    """Random stages, whole and real numbers, with outside options that bind or not."""
    rng = np.random.default_rng(players)
    stages = 400
    agreed = rng.integers(-2, 6, (stages, players)) * 1.0
    failed = rng.integers(-2, 3, (stages, players)) * 1.0
    agreed[::2] += rng.normal(size=agreed[::2].shape)
    weights = rng.integers(0, 3, (stages, players)) * 1.0
    weights[:, :2] += 1.0
    weights /= weights.sum(axis=1, keepdims=True)
    outside = rng.normal(1.0, 2.0, (stages, players))
    outside[rng.random(outside.shape) < 0.4] = -np.inf
    expected = settled(agreed, failed, weights, outside)
    bound = np.empty(players, np.bool_)
    got = np.empty_like(expected)
    for k in range(stages):
        settle(agreed[k], failed[k], weights[k], outside[k], bound, got[k])
    np.testing.assert_allclose(expected, got, rtol=0.0, atol=1e-12)
    assert not np.allclose(
        expected, settled(agreed, failed, weights, np.full_like(outside, -np.inf))
    )


@pytest.mark.parametrize("games", [1, 5, 40, 64, 65, 71, 129])
def test_side_by_side_is_one_by_one(monkeypatch, games):
    """Full and partly filled passes give what listing ties gives for every game."""
    form = batch(5, games)
    together = answer(subgame_perfect(form))
    monkeypatch.setattr(_backward, "solve_backward", lambda *args: _each(args))
    assert together == answer(subgame_perfect(form))


def _each(args):
    games, plan, sizes, low, high, *rest, rows, count, status, whole = args
    used = 0
    for g in range(low, high):
        found = backward.list_equilibria(
            games, plan, sizes, g, rest[1], rows[:, used:], status, whole
        )
        if found < 0:
            return used, g
        count[g] = found
        used += found
    return used, high


@pytest.mark.parametrize("depth", [0, 1, 4, 7])
def test_interpreted_is_compiled(monkeypatch, depth):
    """To the last bit."""
    games = 9 if depth > 1 else 3
    form = (
        batch(depth, games)
        if depth
        else ExtensiveForm(tree(("x",), leaf(0.0)).tree, np.arange(3.0)[:, None, None])
    )
    compiled = answer(subgame_perfect(form))
    monkeypatch.setattr(_jit, "sys", SimpleNamespace(modules={}))
    monkeypatch.setattr(_jit, "INTERPRETED_STEPS", np.inf)
    assert compiled == answer(subgame_perfect(form))


def test_a_buffer_that_runs_out_drops_nothing(monkeypatch):
    """The kernel says where it stopped, and goes on there with more room."""
    form = batch(4, 150)
    zero = ExtensiveForm(form.tree, np.zeros((3, 16, 2)))
    roomy = [answer(subgame_perfect(each)) for each in (form, zero)]
    gather = _rows.gather

    def starved(*args, **options):
        return gather(*args, **{**options, "per_game": 1e-9})

    monkeypatch.setattr(_backward, "gather", starved)
    monkeypatch.setattr(_rows, "SPARE", 1)
    assert roomy == [answer(subgame_perfect(each)) for each in (form, zero)]


def certified(form, rows, tol=1e-9):
    plan, games = _backward.plan_of(form.tree), _backward.windows(form)
    players, leaves, deep, _ = plan.sizes
    space = aligned((2 * deep + leaves) * players, 4)
    marks = np.empty((5, players, 4))
    lanes = np.zeros(4, np.int64)
    return certify_rows(games, plan.tree[0], plan.sizes, lanes, tol, space, marks, rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_certificate_rejects_every_other_profile(seed):
    """One choice changed at any node: somebody could gain, and it is said."""
    form = ExtensiveForm(
        tree(("x", "y"), binary(4)).tree, np.random.default_rng(seed).normal(size=(1, 16, 2))
    )
    eq = subgame_perfect(form)
    rows = eq.profiles.reshape(15, 2).argmax(axis=1)[:, None].astype(np.int8)
    assert certified(form, rows)
    for h in range(15):
        wrong = np.repeat(rows, 6, axis=1)
        wrong[h, 5] ^= 1
        assert not certified(form, wrong)
        gap = _backward.values(form, np.eye(2)[wrong[:, 5:].T].reshape(1, 30), np.zeros(1, int))[1]
        assert gap.max() > 1e-9


def test_what_is_not_certified_is_not_called_solved(monkeypatch):
    """A kernel that picks the worse branch in place of the better one is found out."""

    def worse(here, best, gain, margin):
        margin[:] = np.minimum(margin, abs(here - best))
        gain[:] = best - here

    monkeypatch.setattr(backward, "compare", worse)
    monkeypatch.setattr(_jit, "sys", SimpleNamespace(modules={}))
    monkeypatch.setattr(_jit, "INTERPRETED_STEPS", np.inf)
    payoffs = np.random.default_rng(0).normal(size=(12, 8, 2))
    eq = subgame_perfect(ExtensiveForm(tree(("x", "y"), binary(3)).tree, payoffs))
    assert (eq.status == Status.NOT_CONVERGED).all()
    assert not eq.complete.any()
    assert (eq.gap > eq.tol).any(axis=(1, 2)).all()
