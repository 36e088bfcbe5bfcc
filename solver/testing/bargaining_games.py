"""Hypothesis strategies for bargaining problems, with transfers and without."""

from __future__ import annotations

import numpy as np

from solver.errors import ParameterError
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem
from solver.testing._numbers import Shape, whole

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "solver.testing.bargaining_games needs hypothesis: pip install 'coopet[testing]'"
    ) from error

__all__ = ["bargaining_problems", "frontier_problems"]

#: Names of players.
_NAMES = ("A", "B", "C", "D", "E")


def bargaining_problems(
    *, players: tuple[int, int] = (2, 4), batch: Shape = (), gains: bool = False
) -> st.SearchStrategy[BargainingProblem]:
    """Draw problems with transferable utility.

    Parameters
    ----------
    players : (int, int)
        Least and most players.
    batch : tuple of int
        Batch shape.
    gains : bool
        Whether the surplus must exceed the disagreement payoffs.

    Notes
    -----
    Payoffs are whole numbers, so that ties and options that just bind are common; weights may be
    zero but for one player's.
    """
    _require(players)
    return st.integers(*players).flatmap(lambda n: _in_money(n, batch, gains=gains))


@st.composite
def _in_money(draw: st.DrawFn, n: int, batch: Shape, *, gains: bool) -> BargainingProblem:
    base, outside = draw(whole((n, *batch), -3, 5)), draw(whole((n, *batch), 0, 5))
    weights = draw(whole((n, *batch), 0, 3))
    weights[0] = np.maximum(weights[0], 1.0)
    surplus = draw(whole(batch, -2, 20))
    if gains:
        surplus = base.sum(axis=0) + np.abs(surplus) + 1.0
    discounts = draw(whole((n, *batch), 0, 9)) / 10.0
    return BargainingProblem(
        players=_NAMES[:n],
        surplus=surplus,
        disagreement=tuple(base),
        outside=tuple(outside),
        weights=tuple(weights),
        discounts=tuple(discounts),
        breakdown=draw(st.sampled_from([0.0, 0.0, 0.1])),
    )


@st.composite
def frontier_problems(draw: st.DrawFn, *, points: int = 6, batch: Shape = ()) -> FrontierProblem:
    """Draw problems of two players below straight lines, with positive weights.

    Points are whole numbers: many lie below others, on lines between them, or twice. The first
    gives both players more than they have without an agreement.
    """
    m = draw(st.integers(1, points))
    vertices = draw(whole((*batch, m, 2), -2, 6))
    vertices[..., 0, :] = np.abs(vertices[..., 0, :]) + 1.0
    weights = draw(whole((2, *batch), 1, 3))
    return FrontierProblem(players=_NAMES[:2], vertices=vertices, weights=tuple(weights))


def _require(players: tuple[int, int]) -> None:
    low, high = players
    if not 2 <= low <= high <= len(_NAMES):
        raise ParameterError(f"players = {players} is not a range within 2 to {len(_NAMES)}")
