"""Trigger strategies: textbook thresholds, and discounted sums as a second route."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from solver import NormalForm, Status
from solver.concepts.self_enforcing import (
    Minmax,
    NashReversion,
    critical_discount,
    self_enforcing,
)
from solver.errors import ConceptError, ParameterError
from solver.testing import oracles

DILEMMA = [[[2, 0], [3, 1]], [[2, 3], [0, 1]]]


def cournot(firms: int) -> NormalForm:
    """Market of size one: the collusive output, the Cournot output, the best reply to collusion."""
    outputs = np.array([1 / (2 * firms), 1 / (firms + 1), (firms + 1) / (4 * firms)])
    own = np.stack(np.meshgrid(*[outputs] * firms, indexing="ij"))
    return NormalForm(own * (1.0 - own.sum(axis=0)))


def bertrand(firms: int) -> NormalForm:
    """Sell at the monopoly price, just below it, or at cost; the lowest price takes the market."""
    prices = np.array([1.0, 1.0 - 1e-9, 0.0])
    own = np.stack(np.meshgrid(*[prices] * firms, indexing="ij"))
    sells = own == own.min(axis=0)
    return NormalForm(own * sells / sells.sum(axis=0))


@pytest.mark.parametrize("firms", [2, 4])  # of three, one in each role is an equilibrium as well
def test_cournot_collusion_needs_the_textbook_discount(firms: int) -> None:
    expected = (firms + 1) ** 2 / (firms**2 + 6 * firms + 1)  # 9/17 for two
    found = critical_discount(cournot(firms), (0,) * firms)
    assert expected == pytest.approx(found.discount, abs=1e-12)
    assert bool(found.proven) == (firms == 2)


@pytest.mark.parametrize("firms", [2, 3, 4])
def test_bertrand_collusion_needs_one_less_than_a_share(firms: int) -> None:
    found = critical_discount(bertrand(firms), (0,) * firms)
    assert 1 - 1 / firms == pytest.approx(found.discount, abs=1e-8)


@pytest.mark.parametrize(("outside", "expected"), [(0.0, 0.3871), (0.4 * 31, 0.6452)])
def test_a_supplier_with_better_outside_sales_keeps_a_low_price_less_easily(
    outside: float, expected: float
) -> None:
    """δ* = (v - p_c)/(v - c_s - π_P) with v = 40, c_s = 9, p_c = 28; a customer may leave."""
    v, c, p = 40.0, 9.0, 28.0
    supplier = [[p - c, outside - 1.0], [v - c, outside]]
    customer = [[v - p, -1.0], [0.0, 0.5]]
    form = NormalForm([supplier, customer], actions=(("low", "high"), ("buy", "leave")))
    found = critical_discount(form, ("low", "buy"))
    assert (v - p) / (v - c - outside) == pytest.approx(found.discount)
    assert expected == pytest.approx(found.discount, abs=5e-5)
    assert [0, 1] == [
        int(self_enforcing(form, NashReversion(d, ("low", "buy"))).count)
        for d in (expected - 1e-3, expected + 1e-3)
    ]


def corners(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Payoffs (K, 2) at the extreme equilibria, by an exact search."""
    pairs = [np.array([*map(float, x)]) for xy in oracles.extreme_equilibria(A, B) for x in xy]
    return np.array([(x @ A @ y, x @ B @ y) for x, y in zip(pairs[::2], pairs[1::2], strict=True)])


def stays(payoffs: np.ndarray, worst: np.ndarray, at: tuple[int, int], delta: float) -> bool:
    """Sum 400 periods of staying, and of deviating and being punished for good."""
    weights = delta ** np.arange(400)
    for i, own in enumerate(payoffs):
        others = own[:, at[1]] if i == 0 else own[at[0]]
        for deviation in others[others > own[at]]:
            stream = np.r_[deviation, np.full(399, worst[i])]
            if weights @ stream > weights @ np.full(400, own[at]) + 1e-9:
                return False
    return True


@pytest.mark.parametrize("seed", range(12))
def test_profiles_that_hold_are_those_that_no_discounted_sum_breaks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, B = rng.integers(0, 7, size=(2, 3, 3)).astype(float)
    form, worst = NormalForm([A, B]), corners(A, B).min(axis=0)
    for delta in (0.15, 0.455, 0.835):  # no quotient of small whole numbers
        eq = self_enforcing(form, NashReversion(delta, "all"))
        found = set(zip(*(s.argmax(axis=-1).tolist() for s in eq.strategies), strict=True))
        cells = product(range(3), repeat=2)
        assert {at for at in cells if stays((A, B), worst, at, delta)} == found
        assert np.nanmax(eq.gap, initial=0.0) == 0.0
        assert eq.complete


def test_each_player_is_punished_by_the_equilibrium_that_is_worst_for_it() -> None:
    """Two pure equilibria: with the first listed only, player 2 would deviate for ever."""
    A = [[4, 0, 0], [6, 1, 0], [0, 0, 3]]
    B = [[4, 6, 0], [0, 3, 0], [0, 0, 1]]
    found = critical_discount(NormalForm([A, B]), (0, 0))
    worst = corners(np.array(A), np.array(B)).min(axis=0)
    assert worst == pytest.approx(found.punishment)
    assert [(6 - 4) / (6 - low) for low in worst] == pytest.approx(found.by_player)


def test_the_harshest_punishment_sustains_the_most() -> None:
    payoffs = np.random.default_rng(5).normal(size=(2, 400, 3, 3))
    form = NormalForm(payoffs)
    reversion = critical_discount(form)
    minmax = critical_discount(form, punishment="minmax")
    assert (minmax.discount <= reversion.discount + 1e-9).all()
    assert (minmax.discount < reversion.discount - 1e-3).any()
    assert minmax.proven.all()


def test_one_shot_equilibria_need_no_patience_and_hopeless_cases_are_infinite() -> None:
    assert critical_discount(NormalForm(DILEMMA), (1, 1)).discount == 0.0
    # Punishment gives what cooperation does: nothing is lost by deviating.
    form = NormalForm([[[1, 0], [3, 1]], [[1, 3], [0, 1]]])
    assert np.isinf(critical_discount(form, (0, 0)).discount)
    eq = self_enforcing(form, NashReversion(0.999, (0, 0)))
    assert (Status.NONE_EXIST, True) == (eq.status, bool(eq.complete))


def test_three_players_without_a_pure_equilibrium_have_no_known_punishment() -> None:
    pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])
    form = NormalForm([
        np.stack([pennies, pennies], -1), np.stack([-pennies, -pennies], -1), np.zeros((2, 2, 2))
    ])  # fmt: skip
    found = critical_discount(form)
    assert np.isinf(found.punishment).all()
    assert np.isinf(found.discount)
    eq = self_enforcing(form)
    assert (Status.NONE_EXIST, False) == (eq.status, bool(eq.complete))


def test_the_best_that_holds_is_found_where_the_team_optimum_does_not() -> None:
    A = [[5, 0, 0], [9, 2, 0], [0, 3, 1]]
    form = NormalForm([A, np.transpose(A)])
    assert 10 == critical_discount(form).cooperation.sum()
    for delta in (0.3, 0.6):
        every = self_enforcing(form, NashReversion(delta, "all"))
        best = self_enforcing(form, NashReversion(delta, "best"))
        assert every.payoffs.sum(axis=-1).max() == best.payoffs.sum(axis=-1).max()
    assert 0 == self_enforcing(form, NashReversion(0.3)).count
    assert [[5.0, 5.0]] == self_enforcing(form, NashReversion(0.6)).payoffs.tolist()


@pytest.mark.parametrize(("scale", "shift"), [(1e9, 0.0), (1e-9, 0.0), (1.0, 1e6), (1e3, 1e12)])
def test_units_do_not_matter(scale: float, shift: float) -> None:
    payoffs = np.random.default_rng(9).integers(0, 9, size=(2, 60, 2, 3)) * 1.0
    plain = critical_discount(NormalForm(payoffs))
    moved = critical_discount(NormalForm(payoffs * scale + shift))
    np.testing.assert_allclose(plain.discount, moved.discount, atol=1e-6)


def test_a_payoff_that_is_not_finite_spoils_its_game_only() -> None:
    payoffs = np.array([DILEMMA] * 3, float).swapaxes(0, 1).copy()
    payoffs[1, 1, 0, 1] = np.nan
    eq = self_enforcing(NormalForm(payoffs))
    assert [0, 5, 0] == eq.status.tolist()
    assert [1, 0, 1] == eq.count.tolist()
    found = critical_discount(NormalForm(payoffs))
    np.testing.assert_array_equal([0.5, np.nan, 0.5], found.discount)
    assert self_enforcing(NormalForm(np.zeros((2, 0, 2, 2)))).count.shape == (0,)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: NashReversion(discount=1.0), ParameterError, "discount = 1.0 lies outside"),
        (lambda: Minmax(discount=np.nan), ParameterError, "discount = nan lies outside"),
        (lambda: NashReversion(profile="tem"), ConceptError, "did you mean team"),
        (lambda: Minmax(tol=-1.0), ParameterError, "tol = -1.0"),
        (lambda: critical_discount(NormalForm(DILEMMA), "best"), ConceptError, "not 'best'"),
        (lambda: critical_discount(NormalForm(DILEMMA), (0, 2)), ConceptError, "no action 2"),
        (lambda: critical_discount(NormalForm(DILEMMA), (0,)), ConceptError, "1 actions for 2"),
        (lambda: critical_discount(NormalForm(DILEMMA), ("a", "1")), ConceptError, "action of"),
        (
            lambda: critical_discount(NormalForm(DILEMMA), punishment="tit for tat"),
            ConceptError,
            "unknown punishment",
        ),
    ],
)
def test_what_is_no_trigger_is_refused(make, error, words: str) -> None:
    with pytest.raises(error, match=words):
        make()


def test_a_threat_without_a_contract_moves_the_price_only_if_play_is_repeated() -> None:
    """The supplier posts a price each period; the customer buys, or starts a chip for later.

    In each single period the chip comes too late: whatever it would cost, the price is the value.
    Repeated, "if the price is not low I start the chip" sustains a discount from δ* on, the more
    easily the less the supplier would have left against the chip.
    """
    v, c, low = 40.0, 9.0, 28.0
    left = np.array([0.0, 6.0, 12.0])  # what the supplier earns against a chip, per unit
    supplier = np.stack([
        np.stack([np.full(3, low - c), left - 1.0], -1), np.stack([np.full(3, v - c), left], -1)
    ], -2)  # fmt: skip
    customer = [[v - low, -1.0], [0.0, 0.0]]
    form = NormalForm([supplier, customer], actions=(("low", "high"), ("buy", "start chip")))
    stage = np.array([supplier[:, 1, 0] >= supplier[:, 0, 0]])
    assert stage.all()  # high prices in every one-shot play against a buyer
    needed = critical_discount(form, ("low", "buy")).discount
    np.testing.assert_allclose((v - low) / (v - c - left), needed)
    assert (np.diff(needed) > 0).all()
