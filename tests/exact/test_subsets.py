"""Components and maximal bicliques, against every set of vertices and in games."""

from __future__ import annotations

from itertools import chain, combinations, product
from operator import mul

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

from solver.exact import components, extreme_equilibria, maximal_bicliques, verify

graphs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), unique=True, max_size=18)


def bicliques_of_all_sets(pairs):
    """X × Y for every set X and all vertices Y next to each of X, closed again."""
    edges = set(pairs)
    xs, ys = {i for i, _ in pairs}, {j for _, j in pairs}
    found = set()
    for X in chain.from_iterable(combinations(xs, k) for k in range(1, len(xs) + 1)):
        Y = {j for j in ys if all((i, j) in edges for i in X)}
        if Y:
            closed = {i for i in xs if all((i, j) in edges for j in Y)}
            found.add(tuple(k for k, (i, j) in enumerate(pairs) if i in closed and j in Y))
    return found


@given(graphs)
def test_bicliques_are_maximal_and_all_there(pairs) -> None:
    found = maximal_bicliques(pairs)
    assert bicliques_of_all_sets(pairs) == set(found)
    assert sorted(set(found)) == list(found)


@given(graphs)
def test_components_are_reached_from_any_of_their_edges(pairs) -> None:
    found = components(pairs)
    assert sorted(chain.from_iterable(found)) == list(range(len(pairs)))
    for group in found:
        reached = {group[0]}
        for _ in group:
            reached |= {
                k
                for k, (i, j) in enumerate(pairs)
                if any(i == pairs[r][0] or j == pairs[r][1] for r in reached)
            }
        assert list(group) == sorted(reached)
    assert sorted(found) == list(found)


def test_more_bicliques_than_asked_for_are_not_listed() -> None:
    """Each of n on one side misses one of n on the other: 2^n - 2 maximal bicliques."""
    crown = [(i, j) for i in range(6) for j in range(6) if i != j]
    assert 2**6 - 2 == len(maximal_bicliques(crown, most=62))
    assert maximal_bicliques(crown, most=61) is None
    apart = [(k, k) for k in range(9)]
    assert maximal_bicliques(apart, most=9) == tuple((k,) for k in range(9))
    assert maximal_bicliques(apart, most=8) is None


def test_nothing_hangs_together_with_nothing() -> None:
    assert components([]) == () == maximal_bicliques([])


def test_an_edge_of_equilibria_is_one_subset() -> None:
    """Von Stengel (2002), §2: one row against two columns, and next to it a single point."""
    found = extreme_equilibria([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])
    assert ((0,), (1, 2)) == found.subsets == found.components


def test_subsets_that_share_a_corner_are_one_component() -> None:
    """Three edges of the unit square: each profile but the last is an equilibrium."""
    found = extreme_equilibria([[1, 1], [1, 0]], [[1, 1], [1, 0]])
    assert ((0, 2), (1, 2)) == found.subsets
    assert ((0, 1, 2),) == found.components
    assert (1,) == found.component_index


@pytest.mark.parametrize("shape", [(3, 3), (4, 4), (3, 5)], ids=str)
def test_convex_combinations_within_a_subset_are_equilibria(shape) -> None:
    rng = np.random.default_rng(0)
    for A, B in rng.integers(0, 2, (10, 2, *shape)):
        found = extreme_equilibria(A, B)
        for subset in found.subsets:
            weights = rng.integers(1, 9, len(subset)).tolist()
            x, y = (
                [sum(map(mul, weights, shares)) for shares in zip(*side, strict=True)]
                for side in zip(*(found.strategies[k] for k in subset), strict=True)
            )
            assert (0, 0) == verify(A, B, x, y)


@pytest.mark.parametrize("shape", [(3, 3), (2, 4)], ids=str)
def test_equilibria_on_a_grid_are_within_a_subset(shape) -> None:
    """Every face of a subset is a set of actions played by both: the corners span them all."""
    rng = np.random.default_rng(3)
    x_grid, y_grid = ([w for w in product(range(5), repeat=k) if sum(w) == 4] for k in shape)
    for A, B in rng.integers(0, 2, (6, 2, *shape)):
        found = extreme_equilibria(A, B)
        for x, y in product(x_grid, y_grid):
            if verify(A, B, x, y) == (0, 0):
                assert any(spans(found, subset, x, y) for subset in found.subsets)


def spans(found, subset, x, y) -> bool:
    """Whether x and y are convex combinations of the corners of a subset."""
    return all(
        nnls(np.array([found.strategies[k][side] for k in subset], float).T, point)[1] < 1e-9
        for side, point in enumerate((np.array(x) / 4, np.array(y) / 4))
    )
