"""Subgame-perfect equilibria of leader-follower games.

Write W_a(p) for the follower's and L_a(p) for the leader's payoff when the leader has chosen p and
the follower answers a. The interval falls into pieces on which one answer is best; they meet where
the follower is indifferent. Under "indifferent: the answer the leader prefers", the leader's payoff
V(p) is upper semicontinuous, so it has a maximum: at an end of the interval, at an indifference
point, or at a peak of L_a inside a piece. All three kinds of candidates are computed to rounding;
the grid only finds brackets and never enters the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._threads import over_ranges
from solver.concepts._concept import concept
from solver.equilibria import Equilibria, Rows, Status
from solver.forms.leader import FlatLeader, Floats, LeaderFollower
from solver.kernels.search import peaks, roots

#: Games handled at once: the working arrays of a block stay in the second-level cache.
BLOCK = 1024
SMALLEST_RANGE = 4_096
#: Payoff differences of the follower that count as none, relative to the range of its payoffs.
TIE = 1e-12


@final
@dataclass(frozen=True)
class Bracketing:
    """Brackets on a grid, then roots and peaks to rounding.

    ``points`` samples of the interval find the brackets; a piece between two indifference points
    that lie closer than two steps is searched as well if a parabola through the samples suggests
    it. ``tol`` bounds the certificate.
    """

    name: ClassVar[str] = "bracketing"
    tol: float = 1e-9
    points: int = 49


@concept("subgame-perfect", [LeaderFollower], [Bracketing])
def subgame_perfect(form: LeaderFollower, method: Bracketing) -> Equilibria:
    """The subgame-perfect equilibrium of leader-follower games, no grid in the answer.

    Parameters
    ----------
    form : LeaderFollower over (*B)
    method : Bracketing, optional

    Returns
    -------
    Equilibria
        One equilibrium per game: ``leader_action`` (*B, 1), the follower's answer as a degenerate
        strategy, payoffs of both. ``gap[..., 0]`` is what the best deviation found by an
        independent dense search would give the leader, ``gap[..., 1]`` the follower's regret, both
        relative to the payoff range over the interval. ``complete`` is False: other equilibria of
        the same value are not searched for. NONE_EXIST where the interval is empty.

    Notes
    -----
    Tie rules: an indifferent follower gives the answer that the leader prefers, and among those the
    one listed last; an indifferent leader takes the lowest action. With the opposite rule for the
    follower the leader would have no best action at an indifference point (limit pricing).

    Follower indifference is solved by Chandrupatla's method, peaks by golden section and Newton
    steps. The answer is wrong if the follower's preference changes twice, or a payoff of the leader
    peaks twice, between neighbouring samples; the certificate then usually tells. Where the
    follower's payoffs touch without crossing, the action is exact to the square root of rounding
    only. Cost: about 250 payoff evaluations per game, two thirds of them for the certificate.

    References
    ----------
    H. von Stackelberg (1934); R. Selten (1965). T. R. Chandrupatla (1997), Adv. Eng. Software 28.
    """
    flat = form.flat()
    games = len(flat.low)
    found = _Found(games, len(form.answers))

    def work(low: int, high: int) -> None:
        for start in range(low, high, BLOCK):
            block = slice(start, min(start + BLOCK, high))
            with np.errstate(all="ignore"):
                _solve_block(flat.part(block), block, method, found)

    over_ranges(games, SMALLEST_RANGE, work)
    settled = np.isin(found.status, (Status.SOLVED, Status.NOT_CONVERGED))
    shape = form.batch_shape
    return Equilibria(
        form=form,
        concept="subgame-perfect",
        method=method.name,
        measure="best deviation",
        tol=method.tol,
        count=settled.astype(np.int64).reshape(shape),
        status=found.status.reshape(shape),
        complete=(found.status == Status.NONE_EXIST).reshape(shape),
        rows=found.rows(settled),
    )


@final
class _Found:
    """Where the blocks write: one entry per game."""

    def __init__(self, games: int, answers: int) -> None:
        self.action = np.empty(games)
        self.answer = np.empty(games, np.intp)
        self.payoffs = np.empty((games, 2))
        self.gap = np.empty((games, 2))
        self.status = np.empty(games, np.int8)
        self.answers = answers

    def rows(self, settled: NDArray[np.bool_]) -> Rows:
        answer, payoffs, gap = self.answer[settled], self.payoffs[settled], self.gap[settled]
        one_hot = np.eye(self.answers)
        return Rows(
            lambda: np.concatenate([np.ones((len(answer), 1)), one_hot[answer]], axis=1),
            lambda _rows, _owner: (payoffs, gap),
            self.action[settled],
        )


def _solve_block(flat: FlatLeader, block: slice, method: Bracketing, found: _Found) -> None:
    low, high = flat.low, flat.high
    valid = np.isfinite(low) & np.isfinite(high)
    for values in flat.parameters.values():
        valid = valid & np.isfinite(values)
    step = (high - low) / (method.points - 1)
    grid = low + np.arange(method.points)[:, None] * step
    grid[-1] = high
    leader, follower = flat.at(grid)
    slack = TIE * _range(follower)
    points = _Candidates(flat, slack)
    points.try_all(grid[[0, -1]])
    points.try_all(_indifference(flat, grid, follower, slack))
    points.try_all(_peaks(grid, leader, flat, points.value))
    gap = np.stack(_certificate(flat, method.points, points), axis=-1)
    finite = np.isfinite(points.value) & np.isfinite(leader + follower).all(axis=(0, 1))
    certified = (gap <= method.tol).all(axis=-1)
    status = np.where(certified, Status.SOLVED, Status.NOT_CONVERGED)
    status = np.where(valid & finite, status, Status.INVALID_INPUT)
    found.status[block] = np.where(valid & (high < low), Status.NONE_EXIST, status)
    found.action[block], found.answer[block] = points.action, points.answer
    found.payoffs[block] = np.stack((points.value, points.other), axis=-1)
    found.gap[block] = gap


def _range(payoffs: Floats) -> Floats:
    """Range of payoffs (answers, points, G) per game."""
    spread: Floats = payoffs.max(axis=(0, 1)) - payoffs.min(axis=(0, 1))
    return spread


@final
class _Candidates:
    """The best action seen so far in each game, with its answer and payoffs."""

    def __init__(self, flat: FlatLeader, slack: Floats) -> None:
        games = len(flat.low)
        self.flat = flat
        self.slack = slack
        self.action = np.full(games, np.inf)
        self.answer = np.zeros(games, np.intp)
        self.value = np.full(games, -np.inf)
        self.other = np.full(games, np.nan)

    def try_all(self, actions: Floats) -> None:
        """Consider actions (P, G); NaN where there is none."""
        if len(actions) == 0:
            return
        value, answer, other = outcome(self.flat, actions, self.slack)
        value = np.where(np.isnan(actions), -np.inf, value)
        best = value.max(axis=0)
        ties = np.where(value == best, actions, np.inf)
        row = np.argmin(ties, axis=0)[None]
        action, pick = (np.take_along_axis(a, row, axis=0)[0] for a in (actions, answer))
        then = np.take_along_axis(other, row, axis=0)[0]
        better = (best > self.value) | ((best == self.value) & (action < self.action))
        self.value = np.where(better, best, self.value)
        self.action = np.where(better, action, self.action)
        self.answer = np.where(better, pick, self.answer)
        self.other = np.where(better, then, self.other)


def outcome(
    flat: FlatLeader, actions: Floats, slack: Floats | float
) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Leader's payoff, the follower's answer and payoff at actions (P, G), by the tie rule."""
    leader, follower = flat.at(actions)
    tied = follower >= follower.max(axis=0) - slack
    value = np.where(tied, leader, -np.inf)
    last = len(value) - 1 - np.argmax(value[::-1], axis=0)
    other = np.take_along_axis(follower, last[None], axis=0)[0]
    return value.max(axis=0), last, other


def _indifference(flat: FlatLeader, grid: Floats, follower: Floats, slack: Floats) -> Floats:
    """Actions (R, G), ascending and padded with NaN, at which the set of best answers changes."""
    games: list[NDArray[np.intp]] = []
    actions: list[Floats] = []
    for pair in combinations(range(len(follower)), 2):
        difference = follower[pair[0]] - follower[pair[1]]
        game, a, b, fa, fb = _brackets(flat, grid, difference, pair)
        root = _crossing(flat.part(game), slack[game], pair, a, b, fa, fb)
        payoffs = flat.part(game).at(root)[1]
        on_top = payoffs[list(pair)].max(axis=0) >= payoffs.max(axis=0) - slack[game]
        games.append(game[on_top])
        actions.append(root[on_top])
    if not games:
        return np.empty((0, len(slack)))
    return _padded(np.concatenate(games), np.concatenate(actions), len(slack))


def _brackets(
    flat: FlatLeader, grid: Floats, difference: Floats, pair: tuple[int, int]
) -> tuple[NDArray[np.intp], Floats, Floats, Floats, Floats]:
    """Games and intervals (a, b) with the differences at their ends, where a sign changes inside.

    Two neighbouring samples of different sign make one; a sample that is a local minimum of the
    size of the difference, and near enough to zero for a parabola to reach it, is followed down:
    if the difference changes sign there, it makes two.
    """
    row, game = np.nonzero(np.sign(difference[1:]) != np.sign(difference[:-1]))
    single = (game, grid[row, game], grid[row + 1, game])
    single += (difference[row, game], difference[row + 1, game])
    left, mid, right = difference[:-2], difference[1:-1], difference[2:]
    size = np.abs(mid)
    dips = (size <= np.abs(left)) & (size <= np.abs(right))
    dips &= (left * mid > 0.0) & (right * mid > 0.0)
    reach = (right - left) ** 2 / (8.0 * np.abs(left - 2.0 * mid + right))
    row, game = np.nonzero(dips & (reach >= 0.5 * size))
    if len(game) == 0:
        return single
    local, sign = flat.part(game), np.sign(mid[row, game])

    def towards_zero(x: Floats, index: NDArray[np.intp]) -> Floats:
        payoffs = local.part(index).at(x)[1]
        return -sign[index] * (payoffs[pair[0]] - payoffs[pair[1]])

    a, b = grid[row, game], grid[row + 2, game]
    turn = peaks(towards_zero, a, b)
    value = -sign * towards_zero(turn, np.arange(len(game)))
    through = value * sign < 0.0
    game, a, turn, b, value = (v[through] for v in (game, a, turn, b, value))
    row = row[through]
    return (
        np.concatenate((single[0], game, game)),
        np.concatenate((single[1], a, turn)),
        np.concatenate((single[2], turn, b)),
        np.concatenate((single[3], difference[row, game], value)),
        np.concatenate((single[4], value, difference[row + 2, game])),
    )


def _crossing(
    local: FlatLeader, slack: Floats, pair: tuple[int, int], a: Floats, b: Floats,
    fa: Floats, fb: Floats,
) -> Floats:  # fmt: skip
    """Where the follower's preference between two answers changes, inside each bracket.

    A root of the difference; but where one end is a tie the difference may be zero over a whole
    stretch, and what is sought is its edge: there the predicate "tied" is bisected.
    """
    tied_a, tied_b = np.abs(fa) <= slack, np.abs(fb) <= slack
    edge = tied_a != tied_b

    def change(x: Floats, index: NDArray[np.intp]) -> Floats:
        payoffs = local.part(index).at(x)[1]
        gap = payoffs[pair[0]] - payoffs[pair[1]]
        flag = np.where(np.abs(gap) <= slack[index], 1.0, -1.0)
        return np.where(edge[index], flag, gap)

    ends = (np.where(edge, np.where(tied, 1.0, -1.0), f) for tied, f in ((tied_a, fa), (tied_b, fb)))
    return roots(change, a, b, *ends)


def _padded(games: NDArray[np.intp], actions: Floats, count: int) -> Floats:
    """Actions by game as columns (R, G), ascending, NaN below the last of each game."""
    order = np.lexsort((actions, games))
    games, actions = games[order], actions[order]
    per_game = np.bincount(games, minlength=count)
    rank = np.arange(len(games)) - np.repeat(np.cumsum(per_game) - per_game, per_game)
    columns = np.full((per_game.max(initial=0), count), np.nan)
    columns[rank, games] = actions
    return columns


def _peaks(grid: Floats, leader: Floats, flat: FlatLeader, enough: Floats) -> Floats:
    """Actions (R, G) at which the leader's payoff for some fixed answer peaks inside the interval.

    Whether the follower gives that answer there is for `outcome` to say. A peak that could not
    reach `enough` (G,), even if it rose above its sample by twice what its neighbours fall, is left
    out: a concave payoff cannot do that.
    """
    games: list[NDArray[np.intp]] = []
    actions: list[Floats] = []
    for answer, payoff in enumerate(leader):
        left, mid, right = payoff[:-2], payoff[1:-1], payoff[2:]
        rise = np.maximum(mid - left, mid - right)
        top = (mid >= left) & (mid >= right) & (rise > 0.0)
        row, game = np.nonzero(top & (mid + 2.0 * rise >= enough))
        local = flat.part(game)

        def own(
            x: Floats,
            index: NDArray[np.intp],
            local: FlatLeader = local,
            answer: int = answer,
        ) -> Floats:
            payoffs: Floats = local.part(index).at(x)[0][answer]
            return payoffs

        games.append(game)
        actions.append(peaks(own, grid[row, game], grid[row + 2, game]))
    return _padded(np.concatenate(games), np.concatenate(actions), len(enough))


def _certificate(flat: FlatLeader, points: int, chosen: _Candidates) -> tuple[Floats, Floats]:
    """What the leader gains by the best deviation of a dense search, and the follower by another answer.

    The search takes four times as many samples as the solver had, elsewhere, lets the follower
    answer with no tolerance, and then looks twice more closely around the best. Both gains are
    relative to the payoff ranges over the samples.
    """
    low, width = flat.low, flat.high - flat.low
    leader, follower = flat.at(chosen.action[None])
    picked = np.take_along_axis(follower[:, 0], chosen.answer[None], axis=0)[0]
    promised = np.take_along_axis(leader[:, 0], chosen.answer[None], axis=0)[0]
    regret = follower[:, 0].max(axis=0) - picked
    share = (np.arange(4 * points + 1)[:, None] + 0.382) / (4 * points + 1.382)
    best = np.full(len(low), -np.inf)
    centre, reach = low + 0.5 * width, 0.5 * width
    spread = np.zeros((2, len(low)))
    for level in range(3):
        actions = np.clip(centre + (2.0 * share - 1.0) * reach, low, flat.high)
        if level == 0:
            everywhere = flat.at(actions)
            spread = np.stack([_range(payoffs) for payoffs in everywhere])
        value = outcome(flat, actions, 0.0)[0]
        row = np.argmax(value, axis=0)[None]
        best = np.maximum(best, np.take_along_axis(value, row, axis=0)[0])
        centre = np.take_along_axis(actions, row, axis=0)[0]
        reach = reach * 3.0 / len(share)
        share = (np.arange(17)[:, None] + 0.382) / 17.382
    gain = np.maximum(best - promised, 0.0)
    return _relative(gain, spread[0]), _relative(regret, spread[1])


def _relative(gain: Floats, spread: Floats) -> Floats:
    """A gain as a share of the payoff range; a payoff that never varies leaves nothing to gain."""
    return np.where(spread > 0.0, gain / np.where(spread > 0.0, spread, 1.0), 0.0)
