"""Nash-in-Nash with threats of replacement, by partners that a network leaves out."""

from __future__ import annotations

from solver.concepts._concept import concept
from solver.concepts._network_lump_sums import solve_lump_sums
from solver.concepts._network_search import FixedPoint, solve_prices
from solver.equilibria import Equilibria
from solver.forms.network import BargainingNetwork


@concept("nntr", BargainingNetwork, [FixedPoint])
def nntr(form: BargainingNetwork, method: FixedPoint) -> Equilibria:
    """Nash-in-Nash with threats of replacement: partners who are left out limit the terms.

    Parameters
    ----------
    form : BargainingNetwork over (*B)
        ``excluded`` lists the links that a player could put in the place of one it has.
    method : FixedPoint, optional

    Returns
    -------
    Equilibria
        As from `nash_in_nash`. With lump sums, NONE_EXIST also says that some player would rather
        replace its partner than agree to anything the partner accepts: the network is not stable.

    Notes
    -----
    As in Nash-in-Nash, but a player accepts no term at which it has less than by replacing its
    partner with the best excluded one at that one's reservation term: the term at which the
    replacement is as well off as without a link, all other terms being held. A buyer thus pays the
    smaller of the Nash-in-Nash price and the price at which it is indifferent to replacing the
    supplier. Only what is listed as excluded threatens, so for the threats of buyers alone list
    the links of buyers. Without any this is `nash_in_nash`.

    The reservation term is found from 17 samples of its interval and the roots between them; if it
    is not the best one for the player who threatens, the best sample counts.

    References
    ----------
    K. Ho, R. S. Lee (2019), Equilibrium provider networks: bargaining and exclusion in health care
    markets, AER 109.

    Examples
    --------
    A customer values supplier j's chip at 60 and k's at 55, less 4 for porting; they cost 9 and 18.

    >>> form = BargainingNetwork(
    ...     players=("j", "k", "customer"), links=[("j", "customer")],
    ...     excluded=[("k", "customer")], weights=[(0.6, 0.4)], lump_sums=True,
    ...     payoffs=lambda active: (-9 * active[0], -18 * active[1], 60 * active[0]
    ...                             + (55 - 4) * active[1]),
    ... )
    >>> nntr(form).terms.tolist()
    [[27.0]]
    """
    if form.lump_sums:
        return solve_lump_sums(form, method, concept="nntr", threats=True)
    return solve_prices(form, method, concept="nntr", rule="nash", threats=True)
