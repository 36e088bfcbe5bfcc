"""Reading a sweep on disk, for which its game is not needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from solver.errors import StoreError
from solver.sweep.design import cells, restore
from solver.sweep.parquet import fault, read_part
from solver.sweep.parts import Part

FORMAT = "coopet-sweep"
VERSION = 2
SPEC = "sweep.json"
PART = re.compile(r"part-(\d{6,})\.parquet")
NEEDED = {"hash", "plan", "schema", "about", "versions"}


def part_path(store: Path, number: int) -> Path:
    """Where the part of a chunk lies."""
    return store / f"part-{number:06d}.parquet"


def part_number(path: Path) -> int:
    """The number of the chunk whose part lies there; -1 for what is no part."""
    found = PART.fullmatch(path.name)
    return int(found[1]) if found else -1


def read_spec(store: Path, *, any_version: bool = False) -> dict[str, Any]:
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
    if any_version:
        return spec
    if spec.get("version") != VERSION:
        raise StoreError(
            f"{store}: store version {spec.get('version')}, but only {VERSION} is read:"
            " run the sweep again with --fresh"
        )
    if lacking := sorted(NEEDED - spec.keys()):
        raise StoreError(f"{store / SPEC} is damaged: it has no {lacking[0]!r}")
    return spec


def read_parts(store: Path, *, rows: bool = True) -> Iterator[Part]:
    """The finished parts of a sweep, one at a time and in order.

    Without `rows` only what there is per cell is read, which is little.

    Raises
    ------
    StoreError
        Naming a part that is damaged or of another sweep.
    """
    spec = read_spec(store)
    bounds = Bounds.of(spec, store)
    for path in finished(store):
        number = part_number(path)
        if number >= bounds.chunks:
            raise StoreError(f"{path} is no part of this sweep: delete it")
        if word := bounds.fault(store, number):
            raise StoreError(f"{path} {word}: run the sweep again to replace it")
        try:
            yield read_part(path, spec["schema"], rows=rows)
        except (OSError, ValueError, KeyError) as error:  # pyarrow's are of these kinds
            raise StoreError(
                f"{path} cannot be read: delete it and run the sweep again to replace it"
                f" ({str(error).partition(chr(10))[0]})"
            ) from None


def finished(store: Path) -> list[Path]:
    """The files of finished chunks, in order."""
    return sorted((p for p in store.iterdir() if part_number(p) >= 0), key=part_number)


@final
@dataclass(frozen=True)
class Bounds:
    """How a stored sweep is cut into chunks, which needs no game."""

    plan: str
    cells: int
    chunk: int

    @classmethod
    def of(cls, spec: dict[str, Any], store: Path) -> Bounds:
        """Those of a store whose ``sweep.json`` has been read."""
        try:
            return cls(spec["hash"], cells(restore(spec["plan"], store)), spec["plan"]["chunk"])
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"{store / SPEC} is damaged: {error!r}") from None

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.cells // self.chunk)

    def of_chunk(self, number: int) -> tuple[int, int]:
        """First cell of a chunk and the one after its last."""
        return number * self.chunk, min((number + 1) * self.chunk, self.cells)

    def fault(self, store: Path, number: int) -> str | None:
        """What is wrong with the part of a chunk, in words; None for nothing."""
        start, stop = self.of_chunk(number)
        return fault(part_path(store, number), self.plan, start, stop - start)
