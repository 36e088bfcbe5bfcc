"""Sequential equilibria: textbook trees, laws on random ones, and what cannot be solved."""

from __future__ import annotations

import numpy as np
import pytest

from solver import Status, bargaining, chance, decision, leaf, simultaneous, tree
from solver.concepts._tree_values import subgame_blocks, tree_values, whole_block
from solver.concepts.sequential import PureAssessments, Tracing, sequential
from solver.errors import ConceptError, ParameterError
from solver.forms.beliefs import bayes, deviation_gaps
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node
from solver.testing import tree_laws
from tests.concepts.signalling_trees import beer_quiche, random_batch
from tests.concepts.subgame_trees import random_form

UNITS = {"as it is": (1.0, 0.0), "x1e12": (1e12, 0.0), "x1e-9": (1e-9, 0.0), "+1e9": (1.0, 1e9)}


def horse() -> ExtensiveForm:
    """Selten (1975), figure 1: player 3 does not know which of the others gave it the move."""

    def third(left: Node, right: Node) -> Node:
        return decision("3", {"L": left, "R": right}, infoset="3")

    second = decision("2", {"c": leaf(1, 1, 1), "d": third(leaf(4, 4, 0), leaf(0, 0, 1))})
    return tree("123", decision("1", {"C": second, "D": third(leaf(3, 3, 2), leaf(0, 0, 0))}))


@pytest.mark.parametrize("units", UNITS)
def test_seltens_horse_stays_where_player_3_is_not_asked(units: str) -> None:
    """C, c, and R with at least 3/4; believing D at most 1/3, and just that if 3 mixes.

    The equilibrium (D, c, L) is not sequential: player 2, if asked, would take d for 4.
    """
    scale, shift = UNITS[units]
    game = horse()
    form = ExtensiveForm(game.tree, game.payoffs * scale + shift)
    eq = sequential(form)
    assert eq.status == Status.SOLVED
    C, c, R = eq.strategies[0][0, 0], eq.strategies[1][0, 0], eq.strategies[2][0, 1]
    np.testing.assert_allclose([1.0, 1.0], [C, c], atol=1e-12)
    assert R >= 0.75 - 1e-6
    belief = eq.beliefs[0, 2:]  # the node below C, d comes first
    assert belief[1] <= 1.0 / 3.0 + 1e-6
    assert R >= 1.0 - 1e-6 or abs(belief[1] - 1.0 / 3.0) <= 1e-6


def test_an_empty_threat_is_not_carried_out() -> None:
    """Selten (1978): the incumbent yields, so the entrant enters."""
    entry = decision("i", {"fight": leaf(-1, 0), "yield": leaf(1, 1)})
    eq = sequential(tree(("e", "i"), decision("e", {"enter": entry, "stay out": leaf(0, 2)})))
    assert [[1.0, 0.0]] == eq.strategies[0].tolist()
    assert [[0.0, 1.0]] == eq.strategies[1].tolist()


def test_a_threat_that_no_belief_supports_is_not_sequential_though_subgame_perfect() -> None:
    """Kreps and Wilson (1982): fighting is worse than yielding whichever way the entrant came.

    There is no subgame, so (out, fight) is subgame-perfect.
    """

    def answer(fight: Node, give_in: Node) -> Node:
        return decision("i", {"fight": fight, "yield": give_in}, infoset="i")

    root = decision(
        "e",
        {
            "out": leaf(0, 2),
            "strong": answer(leaf(-1, 0), leaf(2, 1)),
            "weak": answer(leaf(-2, 0), leaf(1, 0.5)),
        },
    )
    form = tree(("e", "i"), root)
    threat = np.array([[1.0, 0.0, 0.0, 1.0, 0.0]])
    assert tree_values(form, threat, np.zeros(1, int), subgame_blocks(form.tree))[1].max() == 0.0
    eq = sequential(form)
    np.testing.assert_array_equal([[0.0, 1.0, 0.0, 0.0, 1.0]], eq.profiles)
    np.testing.assert_allclose([[1.0, 1.0, 0.0]], eq.beliefs, atol=1e-12)


def test_matching_pennies_are_mixed_to_all_digits() -> None:
    """With stakes 3 and 1: the equaliser of each player's opponent is exact."""
    cells = {("h", "h"): leaf(3, -3), ("h", "t"): leaf(-1, 1)}
    cells |= {("t", "h"): leaf(-1, 1), ("t", "t"): leaf(1, -1)}
    eq = sequential(tree("AB", simultaneous("AB", cells)))
    np.testing.assert_allclose([[1 / 3, 2 / 3]], eq.strategies[0], atol=1e-14)
    np.testing.assert_allclose([[1 / 3, 2 / 3]], eq.strategies[1], atol=1e-14)
    np.testing.assert_allclose([[1.0, 1 / 3, 2 / 3]], eq.beliefs, atol=1e-14)


def test_a_bluff_is_called_as_often_as_theory_says() -> None:
    """One-card poker of two cards, ante 1 and bet 1: bluff 1/3, call 2/3, worth 1/3.

    With the low card, betting 1 into a pot of 2: who calls loses 2 to the high card and wins 2 of a
    bluff, against -1 for folding. Indifferent at a bluff 1/3 as often as the high card bets; the
    bluffer is indifferent between -1 and 1 - 3 c at c = 2/3. Value (1 + c)/2 - 1/2 = 1/3.
    """

    def bet(win: float) -> Node:
        ends = {"call": leaf(2 * win, -2 * win), "fold": leaf(1, -1)}
        return decision("B", ends, infoset="bet")

    high = decision("A", {"bet": bet(1.0), "check": leaf(1, -1)})
    low = decision("A", {"bet": bet(-1.0), "check": leaf(-1, 1)})
    eq = sequential(tree("AB", chance({"high": (0.5, high), "low": (0.5, low)})))
    np.testing.assert_allclose([[1, 0, 1 / 3, 2 / 3, 2 / 3, 1 / 3]], eq.profiles, atol=1e-13)
    np.testing.assert_allclose([[1 / 3, -1 / 3]], eq.payoffs, atol=1e-13)
    np.testing.assert_allclose([0.75, 0.25], eq.beliefs[0, 2:], atol=1e-13)


def test_beer_is_traced() -> None:
    """The limit is one of the two pure equilibria, with all of its certificate."""
    eq = sequential(beer_quiche())
    assert eq.profiles[0].tolist() in sequential(beer_quiche(), "pure").profiles.tolist()


def law(form: ExtensiveForm) -> bool:
    """Every law of a sequential equilibrium; whether it was solved."""
    eq = sequential(form)
    owner = np.zeros(1, np.intp)
    assert int(eq.status) in {Status.SOLVED, Status.NOT_CONVERGED}
    gaps = deviation_gaps(form, eq.profiles, eq.row_beliefs, owner)
    by_rule, reached = bayes(form, eq.profiles, owner)
    start = np.cumsum([0, *map(len, form.tree.members)])
    for h, was in enumerate(reached[0]):
        span = slice(start[h], start[h + 1])
        assert abs(eq.row_beliefs[0, span].sum() - 1.0) <= 1e-12
        if was:
            np.testing.assert_allclose(by_rule[0, span], eq.row_beliefs[0, span], atol=1e-12)
    if eq.status == Status.SOLVED:
        assert gaps.max() <= 1e-8
        for blocks in (whole_block(form.tree), subgame_blocks(form.tree)):
            assert tree_values(form, eq.profiles, owner, blocks)[1].max() <= 1e-7
    return bool(eq.status == Status.SOLVED)


@pytest.mark.parametrize("players", [2, 3])
def test_random_trees_are_solved_or_say_so(players: int) -> None:
    """Ties, chance, stages, hidden moves; at least 98 of 100 are solved, each also Nash and SPE."""
    rng = np.random.default_rng(players)
    solved = [law(random_form(rng, players)) for _ in range(150)]
    assert np.mean(solved) >= 0.98


def test_laws_of_trees_hold() -> None:
    """By brute force over deviations in every subgame."""
    rng = np.random.default_rng(11)
    for _ in range(25):
        tree_laws.certified(sequential(random_form(rng, 2)))


def test_a_branch_with_sharp_turns_is_followed() -> None:
    """Folds of these seven games lie within a step of usual length, which lands beyond them."""
    form = random_batch(np.random.default_rng(0), 10_000)
    games = [927, 1799, 2057, 2698, 4761, 8311, 8432]
    eq = sequential(ExtensiveForm(form.tree, form.payoffs[games], form.chance[games]))
    assert (eq.status == Status.SOLVED).all()


def test_beliefs_off_the_path_are_those_of_trembles() -> None:
    """Two sets of B and C see the same move of A: their beliefs about it agree (Kreps-Wilson).

    A stays out for sure; trembles to l and r are what both B and C have to judge, and what B did
    tells nothing about A.
    """

    def later(a: str, b: str) -> Node:
        ends = {"u": leaf(0, 0, float(a == "l")), "v": leaf(0, 0, float(a == "r"))}
        return decision("C", ends, infoset=f"C after {b}")

    def middle(a: str) -> Node:
        return decision("B", {b: later(a, b) for b in "xy"}, infoset="B")

    form = tree("ABC", decision("A", {"out": leaf(5, 0, 0), "l": middle("l"), "r": middle("r")}))
    eq = sequential(form)
    of_b, first, second = np.split(eq.beliefs[0, 1:], 3)
    np.testing.assert_allclose(of_b, first, atol=1e-6)
    np.testing.assert_allclose(of_b, second, atol=1e-6)


def test_what_nature_never_draws_still_has_an_answer() -> None:
    """The node is reached by no strategy; its owner takes the better action there."""
    never = decision("A", {"good": leaf(1), "bad": leaf(0)})
    eq = sequential(tree("A", chance({"never": (0.0, never), "always": (1.0, leaf(2))})))
    np.testing.assert_array_equal([[1.0, 0.0]], eq.profiles)
    assert eq.beliefs.tolist() == [[1.0]]


def test_one_bad_game_stops_nobody_else() -> None:
    """NaN payoffs, and chances that do not add up to one."""
    form = random_batch(np.random.default_rng(2), 6)
    payoffs, odds = form.payoffs.copy(), form.chance.copy()
    payoffs[1, 0, 0] = np.nan
    odds[4, 0] += 0.1
    for method in ("tracing", "pure"):
        eq = sequential(ExtensiveForm(form.tree, payoffs, odds), method)
        expected = np.isin(np.arange(6), (1, 4))
        assert (expected == (eq.status == Status.INVALID_INPUT)).all()
        assert (eq.count[expected] == 0).all()
        assert np.isnan(eq.beliefs[expected]).all()


def test_too_few_steps_are_reported() -> None:
    """The profile is given, but not called solved."""
    eq = sequential(horse(), Tracing(max_steps=3))
    assert (eq.status, eq.count) == (Status.NOT_CONVERGED, 1)


def test_what_the_method_cannot_do_is_refused() -> None:
    """Bargaining, and too many actions: with the place or the number."""
    talks = bargaining({"A": 0.5, "B": 0.5}, leaf(1, 1), leaf(0, 0))
    with pytest.raises(ConceptError, match="no bargaining stages, as at talk"):
        sequential(tree("AB", decision("A", {"talk": talks, "leave": leaf(0, 0)})))
    with pytest.raises(ConceptError, match="501 actions over all information sets, at most 500"):
        sequential(tree("A", decision("A", {str(k): leaf(k) for k in range(501)})))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Tracing(tol=float("nan")),
        lambda: Tracing(max_steps=0),
        lambda: PureAssessments(tol=-1.0),
    ],
)
def test_settings_that_are_no_numbers_are_refused(make) -> None:
    """With the name and what is allowed."""
    with pytest.raises(ParameterError, match=r"(tol|max_steps) = .* is no"):
        make()


def test_payoffs_whose_range_is_no_number_are_invalid() -> None:
    form = tree("AB", decision("B", {"a": leaf(1.7e308, 0), "b": leaf(-1.7e308, 1)}))
    assert Status.INVALID_INPUT == sequential(form).status
