"""Which equilibria hang together, and the index of each component."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash, pure_nash
from solver.concepts.nash import VertexEnumeration
from solver.equilibria import NO_INDEX
from solver.exact import extreme_equilibria

METHODS = [None, "exact"]
THIRD = 1 / 3

#: Payoffs A and B, and per component its index and corners (x, y), all sorted.
KNOWN = {
    "von Stengel 2002: an edge, and a point": (
        [[3, 3], [2, 5], [0, 6]],
        [[3, 3], [2, 6], [3, 1]],
        [
            (0, [[1, 0, 0, 2 * THIRD, THIRD], [1, 0, 0, 1, 0]]),
            (1, [[0, THIRD, 2 * THIRD, THIRD, 2 * THIRD]]),
        ],
    ),
    "Selten 1978: staying out, and entry": (
        [[2, 0], [1, 1]],
        [[1, 0], [2, 2]],
        [(0, [[0, 1, 0, 1], [0, 1, 0.5, 0.5]]), (1, [[1, 0, 1, 0]])],
    ),
    "two edges that meet": (
        [[1, 1], [1, 0]],
        [[1, 1], [1, 0]],
        [(1, [[0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0]])],
    ),
    "staying out of a coordination of two": (
        [[4, 0], [0, 4], [3, 3]],
        [[1, 0], [0, 1], [0, 0]],
        [
            (-1, [[0, 0, 1, 0.25, 0.75], [0, 0, 1, 0.75, 0.25]]),
            (1, [[0, 1, 0, 0, 1]]),
            (1, [[1, 0, 0, 1, 0]]),
        ],
    ),
    "a decision between two best actions": (
        [[5, 7, 6]],
        [[1, 2, 2]],
        [(1, [[1, 0, 0, 1], [1, 0, 1, 0]])],
    ),
}


def by_component(eq) -> list[tuple[int, list[list[float]]]]:
    """The index and the corners of each component of one game; numbers in order of appearance."""
    numbers = eq.component.tolist()
    assert list(range(max(numbers) + 1)) == list(dict.fromkeys(numbers))
    groups = []
    for c in range(max(numbers) + 1):
        (index,) = {*eq.index[eq.component == c].tolist()}
        groups.append((index, sorted(eq.profiles[eq.component == c].tolist())))
    return sorted(groups)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", KNOWN)
def test_textbook_games_have_their_components(name, method) -> None:
    A, B, expected = KNOWN[name]
    eq = nash(NormalForm([A, B]), method)
    assert eq.status == Status.DEGENERATE
    found = by_component(eq)
    assert [index for index, _ in expected] == [index for index, _ in found]
    for (_, corners), (_, own) in zip(expected, found, strict=True):
        np.testing.assert_allclose(corners, own, rtol=0.0, atol=1e-15)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (4, 6)], ids=str)
def test_where_nothing_matters_all_is_one_component_of_index_one(shape, method) -> None:
    eq = nash(NormalForm([np.zeros(shape)] * 2), method)
    assert shape[0] * shape[1] == eq.count
    assert {0} == {*eq.component.tolist()}
    assert {1} == {*eq.index.tolist()}


@pytest.mark.parametrize("top", [2, 3])
@pytest.mark.parametrize("shape", [(2, 2), (2, 4), (3, 3), (4, 3), (4, 4), (5, 4)], ids=str)
def test_sets_are_those_of_the_exact_enumeration(shape, top) -> None:
    A, B = np.random.default_rng(top).integers(0, top, (2, 15, *shape)).astype(float)
    eq = nash(NormalForm([A, B]))
    for g in range(15):
        exact = extreme_equilibria(A[g], B[g])
        rows = np.array([x + y for x, y in exact.strategies], float)
        own = eq.profiles[eq.owner == g]
        component, index = (dense[g, : len(own)] for dense in (eq.component, eq.index))
        places = [int(np.abs(own - row).max(axis=1).argmin()) for row in rows]
        assert sorted(places) == list(range(len(own)))
        for group, sign in zip(exact.components, exact.component_index, strict=True):
            (number,) = {component[places[k]] for k in group}
            assert sorted(places[k] for k in group) == np.flatnonzero(component == number).tolist()
            assert {sign} == {*index[component == number].tolist()}
        first = np.unique(component, return_index=True)[1]
        assert index[first].sum() == 1


@pytest.mark.parametrize("method", METHODS)
def test_empty_slots_belong_to_nothing(method) -> None:
    """A batch of a coordination, an unfinished payoff, a dilemma and a tie."""
    A = np.array([np.eye(2), [[np.nan, 0], [0, 0]], [[2, 0], [3, 1]], [[2, 0], [1, 1]]])
    B = np.array([np.eye(2), np.zeros((2, 2)), [[2, 3], [0, 1]], [[1, 0], [2, 2]]])
    eq = nash(NormalForm([A.reshape(2, 2, 2, 2), B.reshape(2, 2, 2, 2)]), method)
    out, none = -1, NO_INDEX
    assert eq.component.shape == eq.index.shape == (2, 2, 3)
    component, index = eq.component.reshape(4, 3), eq.index.reshape(4, 3)
    np.testing.assert_array_equal([[0, 1, 2], [out] * 3, [0, out, out]], component[:3])
    np.testing.assert_array_equal([[1, 1, -1], [none] * 3, [1, none, none]], index[:3])
    assert sorted(zip(component[3].tolist(), index[3].tolist(), strict=True)) in (
        [(0, 0), (0, 0), (1, 1)],
        [(0, 1), (1, 0), (1, 0)],
    )


def test_ties_of_rounded_numbers_have_components_and_no_index() -> None:
    """3e-9 less 2e-9 is a hair off 1e-9: exactly there are no ties, and another game."""
    A = np.array([[2, 6, 9, 1, 6], [8, 3, 0, 1, 3]])
    B = np.array([[6, 9, 4, 0, 3], [6, 4, 6, 0, 8]])
    plain, rounded = nash(NormalForm([A, B])), nash(NormalForm([A, B * 1e-9]))
    np.testing.assert_allclose(plain.profiles, rounded.profiles, rtol=0.0, atol=1e-12)
    assert plain.index.tolist() == [1, 0, 0]
    np.testing.assert_array_equal(plain.component, rounded.component)
    known = rounded.index != NO_INDEX
    np.testing.assert_array_equal(plain.index[known], rounded.index[known])


def test_isolated_equilibria_of_any_units_have_the_same_index() -> None:
    A, B = np.random.default_rng(5).integers(0, 50, (2, 40, 4, 4)).astype(float)
    plain = nash(NormalForm([A, B]))
    solved = plain.status == Status.SOLVED
    assert solved.sum() > 20
    for scale, shift in ((1e9, 0.0), (1e12, 0.0), (1e-9, 0.0), (1.0, 1e9)):
        moved = nash(NormalForm([A * scale + shift, B * scale + shift]))
        np.testing.assert_array_equal(plain.index[solved], moved.index[solved])


def test_unfinished_games_claim_no_index_that_is_not_theirs() -> None:
    """Each of eight actions twice: what is pure is part of an edge, and has no index alone."""
    twice = np.repeat(np.repeat(np.eye(8), 2, axis=0), 2, axis=1)
    eq = nash(NormalForm([twice, twice]), VertexEnumeration(max_vertices=100))
    assert (eq.status, eq.count) == (Status.TRUNCATED, 32)
    assert {NO_INDEX} == {*eq.index.tolist()}


def test_pure_equilibria_have_no_sets() -> None:
    eq = pure_nash(NormalForm([np.eye(2)] * 2))
    assert eq.component is None
    assert eq.index is None


def test_a_component_with_thousands_of_corners_has_its_index() -> None:
    """Both indifferent over 60 actions: strategies are matched, not the pairs of all of them."""
    eq = nash(NormalForm([np.zeros((60, 60))] * 2))
    assert eq.count == 3600
    assert (eq.index == 1).all()
    assert (eq.component == 0).all()
