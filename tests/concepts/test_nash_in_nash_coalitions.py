"""Nash-in-Nash of a hub in coalition games: model M07, and how it differs from Shapley's value."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from solver import Status
from solver.concepts.nash_in_nash import MarginalSplit, nash_in_nash
from solver.errors import ParameterError
from solver.forms.coalition import CoalitionGame
from solver.forms.network import BargainingNetwork


def supplier_and_buyers(f):
    """Worth f(k) with the supplier and k buyers, nothing without the supplier."""
    names = ("supplier", *(f"buyer {k}" for k in range(1, len(f))))
    return CoalitionGame.from_function(
        names, lambda members: f[len(members) - 1] if "supplier" in members else 0.0
    )


def shapley(game):
    """The supplier's marginal contribution, averaged over all orders."""
    number = len(game.players)
    total = []
    for order in permutations(range(number)):
        before = sum(1 << i for i in order[: order.index(0)])
        total.append(game.worths[before | 1] - game.worths[before])
    return np.mean(total)


def test_the_supplier_of_decreasing_returns_gets_15_of_24():
    found = nash_in_nash(supplier_and_buyers([0, 10, 18, 24]))
    assert [[15.0, 3.0, 3.0, 3.0]] == found.payoffs.tolist()
    assert (Status.SOLVED, True) == (found.status, found.complete)


def test_shapley_value_and_nash_in_nash_are_two_things():
    """Trap: with complements the supplier pays to trade; Shapley's value says it never would."""
    cubes = supplier_and_buyers([k**3 for k in range(4)])
    found = nash_in_nash(cubes).payoffs[0, 0]
    assert_allclose(-1.5, found)
    naive = shapley(cubes)
    assert naive > cubes.worths[1] > found  # the supplier alone has 0
    assert_allclose(9.0, naive)
    decreasing = supplier_and_buyers([0, 10, 18, 24])
    assert_allclose(13.0, shapley(decreasing))
    assert_allclose(15.0, nash_in_nash(decreasing).payoffs[0, 0])


@pytest.mark.parametrize(("capacity", "expected"), [(3, 24.0), (2, 30.0), (1, 18.0)])
def test_more_capacity_can_leave_the_supplier_with_less(capacity, expected):
    """Values 30, 20, 12 and own chips worth 10, 4, 0: M07."""
    value, own = (30, 20, 12), (10, 4, 0)

    def worth(members):
        buyers = [i - 1 for i in members if i]
        gains = sorted((value[b] - own[b] for b in buyers), reverse=True)
        served = sum(gains[:capacity]) if 0 in members else 0
        return sum(own[b] for b in buyers) + served

    game = CoalitionGame.from_function(("s", "a", "b", "c"), worth, by_index=True)
    assert_allclose(expected, nash_in_nash(game).payoffs[0, 0])


@given(st.floats(0, 1), st.lists(st.floats(0, 100), min_size=3, max_size=3))
def test_it_is_the_network_of_lump_sums(weight, values):
    """Second route: the same bargains as links that pay lump sums."""
    first, second, both = values[0], values[1], max(values[:2]) + values[2]
    names = ("s", "a", "b")
    table = {(0, 1): first, (0, 2): second, (0, 1, 2): both}
    game = CoalitionGame.from_function(names, lambda m: table.get(m, 0.0), by_index=True)
    network = BargainingNetwork(
        players=names, links=[("s", "a"), ("s", "b")], lump_sums=True,
        weights=[(weight, 1 - weight)] * 2,
        payoffs=lambda active: (
            table.get((0, *(k + 1 for k in (0, 1) if active[k])), 0.0), 0.0, 0.0
        ),
    )  # fmt: skip
    hub = nash_in_nash(game, MarginalSplit(weight=weight))
    assert_allclose(nash_in_nash(network).payoffs, hub.payoffs, rtol=1e-12, atol=1e-9)


@given(st.floats(0.0, 1.0), st.floats(1.0, 20.0))
def test_a_buyer_keeps_the_suppliers_weight_of_a_better_alternative(weight, step):
    """The slope of the buyer's payoff in what it has alone is β, as in one bargain."""

    def game(own):
        return CoalitionGame.from_function(
            ("s", "a"), lambda m: {("a",): own, ("s", "a"): 60.0}.get(m, 0.0)
        )

    method = MarginalSplit(weight=weight)
    less, more = (nash_in_nash(game(b), method).payoffs[0, 1] for b in (10.0, 10.0 + step))
    assert_allclose(weight * step, more - less, rtol=1e-9, atol=1e-9)


def test_another_hub_and_batches():
    game = supplier_and_buyers([0, 10, 18, 24])
    order = [sum(1 << ((i + 1) % 4) for i in range(4) if s >> i & 1) for s in range(16)]
    turned = np.empty(16)
    turned[order] = game.worths
    batch = CoalitionGame(("a", "s", "b", "c"), np.stack((turned, 2 * turned, turned * np.nan)))
    found = nash_in_nash(batch, MarginalSplit(hub=1))
    assert [0, 0, Status.INVALID_INPUT] == found.status.tolist()
    assert [[3, 15, 3, 3], [6, 30, 6, 6]] == found.payoffs[:2, 0].tolist()


def test_nobody_bargains_over_a_loss():
    game = CoalitionGame(("s", "a"), [0.0, 5.0, 5.0, 8.0])
    found = nash_in_nash(game)
    assert (Status.NONE_EXIST, 0, True) == (found.status, found.count, found.complete)


def test_methods_refuse_who_is_not_there():
    with pytest.raises(ParameterError, match="hub = 2"):
        nash_in_nash(CoalitionGame(("s", "a"), [0, 0, 0, 1]), MarginalSplit(hub=2))
    for bad in ({"hub": -1}, {"hub": True}, {"weight": 1.5}, {"weight": np.nan}):
        with pytest.raises(ParameterError):
            MarginalSplit(**bad)
