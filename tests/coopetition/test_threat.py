"""The value of a threat depends on what kind of payoff it is: disagreement or outside option."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import bargain, price_build_nf
from solver import Status
from solver.coopetition import threat_value
from solver.errors import ConceptError, ParameterError

NAMES = ("nash-bargaining", "outside-option", "alternating-offers")
OFF = {"nre": np.inf}


@settings(max_examples=60, deadline=None)
@given(
    power=st.floats(0.05, 0.95),
    nre=st.floats(0.0, 3e4),
    chip=st.floats(10.0, 59.0),
    volume=st.floats(10.0, 1e3),
)
def test_a_threat_is_worth_beta_as_disagreement_and_what_binds_as_outside_option(
    power: float, nre: float, chip: float, volume: float
) -> None:
    """Trap 1: the two payoffs are the same number, what they are worth is not."""
    worth = threat_value(
        bargain, OFF, NAMES, per="volume",
        supplier_power=power, nre=nre, chip_cost=chip, volume=volume, supplier_cost=9.0, value=60.0,
        porting_lump=0.0, performance=1.0,
    )  # fmt: skip
    alternative = volume * max(60.0 - chip - nre / volume, 0.0)
    share = (1.0 - power) * (60.0 - 9.0) * volume
    scale = 1e-9 * 60.0 * volume
    assert power * alternative == pytest.approx(worth.of("nash-bargaining", "customer"), abs=scale)
    if worth.of("outside-option", "customer") > scale:
        gained = alternative - (worth.without[1, 1])
        assert gained == pytest.approx(worth.of("outside-option", "customer"), abs=scale)
    assert 0.0 == worth.of("alternating-offers", "customer")
    np.testing.assert_allclose(worth.total[:, 0], -worth.total[:, 1], atol=scale)
    np.testing.assert_allclose(worth.per_unit * volume, worth.total, atol=scale)
    assert share >= 0.0


def test_slopes_are_beta_everywhere_or_nought_and_then_one() -> None:
    """Trap 1 as a picture: straight under Nash, kinked under the outside-option principle."""
    nre = np.linspace(0.0, 2.2e4, 400)
    worth = threat_value(
        bargain, OFF, NAMES[:2], nre=nre, value=60.0, supplier_cost=9.0, chip_cost=16.0,
        volume=500.0, porting_lump=0.0, supplier_power=0.7, performance=1.0,
    )  # fmt: skip
    real = nre < 500.0 * 44.0  # beyond, the chip is not worth building
    slope = -np.diff(worth.total[..., 1], axis=0) / np.diff(nre)[:, None]
    np.testing.assert_allclose(0.7, slope[real[1:], 0], atol=1e-9)
    option = slope[real[1:], 1]
    assert {0.0, 1.0} >= set(np.round(np.delete(option, np.abs(np.diff(option)).argmax() + 1), 6))
    assert {0.0, 1.0} <= set(np.round(option, 6))


def test_one_axis_may_be_the_option_itself_and_others_stay_as_given() -> None:
    worth = threat_value(
        bargain, OFF, ["nash-bargaining"], per="volume",
        nre=np.array([1e2, 1e3, 1e4]), volume=np.array([[100.0], [500.0]]),
    )  # fmt: skip
    assert (2, 3, 1, 2) == worth.total.shape
    # Without the option, what it would have cost does not matter.
    np.testing.assert_array_equal(worth.without[:, :1], worth.without[:, 1:2])
    assert (worth.status_without == Status.SOLVED).all()
    assert (np.diff(worth.of("nash-bargaining", "customer"), axis=1) <= 0).all()


def test_any_game_and_its_default_concept_will_do() -> None:
    worth = threat_value(price_build_nf, {"nre": 1e12}, nre=1000.0)
    assert ("nash",) == worth.concepts
    assert ("supplier", "customer") == worth.players
    # With a programme beyond all means, nobody builds and the price is high.
    p = price_build_nf.bind().values
    high = (float(p["price_high"]) - float(p["supplier_cost"])) * float(p["volume"])
    assert high == pytest.approx(worth.without[0, 0])


def test_a_bad_cell_is_a_status_there() -> None:
    worth = threat_value(bargain, OFF, ["outside-option"], nre=[100.0, -5.0])
    assert [[0], [5]] == worth.status_with.tolist()
    assert [False, True] == np.isnan(worth.of("outside-option", "customer")).tolist()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: threat_value(bargain, {}), ParameterError, "switches the option off"),
        (lambda: threat_value(bargain, {"nr": 1.0}), ParameterError, "did you mean nre"),
        (lambda: threat_value(bargain, {"nre": -np.inf}), ParameterError, "nre = -inf"),
        (lambda: threat_value(bargain, {"supplier_power": np.inf}), ParameterError, "= inf"),
        (lambda: threat_value(bargain, {"nre": [1.0, 2.0]}), ParameterError, r"shape \(2,\)"),
        (lambda: threat_value(bargain, OFF, ["coco"]), ConceptError, "coco applies to"),
        (lambda: threat_value(bargain, OFF, per="size"), ParameterError, "unknown parameter"),
        (lambda: threat_value(bargain, OFF).per_unit, ParameterError, "give per="),
        (lambda: threat_value(bargain, OFF).of("nash", "customer"), ParameterError, "of this val"),
    ],
)
def test_what_is_no_threat_is_refused(call, error, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
