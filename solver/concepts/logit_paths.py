"""Logit equilibria of normal forms along the principal branch: at many precisions, or as a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._logit_normal import SHORT, Codes, Stacked, assemble, certify, number, trace
from solver.equilibria import Equilibria, Status
from solver.errors import ParameterError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.logit_listing import list_logit
from solver.parameters import as_floats


def logit_grid(
    form: NormalForm, precisions: ArrayLike, *, tol: float = 1e-9, max_steps: int = 5_000
) -> Equilibria:
    """Logit equilibria at many precisions, each found from the one before.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
    precisions : array-like (P,) or (*B, P), or what broadcasts to that
        Per unit of payoff, in any order.
    tol, max_steps : optional
        As of ``Tracing``; the steps are those to all precisions of a game together.

    Returns
    -------
    Equilibria
        Over the batch (*B, P), each as `logit` gives it: the first point of the principal branch at
        that precision. A precision that is negative or not finite is INVALID_INPUT.

    Raises
    ------
    ConceptError
        For other forms, and for more than 500 actions in all.
    ParameterError
        For precisions that do not broadcast.

    Notes
    -----
    The branch is followed once, through all precisions in ascending order: one to three Newton
    corrections for each. `logit` has the algorithm and its limits.

    References
    ----------
    R. D. McKelvey, T. R. Palfrey (1995), Quantal response equilibria for normal form games, Games
    Econ. Behav. 10.

    Examples
    --------
    >>> game = NormalForm(payoffs=([[9, 0], [0, 1]], [[0, 1], [1, 0]]))
    >>> logit_grid(game, [0.0, 0.5, 1.0]).strategies[0][:, 0].round(3).tolist()
    [[0.5, 0.5], [0.831, 0.169], [0.894, 0.106]]
    """
    stacked = Stacked.of(form, "logit_grid")
    number("tol", tol, 0.0)
    given = np.atleast_1d(as_floats("precisions", precisions))
    shape = (*form.batch_shape, given.shape[-1])
    try:
        wanted = np.broadcast_to(given, shape).reshape(len(stacked.payoffs), shape[-1])
    except ValueError:
        raise ParameterError(
            f"precisions have shape {given.shape}, which does not broadcast to {shape}"
        ) from None
    order = np.argsort(wanted, axis=1, kind="stable")
    with np.errstate(all="ignore"):
        found = trace(stacked, np.take_along_axis(wanted, order, axis=1), max_steps)
        np.put_along_axis(found.rows, order[..., None], found.rows.copy(), axis=1)
        np.put_along_axis(found.proven, order, found.proven.copy(), axis=1)
        np.put_along_axis(found.status, order, found.status.copy(), axis=1)
        axis = len(form.batch_shape)
        payoffs = [
            np.broadcast_to(np.expand_dims(p, axis), shape + form.shape) for p in form.payoffs
        ]
        each = NormalForm(payoffs, form.players, form.actions)
        return assemble(each, stacked, found, wanted, tol)


@final
@dataclass(frozen=True, eq=False)
class LogitBranch:
    """Points of the principal branches of a batch of games. None of them is a Nash equilibrium.

    Attributes
    ----------
    form : NormalForm
    precisions : (*B, S) float
        Along the branch; they fall between turning points. NaN in empty slots.
    strategies : tuple of (*B, S, m_i) float
    turning_mask : (*B, S) bool
        Points where precision turns from rising to falling or back.
    monotone : (*B) bool
        Whether precision was seen to rise all the way; so there is one point at each.
    gap : (*B, S, N) float
        Largest distance of a probability from its logit response, recomputed.
    count : (*B) int
    status : (*B) int
        NOT_CONVERGED where the branch was lost, TRUNCATED where it has too many turning points;
        what there is of it is given.
    """

    form: NormalForm
    precisions: Floats
    strategies: tuple[Floats, ...]
    turning_mask: NDArray[np.bool_]
    monotone: NDArray[np.bool_]
    gap: Floats
    count: NDArray[np.int64]
    status: Codes


def logit_branch(
    form: NormalForm,
    *,
    up_to: float,
    points: int = 200,
    tol: float = 1e-7,
    max_steps: int = 20_000,
) -> LogitBranch:
    """The principal branch of logit equilibria, from uniform play to a precision.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
    up_to : float
        Precision, per unit of payoff, where the branch ends: at its first point there.
    points : int, optional
        Most points per game, from 8. There are fewer where the branch is short.
    tol, max_steps : optional
        Largest gap of a SOLVED branch; most steps along it.

    Returns
    -------
    LogitBranch
        Points lie denser where the branch bends; where it turns, the turning point is among them.

    Raises
    ------
    ConceptError
        For other forms, and for more than 500 actions in all.
    ParameterError
        For a precision, or a number of points, that is out of range.

    Notes
    -----
    As in `logit`, with short steps of arclength and a Newton correction at each point. A turning
    point is where the tangent has no part along precision; it is located by regula falsi. Two
    turning points between one step and the next are not seen. Where branches cross in games with
    symmetries it goes straight on; a crossing is no turning point.

    References
    ----------
    T. L. Turocy (2005), A dynamic homotopy interpretation of the logistic quantal response
    equilibrium correspondence, Games Econ. Behav. 51.

    Examples
    --------
    >>> game = NormalForm(payoffs=([[9, 0], [0, 1]], [[0, 1], [1, 0]]))
    >>> path = logit_branch(game, up_to=5.0)
    >>> bool(path.monotone), float(path.precisions[0]), float(np.nanmax(path.precisions))
    (True, 0.0, 5.0)
    """
    stacked = Stacked.of(form, "logit_branch")
    number("up_to", up_to, 0.0)
    number("tol", tol, 0.0)
    number("points", points, 8)
    games, slots = len(stacked.payoffs), int(points)
    precisions = np.full((games, slots), np.nan)
    rows = np.full((games, slots, stacked.width), np.nan)
    turning = np.zeros((games, slots), np.bool_)
    count, status = np.zeros(games, np.int64), np.zeros(games, np.int8)
    goals = np.full(games, float(up_to))

    def work(low: int, high: int) -> None:
        steps = (high - low) * 300.0 * stacked.step
        run(
            list_logit, steps, stacked.payoffs, stacked.sizes, goals, low, high, *SHORT, max_steps,
            precisions, rows, turning, count, status,
        )  # fmt: skip

    with np.errstate(all="ignore"):
        over_ranges(games, 8, work)
        full = np.arange(slots) < count[:, None]
        gap = np.full((games, slots, len(form.shape)), np.nan)
        owner = np.nonzero(full)[0]
        gap[full] = certify(stacked, rows[full], owner, precisions[full])[1]
        bad = ~(gap <= tol).all(axis=2) & full
    status[bad.any(axis=1) & (status == int(Status.SOLVED))] = Status.NOT_CONVERGED
    precisions[~full], rows[~full], turning[~full] = np.nan, np.nan, False
    shape = form.batch_shape
    ends = np.cumsum(form.shape)[:-1]
    return LogitBranch(
        form=form,
        precisions=precisions.reshape(*shape, slots),
        strategies=tuple(
            part.reshape(*shape, slots, part.shape[2]) for part in np.split(rows, ends, axis=2)
        ),
        turning_mask=turning.reshape(*shape, slots),
        monotone=(~turning.any(axis=1) & (status == int(Status.SOLVED))).reshape(shape),
        gap=gap.reshape(*shape, slots, len(form.shape)),
        count=count.reshape(shape),
        status=status.reshape(shape),
    )
