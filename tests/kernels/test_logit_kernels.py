"""The bounds below which a logit equilibrium is unique, and what does not depend on the machine."""

from __future__ import annotations

from itertools import combinations, product
from types import SimpleNamespace

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from solver import NormalForm, _jit, get_threads, set_threads
from solver.concepts._logit_normal import SMALLEST_RANGE
from solver.concepts.logit import Tracing, logit
from solver.concepts.logit_fit import fit_logit
from solver.concepts.logit_paths import logit_branch
from solver.kernels.logit_games import fetch, responses
from solver.kernels.logit_unique import certain, contracts, roughly
from tests.concepts.test_logit_normal import random_games


def radius(varies: list[float], precision: float) -> float:
    """The spectral radius of the bounds on how much one response changes another."""
    c = 0.25 * precision * np.array(varies)
    return float(np.abs(np.linalg.eigvals(c[:, None] * (1.0 - np.eye(len(c))))).max())


@pytest.mark.parametrize(
    "varies", [[1.0, 1.0], [0.2, 3.0], [1.0, 1.0, 1.0], [0.1, 2.0, 0.7], [3.0, 1e-6, 0.4, 1e-3]]
)
def test_the_bound_is_where_the_spectral_radius_is_one(varies: list[float]) -> None:
    """Up to the width of the bisection, and never above."""
    found = contracts(np.array(varies))
    assert 0.998 <= radius(varies, found) <= 1.0


@pytest.mark.parametrize("varies", [[0.0, 2.0], [0.0, 0.0, 5.0], [0.0, 0.0]])
def test_who_does_not_depend_on_others_is_certain_at_every_precision(varies: list[float]) -> None:
    """At most one player reacts to anything."""
    assert contracts(np.array(varies)) == np.inf


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2)], ids=str)
def test_advantages_vary_as_a_search_says(shape: tuple[int, ...]) -> None:
    """All pairs of actions against all profiles of the others, by brute force."""
    rng = np.random.default_rng(1)
    payoffs = rng.random((len(shape), *shape))
    varies = []
    for i, own in enumerate(payoffs):
        rows = np.moveaxis(own, i, 0).reshape(shape[i], -1)
        varies.append(max(np.ptp(rows[a] - rows[b]) for a, b in combinations(range(shape[i]), 2)))
    u = payoffs.reshape(len(shape), -1)
    assert certain(u, np.array(shape)) == pytest.approx(contracts(np.array(varies)), rel=1e-12)
    assert roughly(u) <= certain(u, np.array(shape)) * 1.001


def test_scaling_rounds_nothing_and_keeps_one_unit() -> None:
    """Precision is common to the players, so is the unit: a power of two."""
    payoffs = np.array([[[7.0, 9.0], [100.0, 104.0]]])
    u = np.empty((2, 2))
    assert fetch(payoffs, 0, u) == 4.0
    np.testing.assert_array_equal([[0.0, 0.5], [0.0, 1.0]], u)
    assert fetch(np.full((1, 2, 2), np.inf), 0, u) == -1.0


def test_the_certificate_measures_what_it_says() -> None:
    """At any profile: the logit response to it, by brute force over profiles."""
    rng = np.random.default_rng(2)
    shape, precision = (2, 3, 2), 3.0
    payoffs = rng.random((1, 3, 12))
    mixes = [rng.dirichlet(np.ones(m)) for m in shape]
    values, gaps = np.empty((1, 3)), np.empty((1, 3))
    owner, precisions = np.zeros(1, np.intp), np.array([precision])
    row = np.concatenate(mixes)[None]
    responses(payoffs, np.array(shape), row, owner, precisions, 0, 1, values, gaps)
    for i in range(3):
        worth = np.zeros(shape[i])
        for k, profile in enumerate(product(*map(range, shape))):
            odds = np.prod([mixes[j][profile[j]] for j in range(3) if j != i])
            worth[profile[i]] += odds * payoffs[0, i, k]
        response = np.exp(precision * worth) / np.exp(precision * worth).sum()
        assert gaps[0, i] == pytest.approx(np.abs(response - mixes[i]).max())
        assert values[0, i] == pytest.approx(worth @ mixes[i])


def test_interpreted_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the last bits of exp; and no index is out of bounds."""
    form = random_games(21, 6, (2, 2, 3))
    seen = [np.array([3.0, 1.0]), np.array([2.0, 2.0]), np.array([1.0, 4.0, 2.0])]

    def answers() -> list[np.ndarray]:
        path = logit_branch(form, up_to=20.0, points=20)
        fit = fit_logit(form, seen, up_to=20.0)
        return [logit(form, Tracing(precision=20.0)).profiles, path.precisions, fit.log_likelihood]

    compiled = answers()
    with monkeypatch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        for one, other in zip(compiled, answers(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-12)


def test_two_threads_answer_as_one() -> None:
    """Ranges of the batch do not touch each other."""
    form = random_games(22, 3 * SMALLEST_RANGE, (3, 3))
    before = get_threads()
    try:
        set_threads(1)
        alone = logit(form, Tracing(precision=9.0)).profiles
        set_threads(2)
        np.testing.assert_array_equal(alone, logit(form, Tracing(precision=9.0)).profiles)
    finally:
        set_threads(before)


def test_a_single_profile_is_played() -> None:
    """Players with one action each have nothing to choose."""
    eq = logit(NormalForm(([[3.0]], [[4.0]])), Tracing(precision=7.0))
    np.testing.assert_array_equal([[1.0, 1.0]], eq.profiles)
    np.testing.assert_array_equal([[3.0, 4.0]], eq.payoffs[0:1, :].reshape(1, 2))
