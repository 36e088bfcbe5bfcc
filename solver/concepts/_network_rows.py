"""What was found for networks: the certified terms of each, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from solver.concepts._network import Bargain, Integers, Pairs
from solver.equilibria import Equilibria, Rows, Status
from solver.forms.network import BargainingNetwork, Floats

#: Terms nearer than this share of their interval are the same.
SAME = 1e-6


@final
@dataclass(frozen=True, eq=False)
class Part:
    """What was found for a range of networks: rows, and per network their number and status."""

    terms: Floats
    payoffs: Floats
    gaps: Floats
    count: NDArray[np.int64]
    status: NDArray[np.int8]


def selected(  # noqa: PLR0913, PLR0917
    pairs: Pairs,
    tol: float,
    valid: NDArray[np.bool_],
    terms: Floats,
    owner: Integers,
    gaps: Floats,
) -> Part:
    """The certified rows of each network, by first term; or its best one if there is none."""
    games = len(valid)
    worst = gaps.max(axis=0)
    best = np.full(games, np.inf)
    np.minimum.at(best, owner, worst)
    keep = worst <= np.where(best <= tol, tol, best)[owner]
    keep &= np.isfinite(terms).all(axis=0)
    order = np.flatnonzero(keep)
    order = order[np.lexsort((*terms[::-1, order], owner[order]))]
    before, after = order[:-1], order[1:]
    near = np.abs(terms[:, after] - terms[:, before]) <= SAME * pairs.width[:, owner[after]]
    again = near.all(axis=0) & (owner[after] == owner[before])  # a slow search finds rows twice
    rows = order[np.concatenate((np.ones(len(order[:1]), np.bool_), ~again))]
    whose = owner[rows]
    status = np.where(best <= tol, Status.SOLVED, Status.NOT_CONVERGED)
    if len(terms) == 1:
        status[_refused(pairs, terms, owner) & (best > tol)] = Status.NONE_EXIST
    status = np.where(valid, status, Status.INVALID_INPUT).astype(np.int8)
    rows = rows[(status[whose] == Status.SOLVED) | (status[whose] == Status.NOT_CONVERGED)]
    count = np.bincount(owner[rows], minlength=games).astype(np.int64)
    part = pairs.flat.part(owner[rows])
    payoffs = part.at(terms[:, rows], part.active())
    return Part(terms[:, rows].T, payoffs.T, gaps[:, rows].T, count, status)


def _refused(pairs: Pairs, terms: Floats, owner: Integers) -> NDArray[np.bool_]:
    """Networks of one link on which no term was found that both players accept."""
    refused = np.ones(len(pairs.flat.valid), np.bool_)
    accepted = Bargain.over(pairs.part(owner), 0, terms)(terms[0]) >= 0.0
    refused[owner[accepted]] = False
    return refused


def packed(  # noqa: PLR0913
    form: BargainingNetwork,
    *,
    concept: str,
    method: object,
    terms: Floats,
    payoffs: Floats,
    gaps: Floats,
    count: NDArray[np.int64],
    status: NDArray[np.int8],
    complete: bool,
) -> Equilibria:
    """Rows of terms as equilibria."""
    shape = form.batch_shape
    settled = (status == Status.SOLVED) | (status == Status.NONE_EXIST)
    return Equilibria(
        form=form,
        concept=concept,
        method=getattr(method, "name", ""),
        measure="best other term of a pair",
        tol=getattr(method, "tol", 0.0),
        count=count.reshape(shape),
        status=status.reshape(shape),
        complete=(settled & complete).reshape(shape),
        rows=Rows(
            lambda: np.empty((len(payoffs), 0)),
            lambda _rows, _owner: (payoffs, gaps),
            terms=terms,
        ),
    )
