"""The plan of a sweep: a game, fixed values, a design, a concept, and how it is cut into chunks.

Cells are numbered: in a grid in row-major order of the axes as given. A chunk is a range of cells;
the design says its parameter values from its number, so that no chunk stores them.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

from solver.concepts import default, find
from solver.concepts._concept import Concept, Method
from solver.errors import AxisError, ParameterError, unknown
from solver.game import Game
from solver.parameters import as_floats
from solver.sweep import added
from solver.sweep.cells import Cells, evaluate
from solver.sweep.design import Design
from solver.sweep.design import cells as number_of_cells
from solver.sweep.parts import KEEP

#: Cells per chunk: some seconds of work at most, some megabytes of answers.
CHUNK = 32_768
#: Cells of a sweep: more would fill any disk, and is a typing error.
MOST_CELLS = 10_000_000_000


@final
@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that determines the cells of a sweep."""

    game: Game
    design: Design
    fixed: Mapping[str, float]
    concept: Concept
    method: Method
    chunk: int = CHUNK
    add: tuple[str, ...] = ()
    keep: str = "all"

    @property
    def cells(self) -> int:
        """Number of cells."""
        return number_of_cells(self.design)

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.cells // self.chunk)

    def bounds(self, number: int) -> tuple[int, int]:
        """First cell of a chunk and the one after its last."""
        start = number * self.chunk
        return start, min(start + self.chunk, self.cells)

    def solve(self, number: int) -> Cells:
        """Evaluate one chunk."""
        return self.solve_cells(*self.bounds(number))

    def solve_cells(self, start: int, stop: int) -> Cells:
        """Evaluate a range of cells."""
        values: dict[str, Any] = {**self.fixed, **self.design.values(start, stop)}
        return evaluate(self.game, self.game.bind(**values), self.concept, self.method, self.add)

    def describe(self) -> dict[str, Any]:
        """The plan as plain data: two sweeps are the same if and only if this is."""
        return {
            "game": self.game.name,
            "game_digest": code_digest(self.game),
            "calibration_digest": calibration_digest(self.game),
            "concept": self.concept.name,
            "method": {"name": self.method.name, **asdict(self.method)},  # type: ignore[call-overload]
            **self.design.describe(),
            "parameters": {
                parameter.name: float(self.fixed.get(parameter.name, parameter.default))
                for parameter in self.game.parameters
                if parameter.name not in self.design.names
            },
            "chunk": self.chunk,
            **({"add": list(self.add)} if self.add else {}),
            **({"keep": self.keep} if self.keep != "all" else {}),
        }


def make(  # noqa: PLR0913
    game: Game,
    design: Design,
    fixed: Mapping[str, Any] | None = None,
    *,
    concept: str | Concept | None = None,
    method: Method | str | None = None,
    chunk: int = CHUNK,
    add: str | Iterable[str] = (),
    keep: str = "all",
) -> Plan:
    """Check a sweep before anything is computed or written.

    Raises
    ------
    AxisError, ParameterError
        For an unknown, repeated or doubly given parameter, or a value outside its interval.
    ConceptError
        When the concept or method does not apply to the game's form, or a set of columns to the
        answers of the concept.
    """
    if chunk < 1:
        raise AxisError(f"chunk = {chunk}: at least one cell per chunk is needed")
    if keep not in KEEP:
        raise AxisError(unknown("choice of what to keep", keep, KEEP))
    values = {name: as_floats(name, value) for name, value in (fixed or {}).items()}
    _check_names(game, design, values)
    sets = added.chosen(add)
    sample = {name: found[0] for name, found in design.values(0, 1).items()} | values
    form = game.form(game.bind(**sample))
    chosen = (
        concept if isinstance(concept, Concept) else find(concept) if concept else default(form)
    )
    how = chosen.method(form, method)
    cells = number_of_cells(design)
    if cells > MOST_CELLS:
        raise AxisError(f"a sweep of {cells:,} cells: at most {MOST_CELLS:,} are allowed")
    numbers = {name: float(value) for name, value in values.items()}
    made = Plan(game, design, numbers, chosen, how, chunk, sets, keep)
    if sets:  # what they need shows in one cell
        made.solve_cells(0, 1)
    return made


def _check_names(game: Game, design: Design, values: Mapping[str, Any]) -> None:
    """Each name is of a parameter and given once, and each axis within its interval."""
    names = design.names
    allowed = [parameter.name for parameter in game.parameters]
    for name in (*names, *values):
        if name not in allowed:
            raise ParameterError(unknown(f"parameter of game {game.name}", name, allowed))
    for name in names:
        if name in values:
            raise AxisError(f"{name} is both an axis and set to {values[name]:g}")
    for name, extremes in design.extremes().items():
        parameter = game.parameter(name)
        if parameter is not None:
            parameter.require(extremes)


def digest(data: object) -> str:
    """SHA-256 of plain data, independent of key order."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def code_digest(game: Game) -> str:
    """SHA-256 of the file that builds the game, so that a changed model is not resumed."""
    try:
        source = inspect.getsourcefile(game.build)
        return hashlib.sha256(Path(source or "").read_bytes()).hexdigest()
    except (OSError, TypeError):
        return "unknown"


def calibration_digest(game: Game) -> str:
    """SHA-256 of the defaults, ranges and sources of the game's parameters."""
    return digest([asdict(p) for p in game.parameters])
