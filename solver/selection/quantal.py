"""Which equilibrium the logit equilibria lead to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.concepts.logit import Tracing, logit
from solver.equilibria import Equilibria, Status
from solver.forms.normal import Floats, NormalForm

#: How precise players are at the end of the path, per payoff range.
PRECISION = 1000.0
#: How far from its limit a logit equilibrium of that precision may be.
NEAR = 0.05


def nearest_to_logit(form: NormalForm, equilibria: Equilibria) -> NDArray[np.bool_]:
    """Mark the row (E,) of each game that is nearest to its logit equilibrium, and within 0.05.

    None is marked where the branch was lost, or leads to a mixture of the equilibria listed.
    """
    limit = logit(_in_ranges(form), Tracing(precision=PRECISION))
    found = np.full((equilibria.count.size, equilibria.profiles.shape[1]), np.nan)
    found[limit.owner] = limit.profiles
    found[limit.status.ravel() == int(Status.NOT_CONVERGED)] = np.nan
    away = np.abs(equilibria.profiles - found[equilibria.owner]).max(axis=1, initial=0.0)
    best = np.full(equilibria.count.size, np.inf)
    np.fmin.at(best, equilibria.owner, away)
    chosen: NDArray[np.bool_] = (away <= NEAR) & (away == best[equilibria.owner])
    return chosen


def _in_ranges(form: NormalForm) -> NormalForm:
    """The same games with payoffs from zero on, in units of the larger range."""

    def extent(array: Floats) -> tuple[Floats, Floats]:
        least = array.min(axis=(-2, -1), keepdims=True)
        return least, array.max(axis=(-2, -1), keepdims=True) - least

    (least_a, range_a), (least_b, range_b) = map(extent, form.payoffs)
    with np.errstate(all="ignore"):
        top = np.maximum(range_a, range_b)
        top = np.where(top > 0.0, top, 1.0)
        A, B = form.payoffs
        return NormalForm([(A - least_a) / top, (B - least_b) / top], form.players, form.actions)
