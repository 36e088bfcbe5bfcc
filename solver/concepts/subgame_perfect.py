"""Subgame-perfect equilibria: of leader-follower games here, of trees in `_backward`, `_subgames`.

Write W_a(p) for the follower's and L_a(p) for the leader's payoff when the leader has chosen p and
the follower answers a. The interval falls into pieces on which one answer is best; they meet where
the follower is indifferent. Under "indifferent: the answer the leader prefers", the leader's payoff
V(p) is upper semicontinuous, so it has a maximum: at an end of the interval, at an indifference
point, or at a peak of L_a inside a piece. All three kinds of candidates are computed to rounding;
the grid only finds brackets and never enters the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver._threads import over_ranges
from solver.concepts._backward import BackwardInduction, backward_induction
from solver.concepts._concept import concept
from solver.concepts._leader import Best, best_deviation, indifference, inner_peaks
from solver.concepts._subgames import solve_subgames
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ConceptError
from solver.forms.extensive import ExtensiveForm
from solver.forms.leader import FlatLeader, Floats, LeaderFollower

#: Games handled at once: enough to hide what a call of NumPy costs, few enough for the cache.
BLOCK = 4_096
SMALLEST_RANGE = 4_096
#: Payoff differences of the follower that count as none, relative to its largest payoff: what
#: rounding leaves of an indifference.
TIE = 8.0 * 2.0**-52
#: How often games that fail their certificate are solved again, on eight times as many samples.
FINER = 2


@final
@dataclass(frozen=True)
class Bracketing:
    """Brackets on a grid, then roots and peaks to rounding.

    ``points`` samples of the interval find the brackets; a piece between two indifference points
    that lie closer than two steps is searched as well if the samples around suggest it. ``tol``
    bounds the certificate.
    """

    name: ClassVar[str] = "bracketing"
    tol: float = 1e-9
    points: int = 49

    def __post_init__(self) -> None:
        if self.points < 5:
            raise ConceptError(f"bracketing with points = {self.points}: at least 5 are needed")


@concept("subgame-perfect", LeaderFollower, [Bracketing])
def subgame_perfect(form: LeaderFollower, method: Bracketing) -> Equilibria:
    """Subgame-perfect equilibria: of leader-follower games the one, of trees all.

    Parameters
    ----------
    form : LeaderFollower or ExtensiveForm over (*B)
    method : Bracketing or, for trees, BackwardInduction, optional

    Returns
    -------
    Equilibria
        Of a tree, all equilibria, each a row of behavior strategies: ``strategies[i]`` (*B, K, W_i)
        has the probabilities that ``form.actions[i]`` names. The first one listed follows the rule
        "an indifferent player takes the action listed first". With ties (DEGENERATE) the corners
        are listed, and ``complete`` says whether every equilibrium is a mixture of them. The gap is
        the most that a player gains by deviating inside one subgame, those below it left as they
        are. A TRUNCATED game has more than ``max_equilibria``, or a subgame in which three or more
        players move at once and no pure equilibrium exists.

        Of a leader-follower game, one equilibrium: ``leader_action`` (*B, 1), the follower's answer
        as a degenerate strategy, payoffs of both. ``gap[..., 0]`` is what the best deviation found
        by an independent dense search would give the leader, ``gap[..., 1]`` the follower's regret,
        both relative to the payoff range over the interval. ``complete`` is False: other equilibria
        of the same value are not searched for. NONE_EXIST where the interval is empty.

    Notes
    -----
    Trees are solved from the last subgame to the first, for every combination of equilibria of the
    subgames below: single decisions by backward induction in compiled code, a few nanoseconds per
    leaf; subgames with hidden information through the strategic form of what is new in them, all
    extreme equilibria of two players (see `nash`), pure ones of more. Chance may stand anywhere,
    and bargaining at a node that everybody knows: then the parties get the weighted Nash solution,
    with the values of the two branches as the pie and the disagreement point. What a player does at
    an information set that it excludes itself, inside one subgame, is uniform. Payoffs closer than
    1e-12 of the range of the player's payoffs are ties.

    Leader-follower games have these tie rules: an indifferent follower gives the answer that the
    leader prefers, and among those the one listed last; an indifferent leader takes the lowest
    action. With the opposite rule for the follower the leader would have no best action at an
    indifference point (limit pricing).

    Follower indifference is solved by Chandrupatla's method, peaks by golden section and Newton
    steps; games that fail their certificate are solved again on 8 and 64 times as many samples.
    The answer is wrong if the follower's preference changes twice, or a payoff of the leader peaks
    twice, between neighbouring samples, and the certificate, which samples four times as densely,
    sees nothing of it either: a stretch narrower than 1/200 of the interval can be missed. Where
    the follower's payoffs touch without crossing, the action is exact to the square root of
    rounding only. Payoff differences of the follower below 2e-15 of its largest payoff count as
    ties, so leave an answer out rather than giving it a huge penalty. Cost: about 250 payoff
    evaluations per game, two thirds of them for the certificate.

    References
    ----------
    R. Selten (1965), Spieltheoretische Behandlung eines Oligopolmodells mit Nachfrageträgheit,
    Z. ges. Staatswiss. 121. H. W. Kuhn (1953), Extensive games and the problem of information,
    Contributions to the Theory of Games 2. H. von Stackelberg (1934), Marktform und Gleichgewicht.
    T. R. Chandrupatla (1997), Adv. Eng. Software 28.

    Examples
    --------
    >>> from solver import decision, leaf, tree
    >>> answer = decision("Bob", {"fight": leaf(-1, 0), "yield": leaf(1, 1)})
    >>> entry = decision("Ann", {"in": answer, "out": leaf(0, 2)})
    >>> eq = subgame_perfect(tree(("Ann", "Bob"), entry))
    >>> int(eq.count), eq.payoffs.tolist(), [s.tolist() for s in eq.strategies]
    (1, [[1.0, 1.0]], [[[1.0, 0.0]], [[0.0, 1.0]]])
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
    """Solve one block of games; those that fail their certificate again, on finer samples."""
    low, high = flat.low, flat.high
    valid = np.isfinite(low) & np.isfinite(high)
    for values in flat.parameters.values():
        valid &= np.isfinite(values)
    best, gap, finite = _solve(flat, method.points)
    valid &= finite
    points = method.points
    for _ in range(FINER):
        failed = np.flatnonzero(valid & (high >= low) & (gap > method.tol).any(axis=-1))
        if len(failed) == 0:
            break
        points = 8 * points
        again, gap[failed], _ = _solve(flat.part(failed), points)
        best.replace(failed, again)
    certified = (gap <= method.tol).all(axis=-1)
    status = np.where(certified, Status.SOLVED, Status.NOT_CONVERGED)
    status = np.where(high < low, Status.NONE_EXIST, status)
    found.status[block] = np.where(valid, status, Status.INVALID_INPUT)
    found.action[block], found.answer[block] = best.action, best.answer
    found.payoffs[block] = np.stack((best.value, best.other), axis=-1)
    found.gap[block] = gap


def _solve(flat: FlatLeader, points: int) -> tuple[Best, Floats, NDArray[np.bool_]]:
    """The best action of each game, its certificate (G, 2), and where all payoffs are finite."""
    low, high = flat.low, flat.high
    grid = low + np.linspace(0.0, 1.0, points)[:, None] * (high - low)
    grid[-1] = high
    leader, follower = flat.at(grid)
    slack = TIE * np.abs(follower).max(axis=(0, 1))
    best = Best(flat, slack)
    best.consider(grid[[0, -1]])
    edges = indifference(flat, grid, follower, slack)
    for side in (0.0, -4.0, 4.0):  # rounding may leave a root on the wrong side
        best.consider(np.clip(edges + side * np.spacing(np.abs(edges)), low, high))
    best.consider(inner_peaks(flat, grid, leader, best.value))
    finite = np.asarray(np.isfinite(leader + follower).all(axis=(0, 1)))
    return best, best_deviation(flat, points, best), finite


@subgame_perfect.on(ExtensiveForm, [BackwardInduction])
def _of_trees(form: ExtensiveForm, method: BackwardInduction) -> Equilibria:
    """By nodes where everybody knows where it is, which is fastest; else by subgames."""
    known = form.tree.has_perfect_information
    return backward_induction(form, method) if known else solve_subgames(form, method)
