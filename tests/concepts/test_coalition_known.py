"""Coalition games whose answers are in papers and books, or follow from a theorem."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
import pytest

from solver.coalitions import core_interval, is_big_boss
from solver.concepts.banzhaf import banzhaf
from solver.concepts.core import core
from solver.concepts.least_core import least_core, least_core_excess
from solver.concepts.nucleolus import nucleolus
from solver.concepts.shapley import shapley
from solver.concepts.tau import tau
from solver.equilibria import Status
from solver.errors import ConceptError
from solver.forms.coalition import CoalitionGame

VALUES = [shapley, nucleolus, tau]


def bankruptcy(estate: float, claims: Sequence[float]) -> CoalitionGame:
    """What is left of the estate once all others have what they claim (O'Neill 1982)."""

    def worth(members: tuple[int, ...]) -> float:
        return max(0.0, estate - sum(c for i, c in enumerate(claims) if i not in members))

    return CoalitionGame.from_function([str(c) for c in claims], worth, by_index=True)


def supplier(gains: Sequence[float]) -> CoalitionGame:
    """One supplier and buyers who are alike: with k of them it earns gains[k]."""
    players = ("supplier", *(f"buyer {k}" for k in range(1, len(gains))))
    return CoalitionGame.from_function(
        players, lambda members: gains[len(members) - 1] if "supplier" in members else 0.0
    )


def builders(values: Sequence[float], build: Sequence[float], capacity: int) -> CoalitionGame:
    """Buyers who can build; the supplier serves as many as it can of those who gain most."""

    def worth(members: tuple[int, ...]) -> float:
        buyers = [i - 1 for i in members if i > 0]
        gains = sorted((max(0.0, values[i] - build[i]) for i in buyers), reverse=True)
        return sum(build[i] for i in buyers) + sum(gains[:capacity] if 0 in members else [])

    return CoalitionGame.from_function("sabc", worth, by_index=True)


GLOVE = CoalitionGame(("left", "right", "also right"), [0, 0, 0, 1, 0, 1, 0, 1])
MAJORITY = CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 1, 1])


def payoffs(concept: Any, game: CoalitionGame, method: str | None = None) -> list[float]:
    """The one allocation, which must be certified."""
    found = concept(game, method).check()
    assert 1 == found.count
    assert found.complete or concept is least_core
    return [float(x) for x in found.payoffs[0]]


@pytest.mark.parametrize(
    ("estate", "expected"),
    [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))],
)
def test_the_nucleolus_divides_estates_as_the_talmud_does(
    estate: float, expected: tuple[float, ...]
) -> None:
    """Aumann and Maschler (1985)."""
    assert expected == pytest.approx(payoffs(nucleolus, bankruptcy(estate, (100, 200, 300))))


def test_the_nucleolus_of_a_bankruptcy_game_of_ten_is_the_talmud_rule() -> None:
    """Constrained equal awards of half the claims, in closed form by bisection."""
    claims = np.array([5.0, 8, 13, 21, 34, 55, 89, 144, 233, 377])
    for estate in (60.0, 250.0, 489.5, 700.0, 950.0):
        half = claims / 2
        lesser = min(estate, claims.sum() - estate)
        low, high = 0.0, claims.max()
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if np.minimum(half, middle).sum() < lesser else (low, middle)
        award = np.minimum(half, low)
        expected = award if estate <= claims.sum() / 2 else claims - award
        assert expected.tolist() == pytest.approx(payoffs(nucleolus, bankruptcy(estate, claims)))


def test_the_owner_of_the_scarce_glove_gets_all_in_the_core_and_most_of_the_shapley_value() -> None:
    assert [2 / 3, 1 / 6, 1 / 6] == pytest.approx(payoffs(shapley, GLOVE))
    assert [1, 0, 0] == pytest.approx(payoffs(nucleolus, GLOVE))
    assert [[1, 0, 0]] == core(GLOVE).check().payoffs.tolist()


def test_three_players_who_need_a_majority_have_no_core() -> None:
    found = core(MAJORITY)
    assert (Status.NONE_EXIST, 0, True) == (found.status, found.count, found.complete)
    assert [1 / 3] * 3 == pytest.approx(payoffs(nucleolus, MAJORITY))
    assert 1 / 3 == pytest.approx(least_core_excess(least_core(MAJORITY)))


def test_a_supplier_of_buyers_alike_bargains_with_each_on_the_margin() -> None:
    game = supplier([0, 10, 18, 24])
    assert is_big_boss(game, "supplier")
    assert 13 == pytest.approx(payoffs(shapley, game)[0])
    for concept in (nucleolus, tau):
        assert [15, 3, 3, 3] == pytest.approx(payoffs(concept, game))


def test_complements_part_the_nucleolus_from_half_the_margins() -> None:
    """f = k² is convex: no big boss, and half of every added value would leave less."""
    game = supplier([0, 1, 4, 9])
    assert not is_big_boss(game, "supplier")
    assert 3.5 == pytest.approx(payoffs(shapley, game)[0])
    assert [2.25] * 4 == pytest.approx(payoffs(nucleolus, game))
    assert 1.5 == 9 - 3 * (9 - 4) / 2


def test_scarce_capacity_leaves_everything_to_the_supplier() -> None:
    game = supplier([0, 1, 2, 2])
    assert 1.25 == pytest.approx(payoffs(shapley, game)[0])
    assert [2, 0, 0, 0] == pytest.approx(payoffs(nucleolus, game))
    assert [[2, 0, 0, 0]] == core(game).check().payoffs.tolist()


@pytest.mark.parametrize(
    ("capacity", "middle", "average"),
    [
        (3, [24, 20, 12, 6], [24, 20, 12, 6]),
        (2, [30, 14, 6, 0], [21, 17, 9, 3]),
        (1, [18, 12, 4, 0], [41 / 3, 41 / 3, 17 / 3, 1]),
    ],
)
def test_more_capacity_can_lower_what_the_supplier_gets(
    capacity: int, middle: list[float], average: list[float]
) -> None:
    game = builders((30, 20, 12), (10, 4, 0), capacity)
    assert middle == pytest.approx(payoffs(nucleolus, game))
    assert average == pytest.approx(payoffs(shapley, game))


@pytest.mark.parametrize(("weaker", "least", "half"), [(3, 3, 6), (7, 7, 8)])
def test_competition_among_buyers_is_worth_paying_for(
    weaker: float, least: float, half: float
) -> None:
    """A branded ingredient (Brandenburger and Stuart 2007)."""
    values = {"x": 9.0, "y": weaker}

    def worth(members: tuple[str, ...]) -> float:
        return max((values.get(m, 0.0) for m in members), default=0.0) if "s" in members else 0.0

    game = CoalitionGame.from_function(("s", "x", "y"), worth)
    found = core_interval(game)
    assert (least, 9) == (found.low[0], found.high[0])
    assert half == found.at(0.5)[0]
    assert {least, 9.0} == set(core(game).payoffs[:, 0].tolist())


@pytest.mark.parametrize("concept", VALUES, ids=lambda concept: concept.name)
def test_two_players_divide_the_synergy_equally(concept: Any) -> None:
    """The standard solution."""
    worths = np.array([[0, 3, -2, 11], [0, 0, 0, 1], [0, 5, 5, 10]])
    expected = worths[:, 1:3] + (worths[:, 3:] - worths[:, 1:3].sum(axis=1, keepdims=True)) / 2
    found = concept(CoalitionGame("ab", worths)).check()
    assert abs(expected - found.payoffs[:, 0]).max() <= 1e-12


def test_an_airport_is_paid_for_by_those_who_need_the_longer_runway() -> None:
    """Littlechild and Owen (1973): each stretch is shared by all who need it."""
    needs = [1.0, 3.0, 7.0, 20.0]
    game = CoalitionGame.from_function(
        "abcd", lambda members: -max(needs[i] for i in members), by_index=True
    )
    stretches = np.diff([0.0, *needs]) / np.arange(4, 0, -1)
    assert (-np.cumsum(stretches)).tolist() == pytest.approx(payoffs(shapley, game))


def test_votes_of_the_security_council_have_the_known_power() -> None:
    """Fifteen players, five with a veto, nine votes, the five with a veto nearly all of it."""

    s = np.arange(1 << 15)
    permanent = (s & 31) == 31
    others = np.zeros(len(s), int)
    for i in range(5, 15):
        others += s >> i & 1
    game = CoalitionGame([str(i) for i in range(15)], (permanent & (others >= 4)).astype(float))
    found = payoffs(shapley, game)
    # A small one is decisive when it comes ninth, after all of the five and three of the nine.
    small = Fraction(84 * factorial(8) * factorial(6), factorial(15))
    assert float(small) == pytest.approx(found[14], abs=1e-12)
    assert float((1 - 10 * small) / 5) == pytest.approx(found[0], abs=1e-12)


def test_raw_banzhaf_values_count_swings_and_normalised_ones_share() -> None:
    """Weights 3, 2, 1 and a quota of 4: swings 3, 1, 1 of 4 coalitions of the others each."""
    worths = [0, 0, 0, 1, 0, 1, 0, 1]
    game = CoalitionGame("abc", worths)
    assert [3 / 4, 1 / 4, 1 / 4] == payoffs(banzhaf, game)
    assert [3 / 5, 1 / 5, 1 / 5] == pytest.approx(payoffs(banzhaf, game, "normalised"))


def test_normalised_banzhaf_values_need_a_sum_to_share() -> None:
    found = banzhaf(CoalitionGame("ab", [0.0, 1.0, -3.0, 2.0]), "normalised")
    assert (Status.SOLVED, [3.0, -1.0]) == (found.status, found.payoffs[0].tolist())
    # Everybody adds 1 alone, -1 to one other (twice) and 1 to two: nothing on average.
    none = banzhaf(CoalitionGame("abc", [0, 1, 1, 0, 1, 0, 0, 1]), "normalised")
    assert (Status.NONE_EXIST, 0) == (none.status, none.count)


def test_tau_needs_a_quasi_balanced_game() -> None:
    assert Status.NONE_EXIST == tau(MAJORITY).status
    assert [1 / 3] * 3 == pytest.approx(payoffs(tau, CoalitionGame("abc", MAJORITY.worths * [
        1, 1, 1, 2 / 3, 1, 2 / 3, 2 / 3, 1])))  # fmt: skip


def test_a_nucleolus_needs_imputations_and_a_prenucleolus_does_not() -> None:
    game = CoalitionGame("ab", [0.0, 2.0, 2.0, 3.0])
    assert Status.NONE_EXIST == nucleolus(game).status
    assert [1.5, 1.5] == payoffs(nucleolus, game, "prenucleolus")


def test_the_prenucleolus_may_give_a_player_less_than_it_is_worth_alone() -> None:
    """Player a takes from others' coalitions what it brings: not zero-monotonic."""
    worths = np.zeros(8)
    worths[6] = 10.0  # b and c
    game = CoalitionGame("abc", worths)
    before = payoffs(nucleolus, game, "prenucleolus")
    assert before[0] < 0.0
    assert [0.0, 0.0, 0.0] == pytest.approx(payoffs(nucleolus, game))


def test_one_player_keeps_what_it_is_worth() -> None:
    game = CoalitionGame("a", [[0.0, 7.0], [0.0, -2.0]])
    for concept in (shapley, banzhaf, nucleolus, tau, core, least_core):
        assert [[[7.0]], [[-2.0]]] == concept(game).check().payoffs.tolist(), concept.name


def test_the_core_of_a_convex_game_has_the_marginal_vectors_as_vertices() -> None:
    """Shapley (1971): with strict convexity N! of them."""
    players = 5
    size = np.array([s.bit_count() for s in range(1 << players)], float)
    weights = np.array([sum(i + 1 for i in range(players) if s >> i & 1) for s in range(32)])
    found = core(CoalitionGame("abcde", size**2 + weights * 0.01)).check()
    assert (120, True) == (int(found.count), bool(found.complete))


def test_beyond_five_players_the_core_is_told_by_two_points_per_player() -> None:
    size = np.array([s.bit_count() for s in range(64)], float)
    found = core(CoalitionGame("abcdef", size**2)).check()
    assert not found.complete
    assert 6 <= found.count <= 12
    assert [1.0] * 6 == pytest.approx(found.payoffs.min(axis=0).tolist())
    assert [11.0] * 6 == pytest.approx(found.payoffs.max(axis=0).tolist())
    whole = core(CoalitionGame("abcdef", (size == 6.0) * 0.0))
    assert (1, True, Status.SOLVED) == (whole.count, whole.complete, whole.status)


def test_dollars_by_the_trillion_leave_synergies_their_digits() -> None:
    alone = 1e12 * np.array([1.0, 2.0, 3.0])
    brought = np.array([sum(alone[i] for i in range(3) if s >> i & 1) for s in range(8)])
    small = bankruptcy(200, (100, 200, 300)).worths
    for concept in (nucleolus, shapley, tau):
        shares = concept(CoalitionGame("abc", small)).payoffs[0]
        found = concept(CoalitionGame("abc", small + brought)).check()
        assert abs(alone + shares - found.payoffs[0]).max() <= 5e-4  # one unit in the last place
        scaled = concept(CoalitionGame("abc", 1e12 * small)).check()
        assert (1e12 * shares).tolist() == pytest.approx(scaled.payoffs[0].tolist())


@pytest.mark.parametrize(
    "concept",
    [shapley, banzhaf, nucleolus, tau, core, least_core],
    ids=lambda concept: concept.name,
)
@pytest.mark.parametrize("players", [2, 3, 4, 6])
def test_what_is_not_finite_is_a_status_there(concept: Any, players: int) -> None:
    worths = np.zeros((3, 1 << players))
    worths[:, -1] = 1.0
    worths[1, 1], worths[2, -1] = np.nan, np.inf
    found = concept(CoalitionGame([str(i) for i in range(players)], worths))
    expected = [Status.SOLVED, Status.INVALID_INPUT, Status.INVALID_INPUT]
    assert expected == found.status.tolist()
    assert [0, 0] == found.count[1:].tolist()


def test_a_large_game_and_a_batch_of_none_are_no_trouble() -> None:
    size = np.array([s.bit_count() for s in range(1 << 10)], float)
    game = CoalitionGame([str(i) for i in range(10)], size * (size - 1))
    assert [9.0] * 10 == pytest.approx(payoffs(nucleolus, game))
    for concept in (shapley, banzhaf, nucleolus, tau, core, least_core):
        assert (0,) == concept(CoalitionGame("abc", np.zeros((0, 8)))).count.shape


def test_the_excess_of_another_answer_is_refused() -> None:
    with pytest.raises(ConceptError, match="what least_core returned, not shapley"):
        least_core_excess(shapley(GLOVE))


@pytest.mark.parametrize("concept", [shapley, nucleolus], ids=lambda concept: concept.name)
def test_exact_answers_are_fractions(concept: Any) -> None:
    found = concept(CoalitionGame.exactly("abc", [0, 0, 0, "1/3", 0, "1/3", "1/3", "2/3"]), "exact")
    assert Status.SOLVED == found.status
    assert ((Fraction(2, 9),) * 3,) == found.rows.exact.payoffs
    batch = concept(CoalitionGame("ab", [[0, 1, 2, 9], [0, np.nan, 0, 0]]), "exact")
    assert [Status.SOLVED, Status.INVALID_INPUT] == batch.status.tolist()
    assert [4.0, 5.0] == batch.payoffs[0, 0].tolist()


def test_a_core_is_no_point_because_the_players_are_worth_much_alone() -> None:
    """Six players with 0.001 to share beyond a million each: six corners, and not all are listed.

    The core is the simplex of what is left, whatever the players are worth alone.
    """
    worths = 1e6 * (np.arange(64)[:, None] >> np.arange(6) & 1).sum(axis=1)
    worths[-1] += 1e-3
    found = core(CoalitionGame("abcdef", worths))
    assert int(found.count) >= 2
    assert not found.complete
    np.testing.assert_allclose(np.ptp(found.payoffs, axis=0), np.full(6, 1e-3), rtol=1e-5)
