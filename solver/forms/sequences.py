"""The sequence form of a tree: plans instead of strategies, linear instead of exponential.

A *realisation plan* of a player gives the probability that it makes the choices of each of its
sequences, as far as they are its own: 1 for the empty sequence, and the plan of a sequence is split
over the actions of every information set that follows it (von Stengel 1996; Koller, Megiddo and
von Stengel 1996). Behavior strategies, mixed strategies and plans say the same under perfect
recall (Kuhn 1953). Arrays may have any leading axes.

References
----------
B. von Stengel (1996), Efficient computation of behavior strategies, Games Econ. Behav. 14.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from solver.forms.extensive import ExtensiveForm
from solver.forms.tree import Tree

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@final
@dataclass(frozen=True, eq=False)
class SequenceForm:
    """Sequences of one player: 0 is the empty one, 1 + k its k-th action over all its sets.

    ``parent`` (H,): the sequence that leads to each of its information sets; ``start`` (H + 1,):
    where the actions of each begin among its sequences, so ``start[0]`` is 1; ``leaf`` (L,): the
    sequence at each leaf; ``order`` (H,): its information sets, those that come earlier first.
    """

    count: int
    parent: Integers
    start: Integers
    leaf: Integers
    order: Integers

    def constraints(self) -> tuple[Floats, Floats]:
        """E (1 + H, S) and e with E r = e for a plan r >= 0."""
        E = np.zeros((1 + len(self.parent), self.count))
        E[0, 0] = 1.0
        for h, p in enumerate(self.parent):
            E[1 + h, p] = -1.0
            E[1 + h, self.start[h] : self.start[h + 1]] = 1.0
        e = np.zeros(len(E))
        e[0] = 1.0
        return E, e


@lru_cache(maxsize=64)
def sequence_forms(tree: Tree) -> tuple[SequenceForm, ...]:
    """The sequence form of every player."""
    forms = []
    for i in range(len(tree.players)):
        first, last = tree.first_infoset[i], tree.first_infoset[i + 1]
        start = 1 + tree.column[first : last + 1] - tree.column[first]
        nodes = [tree.members[h][0] for h in range(first, last)]
        parent = tree.sequence[nodes, i].astype(np.int64) if nodes else np.zeros(0, np.int64)
        depth = np.zeros(len(nodes), np.int64)
        for h in np.argsort(parent, kind="stable"):
            if parent[h]:
                depth[h] = 1 + depth[np.searchsorted(start, parent[h], side="right") - 1]
        forms.append(
            SequenceForm(
                count=int(start[-1]),
                parent=parent,
                start=start,
                leaf=tree.sequence[tree.leaves, i],
                order=np.argsort(depth, kind="stable"),
            )
        )
    return tuple(forms)


def plans(tree: Tree, behavior: Floats) -> tuple[Floats, ...]:
    """Realisation plans (..., S_i) of all players from behavior strategies (..., W)."""
    found = []
    for i, form in enumerate(sequence_forms(tree)):
        own = behavior[..., tree.column[tree.first_infoset[i]] :]
        plan = np.ones((*behavior.shape[:-1], form.count))
        for h in form.order:
            actions = slice(int(form.start[h]), int(form.start[h + 1]))
            before = slice(actions.start - 1, actions.stop - 1)
            plan[..., actions] = plan[..., form.parent[h], None] * own[..., before]
        found.append(plan)
    return tuple(found)


def behavior(tree: Tree, realisation: tuple[Floats, ...]) -> Floats:
    """Behavior strategies (..., W) from plans (..., S_i); uniform where a plan never comes."""
    parts = []
    for form, plan in zip(sequence_forms(tree), realisation, strict=True):
        for h, p in enumerate(form.parent):
            actions = plan[..., form.start[h] : form.start[h + 1]]
            weight = plan[..., p, None]
            with np.errstate(all="ignore"):
                parts.append(np.where(weight > 0.0, actions / weight, 1.0 / actions.shape[-1]))
    if not parts:
        return np.zeros((*np.shape(realisation[0])[:-1], 0))
    return np.concatenate(parts, axis=-1)


def sequence_payoffs(form: ExtensiveForm) -> tuple[Any, ...]:
    """Per player (*B, S_1, ..., S_N): expected payoff of the leaves of each pair of sequences.

    Chance is averaged out: with plans r_1, ..., r_N, player i gets their multilinear product.
    """
    forms = sequence_forms(form.tree)
    shape = tuple(each.count for each in forms)
    place = np.ravel_multi_index(tuple(each.leaf for each in forms), shape)
    weight = form.chance_of_leaves()
    found = []
    for i in range(len(shape)):
        dense = np.zeros((int(np.prod(shape)), *form.batch_shape))
        for leaf, at in enumerate(place):
            dense[at] += weight[..., leaf] * form.payoffs[..., leaf, i]
        lead = dense.reshape(*shape, *form.batch_shape)
        found.append(np.moveaxis(lead, range(len(shape)), range(-len(shape), 0)))
    return tuple(found)
