"""The answers of one chunk as columns, the shape in which they are kept and labelled.

Per cell: count, status, complete, regime, outcomes. Per equilibrium: payoffs, gap, strategies and
the leader's action. Columns that were added are either. Nothing here knows what was solved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.sweep.cells import Cells

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Part:
    """Columns of the cells ``start ... start + n``.

    ``count``, ``status``, ``complete``, ``regime`` (n,) with ``labels``; ``outcomes`` (n,) each;
    ``payoff``, ``gap`` (E, N), ``profiles`` (E, m_1 + ... + m_N) and ``leader_action`` (E,) or
    None hold one row per equilibrium, in the order of the cells. Of the
    columns that were added, those ``per_slot`` have (E,) or (E, w), those ``per_cell`` (n,) or
    (n, w). Where `rows_kept` is False there is nothing per equilibrium, only its `count`.
    """

    start: int
    count: NDArray[np.int64]
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]
    regime: NDArray[np.int32]
    labels: tuple[str, ...]
    outcomes: dict[str, Floats]
    payoff: Floats
    gap: Floats
    profiles: Floats
    leader_action: Floats | None
    per_slot: dict[str, NDArray[Any]] = field(default_factory=dict)
    per_cell: dict[str, NDArray[Any]] = field(default_factory=dict)
    rows_kept: bool = True


#: What a sweep can keep of each cell.
KEEP = {
    "all": "answers of each cell and of each of its equilibria",
    "points": "answers of each cell only: no payoffs, gaps and strategies; small",
}


def without_rows(players: int) -> dict[str, Any]:
    """The columns of a `Part` that has nothing per equilibrium."""
    return {
        "payoff": np.empty((0, players)),
        "gap": np.empty((0, players)),
        "profiles": np.empty((0, 0)),
        "leader_action": None,
        "rows_kept": False,
    }


def from_cells(start: int, cells: Cells, keep: str = "all") -> Part:
    """Lay a solved chunk out as columns, of which `keep` says how many."""
    equilibria = cells.equilibria
    added = {name: column.rows(equilibria) for name, column in cells.columns.items()}
    return Part(
        start=start,
        count=equilibria.count.ravel(),
        status=equilibria.status.ravel(),
        complete=equilibria.complete.ravel(),
        regime=cells.regime.ravel(),
        labels=cells.labels,
        outcomes={name: value.ravel() for name, value in cells.outcomes.items()},
        per_cell={name: rows for name, rows in added.items() if not cells.columns[name].per_slot},
        **(_rows_of(cells, added) if keep == "all" else without_rows(len(equilibria.form.players))),
    )


def _rows_of(cells: Cells, added: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """What there is per equilibrium."""
    equilibria = cells.equilibria
    payoff, gap = equilibria.row_values
    return {
        "payoff": payoff,
        "gap": gap,
        "profiles": equilibria.profiles,
        "leader_action": equilibria.rows.leader_action,
        "per_slot": {name: rows for name, rows in added.items() if cells.columns[name].per_slot},
    }


def schema_of(cells: Cells, keep: str = "all") -> dict[str, Any]:
    """What a part does not say about itself: players, actions, outcomes, columns, measure."""
    equilibria = cells.equilibria
    return {
        "form": equilibria.form.kind,
        "players": list(equilibria.form.players),
        "actions": [list(names) for names in equilibria.form.actions],
        "outcomes": list(cells.outcomes),
        "leader_action": equilibria.rows.leader_action is not None,
        "keep": keep,
        "measure": equilibria.measure,
        "tol": equilibria.tol,
        "added": [column.describe(name) for name, column in cells.columns.items()],
    }
