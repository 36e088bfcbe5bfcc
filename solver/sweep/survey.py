"""How far a stored sweep is and what of it can be relied on, read part by part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, final

import numpy as np

from solver.equilibria import Status
from solver.errors import StoreError
from solver.sweep.design import Design, restore
from solver.sweep.parquet import read_part
from solver.sweep.parts import Part
from solver.sweep.reductions import Summary
from solver.sweep.stored import Bounds, finished, part_number, part_path, read_spec

#: Cells that are shown of those not certified.
SHOWN = 5


@final
@dataclass
class Survey:
    """What a look at a store finds.

    ``missing`` are chunks not begun, ``faults`` files that will not do with what is wrong;
    ``partial`` counts ties of which not all equilibria may be given; ``examples`` are the first
    cells that are not settled.
    """

    spec: dict[str, Any]
    bounds: Bounds
    design: Design
    summary: Summary = field(default_factory=Summary)
    missing: list[int] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    status: Counter[str] = field(default_factory=Counter)
    partial: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    bytes: int = 0

    @property
    def finished(self) -> bool:
        """Whether every chunk is there and whole."""
        return not self.missing and not self.faults

    @property
    def not_settled(self) -> int:
        """Finished cells that are not certified or may not be complete."""
        return self.partial + sum(n for k, n in self.status.items() if not Status[k].settled)

    def take(self, part: Part) -> None:
        """Count the cells of one part."""
        self.summary.add(part)
        codes, counts = np.unique(part.status, return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            self.status[Status(code).name] += count
        ties = (part.status == Status.DEGENERATE) & ~part.complete
        self.partial += int(ties.sum())
        settled = [status for status in Status if status.settled]
        doubtful = np.flatnonzero(~np.isin(part.status, settled) | ties)
        for k in doubtful[: SHOWN - len(self.examples)].tolist():
            cell = part.start + k
            values = self.design.values(cell, cell + 1)
            self.examples.append(
                {
                    "cell": cell,
                    "status": Status(int(part.status[k])).name,
                    "parameters": {name: float(found[0]) for name, found in values.items()},
                }
            )


def survey(store: Path, *, outcomes: bool = False) -> Survey:
    """Look at every part of a sweep, whether it is finished or not.

    The moments of the outcomes within each regime are taken only if asked for.

    Raises
    ------
    StoreError
        When the path is no sweep, or its description is damaged. A damaged part is reported, and
        not raised.
    """
    spec = read_spec(store)
    bounds = Bounds.of(spec, store)
    found = Survey(spec, bounds, restore(spec["plan"], store))
    for number in range(bounds.chunks):
        path = part_path(store, number)
        if not path.exists():
            found.missing.append(number)
        elif word := bounds.fault(store, number):
            found.faults[path.name] = word
        else:
            try:
                found.take(read_part(path, spec["schema"], rows=False, answers=outcomes))
            except (OSError, ValueError, KeyError):
                found.faults[path.name] = (
                    "is damaged within: delete it, and the same command makes it again"
                )
    for path in finished(store):
        if part_number(path) >= bounds.chunks:
            found.faults[path.name] = "is no part of this sweep"
    try:
        found.bytes = sum(path.stat().st_size for path in store.iterdir() if path.is_file())
    except OSError as error:  # a file that goes while we look
        raise StoreError(f"{store} cannot be read: {error.strerror or error}") from None
    found.summary = found.summary.ordered()
    return found
