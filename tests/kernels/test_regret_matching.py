"""Regret matching: interpreted as compiled, gaps by their definition, and the bound on regret."""

from __future__ import annotations

from types import SimpleNamespace

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from benchmarks import poker
from solver import ExtensiveForm, _jit
from solver.concepts import _tree_zero_sum
from solver.concepts._sequence_matrix import zero_sum
from solver.concepts._tree_values import tree_values, whole_block
from solver.concepts._tree_zero_sum import CounterfactualRegret, solve_by_regret


def batch() -> ExtensiveForm:
    """Kuhn poker with other stakes."""
    form = poker.kuhn()
    stakes = np.random.default_rng(1).normal(size=(5, len(form.tree.leaves), 1))
    return ExtensiveForm(form.tree, stakes * [1.0, -1.0], form.chance)


@pytest.mark.parametrize("predictive", [True, False])
def test_interpreted_is_compiled(monkeypatch: pytest.MonkeyPatch, *, predictive: bool) -> None:
    """Nothing is reassociated, so that even the last bit is the same."""
    method = CounterfactualRegret(tol=1e-3, iterations=60, predictive=predictive)
    compiled = solve_by_regret(batch(), method)
    monkeypatch.setattr(_jit, "sys", SimpleNamespace(modules={}))
    monkeypatch.setattr(_jit, "INTERPRETED_STEPS", np.inf)
    plain = solve_by_regret(batch(), method)
    assert compiled.profiles.tobytes() == plain.profiles.tobytes()
    assert compiled.status.tolist() == plain.status.tolist()


def test_gaps_over_sequences_are_gaps_over_nodes() -> None:
    """Of any strategies: by the payoff matrix, and by walking through the tree."""
    form = batch()
    width = np.diff(form.tree.column)
    rows = np.random.default_rng(2).random((5, width.sum()))
    rows /= np.repeat(np.add.reduceat(rows, form.tree.column[:-1], axis=1), width, axis=1)
    game = zero_sum(form)
    found = _tree_zero_sum._gaps(form.tree, game, np.ones(5, np.bool_), rows)
    wanted = tree_values(form, rows, np.arange(5), whole_block(form.tree))[1].max(axis=1)
    np.testing.assert_allclose(wanted, found / game.spread, rtol=0.0, atol=1e-14)


@pytest.mark.parametrize("predictive", [True, False])
@pytest.mark.parametrize("iterations", [1, 4, 16, 64, 256])
def test_gaps_shrink_at_least_as_fast_as_is_proven(*, predictive: bool, iterations: int) -> None:
    """Exploitability is at most range × information sets × sqrt(actions) / sqrt(iterations).

    Zinkevich et al. (2007), Theorem 4, for each player; weights t² cost a factor of 3 at most.
    """
    method = CounterfactualRegret(tol=0.0, iterations=iterations, predictive=predictive)
    eq = solve_by_regret(batch(), method)
    assert eq.gap.max() <= 3.0 * 12.0 * np.sqrt(2.0 / iterations)
    if iterations == 256:
        assert eq.gap.max() <= 0.01
