"""Every law of coalition games is broken by a solver with one mistake, and by no right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from solver.concepts.nucleolus import nucleolus
from solver.concepts.shapley import shapley
from solver.equilibria import Equilibria, Rows
from solver.forms.coalition import CoalitionGame
from solver.testing import coalition_games, coalition_laws, coalition_oracles

Solver = Callable[[CoalitionGame], Equilibria]

#: Three players, none alike, each needed; its core is large.
GAME = CoalitionGame("abc", [0.0, 1.0, 0.0, 4.0, 2.0, 6.0, 3.0, 12.0])


def changed(solver: Solver, change: Callable[[np.ndarray, CoalitionGame], np.ndarray]) -> Solver:
    """The solver, its payoffs (E, N) changed."""

    def solve(game: CoalitionGame) -> Equilibria:
        found = solver(game)
        payoffs, gaps = found.row_values
        rows = Rows(found.rows.profiles, lambda *_: (change(payoffs, game), gaps))
        return replace(found, rows=rows)

    return solve


def wasteful(x, game):
    return 0.9 * x


def first_comes_first(x, game):
    x = x.copy()
    x[:, 0] += 1.0
    x[:, -1] -= 1.0
    return x


def in_one_unit(x, game):
    """Rounded to whole money: another unit, another answer."""
    return np.round(x)


def per_head(x, game):
    return np.repeat(x.mean(axis=1, keepdims=True), x.shape[1], axis=1)


def squared(x, game):
    """Not linear, but efficient and anonymous."""
    total = x.sum(axis=1, keepdims=True)
    share = x**2
    return total * share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300)


def one_for_all(x, game):
    """The answer of the first game for the whole batch."""
    return np.repeat(x[:1], len(x), axis=0)


MUTANTS = [
    (coalition_laws.efficient, shapley, wasteful),
    (coalition_laws.relabelled, shapley, first_comes_first),
    (coalition_laws.covariant, shapley, in_one_unit),
    (coalition_laws.null_player, shapley, per_head),
    (coalition_laws.additive, shapley, squared),
    (coalition_laws.in_the_core, nucleolus, first_comes_first),
    (coalition_laws.batched, nucleolus, one_for_all),
]


@pytest.mark.parametrize(
    ("law", "solver", "change"), MUTANTS, ids=[law.__name__ for law, _, _ in MUTANTS]
)
def test_the_law_is_broken_by_a_mistake(law, solver, change) -> None:
    game = GAME
    if law is coalition_laws.in_the_core:
        game = CoalitionGame("abc", [0, 0, 0, 1, 0, 1, 0, 1])
    law(solver, game)
    with pytest.raises(AssertionError):
        law(changed(solver, change), game)


def test_equals_are_told_from_others() -> None:
    alike = CoalitionGame("abc", [0.0, 1.0, 1.0, 3.0, 5.0, 8.0, 8.0, 12.0])
    coalition_laws.equal_treatment(shapley, alike)
    with pytest.raises(AssertionError, match="add the same"):
        coalition_laws.equal_treatment(
            changed(shapley, lambda x, _: x + np.array([1.0, -1.0, 0.0])), alike
        )


def test_an_allocation_where_there_is_none_is_noticed() -> None:
    """A solver that gives the prenucleolus for games without imputations, but not for others."""

    def solve(game: CoalitionGame) -> Equilibria:
        return nucleolus(game, "prenucleolus" if game.players[0] == "a" else "programs")

    game = CoalitionGame("ab", [0.0, 2.0, 2.0, 3.0])
    coalition_laws.relabelled(nucleolus, game)
    with pytest.raises(AssertionError, match="the other has none"):
        coalition_laws.relabelled(solve, game)


@settings(max_examples=60, deadline=None)
@given(game=coalition_games(max_players=4, imputations=True))
def test_games_drawn_are_games_with_imputations(game: CoalitionGame) -> None:
    alone = game.worths[[1 << i for i in range(len(game.players))]].sum()
    assert game.worths[-1] >= alone
    assert (game.worths == np.round(game.worths)).all()


def test_the_oracle_knows_a_core_by_hand() -> None:
    """Two gloves on the left, one on the right: all for the right one."""
    assert {(0, 0, 1)} == coalition_oracles.core_vertices([0, 0, 0, 0, 0, 1, 1, 1])
    assert not coalition_oracles.core_vertices([0, 0, 0, 1, 0, 1, 1, 1])
    assert 6 == len(coalition_oracles.core_vertices([0, 0, 0, 1, 0, 1, 1, 3]))
