"""Boundaries over two axes against closed forms, and what they cost."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from games import phase_posted, price_build_nf
from solver import Game, NormalForm, Parameter, boundaries, sweep
from solver.errors import AxisError
from solver.sweep.boundaries import Boundaries

Q, CHIP, PRICE = 500.0, 16.0, 35.0
FREE = PRICE - CHIP


def traced(**how) -> Boundaries:
    axes = ("nre", 100.0, 20_000.0), ("porting_top", 1.0, 80.0)
    return boundaries(phase_posted, *axes, price=PRICE, **how)


def between(found, *regimes):
    return [curve.points for curve in found.curves if set(curve.regimes) == set(regimes)]


def test_the_phase_diagram_has_the_curves_of_its_closed_forms():
    found = traced()
    (dual,), (whole,), (turn,) = (
        between(found, *pair) for pair in (("buy", "dual"), ("buy", "build"), ("dual", "build"))
    )
    nre, top = dual[2:-2].T
    assert Q * FREE**2 / (2.0 * top) == pytest.approx(nre, rel=1e-4)
    nre, top = whole[2:-2].T
    assert Q * (FREE - top / 2.0) == pytest.approx(nre, rel=1e-4)
    assert np.full(len(turn) - 4, FREE) == pytest.approx(turn[2:-2, 1], abs=1e-4)
    # They meet in one point, next to where the closed forms meet.
    ends = {tuple(curve[k]) for curve in (dual, whole, turn) for k in (0, -1)}
    assert 4 == len(ends)
    point = min(ends, key=lambda p: abs(p[0] - Q * FREE / 2.0) + abs(p[1] - FREE))
    assert (Q * FREE / 2.0, FREE) == pytest.approx(point, rel=0.03)


def test_they_are_as_sharp_as_a_grid_of_a_hundred_times_the_evaluations():
    found = traced()
    (dual,) = between(found, "buy", "dual")
    middles = 0.5 * (dual[2:-1] + dual[1:-2])  # the worst places of a polyline
    exact = Q * FREE**2 / (2.0 * middles[:, 1])
    share = np.abs(np.log(middles[:, 0] / exact)).max() / np.log(200.0)
    grid = (0.5 / share) ** 2  # a grid is off by half a cell
    assert found.evaluations <= 0.01 * grid


def test_curves_separate_the_cells_of_a_sweep():
    found = boundaries(price_build_nf, ("nre", 0.0, 9_000.0), ("win_back", 0.5, 1.0))
    x, y = np.linspace(50.0, 8_950.0, 24), np.linspace(0.51, 0.99, 24)
    cells = sweep(price_build_nf, nre=x, win_back=y).regime.values
    assert set(np.unique(cells)) <= set(found.regimes)
    # Y = 0 and C = 0: where F = 5,700 and r = 0.9375.
    upright = np.concatenate(between(found, "high | build", "high | buy"))
    assert np.full(len(upright), 5_700.0) == pytest.approx(upright[:, 0], abs=40.0)
    assert ["high | build", "high | buy"] == [cells[0, 0], cells[-1, 0]]


def disk(*, x, y):
    inside = np.where((x - 0.3) ** 2 + (y - 0.4) ** 2 < 0.04, 1.0, -1.0)
    first = np.stack((inside, 0.0 * inside), -1)[..., None]
    return NormalForm((first, first), ("a", "b"), (("in", "out"), ("only",)))


DISK = Game(
    name="disk",
    parameters=(Parameter("x", 0.5, 0.0, 1.0), Parameter("y", 0.5, 0.0, 1.0)),
    build=disk,
)


def test_a_closed_boundary_comes_back_to_its_beginning():
    found = boundaries(DISK, ("x", 0.0, 1.0), ("y", 0.0, 1.0))
    (curve,) = found.curves
    assert {"in | only", "out | only"} == set(curve.regimes)
    assert tuple(curve.points[0]) == tuple(curve.points[-1])
    radius = np.hypot(curve.points[:, 0] - 0.3, curve.points[:, 1] - 0.4)
    assert np.full(len(radius), 0.2) == pytest.approx(radius, abs=2e-6)
    sides = np.diff(curve.points, axis=0)
    x, y = curve.points[:-1].T
    area = 0.5 * abs((x * sides[:, 1] - y * sides[:, 0]).sum())
    assert np.pi * 0.04 == pytest.approx(area, rel=1e-3)


def test_a_region_entered_from_a_square_without_differing_corners_is_followed():
    # The disk is smaller than a first square, except where a corner happens to lie in it.
    found = boundaries(DISK, ("x", 0.0, 1.0), ("y", 0.0, 1.0), resolution=4, refinements=6)
    (curve,) = found.curves
    assert tuple(curve.points[0]) == tuple(curve.points[-1])


def test_one_regime_has_no_boundary():
    found = boundaries(DISK, ("x", 0.6, 1.0), ("y", 0.0, 1.0))
    assert (0, 1) == (len(found.curves), len(found.regimes))


def test_random_fields_are_separated_by_their_curves():
    # Regimes are level sets of a smooth random field; every grid edge with different ends must be
    # crossed by a curve of these two regimes, an odd number of times.
    rng = np.random.default_rng(7)
    field = RegularGridInterpolator(
        (np.linspace(0.0, 1.0, 6),) * 2, rng.normal(size=(6, 6)), method="cubic"
    )

    def build(*, x, y):
        x, y = np.broadcast_arrays(x, y)
        inside = field(np.stack((x, y), -1)).reshape(x.shape) > 0.0
        high = np.where(inside, 1.0, -1.0)
        first = np.stack((high, 0.0 * high), -1)[..., None]
        return NormalForm((first, first), ("a", "b"), (("in", "out"), ("only",)))

    game = Game(name="field", parameters=DISK.parameters, build=build)
    found = boundaries(game, ("x", 0.0, 1.0), ("y", 0.0, 1.0))
    points = rng.uniform(0.01, 0.99, size=(200, 2))
    values = field(points) > 0.0
    for (a, inside), (b, beside) in zip(
        zip(points[::2], values[::2], strict=True),
        zip(points[1::2], values[1::2], strict=True),
        strict=True,
    ):
        crossings = sum(_crossings(curve.points, a, b) for curve in found.curves)
        assert (inside != beside) == bool(crossings % 2)


def _crossings(line, a, b):
    """How often the segment from a to b crosses a polyline."""
    p, q = line[:-1], line[1:]
    side = _cross(b - a, p - a) > 0.0, _cross(b - a, q - a) > 0.0
    other = _cross(q - p, a - p) > 0.0, _cross(q - p, b - p) > 0.0
    return int(((side[0] != side[1]) & (other[0] != other[1])).sum())


def _cross(u, v):
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


@pytest.mark.parametrize(
    ("axes", "how", "message"),
    [
        ((("x", 0.0, 1.0), ("x", 0.0, 1.0)), {}, "x is given twice"),
        ((("x", 1.0, 0.0), ("y", 0.0, 1.0)), {}, "low end below a high one"),
        ((("x", 0.0, 1.0), ("y", 0.0, 1.0)), {"refinements": 30}, "at most 8,192 an axis"),
        ((("x", 0.0, 1.0), ("y", 0.0, 1.0)), {"sharpness": 0.0}, "between 0 and 1"),
    ],
)
def test_bad_ranges_are_refused(axes, how, message):
    with pytest.raises(AxisError, match=message):
        boundaries(DISK, *axes, **how)
