"""One chunk of a sweep as a Parquet file, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.sweep.parts import Part

if TYPE_CHECKING:
    import pyarrow as pa


def write_part(part: Part, path: Path) -> None:
    """Write beside the place, flush to the disk, rename."""
    import pyarrow as pa  # noqa: PLC0415  0.2 s, paid by those who store
    import pyarrow.parquet as pq  # noqa: PLC0415

    offsets = np.concatenate(([0], np.cumsum(part.count))).astype(np.int32)
    columns: dict[str, Any] = {
        "regime": pa.DictionaryArray.from_arrays(part.regime, list(part.labels)),
        "status": part.status,
        "complete": part.complete,
        **{f"outcome:{name}": values for name, values in part.outcomes.items()},
        "payoff": _lists(offsets, part.payoff),
        "gap": _lists(offsets, part.gap),
    }
    if part.profiles.shape[1]:
        columns["profiles"] = _lists(offsets, part.profiles)
    if part.leader_action is not None:
        columns["leader_action"] = pa.ListArray.from_arrays(offsets, part.leader_action)
    for name, rows in part.per_slot.items():
        columns[f"slot:{name}"] = pa.ListArray.from_arrays(offsets, _entries(rows))
    columns |= {f"cell:{name}": _entries(rows) for name, rows in part.per_cell.items()}
    table = pa.table(columns).replace_schema_metadata({"start": str(part.start)})
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            pq.write_table(table, file, compression="zstd", compression_level=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _lists(offsets: NDArray[np.int32], rows: NDArray[np.float64]) -> pa.Array:
    """Rows (E, w) as one list of fixed-size rows per cell."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.ListArray.from_arrays(offsets, _entries(rows))


def _entries(rows: NDArray[Any]) -> pa.Array:
    """Numbers (E,), or rows (E, w) of a fixed size."""
    import pyarrow as pa  # noqa: PLC0415

    values = pa.array(rows.ravel())
    return values if rows.ndim == 1 else pa.FixedSizeListArray.from_arrays(values, rows.shape[1])


def read_part(path: Path, schema: dict[str, Any]) -> Part:
    """Read a part back."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(path, use_threads=False)
    regime = table["regime"].combine_chunks()
    payoff = table["payoff"].combine_chunks()
    offsets = payoff.offsets.to_numpy()
    names = set(table.column_names)
    return Part(
        start=int(table.schema.metadata[b"start"]),
        count=np.diff(offsets).astype(np.int64),
        status=table["status"].to_numpy(),
        complete=table["complete"].to_numpy(),
        regime=regime.indices.to_numpy(),
        labels=tuple(regime.dictionary.to_pylist()),
        outcomes={name: table[f"outcome:{name}"].to_numpy() for name in schema["outcomes"]},
        payoff=_rows(payoff),
        gap=_rows(table["gap"].combine_chunks()),
        profiles=_rows(table["profiles"].combine_chunks())
        if "profiles" in names
        else np.empty((int(offsets[-1]), 0)),
        leader_action=table["leader_action"].combine_chunks().values.to_numpy()
        if "leader_action" in names
        else None,
        **_added(table, schema),
    )


def _added(table: pa.Table, schema: dict[str, Any]) -> dict[str, dict[str, NDArray[Any]]]:
    """The columns that were added, per slot and per cell."""
    found: dict[str, dict[str, NDArray[Any]]] = {"per_slot": {}, "per_cell": {}}
    for column in schema.get("added", ()):
        name, per_slot = column["name"], column["over"][:1] == ["slot"]
        array = table[f"{'slot' if per_slot else 'cell'}:{name}"].combine_chunks()
        values = array.values if per_slot else array
        if len(column["over"]) > per_slot:
            flat = values.values.to_numpy(zero_copy_only=False)
            rows = flat.reshape(-1, values.type.list_size)
        else:
            rows = values.to_numpy(zero_copy_only=False)
        found["per_slot" if per_slot else "per_cell"][name] = rows
    return found


def _rows(lists: Any) -> NDArray[np.float64]:
    """The inverse of `_lists`."""
    width = lists.type.value_type.list_size
    rows: NDArray[np.float64] = lists.values.values.to_numpy().reshape(-1, width)
    return rows


def row_count(path: Path) -> int | None:
    """Number of cells in a part; None when it is missing or no whole Parquet file."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        rows: int = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException):
        return None
    return rows
