"""Optimal strategies of two-player zero-sum trees: by a linear program, and by learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._sequence_matrix import ZeroSum, behavior_of, pattern, zero_sum
from solver.concepts._sequence_program import best_plans
from solver.concepts._tree_values import tree_values, whole_block
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ParameterError
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.sequences import plans, sequence_forms
from solver.forms.tree import Tree
from solver.kernels.regret_matching import gaps, match_regrets

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
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class CounterfactualRegret:
    """Large two-player zero-sum trees by counterfactual regret minimisation (CFR+).

    It ends when neither player could gain more than ``tol`` times the payoff range, or after so
    many ``iterations``. ``predictive`` counts the last regrets twice, which small games need;
    without it poker takes half as many iterations.
    """

    name: ClassVar[str] = "cfr"
    tol: float = 1e-5
    iterations: int = 100_000
    predictive: bool = True

    def __post_init__(self) -> None:
        """Refuse what is no tolerance or number of iterations."""
        require_tolerance(self.tol)
        if not (isinstance(self.iterations, int | np.integer) and 1 <= self.iterations <= MOST):
            raise ParameterError(
                f"iterations = {self.iterations!r} is no whole number from 1 to {MOST}"
            )


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
    their neighbour. Cost: Leduc poker (5,520 leaves) 0.1 s, small trees 0.3 ms.

    References
    ----------
    I. V. Romanovskii (1962), Reduction of a game with complete memory to a matrix game, Soviet
    Math. 3. D. Koller, N. Megiddo, B. von Stengel (1996), Efficient computation of equilibria for
    extensive two-person games, Games Econ. Behav. 14. B. von Stengel (1996), same volume.
    """
    game = zero_sum(form)
    both, solved = best_plans(form.tree, game.entries[game.good])
    found = game.good.copy()
    found[game.good] = solved
    profiles = behavior_of(form.tree, tuple(plan[solved] for plan in both))
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
    t². The players learn in turn. The predictive variant adds the regrets of the last iteration
    once more before it chooses (Farina, Kroer and Sandholm 2021). Everything is done over
    sequences: an iteration costs two passes over the leaves and six over the sequences, 35 µs in
    Leduc poker. Gaps shrink at least like 1 / sqrt(t), mostly faster than 1 / t, but CFR+ without
    prediction may crawl where optimal strategies are nearly not unique. It takes trees that are too
    large for a linear program, which is exact and no slower on small ones.

    References
    ----------
    M. Zinkevich, M. Johanson, M. Bowling, C. Piccione (2007), Regret minimization in games with
    incomplete information, NIPS 20. O. Tammelin (2014), Solving large imperfect information games
    using CFR+, arXiv 1407.5042. G. Farina, C. Kroer, T. Sandholm (2021), Faster game solving via
    predictive Blackwell approachability, AAAI 35. N. Burch, M. Moravčík, M. Schmid (2019),
    Revisiting CFR+ and alternating updates, J. Artif. Intell. Res. 64.
    """
    tree, game = form.tree, zero_sum(form)
    sides, games = _sides(tree, game.entries, game.others), len(game.good)
    state = [np.zeros((games, each.count)) for each in 2 * sequence_forms(tree)]
    width = np.diff(tree.column)
    start = [np.tile(plan, (games, 1)) for plan in plans(tree, np.repeat(1.0 / width, width))]
    sums = [np.zeros_like(plan) for plan in start]
    bound, foresight = game.bound(method.tol), float(method.predictive)
    gap = np.where(game.good, np.inf, -np.inf)
    look = np.ones(games, np.int64)
    steps = 8.0 * game.entries.shape[1] + 20.0 * sum(plan.shape[1] for plan in start)
    begin, stretch = 0, 1 + int(STRETCH / (steps * max(1, games)))
    while begin < method.iterations and (gap > bound).any():
        end = min(begin + stretch, method.iterations)

        def work(low: int, high: int, begin: int = begin, end: int = end) -> None:
            run(
                match_regrets, (high - low) * (end - begin) * steps,
                *sides, low, high, begin, end, method.iterations, foresight, bound,
                *state, *start, *sums, look, gap,
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


def _sides(tree: Tree, entries: Floats, others: Floats) -> tuple[NDArray[Any], ...]:
    """Both players as the kernels take them."""
    where, (one, two) = pattern(tree), sequence_forms(tree)
    return (
        one.parent, one.start, one.order, where.row_start, where.col, entries,
        two.parent, two.start, two.order, where.col_start, where.row[where.by_col],
        np.ascontiguousarray(others[:, where.by_col]),
    )  # fmt: skip


def _gaps(tree: Tree, game: ZeroSum, found: NDArray[np.bool_], profiles: Floats) -> Floats:
    """What the player that gains more by deviating gains, in the unit of each game found."""
    sides = _sides(tree, game.entries[found], game.others[found])
    rows = [np.ascontiguousarray(plan) for plan in plans(tree, profiles)]
    gap = np.empty(len(profiles))
    steps = 4.0 * game.entries.shape[1] + 4.0 * sum(plan.shape[1] for plan in rows)

    def work(low: int, high: int) -> None:
        run(gaps, (high - low) * steps, *sides, *rows, low, high, gap)

    over_ranges(len(gap), 1 + int(1e6 / steps), work)
    return gap
