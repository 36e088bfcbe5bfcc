"""From which share of starting points replicator dynamics reach each pure equilibrium."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.equilibria import Status
from solver.errors import ConceptError, ParameterError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.basins import STEP, basins_of_many, basins_of_two

#: Games below which another thread is not worth its start.
SMALLEST = 100
#: A rest of fewer points is none.
LITTLE = 1e-3
#: Most cells of a game, and most starting points: beyond, a game takes seconds.
MOST_CELLS, MOST_STARTS = 400, 1_000_000


class Basins(NamedTuple):
    """Answers of `basin_shares`.

    ``shares`` (*B, m, n) of each pure profile, ``rest`` (*B) of the starting points that reach none
    and ``status`` (*B): SOLVED, NOT_CONVERGED where the rest is more than a thousandth of points
    that were followed, or INVALID_INPUT, with zeros.
    """

    shares: Floats
    rest: Floats
    status: NDArray[np.int8]


def basin_shares(
    form: NormalForm, *, starts: int = 512, time: float = 300.0, seed: int = 0
) -> Basins:
    """Shares of starting points from which each pure equilibrium is reached by two populations.

    Parameters
    ----------
    form : NormalForm over (*B)
        Two players; payoffs are growth rates.
    starts : int
        Points that are followed, in other than 2×2 games.
    time : float
        How long, in units of one over the larger payoff range of the game.
    seed : int
        Of the points, which are the same for all games.

    Returns
    -------
    Basins
        Shares by volume in the product of the simplices. They are zero but for strict equilibria,
        which are what these dynamics are attracted by (Ritzberger and Weibull 1995).

    Raises
    ------
    ConceptError
        Unless there are two players with at most 400 cells.
    ParameterError
        For a number of points or a time that is none.

    Notes
    -----
    Replicator dynamics ``x' = x ((A y) - x A y)``, ``y' = y ((x B) - x B y)`` (Taylor 1979)
    conserve a function of the state in 2×2 games, so the border between two basins is known and its
    area comes from a quadrature, to 1e-9. Other games, and 2×2 games with a player who is
    indifferent at a pure strategy of the other, are followed from uniform random points by
    Runge-Kutta steps of order four, until the path is where it provably cannot leave a strict
    equilibrium; a share has a standard error of at most ``0.5 / sqrt(starts)``. In cycles, as in
    matching pennies, all is rest.

    Adding to payoffs changes nothing, nor does multiplying those of both players by one number;
    multiplying those of one makes that population learn faster, which moves the border.

    References
    ----------
    P. D. Taylor (1979), Evolutionarily stable strategies with two types of player, J. Applied
    Probability 16.
    K. Ritzberger, J. W. Weibull (1995), Evolutionary selection in normal-form games, Econometrica
    63.
    J. Hofbauer, K. Sigmund (1998), Evolutionary Games and Population Dynamics, ch. 10-11.

    Examples
    --------
    >>> basin_shares(NormalForm([[[2, 0], [0, 1]], [[2, 0], [0, 1]]])).shares.round(4).tolist()
    [[0.7364, 0.0], [0.0, 0.2636]]
    """
    _check(form, starts, time)
    games = form.flat()
    shares, rest = np.zeros((len(games[0]), *form.shape)), np.zeros(len(games[0]))
    with np.errstate(all="ignore"):
        spreads = [U.max(axis=(1, 2)) - U.min(axis=(1, 2)) for U in games]
    valid: NDArray[np.bool_] = np.isfinite(spreads[0]) & np.isfinite(spreads[1])
    followed = valid & _by_quadrature(games, shares, rest) if form.shape == (2, 2) else valid
    generator = np.random.default_rng(seed)
    points = np.concatenate([generator.dirichlet(np.ones(m), starts) for m in form.shape], axis=1)
    _by_steps(games, np.flatnonzero(followed), points, int(np.ceil(time / STEP)), shares, rest)
    shares[~valid] = rest[~valid] = 0.0
    status = np.where(valid, int(Status.SOLVED), int(Status.INVALID_INPUT)).astype(np.int8)
    status[followed & (rest > LITTLE)] = Status.NOT_CONVERGED
    shape = form.batch_shape
    return Basins(shares.reshape(*shape, *form.shape), rest.reshape(shape), status.reshape(shape))


def _by_quadrature(games: tuple[Floats, ...], shares: Floats, rest: Floats) -> NDArray[np.bool_]:
    """Write the shares of 2×2 games; return those that have to be followed."""
    hard = np.zeros(len(rest), np.bool_)

    def work(low: int, high: int) -> None:
        run(basins_of_two, 2e4 * (high - low), *games, low, high, shares, hard)

    over_ranges(len(rest), SMALLEST, work)
    rest[:] = 1.0 - shares.sum(axis=(1, 2))
    return hard


def _by_steps(  # noqa: PLR0913, PLR0917
    games: tuple[Floats, ...],
    followed: NDArray[np.intp],
    points: Floats,
    steps: int,
    shares: Floats,
    rest: Floats,
) -> None:
    """Write the shares of the games named, from their paths."""
    effort = 4000.0 * len(points) * shares[0].size if len(shares) else 0.0

    def work(low: int, high: int) -> None:
        run(
            basins_of_many, effort * (high - low), *games, followed, points, low, high, steps,
            shares, rest,
        )  # fmt: skip

    over_ranges(len(followed), 1, work)


def _check(form: NormalForm, starts: int, time: float) -> None:
    if not isinstance(form, NormalForm) or len(form.players) != 2:
        raise ConceptError("basin_shares takes normal forms of two players")
    if form.shape[0] * form.shape[1] > MOST_CELLS:
        raise ConceptError(
            f"basin_shares follows games of up to {MOST_CELLS} cells, this one has {form.shape}"
        )
    if not (isinstance(starts, int | np.integer) and 1 <= starts <= MOST_STARTS):
        raise ParameterError(f"starts = {starts!r} is no whole number from 1 to {MOST_STARTS}")
    if not 0.0 < time < np.inf:
        raise ParameterError(f"time = {time!r} is no positive number")
