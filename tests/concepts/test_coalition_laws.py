"""Laws of allocations, on games drawn by hypothesis."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver._jit import interpret
from solver.coalitions import excesses, is_big_boss, properties
from solver.concepts._core import core_intervals
from solver.concepts.banzhaf import banzhaf
from solver.concepts.core import core
from solver.concepts.least_core import least_core, least_core_excess
from solver.concepts.nucleolus import nucleolus
from solver.concepts.shapley import shapley
from solver.concepts.tau import tau
from solver.equilibria import Status
from solver.forms.coalition import CoalitionGame
from solver.kernels.kohlberg import certified_nucleoli
from solver.testing import coalition_games, coalition_laws
from solver.testing.coalition_laws import LAWS
from tests.coalitions.games import FAMILIES, draw

CONCEPTS = [shapley, banzhaf, nucleolus, tau, least_core]
CASES = [(concept, law) for concept in CONCEPTS for law in LAWS[concept.name]]


@pytest.mark.parametrize(
    ("concept", "law"), CASES, ids=[f"{c.name}-{law.__name__}" for c, law in CASES]
)
@settings(max_examples=25, deadline=None)
@given(game=coalition_games(max_players=4))
def test_the_law_holds(concept: Any, law: Any, game: CoalitionGame) -> None:
    law(concept, game)


@settings(max_examples=10, deadline=None)
@given(game=coalition_games(max_players=4))
def test_the_prenucleolus_is_in_the_core_too(game: CoalitionGame) -> None:
    laws = [coalition_laws.in_the_core, coalition_laws.efficient, coalition_laws.covariant]
    coalition_laws.check(game, partial(nucleolus, method="prenucleolus"), laws)


@settings(max_examples=15, deadline=None)
@given(game=coalition_games(max_players=4))
def test_exact_answers_are_the_floats(game: CoalitionGame) -> None:
    for concept in (shapley, nucleolus):
        exact, floats = concept(game, "exact").check(), concept(game).check()
        assert exact.status == floats.status
        near = 1e-12 * max(1.0, abs(game.worths).max())
        assert abs(exact.payoffs - floats.payoffs).max(initial=0.0) <= near


@pytest.mark.parametrize("players", [3, 4, 5])
def test_convex_games_have_their_shapley_value_in_the_core(players: int) -> None:
    """Shapley (1971)."""
    game = CoalitionGame([str(i) for i in range(players)], draw("convex", 200, players, 3))
    assert properties(game).convex.all()
    worst = excesses(game, shapley(game).payoffs[:, 0])[:, 1:].max(axis=1)
    assert worst.max() <= 1e-9


def big_bosses(buyers: int) -> CoalitionGame:
    """Strong big-boss games: what is added to the boss falls with the size of the coalition."""
    random = np.random.default_rng(5)
    steps = np.sort(random.integers(0, 9, (200, buyers)), axis=1)[:, ::-1]
    gains = np.concatenate((np.zeros((200, 1)), steps.cumsum(axis=1)), axis=1)
    s = np.arange(1 << (buyers + 1))
    size = np.array([int(c).bit_count() - 1 for c in s])
    worths = np.where(s & 1, gains[:, np.maximum(size, 0)], 0.0)
    return CoalitionGame([str(i) for i in range(buyers + 1)], worths)


@pytest.mark.parametrize("buyers", [2, 3, 4])
def test_big_bosses_give_half_of_what_each_adds(buyers: int) -> None:
    """Muto, Nakayama, Potters and Tijs (1988): nucleolus and τ are the middle of the core."""
    game = big_bosses(buyers)
    assert is_big_boss(game, "0").all()
    added = game.worths[:, -1:] - game.worths[:, [len(game.worths[0]) - 1 - (1 << i)
                                                  for i in range(1, buyers + 1)]]  # fmt: skip
    for concept in (nucleolus, tau):
        assert abs(added / 2 - concept(game).check().payoffs[:, 0, 1:]).max() <= 1e-9
    bounds = core_intervals(game.worths, buyers + 1)
    assert abs(bounds.low[:, 1:]).max() <= 1e-9
    assert abs(bounds.high[:, 1:] - added).max() <= 1e-9


@pytest.mark.parametrize("players", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_core_is_empty_where_the_least_excess_is_positive(family: str, players: int) -> None:
    """Bondareva (1963) and Shapley (1967), by two programs that share no code but the pivots."""
    table = draw(family, 60, players, 4)
    game = CoalitionGame([str(i) for i in range(players)], table)
    epsilon = least_core_excess(least_core(game).check())
    assert (epsilon > 1e-9).tolist() == core_intervals(table, players).empty.tolist()


@pytest.mark.parametrize("players", [3, 6])
def test_core_vertices_attain_the_intervals(players: int) -> None:
    table = draw("roomy", 100, players, 6)
    found, bounds = core(CoalitionGame(list("abcdef"[:players]), table)), None
    bounds = core_intervals(table, players)
    some = found.count > 0
    assert some.sum() >= 50
    assert abs(np.nanmin(found.payoffs[some], axis=1) - bounds.low[some]).max() <= 1e-9
    assert abs(np.nanmax(found.payoffs[some], axis=1) - bounds.high[some]).max() <= 1e-9


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_the_certificate_notices_any_other_allocation(data: st.DataObject) -> None:
    """Kohlberg's criterion holds at the nucleolus alone."""
    from solver.kernels.kohlberg import criterion
    from solver.kernels.nucleolus import nucleolus_of

    game = data.draw(coalition_games(min_players=2, max_players=4, imputations=True))
    n = len(game.players)
    x, weight = np.zeros(n), np.zeros(n * n)
    column, level = np.zeros(n * n, np.int64), np.zeros(n * n, np.int64)
    places, work = np.zeros((2, n), np.int64), np.zeros((2 * n + 6, n + 1))
    wide, basis, excess = np.zeros((n + 4, (1 << n) + n)), np.zeros((n + 1, n)), np.zeros(1 << n)
    status, used = interpret(
        nucleolus_of,
        game.worths,
        n,
        True,
        1e-12,
        1e-14,
        x,
        column,
        level,
        weight,
        places,
        work,
        wide,
    )
    named = used, column, level, weight, basis, excess
    assert Status.SOLVED == status
    assert interpret(criterion, game.worths, n, True, x, *named) <= 1e-9
    moved = x.copy()
    step = 0.25 * max(1.0, abs(game.worths).max())
    moved[0] += step
    moved[1] -= step
    assert interpret(criterion, game.worths, n, True, moved, *named) > 1e-6
    halved = used, column, level, weight * 0.5, basis, excess
    assert interpret(criterion, game.worths, n, True, x, *halved) in {0.0, np.inf}


def test_interpreted_nucleoli_are_compiled_ones() -> None:
    table = np.concatenate([draw(family, 1, 3, 9) for family in FAMILIES])
    answers = []
    for run in (interpret, lambda kernel, *args: kernel(*args)):
        made = [np.zeros((len(table), 3)), np.zeros(len(table)), np.zeros(len(table), np.int8)]
        alone = np.zeros(len(table), np.bool_)
        run(certified_nucleoli, table, 0, len(table), 3, True, 1e-12, 1e-9, *made, alone)
        answers.append([array.tobytes() for array in (*made, alone)])
    assert answers[0] == answers[1]
