"""The picture of co-opetition: which measures are drawn, and how cells without a number look."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from solver import Game, Parameter, sweep, table
from solver.errors import TargetError
from solver.views import draw
from solver.views.coopetition import coopetition

EPS, BONUS = np.linspace(0.0, 3.5, 15), np.linspace(-1.0, 4.0, 11)


def build(*, eps, bonus):
    """A prisoners' dilemma for small eps, with a stag hunt and a chicken around it."""
    cells = {
        ("share", "share"): (2, 2),
        ("share", "grab"): (eps, 3),
        ("grab", "share"): (3, eps),
        ("grab", "grab"): (bonus, 1),
    }
    return table(cells, players=("leader", "follower"))


GAME = Game(
    name="dilemma",
    parameters=(Parameter("eps", 0.1), Parameter("bonus", 1.0)),
    build=build,
    doc="Two firms share or grab.",
)


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def titles(figure):
    return [axes.get_title("left") for axes in figure.axes if axes.get_title("left")]


@pytest.fixture(scope="module")
def plane():
    return sweep(GAME, add="coopetition", eps=EPS, bonus=BONUS)


@pytest.fixture(scope="module")
def line():
    return sweep(GAME, add="coopetition", eps=EPS)


def test_over_two_axes_each_measure_has_a_map(plane):
    figure = coopetition(plane)
    assert titles(figure) == [
        "gap in the best equilibrium [payoff]",
        "gap in the worst equilibrium [payoff]",
        "advantage of leader [payoff]",
        "patience needed, δ*",
    ]
    names = ("gap_best", "gap_worst", "advantage", "critical_discount")
    for axes, name in zip(figure.axes, names, strict=False):
        values = plane[name].values
        shown = axes.collections[0].get_array()
        assert np.array_equal(np.isfinite(values).T, ~np.ma.getmaskarray(shown))
        assert pytest.approx(values[np.isfinite(values)].sum()) == shown.sum()


def test_every_map_has_the_boundaries_of_regimes(plane):
    paths = [
        [a.get_path().vertices for a in axes.get_children() if a.get_label() == "boundaries"]
        for axes in coopetition(plane).axes[:4]
    ]
    assert [1, 1, 1, 1] == [len(found) for found in paths]
    assert all(np.array_equal(paths[0][0], found[0]) for found in paths)
    assert "boundary between regimes" in legend(coopetition(plane))


def test_cells_in_which_no_patience_is_enough_are_hatched(plane):
    assert np.isinf(plane.critical_discount).any()
    figure = coopetition(plane)
    assert "no patience is enough" in legend(figure)
    hatched = [[p.get_hatch() for p in axes.patches if p.get_hatch()] for axes in figure.axes[:4]]
    assert [[], [], [], ["\\\\\\\\"]] == hatched


def test_zero_advantage_is_in_the_middle_of_its_colours(plane):
    mesh = coopetition(plane).axes[2].collections[0]
    assert mesh.norm.vmin == -mesh.norm.vmax
    assert mesh.norm.vmax == np.abs(plane.advantage).max()


def test_where_equilibria_agree_there_is_one_gap_and_room_for_the_regimes(plane):
    figure = coopetition(plane.assign(gap_worst=plane.gap_best))
    assert titles(figure) == [
        "gap, the same in every equilibrium [payoff]",
        "advantage of leader [payoff]",
        "patience needed, δ*",
        "regime",
    ]
    assert "boundary between regimes" in legend(figure)


def test_along_one_axis_measures_are_curves(line):
    figure = coopetition(line)
    assert titles(figure) == ["co-opetition gap", "advantage of leader", "patience needed, δ*"]
    best, worst = (drawn.get_ydata() for drawn in figure.axes[0].lines[:2])
    assert pytest.approx(line.gap_best.values) == best[np.isfinite(best)]
    assert pytest.approx(line.gap_worst.values) == worst[np.isfinite(worst)]
    # the dilemma: 1 + 1 instead of 2 + 2, and patience (3 - 2) / (3 - 1)
    assert 2.0 == best[0]
    assert 0.5 == figure.axes[2].lines[0].get_ydata()[0]


def test_curves_are_broken_where_the_regime_changes(line):
    changes = int((line.regime.values[1:] != line.regime.values[:-1]).sum())
    assert changes
    curve = coopetition(line).axes[0].lines[0]
    assert changes == np.isnan(curve.get_xdata()).sum()


def test_a_sweep_in_which_all_is_equal_is_drawn():
    flat = Game(
        name="flat",
        parameters=(Parameter("eps", 0.1), Parameter("bonus", 1.0)),
        build=lambda *, eps, bonus: build(eps=2 + 0 * eps, bonus=2 + 0 * bonus),
    )
    for axes in ({"eps": EPS}, {"eps": EPS, "bonus": BONUS}):
        made = sweep(flat, add="coopetition", **axes)
        for name in ("gap_best", "gap_worst", "advantage", "critical_discount"):
            made[name][:] = 0.0
        assert coopetition(made).axes


def test_three_players_have_no_advantage(plane):
    figure = coopetition(plane.drop_vars("advantage"))
    assert not any("advantage" in title for title in titles(figure))


def test_cells_that_are_not_certified_are_marked(plane):
    spoilt = plane.copy(deep=True)
    spoilt.status.values[3, 4] = "NOT_CONVERGED"
    assert "not certified" in legend(coopetition(spoilt))


def test_texts_keep_apart(plane, line):
    for figure in (coopetition(plane), coopetition(line)):
        boxes = [text.get_window_extent() for text in (*figure.texts, *figure.legends)]
        boxes += [axes.get_tightbbox() for axes in figure.axes]
        assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_the_same_sweep_gives_the_same_bytes(line, tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(line, "coopetition", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda d: coopetition(d.drop_vars("gap_best")), "needs a sweep with --add coopetition"),
        (lambda d: coopetition(d.isel(eps=0, bonus=0)), "coopetition draws one or two axes"),
        (lambda d: coopetition(d.isel(eps=[0])), "needs two values or more on each axis"),
        (lambda d: coopetition(d, axes=["eps"]), "axes eps are not those of the sweep"),
    ],
    ids=["no-columns", "point", "one-value", "axes"],
)
def test_what_cannot_be_drawn_is_said_in_one_line(plane, ask, message):
    with pytest.raises(TargetError, match=message) as error:
        ask(plane)
    assert "\n" not in str(error.value)
