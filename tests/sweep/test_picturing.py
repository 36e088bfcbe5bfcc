"""What pictures are told of a form."""

from __future__ import annotations

import numpy as np
import pytest

from games import bargain
from solver.forms.bargaining import BargainingProblem
from solver.forms.coalition import CoalitionGame
from solver.forms.frontier import FrontierProblem
from solver.sweep.picturing import efficient, pictured
from solver.sweep.point import point

pytest.importorskip("xarray")
PAIR = ("A", "B")


def test_the_frontier_of_money_is_a_line_that_sums_to_the_surplus():
    form = BargainingProblem(players=PAIR, surplus=10.0, disagreement=(1, 2), outside=(3, 0))
    variables, attributes = pictured(form)
    assert [[1.0, 9.0], [8.0, 2.0]] == variables["frontier_payoff"][1].tolist()
    assert [1.0, 2.0] == variables["disagreement"][1].tolist()
    assert [3.0, 0.0] == variables["outside"][1].tolist()
    assert {"transferable": 1} == attributes


def test_what_is_efficient_is_a_falling_concave_line_that_nothing_passes():
    points = np.random.default_rng(3).normal(size=(200, 2))
    line = efficient(points)
    steps = np.diff(line, axis=0)
    assert (steps[:, 0] > 0).all()
    assert (steps[:, 1] < 0).all()
    assert (np.diff(steps[:, 1] / steps[:, 0]) < 0).all()
    inside = points[(points[:, 0] >= line[0, 0])]
    assert (inside[:, 1] <= np.interp(inside[:, 0], *line.T) + 1e-12).all()
    assert points[:, 0].max() == line[-1, 0]
    assert points[:, 1].max() == line[0, 1]


def test_a_function_that_rises_at_first_is_drawn_from_its_top():
    form = FrontierProblem(players=PAIR, function=lambda x: 1 - (x - 0.5) ** 2)
    points = pictured(form)[0]["frontier_payoff"][1]
    assert pytest.approx((0.5, 1.0), abs=1e-12) == points[0]
    assert pytest.approx((1.0, 0.75)) == points[-1]


def test_lotteries_bridge_what_bends_inwards():
    form = FrontierProblem(players=PAIR, vertices=[[0, 2], [1, 1], [1, 0.5], [4, 0]])
    assert [[0.0, 2.0], [4.0, 0.0]] == pictured(form)[0]["frontier_payoff"][1].tolist()


def test_worths_are_named_by_their_members():
    variables, _ = pictured(CoalitionGame("abc", [0, 1, 2, 3, 4, 5, 6, 7]))
    assert "110" == variables["coalition"][1][3]
    assert 3.0 == variables["worth"][1][3]


def test_what_is_invalid_or_of_three_is_not_pictured():
    trio = BargainingProblem(players=("A", "B", "C"), surplus=1.0)
    broken = BargainingProblem(players=PAIR, surplus=np.nan)
    assert pictured(trio) == pictured(broken) == ({}, {})


def test_a_point_of_a_bargain_carries_its_frontier():
    assert (2, 2) == point(bargain).frontier_payoff.shape
