"""A sweep on disk: one immutable Parquet file per chunk, and ``sweep.json``.

A part is written beside its place, flushed to the disk and renamed, so it is whole or absent. The
plan stands in ``sweep.json``; the same plan resumes, another one is refused. Parameter values are
not stored: they follow from the design and the number of the cell. A listing of points that no
rule makes again is itself kept, in ``design.parquet``.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.errors import StoreError, WorkerError
from solver.sweep.dataset import assemble
from solver.sweep.design import restore
from solver.sweep.differences import difference
from solver.sweep.executors import over_workers
from solver.sweep.listing import Listing
from solver.sweep.locks import replacing, writing
from solver.sweep.parquet import write_part
from solver.sweep.parts import schema_of
from solver.sweep.plan import Plan, digest
from solver.sweep.run import description, over_chunks, solve_part
from solver.sweep.stored import (
    FORMAT,
    SPEC,
    VERSION,
    Bounds,
    finished,
    part_path,
    read_parts,
    read_spec,
)

if TYPE_CHECKING:
    import xarray as xr

#: What a sweep keeps in its directory, and what a process that was killed may leave there.
OURS = re.compile(r"sweep\.json|design\.parquet|part-\d{6,}\.parquet")
LEFT = re.compile(r"part-(sweep\.json|design\.parquet|\d{6,}\.parquet)\.\d+\.tmp")


def run(  # noqa: PLR0913
    made: Plan,
    store: Path,
    *,
    jobs: int | None = None,
    fresh: bool = False,
    executor: object = None,
    command: str = "",
    progress: Callable[[int], None] = lambda _cells: None,
) -> int:
    """Solve the chunks that `store` lacks; return how many cells were solved.

    Several processes may do so at once, on machines that share the directory too: each part is
    whole when it appears, and they all hold the same, so that the last one to write wins nothing.

    Parameters
    ----------
    made : Plan
    store : Path
        A directory that does not exist, is empty, or holds this very sweep.
    jobs : int, optional
        Threads; with an executor, the number of its workers where it does not say that itself.
    fresh : bool
        Start over in a store of ours, whatever sweep it holds, unless some process writes to it.
    executor : concurrent.futures.Executor or distributed.Client, optional
        Solves the chunks instead of threads here. Only this process writes, so that workers need
        no file system in common.
    command : str
        What goes on with the sweep, kept for people in a new store.
    progress : callable
        Told the number of cells after each chunk, those found on disk first.

    Raises
    ------
    StoreError
        When the path is something else, holds another sweep, or cannot be written. Nothing is
        changed then. Also when workers are lost: what they had finished is kept.
    """
    if fresh:
        discard(store)
    prepare(made, store, command)
    plan = digest(made.describe())
    try:
        with writing(store / SPEC):
            solved = _fill(made, store, plan, jobs, executor, progress)
    except OSError as error:
        raise StoreError(f"{store}: cannot write: {error.strerror or error}") from None
    if read_spec(store)["hash"] != plan:  # where there are no locks, --fresh cannot see us
        raise StoreError(f"{store} was replaced by another sweep while this one ran")
    return solved


def _fill(  # noqa: PLR0913, PLR0917
    made: Plan,
    store: Path,
    plan: str,
    jobs: int | None,
    executor: object,
    progress: Callable[[int], None],
) -> int:
    """Solve what is missing or not whole."""
    bounds = Bounds(plan, made.cells, made.chunk)
    missing = [k for k in range(made.chunks) if bounds.fault(store, k)]
    present = made.cells - sum(_size(made, k) for k in missing)
    progress(present)

    def work(number: int) -> int:
        write_part(solve_part(made, number)[0], part_path(store, number), plan)
        return _size(made, number)

    def collect() -> Generator[int, None, None]:
        for number, (part, _) in over_workers(solve_part, made, missing, executor, jobs):
            write_part(part, part_path(store, number), plan)
            yield _size(made, number)

    solved = 0
    try:
        with closing(over_chunks(work, missing, jobs) if executor is None else collect()) as done:
            for cells in done:
                solved += cells
                progress(cells)
    except WorkerError as error:
        kept = f"{present + solved:,} of {made.cells:,} cells are kept in {store}"
        raise StoreError(f"{error}; {kept}") from error
    return solved


def holds(made: Plan, store: Path) -> bool:
    """Whether the directory holds this very sweep, begun or finished; nothing is changed.

    Raises
    ------
    StoreError
        When it holds anything else.
    """
    if store.exists() and not store.is_dir():
        raise StoreError(f"{store} exists and is not a sweep: choose another output")
    if (store / SPEC).exists():
        held = read_spec(store)
        if held["hash"] != digest(made.describe()):
            raise StoreError(
                f"{store} holds another sweep ({difference(held['plan'], made.describe())}):"
                " choose another output, or --fresh to replace it"
            )
        return True
    if store.exists() and not all(LEFT.fullmatch(path.name) for path in store.iterdir()):
        raise StoreError(f"{store} exists and is not a sweep: choose another output")
    return False


def prepare(made: Plan, store: Path, command: str = "") -> None:
    """Make or check the store."""
    if holds(made, store):
        return
    try:
        store.mkdir(exist_ok=True)
        if isinstance(made.design, Listing):
            made.design.keep(store)
        _write_spec(made, schema_of(made.solve_cells(0, 1), made.keep), store, command)
    except OSError as error:
        raise StoreError(f"{store}: cannot write: {error.strerror or error}") from None


def discard(store: Path) -> None:
    """Delete a sweep store of ours, and nothing else."""
    if not store.exists():
        return
    if not store.is_dir():
        raise StoreError(f"{store} exists and is not a sweep: choose another output")
    names = sorted(path.name for path in store.iterdir())
    if not all(map(LEFT.fullmatch, names)):
        read_spec(store, any_version=True)
    for name in names:
        if not (OURS.fullmatch(name) or LEFT.fullmatch(name)) or not (store / name).is_file():
            raise StoreError(f"{store} also holds {name}, which is not of a sweep: left alone")
    try:
        with replacing(store / SPEC):
            for name in names:  # sweep.json goes last: until then this is a sweep
                (store / name).unlink()
    except OSError as error:
        raise StoreError(f"{store}: cannot replace: {error.strerror or error}") from None


def open_sweep(store: str | os.PathLike[str]) -> xr.Dataset:
    """Read a sweep back as a Dataset, as `sweep` returns it.

    Cells that are not computed yet have status PENDING, NaN outcomes and an empty regime.

    Raises
    ------
    StoreError
        When the path is no sweep, or nothing of it is computed yet.
    """
    path = Path(store)
    spec = read_spec(path)
    if not finished(path):
        raise StoreError(f"{path}: no chunk of this sweep is finished yet")
    return assemble(spec, read_parts(path), restore(spec["plan"], path))


def _size(made: Plan, number: int) -> int:
    start, stop = made.bounds(number)
    return stop - start


def _write_spec(made: Plan, schema: dict[str, Any], store: Path, command: str) -> None:
    plain: dict[str, Any] = {
        **description(made, schema),
        **({"command": command} if command else {}),
    }
    text = json.dumps(
        {"format": FORMAT, "version": VERSION, "hash": digest(plain["plan"]), **plain}, indent=1
    )
    temporary = store / f"part-{SPEC}.{secrets.randbits(63)}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(store / SPEC)
