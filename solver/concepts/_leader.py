"""Where a leader's best action can be: indifference points of the follower and peaks of the payoff.

Arrays over actions are (points, G), arrays over answers (answers, points, G). Everything is done
for all games at once; subsets of games are evaluated through `FlatLeader.part`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.forms.leader import FlatLeader, Floats
from solver.kernels.search import peaks, roots

Integers = NDArray[np.intp]


@final
@dataclass(frozen=True, eq=False)
class Brackets:
    """Intervals (a, b) of some games, with the values of a function at their ends; all (R,)."""

    game: Integers
    a: Floats
    b: Floats
    at_a: Floats
    at_b: Floats


def outcome(
    flat: FlatLeader, actions: Floats, slack: Floats | float
) -> tuple[Floats, Integers, Floats]:
    """Leader's payoff, the follower's answer and its payoff at actions (P, G), by the tie rule.

    Among answers within `slack` of the best the leader's favourite is given, and of those the one
    listed last.
    """
    leader, follower = flat.at(actions)
    tied = follower >= follower.max(axis=0) - slack
    value = np.where(tied, leader, -np.inf)
    last = len(value) - 1 - np.argmax(value[::-1], axis=0)
    other = np.take_along_axis(follower, last[None], axis=0)[0]
    return value.max(axis=0), last, other


@final
class Best:
    """The best action seen so far in each game, with its answer and payoffs."""

    def __init__(self, flat: FlatLeader, slack: Floats) -> None:
        games = len(flat.low)
        self.flat = flat
        self.slack = slack
        self.action = np.full(games, np.inf)
        self.answer = np.zeros(games, np.intp)
        self.value = np.full(games, -np.inf)
        self.other = np.full(games, np.nan)

    def consider(self, actions: Floats) -> None:
        """Take up the best of actions (P, G) where it is better; NaN where there is none."""
        if len(actions) == 0:
            return
        value, answer, other = outcome(self.flat, actions, self.slack)
        value = np.where(np.isnan(actions), -np.inf, value)
        best = value.max(axis=0)
        row = np.argmin(np.where(value == best, actions, np.inf), axis=0)[None]
        action = np.take_along_axis(actions, row, axis=0)[0]
        better = (best > self.value) | ((best == self.value) & (action < self.action))
        self.value = np.where(better, best, self.value)
        self.action = np.where(better, action, self.action)
        self.answer = np.where(better, np.take_along_axis(answer, row, axis=0)[0], self.answer)
        self.other = np.where(better, np.take_along_axis(other, row, axis=0)[0], self.other)

    def replace(self, games: Integers, other: Best) -> None:
        """Take the answers of `other`, which holds these games, over."""
        for mine, theirs in zip(self._arrays(), other._arrays(), strict=True):
            mine[games] = theirs

    def _arrays(self) -> tuple[Floats, Integers, Floats, Floats]:
        return self.action, self.answer, self.value, self.other


def indifference(flat: FlatLeader, grid: Floats, follower: Floats, slack: Floats) -> Floats:
    """Actions (R, G), ascending and padded with NaN, at which the set of best answers changes."""
    games: list[Integers] = []
    actions: list[Floats] = []
    for pair in combinations(range(len(follower)), 2):
        found = _brackets(flat, grid, follower[pair[0]] - follower[pair[1]], pair)
        root = _crossing(flat.part(found.game), slack[found.game], pair, found)
        payoffs = flat.part(found.game).at(root)[1]
        on_top = payoffs[list(pair)].max(axis=0) >= payoffs.max(axis=0) - slack[found.game]
        games.append(found.game[on_top])
        actions.append(root[on_top])
    return _padded(games, actions, len(slack))


def _brackets(
    flat: FlatLeader, grid: Floats, difference: Floats, pair: tuple[int, int]
) -> Brackets:
    """Intervals inside which the difference of two payoffs changes sign.

    Two neighbouring samples of different sign make one; a sample that is a local minimum of the
    size of the difference, and near enough to zero for a parabola or a kink to reach it, is
    followed down: if the difference changes sign there, it makes two.
    """
    sign = np.sign(difference)
    row, game = np.nonzero(sign[1:] != sign[:-1])
    left, mid, right = difference[:-2], difference[1:-1], difference[2:]
    size = np.abs(mid)
    dips = (size <= np.abs(left)) & (size <= np.abs(right))
    dips &= (left * mid > 0.0) & (right * mid > 0.0)
    reach = (right - left) ** 2 / (8.0 * np.abs(left - 2.0 * mid + right))
    # A parabola may miss a kink: what counts there is the slope on the steeper side.
    near = (reach >= 0.5 * size) | (2.0 * size <= np.maximum(np.abs(left), np.abs(right)))
    dip_row, dip_game = np.nonzero(dips & near)
    turn, value = _turning_points(flat.part(dip_game), grid, difference, dip_row, dip_game, pair)
    through = value * mid[dip_row, dip_game] < 0.0
    dip_row, dip_game = dip_row[through], dip_game[through]
    turn, value = turn[through], value[through]
    return Brackets(
        game=np.concatenate((game, dip_game, dip_game)),
        a=np.concatenate((grid[row, game], grid[dip_row, dip_game], turn)),
        b=np.concatenate((grid[row + 1, game], turn, grid[dip_row + 2, dip_game])),
        at_a=np.concatenate((difference[row, game], difference[dip_row, dip_game], value)),
        at_b=np.concatenate((difference[row + 1, game], value, difference[dip_row + 2, dip_game])),
    )


def _turning_points(  # noqa: PLR0913, PLR0917
    local: FlatLeader,
    grid: Floats,
    difference: Floats,
    row: Integers,
    game: Integers,
    pair: tuple[int, int],
) -> tuple[Floats, Floats]:
    """Where the difference comes nearest to zero, or goes furthest beyond it, and its value."""
    sign = np.sign(difference[row + 1, game])

    def towards_zero(x: Floats, index: Integers) -> Floats:
        return -sign[index] * _difference(local, x, index, pair)

    turn = peaks(towards_zero, grid[row, game], grid[row + 2, game])
    return turn, _difference(local, turn, np.arange(len(game)), pair)


def _difference(local: FlatLeader, x: Floats, index: Integers, pair: tuple[int, int]) -> Floats:
    follower = local.part(index).at(x)[1]
    difference: Floats = follower[pair[0]] - follower[pair[1]]
    return difference


def _crossing(local: FlatLeader, slack: Floats, pair: tuple[int, int], found: Brackets) -> Floats:
    """Where the follower's preference between two answers changes, inside each bracket.

    A root of the difference; but where one end is a tie the difference may be zero over a whole
    stretch, and what is sought is its edge: there the predicate "tied" is bisected.
    """
    tied_a, tied_b = np.abs(found.at_a) <= slack, np.abs(found.at_b) <= slack
    edge = tied_a != tied_b

    def change(x: Floats, index: Integers) -> Floats:
        gap = _difference(local, x, index, pair)
        flag = np.where(np.abs(gap) <= slack[index], 1.0, -1.0)
        return np.where(edge[index], flag, gap)

    at_a = np.where(edge, np.where(tied_a, 1.0, -1.0), found.at_a)
    at_b = np.where(edge, np.where(tied_b, 1.0, -1.0), found.at_b)
    return roots(change, found.a, found.b, at_a, at_b)


def inner_peaks(flat: FlatLeader, grid: Floats, leader: Floats, enough: Floats) -> Floats:
    """Actions (R, G) at which the leader's payoff for some fixed answer peaks inside the interval.

    Whether the follower gives that answer there is for `outcome` to say. A peak that could not
    reach `enough` (G,), even if it rose above its sample by twice what its neighbours fall, is left
    out: a concave payoff cannot do that.
    """
    games: list[Integers] = []
    actions: list[Floats] = []
    for answer, payoff in enumerate(leader):
        first, last, game = _tops(payoff, enough)
        local = flat.part(game)

        def own(
            x: Floats, index: Integers, local: FlatLeader = local, answer: int = answer
        ) -> Floats:
            payoffs: Floats = local.part(index).at(x)[0][answer]
            return payoffs

        games.append(game)
        actions.append(peaks(own, grid[first, game], grid[last, game]))
    return _padded(games, actions, len(enough))


def _tops(payoff: Floats, enough: Floats) -> tuple[Integers, Integers, Integers]:
    """Samples (first, last) of each game between which the payoff may have a peak.

    Around every sample that is a local maximum; and in the outermost steps, if the payoff rises
    towards the end but less than it did a step before.
    """
    left, mid, right = payoff[:-2], payoff[1:-1], payoff[2:]
    rise = np.maximum(mid - left, mid - right)
    top = (mid >= left) & (mid >= right) & (rise > 0.0)
    row, game = np.nonzero(top & (mid + 2.0 * rise >= enough))
    last = len(payoff) - 1
    firsts, lasts, games = [row], [row + 2], [game]
    for edge, inner, before in ((0, 1, 2), (last, last - 1, last - 2)):
        step, step_before = payoff[edge] - payoff[inner], payoff[inner] - payoff[before]
        slows = (step >= 0.0) & (step < 0.9 * step_before)
        slows &= payoff[edge] + step_before >= enough
        games.append(np.flatnonzero(slows))
        firsts.append(np.full_like(games[-1], min(edge, inner)))
        lasts.append(np.full_like(games[-1], max(edge, inner)))
    return np.concatenate(firsts), np.concatenate(lasts), np.concatenate(games)


def _padded(games: list[Integers], actions: list[Floats], count: int) -> Floats:
    """Actions by game as columns (R, G), ascending, NaN below the last of each game."""
    if not games:
        return np.empty((0, count))
    game, action = np.concatenate(games), np.concatenate(actions)
    order = np.lexsort((action, game))
    game, action = game[order], action[order]
    per_game = np.bincount(game, minlength=count)
    rank = np.arange(len(game)) - np.repeat(np.cumsum(per_game) - per_game, per_game)
    columns = np.full((per_game.max(initial=0), count), np.nan)
    columns[rank, game] = action
    return columns


def payoff_range(payoffs: Floats) -> Floats:
    """Range of payoffs (answers, points, G) per game."""
    spread: Floats = payoffs.max(axis=(0, 1)) - payoffs.min(axis=(0, 1))
    return spread


def best_deviation(flat: FlatLeader, points: int, chosen: Best) -> Floats:
    """(G, 2): what leader and follower gain by their best deviation, relative to payoff ranges.

    For the leader a dense search: four times as many samples as the solver had, elsewhere, with a
    follower that answers without tolerance; then twice a closer look around the best.
    """
    leader, follower = (payoffs[:, 0] for payoffs in flat.at(chosen.action[None]))
    picked = chosen.answer[None]
    promised = np.take_along_axis(leader, picked, axis=0)[0]
    regret = follower.max(axis=0) - np.take_along_axis(follower, picked, axis=0)[0]
    regret = np.where(regret <= chosen.slack, 0.0, regret)  # rounding, even if nothing else varies
    actions = flat.low + _fractions(4 * points) * (flat.high - flat.low)
    payoffs = flat.at(actions)
    spread = [payoff_range(player) for player in payoffs]
    best, centre = _highest(actions, *payoffs)
    reach = (flat.high - flat.low) / (2 * points)
    for _ in range(2):
        actions = np.clip(centre + (2.0 * _fractions(16) - 1.0) * reach, flat.low, flat.high)
        value, centre = _highest(actions, *flat.at(actions))
        best, reach = np.maximum(best, value), reach / 8.0
    return np.stack((_share(best - promised, spread[0]), _share(regret, spread[1])), axis=-1)


def _fractions(points: int) -> Floats:
    """Points (points + 1, 1) inside (0, 1), none of them on the solver's grid."""
    fractions: Floats = (np.arange(points + 1.0)[:, None] + 0.382) / (points + 1.382)
    return fractions


def _highest(actions: Floats, leader: Floats, follower: Floats) -> tuple[Floats, Floats]:
    """The leader's highest payoff over actions (P, G), and the action that gives it."""
    value = np.where(follower == follower.max(axis=0), leader, -np.inf).max(axis=0)
    row = np.argmax(value, axis=0)[None]
    highest, action = (np.take_along_axis(a, row, axis=0)[0] for a in (value, actions))
    return highest, action


def _share(gain: Floats, spread: Floats) -> Floats:
    """A gain as a share of the payoff range; a payoff that never varies leaves nothing to gain."""
    return np.where(spread > 0.0, np.maximum(gain, 0.0) / np.where(spread > 0.0, spread, 1.0), 0.0)
