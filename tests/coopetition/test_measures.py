"""Co-opetition measures against exact equilibria, brute force and programs of HiGHS."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from games import price_build_nf
from solver import NormalForm, Status, minimax, nash, pure_nash
from solver.coopetition import coopetition
from solver.errors import ConceptError
from solver.forms.weighted import weighted
from solver.testing import oracles


def value(A: np.ndarray) -> float:
    """By HiGHS: maximise v with x A >= v."""
    m, n = A.shape
    done = linprog(
        np.r_[np.zeros(m), -1.0], A_ub=np.hstack((-A.T, np.ones((n, 1)))), b_ub=np.zeros(n),
        A_eq=[np.r_[np.ones(m), 0.0]], b_eq=[1.0], bounds=[(0, None)] * m + [(None, None)],
        method="highs",
    )  # fmt: skip
    return -done.fun


def test_the_dilemma_loses_half_by_competing() -> None:
    cell = coopetition(NormalForm([[[2, 0], [3, 1]], [[2, 3], [0, 1]]]))
    assert (4.0, 2.0, 2.0, 2.0, 2.0) == (
        cell.team, cell.welfare_best, cell.welfare_worst, cell.gap_best, cell.gap_worst
    )  # fmt: skip
    assert (0.0, 0.5) == (cell.advantage, cell.discount)


def test_price_and_build_leaves_what_models_say_it_does() -> None:
    """M02 at r = 0: coco (2100, 3000), the only equilibrium gives (1240, 2140)."""
    form = NormalForm([[[3100, 1240], [1600, 640]], [[2000, 2140], [3500, 2740]]])
    cell = coopetition(form)
    assert (5100.0, 3380.0, 1720.0) == (cell.team, cell.welfare_best, cell.gap_worst)
    assert (2100 - 3000) / 2 == cell.advantage


@pytest.mark.parametrize("kind", ["normal", "integers"])
def test_measures_are_those_of_exact_equilibria_and_of_a_linear_program(kind: str) -> None:
    rng = np.random.default_rng(2)
    payoffs = rng.normal(size=(2, 15, 3, 3))
    payoffs = payoffs if kind == "normal" else np.round(payoffs * 2)
    cells = coopetition(NormalForm(payoffs))
    for g in range(15):
        A, B = payoffs[:, g]
        found = [
            np.array(x, float) @ (A + B) @ np.array(y, float)
            for x, y in oracles.extreme_equilibria(A, B)
        ]
        assert (A + B).max() == pytest.approx(cells.team[g])
        assert max(found) == pytest.approx(cells.welfare_best[g])
        assert min(found) == pytest.approx(cells.welfare_worst[g])
        assert value(A - B) / 2 == pytest.approx(cells.advantage[g], abs=1e-9)
    assert (cells.gap_worst >= cells.gap_best).all()
    assert (cells.gap_worst > cells.gap_best + 1e-3).any()  # or best and worst were the same claim


def test_the_gap_closes_as_players_come_to_count_each_other() -> None:
    """All-ones weights: the best equilibrium earns what the team can. Without: it does not."""
    payoffs = np.random.default_rng(4).normal(size=(2, 50, 3, 3))
    form = NormalForm(payoffs)
    team = coopetition(weighted(form, np.ones((2, 2))))
    np.testing.assert_allclose(0.0, team.gap_best, atol=1e-12)
    assert (coopetition(form).gap_best > 0.1).any()


def test_a_zero_sum_game_is_all_competition() -> None:
    A = np.random.default_rng(6).normal(size=(20, 3, 4))
    form = NormalForm([A, -A])
    cells = coopetition(form)
    np.testing.assert_allclose(0.0, cells.gap_worst, atol=1e-12)
    np.testing.assert_allclose(minimax(form).payoffs[:, 0, 0], cells.advantage, atol=1e-9)


def test_three_players_have_no_advantage_and_are_measured_by_pure_equilibria() -> None:
    payoffs = np.random.default_rng(8).integers(0, 9, size=(3, 40, 2, 2, 2)) * 1.0
    cells = coopetition(NormalForm(payoffs))
    assert cells.advantage is None
    total = payoffs.sum(axis=0)
    for g in range(40):
        found = [total[g][at] for at in oracles.pure_equilibria(payoffs[:, g])]
        expected = (max(found), min(found)) if found else (np.nan, np.nan)
        np.testing.assert_array_equal(expected, (cells.welfare_best[g], cells.welfare_worst[g]))
        assert (cells.equilibria.status[g] == Status.NONE_EXIST) == (not found)


def test_equilibria_at_hand_are_not_solved_again() -> None:
    payoffs = np.random.default_rng(11).normal(size=(2, 30, 3, 3))
    form = NormalForm(payoffs)
    eq = nash(form)
    again = coopetition(eq)
    assert again.equilibria is eq
    np.testing.assert_array_equal(coopetition(form).discount, again.discount)
    pure = coopetition(pure_nash(form))
    # The punishment is the worst of all equilibria even where welfare is that of pure ones.
    np.testing.assert_array_equal(again.discount, pure.discount)
    assert np.isnan(pure.welfare_best).any()


def test_a_batch_has_its_axes_and_bad_cells_spoil_themselves_only() -> None:
    nre = np.linspace(100.0, 4e3, 6)[:, None]
    bound = price_build_nf.bind(nre=nre, win_back=[0.0, 0.5, np.nan])
    cells = coopetition(price_build_nf.form(bound))
    for array in (cells.team, cells.gap_best, cells.gap_worst, cells.advantage, cells.discount):
        assert (6, 3) == array.shape
        assert [False, False, True] == np.isnan(array).any(axis=0).tolist()


def test_what_cannot_be_measured_is_refused() -> None:
    form = NormalForm([np.eye(2), -np.eye(2)])
    with pytest.raises(ConceptError, match="nash or pure-nash of a normal form, not of minimax"):
        coopetition(minimax(form))
    with pytest.raises(ConceptError, match="pure-nash applies to"):
        coopetition(np.eye(2))
