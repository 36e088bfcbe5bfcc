"""Agent logit equilibria of all games of a batch: what the kernels need, on all threads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver._jit import run
from solver._threads import over_ranges
from solver.equilibria import Integers, Status
from solver.errors import ConceptError
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.tree import Tree
from solver.kernels.agent_logit import trace_agent_logit
from solver.kernels.assessment import settle_supports

#: Most actions over all information sets: a step solves as many linear equations.
MOST_ACTIONS = 500
#: Corrections aimed at, and how much longer a step may be than the last: usually, and again.
LONG, SHORT = (0.08, 2.0), (0.004, 1.15)
#: Games below which another thread is not worth its start.
SMALLEST_RANGE = 64


@final
@dataclass(frozen=True, eq=False)
class Branch:
    """Where the branch of each game got.

    ``logs`` (G, W) are log-probabilities, ``trend`` (G, W) their derivatives by log precision;
    ``precision`` and ``status`` are (G,).
    """

    logs: Floats
    precision: Floats
    trend: Floats
    status: NDArray[np.int8]


@lru_cache(maxsize=64)
def _arrays(tree: Tree) -> tuple[Integers, Integers, Integers]:
    """Topology (5, V), information set of each action (W,), player of each set (H,)."""
    edge, draw, leaf = (np.full(tree.size, -1) for _ in range(3))
    leaf[tree.leaves] = np.arange(len(tree.leaves))
    for v in range(1, tree.size):
        p = tree.parent[v]
        if tree.mover[p] >= 0:
            edge[v] = tree.column[tree.infoset[p]] + tree.choice[v]
        else:
            draw[v] = tree.chance_start[p] + tree.choice[v]
    topology = np.array([tree.parent, edge, draw, tree.infoset, leaf], np.int64)
    owner = np.repeat(np.arange(len(tree.infosets)), np.diff(tree.column))
    mover = np.array([h.player for h in tree.infosets], np.int64)
    return topology, owner.astype(np.int64), mover


def require_traceable(form: ExtensiveForm, concept: str) -> None:
    """Raise ConceptError for what the branch is not defined or not affordable for."""
    tree = form.tree
    width = int(tree.column[-1])
    if len(tree.bargains):
        where = tree.path(int(tree.bargains[0]))
        raise ConceptError(f"{concept}: no bargaining stages, as at {where}: use subgame-perfect")
    if width > MOST_ACTIONS:
        raise ConceptError(
            f"{concept}: {width} actions over all information sets, at most {MOST_ACTIONS}"
        )


def trace(form: ExtensiveForm, target: float, *, common: bool, max_steps: int) -> Branch:
    """Follow the branch of every game until `target`; in units of the payoffs if `common`.

    Where it is lost, once more in short steps: a long one may have jumped over a fold.
    """
    payoffs, chance = form.flat()[:2]
    branch = _follow(form.tree, payoffs, chance, target, common, max_steps, LONG)
    lost = np.flatnonzero(branch.status == int(Status.NOT_CONVERGED))
    if lost.size:
        again = _follow(form.tree, payoffs[lost], chance[lost], target, common, max_steps, SHORT)
        further = again.precision >= branch.precision[lost]
        for name in ("logs", "precision", "trend", "status"):
            getattr(branch, name)[lost[further]] = getattr(again, name)[further]
    return branch


def _follow(  # noqa: PLR0913, PLR0917
    tree: Tree,
    payoffs: Floats,
    chance: Floats,
    target: float,
    common: bool,  # noqa: FBT001
    most: int,
    pace: tuple[float, float],
) -> Branch:
    payoffs, chance = map(np.ascontiguousarray, (payoffs, chance))  # one compiled variant
    topology, owner, mover = _arrays(tree)
    games, width = len(payoffs), len(owner)
    branch = Branch(
        np.zeros((games, width)), np.zeros(games), np.zeros((games, width)),
        np.zeros(games, np.int8),
    )  # fmt: skip
    effort = 40.0 * (3.0 * topology.shape[1] * width + width**3 / 3.0 + 50.0)

    def work(low: int, high: int) -> None:
        run(
            trace_agent_logit, (high - low) * effort, payoffs, chance, topology, owner, mover, low,
            high, target, common, *pace, most, branch.logs, branch.precision, branch.trend,
            branch.status,
        )  # fmt: skip

    over_ranges(games, SMALLEST_RANGE, work)
    return branch


def limit(form: ExtensiveForm, branch: Branch) -> Floats:
    """(G, W): what each branch leads to, with what is not played at exactly zero."""
    payoffs, chance = map(np.ascontiguousarray, form.flat()[:2])  # one compiled variant
    topology, owner, mover = _arrays(form.tree)
    profiles = np.empty_like(branch.logs)
    effort = 3.0 * (3.0 * topology.shape[1] * len(owner) + len(owner) ** 3 / 3.0 + 50.0)

    def work(low: int, high: int) -> None:
        run(
            settle_supports, (high - low) * effort, payoffs, chance, topology, owner, mover, low,
            high, branch.logs, branch.trend, profiles,
        )  # fmt: skip

    over_ranges(len(profiles), SMALLEST_RANGE, work)
    return profiles
