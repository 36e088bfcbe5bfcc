"""Beliefs by Bayes' rule and what actions are worth: by hand, and by adding up leaves."""

from __future__ import annotations

import numpy as np
import pytest

from solver import bargaining, chance, decision, leaf, tree
from solver.forms.beliefs import (
    action_values,
    bayes,
    belief_nodes,
    continuation_values,
    deviation_gaps,
    log_reach,
)
from solver.forms.extensive import ExtensiveForm, leaf_probabilities
from tests.concepts.subgame_trees import random_form

ONE = np.zeros(1, np.intp)


def told(p: float = 0.25, shift: float = 0.0) -> ExtensiveForm:
    """Nature draws g or b; A, who knows, stops or goes on to B, who does not know."""

    def node(kind: str) -> object:
        good = float(kind == "g")
        ends = {"buy": leaf(1.0, shift + 2.0 * good - 1.0), "pass": leaf(0.0, shift)}
        go = decision("B", ends, infoset="B")
        return decision("A", {"go": go, "stop": leaf(0.5, shift)}, infoset=kind)

    return tree("AB", chance({"g": (p, node("g")), "b": (1.0 - p, node("b"))}))


def test_beliefs_are_by_bayes_rule() -> None:
    """1/4 · 0.8 against 3/4 · 0.4: two to three."""
    profile = np.array([[0.8, 0.2, 0.4, 0.6, 1.0, 0.0]])
    found, reached = bayes(told(), profile, ONE)
    np.testing.assert_allclose([[1.0, 1.0, 0.4, 0.6]], found, atol=1e-15)
    assert reached.all()


def test_where_nobody_comes_there_is_no_belief_but_that_given() -> None:
    """Zeros add up to nothing; no NaN."""
    profile = np.array([[0.0, 1.0, 0.0, 1.0, 1.0, 0.0]])
    found, reached = bayes(told(), profile, ONE)
    assert [[1.0, 1.0, 0.0, 0.0]] == found.tolist()
    assert [[True, True, False]] == reached.tolist()
    given = np.array([[1.0, 1.0, 0.3, 0.7]])
    assert given.tolist() == bayes(told(), profile, ONE, otherwise=given)[0].tolist()


def test_trembles_far_below_the_smallest_float_are_weighed() -> None:
    """exp(-1e6) against exp(-1e6 - log 3), and a prior of one to three: one to one, reversed."""
    logs = np.array([[-1e6, 0.0, -1e6 - np.log(3.0), 0.0, -1.0, -1.0]])
    found, reached = bayes(told(), logs, ONE, logs=True)
    np.testing.assert_allclose([0.5, 0.5], found[0, 2:], atol=1e-9)
    assert reached.all()


def test_a_draw_of_probability_zero_is_less_likely_than_any_tremble() -> None:
    """However small the other player's probability is."""
    logs = np.array([[0.0, -1.0, -1e6, 0.0, -1.0, -1.0]])
    found, reached = bayes(told(0.0), logs, ONE, logs=True)
    assert [[0.0, 1.0]] == found[:, 2:].tolist()
    assert [[False, True, True]] == reached.tolist()
    assert found[0, 0] == 1.0


def test_actions_are_worth_what_the_belief_says() -> None:
    """Buying is worth twice the belief less one; A gets 1 if B buys."""
    profile = np.array([[0.8, 0.2, 0.4, 0.6, 0.75, 0.25]])
    belief = np.array([[1.0, 1.0, 0.9, 0.1]])
    worth = action_values(told(), profile, belief, ONE)
    np.testing.assert_allclose([[0.75, 0.5, 0.75, 0.5, 0.8, 0.0]], worth, atol=1e-15)
    gaps = deviation_gaps(told(), profile, belief, ONE)
    np.testing.assert_allclose([[0.15, 0.1]], gaps, atol=1e-15)  # 0.6 · 0.25 of 1; 0.25 · 0.8 of 2


def test_gaps_far_from_zero_keep_their_digits() -> None:
    """At 2^50 a payoff has no digit after the second."""
    profile = np.array([[0.8, 0.2, 0.4, 0.6, 0.75, 0.25]])
    belief = np.array([[1.0, 1.0, 0.9, 0.1]])
    gaps = deviation_gaps(told(shift=2.0**50), profile, belief, ONE)
    np.testing.assert_allclose([[0.15, 0.1]], gaps, atol=1e-15)


@pytest.mark.parametrize("seed", range(6))
def test_reach_and_worth_add_up_over_leaves(seed: int) -> None:
    """Node by node against leaf by leaf, for mixed profiles of random trees."""
    rng = np.random.default_rng(seed)
    form = random_form(rng, 3)
    top = form.tree
    spans = [slice(a, b) for a, b in zip(top.column[:-1], top.column[1:], strict=True)]
    rows = rng.uniform(0.1, 1.0, (4, int(top.column[-1])))
    for span in spans:
        rows[:, span] /= rows[:, span].sum(axis=1, keepdims=True)
    owner = np.zeros(4, np.intp)
    odds = leaf_probabilities(form, rows, owner)
    reach = np.exp(log_reach(form, rows, owner)[0])
    belief, reached = bayes(form, rows, owner)
    values = continuation_values(form, rows, owner)
    np.testing.assert_allclose(odds @ form.payoffs, values[:, 0], atol=1e-12)
    assert reached.all()
    for v in range(top.size):
        below = (top.leaves >= v) & (top.leaves < top.end[v])
        np.testing.assert_allclose(odds[:, below].sum(axis=1), reach[:, v], atol=1e-14)
    worth = action_values(form, rows, belief, owner)
    nodes, start = belief_nodes(top)
    for h, span in enumerate(spans):
        mass = reach[:, nodes[start[h] : start[h + 1]]].sum(axis=1)
        mover = top.infosets[h].player
        inside = [(top.leaves >= v) & (top.leaves < top.end[v]) for v in top.members[h]]
        expected = odds[:, np.any(inside, axis=0)] @ form.payoffs[np.any(inside, axis=0), mover]
        mean = (rows[:, span] * worth[:, span]).sum(axis=1)
        np.testing.assert_allclose(expected / mass, mean, atol=1e-12)


def test_talks_count_as_agreed_on_the_way_and_share_on_the_way_back() -> None:
    """A surplus of 4 over (1, 0), shared equally."""
    talks = bargaining({"A": 0.5, "B": 0.5}, leaf(5, 0), leaf(1, 0))
    form = tree("AB", decision("A", {"talk": talks, "leave": leaf(0, 7)}))
    row = np.array([[0.25, 0.75]])
    assert [[3.0, 0.0]] == action_values(form, row, np.ones((1, 1)), ONE).tolist()
    reach, zeros = log_reach(form, row, ONE)
    np.testing.assert_allclose([1.0, 0.25, 0.25, 0.25, 0.75], np.exp(reach[0]), atol=1e-15)
    assert [0, 0, 0, 1, 0] == zeros[0].tolist()
