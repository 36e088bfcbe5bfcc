"""The picture of a tree: what stands where, what is played, and what cannot be drawn."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from solver import Game, Parameter, bargaining, chance, decision, leaf, point, sweep, tree
from solver.errors import ParameterError, TargetError
from solver.views import draw
from solver.views._branches import MOST_LEAVES, read
from solver.views.tree import tree as picture

pytest.importorskip("matplotlib")


def build(*, prize):
    entry = decision("Bob", {"fight": leaf(-1, 0), "yield": leaf(prize, 1)})
    talks = bargaining({"Ann": 0.5, "Bob": 0.5}, leaf(2, 0), leaf(0, 0))
    stay = chance({"sun": (0.25, leaf(0, 3)), "rain": (0.75, talks)})
    return tree(("Ann", "Bob"), decision("Ann", {"enter": entry, "stay": stay}))


GAME = Game(name="entry", parameters=(Parameter("prize", 1.0),), build=build, doc="One may enter.")


def large(leaves: int) -> Game:
    def told():
        return tree(("Ann",), decision("Ann", {f"a{k}": leaf(k) for k in range(leaves)}))

    return Game(name="large", parameters=(), build=told)


@pytest.fixture
def dataset():
    return point(GAME)


def test_a_point_carries_the_tree(dataset):
    assert ("leaf", "player") == dataset.leaf_payoff.dims
    assert [[-1, 0], [1, 1], [0, 3], [2, 0], [0, 0]] == dataset.leaf_payoff.values.tolist()
    assert [0.25, 0.75] == dataset.chance_probability.values.tolist()


def test_a_point_takes_numbers_only():
    with pytest.raises(ParameterError, match="a point has one number per parameter"):
        point(GAME, prize=np.array([1.0, 2.0]))


def test_what_is_played_is_what_backward_induction_says(dataset):
    drawn = read(dataset, 0)
    assert ["", "enter", "fight", "yield", "stay", "sun 0.25", "rain 0.75", "agreed", "failed"] == (
        list(drawn.labels)
    )
    # Bob yields, so entering is worth 1; staying is worth .75 of half the surplus of 2
    assert [1, 1, 0, 1, 0, 0.25, 0.75, 1, 0] == drawn.odds.tolist()
    assert [1, 1, 0, 1, 0, 0, 0, 0, 0] == drawn.reach.tolist()


def test_nodes_stand_right_of_their_parents_and_leaves_below_each_other(dataset):
    drawn = read(dataset, 0)
    assert all(drawn.x[v] > drawn.x[drawn.parent[v]] for v in range(1, len(drawn.x)))
    assert (np.diff(drawn.y[drawn.leaves]) > 0.2).all()


def test_texts_do_not_meet():
    def told(*, odds):
        cells = {f"{a}{b}": leaf(ord(a), -ord(b)) for a in "abc" for b in "xyz"}
        hidden = {
            c: (odds if c == "left" else 1 - odds, decision("Bob", cells, infoset="blind"))
            for c in ("left", "right")
        }
        return tree(("Ann", "Bob"), chance(hidden))

    game = Game(name="texts", parameters=(Parameter("odds", 0.123456),), build=told)
    figure = picture(point(game))
    figure.draw_without_rendering()
    boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text().strip()]
    for a, b in combinations(boxes, 2):
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert width <= 1 or height <= 4, "labels overlap"
    sheet = figure.bbox
    assert all(sheet.x0 <= b.x0 and b.x1 <= sheet.x1 for b in boxes)


def test_sets_of_one_column_do_not_share_a_line():
    def told():
        deals = {
            a + b: (0.25, decision("Ann", {"x": leaf(1, 1), "y": leaf(0, 0)}, infoset=b))
            for a in "pq"
            for b in "pq"
        }
        return tree(("Ann", "Bob"), chance(deals))

    drawn = read(point(Game(name="lanes", parameters=(), build=told)), 0)
    assert [1, 2] == list(drawn.lanes)


def test_the_same_game_gives_the_same_bytes(dataset, tmp_path: Path):
    for name in ("a.svg", "b.svg"):
        draw(dataset, "tree", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: picture(sweep(GAME, prize=np.array([1.0, 2.0]))), "not a sweep"),
        (lambda: picture(point(GAME), axes=["prize"]), "has no axes: prize"),
        (lambda: picture(point(GAME), slot=1), "there is no equilibrium 2: 1 were found"),
        (lambda: picture(point(large(MOST_LEAVES + 1))), "has 201 leaves: at most 200"),
    ],
    ids=["sweep", "axes", "slot", "large"],
)
def test_what_cannot_be_drawn_is_said(ask, message):
    with pytest.raises(TargetError, match=message):
        ask()


def test_sixty_leaves_fit_a_sheet():
    figure = picture(point(large(60)))
    assert figure.get_figheight() < 20
    assert figure.get_figwidth() < 12
