"""All extreme equilibria against exact brute force, pygambit and what is known."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import product

import numpy as np
import pygambit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.errors import FormError, ParameterError
from solver.exact import ExactEquilibria, extreme_equilibria, verify
from solver.exact.polytope import BITS
from solver.forms.normal import NormalForm
from solver.testing import oracles, textbook
from solver.testing.strategies import bimatrix_games

SHAPES = [(1, 1), (1, 4), (4, 1), (2, 2), (2, 5), (3, 3), (4, 3), (4, 4), (3, 5)]


def agrees_with_brute_force(A, B) -> ExactEquilibria:
    found = extreme_equilibria(A, B)
    assert oracles.extreme_equilibria(A, B) == list(found.strategies)
    assert oracles.is_degenerate(A, B) == found.degenerate
    assert found.complete
    assert sum(found.component_index) == 1
    for (x, y), (u, v) in zip(found.strategies, found.payoffs, strict=True):
        assert (0, 0) == verify(A, B, x, y)
        p = {(i, j): x[i] * y[j] for i, j in np.ndindex(len(x), len(y))}
        exact = oracles.exact(A), oracles.exact(B)
        assert u == sum(exact[0][i][j] * weight for (i, j), weight in p.items())
        assert v == sum(exact[1][i][j] * weight for (i, j), weight in p.items())
    return found


@pytest.mark.parametrize("largest", [1, 2, 3, 99])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_integer_games_agree_with_brute_force(shape, largest) -> None:
    for A, B in np.random.default_rng(largest).integers(0, largest, (10, 2, *shape)):
        agrees_with_brute_force(A, B)


@pytest.mark.parametrize("shape", [(3, 3), (4, 3)], ids=str)
def test_doubled_actions_agree_with_brute_force(shape) -> None:
    rng = np.random.default_rng(0)
    for A, B in rng.integers(0, 4, (10, 2, *shape)):
        rows, columns = (rng.integers(0, k, k) for k in shape)
        agrees_with_brute_force(A[rows][:, columns], B[rows][:, columns])


@given(bimatrix_games(actions=(1, 4)))
def test_hard_floats_agree_with_brute_force(form: NormalForm) -> None:
    agrees_with_brute_force(*form.payoffs)


@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (5, 4), (6, 6)], ids=str)
def test_pygambit_lists_the_same(shape) -> None:
    for A, B in np.random.default_rng(5).integers(0, 3, (4, 2, *shape)):
        game = pygambit.StrategicGame.from_arrays(A, B)
        profiles = pygambit.nash.enummixed_solve(game).equilibria
        theirs = {
            tuple(tuple(Fraction(p) for p in dict(profile[q]).values()) for q in game.players)
            for profile in profiles
        }
        ours = extreme_equilibria(A, B).strategies
        assert theirs == set(ours)
        assert len(theirs) == len(ours)


@pytest.mark.parametrize("game", textbook.GAMES.values(), ids=list(textbook.GAMES))
def test_textbook_games_have_their_printed_equilibria(game: textbook.Textbook) -> None:
    found = extreme_equilibria(game.A, game.B)
    assert game.number == len(found.strategies)
    assert found.degenerate >= game.degenerate
    if game.equilibria:
        assert game.equilibria == found.strategies
    assert sum(found.component_index) == 1


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_coordination_has_an_equilibrium_on_every_support(n) -> None:
    found = extreme_equilibria(np.eye(n), np.eye(n))
    expected = sorted(
        tuple(Fraction(bit, sum(bits)) for bit in bits)
        for bits in product((0, 1), repeat=n)
        if any(bits)
    )
    assert expected == [x for x, _ in found.strategies]
    assert expected == [y for _, y in found.strategies]
    # An even number of actions makes the index negative (von Stengel 2002).
    assert [(-1) ** (sum(map(bool, x)) + 1) for x in expected] == list(found.index)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 4), (5, 5)], ids=str)
def test_where_nothing_matters_all_is_one_component(shape) -> None:
    found = extreme_equilibria(np.zeros(shape), np.full(shape, 7))
    everything = tuple(range(shape[0] * shape[1]))
    assert {(0, 7)} == set(found.payoffs)
    assert (everything,) == found.subsets == found.components
    assert (1,) == found.component_index


@pytest.mark.parametrize("n", [2, 3, 6])
def test_hide_and_seek_has_one_equilibrium(n) -> None:
    found = extreme_equilibria(np.eye(n), -np.eye(n))
    uniform = (Fraction(1, n),) * n
    assert ((uniform, uniform),) == found.strategies
    assert ((Fraction(1, n), Fraction(-1, n)),) == found.payoffs
    assert (1,) == found.index


@pytest.mark.parametrize(
    ("scale", "shift"),
    [
        (10**30, 0),
        (1, 10**12),
        (Fraction(1, 3), Fraction(-1, 7)),
        (Fraction(1, 10**40), 10**40),
        (5e-324, 0),
        (7, 2.0**1000),
    ],
    ids=str,
)
def test_scale_and_shift_change_nothing_but_payoffs(scale, shift) -> None:
    scale, shift = Fraction(scale), Fraction(shift)
    for A, B in np.random.default_rng(0).integers(0, 3, (10, 2, 3, 4)).tolist():
        changed = [[scale * u + shift for u in row] for row in A]
        plain, mapped = extreme_equilibria(A, B), extreme_equilibria(changed, B)
        assert plain.strategies == mapped.strategies
        assert plain.index == mapped.index
        assert [(scale * u + shift, v) for u, v in plain.payoffs] == list(mapped.payoffs)


@pytest.mark.parametrize("scale", [2.0**-1000, 5e-324, 2.0**1000])
def test_floats_at_the_ends_of_their_range_are_exact(scale) -> None:
    A = np.array([[0.0, 3.0], [1.0, 0.0]]) * scale
    found = extreme_equilibria(A, A.T)
    assert (Fraction(3, 4), Fraction(1, 4)) in [x for x, _ in found.strategies]


def test_a_tie_missed_by_the_last_bit_is_none() -> None:
    third = 1 / 3
    assert not extreme_equilibria([[third, 0]], [[1, np.nextafter(1, 2)]]).degenerate
    assert extreme_equilibria([[third, 0]], [[1, 1.0]]).degenerate


@pytest.mark.parametrize("unit", [10**30, Fraction(1, 10**30), 1e-300, 1e300], ids=str)
def test_payoffs_without_a_common_unit_agree_with_brute_force(unit) -> None:
    rng = np.random.default_rng(0)
    for A, B in rng.integers(1, 5, (10, 2, 3, 3)).tolist():
        agrees_with_brute_force([[unit / u for u in row] for row in A], B)
        agrees_with_brute_force([[Fraction(unit) + Fraction(1, u) for u in row] for row in A], B)


def test_payoffs_of_many_digits_give_the_same_with_another_arithmetic() -> None:
    """A huge payoff in a dominated cell makes all tableaux use flint."""
    rng = np.random.default_rng(0)
    large = 10**40
    assert large.bit_length() > BITS
    for A, B in rng.integers(0, 3, (20, 2, 3, 3)).tolist():
        agrees_with_brute_force([*A, [-large, -large - 1, -large]], [*B, [large, 0, -large]])


@pytest.mark.parametrize("most", [1, 3, 6, 12])
def test_a_search_that_is_cut_short_says_so(most) -> None:
    everything = extreme_equilibria(np.eye(4), np.eye(4))
    found = extreme_equilibria(np.eye(4), np.eye(4), max_vertices=most)
    assert not found.complete
    assert found.subsets is None
    assert {None} >= {*found.index, *found.component_index}
    assert len(found.strategies) < len(everything.strategies)
    assert set(found.strategies) <= set(everything.strategies)


def test_a_search_that_just_fits_is_complete() -> None:
    assert extreme_equilibria(np.eye(4), np.eye(4), max_vertices=16).complete
    assert not extreme_equilibria(np.eye(4), np.eye(4), max_vertices=15).complete


@given(bimatrix_games(actions=(2, 4), kind="ties"), st.randoms(use_true_random=False))
def test_names_and_sides_do_not_matter(form: NormalForm, random) -> None:
    """Relabelled and with the players exchanged, indices of components included."""
    A, B = form.payoffs
    rows, columns = (random.sample(range(k), k) for k in form.shape)
    found = extreme_equilibria(A, B)
    moved = extreme_equilibria(B[rows][:, columns].T, A[rows][:, columns].T)
    place = {pair: k for k, pair in enumerate(moved.strategies)}
    image = [
        place[tuple(y[j] for j in columns), tuple(x[i] for i in rows)] for x, y in found.strategies
    ]
    assert sorted(place.values()) == sorted(image)

    def mapped(groups):
        return [frozenset(image[k] for k in group) for group in groups]

    assert set(map(frozenset, moved.subsets)) == set(mapped(found.subsets))
    theirs = dict(zip(map(frozenset, moved.components), moved.component_index, strict=True))
    ours = dict(zip(mapped(found.components), found.component_index, strict=True))
    assert theirs == ours


@pytest.mark.parametrize(
    ("A", "B", "message"),
    [
        ([[1, np.nan]], [[1, 2]], r"A\[0, 1\] = nan is not a finite number"),
        ([[1, 2]], [[np.inf, 2]], r"B\[0, 0\] = inf is not a finite number"),
        ([["1/0", 2]], [[1, 2]], r"A\[0, 0\] = '1/0' is not a finite number"),
        ([[1, 2], [3]], [[1, 2]], r"A has the shape \(2,\), not \(m, n\)"),
        ([[]], [[]], r"A has the shape \(1, 0\), not \(m, n\) with m, n >= 1"),
        ([[1, 2]], [[1], [2]], r"A has the shape \(1, 2\) but B \(2, 1\)"),
    ],
)
def test_what_is_no_game_is_refused(A, B, message) -> None:
    with pytest.raises(FormError, match=message):
        extreme_equilibria(A, B)


def test_a_search_without_vertices_is_refused() -> None:
    with pytest.raises(ParameterError, match="max_vertices = 0 must be at least 1"):
        extreme_equilibria([[1]], [[1]], max_vertices=0)


def test_numpy_integers_do_not_overflow() -> None:
    A = [[np.int64(2**62), np.int64(-(2**62))], [np.int8(3), np.float32(0.5)]]
    B = [[np.int64(1), np.int64(2)], [np.uint8(200), np.uint8(100)]]
    exact = [[2**62, -(2**62)], [3, 0.5]], [[1, 2], [200, 100]]
    assert extreme_equilibria(*exact) == extreme_equilibria(A, B)
    assert all(type(w.numerator) is int for w in extreme_equilibria(A, B).strategies[0][0])


def test_flint_is_loaded_for_many_digits_only() -> None:
    code = (
        "import sys; from solver.exact import extreme_equilibria as solve;"
        "solve([[1, 2]], [[0, 1]]); assert 'flint' not in sys.modules;"
        "assert 'numba' not in sys.modules; solve([[0, 2**200, 1]], [[0, 0, 1]]);"
        "assert 'flint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
