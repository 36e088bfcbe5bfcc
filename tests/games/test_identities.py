"""Identities between the models: free of any number from the literature."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog

import games
from games.bargain import bargain
from games.n_buyer import n_buyer, n_buyer_five
from games.phase import phase
from games.price_build_nf import price_build_nf
from games.screening import screening
from solver import (
    Game,
    NormalForm,
    coco,
    minimax,
    nash,
    nash_in_nash,
    nucleolus,
    shapley,
    sweep,
)
from solver.coopetition import coopetition, weighted_game
from solver.testing import laws

chips = st.fixed_dictionaries(
    {
        "value": st.floats(45.0, 120.0),
        "supplier_cost": st.floats(8.8, 10.2),
        "chip_cost": st.floats(12.8, 25.0),
        "performance": st.floats(0.5, 1.5),
        "volume": st.floats(200.0, 1500.0),
        "nre": st.floats(500.0, 2000.0),
        "porting_lump": st.floats(50.0, 1000.0),
    }
)
matrix_points = st.fixed_dictionaries(
    {
        "nre": st.floats(500.0, 5000.0),
        "win_back": st.floats(0.0, 1.0),
        "addressable": st.floats(0.2, 0.9),
        "price_low": st.floats(15.0, 35.0),
    }
)
MATRIX = sorted(
    name for name in games.GAMES
    if isinstance(getattr(games, name).form(getattr(games, name).bind()), NormalForm)
    # Nine quantities each have too many equilibria for a law over random weights.
    and max(getattr(games, name).form(getattr(games, name).bind()).shape) <= 5
)  # fmt: skip


def form(game: Game, **values):
    return game.form(game.bind(**values))


def transfer_game(total: float, alone: float, paid: float) -> NormalForm:
    """Both may refuse; if neither does, the customer pays `paid` of what trade creates."""
    supplier = [[paid, 0.0], [0.0, 0.0]]
    customer = [[total - paid, alone], [alone, alone]]
    return NormalForm((supplier, customer), actions=(("sell", "refuse"), ("buy", "build")))


@given(chips, st.floats(0.0, 1.0))
@settings(max_examples=40)
def test_identity_01_with_one_buyer_five_concepts_are_one(p, paid):
    """Shapley = nucleolus = Nash-in-Nash(½) = Nash(½) = coco, whatever price the last starts at."""
    pair = sweep(bargain, **p, supplier_power=0.5)
    assume(pair.regime.item() == "trade")
    expected = np.array([pair.supplier_payoff.item(), pair.buyer_payoff.item()])
    scale = 1e-9 * expected.sum()
    none = {f"volume_{i}": 0.0 for i in (2, 3, 4, 5)}
    rest = {name: value for name, value in p.items() if name != "volume"}
    alone = form(
        n_buyer_five, **rest, **none, volume_1=p["volume"], addressable=1.0, capacity=1e4,
        next_value=0.0,
    )  # fmt: skip
    for concept in (shapley, nucleolus, nash_in_nash):
        assert_allclose(expected, concept(alone).payoffs[0, :2], atol=scale)
    total, own = expected.sum(), pair.alternative.item()
    assert_allclose(expected, coco(transfer_game(total, own, paid * total)).payoffs[0], atol=scale)


@given(st.floats(12.8, 25.0), st.floats(200.0, 1500.0), st.floats(500.0, 2000.0))
@settings(max_examples=30)
def test_identity_04_one_type_one_cap_and_no_porting_are_the_same_price(chip, volume, nre):
    """What screening asks of a single type, the cap, and what deters where porting is free."""
    cap = chip + nre / volume
    p = {"chip_cost": chip, "volume": volume, "nre": nre, "supplier_cost": 9.0}
    bound = sweep(bargain, **p, porting_lump=0.0, supplier_power=1.0)
    assert_allclose(cap, bound.price.item(), rtol=1e-9)
    # Porting costs of at most 1e-6 a unit move the price by no more than that.
    deter = sweep(phase, **p, value=60.0, porting_top=1e-6)
    assert_allclose(cap, deter.price.item(), atol=1e-6)
    screened = sweep(screening, **p, porting_lump=0.0, handicap=1.0)
    assert_allclose(cap, screened.price.item(), rtol=1e-9)


def small(game: Game, data) -> dict[str, float]:
    """A point inside the plausible range."""
    found = {}
    for p in game.parameters:
        low, high = (p.calibration.low, p.calibration.high) if p.calibration else (p.low, p.high)
        low, high = max(low, p.low), min(high, p.high)
        found[p.name] = data.draw(st.floats(low, high if np.isfinite(high) else 2 * p.default + 1))
    return found


@pytest.mark.parametrize("name", MATRIX)
@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_identity_05_counting_nothing_is_the_game_and_counting_all_is_the_team(name, data):
    game = getattr(games, name)
    p = small(game, data)
    plain = nash(form(game, **p))
    zero = nash(form(weighted_game(game, np.eye(2)), **p))
    assert_allclose(plain.payoffs, zero.payoffs)
    team = nash(form(weighted_game(game, np.ones((2, 2))), **p))
    first, second = form(game, **p).payoffs
    best = (first + second).max()
    assert_allclose(best, team.payoffs[..., 0].max(), atol=1e-9 * abs(best) + 1e-9)


def value(A):
    """The value of a zero-sum game by a linear program."""
    rows, columns = A.shape
    done = linprog(
        np.r_[np.zeros(rows), -1.0], A_ub=np.c_[-A.T, np.ones(columns)], b_ub=np.zeros(columns),
        A_eq=[np.r_[np.ones(rows), 0.0]], b_eq=[1.0],
        bounds=[(0.0, None)] * rows + [(None, None)], method="highs",
    )  # fmt: skip
    return -done.fun


@given(matrix_points)
@settings(max_examples=40)
def test_identity_06_with_nothing_in_common_coco_is_the_value_and_minimax(p):
    A = np.asarray(form(price_build_nf, **p).payoffs[0])
    contest = NormalForm((A, -A))
    expected, scale = value(A), 1e-9 * abs(A).max()
    assert_allclose([expected, -expected], coco(contest).payoffs[0], atol=scale)
    assert_allclose([expected, -expected], minimax(contest).payoffs[0], atol=scale)
    assert_allclose(0.0, coopetition(contest).team, atol=scale)


@pytest.mark.parametrize("law", sorted(laws.LAWS))
@given(p=matrix_points, stake=st.floats(0.0, 1.0))
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_identity_09_names_units_and_hopeless_moves_change_no_equilibrium(law, p, stake):
    """Relabelling, permuting, affine maps, dominated and duplicated strategies."""
    laws.check(form(price_build_nf, **p), laws=[law])
    laws.check(form(games.coopetition, **p, stake=stake), laws=[law])


#: Outcome, sign of its slope, and the parameter, with the regime held fixed.
SIGNS = [
    (bargain, "nash-bargaining", "price", name, sign)
    for name, sign in (
        ("nre", 1), ("porting_lump", 1), ("chip_cost", 1), ("supplier_power", 1),
        ("supplier_cost", 1), ("volume", -1), ("performance", -1),
    )
] + [
    (bargain, "outside-option", "price", name, sign)
    for name, sign in (
        ("nre", 1), ("porting_lump", 1), ("chip_cost", 1), ("supplier_power", 1), ("volume", -1),
        ("performance", -1),
    )
] + [
    (bargain, "nash-bargaining", "buyer_payoff", "nre", -1),
    (bargain, "kalai-smorodinsky", "price", "nre", 1),
    (bargain, "egalitarian", "price", "nre", 1),
    (phase, None, "supplier_profit", "nre", 1),
    (phase, None, "supplier_profit", "porting_top", 1),
    (phase, None, "supplier_profit", "chip_cost", 1),
    (phase, None, "buyer_payoff", "nre", -1),
    (games.bargain_linear, None, "price", "supplier_power", 1),
    (games.bargain_linear, None, "price", "supplier_cost", 1),
    (games.marquee, "nash-bargaining", "price", "marquee", -1),
    (games.stakes_lump_sum, "nash-bargaining", "price", "stake", -1),
    (games.stakes, None, "price", "stake", -1),
    (n_buyer, "nash-in-nash", "supplier_payoff", "build_1", -1),
    (n_buyer, "nucleolus", "supplier_payoff", "next_value", 1),
    (n_buyer, "shapley", "supplier_payoff", "capacity", 1),
    (games.n_buyer_uniform, None, "critical_share", "alternative_price", -1),
    (games.coopetition_repeated, None, "patience", "outside_margin", 1),
    (games.coopetition_repeated, None, "patience", "contract_price", -1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("game", "concept", "outcome", "name", "sign"),
    SIGNS,
    ids=[f"{g.name}-{c}-{o}-{n}" for g, c, o, n, _ in SIGNS],
)
@given(data=st.data())
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_identity_10_slopes_have_the_signs_of_the_theory(game, concept, outcome, name, sign, data):
    p = small(game, data)
    parameter = game.parameter(name)
    step = 1e-4 * max(abs(p[name]), 1e-3)
    ends = np.clip([p[name], p[name] + step], parameter.low, parameter.high)
    cells = sweep(game, concept=concept, **p | {name: ends})
    assume(len(set(cells.regime.values.tolist())) == 1)
    found = cells[outcome].values
    assume(np.isfinite(found).all())
    assert sign * (found[1] - found[0]) >= -1e-9 * max(1.0, abs(found).max())
