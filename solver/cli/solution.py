"""What an answer says about one of its equilibria: strategies, labels, index."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import NO_INDEX, Equilibria
from solver.forms.normal import NormalForm
from solver.selection.panel import Panel, panel

#: Equilibria that are printed for people.
MOST_SHOWN = 200
#: Columns of the selection panel that are said in words.
MARKS = (
    "pure", "strict", "quasi_strict", "undominated", "payoff_dominant", "risk_dominant",
    "welfare_maximal",
)  # fmt: skip


def has_panel(equilibria: Equilibria) -> bool:
    """Whether there are columns that tell the equilibria apart."""
    form = equilibria.form
    few = 0 < int(equilibria.count) <= MOST_SHOWN
    return equilibria.concept == "nash" and isinstance(form, NormalForm) and few


def labels(equilibria: Equilibria, k: int) -> list[str]:
    """What can be said for an equilibrium: strict, risk-dominant, ..."""
    columns = _panel(equilibria)
    return [name.replace("_", "-") for name in MARKS if getattr(columns, name)[k]]


@cache
def _panel(equilibria: Equilibria) -> Panel:
    return panel(equilibria)


def row(equilibria: Equilibria, k: int) -> list[Any]:
    """All strategies side by side; as strings like "1/3" where they are known exactly."""
    exact = equilibria.rows.exact
    row: list[Any] = equilibria.profiles[k].tolist() if exact is None else []
    return row if exact is None else list(map(str, exact.profiles[k]))


def strategies(equilibria: Equilibria, k: int) -> list[list[Any]]:
    """The row, player by player."""
    cells = iter(row(equilibria, k))
    return [[next(cells) for _ in names] for names in equilibria.form.actions]


@cache
def alone(equilibria: Equilibria) -> NDArray[np.bool_]:
    """Which equilibria of one game are a component by themselves."""
    component = np.asarray(equilibria.component)
    alone: NDArray[np.bool_] = np.bincount(component)[component] == 1
    return alone


def known(index: Any) -> int | None:
    """An index, or None where it was not computed."""
    return None if index == NO_INDEX else int(index)
