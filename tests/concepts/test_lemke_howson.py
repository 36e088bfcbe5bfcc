"""One equilibrium by Lemke and Howson's paths: among all of them, certified, whatever ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import NormalForm, Status, nash
from solver.concepts._lemke_howson import AllLabels, LemkeHowson, path_lengths
from solver.errors import ConceptError, ParameterError
from solver.testing import laws
from solver.testing.strategies import KINDS, bimatrix_games

#: A symmetric game: (1, 1), (2/3, 1/3 on actions 2 and 3) and (1, 6, 3)/10 are its equilibria.
INACCESSIBLE = np.array([[3, 0, 3], [0, 1, 2], [0, 2, 0]])
METHODS = [LemkeHowson(), LemkeHowson(label=0), AllLabels()]


def near(found, every):
    """Whether each row of `found` is one of `every`."""
    return np.abs(found[:, None] - every[None]).max(axis=2).min(axis=1) <= 1e-8


@pytest.mark.parametrize("method", METHODS, ids=repr)
@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (3, 5), (6, 6)], ids=str)
def test_what_is_found_is_among_all_equilibria(method, shape):
    rng = np.random.default_rng(3)
    form = NormalForm(rng.normal(size=(2, 40, *shape)))
    every, eq = nash(form), nash(form, method)
    laws.certified(eq)
    assert (eq.status == Status.SOLVED).all()
    assert not eq.complete.any()
    for g in range(40):
        found = eq.profiles[eq.owner == g]
        assert len(found) >= 1
        assert near(found, every.profiles[every.owner == g]).all()


def test_two_equilibria_are_out_of_reach_of_every_path():
    """Shapley (1974): paths from any label may lead to one equilibrium of three only."""
    form = NormalForm([INACCESSIBLE, INACCESSIBLE.T])
    assert 3 == nash(form).count
    eq = nash(form, "lemke-howson-all")
    assert (1, Status.SOLVED, False) == (eq.count, eq.status, eq.complete)
    for label in range(6):
        one = nash(form, LemkeHowson(label=label))
        np.testing.assert_allclose(eq.profiles, one.profiles, rtol=0.0, atol=1e-12)


#: Shapley (1974), figures 2 and 3, payoffs as in the catalog of Gambit.
FIGURES = {
    2: ([[2, 2, 0], [0, 3, 0], [3, 0, 1]], [[3, 0, 2], [0, 3, 2], [0, 0, 1]]),
    3: ([[0, 3, 0], [2, 2, 0], [3, 0, 1]], [[0, 2, 3], [3, 2, 0], [0, 0, 1]]),
}


def test_shapleys_pair_is_out_of_reach_whatever_paths_are_joined():
    """Shapley (1974), figure 3: a pair of mixed equilibria is connected with itself by every label,
    so that from no play only the third equilibrium is reached, even going on from what was found.
    """
    form = NormalForm(FIGURES[3])
    every, eq = nash(form), nash(form, AllLabels())
    assert (3, 1) == (every.count, eq.count)
    np.testing.assert_array_equal([0, 0, 1, 0, 0, 1], eq.profiles[0])
    pair = every.profiles[np.abs(every.profiles - eq.profiles).max(axis=1) > 0.0]
    assert (2, False) == (len(pair), bool((pair == 1.0).any()))
    for label in range(6):
        np.testing.assert_array_equal(eq.profiles, nash(form, LemkeHowson(label=label)).profiles)


def test_shapleys_first_example_has_its_equilibria_found():
    """Shapley (1974), figure 2, by which the paper explains paths: all of it can be reached."""
    form = NormalForm(FIGURES[2])
    every, eq = nash(form), nash(form, AllLabels())
    assert every.count == eq.count


def test_paths_go_on_from_equilibria_that_were_found():
    """All seven of a coordination game: each is the end of a path from another."""
    form = NormalForm([np.diag([3.0, 4.0, 5.0])] * 2)
    assert 7 == nash(form, AllLabels()).count


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=15)
@given(data=st.data())
def test_no_path_runs_in_circles(kind, data):
    """From any label, within the limit, whatever ties there are (Lemke and Howson 1964)."""
    form = data.draw(bimatrix_games(actions=(1, 4) if kind != "symmetric" else (3, 3), kind=kind))
    label = data.draw(st.sampled_from([None, 0, sum(form.shape) - 1]))
    eq = nash(form, LemkeHowson(label=label, max_pivots=2_000))
    assert (1, Status.SOLVED) == (eq.count, eq.status)
    laws.certified(eq)


@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (1e-9, 0.0), (1.0, 1e12), (1e12, -1e12)])
@pytest.mark.parametrize("label", [None, 2])
def test_units_do_not_matter(scale, shift, label):
    rng = np.random.default_rng(8)
    payoffs = rng.integers(-50, 50, (2, 200, 4, 4)).astype(float)
    before = nash(NormalForm(payoffs), LemkeHowson(label=label))
    after = nash(NormalForm(payoffs * scale + shift), LemkeHowson(label=label))
    laws.certified(after)
    assert (after.status == Status.SOLVED).all()
    np.testing.assert_allclose(before.profiles, after.profiles, rtol=0.0, atol=1e-9)


def test_lengths_are_given_by_label():
    """By hand: each of the two pure equilibria is two pivots away by its rows' and columns'."""
    form = NormalForm([np.broadcast_to(np.eye(2), (5, 2, 2))] * 2)
    np.testing.assert_array_equal(np.full((5, 4), 2), path_lengths(form))


def test_lengths_of_what_is_not_finite_are_not_given():
    form = NormalForm([[[np.inf, 0.0]], [[0.0, 1.0]]])
    assert [-1, -1, -1] == path_lengths(form).tolist()
    for method in METHODS:
        eq = nash(form, method)
        assert (0, Status.INVALID_INPUT) == (eq.count, eq.status)


def test_a_path_cut_short_is_not_called_solved():
    """Rock, paper, scissors takes more than two pivots."""
    A = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    form = NormalForm([A, -A])
    assert nash(form, LemkeHowson(label=0, max_pivots=2)).status == Status.NOT_CONVERGED
    eq = nash(form, AllLabels(max_pivots=12))
    assert (eq.status, eq.count) == (Status.TRUNCATED, 1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"label": -1}, "label = -1 is no whole number"),
        ({"label": 1.5}, "label = 1.5 is no whole number"),
        ({"tol": float("nan")}, "tol = nan is no number"),
        ({"max_pivots": 0}, "max_pivots = 0 is no whole number from 1"),
    ],
)
def test_bad_options_are_refused(options, says):
    with pytest.raises(ParameterError, match=says):
        LemkeHowson(**options)


def test_a_label_beyond_the_actions_is_refused():
    with pytest.raises(ParameterError, match=r"label = 5 is none of the 5 .* 0 to 4"):
        nash(NormalForm([np.zeros((2, 3))] * 2), LemkeHowson(label=5))


def test_three_players_have_no_paths():
    with pytest.raises(ConceptError, match="two players, this game has 3"):
        path_lengths(NormalForm([np.zeros((2, 2, 2))] * 3))
