"""Kernels of bargaining and coalitions: interpreted or compiled, one thread or two, the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numba  # noqa: F401  so that kernels are compiled unless a test says otherwise
import numpy as np
import pytest

from solver import (
    BargainingProblem,
    BiformGame,
    CoalitionGame,
    Equilibria,
    FrontierProblem,
    _jit,
    alternating_offers,
    banzhaf,
    biform,
    core,
    egalitarian,
    equal_loss,
    get_threads,
    kalai_smorodinsky,
    least_core,
    nash_bargaining,
    nucleolus,
    outside_option,
    set_threads,
    shapley,
    tau,
    utilitarian,
)

Solver = Callable[[Any], Equilibria]

OF_COALITIONS: dict[str, Solver] = {
    "shapley": shapley,
    "banzhaf": banzhaf,
    "tau": tau,
    "core": core,
    "least-core": least_core,
    "nucleolus": nucleolus,
    "prenucleolus": lambda form: nucleolus(form, "prenucleolus"),
}
#: Of any number of players, in money or not.
OF_MANY: dict[str, Solver] = {
    "nash-bargaining": nash_bargaining,
    "kalai-smorodinsky": kalai_smorodinsky,
    "egalitarian": egalitarian,
    "equal-loss": equal_loss,
    "utilitarian": utilitarian,
}
#: Of two players, where there is a frontier.
OF_TWO: dict[str, Solver] = {
    "alternating-offers": alternating_offers,
    "outside-option": outside_option,
    "outside-option discounted": lambda form: outside_option(form, "discounted"),
}


def answer(eq: Equilibria) -> list[bytes]:
    """All that was computed, bit by bit."""
    return [a.tobytes() for a in (eq.count, eq.status, eq.complete, *eq.row_values)]


def interpreted(patch: pytest.MonkeyPatch, solve: Solver, form: Any) -> list[bytes]:
    """Solve as if numba had never been imported and the work were small."""
    with patch.context() as inside:
        inside.setattr(_jit, "sys", SimpleNamespace(modules={}))
        inside.setattr(_jit, "INTERPRETED_STEPS", np.inf)
        return answer(solve(form))


def mixed(games: int, width: tuple[int, ...]) -> np.ndarray:
    """A third each without ties, with ties, and in large units; one that is not finite."""
    rng = np.random.default_rng(3)
    table = rng.normal(size=(games, *width))
    table[1::3] = rng.integers(0, 4, table[1::3].shape)
    table[2::3] = rng.integers(0, 4, table[2::3].shape) * 1e12
    table.reshape(games, -1)[games // 2, -1] = np.nan
    return table


def coalition_games(games: int, players: int) -> CoalitionGame:
    """Games of so many players."""
    worths = mixed(games, (2**players,))
    worths[:, 0] = 0.0
    return CoalitionGame([str(i) for i in range(players)], worths)


def frontiers(games: int, players: int) -> FrontierProblem:
    """Polytopes of six points; two players with options and without."""
    names = tuple("abcd"[:players])
    outside = (0.1, np.linspace(0.0, 1.0, games), 0.0, 0.0)[:players]
    return FrontierProblem(players=names, vertices=mixed(games, (6, players)), outside=outside)


def in_money(games: int, players: int) -> BargainingProblem:
    """Surpluses with everything else that players may have."""
    table = mixed(games, (2 * players + 1,)).T
    names = tuple("abcd"[:players])
    return BargainingProblem(
        players=names, surplus=table[0] + 1.0, disagreement=tuple(table[1 : players + 1] / 4.0),
        outside=tuple(table[players + 1 :] / 2.0), weights=(1.0, 0.0, 2.0, 3.0)[:players],
        breakdown=0.1,
    )  # fmt: skip


def biform_games(games: int) -> BiformGame:
    """Two of three players have a choice."""
    worths = mixed(games, (2, 2, 1, 8))
    worths[..., 0] = 0.0
    return BiformGame("abc", (("x", "y"), ("x", "y"), ("z",)), worths)


@pytest.mark.parametrize("players", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("name", OF_COALITIONS)
def test_coalitions_interpreted_are_coalitions_compiled(
    monkeypatch: pytest.MonkeyPatch, name: str, players: int
) -> None:
    """Closed forms, tables and linear programs."""
    form, solve = coalition_games(9 if players < 6 else 3, players), OF_COALITIONS[name]
    assert answer(solve(form)) == interpreted(monkeypatch, solve, form)


@pytest.mark.parametrize("make", [in_money, frontiers])
@pytest.mark.parametrize("players", [2, 3, 4])
@pytest.mark.parametrize("name", OF_MANY)
def test_divisions_interpreted_are_divisions_compiled(
    monkeypatch: pytest.MonkeyPatch, name: str, players: int, make: Callable[[int, int], Any]
) -> None:
    """In money and on frontiers."""
    form, solve = make(9, players), OF_MANY[name]
    assert answer(solve(form)) == interpreted(monkeypatch, solve, form)


@pytest.mark.parametrize("make", [in_money, frontiers])
@pytest.mark.parametrize("name", OF_TWO)
def test_offers_interpreted_are_offers_compiled(
    monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[int, int], Any]
) -> None:
    """Also with outside options, of which some bind."""
    form, solve = make(9, 2), OF_TWO[name]
    assert answer(solve(form)) == interpreted(monkeypatch, solve, form)


@pytest.mark.parametrize("division", ["core", "shapley", "nucleolus", "nash-bargaining"])
def test_biform_games_interpreted_are_biform_games_compiled(
    monkeypatch: pytest.MonkeyPatch, division: str
) -> None:
    """Both stages."""

    def solve(form: BiformGame) -> Equilibria:
        return biform(form, division)

    form = biform_games(9)
    assert answer(solve(form)) == interpreted(monkeypatch, solve, form)


@pytest.fixture
def _threads_restored() -> Iterator[None]:
    before = get_threads()
    yield
    set_threads(before)


@pytest.mark.usefixtures("_threads_restored")
@pytest.mark.parametrize(
    ("solve", "form"),
    [
        pytest.param(nucleolus, coalition_games(6_000, 4), id="nucleolus"),
        pytest.param(core, coalition_games(6_000, 4), id="core"),
        pytest.param(shapley, coalition_games(100_000, 3), id="shapley"),
        pytest.param(nash_bargaining, in_money(6_000, 3), id="money"),
        pytest.param(nash_bargaining, frontiers(6_000, 2), id="polyline"),
        pytest.param(nash_bargaining, frontiers(3_000, 3), id="polytope"),
        pytest.param(biform, biform_games(60_000), id="biform"),
    ],
)
def test_two_threads_answer_as_one(solve: Solver, form: Any) -> None:
    """Ranges of the batch are put back in order, whichever finishes first."""
    set_threads(1)
    alone = answer(solve(form))
    set_threads(2)
    assert alone == answer(solve(form))
