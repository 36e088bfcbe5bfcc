"""Indices against Shapley's definition, and those of components against perturbed games."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from scipy.optimize import nnls

from solver.exact import ExactEquilibria, extreme_equilibria
from solver.exact.pairing import parity
from solver.testing import oracles, textbook

#: A component of index 2; found by random search, confirmed below by perturbing it.
TWICE = (
    [[2, 1, 2, 0], [1, 1, 2, 2], [1, 0, 0, 2], [2, 0, 2, 1]],
    [[2, 2, 2, 1], [0, 1, 1, 1], [2, 2, 0, 0], [2, 0, 0, 1]],
)


def by_definition(A, B, x, y) -> int:
    """Shapley (1974), of an equilibrium of a non-degenerate game with any payoffs."""
    S, T = np.flatnonzero(x), np.flatnonzero(y)
    assert len(S) == len(T)
    signs = [(-1) ** (len(S) + 1)]
    for payoffs in oracles.exact(A), oracles.exact(B):
        least = min(map(min, payoffs))
        part = [[payoffs[i][j] - least + 1 for j in T] for i in S]
        matrix = fmpq_mat([[fmpq(u.numerator, u.denominator) for u in row] for row in part])
        signs.append(1 if matrix.det() > 0 else -1)
    return int(np.prod(signs))


@pytest.mark.parametrize("shape", [(1, 3), (2, 2), (3, 3), (3, 5), (5, 5), (7, 6)], ids=str)
def test_index_is_that_of_shapley(shape) -> None:
    for A, B in np.random.default_rng(1).normal(size=(15, 2, *shape)):
        found = extreme_equilibria(A, B)
        assert [by_definition(A, B, x, y) for x, y in found.strategies] == list(found.index)
        assert sum(found.index) == 1
        assert found.index == found.component_index


def test_many_equilibria_balance_to_one() -> None:
    game = textbook.GAMES["most equilibria"]
    found = extreme_equilibria(game.A, game.B)
    assert [by_definition(game.A, game.B, x, y) for x, y in found.strategies] == list(found.index)
    assert {1: 38, -1: 37} == {i: found.index.count(i) for i in (1, -1)}


@pytest.mark.parametrize("n", [2, 3, 4])
def test_an_outside_option_outweighs_the_coordination_it_leaves(n) -> None:
    """Only the n pure equilibria of index 1 beat it, so staying out has index 1 - n."""
    A = [*(10 * np.eye(n)).tolist(), [9] * n]
    B = [*np.eye(n).tolist(), [0] * n]
    found = extreme_equilibria(A, B)
    index = dict(zip(found.components, found.component_index, strict=True))
    out = [k for k, (x, _) in enumerate(found.strategies) if x[-1] == 1]
    assert len(out) < len(found.strategies)
    assert 1 - n == index.pop(tuple(out))
    assert [1] * n == list(index.values())
    assert [None if k in out else 1 for k in range(len(found.index))] == list(found.index)


def test_a_component_can_count_twice() -> None:
    found = extreme_equilibria(*TWICE)
    assert (2, -1) == found.component_index
    assert set(found.index) == {None}


def distance(found: ExactEquilibria, subset: tuple[int, ...], x, y) -> float:
    """How far a profile is from one maximal Nash subset, a product of convex hulls."""
    far = 0.0
    for side, point in enumerate((x, y)):
        corners = np.array([found.strategies[k][side] for k in subset], float)
        heavy = 1e4  # weights that sum to one
        system = np.vstack([corners.T, np.full(len(corners), heavy)])
        far += nnls(system, [*map(float, point), heavy])[1]
    return far


def nearby_index(A, B, found: ExactEquilibria, rng) -> list[int]:
    """Sum the indices of the equilibria of a perturbed game by the component they are next to."""
    hair = Fraction(1, 10**14)
    near_A, near_B = (
        [[u + hair * int(rng.integers(-999, 999)) for u in row] for row in payoffs]
        for payoffs in (A, B)
    )
    home = {k: g for g, group in enumerate(found.components) for k in group}
    total = [0] * len(found.components)
    for x, y in oracles.extreme_equilibria(near_A, near_B):
        far = {subset: distance(found, subset, x, y) for subset in found.subsets}
        nearest = min(far, key=far.__getitem__)
        assert far[nearest] < 1e-6
        others = [far[s] for s in far if home[s[0]] != home[nearest[0]]]
        assert min(others, default=1.0) > 1e-3
        total[home[nearest[0]]] += by_definition(near_A, near_B, x, y)
    return total


@pytest.mark.parametrize("shape", [(2, 2), (2, 4), (3, 3), (4, 3)], ids=str)
def test_index_of_a_component_is_that_of_the_equilibria_nearby(shape) -> None:
    rng = np.random.default_rng(4)
    kinds = set()
    for A, B in rng.integers(0, 3, (20, 2, *shape)).tolist():
        found = extreme_equilibria(A, B)
        assert nearby_index(A, B, found, rng) == list(found.component_index)
        kinds |= set(found.component_index)
    assert kinds >= {0, 1}


def test_index_two_is_that_of_the_equilibria_nearby() -> None:
    rng = np.random.default_rng(0)
    found = extreme_equilibria(*TWICE)
    assert nearby_index(*TWICE, found, rng) == list(found.component_index)


def test_parity_is_the_determinant_of_the_permutation() -> None:
    rng = np.random.default_rng(0)
    for size in range(1, 8):
        order = rng.permutation(size)
        assert round(np.linalg.det(np.eye(size)[order])) == parity(order.tolist())
