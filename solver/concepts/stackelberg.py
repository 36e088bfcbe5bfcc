"""Commitment: a leader announces a strategy, a follower answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._concept import concept
from solver.concepts._matrix_games import (
    one_row_each,
    require_tolerance,
    require_two,
    smallest_range,
    transposed,
)
from solver.equilibria import Equilibria, Rows
from solver.errors import ParameterError
from solver.forms.normal import NormalForm
from solver.kernels.commitment import solve_commitment, solve_pure_commitment

Follower = Literal["strong", "weak"]


@final
@dataclass(frozen=True)
class Commitment:
    """Commitment to a mixture: a linear program for each reply of the follower.

    ``leader`` is 0 or 1. A ``follower`` that is indifferent picks the reply the leader likes best
    ("strong") or least ("weak"). ``tol`` bounds the gap of what is reported as solved.
    """

    name: ClassVar[str] = "commitment"
    leader: int = 0
    follower: Follower = "strong"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no player, no tie rule or no tolerance."""
        _require(self.leader, self.follower)
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class PureCommitment:
    """Commitment to an action, by trying all; ``leader``, ``follower`` and ``tol`` as before."""

    name: ClassVar[str] = "pure-commitment"
    leader: int = 0
    follower: Follower = "strong"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no player, no tie rule or no tolerance."""
        _require(self.leader, self.follower)
        require_tolerance(self.tol)


@concept("stackelberg", NormalForm, [Commitment, PureCommitment])
def stackelberg(form: NormalForm, method: Commitment | PureCommitment) -> Equilibria:
    """What a leader commits to, and the follower's answer.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
    method : Commitment or PureCommitment, optional
        Names the leader (0, the first player, by default) and what an indifferent follower does.

    Returns
    -------
    Equilibria
        One per game: the leader's mixture, the follower's reply (pure), and their payoffs. The
        follower's gap is its regret; the leader's is the most that any other commitment could
        bring, by weak duality, both relative to the range of the payoffs. ``complete`` where the
        commitment is proven to be the only best one; its value to the leader always is the best.
        With a weak follower the best value may only be approached: the status is then DEGENERATE,
        ``payoffs`` hold the supremum, and ``strategies`` the mixture in the limit, at which the
        follower is indifferent. SOLVED says that the mixture given attains it.

    Raises
    ------
    ConceptError
        For another number of players.

    Notes
    -----
    For each reply, the best mixture under which it is a best reply solves a linear program with a
    variable per row and a constraint per column (Conitzer and Sandholm 2006). They are solved by
    the simplex method from the side of the dual, and given up as soon as the dual shows that the
    reply is worth no more than the best one found. Against a strong follower the maximum exists
    and is at least what the leader gets in any Nash equilibrium; ties count from 1e-12 of the
    payoff range, so a reply that is a best one within that may be used. Against a weak one only
    replies count that are the only best ones, up to copies with the same payoffs to the follower,
    at some mixture (von Stengel and Zamir 2010). Pure commitment tries the m·n profiles. Several
    commitments may be best; one is given.

    References
    ----------
    V. Conitzer, T. Sandholm (2006), Computing the optimal strategy to commit to, ACM EC.
    B. von Stengel, S. Zamir (2010), Leadership games with convex strategy sets, GEB 69.
    H. von Stackelberg (1934), Marktform und Gleichgewicht.

    Examples
    --------
    >>> form = NormalForm(payoffs=([[2, 4], [1, 3]], [[1, 0], [0, 1]]))
    >>> eq = stackelberg(form)
    >>> eq.strategies[0].tolist(), eq.payoffs.tolist()
    ([[0.5, 0.5]], [[3.5, 0.5]])
    """
    require_two(form, "stackelberg")
    first, second = form.flat()
    A, B = first, second
    if method.leader == 1:
        A, B = transposed(second), transposed(first)
    games, m, n = A.shape
    profiles = np.empty((games, m + n))
    payoffs, gaps = np.empty((games, 2)), np.empty((games, 2))
    status, unique = np.empty(games, np.int8), np.empty(games, np.bool_)
    mixed = isinstance(method, Commitment)
    kernel = solve_commitment if mixed else solve_pure_commitment
    effort = 20.0 * m * n * (n * (m + n) if mixed else 1)

    def work(low: int, high: int) -> None:
        run(
            kernel, (high - low) * effort, A, B, method.follower == "weak", low, high, method.tol,
            profiles, payoffs, gaps, status, unique,
        )  # fmt: skip

    over_ranges(games, smallest_range(effort), work)
    if method.leader == 1:
        profiles = np.concatenate((profiles[:, m:], profiles[:, :m]), axis=1)
        payoffs, gaps = payoffs[:, ::-1], gaps[:, ::-1]
    return _equilibria(form, method, status, unique, one_row_each(status, profiles, payoffs, gaps))


def _equilibria(
    form: NormalForm,
    method: Commitment | PureCommitment,
    status: NDArray[np.int8],
    unique: NDArray[np.bool_],
    found: tuple[NDArray[np.int64], Rows],
) -> Equilibria:
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="stackelberg",
        method=method.name,
        measure="regret and optimality gap",
        tol=method.tol,
        count=found[0].reshape(shape),
        status=status.reshape(shape),
        complete=unique.reshape(shape),
        rows=found[1],
    )


def _require(leader: int, follower: str) -> None:
    if isinstance(leader, bool) or leader not in {0, 1}:
        raise ParameterError(f"leader = {leader!r} is no player: 0 and 1 are allowed")
    if follower not in {"strong", "weak"}:
        raise ParameterError(f"follower = {follower!r} is neither 'strong' nor 'weak'")
