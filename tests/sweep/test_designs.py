"""Sweeps over samples and tables: the same answers as one point at a time, stored and resumed."""

from __future__ import annotations

import numpy as np
import pytest

from games import phase
from solver import Distribution, Listing, Sample, open_sweep, sweep
from solver.errors import AxisError, ParameterError, StoreError
from solver.sweep import plan, store
from solver.sweep.listing import read
from solver.sweep.requests import design

RANGES = (
    Distribution("nre", "log-uniform", 100.0, 20_000.0),
    Distribution("porting_top", "triangular", 1.0, 80.0, 20.0),
)
POINTS = Sample("sobol", 40, 7, RANGES, (("nre", "porting_top", 0.4),))
ROWS = Listing({"nre": np.array([100.0, 1000.0, 2000.0]), "volume": np.array([500.0, 1.0, 90.0])})


@pytest.fixture(params=[POINTS, ROWS], ids=["sample", "table"])
def points(request):
    return request.param


def test_a_sweep_is_its_points_one_at_a_time(points):
    whole = sweep(phase, design=points, value=50.0, chunk=7)
    assert ("sample",) == whole.regime.dims
    values = points.values(0, points.shape[0])
    for name in points.names:
        np.testing.assert_array_equal(values[name], whole[name].values)
    for k in range(points.shape[0]):
        one = sweep(phase, value=50.0, **{name: float(values[name][k]) for name in points.names})
        assert one.regime.item() == whole.regime.values[k]
        assert one.price.item() == whole.price.values[k]


def test_a_store_gives_back_what_python_returns_however_often_it_was_stopped(points, tmp_path):
    made = plan.make(phase, points, {"value": 50.0}, chunk=3)
    store.run(made, tmp_path / "out")
    for number in range(0, made.chunks, 2):
        store.part_path(tmp_path / "out", number).unlink()
    assert 0 < store.run(made, tmp_path / "out", jobs=2) < made.cells + 1
    expected = sweep(phase, design=points, value=50.0, chunk=3)
    assert expected.identical(open_sweep(tmp_path / "out"))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (Sample("sobol", 40, 8, RANGES, (("nre", "porting_top", 0.4),)), "sample"),
        (Sample("sobol", 40, 7, RANGES), "correlations of the sample"),
        (Sample("sobol", 41, 7, RANGES, (("nre", "porting_top", 0.4),)), "count of the sample"),
        (ROWS, "differs"),
    ],
)
def test_another_sample_is_refused(tmp_path, other, words):
    store.prepare(plan.make(phase, POINTS), tmp_path / "out")
    with pytest.raises(StoreError, match=words):
        store.prepare(plan.make(phase, other), tmp_path / "out")


def test_a_changed_table_in_a_store_is_noticed(tmp_path):
    store.run(plan.make(phase, ROWS), tmp_path)
    Listing({"nre": np.array([1.0]), "volume": np.array([2.0])}).keep(tmp_path)
    with pytest.raises(StoreError, match="not the table of this sweep"):
        open_sweep(tmp_path)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_are_read_from_files(suffix, tmp_path):
    path = tmp_path / f"points.{suffix}"
    if suffix == "csv":
        path.write_text("nre,volume\n100,500\n1e3,1\n2000,90.0\n", "utf-8")
    else:
        ROWS.keep(tmp_path)
        (tmp_path / "design.parquet").rename(path)
    assert ROWS.describe() == design(phase, (), str(path)).describe()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nre,volume\n100,5\n2,many\n", "'volume', row 2: 'many' is not a number"),
        ("nre\n1\n\nnan\n", "finite number"),
        ("nre,nre\n1,2\n", "there twice"),
        ("nre\n", "at least one column and one row"),
        ("", "cannot be read"),
        ("nre,volume\n1\n", "cannot be read"),
    ],
)
def test_a_bad_table_is_refused_in_one_line(text, words, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(AxisError, match=words) as error:
        read(path)
    assert str(path) in str(error.value) or "at least one" in words
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("axes", "sample", "more", "words"),
    [
        ((), None, (), "at least one --axis"),
        (("nre=1:2:3",), None, ("nre,volume=0.5",), "only a sample has correlations"),
        ((), "sobol", (), "--sample is SAMPLER:N"),
        ((), "sobol:many", (), "whole number of points"),
        ((), "halton:5", (), "unknown sampler 'halton'"),
        ((), "missing.csv", (), "no such file"),
        (("nre=1:2",), "missing.csv", (), "cannot be combined with the table"),
        (("nre=1:2:3",), "mc:5", (), "is not of the form"),
        (("nre=1:2",), "mc:5", ("nre=0.5",), "FIRST,SECOND=RHO"),
        (("nre=1:2",), "mc:5", ("nre,nre=0.5",), "two parameters"),
    ],
)
def test_what_cannot_be_sampled_is_refused_in_one_line(axes, sample, more, words):
    with pytest.raises(AxisError, match=words):
        design(phase, axes, sample, 0, more)


def test_a_sample_without_axes_varies_what_is_calibrated():
    made = design(phase, (), "mc:5", 3)
    assert {p.name for p in phase.parameters if p.calibration} == set(made.names)
    assert ("nre",) == design(phase, ("nre",), "mc:5", 3).names


def test_values_outside_what_a_game_allows_are_refused_before_anything_is_solved():
    bad = Sample("mc", 5, 0, (Distribution("nre", "uniform", -1.0, 5.0),))
    with pytest.raises(ParameterError, match="nre = -1 lies outside"):
        plan.make(phase, bad)
    with pytest.raises(ParameterError, match="nre"):
        plan.make(phase, Listing({"nrre": np.array([1.0])}))


def test_an_axis_beside_a_design_is_refused():
    with pytest.raises(ParameterError, match="volume: an array makes an axis"):
        sweep(phase, design=POINTS, volume=np.array([1.0, 2.0]))
