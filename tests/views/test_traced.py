"""The picture of traced boundaries: exact lines, and regions named as the game names them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from games import bargain, phase
from solver import Game, NormalForm, Parameter, sweep
from solver.errors import TargetError
from solver.sweep.boundaries import boundaries as trace
from solver.views import draw
from solver.views._flood import UNKNOWN, regions
from solver.views.boundaries import boundaries

RADIUS = 0.6


def build(*, x, y):
    """One player with one action: only the regime matters."""
    zero = np.zeros((*np.broadcast_shapes(np.shape(x), np.shape(y)), 1, 1))
    return NormalForm(payoffs=(zero, zero), players=("a", "b"))


DISC = Game(
    name="disc",
    parameters=(Parameter("x", 0.5, unit="m"), Parameter("y", 0.5, unit="m")),
    build=build,
    regime=lambda p, eq: np.where(p["x"] ** 2 + p["y"] ** 2 < RADIUS**2, 0, 1) + 0 * eq.count,
    regimes=("inside", "outside", "nowhere"),
)


@pytest.fixture(scope="module")
def disc():
    return trace(DISC, ("x", 0.0, 1.0), ("y", 0.0, 1.0), resolution=16)


@pytest.fixture(scope="module")
def mapped():
    return trace(phase, ("nre", 100.0, 20_000.0), ("porting_top", 1.0, 80.0), resolution=32)


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def names_in(axes):
    return [text for text in axes.texts if text.get_transform() == axes.transAxes]


def lines(figure):
    return [a for a in figure.axes[0].lines if str(a.get_label()).startswith("boundary")]


def test_the_dataset_holds_the_curves_and_the_regimes_around(disc):
    dataset = disc.dataset()
    points = dataset.boundary_point.values
    assert pytest.approx(RADIUS, abs=1e-3) == np.hypot(*points.T)
    assert [["inside", "outside"]] == np.sort(dataset.boundary_regime.values).tolist()
    inside = dataset.x**2 + dataset.y**2 < RADIUS**2
    assert np.array_equal(np.where(inside, "inside", "outside"), dataset.regime.values)
    assert ("x", "y") == dataset.regime.dims
    assert ("m", "linear") == (dataset.x.attrs["units"], dataset.x.attrs["scale"])
    assert "disc" == dataset.attrs["game"]


def test_lines_are_the_points_that_were_traced(disc):
    figure = boundaries(disc.dataset())
    (curve,) = lines(figure)
    assert np.array_equal(disc.curves[0].points, curve.get_xydata())
    assert legend(figure) == ["inside", "outside"]


def test_regions_have_their_names(mapped):
    dataset = mapped.dataset()
    figure = boundaries(dataset)
    texts = names_in(figure.axes[0])
    assert set(legend(figure)) == {text.get_text() for text in texts}
    for text in texts:
        place = text.get_position()
        i, j = (int(f * (n - 1)) for f, n in zip(place, dataset.regime.shape, strict=True))
        assert text.get_text() == dataset.regime.values[i, j]


def test_axes_can_be_swapped(disc):
    figure = boundaries(disc.dataset(), axes=["y", "x"])
    assert figure.axes[0].get_xlabel() == "y [m]"
    (curve,) = lines(figure)
    assert np.array_equal(disc.curves[0].points[:, ::-1], curve.get_xydata())


def test_one_regime_throughout_has_no_line():
    found = trace(bargain, ("nre", 0.0, 10.0), ("value", 50.0, 60.0), resolution=4)
    figure = boundaries(found.dataset())
    assert not lines(figure)
    assert legend(figure) == ["trade"]


def test_what_was_searched_and_is_not_certified_is_said(disc):
    dataset = disc.dataset()
    said = "\n".join(text.get_text() for text in boundaries(dataset).texts)
    assert "searched at 16 squares along each axis, 64 near a boundary" in said
    assert "all certified" in said
    spoilt = dataset.assign_attrs(unsettled=3)
    assert "3 of them not certified" in "\n".join(t.get_text() for t in boundaries(spoilt).texts)


def test_texts_keep_apart(mapped):
    figure = boundaries(mapped.dataset())
    boxes = [text.get_window_extent() for text in (*figure.texts, *figure.legends)]
    boxes += [axes.get_tightbbox() for axes in figure.axes]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_the_same_boundaries_give_the_same_bytes(disc, tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(disc.dataset(), "boundaries", tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda _: boundaries(sweep(DISC, x=[0.1, 0.2])), "draws what coopet threshold"),
        (lambda d: boundaries(d, axes=["x", "z"]), "axes x, z are not those traced: give x and y"),
    ],
    ids=["sweep", "axes"],
)
def test_what_cannot_be_drawn_is_said_in_one_line(disc, ask, message):
    with pytest.raises(TargetError, match=message) as error:
        ask(disc.dataset())
    assert "\n" not in str(error.value)


def test_a_flood_stops_at_lines_and_then_fills_below_them():
    line = np.array([[0.0, 0.1], [0.55, 0.4], [1.0, 1.0]])
    raster = regions((60, 40), [line], np.array([[0.05, 0.9], [0.95, 0.1]]), np.array([4, 7]))
    assert {4, 7} == set(np.unique(raster).tolist())
    x, y = ((np.arange(n) + 0.5) / n for n in raster.shape)
    above = y[None, :] - np.interp(x, *line.T)[:, None]
    assert (raster[above > 0.05] == 4).all()
    assert (raster[above < -0.05] == 7).all()


def test_a_region_without_a_known_place_stays_unknown_only_if_there_is_none_at_all():
    nothing = regions((5, 5), [], np.empty((0, 2)), np.empty(0, int))
    assert (nothing == UNKNOWN).all()
