"""Price and build at once: dominance regions and mixtures by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from games import price_build_grid, price_build_nf
from solver import nash, sweep

CHIP = {
    "value": 60.0, "supplier_cost": 9.0, "chip_cost": 16.0, "volume": 100.0, "nre": 1000.0,
    "porting_lump": 300.0, "price_high": 40.0, "price_low": 25.0, "addressable": 0.6,
}  # fmt: skip


def solved(game=price_build_nf, **values):
    return nash(game.form(game.bind(**{**CHIP, **values})))


def test_payoffs_are_those_of_the_worked_example():
    form = price_build_nf.form(price_build_nf.bind(**CHIP, win_back=0.9))
    assert_allclose(form.payoffs[0], [[3100.0, 1240.0], [1600.0, 1504.0]], rtol=1e-12)
    assert_allclose(form.payoffs[1], [[2000.0, 2140.0], [3500.0, 2254.0]], rtol=1e-12)


def test_without_enough_win_back_the_high_price_and_build_is_the_one_equilibrium():
    equilibria = solved(win_back=0.5)
    assert [[1.0, 0.0]] == equilibria.strategies[0].tolist()
    assert [[0.0, 1.0]] == equilibria.strategies[1].tolist()
    assert equilibria.complete


def test_with_much_win_back_both_mix():
    equilibria = solved(win_back=0.9)
    assert_allclose(equilibria.strategies[0][0, 0], 0.898989898989899, rtol=1e-12)
    assert_allclose(equilibria.strategies[1][0, 1], 0.8503401360544217, rtol=1e-12)
    assert equilibria.complete


def mixture(form):
    """P(high) and P(build) from the four incentives, where all are positive."""
    supplier, customer = form.payoffs
    gain_high, gain_low = supplier[0, 0] - supplier[1, 0], supplier[1, 1] - supplier[0, 1]
    keep_low, build_high = customer[1, 0] - customer[1, 1], customer[0, 1] - customer[0, 0]
    if min(gain_high, gain_low, keep_low, build_high) <= 1e-6:
        return None
    return keep_low / (keep_low + build_high), gain_high / (gain_high + gain_low)


@given(
    nre=st.floats(200.0, 3000.0),
    win_back=st.floats(0.0, 1.0),
    price_low=st.floats(17.0, 35.0),
    addressable=st.floats(0.2, 0.9),
)
def test_the_mixture_follows_from_the_opponents_incentives(nre, win_back, price_low, addressable):
    values = {
        "nre": nre, "win_back": win_back, "price_low": price_low, "addressable": addressable,
    }  # fmt: skip
    expected = mixture(price_build_nf.form(price_build_nf.bind(**{**CHIP, **values})))
    equilibria = solved(**values)
    if expected is not None:
        assert 1 == equilibria.count
        assert_allclose(equilibria.strategies[0][0, 0], expected[0], rtol=1e-9)
        assert_allclose(equilibria.strategies[1][0, 1], expected[1], rtol=1e-9)


def test_a_dearer_chip_leaves_building_as_frequent_and_raises_the_high_price_linearly():
    nre = np.linspace(950.0, 1050.0, 11)
    cells = sweep(price_build_nf, **{**CHIP, "nre": nre, "win_back": 0.9})
    assert {"high+low | buy+build"} == set(cells.regime.values)
    assert_allclose(cells.p_build.values, cells.p_build.values[0], rtol=1e-9)
    assert_allclose(np.diff(cells.p_high.values, 2), 0.0, atol=1e-12)
    assert (np.diff(cells.p_high.values) > 0.0).all()


def test_the_grid_has_the_two_by_two_game_in_its_corners():
    small = price_build_nf.form(price_build_nf.bind(**CHIP, win_back=0.7))
    large = price_build_grid.form(price_build_grid.bind(**CHIP, win_back=0.7))
    assert (5, 3) == large.shape
    for corner, whole in zip(small.payoffs, large.payoffs, strict=True):
        assert_allclose(whole[np.ix_([0, 4], [0, 2])], corner, rtol=1e-12)


@pytest.mark.parametrize("win_back", [0.0, 0.3, 0.6, 0.9])
def test_equilibria_of_the_grid_pay_each_player_at_least_its_security_level(win_back):
    equilibria = solved(price_build_grid, win_back=win_back)
    supplier, customer = equilibria.form.payoffs
    assert equilibria.count >= 1
    assert (equilibria.payoffs[:, 0] >= supplier.min(axis=1).max() - 1e-9).all()
    assert (equilibria.payoffs[:, 1] >= customer.min(axis=0).max() - 1e-9).all()
