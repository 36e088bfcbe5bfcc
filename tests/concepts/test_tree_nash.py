"""Nash equilibria of trees: known answers, Gambit's files, and one law for all routes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pygambit
import pytest

from solver import (
    ExtensiveForm,
    Status,
    bargaining,
    chance,
    decision,
    leaf,
    nash,
    pure_nash,
    strategic_form,
    tree,
)
from solver.concepts._rows import regrets
from solver.concepts._sequences import SequenceForm
from solver.concepts._tree_nash import StrategicForm
from solver.errors import ConceptError, ParameterError
from solver.forms.strategic import pure_plans
from tests.concepts import trees

METHODS = ["strategic-form", "sequence-form", "exact"]


@pytest.mark.parametrize("method", METHODS)
def test_matching_pennies_is_a_coin_each(method: str) -> None:
    """The second player does not see what the first one chose."""
    eq = nash(trees.pennies(), method)
    np.testing.assert_allclose([[0.5, 0.5, 0.5, 0.5]], eq.profiles, rtol=0.0, atol=1e-15)
    assert eq.complete == (method != "sequence-form")


@pytest.mark.parametrize("method", ["strategic-form", "exact"])
def test_a_threat_that_nobody_would_carry_out_is_an_equilibrium(method: str) -> None:
    """Staying out, against fighting for sure or with half of the odds; and entry."""
    eq = nash(trees.entry(), method)
    expected = [[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0.5, 0.5]]
    assert expected == eq.profiles.tolist()
    assert [[1, 1], [0, 2], [0, 2]] == eq.payoffs.tolist()
    assert eq.status == Status.DEGENERATE
    assert eq.complete
    assert eq.component is None


@pytest.mark.parametrize("method", [StrategicForm(), "sequence-form"], ids=str)
def test_kuhn_poker_is_worth_minus_an_eighteenth(method: StrategicForm | str) -> None:
    """H. W. Kuhn (1950); its strategic form has too many vertices, so one is found by sequences."""
    eq = nash(trees.kuhn(), method)
    assert eq.count == 1
    np.testing.assert_allclose([[-1 / 18, 1 / 18]], eq.payoffs, rtol=0.0, atol=1e-15)
    assert eq.gap.max() <= 1e-15
    expected = Status.SOLVED if method == "sequence-form" else Status.TRUNCATED
    assert (expected, False) == (eq.status, eq.complete)


@pytest.mark.parametrize("method", METHODS)
def test_the_example_of_koller_megiddo_and_von_stengel_is_worth_13(method: str) -> None:
    """Their paper of 1994."""
    eq = nash(trees.koller_megiddo_von_stengel(), method)
    np.testing.assert_allclose(13.0, eq.payoffs[:, 0], rtol=0.0, atol=1e-14)


#: Where a player forgets, or passes the same information set twice.
FORGETFUL = {
    "books/shohamleytonbrown2008/fig5_12",
    "books/vonstengel2022/fig10.7",
    "journals/geb/wichardt2008",
}


def catalog() -> dict[str, pygambit.Game]:
    """The two-player trees that Gambit ships."""
    games = {name: pygambit.catalog.load(name) for name in pygambit.catalog.games()["Game"]}
    return {
        name: game
        for name, game in games.items()
        if isinstance(game, pygambit.gambit.ExtensiveGame) and len(list(game.players)) == 2
    }


CATALOG = catalog()


def test_the_catalog_is_the_one_we_know() -> None:
    """27 trees of two players, of which three are refused."""
    assert FORGETFUL < set(CATALOG)
    assert len(CATALOG) >= 27
    assert FORGETFUL == {name for name, game in CATALOG.items() if not game.is_perfect_recall}


@pytest.mark.parametrize("name", sorted(set(CATALOG) - FORGETFUL))
def test_the_catalog_has_the_equilibria_that_exact_enumeration_finds(name: str) -> None:
    """Gambit's reduced strategic form and its equilibria, made from its own tree."""
    game = CATALOG[name]
    form = trees.from_gambit(game)
    strategic = strategic_form(form)
    for theirs, ours in zip(
        game.to_arrays(dtype=pygambit.Rational), strategic.payoffs, strict=True
    ):
        np.testing.assert_allclose(theirs.astype(float), ours, rtol=0.0, atol=1e-12)
    found = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    expected = {
        tuple(Fraction(str(p)) for player in game.players for p in dict(each[player]).values())
        for each in found
    }
    exact = nash(strategic, "exact").rows.exact
    assert exact is not None
    assert expected == set(exact.profiles)
    behavior = nash(form, "exact")
    listed = nash(form)
    assert behavior.complete
    assert listed.complete
    np.testing.assert_allclose(ordered(behavior.profiles), ordered(listed.profiles), atol=1e-12)
    one = nash(form, "sequence-form")
    assert one.status == Status.SOLVED
    assert max(one.gap.max(), listed.gap.max()) <= 1e-12


def ordered(profiles):
    """Rows in an order that does not depend on how they were found."""
    return profiles[np.lexsort(np.round(profiles, 9).T[::-1])]


def mixed(form: ExtensiveForm, behavior):
    """Rows of mixtures over reduced strategies from behavior strategies (Kuhn 1953)."""
    parts, start = [], 0
    for i, names in enumerate(form.actions):
        chosen = pure_plans(form.tree, i)[:, 1:].astype(bool)
        own = behavior[:, None, start : start + len(names)]
        parts.append(np.where(chosen, own, 1.0).prod(axis=2))
        start += len(names)
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("seed", range(40))
def test_sequence_form_is_strategic_form(seed: int) -> None:
    """An equilibrium of either is one of the other, and pays the same."""
    form = trees.random_tree(seed, depth=4)
    strategic = strategic_form(form)
    one = nash(form, "sequence-form")
    payoffs, gaps = regrets(strategic, mixed(form, one.profiles), one.owner)
    assert gaps.max() <= 1e-9
    np.testing.assert_allclose(payoffs, one.payoffs, rtol=0.0, atol=1e-12)
    listed = nash(form, StrategicForm(max_vertices=1000))
    assert listed.gap.max() <= 1e-9
    payoffs, gaps = regrets(strategic, mixed(form, listed.profiles), listed.owner)
    assert gaps.max() <= 1e-9
    np.testing.assert_allclose(payoffs, listed.payoffs, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_floats_and_fractions_list_the_same(seed: int) -> None:
    """Whole numbers are the same to both; those that agree in behavior are listed once."""
    form = trees.random_tree(seed, depth=3, largest=3)
    listed, exact = nash(form), nash(form, "exact")
    assert exact.complete
    assert listed.complete
    np.testing.assert_allclose(ordered(exact.profiles), ordered(listed.profiles), atol=1e-12)
    assert exact.rows.exact is not None
    assert exact.count == len(set(exact.rows.exact.profiles))


def test_mixtures_that_agree_in_behavior_are_listed_once() -> None:
    """A player mixes over what to do in two places: only the odds in each matter."""
    answers = {a: decision("b", {"l": leaf(0, 0), "r": leaf(0, 0)}) for a in ("x", "y")}
    form = tree(("a", "b"), decision("a", answers))
    strategic, listed = nash(strategic_form(form)), nash(form)
    assert 8 == strategic.count == listed.count  # pure in both: nothing agrees
    game = trees.from_gambit(CATALOG["journals/mor/vonstengelforges2008/fig9"])
    assert (12, 9) == (nash(strategic_form(game)).count, nash(game).count)


def test_a_batch_is_its_games_one_by_one() -> None:
    """For every method; a game that is not finite spoils itself only."""
    form = trees.entry()
    payoffs = np.stack([form.payoffs, -form.payoffs, form.payoffs * 1e12 + 1e13])
    payoffs = np.concatenate([payoffs, np.full((1, *form.payoffs.shape), np.nan)])
    for method in METHODS:
        eq = nash(ExtensiveForm(form.tree, payoffs[:, None]), method)
        assert (4, 1) == eq.count.shape
        assert (Status.INVALID_INPUT, 0, False) == (eq.status[3], eq.count[3], eq.complete[3])
        for g in range(3):
            alone = nash(ExtensiveForm(form.tree, payoffs[g]), method)
            np.testing.assert_array_equal(alone.profiles, eq.profiles[eq.owner == g])
            assert alone.status == eq.status[g, 0]
        assert eq.gap[:3].max(initial=0.0, where=~np.isnan(eq.gap[:3])) <= 1e-12


@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (1e-9, 0.0), (1.0, 1e12)], ids=str)
@pytest.mark.parametrize("seed", range(5))
def test_units_change_nothing(seed: int, scale: float, shift: float) -> None:
    """Payoffs in other units are the same game, also a long way from zero."""
    form = trees.random_tree(seed, depth=4)
    far = ExtensiveForm(form.tree, form.payoffs * scale + shift, form.chance)
    for method in ("strategic-form", "sequence-form"):
        expected, eq = nash(form, method), nash(far, method)
        assert expected.status == eq.status
        np.testing.assert_allclose(expected.profiles, eq.profiles, rtol=0.0, atol=1e-9)
        assert eq.gap.max() <= 1e-9
        paid = expected.payoffs * scale + shift
        np.testing.assert_allclose(paid, eq.payoffs, rtol=1e-12, atol=1e-9 * scale)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "root",
    [leaf(1, 2), chance({"a": (0.5, leaf(1, 2)), "b": (0.5, leaf(1, 2))}),
     decision("a", {"only": leaf(1, 2)})],
    ids=["leaf", "chance", "one action"],
)  # fmt: skip
def test_nobody_has_a_choice(method: str, root) -> None:
    """One equilibrium, in which nothing is chosen."""
    eq = nash(tree(("a", "b"), root), method)
    assert (1, Status.SOLVED) == (eq.count, eq.status)
    assert [[1.0, 2.0]] == eq.payoffs.tolist()


def test_a_tree_that_is_too_large_gets_one_equilibrium() -> None:
    """Beyond the limit, as the status says; the truncated list keeps what was found."""
    form = trees.koller_megiddo_von_stengel()
    eq = nash(form, StrategicForm(max_strategies=4))
    assert (Status.TRUNCATED, 1, False) == (eq.status, eq.count, eq.complete)
    np.testing.assert_allclose([[13, -13]], eq.payoffs, rtol=0.0, atol=1e-14)
    chosen = {str(k): decision("b", {str(j): leaf(j == k, j == k) for j in range(8)}, infoset="?")
              for k in range(8)}  # fmt: skip
    coordination = tree(("a", "b"), decision("a", chosen))
    eq = nash(coordination, StrategicForm(max_vertices=100))
    assert (Status.TRUNCATED, 8, False) == (eq.status, eq.count, eq.complete)
    assert 255 == nash(coordination).count


def test_exact_numbers_are_kept() -> None:
    """A coin of one third: fractions of the form, or what its floats stand for."""
    form = trees.from_gambit(CATALOG["journals/geb/bagwell1995"])
    exact = nash(form, "exact").rows.exact
    assert exact is not None
    assert all(isinstance(p, Fraction) for row in exact.profiles for p in row)
    assert max(p.denominator for row in exact.profiles for p in row) <= 196
    floats = nash(ExtensiveForm(form.tree, form.payoffs, form.chance), "exact")
    np.testing.assert_allclose(
        ordered(nash(form, "exact").profiles), ordered(floats.profiles), rtol=0.0, atol=1e-12
    )


@pytest.mark.parametrize("players", [1, 2, 3])
@pytest.mark.parametrize("method", ["enumeration", "exact"])
def test_pure_equilibria_are_those_without_a_better_reply(players: int, method: str) -> None:
    """For any number of players: every pure profile of the strategic form is tried."""
    for seed in range(8):
        form = trees.random_tree(seed, depth=4, players=players)
        strategic = strategic_form(form)
        cells = np.argwhere(np.ones(strategic.shape))
        rows = np.concatenate(
            [np.eye(m)[c] for m, c in zip(strategic.shape, cells.T, strict=True)], 1
        )
        _, gaps = regrets(strategic, rows, np.zeros(len(rows), np.intp))
        eq = pure_nash(form, method)
        assert int((gaps.max(axis=1) <= 1e-12).sum()) == eq.count
        assert eq.complete
        assert eq.gap.max(initial=0.0) <= 1e-12


def test_matching_pennies_has_no_pure_equilibrium() -> None:
    """As everybody knows."""
    assert pure_nash(trees.pennies()).status == Status.NONE_EXIST


def test_what_is_not_solved_is_refused_with_words() -> None:
    """Three players, bargaining, limits that are none, methods of other forms."""
    three = tree(("a", "b", "c"), decision("a", {"l": leaf(0, 0, 0), "r": leaf(1, 1, 1)}))
    with pytest.raises(ConceptError, match=r"two players, this tree has 3: pure-nash takes any"):
        nash(three)
    talk = bargaining({"a": 0.5, "b": 0.5}, leaf(1, 1), leaf(0, 0))
    split = tree(("a", "b"), decision("a", {"talk": talk, "go": leaf(0, 0)}))
    for concept in (nash, pure_nash):
        with pytest.raises(ConceptError, match=r"no bargaining.* at talk: use subgame-perfect"):
            concept(split)
    with pytest.raises(ConceptError, match="unknown method of nash 'vertices': choose from cfr"):
        nash(three, "vertices")
    with pytest.raises(ParameterError, match="max_pivots = 0 is no whole number from 1"):
        SequenceForm(max_pivots=0)
    with pytest.raises(ParameterError, match="max_strategies = 1 is no whole number from 2"):
        StrategicForm(max_strategies=1)
    with pytest.raises(ParameterError, match="tol = nan is no number"):
        SequenceForm(tol=float("nan"))


@pytest.mark.parametrize("concept", [nash, pure_nash])
def test_an_infinite_payoff_is_invalid_there_only_and_warns_nobody(concept: Any) -> None:
    x = np.array([1.0, np.inf, np.nan, 1.7e308])
    form = tree("AB", decision("A", {"in": leaf(x, 0.0), "out": leaf(-x, 1.0)}))
    eq = concept(form)  # warnings are errors here
    assert [Status.SOLVED] + [Status.INVALID_INPUT] * 3 == eq.status.tolist()
    assert [1.0, 0.0] == eq.payoffs[0, 0].tolist()
