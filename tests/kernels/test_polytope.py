"""Double description against exact pivoting, known polyhedra, and the error that it admits."""

from __future__ import annotations

from math import comb
from types import SimpleNamespace

import numpy as np
import pytest

from solver.exact.polytope import enumerate_vertices
from solver.exact.rationals import matrix, scaled
from solver.kernels.polish import WORD
from solver.kernels.polytope import NO_ROOM, vertices
from solver.kernels.scaling import EPS
from solver.testing import textbook

SHAPES = [(1, 1), (1, 4), (4, 1), (2, 5), (5, 2), (4, 4), (7, 3), (6, 6)]


def listed(a, room=4000, first_row=0, first_col=None):
    """What `vertices` writes, as mixtures (K, cols), errors (K,) and the labels of each."""
    a = np.ascontiguousarray(a, np.float64)
    (rows, cols), wide = a.shape, max(a.shape)
    first_col = rows if first_col is None else first_col
    words = (max(first_row + rows, first_col + cols) - 1) // WORD + 1
    points, tight = np.empty((cols + 2, room)), np.empty((words, room), np.int64)
    count, degenerate, blurred = vertices(
        a, first_row, first_col, points, tight, np.empty(room),
        np.empty((4, room + 1), np.int64), np.empty((wide, wide + 1)),
        np.empty((3, wide), np.int64),
    )  # fmt: skip
    assert (tight[:, :count] >= 0).all()
    labels = [sum(int(word) << WORD * w for w, word in enumerate(held)) for held in tight.T[:count]]
    return SimpleNamespace(
        count=count, degenerate=degenerate, blurred=blurred, labels=labels[1:],
        mixtures=points[:cols, 1:count].T, values=points[cols, 1:count],
        errors=points[-1, 1:count],
    )  # fmt: skip


def truth(a):
    """Exact vertices of the same polyhedron by other means: labels to mixtures."""
    found = enumerate_vertices(scaled(matrix("a", a)).rows, len(a), 100_000)
    assert found.complete
    return {
        mask: [w / sum(point[:-1]) for w in point[:-1]]  # integers: rounded once
        for mask, point in found.vertices.items()
        if mask != found.origin
    }


def agrees(a, found) -> None:
    """The same vertices once each, no farther off than they admit."""
    expected = truth(a)
    assert sorted(expected) == sorted(found.labels)
    exact = np.array([expected[mask] for mask in found.labels])
    assert (np.abs(exact - found.mixtures).max(axis=1) <= found.errors + 2.0**-53).all()
    np.testing.assert_allclose((found.mixtures @ np.transpose(a)).max(axis=1), found.values)
    assert found.degenerate == any(mask.bit_count() > len(a[0]) for mask in expected)


@pytest.mark.parametrize("top", [1, 2, 8])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_vertices_and_ties_are_those_of_exact_pivots(shape, top) -> None:
    for a in np.random.default_rng(top).integers(0, top, (8, *shape)) / 8:
        found = listed(a)
        agrees(a, found)
        assert not found.blurred


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_errors_are_within_their_bound(shape) -> None:
    for a in np.random.default_rng(0).random((8, *shape)):
        agrees(a, listed(a))


@pytest.mark.parametrize("hair", [2.0**-20, 2.0**-30, 2.0**-36])
@pytest.mark.parametrize("shape", [(2, 5), (4, 4), (6, 5)], ids=str)
def test_rows_that_differ_by_a_hair_cost_no_digits(shape, hair) -> None:
    """Their differences are exact, and so is what is computed again from them."""
    for a in np.random.default_rng(1).integers(0, 2**10, (8, *shape)) / 2**10:
        a[1] = a[0] + hair * np.random.default_rng(2).integers(-9, 10, shape[1])
        found = listed(a)
        assert found.errors.max() <= EPS / hair  # in whole numbers it is the bound that is rough
        if not found.blurred:
            agrees(a, found)


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_the_cube_has_every_support(n) -> None:
    """0 <= y <= v: the corners of a cube, other than zero."""
    found = listed(np.eye(n))
    assert 2**n == found.count
    supports = sorted(tuple(map(bool, y)) for y in found.mixtures)
    assert sorted(np.ndindex((2,) * n))[1:] == supports
    assert not found.degenerate


@pytest.mark.parametrize("n", [3, 6])
def test_hiding_ties_where_one_place_is_certain(n) -> None:
    """Each place for sure, where n - 1 rows pay zero, and all places alike."""
    found = listed(-np.eye(n))
    assert n + 2 == found.count
    assert found.degenerate
    uniform = [found.labels.index(2**n - 1)]
    np.testing.assert_allclose(found.mixtures[uniform], 1 / n, rtol=0.0, atol=1e-15)
    others = np.delete(found.mixtures, uniform, axis=0)
    np.testing.assert_array_equal(np.eye(n), others[np.lexsort(others.T)])


def test_the_most_vertices_there_can_be() -> None:
    """McMullen (1970): dual cyclic polytopes; von Stengel's game has one for each player."""
    game = textbook.GAMES["most equilibria"]
    most = 12 * comb(9, 3) // 9 - 1  # of dimension 6 with 12 facets, less zero
    for payoffs in game.A, np.transpose(game.B):
        a = np.array(payoffs) / 2.0**20
        found = listed(a)
        assert most == found.count - 1
        agrees(a, found)


def test_equal_rows_are_tight_together() -> None:
    found = listed([[1, 0, 0], [0, 1, 0], [1, 0, 0]])
    assert found.degenerate
    assert all((mask >> 0 & 1) == (mask >> 2 & 1) for mask in found.labels)
    constant = listed(np.full((3, 2), 0.5))
    assert [0b10111, 0b01111] == constant.labels
    assert constant.degenerate


@pytest.mark.parametrize("first_row", [0, 58, 59, 60, 61, 62, 63, 120, 122, 124])
@pytest.mark.parametrize("first_col", [4, 57, 60, 66, 119, 121, 128])
def test_labels_are_where_they_are_asked_for(first_row, first_col) -> None:
    """Across the ends of the words too, with the same vertices in the same order."""
    if abs(first_row - first_col) < 5:
        first_col = first_row + 4
    for a in np.random.default_rng(3).integers(0, 4, (3, 4, 5)) / 4:
        plain = listed(a)
        moved = listed(a, first_row=first_row, first_col=first_col)
        shifted = [(mask & 0b1111) << first_row | (mask >> 4) << first_col for mask in plain.labels]
        assert shifted == moved.labels
        np.testing.assert_array_equal(plain.mixtures, moved.mixtures)
        assert plain.degenerate == moved.degenerate


@pytest.mark.parametrize("shape", [(61, 3), (2, 61), (130, 3), (2, 125)], ids=str)
@pytest.mark.parametrize("top", [3, 10_000])
def test_more_labels_than_bits_in_a_number(shape, top) -> None:
    a = np.random.default_rng(top).integers(0, top, shape) / top
    agrees(a, listed(a, 20_000))


@pytest.mark.parametrize("top", [2, 10_000])
def test_little_room_is_told_or_enough(top) -> None:
    """Never fewer vertices than there are."""
    a = np.random.default_rng(top).integers(0, top, (5, 6)) / top
    roomy = listed(a)
    enough = [room for room in range(7, 200) if listed(a, room).count != NO_ROOM]
    assert roomy.count <= enough[0]
    assert list(range(enough[0], 200)) == enough
    tight = listed(a, enough[0])
    assert roomy.labels == tight.labels
    np.testing.assert_array_equal(roomy.mixtures, tight.mixtures)


@pytest.mark.parametrize(
    ("gap", "blurred", "degenerate"),
    [(0.0, False, True), (2.0**-42, True, True), (2.0**-36, False, False), (0.1, False, False)],
)
def test_what_may_be_a_tie_is_doubted(gap, blurred, degenerate) -> None:
    """One row beats the other against the first column by the gap."""
    found = listed([[1 - gap, 0.0], [1.0, 1.0], [0.0, 0.5]])
    assert (blurred, degenerate) == (found.blurred, found.degenerate)


def test_rough_vertices_are_computed_again() -> None:
    """The slack that a row differing by 2^-30 leaves has 22 bits; the mixture has all."""
    hair = 2.0**-30
    a = np.array([[0.3, 0.7], [0.3 + hair, 0.7 - 2 * hair]])
    exact = truth(a)
    found = listed(a)
    assert found.errors.max() <= EPS / hair
    k = found.labels.index(0b0011)
    np.testing.assert_allclose(exact[0b0011], found.mixtures[k], rtol=0.0, atol=2.0**-52)
