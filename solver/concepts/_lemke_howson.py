"""One equilibrium of two-player games, or those that Lemke and Howson's paths lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import ClassVar, final

import numpy as np

from solver._jit import Kernel, run
from solver._threads import over_ranges
from solver.concepts._rows import SMALLEST_RANGE, Outcome, gather, joined, regrets
from solver.equilibria import Equilibria, Integers, Rows
from solver.errors import ConceptError, ParameterError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.lemke_howson import ANY, follow_all_labels, solve_lemke_howson
from solver.kernels.one_of_nine import solve_one_of_three_by_three
from solver.kernels.path_lanes import LANES, NARROW, solve_side_by_side

#: Most pivots that may be asked for: hours of them.
MOST = 10**12
#: Pivots of a random game up to which threads are shared out.
USUAL = 20
#: A tolerance that any number meets.
NO_TOL = np.inf


@final
@dataclass(frozen=True)
class LemkeHowson:
    """One equilibrium per game, by complementary pivoting (Lemke and Howson 1964).

    ``label`` is the one that is dropped, 0 to m-1 for the rows and m to m+n-1 for the columns: the
    path from there alone is followed, to its end. With None, the fast choice, a pure equilibrium is
    taken if there is one, as a path of two pivots leads to it; otherwise the labels are tried in
    turn, the first time with few pivots each and then with more (Codenotti, De Rossi and Pagan
    2008). 3×3 games without ties are then solved by supports, which takes less time than a path;
    many games of up to 16 actions are solved side by side. ``max_pivots`` bounds the pivots
    per game, but for up to 100 spent side by side; ``tol`` the regret, relative to the range.
    """

    name: ClassVar[str] = "lemke-howson"
    label: int | None = None
    tol: float = 1e-9
    max_pivots: int = 100_000

    def __post_init__(self) -> None:
        """Refuse what is no label, tolerance or number of pivots."""
        if self.label is not None and not (_whole(self.label) and self.label >= 0):
            raise ParameterError(
                f"label = {self.label!r} is no whole number of at least 0, or None"
            )
        _check_limits(self.tol, self.max_pivots)


@final
@dataclass(frozen=True)
class AllLabels:
    """The equilibria that paths lead to: from nothing played, and on from each one found.

    Each path drops a label. The equilibria that no path leads to are missed (Shapley 1974).
    ``max_pivots`` bounds the pivots per game, of all paths together.
    """

    name: ClassVar[str] = "lemke-howson-all"
    tol: float = 1e-9
    max_pivots: int = 1_000_000

    def __post_init__(self) -> None:
        """Refuse what is no tolerance or number of pivots."""
        _check_limits(self.tol, self.max_pivots)


def solve_by_paths(form: NormalForm, method: LemkeHowson | AllLabels) -> Equilibria:
    """One equilibrium per game, or all that paths lead to; never ``complete``.

    SOLVED: every one is certified, and every path ended; NOT_CONVERGED: no path did within the
    limits, or rounding spoiled what is at its end; TRUNCATED: some paths did not end, and more
    equilibria may be at the end of those.
    """
    outcome = Outcome.of(prod(form.batch_shape))
    solve = _one if isinstance(method, LemkeHowson) else _all
    profiles = solve(form, method, outcome)  # type: ignore[arg-type]
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="nash",
        method=method.name,
        measure="regret",
        tol=method.tol,
        count=outcome.count.reshape(shape),
        status=outcome.status.reshape(shape),
        complete=outcome.complete.reshape(shape),
        rows=Rows(profiles, lambda rows, owner: regrets(form, rows, owner)),
    )


def path_lengths(form: NormalForm, max_pivots: int = 1_000_000) -> Integers:
    """Pivots of the Lemke–Howson path from nothing played, by the label that is dropped.

    Parameters
    ----------
    form : NormalForm with payoffs (*B, m, n)
    max_pivots : int, optional
        Most pivots per game, of all labels together.

    Returns
    -------
    (*B, m + n) int
        Labels 0 to m-1 are the rows, the others the columns. -1 where a path did not end, or a
        payoff is not finite.

    Raises
    ------
    ConceptError
        For another number of players.
    ParameterError
        For a limit that is no number of pivots.

    Notes
    -----
    Ties are broken lexicographically, so that no path runs in circles; where there are ties, the
    lengths are those of the slightly perturbed game. O(k (m + n)) steps per pivot, where k actions
    are played. Lengths grow exponentially in the worst case (Savani and von Stengel 2006).

    References
    ----------
    C. E. Lemke, J. T. Howson (1964), Equilibrium points of bimatrix games, J. SIAM 12.
    R. Savani, B. von Stengel (2006), Hard-to-solve bimatrix games, Econometrica 74.

    Examples
    --------
    >>> from solver import NormalForm
    >>> path_lengths(NormalForm([[[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]])).tolist()
    [2, 4, 3, 2, 4]
    """
    _two_players(form)
    _check_limits(0.0, max_pivots)
    A, B = form.flat()
    games, m, n = A.shape
    count, status = np.empty(games, np.int64), np.empty(games, np.int8)
    lengths = np.empty((games, m + n), np.int64)
    no_rows = np.empty((0, m + n))

    def work(low: int, high: int) -> None:
        steps = (high - low) * _effort(m, n) * (m + n)
        arrays = no_rows, count, status, lengths
        run(follow_all_labels, steps, A, B, low, high, NO_TOL, max_pivots, *arrays)

    over_ranges(games, _smallest(m, n), work)
    return lengths.reshape(*form.batch_shape, m + n)


def _one(form: NormalForm, method: LemkeHowson, outcome: Outcome) -> Callable[[], Floats]:
    _two_players(form)
    A, B = form.flat()
    m, n = form.shape
    label = ANY if method.label is None else int(method.label)
    if label >= m + n:
        raise ParameterError(
            f"label = {label} is none of the {m + n} of this game: 0 to {m + n - 1}"
        )
    pivots = np.empty(len(A), np.int64)

    solve, options = _kernel(len(A), m, n, label)

    def call(low: int, high: int, rows: Floats) -> tuple[int, int]:
        steps = (high - low) * _effort(m, n)
        found: tuple[int, int] = run(
            solve, steps, A, B, low, high, *options, method.tol, method.max_pivots,
            rows, outcome.count, outcome.status, pivots,
        )  # fmt: skip
        return found

    parts = gather(call, len(A), (m + n,), per_game=1.0, smallest=_smallest(m, n))
    return lambda: joined(parts, (m + n,))


def _all(form: NormalForm, method: AllLabels, outcome: Outcome) -> Callable[[], Floats]:
    _two_players(form)
    A, B = form.flat()
    m, n = form.shape
    lengths = np.empty((len(A), m + n), np.int64)

    def call(low: int, high: int, rows: Floats) -> tuple[int, int]:
        steps = (high - low) * _effort(m, n) * (m + n)
        found: tuple[int, int] = run(
            follow_all_labels, steps, A, B, low, high, method.tol, method.max_pivots,
            rows, outcome.count, outcome.status, lengths,
        )  # fmt: skip
        return found

    parts = gather(call, len(A), (m + n,), per_game=2.0, smallest=_smallest(m, n))
    return lambda: joined(parts, (m + n,))


def _kernel(games: int, m: int, n: int, label: int) -> tuple[Kernel, tuple[int, ...]]:
    """The kernel that is fastest, and the label that it takes."""
    if label == ANY and (m, n) == (3, 3):
        return solve_one_of_three_by_three, ()
    if label == ANY and max(m, n) <= NARROW and games >= LANES:
        return solve_side_by_side, ()
    return solve_lemke_howson, (label,)


def _effort(m: int, n: int) -> float:
    """Elementary steps of an ordinary path."""
    return 10.0 * m * n + USUAL * 10.0 * (m + n)


def _smallest(m: int, n: int) -> int:
    """Games below which another thread is not worth its start."""
    return min(SMALLEST_RANGE, 1 + int(1e6 / _effort(m, n)))


def _two_players(form: NormalForm) -> None:
    if len(form.players) != 2:
        raise ConceptError(
            f"Lemke and Howson's paths are for two players, this game has {len(form.players)}"
        )


def _check_limits(tol: float, max_pivots: int) -> None:
    if not tol >= 0.0:
        raise ParameterError(f"tol = {tol!r} is no number of at least 0")
    if not (_whole(max_pivots) and 1 <= max_pivots <= MOST):
        raise ParameterError(f"max_pivots = {max_pivots!r} is no whole number from 1 to {MOST}")


def _whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
