"""One chunk of a sweep as a Parquet file, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.sweep.parts import Part, without_rows

if TYPE_CHECKING:
    import pyarrow as pa


def write_part(part: Part, path: Path, plan: str) -> None:
    """Write beside the place, flush to the disk, rename.

    The digest of the plan goes into the file, so that the part of another sweep is known as such.
    The name beside is random: two processes, also on two machines, never share it.
    """
    temporary = path.with_name(f"{path.name}.{secrets.randbits(63)}.tmp")
    try:
        with temporary.open("wb") as file:
            encode(part, file, plan)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def encode(part: Part, file: IO[bytes], plan: str) -> None:
    """A part as Parquet with a checksum per page."""
    import pyarrow as pa  # noqa: PLC0415  0.2 s, paid by those who store
    import pyarrow.parquet as pq  # noqa: PLC0415

    columns: dict[str, Any] = {
        "regime": pa.DictionaryArray.from_arrays(part.regime, list(part.labels)),
        "status": part.status,
        "complete": part.complete,
        "count": part.count.astype(np.int32),
        **{f"outcome:{name}": values for name, values in part.outcomes.items()},
        **{f"cell:{name}": _entries(rows) for name, rows in part.per_cell.items()},
    }
    if part.rows_kept:
        columns |= _per_equilibrium(part)
    said = {"start": str(part.start), "plan": plan}
    pq.write_table(
        pa.table(columns).replace_schema_metadata(said),
        file,
        compression="zstd",
        compression_level=1,
        write_page_checksum=True,
    )


def _per_equilibrium(part: Part) -> dict[str, Any]:
    """One list per cell, of its equilibria."""
    import pyarrow as pa  # noqa: PLC0415

    offsets = np.concatenate(([0], np.cumsum(part.count))).astype(np.int32)
    columns = {"payoff": _lists(offsets, part.payoff), "gap": _lists(offsets, part.gap)}
    if part.profiles.shape[1]:
        columns["profiles"] = _lists(offsets, part.profiles)
    if part.leader_action is not None:
        columns["leader_action"] = pa.ListArray.from_arrays(offsets, part.leader_action)
    for name, rows in part.per_slot.items():
        columns[f"slot:{name}"] = pa.ListArray.from_arrays(offsets, _entries(rows))
    return columns


def _lists(offsets: NDArray[np.int32], rows: NDArray[np.float64]) -> pa.Array:
    """Rows (E, w) as one list of fixed-size rows per cell."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.ListArray.from_arrays(offsets, _entries(rows))


def _entries(rows: NDArray[Any]) -> pa.Array:
    """Numbers (E,), or rows (E, w) of a fixed size."""
    import pyarrow as pa  # noqa: PLC0415

    values = pa.array(rows.ravel())
    return values if rows.ndim == 1 else pa.FixedSizeListArray.from_arrays(values, rows.shape[1])


def read_part(
    path: Path, schema: dict[str, Any], *, rows: bool = True, answers: bool = True
) -> Part:
    """Read a part back.

    Without `rows` only what there is per cell, which is little; without `answers` of that only the
    regime, the status, and how many equilibria there are.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = rows and schema["keep"] == "all"
    columns = _added(schema, per_slot=False) if answers else []
    outcomes = schema["outcomes"] if answers else []
    wanted = ["regime", "status", "complete", "count", *(f"outcome:{name}" for name in outcomes)]
    wanted += [f"cell:{column['name']}" for column in columns]
    table = pq.read_table(
        path, columns=None if rows else wanted, use_threads=False, page_checksum_verification=True
    )
    regime = table["regime"].combine_chunks()
    players = len(schema["players"])
    return Part(
        start=int(table.schema.metadata[b"start"]),
        count=table["count"].to_numpy().astype(np.int64),
        status=table["status"].to_numpy(),
        complete=table["complete"].to_numpy(),
        regime=regime.indices.to_numpy(),
        labels=tuple(regime.dictionary.to_pylist()),
        outcomes={name: table[f"outcome:{name}"].to_numpy() for name in outcomes},
        per_cell={
            column["name"]: _values(table[f"cell:{column['name']}"].combine_chunks(), column)
            for column in columns
        },
        **(_rows_of(table, schema) if rows else without_rows(players)),
    )


def _rows_of(table: pa.Table, schema: dict[str, Any]) -> dict[str, Any]:
    """What there is per equilibrium."""
    names = set(table.column_names)
    payoff = _rows(table["payoff"].combine_chunks())
    return {
        "payoff": payoff,
        "gap": _rows(table["gap"].combine_chunks()),
        "profiles": _rows(table["profiles"].combine_chunks())
        if "profiles" in names
        else np.empty((len(payoff), 0)),
        "leader_action": table["leader_action"].combine_chunks().values.to_numpy()
        if "leader_action" in names
        else None,
        "per_slot": {
            column["name"]: _values(table[f"slot:{column['name']}"].combine_chunks().values, column)
            for column in _added(schema, per_slot=True)
        },
    }


def _added(schema: dict[str, Any], *, per_slot: bool) -> list[dict[str, Any]]:
    """The columns that were added, per equilibrium or per cell."""
    return [c for c in schema.get("added", ()) if (c["over"][:1] == ["slot"]) == per_slot]


def _values(array: Any, column: dict[str, Any]) -> NDArray[Any]:
    """The inverse of `_entries`."""
    if not column["sizes"]:
        plain: NDArray[Any] = array.to_numpy(zero_copy_only=False)
        return plain
    flat: NDArray[Any] = array.values.to_numpy(zero_copy_only=False)
    return flat.reshape(-1, array.type.list_size)


def _rows(lists: Any) -> NDArray[np.float64]:
    """The inverse of `_lists`."""
    width = lists.type.value_type.list_size
    rows: NDArray[np.float64] = lists.values.values.to_numpy().reshape(-1, width)
    return rows


def fault(path: Path, plan: str, start: int, size: int) -> str | None:
    """What is wrong with the file of a chunk, in words; None when it is whole and in its place.

    Reads the end of the file only, where Parquet has its table of contents: a file that was cut
    off has none.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        found = pq.read_metadata(path)
    except FileNotFoundError:
        return "is missing"
    except (OSError, pa.ArrowException):
        return "is damaged: it is no whole Parquet file"
    said = found.metadata or {}
    if said.get(b"plan") != plan.encode():
        return "is a part of another sweep"
    if said.get(b"start") != str(start).encode() or found.num_rows != size:
        return "is another part of this sweep, in the wrong place"
    return None
