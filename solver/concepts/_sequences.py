"""The sequence form of two-player trees, laid out for the kernel, and solved over a batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.equilibria import Status
from solver.errors import ParameterError
from solver.forms.extensive import ExtensiveForm
from solver.forms.sequences import sequence_forms
from solver.forms.tree import Tree
from solver.kernels.sequence_form import solve_sequence_form

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
#: By how much a sequence changes with the variable of each action: one or minus one.
Change = dict[int, float]

#: Other reference plans from which a path is tried where the first one has failed.
STARTS = 8
#: The greatest limit that may be set.
MOST = 10**9


def check_limits(tol: float, **limits: tuple[object, int]) -> None:
    """Raise ParameterError unless each is a whole number of at least the second one given."""
    for name, (value, least) in limits.items():
        if not (isinstance(value, int | np.integer) and least <= value <= MOST):
            raise ParameterError(f"{name} = {value!r} is no whole number from {least} to {MOST}")
    if not tol >= 0.0:
        raise ParameterError(f"tol = {tol!r} is no number of at least 0")


@final
@dataclass(frozen=True)
class SequenceForm:
    """One equilibrium per game, by Lemke's complementary pivoting on the sequence form.

    ``tol`` bounds the regret, relative to the payoff range. A path ends after ``max_pivots``. With
    ``warm_start`` the basis of the game before is tried first: along a sweep the answers then stay
    on one branch where they can, and depend on what is solved together.
    """

    name: ClassVar[str] = "sequence-form"
    tol: float = 1e-9
    max_pivots: int = 10_000
    warm_start: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no number of pivots or no tolerance."""
        check_limits(self.tol, max_pivots=(self.max_pivots, 1))


@final
@dataclass(frozen=True, eq=False)
class Found:
    """Rows (G, W) of behavior, the status (G,) and the number of pivots (G,) of each game."""

    rows: Floats
    status: NDArray[np.int8]
    pivots: Integers


def one_equilibrium(form: ExtensiveForm, method: SequenceForm) -> Found:
    """Solve every game of the batch; where a path fails, others are tried from other plans."""
    payoffs, weight = leaves(form)
    found = _solve(form.tree, payoffs, weight, method, 0)
    for start in range(1, 1 + STARTS):
        failed = np.flatnonzero(found.status == int(Status.NOT_CONVERGED))
        if not len(failed):
            break
        again = _solve(form.tree, payoffs[failed], weight[failed], method, start)
        found.rows[failed], found.status[failed] = again.rows, again.status
        found.pivots[failed] += again.pivots
    return found


def leaves(form: ExtensiveForm) -> tuple[Floats, Floats]:
    """Payoffs (G, L, N) and probabilities of chance (G, L) at the leaves, game by game."""
    payoffs = form.flat()[0]
    weight = np.reshape(form.chance_of_leaves(), payoffs.shape[:2])
    return np.ascontiguousarray(payoffs), np.ascontiguousarray(weight)


def _solve(tree: Tree, payoffs: Floats, weight: Floats, method: SequenceForm, start: int) -> Found:
    wide, games = int(tree.column[-1]), len(payoffs)
    found = Found(np.zeros((games, wide)), np.zeros(games, np.int8), np.zeros(games, np.int64))
    parts = layout(tree, start)
    effort = 20.0 * (wide + 1) ** 3 + 50.0 * payoffs.shape[1]

    def work(low: int, high: int) -> None:
        run(
            solve_sequence_form, (high - low) * effort, payoffs, weight, parts, low, high,
            method.tol, method.max_pivots, method.warm_start,
            found.rows, found.status, found.pivots,
        )  # fmt: skip

    over_ranges(games, 1 + int(2e6 / effort), work)
    return found


@lru_cache(maxsize=64)
def layout(tree: Tree, start: int) -> tuple[Any, ...]:
    """What the kernel wants to know of a tree; `start` numbers the reference plans.

    *Places* are the sequences of the first player, then those of the second: an empty one and one
    per action each. The parts are

    - ends (2, L): both players' places at each leaf,
    - sets (H, 4): of each information set the place that leads to it, the range of its actions'
      places, and its first action's number; a player's early sets before its late ones,
    - at (W,): the place of each action, and the place of the second player's empty sequence,
    - frame (W, W): M without costs,
    - start (W + 2,): the reference plans; rising (W,): 0 for reference actions, 1 for others,
    - first (2, L + 1), number and sign (2, any): what the sequences of a leaf are made of: those
      of player i change by sign when the variable ``number[i, first[i, leaf]]`` and those that
      follow, up to ``first[i, leaf + 1]``, change.
    """
    mine, yours = sequence_forms(tree)
    wide, second = int(tree.column[-1]), mine.count
    at = np.arange(wide) + 1 + (np.arange(wide) >= second - 1)
    rising, plan = np.ones(wide), np.zeros(wide + 2)
    plan[[0, second]] = 1.0
    made: list[Change] = [{} for _ in range(wide + 2)]
    frame = np.zeros((wide, wide))
    sets = []
    choose = np.random.default_rng(start)
    for form, base in ((mine, 0), (yours, second)):
        for h in form.order.tolist():
            low, high = base + int(form.start[h]), base + int(form.start[h + 1])
            before, column = base + int(form.parent[h]), low - 1 - (base > 0)
            sets.append((before, low, high, column))
            # The first actions, the last ones, and then any.
            chosen = (0, high - low - 1, int(choose.integers(high - low)))[min(start, 2)]
            others = [a for a in range(high - low) if a != chosen]
            made[low + chosen] = made[before] | {column + a: -1.0 for a in others}
            for a in others:
                made[low + a] = {column + a: 1.0}
            plan[low + chosen] = plan[before]
            rising[column + chosen] = 0.0
            for k, value in made[low + chosen].items():
                frame[column + chosen, k], frame[k, column + chosen] = value, -value
    ends = np.stack([mine.leaf, second + yours.leaf])
    changes = [[made[place] for place in row] for row in ends.tolist()]
    first, number, signs = _listed(changes)
    order = np.array(sets, np.int64).reshape(-1, 4)
    return ends, order, at, second, frame, plan, rising, first, number, signs


def _listed(changes: list[list[Change]]) -> tuple[Integers, Integers, Floats]:
    """Changes of the leaves of both players, one after the other."""
    counts = np.array([[len(change) for change in row] for row in changes])
    first = np.zeros((2, counts.shape[1] + 1), np.int64)
    first[:, 1:] = counts.cumsum(axis=1)
    number = np.zeros((2, max(1, int(first[:, -1].max()))), np.int64)
    sign = np.zeros(number.shape)
    for i, row in enumerate(changes):
        entries = [entry for change in row for entry in change.items()]
        for k, (action, value) in enumerate(entries):
            number[i, k], sign[i, k] = action, value
    return first, number, sign
