"""What two players divide who can pay each other: the most together, after the contest A - B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._matrix_games import MatrixGames, matrix_games, smallest_range
from solver.equilibria import Status
from solver.forms.normal import Floats, NormalForm
from solver.kernels.duality import differences


@final
@dataclass(frozen=True, eq=False)
class Contest:
    """Every (A, B) as a common game and a zero-sum one, over the flattened batch.

    ``team`` (G,) is the most that both can earn together and ``place`` (G,) the flat number of the
    first profile that does; ``advantage`` (G,) is half the value of A - B, and ``found`` how that
    game was solved. ``status`` (G,) is that of the answer.
    """

    team: Floats
    place: NDArray[np.int64]
    advantage: Floats
    found: MatrixGames
    status: NDArray[np.int8]

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Games (G,) with an answer."""
        return np.asarray(self.status != int(Status.INVALID_INPUT))

    def rows(self) -> tuple[Floats, Floats]:
        """Payoffs and gaps (E, 2) of the valid games."""
        half, gap = 0.5 * self.team, self.found.gap[self.valid, None]
        payoffs = np.stack((half + self.advantage, half - self.advantage), axis=-1)
        return payoffs[self.valid], np.repeat(gap, 2, axis=1)


def contest(form: NormalForm, tol: float) -> Contest:
    """Split the games of two players and solve the zero-sum parts."""
    A, B = form.flat()
    games, m, n = A.shape
    team, base, place = np.empty(games), np.empty(games), np.empty(games, np.int64)
    D = np.empty_like(A)
    each = 10.0 * m * n

    def work(low: int, high: int) -> None:
        run(differences, (high - low) * each, A, B, low, high, team, place, base, D)

    over_ranges(games, smallest_range(each), work)
    D.flags.writeable = False
    found = matrix_games(D, tol)
    advantage = 0.5 * (base + found.value)
    status = found.status
    # The two halves of the largest payoffs would not overflow, their sum may.
    status[~(np.isfinite(team) & np.isfinite(advantage))] = Status.INVALID_INPUT
    return Contest(team, place, advantage, found, status)
