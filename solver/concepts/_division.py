"""What the bargaining concepts share: packing divisions as equilibria, and shares by weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._rows import SMALLEST_RANGE
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms._terms import column
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem
from solver.kernels.division import certify_shares, shares
from solver.kernels.division_of_two import divide_two

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Settings(Protocol):
    """A method of a bargaining concept."""

    name: ClassVar[str]

    @property
    def tol(self) -> float:
        """The largest gap of what is reported as solved."""


@final
@dataclass(frozen=True)
class ClosedForm:
    """The formula for transferable utility; ``tol`` bounds the gap of what is solved."""

    name: ClassVar[str] = "closed-form"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class OnFrontier:
    """Without transfers: the solution on the frontier, to ``tol`` of the payoffs at stake.

    Two players on straight lines: exact, line by line. Two players and a function: by bisection.
    More players: an interior-point method over prices (`solver.kernels.polar`).
    """

    name: ClassVar[str] = "frontier"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True, eq=False)
class Divisions:
    """Payoffs and gaps of the rows, and whose outside option binds, where the concept says so."""

    payoffs: Floats
    gaps: Floats
    binding: Mask | None = None

    def __call__(self, *_: object) -> tuple[Floats, Floats]:
        """The values of the rows."""
        return self.payoffs, self.gaps


def packed(  # noqa: PLR0913, PLR0917
    form: BargainingProblem | FrontierProblem,
    concept: str,
    method: Settings,
    measure: str,
    payoffs: Floats,
    gap: Floats,
    *,
    binding: Mask | None = None,
    unique: bool = True,
) -> Equilibria:
    """One division per problem: payoffs and relative gaps (G, N), `binding` likewise."""
    status = np.where((gap <= method.tol).all(axis=1), Status.SOLVED, Status.NOT_CONVERGED)
    status[~form.valid.ravel()] = Status.INVALID_INPUT
    status = status.astype(np.int8)
    return _equilibria(form, concept, method, measure, payoffs, gap, status, binding, unique=unique)


def several(  # noqa: PLR0913, PLR0917
    form: BargainingProblem | FrontierProblem,
    concept: str,
    method: Settings,
    measure: str,
    slots: Floats,
    gap: Floats,
    used: Mask,
) -> Equilibria:
    """Divisions (G, K, N) of which those `used` (G, K) count; more than one are a continuum."""
    valid = form.valid.ravel()
    used = used & valid[:, None]
    count = used.sum(axis=1)
    status = np.where(count > 1, Status.DEGENERATE, Status.SOLVED)
    status[(np.where(used[..., None], ~(gap <= method.tol), False)).any(axis=(1, 2))] = (
        Status.NOT_CONVERGED
    )
    status[~valid] = Status.INVALID_INPUT
    shape = form.batch_shape
    settled = (status == Status.SOLVED) | (status == Status.DEGENERATE)
    values = Divisions(slots[used], gap[used])
    return Equilibria(
        form=form,
        concept=concept,
        method=method.name,
        measure=measure,
        tol=method.tol,
        count=count.astype(np.int64).reshape(shape),
        status=status.astype(np.int8).reshape(shape),
        complete=settled.reshape(shape),
        rows=Rows(lambda: np.empty((len(values.payoffs), 0)), values),
    )


def by_weights(  # noqa: PLR0913, PLR0917
    form: BargainingProblem,
    concept: str,
    method: Settings,
    measure: str,
    base: tuple[Floats, ...],
    weights: tuple[Floats, ...],
    unused: tuple[str, ...] = ("discounts",),
) -> Equilibria:
    """Base payoffs and shares of the gains by weight; all arrays (G,) or (1,).

    `unused` names the entries that the kernels do not read, besides `breakdown`.
    """
    games, players = int(np.prod(form.batch_shape)), len(form.players)
    total = column(form.total, form.batch_shape)
    others = form.columns("outside")
    payoffs, gap = np.empty((games, players)), np.empty((games, players))
    status = np.empty(games, np.int8)

    def work(low: int, high: int) -> None:
        steps = (high - low) * 40.0 * players
        if players == 2:
            told = (total, *base, *weights, *others, method.tol, low, high)
            run(divide_two, steps, *told, payoffs, gap, status)
            return
        run(shares, steps, total, base, weights, low, high, payoffs)
        tables = total, base, weights, others, payoffs, method.tol, low, high
        run(certify_shares, steps, *tables, gap, status)

    over_ranges(games, SMALLEST_RANGE, work)
    unread = [*others, *(entry for name in unused for entry in form.columns(name)), form.risk]
    varies = any(np.size(entry) > 1 for entry in unread)
    if status.any() or varies or not form.alike.valid.all():
        status[~form.valid.ravel()] = Status.INVALID_INPUT
    return _equilibria(form, concept, method, measure, payoffs, gap, status, None, unique=True)


def _equilibria(  # noqa: PLR0913, PLR0917
    form: BargainingProblem | FrontierProblem,
    concept: str,
    method: Settings,
    measure: str,
    payoffs: Floats,
    gap: Floats,
    status: NDArray[np.int8],
    binding: Mask | None,
    *,
    unique: bool,
) -> Equilibria:
    shape = form.batch_shape
    valid = status != int(Status.INVALID_INPUT)
    if not valid.all():
        payoffs, gap = payoffs[valid], gap[valid]
        binding = None if binding is None else binding[valid]
    values: Any = Divisions(payoffs, gap, binding)
    solved = status == int(Status.SOLVED)
    return Equilibria(
        form=form,
        concept=concept,
        method=method.name,
        measure=measure,
        tol=method.tol,
        count=valid.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=(solved if unique else np.zeros_like(solved)).reshape(shape),
        rows=Rows(lambda: np.empty((len(payoffs), 0)), values),
    )


def stakes(form: BargainingProblem) -> Floats:
    """The largest payoff at stake (G, 1), at least the smallest float there is."""
    entries = (*form.columns("disagreement"), *form.columns("outside"))
    largest = np.broadcast_to(np.abs(form.total).ravel(), int(np.prod(form.batch_shape)))
    for entry in entries:
        largest = np.maximum(largest, np.abs(entry))
    return np.where(largest > 0.0, largest, 1.0)[:, None]


def spread(form: BargainingProblem, name: str) -> Floats:
    """The entries of all players side by side, (G, N)."""
    games = int(np.prod(form.batch_shape))
    return np.stack([np.broadcast_to(a, games) for a in form.columns(name)], axis=-1)


def require_pair(form: BargainingProblem | FrontierProblem, concept: str, what: str) -> None:
    """Raise ConceptError unless two players bargain."""
    if len(form.players) != 2:
        raise ConceptError(
            f"{concept} {what} is for two players, this problem has {len(form.players)}"
        )
