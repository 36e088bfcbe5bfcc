"""The certificate of two players against that of any number, and against the definition."""

from __future__ import annotations

import numpy as np
import pytest

from solver.kernels.response import regret_of, regrets_of_two


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 5), (4, 1)], ids=str)
def test_regrets_of_two_players_are_those_of_many(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    games, rows = 20, 60
    payoffs = rng.normal(size=(2, games, *shape)) * 1e6
    owner = np.sort(rng.integers(0, games, rows))
    x, y = (rng.dirichlet(np.ones(m), rows) for m in shape)
    profiles = np.concatenate([x, y], axis=1)
    found, gaps, other, more = np.empty((4, rows, 2))
    regrets_of_two(*payoffs, profiles, owner, 0, rows, found, gaps)
    for player in range(2):
        flat = payoffs[player].reshape(games, -1)
        regret_of(flat, player, np.array(shape), profiles, owner, 0, rows, other, more)
    np.testing.assert_allclose(other, found, rtol=1e-12)
    np.testing.assert_allclose(more, gaps, rtol=1e-9, atol=1e-15)
    A, B = payoffs[:, owner]
    by_row, by_column = np.einsum("eij,ej->ei", A, y), np.einsum("eij,ei->ej", B, x)
    mean = np.einsum("ei,ei->e", x, by_row), np.einsum("ej,ej->e", y, by_column)
    best = by_row.max(axis=1) - mean[0], by_column.max(axis=1) - mean[1]
    spread = np.array([np.ptp(p.reshape(rows, -1), axis=1) for p in (A, B)])
    expected = np.where(spread > 0.0, np.array(best) / np.where(spread > 0.0, spread, 1.0), 0.0)
    np.testing.assert_allclose(np.transpose(mean), found, rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(expected.T, gaps, rtol=1e-9, atol=1e-12)
