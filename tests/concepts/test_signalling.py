"""Signalling games: all pure equilibria, what signals say, and the intuitive criterion."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from solver import NormalForm, Status, chance, decision, leaf, nash, tree
from solver.concepts.sequential import sequential
from solver.concepts.signalling import beliefs, intuitive, signalling_label
from solver.errors import ConceptError
from solver.forms.extensive import ExtensiveForm
from tests.concepts.signalling_trees import beer_quiche, random_batch, schooling, told


def rows(eq) -> list[list[int]]:
    return eq.profiles.round(9).astype(int).tolist()


def test_beer_and_quiche_has_two_pooling_equilibria() -> None:
    """Cho and Kreps (1987): both drink beer or both eat quiche, and the other signal is fought."""
    eq = sequential(beer_quiche(), "pure")
    beer, quiche = [1, 0, 1, 0, 0, 1, 1, 0], [0, 1, 0, 1, 1, 0, 0, 1]
    assert sorted([beer, quiche]) == sorted(rows(eq))
    assert ["pooling", "pooling"] == signalling_label(eq).tolist()
    assert eq.status == Status.SOLVED
    assert not eq.complete


def test_only_beer_passes_the_intuitive_criterion() -> None:
    """The wimp has nothing to gain by beer, so who drinks beer is surly (Cho and Kreps 1987)."""
    eq = sequential(beer_quiche(), "pure")
    expected = {row[0] == 1 for row in rows(eq)}
    assert {True, False} == expected
    assert [row[0] == 1 for row in rows(eq)] == intuitive(eq).tolist()


def test_beliefs_off_the_path_support_the_fight() -> None:
    """Fighting is best if wimps are at least as likely; on the path the prior holds."""
    eq = sequential(beer_quiche(), "pure")
    for row, belief in zip(rows(eq), beliefs(eq), strict=True):
        on, off = (belief[2:4], belief[4:6]) if row[0] else (belief[4:6], belief[2:4])
        np.testing.assert_allclose([0.9, 0.1], on, atol=1e-12)
        assert off[1] >= 0.5
        assert abs(off.sum() - 1.0) <= 1e-12


def test_schooling_separates_and_only_that_is_intuitive() -> None:
    """Spence (1973): school is worth it for the able only; pooling needs pessimists."""
    eq = sequential(schooling(0.4), "pure")
    label = signalling_label(eq)
    assert ["pooling", "pooling", "separating"] == sorted(label)
    assert (label == "separating").tolist() == intuitive(eq).tolist()
    separating = eq.profiles[label == "separating"][0]
    # l: no school; h: school; wage 2 after school, 1 without.
    np.testing.assert_array_equal([0, 1, 1, 0, 0, 0, 1, 1, 0, 0], separating)


def test_no_gain_for_sure_is_needed_to_fail() -> None:
    """At a cost of 1/2 the able gain nothing by school: 2 - 1/2 is the pooled wage 3/2."""
    eq = sequential(schooling(0.5), "pure")
    assert {"pooling", "separating"} == set(signalling_label(eq))
    assert intuitive(eq).all()


def by_hand(form: ExtensiveForm, game: int, replies: int) -> set[tuple[int, ...]]:
    """Pure equilibria of two types and signals, in fractions: beliefs where replies tie."""
    payoffs = [[Fraction(x) for x in row] for row in form.flat()[0][game].tolist()]
    prior = [Fraction(p) for p in form.flat()[1][game].tolist()]

    def pay(t: int, s: int, a: int, i: int) -> Fraction:
        return payoffs[(t * 2 + s) * replies + a][i]

    def best(a: int, s: int, p: Fraction) -> bool:
        worth = [p * pay(0, s, b, 1) + (1 - p) * pay(1, s, b, 1) for b in range(replies)]
        return worth[a] == max(worth)

    def possible(a: int, s: int) -> bool:
        corners = {Fraction(0), Fraction(1)}
        for b in range(replies):
            d = [pay(t, s, a, 1) - pay(t, s, b, 1) for t in range(2)]
            if d[0] != d[1]:
                corners.add(d[1] / (d[1] - d[0]))
        return any(best(a, s, p) for p in corners if 0 <= p <= 1)

    found = set()
    for plan in itertools.product(range(2), repeat=2):
        for reply in itertools.product(range(replies), repeat=2):
            stays = all(
                pay(t, plan[t], reply[plan[t]], 0) >= pay(t, s, reply[s], 0)
                for t in range(2)
                for s in range(2)
            )
            answers = []
            for s in range(2):
                mass = [prior[t] * (plan[t] == s) for t in range(2)]
                sent = sum(mass) > 0
                answers.append(
                    best(reply[s], s, mass[0] / sum(mass)) if sent else possible(reply[s], s)
                )
            if stays and all(answers):
                found.add(plan + reply)
    return found


@pytest.mark.parametrize("replies", ["ab", "abc"])
@pytest.mark.parametrize("whole", [False, True], ids=["normal", "ties"])
def test_all_pure_equilibria_are_found(replies: str, *, whole: bool) -> None:
    """Every profile is tried in fractions; a prior of 1/2 keeps ties exact in floats."""
    rng = np.random.default_rng(3)
    form = random_batch(rng, 60, replies=replies, whole=whole)
    form = ExtensiveForm(form.tree, form.payoffs, [0.5, 0.5])
    eq = sequential(form, "pure")
    width = len(replies)
    sizes = np.cumsum([2, 2, width])
    for g in range(60):
        parts = [np.split(row, sizes) for row in eq.profiles[eq.owner == g]]
        found = {tuple(int(part.argmax()) for part in row) for row in parts}
        assert len(found) == eq.count[g]
        assert by_hand(form, g, width) == found
        assert (Status.SOLVED if found else Status.NONE_EXIST) == eq.status[g]
    assert (eq.row_values[1] <= eq.tol).all()


def test_a_reply_that_only_a_mixture_beats_is_no_threat() -> None:
    """Middle is never below both sides, but half of each beats it at every belief."""
    gains = {"l": (3.0, 0.0), "m": (1.0, 1.0), "r": (0.0, 3.0)}

    def payoffs(kind: str, signal: str, reply: str) -> tuple[float, float]:
        return float(signal == "y") - 5.0 * (reply == "m"), gains[reply][kind == "b"]

    eq = sequential(told({"a": 0.5, "b": 0.5}, "xy", "lmr", payoffs), "pure")
    assert eq.count > 0
    assert (eq.profiles[:, [5, 8]] == 0.0).all()


def test_three_types_have_beliefs_in_a_triangle() -> None:
    """The gap is recomputed with the belief that is given."""
    form = random_batch(np.random.default_rng(8), 200, "uvw", "lr", "abc")
    eq = sequential(form, "pure")
    assert (eq.count > 0).mean() > 0.5
    assert (eq.row_values[1] <= 1e-9).all()
    spans = [slice(3, 6), slice(6, 9)]
    for span in spans:
        np.testing.assert_allclose(1.0, eq.row_beliefs[:, span].sum(axis=1), atol=1e-12)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ([[1, 0, 0], [1, 0, 0], [1, 0, 0]], "pooling"),
        ([[0.5, 0.5, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]], "pooling"),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], "separating"),
        ([[0.5, 0.5, 0], [0, 0, 1], [0, 0, 1]], "hybrid"),
        ([[1, 0, 0], [1, 0, 0], [0, 0, 1]], "semi-separating"),
    ],
    ids=["one signal", "babbling", "three signals", "mixed", "two pool"],
)
def test_labels_follow_from_who_sends_what(profile: list[list[float]], expected: str) -> None:
    """Three types and three signals."""
    form = random_batch(np.random.default_rng(0), 1, "uvw", "lmr", "ab")
    eq = sequential(form)
    eq.profiles[:, :9] = np.ravel(profile)
    assert [[expected]] == signalling_label(eq).tolist()


def test_two_types_that_mix_apart_are_separated() -> None:
    """Nobody else sends what a type mixes over."""
    form = random_batch(np.random.default_rng(0), 1, "uv", "lmr", "ab")
    eq = sequential(form)
    eq.profiles[:, :6] = [0.5, 0.5, 0.0, 0.0, 0.0, 1.0]
    assert [["separating"]] == signalling_label(eq).tolist()


def test_empty_slots_have_no_label_and_pass_nothing() -> None:
    """Games differ in how many pure equilibria they have."""
    eq = sequential(random_batch(np.random.default_rng(1), 50), "pure")
    empty = np.arange(eq.slots) >= eq.count[:, None]
    assert empty.any()
    assert (signalling_label(eq)[empty] == "").all()
    assert not intuitive(eq)[empty].any()
    assert np.isnan(beliefs(eq)[empty]).all()
    assert not np.isnan(beliefs(eq)[~empty]).any()


ENTRY = tree(
    ("a", "b"),
    decision("a", {"in": decision("b", {"x": leaf(1, 1), "y": leaf(0, 0)}), "out": leaf(0, 2)}),
)
BLIND = tree(
    ("a", "b"),
    chance(
        {
            k: (0.5, decision("a", {"l": decision("b", {"x": leaf(0, 0)})}, infoset="a"))
            for k in "st"
        }
    ),
)


@pytest.mark.parametrize(
    ("form", "why"), [(ENTRY, "nature has to draw"), (BLIND, "a has to know its type")]
)
def test_other_trees_are_refused_with_the_reason(form: ExtensiveForm, why: str) -> None:
    """By the method and by what reads equilibria."""
    with pytest.raises(ConceptError, match=f"no signalling game .*{why}"):
        sequential(form, "pure")
    with pytest.raises(ConceptError, match=why):
        signalling_label(sequential(form))


def test_equilibria_of_other_forms_are_refused() -> None:
    """A matrix has no types."""
    eq = nash(NormalForm([np.eye(2)] * 2))
    for read in (beliefs, intuitive, signalling_label):
        with pytest.raises(ConceptError, match="is for equilibria of extensive games"):
            read(eq)
