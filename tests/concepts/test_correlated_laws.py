"""Laws of correlated equilibria: what contains what, units, ties, batches, certificates."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, Status, nash
from solver.concepts import obedience
from solver.concepts.coarse_correlated import coarse_correlated
from solver.concepts.correlated import Simplex, correlated
from solver.concepts.correlated_payoffs import correlated_payoffs
from tests.concepts.correlated_games import CHICKEN, gains, random_form, value

OBJECTIVES = ("welfare", "least-welfare", "egalitarian", "player-1", "player-2")
CONCEPTS = {"correlated": correlated, "coarse-correlated": coarse_correlated}


def degenerate(games: int) -> dict[str, NormalForm]:
    """Families of 3×3 games that are hard for simplex methods."""
    random = np.random.default_rng(7)
    shape = (games, 3, 3)
    zero = random.random(shape)
    few = random.integers(-2, 3, shape).astype(float)
    return {
        "ties": NormalForm([random.integers(0, 3, shape).astype(float) for _ in "ab"]),
        "zero-sum": NormalForm([zero, -zero]),
        "zero-sum with ties": NormalForm([few, -few]),
        "common interest": NormalForm([few, few]),
        "symmetric": NormalForm([zero, np.swapaxes(zero, 1, 2)]),
        "constant": NormalForm([np.zeros(shape), np.full(shape, 7.0)]),
        "one indifferent": NormalForm([zero, np.zeros(shape)]),
        "duplicates": NormalForm([zero[:, :, [0, 0, 1]], few[:, [0, 1, 1], :]]),
        "permutations": NormalForm([np.eye(3) + np.zeros(shape), np.eye(3)[[1, 2, 0]] + 0 * zero]),
        "rounding": NormalForm([few + 1e-13 * zero, few - 1e-13 * zero]),
    }


def assert_obeyed(form, eq, *, coarse):
    """By the definition, row by row, on the payoffs as they are."""
    told = obedience.joint(eq).reshape(-1, *form.shape)
    for g, p in enumerate(told):
        payoffs = [u.reshape(-1, *form.shape)[g] for u in form.payoffs]
        assert (p >= 0.0).all()
        assert abs(p.sum() - 1.0) <= 1e-12
        scale = max(np.ptp(u) for u in payoffs) or 1.0
        assert (gains(payoffs, coarse=coarse) @ p.ravel() <= 1e-9 * scale).all()


def test_every_nash_equilibrium_is_correlated_and_coarse_correlated():
    """Aumann (1974); and neither inclusion is an equality."""
    form = random_form((3, 3), 200, 11)
    eq = nash(form)
    told = obedience.joint(eq)
    for k in range(eq.slots):
        there = eq.count > k
        part = NormalForm([p[there] for p in form.payoffs])
        for coarse in (False, True):
            lost = obedience.disobedience(part, told[there][:, k], coarse=coarse)
            assert (lost <= 1e-9).all()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_more_equilibria_have_a_better_best(objective):
    """Coarse correlated at least correlated at least the best Nash equilibrium."""
    form = random_form((3, 3), 300, 12)
    mixed = nash(form)
    best = np.nanmax(value(mixed.payoffs, objective), axis=1)
    told = value(correlated(form, Simplex(objective)).payoffs[:, 0], objective)
    coarse = value(coarse_correlated(form, Simplex(objective)).payoffs[:, 0], objective)
    assert (told >= best - 1e-9).all()
    assert (coarse >= told - 1e-9).all()
    assert (told > best + 1e-3).any()
    assert (coarse > told + 1e-3).any()


@pytest.mark.parametrize("name", CONCEPTS)
def test_correlated_equilibria_of_zero_sum_games_give_the_value(name):
    """Aumann (1974), and Moulin and Vial (1978) for coarse ones."""
    A = np.random.default_rng(13).random((50, 3, 4))
    form = NormalForm([A, -A])
    expected = nash(form).payoffs[:, 0, 0]
    for objective in OBJECTIVES:
        eq = CONCEPTS[name](form, Simplex(objective))
        assert (eq.status == Status.SOLVED).all()
        np.testing.assert_allclose(expected, eq.payoffs[:, 0, 0], rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("name", CONCEPTS)
@pytest.mark.parametrize("family", degenerate(1))
def test_degenerate_games_are_solved_and_obeyed(name, family):
    form = degenerate(60)[family]
    for objective in OBJECTIVES:
        eq = CONCEPTS[name](form, Simplex(objective))
        assert (eq.status == Status.SOLVED).all()
        assert eq.certificate.gap.max() <= 1e-9
        assert_obeyed(form, eq, coarse=name != "correlated")


@pytest.mark.parametrize("name", CONCEPTS)
@pytest.mark.parametrize(
    ("scale", "shift"), [(2.0**40, 0.0), (1e12, -1e12), (1e-9, 0.0), (1e-300, 0.0), (1.0, 1e12)]
)
def test_units_do_not_matter(name, scale, shift):
    """Payoffs that are multiples of 1/1024, so that shifting them rounds nothing."""
    form = random_form((3, 3), 100, 14)
    coarse_payoffs = [np.round(p * 1024) / 1024 for p in form.payoffs]
    for objective in OBJECTIVES:
        before = CONCEPTS[name](NormalForm(coarse_payoffs), Simplex(objective))
        moved = NormalForm([p * scale + shift for p in coarse_payoffs])
        after = CONCEPTS[name](moved, Simplex(objective))
        assert (after.status == Status.SOLVED).all()
        expected = value(before.payoffs, objective)
        found = value((after.payoffs - shift) / scale, objective)
        rounding = 4.0 * np.spacing(abs(shift)) / scale if shift else 0.0
        np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-9 + rounding)


def test_players_may_count_in_different_units():
    """Cheap against dear: the egalitarian objective is the cheap player's."""
    form = NormalForm([np.round(p * 1024) / 1024 for p in random_form((3, 3), 50, 15).payoffs])
    dear = NormalForm([form.payoffs[0] + 1e12, form.payoffs[1]])
    expected = correlated(form, Simplex("player-2")).payoffs[:, 0, 1]
    found = correlated(dear, Simplex("egalitarian")).payoffs[:, 0, 1]
    np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-9)
    wide = NormalForm([form.payoffs[0] * 1e12, form.payoffs[1]])
    found = correlated(wide, Simplex("player-2")).payoffs[:, 0, 1]
    np.testing.assert_allclose(expected, found, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("name", CONCEPTS)
def test_batches_are_lists_of_games(name):
    form = random_form((2, 3), 12, 16)
    shaped = NormalForm([p.reshape(3, 4, 2, 3) for p in form.payoffs])
    together = CONCEPTS[name](shaped)
    assert (3, 4, 1, 2) == together.payoffs.shape
    assert (3, 4, 1, 2, 3) == obedience.joint(together).shape
    for g in range(12):
        alone = CONCEPTS[name](NormalForm([p[g] for p in form.payoffs]))
        at = np.unravel_index(g, (3, 4))
        np.testing.assert_array_equal(obedience.joint(alone), obedience.joint(together)[at])


def test_a_certificate_that_fails_is_no_solution():
    """Payoffs that differ by 1e-9 and less: certified or flagged, and there are flagged ones."""
    random = np.random.default_rng(17)
    form = NormalForm(
        [random.integers(0, 2, (300, 3, 3)) + 1e-9 * random.random((300, 3, 3)) for _ in "ab"]
    )
    eq = correlated(form, Simplex(tol=1e-13))
    solved = eq.status == Status.SOLVED
    assert (eq.certificate.gap[solved] <= 1e-13).all()
    assert (eq.status[~solved] == Status.NOT_CONVERGED).all()
    assert 0 < solved.sum() < 300


def test_the_gap_counts_distance_from_the_optimum():
    """The worst equilibrium of chicken, offered as the best, would be 3.3 short of 10.5."""
    from solver.concepts._correlated import _certified
    from solver.concepts._obedience import pattern, stacked
    from solver.concepts._objectives import aim

    U, ways = stacked(CHICKEN), pattern((2, 2), coarse=False)
    worst = correlated(CHICKEN, Simplex("least-welfare"))
    told = np.ascontiguousarray(worst.rows.joint)
    prices, found = np.zeros((1, ways.ways)), np.ones(1, np.bool_)
    offered = _certified(U, aim("welfare", 2), ways, 1e-9, told, prices, found)
    assert offered.status == [Status.NOT_CONVERGED]
    assert offered.away[0] > 0.3


@pytest.mark.parametrize("coarse", [False, True])
def test_polygons_hold_the_payoffs_of_every_exact_corner(coarse):
    """The other route: the hull of the corners of the polytope, in fractions."""
    from solver.exact import correlated_vertices

    random = np.random.default_rng(18)
    for shape in ((2, 2), (2, 3), (3, 3)):
        form = NormalForm([random.integers(0, 6, (6, *shape)).astype(float) for _ in "ab"])
        polygons = correlated_payoffs(form, coarse=coarse)
        assert (polygons.status == Status.SOLVED).all()
        for g in range(6):
            payoffs = [p[g] for p in form.payoffs]
            corners = correlated_vertices(NormalForm(payoffs), coarse=coarse).astype(float)
            given = polygons.corners[g, : polygons.count[g]]
            points = np.stack([(corners * p).sum(axis=(1, 2)) for p in payoffs], axis=1)
            for angle in np.linspace(0.0, 2.0 * np.pi, 64):
                way = np.array([np.cos(angle), np.sin(angle)])
                assert abs((points @ way).max() - (given @ way).max()) <= 1e-7
            away = np.abs(given[:, None] - points[None]).max(axis=2).min(axis=1)
            assert (away <= 1e-7).all(), "a corner that is the payoff of none"


def test_polygons_may_be_points_and_keep_their_units():
    pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])
    A, B = (np.stack([pennies * s, CHICKEN.payoffs[i]]) for i, s in enumerate((1, -1)))
    A[1], B[1] = A[1] + 1e12, B[1] * 1e9
    found = correlated_payoffs(NormalForm((A, B)))
    assert found.count.tolist() == [1, 4]
    np.testing.assert_allclose([[0.0, 0.0]], found.corners[0, :1], rtol=0.0, atol=1e-12)
    expected = [(2.0, 7.0), (3.6, 3.6), (7.0, 2.0), (5.25, 5.25)]
    moved = (found.corners[1] - [1e12, 0.0]) / [1.0, 1e9]
    np.testing.assert_allclose(expected, moved, rtol=0.0, atol=1e-3)
    assert np.isnan(found.corners[0, 1:]).all()
