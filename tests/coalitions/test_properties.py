"""Properties of coalition games, by their definitions, and what is computed from tables."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from solver.coalitions import (
    added_values,
    core_interval,
    dual,
    excesses,
    is_big_boss,
    marginal_contributions,
    properties,
    subgame,
    zero_normalised,
)
from solver.concepts.shapley import shapley
from solver.errors import FormError
from solver.forms.coalition import CoalitionGame
from solver.testing import coalition_games, coalition_oracles


def by_definition(game: CoalitionGame) -> dict[str, bool]:
    """Properties of one game of integers, pair of coalitions by pair."""
    v, n = game.worths, len(game.players)
    pairs = [(s, t) for s in range(1 << n) for t in range(1 << n)]
    singles = [v[1 << i] for i in range(n)]
    return {
        "monotone": all(v[s] <= v[s | t] for s, t in pairs),
        "zero_normalised": not any(singles),
        "superadditive": all(v[s] + v[t] <= v[s | t] for s, t in pairs if not s & t),
        "convex": all(v[s] + v[t] <= v[s | t] + v[s & t] for s, t in pairs),
        "essential": bool(v[-1] > sum(singles)),
        "balanced": bool(coalition_oracles.core_vertices(v.tolist())),
    }


@settings(max_examples=80, deadline=None)
@given(game=coalition_games(max_players=4))
def test_properties_are_those_of_the_definitions(game: CoalitionGame) -> None:
    found = properties(game)
    expected = by_definition(game)
    assert expected == {name: bool(getattr(found, name)) for name in expected}


@settings(max_examples=60, deadline=None)
@given(game=coalition_games(min_players=2, max_players=4))
def test_a_big_boss_is_one_by_the_definition(game: CoalitionGame) -> None:
    v, n = game.worths, len(game.players)
    everybody = (1 << n) - 1
    added = [v[everybody] - v[everybody ^ 1 << i] for i in range(n)]
    for boss in range(n):
        expected = by_definition(game)["monotone"]
        for size in range(n + 1):
            for members in combinations(range(n), size):
                s = sum(1 << i for i in members)
                if boss in members:
                    outside = sum(added[i] for i in range(n) if i not in members)
                    expected &= v[everybody] - v[s] >= outside
                else:
                    expected &= v[s] == 0
        assert expected == bool(is_big_boss(game, game.players[boss]))


def test_properties_are_masks_over_the_batch() -> None:
    worths = np.array([[0, 1, 1, 3], [0, 1, 1, 1], [0, 0, 0, 0], [0, np.nan, 0, 0]])
    found = properties(CoalitionGame("ab", worths))
    assert [True, False, False, False] == found.essential.tolist()
    assert [True, False, True, False] == found.convex.tolist()
    assert [False, False, True, False] == found.zero_normalised.tolist()
    assert [True, False, True, False] == found.balanced.tolist()
    assert [True, True, True, False] == found.monotone.tolist()


def test_excesses_are_what_coalitions_lack() -> None:
    game = CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 1, 1])
    assert [0, 0, -1, 0, 0, 1, 0, 0] == excesses(game, [0, 1, 0]).tolist()
    assert (5, 8) == excesses(game, np.zeros((5, 3))).shape
    with pytest.raises(FormError, match=r"payoffs have shape \(2,\): 3 players need 3"):
        excesses(game, [0, 1])


def test_marginal_contributions_average_to_the_shapley_value() -> None:
    """All orders of arrival, one by one."""
    from itertools import permutations

    game = CoalitionGame("abcd", np.random.default_rng(1).normal(size=16) * (np.arange(16) > 0))
    table = marginal_contributions(game)
    total = np.zeros(4)
    for order in permutations(range(4)):
        there = 0
        for i in order:
            there |= 1 << i
            total[i] += table[i, there]
    assert (total / 24).tolist() == pytest.approx(shapley(game).payoffs[0].tolist())
    assert added_values(game).tolist() == table[:, -1].tolist()


def test_a_game_is_the_dual_of_its_dual() -> None:
    game = CoalitionGame("abc", np.array([[0, 1, 2, 4, 3, 5, 6, 9.0], [0, 1, 1, 1, 1, 1, 1, 1]]))
    assert game.worths.tolist() == dual(dual(game)).worths.tolist()
    expected = shapley(game).payoffs
    assert abs(expected - shapley(dual(game)).payoffs).max() <= 1e-12


def test_zero_normalising_moves_the_core_by_what_players_are_worth_alone() -> None:
    game = CoalitionGame("abc", [0.0, 1.0, 2.0, 4.0, 3.0, 6.0, 5.5, 9.0])
    moved, there = core_interval(zero_normalised(game)), core_interval(game)
    assert ([0.0, 0.0, 0.0], [1.0, 2.0, 3.0]) == (
        zero_normalised(game).worths[[1, 2, 4]].tolist(),
        (there.low - moved.low).tolist(),
    )


def test_a_subgame_keeps_the_worths_of_its_coalitions() -> None:
    game = CoalitionGame("abc", np.arange(8.0))
    assert [0, 4, 1, 5] == subgame(game, "ca").worths.tolist()


@pytest.mark.parametrize("players", [2, 3, 4, 5])
def test_an_interval_is_nan_where_there_is_no_core(players: int) -> None:
    worths = np.zeros((3, 1 << players))
    worths[:, -1], worths[1, 1], worths[2, 1] = 1.0, 2.0, np.nan
    found = core_interval(CoalitionGame([str(i) for i in range(players)], worths))
    assert [False, True, False] == found.empty.tolist()
    expected: Any = [[0.0] * players, [1.0] * players]
    assert expected == [found.low[0].tolist(), found.high[0].tolist()]
    assert np.isnan(found.low[1:]).all()


def test_a_core_of_one_point_is_not_lost_to_rounding() -> None:
    """Tenths that sum to one: 0.1 + 0.2 is more than 0.3 in floats."""
    worths = [0.0, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9, 1.0]
    for scale in (1.0, 1e-9, 1e12):
        found = core_interval(CoalitionGame("abc", scale * np.array(worths)))
        assert not found.empty
        assert [0.1, 0.2, 0.7] == pytest.approx((found.low / scale).tolist())
