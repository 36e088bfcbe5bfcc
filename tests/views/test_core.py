"""The triangle of divisions: the core against its certified vertices, and what is said of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from games import bargain
from solver import CoalitionGame, Game, point
from solver.concepts.core import core as core_of
from solver.concepts.least_core import least_core, least_core_excess
from solver.errors import TargetError
from solver.sweep.compare import compare
from solver.views import OF_CONCEPTS, draw
from solver.views._simplex import CORNERS, Simplex, ordered
from solver.views.core import core, least_excess

NAMES = OF_CONCEPTS["core"]
LONG = ("a supplier of accelerators with a long name", "a customer with a longer one", "c")


def game(players, worths):
    return Game(name="three", parameters=(), build=lambda: CoalitionGame(players, worths))


def drawn(worths, players="abc"):
    return core(compare(game(players, worths), NAMES))


def legend(figure):
    return [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]


def words(figure):
    return "\n".join(text.get_text() for text in figure.texts)


def random_games(count):
    """Games of small whole worths, in which many cores are empty, lines or points."""
    rng = np.random.default_rng(7)
    worths = rng.integers(0, 7, size=(count, 8)).astype(float)
    worths[:, 0] = 0.0
    worths[:, 7] += rng.integers(0, 7, size=count)
    return worths[worths[:, 7] > worths[:, [1, 2, 4]].sum(axis=1)]


def test_the_core_that_is_drawn_has_the_certified_vertices():
    worths = random_games(400)
    found = core_of(CoalitionGame("abc", worths))
    kinds = set()
    for k, table in enumerate(worths):
        ours = Simplex(table).content(0.0)
        theirs = found.payoffs[k][: int(found.count[k])]
        assert len(theirs) == len(ours)
        for row in theirs:
            assert np.abs(ours - row).max(axis=1).min() < 1e-8
        kinds.add(min(len(ours), 3))
    assert {0, 1, 2, 3} == kinds


def test_the_least_excess_is_that_of_the_certified_least_core():
    worths = random_games(400)
    theirs = least_core_excess(least_core(CoalitionGame("abc", worths)))
    assert pytest.approx(theirs, abs=1e-9) == [least_excess(Simplex(w)) for w in worths]


def test_the_least_core_contains_the_prenucleolus():
    worths = random_games(200)
    points = least_core(CoalitionGame("abc", worths)).payoffs[:, 0]
    for table, x in zip(worths, points, strict=True):
        simplex = Simplex(table)
        region = simplex.content(least_excess(simplex))
        assert len(region)
        low, high = region.min(axis=0), region.max(axis=0)
        assert (x >= low - 1e-7).all()
        assert (x <= high + 1e-7).all()


def test_the_corners_are_where_one_player_gets_all():
    simplex = Simplex(np.array([0.0, 1, 2, 3, 3, 4, 5, 12]))
    assert 6.0 == simplex.slack
    assert pytest.approx(CORNERS) == simplex.at(np.array([[7.0, 2, 3], [1, 8, 3], [1, 2, 9]]))


def test_a_region_is_drawn_around_and_not_across():
    square = np.array([[0.0, 0], [1, 1], [0, 1], [1, 0]])
    steps = np.diff(ordered(square), axis=0)
    assert pytest.approx([1.0, 1.0, 1.0]) == np.abs(steps).sum(axis=1)


def test_values_stand_where_they_are():
    # The glove game of a supplier with two customers of 9 and 7: core (7..9, 9-.., 0)
    figure = drawn([0, 0, 0, 9, 0, 7, 0, 9], ("supplier", "first", "second"))
    names = legend(figure)
    assert "nucleolus = τ-value (8, 1, 0)" in names
    assert any(name.startswith("Shapley value (5.6667, 2.1667, 1.1667)") for name in names)
    assert "The core is a line from (9, 0, 0) to (7, 2, 0)." in words(figure)


def test_an_empty_core_is_said_in_words():
    figure = drawn([0, 0, 0, 1, 0, 1, 1, 1])
    assert "The core is empty" in words(figure)
    assert "at least 0.3333 more on its own" in words(figure)
    assert "core" not in legend(figure)
    assert "least core: no coalition gets less than alone by over 0.3333" in legend(figure)


def test_a_core_of_one_point_is_said():
    assert "The core is one point: (1, 0, 0)." in words(drawn([0, 0, 0, 1, 0, 1, 0, 1]))


def test_equal_players_share_one_mark():
    names = legend(drawn([0, 0, 0, 0, 0, 0, 0, 3]))
    assert "Shapley value = nucleolus = τ-value (1, 1, 1)" in names


def test_what_does_not_divide_the_total_is_not_drawn():
    figure = core(compare(game("abc", [0, 0, 0, 1, 0, 1, 1, 1]), ("banzhaf", "shapley")))
    assert "does not divide the total: Banzhaf value (0.5, 0.5, 0.5)" in words(figure)
    assert not any("Banzhaf" in name for name in legend(figure))


def test_pairs_that_earn_too_much_or_too_little_are_said_to_lie_beyond():
    names = legend(drawn([0, 0, 0, 12, 0, 8, -3, 10]))
    assert "b + c earn −3 alone (beyond the triangle)" in names
    assert "a + b earn 12 alone (beyond the triangle)" in names
    assert "a + c earn 8 alone" in names


def test_texts_keep_apart_and_on_the_sheet():
    for figure in (drawn([0, 1, 2, 30, 3, 20, 9, 40]), drawn([0, 0, 0, 1e9, 0, 1, 2, 3e9], LONG)):
        panel = figure.axes[0]
        boxes = [text.get_window_extent() for text in (*figure.texts, *figure.legends)]
        boxes += [text.get_window_extent() for text in panel.texts]
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


def test_the_same_game_gives_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(compare(game("abc", [0, 0, 0, 1, 0, 2, 3, 6]), NAMES), "core", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: core(point(bargain)), "of kind bargaining with 2 players"),
        (lambda: core(compare(game("ab", [0, 0, 0, 1]))), "of kind coalition with 2 players"),
        (lambda: drawn([0, 1, 1, 2, 1, 2, 2, 3]), "nothing to divide"),
        (lambda: drawn([0, 5, 1, 2, 1, 2, 2, 3]), "worth 3 and one by one 7"),
        (lambda: drawn([0, np.nan, 1, 2, 1, 2, 2, 3]), "not finite"),
        (lambda: core(compare(game("abc", [0] * 7 + [1]), NAMES), axes=["x"]), "no axes: x"),
    ],
    ids=["bargain", "two", "inessential", "worse", "nan", "axes"],
)
def test_what_cannot_be_drawn_is_said_in_one_line(ask, message):
    with pytest.raises(TargetError, match=message) as error:
        ask()
    assert "\n" not in str(error.value)
