"""Hypothesis strategies for coalition games: degenerate ones are the rule, not the exception."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from solver.forms.coalition import CoalitionGame

#: How worths are drawn: few integers, so that ties abound; synergies of any sign; or a family.
KINDS = ("few", "signed", "convex", "market", "majority", "shifted")


@st.composite
def coalition_games(
    draw: st.DrawFn, *, min_players: int = 1, max_players: int = 5, imputations: bool = False
) -> CoalitionGame:
    """A coalition game with integer worths, most of them degenerate.

    Parameters
    ----------
    min_players, max_players : int, keyword-only
    imputations : bool, keyword-only
        Only games in which all players together earn at least what they do one by one.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(coalition_games(max_players=3))
    ... def test_nobody_is_worth_nothing(game):
    ...     assert game.worths[0] == 0
    """
    players = draw(st.integers(min_players, max_players))
    kind = draw(st.sampled_from(KINDS))
    size = 1 << players
    coalitions = np.arange(size)
    members = coalitions[:, None] >> np.arange(players) & 1
    if kind in {"few", "signed", "shifted"}:
        low, high = (0, 3) if kind == "few" else (-6, 6)
        table = np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size)))
        if kind == "shifted":
            alone = draw(st.lists(st.integers(0, 10**9), min_size=players, max_size=players))
            table = table + members @ np.array(alone)
    elif kind == "convex":  # sums of what unanimous coalitions earn
        dividends = st.lists(st.integers(0, 2), min_size=size, max_size=size)
        given = np.array(draw(dividends))
        given[0] = 0
        table = np.array([given[(coalitions & s) == coalitions].sum() for s in coalitions])
    elif kind == "market":  # left and right gloves
        left = draw(st.integers(0, players))
        table = np.minimum(members[:, :left].sum(axis=1), members[:, left:].sum(axis=1))
    else:
        weights = draw(st.lists(st.integers(0, 3), min_size=players, max_size=players))
        quota = draw(st.integers(1, max(1, sum(weights))))
        table = (members @ np.array(weights) >= quota).astype(int)
    worths = _whole(table, players, enough=imputations)
    return CoalitionGame([f"player {i + 1}" for i in range(players)], worths)


def _whole(table: NDArray[np.int64], players: int, *, enough: bool) -> NDArray[np.float64]:
    worths = table.astype(np.float64)
    worths[0] = 0.0
    if enough:
        alone = worths[[1 << i for i in range(players)]].sum()
        worths[-1] = max(worths[-1], alone)
    return worths
