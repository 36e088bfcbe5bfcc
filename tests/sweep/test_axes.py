"""Axes from text and from arrays; what a long one costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from games import phase
from solver.errors import AxisError
from solver.sweep import plan
from solver.sweep.axes import Axis, given, parse, restore
from solver.sweep.design import Grid


@pytest.mark.parametrize(
    ("text", "values", "scale"),
    [
        ("x=1,2,5", [1.0, 2.0, 5.0], "linear"),
        ("x=5,-1", [5.0, -1.0], "linear"),
        ("x=3", [3.0], "linear"),
        ("x=0:1:3", [0.0, 0.5, 1.0], "linear"),
        ("x=-1:1:2:lin", [-1.0, 1.0], "linear"),
        ("x=1:100:3:log", [1.0, 10.0, 100.0], "log"),
        ("x=7:7:1", [7.0], "linear"),
        (" x = 1 : 2 : 2 ", [1.0, 2.0], "linear"),
        ("x=1e3:1e5:3:log", [1e3, 1e4, 1e5], "log"),
    ],
)
def test_text_becomes_values(text: str, values: list[float], scale: str) -> None:
    axis = parse(text)
    assert ("x", scale) == (axis.name, axis.scale)
    np.testing.assert_allclose(axis.values, values, rtol=1e-15)


@for_all(
    low=st.floats(1e-300, 1e300),
    factor=st.floats(1.001, 1e6),
    count=st.integers(2, 50),
    scale=st.sampled_from(["", ":log"]),
)
def test_both_ends_are_exact_and_values_ascend(
    low: float, factor: float, count: int, scale: str
) -> None:
    high = low * factor
    values = parse(f"x={low!r}:{high!r}:{count}{scale}").values
    assert (low, high, count) == (values[0], values[-1], len(values))
    assert (np.diff(values) > 0.0).all()


@pytest.mark.parametrize("text", ["x=1:100:7:log", "x=-3:1e9:12", "x=1,7,3"])
def test_an_axis_is_restored_bit_by_bit_from_what_it_says_of_itself(text: str) -> None:
    axis = parse(text)
    again = restore(axis.describe())
    assert (axis.name, axis.scale) == (again.name, again.scale)
    assert axis.values.tobytes() == again.values.tobytes()


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (np.geomspace(1.0, 1e4, 9), "log"),
        (np.linspace(1.0, 1e4, 9), "linear"),
        ([1.0, 10.0], "linear"),
        ([0.0, 1.0, 10.0], "linear"),
        ([-1.0, -10.0, -100.0], "linear"),
        ([5.0], "linear"),
    ],
)
def test_a_geometric_axis_is_recognised(values: list[float], scale: str) -> None:
    assert scale == given("x", values).scale


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "axis x has no values"),
        ([[1.0, 2.0]], r"axis x has shape \(1, 2\)"),
        ([1.0, 2.0, 1.0], "axis x repeats a value"),
    ],
)
def test_what_is_no_axis_is_refused(values: list[float], words: str) -> None:
    with pytest.raises(AxisError, match=words):
        Axis("x", np.array(values))


def test_an_axis_too_long_for_memory_is_refused_before_it_is_made() -> None:
    with pytest.raises(AxisError, match="points, but 1 to"):
        parse("x=1:2:100000001")


@pytest.mark.parametrize("count", [10**5, 10**6])
def test_a_grid_too_large_for_any_disk_is_refused_before_anything_is_listed(count: int) -> None:
    axes = tuple(parse(f"{name}=1:2:{count}") for name in ("nre", "volume", "porting_top"))
    with pytest.raises(AxisError, match=f"{count**3:,} cells: at most"):
        plan.make(phase, Grid(axes))


def test_a_long_axis_is_written_down_in_a_line() -> None:
    assert len(str(parse("x=1:2:1000000").describe())) < 200


@pytest.mark.parametrize("text", ["x=5:1:1", "x=1:0:1:log", "x=1:-5:1:log"])
def test_ends_are_in_order_even_for_one_point(text: str) -> None:
    with pytest.raises(AxisError, match="is not below the high end"):
        parse(text)
