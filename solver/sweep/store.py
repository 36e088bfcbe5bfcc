"""A sweep on disk: one immutable Parquet file per chunk, and ``sweep.json``.

A part is written beside its place, flushed to the disk and renamed, so it is whole or absent. The
plan stands in ``sweep.json``; the same plan resumes, another one is refused. Parameter values are
not stored: they follow from the axes and the number of the cell.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.errors import StoreError, WorkerError
from solver.sweep.axes import restore as restore_axis
from solver.sweep.dataset import assemble
from solver.sweep.design import restore
from solver.sweep.executors import over_workers
from solver.sweep.listing import Listing
from solver.sweep.parquet import read_part, row_count, write_part
from solver.sweep.parts import Part, schema_of
from solver.sweep.plan import Plan, digest
from solver.sweep.run import description, over_chunks, solve_part

if TYPE_CHECKING:
    import xarray as xr

FORMAT = "coopet-sweep"
VERSION = 1
SPEC = "sweep.json"
#: What a sweep keeps in its directory, and what a process that was killed may leave there.
OURS = re.compile(r"sweep\.json|design\.parquet|part-\d{6,}\.parquet")
LEFT = re.compile(r"part-(sweep\.json|design\.parquet|\d{6,}\.parquet)\.\d+\.tmp")
NEEDED = {"hash", "plan", "schema", "about", "versions"}


def part_path(store: Path, number: int) -> Path:
    """Where the part of a chunk lies."""
    return store / f"part-{number:06d}.parquet"


def run(  # noqa: PLR0913
    made: Plan,
    store: Path,
    *,
    jobs: int | None = None,
    fresh: bool = False,
    executor: object = None,
    progress: Callable[[int], None] = lambda _cells: None,
) -> int:
    """Solve the chunks that `store` lacks; return how many cells were solved.

    Parameters
    ----------
    made : Plan
    store : Path
        A directory that does not exist, is empty, or holds this very sweep.
    jobs : int, optional
        Threads; with an executor, the number of its workers where it does not say that itself.
    fresh : bool
        Start over in a store of ours, whatever sweep it holds.
    executor : concurrent.futures.Executor or distributed.Client, optional
        Solves the chunks instead of threads here. Only this process writes, so that workers need
        no file system in common.
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
    prepare(made, store)
    missing = [k for k in range(made.chunks) if not _is_whole(store, made, k)]
    present = made.cells - sum(_size(made, k) for k in missing)
    progress(present)

    def work(number: int) -> int:
        write_part(solve_part(made, number)[0], part_path(store, number))
        return _size(made, number)

    def collect() -> Generator[int, None, None]:
        for number, (part, _) in over_workers(solve_part, made, missing, executor, jobs):
            write_part(part, part_path(store, number))
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
    except OSError as error:
        raise StoreError(f"{store}: cannot write: {error.strerror or error}") from None
    return solved


def prepare(made: Plan, store: Path) -> None:
    """Make or check the store."""
    if store.exists() and not store.is_dir():
        raise StoreError(f"{store} exists and is not a sweep: choose another output")
    if (store / SPEC).exists():
        held = read_spec(store)
        if held["hash"] != digest(made.describe()):
            raise StoreError(
                f"{store} holds another sweep ({difference(held['plan'], made.describe())}):"
                " choose another output, or --fresh to replace it"
            )
        return
    if store.exists() and not all(LEFT.fullmatch(path.name) for path in store.iterdir()):
        raise StoreError(f"{store} exists and is not a sweep: choose another output")
    try:
        store.mkdir(exist_ok=True)
        if isinstance(made.design, Listing):
            made.design.keep(store)
        _write_spec(made, schema_of(made.solve_cells(0, 1)), store)
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
        read_spec(store)
    for name in names:
        if not (OURS.fullmatch(name) or LEFT.fullmatch(name)) or not (store / name).is_file():
            raise StoreError(f"{store} also holds {name}, which is not of a sweep: left alone")
    try:
        for name in names:  # sweep.json goes last: until then this is a sweep
            (store / name).unlink()
    except OSError as error:
        raise StoreError(f"{store}: cannot replace: {error.strerror or error}") from None


def read_spec(store: Path) -> dict[str, Any]:
    """The contents of ``sweep.json``, or StoreError if `store` is not a sweep."""
    try:
        spec: dict[str, Any] = json.loads((store / SPEC).read_text("utf-8"))
    except FileNotFoundError:
        word = "is not a sweep: it has no sweep.json" if store.exists() else "does not exist"
        raise StoreError(f"{store} {word}") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{store / SPEC} cannot be read: {error}") from None
    if not isinstance(spec, dict) or spec.get("format") != FORMAT:
        raise StoreError(f"{store} is not a sweep: {SPEC} is of another kind")
    if spec.get("version") != VERSION:
        raise StoreError(
            f"{store}: store version {spec.get('version')}, but only {VERSION} is read"
        )
    if lacking := sorted(NEEDED - spec.keys()):
        raise StoreError(f"{store / SPEC} is damaged: it has no {lacking[0]!r}")
    return spec


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
    if not any(path.glob("part-[0-9]*.parquet")):
        raise StoreError(f"{path}: no chunk of this sweep is finished yet")
    return assemble(spec, read_parts(path), restore(spec["plan"], path))


def read_parts(store: Path) -> Iterator[Part]:
    """The finished parts of a sweep, one at a time and in order."""
    schema = read_spec(store)["schema"]
    for path in sorted(store.glob("part-[0-9]*.parquet")):
        try:
            yield read_part(path, schema)
        except (OSError, ValueError, KeyError) as error:  # pyarrow's are of these kinds
            raise StoreError(
                f"{path} cannot be read: run the sweep again to replace it ({error})"
            ) from None


def _size(made: Plan, number: int) -> int:
    start, stop = made.bounds(number)
    return stop - start


def _is_whole(store: Path, made: Plan, number: int) -> bool:
    """Whether the part of a chunk is there and has its number of cells."""
    return row_count(part_path(store, number)) == _size(made, number)


def _write_spec(made: Plan, schema: dict[str, Any], store: Path) -> None:
    plain = description(made, schema)
    text = json.dumps(
        {"format": FORMAT, "version": VERSION, "hash": digest(plain["plan"]), **plain}, indent=1
    )
    temporary = store / f"part-{SPEC}.{os.getpid()}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(store / SPEC)


def difference(held: dict[str, Any], wanted: dict[str, Any]) -> str:
    """Name the first thing in which two plans differ."""
    for key in {**wanted, **held}:
        there: Any = held.get(key)
        here: Any = wanted.get(key)
        if there == here:
            continue
        if key == "parameters":
            name = _differing(there, here)
            return f"{name} = {there.get(name)} there, {here.get(name)} here"
        if key in ("sample", "table") and there and here:
            name = _differing(there, here)
            return f"{name} of the {key} {there.get(name)} there, {here.get(name)} here"
        if key in _TOLD:
            word, told = _TOLD[key]
            return f"{word} {told(there)} there, {told(here)} here"
        return f"its {key.replace('_', ' ')} differs"
    return "it differs"


def _differing(held: dict[str, Any], wanted: dict[str, Any]) -> str:
    return min(name for name in {**held, **wanted} if held.get(name) != wanted.get(name))


def _axes(axes: list[dict[str, Any]]) -> str:
    """Axes in a few words."""
    named = ((axis["name"], restore_axis(axis).values) for axis in axes)
    return " × ".join(f"{name} {v[0]:g}..{v[-1]:g} ({v.size})" for name, v in named) or "none"


#: What a plan has under a key, in words.
_TOLD: dict[str, tuple[str, Callable[[Any], str]]] = {
    "game": ("game", str),
    "concept": ("concept", str),
    "chunk": ("chunk", str),
    "axes": ("axes", _axes),
    "add": ("added columns", lambda held: " and ".join(held or ["none"])),
}
