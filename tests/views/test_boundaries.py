"""Geometry of cells: edges, boundaries, thinned meshes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from solver.views._axis import Axis
from solver.views._boundaries import outline, smooth, stairs
from solver.views._cells import MOST_CELLS, mesh
from solver.views._names import _component, _roomiest


def segments(path):
    return np.asarray(path.vertices).reshape(-1, 4)


def random_codes(seed, shape=(9, 7)):
    return np.random.default_rng(seed).integers(0, 3, shape)


@pytest.mark.parametrize(
    ("log", "expected"), [(True, [1.0, 2.0, 8.0, 16.0]), (False, [1.0, 2.5, 10.0, 16.0])]
)
def test_edges_lie_half_way_on_paper_and_end_with_the_values(log, expected):
    axis = Axis("x", "", "", np.array([1.0, 4.0, 16.0]), log)
    assert expected == pytest.approx(axis.edges)
    assert {0, 1, 2} == set(axis.raster(50).tolist())


@pytest.mark.parametrize("seed", range(5))
def test_stairs_are_as_long_as_there_are_differing_neighbours(seed):
    codes = random_codes(seed)
    pieces = segments(stairs(codes, np.arange(10.0), np.arange(8.0)))
    lengths = np.abs(pieces[:, :2] - pieces[:, 2:]).sum()
    assert (np.diff(codes, axis=0) != 0).sum() + (np.diff(codes, axis=1) != 0).sum() == lengths


@pytest.mark.parametrize("seed", range(5))
def test_a_smooth_boundary_crosses_the_same_edges_as_the_stairs(seed):
    codes = random_codes(seed)
    ends = {
        tuple(p) for p in segments(smooth(codes, np.arange(10.0), np.arange(8.0))).reshape(-1, 2)
    }
    i, j = np.nonzero(np.diff(codes, axis=0))
    middles = set(zip(i + 1.0, j + 0.5, strict=True))
    i, j = np.nonzero(np.diff(codes, axis=1))
    middles |= set(zip(i + 0.5, j + 1.0, strict=True))
    assert middles <= ends
    assert all(x % 1 == 0 or x in {0, 9} for x, y in ends - middles)


def test_the_outline_of_a_set_goes_round_it():
    mask = np.zeros((5, 4), bool)
    mask[0, 0] = mask[2, 1] = True
    edges = np.arange(6.0), np.arange(5.0)
    assert len(segments(outline(mask, edges))) == 8


def test_more_cells_than_can_be_seen_are_thinned():
    values = np.add.outer(np.arange(3001), np.arange(50))
    axes = Figure().subplots()
    drawn = mesh(axes, (np.arange(3002.0), np.arange(51.0)), values).get_array()
    assert drawn.shape[0] == 50
    assert drawn.shape[1] <= MOST_CELLS
    assert axes.dataLim.intervalx.tolist() == [0.0, 3001.0]


def test_a_text_stands_where_the_room_is_and_nowhere_if_there_is_none():
    region = np.zeros((40, 30), bool)
    region[:30, :10] = True
    i, j = _roomiest(region, 6, 3)
    assert region[i - 3 : i + 3, j - 2 : j + 2].all()
    assert 12 <= i <= 17
    assert _roomiest(region, 6, 9) is None
    assert _roomiest(region, 60, 3) is None


def test_a_component_is_what_hangs_together():
    region = np.array([[1, 1, 0, 1], [0, 1, 0, 1], [1, 0, 0, 1]], bool)
    assert _component(region, (0, 0)).sum() == 3
    assert _component(region, (2, 3)).sum() == 3
