"""Brute force for trees: every plan of every player is tried, sharing no line with a solver.

Payoffs of a given profile are fractions; tables of all plans are floats, in which a gain below
1e-12 of a player's payoff range counts as none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import inf, prod

import numpy as np
from numpy.typing import NDArray

from solver.forms.extensive import ExtensiveForm
from solver.forms.tree import BARGAINING, CHANCE, LEAF

Row = Sequence[Fraction | float | int]
Exact = tuple[Fraction, ...]

#: Entries of a table of all plans.
MOST_CELLS = 2_000_000
#: Gains below this share of a player's payoff range are rounding.
ROUNDING = Fraction(1, 10**12)


def payoffs(form: ExtensiveForm, row: Row, game: int = 0, node: int = 0) -> Exact:
    """What the players expect from a node on, under a row of behavior strategies.

    Parameters
    ----------
    form : ExtensiveForm
    row : sequence of numbers, (W,)
        A probability per action of each information set.
    game : int
        Number of the game in the flattened batch.
    node : int
    """
    tree = form.tree
    below = tree.children[node]
    leaves, chance, weights, outside = (part[game] for part in form.flat())
    if tree.mover[node] == LEAF:
        leaf = int(np.searchsorted(tree.leaves, node))
        return tuple(Fraction(float(value)) for value in leaves[leaf])
    values = [payoffs(form, row, game, v) for v in below]
    if tree.mover[node] == BARGAINING:
        s = int(np.searchsorted(tree.bargains, node))
        return _settled(
            values[0], values[1], weights[s].tolist(), outside[s].tolist(), tree.parties[s]
        )
    if tree.mover[node] == CHANCE:
        start = int(tree.chance_start[node])
        odds: Row = chance[start : start + len(below)].tolist()
    else:
        start = int(tree.column[tree.infoset[node]])
        odds = row[start : start + len(below)]
    n = len(tree.players)
    return tuple(
        sum((Fraction(p) * value[i] for p, value in zip(odds, values, strict=True)), Fraction(0))
        for i in range(n)
    )


def best_payoff(form: ExtensiveForm, row: Row, player: int, game: int = 0, node: int = 0) -> float:
    """The most that a player can expect from a node on, over all its plans, against a row."""
    own = [h for h, infoset in enumerate(form.tree.infosets) if infoset.player == player]
    return float(tables(form, own, row, game)[node][..., player].max())


def tables(
    form: ExtensiveForm, free: Sequence[int], row: Row | None = None, game: int = 0
) -> list[NDArray[np.float64]]:
    """Per node: what the players get, for every combination of actions at some information sets.

    Parameters
    ----------
    form : ExtensiveForm
    free : sequence of int
        Information sets whose actions are tried, an axis each in this order, the players last. An
        axis has length one at nodes below which its information set does not occur.
    row : sequence of numbers, optional
        What is played at the other information sets.
    game : int

    Raises
    ------
    ValueError
        For a table of more than 2,000,000 cells.
    """
    tree = form.tree
    leaves, chance, weights, outside = (part[game] for part in form.flat())
    found: list[NDArray[np.float64]] = [np.empty(0)] * tree.size
    for v in range(tree.size - 1, -1, -1):
        below = [found[c] for c in tree.children[v]]
        mover, h = tree.mover[v], tree.infoset[v]
        if mover == LEAF:
            leaf = int(np.searchsorted(tree.leaves, v))
            found[v] = leaves[leaf].reshape(*[1] * len(free), -1)
        elif h in free:
            core = np.broadcast_shapes(*(table.shape for table in below))
            if prod(core) * len(below) > MOST_CELLS:
                raise ValueError(f"more than {MOST_CELLS:,} combinations of actions")
            spread = [np.broadcast_to(table, core) for table in below]
            found[v] = np.concatenate(spread, axis=list(free).index(h))
        elif mover == BARGAINING:
            s = int(np.searchsorted(tree.bargains, v))
            found[v] = _all_settled(below, weights[s], outside[s], tree.parties[s])
        else:
            start = int(tree.chance_start[v] if mover == CHANCE else tree.column[h])
            odds = chance if mover == CHANCE else np.array(row, float)
            found[v] = np.asarray(sum(odds[start + k] * t for k, t in enumerate(below)))
    return found


def _all_settled(
    below: list[NDArray[np.float64]],
    weights: NDArray[np.float64],
    outside: NDArray[np.float64],
    parties: tuple[int, ...],
) -> NDArray[np.float64]:
    agreed, failed = np.broadcast_arrays(*below)
    made = np.empty(agreed.shape)
    for at in np.ndindex(agreed.shape[:-1]):
        u, d = (tuple(map(Fraction, part[at].tolist())) for part in (agreed, failed))
        made[at] = [float(x) for x in _settled(u, d, weights.tolist(), outside.tolist(), parties)]
    return made


def regret(form: ExtensiveForm, row: Row, game: int = 0, *, subgames: bool = True) -> float:
    """The largest gain from a deviation, over players and subgames, relative to payoff ranges.

    In a tree with bargaining only from another choice at one decision: a plan that does what its
    player would not do may pay as a threat that is never carried out.
    """
    spread = [float(r) for r in ranges(form, game)]
    if len(form.tree.bargains):
        gains = _gains_of_choices(form, row, game)
    else:
        gains = _gains_of_plans(form, row, game, subgames=subgames)
    return max((gain / spread[i] for i, gain in gains), default=0.0)


def _gains_of_plans(
    form: ExtensiveForm, row: Row, game: int, *, subgames: bool
) -> Iterator[tuple[int, float]]:
    now = tables(form, (), row, game)
    for i in range(len(form.players)):
        own = [h for h, infoset in enumerate(form.tree.infosets) if infoset.player == i]
        best = tables(form, own, row, game)
        for v in form.tree.subgame_roots.tolist() if subgames else [0]:
            yield i, float(best[v][..., i].max() - now[v][i])


def _gains_of_choices(form: ExtensiveForm, row: Row, game: int) -> Iterator[tuple[int, float]]:
    now = tables(form, (), row, game)
    for v, i in enumerate(form.tree.mover):
        if i >= 0:
            for c in form.tree.children[v]:
                yield i, float(now[c][i] - now[v][i])


def pure_subgame_perfect(form: ExtensiveForm, game: int = 0) -> set[tuple[int, ...]]:
    """All pure subgame-perfect equilibria (Selten 1965), by trying every profile.

    Examples
    --------
    >>> from solver import decision, leaf, tree
    >>> fight = decision("B", {"fight": leaf(-1, 0), "yield": leaf(1, 1)})
    >>> entry = tree(("A", "B"), decision("A", {"in": fight, "out": leaf(0, 2)}))
    >>> pure_subgame_perfect(entry)
    {(1, 0, 0, 1)}
    """
    tree = form.tree
    movers = [infoset.player for infoset in tree.infosets]
    found = tables(form, range(len(movers)), game=game)
    good = np.ones([len(infoset.actions) for infoset in tree.infosets], np.bool_)
    slack = [float(ROUNDING * r) for r in ranges(form, game)]
    for v in tree.subgame_roots.tolist():
        for i, table in enumerate(np.moveaxis(found[v], -1, 0)):
            own = tuple(h for h, mover in enumerate(movers) if mover == i)
            if len(tree.bargains):
                own = (tree.infoset[v],) if tree.mover[v] == i else ()
            if own:
                good &= table >= table.max(axis=own, keepdims=True) - slack[i]
    return {_row(choice.tolist(), good.shape) for choice in np.argwhere(good)}


def _row(choice: list[int], sizes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(a == k) for m, k in zip(sizes, choice, strict=True) for a in range(m))


def reduced(form: ExtensiveForm, row: Row) -> tuple[Fraction | float | int | None, ...]:
    """A row with None where the player excludes the information set itself, in the same subgame."""
    tree = form.tree
    roots = set(tree.subgame_roots.tolist())
    marked: list[Fraction | float | int | None] = list(row)
    for h, nodes in enumerate(tree.members):
        v, player = nodes[0], tree.infosets[h].player
        while v not in roots:
            v, below = tree.parent[v], v
            if (
                tree.mover[v] == player
                and not row[tree.column[tree.infoset[v]] + tree.choice[below]]
            ):
                marked[tree.column[h] : tree.column[h + 1]] = [None] * len(tree.infosets[h].actions)
    return tuple(marked)


def ranges(form: ExtensiveForm, game: int = 0) -> Exact:
    """The range of each player's payoffs over the leaves; one where they are all the same."""
    leaves = form.flat()[0][game]
    spread = (Fraction(float(c.max())) - Fraction(float(c.min())) for c in leaves.T)
    return tuple(value or Fraction(1) for value in spread)


def _settled(
    agreed: Exact,
    failed: Exact,
    weights: list[float],
    outside: list[float],
    parties: tuple[int, ...],
) -> Exact:
    """The outside option principle, by trying every set of parties whose option binds.

    In the solution just those get their option who would get less by sharing the rest.
    """
    option = {i: Fraction(outside[i]) for i in parties if outside[i] > -inf}
    alone = {i: max(failed[i], option.get(i, failed[i])) for i in parties}
    total = sum((agreed[i] for i in parties), Fraction(0))
    if total < sum(alone.values(), Fraction(0)):
        return tuple(alone.get(i, value) for i, value in enumerate(failed))
    for bind in product((False, True), repeat=len(parties)):
        bound = {i for i, b in zip(parties, bind, strict=True) if b}
        if bound <= option.keys():
            free = [i for i in parties if i not in bound]
            rest = total - sum((option[i] for i in bound), Fraction(0))
            rest -= sum((failed[i] for i in free), Fraction(0))
            share = {i: option[i] for i in bound} | _shared(failed, weights, free, rest)
            # Who gets its option would get less, by the same terms as the others.
            weight = sum((Fraction(weights[i]) for i in free), Fraction(0))
            binds = all(
                (option[i] - failed[i]) * weight >= Fraction(weights[i]) * rest for i in bound
            )
            if binds and all(share[i] >= alone[i] for i in free) and (free or rest == 0):
                return tuple(share.get(i, value) for i, value in enumerate(agreed))
    raise AssertionError("no division satisfies the outside option principle")


def _shared(
    failed: Exact, weights: list[float], free: list[int], rest: Fraction
) -> dict[int, Fraction]:
    """The rest by weights, or equally where nobody has any."""
    weight = sum((Fraction(weights[i]) for i in free), Fraction(0))
    return {
        i: failed[i] + rest * (Fraction(weights[i]) / weight if weight else Fraction(1, len(free)))
        for i in free
    }
