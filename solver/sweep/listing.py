"""A design that is a table: one row per cell, one column per varied parameter."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.errors import AxisError, StoreError
from solver.sweep.samples import SAMPLE

Floats = NDArray[np.float64]

#: Where a store keeps a copy.
COPY = "design.parquet"
MOST_ROWS = 100_000_000


@final
@dataclass(frozen=True, eq=False)
class Listing:
    """Values of some parameters, one array (n,) each."""

    columns: Mapping[str, Floats]

    def __post_init__(self) -> None:
        sizes = {values.size for values in self.columns.values()}
        if len(sizes) != 1 or 0 in sizes:
            raise AxisError("a design table needs at least one column and one row")

    @property
    def names(self) -> tuple[str, ...]:
        """The varied parameters."""
        return tuple(self.columns)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of rows."""
        return (next(iter(self.columns.values())).size,)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """One dimension, over the rows."""
        return (SAMPLE,)

    def values(self, start: int, stop: int) -> dict[str, Floats]:
        """The rows ``start ... stop - 1``."""
        return {name: values[start:stop] for name, values in self.columns.items()}

    def extremes(self) -> dict[str, Floats]:
        """All values of each column."""
        return dict(self.columns)

    def describe(self) -> dict[str, Any]:
        """Columns, number of rows and a digest of the values."""
        plain = {"columns": list(self.names), "count": self.shape[0], "digest": self._digest}
        return {"axes": [], "table": plain}

    @cached_property
    def _digest(self) -> str:
        made = hashlib.sha256()
        for name, values in self.columns.items():
            made.update(name.encode() + b"\0" + np.ascontiguousarray(values, "<f8").tobytes())
        return made.hexdigest()

    def keep(self, store: Path) -> None:
        """Write a copy into a store."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        temporary = store / f"part-{COPY}.{os.getpid()}.tmp"
        pq.write_table(pa.table(dict(self.columns)), temporary)
        temporary.replace(store / COPY)

    @classmethod
    def stored(cls, store: Path, plain: Mapping[str, Any]) -> Listing:
        """The copy that a store holds, or StoreError if it is not what the store says."""
        found = read(store / COPY)
        if found.describe()["table"] != plain:
            raise StoreError(f"{store / COPY} is not the table of this sweep")
        return found


def read(path: Path) -> Listing:
    """Read a design from a .csv or .parquet file with one column per parameter.

    Raises
    ------
    AxisError
        With the file, and the column and line of what is no number.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.csv  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        if path.suffix.lower() == ".parquet":
            table = pq.read_table(path)
        elif path.suffix.lower() == ".csv":
            table = pyarrow.csv.read_csv(path)
        else:
            raise AxisError(f"{path}: a design table is a .csv or .parquet file")
    except FileNotFoundError:
        raise AxisError(f"{path}: there is no such file") from None
    except (OSError, pa.ArrowException) as error:
        raise AxisError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    if table.num_rows > MOST_ROWS:
        raise AxisError(f"{path}: {table.num_rows:,} rows, at most {MOST_ROWS:,} are allowed")
    names = table.column_names
    for name in names:
        if names.count(name) > 1:
            raise AxisError(f"{path}: column {name!r} is there twice")
    return Listing({name: _numbers(path, name, table[name]) for name in names})


def _numbers(path: Path, name: str, column: Any) -> Floats:
    """A column as floats; every entry is needed."""
    import pyarrow as pa  # noqa: PLC0415

    kind = column.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
        for row, value in enumerate(column.to_pylist()):
            try:
                float(value)
            except (TypeError, ValueError):
                raise AxisError(
                    f"{path}: column {name!r}, row {row + 1}: {value!r} is not a number"
                ) from None
    values: Floats = column.to_numpy().astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise AxisError(f"{path}: column {name!r}, row {bad[0] + 1}: a finite number is needed")
    return values
