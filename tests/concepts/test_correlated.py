"""Correlated and coarse correlated equilibria: known answers, other routes, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts import obedience
from solver.concepts.coarse_correlated import coarse_correlated
from solver.concepts.correlated import Cvxpy, Highs, MostEntropy, Simplex, correlated
from solver.errors import ConceptError, FormError, ParameterError
from tests.concepts.correlated_games import (
    CHICKEN,
    COARSER,
    GIBSON,
    PENNIES,
    SHAPLEY,
    best_by_scipy,
    random_form,
    value,
)

OBJECTIVES = ("welfare", "least-welfare", "egalitarian", "player-1", "player-2")
CONCEPTS = {"correlated": correlated, "coarse-correlated": coarse_correlated}


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("welfare", (5.25, 5.25)),
        ("least-welfare", (3.6, 3.6)),
        ("egalitarian", (5.25, 5.25)),
        ("player-1", (7.0, 2.0)),
        (2, (2.0, 7.0)),
        ((1.0, 0.0), (7.0, 2.0)),
    ],
)
@pytest.mark.parametrize("method", [Simplex, Highs, Cvxpy])
def test_chicken_has_the_payoffs_of_its_polytope(objective, expected, method):
    """Aumann (1974): (5.25, 5.25) is best; the corners are in tests/exact."""
    eq = correlated(CHICKEN, method(objective=objective))
    assert eq.status == Status.SOLVED
    np.testing.assert_allclose([expected], eq.payoffs, rtol=0.0, atol=1e-6)


def test_chicken_is_told_so_that_nobody_dares_twice():
    expected = [[0.5, 0.25], [0.25, 0.0]]
    eq = correlated(CHICKEN)
    np.testing.assert_allclose([expected], obedience.joint(eq), rtol=0.0, atol=1e-12)
    np.testing.assert_allclose([[0.75, 0.25]], eq.strategies[0], rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_matching_pennies_has_one_equilibrium(objective):
    eq = correlated(PENNIES, Simplex(objective=objective))
    np.testing.assert_allclose(np.full((1, 2, 2), 0.25), obedience.joint(eq), atol=1e-12)


def test_shapleys_game_is_better_off_the_diagonal():
    """Shoham and Leyton-Brown (2009): a sixth on each other cell gives 1/2 each, not 1/3."""
    eq = correlated(SHAPLEY, Simplex(objective="egalitarian"))
    np.testing.assert_allclose([[0.5, 0.5]], eq.payoffs, rtol=0.0, atol=1e-12)
    mixed = nash(SHAPLEY)
    np.testing.assert_allclose([[1 / 3, 1 / 3]], mixed.payoffs, rtol=0.0, atol=1e-12)


def test_the_largest_entropy_of_shapleys_game_is_that_of_its_nash_equilibrium():
    """The uniform distribution obeys, and nothing has more entropy."""
    eq = correlated(SHAPLEY, Cvxpy(objective="entropy"))
    assert eq.status == Status.SOLVED
    np.testing.assert_allclose(np.full((1, 3, 3), 1 / 9), obedience.joint(eq), atol=1e-5)


@pytest.mark.parametrize("concept", [correlated, coarse_correlated], ids=lambda c: c.name)
@pytest.mark.parametrize("shape", [(1, 2), (2, 2), (3, 2), (3, 3), (2, 2, 2)], ids=str)
@pytest.mark.parametrize("units", [(1.0, 0.0), (1e12, -1e12)], ids=str)
def test_the_largest_entropy_by_newton_is_that_by_cvxpy(concept, shape, units) -> None:
    """It is unique. Half of the games have ties, whose equilibria may have no interior."""
    payoffs = np.random.default_rng(8).normal(size=(len(shape), 6, *shape))
    payoffs[:, ::2] = np.round(payoffs[:, ::2])
    scale, shift = units
    form = NormalForm([part * scale + shift for part in payoffs])
    found, told = concept(form, MostEntropy()), concept(form, Cvxpy(objective="entropy"))
    assert (found.status == Status.SOLVED).all()
    assert found.certificate.gap.max() <= 1e-9
    np.testing.assert_allclose(obedience.joint(told), obedience.joint(found), rtol=0.0, atol=1e-3)


def test_the_largest_entropy_where_it_is_known() -> None:
    """Uniform in matching pennies, of which it is the only equilibrium, and the dilemma's cell."""
    pennies = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
    dilemma = [[2, 0], [3, 1]], [[2, 3], [0, 1]]
    form = NormalForm([np.array(part, np.float64) for part in zip(pennies, dilemma, strict=True)])
    found = correlated(form, "entropy")
    np.testing.assert_allclose(np.full((2, 2), 0.25), obedience.joint(found)[0, 0], atol=1e-9)
    np.testing.assert_allclose([[0, 0], [0, 1]], obedience.joint(found)[1, 0], atol=1e-9)


@pytest.mark.parametrize("kind", ["zero-sum", "copied", "constant"])
def test_the_largest_entropy_of_many_games_is_certified(kind: str) -> None:
    A, B = np.random.default_rng(9).normal(size=(2, 60, 4, 3))
    if kind == "zero-sum":
        B = -A
    elif kind == "copied":
        A[:, 1], B[..., 1] = A[:, 0], B[..., 0]
    else:
        A[:, :] = 1.0
    eq = correlated(NormalForm([A, B]), "entropy")
    assert (eq.status == Status.SOLVED).all()
    assert eq.certificate.gap.max() <= 1e-9


def test_entropy_is_no_less_than_that_of_any_other_equilibrium_found():
    form = random_form((3, 3), 10, 3)

    def entropy(eq):
        p = obedience.joint(eq).reshape(10, 9)
        return -(p * np.log(np.where(p > 0.0, p, 1.0))).sum(axis=1)

    told = correlated(form, Cvxpy(objective="entropy"))
    assert (told.status == Status.SOLVED).all()
    for objective in OBJECTIVES:
        assert (entropy(told) >= entropy(correlated(form, Simplex(objective))) - 1e-6).all()
    assert (entropy(told) > entropy(correlated(form)) + 1e-3).any()


def test_gibsons_distribution_is_coarse_and_not_correlated():
    """Gibson (2013): player 1 gains 1 after the third recommendation, a quarter of the time."""
    told = [[0.5, 0.0], [0.0, 0.25], [0.0, 0.25]]
    assert obedience.disobedience(GIBSON, told).tolist() == [0.25, 0.0]
    assert obedience.disobedience(GIBSON, told, coarse=True).tolist() == [0.0, 0.0]


def test_coarse_equilibria_may_give_more():
    """One unit together against two: both by exact corners in tests/exact."""
    np.testing.assert_allclose(1.0, correlated(COARSER).payoffs.sum(), rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(2.0, coarse_correlated(COARSER).payoffs.sum(), atol=1e-12)


@pytest.mark.parametrize("method", [Simplex, Highs])
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("name", CONCEPTS)
def test_random_games_have_the_values_of_scipy(name, objective, method):
    for shape, seed in (((3, 3), 0), ((2, 4), 1), ((2, 2, 2), 2), ((5, 5), 3)):
        form = random_form(shape, 8, seed)
        eq = CONCEPTS[name](form, method(objective=objective))
        assert (eq.status == Status.SOLVED).all()
        assert not eq.complete.any()
        coarse = name != "correlated"
        expected = [
            best_by_scipy([p[g] for p in form.payoffs], objective, coarse=coarse) for g in range(8)
        ]
        found = value(eq.payoffs[:, 0], objective)
        np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-8)


@pytest.mark.parametrize("name", CONCEPTS)
def test_cvxpy_agrees(name):
    form = random_form((3, 3), 4, 5)
    for objective in OBJECTIVES:
        expected = value(CONCEPTS[name](form, Cvxpy(objective)).payoffs, objective)
        found = value(CONCEPTS[name](form, Simplex(objective)).payoffs, objective)
        np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-7)


def test_joint_distributions_of_nash_equilibria_are_products():
    eq = nash(CHICKEN)
    mixed = np.array([2 / 3, 1 / 3])
    found = obedience.joint(eq)
    assert found.shape == (3, 2, 2)
    np.testing.assert_allclose(np.outer(mixed, mixed), found[2], rtol=0.0, atol=1e-12)


def test_numbers_that_are_no_payoffs_stop_nobody_else():
    A, B = (np.stack([p, p, p]) for p in CHICKEN.payoffs)
    A[1, 0, 0] = np.nan
    for method in (Simplex(), Highs()):
        eq = correlated(NormalForm((A, B)), method)
        expected = [Status.SOLVED, Status.INVALID_INPUT, Status.SOLVED]
        assert expected == eq.status.tolist()
        assert eq.count.tolist() == [1, 0, 1]
        np.testing.assert_allclose(5.25, eq.payoffs[[0, 2]], rtol=0.0, atol=1e-9)
        assert np.isnan(obedience.joint(eq)[1]).all()
    B[2, 0, 0] = np.inf
    assert correlated(NormalForm((A, B))).status.tolist() == [0, 5, 5]


def test_one_player_takes_the_best():
    eq = correlated(NormalForm([[3.0, 5.0, 1.0]]))
    assert eq.strategies[0].tolist() == [[0.0, 1.0, 0.0]]
    assert correlated(NormalForm(([[4.0]], [[2.0]]))).payoffs.tolist() == [[4.0, 2.0]]


@pytest.mark.parametrize(
    ("objective", "message"),
    [
        ("wellfare", "unknown objective 'wellfare': did you mean .*welfare"),
        ("entropy", "unknown objective 'entropy'"),
        ((), "weights must be finite"),
        ((1.0, float("inf")), "weights must be finite"),
    ],
)
def test_objectives_that_are_none_are_refused(objective, message):
    with pytest.raises(ParameterError, match=message):
        Simplex(objective=objective)


@pytest.mark.parametrize("objective", ["player-3", 0, (1.0, 2.0, 3.0)])
def test_players_that_the_game_does_not_have_are_refused(objective):
    with pytest.raises(ParameterError, match=r"objective = .*player"):
        correlated(CHICKEN, Simplex(objective=objective))


def test_tolerances_that_are_no_numbers_are_refused():
    with pytest.raises(ParameterError, match="tol = nan is no number"):
        Highs(tol=float("nan"))


def test_distributions_that_are_none_are_refused():
    with pytest.raises(FormError, match=r"joint has the shape \(2,\): it must end with \(2, 2\)"):
        obedience.disobedience(CHICKEN, [1.0, 0.0])
    with pytest.raises(FormError, match="sum to one"):
        obedience.disobedience(CHICKEN, np.ones((2, 2)))


def test_packages_that_are_missing_are_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cvxpy", None)
    with pytest.raises(ConceptError, match="needs cvxpy, which is not installed"):
        correlated(CHICKEN, "cvxpy")
    monkeypatch.setitem(__import__("sys").modules, "highspy", None)
    with pytest.raises(ConceptError, match="need highspy, which is not installed"):
        correlated(CHICKEN, "highs")
    assert correlated(CHICKEN).status == Status.SOLVED
