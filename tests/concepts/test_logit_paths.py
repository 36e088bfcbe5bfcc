"""Grids of precisions and whole branches of logit equilibria."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts.logit import Tracing, logit
from solver.concepts.logit_paths import logit_branch, logit_grid
from solver.errors import ConceptError, ParameterError
from solver.forms.bargaining import BargainingProblem
from tests.concepts.test_logit_normal import random_games

#: A game whose branch turns: the 3×3 game with this number of the seed below.
SEED, GAMES = 1, 600


def turning_game() -> NormalForm:
    """The first game of a random batch of which the branch turns."""
    form = random_games(SEED, GAMES, (3, 3))
    path = logit_branch(form, up_to=300.0, points=40)
    g = int(np.flatnonzero(path.turning_mask.any(axis=1))[0])
    return NormalForm([p[g] for p in form.payoffs])


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 2, 2)], ids=str)
def test_a_grid_is_one_solution_per_precision(shape: tuple[int, ...]) -> None:
    """In any order; each as if it were found alone."""
    form = random_games(12, 20, shape)
    precisions = [4.0, 0.0, 1.0, 50.0, 0.3]
    grid = logit_grid(form, precisions)
    assert (20, 5) == grid.status.shape
    assert (grid.status == Status.SOLVED).all()
    for k, precision in enumerate(precisions):
        alone = logit(form, Tracing(precision=precision))
        for part, one in zip(grid.strategies, alone.strategies, strict=True):
            np.testing.assert_allclose(one[:, 0], part[:, k, 0], atol=1e-9)
        np.testing.assert_allclose(alone.payoffs, grid.payoffs[:, k], atol=1e-9)
    assert (grid.complete[:, 1]).all()


def test_each_game_may_have_precisions_of_its_own() -> None:
    """Payoffs in other units, precisions in the inverse: the same grid."""
    form = random_games(13, 3, (2, 3))
    scale = np.array([1.0, 1e3, 1e6])
    units = NormalForm([p * scale[:, None, None] for p in form.payoffs])
    wanted = np.array([0.5, 2.0, 9.0])
    expected = logit_grid(form, wanted).profiles
    np.testing.assert_allclose(
        expected, logit_grid(units, wanted / scale[:, None]).profiles, atol=1e-9
    )


def test_a_bad_precision_stops_nobody_else() -> None:
    """Its own element says so."""
    grid = logit_grid(random_games(14, 1, (2, 2)), [1.0, np.nan, -1.0, np.inf, 2.0])
    bad = int(Status.INVALID_INPUT)
    assert [[0, bad, bad, bad, 0]] == grid.status.tolist()
    assert [[1, 0, 0, 0, 1]] == grid.count.tolist()


def test_points_of_a_branch_are_logit_equilibria_from_uniform_play_to_the_end() -> None:
    """By definition, recomputed here for two players."""
    form = random_games(15, 10, (3, 4))
    path = logit_branch(form, up_to=40.0, points=60)
    assert (path.status == Status.SOLVED).all()
    A, B = form.payoffs
    x, y = path.strategies
    for g in range(10):
        count = int(path.count[g])
        assert 8 <= count <= 60
        assert np.isnan(path.precisions[g, count:]).all()
        assert path.precisions[g, 0] == 0.0
        assert path.precisions[g, count - 1] == 40.0
        np.testing.assert_allclose(1 / 3, x[g, 0])
        for k in range(count):
            gains = path.precisions[g, k] * np.array(A[g] @ y[g, k])
            odds = np.exp(gains - gains.max())
            np.testing.assert_allclose(odds / odds.sum(), x[g, k], atol=1e-7)
            gains = path.precisions[g, k] * np.array(x[g, k] @ B[g])
            odds = np.exp(gains - gains.max())
            np.testing.assert_allclose(odds / odds.sum(), y[g, k], atol=1e-7)


def jacobian(form: NormalForm, precision: float, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Derivatives of play minus the logit response to it, on probabilities that sum to one."""
    A, B = form.payoffs
    own = np.diag(x) - np.outer(x, x)
    other = np.diag(y) - np.outer(y, y)
    m, n = A.shape
    whole = np.eye(m + n)
    whole[:m, m:] = -precision * own @ A
    whole[m:, :m] = -precision * other @ B.T
    return whole


def test_at_turning_points_the_equations_are_singular_and_between_them_they_are_not() -> None:
    """There, and only there, precision changes its direction."""
    form = turning_game()
    path = logit_branch(form, up_to=300.0, points=400)
    assert path.status == Status.SOLVED
    assert not path.monotone
    turns = np.flatnonzero(path.turning_mask)
    assert len(turns) in {2, 4}
    x, y = path.strategies
    count = int(path.count)
    roots = [np.linalg.det(jacobian(form, path.precisions[k], x[k], y[k])) for k in range(count)]
    np.testing.assert_allclose(0.0, np.array(roots)[turns], atol=1e-7)
    pieces = np.split(np.arange(count), turns)
    for number, piece in enumerate(pieces):
        steps = np.diff(path.precisions[piece])
        assert (steps > 0).all() if number % 2 == 0 else (steps < 0).all()
        assert all((roots[k] > 0) == (number % 2 == 0) for k in piece[1:])


def test_between_turning_points_a_precision_has_three_equilibria_and_the_first_is_given() -> None:
    """`logit` and the grid give what the branch meets first."""
    form = turning_game()
    path = logit_branch(form, up_to=300.0, points=400)
    high, low = path.precisions[path.turning_mask][:2]
    assert low < high
    middle = 0.5 * (low + high)
    count = int(path.count)
    crossings = np.flatnonzero(np.diff(path.precisions[:count] > middle))
    assert 3 <= len(crossings)
    k = int(crossings[0])
    share = (middle - path.precisions[k]) / (path.precisions[k + 1] - path.precisions[k])
    first = path.strategies[0][k] + share * (path.strategies[0][k + 1] - path.strategies[0][k])
    eq = logit(form, Tracing(precision=float(middle)))
    assert not eq.complete
    np.testing.assert_allclose(first, eq.profiles[0, :3], atol=1e-2)
    grid = logit_grid(form, [float(low), float(middle), float(high) * 1.5])
    np.testing.assert_allclose(eq.profiles[0], grid.profiles[1], atol=1e-9)


def test_the_end_of_the_branch_is_the_risk_dominant_equilibrium() -> None:
    """Stag hunt: in 2×2 games with two strict equilibria the branch leads there (Turocy 2005)."""
    form = NormalForm(([[4, 0], [3, 2]], [[4, 3], [0, 2]]))
    path = logit_branch(form, up_to=50.0)
    end = [part[int(path.count) - 1] for part in path.strategies]
    np.testing.assert_allclose([[0, 1], [0, 1]], end, atol=1e-6)
    assert nash(form).count == 3


def test_settings_out_of_range_are_refused() -> None:
    """With the name and the value."""
    form = random_games(16, 2, (2, 2))
    with pytest.raises(ParameterError, match="up_to = -1"):
        logit_branch(form, up_to=-1.0)
    with pytest.raises(ParameterError, match="points = 3"):
        logit_branch(form, up_to=1.0, points=3)
    with pytest.raises(ParameterError, match=r"precisions have shape \(3, 1\)"):
        logit_grid(form, [[1.0], [2.0], [3.0]])
    with pytest.raises(ConceptError, match="takes a NormalForm, got BargainingProblem"):
        logit_grid(BargainingProblem.__new__(BargainingProblem), 1.0)  # type: ignore[arg-type]
