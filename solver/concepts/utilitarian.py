"""The utilitarian solution: the largest sum of payoffs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._concept import concept
from solver.concepts._division import several, spread, stakes
from solver.concepts._feasible import feasible, settled, worse
from solver.concepts._matrix_games import require_tolerance
from solver.concepts._polytope import Polytope
from solver.equilibria import Equilibria
from solver.forms.bargaining import BargainingProblem
from solver.forms.frontier import FrontierProblem
from solver.kernels.scaling import TIE

Floats = NDArray[np.float64]
MEASURE = "supporting hyperplane"


@final
@dataclass(frozen=True)
class Sum:
    """The sum of payoffs, whatever the weights; ``tol`` bounds the gap of what is solved."""

    name: ClassVar[str] = "sum"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@final
@dataclass(frozen=True)
class WeightedSum:
    """The sum of payoffs times the weights of the form; ``tol`` as in `Sum`."""

    name: ClassVar[str] = "weighted-sum"
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what no gap can be compared with."""
        require_tolerance(self.tol)


@concept("utilitarian", BargainingProblem, [Sum, WeightedSum])
def utilitarian(form: BargainingProblem, method: Sum | WeightedSum) -> Equilibria:
    """The utilitarian solution: the largest sum of payoffs that harms nobody.

    Parameters
    ----------
    form : BargainingProblem or FrontierProblem over (*B)
        Uses what is feasible, ``disagreement`` and, for the weighted sum, ``weights``.
    method : Sum or WeightedSum, optional

    Returns
    -------
    Equilibria
        The division with the largest sum among those that give everybody its disagreement payoff,
        or the disagreement payoffs where there are none. Where several do, status DEGENERATE and
        the corners of that set: in money and unweighted, as many as players. The gap is by how
        much the sum falls short of its maximum, relative to the stakes.

    Notes
    -----
    It is indifferent to who gets how much: in money it says nothing but that nothing be wasted,
    and with unequal weights the heaviest takes all the gains. Of three players or more without
    transfers one solution is given, and ``complete`` is False; of two below a function, sets
    narrower than a hundredth of its interval are taken for one point.

    References
    ----------
    J. C. Harsanyi (1955), Cardinal welfare, individualistic ethics, and interpersonal comparisons
    of utility, J. Political Economy 63. R. B. Myerson (1981), Utilitarianism, egalitarianism, and
    the timing effect in social choice problems, Econometrica 49.

    Examples
    --------
    >>> form = BargainingProblem(players=("a", "b"), surplus=3, disagreement=(1, 0))
    >>> utilitarian(form).payoffs.tolist()
    [[3.0, 0.0], [1.0, 2.0]]
    """
    base = spread(form, "disagreement")
    weights = _weights(method, spread(form, "weights"))
    players = len(form.players)
    gains = form.total.ravel() - base.sum(axis=1)
    together = gains > 0.0
    extra = np.where(together, gains, 0.0)
    slots = base[:, None] + extra[:, None, None] * np.eye(players)
    heaviest = weights >= weights.max(axis=1, keepdims=True) * (1.0 - TIE)
    used = np.where(together[:, None], heaviest, np.eye(players, dtype=np.bool_)[0])
    # In money the maximum is all gains at the largest weight, whoever gets them.
    spent = np.abs(slots.sum(axis=2) - base.sum(axis=1)[:, None] - extra[:, None])
    scale = stakes(form)
    short = (slots - base[:, None]) @ weights[..., None]
    share = weights.max(axis=1)
    least = np.abs(short[..., 0] / share[:, None] - extra[:, None])
    least = np.where(used, least, 0.0)
    gap = (np.maximum(spent, least) / scale)[..., None] + np.zeros_like(slots)
    return several(form, "utilitarian", method, MEASURE, slots, gap, used)


@utilitarian.on(FrontierProblem, [Sum, WeightedSum])
def _on_frontier(form: FrontierProblem, method: Sum | WeightedSum) -> Equilibria:
    base = form.spread("disagreement")
    weights = _weights(method, form.spread("weights"))
    s = feasible(form, base)
    slots, used = s.sums(weights)
    largest = weights.max(axis=1, keepdims=True)
    # Prices exceed the weights by what a limit costs; so no sum exceeds what they value most.
    prices = np.maximum(s.multipliers(), weights) if isinstance(s, Polytope) else weights
    scale = (largest * s.size).max(axis=1)
    gap = np.zeros(slots.shape)
    for k in range(slots.shape[1]):
        gains = slots[:, k]
        beyond = ((prices - weights) * gains).sum(axis=1)
        short = np.maximum(s.excess(gains, prices) + beyond, 0.0) / scale
        miss = np.maximum(np.maximum(short, -s.spare(gains)), worse(s, gains))
        gap[:, k] = miss[:, None]
    apart = ~s.inside
    slots[apart], gap[apart] = 0.0, 0.0
    gap[apart] = settled(s, np.zeros_like(base), np.zeros(len(base)))[1][apart, None]
    used[apart, 1:] = False
    found = several(form, "utilitarian", method, MEASURE, base[:, None] + slots, gap, used)
    if isinstance(s, Polytope):
        found.complete[...] = False
    return found


def _weights(method: Sum | WeightedSum, given: Floats) -> Floats:
    return given if isinstance(method, WeightedSum) else np.ones_like(given)
