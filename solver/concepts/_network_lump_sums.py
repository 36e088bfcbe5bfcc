"""Networks whose links agree on lump sums: every pair splits what its link adds.

The transfers of the other links are paid whether a pair agrees or not, so they cancel, and each
pair's bargain stands alone: with S what the link adds to the two, player i gains w_i S, or what its
threat gives if that is more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.concepts._network_rows import packed
from solver.concepts._network_search import FixedPoint
from solver.equilibria import Equilibria, Status
from solver.forms.network import BargainingNetwork, FlatNetwork, Floats
from solver.kernels.scaling import EPS, TIE


def solve_lump_sums(
    form: BargainingNetwork, method: FixedPoint, *, concept: str, threats: bool = False
) -> Equilibria:
    """The one set of transfers on which all pairs agree, or none."""
    flat = form.flat()
    links = len(form.links)
    earned = flat.before_transfers(flat.active())
    valid = flat.valid & np.isfinite(earned).all(axis=0)
    terms = np.empty((links, len(valid)))
    agreed = np.ones(len(valid), np.bool_)
    for link, (i, j) in enumerate(form.ends[:links]):
        apart = flat.before_transfers(flat.active(link))
        valid &= np.isfinite(apart).all(axis=0)
        added = earned[[i, j]] - apart[[i, j]]
        total = added.sum(axis=0)
        room = TIE * np.abs(np.stack((earned[[i, j]], apart[[i, j]]))).max(axis=(0, 1))
        least = _least(flat, link, apart) if threats else np.zeros_like(added)
        agreed &= total >= least.sum(axis=0) - room
        share = flat.weights[0, link] * total
        gain = np.minimum(np.maximum(share, least[0]), np.maximum(total - least[1], least[0]))
        terms[link] = gain - added[0]
    payoffs = earned.copy()
    for term, (i, j) in zip(terms, form.ends, strict=False):
        payoffs[i] += term
        payoffs[j] -= term
    gaps = _gaps(flat, terms, threats=threats)
    status = np.where((gaps <= method.tol).all(axis=0), Status.SOLVED, Status.NOT_CONVERGED)
    status = np.where(agreed, status, Status.NONE_EXIST)
    status = np.where(valid, status, Status.INVALID_INPUT).astype(np.int8)
    rows = (status == Status.SOLVED) | (status == Status.NOT_CONVERGED)
    return packed(
        form,
        concept=concept,
        method=method,
        terms=terms[:, rows].T,
        payoffs=payoffs[:, rows].T,
        gaps=gaps[:, rows].T,
        count=rows.astype(np.int64),
        status=status,
        complete=True,
    )


def _least(flat: FlatNetwork, link: int, apart: Floats) -> Floats:
    """(2, G): least gains a pair accepts, for it could put another link in place of its own."""
    pair = flat.form.ends[link]
    least = np.zeros((2, len(flat.valid)))
    for player, excluded, other in flat.form.threats[link]:
        instead = flat.before_transfers(flat.active(link, excluded))
        # The other is left with what it has anyway; the transfer takes all it gains.
        gain = instead[player] + (instead[other] - apart[other]) - apart[player]
        side = pair.index(player)
        least[side] = np.maximum(least[side], gain)
    return least


def _gaps(flat: FlatNetwork, terms: Floats, *, threats: bool) -> Floats:
    """(N, G): from the definition: what a pair's split differs from the one by its weights.

    Payoffs are taken with all transfers and without the link, relative to what the pair has at
    stake. Whoever gets more than its weight must get no more than its threat.
    """
    form = flat.form
    links = len(form.links)
    found = np.zeros((len(form.players), terms.shape[1]))

    def paid(without: int, instead: int = -1) -> Floats:
        values = flat.before_transfers(flat.active(without, instead)).copy()
        for m in range(links):
            if m != without:
                values[form.ends[m][0]] += terms[m]
                values[form.ends[m][1]] -= terms[m]
        return values

    together = paid(-1)
    for link, pair in enumerate(form.ends[:links]):
        apart = paid(link)
        gain = np.stack([together[p] - apart[p] for p in pair])
        stake = np.abs(gain).max(axis=0)
        stake = np.maximum(stake, np.abs(np.stack([apart[p] for p in pair])).max(axis=0) * TIE)
        floor: list[NDArray[np.float64]] = [np.zeros_like(stake), np.zeros_like(stake)]
        for player, excluded, other in form.threats[link] if threats else ():
            instead = paid(link, excluded)
            side = pair.index(player)
            price = instead[other] - apart[other]
            floor[side] = np.maximum(floor[side], instead[player] + price - apart[player])
        w = flat.weights[:, link]
        tilt = w[1] * gain[0] - w[0] * gain[1]
        above = np.where(tilt > 0.0, gain[0] - floor[0], gain[1] - floor[1])
        missing = np.maximum(np.maximum(floor[0] - gain[0], floor[1] - gain[1]), 0.0)
        gap = np.maximum(np.minimum(np.abs(tilt), np.abs(above)), missing)
        # Where a link adds nothing the gains are what rounding leaves of the payoffs.
        parts = np.stack([abs(v[p]) for v in (together, apart) for p in pair])
        gap = np.maximum(gap - 8.0 * EPS * np.maximum(parts.max(axis=0), np.abs(terms[link])), 0.0)
        gap = np.where(stake > 0.0, gap / np.where(stake > 0.0, stake, 1.0), gap)
        for p in pair:
            found[p] = np.maximum(found[p], gap)
    return found
