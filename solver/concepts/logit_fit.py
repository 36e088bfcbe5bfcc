"""Fitting logit equilibria to observed play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import final

import numpy as np
from numpy.typing import ArrayLike

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._logit_normal import Codes, Stacked, certify, number
from solver.equilibria import Status
from solver.errors import ParameterError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.logit_listing import fit_to_counts
from solver.parameters import as_floats

#: Corrections aimed at, and how much longer a step may be than the last.
PACE = 0.01, 1.3
#: The branch is searched up to this precision times the largest payoff range.
FAR = 1_000.0


@final
@dataclass(frozen=True, eq=False)
class LogitFit:
    """The logit equilibria of the principal branch under which data are likeliest.

    Attributes
    ----------
    form : NormalForm
    precision : (*B) float
        Per unit of payoff. NaN where the input is invalid.
    strategies : tuple of (*B, m_i) float
        The equilibrium at that precision, not a Nash equilibrium.
    log_likelihood : (*B) float
        Sum of counts times logarithms of probabilities, without multinomial coefficients.
    gap : (*B, N) float
        Largest distance of a probability from its logit response, recomputed.
    status : (*B) int
        TRUNCATED where the end of what was searched is likeliest, so that the precision is a lower
        bound. DEGENERATE where all precisions are as likely; 0 is then given. NOT_CONVERGED where
        the branch was lost, or the certificate fails.
    """

    form: NormalForm
    precision: Floats
    strategies: tuple[Floats, ...]
    log_likelihood: Floats
    gap: Floats
    status: Codes


def fit_logit(
    form: NormalForm,
    counts: Sequence[ArrayLike],
    *,
    up_to: float | None = None,
    tol: float = 1e-9,
    max_steps: int = 20_000,
) -> LogitFit:
    """Maximum-likelihood precision of observed play, along the principal branch.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m_1, ..., m_N)
    counts : one array (*B, m_i) per player
        How often each action was seen; any weights of at least 0 will do. Batch axes of the game
        and of the counts broadcast: many data sets of one game, or each with a game of its own.
    up_to : float, optional
        Precision where the search ends; by default 1000 over the largest payoff range.
    tol, max_steps : optional
        Largest gap of what is SOLVED; most steps along the branch.

    Returns
    -------
    LogitFit

    Raises
    ------
    ConceptError
        For other forms, and for more than 500 actions in all.
    ParameterError
        For counts that do not fit the game, or a precision out of range.

    Notes
    -----
    The branch is followed by arclength from uniform play, through turning points, to its first
    point at `up_to`. Each time the log-likelihood goes from rising to falling along it, the maximum
    between the two steps is located by regula falsi on its derivative; the best of these, and of
    both ends, is given. A maximum and a minimum between one step and the next are not seen.

    References
    ----------
    R. D. McKelvey, T. R. Palfrey (1995), Quantal response equilibria for normal form games, Games
    Econ. Behav. 10.
    J. R. Bland, T. L. Turocy (2023), Quantal response equilibrium as a structural model for
    estimation: the missing manual.

    Examples
    --------
    Ochs (1995), asymmetric matching pennies, in the units of McKelvey and Palfrey:

    >>> game = NormalForm(payoffs=([[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]))
    >>> fit = fit_logit(game, [[67.456, 60.544], [46.848, 81.152]])
    >>> round(float(fit.precision), 3), round(float(fit.log_likelihood), 3)
    (1.846, -174.765)
    """
    stacked = Stacked.of(form, "fit_logit")
    number("tol", tol, 0.0)
    if up_to is not None:
        number("up_to", up_to, 0.0)
    data, shape = _joined(form, counts)
    games = prod(shape)
    index = np.arange(len(stacked.payoffs)).reshape(form.batch_shape)
    stacked = stacked.only(np.broadcast_to(index, shape).ravel())
    with np.errstate(all="ignore"):
        goals = np.full(games, np.inf if up_to is None else float(up_to))
        if up_to is None:
            spread = np.ptp(stacked.payoffs, axis=2).max(axis=1)
            goals = FAR / np.where(spread > 0.0, spread, 1.0)
        precision, likelihood = np.empty(games), np.empty(games)
        rows, status = np.empty((games, stacked.width)), np.empty(games, np.int8)

        def work(low: int, high: int) -> None:
            steps = (high - low) * 100.0 * stacked.step
            run(
                fit_to_counts, steps, stacked.payoffs, stacked.sizes, data, goals, low, high, *PACE,
                max_steps, precision, rows, likelihood, status,
            )  # fmt: skip

        over_ranges(games, 16, work)
        gap = certify(stacked, rows, np.arange(games), precision)[1]
    settled = np.isin(status, (Status.SOLVED, Status.DEGENERATE, Status.TRUNCATED))
    status[settled & ~(gap <= tol).all(axis=1)] = Status.NOT_CONVERGED
    parts = np.split(rows, np.cumsum(form.shape)[:-1], axis=1)
    return LogitFit(
        form=form,
        precision=precision.reshape(shape),
        strategies=tuple(part.reshape(*shape, part.shape[1]) for part in parts),
        log_likelihood=likelihood.reshape(shape),
        gap=gap.reshape(*shape, len(form.shape)),
        status=status.reshape(shape),
    )


def _joined(form: NormalForm, counts: Sequence[ArrayLike]) -> tuple[Floats, tuple[int, ...]]:
    """Counts (G, W) and the batch shape of games and data."""
    if len(counts) != len(form.shape):
        raise ParameterError(f"counts hold {len(counts)} arrays, the game has {len(form.shape)}")
    arrays = [np.atleast_1d(as_floats("counts", part)) for part in counts]
    for i, (array, m) in enumerate(zip(arrays, form.shape, strict=True)):
        if array.shape[-1] != m:
            raise ParameterError(f"counts[{i}] has shape {array.shape}: the last axis must be {m}")
    batches = [array.shape[:-1] for array in arrays]
    try:
        shape = np.broadcast_shapes(form.batch_shape, *batches)
    except ValueError:
        listed = " and ".join(map(str, batches))
        raise ParameterError(
            f"counts of shapes {listed} do not broadcast with games {form.batch_shape}"
        ) from None
    wide = [np.broadcast_to(array, shape + array.shape[-1:]) for array in arrays]
    return np.ascontiguousarray(np.concatenate(wide, axis=-1)).reshape(prod(shape), -1), shape
