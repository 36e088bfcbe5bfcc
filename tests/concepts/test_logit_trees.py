"""Agent logit equilibria of trees: the definition, a peer, and both ends of the branch."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest

from solver import Status, decision, leaf, simultaneous, tree
from solver.concepts.logit import Tracing, logit
from solver.concepts.sequential import sequential
from solver.errors import ConceptError, ParameterError
from solver.forms.beliefs import deviation_gaps
from solver.forms.extensive import ExtensiveForm, leaf_probabilities
from solver.forms.tree import CHANCE, LEAF
from tests.concepts.signalling_trees import beer_quiche, random_batch
from tests.concepts.subgame_trees import random_form

FORMS = [random_form(np.random.default_rng(seed), 2 + seed % 2) for seed in range(8)]


def efg(form: ExtensiveForm) -> str:
    """A game as Gambit reads it; only for payoffs and chances that are binary fractions."""
    top, lines = form.tree, ['EFG 2 R "" { ' + " ".join(f'"{p}"' for p in form.players) + " }"]
    ends = {int(v): k for k, v in enumerate(top.leaves)}
    for v, mover in enumerate(top.mover):
        names = [f'"{k}"' for k in range(len(top.children[v]))]
        if mover == LEAF:
            values = " ".join(str(Fraction(x)) for x in form.payoffs[ends[v]].tolist())
            lines.append(f't "" {ends[v] + 1} "" {{ {values} }}')
        elif mover == CHANCE:
            odds = form.chance[top.chance_start[v] :][: len(names)].tolist()
            pairs = " ".join(f"{n} {Fraction(p)}" for n, p in zip(names, odds, strict=True))
            lines.append(f'c "" {v + 1} "" {{ {pairs} }} 0')
        else:
            number = top.infoset[v] - top.first_infoset[mover] + 1
            lines.append(f'p "" {mover + 1} {number} "" {{ {" ".join(names)} }} 0')
    return "\n".join(lines)


@pytest.mark.parametrize("precision", [0.3, 2.0, 8.0])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.tree.size} nodes")
def test_gambit_finds_the_same_point(form: ExtensiveForm, precision: float) -> None:
    """Its tracer is another implementation (Turocy 2010)."""
    gambit = pytest.importorskip("pygambit")
    game = gambit.read_efg(io.StringIO(efg(form)))
    profile = gambit.qre.logit_solve_lambda(game, precision)[0].profile
    theirs = [float(p) for name in form.players for _, mix in profile[name] for _, p in mix]
    ours = logit(form, Tracing(precision=precision))
    assert ours.status == Status.SOLVED
    np.testing.assert_allclose(theirs, ours.profiles[0], atol=1e-6)


def worth_by_leaves(form: ExtensiveForm, profile: np.ndarray) -> np.ndarray:
    """What each action is worth: the mean over the leaves beyond it, by how likely they are."""
    odds = leaf_probabilities(form, profile, np.zeros(1, np.intp))[0]
    payoffs, top = form.flat()[0][0], form.tree
    worth = np.zeros(profile.shape[1])
    for i in range(len(form.players)):
        own = top.sequence[top.leaves, i]
        for k in range(top.column[top.first_infoset[i]], top.column[top.first_infoset[i + 1]]):
            beyond = np.array([_passes(form, int(v), k) for v in top.leaves.tolist()], np.bool_)
            assert len(own) == len(beyond)
            worth[k] = (odds * payoffs[:, i])[beyond].sum() / odds[beyond].sum()
    return worth


def _passes(form: ExtensiveForm, v: int, k: int) -> bool:
    """Whether the action with number k is taken on the way to a node."""
    top = form.tree
    while v:
        p = top.parent[v]
        if top.mover[p] >= 0 and top.column[top.infoset[p]] + top.choice[v] == k:
            return True
        v = p
    return False


@pytest.mark.parametrize("precision", [0.0, 0.7, 5.0])
@pytest.mark.parametrize("form", [*FORMS, beer_quiche()], ids=lambda form: f"{form.tree.size}")
def test_log_odds_are_differences_of_worth(form: ExtensiveForm, precision: float) -> None:
    """McKelvey and Palfrey (1998), from a formula without beliefs."""
    eq = logit(form, Tracing(precision=precision))
    worth = worth_by_leaves(form, eq.profiles)
    for h, first in enumerate(form.tree.column[:-1].tolist()):
        span = slice(first, form.tree.column[h + 1])
        gain = precision * (worth[span] - worth[first])
        odds = np.log(eq.profiles[0, span] / eq.profiles[0, first])
        np.testing.assert_allclose(gain, odds, atol=1e-9)


def test_without_precision_play_is_uniform() -> None:
    """Whatever the payoffs."""
    eq = logit(beer_quiche(), Tracing(precision=0.0))
    assert (eq.profiles == 0.5).all()


def test_errors_cost_less_than_the_entropy_over_the_precision() -> None:
    """A logit response maximises worth plus entropy over precision: so a gap <= log(n) / precision.

    It vanishes at the end of the branch, which is sequential.
    """
    form = random_batch(np.random.default_rng(4), 300)
    for precision in (1.0, 30.0, 1e4):
        eq = logit(form, Tracing(precision=precision, tol=1e-7))
        assert (eq.status == Status.SOLVED).all()
        gaps = deviation_gaps(form, eq.profiles, eq.row_beliefs, eq.owner)
        payoffs = form.flat()[0]
        spread = payoffs.max(axis=1) - payoffs.min(axis=1)
        assert (gaps * spread <= np.log(2.0) / precision + 1e-12).all()


def test_the_branch_leads_to_the_sequential_equilibrium() -> None:
    """Where both players' payoffs have the same range, both concepts follow one branch."""
    eq, end = logit(beer_quiche(), Tracing(precision=1e3)), sequential(beer_quiche())
    np.testing.assert_allclose(end.profiles, eq.profiles, atol=1e-9)
    np.testing.assert_allclose(end.row_beliefs, eq.row_beliefs, atol=1e-9)


def test_symmetric_play_goes_on_where_branches_cross() -> None:
    """Hawk and dove, 2 at stake and a fight costs 4: mixed at the limit, hawk 1/2."""
    cells = {("h", "h"): leaf(-1, -1), ("h", "d"): leaf(2, 0)}
    cells |= {("d", "h"): leaf(0, 2), ("d", "d"): leaf(1, 1)}
    eq = logit(tree("AB", simultaneous("AB", cells)), Tracing(precision=500.0))
    assert eq.status == Status.SOLVED
    np.testing.assert_allclose(0.5, eq.profiles, atol=1e-12)


@pytest.mark.parametrize("scale", [1e-9, 1e12])
def test_precision_is_per_unit_of_payoff(scale: float) -> None:
    """Payoffs times as large and precision as much smaller: the same choices."""
    form = random_batch(np.random.default_rng(5), 20)
    large = ExtensiveForm(form.tree, form.payoffs * scale, form.chance)
    expected = logit(form, Tracing(precision=3.0)).profiles
    found = logit(large, Tracing(precision=3.0 / scale)).profiles
    np.testing.assert_allclose(expected, found, atol=1e-9)


def test_far_from_zero_the_choices_are_the_same() -> None:
    """What everybody gets anyway does not matter."""
    form = random_batch(np.random.default_rng(5), 20, whole=True)
    moved = ExtensiveForm(form.tree, form.payoffs + 2.0**40, form.chance)
    eq = logit(moved, Tracing(precision=3.0))
    assert (eq.status == Status.SOLVED).all()
    np.testing.assert_allclose(logit(form, Tracing(precision=3.0)).profiles, eq.profiles, atol=1e-9)


def test_batched_is_pointwise() -> None:
    """One bad game stops nobody else."""
    form = random_batch(np.random.default_rng(6), 5)
    payoffs = form.payoffs.copy()
    payoffs[2, 0, 0] = np.inf
    eq = logit(ExtensiveForm(form.tree, payoffs, form.chance))
    rows = np.concatenate([part[:, 0] for part in eq.strategies], axis=1)
    assert [0, 0, Status.INVALID_INPUT, 0, 0] == eq.status.tolist()
    for g in (0, 1, 3, 4):
        alone = logit(ExtensiveForm(form.tree, payoffs[g], form.chance[g]))
        np.testing.assert_array_equal(alone.profiles[0], rows[g])


def test_what_rounding_hides_is_not_called_solved() -> None:
    """At a precision of 1e15 differences of worth of 1e-16 matter."""
    cells = {("h", "h"): leaf(3, -3), ("h", "t"): leaf(-1, 1)}
    cells |= {("t", "h"): leaf(-1, 1), ("t", "t"): leaf(1, -1)}
    eq = logit(tree("AB", simultaneous("AB", cells)), Tracing(precision=1e15))
    assert eq.status == Status.NOT_CONVERGED


def test_the_gap_is_a_distance_of_probabilities() -> None:
    """By name, with the tolerance used."""
    eq = logit(tree("A", decision("A", {"l": leaf(1), "r": leaf(0)})), Tracing(tol=1e-6))
    assert (eq.concept, eq.method, eq.tol) == ("logit", "tracing", 1e-6)
    assert eq.measure == "distance from the logit response"
    assert not eq.complete


@pytest.mark.parametrize("options", [{"precision": -1.0}, {"precision": np.inf}, {"tol": -1.0}])
def test_settings_out_of_range_are_refused(options: dict[str, float]) -> None:
    """With the name."""
    with pytest.raises(ParameterError, match=f"{next(iter(options))} = "):
        Tracing(**options)


def test_too_many_actions_are_refused() -> None:
    """With their number."""
    with pytest.raises(ConceptError, match="logit: 501 actions"):
        logit(tree("A", decision("A", {str(k): leaf(k) for k in range(501)})))
