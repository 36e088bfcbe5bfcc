"""The price and build game against its closed form, written here and nowhere in the solver."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize_scalar

from games import phase, phase_posted
from solver import Status, subgame_perfect, sweep
from solver.forms.leader import LeaderFollower

REGIMES = np.array(["buy-blockaded", "buy-deterred", "dual"])


def closed_form(*, volume, supplier_cost, own_cost, value, nre, top):
    """Price, regime and supplier profit: deter, accommodate or ignore, whichever pays most."""
    deter = np.where(
        np.sqrt(2.0 * top * nre / volume) <= top,
        own_cost + np.sqrt(2.0 * top * nre / volume),
        own_cost + nre / volume + top / 2.0,
    )
    ceiling = np.minimum(value, own_cost + top)
    accommodate = np.clip(
        (supplier_cost + own_cost + top) / 2.0, np.minimum(deter, ceiling), ceiling
    )
    ported = np.clip((accommodate - own_cost) / top, 0.0, 1.0)
    profit_deter = (deter - supplier_cost) * volume
    profit_accommodate = (accommodate - supplier_cost) * (1.0 - ported) * volume
    blockaded = deter >= value
    enters = ~blockaded & (profit_accommodate > profit_deter)
    price = np.where(blockaded, value, np.where(enters, accommodate, deter))
    profit = np.where(blockaded, value - supplier_cost, 0.0) * volume
    profit = np.where(blockaded, profit, np.where(enters, profit_accommodate, profit_deter))
    return price, np.where(blockaded, 0, np.where(enters, 2, 1)), profit


@pytest.fixture(scope="module")
def main_map():
    return sweep(
        phase,
        nre=np.geomspace(100.0, 20_000.0, 400),
        porting_top=np.linspace(1.0, 80.0, 300),
    )


def test_the_whole_map_agrees_with_the_closed_form(main_map):
    price, regime, profit = closed_form(
        volume=500.0,
        supplier_cost=9.0,
        own_cost=16.0,
        value=60.0,
        nre=main_map.nre.values[:, None],
        top=main_map.porting_top.values,
    )
    assert (400, 300) == main_map.price.shape
    assert_allclose(main_map.price.values, price, rtol=1e-9, atol=0.0)
    assert_allclose(main_map.supplier_profit.values, profit, rtol=1e-9)
    assert_array_equal(REGIMES[regime], main_map.regime.values)


def test_the_whole_map_is_certified(main_map):
    assert (main_map.status == "SOLVED").all()
    assert float(main_map.gap.max()) <= 1e-12


@pytest.mark.parametrize(
    ("nre", "top", "price", "regime", "share"),
    [
        pytest.param(100.0, 40.0, 32.5, "dual", 0.4125, id="accommodate"),
        pytest.param(1000.0, 40.0, 28.649110640673516, "buy-deterred", 0.0, id="deter"),
        pytest.param(2000.0, 80.0, 41.29822128134703, "buy-deterred", 0.0, id="deter-dear"),
        pytest.param(10_000.0, 80.0, 60.0, "buy-blockaded", 0.0, id="blockaded"),
    ],
)
def test_published_points(nre, top, price, regime, share):
    cell = sweep(phase, nre=nre, porting_top=top, volume=500.0, supplier_cost=9.0, chip_cost=16.0)
    assert_allclose(cell.price.item(), price, rtol=1e-12)
    assert regime == cell.regime.item()
    assert_allclose(cell.built_share.item(), share, rtol=1e-12)


def test_a_dearer_chip_can_help_the_customer():
    cells = sweep(phase, nre=np.array([100.0, 500.0]), porting_top=40.0)
    assert ["dual", "buy-deterred"] == cells.regime.values.tolist()
    assert_allclose(cells.buyer_payoff.values, [15_351.5625, 17_527.864045], rtol=1e-8)


def test_entry_can_raise_the_price():
    cells = sweep(phase, nre=np.array([100.0, 500.0]), porting_top=40.0)
    assert cells.price.values[0] > cells.price.values[1]


def test_without_porting_costs_the_price_is_the_cost_of_the_chip_per_unit():
    cell = sweep(phase, porting_top=1e-6, nre=1000.0)
    assert_allclose(cell.price.item(), 16.0 + 1000.0 / 500.0, atol=1e-6)


@pytest.mark.parametrize(("top", "price"), [(5.0, 16.0), (20.0, 22.5), (200.0, 60.0)])
def test_without_a_programme_cost_the_price_is_the_monopoly_price_on_what_stays(top, price):
    cell = sweep(phase, nre=0.0, porting_top=top)
    assert_allclose(cell.price.item(), price, atol=2e-6)  # preferences touch, they do not cross


def test_a_supplier_dearer_than_every_workload_loses_them_all():
    cell = sweep(phase, supplier_cost=40.0, porting_top=10.0, nre=10.0)
    assert "build" == cell.regime.item()
    assert 1.0 == cell.built_share.item()
    assert 0.0 == cell.supplier_profit.item()


def test_a_value_below_the_suppliers_cost_leaves_no_price():
    cell = sweep(phase, value=5.0)
    assert "NONE_EXIST" == cell.status.item()
    assert "none" == cell.regime.item()
    assert np.isnan(cell.price.item())


def test_scaling_programme_and_volume_together_leaves_the_price():
    small = sweep(phase, nre=np.linspace(100.0, 5000.0, 30), volume=500.0)
    large = sweep(phase, nre=np.linspace(300.0, 15_000.0, 30), volume=1500.0)
    assert_allclose(large.price.values, small.price.values, rtol=1e-11)


chips = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(5.0, 15.0),
        "chip_cost": st.floats(12.8, 25.0),
        "performance": st.floats(0.5, 1.5),
        "volume": st.floats(100.0, 1500.0),
        "nre": st.floats(10.0, 50_000.0),
        "porting_top": st.floats(0.5, 100.0),
    }
)


@given(chips)
def test_any_chip_agrees_with_the_closed_form(chip):
    cell = sweep(phase, **chip)
    price, regime, profit = closed_form(
        volume=chip["volume"],
        supplier_cost=chip["supplier_cost"],
        own_cost=chip["chip_cost"] / chip["performance"],
        value=chip["value"],
        nre=chip["nre"],
        top=chip["porting_top"],
    )
    assert_allclose(cell.supplier_profit.item(), profit, rtol=1e-9)
    if cell.regime.item() == REGIMES[regime]:  # at a boundary either price earns the same
        assert_allclose(cell.price.item(), price, rtol=1e-9)


@given(chips)
@settings(max_examples=20)
def test_profit_rises_with_everything_that_makes_the_chip_dearer(chip):
    base = sweep(phase, **chip).supplier_profit.item()
    for name in ("nre", "porting_top", "chip_cost"):
        dearer = sweep(phase, **{**chip, name: chip[name] * 1.1}).supplier_profit.item()
        assert dearer >= base * (1.0 - 1e-9)


@given(chips)
@settings(max_examples=20)
def test_regimes_are_ordered_in_the_programme_cost(chip):
    cells = sweep(phase, **{**chip, "nre": np.geomspace(1.0, 1e5, 60)})
    order = {"build": 0, "dual": 0, "buy-deterred": 1, "buy-blockaded": 2}
    ranks = [order[label] for label in cells.regime.values]
    assert sorted(ranks) == ranks


def test_posted_prices_have_the_boundaries_of_the_closed_form():
    nre, top = np.geomspace(10.0, 20_000.0, 300)[:, None], np.linspace(1.0, 80.0, 200)
    cells = sweep(phase_posted, price=35.0, nre=nre.ravel(), porting_top=top)
    saving = 35.0 - 16.0
    gain = np.where(saving < top, 500.0 * saving**2 / (2.0 * top), 500.0 * (saving - top / 2.0))
    expected = np.where(gain <= nre, "buy", np.where(saving < top, "dual", "build"))
    assert_array_equal(expected, cells.regime.values)
    assert (cells.price == 35.0).all()


@pytest.mark.parametrize("price", [20.0, 35.0, 50.0])
@pytest.mark.parametrize("top", [10.0, 40.0, 80.0])
def test_the_posted_boundary_lies_where_the_saving_equals_the_programme(price, top):
    saving = price - 16.0
    edge = 500.0 * saving**2 / (2.0 * top) if saving < top else 500.0 * (saving - top / 2.0)
    around = edge * np.array([1.0 - 1e-9, 1.0 + 1e-9])
    cells = sweep(phase_posted, price=price, nre=around, porting_top=top)
    assert ["dual" if saving < top else "build", "buy"] == cells.regime.values.tolist()


def brute_force_profit(parameters):
    """Second route: the supplier's profit at every point of a fine grid, refined by scipy."""

    def profit(price):
        form = phase.build(**parameters)
        leader, follower = form.payoffs(price, **parameters)
        tied = [w >= max(follower) for w in follower]
        return max(u for u, best in zip(leader, tied, strict=True) if best)

    low, high = float(parameters["supplier_cost"]), float(parameters["value"])
    grid = np.linspace(low, high, 4001)
    values = np.array([profit(p) for p in grid])
    k = int(values.argmax())
    near = (grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)])
    local = minimize_scalar(lambda p: -profit(p), bounds=near, method="bounded")
    return max(values.max(), -local.fun)


@given(chips)
@settings(max_examples=8)
def test_no_price_of_a_fine_grid_earns_more(chip):
    parameters = phase.bind(**chip).values
    found = sweep(phase, **chip).supplier_profit.item()
    best = brute_force_profit(parameters)
    assert best <= found * (1.0 + 1e-9)
    assert best >= found * (1.0 - 1e-3)  # the grid comes near what was found


def test_the_certificate_notices_a_solver_that_ignores_accommodation(monkeypatch):
    monkeypatch.setattr(
        "solver.concepts.subgame_perfect.inner_peaks",
        lambda _flat, _grid, _leader, enough: np.empty((0, len(enough))),
    )
    equilibria = subgame_perfect(phase.form(phase.bind(nre=100.0, porting_top=40.0)))
    assert Status.NOT_CONVERGED == equilibria.status


def test_the_certificate_notices_a_solver_that_ignores_deterrence(monkeypatch):
    monkeypatch.setattr(
        "solver.concepts.subgame_perfect.indifference",
        lambda _flat, _grid, _follower, slack: np.empty((0, len(slack))),
    )
    equilibria = subgame_perfect(phase.form(phase.bind(nre=1000.0, porting_top=40.0)))
    assert Status.NOT_CONVERGED == equilibria.status


def test_the_form_is_a_leader_and_a_follower():
    form = phase.form(phase.bind())
    assert isinstance(form, LeaderFollower)
    assert (("price",), ("buy", "dual", "build")) == form.actions


@pytest.mark.parametrize(
    ("chip", "price"),
    [((600.0, 2.0, 3.0, 1.0, 10.0), 7.5), ((200.0, 1.0, 1.0, 5.0, 4.0), 3.0)],
)
def test_a_dual_region_within_one_step_of_the_samples_is_found(chip, price):
    names = ("value", "supplier_cost", "chip_cost", "nre", "porting_top")
    cell = sweep(phase, **dict(zip(names, chip, strict=True)))
    assert "SOLVED" == cell.status.item()
    assert "dual" == cell.regime.item()
    assert_allclose(cell.price.item(), price, rtol=1e-9)
