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
from solver.kernels.basins import basins_of_two
from solver.kernels.replicator import basins_of_many

#: Games below which another thread is not worth its start.
SMALLEST = 100
#: A share of points that may arrive late, or not be settled in the end.
LITTLE = 1e-3
#: Most cells of a game, and most starting points: beyond, a game takes seconds.
MOST_CELLS, MOST_STARTS = 400, 1_000_000


class Basins(NamedTuple):
    """Answers of `basin_shares`.

    ``shares`` (*B, m, n) of each pure profile; ``elsewhere`` (*B): of the starting points that lead
    to no strict equilibrium, so into cycles or to mixtures; together they are one. ``status`` (*B):
    SOLVED, NOT_CONVERGED where more than a thousandth of the points were not settled in the longest
    time, and counted as elsewhere, or INVALID_INPUT, with zeros.
    """

    shares: Floats
    elsewhere: Floats
    status: NDArray[np.int8]


def basin_shares(
    form: NormalForm, *, starts: int = 512, time: float = 100.0, seed: int = 0
) -> Basins:
    """Shares of starting points from which each pure equilibrium is reached by two populations.

    Parameters
    ----------
    form : NormalForm over (*B)
        Two players; payoffs are growth rates.
    starts : int
        Points that are followed, in other than 2×2 games.
    time : float
        How long paths are followed at first, in units of one over the smaller payoff range of the
        players. They are followed as long again, and then twice as long up to five times, until
        all have arrived or those that have not stay where they are.
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
    indifferent at a pure strategy of the other, are followed from uniform random points; a share
    has a standard error of at most ``0.5 / sqrt(starts)``. Where no equilibrium is strict nothing
    needs to be followed.

    Paths are followed by the leapfrog method in logarithms of the probabilities, in steps as long
    as play changes little. One has arrived at a strict equilibrium when, for all odds of other
    actions that are at most what they are now, both actions are the best: then these odds fall for
    ever. The others are settled once no further path has arrived for as long as it took until then,
    and each has gone on moving in that time or is at rest in a Nash equilibrium, up to ties. The
    first is taken for a cycle; that is no proof. No interior state attracts its neighbourhood
    (Hofbauer and Sigmund 1998, §11.3), but whole regions may run in cycles around it. A game takes
    about as many microseconds as paths times a twentieth of its cells times the logarithm of what
    they take to arrive, and ten times as much where many paths run in cycles.

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
    shares, elsewhere = np.zeros((len(games[0]), *form.shape)), np.zeros(len(games[0]))
    with np.errstate(all="ignore"):
        spreads = [U.max(axis=(1, 2)) - U.min(axis=(1, 2)) for U in games]
    valid: NDArray[np.bool_] = np.isfinite(spreads[0]) & np.isfinite(spreads[1])
    followed = valid & _by_quadrature(games, shares, elsewhere) if form.shape == (2, 2) else valid
    generator = np.random.default_rng(seed)
    points = np.concatenate([generator.dirichlet(np.ones(m), starts) for m in form.shape], axis=1)
    unsettled = _by_steps(games, np.flatnonzero(followed), points, time, shares, elsewhere)
    shares[~valid] = elsewhere[~valid] = 0.0
    status = np.where(valid, int(Status.SOLVED), int(Status.INVALID_INPUT)).astype(np.int8)
    status[unsettled] = Status.NOT_CONVERGED
    at = form.batch_shape
    return Basins(shares.reshape(*at, *form.shape), elsewhere.reshape(at), status.reshape(at))


def _by_quadrature(
    games: tuple[Floats, ...], shares: Floats, elsewhere: Floats
) -> NDArray[np.bool_]:
    """Write the shares of 2×2 games; return those that have to be followed."""
    hard = np.zeros(len(elsewhere), np.bool_)

    def work(low: int, high: int) -> None:
        run(basins_of_two, 2e4 * (high - low), *games, low, high, shares, hard)

    over_ranges(len(elsewhere), SMALLEST, work)
    elsewhere[:] = 1.0 - shares.sum(axis=(1, 2))
    return hard


def _by_steps(  # noqa: PLR0913, PLR0917
    games: tuple[Floats, ...],
    followed: NDArray[np.intp],
    points: Floats,
    time: float,
    shares: Floats,
    elsewhere: Floats,
) -> NDArray[np.bool_]:
    """Write the shares of the games named, from their paths; return those that are not settled."""
    unsettled = np.zeros(len(elsewhere), np.bool_)
    logs = np.log(np.maximum(points, np.finfo(np.float64).tiny))
    effort = 300.0 * len(points) * shares[0].size if len(shares) else 0.0

    def work(low: int, high: int) -> None:
        run(
            basins_of_many, effort * (high - low), *games, followed, logs, low, high, time, LITTLE,
            shares, elsewhere, unsettled,
        )  # fmt: skip

    over_ranges(len(followed), 1, work)
    return unsettled


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
