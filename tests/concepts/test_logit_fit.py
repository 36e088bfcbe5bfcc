"""Fitting logit equilibria to observed play."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status
from solver.concepts.logit import Tracing, logit
from solver.concepts.logit_fit import fit_logit
from solver.concepts.logit_paths import logit_grid
from solver.errors import ParameterError
from tests.concepts.test_logit_normal import random_games

OCHS = NormalForm(([[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]))
SEEN = ([128 * 0.527, 128 * 0.473], [128 * 0.366, 128 * 0.634])


def test_mckelvey_and_palfrey_fit_ochs() -> None:
    """Their game 1 of Ochs (1995), first block: figures as published with Gambit."""
    fit = fit_logit(OCHS, SEEN)
    assert fit.status == Status.SOLVED
    assert float(fit.precision) == pytest.approx(1.8456, abs=5e-5)
    assert float(fit.log_likelihood) == pytest.approx(-174.765, abs=1e-3)
    assert (0.6157, 0.3833) == tuple(part[0].round(4) for part in fit.strategies)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 2, 2)], ids=str)
def test_play_at_an_equilibrium_is_fitted_by_its_precision(shape: tuple[int, ...]) -> None:
    """The likelihood of frequencies is largest where probabilities are equal to them (Gibbs)."""
    form = random_games(17, 30, shape)
    for precision in (0.8, 6.0):
        eq = logit(form, Tracing(precision=precision))
        fit = fit_logit(form, [100.0 * part[:, 0] for part in eq.strategies])
        assert (fit.status == Status.SOLVED).all()
        np.testing.assert_allclose(precision, fit.precision, rtol=1e-6)
        for part, found in zip(eq.strategies, fit.strategies, strict=True):
            np.testing.assert_allclose(part[:, 0], found, atol=1e-7)


def test_no_point_of_a_fine_grid_is_likelier() -> None:
    """The global maximum on the branch, for data that are far from it."""
    form = random_games(18, 60, (3, 3))
    rng = np.random.default_rng(18)
    seen = rng.integers(0, 20, (2, 60, 3)).astype(float)
    fit = fit_logit(form, seen, up_to=200.0)
    grid = logit_grid(form, np.concatenate([np.linspace(0, 20, 400), np.geomspace(20, 200, 100)]))
    logs = sum(
        (seen[i][:, None] * np.log(grid.strategies[i][:, :, 0])).sum(axis=2) for i in range(2)
    )
    assert np.isin(fit.status, (Status.SOLVED, Status.TRUNCATED)).all()
    assert (fit.log_likelihood >= logs.max(axis=1) - 1e-9).all()
    inside = fit.precision > 0
    assert 5 < inside.sum() < 60


def test_the_likelihood_is_of_the_profile_given() -> None:
    """Recomputed from the definition."""
    form = random_games(19, 20, (2, 3))
    rng = np.random.default_rng(19)
    seen = [rng.integers(0, 9, (20, 2)) + 1.0, rng.integers(0, 9, (20, 3)) + 1.0]
    fit = fit_logit(form, seen)
    expected = sum((n * np.log(p)).sum(axis=1) for n, p in zip(seen, fit.strategies, strict=True))
    np.testing.assert_allclose(expected, fit.log_likelihood, rtol=1e-12)
    at = logit_grid(form, np.minimum(fit.precision, 1e9)[:, None])
    np.testing.assert_allclose(np.concatenate(fit.strategies, axis=1), at.profiles, atol=1e-6)


def test_many_data_sets_of_one_game_and_their_units() -> None:
    """Batch axes broadcast; a thousand times the payoffs have a thousandth of the precision."""
    rng = np.random.default_rng(20)
    p, q = 0.6 + 0.02 * rng.random(5), 0.36 + 0.02 * rng.random(5)
    seen = [np.stack([50 * p, 50 * (1 - p)], 1), np.stack([50 * q, 50 * (1 - q)], 1)]
    fit = fit_logit(OCHS, seen)
    assert (5,) == fit.precision.shape
    large = fit_logit(NormalForm([1000.0 * a for a in OCHS.payoffs]), seen)
    np.testing.assert_allclose(fit.precision / 1000.0, large.precision, rtol=1e-7)
    for k in range(5):
        alone = fit_logit(OCHS, [part[k] for part in seen])
        assert float(alone.precision) == pytest.approx(fit.precision[k], rel=1e-9)


def test_the_ends_of_the_branch_are_named() -> None:
    """Dominant actions always seen: no precision is enough; never seen: none is best."""
    form = NormalForm(([[1, 1], [0, 0]], [[1, 0], [1, 0]]))
    always = fit_logit(form, [[10, 0], [10, 0]], up_to=30.0)
    assert (Status.TRUNCATED, 30.0) == (always.status, always.precision)
    never = fit_logit(form, [[0, 10], [0, 10]])
    assert (Status.SOLVED, 0.0) == (never.status, never.precision)
    assert never.log_likelihood == pytest.approx(-20 * np.log(2))


def test_where_all_precisions_are_alike_that_is_said() -> None:
    """Matching pennies is played uniformly at every precision."""
    A = np.array([[1.0, -1.0], [-1.0, 1.0]])
    fit = fit_logit(NormalForm((A, -A)), [[6, 4], [3, 7]])
    assert fit.status == Status.DEGENERATE


def test_bad_data_stop_nobody_else() -> None:
    """No counts, negative ones, or no numbers."""
    seen = [[[1, 1], [0, 0], [-1, 5], [np.nan, 1]], [[1, 2], [0, 0], [3, 3], [1, 1]]]
    fit = fit_logit(OCHS, seen)
    bad = int(Status.INVALID_INPUT)
    assert [Status.SOLVED, bad, bad, bad] == fit.status.tolist()
    assert np.isnan(fit.precision[1:]).all()


def test_counts_must_fit_the_game() -> None:
    """With the player."""
    with pytest.raises(ParameterError, match=r"counts\[1\] has shape \(3,\)"):
        fit_logit(OCHS, [[1, 2], [1, 2, 3]])
    with pytest.raises(ParameterError, match="counts hold 1 arrays"):
        fit_logit(OCHS, [[1, 2]])
