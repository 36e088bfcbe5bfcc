"""Linear programs that share their structure, by HiGHS; the only import of highspy.

A batch is solved in blocks of consecutive programs. Inside a block each starts from the optimal
basis of the one before it, which is near if the coefficients vary along the batch; blocks are the
same whatever the number of threads, and so are the answers.

References
----------
Q. Huangfu, J. A. J. Hall (2018), Parallelizing the dual revised simplex method, Math. Programming
Computation 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver._threads import over_ranges
from solver.errors import ConceptError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Programs that are solved one after the other, each from the basis of the last.
BLOCK = 64
#: The tightest that HiGHS allows, for infeasibilities and for entries that count as zero.
FEASIBLE, ZERO = 1e-10, 1e-12


@final
@dataclass(frozen=True, eq=False)
class LinearPrograms:
    """Minimise ``cost @ z`` over ``row_low <= M z <= row_high`` and ``z >= low``; M varies.

    Parameters
    ----------
    cost, low : (n,)
    row_low, row_high : (m,)
    start : (n + 1,)
        Where each column of M begins among its entries.
    row : (entries,)
        The row of each entry, column by column.
    """

    cost: Floats
    low: Floats
    row_low: Floats
    row_high: Floats
    start: Integers
    row: Integers

    def solve(self, entries: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Optimal points (G, n), multipliers of the rows (G, m), and which G were solved.

        ``entries`` (G, entries) are those of M.

        Raises
        ------
        ConceptError
            Where highspy is not installed.
        """
        highspy = _highspy()
        games = len(entries)
        points = np.zeros((games, len(self.cost)))
        multipliers = np.zeros((games, len(self.row_low)))
        solved = np.zeros(games, np.bool_)
        optimal = highspy.HighsModelStatus.kOptimal

        def blocks(low: int, high: int) -> None:
            for block in range(low, high):
                solver, basis = _solver(highspy), None
                for g in range(block * BLOCK, min((block + 1) * BLOCK, games)):
                    solver.passModel(self._model(highspy, entries[g]))
                    if basis is not None:
                        solver.setBasis(basis)
                    solver.run()
                    if basis is not None and solver.getModelStatus() != optimal:
                        solver.clearSolver()  # a bad start may lead to nowhere
                        solver.run()
                    solved[g] = solver.getModelStatus() == optimal
                    basis = solver.getBasis() if solved[g] else None
                    if solved[g]:
                        solution = solver.getSolution()
                        points[g], multipliers[g] = solution.col_value, solution.row_dual

        over_ranges(-(-games // BLOCK), 1, blocks)
        return points, multipliers, solved

    def _model(self, highspy: Any, entries: Floats) -> Any:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.row_low)
        model.col_cost_, model.col_lower_ = self.cost, self.low
        model.col_upper_ = np.full(len(self.cost), highspy.kHighsInf)
        model.row_lower_, model.row_upper_ = self.row_low, self.row_high
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = self.start
        model.a_matrix_.index_ = self.row
        model.a_matrix_.value_ = entries
        return model


def _highspy() -> Any:
    try:
        return import_module("highspy")
    except ImportError:
        raise ConceptError(
            "linear programs need highspy, which is not installed: pip install coopet[programs]"
        ) from None


def _solver(highspy: Any) -> Any:
    solver = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "primal_feasibility_tolerance": FEASIBLE,
        "dual_feasibility_tolerance": FEASIBLE,
        "small_matrix_value": ZERO,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver
