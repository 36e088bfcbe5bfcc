"""What the bargaining concepts share: packing a division of the surplus as equilibria."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.equilibria import Equilibria, Rows, Status
from solver.forms.bargaining import BargainingProblem

Floats = NDArray[np.float64]


def packed(  # noqa: PLR0913
    form: BargainingProblem,
    *,
    concept: str,
    method: str,
    measure: str,
    tol: float,
    division: tuple[Floats, Floats],
    gaps: tuple[Floats, Floats],
) -> Equilibria:
    """One division per problem, with gaps relative to the largest payoff at stake."""
    shape = form.batch_shape
    payoffs = _columns(division, shape)
    stakes = [
        abs(form.total),
        *(abs(a) for a in (*form.pair("disagreement"), *form.pair("outside"))),
    ]
    scale = np.max(np.stack(np.broadcast_arrays(*stakes)), axis=0).reshape(-1, 1)
    gap = np.abs(_columns(gaps, shape)) / np.where(scale > 0.0, scale, 1.0)
    valid = form.valid.ravel()
    certified = (gap <= tol).all(axis=1)
    status = np.where(certified, Status.SOLVED, Status.NOT_CONVERGED).astype(np.int8)
    status[~valid] = Status.INVALID_INPUT
    payoffs, gap = payoffs[valid], gap[valid]
    return Equilibria(
        form=form,
        concept=concept,
        method=method,
        measure=measure,
        tol=tol,
        count=valid.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=(status == Status.SOLVED).reshape(shape),
        rows=Rows(lambda: np.empty((len(payoffs), 0)), lambda _rows, _owner: (payoffs, gap)),
    )


def separately(
    total: Floats, alternatives: tuple[Floats, Floats], division: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """The division, or each player's alternative where the two are worth more apart."""
    first, second = alternatives
    apart = first + second > total
    return np.where(apart, first, division[0]), np.where(apart, second, division[1])


def _columns(pair: tuple[Floats, Floats], shape: tuple[int, ...]) -> Floats:
    return np.stack([np.broadcast_to(a, shape).ravel() for a in pair], axis=-1)
