"""``coopet threshold``: the contract of its JSON, what people read, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]

#: Investing pays from x = 1/3 on; two prices tie at x = 0.7.
OWN = """
def build(*, x):
    zero = 0.0 * x
    first = np.stack((np.stack((3.0 * x - 1.0, zero + 0.1), -1), np.stack((zero, zero), -1)), -2)
    second = np.stack((np.stack((x, zero + 0.7), -1), np.stack((x, zero + 0.7), -1)), -2)
    return NormalForm((first, second), ("ann", "bob"), (("invest", "wait"), ("left", "right")))
GAME = Game(name="own", parameters=(Parameter("x", default=0.5, low=0.0, high=1.0),), build=build)
"""


@pytest.fixture
def own(tmp_path: Any) -> str:
    path = tmp_path / "own.py"
    path.write_text(f"import numpy as np\nfrom solver import Game, NormalForm, Parameter\n{OWN}")
    return f"{path}:GAME"


def test_json_has_the_keys_of_the_contract(run: Run) -> None:
    ran = run("threshold", "phase", "--axis", "nre=100:20000", "--set", "porting_top=40", "--json")
    assert (0, "") == (ran.status, ran.err)
    assert ("nre", 2048) == (ran.data["axis"], ran.data["resolution"])
    first, last = ran.data["thresholds"]
    assert {"value", "below", "above", "binding"} <= first.keys()
    # F at which the price that deters reaches the value: Q (v - c_t - s/2).
    assert pytest.approx(500.0 * (60.0 - 16.0 - 20.0), rel=1e-9) == last["value"]
    assert ("buy-deterred", "buy-blockaded") == (last["below"], last["above"])
    assert "upper end" in last["binding"]
    assert first["value"] < last["value"]


def test_a_users_own_game_has_its_thresholds_found_and_explained(run: Run, own: str) -> None:
    ran = run("threshold", own, "--axis", "x=0:1", "--json")
    found = {round(t["value"], 9): t["binding"] for t in ran.data["thresholds"]}
    assert [0.7] == sorted(found)
    assert "bob: indifferent between" in found[0.7]
    # Bob goes left only from 0.7 on, where ann's investment pays already: 1/3 is no threshold.
    assert "ann" not in found[0.7]


def test_people_read_values_regimes_what_binds_and_how_finely_it_was_searched(run: Run) -> None:
    ran = run("threshold", "price_build_nf", "--axis", "nre=0:20000")
    assert 0 == ran.status
    assert "nre = 5700: high | build below, high | buy above" in ran.out
    assert "at the value itself: high | build ; high | buy" in ran.out
    assert "customer: indifferent between buy and build against high" in ran.out
    assert "2,048 points" in ran.out


def test_no_change_is_said(run: Run) -> None:
    ran = run("threshold", "phase", "--axis", "nre=1000:1001")
    assert "buy-deterred throughout" in ran.out


def test_two_axes_give_curves(run: Run) -> None:
    axes = ("--axis", "nre=100:20000:log", "--axis", "porting_top=1:80:linear")
    ran = run("threshold", "phase_posted", *axes, "--resolution", "16", "--json")
    assert 0 == ran.status
    assert ["nre", "porting_top"] == ran.data["axes"]
    assert {"buy", "dual"} in [set(curve["regimes"]) for curve in ran.data["boundaries"]]
    assert (16, 64) == (ran.data["resolution"], ran.data["finest"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("phase",), "0 axes: give --axis"),
        (("phase", "--axis", "nre=1:2", "--axis", "value=1:2", "--axis", "volume=1:2"), "3 axes"),
        (("phase", "--axis", "nre=1"), "'nre=1' is not of the form NAME=LOW:HIGH"),
        (("phase", "--axis", "nre=1:2:3"), "is not of the form NAME=LOW:HIGH"),
        (("phase", "--axis", "nre=2:1"), "needs a low end below a high one"),
        (("phase", "--axis", "nre=one:2"), "'one' is not a number"),
        (("phase", "--axis", "nrre=1:2"), "nre"),
        (("phase", "--axis", "nre=-5:2"), "nre = -5 lies outside"),
        (("phase", "--axis", "nre=1:2", "--set", "nre=1"), "both an axis and set"),
        (("phase", "--axis", "nre=1:2", "--concept", "nash"), "nash"),
        (("phaze", "--axis", "nre=1:2"), "phase"),
    ],
)
def test_bad_input_is_refused_in_one_line(run: Run, arguments: tuple[str, ...], words: str) -> None:
    ran = run("threshold", *arguments)
    assert (2, "") == (ran.status, ran.out)
    assert words in ran.err
    assert 1 == ran.err.count("\n")


def test_answers_that_are_not_certified_exit_with_3(run: Run, tmp_path: Any) -> None:
    path = tmp_path / "bad.py"
    path.write_text(
        "import numpy as np\n"
        "from solver import BargainingProblem, Game, Parameter\n"
        "def build(*, x):\n"
        "    pie = np.where(x < 0.5, 1.0, np.nan)\n"
        "    return BargainingProblem(players=('a', 'b'), surplus=pie)\n"
        "GAME = Game(name='bad', parameters=(Parameter('x', default=0.1),), build=build)\n"
    )
    ran = run("threshold", f"{path}:GAME", "--axis", "x=0:1")
    assert 3 == ran.status
    assert "not certified" in ran.out
