"""Hypothesis strategy for extensive-form games with chance and hidden information.

Trees are drawn node by node. Information sets are made afterwards, of nodes at which a player has
the same number of actions and the same own past, so that everybody remembers what it did and knew.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.errors import ParameterError
from solver.forms.extensive import ExtensiveForm
from solver.forms.telling import Node, bargaining, chance, decision, leaf, tree
from solver.testing._numbers import Shape

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "solver.testing.tree_games needs hypothesis: pip install 'coopet[testing]'"
    ) from error

__all__ = ["extensive_forms"]

#: Probabilities of two and three branches, in 60ths; a branch may be impossible.
_ODDS = {
    2: ((30, 30), (20, 40), (15, 45), (0, 60)),
    3: ((20, 20, 20), (30, 15, 15), (40, 20, 0)),
}
#: Nodes after which there are only leaves: brute force must stay possible.
MOST_NODES = 22
#: Names of players.
_PLAIN = ("A", "B", "C", "D")


def extensive_forms(  # noqa: PLR0913
    *,
    players: tuple[int, int] = (1, 3),
    depth: int = 3,
    batch: Shape = (),
    hidden: bool = True,
    zero_sum: bool = False,
    bargains: bool = False,
) -> st.SearchStrategy[ExtensiveForm]:
    """Draw trees.

    Parameters
    ----------
    players : (int, int)
        Least and most players.
    depth : int
        Most moves on a path; there are at most three branches at a node.
    batch : tuple of int
        Batch shape: all games of the batch have the same tree, each payoffs of its own.
    hidden : bool
        Whether players may be unsure where they are.
    zero_sum : bool
        Whether payoffs add up to zero, for two players.
    bargains : bool
        Whether players may bargain; only where information is perfect.

    Notes
    -----
    Payoffs are whole numbers from -2 to 3, which tie more often than not. Trees shrink towards a
    single leaf, payoffs towards zero. They have few enough nodes for brute force.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(extensive_forms(players=(2, 2)))
    ... def test_two_players(form):
    ...     assert 2 == len(form.players)

    """
    low, high = players
    if not 1 <= low <= high <= len(_PLAIN):
        raise ParameterError(f"players = {players} is not a range within 1 to {len(_PLAIN)}")
    if bargains and hidden:
        raise ParameterError("bargains = True needs hidden = False: nobody may be unsure of talks")
    if zero_sum and players != (2, 2):
        raise ParameterError(f"zero_sum = True needs players = (2, 2), not {players}")
    return st.integers(low, high).flatmap(
        lambda n: _forms(n, depth, batch, hidden, zero_sum, bargains)
    )


@st.composite
def _forms(  # noqa: PLR0913, PLR0917
    draw: st.DrawFn,
    players: int,
    depth: int,
    batch: Shape,
    hidden: bool,  # noqa: FBT001
    zero_sum: bool,  # noqa: FBT001
    bargains: bool,  # noqa: FBT001
) -> ExtensiveForm:
    payoff = st.integers(-2, 3)
    size = int(np.prod(batch))
    names = _PLAIN[:players]
    labels: dict[tuple[Any, ...], str] = {}
    decided = [0]

    def amounts() -> list[Any]:
        values = [
            np.array(draw(st.lists(payoff, min_size=size, max_size=size)), float).reshape(batch)
            for _ in range(players)
        ]
        return [values[0], -values[0]] if zero_sum else values

    def told(left: int, pasts: tuple[tuple[Any, ...], ...]) -> Node:
        kinds = ["leaf", *names, "chance"] + ["talks"] * (bargains and players > 1)
        decided[0] += 1
        kind = draw(st.sampled_from(kinds)) if left and decided[0] <= MOST_NODES else "leaf"
        if kind == "leaf":
            return leaf(*amounts())
        if kind == "talks":
            weight = draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
            outside = {names[1]: draw(payoff)} if draw(st.booleans()) else None
            return bargaining(
                {names[0]: weight, names[1]: 1.0 - weight},
                told(left - 1, pasts),
                told(left - 1, pasts),
                outside=outside,
            )
        width = draw(st.sampled_from((2, 2, 3)))
        if kind == "chance":
            odds = draw(st.sampled_from(_ODDS[width]))
            return chance({f"c{k}": (p / 60.0, told(left - 1, pasts)) for k, p in enumerate(odds)})
        i = names.index(kind)
        view = draw(st.sampled_from((0, 0, 0, 1)))
        seen = (kind, width, view, *pasts[i])

        def after(k: int) -> tuple[tuple[Any, ...], ...]:
            return (*pasts[:i], (k, *seen), *pasts[i + 1 :])

        branches = {f"{kind.lower()}{k}": told(left - 1, after(k)) for k in range(width)}
        return decision(
            kind, branches, infoset=labels.setdefault(seen, f"s{len(labels)}") if hidden else None
        )

    return tree(names, told(depth, ((),) * players))
