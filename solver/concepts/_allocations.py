"""What the concepts of coalition games share: one allocation per game, packed as equilibria."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from solver.concepts._exact import as_floats
from solver.equilibria import Equilibria, ExactRows, Rows, Status
from solver.forms.coalition import CoalitionGame

Floats = NDArray[np.float64]
#: Status and allocation of a game in fractions.
Answer = tuple[Status, tuple[Fraction, ...] | None]

#: Games below which another thread is not worth its start, by the steps one takes.
STEPS_PER_THREAD = 2_000_000.0


def smallest_range(steps: float) -> int:
    """Games that are worth a thread, if one takes so many steps."""
    return max(1, int(STEPS_PER_THREAD / steps))


def allocated(  # noqa: PLR0913
    form: CoalitionGame,
    *,
    concept: str,
    method: str,
    measure: str,
    tol: float,
    payoffs: Floats,
    gaps: Floats,
    status: NDArray[np.int8],
    complete: NDArray[np.bool_] | None = None,
) -> Equilibria:
    """One row per game that has one: payoffs, gaps (G, N) and status (G,) of all games."""
    shape = form.batch_shape
    there = (status != Status.NONE_EXIST) & (status != Status.INVALID_INPUT)
    over = there & ~(gaps <= tol).all(axis=1)
    status = np.where(over, np.int8(Status.NOT_CONVERGED), status)
    settled = (status == Status.SOLVED) | (status == Status.NONE_EXIST)
    payoffs, gaps = payoffs[there], gaps[there]
    return Equilibria(
        form=form,
        concept=concept,
        method=method,
        measure=measure,
        tol=tol,
        count=there.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=(settled if complete is None else settled & complete).reshape(shape),
        rows=Rows(lambda: np.empty((len(payoffs), 0)), lambda *_: (payoffs, gaps)),
    )


def exact_worths(form: CoalitionGame) -> Iterator[list[Fraction] | None]:
    """The worths of each game as fractions; None where one is not finite."""
    if form.fractions is not None:
        yield list(form.fractions)
        return
    for worths in form.flat():
        yield [Fraction(v) for v in worths.tolist()] if np.isfinite(worths).all() else None


def exactly_allocated(
    form: CoalitionGame,
    *,
    concept: str,
    measure: str,
    answers: Sequence[Answer],
) -> Equilibria:
    """Fractions as a concept returns them: floats too, of which ``rows.exact`` is the truth."""
    shape, players = form.batch_shape, len(form.players)
    payoffs = tuple(row for _, row in answers if row is not None)
    found = np.array([row is not None for _, row in answers], np.int64)
    status = np.array([status for status, _ in answers], np.int8)
    values = as_floats(payoffs, players), np.zeros((len(payoffs), players))
    settled = (status == Status.SOLVED) | (status == Status.NONE_EXIST)
    return Equilibria(
        form=form,
        concept=concept,
        method="exact",
        measure=measure,
        tol=0.0,
        count=found.reshape(shape),
        status=status.reshape(shape),
        complete=settled.reshape(shape),
        rows=Rows(
            lambda: np.empty((len(payoffs), 0)),
            lambda *_: values,
            exact=ExactRows(tuple(() for _ in payoffs), payoffs),
        ),
    )
