"""Nash-in-Nash: every pair of a network is at its Nash bargain, given all the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from solver.concepts._concept import concept
from solver.concepts._network_lump_sums import solve_lump_sums
from solver.concepts._network_search import FixedPoint, solve_prices
from solver.equilibria import Equilibria, Rows, Status
from solver.errors import ParameterError
from solver.forms.coalition import CoalitionGame, Floats
from solver.forms.network import BargainingNetwork
from solver.kernels.scaling import TIE


@final
@dataclass(frozen=True)
class MarginalSplit:
    """One player, the `hub`, bargains with each of the others over what that one adds.

    ``weight`` is the bargaining weight of the hub against each of them.
    """

    name: ClassVar[str] = "marginal-split"
    hub: int = 0
    weight: float = 0.5
    tol: float = 1e-9

    def __post_init__(self) -> None:
        """Refuse what is no player and no weight."""
        if isinstance(self.hub, bool) or not isinstance(self.hub, int) or self.hub < 0:
            raise ParameterError(f"hub = {self.hub!r} is no player: count from 0")
        if not 0.0 <= self.weight <= 1.0:
            raise ParameterError(f"weight = {self.weight} lies outside [0, 1]")


@concept("nash-in-nash", BargainingNetwork, [FixedPoint])
def nash_in_nash(form: BargainingNetwork, method: FixedPoint) -> Equilibria:
    """Terms of a network at which each pair's term is its Nash bargain, given the others'.

    Parameters
    ----------
    form : BargainingNetwork or CoalitionGame over (*B)
    method : FixedPoint, or MarginalSplit for a coalition game, optional

    Returns
    -------
    Equilibria
        A row for each fixed point that was found and certified, ordered by the first term:
        ``terms`` (*B, K, L) and payoffs, no strategies. The gap of a player is the largest of its
        pairs: what another term would add to the Nash product (as a geometric mean), how steep
        that still is, or what somebody lacks to disagreement, relative to the stakes. Where no
        fixed point was certified the status is NOT_CONVERGED and the row is the best candidate.

        Of prices, other fixed points may exist: ``complete`` is never set. Of lump sums and
        coalition games the answer is unique and complete; NONE_EXIST says that some pair is better
        off without its link, so this network is none on which all agree. A network of one price
        has that status where no sampled term is acceptable to both, which is no proof.

    Notes
    -----
    Pair l, of players i and j, maximises (u_i - d_i)^w_i (u_j - d_j)^w_j over its own term, where
    d are their payoffs if the link is removed while all other terms stand. Prices: from each start
    two rounds of rough replies (golden section), then Newton's method on all first-order
    conditions at once, with ends of intervals and limits of acceptance as active constraints;
    networks where no start is certified go through damped exact replies. About 500 payoff
    evaluations per start and pair of links. Payoffs that are not concave in a pair's own term may
    hide a better one between the 17 samples, the certificate uses 129 others; a cycle of replies
    around a fixed point that Newton's method does not reach ends as NOT_CONVERGED.

    Lump sums: with S what the link adds to the two, each gains w S. In a coalition game player i
    gets v({i}) + (1 - w) (v(N) - v(N∖i) - v({i})) and the hub, of weight w, all the rest; with
    complements that can be less than what the hub has alone, even negative.

    References
    ----------
    H. Horn, A. Wolinsky (1988), Bilateral monopolies and incentives for merger, RAND J. 19.
    A. Collard-Wexler, G. Gowrisankaran, R. S. Lee (2019), "Nash-in-Nash" bargaining, JPE 127.

    Examples
    --------
    >>> game = CoalitionGame.from_function(
    ...     ("s", "1", "2", "3"), lambda m: (0, 10, 18, 24)[len(m) - 1] if "s" in m else 0
    ... )
    >>> nash_in_nash(game).payoffs.tolist()
    [[15.0, 3.0, 3.0, 3.0]]
    """
    if form.lump_sums:
        return solve_lump_sums(form, method, concept="nash-in-nash")
    return solve_prices(form, method, concept="nash-in-nash", rule="nash")


@nash_in_nash.on(CoalitionGame, [MarginalSplit])
def _of_coalitions(form: CoalitionGame, method: MarginalSplit) -> Equilibria:
    """Every pair of the hub and another player splits what the other adds to all."""
    number = len(form.players)
    if method.hub >= number:
        raise ParameterError(f"hub = {method.hub} is no player: the game has {number}")
    worths = form.flat()
    others = [i for i in range(number) if i != method.hub]
    whole = worths[:, -1]
    without = worths[:, [2**number - 1 - (1 << i) for i in others]]
    alone = worths[:, [1 << i for i in others]]
    added = whole[:, None] - without - alone
    room = TIE * np.abs(worths).max(axis=1, initial=0.0)
    payoffs = np.empty((len(worths), number))
    payoffs[:, others] = alone + (1.0 - method.weight) * added
    payoffs[:, method.hub] = whole - payoffs[:, others].sum(axis=1)
    gaps = _gaps(method, others, payoffs, whole, without, alone)
    status = np.where((gaps <= method.tol).all(axis=1), Status.SOLVED, Status.NOT_CONVERGED)
    status = np.where((added >= -room[:, None]).all(axis=1), status, Status.NONE_EXIST)
    valid = np.isfinite(worths).all(axis=1)
    status = np.where(valid, status, Status.INVALID_INPUT).astype(np.int8)
    rows = (status == Status.SOLVED) | (status == Status.NOT_CONVERGED)
    shape = form.batch_shape
    payoffs, gaps = payoffs[rows], gaps[rows]
    return Equilibria(
        form=form,
        concept="nash-in-nash",
        method=method.name,
        measure="split of what each adds",
        tol=method.tol,
        count=rows.astype(np.int64).reshape(shape),
        status=status.reshape(shape),
        complete=((status == Status.SOLVED) | (status == Status.NONE_EXIST)).reshape(shape),
        rows=Rows(lambda: np.empty((len(payoffs), 0)), lambda _rows, _owner: (payoffs, gaps)),
    )


def _gaps(  # noqa: PLR0913, PLR0917
    method: MarginalSplit,
    others: list[int],
    payoffs: Floats,
    whole: Floats,
    without: Floats,
    alone: Floats,
) -> Floats:
    """(G, N): how far the gains of each pair are from their weights, relative to the worths.

    The hub's gain is what is left for it, less what was left if the other went and everybody else
    were still paid.
    """
    paid = payoffs[:, others]
    left = without - (paid.sum(axis=1, keepdims=True) - paid)
    hub = payoffs[:, [method.hub]] - left
    own = paid - alone
    off = np.abs((1.0 - method.weight) * hub - method.weight * own)
    scale = np.abs(np.concatenate((whole[:, None], without, alone), axis=1)).max(axis=1)
    scale = np.where(scale > 0.0, scale, 1.0)
    gaps = np.zeros_like(payoffs)
    gaps[:, others] = off / scale[:, None]
    wasted = np.abs(whole - payoffs.sum(axis=1)) / scale
    gaps[:, method.hub] = np.maximum(gaps.max(axis=1), wasted)
    return gaps
