"""Maximal Nash subsets against their definition: every mixture within one is an equilibrium."""

from __future__ import annotations

import numpy as np
import pytest

from solver import NormalForm, nash, nash_subsets, pure_nash
from solver.errors import ConceptError
from solver.exact import extreme_equilibria


def random_games(games: int, shape: tuple[int, int], top: int) -> NormalForm:
    payoffs = np.random.default_rng(top).integers(0, top, (2, games, *shape))
    return NormalForm(tuple(payoffs.astype(float)))


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 4)], ids=str)
def test_every_mixture_within_a_subset_is_an_equilibrium(shape: tuple[int, int]) -> None:
    """And every equilibrium is in one; the extreme ones of a subset are all of X times all of Y."""
    form = random_games(40, shape, 3)
    eq = nash(form)
    rng = np.random.default_rng(0)
    for g in range(40):
        A, B = (payoffs[g] for payoffs in form.payoffs)
        x, y = (strategy[g] for strategy in eq.strategies)
        subsets = nash_subsets(eq, g)
        assert {k for subset in subsets for k in subset} == set(range(int(eq.count[g])))
        for subset in subsets:
            own, other = rng.dirichlet(np.ones(len(subset)), 2)
            p, q = own @ x[list(subset)], other @ y[list(subset)]
            assert max((A @ q).max() - p @ A @ q, (p @ B).max() - p @ B @ q) < 1e-12


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (3, 4), (4, 4)], ids=str)
def test_subsets_are_those_of_the_exact_enumeration(shape: tuple[int, int]) -> None:
    """As sets of supports and values, whatever the order of the equilibria."""
    form = random_games(25, shape, 3)
    eq = nash(form)
    for g in range(25):
        truth = extreme_equilibria(*(payoffs[g] for payoffs in form.payoffs))
        exact = np.array([x + y for x, y in truth.strategies], float).round(9)
        own = np.concatenate([s[g, : eq.count[g]] for s in eq.strategies], axis=1).round(9)
        expected = {frozenset(map(tuple, exact[list(subset)])) for subset in truth.subsets}
        assert expected == {frozenset(map(tuple, own[list(s)])) for s in nash_subsets(eq, g)}


def test_two_segments_that_meet_are_one_component_and_two_subsets() -> None:
    """Indifferent unless both play their second action: an L of equilibria."""
    eq = nash(NormalForm([[[1, 1], [1, 0]], [[1, 1], [1, 0]]]))
    assert nash_subsets(eq) == ((0, 1), (0, 2))
    assert eq.component.tolist() == [0, 0, 0]
    assert eq.index.tolist() == [1, 1, 1]


def test_pure_equilibria_span_no_subsets() -> None:
    """Nobody looked at mixtures."""
    with pytest.raises(ConceptError, match="takes equilibria of nash, not of pure-nash"):
        nash_subsets(pure_nash(NormalForm([np.eye(2)] * 2)))
