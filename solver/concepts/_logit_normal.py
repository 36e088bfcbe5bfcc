"""Logit equilibria of normal forms: what the kernels need, on all threads."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError, ParameterError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.logit_games import responses, trace_logit

Codes = NDArray[np.int8]

#: What the gaps measure.
MEASURE = "distance from the logit response"
#: Most actions of all players: a step solves as many linear equations.
MOST_ACTIONS = 500
#: Corrections aimed at, and how much longer a step may be than the last: usually, and again.
LONG, SHORT = (0.08, 2.0), (0.004, 1.15)
#: Games below which another thread is not worth its start.
SMALLEST_RANGE = 256


@final
@dataclass(frozen=True, eq=False)
class Stacked:
    """The games of a form as the kernels take them: payoffs (G, N, C), sizes (N,)."""

    payoffs: Floats
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, form: NormalForm, concept: str) -> Stacked:
        """Stack the payoffs of the players, or raise ConceptError for too many actions."""
        if not isinstance(form, NormalForm):
            raise ConceptError(f"{concept} takes a NormalForm, got {type(form).__name__}")
        width = sum(form.shape)
        if width > MOST_ACTIONS:
            raise ConceptError(
                f"{concept}: {width} actions over all players, at most {MOST_ACTIONS}"
            )
        cells = prod(form.shape)
        parts = [p.reshape(-1, cells) for p in form.flat()]
        return cls(np.stack(parts, axis=1), np.array(form.shape, np.int64))

    @property
    def width(self) -> int:
        """Number of actions of all players."""
        return int(self.sizes.sum())

    @property
    def step(self) -> float:
        """Elementary steps of one correction."""
        _, players, cells = self.payoffs.shape
        return float(players**2 * cells + self.width**3 / 3.0 + 10.0 * self.width + 50.0)

    def only(self, games: NDArray[np.intp]) -> Stacked:
        """Some of the games."""
        return Stacked(self.payoffs[games], self.sizes)


@final
@dataclass(frozen=True, eq=False)
class Found:
    """Equilibria at each target of each game.

    ``rows`` (G, P, W) probabilities, ``proven`` (G, P) whether there is no other, ``status`` (G, P)
    before certification.
    """

    rows: Floats
    proven: NDArray[np.bool_]
    status: Codes


def number(name: str, value: Any, least: float) -> None:
    """Raise ParameterError unless the value is a finite number of at least so much."""
    if not (isinstance(value, int | float | np.number) and least <= value < np.inf):
        raise ParameterError(f"{name} = {value!r} lies outside [{least:g}, inf)")


def trace(stacked: Stacked, targets: Floats, max_steps: int) -> Found:
    """Follow the branch of every game to each of its targets (G, P), which ascend.

    Where it is lost, once more in short steps: a long one may have jumped over a fold.
    """
    found = _follow(stacked, targets, max_steps, LONG)
    lost = np.flatnonzero((found.status == int(Status.NOT_CONVERGED)).any(axis=1))
    if lost.size:
        again = _follow(stacked.only(lost), targets[lost], max_steps, SHORT)
        better = (again.status == 0).sum(axis=1) > (found.status[lost] == 0).sum(axis=1)
        found.rows[lost[better]] = again.rows[better]
        found.status[lost[better]] = again.status[better]
    return found


def _follow(stacked: Stacked, targets: Floats, most: int, pace: tuple[float, float]) -> Found:
    games, points = targets.shape
    targets = np.ascontiguousarray(targets)
    found = Found(
        np.empty((games, points, stacked.width)),
        np.empty((games, points), np.bool_),
        np.empty((games, points), np.int8),
    )
    effort = (4.0 + 2.0 * points) * stacked.step

    def work(low: int, high: int) -> None:
        run(
            trace_logit, (high - low) * effort, stacked.payoffs, stacked.sizes, targets, low, high,
            *pace, most, found.rows, found.proven, found.status,
        )  # fmt: skip

    over_ranges(games, SMALLEST_RANGE, work)
    return found


def certify(
    stacked: Stacked, profiles: Floats, owner: NDArray[np.intp], precisions: Floats
) -> tuple[Floats, Floats]:
    """Payoffs and distances from the logit response (E, N) of profiles (E, W)."""
    shape = len(profiles), len(stacked.sizes)
    values, gaps = np.empty(shape), np.empty(shape)
    effort = 2.0 * shape[1] ** 2 * stacked.payoffs.shape[2] + 10.0 * stacked.width

    def work(low: int, high: int) -> None:
        run(
            responses, (high - low) * effort, stacked.payoffs, stacked.sizes, profiles, owner,
            precisions, low, high, values, gaps,
        )  # fmt: skip

    over_ranges(len(profiles), 4 * SMALLEST_RANGE, work)
    return values, gaps


def assemble(
    form: NormalForm, stacked: Stacked, found: Found, precisions: Floats, tol: float
) -> Equilibria:
    """Certify what was found at precisions (G, P); `form` has a batch element for each."""
    points = precisions.shape[1]
    status, proven = found.status.ravel(), found.proven.ravel()
    valid = status != int(Status.INVALID_INPUT)
    rows = found.rows.reshape(len(status), stacked.width)
    owner = np.arange(len(status)) // max(points, 1)
    lambdas = np.ascontiguousarray(precisions).ravel()
    if not valid.all():
        rows, owner, lambdas = rows[valid], owner[valid], lambdas[valid]
    values, gaps = certify(stacked, rows, owner, lambdas)
    bad = ~(gaps <= tol).all(axis=1)
    status[np.flatnonzero(valid)[bad]] = Status.NOT_CONVERGED
    proven &= status == int(Status.SOLVED)
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="logit",
        method="tracing",
        measure=MEASURE,
        tol=tol,
        count=valid.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=proven.reshape(shape),
        rows=Rows(lambda: rows, lambda _rows, _owner: (values, gaps)),
    )
