"""Random trees, their oracles by brute force, and laws that hold between forms."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver import bargaining, chance, decision, leaf, simultaneous, tree
from solver.concepts._tree_values import subgame_blocks, tree_values, whole_block
from solver.errors import ParameterError
from solver.forms.extensive import ExtensiveForm
from solver.testing import tree_laws, tree_oracles
from solver.testing.tree_games import extensive_forms


def behavior_of(form: ExtensiveForm, seed: int, rows: int = 1) -> np.ndarray:
    """Random behavior strategies, some of them pure."""
    rng = np.random.default_rng(seed)
    parts = []
    for h in form.tree.infosets:
        m = len(h.actions)
        mixed = rng.dirichlet(np.ones(m), rows)
        pure = np.eye(m)[rng.integers(m, size=rows)]
        parts.append(np.where(rng.random((rows, 1)) < 0.5, mixed, pure))
    return np.concatenate(parts, axis=1) if parts else np.zeros((rows, 0))


@given(extensive_forms(batch=(2,)), st.integers(0, 1000))
def test_leaves_sequences_and_strategies_agree(form: ExtensiveForm, seed: int) -> None:
    tree_laws.forms_agree(form, behavior_of(form, seed, rows=2))


@given(extensive_forms(), st.integers(0, 1000))
def test_gaps_are_those_of_brute_force(form: ExtensiveForm, seed: int) -> None:
    row = behavior_of(form, seed)
    for blocks, everywhere in ((whole_block(form.tree), False), (subgame_blocks(form.tree), True)):
        payoffs, gaps = tree_values(form, row, np.zeros(1, int), blocks)
        expected = [float(x) for x in tree_oracles.payoffs(form, row[0].tolist())]
        assert payoffs[0] == pytest.approx(expected, abs=1e-12)
        worst = tree_oracles.regret(form, row[0].tolist(), subgames=everywhere)
        if everywhere:  # one block at a time gains no more than all, and something if they do
            assert gaps.max(initial=0.0) <= worst + 1e-12
            assert (gaps.max(initial=0.0) > 1e-12) == (worst > 1e-12)
        else:
            assert gaps.max(initial=0.0) == pytest.approx(worst, abs=1e-12)


@given(extensive_forms(hidden=False, bargains=True), st.integers(0, 1000))
def test_values_of_bargaining_are_those_of_brute_force(form: ExtensiveForm, seed: int) -> None:
    row = behavior_of(form, seed)
    payoffs, _ = tree_values(form, row, np.zeros(1, int), subgame_blocks(form.tree))
    expected = [float(x) for x in tree_oracles.payoffs(form, row[0].tolist())]
    assert payoffs[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("outside", "expected"),
    [({}, (7.0, 3.0)), ({"B": 2.0}, (7.0, 3.0)), ({"B": 4.0}, (6.0, 4.0)), ({"B": 11.0}, (0, 11))],
    ids=["no option", "does not bind", "binds", "better than any deal"],
)
def test_an_outside_option_binds_only_where_it_is_better(
    outside: dict[str, float], expected: tuple[float, float]
) -> None:
    talks = bargaining({"A": 0.7, "B": 0.3}, leaf(10, 0), leaf(0, 0), outside=outside)
    assert expected == tuple(float(x) for x in tree_oracles.payoffs(tree(("A", "B"), talks), ()))


def test_a_party_without_weight_gets_what_it_has_without_a_deal() -> None:
    form = tree(("A", "B"), bargaining({"A": 0.0, "B": 1.0}, leaf(10, 0), leaf(2, 1)))
    values, _ = tree_values(form, np.zeros((1, 0)), np.zeros(1, int), subgame_blocks(form.tree))
    assert [2.0, 8.0] == values[0].tolist()
    assert (2, 8) == tree_oracles.payoffs(form, ())


def test_selten_1965_entry_has_one_perfect_equilibrium() -> None:
    fight = decision("B", {"fight": leaf(-1, 0), "yield": leaf(1, 1)})
    form = tree(("A", "B"), decision("A", {"in": fight, "out": leaf(0, 2)}))
    assert {(1, 0, 0, 1)} == tree_oracles.pure_subgame_perfect(form)
    assert 0.0 == tree_oracles.regret(form, (0, 1, 1, 0), subgames=False)
    assert 0.5 <= tree_oracles.regret(form, (0, 1, 1, 0))


def test_a_stage_of_matching_pennies_has_no_pure_equilibrium() -> None:
    cells = {(a, b): leaf(a == b, a != b) for a in "ht" for b in "ht"}
    form = tree(("A", "B"), chance({"x": (1.0, simultaneous(("A", "B"), cells))}))
    assert set() == tree_oracles.pure_subgame_perfect(form)
    assert 0.0 == tree_oracles.regret(form, [Fraction(1, 2)] * 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"players": (0, 2)}, "players = "),
        ({"bargains": True}, "needs hidden = False"),
        ({"zero_sum": True}, r"needs players = \(2, 2\)"),
    ],
)
def test_impossible_requests_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        extensive_forms(**arguments)
