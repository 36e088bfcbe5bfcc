"""Zero-sum trees: known values, the strategic form as a second route, units, refusals."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import poker
from solver import (
    Equilibria,
    ExtensiveForm,
    Status,
    bargaining,
    chance,
    decision,
    get_threads,
    leaf,
    set_threads,
    simultaneous,
    strategic_form,
    tree,
)
from solver.concepts import _sequence_program, _tree_zero_sum
from solver.concepts._tree_zero_sum import (
    CounterfactualRegret,
    LinearProgram,
    solve_by_regret,
    solve_linear_program,
)
from solver.errors import ConceptError, ParameterError
from solver.forms.telling import Node

pytest.importorskip("highspy")

PLAYERS = ("Ann", "Bob")
BATCH = 20


def lp(form: ExtensiveForm) -> Equilibria:
    return solve_linear_program(form, LinearProgram())


def cfr(form: ExtensiveForm, tol: float = 1e-5, iterations: int = 100_000) -> Equilibria:
    return solve_by_regret(form, CounterfactualRegret(tol=tol, iterations=iterations))


SOLVERS = {"linear-program": (lp, 1e-9), "cfr": (cfr, 1e-5)}


def both(win: Any) -> Node:
    return leaf(win, -np.asarray(win))


def pennies(win: Any = 1.0) -> ExtensiveForm:
    """Matching pennies."""
    lose = -np.asarray(win)
    sides = {("h", "h"): win, ("h", "t"): lose, ("t", "h"): lose, ("t", "t"): win}
    return tree(PLAYERS, simultaneous(PLAYERS, {key: both(value) for key, value in sides.items()}))


def koller_megiddo_von_stengel() -> ExtensiveForm:
    """Figure 1 of Fast algorithms for finding randomized strategies in game trees (1994).

    Rebuilt from its matrix: chance leads to two games of two by two, and to 5 for nothing.
    """

    def last(left: float, right: float) -> Node:
        return decision("Ann", {"L": both(left), "R": both(right)}, infoset="unseen")

    def answer(s: float, t: float) -> Node:
        return decision("Bob", {"s": both(s), "t": both(t)}, infoset="which")

    first = decision("Ann", {
        "l": both(5.0),
        "r": decision("Bob", {"p": last(10.0, 15.0), "q": last(20.0, -5.0)}),
    })  # fmt: skip
    second = decision("Ann", {"c": both(10.0), "d": both(20.0)}, infoset="blind")
    third = decision("Ann", {"c": answer(20.0, 50.0), "d": answer(30.0, 15.0)}, infoset="blind")
    branches = {"1": (0.2, first), "2": (0.2, second), "3": (0.2, third), "4": (0.4, both(5.0))}
    return tree(PLAYERS, chance(branches))


def random_tree(seed: int, games: int = BATCH) -> ExtensiveForm:
    """Chance, hidden moves and up to three actions; payoffs and chances vary over a batch.

    A player's label is all it has seen and done, so that it never forgets.
    """
    rng = np.random.default_rng(seed)
    widths: dict[str, int] = {}

    def told(depth: int, seen: tuple[str, ...]) -> Node:
        if depth == 4 or (depth > 1 and rng.random() < 0.15):
            return both(rng.integers(-9, 10, games).astype(float))
        if depth in {0, 2} and rng.random() < 0.7:
            odds = rng.dirichlet(np.ones(2), games).T
            hidden = rng.random((2, 2)) < 0.5
            nodes = {
                str(k): (odds[k], told(depth + 1, tuple(
                    s + ("?" if hidden[k, i] else str(k)) for i, s in enumerate(seen)
                ))) for k in range(2)
            }  # fmt: skip
            return chance(nodes)
        mover = depth % 2 if rng.random() < 0.8 else 0
        label = f"{depth}{mover}{seen[mover]}"
        width = widths.setdefault(label, int(rng.integers(2, 4)))
        open_to_all = rng.random() < 0.4

        def after(k: int) -> tuple[str, ...]:
            sign = str(k) if open_to_all else "-"
            return tuple(s + ("abc"[k] if i == mover else sign) for i, s in enumerate(seen))

        branches = {"abc"[k]: told(depth + 1, after(k)) for k in range(width)}
        return decision(PLAYERS[mover], branches, infoset=label)

    return tree(PLAYERS, told(0, ("", "")))


def value(eq: Equilibria) -> NDArray[np.float64]:
    return eq.first(eq.payoffs)[..., 0]


def certified(eq: Equilibria) -> None:
    """Gaps are within the tolerance where solved, and strategies are probabilities."""
    solved = eq.status.ravel()[eq.owner] == Status.SOLVED
    assert eq.row_values[1][solved].max(initial=0.0) <= eq.tol
    assert (eq.profiles >= 0.0).all()
    if eq.profiles.size:
        sums = np.add.reduceat(eq.profiles, eq.form.tree.column[:-1], axis=1)
        np.testing.assert_allclose(1.0, sums, rtol=0.0, atol=1e-12)


def matrix_value(A: NDArray[np.float64]) -> float:
    """Value of a matrix game, by the program of von Neumann and Dantzig."""
    optimize = pytest.importorskip("scipy.optimize")
    rows, columns = A.shape
    found = optimize.linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.column_stack([-A.T, np.ones(columns)]),
        b_ub=np.zeros(columns),
        A_eq=[np.append(np.ones(rows), 0.0)],
        b_eq=[1.0],
        bounds=[(0.0, None)] * rows + [(None, None)],
    )
    return float(-found.fun)


@pytest.mark.parametrize("name", SOLVERS)
def test_kuhn_poker_is_worth_an_eighteenth_to_the_second_player(name: str) -> None:
    """Kuhn (1950)."""
    solve, tol = SOLVERS[name]
    eq = solve(poker.kuhn())
    assert (Status.SOLVED, 1, False) == (eq.status, eq.count, eq.complete)
    assert -1.0 / 18.0 == pytest.approx(float(value(eq)), abs=4.0 * tol)
    certified(eq)


def test_the_second_player_of_kuhn_poker_bluffs_and_calls_a_third_of_the_time() -> None:
    """Its optimal strategy is unique: Kuhn (1950)."""
    form = poker.kuhn()
    assert (58, 12) == (form.tree.size, len(form.tree.infosets))
    names = form.actions[1]
    plays = dict(zip(names, lp(form).strategies[1][0].tolist(), strict=True))
    assert 1.0 / 3.0 == pytest.approx(plays["J check: bet"], abs=1e-9)
    assert 1.0 / 3.0 == pytest.approx(plays["Q bet: call"], abs=1e-9)
    assert 1.0 == pytest.approx(plays["K bet: call"], abs=1e-9)
    assert 1.0 == pytest.approx(plays["J bet: fold"], abs=1e-9)


@pytest.mark.parametrize("name", SOLVERS)
def test_the_example_of_koller_megiddo_and_von_stengel_is_worth_thirteen(name: str) -> None:
    """2 + 7/3 + 26/3, with the mixtures of its two games of two by two."""
    solve, tol = SOLVERS[name]
    eq = solve(koller_megiddo_von_stengel())
    assert 13.0 == pytest.approx(float(value(eq)), abs=55.0 * tol)
    if name == "linear-program":
        ann = {"l": 0, "r": 1, "L": 2 / 3, "R": 1 / 3, "c": 1 / 3, "d": 2 / 3}
        bob = {"p": 5 / 6, "q": 1 / 6, "s": 5 / 9, "t": 4 / 9}
        for expected, names, got in zip((ann, bob), eq.form.actions, eq.strategies, strict=True):
            wanted = [expected[label.rpartition(" ")[2]] for label in names]
            np.testing.assert_allclose(wanted, got[0], rtol=0.0, atol=1e-9)


def test_leduc_poker_has_the_tree_and_the_value_of_openspiel() -> None:
    """9,457 states, 936 information states, -0.085606424 for the first player."""
    form = poker.leduc()
    assert (9_457, 936, 5_520) == (form.tree.size, len(form.tree.infosets), len(form.tree.leaves))
    eq = lp(form)
    assert poker.LEDUC_VALUE == pytest.approx(float(value(eq)), abs=1e-8)
    certified(eq)
    learnt = cfr(form, tol=1e-3 / 26.0)
    assert learnt.status == Status.SOLVED
    assert learnt.gap.sum() / 2.0 <= 1e-3
    assert poker.LEDUC_VALUE == pytest.approx(float(value(learnt)), abs=1e-3)


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("seed", range(6))
def test_the_value_is_that_of_the_strategic_form(name: str, seed: int) -> None:
    """Of each game of a batch with payoffs and chances of its own."""
    form = random_tree(seed)
    solve, tol = SOLVERS[name]
    eq = solve(form)
    assert (eq.status == Status.SOLVED).all()
    wanted = [matrix_value(A) for A in strategic_form(form).payoffs[0]]
    np.testing.assert_allclose(wanted, value(eq), rtol=0.0, atol=18.0 * tol)
    certified(eq)


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("units", [(1e12, 0.0), (1e-12, 0.0), (1.0, 1e6), (1.0, -1e12)], ids=str)
def test_units_do_not_matter(name: str, units: tuple[float, float]) -> None:
    """Scaled by powers of ten, or shifted: the same strategies are optimal."""
    scale, shift = units
    form = random_tree(3)
    solve, tol = SOLVERS[name]
    moved = ExtensiveForm(form.tree, form.payoffs * scale + shift, form.chance)
    eq = solve(moved)
    assert (eq.status == Status.SOLVED).all()
    off = np.abs(value(eq) - (value(lp(form)) * scale + shift)).max() / scale
    assert off <= 18.0 * tol + np.spacing(abs(shift))
    certified(eq)


@pytest.mark.parametrize("seed", [9, 12, 21])
def test_payoffs_of_very_different_sizes_are_certified(seed: int) -> None:
    """Here HiGHS calls optimal what is off by more than 1e-9, if payoffs are told in their unit."""
    form = random_tree(seed, 200)
    won = np.random.default_rng(seed).normal(size=form.payoffs.shape[:-1]) ** 9
    eq = lp(ExtensiveForm(form.tree, np.stack([won, -won], axis=-1), form.chance))
    assert (eq.status == Status.SOLVED).all()
    certified(eq)


@pytest.mark.parametrize("name", SOLVERS)
def test_a_bad_game_spoils_no_other(name: str) -> None:
    """Payoffs that are not finite or not zero-sum make that one game invalid."""
    solve, tol = SOLVERS[name]
    payoffs = np.tile(poker.kuhn().payoffs, (4, 1, 1))
    payoffs[1, 0, 0] = np.nan
    payoffs[2, 3, 1] += 1e-6
    chances = np.tile(poker.kuhn().chance, (4, 1))
    chances[3, 0] = 0.5
    eq = solve(ExtensiveForm(poker.kuhn().tree, payoffs, chances))
    bad = Status.INVALID_INPUT
    assert [Status.SOLVED, bad, bad, bad] == eq.status.tolist()
    assert [1, 0, 0, 0] == eq.count.tolist()
    assert -1.0 / 18.0 == pytest.approx(float(value(eq)[0]), abs=4.0 * tol)


@pytest.mark.parametrize("name", SOLVERS)
def test_a_game_that_rounding_makes_unequal_is_solved_as_far_as_that_goes(name: str) -> None:
    """At 1e9 a payoff has seven decimals: more than 1e-9 of a range, and less than 1e-5."""
    solve, tol = SOLVERS[name]
    form = random_tree(3)
    eq = solve(ExtensiveForm(form.tree, form.payoffs / 7.0 + [0.0, 1e9], form.chance))
    solved = eq.status == Status.SOLVED
    assert solved.all() if tol > 1e-6 else not solved.all()
    assert (solved == (eq.certificate.gap <= tol)).all()


@pytest.mark.parametrize("name", SOLVERS)
def test_matching_pennies_is_worth_nothing_by_equal_chances(name: str) -> None:
    """For any batch shape, and for stakes of nothing."""
    solve, tol = SOLVERS[name]
    eq = solve(pennies(np.array([[1.0, 2.0, 0.0], [1e9, 1e-9, 5.0]])))
    assert ((2, 3), True) == (eq.count.shape, bool((eq.status == Status.SOLVED).all()))
    for plays in eq.strategies:
        stakes = plays[[0, 0, 1, 1, 1], [0, 1, 0, 1, 2]]
        np.testing.assert_allclose(0.5, stakes, rtol=0.0, atol=10.0 * tol)
    certified(eq)


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("mover", PLAYERS)
def test_a_player_without_a_move_is_no_obstacle(name: str, mover: str) -> None:
    """The other one takes what is best for itself; without any move there is nothing to choose."""
    solve, tol = SOLVERS[name]
    eq = solve(tree(PLAYERS, decision(mover, {"a": both(1.0), "b": both(2.0), "c": both(3.0)})))
    assert (3.0 if mover == "Ann" else 1.0) == pytest.approx(float(value(eq)), abs=2.0 * tol)
    eq = solve(tree(PLAYERS, both(4.0)))
    assert (Status.SOLVED, 4.0) == (eq.status, float(value(eq)))


@pytest.mark.parametrize("name", SOLVERS)
def test_an_empty_batch_has_no_equilibria(name: str) -> None:
    eq = SOLVERS[name][0](pennies(np.zeros(0)))
    assert (0,) == eq.count.shape


@pytest.mark.parametrize("name", SOLVERS)
def test_answers_do_not_depend_on_threads(name: str) -> None:
    """Nor on how iterations are cut into stretches."""
    form, before = random_tree(2, 200), get_threads()
    try:
        found = []
        for threads in (1, 2):
            set_threads(threads)
            found.append(SOLVERS[name][0](form).profiles.tobytes())
    finally:
        set_threads(before)
    assert found[0] == found[1]


def test_learning_goes_on_where_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Iterations come in stretches, so that a key stops them; the answer is the same."""
    form = poker.kuhn()
    whole = cfr(form, tol=1e-4).profiles.tobytes()
    monkeypatch.setattr(_tree_zero_sum, "STRETCH", 3e3)
    assert whole == cfr(form, tol=1e-4).profiles.tobytes()


def test_learning_that_ends_early_says_so() -> None:
    """With the strategies it has got to, and their gaps."""
    eq = cfr(poker.kuhn(), tol=1e-6, iterations=20)
    assert (Status.NOT_CONVERGED, 1) == (eq.status, eq.count)
    assert 1e-6 < eq.gap.max() < 0.1


def test_a_program_without_its_certificate_is_not_called_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the solver hands over is checked on the payoffs."""
    solve = _sequence_program.LinearPrograms.solve

    def off(self: Any, entries: Any) -> Any:
        points, multipliers, solved = solve(self, entries)
        return points + 1e-3, multipliers, solved

    monkeypatch.setattr(_sequence_program.LinearPrograms, "solve", off)
    eq = lp(poker.kuhn())
    assert (Status.NOT_CONVERGED, 1) == (eq.status, eq.count)
    assert eq.gap.max() > 1e-9


@pytest.mark.parametrize("solve", [lp, cfr])
def test_what_is_not_zero_sum_is_refused(solve: Any) -> None:
    """In words that say how far it is off."""
    form = pennies()
    payoffs = form.payoffs.copy()
    payoffs[0, 1] += 0.25
    with pytest.raises(ConceptError, match=r"the sum of payoffs varies by 0\.25 from leaf to leaf"):
        solve(ExtensiveForm(form.tree, payoffs))
    with pytest.raises(ConceptError, match="two players, this game has 3"):
        solve(tree(("A", "B", "C"), decision("A", {"x": leaf(1, 2, 3), "y": leaf(3, 2, 1)})))
    weights = {"Ann": 0.5, "Bob": 0.5}
    with pytest.raises(ConceptError, match="no tree with bargaining"):
        solve(tree(PLAYERS, bargaining(weights, leaf(1, -1), leaf(0, 0))))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(ConceptError, match=r"need highspy.*pip install coopet\[programs\]"):
        lp(pennies())


@pytest.mark.parametrize("options", [{"iterations": 0}, {"iterations": 2.5}], ids=str)
def test_iterations_that_are_no_number_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match=r"iterations = .* is no whole number from 1"):
        CounterfactualRegret(**options)


@pytest.mark.parametrize("method", [LinearProgram, CounterfactualRegret])
def test_a_tolerance_that_is_no_number_is_refused(method: Any) -> None:
    with pytest.raises(ParameterError, match="tol = nan is no number"):
        method(tol=float("nan"))
