"""Firms that count each other's profits: weights from ownership, and what they do to equilibria."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize

from games.price_build_nf import price_build_nf
from games.stakes_crossed import PARTS, counted, owned, stakes_build, stakes_common
from solver import nash, pure_nash, sweep
from solver.forms.weighted import objective_weights

#: Where a game lives, if not in the file of its name.
FILES = {"price_build_grid": "price_build_nf"}

chips = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "chip_cost": st.floats(12.8, 25.0),
        "volume": st.floats(50.0, 1500.0),
        "nre": st.floats(200.0, 5000.0),
        "win_back": st.floats(0.0, 1.0),
        "addressable": st.floats(0.2, 0.9),
    }
)


def cournot(demand, costs, w):
    """Quantities (N,) >= 0, each maximising its firm's weighted profits; zeros if not found."""
    q = np.full(len(costs), demand / (2.0 * len(costs)))
    for _ in range(5000):
        before = q.copy()
        for i in range(len(costs)):
            others = q.sum() - q[i]
            counted_output = w[i] @ q - q[i]
            best = max(0.0, 0.5 * (demand - costs[i] - others - counted_output))
            q[i] = 0.5 * (q[i] + best)
        if np.abs(q - before).max() < 1e-13 * demand:
            return q
    return np.zeros(len(costs))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_margins_weighted_by_shares_are_the_modified_index_over_the_elasticity(seed):
    """O'Brien and Salop: Σ s_i (P - mc_i)/P = MHHI/η, whatever the ownership."""
    rng = np.random.default_rng(seed)
    firms, owners = 3, 5
    own = 0.6 * np.eye(owners, firms)  # every firm has an owner that cares for it most
    shares = own + 0.4 * rng.dirichlet(np.ones(owners), firms).T
    control = own + 0.4 * rng.dirichlet(np.ones(owners), firms).T
    w = objective_weights(shares.T, control.T)
    demand, costs = 10.0, rng.uniform(0.0, 1.0, firms)
    q = cournot(demand, costs, w)
    assume((q > 1e-6).all())
    price = demand - q.sum()
    s = q / q.sum()
    elasticity = price / q.sum()
    assert_allclose(s @ (price - costs) / price, s @ w @ s / elasticity, rtol=1e-8)


def test_control_like_cash_flow_gives_the_textbook_weights():
    """An owner of one half of both, dedicated owners of the rest: w = ½; of all: 1; of none: 0."""
    for share, w in ((0.0, 0.0), (0.5, 0.5), (1.0, 1.0)):
        assert_allclose([[1.0, w], [w, 1.0]], owned(np.array(share)), atol=1e-15)


@given(chips)
def test_without_stakes_it_is_the_game_of_price_and_build(p):
    base = price_build_nf.form(price_build_nf.bind(**p))
    form = stakes_build.form(stakes_build.bind(**p, stake=0.0, reverse_stake=0.0))
    for mine, theirs in zip(form.payoffs, base.payoffs, strict=True):
        assert_array_equal(mine, theirs)


@given(chips)
def test_with_everything_counted_the_best_for_both_is_an_equilibrium(p):
    """W of ones: every set of Nash equilibria contains a team optimum."""
    base = price_build_nf.form(price_build_nf.bind(**p))
    form = stakes_build.form(stakes_build.bind(**p, stake=1.0, reverse_stake=1.0))
    best = sum(base.payoffs).max()
    equilibria = nash(form)
    assert_allclose(equilibria.payoffs[..., 0].max(), best, rtol=1e-12)


@pytest.mark.parametrize("name", ["price_build_nf", "price_build_grid", "leverage_simultaneous"])
def test_counting_nothing_changes_nothing_and_counting_all_makes_a_team(name):
    """For any game of simultaneous moves: W = 1 is the game, W of ones has its best for both."""
    game = getattr(import_module(f"games.{FILES.get(name, name)}"), name)
    form = game.form(game.bind())
    same = counted(form, ((1.0, 0.0), (0.0, 1.0)))
    for mine, theirs in zip(same.payoffs, form.payoffs, strict=True):
        assert_array_equal(mine, theirs)
    team = pure_nash(counted(form, ((1.0, 1.0), (1.0, 1.0))))
    assert_allclose(team.payoffs[..., 0].max(), sum(form.payoffs).max(), rtol=1e-12)


@given(chips, st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.1, 10.0))
def test_scaling_a_row_of_weights_changes_no_equilibrium(p, mine, yours, scale):
    base = price_build_nf.form(price_build_nf.bind(**p))
    one = nash(counted(base, ((1.0, mine), (yours, 1.0))))
    two = nash(counted(base, ((scale, scale * mine), (yours, 1.0))))
    assert one.count == two.count
    for a, b in zip(one.strategies, two.strategies, strict=True):
        assert_allclose(a, b, atol=1e-6)


@given(chips, st.floats(0.0, 0.9), st.floats(0.0, 0.9))
def test_outcomes_take_the_share_in_the_other_out_again(p, mine, yours):
    found = sweep(stakes_build, **p, stake=mine, reverse_stake=yours)
    base = price_build_nf.form(price_build_nf.bind(**p))
    rows = np.array([found.p_high.item(), 1.0 - found.p_high.item()])
    columns = np.array([1.0 - found.p_build.item(), found.p_build.item()])
    profit, surplus = (rows @ payoff @ columns for payoff in base.payoffs)
    scale = np.abs(base.payoffs).max()
    assert_allclose(found.supplier_profit.item(), profit, atol=1e-8 * scale)
    assert_allclose(found.buyer_payoff.item(), surplus, atol=1e-8 * scale)


@pytest.mark.parametrize(
    ("share", "quantities"),
    [pytest.param(0.0, (8, 8), id="cournot"), pytest.param(1.0, (6, 6), id="monopoly")],
)
def test_common_ownership_runs_from_cournot_to_monopoly(share, quantities):
    """With free production a/3 each, or half of it each for both as one; both on the grid."""
    p = {"supplier_cost": 0.0, "rival_cost": 0.0, "value": 24.0, "volume": 24.0}
    form = stakes_common.form(stakes_common.bind(**p, common_share=share))
    equilibria = pure_nash(form)
    played = [
        tuple(round(24.0 * PARTS[int(np.argmax(s[k]))]) for s in equilibria.strategies)
        for k in range(int(equilibria.count))
    ]
    assert quantities in played


@given(st.floats(0.0, 1.0), st.floats(0.0, 8.0), st.floats(0.0, 8.0))
@settings(max_examples=25)
def test_some_equilibrium_on_the_grid_is_near_the_one_without_a_grid(share, mine, yours):
    """Second route: profits are maximised by scipy, in turn, over all quantities."""
    p = {"supplier_cost": mine, "rival_cost": yours, "value": 24.0, "volume": 24.0}
    w = share**2 / (share**2 + (1.0 - share) ** 2)
    q = np.array([6.0, 6.0])
    for _ in range(60):
        for i, cost in enumerate((mine, yours)):

            def loss(x, i=i, cost=cost):
                other, other_cost = q[1 - i], (mine, yours)[1 - i]
                price = 24.0 - x[0] - other
                return -((price - cost) * x[0] + w * (price - other_cost) * other)

            q[i] = minimize(loss, q[i : i + 1], bounds=[(0.0, 24.0)]).x[0]
    found = pure_nash(stakes_common.form(stakes_common.bind(**p, common_share=share)))
    totals = [
        sum(24.0 * PARTS[int(np.argmax(s[k]))] for s in found.strategies)
        for k in range(int(found.count))
    ]
    assert min(abs(total - q.sum()) for total in totals) <= 2.5


def test_concentration_counts_common_owners():
    found = sweep(stakes_common, common_share=np.array([0.0, 0.5, 1.0]))
    assert_allclose(found.mhhi.values[0], found.hhi.values[0], rtol=1e-12)
    assert_allclose(found.mhhi.values[2], 1.0, rtol=1e-12)
    assert_allclose(found.cross_weight.values, [0.0, 0.5, 1.0])
