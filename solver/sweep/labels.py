"""Regime labels of a game at any points of its axes: what thresholds are searched with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import Concept, Method
from solver.equilibria import Status
from solver.game import Game
from solver.sweep.cells import Cells, evaluate

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Points evaluated at once.
MOST_POINTS = 65_536


@final
class Labeller:
    """Evaluates a game at points and numbers the regimes it meets.

    ``names`` lists the regimes by number; ``evaluations`` counts points, ``unsettled`` those whose
    answer was not certified.
    """

    def __init__(
        self, game: Game, concept: Concept, method: Method, fixed: Mapping[str, float]
    ) -> None:
        self.game = game
        self.concept = concept
        self.method = method
        self.fixed = dict(fixed)
        self.names: list[str] = []
        self.evaluations = 0
        self.unsettled = 0

    def __call__(self, points: Mapping[str, Floats]) -> Codes:
        """The number of the regime at each of the points, given as one array per axis."""
        size = len(next(iter(points.values())))
        codes = np.empty(size, np.int64)
        for start in range(0, size, MOST_POINTS):
            chunk = slice(start, start + MOST_POINTS)
            codes[chunk] = self._codes(self.cells({k: v[chunk] for k, v in points.items()}))
        return codes

    def cells(self, points: Mapping[str, Floats]) -> Cells:
        """All there is to know at some points."""
        bound = self.game.bind(**{**self.fixed, **points})
        return evaluate(self.game, bound, self.concept, self.method)

    def _codes(self, cells: Cells) -> Codes:
        self.evaluations += cells.regime.size
        settled = [status for status in Status if status.settled]
        self.unsettled += int((~np.isin(cells.equilibria.status, settled)).sum())
        present = np.unique(cells.regime)
        number = np.zeros(len(cells.labels), np.int64)
        for code in present.tolist():
            name = cells.labels[code]
            if name not in self.names:
                self.names.append(name)
            number[code] = self.names.index(name)
        found: Codes = number[cells.regime]
        return found
