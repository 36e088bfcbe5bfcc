"""Optimal strategies of two-player zero-sum trees: by a linear program, and by learning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._sequence_matrix import ZeroSum, behavior_of, pattern, zero_sum
from solver.concepts._tree_values import tree_values, whole_block
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ParameterError
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.sequences import plans, sequence_forms
from solver.forms.tree import Tree
from solver.kernels.regret_matching import gaps, match_regrets
from solver.programs.linear import LinearPrograms

#: Shares of a plan below this are what rounding leaves of zero.
NOTHING = 1e-14
#: Elementary steps between two looks at the keyboard: about half a second.
STRETCH = 2e8
#: Most iterations that may be asked for.
MOST = 10**9


@final
@dataclass(frozen=True)
class LinearProgram:
    """Two-player zero-sum trees by one linear program over sequences (HiGHS).

    ``tol`` bounds the regret of what is reported, relative to the payoff range.
    """

    name: ClassVar[str] = "linear-program"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no tolerance."""
        _check_tol(self.tol)


@final
@dataclass(frozen=True)
class CounterfactualRegret:
    """Large two-player zero-sum trees by counterfactual regret minimisation (CFR+).

    It ends when neither player could gain more than ``tol`` times the payoff range, or after so
    many ``iterations``.
    """

    name: ClassVar[str] = "cfr"
    tol: float = 1e-5
    iterations: int = 100_000

    def __post_init__(self) -> None:
        """Refuse what is no tolerance or number of iterations."""
        _check_tol(self.tol)
        if not (isinstance(self.iterations, int | np.integer) and 1 <= self.iterations <= MOST):
            raise ParameterError(
                f"iterations = {self.iterations!r} is no whole number from 1 to {MOST}"
            )


def _check_tol(tol: float) -> None:
    if not tol >= 0.0:
        raise ParameterError(f"tol = {tol!r} is no number of at least 0")


def solve_linear_program(form: ExtensiveForm, method: LinearProgram) -> Equilibria:
    """Value and optimal strategies of zero-sum trees by the sequence-form linear program.

    Parameters
    ----------
    form : ExtensiveForm
        Two players whose payoffs add up to a constant, within 1e-12 of their range.
    method : LinearProgram

    Returns
    -------
    Equilibria
        One equilibrium per game, as behavior strategies, uniform where a player never comes by its
        own choices. The payoffs are the value of the game, which is unique; the strategies may be
        some of many, so ``complete`` is False. INVALID_INPUT where payoffs are not finite or the
        game is not zero-sum.

    Raises
    ------
    ConceptError
        With another number of players, with bargaining, if no game of the batch is zero-sum, or
        without the package highspy.

    Notes
    -----
    The best plan x of player 1 against the worst that player 2 can do: maximise f'q over plans x
    and multipliers q with F'q <= A'x, where A is the payoff matrix over pairs of sequences and Fy =
    f says that y is a plan of player 2, who gets its plan from the multipliers of the rows. The
    program is as large as the tree: rows and columns are sequences and information sets, entries
    the leaves. Programs of a batch have the same rows and columns, and start from the basis of
    their neighbour. Cost: Leduc poker (5,520 leaves) 0.1 s; signalling games 0.2 ms each.

    References
    ----------
    I. V. Romanovskii (1962), Reduction of a game with complete memory to a matrix game, Soviet
    Math. 3. D. Koller, N. Megiddo, B. von Stengel (1996), Efficient computation of equilibria for
    extensive two-person games, Games Econ. Behav. 14. B. von Stengel (1996), same volume.
    """
    game = zero_sum(form)
    programs, columns, negative = _programs(form.tree)
    fixed = len(columns) - game.entries.shape[1]
    entries = np.empty((int(game.good.sum()), len(columns)))
    entries[:, columns < fixed] = negative[columns[columns < fixed]]
    entries[:, columns >= fixed] = -game.entries[game.good][:, columns[columns >= fixed] - fixed]
    points, multipliers, solved = programs.solve(entries)
    one, two = sequence_forms(form.tree)
    first, second = points[:, : one.count], -multipliers[:, 1 + len(one.parent) :]
    found = game.good.copy()
    found[game.good] = solved
    profiles = behavior_of(form.tree, tuple(_clean(plan[solved]) for plan in (first, second)))
    gap = np.full(len(found), np.inf)
    gap[found] = _gaps(form.tree, game, found, profiles)
    return _answer(form, method, game, found, profiles, gap <= game.bound(method.tol))


def solve_by_regret(form: ExtensiveForm, method: CounterfactualRegret) -> Equilibria:
    """Nearly optimal strategies of zero-sum trees by counterfactual regret minimisation.

    Parameters
    ----------
    form : ExtensiveForm
        Two players whose payoffs add up to a constant, within 1e-12 of their range.
    method : CounterfactualRegret

    Returns
    -------
    Equilibria
        One equilibrium per game, as behavior strategies, and ``complete`` False. The gaps say how
        far they are from optimal; the value of the game is off by no more. NOT_CONVERGED after
        ``iterations``, with the strategies reached. INVALID_INPUT where payoffs are not finite or
        the game is not zero-sum.

    Raises
    ------
    ConceptError
        With another number of players, with bargaining, or if no game of the batch is zero-sum.

    Notes
    -----
    CFR+ (Tammelin 2014): at each information set regrets are added up, none below zero, and
    actions are played in their proportion; the plans of iteration t enter the average with weight
    t. The players learn in turn. Everything is done over sequences: an iteration costs about four
    steps per leaf and ten per sequence, 25 µs in Leduc poker, and gaps shrink about like 1 / t. It
    takes trees that are too large for a linear program, which is exact and faster on small ones.

    References
    ----------
    M. Zinkevich, M. Johanson, M. Bowling, C. Piccione (2007), Regret minimization in games with
    incomplete information, NIPS 20. O. Tammelin (2014), Solving large imperfect information games
    using CFR+, arXiv 1407.5042. N. Burch, M. Moravčík, M. Schmid (2019), Revisiting CFR+ and
    alternating updates, J. Artif. Intell. Res. 64.
    """
    tree, game = form.tree, zero_sum(form)
    sides, games = _sides(tree, game.entries), len(game.good)
    state = [np.zeros((games, each.count)) for each in sequence_forms(tree)]
    width = np.concatenate([np.full(len(h.actions), len(h.actions)) for h in tree.infosets] or [[]])
    start = [np.tile(plan, (games, 1)) for plan in plans(tree, 1.0 / width)]
    sums = [np.zeros_like(plan) for plan in start]
    bound = game.bound(method.tol)
    gap = np.where(game.good, np.inf, -np.inf)
    look = np.ones(games, np.int64)
    steps = 8.0 * game.entries.shape[1] + 20.0 * sum(plan.shape[1] for plan in start)
    begin, stretch = 0, 1 + int(STRETCH / (steps * max(1, games)))
    while begin < method.iterations and (gap > bound).any():
        end = min(begin + stretch, method.iterations)

        def work(low: int, high: int, begin: int = begin, end: int = end) -> None:
            run(
                match_regrets, (high - low) * (end - begin) * steps, *sides, low, high, begin, end,
                method.iterations, bound, *state, *start, *sums, look, gap,
            )  # fmt: skip

        over_ranges(games, 1, work)
        begin = end
    means = tuple(each[game.good] for each in sums)
    profiles = behavior_of(tree, means)
    return _answer(form, method, game, game.good, profiles, gap <= bound)


def _answer(  # noqa: PLR0913, PLR0917
    form: ExtensiveForm,
    method: LinearProgram | CounterfactualRegret,
    game: ZeroSum,
    found: NDArray[np.bool_],
    profiles: Floats,
    close: NDArray[np.bool_],
) -> Equilibria:
    """One equilibrium for each game of which one was found, SOLVED where it is close enough."""
    status = np.where(close & found, int(Status.SOLVED), int(Status.NOT_CONVERGED))
    status = np.where(game.good, status, int(Status.INVALID_INPUT)).astype(np.int8)
    shape = form.batch_shape
    blocks = whole_block(form.tree)
    return Equilibria(
        form=form,
        concept="nash",
        method=method.name,
        measure="regret",
        tol=method.tol,
        count=found.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=np.zeros(shape, np.bool_),
        rows=Rows(
            lambda: profiles,
            lambda rows, owner: tree_values(form, rows, owner, blocks),
        ),
    )


def _clean(plan: Floats) -> Floats:
    """A plan as a solver gives it, without what rounding leaves of zero."""
    return np.where(plan > NOTHING, plan, 0.0)


def _sides(tree: Tree, entries: Floats) -> tuple[NDArray[Any], ...]:
    """Both players as the kernels take them."""
    where, (one, two) = pattern(tree), sequence_forms(tree)
    return (
        one.parent, one.start, one.order, where.row_start, where.col, entries,
        two.parent, two.start, two.order, where.col_start, where.row[where.by_col],
        np.ascontiguousarray(-entries[:, where.by_col]),
    )  # fmt: skip


def _gaps(tree: Tree, game: ZeroSum, found: NDArray[np.bool_], profiles: Floats) -> Floats:
    """What the player that gains more by deviating gains, in the unit of each game found."""
    sides = _sides(tree, game.entries[found])
    rows = [np.ascontiguousarray(plan) for plan in plans(tree, profiles)]
    gap = np.empty(len(profiles))
    steps = 4.0 * game.entries.shape[1] + 4.0 * sum(plan.shape[1] for plan in rows)

    def work(low: int, high: int) -> None:
        run(gaps, (high - low) * steps, *sides, *rows, low, high, gap)

    over_ranges(len(gap), 1 + int(1e6 / steps), work)
    return gap


@lru_cache(maxsize=8)
def _programs(tree: Tree) -> tuple[LinearPrograms, NDArray[np.int64], Floats]:
    """The programs of a tree, where their entries come from, and those that are constant.

    Columns are the plan of player 1 and the multipliers of player 2; rows say that the former is a
    plan, and what each sequence of player 2 lets player 1 get at most. Sources below the number of
    constants mean these, the others entries of the payoff matrix, negated.
    """
    where, (one, two) = pattern(tree), sequence_forms(tree)
    sets1, sets2 = len(one.parent), len(two.parent)
    own = _plan_rows(one)
    others = _plan_rows(two)
    row = np.concatenate([own[0], 1 + sets1 + others[1], 1 + sets1 + where.col])
    col = np.concatenate([own[1], one.count + others[0], where.row])
    constants = np.concatenate([own[2], others[2]])
    source = np.lexsort((row, col))
    columns, rows = one.count + 1 + sets2, 1 + sets1 + two.count
    start = np.searchsorted(col[source], np.arange(columns + 1))
    cost = np.zeros(columns)
    cost[one.count] = -1.0
    low = np.where(np.arange(columns) < one.count, 0.0, -np.inf)
    equal = np.zeros(rows)
    equal[0] = 1.0
    floor = np.where(np.arange(rows) <= sets1, equal, -np.inf)
    programs = LinearPrograms(cost, low, floor, equal, start, row[source])
    return programs, source, constants


def _plan_rows(form: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Row, column and entry of what makes a plan: E r = e."""
    sets = np.arange(len(form.parent))
    width = np.diff(form.start)
    row = np.concatenate([[0], 1 + sets, 1 + np.repeat(sets, width)])
    col = np.concatenate([[0], form.parent, np.arange(1, form.count)])
    entry = np.concatenate([[1.0], np.full(len(sets), -1.0), np.ones(form.count - 1)])
    return row, col, entry
