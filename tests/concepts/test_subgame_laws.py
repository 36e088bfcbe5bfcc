"""What holds for the subgame-perfect equilibria of every tree, and of every batch of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from solver import Equilibria, Status
from solver.concepts import _subgame_steps, _subgames
from solver.concepts._rows import regrets
from solver.concepts._tree_values import subgame_blocks, tree_values, whole_block
from solver.forms.extensive import ExtensiveForm
from solver.forms.strategic import pure_plans, strategic_form
from solver.forms.telling import Node, bargaining, chance, decision, leaf, simultaneous, tree
from tests.concepts.subgame_trees import batches, random_form, solved
from tests.concepts.test_subgames import BATTLE, twice

SEEDS = range(12)


def mixtures(form: ExtensiveForm, profiles: np.ndarray) -> np.ndarray:
    """Behavior strategies as mixtures of plans (Kuhn 1953): products along each plan."""
    top, parts = form.tree, []
    for i in range(len(top.players)):
        begin, end = top.column[top.first_infoset[i : i + 2]]
        own = profiles[:, None, begin:end]
        plan = pure_plans(top, i)[None, :, 1:] > 0
        parts.append(np.where(plan, own, 1.0).prod(axis=2))
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("players", [2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_equilibrium_is_a_nash_equilibrium(seed: int, players: int) -> None:
    """Of the strategic form, and by the sequences of the whole tree; payoffs are the same."""
    form = random_form(np.random.default_rng([seed, players]), players)
    eq = solved(form)
    table = strategic_form(form)
    mixed = mixtures(form, eq.profiles)
    payoffs, gaps = regrets(table, mixed, eq.owner)
    assert gaps.max(initial=0.0) <= 1e-9
    np.testing.assert_allclose(payoffs, eq.row_values[0], rtol=0.0, atol=1e-12)
    _, gaps = tree_values(form, eq.profiles, eq.owner, whole_block(form.tree))
    assert gaps.max(initial=0.0) <= 1e-9


def pointwise(eq: Equilibria, form: ExtensiveForm) -> None:
    payoffs, odds = form.flat()[:2]
    for g in range(len(payoffs)):
        alone = solved(ExtensiveForm(form.tree, payoffs[g], odds[g]))
        assert (alone.status, alone.complete) == (eq.status[g], eq.complete[g])
        own = eq.owner == g
        np.testing.assert_allclose(alone.profiles, eq.profiles[own], rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(alone.payoffs, eq.row_values[0][own], rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_is_a_list_of_games(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is divided, in whatever order its numbers are in memory."""
    rng = np.random.default_rng(seed)
    form = random_form(rng, 2 + seed % 2)
    for batch in batches(rng, form, 7):
        pointwise(solved(batch), batch)
        with monkeypatch.context() as inside:
            inside.setattr(_subgame_steps, "MOST_ROWS", 4)
            inside.setattr(_subgame_steps, "ROOM", 50)
            inside.setattr(_subgames, "PART", 3)
            pointwise(solved(batch), batch)


@pytest.mark.parametrize(("scale", "shift"), [(1e12, 0.0), (2.0**-40, 0.0), (1.0, 2.0**40)])
@pytest.mark.parametrize("seed", SEEDS)
def test_units_change_nothing(seed: int, scale: float, shift: float) -> None:
    """Positive affine maps of payoffs, another one for each player."""
    form = random_form(np.random.default_rng(seed), 2)
    scales, shifts = np.array([scale, 1.0]), np.array([shift, -3.0 * shift])
    before = solved(form)
    after = solved(ExtensiveForm(form.tree, form.payoffs * scales + shifts, form.chance))
    assert (before.status, before.complete) == (after.status, after.complete)
    np.testing.assert_allclose(before.profiles, after.profiles, rtol=0.0, atol=1e-9)
    moved = before.row_values[0] * scales + shifts
    np.testing.assert_allclose(moved, after.row_values[0], rtol=1e-15, atol=1e-9 * scale)


def told(players: tuple[str, ...], rng: np.random.Generator) -> ExtensiveForm:
    """The same game, whatever the order of the players."""

    def end() -> Node:
        u = dict(zip("ABC", rng.integers(0, 4, 3).tolist(), strict=True))
        return leaf(*(u[name] for name in players))

    def stage(*who: str) -> Node:
        return simultaneous(who, {(a, b): end() for a in "lr" for b in "uv"})

    root = decision(
        "B",
        {
            "1": stage("A", "C"),
            "2": chance({"h": (0.5, stage("B", "A")), "t": (0.5, decision("C", {
                "x": stage("C", "B"), "y": end()}))}),
            "3": bargaining({"A": 0.5, "C": 0.5}, end(), stage("A", "B")),
        },
    )  # fmt: skip
    return tree(players, root)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_players_is_a_matter_of_taste(seed: int) -> None:
    """Isomorphic games have isomorphic equilibria (Harsanyi and Selten 1988)."""
    found = []
    for players in (("A", "B", "C"), ("C", "A", "B")):
        form = told(players, np.random.default_rng(seed))
        eq = solved(form)
        names = [f"{p} {a}" for p, own in zip(players, form.actions, strict=True) for a in own]
        order = np.argsort(names)
        payoffs = eq.row_values[0][:, [players.index(p) for p in "ABC"]]
        rows = np.concatenate([eq.profiles[:, order], payoffs], axis=1)
        found.append((int(eq.status), bool(eq.complete), sorted(rows.round(9).tolist())))
    assert found[0][:2] == found[1][:2]
    np.testing.assert_allclose(found[0][2], found[1][2], rtol=0.0, atol=1e-8)


def spoil_payoff(payoffs: np.ndarray, _odds: np.ndarray) -> None:
    payoffs[1, 0, 0] = np.nan


def spoil_range(payoffs: np.ndarray, _odds: np.ndarray) -> None:
    payoffs[1, :2, 0] = 1e308, -1e308


def spoil_odds(_payoffs: np.ndarray, odds: np.ndarray) -> None:
    odds[1] = 0.7, 0.7


def spoil_odds_with_nan(_payoffs: np.ndarray, odds: np.ndarray) -> None:
    odds[1] = np.nan


@pytest.mark.parametrize("spoil", [spoil_payoff, spoil_range, spoil_odds, spoil_odds_with_nan])
def test_a_bad_number_spoils_its_own_game(spoil: Callable[..., None]) -> None:
    """The others are solved as if it were not there."""
    form = tree(
        ("A", "B"),
        chance({"h": (0.5, leaf(1.0, 0.0)), "t": (0.5, decision("B", {
            "l": leaf(0.0, 1.0), "r": leaf(2.0, 0.0)}))}),
    )  # fmt: skip
    payoffs = np.broadcast_to(form.payoffs, (3, *form.payoffs.shape)).copy()
    odds = np.broadcast_to(form.chance, (3, *form.chance.shape)).copy()
    spoil(payoffs, odds)
    eq = solved(ExtensiveForm(form.tree, payoffs, odds))
    solved_one = Status.SOLVED
    assert eq.status.tolist() == [solved_one, Status.INVALID_INPUT, solved_one]
    assert eq.complete.tolist() == [True, False, True]
    assert eq.count.tolist() == [1, 0, 1]
    np.testing.assert_array_equal([[0.5, 0.5]] * 2, eq.row_values[0])


def test_a_bargain_beyond_the_largest_float_spoils_its_own_game() -> None:
    """Sums of finite payoffs may be infinite."""
    agreed = np.array([1.0, 1.5e308])
    root = bargaining({"A": 0.5, "B": 0.5}, leaf(agreed, agreed), leaf(0.0, 0.0))
    eq = solved(tree(("A", "B"), root))
    assert eq.status.tolist() == [Status.SOLVED, Status.INVALID_INPUT]
    assert eq.count.tolist() == [1, 0]


def test_an_empty_batch_has_no_answers() -> None:
    """And raises nothing."""
    form = tree(("A",), decision("A", {"l": leaf(np.zeros(0)), "r": leaf(1.0)}))
    eq = solved(form)
    assert (eq.count.shape, eq.profiles.shape) == ((0,), (0, 2))


def test_an_equilibrium_over_the_tolerance_is_not_called_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever computes values wrongly is caught by the certificate."""
    right = _subgame_steps._worth
    monkeypatch.setattr(_subgame_steps, "_worth", lambda *given: 1.0 - right(*given))
    form = tree(
        ("A", "B"),
        decision("A", {
            "in": simultaneous(("A", "B"), {
                (a, b): leaf(float(a == b), float(a == b)) for a in "lr" for b in "lr"}),
            "out": leaf(0.25, 0.25),
        }),
    )  # fmt: skip
    eq = solved(form)
    assert (eq.status, eq.complete) == (Status.NOT_CONVERGED, False)
    assert eq.certificate.gap > 0.1


def test_batches_with_several_axes_keep_their_shape() -> None:
    """A sweep over two parameters, one of them not varying in half of the leaves."""
    form = tree(
        ("A", "B"),
        decision("A", {"l": leaf(np.linspace(0.0, 1.0, 4)[:, None], 0.0),
                       "r": leaf(np.linspace(0.1, 0.9, 3), 0.0)}),
    )  # fmt: skip
    eq = solved(form)
    assert eq.status.shape == (4, 3)
    expected = np.maximum(np.linspace(0.0, 1.0, 4)[:, None], np.linspace(0.1, 0.9, 3))
    np.testing.assert_array_equal(expected, eq.payoffs[:, :, 0, 0])


def test_the_certificate_is_that_of_the_blocks() -> None:
    """Also of games far from zero, and of many rows."""
    form = twice(BATTLE)
    form = ExtensiveForm(form.tree, form.payoffs + 2.0**40)
    eq = solved(form)
    assert (eq.count, eq.status) == (243, Status.SOLVED)
    payoffs, gaps = tree_values(form, eq.profiles, eq.owner, subgame_blocks(form.tree))
    np.testing.assert_array_equal(payoffs, eq.row_values[0])
    np.testing.assert_array_equal(gaps, eq.row_values[1])
