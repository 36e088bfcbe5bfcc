"""Basins under replicator dynamics: areas in closed form, and paths by Nashpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from solver import NormalForm, Status
from solver.errors import ConceptError, ParameterError
from solver.learning import replicator_dynamics
from solver.selection import basins
from solver.selection.basins import basin_shares
from solver.testing import bimatrix_games

MATCH = NormalForm([[[2, 0], [0, 1]]] * 2)
#: Under (1 - y) y^2 = (1 - x) x^2 but x = y lies x + y = x^2 + x y + y^2, an ellipse.
ELLIPSE = 1 / 3 + 2 * np.pi / (9 * np.sqrt(3))


@pytest.mark.parametrize("scale", [1.0, 1e12, 1e-9])
def test_the_area_inside_an_ellipse(scale: float) -> None:
    found = basin_shares(NormalForm([payoffs * scale + scale for payoffs in MATCH.payoffs]))
    expected = [[ELLIPSE, 0.0], [0.0, 1.0 - ELLIPSE]]
    np.testing.assert_allclose(expected, found.shares, rtol=0.0, atol=1e-11)
    assert (Status.SOLVED, 0.0) == (found.status, found.elsewhere)


@pytest.mark.parametrize("odds", [0.001, 0.3, 1.0, 70.0])
def test_equal_products_of_losses_need_not_split_evenly_but_mirror_images_do(odds: float) -> None:
    """Swapping players and actions maps one basin onto the other if u, v = q, p."""
    found = basin_shares(NormalForm([[[odds, 0], [0, 1]], [[1, 0], [0, odds]]]))
    np.testing.assert_allclose(np.diag([0.5, 0.5]), found.shares, rtol=0.0, atol=1e-9)


def test_anticoordination_is_coordination_with_columns_exchanged() -> None:
    swapped = basin_shares(NormalForm([payoffs[:, ::-1] for payoffs in MATCH.payoffs])).shares
    np.testing.assert_allclose([[0.0, ELLIPSE], [1.0 - ELLIPSE, 0.0]], swapped, atol=1e-11)


@pytest.mark.parametrize(
    ("A", "B", "expected"),
    [
        ([[2, 0], [3, 1]], [[2, 3], [0, 1]], [[0, 0], [0, 1]]),
        ([[3, 1], [2, 0]], [[2, 3], [0, 1]], [[0, 1], [0, 0]]),
        ([[3, 0], [2, 1]], [[2, 1], [3, 1.5]], [[1, 0], [0, 0]]),
        ([[3, 0], [2, 1]], [[1, 2], [1, 3]], [[0, 0], [0, 1]]),
        ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [[0, 0], [0, 0]]),
    ],
    ids=["dilemma", "rows dominate", "columns dominate", "columns dominate again", "a cycle"],
)
def test_one_strict_equilibrium_attracts_all_and_a_cycle_nothing(A, B, expected) -> None:
    found = basin_shares(NormalForm([A, B]))
    np.testing.assert_array_equal(expected, found.shares)
    assert 1 - np.sum(expected) == found.elsewhere


@settings(max_examples=12)
@given(bimatrix_games(actions=(2, 2), kind="generic", batch=(2,)))
def test_paths_end_where_the_quadrature_says(form: NormalForm) -> None:
    """The two ways to compute shares of 2×2 games, on a grid of 30 × 30 points."""
    exact = basin_shares(form)
    shares, elsewhere = np.zeros((2, 2, 2)), np.zeros(2)
    mids = (np.arange(30) + 0.5) / 30
    x, y = (side.ravel() for side in np.meshgrid(mids, mids))
    points = np.stack([x, 1 - x, y, 1 - y], axis=1)
    unsettled = basins._by_steps(form.flat(), np.arange(2), points, 100.0, shares, elsewhere)
    np.testing.assert_allclose(exact.shares[~unsettled], shares[~unsettled], atol=0.03)
    np.testing.assert_allclose(exact.elsewhere[~unsettled], elsewhere[~unsettled], atol=1e-12)
    np.testing.assert_allclose(1.0, shares.sum(axis=(1, 2)) + elsewhere, atol=1e-12)


def test_actions_that_match_share_by_symmetry() -> None:
    found = basin_shares(NormalForm([np.eye(3)] * 2), starts=4000)
    np.testing.assert_allclose(np.eye(3) / 3, found.shares, atol=0.03)
    assert found.elsewhere < 1e-3


def test_our_basins_are_those_of_nashpy() -> None:
    """From the same points, by its solver of differential equations."""
    rng = np.random.default_rng(2)
    A, B = rng.integers(0, 9, (2, 3, 3)) + 9.0 * np.eye(3)
    form = NormalForm([A, B])
    generator = np.random.default_rng(4)
    points = np.concatenate([generator.dirichlet(np.ones(3), 60) for _ in range(2)], axis=1)
    counts = np.zeros((3, 3))
    for point in points:
        x, y = replicator_dynamics(form, [0.0, 30.0], (point[:3], point[3:]))
        assert min(x[-1].max(), y[-1].max()) > 0.99
        counts[x[-1].argmax(), y[-1].argmax()] += 1
    np.testing.assert_allclose(
        counts / 60, basin_shares(form, starts=60, seed=4).shares, atol=1e-12
    )


def test_where_nothing_is_strict_all_lead_elsewhere() -> None:
    """Nobody settles in rock, paper, scissors; a payoff that is not finite has no basin."""
    A = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    found = basin_shares(NormalForm([[A, A * np.nan, A * 0], [-A, -A, A]]), starts=20)
    assert [Status.SOLVED, Status.INVALID_INPUT, Status.SOLVED] == found.status.tolist()
    assert ([1.0, 0.0, 1.0], 0.0) == (found.elsewhere.tolist(), found.shares.sum())


def test_cycles_and_a_strict_equilibrium_share_the_starting_points() -> None:
    """Two blocks that are cycles and coordination: of those who stay in the first none settles.

    The strict equilibrium of the second attracts a neighbourhood, so both shares are positive; the
    same shares result from other steps, for which the game is played in another unit.
    """
    A, B = np.zeros((2, 3, 3))
    A[:2, :2], B[:2, :2] = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
    A[2, 2] = B[2, 2] = 1.0
    A[2, :2] = B[:2, 2] = A[:2, 2] = B[2, :2] = -2.0
    found = basin_shares(NormalForm([A, B]))
    assert (Status.SOLVED, found.shares[2, 2]) == (found.status, found.shares.sum())
    assert 0.05 < found.elsewhere < 0.95
    assert 1.0 == pytest.approx(found.elsewhere + found.shares.sum(), abs=1e-12)
    other = basin_shares(NormalForm([1e9 * A + 1e9, 1e9 * B - 1e9]), time=150.0)
    np.testing.assert_allclose(found.shares, other.shares, atol=0.01)


def test_random_games_of_three_actions_are_settled() -> None:
    form = NormalForm(np.random.default_rng(1).normal(size=(2, 40, 3, 3)))
    found = basin_shares(form, starts=100)
    assert (found.status == Status.SOLVED).all()
    strict = np.zeros((40, 3, 3), bool)
    A, B = form.payoffs
    strict = (A == A.max(axis=1, keepdims=True)) & (B == B.max(axis=2, keepdims=True))
    assert (found.shares[~strict] == 0.0).all()
    assert (found.elsewhere[~strict.any(axis=(1, 2))] == 1.0).all()
    assert (found.shares[strict] > 0.0).mean() > 0.9


@pytest.mark.parametrize("slower", [1e-3, 1e-9])
def test_a_player_who_learns_slowly_is_waited_for(slower: float) -> None:
    """The other follows at once, so that the first to choose well is all that counts: half."""
    found = basin_shares(NormalForm([np.diag([1.0, 1.0, 0.0]), np.diag([1.0, 1.0, 0]) * slower]))
    assert Status.SOLVED == found.status
    np.testing.assert_allclose(np.diag([0.5, 0.5, 0.0]), found.shares, atol=0.07)


def test_indifference_leaves_the_strict_equilibrium_its_share() -> None:
    """Entry: where the threat dies out in time, all enter; elsewhere they stay out."""
    found = basin_shares(NormalForm([[[2, 0], [1, 1]], [[1, 0], [2, 2]]]), starts=200)
    assert 0.5 < found.shares[0, 0] < 1.0
    assert (Status.SOLVED, 0.0) == (found.status, found.shares[1].sum())
    assert 1.0 == pytest.approx(found.shares[0, 0] + found.elsewhere, abs=1e-12)


def test_what_cannot_be_followed_is_refused() -> None:
    with pytest.raises(ConceptError, match="two players"):
        basin_shares(NormalForm([np.zeros((2, 2, 2))] * 3))
    with pytest.raises(ConceptError, match=r"up to 400 cells, this one has \(21, 20\)"):
        basin_shares(NormalForm([np.zeros((21, 20))] * 2))
    with pytest.raises(ParameterError, match="starts = 0 is no whole number from 1"):
        basin_shares(MATCH, starts=0)
    with pytest.raises(ParameterError, match="time = nan is no positive number"):
        basin_shares(MATCH, time=float("nan"))
