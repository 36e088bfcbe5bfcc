"""Tables and arrays hold what the Dataset holds, parameters included."""

# ruff: noqa: PD011  these are arrays of xarray

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from games import price_build_nf
from solver import Game, NormalForm, Parameter, open_sweep
from solver.errors import StoreError
from solver.sweep import export as module
from solver.sweep import plan, store
from solver.sweep.export import export
from solver.sweep.plan import Plan
from solver.sweep.requests import design

Make = Callable[..., Plan]


def _read(path: Path) -> Any:
    import pandas as pd

    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_points_are_the_cells_of_the_dataset(
    grid: tuple[Game, dict[str, Any]], make: Make, tmp_path: Path, suffix: str
) -> None:
    game, axes = grid
    out, file = tmp_path / "out", tmp_path / f"points{suffix}"
    store.run(make(game, axes), out)
    assert 20 == export(out, file)
    dataset, found = open_sweep(out), _read(file)
    np.testing.assert_array_equal(np.arange(20), found["cell"])
    for name, values in zip(axes, np.meshgrid(*axes.values(), indexing="ij"), strict=True):
        np.testing.assert_array_equal(values.ravel(), found[name])
    for name in ("regime", "status", "count", "complete"):
        np.testing.assert_array_equal(dataset[name].values.ravel(), found[name])
    for k, player in enumerate(dataset.player.values):
        expected = dataset.payoff.values[..., 0, k].ravel()
        np.testing.assert_array_equal(expected, found[f"payoff_{player}"])
    taken = {"regime", "status", "count", "complete"}
    outcomes = [n for n, v in dataset.data_vars.items() if v.dims == tuple(axes) and n not in taken]
    for name in outcomes:
        np.testing.assert_array_equal(dataset[name].values.ravel(), found[name])


def _coordination(*, reward: Any) -> NormalForm:
    """Both left, both right and a mixture while the reward is positive."""
    entry = np.stack([reward, 0.0 * reward, 0.0 * reward, 1.0 + 0.0 * reward], axis=-1)
    payoff = entry.reshape(*np.shape(reward), 2, 2)
    names = ("left", "right")
    return NormalForm((payoff, 2.0 * payoff), players=("Ann", "Bob"), actions=(names, names))


COORDINATION = Game(
    name="coordination", parameters=(Parameter("reward", default=1.0),), build=_coordination
)


def test_equilibria_are_the_filled_slots_of_the_dataset(make: Make, tmp_path: Path) -> None:
    axes = {"reward": np.array([-1.0, 0.5, 1.0, -2.0, 3.0])}
    out, file = tmp_path / "out", tmp_path / "equilibria.parquet"
    store.run(make(COORDINATION, axes, add="panel", chunk=2), out)
    rows = export(out, file, table="equilibria")
    dataset, found = open_sweep(out), _read(file)
    assert 1 + 3 + 3 + 1 + 3 == rows == len(found)
    assert [0, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4] == found["cell"].tolist()
    assert [0, 0, 1, 2, 0, 1, 2, 0, 0, 1, 2] == found["slot"].tolist()
    places = (found["cell"].to_numpy(), found["slot"].to_numpy())
    np.testing.assert_array_equal(axes["reward"][places[0]], found["reward"])
    for player in ("Ann", "Bob"):
        for word in ("payoff", "gap"):
            expected = dataset[word].sel(player=player).values[places]
            np.testing.assert_array_equal(expected, found[f"{word}_{player}"])
        for k, action in enumerate(("left", "right")):
            expected = dataset[f"strategy_{player}"].values[places][:, k]
            np.testing.assert_array_equal(expected, found[f"strategy_{player}_{action}"])
    np.testing.assert_array_equal(dataset.strict.values[places], found["strict"])


def test_added_columns_with_axes_become_one_column_each(make: Make, tmp_path: Path) -> None:
    store.run(make(price_build_nf, {"nre": [100.0, 9000.0]}, add="survivors"), tmp_path / "out")
    export(tmp_path / "out", tmp_path / "points.csv")
    dataset, found = open_sweep(tmp_path / "out"), _read(tmp_path / "points.csv")
    for k, action in enumerate(dataset.action_supplier.values):
        expected = dataset.survives_supplier.values[:, k]
        np.testing.assert_array_equal(expected, found[f"survives_supplier_{action}"])


def test_parameters_of_a_sample_are_made_again(tmp_path: Path) -> None:
    points = design(price_build_nf, ["nre=100:9000:log"], "mc:50", 3)
    store.run(plan.make(price_build_nf, points, chunk=20), tmp_path / "out")
    export(tmp_path / "out", tmp_path / "points.parquet")
    expected = points.values(0, 50)["nre"]
    np.testing.assert_array_equal(expected, _read(tmp_path / "points.parquet")["nre"])


def test_cells_to_come_have_no_row(small: Plan, tmp_path: Path) -> None:
    store.run(small, tmp_path / "out")
    store.part_path(tmp_path / "out", 1).unlink()
    assert 13 == export(tmp_path / "out", tmp_path / "points.csv")
    assert [*range(7), *range(14, 20)] == _read(tmp_path / "points.csv")["cell"].tolist()


def test_one_part_is_held_at_a_time(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is written before the next one is read."""
    import weakref

    store.run(make(price_build_nf, {"nre": np.linspace(100, 200, 30)}, chunk=1), tmp_path / "out")
    held: list[Any] = []
    most = 0
    real = module.read_parts

    def watching(path: Path, **options: Any) -> Any:
        nonlocal most
        for part in real(path, **options):
            held.append(weakref.ref(part))
            most = max(most, sum(reference() is not None for reference in held))
            yield part

    monkeypatch.setattr(module, "read_parts", watching)
    export(tmp_path / "out", tmp_path / "points.csv")
    assert 30 == len(held)
    assert most <= 3


def test_a_summary_has_a_row_per_regime_and_outcome(small: Plan, tmp_path: Path) -> None:
    store.run(small, tmp_path / "out")
    export(tmp_path / "out", tmp_path / "summary.csv", table="summary")
    found, dataset = _read(tmp_path / "summary.csv"), open_sweep(tmp_path / "out")
    prices = found[found["outcome"] == "price"].set_index("regime")
    assert 1.0 == pytest.approx(prices["share"].sum())
    for name, row in prices.iterrows():
        expected = dataset.price.values[dataset.regime.values == name].mean()
        assert expected == pytest.approx(row["mean"])


def test_points_only_have_no_table_of_equilibria(make: Make, tmp_path: Path) -> None:
    store.run(make(price_build_nf, {"nre": [100.0]}, keep="points"), tmp_path / "out")
    with pytest.raises(StoreError, match="kept points only"):
        export(tmp_path / "out", tmp_path / "e.csv", table="equilibria")
    assert ["out"] == [path.name for path in tmp_path.iterdir()]
    assert 1 == export(tmp_path / "out", tmp_path / "points.csv")
    assert "payoff_supplier" not in _read(tmp_path / "points.csv")


@pytest.mark.parametrize(
    ("suffix", "library"), [(".nc", "h5netcdf"), (".zarr", "zarr")], ids=["netcdf", "zarr"]
)
def test_arrays_are_read_back_as_they_were(
    small: Plan, tmp_path: Path, suffix: str, library: str
) -> None:
    pytest.importorskip(library)
    store.run(small, tmp_path / "out")
    file = tmp_path / f"map{suffix}"
    assert 20 == export(tmp_path / "out", file)
    with pytest.raises(StoreError, match="exists"):
        export(tmp_path / "out", file)
    assert 20 == export(tmp_path / "out", file, force=True)
    with xr.open_dataset(file, engine=library) as found:
        found.load()
    expected = open_sweep(tmp_path / "out")
    xr.testing.assert_equal(expected, found)
    assert expected.attrs == found.attrs
    assert sorted(["out", file.name]) == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_a_missing_library_is_named_and_leaves_nothing(
    small: Plan, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_args: object, **_options: object) -> None:
        raise ImportError

    monkeypatch.setattr(xr.Dataset, "to_netcdf", absent)
    monkeypatch.setattr(xr.Dataset, "to_zarr", absent)
    monkeypatch.setattr(module, "_installed", lambda _name: False)
    store.run(small, tmp_path / "out")
    with pytest.raises(StoreError, match=r"pip install 'coopet\[export\]'"):
        export(tmp_path / "out", tmp_path / f"map{suffix}")
    assert ["out"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("target", "options", "words"),
    [
        ("map.xlsx", {}, "must end in .csv or .parquet or .nc or .zarr"),
        ("there.csv", {}, "exists: choose another name, or --force"),
        ("a/b.csv", {}, "there is no folder"),
        ("out/b.csv", {}, "is for the sweep alone"),
        ("folder.csv", {"force": True}, "is a folder of something else"),
        ("folder.zarr", {"force": True}, "is a folder of something else"),
        ("map.nc", {"table": "equilibria"}, "is a table: export it to .csv"),
    ],
)
def test_a_file_that_cannot_be_is_refused_and_nothing_changes(
    small: Plan,
    tmp_path: Path,
    snapshot: Callable[[Path], Any],
    target: str,
    options: dict[str, Any],
    words: str,
) -> None:
    store.run(small, tmp_path / "out")
    (tmp_path / "there.csv").write_text("mine")
    for name in ("folder.csv", "folder.zarr"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine").write_text("mine")
    before = snapshot(tmp_path)
    with pytest.raises(StoreError, match=words):
        export(tmp_path / "out", tmp_path / target, **options)
    assert before == snapshot(tmp_path)


def test_an_existing_table_is_replaced_by_force(small: Plan, tmp_path: Path) -> None:
    store.run(small, tmp_path / "out")
    (tmp_path / "there.csv").write_text("mine")
    assert 20 == export(tmp_path / "out", tmp_path / "there.csv", force=True)
    assert 20 == len(_read(tmp_path / "there.csv"))


def test_only_a_sweep_is_exported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is not a sweep"):
        export(tmp_path, tmp_path.parent / "x.csv")


def test_a_damaged_part_is_named_and_leaves_no_file(small: Plan, tmp_path: Path) -> None:
    store.run(small, tmp_path / "out")
    path = store.part_path(tmp_path / "out", 1)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match="part-000001"):
        export(tmp_path / "out", tmp_path / "x.csv")
    assert ["out"] == [path.name for path in tmp_path.iterdir()]
