"""Beliefs at information sets, and what actions are worth given them.

An *assessment* is a behavior strategy of every player and, at every information set, a *belief*:
how likely its owner thinks each of its nodes (Kreps and Wilson 1982). Beliefs stand side by side in
a row (D,), the nodes of the first set first: ``belief_nodes(tree)`` says which. Everything here
follows from the definitions and shares no code with what finds equilibria.

Functions take rows: ``owner`` is the number of the game of each row in the flattened batch.

References
----------
D. M. Kreps, R. Wilson (1982), Sequential equilibria, Econometrica 50.
E. Hendon, H. J. Jacobsen, B. Sloth (1996), The one-shot-deviation principle for sequential
rationality, Games Econ. Behav. 12.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.stages import settled
from solver.forms.tree import BARGAINING, CHANCE, LEAF, Tree

Owner = NDArray[np.intp]
Integers = NDArray[np.int64]


@lru_cache(maxsize=64)
def belief_nodes(tree: Tree) -> tuple[Integers, Integers]:
    """The node that each entry of a row of beliefs is about (D,), and where sets begin (H + 1,)."""
    nodes = [v for members in tree.members for v in members]
    start = np.cumsum([0, *(len(members) for members in tree.members)])
    return np.array(nodes, np.int64), start


def log_reach(
    form: ExtensiveForm, profiles: Floats, owner: Owner, *, logs: bool = False
) -> tuple[Floats, Integers]:
    """Logarithm of the probability of each node (E, V), and draws of probability 0 on the way.

    ``profiles`` (E, W) are behavior strategies, or their logarithms if `logs`. Draws of nature that
    have probability 0 are counted rather than multiplied, so that nodes beyond them compare. At
    bargaining nodes the parties count as agreed.
    """
    tree, chance = form.tree, form.flat()[1]
    with np.errstate(divide="ignore"):
        steps = profiles if logs else np.log(profiles)
        draws = np.log(chance)
    reach = np.zeros((len(profiles), tree.size))
    zeros = np.zeros((len(profiles), tree.size), np.int64)
    for v in range(1, tree.size):
        p, k = tree.parent[v], int(tree.choice[v])
        mover = tree.mover[p]
        reach[:, v], zeros[:, v] = reach[:, p], zeros[:, p]
        if mover == CHANCE:
            draw = draws[owner, tree.chance_start[p] + k]
            reach[:, v] += np.where(draw > -np.inf, draw, 0.0)
            zeros[:, v] += draw == -np.inf
        elif mover >= 0:
            reach[:, v] += steps[:, tree.column[tree.infoset[p]] + k]
        elif k:
            zeros[:, v] += 1
    return reach, zeros


def bayes(
    form: ExtensiveForm,
    profiles: Floats,
    owner: Owner,
    *,
    logs: bool = False,
    otherwise: Floats | None = None,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Beliefs (E, D) by Bayes' rule, and which information sets are reached (E, H).

    Parameters
    ----------
    form : ExtensiveForm
    profiles : (E, W) float
        Behavior strategies; their logarithms if `logs`, so that a completely mixed profile may have
        probabilities below the smallest float.
    owner : (E,) int
    logs : bool
    otherwise : (E, D) float, optional
        Beliefs at sets that are not reached, such as those of a completely mixed profile nearby.
        Without it they are zeros, which add up to 0 rather than 1.

    Notes
    -----
    A set that is reached only by draws of nature of probability 0 counts as not reached; if all
    players mix completely there, its beliefs are those given as few such draws as possible.
    """
    tree = form.tree
    nodes, start = belief_nodes(tree)
    reach, zeros = log_reach(form, profiles, owner, logs=logs)
    found = np.zeros((len(profiles), len(nodes))) if otherwise is None else otherwise.copy()
    reached = np.zeros((len(profiles), len(tree.infosets)), np.bool_)
    for h, members in enumerate(tree.members):
        level = zeros[:, members]
        own = np.where(level == level.min(axis=1, keepdims=True), reach[:, members], -np.inf)
        top = own.max(axis=1, keepdims=True)
        some = top[:, 0] > -np.inf
        weight = np.exp(own[some] - top[some])
        reached[:, h] = some & ((level == 0) & (own > -np.inf)).any(axis=1)
        takes = some if otherwise is None else reached[:, h]
        weight = weight[takes[some]]
        found[takes, start[h] : start[h + 1]] = weight / weight.sum(axis=1, keepdims=True)
    return found, reached


def continuation_values(
    form: ExtensiveForm, profiles: Floats, owner: Owner, base: ArrayLike = 0.0
) -> Floats:
    """(E, V, N): what the players expect from each node on.

    ``base``, (G, N) or the same for all, is taken off all payoffs first: differences of payoffs
    that are far from zero survive rounding only then.
    """
    tree = form.tree
    payoffs, chance, weights, outside = form.flat()
    off = np.broadcast_to(base, (len(payoffs), len(tree.players)))[:, None]
    payoffs, outside = payoffs - off, outside - off
    values = np.zeros((len(profiles), tree.size, len(tree.players)))
    values[:, tree.leaves] = payoffs[owner]
    stage = {int(v): s for s, v in enumerate(tree.bargains)}
    for v in range(tree.size - 1, -1, -1):
        mover, below = tree.mover[v], list(tree.children[v])
        if mover == LEAF:
            continue
        if mover == BARGAINING:
            s = stage[v]
            agreed, failed = (values[:, c] for c in below)
            values[:, v] = settled(
                agreed, failed, weights[owner, s], outside[owner, s], tree.parties[s]
            )
            continue
        first = tree.chance_start[v] if mover == CHANCE else tree.column[tree.infoset[v]]
        span = slice(int(first), int(first) + len(below))
        odds = chance[owner, span] if mover == CHANCE else profiles[:, span]
        values[:, v] = np.einsum("ek,eki->ei", odds, values[:, below])
    return values


def action_values(
    form: ExtensiveForm,
    profiles: Floats,
    beliefs: Floats,
    owner: Owner,
    base: ArrayLike = 0.0,
) -> Floats:
    """(E, W): what each action is worth to its player, given the belief where it is taken.

    Everybody, the player itself included, goes on as in `profiles` (E, W) afterwards. ``base`` as
    in `continuation_values`.
    """
    tree = form.tree
    values = continuation_values(form, profiles, owner, base)
    worth = np.zeros((len(values), int(tree.column[-1])))
    for d, v in enumerate(belief_nodes(tree)[0].tolist()):
        first, below = int(tree.column[tree.infoset[v]]), list(tree.children[v])
        gain = beliefs[:, d, None] * values[:, below, tree.mover[v]]
        worth[:, first : first + len(below)] += gain
    return worth


def deviation_gaps(form: ExtensiveForm, profiles: Floats, beliefs: Floats, owner: Owner) -> Floats:
    """(E, N): the most a player gains by a deviation at one information set, given its belief.

    Relative to the range of its payoffs. With beliefs from Bayes' rule and trembles, a player that
    cannot gain by a deviation at one information set cannot gain by any (Hendon, Jacobsen and
    Sloth 1996): then the profile is sequentially rational.
    """
    tree = form.tree
    payoffs = form.flat()[0]
    base = payoffs.min(axis=1)
    worth = action_values(form, profiles, beliefs, owner, base)
    gaps = np.zeros((len(profiles), len(tree.players)))
    for h, infoset in enumerate(tree.infosets):
        span = slice(int(tree.column[h]), int(tree.column[h + 1]))
        mean = (profiles[:, span] * worth[:, span]).sum(axis=1)
        gain = worth[:, span].max(axis=1) - mean
        np.maximum(gaps[:, infoset.player], gain, out=gaps[:, infoset.player])
    spread = payoffs.max(axis=1) - base
    spread[spread == 0.0] = 1.0
    relative: Floats = gaps / spread[owner]
    return relative
