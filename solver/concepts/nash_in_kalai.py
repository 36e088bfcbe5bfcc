"""Nash-in-Kalai: every pair of a network divides proportionally, given all the others."""

from __future__ import annotations

from solver.concepts._concept import concept
from solver.concepts._network_lump_sums import solve_lump_sums
from solver.concepts._network_search import FixedPoint, solve_prices
from solver.equilibria import Equilibria
from solver.forms.network import BargainingNetwork


@concept("nash-in-kalai", BargainingNetwork, [FixedPoint])
def nash_in_kalai(form: BargainingNetwork, method: FixedPoint) -> Equilibria:
    """Terms of a network at which each pair's term is its proportional bargain, given the others'.

    Parameters
    ----------
    form : BargainingNetwork over (*B)
    method : FixedPoint, optional

    Returns
    -------
    Equilibria
        As from `nash_in_nash`, of which this is the variant; the gap measures the smaller of the
        two gains per weight instead of the Nash product.

    Notes
    -----
    Pair l, of players i and j, maximises the smaller of (u_i - d_i)/w_i and (u_j - d_j)/w_j over
    its own term: gains are in proportion to the weights, unless both players prefer a term at which
    one of them gets more than that. With lump sums this is Nash-in-Nash; with prices, which move
    money only by distorting quantities, it is not. It is not Nash-in-Nash with threats of
    replacement either, for which see `nntr`. Found as described in `nash_in_nash`.

    References
    ----------
    E. Kalai (1977), Proportional solutions to bargaining situations, Econometrica 45.
    H. Horn, A. Wolinsky (1988), Bilateral monopolies and incentives for merger, RAND J. 19.

    Examples
    --------
    A supplier of cost 2 and a monopolist with demand 10 - p agree on a price per unit:

    >>> form = BargainingNetwork(
    ...     players=("s", "b"), links=[("s", "b")], bounds=[(2.0, 10.0)],
    ...     payoffs=lambda terms, active: (
    ...         (terms[0] - 2) * (10 - terms[0]) / 2 * active[0],
    ...         (10 - terms[0]) ** 2 / 4 * active[0],
    ...     ),
    ... )
    >>> nash_in_kalai(form).terms.round(6).tolist()
    [[4.666667]]
    """
    if form.lump_sums:
        return solve_lump_sums(form, method, concept="nash-in-kalai")
    return solve_prices(form, method, concept="nash-in-kalai", rule="kalai")
