"""Laws of networks: our solvers obey them, and each catches a solver that is broken on purpose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from solver.concepts.nash_in_kalai import nash_in_kalai
from solver.concepts.nash_in_nash import nash_in_nash
from solver.concepts.nntr import nntr
from solver.equilibria import Rows
from solver.testing import bargaining_networks, networks


@pytest.mark.parametrize("law", networks.LAWS)
@pytest.mark.parametrize("concept", [nash_in_nash, nash_in_kalai, nntr])
def test_our_concepts_obey(concept, law):
    @settings(max_examples=8)
    @given(bargaining_networks())
    def obeys(form):
        networks.check(form, concept, [law])

    obeys()


def with_rows(eq, terms, payoffs=None):
    values = eq.row_values if payoffs is None else (payoffs, eq.row_values[1])
    return replace(eq, rows=Rows(eq.rows.profiles, lambda _rows, _owner: values, terms=terms))


def forgets_the_others(form):
    """Disagreement in which all links go, not only the pair's own."""

    def payoffs(terms, active, **given):
        return form.payoffs(terms, active if all(active) else (False,) * len(active), **given)

    return replace(nash_in_nash(replace(form, payoffs=payoffs)), form=form)


def ignores_weights(form):
    even = [(1.0, 1.0)] * len(form.links)
    return replace(nash_in_nash(replace(form, weights=even)), form=form)


def weights_of_the_first_named(form):
    """Power goes with a name's place in the alphabet, not with the player."""
    return ignores_weights(form) if form.links[0][0] < form.links[0][1] else nash_in_nash(form)


def pays_what_was_asked(form):
    eq = nash_in_nash(form)
    return with_rows(eq, eq.rows.terms, eq.row_values[0] * 1.001)


def divides_money_without_disagreement(form):
    def payoffs(terms, active, **given):
        return [np.where(all(active), p, 0.0 * p) for p in form.payoffs(terms, active, **given)]

    return replace(nash_in_nash(replace(form, payoffs=payoffs)), form=form)


def reads_the_neighbour(form):
    eq = nash_in_nash(form)
    return with_rows(eq, eq.rows.terms[::-1])


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        (forgets_the_others, "no_pair_gains"),
        (ignores_weights, "no_pair_gains"),
        (pays_what_was_asked, "payoffs_are_those_of_the_terms"),
        (divides_money_without_disagreement, "affine_invariant"),
        (weights_of_the_first_named, "ends_can_be_swapped"),
        (reads_the_neighbour, "batched_is_pointwise"),
    ],
)
def test_a_law_catches_a_broken_solver(mutant, law):
    @settings(max_examples=50, phases=[Phase.generate], derandomize=True, database=None)
    @given(bargaining_networks(customers=(2, 2)))
    def obeys(form):
        networks.check(form, mutant, [law])

    with pytest.raises(AssertionError):
        obeys()
