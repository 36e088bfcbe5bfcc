"""Nash equilibria of trees: through the strategic form all of them, by sequences one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver.concepts._sequences import SequenceForm, check_limits, one_equilibrium
from solver.concepts._tree_values import tree_values, whole_block
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.extensive import ExtensiveForm
from solver.forms.normal import NormalForm
from solver.forms.sequences import behavior, sequence_forms
from solver.forms.strategic import count_plans, mixed_plans, pure_plans, strategic_form
from solver.forms.tree import Tree
from solver.kernels.alike import first_of_each

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Core = Callable[[NormalForm], Equilibria]

#: Behavior strategies whose probabilities differ less are the same.
SAME = 1e-9
#: Cells of the payoff tables that are made at once.
CELLS = 4_000_000


@final
@dataclass(frozen=True)
class StrategicForm:
    """All extreme equilibria of the reduced strategic form, as behavior strategies.

    ``tol``, ``max_vertices`` and ``max_exact`` are those of vertex enumeration. Where the two
    players have more than ``max_strategies`` reduced strategies together, or a game has more
    vertices than allowed, one equilibrium comes from the sequence form.
    """

    name: ClassVar[str] = "strategic-form"
    tol: float = 1e-9
    max_vertices: int = 8_000
    max_exact: int = 100
    max_strategies: int = 256

    def __post_init__(self) -> None:
        """Refuse what is no limit."""
        check_limits(
            self.tol,
            max_vertices=(self.max_vertices, 1),
            max_exact=(self.max_exact, 0),
            max_strategies=(self.max_strategies, 2),
        )


@final
@dataclass(frozen=True, eq=False)
class Listed:
    """Rows (E, W) of behavior; count, status and completeness (G,) of each game."""

    rows: Floats
    count: Integers
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]


def require(form: ExtensiveForm, concept: str, players: int | None = None) -> None:
    """Raise ConceptError for bargaining, or for another number of players."""
    if players not in {None, len(form.players)}:
        raise ConceptError(
            f"{concept} lists the equilibria of two players, this tree has {len(form.players)}:"
            " pure-nash takes any number"
        )
    if len(form.tree.bargains):
        where = form.tree.path(int(form.tree.bargains[0]))
        raise ConceptError(
            f"{concept} knows no bargaining, which this tree has at {where}: use subgame-perfect"
        )


def by_sequences(form: ExtensiveForm, method: SequenceForm) -> Equilibria:
    """One equilibrium per game, from the sequence form."""
    return _equilibria(form, "nash", method.name, method.tol, _one_each(form, method))


def by_strategies(form: ExtensiveForm, method: StrategicForm, core: Core) -> Equilibria:
    """All extreme equilibria that `core` finds in the strategic form, or one by sequences."""
    fallback = SequenceForm(tol=method.tol)
    sizes = [count_plans(each) for each in sequence_forms(form.tree)]
    if sum(sizes) > method.max_strategies:
        found = _one_each(form, fallback)
        found.status[found.status == int(Status.SOLVED)] = Status.TRUNCATED
    else:
        found = _with_one_more(form, _through(form, core), fallback)
    return _equilibria(form, "nash", method.name, method.tol, found)


def pure(form: ExtensiveForm, method: str, tol: float, core: Core) -> Equilibria:
    """All pure equilibria that `core` finds in the strategic form, for any number of players."""
    return _equilibria(form, "pure-nash", method, tol, _through(form, core))


def in_behavior(tree: Tree, mixed: Floats) -> Floats:
    """Rows (E, W) from mixtures (E, P_1 + ... + P_N) of reduced strategies (Kuhn 1953)."""
    plans, start = [], 0
    for i in range(len(tree.players)):
        table = pure_plans(tree, i)
        plans.append(mixed_plans(mixed[:, start : start + len(table)], table))
        start += len(table)
    return behavior(tree, tuple(plans))


def _equilibria(
    form: ExtensiveForm, concept: str, method: str, tol: float, found: Listed
) -> Equilibria:
    shape, blocks = form.batch_shape, whole_block(form.tree)
    return Equilibria(
        form=form,
        concept=concept,
        method=method,
        measure="regret",
        tol=tol,
        count=found.count.reshape(shape),
        status=found.status.reshape(shape),
        complete=found.complete.reshape(shape),
        rows=Rows(
            lambda: found.rows,
            lambda rows, owner: tree_values(form, rows, owner, blocks),
        ),
    )


def _one_each(form: ExtensiveForm, method: SequenceForm) -> Listed:
    found = one_equilibrium(form, method)
    solved = found.status == int(Status.SOLVED)
    complete = np.zeros(len(solved), np.bool_)
    return Listed(found.rows[solved], solved.astype(np.int64), found.status, complete)


def _through(form: ExtensiveForm, core: Core) -> Listed:
    """What `core` finds in the strategic form, so many games at a time that the tables fit."""
    games = prod(form.batch_shape)
    cells = prod(count_plans(each) for each in sequence_forms(form.tree))
    together = max(1, CELLS // cells)
    parts = [
        _translated(games_of(form, np.arange(low, min(low + together, games))), core)
        for low in range(0, games, together)
    ]
    if not parts:
        wide = np.zeros((0, int(form.tree.column[-1])))
        return Listed(wide, np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.bool_))
    return Listed(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.count for part in parts]),
        np.concatenate([part.status for part in parts]),
        np.concatenate([part.complete for part in parts]),
    )


def _translated(form: ExtensiveForm, core: Core) -> Listed:
    found = core(strategic_form(_near_zero(form)))
    rows = in_behavior(form.tree, found.profiles)
    return _merged(Listed(rows, found.count.ravel(), found.status.ravel(), found.complete.ravel()))


def _near_zero(form: ExtensiveForm) -> ExtensiveForm:
    """Payoffs less the lowest of each player: sums over chance then keep their differences."""
    payoffs = form.payoffs - form.payoffs.min(axis=-2, keepdims=True)
    return ExtensiveForm(form.tree, payoffs, form.chance, fractions=form.fractions)


def games_of(form: ExtensiveForm, games: NDArray[np.intp]) -> ExtensiveForm:
    """Some games of the flattened batch; a single game stays as it is, with its exact numbers."""
    if not form.batch_shape:
        return form
    payoffs, chance = form.flat()[:2]
    if len(games) == len(payoffs):
        return ExtensiveForm(form.tree, payoffs, chance)
    return ExtensiveForm(form.tree, payoffs[games], chance[games])


def _merged(listed: Listed) -> Listed:
    """Each behavior once: different mixtures may mean the same."""
    rows, ends = listed.rows, np.cumsum(listed.count)
    if listed.count.max(initial=0) < 2:
        return listed
    keep = np.zeros(len(rows), np.bool_)
    steps = 5.0 * rows.shape[1] * float((listed.count**2).sum())
    run(first_of_each, steps, rows, ends, 0, len(ends), SAME, keep)
    before = np.concatenate([[0], np.cumsum(keep)])
    count = before[ends] - before[ends - listed.count]
    return Listed(rows[keep], count, listed.status, listed.complete)


def _with_one_more(form: ExtensiveForm, listed: Listed, method: SequenceForm) -> Listed:
    """The same, and one equilibrium by sequences for each game that was too large."""
    short = np.flatnonzero(listed.status == int(Status.TRUNCATED))
    if not len(short):
        return listed
    more = _one_each(games_of(form, short), method)
    has = short[more.count > 0]
    rows = np.insert(listed.rows, np.cumsum(listed.count)[has], more.rows, axis=0)
    count = listed.count.copy()
    count[has] += 1
    return _merged(Listed(rows, count, listed.status, listed.complete))
