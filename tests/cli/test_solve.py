"""``coopet solve``: the JSON contract and the vectors that outside programs rely on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

KEYS = {
    "game", "parameters", "concept", "method", "status", "complete", "equilibria", "regime",
    "outcomes", "components",
}  # fmt: skip

PRICE_BUILD = {
    "value": 60, "supplier_cost": 9, "chip_cost": 16, "volume": 100, "nre": 1000,
    "porting_lump": 300, "price_high": 40, "price_low": 25, "addressable": 0.6,
}  # fmt: skip
NASH_BARGAINING = {
    "value": 40, "supplier_cost": 9, "supplier_power": 0.8, "nre": 0, "porting_lump": 0,
}  # fmt: skip
CHIP_COSTS = (10, 15, 20, 25, 30, 35, 40)
UNIT_SURPLUS = {"value": 10, "supplier_cost": 9, "volume": 1, "nre": 0, "porting_lump": 0}
PHASE = {"volume": 500, "supplier_cost": 9, "chip_cost": 16, "value": 60}

Solve = Callable[..., dict[str, Any]]


@pytest.fixture
def solve(run: Callable[..., Any]) -> Solve:
    def call(target: str, *options: str, **values: float) -> dict[str, Any]:
        settings = [text for name, value in values.items() for text in ("--set", f"{name}={value}")]
        ran = run("solve", target, *settings, *options, "--json")
        assert (0, "") == (ran.status, ran.err)
        found: dict[str, Any] = ran.data
        return found

    return call


@pytest.mark.parametrize(
    ("game", "form", "entry"),
    [
        ("price_build_nf", "normal", {"strategies", "payoffs", "gap", "index", "labels"}),
        ("build_tree", "extensive", {"behavior", "payoffs", "gap", "index"}),
        (
            "phase",
            "leader-follower",
            {"strategies", "payoffs", "gap", "index", "leader_action"},
        ),
        ("bargain", "bargaining", {"payoffs", "gap", "index"}),
    ],
)
def test_the_object_has_the_keys_of_the_contract(
    solve: Solve, game: str, form: str, entry: set[str]
) -> None:
    found = solve(game)
    more = {"component_index", "subsets"} if found["components"] else set()
    assert KEYS | more == set(found)
    told = {"infosets"} if form == "extensive" else set()
    assert {"name", "form", "players", "actions"} | told == set(found["game"])
    assert (game, form) == (found["game"]["name"], found["game"]["form"])
    assert ["supplier", "customer"] == found["game"]["players"]
    assert "SOLVED" == found["status"]
    assert isinstance(found["complete"], bool)
    assert [entry] == [set(equilibrium) for equilibrium in found["equilibria"]]
    assert all(isinstance(value, float) for value in found["outcomes"].values())
    assert all(isinstance(value, float) for value in found["parameters"].values())


@pytest.mark.parametrize("game", ["price_build_nf", "price_build_grid", "phase", "phase_posted"])
def test_there_is_one_probability_per_action(solve: Solve, game: str) -> None:
    found = solve(game)
    sizes = [len(actions) for actions in found["game"]["actions"]]
    assert [sizes] == [[len(s) for s in e["strategies"]] for e in found["equilibria"]]


def test_parameters_are_all_there_with_the_values_that_were_set(solve: Solve) -> None:
    found = solve("price_build_nf", **PRICE_BUILD, win_back=0.5)
    assert {**PRICE_BUILD, "win_back": 0.5, "performance": 1.0} == found["parameters"]


def test_with_little_win_back_the_customer_builds_at_the_high_price(solve: Solve) -> None:
    found = solve("price_build_nf", **PRICE_BUILD, win_back=0.5)
    assert [["high", "low"], ["buy", "build"]] == found["game"]["actions"]
    assert [[[1.0, 0.0], [0.0, 1.0]]] == [e["strategies"] for e in found["equilibria"]]
    assert "high | build" == found["regime"]


def test_with_much_win_back_both_mix(solve: Solve) -> None:
    found = solve("price_build_nf", **PRICE_BUILD, win_back=0.9)
    (only,) = found["equilibria"]
    (high, _), (_, build) = only["strategies"]
    assert (0.898989898989899, 0.8503401360544217) == pytest.approx((high, build), rel=1e-13)
    assert (high, build) == (found["outcomes"]["p_high"], found["outcomes"]["p_build"])
    assert "high+low | buy+build" == found["regime"]
    assert only["gap"] <= 1e-12


@pytest.mark.parametrize(
    ("concept", "prices"),
    [
        ("nash-bargaining", (9.8, 13.8, 17.8, 21.8, 25.8, 29.8, 33.8)),
        ("outside-option", (10.0, 15.0, 20.0, 25.0, 30.0, 33.8, 33.8)),
    ],
)
def test_a_threat_moves_the_price_always_or_only_once_it_binds(
    solve: Solve, concept: str, prices: tuple[float, ...]
) -> None:
    found = [
        solve("bargain", "--concept", concept, **NASH_BARGAINING, chip_cost=cost)
        for cost in CHIP_COSTS
    ]
    assert prices == pytest.approx([cell["outcomes"]["price"] for cell in found], rel=1e-13)
    assert {concept} == {cell["concept"] for cell in found}
    assert {"trade"} == {cell["regime"] for cell in found}


@pytest.mark.parametrize(
    ("discount", "buyer_discount", "payoff"),
    [(0.9, 0.8, 0.7142857142857143), (0.8, 0.9, 0.35714285714285715)],
)
def test_the_more_patient_one_gets_more(
    solve: Solve, discount: float, buyer_discount: float, payoff: float
) -> None:
    found = solve(
        "bargain", "--concept", "alternating-offers", **UNIT_SURPLUS,
        chip_cost=10, discount=discount, buyer_discount=buyer_discount,
    )  # fmt: skip
    assert (payoff, 1.0 - payoff) == pytest.approx(found["equilibria"][0]["payoffs"], rel=1e-13)


@pytest.mark.parametrize(
    ("option", "payoff"),
    [
        (0.0, 0.4736842105263158),
        (0.2, 0.4736842105263158),
        (0.4, 0.4736842105263158),
        (0.5, 0.5),
        (0.6, 0.6),
        (0.8, 0.8),
    ],
)
def test_with_discounting_an_option_matters_only_if_it_binds(
    solve: Solve, option: float, payoff: float
) -> None:
    found = solve(
        "bargain", "--concept", "outside-option", "--method", "discounted", **UNIT_SURPLUS,
        chip_cost=10 - option, discount=0.9, buyer_discount=0.9,
    )  # fmt: skip
    assert "discounted" == found["method"]
    assert payoff == pytest.approx(found["equilibria"][0]["payoffs"][1], rel=1e-12)


@pytest.mark.parametrize(
    ("nre", "top", "price", "regime", "share"),
    [
        (100, 40, 32.5, "dual", 0.4125),
        (1000, 40, 28.649110640673516, "buy-deterred", 0.0),
        (2000, 80, 41.29822128134704, "buy-deterred", 0.0),
        (10_000, 80, 60.0, "buy-blockaded", 0.0),
    ],
)
def test_the_phases_are_where_they_were_published(
    solve: Solve, nre: float, top: float, price: float, regime: str, share: float
) -> None:
    found = solve("phase", **PHASE, nre=nre, porting_top=top)
    assert regime == found["regime"]
    assert price == pytest.approx(found["outcomes"]["price"], rel=1e-12)
    assert share == pytest.approx(found["outcomes"]["built_share"], rel=1e-12)
    assert found["outcomes"]["price"] == found["equilibria"][0]["leader_action"]


def test_what_is_not_a_number_is_null(run: Callable[..., Any]) -> None:
    ran = run("solve", "phase", "--set", "value=5", "--json")
    assert 0 == ran.status
    assert ("NONE_EXIST", []) == (ran.data["status"], ran.data["equilibria"])
    assert {None} == set(ran.data["outcomes"].values())


def test_an_answer_that_is_not_certified_exits_with_3(
    run: Callable[..., Any], game_file: Callable[..., str]
) -> None:
    target = game_file(
        "GAME = Game(name='mine', parameters=(EPS,),"
        " build=lambda *, eps: NormalForm([[[np.nan]], [[1.0]]]))\n"
    )
    ran = run("solve", target, "--json")
    assert (3, "") == (ran.status, ran.err)
    assert ("INVALID_INPUT", False, []) == tuple(
        ran.data[key] for key in ("status", "complete", "equilibria")
    )
    assert 3 == run("solve", target).status


@pytest.mark.parametrize(
    ("game", "parameter"),
    [("price_build_nf", "value"), ("price_build_grid", "volume"), ("bargain", "volume")],
)
def test_numbers_too_large_to_multiply_are_a_status_and_nothing_on_stderr(
    run: Callable[..., Any], game: str, parameter: str
) -> None:
    ran = run("solve", game, "--set", f"{parameter}=1e308", "--json")
    assert (3, "") == (ran.status, ran.err)
    assert "INVALID_INPUT" == ran.data["status"]


def test_text_for_people_names_status_payoffs_regime_and_units(run: Callable[..., Any]) -> None:
    ran = run("solve", "phase", "--set", "nre=100", "--set", "porting_top=40")
    assert (0, "") == (ran.status, ran.err)
    for words in (
        "SOLVED: solved and certified",
        "regime: dual",
        "price            32.5 $k/AE",
        "dual",
    ):
        assert words in ran.out


def test_another_process_gives_the_same_floats(
    run: Callable[..., Any], shell: Callable[..., Any]
) -> None:
    """There the kernel is interpreted, here it is compiled."""
    arguments = ("solve", "price_build_grid", "--set", "win_back=0.9", "--json")
    here, there = run(*arguments), shell(*arguments)
    assert (there.status, there.out, there.err) == (here.status, here.out, here.err)
