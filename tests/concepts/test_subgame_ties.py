"""Ties in trees: continua of subgame-perfect equilibria, and whether their corners tell all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from solver import Status
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, chance, decision, leaf, simultaneous, tree
from tests.concepts.subgame_trees import solved
from tests.concepts.test_subgames import stage


def test_the_ultimatum_has_two_equilibria() -> None:
    """The responder may refuse nothing, not one coin (Rubinstein 1982 takes it for granted)."""
    offers = {f"{k}": decision("B", {"yes": leaf(2 - k, k), "no": leaf(0, 0)}) for k in range(3)}
    eq = solved(tree(("A", "B"), decision("A", offers)))
    assert [[2.0, 0.0], [1.0, 1.0]] == eq.payoffs.tolist()
    # Between saying yes and no to nothing lies where A offers either: no corner.
    assert (eq.status, eq.complete) == (Status.DEGENERATE, False)


def test_a_tie_at_the_root_is_described_by_its_corners() -> None:
    """Nobody moves above, so the mixtures of the corners are the whole set."""
    form = tree(("A", "B"), decision("A", {"l": leaf(1, 0), "m": leaf(0, 3), "r": leaf(1, 5)}))
    eq = solved(form)
    assert (eq.status, eq.complete) == (Status.DEGENERATE, True)
    assert eq.profiles.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


@pytest.mark.parametrize(
    ("out", "complete"), [(6.0, True), (7.0, False), (7.5, False), (8.0, False), (9.0, True)]
)
def test_a_tie_below_matters_if_it_changes_a_choice(out: float, complete: bool) -> None:  # noqa: FBT001
    """B is indifferent, and what it does is worth 7 to 8 to A."""
    low = decision("B", {"l": leaf(7.0, 1.0), "r": leaf(8.0, 1.0)})
    eq = solved(tree(("A", "B"), decision("A", {"in": low, "out": leaf(out, 1.0)})))
    assert (eq.status, eq.complete) == (Status.DEGENERATE, complete)


@pytest.mark.parametrize("seed", range(60))
def test_a_complete_list_has_the_corners_of_every_equilibrium(seed: int) -> None:
    """Ties are broken by coins all over the tree: whatever such an equilibrium may play is listed.

    Where the list is not complete this fails in some games, as it should.
    """
    rng = np.random.default_rng(seed)
    form = with_perfect_information(rng)
    eq = solved(form)
    listed = {tuple(row) for row in eq.profiles.tolist()}
    for _ in range(8):
        played = [np.flatnonzero(each) for each in coin_tosses(form, rng)]
        for actions in itertools.product(*played):
            sizes = [len(h.actions) for h in form.tree.infosets]
            row = np.concatenate([np.eye(m)[a] for m, a in zip(sizes, actions, strict=True)])
            if tuple(row) not in listed:
                assert not eq.complete
                return


def with_perfect_information(rng: np.random.Generator) -> ExtensiveForm:
    def node(depth: int) -> Node:
        if depth == 3:
            return leaf(*rng.integers(0, 3, 2).astype(float))
        below = {a: node(depth + 1 + int(rng.integers(2) * (depth == 1))) for a in "lr"}
        if rng.random() < 0.2:
            return chance({a: (0.5, each) for a, each in below.items()})
        return decision(str(rng.choice(["A", "B"])), below)

    return tree(("A", "B"), node(0))


def coin_tosses(form: ExtensiveForm, rng: np.random.Generator) -> list[np.ndarray]:
    """Behavior per information set: one best action, or an even chance of all of them."""
    top = form.tree
    values = [None] * top.size
    behavior = [None] * len(top.infosets)
    number = {int(v): k for k, v in enumerate(top.leaves)}
    for v in range(top.size)[::-1]:
        if v in number:
            values[v] = form.payoffs[number[v]]
            continue
        below = np.array([values[c] for c in top.children[v]])
        odds = np.full(len(below), 0.5)
        if top.mover[v] >= 0:
            best = below[:, top.mover[v]] == below[:, top.mover[v]].max()
            odds = best / best.sum()
            if rng.random() < 0.5:
                odds = np.eye(len(best))[rng.choice(np.flatnonzero(best))]
            behavior[top.infoset[v]] = odds
        values[v] = odds @ below
    return behavior


def test_a_tie_in_a_stage_leaves_the_list_whole_if_only_others_care() -> None:
    """C is indifferent below; A and B, who coordinate above, get the same from both."""

    def after(a: str, b: str) -> Node:
        u = float(a == b)
        return decision("C", {"x": leaf(u, u, 1.0), "y": leaf(u, u, 1.0)})

    cells = {(a, b): after(a, b) for a in "lr" for b in "lr"}
    eq = solved(tree(("A", "B", "C"), simultaneous(("A", "B"), cells)))
    assert (eq.status, eq.complete, eq.count) == (Status.DEGENERATE, True, 3 * 2**4)


def test_a_tie_below_a_stage_leaves_more_than_corners_tell() -> None:
    """C decides how much A and B gain where they meet."""

    def after(a: str, b: str) -> Node:
        u = float(a == b)
        return decision("C", {"x": leaf(u, u, 1.0), "y": leaf(2.0 * u, u, 1.0)})

    cells = {(a, b): after(a, b) for a in "lr" for b in "lr"}
    eq = solved(tree(("A", "B", "C"), simultaneous(("A", "B"), cells)))
    assert (eq.status, eq.complete, eq.count) == (Status.DEGENERATE, False, 3 * 2**4)


def test_rounding_breaks_no_tie() -> None:
    """0.1 + 0.2 is 0.3."""
    form = tree(("A",), decision("A", {"l": leaf(0.1 + 0.2), "r": leaf(0.3), "m": leaf(0.0)}))
    assert (solved(form).status, solved(form).count) == (Status.DEGENERATE, 2)


def test_ties_are_relative_to_the_whole_game() -> None:
    """What rounding leaves of a million is no reason to prefer one row over the other."""
    noise = np.array([[1e-10, 0.0], [0.0, 3e-10]])
    form = tree(("A", "B"), decision("A", {"out": leaf(1e6, 1e6), "in": stage((noise, -noise))}))
    eq = solved(form)
    assert (eq.status, eq.count, eq.complete) == (Status.DEGENERATE, 4, True)
