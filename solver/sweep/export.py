"""A stored sweep as one file for other programs: a table, or a labelled array.

Tables are streamed part by part, so that the memory needed is that of one chunk whatever the number
of cells. NetCDF and Zarr hold the Dataset of `open_sweep`, which is in memory whole. Files are
written beside their place and renamed: a reader never sees half of one.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.errors import StoreError
from solver.sweep.design import restore
from solver.sweep.reductions import summarise
from solver.sweep.store import open_sweep
from solver.sweep.stored import finished, read_parts, read_spec
from solver.sweep.tables import arrow, summary_rows

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

TABLES = (".csv", ".parquet")
ARRAYS = {".nc": "h5netcdf", ".zarr": "zarr"}
KINDS = ("points", "equilibria", "summary")


def export(store: Path, target: Path, *, table: str = "points", force: bool = False) -> int:
    """Write a sweep to one file; return the number of rows, or of cells of a labelled array.

    Parameters
    ----------
    store : Path
        A sweep, finished or not. Cells that are not computed yet have no row in a table, and
        status PENDING in a labelled array.
    target : Path
        Ends in .csv, .parquet, .nc (NetCDF 4) or .zarr (a directory).
    table : "points", "equilibria" or "summary"
        A row per cell, per equilibrium, or per regime and outcome.
    force : bool
        Replace an existing file.

    Raises
    ------
    StoreError
        When the path is no sweep, the file is there already or cannot be written, or what writes
        it is not installed.
    """
    check(store, target, table, force=force)
    read_spec(store)
    if not finished(store):
        raise StoreError(f"{store}: no chunk of this sweep is finished yet")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp{target.suffix}")
    write: Callable[[Path, Path, str], int] = _table if target.suffix in TABLES else _array
    try:
        count = write(store, beside, table)
        if target.is_dir():
            shutil.rmtree(target)
        beside.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)
    return count


def check(store: Path, target: Path, table: str, *, force: bool) -> None:
    """Raise what `export` would raise for such a file, before anything is read."""
    suffix = target.suffix
    if suffix not in (*TABLES, *ARRAYS):
        allowed = " or ".join((*TABLES, *ARRAYS))
        raise StoreError(f"cannot export to {target}: the name must end in {allowed}")
    if suffix in ARRAYS and table != "points":
        raise StoreError(f"--table {table} is a table: export it to .csv or .parquet, not {suffix}")
    if not target.parent.is_dir():
        raise StoreError(f"cannot write {target}: there is no folder {target.parent}")
    if store.resolve() in target.resolve().parents:
        raise StoreError(f"cannot write {target}: the folder {store} is for the sweep alone")
    if target.exists() and not force:
        raise StoreError(f"{target} exists: choose another name, or --force to replace it")
    if target.is_dir() and not (suffix == ".zarr" and _is_zarr(target)):
        raise StoreError(f"cannot write {target}: it is a folder of something else")


def _is_zarr(target: Path) -> bool:
    return any((target / name).is_file() for name in (".zgroup", "zarr.json"))


def _table(store: Path, target: Path, kind: str) -> int:
    """Stream the parts into a table."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    if kind == "summary":
        found = summarise(store)
        made = pa.Table.from_pylist(summary_rows(found.cells, found.regimes))
        batches = iter(made.to_batches())
    else:
        spec = read_spec(store)
        design = restore(spec["plan"], store)
        parts = read_parts(store, rows=True)
        batches = arrow(parts, kind, spec["schema"], design)
    first: pa.RecordBatch = next(batches)
    make: Any = pyarrow.csv.CSVWriter if target.suffix == ".csv" else pq.ParquetWriter
    rows = 0
    with make(target, first.schema) as writer:
        for batch in _again(first, batches):
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _again(first: Any, others: Any) -> Any:
    yield first
    yield from others


def _array(store: Path, target: Path, _kind: str) -> int:
    """Write the Dataset by a library that is an extra."""
    dataset = _plain(open_sweep(store))
    try:
        if target.suffix == ".nc":
            dataset.to_netcdf(target, engine="h5netcdf")
        else:
            dataset.to_zarr(target, mode="w", zarr_format=2, consolidated=True)
    except (ImportError, ValueError) as error:
        if _installed(ARRAYS[target.suffix]):
            raise
        needed = ARRAYS[target.suffix]
        raise StoreError(
            f"{target.suffix} files need {needed}: pip install 'coopet[export]'"
        ) from error
    return int(dataset["status"].size)


def _installed(name: str) -> bool:
    from importlib.util import find_spec  # noqa: PLC0415  asked only when something failed

    return find_spec(name) is not None


def _plain(dataset: xr.Dataset) -> xr.Dataset:
    """The same with labels as text of a fixed width, which every format has."""
    texts = {name: v.astype(str) for name, v in dataset.variables.items() if v.dtype == object}
    return dataset.assign(texts)
