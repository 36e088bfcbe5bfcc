"""Subgame-perfect equilibria of trees of perfect information, by backward induction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.concepts._rows import SMALLEST_RANGE, Outcome, gather
from solver.equilibria import Equilibria, Rows
from solver.errors import ConceptError, ParameterError
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.tree import CHANCE, LEAF, Integers, Tree
from solver.kernels.backward import solve_backward
from solver.kernels.deviation import play_values, unpack

#: Most equilibria per game that may be asked for.
MOST = 10**9
#: Elementary steps that are worth another thread.
WORTH = 2e6


@final
@dataclass(frozen=True)
class BackwardInduction:
    """From the last decision to the first; where several actions are best, with each of them.

    ``tol`` bounds what anyone could gain by another choice at one node, relative to the range of
    its payoffs; ``max_equilibria`` the equilibria listed per game: there may be exponentially many.
    """

    name: ClassVar[str] = "backward-induction"
    tol: float = 1e-9
    max_equilibria: int = 1_000

    def __post_init__(self) -> None:
        """Refuse what is no number of equilibria or no tolerance."""
        most = self.max_equilibria
        if not (isinstance(most, int | np.integer) and 1 <= most <= MOST):
            raise ParameterError(f"max_equilibria = {most!r} is no whole number from 1 to {MOST}")
        if not self.tol >= 0.0:
            raise ParameterError(f"tol = {self.tol!r} is no number of at least 0")


def backward_induction(form: ExtensiveForm, method: BackwardInduction) -> Equilibria:
    """All pure subgame-perfect equilibria of trees of perfect information.

    Parameters
    ----------
    form : ExtensiveForm over (*B)
        Every information set is a single node. Chance and bargaining nodes may stand anywhere.
    method : BackwardInduction

    Returns
    -------
    Equilibria
        The first equilibrium of each game follows the rule "an indifferent player takes the action
        listed first". A SOLVED game has no tie, and one equilibrium. A DEGENERATE game has one
        pure equilibrium per way of breaking ties; ``complete`` says that they are the corners of
        all equilibria: the best actions at every node are the same in all of them, and any mixture
        of these will do. Where a tie changes what is best elsewhere, or stands below a bargaining
        node, all pure equilibria are listed, but mixtures may open others. A TRUNCATED game has
        more than ``max_equilibria``.

    Raises
    ------
    ConceptError
        For a tree in which somebody does not know where it is.

    Notes
    -----
    Payoffs closer than 1e-12 of the range of the player's payoffs are ties. ``gap`` is the most
    that a player could gain by another choice at a single node, relative to that range: nothing is
    subgame-perfect if and only if that is zero everywhere (one-shot deviation principle). It is
    recomputed from the payoffs before a game counts as solved. Cost: a few nanoseconds per leaf
    and game without ties, in memory little more than the payoffs and a byte per decision; with
    ties about as much again per equilibrium.

    References
    ----------
    H. W. Kuhn (1953), Extensive games and the problem of information, Contributions to the Theory
    of Games 2. R. Selten (1965), Zeitschrift für die gesamte Staatswissenschaft 121.
    """
    tree = form.tree
    if not tree.has_perfect_information:
        h = next(h for h, nodes in enumerate(tree.members) if len(nodes) > 1)
        raise ConceptError(
            f"backward induction needs perfect information: {tree.players[tree.infosets[h].player]}"
            f" has {len(tree.members[h])} nodes in its information set {tree.infosets[h].label!r}"
        )
    plan, games = plan_of(tree), windows(form)
    outcome = Outcome.of(int(np.prod(form.batch_shape)))
    effort = tree.size * len(tree.players) * 15.0

    kept: dict[int, NDArray[Any]] = {}

    def call(low: int, high: int, room: NDArray[Any]) -> tuple[int, int]:
        # The kernel wants equilibria side by side: the same memory, read the other way.
        rows = room.reshape(room.shape[::-1])
        used, reached = run(
            solve_backward, (high - low) * effort, games, plan.tree, plan.sizes, low, high,
            method.tol, method.max_equilibria, rows, outcome.count, outcome.status,
            outcome.complete,
        )  # fmt: skip
        if used:
            kept[low] = rows[:, :used]
        return used, reached

    gather(
        call,
        len(outcome.count),
        (len(tree.infosets),),
        per_game=1.0,
        dtype=plan.dtype,
        smallest=_smallest(effort),
    )
    parts = [kept[low] for low in sorted(kept)]
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="subgame-perfect",
        method=method.name,
        measure="one-shot deviation",
        tol=method.tol,
        count=outcome.count.reshape(shape),
        status=outcome.status.reshape(shape),
        complete=outcome.complete.reshape(shape),
        rows=Rows(
            lambda: behavior(plan, parts),
            lambda rows, owner: values(form, rows, owner),
        ),
    )


@final
@dataclass(frozen=True, eq=False)
class Plan:
    """A tree as `solver.kernels.backward` takes it; ``dtype`` holds a choice."""

    tree: tuple[Integers, Integers, Integers, Integers, NDArray[np.bool_]]
    sizes: tuple[int, int, int, bool]
    dtype: type[Any]


@lru_cache(maxsize=32)
def plan_of(tree: Tree) -> Plan:
    """Steps, where their branches lead, and how much room the values need."""
    mover, parent = np.array(tree.mover), np.array(tree.parent)
    leaf = mover == LEAF
    inner = np.flatnonzero(~leaf)[::-1]
    width = np.bincount(parent[1:], minlength=tree.size)
    # A node stands for its step, or ~k for leaf k.
    name = np.where(leaf, ~(np.cumsum(leaf) - 1), np.cumsum(~leaf[::-1])[::-1] - 1)
    before = np.cumsum(leaf[::-1])[::-1][inner]  # leaves that come before a step
    where = np.array(tree.infoset)
    where[mover == CHANCE] = tree.chance_start[mover == CHANCE]
    where[tree.bargains] = np.arange(len(tree.bargains))
    run_of = np.diff(before, prepend=0)
    steps = np.stack((mover[inner], run_of, width[inner], where[inner]), axis=-1)
    starts = np.cumsum(width[inner]) - width[inner]
    branches = 1 + np.argsort(parent[1:], kind="stable")  # by parent, in order
    by_parent = np.cumsum(width) - width
    places = np.repeat(by_parent[inner] - starts, width[inner]) + np.arange(len(branches))
    # The stack is highest right after a value was put there.
    height = int(np.cumsum(1 - width[::-1]).max())
    centred = bool((mover[inner] < 0).any())
    dtype = next(t for t in (np.int8, np.int16, np.int32) if width.max() <= np.iinfo(t).max)
    return Plan(
        (steps, np.append(starts, len(branches)), name[branches[places]], tree.column,
         _under_bargaining(tree)[inner]),
        (len(tree.players), len(tree.leaves), height, centred),
        dtype,
    )  # fmt: skip


def _under_bargaining(tree: Tree) -> NDArray[np.bool_]:
    """(V,): whether a bargaining node is above."""
    under = np.zeros(tree.size, np.bool_)
    for v in tree.bargains:
        under[v + 1 : tree.end[v]] = True
    return under


def windows(form: ExtensiveForm) -> tuple[Any, ...]:
    """Payoffs, chance, weights and outside options, each as a flat view and how to read it.

    The second of a pair has the place of the first number and the steps along each axis. Nothing is
    copied unless numbers are not aligned, but for weights: those of players who do not bargain at a
    stage are -1.
    """
    payoffs, chance, weights, outside = form.flat()
    bargains = np.zeros(weights.shape[1:], np.bool_)
    for s, parties in enumerate(form.tree.parties):
        bargains[s, list(parties)] = True
    if not bargains.all():  # how kernels know who does
        weights = np.where(bargains, weights, -1.0)
    parts: list[Any] = []
    for array in (payoffs, chance, weights, outside):
        parts += _window(array)
    return tuple(parts)


def _window(array: Floats) -> tuple[Floats, Integers]:
    item = array.itemsize
    if any(stride % item for stride in array.strides):
        array = np.ascontiguousarray(array)
    if not array.size:
        return np.broadcast_to(np.zeros(()), (1,)), np.zeros(4, np.int64)
    steps = [stride // item for stride in array.strides]
    lowest = array[tuple(slice(None, None, -1 if step < 0 else 1) for step in steps)]
    extent = 1 + sum((n - 1) * abs(s) for n, s in zip(array.shape, steps, strict=True))
    first = sum((n - 1) * -s for n, s in zip(array.shape, steps, strict=True) if s < 0)
    # Never writable, so that kernels see one type of array.
    flat = as_strided(lowest, (extent,), (item,), writeable=False)
    return flat, np.array([first, *steps, 0][:4])


def behavior(plan: Plan, parts: list[NDArray[Any]]) -> Floats:
    """Choices as rows (E, W) of behavior strategies."""
    column = plan.tree[3]
    ends = np.cumsum([0, *(part.shape[1] for part in parts)])
    profiles = np.empty((int(ends[-1]), int(column[-1])))
    for part, start, end in zip(parts, ends, ends[1:], strict=False):

        def work(low: int, high: int, part: Any = part, to: Any = profiles[start:end]) -> None:
            run(unpack, (high - low) * profiles.shape[1] * 1.0, part, column, low, high, to)

        over_ranges(part.shape[1], _smallest(profiles.shape[1] * 1.0), work)
    return profiles


def values(form: ExtensiveForm, profiles: Floats, owner: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Payoffs and gaps (E, N) of rows of behavior strategies (E, W), in compiled code.

    What `tree_values` gives over the blocks of all subgames, for trees of perfect information:
    there every block is a single decision.
    """
    plan, games = plan_of(form.tree), windows(form)
    payoffs, gaps = np.empty((2, len(profiles), len(form.players)))
    effort = form.tree.size * len(form.players) * 15.0

    def work(low: int, high: int) -> None:
        run(
            play_values, (high - low) * effort, games, plan.tree[0], plan.sizes, plan.tree[3],
            profiles, owner, low, high, payoffs, gaps,
        )  # fmt: skip

    over_ranges(len(profiles), _smallest(effort), work)
    return payoffs, gaps


def _smallest(effort: float) -> int:
    return min(SMALLEST_RANGE, 1 + int(WORTH / max(effort, 1.0)))
