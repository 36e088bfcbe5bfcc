"""What tells the equilibria of a two-player game apart, as columns next to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._exact import exact_game
from solver.equilibria import Equilibria, Integers
from solver.errors import ConceptError
from solver.forms.normal import Floats, NormalForm
from solver.kernels.dominance import DOUBT, NO, YES, mark_undominated
from solver.kernels.selection import MARKS, compare_rows, mark_rows
from solver.selection._doubts import settled
from solver.selection.basins import Basins, basin_shares
from solver.selection.quantal import nearest_to_logit

Marks = NDArray[np.bool_]

#: Rows and games below which another thread is not worth its start.
SMALLEST = 2_000


@final
@dataclass(frozen=True, eq=False)
class Panel:
    """Columns (*B, K) next to the equilibria of `panel`; False and NaN in empty slots."""

    equilibria: Equilibria
    pure: Marks
    strict: Marks
    quasi_strict: Marks
    undominated: Marks
    payoff_dominant: Marks
    risk_dominant: Marks
    welfare_maximal: Marks
    logit_selected: Marks | None
    basin: Floats | None

    @property
    def index(self) -> Integers | None:
        """Index of the component; computed when it is read, which takes long with many ties."""
        return self.equilibria.index

    @property
    def component(self) -> Integers | None:
        """Which component of the set of equilibria each belongs to."""
        return self.equilibria.component


def panel(equilibria: Equilibria, *, logit: bool = False, basins: bool = False) -> Panel:
    """Tell apart the equilibria of two-player games.

    Parameters
    ----------
    equilibria : Equilibria
        What `nash` returned for a NormalForm over (*B).
    logit : bool
        Whether to follow the logit equilibria to their limit, for ``logit_selected``.
    basins : bool
        Whether to follow replicator dynamics, for ``basin``.

    Returns
    -------
    Panel of arrays (*B, K)
        ``pure``: both play one action. ``strict``: each is the only best response to the other.
        ``quasi_strict``: all best responses are played (Harsanyi 1973).
        ``undominated``: neither strategy is weakly dominated by another, pure or mixed; for two
        players this is trembling-hand perfection (van Damme 1991, theorem 3.2.2).

        ``payoff_dominant``: no other equilibrium gives either player more. Where one alone is, and
        gives both more than any other, it payoff-dominates them (Harsanyi and Selten 1988).
        ``welfare_maximal``: the sum of the payoffs is largest.
        ``risk_dominant``: strict, and risk-dominates every other strict equilibrium, pair by pair:
        in the 2×2 game between the two, the product of what the players lose by leaving it alone is
        larger. For 2×2 games this is risk dominance (Harsanyi and Selten 1988, §3.9); in
        larger ones they let players consider all actions, by the tracing procedure, which may
        decide otherwise. Pairs may run in circles or be equal: then there is none.

        ``index``, ``component``: those of the equilibria, NO_INDEX (-128) and -1 in empty slots.
        ``logit_selected``: the logit equilibrium that starts from uniform play, followed to a
        precision of 1,000 over the larger payoff range, is nearest to it, and within 0.05
        (McKelvey and Palfrey 1995); none is where the branch was lost, or leads to no corner of a
        component; None unless asked for. ``basin``: the share of starting points from which
        replicator dynamics lead there, zero unless it is strict; None unless asked for. See
        `basin_shares`.

    Raises
    ------
    ConceptError
        For equilibria of another concept, or of a tree; with `logit` for more than 500 actions,
        with `basins` for more than 400 cells.

    Notes
    -----
    Payoffs are compared among the equilibria that are listed. In a complete list that is enough:
    on a maximal Nash subset either payoff, and their sum, is largest at a corner. In TRUNCATED
    games there may be others. Ties are differences of at most 1e-12 of the payoff range, and of
    1e-10 where mixtures are compared, or dominate. Domination is decided by a linear program for
    each strategy, whose answer is bounded from both sides, in exact arithmetic where the bounds
    leave a doubt.

    All but three columns stay as they are under a positive affine map of either player's payoffs:
    ``welfare_maximal``, ``logit_selected`` and ``basin`` compare payoffs of the two players. The
    time is that of reading the equilibria, but for domination in games with ties.

    References
    ----------
    J. C. Harsanyi (1973), Oddness of the number of equilibrium points, Int. J. Game Theory 2.
    J. C. Harsanyi, R. Selten (1988), A General Theory of Equilibrium Selection in Games.
    E. van Damme (1991), Stability and Perfection of Nash Equilibria, 2nd edition.
    R. D. McKelvey, T. R. Palfrey (1995), Quantal response equilibria for normal form games, Games
    Econ. Behav. 10.

    Examples
    --------
    >>> from solver import nash
    >>> found = panel(nash(NormalForm([[[4, 0], [3, 2]], [[4, 3], [0, 2]]])))  # stag hunt
    >>> found.payoff_dominant.tolist(), found.risk_dominant.tolist()
    ([True, False, False], [False, True, False])
    """
    form = require_nash(equilibria, "panel")
    marks = _marks(form, equilibria)
    chosen = nearest_to_logit(form, equilibria) if logit else None
    kept = [equilibria.slotted(marks[:, k], empty=False) for k in range(MARKS)]
    pure, strict, quasi_strict, by_payoff, by_welfare, by_risk = kept
    return Panel(
        equilibria=equilibria,
        pure=pure,
        strict=strict,
        quasi_strict=quasi_strict,
        undominated=equilibria.slotted(undominated(form, equilibria), empty=False),
        payoff_dominant=by_payoff,
        risk_dominant=by_risk,
        welfare_maximal=by_welfare,
        logit_selected=None if chosen is None else equilibria.slotted(chosen, empty=False),
        basin=equilibria.slotted(basins_of(equilibria, basin_shares(form)), np.nan)
        if basins
        else None,
    )


def require_nash(equilibria: Equilibria, what: str) -> NormalForm:
    """The form of Nash equilibria of a normal form, or ConceptError for other answers."""
    form = equilibria.form
    if equilibria.concept != "nash" or not isinstance(form, NormalForm):
        raise ConceptError(
            f"{what} takes equilibria of nash of a normal form, not of"
            f" {equilibria.concept} of {'an' if form.kind[0] in 'aeiou' else 'a'} {form.kind} one"
        )
    return form


def _marks(form: NormalForm, equilibria: Equilibria) -> Marks:
    """What the payoffs tell about each row (E, MARKS)."""
    A, B = form.flat()
    profiles, owner = equilibria.profiles, equilibria.owner
    marks, worth = np.zeros((len(owner), MARKS), np.bool_), np.empty((len(owner), 3))
    cells = 2.0 * A[0].size if len(A) else 0.0

    def each(low: int, high: int) -> None:
        run(mark_rows, (high - low) * cells * 5, A, B, profiles, owner, low, high, marks, worth)

    over_ranges(len(owner), SMALLEST, each)
    first = np.concatenate([[0], np.cumsum(equilibria.count.ravel())])
    pairs = float(np.square(equilibria.count, dtype=np.float64).sum())

    def compare(low: int, high: int) -> None:
        run(compare_rows, 10.0 * pairs, A, B, profiles, first, low, high, worth, marks)

    over_ranges(len(A), SMALLEST, compare)
    return marks


def undominated(form: NormalForm, equilibria: Equilibria) -> Marks:
    """Whether neither strategy of each row (E,) is weakly dominated."""
    A, B = form.flat()
    profiles, owner = equilibria.profiles, equilibria.owner
    codes = np.empty((len(owner), 2), np.int8)
    steps = 10.0 * sum(form.shape) ** 3

    def work(low: int, high: int) -> None:
        run(mark_undominated, (high - low) * steps, A, B, profiles, owner, low, high, codes)

    over_ranges(len(owner), SMALLEST, work)
    for e, player in np.argwhere(codes == DOUBT).tolist():
        payoffs = np.asarray(exact_game(form, int(owner[e]))[player], object)
        own = np.split(profiles[e], [form.shape[0]])[player]
        table = payoffs.T if player else payoffs
        rows, columns = (list(range(size)) for size in table.shape)
        worse = settled(table, np.flatnonzero(own).tolist(), rows, columns, strict=False)
        codes[e, player] = YES if worse else NO
    free: Marks = (codes == NO).all(axis=1)
    return free


def basins_of(equilibria: Equilibria, found: Basins) -> Floats:
    """The basin of each row (E,), zero unless both play one action."""
    m, n = found.shares.shape[-2:]
    own, shares = equilibria.profiles, found.shares.reshape(-1, m, n)
    x, y = own[:, :m], own[:, m:]
    i, j = x.argmax(axis=1), y.argmax(axis=1)
    pure = (x.max(axis=1, initial=0.0) == 1.0) & (y.max(axis=1, initial=0.0) == 1.0)
    basin: Floats = np.where(pure, shares[equilibria.owner, i, j], 0.0)
    return basin
