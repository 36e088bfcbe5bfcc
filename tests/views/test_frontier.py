"""The picture of a bargain: what is feasible, what threatens, and where each solution lies."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from games import bargain, phase
from solver import Game, point, sweep
from solver.errors import TargetError
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem
from solver.sweep.compare import compare
from solver.views import draw
from solver.views.frontier import frontier

LONG = ("the supplier of accelerators with a long name", "the customer with a longer one still")


def game(form, name="game"):
    return Game(name=name, parameters=(), build=lambda: form)


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def words(figure):
    return "\n".join(text.get_text() for text in figure.texts)


def marks(figure):
    """Places of what is marked, by the label."""
    found = [line for line in figure.axes[0].lines if line.get_marker() not in {"None", None, ""}]
    return {line.get_label(): tuple(map(float, line.get_xydata()[0])) for line in found}


def at(figure, name):
    return next(place for label, place in marks(figure).items() if label.startswith(name))


def test_solutions_of_the_parabola_stand_where_the_books_say():
    form = FrontierProblem(players=("A", "B"), function=lambda x: 1 - x**2)
    figure = frontier(compare(game(form)))
    assert pytest.approx((3**-0.5, 2 / 3), abs=1e-6) == at(figure, "Nash bargaining")
    golden = (5**0.5 - 1) / 2
    assert pytest.approx((golden, golden), abs=1e-6) == at(figure, "Kalai–Smorodinsky")
    assert pytest.approx((0.5, 0.75), abs=1e-6) == at(figure, "utilitarian")
    assert (0.0, 0.0) == at(figure, "disagreement")


def test_with_money_the_frontier_is_a_line_and_the_utilitarian_answer_all_of_it():
    figure = frontier(compare(bargain, nre=3_000.0, value=40.0))
    line = next(a for a in figure.axes[0].lines if a.get_linewidth() == 1.6)
    assert pytest.approx([15_500.0, 15_500.0]) == line.get_xydata().sum(axis=1)
    assert "utilitarian: all of this" in legend(figure)
    assert pytest.approx((0.0, 8_700.0)) == at(figure, "disagreement")
    assert pytest.approx((4_760.0, 10_740.0)) == at(figure, "Nash bargaining = egalitarian")
    assert pytest.approx((6_800.0, 8_700.0)) == at(figure, "outside option")


def test_outside_options_are_lines():
    form = BargainingProblem(players=("A", "B"), surplus=1.0, outside=(0.1, 0.3))
    figure = frontier(compare(game(form)))
    dashed = [line for line in figure.axes[0].lines if line.get_linewidth() == 0.9]
    assert [0.1, 0.1] == dashed[0].get_xdata()
    assert [0.3, 0.3] == dashed[1].get_ydata()
    assert "outside options (0.1, 0.3)" in legend(figure)


def test_everything_marked_is_in_the_panel():
    form = FrontierProblem(players=("A", "B"), vertices=[[0, 5], [3, 4], [4, 0]], outside=(-2, 7))
    figure = frontier(compare(game(form)))
    panel = figure.axes[0]
    for x, y in marks(figure).values():
        assert panel.get_xlim()[0] < x < panel.get_xlim()[1]
        assert panel.get_ylim()[0] < y < panel.get_ylim()[1]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"disagreement": (0.7, 0.7)}, "No gains from agreement"),
        ({"outside": (0.7, 0.7)}, "somebody leaves"),
    ],
)
def test_no_trade_is_said(terms, said):
    form = BargainingProblem(players=("A", "B"), surplus=1.0, **terms)
    assert said in words(frontier(compare(game(form))))


def test_equal_players_share_one_mark():
    form = BargainingProblem(players=("A", "B"), surplus=1.0)
    names = ("nash-bargaining", "kalai-smorodinsky", "egalitarian", "equal-loss")
    found = [name for name in legend(frontier(compare(game(form), names))) if " = " in name]
    assert ["Nash bargaining = Kalai–Smorodinsky = egalitarian = equal loss (0.5, 0.5)"] == [
        name.replace("\n", " ") for name in found
    ]


def test_nothing_at_stake_is_drawn_too():
    form = BargainingProblem(players=("A", "B"), surplus=0.0)
    assert "disagreement (0, 0)" in legend(frontier(compare(game(form))))


def test_one_concept_is_enough():
    figure = frontier(point(bargain))
    assert [name.split(" (")[0] for name in legend(figure)] == [
        "disagreement",
        "outside options",
        "Nash bargaining",
    ]


def test_texts_keep_apart_and_on_the_sheet():
    form = FrontierProblem(players=LONG, vertices=[[0, 5e12], [3e12, 4e12], [4e12, 0]])
    for figure in (frontier(compare(bargain)), frontier(compare(game(form)))):
        boxes = [text.get_window_extent() for text in (*figure.texts, *figure.legends)]
        boxes += [figure.axes[0].get_tightbbox()]
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


def test_the_same_game_gives_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(compare(bargain), "frontier", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: frontier(point(phase)), "draws bargains of two players"),
        (
            lambda: frontier(
                compare(game(BargainingProblem(players=("A", "B", "C"), surplus=1.0)))
            ),
            "of kind bargaining with 3 players",
        ),
        (
            lambda: frontier(compare(game(BargainingProblem(players=("A", "B"), surplus=np.nan)))),
            "the problem is invalid",
        ),
        (lambda: frontier(compare(bargain, nre=[1.0, 2.0])), "not a sweep"),
        (lambda: frontier(sweep(bargain, nre=[1.0, 2.0])), "not a sweep"),
        (lambda: frontier(compare(bargain), axes=["nre"]), "has no axes: nre"),
    ],
    ids=["phase", "three", "invalid", "compared", "sweep", "axes"],
)
def test_what_cannot_be_drawn_is_said_in_one_line(ask, message):
    with pytest.raises(TargetError, match=message) as error:
        ask()
    assert "\n" not in str(error.value)
