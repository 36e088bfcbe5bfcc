"""Biform games: the published example, programs of HiGHS with brute force, and empty cores."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from solver import NormalForm, Status, nash, pure_nash
from solver.concepts.biform import DIVISIONS, Core, biform, induced
from solver.concepts.coco import coco
from solver.errors import ConceptError, ParameterError
from solver.forms.biform import BiformGame
from solver.forms.coalition import CoalitionGame
from solver.testing import oracles

WAIT = ("wait",)


def ingredient(weak: float = 7.0, cost: float = 0.0, confidence: float = 0.5) -> BiformGame:
    """One supplier of one unit, firms that earn 9 and 3 with it; it may raise the weaker one."""

    def second_stage(profile: tuple[str, ...]) -> CoalitionGame:
        worth = {"firm 1": 9.0, "firm 2": weak if profile[0] == "raise" else 3.0}
        paid = cost if profile[0] == "raise" else 0.0

        def earn(members: tuple[str, ...]) -> float:
            if "supplier" not in members:
                return 0.0
            return max((worth[m] for m in members if m in worth), default=0.0) - paid

        return CoalitionGame.from_function(("supplier", "firm 1", "firm 2"), earn)

    players = ("supplier", "firm 1", "firm 2")
    moves = (("leave", "raise"), WAIT, WAIT)
    return BiformGame.from_function(players, moves, second_stage, [confidence] * 3)


def test_the_branded_ingredient_is_worth_two_at_confidence_one_half() -> None:
    """Brandenburger and Stuart (2007): core [3, 9] becomes [7, 9], so 6 becomes 8."""
    game = ingredient()
    supplier = [float(induced(ingredient(confidence=c)).payoffs[0][k, 0, 0])
                for c in (0.0, 1.0) for k in (0, 1)]  # fmt: skip
    assert [3.0, 7.0, 9.0, 9.0] == supplier
    assert [6.0, 8.0] == induced(game).payoffs[0].ravel().tolist()
    for cost, expected in ((1.99, "raise"), (2.01, "leave")):
        eq = biform(ingredient(cost=cost))
        assert (Status.SOLVED, True, 1) == (eq.status, bool(eq.complete), eq.count)
        assert expected == game.actions[0][int(eq.strategies[0][0].argmax())]
    # At cost 2 either will do; a supplier sure of the most has nothing to gain.
    eq = biform(ingredient(cost=2.0))
    assert (Status.DEGENERATE, 2) == (eq.status, eq.count)
    eq = biform(ingredient(cost=0.01, confidence=1.0))
    assert [1.0, 0.0] == eq.strategies[0][0].tolist()


def core_interval(worths: np.ndarray, player: int) -> tuple[float, float] | None:
    """Least and most in the core, by HiGHS; None if it is empty."""
    n = worths.size.bit_length() - 1
    member = np.arange(worths.size)[:, None] >> np.arange(n) & 1
    ends = []
    for sign in (1.0, -1.0):
        done = linprog(
            sign * np.eye(n)[player], A_ub=-member, b_ub=-worths, A_eq=[np.ones(n)],
            b_eq=[worths[-1]], bounds=[(None, None)] * n, method="highs",
        )  # fmt: skip
        if done.status != 0:
            return None
        ends.append(sign * done.fun)
    return ends[0], ends[1]


def random_biform(
    shape: tuple[int, ...], games: int, *, kind: str = "real", cores: bool = True
) -> BiformGame:
    """With `cores`, enough for all together that no core is empty."""
    rng = np.random.default_rng([len(shape), *shape, games, len(kind)])
    n = len(shape)
    size = np.array([s.bit_count() for s in range(2**n)])
    worths = rng.random((games, *shape, 2**n)) * size
    if kind == "integers":
        worths = np.round(3 * worths)
    worths[..., 0] = 0.0
    if cores:
        worths[..., -1] += 2.0 * worths.max(axis=-1) + rng.integers(0, 4, (games, *shape))
    confidence = rng.random((games, n)) if kind == "real" else rng.integers(0, 3, (games, n)) / 2
    names = tuple(tuple(str(a) for a in range(m)) for m in shape)
    return BiformGame(tuple("abcde"[:n]), names, worths, confidence)


def by_programs(form: BiformGame, game: int) -> np.ndarray:
    """Payoffs (N, *shape) of one game, NaN where the core is empty."""
    n = len(form.players)
    payoffs = np.full((n, *form.shape), np.nan)
    for at in np.ndindex(*form.shape):
        for i in range(n):
            ends = core_interval(form.worths[(game, *at)], i)
            if ends is not None:
                c = form.confidence[game, i]
                payoffs[(i, *at)] = c * ends[1] + (1 - c) * ends[0]
    return payoffs


def pure_profiles(eq, game: int) -> list[tuple[int, ...]]:
    rows = range(int(eq.count[game]))
    return [tuple(int(s[game, k].argmax()) for s in eq.strategies) for k in rows]


@pytest.mark.parametrize("kind", ["real", "integers"])
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)], ids=str)
def test_pure_equilibria_are_those_of_programs_and_brute_force(shape, kind: str) -> None:
    form = random_biform(shape, 6, kind=kind)
    eq = biform(form)
    for g in range(6):
        payoffs = by_programs(form, g)
        np.testing.assert_allclose(
            payoffs, [p[g] for p in induced(form).payoffs], atol=1e-7, rtol=0.0
        )
        assert oracles.pure_equilibria(payoffs, slack=1e-9) == pure_profiles(eq, g)
    assert np.nanmax(eq.gap, initial=0.0) <= eq.tol


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (2, 3, 1), (1, 1, 4), (1, 2, 1, 3)], ids=str)
def test_all_extreme_equilibria_are_listed_where_two_players_have_a_choice(shape) -> None:
    form = random_biform(shape, 8)
    eq = biform(form)
    movers = [i for i, m in enumerate(shape) if m > 1]
    for g in range(8):
        payoffs = by_programs(form, g)
        if len(movers) == 2:
            A, B = (payoffs[i].reshape(*(shape[j] for j in movers)) for i in movers)
            expected = nash(NormalForm([A, B]))
            found = [eq.strategies[i][g, : int(eq.count[g])] for i in movers]
            for own, other in zip(expected.strategies, found, strict=True):
                np.testing.assert_allclose(own, other, atol=1e-6)
        else:
            best = payoffs[movers[0]].ravel().argmax()
            assert [best] == eq.strategies[movers[0]][g, : int(eq.count[g])].argmax(axis=1).tolist()
    assert (eq.complete & (eq.status == Status.SOLVED)).all()
    assert np.nanmax(eq.gap) <= eq.tol


def test_two_players_mix_over_the_first_stage_as_in_any_game() -> None:
    """Matching pennies for what each is worth alone; together they always earn 4."""
    pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])
    worths = np.stack([0 * pennies, pennies, -pennies, 0 * pennies + 4], -1)
    eq = biform(BiformGame("ab", [("h", "t")] * 2, worths))
    assert [[0.5, 0.5]] == eq.strategies[0].tolist() == eq.strategies[1].tolist()
    assert [[2.0, 2.0]] == eq.payoffs.tolist()


@pytest.mark.parametrize("division", DIVISIONS)
def test_the_division_of_two_is_half_the_gain_whatever_it_is_called(division: str) -> None:
    """With two players and confidence ½, core, Shapley, nucleolus and Nash are one formula."""
    rng = np.random.default_rng(4)
    worths = rng.random((20, 2, 2, 4))
    worths[..., 0] = 0.0
    worths[..., 3] += 2.0
    form = BiformGame("ab", [("x", "y")] * 2, worths)
    gain = (worths[..., 3] - worths[..., 1] - worths[..., 2]) / 2
    for i, payoff in enumerate(induced(form, division).payoffs):
        np.testing.assert_allclose(worths[..., 1 << i] + gain, payoff, atol=1e-12)
    eq = biform(form, division)
    assert np.nanmax(eq.gap) <= 1e-12


@pytest.mark.parametrize("division", DIVISIONS)
@pytest.mark.parametrize("players", [3, 4, 5])
def test_every_division_shares_what_all_earn_and_is_certified_by_a_second_route(
    division: str, players: int
) -> None:
    form = random_biform((2,) * players, 12)
    total = sum(induced(form, division).payoffs)
    if division != "core":
        np.testing.assert_allclose(form.worths[..., -1], total, rtol=1e-9)
    eq = biform(form, division)
    assert np.nanmax(eq.gap, initial=0.0) <= eq.tol
    expected = pure_nash(induced(form, division))
    np.testing.assert_array_equal(expected.count, eq.count)


def test_shapley_is_the_average_over_orders_and_the_nucleolus_that_of_the_talmud() -> None:
    rng = np.random.default_rng(6)
    worths = np.r_[0.0, rng.random(7)]
    form = BiformGame("abc", [WAIT] * 3, worths.reshape(1, 1, 1, 8))
    shares = np.zeros(3)
    for order in permutations(range(3)):
        before = 0
        for i in order:
            shares[i] += (worths[before | 1 << i] - worths[before]) / 6
            before |= 1 << i
    np.testing.assert_allclose(shares, biform(form, "shapley").payoffs[0])
    estate = BiformGame("abc", [WAIT] * 3, np.reshape([0, 0, 0, 0, 0, 0, 100, 200], (1, 1, 1, 8)))
    np.testing.assert_allclose([50, 75, 75], biform(estate, "nucleolus").payoffs[0])


def test_scarcity_flips_power_so_a_supplier_that_is_not_sure_of_itself_keeps_it_scarce() -> None:
    """Trap 10: three buyers who value a unit at 1. Two units: the core is one point and the
    supplier has all of it, 2. Three units: the core is [0, 3], and it gets three times its
    confidence."""

    def second_stage(profile: tuple[str, ...]) -> CoalitionGame:
        units = {"two": 2, "three": 3}[profile[0]]
        return CoalitionGame.from_function(
            "sabc", lambda members: min(units, len(members) - 1.0) if "s" in members else 0.0
        )

    confidence = np.full((5, 4), 0.5)
    confidence[:, 0] = [0.0, 0.5, 0.66, 0.67, 1.0]
    form = BiformGame.from_function(
        "sabc", [("two", "three"), WAIT, WAIT, WAIT], second_stage, confidence
    )
    supplier = induced(form).payoffs[0][:, :, 0, 0, 0]
    np.testing.assert_allclose(2.0, supplier[:, 0])
    np.testing.assert_allclose(3.0 * confidence[:, 0], supplier[:, 1], atol=1e-12)
    eq = biform(form)
    assert [0, 0, 0, 1, 1] == eq.strategies[0][:, 0].argmax(axis=1).tolist()
    # Shapley's division knows no such power: more units, 1.25 to 1.5, are always better.
    assert [1.25, 1.5] == pytest.approx(induced(form, "shapley").payoffs[0][0, :, 0, 0, 0])


def test_what_all_gain_by_more_is_the_same_game() -> None:
    """Adding to every coalition what its members have anyway adds that to their payoffs."""
    form = random_biform((2, 2, 2), 15)
    extra = np.array([3.0, -1.0, 1e3])
    member = np.arange(8)[:, None] >> np.arange(3) & 1
    for division in DIVISIONS:
        shifted = BiformGame(
            form.players, form.actions, form.worths * 7.0 + member @ extra, form.confidence
        )
        one, other = induced(form, division).payoffs, induced(shifted, division).payoffs
        for i in range(3):
            np.testing.assert_allclose(7.0 * one[i] + extra[i], other[i], rtol=1e-9)
        np.testing.assert_array_equal(biform(form, division).count, biform(shifted, division).count)


def test_dominance_proves_that_the_pure_equilibrium_is_the_only_one() -> None:
    rng = np.random.default_rng(12)
    form = random_biform((2, 2, 2), 200)
    eq = biform(form)
    assert 0 < eq.complete.sum() < 200
    payoffs = np.stack(induced(form).payoffs, 1)
    for g in np.flatnonzero(eq.complete)[:20]:
        assert eq.count[g] == 1
        # No mixed profile is near an equilibrium.
        for _ in range(20):
            mix = rng.dirichlet(np.ones(2) / 2, size=3)
            if np.abs(np.max(mix, axis=1) - 1).max() < 0.05:
                continue
            regret = 0.0
            for i in range(3):
                moved = np.moveaxis(payoffs[g, i], i, 0)
                others = [mix[j] for j in range(3) if j != i]
                value = np.einsum("abc,b,c->a", moved, *others)
                regret = max(regret, value.max() - mix[i] @ value)
            assert regret > 1e-6


def small(worth: float) -> list[float]:
    """Three players of whom two earn `worth`, all three 3: a core up to 2 only."""
    return [0, 0, 0, worth, 0, worth, worth, 3]


def test_an_empty_core_is_a_status_and_harms_only_what_it_touches() -> None:
    moves = [("x", "y"), ("x", "y"), ("x", "y")]

    def game(empty: list[tuple[int, ...]]) -> np.ndarray:
        worths = np.empty((2, 2, 2, 8))
        for at in product(range(2), repeat=3):
            worths[at] = small(2.5 if at in empty else 1.0)
            extra = 1.0 - np.array(at)
            member = np.arange(8)[:, None] >> np.arange(3) & 1
            worths[at] += member @ extra
        return worths

    every = list(product(range(2), repeat=3))
    # Choosing x is worth 1 to each whatever the others do: (x, x, x) is the equilibrium.
    cells = [
        game([]),  # nothing empty
        game([(1, 1, 1), (1, 1, 0)]),  # empty far from the equilibrium
        game([(1, 0, 0)]),  # where a deviation leads
        game([(0, 0, 0)]),  # the equilibrium itself
        game(every),  # everywhere
    ]
    eq = biform(BiformGame("abc", moves, np.stack(cells)))
    assert [Status.SOLVED, Status.SOLVED] == eq.status[:2].tolist()
    assert [Status.EMPTY_CORE] * 3 == eq.status[2:].tolist()
    assert [1, 1, 0, 0, 0] == eq.count.tolist()
    assert [True, False, False, False, False] == eq.complete.tolist()
    assert [[0, 0]] * 3 == [s[:2, 0].argmax(axis=1).tolist() for s in eq.strategies]
    np.testing.assert_allclose(2.0, eq.payoffs[:2, 0])
    assert eq.check() is eq
    # A division that needs no core has an answer everywhere.
    assert (biform(BiformGame("abc", moves, np.stack(cells)), "shapley").count > 0).all()


def test_rows_stay_with_their_games_when_some_cores_are_empty() -> None:
    form = random_biform((2, 2, 2), 300, cores=False)
    eq = biform(form)
    assert {Status.SOLVED, Status.EMPTY_CORE} <= set(eq.status.tolist())
    tables = np.stack(induced(form).payoffs, 1)
    for g in range(300):
        undisputed = []
        for at in np.ndindex(2, 2, 2):
            lines = [np.moveaxis(tables[g, i], i, -1)[tuple(np.delete(at, i))] for i in range(3)]
            if all(line[at[i]] >= line.max() - 1e-12 for i, line in enumerate(lines)):
                undisputed.append(at)
        assert undisputed == pure_profiles(eq, g)
        if np.isfinite(tables[g]).all():
            assert eq.status[g] == (Status.SOLVED if undisputed else Status.NONE_EXIST)
        else:
            assert eq.status[g] == (Status.SOLVED if undisputed else Status.EMPTY_CORE)
            assert not eq.complete[g]


def test_numbers_that_are_none_spoil_their_cell_only() -> None:
    form = random_biform((2, 2, 2), 5)
    worths, confidence = form.worths.copy(), form.confidence.copy()
    worths[1, 0, 1, 0, 3] = np.nan
    worths[2, 1, 1, 1, 7] = np.inf
    confidence[3, 2] = 1.5
    for division in DIVISIONS:
        eq = biform(BiformGame(form.players, form.actions, worths, confidence), division)
        assert [False, True, True, True, False] == (eq.status == Status.INVALID_INPUT).tolist()
        assert biform(form, division).count[[0, 4]].tolist() == eq.count[[0, 4]].tolist()


def test_batches_of_worths_and_confidence_broadcast() -> None:
    form = random_biform((2, 2), 4)
    confidence = np.linspace(0.0, 1.0, 3)[:, None, None] * np.ones((1, 1, 2))
    wide = BiformGame(form.players, form.actions, form.worths, confidence)
    eq = biform(wide)
    assert (3, 4) == eq.count.shape
    for k in range(3):
        alone = biform(BiformGame(form.players, form.actions, form.worths, confidence[k]))
        np.testing.assert_array_equal(alone.count, eq.count[k])
    assert biform(form.over((2, 4), None)).count.shape == (2, 4)
    empty = BiformGame("ab", [("x", "y")] * 2, np.zeros((0, 2, 2, 4)))
    assert (0,) == biform(empty).count.shape


def test_what_is_no_division_is_refused() -> None:
    form = random_biform((2, 2), 1)
    with pytest.raises(ConceptError, match="did you mean shapley"):
        induced(form, "shaply")
    with pytest.raises(ConceptError, match="biform applies to biform games"):
        biform(NormalForm([np.eye(2)] * 2))
    with pytest.raises(ParameterError, match="tol = -1"):
        Core(tol=-1)
    with pytest.raises(ConceptError, match="coco applies to"):
        coco(form)


@pytest.mark.parametrize("unit", [1.0, 1e12, 1e-9])
@pytest.mark.parametrize("division", DIVISIONS)
def test_moves_that_change_nothing_for_a_player_are_ties(division: str, unit: float) -> None:
    """In games of which all division leaves a player what it is worth alone, whatever it does.

    Sums in another order leave other last digits; none of them may decide.
    """
    rng = np.random.default_rng(4)
    alone = rng.uniform(0.1, 1.0, (40, 1, 1, 3))
    others = alone + np.array([0.0, 1.0, 1.0]) * rng.uniform(0.0, 1.0, (40, 2, 1, 3))
    worths = unit * (others @ (np.arange(8)[:, None] >> np.arange(3) & 1).T)
    worths = worths.reshape(40, 2, 1, 1, 8)
    worths[..., 0] = 0.0
    game = BiformGame("abc", (("x", "y"), WAIT, WAIT), worths)
    found = biform(game, division)
    np.testing.assert_array_equal(found.count, np.full(40, 2))
    assert (found.status == Status.DEGENERATE).all()
    assert found.gap.max() <= found.tol
