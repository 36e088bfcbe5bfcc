"""The payoff matrix of a zero-sum tree over pairs of sequences: sparse, a place per leaf at most.

Chance is averaged out. Entry (s, t) is what player 1 gets at the leaves to which its sequence s and
player 2's sequence t lead, times the probability that chance takes part; it is zero but where a
leaf is, so that there are no more entries than leaves (von Stengel 1996).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._tree_values import levels
from solver.errors import ConceptError
from solver.forms.extensive import ExtensiveForm, Floats
from solver.forms.sequences import sequence_forms
from solver.forms.tree import Tree

Integers = NDArray[np.int64]

#: How far the sum of payoffs may vary, relative to their range, and in units of rounding.
NEARLY, ROUNDINGS = 1e-12, 4.0 * 2.0**-52
#: What is left of a tolerance for gaps that are computed in two ways.
SAFE = 1.0 - 1e-9


@final
@dataclass(frozen=True, eq=False)
class Pattern:
    """Where a leaf is: pairs of sequences ``row``, ``col`` (Z,), by row and then by column.

    ``leaves`` (L,) are all leaves, those of one pair side by side, and ``first`` (Z,) where each
    pair begins among them; ``by_col`` (Z,) lists the pairs by column and then by row. ``row_start``
    (S_1 + 1,) and ``col_start`` (S_2 + 1,) are where each row and column begin in their lists.
    """

    row: Integers
    col: Integers
    leaves: Integers
    first: Integers
    by_col: Integers
    row_start: Integers
    col_start: Integers


@lru_cache(maxsize=32)
def pattern(tree: Tree) -> Pattern:
    """Where the payoff matrix has entries."""
    one, two = sequence_forms(tree)
    leaves = np.lexsort((two.leaf, one.leaf))
    pair = one.leaf[leaves] * two.count + two.leaf[leaves]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    row, col = np.divmod(pair[first], two.count)
    by_col = np.lexsort((row, col))
    return Pattern(
        row=row,
        col=col,
        leaves=leaves,
        first=first,
        by_col=by_col,
        row_start=np.searchsorted(row, np.arange(one.count + 1)),
        col_start=np.searchsorted(col[by_col], np.arange(two.count + 1)),
    )


@final
@dataclass(frozen=True, eq=False)
class ZeroSum:
    """A batch of zero-sum games, in a unit of payoffs of its own per game.

    ``entries`` and ``others`` (G, Z) are those of the payoff matrices of player 1 and player 2, a
    constant and rounding apart from being opposite; ``spread`` (G,) is the range of payoffs;
    ``good`` (G,) says which games are zero-sum, the others have zeros.
    """

    entries: Floats
    others: Floats
    spread: Floats
    good: NDArray[np.bool_]

    def bound(self, tol: float) -> Floats:
        """(G,): gaps up to which no player gains `tol` of the range."""
        return SAFE * tol * self.spread


def zero_sum(form: ExtensiveForm) -> ZeroSum:
    """Payoffs over pairs of sequences.

    The unit is a power of two that brings the range to [1/2, 1); where all payoffs are far from
    zero they are taken relative to the lowest one. Games whose payoffs are not finite, or do not
    add up to a constant, count as not zero-sum.

    Raises
    ------
    ConceptError
        With another number of players, with bargaining, or if there are finite payoffs and no game
        is zero-sum.
    """
    tree = form.tree
    if len(tree.players) != 2:
        raise ConceptError(f"zero-sum methods take two players, this game has {len(tree.players)}")
    if len(tree.bargains):
        raise ConceptError("zero-sum methods take no tree with bargaining: use subgame-perfect")
    both = [np.moveaxis(form.flat()[0][..., i], -1, 0) for i in range(2)]  # (L, G)
    spread, good = _adds_up(*both)
    unit = np.ldexp(1.0, -np.frexp(np.where(good & (spread > 0.0), spread, 0.5))[1])
    where = pattern(tree)
    weight = np.where(good, form.chance_of_leaves().reshape(-1, len(tree.leaves)).T, 0.0) * unit
    entries = []
    for payoffs, level in zip(both, levels(form.flat()[0]).T, strict=True):
        near = np.where(good, payoffs - level, 0.0)
        summed = np.add.reduceat((near * weight)[where.leaves], where.first, axis=0)
        entries.append(np.ascontiguousarray(summed.T))
    return ZeroSum(entries[0], entries[1], np.where(good, spread * unit, 0.0), good)


def _adds_up(one: Floats, two: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Ranges (G,) of payoffs (L, G), and where their sum varies by no more than rounding."""
    total = one + two
    ranges = [each.max(axis=0) - each.min(axis=0) for each in (one, two, total)]
    spread, off = np.minimum(ranges[0], ranges[1]), ranges[2]
    size = np.maximum(np.abs(one).max(axis=0), np.abs(two).max(axis=0))
    finite = np.isfinite(spread) & np.isfinite(total).all(axis=0)
    good: NDArray[np.bool_] = finite & (off <= NEARLY * spread + ROUNDINGS * size)
    if finite.any() and not good.any():
        raise ConceptError(
            "linear-program and cfr take zero-sum games: here the sum of payoffs varies by"
            f" {np.min(off[finite]):g} from leaf to leaf"
        )
    return spread, good


def behavior_of(tree: Tree, plans: tuple[Floats, ...]) -> Floats:
    """Behavior strategies (E, W) from plans (E, S_i) that may be scaled or slightly off.

    Uniform at the information sets that a plan never comes to.
    """
    parts = []
    for each, plan in zip(sequence_forms(tree), plans, strict=True):
        if not len(each.parent):
            continue
        width = np.diff(each.start)
        actions = plan[:, 1:]
        total = np.repeat(np.add.reduceat(actions, each.start[:-1] - 1, axis=1), width, axis=1)
        uniform = np.repeat(1.0 / width, width)
        parts.append(np.where(total > 0.0, actions / np.where(total > 0.0, total, 1.0), uniform))
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(plans[0]), 0))
