"""All subgame-perfect equilibria: games with known answers, and everything tried on small trees."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from solver import Equilibria, NormalForm, Status, nash
from solver.concepts import _subgame_steps
from solver.forms.extensive import ExtensiveForm
from solver.forms.sequences import plans
from solver.forms.strategic import pure_plans, strategic_form
from solver.forms.telling import Node, bargaining, chance, decision, leaf, simultaneous, tree
from tests.concepts.subgame_trees import pure_equilibria, random_form, solved

BATTLE = np.array([[3, 0], [0, 2]]), np.array([[2, 0], [0, 3]])
PENNIES = np.array([[1, -1], [-1, 1]]), np.array([[-1, 1], [1, -1]])
DILEMMA = np.array([[2, 0], [3, 1]]), np.array([[2, 3], [0, 1]])
CHICKEN = np.array([[6, 2], [7, 0]]), np.array([[6, 7], [2, 0]])
#: Cooperation is a best reply to nothing; two equilibria, (D, D) better than (E, E) for both.
PUNISHING = np.array([[4, 0, 0], [5, 2, 0], [0, 0, 1]]), np.array([[4, 5, 0], [0, 2, 0], [0, 0, 1]])


def stage(game: tuple[np.ndarray, np.ndarray], before: tuple[float, float] = (0.0, 0.0)) -> Node:
    A, B = game
    cells = itertools.product(range(len(A)), repeat=2)
    return simultaneous(
        ("A", "B"),
        {(f"{i}", f"{j}"): leaf(A[i, j] + before[0], B[i, j] + before[1]) for i, j in cells},
    )


def twice(game: tuple[np.ndarray, np.ndarray]) -> ExtensiveForm:
    A, B = game
    cells = itertools.product(range(len(A)), repeat=2)
    return tree(
        ("A", "B"),
        simultaneous(
            ("A", "B"), {(f"{i}", f"{j}"): stage(game, (A[i, j], B[i, j])) for i, j in cells}
        ),
    )


def entry(game: tuple[np.ndarray, np.ndarray], out: tuple[float, float]) -> ExtensiveForm:
    return tree(("A", "B"), decision("A", {"out": leaf(*out), "in": stage(game)}))


def rows(eq: Equilibria) -> list[list[float]]:
    return sorted(eq.profiles.round(9).tolist())


def test_an_outside_option_is_taken_unless_the_subgame_is_worth_more() -> None:
    """Kohlberg and Mertens 1986: three equilibria, of which forward induction keeps the first."""
    eq = solved(entry(BATTLE, (2.5, 0.0)))
    assert (eq.status, eq.complete) == (Status.SOLVED, True)
    # A: out, in, row, row; B: column, column.
    assert rows(eq) == [
        [0.0, 1.0, 1.0, 0.0, 1.0, 0.0],
        [1.0, 0.0, 0.0, 1.0, 0.0, 1.0],
        [1.0, 0.0, 0.6, 0.4, 0.4, 0.6],
    ]


def test_entry_before_matching_pennies_is_mixed_afterwards() -> None:
    """The value 0 is more than -1/2."""
    eq = solved(entry(PENNIES, (-0.5, 0.0)))
    assert (eq.status, eq.complete) == (Status.SOLVED, True)
    assert rows(eq) == [[0.0, 1.0, 0.5, 0.5, 0.5, 0.5]]
    np.testing.assert_allclose([[0.0, 0.0]], eq.payoffs, rtol=0.0, atol=1e-15)


def test_the_battle_of_the_sexes_twice_has_243_equilibria() -> None:
    """Continuations are worth 1.2 to 3, so meeting stays strict: 3 first stages for each of 3^4."""
    eq = solved(twice(BATTLE))
    assert (eq.status, eq.complete, eq.count) == (Status.SOLVED, True, 243)
    assert len(np.unique(eq.profiles.round(9), axis=0)) == 243


def test_the_dilemma_twice_has_one_equilibrium() -> None:
    """Unique in the stage, hence in the repetition (Benoit and Krishna 1985)."""
    eq = solved(twice(DILEMMA))
    assert (eq.count, eq.status) == (1, Status.SOLVED)
    assert eq.payoffs.tolist() == [[2.0, 2.0]]


@pytest.mark.parametrize("game", [CHICKEN, PUNISHING], ids=["chicken", "punishing"])
def test_two_stages_are_the_composition_of_their_tables(
    game: tuple[np.ndarray, np.ndarray],
) -> None:
    """For every choice of a stage equilibrium after each cell, the first stage by itself."""
    last = nash(NormalForm(game), "exact").payoffs
    cells = len(game[0]) ** 2
    # 3^9 tables in one batch for the larger one: fractions only where they are few.
    method = "exact" if len(last) ** cells < 100 else None
    after = np.array(list(itertools.product(last, repeat=cells))).reshape(-1, *game[0].shape, 2)
    found = nash(NormalForm([game[i] + after[..., i] for i in range(2)]), method)
    expected = found.row_values[0]
    eq = solved(twice(game), most=10**6)
    assert len(expected) == eq.count
    order = [np.lexsort(np.round(each, 6).T) for each in (expected, eq.payoffs)]
    np.testing.assert_allclose(expected[order[0]], eq.payoffs[order[1]], rtol=0.0, atol=1e-9)


def test_cooperation_can_be_rewarded_in_the_last_stage() -> None:
    """Benoit and Krishna 1985: 4 + 2 on the path, 5 + 1 after a deviation."""
    eq = solved(twice(PUNISHING), most=10**6)
    assert (np.abs(eq.payoffs - 6.0).max(axis=1) < 1e-9).any()


@pytest.mark.parametrize("players", [2, 3])
@pytest.mark.parametrize("seed", range(25))
def test_pure_equilibria_are_those_of_all_profiles(seed: int, players: int) -> None:
    """Every pure profile, in every subgame, against all deviations."""
    compare(random_form(np.random.default_rng([seed, players]), players))


def compare(form: ExtensiveForm) -> None:
    expected = pure_equilibria(form)
    eq = solved(form, most=10**5)
    assert expected == {tuple(row) for row in eq.profiles.tolist()} & (expected | pure_rows(eq))


def pure_rows(eq: Equilibria) -> set[tuple[float, ...]]:
    """Rows that are pure, or uniform where that may mean anything."""
    found = set()
    for row in eq.profiles.tolist():
        column = eq.form.tree.column
        parts = [row[a:b] for a, b in itertools.pairwise(column)]
        if all(max(part) == 1.0 for part in parts):
            found.add(tuple(row))
    return found


def test_the_comparison_notices_a_forgotten_equilibrium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the subgames below, only the first equilibrium is used."""
    whole = _subgame_steps.combinations

    def first_only(below, *rest):
        return whole([found.limited(1)[0] for found in below], *rest)

    monkeypatch.setattr(_subgame_steps, "combinations", first_only)
    caught = 0
    for seed in range(25):
        form = random_form(np.random.default_rng([seed, 2]), 2)
        try:
            compare(form)
        except AssertionError:
            caught += 1
    assert caught > 0


def test_what_leads_to_the_same_behavior_counts_once() -> None:
    """Two types each: 4 mixtures of plans, one behavior, mixed at every information set."""
    eq = solved(two_types())
    assert (eq.status, eq.complete, eq.count) == (Status.SOLVED, True, 1)
    assert ((eq.profiles > 0.0) & (eq.profiles < 1.0)).all()
    same_behavior(two_types(), eq)


def same_behavior(form: ExtensiveForm, eq: Equilibria) -> None:
    """The realisation plans of exact equilibria of the strategic form are those of `eq`."""
    table = nash(strategic_form(form), "exact")
    expected = [s @ pure_plans(form.tree, i) for i, s in enumerate(table.strategies)]
    own = np.concatenate(plans(form.tree, eq.profiles), axis=1)
    distinct = np.unique(np.concatenate(expected, axis=1).round(9), axis=0)
    np.testing.assert_allclose(distinct, np.unique(own.round(9), axis=0), rtol=0.0, atol=1e-9)


def two_types() -> ExtensiveForm:
    """A zero-sum game; what A and B each learn is correlated."""
    U = np.array(
        [
            [[[-1, 2], [0, -2]], [[3, 1], [0, 3]]],
            [[[1, -1], [0, 2]], [[0, -2], [-2, -2]]],
        ]
    )
    odds = {(0, 0): 3 / 8, (0, 1): 1 / 8, (1, 0): 1 / 8, (1, 1): 3 / 8}

    def play(s: int, t: int) -> Node:
        cells = {
            f"{a}": decision("B", {f"{b}": leaf(U[s, t, a, b], -U[s, t, a, b]) for b in range(2)},
                             infoset=f"t{t}")
            for a in range(2)
        }  # fmt: skip
        return decision("A", cells, infoset=f"s{s}")

    return tree(("A", "B"), chance({f"{s}{t}": (p, play(s, t)) for (s, t), p in odds.items()}))


def test_beer_and_quiche_has_its_two_pooling_outcomes() -> None:
    """Cho and Kreps 1987; all corners, as the exact equilibria of the table have them."""

    def told(kind: str) -> Node:
        strong = kind == "strong"

        def meal(name: str) -> Node:
            likes = 1.0 if (name == "beer") == strong else 0.0
            return decision(
                "B",
                {"duel": leaf(likes, 0.0 if strong else 1.0),
                 "let go": leaf(likes + 2.0, 1.0 if strong else 0.0)},
                infoset=name,
            )  # fmt: skip

        return decision("A", {m: meal(m) for m in ("beer", "quiche")}, infoset=kind)

    form = tree(("A", "B"), chance({"strong": (0.9, told("strong")), "weak": (0.1, told("weak"))}))
    eq = solved(form)
    assert (eq.status, eq.complete) == (Status.DEGENERATE, True)
    assert {(2.9, 0.9), (2.1, 0.9)} == {tuple(p) for p in eq.payoffs.round(9).tolist()}
    same_behavior(form, eq)


def test_one_player_with_hidden_information_chooses_a_plan() -> None:
    """Two guesses on a coin it does not see; the prize pays for heads."""
    guess = {a: leaf(float(a == "heads")) for a in ("heads", "tails")}
    other = {a: leaf(float(a == "tails")) for a in ("heads", "tails")}
    form = tree(
        ("A",),
        chance({
            "h": (0.75, decision("A", guess, infoset="coin")),
            "t": (0.25, decision("A", other, infoset="coin")),
        }),
    )  # fmt: skip
    eq = solved(form)
    assert (eq.status, eq.complete, eq.payoffs.tolist()) == (Status.SOLVED, True, [[0.75]])
    assert eq.profiles.tolist() == [[1.0, 0.0]]


def test_bargaining_uses_every_threat_below() -> None:
    """A surplus of 4 over each of three equilibria of the subgame, shared 1 : 3."""
    root = bargaining({"A": 0.25, "B": 0.75}, leaf(9.0, 0.0), stage(BATTLE))
    eq = solved(tree(("A", "B"), root))
    assert (eq.status, eq.complete) == (Status.SOLVED, True)
    expected = [[3 + 1, 2 + 3], [2 + 1, 3 + 3], [1.2 + 6.6 / 4, 1.2 + 6.6 * 3 / 4]]
    np.testing.assert_allclose(sorted(expected), sorted(eq.payoffs.tolist()), rtol=0, atol=1e-12)


def three(cells: dict[tuple[str, ...], tuple[float, ...]]) -> ExtensiveForm:
    return tree(
        ("A", "B", "C"), simultaneous(("A", "B", "C"), {k: leaf(*u) for k, u in cells.items()})
    )


def test_three_players_without_a_pure_equilibrium_are_not_said_to_have_none() -> None:
    """Jordan's game: each wants to match the next, the last to differ from the first."""
    cells = itertools.product("lr", repeat=3)
    eq = solved(three({c: (c[0] == c[1], c[1] == c[2], c[2] != c[0]) for c in cells}))
    assert (eq.status, eq.count, eq.complete) == (Status.TRUNCATED, 0, False)


def test_three_players_have_their_pure_equilibria() -> None:
    """All go to the same place, without a claim that there is no mixture."""
    cells = itertools.product("lr", repeat=3)
    eq = solved(three({c: (float(len(set(c)) == 1),) * 3 for c in cells}))
    assert (eq.status, eq.count, eq.complete) == (Status.SOLVED, 2, False)


def test_what_is_above_an_unsolved_block_is_unsolved() -> None:
    """Nothing is known of what follows, so nothing is listed."""
    cells = itertools.product("lr", repeat=3)
    jordan = simultaneous(
        ("A", "B", "C"), {c: leaf(c[0] == c[1], c[1] == c[2], c[2] != c[0]) for c in cells}
    )
    zero = leaf(0.0, 0.0, 0.0)
    stage_above = {(a, b): jordan if a == b else zero for a in "lr" for b in "lr"}
    for root in (
        decision("B", {"in": jordan, "out": zero}),
        simultaneous(("A", "B"), stage_above),
        chance({"in": (0.5, jordan), "out": (0.5, zero)}),
        bargaining({"A": 0.5, "B": 0.5}, zero, jordan),
    ):
        eq = solved(tree(("A", "B", "C"), root))
        assert (eq.status, eq.count, eq.complete) == (Status.TRUNCATED, 0, False)


def test_too_many_equilibria_are_truncated() -> None:
    """The first ones are given."""
    form = twice(BATTLE)
    eq = solved(form, most=100)
    assert (eq.status, eq.count, eq.complete) == (Status.TRUNCATED, 100, False)
    np.testing.assert_array_equal(solved(form).profiles[:100], eq.profiles)


def test_too_large_blocks_are_truncated() -> None:
    """Two players with a hundred and two actions each: pure equilibria, and no claim."""
    eq = solved(tree(("A", "B"), stage((np.eye(102), np.eye(102)))))
    assert (eq.status, eq.count, eq.complete) == (Status.TRUNCATED, 102, False)
